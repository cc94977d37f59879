//! Means and quantiles, of which no sampling error is known, beside the country's.

use lais_stats::{Difference, Refusal, RobustComparison, robust_scores};

use super::group::{Country, LEAST_DENOMINATOR, Row, counted};
use crate::figures::{Figure, reason};

/// The fewest authorities of which the spread is taken.
const LEAST_AREAS: usize = 20;

/// Compares the values of one indicator and period by their distance from the median, in robust standard deviations.
///
/// Nothing is called more than worth a question: how far a value could have come out otherwise is not known.
pub(super) fn compare(figures: &[Figure<'_>]) -> (Country, Vec<Row>) {
    let values: Vec<Option<f64>> = figures.iter().map(|figure| figure.value).collect();
    let counted = counted(figures);
    let areas = values.iter().zip(&counted).filter(|(value, counted)| value.is_some() && **counted).count();
    let found = match robust_scores(&values, &counted) {
        Ok(_) if areas < LEAST_AREAS => Err(Refusal::TooFew { what: "areas", least: LEAST_AREAS }),
        Err(Refusal::Zero(_)) => Err(Refusal::Undefined("half of all authorities or more have the same figure")),
        found => found,
    };
    let mut rows: Vec<Row> = (0..figures.len()).map(|i| row(&figures[i], i, &found)).collect();
    for (row, figure) in rows.iter_mut().zip(figures) {
        row.not_labelled_if_too_small(figure.authority_code);
    }
    let median = found.as_ref().ok().map(|found| found.median);
    let why = found.err().map_or_else(|| "the sampling error is not known".to_owned(), |refusal| refusal.to_string());
    let country = Country {
        areas,
        target: median,
        published_target: median,
        target_rule: median.map(|_| "median"),
        dispersion: None,
        method: Some("robust-z"),
        why: Some(why),
    };
    (country, rows)
}

fn row(figure: &Figure<'_>, i: usize, found: &Result<RobustComparison, Refusal>) -> Row {
    let missing = figure.value.is_none().then(|| reason(figure.status));
    match (missing, found) {
        (Some(why), _) => Row { why: Some(why), ..Row::default() },
        (None, Err(refusal)) => Row { why: Some(refusal.to_string()), ..Row::default() },
        (None, Ok(found)) => {
            let z_adjusted = found.z[i];
            if figure.denominator.is_some_and(|n| n < LEAST_DENOMINATOR) {
                let why = Some(format!("a denominator below {LEAST_DENOMINATOR}"));
                return Row { z_adjusted, why, ..Row::default() };
            }
            let label = z_adjusted.and_then(Difference::of).map(Difference::at_most_a_question);
            Row { z_adjusted, label, ..Row::default() }
        }
    }
}
