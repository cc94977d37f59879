//! Distances of published medians, of which no sampling error is known.

use crate::refusal::{finite, same_length};
use crate::{Refusal, quantile7};

/// Turns the median absolute deviation of a normal distribution into its standard deviation.
const TO_STANDARD_DEVIATION: f64 = 1.4826;

/// Areas on an indicator that is a median, beside all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct RobustComparison {
    /// The median of the included areas' values, in their unit.
    pub median: f64,
    /// The spread of the included areas' values, 1.4826 times their median absolute deviation, in their unit.
    pub spread: f64,
    /// How many areas are included and report.
    pub used: usize,
    /// Each area's distance from the median in spreads; `None` where its value is missing.
    pub z: Vec<Option<f64>>,
}

/// The distance of each area's value from the median of all, in robust standard deviations.
///
/// For indicators that are medians themselves, such as days from placement order to adoption: they have no numerator and
/// no sampling error, so that this says how unusual a value is and not how sure. `(x - median) / (1.4826 MAD)`, with the
/// median and the median absolute deviation (type 7) over the areas that are `included` and report; an area that is not
/// included is still placed. Pages call such a distance at most worth a question
/// ([`Difference::at_most_a_question`](crate::Difference::at_most_a_question)).
///
/// # Errors
/// [`Refusal`] for lists of different length, no included value, a value that is not finite, and a deviation of 0 (half
/// or more of the areas have one and the same value).
///
/// Source: Huber 1981, "Robust Statistics" (`docs/methods.md`).
pub fn robust_scores(values: &[Option<f64>], included: &[bool]) -> Result<RobustComparison, Refusal> {
    same_length(values.len(), included.len(), "values and areas")?;
    for value in values.iter().flatten() {
        finite(*value)?;
    }
    let mut used: Vec<f64> =
        values.iter().zip(included).filter_map(|(value, of_all)| value.filter(|_| *of_all)).collect();
    let median = quantile7(&used, 0.5)?;
    for value in &mut used {
        *value = finite((*value - median).abs())?;
    }
    let spread = finite(TO_STANDARD_DEVIATION * quantile7(&used, 0.5)?)?;
    if spread == 0.0 {
        return Err(Refusal::Zero("the median absolute deviation"));
    }
    let z = values.iter().map(|value| value.map(|value| finite((value - median) / spread)).transpose());
    Ok(RobustComparison { median, spread, used: used.len(), z: z.collect::<Result<_, _>>()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_counted_in_spreads_of_the_included() {
        // Median 4, absolute deviations 3 1 0 1 6 of which the median is 1.
        let values = [Some(1.0), Some(3.0), None, Some(4.0), Some(5.0), Some(10.0), Some(400.0)];
        let got = robust_scores(&values, &[true, true, true, true, true, true, false]).unwrap();
        assert_eq!((got.median, got.spread, got.used), (4.0, 1.4826, 5));
        let want = [-3.0, -1.0, f64::NAN, 0.0, 1.0, 6.0, 396.0].map(|away| away / 1.4826);
        for (got, want) in got.z.iter().zip(want) {
            assert_eq!(*got, Some(want).filter(|z| !z.is_nan()));
        }
    }

    #[test]
    fn where_half_the_areas_are_alike_there_is_no_distance() {
        let values = [1.0, 1.0, 1.0, 5.0].map(Some);
        assert_eq!(robust_scores(&values, &[true; 4]), Err(Refusal::Zero("the median absolute deviation")));
    }

    #[test]
    fn what_cannot_be_placed_is_refused() {
        assert_eq!(robust_scores(&[None, Some(1.0)], &[true, false]), Err(Refusal::Empty));
        assert_eq!(robust_scores(&[], &[]), Err(Refusal::Empty));
        assert_eq!(robust_scores(&[Some(1.0)], &[]), Err(Refusal::LengthsDiffer("values and areas")));
        assert_eq!(robust_scores(&[Some(f64::NAN), Some(1.0)], &[false, true]), Err(Refusal::NotFinite));
        assert_eq!(robust_scores(&[-1.5e308, 0.0, 1.5e308].map(Some), &[true; 3]), Err(Refusal::NotFinite));
    }
}
