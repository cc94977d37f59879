//! What an inspection report says, as the tables of facts hold it.

use jiff::civil::Date;
use serde::Serialize;

/// A row of `finding_record`: a statement of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FindingRecord {
    pub(crate) source_id: String,
    pub(crate) release: String,
    pub(crate) source_table: &'static str,
    pub(crate) source_part: &'static str,
    pub(crate) source_row: u32,
    pub(crate) authority_code: String,
    /// The number of the statement in the report, from 1.
    pub(crate) ordinal: u32,
    /// The heading it stands under.
    pub(crate) section: String,
    pub(crate) statement: &'static str,
    pub(crate) text: String,
    pub(crate) page: u32,
    pub(crate) criterion_id: Option<&'static str>,
    pub(crate) focus_topic_id: Option<&'static str>,
    /// The version of the list of terms that mapped it.
    pub(crate) lexicon: &'static str,
    /// The terms that spoke for the heading and for the topic, with their weights.
    pub(crate) matched_terms: Option<String>,
}

/// A row of `review_record`: something that a person must look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ReviewRecord {
    pub(crate) source_id: String,
    pub(crate) release: String,
    pub(crate) file_name: String,
    pub(crate) ordinal: usize,
    pub(crate) authority_code: Option<String>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) started_on: Option<Date>,
    pub(crate) published_on: Option<Date>,
    /// The day from which it is listed where the report's own day of publication is not known.
    pub(crate) received_on: Date,
    /// What is in doubt: the id of the doubt, or `what-was-read`.
    pub(crate) field: &'static str,
    pub(crate) value: Option<String>,
    pub(crate) page: Option<u32>,
    pub(crate) reason: String,
    pub(crate) advice: String,
    /// The document and the reading of it that a decision names.
    pub(crate) document: Option<String>,
    /// The fields of which one has to be decided, parted by spaces; none where having looked is an answer.
    pub(crate) decide: Option<String>,
}
