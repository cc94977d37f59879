//! What a person decided of a report that was not read with certainty: a row of a table of decisions.

use jiff::civil::Date;
use lais_framework::{Grade, Kind, focus_topics};
use lais_report::{AreaSendOutcome, Aspect};

use crate::line::{Fault, Line};
use crate::register::Register;

/// Fields of ours that a table of decisions has.
pub(crate) const FIELDS: [&str; 4] = ["document", "field", "value", "decided_on"];

/// How many digits of a file's hash tell it from every other that a lake may hold.
const FILE_DIGITS: usize = 12;

/// How many digits of a reading's hash tell it from other readings of the same file.
const READING_DIGITS: usize = 6;

/// A document as it was read: the first digits of its file's hash and of the hash of what was read.
///
/// A decision is about a reading: what is read otherwise, by another version or register or under another name of the
/// file, nobody has confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    file: String,
    reading: String,
}

impl Document {
    pub(crate) fn new(file_sha256: &str, reading_sha256: &str) -> Self {
        let first = |digits: &str, most: usize| digits.chars().take(most).collect();
        Self { file: first(file_sha256, FILE_DIGITS), reading: first(reading_sha256, READING_DIGITS) }
    }

    /// The document that a cell names, if it names one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let (file, reading) = text.split_once('-')?;
        let are_digits = |digits: &str, length| digits.len() == length && digits.bytes().all(|b| b.is_ascii_hexdigit());
        (are_digits(file, FILE_DIGITS) && are_digits(reading, READING_DIGITS)).then(|| Self::new(file, reading))
    }

    /// Whether it is a reading of the file with this hash.
    pub(crate) fn is_of(&self, file_sha256: &str) -> bool {
        file_sha256.starts_with(&self.file)
    }
}

impl std::fmt::Display for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.file, self.reading)
    }
}

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
    /// Something that cannot be read: a correction that is lost would leave what it corrects standing.
    Unreadable,
}

impl std::fmt::Display for Decided {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Confirmed => write!(f, "confirmed"),
            Self::Authority(code) => write!(f, "authority_code {code}"),
            Self::Kind(kind) => write!(f, "kind {}", kind.id()),
            Self::StartedOn(day) => write!(f, "started_on {day}"),
            Self::EndedOn(day) => write!(f, "ended_on {day}"),
            Self::PublishedOn(day) => write!(f, "published_on {day}"),
            Self::Grade(aspect, grade) => write!(f, "{} {}", aspect.id(), grade.id()),
            Self::Outcome(outcome) => write!(f, "outcome {}", outcome.id()),
            Self::FocusTopics(topics) => write!(f, "focus_topics {}", topics.join(" ")),
            Self::PriorityAction(there_is) => write!(f, "priority_action {there_is}"),
            Self::Unreadable => write!(f, "unreadable"),
        }
    }
}

/// One decision, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) document: Document,
    /// The field as it is written.
    pub(crate) field: String,
    pub(crate) what: Decided,
    /// The day; of a row that cannot be read, none.
    pub(crate) decided_on: Option<Date>,
    pub(crate) file: String,
    pub(crate) row: u32,
}

/// A day as a decision gives it: the cell holds that and nothing else.
pub(crate) fn day(cell: &str) -> Option<Date> {
    cell.parse().ok().filter(|_| cell.len() == "2025-03-31".len())
}

/// Reads a row, or says what is wrong with it. What a cell says is not repeated: a name may stand in the wrong one.
pub(crate) fn read(line: Line<'_>, register: &Register, file: &str) -> Result<Decision, Fault> {
    let fault = |field: &str, rule, message: String| (line.field(field).0.to_owned(), String::new(), rule, message);
    let cell = |field| line.field(field).1;
    let document = Document::parse(cell("document")).ok_or_else(|| {
        let message =
            "a document is named by the digits that `lais status --review` prints, such as 3f9c41d07a2e-5b17c0";
        fault("document", "unknown-document", message.to_owned())
    })?;
    let no_day = || "it is no day; write it as 2025-03-31, and nothing beside it".to_owned();
    let decided_on = day(cell("decided_on")).ok_or_else(|| fault("decided_on", "no-date", no_day()))?;
    let field = cell("field");
    let what = match decided(field, cell("value"), register) {
        Some(what) => what.map_err(|message| fault("value", "unknown-value", message))?,
        None => {
            let message = format!("it is none of the fields that can be decided: {}", field_names().join(", "));
            return Err(fault("field", "unknown-field", message));
        }
    };
    let (field, file, row) = (field.to_owned(), file.to_owned(), line.number());
    Ok(Decision { document, field, what, decided_on: Some(decided_on), file, row })
}

/// What a field and its value decide; nothing where there is no such field.
fn decided(field: &str, value: &str, register: &Register) -> Option<Result<Decided, String>> {
    let a_day = || day(value).ok_or_else(|| "it is no day; write it as 2025-03-31, and nothing beside it".to_owned());
    Some(match field {
        "confirmed" if value.is_empty() => Ok(Decided::Confirmed),
        "confirmed" => Err("what was read is confirmed without a value; name the field that has this value".to_owned()),
        "authority_code" => match register.by_code(value) {
            Some(authority) => Ok(Decided::Authority(authority.authority_code.clone())),
            None => Err("it is no authority's code in the register; `lais authorities` lists them".to_owned()),
        },
        "kind" => Kind::from_id(value).map(Decided::Kind).ok_or_else(|| one_of(Kind::ALL.map(Kind::id))),
        "started_on" => a_day().map(Decided::StartedOn),
        "ended_on" => a_day().map(Decided::EndedOn),
        "published_on" => a_day().map(Decided::PublishedOn),
        "outcome" => {
            let found = AreaSendOutcome::ALL.into_iter().find(|outcome| outcome.id() == value);
            found.map(Decided::Outcome).ok_or_else(|| one_of(AreaSendOutcome::ALL.map(AreaSendOutcome::id)))
        }
        "focus_topics" => topics(value).map(Decided::FocusTopics),
        "priority_action" => value.parse().map(Decided::PriorityAction).map_err(|_| one_of(["true", "false"])),
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
    let before = ["confirmed", "authority_code", "kind", "started_on", "ended_on", "published_on"];
    let behind = ["outcome", "focus_topics", "priority_action"];
    before.into_iter().chain(Aspect::ALL.map(Aspect::id)).chain(behind).collect()
}
