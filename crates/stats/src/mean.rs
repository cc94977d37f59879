//! The mean of values that were measured, with its interval.

use crate::distribution::student_t_quantile;
use crate::refusal::{at_least, finite, not_negative};
use crate::{Interval, Level, Refusal};

/// A mean, the standard deviation of what it is of, and its interval, all in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The arithmetic mean.
    pub value: f64,
    /// The sample standard deviation, by `n - 1`.
    pub sd: f64,
    /// `mean ∓ t s / √n`, with `t` of `n - 1` degrees of freedom.
    pub interval: Interval,
}

/// The mean of values with its interval by Student's distribution.
///
/// # Errors
/// With fewer than two values, or one that is not finite.
///
/// Source: Student 1908; `phe_mean` of PHEindicatormethods.
pub fn mean(values: &[f64], level: Level) -> Result<Mean, Refusal> {
    at_least(values.len(), 2, "values")?;
    for value in values {
        finite(*value)?;
    }
    let n = values.len() as f64;
    let value = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - value).powi(2)).sum();
    mean_of_summary(value, (squares / (n - 1.0)).sqrt(), n, level)
}

/// The interval of a mean of which the number of values and their standard deviation were published.
///
/// # Errors
/// With fewer than two values, a number that is not finite, or a standard deviation below 0.
///
/// Source: as [`mean`].
pub fn mean_of_summary(value: f64, sd: f64, n: f64, level: Level) -> Result<Mean, Refusal> {
    finite(value)?;
    not_negative(sd, "the standard deviation")?;
    if finite(n)? < 2.0 {
        return Err(Refusal::TooFew { what: "values", least: 2 });
    }
    let half = -student_t_quantile(level.tail(), n - 1.0) * sd / n.sqrt();
    // Finite numbers near the largest there are can still add up to more.
    Ok(Mean {
        value: finite(value)?,
        sd,
        interval: Interval { low: finite(value - half)?, high: finite(value + half)? },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_mean_is_as_r_gives_it() {
        // R: t.test(c(1, 2, 3, 4, 10)): mean 4, sd 3.535534, interval -0.3899 to 8.3899.
        let got = mean(&[1.0, 2.0, 3.0, 4.0, 10.0], Level::P95).unwrap();
        assert_eq!(got.value, 4.0);
        assert!((got.sd - 12.5_f64.sqrt()).abs() < 1e-14);
        let half = 2.776_445_105_198_054 * (12.5_f64 / 5.0).sqrt();
        assert!((got.interval.low - (4.0 - half)).abs() < 1e-12 && (got.interval.high - (4.0 + half)).abs() < 1e-12);
    }

    #[test]
    fn a_published_summary_gives_the_same_interval_as_its_values() {
        let values = [3.0, 4.5, 9.0, 1.0];
        let got = mean(&values, Level::P998).unwrap();
        assert_eq!(mean_of_summary(got.value, got.sd, 4.0, Level::P998), Ok(got));
    }

    #[test]
    fn one_value_has_no_interval() {
        assert_eq!(mean(&[1.0], Level::P95), Err(Refusal::TooFew { what: "values", least: 2 }));
        assert_eq!(mean(&[], Level::P95), Err(Refusal::Empty));
        assert_eq!(mean(&[1.0, f64::NAN], Level::P95), Err(Refusal::NotFinite));
        assert_eq!(mean(&[f64::MAX, f64::MAX], Level::P95), Err(Refusal::NotFinite));
        assert!(mean_of_summary(1.0, 1.0, 2.0, Level::P95).is_ok());
        assert_eq!(mean_of_summary(1.0, 1.0, 1.9, Level::P95), Err(Refusal::TooFew { what: "values", least: 2 }));
        assert_eq!(mean_of_summary(1.0, -1.0, 9.0, Level::P95), Err(Refusal::Negative("the standard deviation")));
    }

    proptest! {
        #[test]
        fn intervals_hold_the_mean_and_nest_by_level(values in proptest::collection::vec(-1e6..1e6f64, 2..40)) {
            let (inner, outer) = (mean(&values, Level::P95).unwrap(), mean(&values, Level::P998).unwrap());
            prop_assert!(inner.interval.contains(inner.value));
            prop_assert!(outer.interval.low <= inner.interval.low && inner.interval.high <= outer.interval.high);
        }
    }
}
