//! What the methods for series share: checked points, consecutive years, an accurate mean and autocorrelation.

use crate::Refusal;
use crate::refusal::{at_least, finite, not_negative, positive};

/// A numerator and its denominator in one period: children of children, or events of person-time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fraction {
    /// The count, not below 0.
    pub numerator: f64,
    /// What it is a count of, or the exposure; above 0.
    pub denominator: f64,
}

impl Fraction {
    /// Refuses what is no rate: a count below 0, or a denominator that is not above 0.
    pub(crate) fn as_rate(self) -> Result<Self, Refusal> {
        not_negative(self.numerator, "a numerator")?;
        positive(self.denominator, "a denominator")?;
        Ok(self)
    }

    /// Refuses what is no proportion: what is no rate, and a numerator above its denominator.
    pub(crate) fn as_proportion(self) -> Result<Self, Refusal> {
        self.as_rate()?;
        if self.numerator > self.denominator { Err(Refusal::NumeratorAboveDenominator) } else { Ok(self) }
    }
}

/// Refuses years that are not each the one after the last.
pub(crate) fn consecutive(years: &[i32]) -> Result<(), Refusal> {
    let follows = |pair: &[i32]| pair[0].checked_add(1) == Some(pair[1]);
    if years.windows(2).all(follows) { Ok(()) } else { Err(Refusal::Undefined("the years are not consecutive")) }
}

/// The values of a series of which none may be missing and all must be finite.
pub(crate) fn complete(values: &[Option<f64>]) -> Result<Vec<f64>, Refusal> {
    values.iter().map(|value| finite(value.ok_or(Refusal::Missing("a value of the series"))?)).collect()
}

/// Refuses a result that no number can hold, which only absurdly large or small input leads to.
pub(crate) fn representable(value: f64) -> Result<f64, Refusal> {
    if value.is_finite() { Ok(value) } else { Err(Refusal::Undefined("the numbers are too large or too small")) }
}

/// The sum and what the additions lost, carried along so that the order hardly matters.
///
/// Source: Neumaier 1974.
fn sum_in_two(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut total, mut lost) = (0.0_f64, 0.0);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    (total, lost)
}

/// The sum, to the last digit.
pub(crate) fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let (total, lost) = sum_in_two(values);
    total + lost
}

/// The mean to the last digit, 0 of no values: a point that lies on the mean has to be found to lie on it.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let count = values.len().max(1) as f64;
    let (total, lost) = sum_in_two(values.iter().copied());
    let first = total / count;
    first + (first.mul_add(-count, total) + lost) / count
}

/// The autocorrelation of a series at lag 1, and the bound that chance alone seldom passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Autocorrelation {
    /// The correlation of each value with the one before it, -1 to 1.
    pub r1: f64,
    /// `2 / sqrt(n)`.
    pub bound: f64,
}

impl Autocorrelation {
    /// Whether `|r1|` is above the bound: the rules of a control chart then signal too often.
    #[must_use]
    pub fn is_marked(self) -> bool {
        self.r1.abs() > self.bound
    }
}

/// The lag-1 autocorrelation of a series, oldest first.
///
/// `r1 = sum (y_t - m)(y_{t+1} - m) / sum (y_t - m)^2` with `m` the mean of all; the bound is `2 / sqrt(n)`.
///
/// # Errors
/// [`Refusal`] for fewer than 3 values, a value that is not finite, and a series of one repeated value.
///
/// Source: Box and Jenkins 1970, chapter 2; Bartlett 1946 for the bound.
pub fn lag1_autocorrelation(values: &[f64]) -> Result<Autocorrelation, Refusal> {
    at_least(values.len(), 3, "values")?;
    values.iter().try_for_each(|v| finite(*v).map(|_| ()))?;
    let scale = values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    let r1 = lag1(values, scale)?.ok_or(Refusal::Undefined("every value is the same"))?;
    Ok(Autocorrelation { r1, bound: 2.0 / (values.len() as f64).sqrt() })
}

/// The lag-1 autocorrelation, or nothing where the values differ by no more than rounding at `scale` explains.
pub(crate) fn lag1(values: &[f64], scale: f64) -> Result<Option<f64>, Refusal> {
    let middle = representable(mean(values))?;
    let rounding = 16.0 * values.len() as f64 * f64::EPSILON * scale;
    let most = values.iter().fold(0.0_f64, |most, v| most.max((v - middle).abs()));
    if most <= rounding {
        return Ok(None);
    }
    // In units of the largest deviation no square leaves the range of a number.
    let deviation = |v: f64| (v - middle) / most;
    let squares = sum(values.iter().map(|v| deviation(*v).powi(2)));
    let products = sum(values.windows(2).map(|pair| deviation(pair[0]) * deviation(pair[1])));
    representable(products / squares).map(Some)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn years_follow_one_another_or_are_refused() {
        assert_eq!(consecutive(&[2019, 2020, 2021]), Ok(()));
        for years in [&[2019, 2021][..], &[2020, 2020], &[2021, 2020], &[i32::MAX, i32::MIN]] {
            assert_eq!(consecutive(years), Err(Refusal::Undefined("the years are not consecutive")));
        }
    }

    #[test]
    fn a_fraction_is_a_rate_and_some_are_proportions() {
        let of = |numerator, denominator| Fraction { numerator, denominator };
        assert!(of(0.0, 1.0).as_proportion().is_ok() && of(1.0, 1.0).as_proportion().is_ok());
        assert!(of(2.0, 1.0).as_rate().is_ok());
        assert_eq!(of(2.0, 1.0).as_proportion(), Err(Refusal::NumeratorAboveDenominator));
        assert_eq!(of(-1.0, 1.0).as_proportion(), Err(Refusal::Negative("a numerator")));
        assert_eq!(of(0.0, 0.0).as_proportion(), Err(Refusal::Zero("a denominator")));
        assert_eq!(of(f64::NAN, 1.0).as_rate(), Err(Refusal::NotFinite));
    }

    #[test]
    fn sums_lose_nothing_to_large_neighbours() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100].into_iter()), 2.0);
        assert_eq!(sum([1e100, 1.0, -1e100].into_iter()), 1.0);
        assert_eq!(mean(&[0.1, 0.2, 0.3]), 0.2);
        assert_eq!(mean(&[]), 0.0);
        assert_eq!(mean(&[1e16, 3.0, 3.0, -1e16, 2.0, 2.0]), 10.0 / 6.0);
    }

    #[test]
    fn autocorrelation_agrees_with_the_hand() {
        // Mean 2.5, deviations -1.5 -.5 .5 1.5: products .75 - .25 + .75 of squares 5.
        let rising = lag1_autocorrelation(&[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!(rising, Autocorrelation { r1: 0.25, bound: 1.0 });
        // Zigzag of 16: 15 products of -1 over 16 squares.
        let zigzag: Vec<f64> = (0..16).map(|i| f64::from(i % 2)).collect();
        let found = lag1_autocorrelation(&zigzag).unwrap();
        assert_eq!(found, Autocorrelation { r1: -15.0 / 16.0, bound: 0.5 });
        assert!(found.is_marked() && !rising.is_marked());
        assert!(!Autocorrelation { r1: 0.5, bound: 0.5 }.is_marked());
    }

    #[test]
    fn what_has_no_autocorrelation_is_refused() {
        assert_eq!(lag1_autocorrelation(&[1.0, 2.0]), Err(Refusal::TooFew { what: "values", least: 3 }));
        assert_eq!(lag1_autocorrelation(&[0.3; 9]), Err(Refusal::Undefined("every value is the same")));
        assert_eq!(lag1_autocorrelation(&[1.0, f64::NAN, 2.0]), Err(Refusal::NotFinite));
        assert!(lag1_autocorrelation(&[f64::MAX, f64::MAX, 0.0]).is_err());
        // Neither tiny nor huge values are taken for a flat series or leave the range of a number.
        for scale in [1e-300, 1e300] {
            let r1 = lag1_autocorrelation(&[scale, 2.0 * scale, 3.0 * scale, 4.0 * scale]).unwrap().r1;
            assert!((r1 - 0.25).abs() < 1e-12);
        }
    }

    #[test]
    fn differences_that_rounding_explains_are_none() {
        let tiny = 15.0 * 4.0 * f64::EPSILON;
        assert_eq!(lag1(&[0.0, tiny, 0.0, tiny], 1.0), Ok(None));
        assert!(lag1(&[0.0, 3.0 * tiny, 0.0, 3.0 * tiny], 1.0).unwrap().is_some());
    }

    proptest! {
        #[test]
        fn the_mean_of_one_repeated_value_is_that_value(value in -1e6..1e6f64, count in 1usize..40) {
            prop_assert_eq!(mean(&vec![value; count]), value);
        }

        #[test]
        fn autocorrelation_lies_between_its_ends(values in proptest::collection::vec(-1e3..1e3f64, 3..30)) {
            prop_assume!(values.iter().any(|v| (v - values[0]).abs() > 1e-6));
            let r1 = lag1_autocorrelation(&values).unwrap().r1;
            prop_assert!((-1.0..=1.0).contains(&r1), "{r1}");
        }
    }
}
