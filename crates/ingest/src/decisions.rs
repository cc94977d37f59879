//! The tables of decisions among the files of a build, which are read before the reports that they are about.

use std::collections::BTreeSet;

use crate::accounts::Accounts;
use crate::decision::{self, Decided, Decision, Document};
use crate::input::{self, Content, Found};
use crate::line::Line;
use crate::period::Period;
use crate::pipeline::{Into, Pipeline, TableRule};
use crate::recognise::{self, Recognised};
use crate::register::Register;
use crate::table::RawTable;
use crate::workbook::same_header;

/// The decisions that the sources hold, the earlier first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decisions {
    decisions: Vec<Decision>,
    /// The files that they stand in.
    files: BTreeSet<String>,
}

impl Decisions {
    /// Those on readings of the file with this hash, the earlier first; of one day the row further down is the later.
    pub(crate) fn on(&self, sha256: &str) -> Vec<&Decision> {
        self.decisions.iter().filter(|decision| decision.document.is_of(sha256)).collect()
    }

    /// Whether the decisions of a file are among these.
    pub(crate) fn are_of(&self, file: &str) -> bool {
        self.files.contains(file)
    }

    /// A sentence for each decision on none of these documents, by the file it stands in.
    pub(crate) fn on_none_of(&self, hashes: &[&str]) -> Vec<(&str, String)> {
        let is_there = |decision: &&Decision| hashes.iter().any(|hash| decision.document.is_of(hash));
        let lost = self.decisions.iter().filter(|decision| !is_there(decision));
        let sentence = |decision: &Decision| {
            let (row, document) = (decision.row, &decision.document);
            format!("row {row}: no report among the sources is the document {document}; the decision waits for it")
        };
        lost.map(|decision| (decision.file.as_str(), sentence(decision))).collect()
    }
}

/// The decisions in the files with such a header.
///
/// A row that cannot be read is set aside when its file's turn comes. Where it names a document, that document cannot
/// be settled by others: the row may correct what they leave standing.
pub(crate) fn find(headed: &[(&Found, Vec<String>)], pipelines: &[Pipeline], register: &Register) -> Decisions {
    let rules: Vec<&TableRule> =
        pipelines.iter().flat_map(|pipeline| &pipeline.tables).filter(is_of_decisions).collect();
    let heads = |(_, header): &&(&Found, Vec<String>)| {
        let has = |column: &String| header.iter().any(|cell| same_header(cell, column));
        rules.iter().any(|rule| rule.header.iter().all(has))
    };
    let mut all = Decisions::default();
    for (found, _) in headed.iter().filter(heads) {
        let Ok(input) = input::read(found) else { continue };
        let Ok(Content::Text) = input::sniff(&input) else { continue };
        let Ok(Some(opened)) = recognise::open(&input, Content::Text) else { continue };
        let Ok(Recognised::As(pipeline, _)) = recognise::recognise(&input, &opened, pipelines) else { continue };
        for (rule, _, table) in recognise::tables(pipeline, &opened) {
            if is_of_decisions(&rule) {
                all.decisions.extend(in_table(rule, &table, register, &found.name));
                all.files.insert(found.name.clone());
            }
        }
    }
    all.decisions.sort_by(|a, b| (a.decided_on, &a.file, a.row).cmp(&(b.decided_on, &b.file, b.row)));
    all
}

fn is_of_decisions(rule: &&TableRule) -> bool {
    rule.into == Into::ReviewDecision
}

/// Every row that names a document.
fn in_table<'t>(
    rule: &'t TableRule,
    table: &'t RawTable,
    register: &'t Register,
    file: &'t str,
) -> impl Iterator<Item = Decision> + 't {
    let unreadable = move |cell: &str, row| {
        let document = Document::parse(cell)?;
        let (field, file) = (format!("row {row}"), file.to_owned());
        Some(Decision { document, field, what: Decided::Unreadable, decided_on: None, file, row })
    };
    let header = rule.columns.get("document").cloned().unwrap_or_default();
    let place = table.header.iter().position(|cell| same_header(cell, &header));
    let ragged = table.bad_rows.iter().filter_map(move |bad| unreadable(bad.fields.get(place?)?, bad.source_row));
    let read = rows(rule, table).filter_map(move |line| match decision::read(line, register, file) {
        Ok(decision) => Some(decision),
        Err(_) => unreadable(line.field("document").1, line.number()),
    });
    ragged.chain(read)
}

/// Accounts for the rows of a table: kept is what can be understood, the rest is set aside.
pub(crate) fn account(rule: &TableRule, table: &RawTable, register: &Register, accounts: &mut Accounts) {
    for line in rows(rule, table) {
        match decision::read(line, register, "") {
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
    let rules = pipeline.tables.iter().filter(is_of_decisions);
    let days = rules.flat_map(|rule| rows(rule, table)).filter_map(|line| decision::day(line.field("decided_on").1));
    let day = days.max().ok_or("none of its rows has a day in decided_on that can be read; write it as 2025-03-31")?;
    Ok(Period { end: day, start: day, label: day.to_string(), published_on: day, published_on_assumed: false })
}

fn rows<'t>(rule: &'t TableRule, table: &'t RawTable) -> impl Iterator<Item = Line<'t>> {
    (0..table.source_rows.len()).map(move |row| Line { columns: &rule.columns, table, row })
}
