//! Proportions: so many of so many.

use crate::distribution::{beta_quantile, beta_quantile_from_one};
use crate::refusal::{finite, not_negative, positive};
use crate::{Interval, Level, Refusal};

/// The Wilson score interval of the proportion `x / n`, without continuity correction, as a fraction.
///
/// `(2x + z² ∓ z √(z² + 4x(1 - x/n))) / (2(n + z²))`. `x` need not be whole. It never has zero width: at 0 of `n` its
/// lower end is 0, at `n` of `n` its upper end is 1.
///
/// # Errors
/// Where a number is not finite or below 0, `n` is 0, or `x` is above `n`.
///
/// Source: Wilson 1927; Newcombe and Altman 2000; `phe_proportion` of PHEindicatormethods.
pub fn wilson(x: f64, n: f64, level: Level) -> Result<Interval, Refusal> {
    some_of_all(x, n)?;
    let z = level.z();
    let half = z * (z * z + 4.0 * x * (1.0 - x / n)).sqrt();
    let (middle, scale) = (2.0 * x + z * z, 2.0 * (n + z * z));
    let low = if x == 0.0 { 0.0 } else { (middle - half) / scale };
    let high = if x == n { 1.0 } else { (middle + half) / scale };
    Ok(Interval { low: finite(low)?, high: finite(high)? })
}

/// The exact (Clopper-Pearson) interval of the proportion `x / n`, as a fraction.
///
/// The ends are beta quantiles: at `(1 - level) / 2` of shapes `x, n - x + 1`, and at its complement of shapes
/// `x + 1, n - x`. It is wider than its level says; Wilson's is the one that is published.
///
/// # Errors
/// As [`wilson`].
///
/// Source: Clopper and Pearson 1934.
pub fn clopper_pearson(x: f64, n: f64, level: Level) -> Result<Interval, Refusal> {
    some_of_all(x, n)?;
    let tail = level.tail();
    let low = if x == 0.0 { 0.0 } else { beta_quantile(tail, x, n - x + 1.0) };
    // The upper end is the complement of the lower end of those that were not counted: it keeps its digits near 0 and 1.
    let high = if x == n { 1.0 } else { beta_quantile_from_one(tail, n - x, x + 1.0) };
    Ok(Interval { low, high })
}

/// The difference of two independent proportions and its interval by Newcombe's hybrid score method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProportionDifference {
    /// The second less the first, as a fraction: above 0 where it rose.
    pub difference: f64,
    /// Its interval, within -1 and 1.
    pub interval: Interval,
}

/// The difference `x2 / n2 - x1 / n1` with Newcombe's hybrid score interval.
///
/// With `p` and `(l, u)` of each from [`wilson`]: low `d - √((p2 - l2)² + (u1 - p1)²)`, high
/// `d + √((u2 - p2)² + (p1 - l1)²)`. Two years are judged by this, not by whether their intervals overlap.
///
/// # Errors
/// As [`wilson`], of either.
///
/// Source: Newcombe 1998, method 10.
pub fn newcombe_difference(x1: f64, n1: f64, x2: f64, n2: f64, level: Level) -> Result<ProportionDifference, Refusal> {
    let (one, two) = (wilson(x1, n1, level)?, wilson(x2, n2, level)?);
    let (p1, p2) = (x1 / n1, x2 / n2);
    let difference = p2 - p1;
    let low = difference - (p2 - two.low).hypot(one.high - p1);
    let high = difference + (two.high - p2).hypot(p1 - one.low);
    Ok(ProportionDifference { difference, interval: Interval { low, high } })
}

/// Refuses what is not a part of a whole.
pub(crate) fn some_of_all(x: f64, n: f64) -> Result<(), Refusal> {
    not_negative(x, "the numerator")?;
    positive(n, "the denominator")?;
    if x > n { Err(Refusal::NumeratorAboveDenominator) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(got: Interval, low: f64, high: f64) {
        assert!((got.low - low).abs() < 5e-8 && (got.high - high).abs() < 5e-8, "{got:?} for {low}, {high}");
    }

    #[test]
    fn wilson_is_as_fingertips_has_it() {
        // 24 of 98: an example of the Fingertips technical guidance.
        close(wilson(24.0, 98.0, Level::P95).unwrap(), 0.170_449_7, 0.338_591_1);
    }

    #[test]
    fn none_and_all_still_have_width() {
        let none = wilson(0.0, 10.0, Level::P95).unwrap();
        assert_eq!(none.low, 0.0);
        // z² / (n + z²) at no success.
        assert!((none.high - 3.841_458_820_694_124 / 13.841_458_820_694_124).abs() < 1e-14);
        let all = wilson(10.0, 10.0, Level::P95).unwrap();
        assert!((1.0 - all.low - none.high).abs() < 1e-15 && all.high == 1.0);
    }

    #[test]
    fn the_exact_interval_of_none_and_of_all_is_a_power() {
        let tail: f64 = 0.025;
        close(clopper_pearson(0.0, 5.0, Level::P95).unwrap(), 0.0, 1.0 - tail.powf(0.2));
        close(clopper_pearson(5.0, 5.0, Level::P95).unwrap(), tail.powf(0.2), 1.0);
        // scipy: betaincinv(81, 183, 0.025), betaincinv(82, 182, 0.975)
        close(clopper_pearson(81.0, 263.0, Level::P95).unwrap(), 0.252_736_7, 0.367_621_9);
    }

    #[test]
    fn a_difference_is_as_newcombe_published_it() {
        // Newcombe 1998, table II, method 10: x1, n1, x2, n2 and the limits of p2 - p1 to four places.
        let published = [
            (48.0, 80.0, 56.0, 70.0, 0.0524, 0.3339),
            (3.0, 10.0, 9.0, 10.0, 0.1705, 0.8090),
            (0.0, 29.0, 5.0, 56.0, -0.0381, 0.1926),
            (0.0, 20.0, 0.0, 10.0, -0.1611, 0.2775),
            (0.0, 10.0, 10.0, 10.0, 0.6075, 1.0),
        ];
        for (x1, n1, x2, n2, low, high) in published {
            let got = newcombe_difference(x1, n1, x2, n2, Level::P95).unwrap();
            assert!((got.difference - (x2 / n2 - x1 / n1)).abs() < 1e-15);
            assert!((got.interval.low - low).abs() < 5.1e-5 && (got.interval.high - high).abs() < 5.1e-5, "{got:?}");
        }
    }

    #[test]
    fn what_is_no_proportion_is_refused() {
        assert_eq!(wilson(1.0, 0.0, Level::P95), Err(Refusal::Zero("the denominator")));
        assert_eq!(wilson(-1.0, 5.0, Level::P95), Err(Refusal::Negative("the numerator")));
        assert_eq!(wilson(6.0, 5.0, Level::P95), Err(Refusal::NumeratorAboveDenominator));
        assert_eq!(wilson(f64::NAN, 5.0, Level::P95), Err(Refusal::NotFinite));
        assert_eq!(wilson(1e308, 1.1e308, Level::P95), Err(Refusal::NotFinite));
        assert_eq!(clopper_pearson(6.0, 5.0, Level::P95), Err(Refusal::NumeratorAboveDenominator));
        assert_eq!(newcombe_difference(1.0, 2.0, 3.0, 2.0, Level::P95), Err(Refusal::NumeratorAboveDenominator));
    }

    proptest! {
        #[test]
        fn intervals_hold_the_proportion_and_nest_by_level(n in 1u32..100_000, part in 0.0..=1.0f64, a in 0.5..0.999f64, b in 0.5..0.999f64) {
            let n = f64::from(n);
            let x = (n * part).round();
            let (inner, outer) = (Level::new(a.min(b)).unwrap(), Level::new(a.max(b)).unwrap());
            for method in [wilson, clopper_pearson] {
                let (inner, outer) = (method(x, n, inner).unwrap(), method(x, n, outer).unwrap());
                let hair = 1e-12;
                prop_assert!(inner.low <= x / n + hair && x / n <= inner.high + hair);
                prop_assert!(outer.low <= inner.low + hair && inner.high <= outer.high + hair);
                prop_assert!(0.0 <= outer.low && outer.high <= 1.0);
            }
        }

        #[test]
        fn those_not_counted_have_the_complement(n in 1u32..5_000, part in 0.0..=1.0f64) {
            let n = f64::from(n);
            let x = (n * part).round();
            for method in [wilson, clopper_pearson] {
                let (some, others) = (method(x, n, Level::P998).unwrap(), method(n - x, n, Level::P998).unwrap());
                prop_assert!((some.low + others.high - 1.0).abs() < 1e-12 && (some.high + others.low - 1.0).abs() < 1e-12);
            }
        }
    }
}
