//! What a pipeline says of the figures of a table: which columns hold them, of which period, and what notes mean.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Which columns of a table hold figures, and what their names say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiguresRule {
    /// The columns, by name; a name may begin or end in `*`.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The first of the columns, where it and all to its right hold figures.
    #[serde(default)]
    pub from: Option<String>,
    /// What all the columns measure, where their names say only of whom.
    #[serde(default)]
    pub measure: Option<String>,
    /// What a column measures by the words that its name ends in; the rest of the name is the filter's value.
    #[serde(default)]
    pub measures: BTreeMap<String, String>,
    /// The filter of which the names of the columns are values.
    #[serde(default)]
    pub filter: Option<String>,
    /// The column that says what a row measures, for the titles of indicators that nobody has described.
    #[serde(default)]
    pub title: Option<String>,
    /// Whether percentages are stored as shares of one (0.207 for 20.7%).
    #[serde(default)]
    pub fractions: Option<bool>,
    /// What stands between thousands, such as a comma.
    #[serde(default)]
    pub thousands: Option<char>,
}

/// The period that figures are about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodRule {
    /// The column that says it, row by row.
    #[serde(default)]
    pub column: Option<String>,
    /// The words before it in a title above the table, in the sheet's name, elsewhere in the file or in its name.
    #[serde(default)]
    pub after: Option<String>,
    /// The period itself, where the file does not say it.
    #[serde(default)]
    pub label: Option<String>,
    /// Which of `[time]` says how a period of one year is meant.
    #[serde(default)]
    pub year: Option<String>,
    /// Which of `[time]` says how a period that runs over two years is meant, such as `2023/24`.
    #[serde(default)]
    pub years: Option<String>,
}

/// What the words of a row's note mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteRule {
    /// Words that the note holds.
    pub says: String,
    /// Why a figure is missing, where its cell is blank.
    #[serde(default)]
    pub status: Option<String>,
    /// Whether the figure is of several authorities at once.
    #[serde(default)]
    pub shared: bool,
}
