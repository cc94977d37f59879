//! What a chart of one indicator over time is made from.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::ChartError;
use crate::describe;

/// One indicator over time: an authority beside those it is compared with.
///
/// Every period of the chart is a period of every series: where one series has no point at a period
/// that another has, its line is broken there and the chart says that no figure was given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trend {
    /// What the ids inside the SVG begin with; without it they come from the content. Give one where
    /// the same chart may stand twice in a page.
    pub id: Option<String>,
    /// The title: what is shown, of whom.
    pub title: String,
    /// The unit in words, such as `per cent` or `per 10,000 children`.
    pub unit: String,
    /// How many decimals values are printed with.
    pub decimals: u8,
    /// Where the figures come from, printed below the chart; empty for nothing.
    pub source: String,
    /// The series, in any order.
    pub series: Vec<Series>,
}

/// The points of one place, or of one mean of places.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The name that stands at the end of the line.
    pub name: String,
    /// What the series is to the subject.
    pub role: Role,
    /// The points, in any order, at most one a period.
    pub points: Vec<Point>,
}

/// What a series is to the subject of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The authority that the chart is about.
    Subject,
    /// The country.
    Country,
    /// A region.
    Region,
    /// The mean or median of the statistical neighbours.
    Neighbours,
}

/// The figure of one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The last day of the period: the place on the axis.
    pub period_end: Date,
    /// The period as its publisher labels it; empty for the date.
    pub period: String,
    /// The figure, or why there is none.
    pub value: Value,
}

impl Point {
    /// A figure that was observed.
    #[must_use]
    pub fn observed(period_end: Date, period: impl Into<String>, value: f64) -> Self {
        Self { period_end, period: period.into(), value: Value::Observed(value) }
    }

    /// A figure that is missing, and why: `suppressed`, `not available`, `not comparable (boundary change)`.
    #[must_use]
    pub fn missing(period_end: Date, period: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { period_end, period: period.into(), value: Value::Missing(reason.into()) }
    }

    /// The label of the period, or its last day where it has none.
    pub(crate) fn label(&self) -> String {
        if self.period.trim().is_empty() { self.period_end.to_string() } else { self.period.clone() }
    }
}

/// A figure, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A figure in the trend's unit.
    Observed(f64),
    /// No figure, and the reason in words.
    Missing(String),
}

impl Trend {
    /// The chart in sentences: what its picture shows, for whoever does not see it.
    ///
    /// For each series its first and last, highest and lowest figure, and every gap with its reason. The
    /// same text is the `<desc>` of the SVG.
    #[must_use]
    pub fn description(&self) -> String {
        describe::trend(self)
    }

    /// Refuses what has no place on a chart.
    pub(crate) fn check(&self) -> Result<(), ChartError> {
        for series in &self.series {
            let mut seen = BTreeSet::new();
            for point in &series.points {
                if !seen.insert(point.period_end) {
                    return Err(ChartError::Twice { series: series.name.clone(), period: point.label() });
                }
                if let Value::Observed(value) = point.value
                    && !value.is_finite()
                {
                    return Err(ChartError::NotFinite { series: series.name.clone(), period: point.label(), value });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn with(points: Vec<Point>) -> Trend {
        let series = vec![Series { name: "Exampleshire".to_owned(), role: Role::Subject, points }];
        Trend { series, ..Trend::default() }
    }

    #[test]
    fn a_value_that_is_no_number_is_refused_by_name_and_period() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let refused = with(vec![Point::observed(date(2024, 3, 31), "2023-24", value)]).check().unwrap_err();
            assert!(refused.to_string().starts_with("Exampleshire, 2023-24: "), "{refused}");
        }
    }

    #[test]
    fn two_points_of_one_series_at_one_period_are_refused() {
        let end = date(2024, 3, 31);
        let refused = with(vec![Point::observed(end, "2023-24", 1.0), Point::missing(end, "", "suppressed")]).check();
        let expected = ChartError::Twice { series: "Exampleshire".to_owned(), period: "2024-03-31".to_owned() };
        assert_eq!(refused, Err(expected));
    }
}
