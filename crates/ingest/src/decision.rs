//! What a person decided of reports that were not read with certainty, as a table of the sources says it.
//!
//! A row decides one fact of one document, or confirms what was read. With a row about it, the document is settled as
//! a whole: somebody has held it against what was read.

use jiff::civil::Date;
use lais_framework::{Grade, Kind, focus_topics};
use lais_report::{AreaSendOutcome, Aspect};

use crate::accounts::Accounts;
use crate::input::{self, Content, Found};
use crate::line::{Fault, Line};
use crate::period::Period;
use crate::pipeline::{Into, Pipeline, TableRule};
use crate::recognise::{self, Recognised};
use crate::register::Register;
use crate::table::RawTable;
use crate::workbook::read_day;

/// Fields of ours that a table of decisions has.
pub(crate) const FIELDS: [&str; 4] = ["document", "field", "value", "decided_on"];

/// How many digits of a file's hash tell it from every other that a lake may hold.
const LEAST_DIGITS: usize = 12;

/// What is decided of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decided {
    /// What was read is right as it is.
    Confirmed,
    Authority(String),
    Kind(Kind),
    StartedOn(Date),
    EndedOn(Date),
    PublishedOn(Date),
    Grade(Aspect, Grade),
    Outcome(AreaSendOutcome),
    FocusTopics(Vec<&'static str>),
    PriorityAction(bool),
}

/// One decision, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    /// The first digits of the document's hash, in lower case.
    pub(crate) document: String,
    /// The field as it is written, with the value.
    pub(crate) said: String,
    pub(crate) what: Decided,
    pub(crate) decided_on: Date,
    file: String,
    row: u32,
}

/// The decisions that the sources hold, the earlier first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decisions(Vec<Decision>);

impl Decisions {
    /// Those on the document with this hash, the earlier first; of one day the lower row is the later.
    pub(crate) fn on(&self, sha256: &str) -> Vec<&Decision> {
        self.0.iter().filter(|decision| sha256.starts_with(&decision.document)).collect()
    }

    /// A sentence for each decision on a document that is none of these hashes, by the file it stands in.
    pub(crate) fn on_none_of(&self, hashes: &[&str]) -> Vec<(&str, String)> {
        let is_there = |decision: &&Decision| hashes.iter().any(|hash| hash.starts_with(&decision.document));
        let lost = self.0.iter().filter(|decision| !is_there(decision));
        lost.map(|decision| {
            let message = format!(
                "row {}: no document among the sources has a hash that begins {}; the decision waits for one",
                decision.row, decision.document
            );
            (decision.file.as_str(), message)
        })
        .collect()
    }
}

/// The decisions in the files with such a header. A row that cannot be read is told of when its file's turn comes.
pub(crate) fn find(headed: &[(&Found, Vec<String>)], pipelines: &[Pipeline], register: &Register) -> Decisions {
    let rules: Vec<&TableRule> =
        pipelines.iter().flat_map(|p| &p.tables).filter(|rule| rule.into == Into::ReviewDecision).collect();
    let heads = |(_, header): &&(&Found, Vec<String>)| {
        rules.iter().any(|rule| rule.header.iter().all(|column| header.iter().any(|name| name == column)))
    };
    let mut decisions = Vec::new();
    for (found, _) in headed.iter().filter(heads) {
        let Ok(input) = input::read(found) else { continue };
        let Ok(Content::Text) = input::sniff(&input) else { continue };
        let Ok(Some(opened)) = recognise::open(&input, Content::Text) else { continue };
        let Ok(Recognised::As(pipeline, _)) = recognise::recognise(&input, &opened, pipelines) else { continue };
        for (rule, _, table) in recognise::tables(pipeline, &opened) {
            if rule.into == Into::ReviewDecision {
                decisions.extend(rows(rule, &table).filter_map(|line| decision(line, register, &found.name).ok()));
            }
        }
    }
    decisions.sort_by(|a, b| (a.decided_on, &a.file, a.row).cmp(&(b.decided_on, &b.file, b.row)));
    Decisions(decisions)
}

/// Accounts for the rows of a table: kept is what can be understood, the rest is set aside.
pub(crate) fn account(rule: &TableRule, table: &RawTable, register: &Register, accounts: &mut Accounts) {
    for line in rows(rule, table) {
        match decision(line, register, "") {
            Ok(_) => accounts.keep(1),
            Err((column, value, rule, message)) => {
                accounts.quarantine_row(line.number(), &column, &value, rule, &message);
            }
        }
    }
}

/// A table of decisions is called by the latest day on which something was decided.
///
/// # Errors
/// A sentence where no row has such a day.
pub(crate) fn vintage(pipeline: &Pipeline, table: &RawTable) -> Result<Period, String> {
    let rules = pipeline.tables.iter().filter(|rule| rule.into == Into::ReviewDecision);
    let days = rules.flat_map(|rule| rows(rule, table)).filter_map(|line| read_day(line.field("decided_on").1));
    let day = days.max().ok_or("none of its rows has a day in decided_on that can be read; write it as 2025-03-31")?;
    Ok(Period { end: day, start: day, label: day.to_string(), published_on: day, published_on_assumed: false })
}

fn rows<'t>(rule: &'t TableRule, table: &'t RawTable) -> impl Iterator<Item = Line<'t>> {
    (0..table.source_rows.len()).map(move |row| Line { columns: &rule.columns, table, row })
}

/// Reads a row, or says what is wrong with it.
fn decision(line: Line<'_>, register: &Register, file: &str) -> Result<Decision, Fault> {
    let fault = |field: &str, rule, message: &str| {
        let (column, value) = line.field(field);
        (column.to_owned(), value.to_owned(), rule, message.to_owned())
    };
    let document = line.field("document").1.to_ascii_lowercase();
    if document.len() < LEAST_DIGITS || !document.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message =
            "a document is named by the first twelve or more digits of its hash; `lais status --review` prints them";
        return Err(fault("document", "unknown-document", message));
    }
    let decided_on = read_day(line.field("decided_on").1)
        .ok_or_else(|| fault("decided_on", "no-date", "it is no day that can be read; write it as 2025-03-31"))?;
    let (field, value) = (line.field("field").1, line.field("value").1);
    let what = match decided(field, value, register) {
        Some(Ok(what)) => what,
        Some(Err(message)) => return Err(fault("value", "unknown-value", &message)),
        None => {
            let message = format!("it is none of the fields that can be decided: {}", field_names().join(", "));
            return Err(fault("field", "unknown-field", &message));
        }
    };
    let said = if what == Decided::Confirmed { field.to_owned() } else { format!("{field} {value}") };
    Ok(Decision { document, said, what, decided_on, file: file.to_owned(), row: line.number() })
}

/// What a field and its value decide; nothing where there is no such field.
fn decided(field: &str, value: &str, register: &Register) -> Option<Result<Decided, String>> {
    let day = || read_day(value).ok_or_else(|| "it is no day that can be read; write it as 2025-03-31".to_owned());
    Some(match field {
        "confirmed" if value.is_empty() => Ok(Decided::Confirmed),
        "confirmed" => Err("what was read is confirmed without a value; name the field that has this value".to_owned()),
        "authority_code" => match register.by_code(value) {
            Some(authority) => Ok(Decided::Authority(authority.authority_code.clone())),
            None => Err("it is no authority's code in the register; `lais authorities` lists them".to_owned()),
        },
        "kind" => Kind::from_id(value).map(Decided::Kind).ok_or_else(|| one_of(Kind::ALL.map(Kind::id))),
        "started_on" => day().map(Decided::StartedOn),
        "ended_on" => day().map(Decided::EndedOn),
        "published_on" => day().map(Decided::PublishedOn),
        "outcome" => {
            let found = AreaSendOutcome::ALL.into_iter().find(|outcome| outcome.id() == value);
            found.map(Decided::Outcome).ok_or_else(|| one_of(AreaSendOutcome::ALL.map(AreaSendOutcome::id)))
        }
        "focus_topics" => topics(value).map(Decided::FocusTopics),
        "priority_action" => match value {
            "true" => Ok(Decided::PriorityAction(true)),
            "false" => Ok(Decided::PriorityAction(false)),
            _ => Err(one_of(["true", "false"])),
        },
        _ => {
            let aspect = Aspect::ALL.into_iter().find(|aspect| aspect.id() == field)?;
            let grade = Grade::read(value).map(|grade| Decided::Grade(aspect, grade));
            grade
                .ok_or_else(|| "it is no grade; write outstanding, good, requires-improvement or inadequate".to_owned())
        }
    })
}

fn topics(value: &str) -> Result<Vec<&'static str>, String> {
    let ids = || focus_topics().iter().map(|topic| topic.id.as_str());
    let wanted: Vec<&str> = value.split_whitespace().collect();
    if wanted.is_empty() || wanted.iter().any(|topic| !ids().any(|id| id == *topic)) {
        return Err(format!("{}; several are parted by spaces", one_of(ids())));
    }
    Ok(ids().filter(|id| wanted.contains(id)).collect())
}

fn one_of<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    format!("it is none of {}", words.into_iter().collect::<Vec<_>>().join(", "))
}

fn field_names() -> Vec<&'static str> {
    let others = [
        "authority_code",
        "kind",
        "started_on",
        "ended_on",
        "published_on",
        "outcome",
        "focus_topics",
        "priority_action",
    ];
    std::iter::once("confirmed").chain(others).chain(Aspect::ALL.map(Aspect::id)).collect()
}

/// Decisions of one day on one document, for tests.
#[cfg(test)]
pub(crate) fn decisions(what: Vec<Decided>) -> Vec<Decision> {
    let decision = |(row, what)| Decision {
        document: "0123456789ab".to_owned(),
        said: "it".to_owned(),
        what,
        decided_on: jiff::civil::date(2026, 1, 2),
        file: "decisions.csv".to_owned(),
        row,
    };
    (2..).zip(what).map(decision).collect()
}
