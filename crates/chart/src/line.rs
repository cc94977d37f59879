//! Series laid out over the periods that they share.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::series::{Role, Trend, Value};
use crate::words::clean;

/// What a chart says where a series has no point at a period of the others.
const NOT_GIVEN: &str = "no figure given";
/// What a chart says where a value is missing and the caller gave no reason.
const NO_REASON: &str = "missing, no reason given";

/// A period of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// Its last day.
    pub(crate) end: Date,
    /// Its label, fit to print.
    pub(crate) label: String,
}

/// One series with an answer for every period of the chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// The name, fit to print.
    pub(crate) name: String,
    /// What it is to the subject.
    pub(crate) role: Role,
    /// A value or the reason why there is none, one a period.
    pub(crate) values: Vec<Result<f64, String>>,
}

/// The periods of all series in order of time; a period that two series label differently bears the
/// subject's label.
pub(crate) fn periods(trend: &Trend) -> Vec<Period> {
    let mut labels: BTreeMap<Date, (Role, String)> = BTreeMap::new();
    for series in &trend.series {
        for point in &series.points {
            let known = labels.entry(point.period_end).or_insert_with(|| (series.role, point.label()));
            if series.role < known.0 {
                *known = (series.role, point.label());
            }
        }
    }
    labels.into_iter().map(|(end, (_, label))| Period { end, label: clean(&label) }).collect()
}

/// Every series over these periods, in the trend's order.
pub(crate) fn lines(trend: &Trend, periods: &[Period]) -> Vec<Line> {
    trend.series.iter().map(|series| line(series, periods)).collect()
}

fn line(series: &crate::Series, periods: &[Period]) -> Line {
    let given: BTreeMap<Date, &Value> = series.points.iter().map(|p| (p.period_end, &p.value)).collect();
    let values = periods.iter().map(|period| match given.get(&period.end) {
        Some(Value::Observed(value)) => Ok(*value),
        Some(Value::Missing(reason)) => match clean(reason) {
            reason if reason.is_empty() => Err(NO_REASON.to_owned()),
            reason => Err(reason),
        },
        None => Err(NOT_GIVEN.to_owned()),
    });
    let name = match clean(&series.name) {
        name if name.is_empty() => "(no name)".to_owned(),
        name => name,
    };
    Line { name, role: series.role, values: values.collect() }
}

impl Line {
    /// The observed values with the index of their period, in order of time.
    pub(crate) fn observed(&self) -> impl DoubleEndedIterator<Item = (usize, f64)> + '_ {
        self.values.iter().enumerate().filter_map(|(index, value)| Some((index, *value.as_ref().ok()?)))
    }

    /// The runs of observed values without a gap.
    pub(crate) fn runs(&self) -> Vec<Vec<(usize, f64)>> {
        let mut runs: Vec<Vec<(usize, f64)>> = Vec::new();
        for (index, value) in self.observed() {
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|(last, _)| last + 1 == index) => run.push((index, value)),
                _ => runs.push(vec![(index, value)]),
            }
        }
        runs
    }

    /// The periods without a value.
    pub(crate) fn missing(&self) -> impl Iterator<Item = usize> + '_ {
        self.values.iter().enumerate().filter_map(|(index, value)| value.is_err().then_some(index))
    }

    /// The reasons for missing values in order of their first period, each with all of its periods.
    pub(crate) fn reasons(&self) -> Vec<(&str, Vec<usize>)> {
        let mut reasons: Vec<(&str, Vec<usize>)> = Vec::new();
        for (index, value) in self.values.iter().enumerate() {
            if let Err(reason) = value {
                match reasons.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, at)) => at.push(index),
                    None => reasons.push((reason, vec![index])),
                }
            }
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_missing_value_breaks_the_line_and_a_single_point_between_gaps_is_a_run() {
        let trend = samples::typical();
        let periods = periods(&trend);
        let lines = lines(&trend, &periods);
        let lengths: Vec<_> = lines[0].runs().iter().map(Vec::len).collect();
        assert_eq!(lengths, [3, 1, 2, 4]);
    }

    #[test]
    fn a_period_that_only_others_have_is_a_gap_with_a_reason() {
        let mut trend = samples::typical();
        trend.series[0].points.truncate(3);
        let periods = periods(&trend);
        let lines = lines(&trend, &periods);
        assert_eq!(lines[0].values.len(), periods.len());
        assert_eq!(lines[0].values[4], Err(NOT_GIVEN.to_owned()));
    }

    #[test]
    fn the_subject_labels_the_periods() {
        let mut trend = samples::typical();
        trend.series.rotate_left(1);
        trend.series[0].points[0].period = "year to March 2013".to_owned();
        assert_eq!(periods(&trend)[0].label, "2012-13");
    }
}
