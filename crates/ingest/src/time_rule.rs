//! What a pipeline says of time: how long a period is, and when its figures become public.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

/// What a time identifier means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeRule {
    /// Month and day on which the period ends, such as `03-31`.
    #[serde(default)]
    pub ends: String,
    /// `year`, or `day` for a stock counted on one day.
    #[serde(default)]
    pub span: Span,
    /// Month and day on which it starts, where it is a part of a year.
    #[serde(default)]
    pub starts: Option<String>,
    /// In which of two adjoining years it ends.
    #[serde(default)]
    pub year: LabelYear,
    /// The week of the year (ISO 8601, Monday to Sunday) that it is, instead of days.
    #[serde(default)]
    pub week: Option<i8>,
}

/// Which of the two adjoining years of a label such as `202425` a period ends in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelYear {
    /// The first: an autumn term.
    First,
    /// The second: the year as a whole.
    #[default]
    Last,
}

impl TimeRule {
    /// Month and day on which the period ends.
    #[must_use]
    pub fn month_day(&self) -> Option<(i8, i8)> {
        month_day(&self.ends)
    }

    /// Month and day on which it starts, where it is a part of a year.
    #[must_use]
    pub fn start_month_day(&self) -> Option<(i8, i8)> {
        month_day(self.starts.as_deref()?)
    }

    /// Whether it is a part of a year, so that its identifier belongs to its label.
    #[must_use]
    pub fn is_part_of_a_year(&self) -> bool {
        self.starts.is_some() || self.week.is_some()
    }
}

fn month_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // A leap year has every day that there can be.
    Date::new(2024, month, day).ok().map(|_| (month, day))
}

/// How long a period is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// The year that ends on the day.
    #[default]
    Year,
    /// The day alone.
    Day,
    /// The month up to the day, for a stock counted on some day of it.
    Month,
}

/// When figures become public.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// Days from the end of a period to its usual first publication.
    #[serde(default)]
    pub usual_lag_days: i32,
    /// Known days of first publication by period label.
    #[serde(default)]
    pub releases: BTreeMap<String, Date>,
    /// Whether those days are only the best that is known, such as the last of a printed month.
    #[serde(default)]
    pub assumed: bool,
    /// The label of the cell before the day of publication, in a workbook that prints it.
    #[serde(default)]
    pub cell: Option<String>,
    /// The words before the day that a workbook speaks of, such as `as at`.
    #[serde(default)]
    pub as_at_after: Option<String>,
    /// The words before the day of publication in a cell of a workbook, such as `Last updated:`.
    #[serde(default)]
    pub printed_after: Option<String>,
    /// Columns of figures that tell one file of a release from another; their values are part of the release's label.
    #[serde(default)]
    pub release_columns: Vec<String>,
    /// Whether a file is called by the latest day of publication in its rows, where it prints no day of its own.
    #[serde(default)]
    pub latest_in_rows: bool,
    /// The release's label, where the file prints none.
    #[serde(default)]
    pub release: Option<String>,
}
