//! What `lais search` is asked.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use lais_framework::StatementKind;

use super::day;

#[derive(Args, Debug)]
pub(crate) struct SearchArgs {
    /// What to look for; `NOT word` leaves out, and so does `-word` within quotation marks
    #[arg(value_name = "TEXT", required_unless_present_any = ["authority", "from", "to", "kind", "criterion", "topic", "statement"])]
    pub(crate) text: Vec<String>,
    /// Of this authority, by its ONS code, three-digit code or name; repeats
    #[arg(long, value_name = "CODE")]
    pub(crate) authority: Vec<String>,
    /// Of documents of this day and later
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<Date>,
    /// Of documents of this day and earlier
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Option<Date>,
    /// The day as which it is asked: what became known later is left out [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_at: Option<Date>,
    /// Of this kind of inspection, or self-evaluation; repeats
    #[arg(long, value_name = "KIND", value_delimiter = ',', hide_possible_values = true, value_parser = one_of(document_kinds()))]
    pub(crate) kind: Vec<String>,
    /// On this evaluation heading of the framework; repeats
    #[arg(long, value_name = "ID", value_delimiter = ',', hide_possible_values = true, value_parser = one_of(criterion_titles()))]
    pub(crate) criterion: Vec<String>,
    /// On this topic of focused visits; repeats
    #[arg(long, value_name = "ID", value_delimiter = ',', hide_possible_values = true, value_parser = one_of(topic_titles()))]
    pub(crate) topic: Vec<String>,
    /// What a report states by it; repeats
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) statement: Vec<Statement>,
    /// Passages to show at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Passages to leave out before the first that is shown
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// Look for what was typed alone, and not for other names of the same thing
    #[arg(long)]
    pub(crate) no_synonyms: bool,
    /// What was published alone: what authorities shared with inspectors is neither opened nor counted
    #[arg(long)]
    pub(crate) public: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = SearchFormat::Text)]
    pub(crate) format: SearchFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SearchFormat {
    /// Sentences in their context, for a person
    Text,
    /// One JSON object
    Json,
}

/// What a statement of a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Statement {
    /// Listed as needing to improve; criticism within the text is narrative
    NeedsToImprove,
    /// An area for priority action
    PriorityAction,
    /// Listed as a strength; praise within the text is narrative
    Strength,
    /// Any other finding, praise and criticism alike
    Narrative,
}

impl From<Statement> for StatementKind {
    fn from(typed: Statement) -> Self {
        match typed {
            Statement::NeedsToImprove => Self::NeedsToImprove,
            Statement::PriorityAction => Self::PriorityAction,
            Statement::Strength => Self::Strength,
            Statement::Narrative => Self::Narrative,
        }
    }
}

/// Kinds of documents that can be searched, with their titles.
pub(crate) fn document_kinds() -> Vec<(&'static str, &'static str)> {
    let inspections = lais_framework::Kind::ALL.into_iter().map(|kind| (kind.id(), kind.title()));
    inspections.chain([("self-evaluation", "Self-evaluation")]).collect()
}

/// Evaluation headings with their titles.
pub(crate) fn criterion_titles() -> Vec<(&'static str, &'static str)> {
    lais_framework::criteria().iter().map(|criterion| (criterion.id.as_str(), criterion.title.as_str())).collect()
}

/// Topics of focused visits with their titles.
pub(crate) fn topic_titles() -> Vec<(&'static str, &'static str)> {
    lais_framework::focus_topics().iter().map(|topic| (topic.id.as_str(), topic.title.as_str())).collect()
}

/// A value that must be one of these.
fn one_of(values: Vec<(&'static str, &'static str)>) -> PossibleValuesParser {
    PossibleValuesParser::new(values.into_iter().map(|(id, title)| PossibleValue::new(id).help(title)))
}
