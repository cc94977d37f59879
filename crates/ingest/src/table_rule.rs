//! What a pipeline says of a table of a workbook or a CSV file: how it is found, and what its rows become.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::event::{EventRule, Evidence};
use crate::figure_rule::{FiguresRule, NoteRule, PeriodRule};

/// A table of a workbook, and what it becomes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRule {
    /// Kebab-case name within the file.
    pub name: String,
    /// Header cells that must all be in one row.
    pub header: Vec<String>,
    /// Header cells that must not be in that row.
    #[serde(default)]
    pub absent: Vec<String>,
    /// What its rows become.
    pub into: Into,
    /// Which record's values win where several tables tell of one event; 1 wins.
    #[serde(default)]
    pub precedence: i64,
    /// The framework its inspections are under.
    #[serde(default)]
    pub framework: Option<String>,
    /// The id of the set of neighbours.
    #[serde(default)]
    pub set_id: Option<String>,
    /// Our field to the header cell it is under.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// The sheet that the table is in, where others have its header too; a name may end in `*`.
    #[serde(default)]
    pub sheet: Option<String>,
    /// How many rows the header takes at most.
    #[serde(default)]
    pub header_rows: usize,
    /// Columns that say nothing that is kept; a name may begin or end in `*`.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Columns in which a blank cell means what stands above it.
    #[serde(default)]
    pub fill_down: Vec<String>,
    /// Which columns hold figures.
    #[serde(default)]
    pub figures: FiguresRule,
    /// The period that the figures are about.
    #[serde(default)]
    pub period: PeriodRule,
    /// What the words of a row's note mean.
    #[serde(default)]
    pub notes: Vec<NoteRule>,
    /// The name of the rule that leaves all its rows out.
    #[serde(default)]
    pub rule: Option<String>,
    /// Why they are left out, in words.
    #[serde(default)]
    pub why: Option<String>,
    /// Texts of a list of areas that say nothing.
    #[serde(default)]
    pub blank: Vec<String>,
    /// What a reference of a signal may begin with, before its digits.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// Printed type of inspection to kind; in a list of areas, printed type of authority to kind.
    #[serde(default)]
    pub kinds: BTreeMap<String, String>,
    /// Printed theme to focused-visit topics.
    #[serde(default)]
    pub topics: BTreeMap<String, Vec<String>>,
    /// What kind of evidence its records are.
    #[serde(default)]
    pub evidence: Evidence,
    /// The events that one row tells of, where it tells of several.
    #[serde(default)]
    pub events: Vec<EventRule>,
    /// Printed words for a grade or for its absence, beside the usual ones, to the id of the grade or the reason.
    #[serde(default)]
    pub grades: BTreeMap<String, String>,
    /// What is printed where a day is not known.
    #[serde(default)]
    pub no_day: Vec<String>,
    /// Printed outcome of an inspection that gives none of the four grades, to its id.
    #[serde(default)]
    pub outcomes: BTreeMap<String, String>,
    /// Printed name of a service to the codes of the authorities that it serves.
    #[serde(default)]
    pub places: BTreeMap<String, Vec<String>>,
}

/// What the rows of a table become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Into {
    /// Inspections and visits.
    #[default]
    Inspection,
    /// Statistical neighbours, ten to a row.
    Neighbour,
    /// Complaints, whistleblowing, notifications and events, one to a row.
    Signal,
    /// Nothing: a list of areas, each held against the register.
    AreaList,
    /// Figures of areas.
    Observation,
    /// Nothing, but each row is held against the register of authorities.
    RegisterCheck,
    /// What a person decided of reports that waited in review.
    ReviewDecision,
    /// Nothing: its rows are left out by a rule and counted.
    OutOfScope,
}
