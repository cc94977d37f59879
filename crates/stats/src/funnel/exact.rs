//! Exact limits of a funnel, interpolated between counts.

use super::walk::interpolated_counts;
use crate::distribution::{binomial_cdf, binomial_mass, normal_quantile, poisson_cdf, poisson_mass};
use crate::refusal::{finite, not_negative, positive};
use crate::{Interval, Level, Refusal};

/// The most trials, or the greatest expected count: up to here the distribution functions keep their digits.
const MOST: f64 = 1e9;

/// The exact funnel limit of a proportion, interpolated between counts.
///
/// `target` is the proportion that the funnel is drawn around, `n` the area's denominator (a whole number from 1 to
/// 1e9) and `p` the probability below the limit, such as 0.025 or 0.999. With `F` and `f` the distribution function
/// and the probabilities of Binomial(n, target), `r` is the least count with `F(r) >= p`, and the limit is
/// `(r - (F(r) - p) / f(r)) / n`, a fraction. It is below 0 where `F(0)` is above `p`, and is not clipped:
/// [`binomial_funnel_limits`] is. At a target of 0 it is `-(1 - p) / n`, at a target of 1 `(n - 1 + p) / n`.
///
/// # Errors
/// [`Refusal`] for a target outside 0 to 1, a `p` not strictly between, and an `n` that is not positive, not whole or
/// above 1e9.
///
/// Source: Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in Medicine 24,
/// appendix A.1.1.
pub fn binomial_funnel_limit(target: f64, n: f64, p: f64) -> Result<f64, Refusal> {
    binomial_limits_at(target, n, [p]).map(|[limit]| limit)
}

/// The same at several probabilities, in ascending order.
fn binomial_limits_at<const N: usize>(target: f64, n: f64, p: [f64; N]) -> Result<[f64; N], Refusal> {
    let (target, n) = (proportion(target)?, positive(n, "the denominator")?);
    p.iter().try_for_each(|p| inner_probability(*p).map(drop))?;
    if n.fract() != 0.0 {
        return Err(Refusal::Undefined("the denominator of an exact limit is a whole number"));
    }
    if n > MOST {
        return Err(Refusal::Undefined("the denominator of an exact limit is above 1e9"));
    }
    if target == 0.0 || target == 1.0 {
        let certain = if target == 0.0 { 0.0 } else { n };
        return Ok(p.map(|p| (certain - (1.0 - p)) / n));
    }
    let rest = 1.0 - target;
    let (mean, odds) = (n * target, target / rest);
    let counts = interpolated_counts(
        p,
        |p| skewed_guess(p, mean, mean * rest, rest - target).min(n),
        |k| binomial_cdf(k, n, target),
        |k| binomial_mass(k, n, target, rest),
        |k| (n - k) / (k + 1.0) * odds,
    );
    finite_all(counts.map(|count| count / n))
}

/// The exact funnel limit of an observed count over its expected count, interpolated between counts.
///
/// `expected` is the area's expected count, above 0 and up to 1e9, not necessarily whole; `p` the probability below the
/// limit. As [`binomial_funnel_limit`] with Poisson(expected); the limit is a ratio with 1 on target, is below 0 where
/// `F(0)` is above `p`, and is not clipped: [`poisson_funnel_limits`] is.
///
/// # Errors
/// [`Refusal`] for a `p` not strictly between 0 and 1, and an expected count that is not positive or above 1e9.
///
/// Source: Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in Medicine 24,
/// appendix A.1.1.
pub fn poisson_funnel_limit(expected: f64, p: f64) -> Result<f64, Refusal> {
    poisson_limits_at(expected, [p]).map(|[limit]| limit)
}

/// The same at several probabilities, in ascending order.
fn poisson_limits_at<const N: usize>(expected: f64, p: [f64; N]) -> Result<[f64; N], Refusal> {
    let expected = positive(expected, "the expected count")?;
    p.iter().try_for_each(|p| inner_probability(*p).map(drop))?;
    if expected > MOST {
        return Err(Refusal::Undefined("the expected count of an exact limit is above 1e9"));
    }
    let counts = interpolated_counts(
        p,
        |p| skewed_guess(p, expected, expected, 1.0),
        |k| poisson_cdf(k, expected),
        |k| poisson_mass(k, expected),
        |k| expected / (k + 1.0),
    );
    finite_all(counts.map(|count| count / expected))
}

fn finite_all<const N: usize>(values: [f64; N]) -> Result<[f64; N], Refusal> {
    values.iter().try_for_each(|value| finite(*value).map(drop))?;
    Ok(values)
}

/// Both exact funnel limits of a proportion at a level, as they are drawn: between 0 and 1.
///
/// Interpolation sets a limit up to one count inside the count that it is of, so that where a target leaves hardly any
/// chance both limits may lie on one side of it; whether an area differs is for its distance to say.
///
/// # Errors
/// As [`binomial_funnel_limit`].
///
/// Source: as [`binomial_funnel_limit`].
pub fn binomial_funnel_limits(target: f64, n: f64, level: Level) -> Result<Interval, Refusal> {
    let [low, high] = binomial_limits_at(target, n, [level.tail(), 1.0 - level.tail()])?.map(|p| p.clamp(0.0, 1.0));
    Ok(Interval { low, high })
}

/// [`binomial_funnel_limits`] at an inner and an outer level, which take less than twice the time of one.
///
/// # Errors
/// As [`binomial_funnel_limit`].
pub(super) fn binomial_limit_pairs(target: f64, n: f64, inner: Level, outer: Level) -> Result<[Interval; 2], Refusal> {
    binomial_limits_at(target, n, both_tails(inner, outer)).map(|limits| pairs(limits.map(|p| p.clamp(0.0, 1.0))))
}

/// Both exact funnel limits of an observed over its expected count at a level, as they are drawn: not below 0.
///
/// Both limits may lie on one side of 1, as those of [`binomial_funnel_limits`] may.
///
/// # Errors
/// As [`poisson_funnel_limit`].
///
/// Source: as [`poisson_funnel_limit`].
pub fn poisson_funnel_limits(expected: f64, level: Level) -> Result<Interval, Refusal> {
    let [low, high] = poisson_limits_at(expected, [level.tail(), 1.0 - level.tail()])?.map(|ratio| ratio.max(0.0));
    Ok(Interval { low, high })
}

/// [`poisson_funnel_limits`] at an inner and an outer level, which take less than twice the time of one.
///
/// # Errors
/// As [`poisson_funnel_limit`].
pub(super) fn poisson_limit_pairs(expected: f64, inner: Level, outer: Level) -> Result<[Interval; 2], Refusal> {
    poisson_limits_at(expected, both_tails(inner, outer)).map(|limits| pairs(limits.map(|ratio| ratio.max(0.0))))
}

/// The probabilities below the four limits of two levels, in ascending order.
fn both_tails(inner: Level, outer: Level) -> [f64; 4] {
    [outer.tail(), inner.tail(), 1.0 - inner.tail(), 1.0 - outer.tail()]
}

/// Four limits in ascending order as those of the inner level and of the outer one.
fn pairs([outer_low, inner_low, inner_high, outer_high]: [f64; 4]) -> [Interval; 2] {
    [Interval { low: inner_low, high: inner_high }, Interval { low: outer_low, high: outer_high }]
}

/// Refuses what is no proportion.
pub(super) fn proportion(value: f64) -> Result<f64, Refusal> {
    if not_negative(value, "a proportion")? <= 1.0 { Ok(value) } else { Err(Refusal::NotAProbability) }
}

/// Refuses a probability at which a distribution has no finite quantile.
fn inner_probability(p: f64) -> Result<f64, Refusal> {
    if p > 0.0 && p < 1.0 { Ok(p) } else { Err(Refusal::NotAProbability) }
}

/// A whole number a little below the count at `p`: the normal deviate corrected for skewness, less 1 so that the walk
/// from it seldom has to turn back. `skew` is the skewness times the standard deviation.
fn skewed_guess(p: f64, mean: f64, variance: f64, skew: f64) -> f64 {
    let z = normal_quantile(p);
    (mean + z * variance.sqrt() + skew * (z * z - 1.0) / 6.0 - 1.0).floor().max(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PROBABILITIES: [f64; 4] = [0.001, 0.025, 0.975, 0.999];

    fn choose(n: u32, k: u32) -> f64 {
        (0..k).map(|i| f64::from(n - i) / f64::from(i + 1)).product()
    }

    /// The definition, word by word, over a list of all probabilities.
    fn by_definition(masses: &[f64], p: f64) -> f64 {
        let mut below = 0.0;
        for (r, mass) in masses.iter().enumerate() {
            if below + mass >= p {
                return r as f64 - (below + mass - p) / mass;
            }
            below += mass;
        }
        f64::NAN
    }

    #[test]
    fn binomial_limits_are_what_the_definition_says() {
        for n in [1_u32, 2, 5, 17, 40] {
            for target in [0.02, 0.3, 0.5, 0.9] {
                let mass =
                    |k: u32| choose(n, k) * f64::powi(target, k as i32) * f64::powi(1.0 - target, (n - k) as i32);
                let masses: Vec<_> = (0..=n).map(mass).collect();
                for p in PROBABILITIES {
                    let want = by_definition(&masses, p) / f64::from(n);
                    let got = binomial_funnel_limit(target, f64::from(n), p).unwrap();
                    assert!((got - want).abs() < 1e-11, "{n} {target} {p}: {got} for {want}");
                }
            }
        }
    }

    #[test]
    fn poisson_limits_are_what_the_definition_says() {
        for expected in [1e-3, 0.4, 1.0, 6.5, 30.0] {
            let mut masses = vec![f64::exp(-expected)];
            for k in 1..200 {
                masses.push(masses[k - 1] * expected / k as f64);
            }
            for p in PROBABILITIES {
                let want = by_definition(&masses, p) / expected;
                let got = poisson_funnel_limit(expected, p).unwrap();
                assert!((got - want).abs() < 1e-11 * want.abs().max(1.0), "{expected} {p}: {got} for {want}");
            }
        }
    }

    /// Values by scipy 1.17: `k = ppf(p)`, `(k - (cdf(k) - p) / pmf(k)) / n`.
    #[test]
    fn limits_keep_their_digits_at_large_counts() {
        let cases = [
            (binomial_funnel_limit(0.246, 300_000.0, 0.001), 0.243_570_875_696_689_61),
            (binomial_funnel_limit(0.246, 300_000.0, 0.999), 0.248_430_615_762_879_7),
            (poisson_funnel_limit(20_000.5, 0.025), 0.986_139_798_692_093_8),
            (poisson_funnel_limit(20_000.5, 0.975), 1.013_857_565_575_751),
        ];
        for (got, want) in cases {
            let got = got.unwrap();
            assert!((got - want).abs() < 1e-10 * want, "{got} for {want}");
        }
    }

    /// A guess that is far off costs time and changes no limit, so that only this test would notice.
    #[test]
    fn the_walk_begins_a_few_counts_below_its_end() {
        for (n, target) in [(50.0, 0.3), (400.0, 0.9), (5000.0, 0.02), (300_000.0, 0.246), (300_000.0, 0.97)] {
            for p in PROBABILITIES {
                let guess = skewed_guess(p, n * target, n * target * (1.0 - target), 1.0 - 2.0 * target);
                assert!(binomial_cdf(guess + 3.0, n, target) >= p, "{n} {target} {p}: {guess} is too low");
                assert!(binomial_cdf(guess - 2.0, n, target) < p, "{n} {target} {p}: {guess} is too high");
            }
        }
        assert_eq!(skewed_guess(0.5, 0.4, 0.4, 1.0), 0.0);
    }

    #[test]
    fn at_a_target_that_leaves_no_chance_the_limit_is_within_one_count_of_it() {
        assert_eq!(binomial_funnel_limit(0.0, 4.0, 0.25), Ok(-0.1875));
        assert_eq!(binomial_funnel_limit(1.0, 4.0, 0.25), Ok(0.8125));
    }

    #[test]
    fn where_no_count_is_likelier_than_the_tail_the_limit_is_below_nothing_and_drawn_at_nothing() {
        // F(0) of Binomial(5, 0.02) is 0.98^5 = 0.9039207968.
        let limit = binomial_funnel_limit(0.02, 5.0, 0.025).unwrap();
        assert!((limit - -(0.903_920_796_8 - 0.025) / 0.903_920_796_8 / 5.0).abs() < 1e-14);
        let drawn = binomial_funnel_limits(0.02, 5.0, Level::P95).unwrap();
        assert_eq!((drawn.low, drawn.high > 0.0), (0.0, true));
        assert_eq!(binomial_funnel_limits(0.02, 1.0, Level::P95).unwrap().high, 0.0);
        assert!(poisson_funnel_limit(0.5, 0.025).unwrap() < 0.0);
        assert_eq!(poisson_funnel_limits(0.5, Level::P95).unwrap().low, 0.0);
    }

    /// Whether the walk goes on from one to the next or begins anew.
    #[test]
    fn limits_at_two_levels_are_those_of_each() {
        let same = |got: [Interval; 2], want: [Interval; 2], tolerance: f64| {
            for (got, want) in got.iter().zip(want) {
                assert!((got.low - want.low).abs() <= tolerance, "{got:?} for {want:?}");
                assert!((got.high - want.high).abs() <= tolerance, "{got:?} for {want:?}");
            }
        };
        for n in [1.0, 2.0, 7.0, 60.0, 600.0, 25_000.0, 300_000.0] {
            for target in [0.0, 0.004, 0.3, 0.97, 1.0] {
                let each = [Level::P95, Level::P998].map(|level| binomial_funnel_limits(target, n, level).unwrap());
                same(binomial_limit_pairs(target, n, Level::P95, Level::P998).unwrap(), each, 1e-11);
            }
            let each = [Level::P95, Level::P998].map(|level| poisson_funnel_limits(n / 3.0, level).unwrap());
            same(poisson_limit_pairs(n / 3.0, Level::P95, Level::P998).unwrap(), each, 1e-11);
        }
    }

    #[test]
    fn both_limits_of_a_level_leave_its_tails() {
        let of = |p| binomial_funnel_limit(0.3, 400.0, p).unwrap();
        let both = binomial_funnel_limits(0.3, 400.0, Level::P998).unwrap();
        assert!((both.low - of(0.001)).abs() < 1e-12 && (both.high - of(0.999)).abs() < 1e-12);
        let of = |p| poisson_funnel_limit(70.0, p).unwrap();
        let both = poisson_funnel_limits(70.0, Level::P95).unwrap();
        assert!((both.low - of(0.025)).abs() < 1e-12 && (both.high - of(0.975)).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_exact_limit_is_refused() {
        let refused = |target, n, p| binomial_funnel_limit(target, n, p).unwrap_err();
        assert_eq!(refused(0.2, 0.0, 0.025), Refusal::Zero("the denominator"));
        assert_eq!(refused(0.2, -3.0, 0.025), Refusal::Negative("the denominator"));
        assert_eq!(refused(0.2, f64::INFINITY, 0.025), Refusal::NotFinite);
        assert!(refused(0.2, 10.5, 0.025).to_string().contains("whole"));
        assert!(refused(0.2, 1e9 + 1.0, 0.025).to_string().contains("1e9"));
        assert!(binomial_funnel_limit(0.2, 1e9, 0.025).is_ok());
        assert_eq!(refused(1.01, 10.0, 0.025), Refusal::NotAProbability);
        assert_eq!(refused(-0.01, 10.0, 0.025), Refusal::Negative("a proportion"));
        assert_eq!(refused(f64::NAN, 10.0, 0.025), Refusal::NotFinite);
        for p in [0.0, 1.0, -0.1, f64::NAN] {
            assert_eq!(refused(0.2, 10.0, p), Refusal::NotAProbability);
            assert_eq!(poisson_funnel_limit(10.0, p), Err(Refusal::NotAProbability));
        }
        assert_eq!(poisson_funnel_limit(0.0, 0.5), Err(Refusal::Zero("the expected count")));
        assert_eq!(poisson_funnel_limit(-1.0, 0.5), Err(Refusal::Negative("the expected count")));
        assert!(poisson_funnel_limit(1.1e9, 0.5).unwrap_err().to_string().contains("1e9"));
        assert!(poisson_funnel_limit(1e9, 0.5).is_ok());
        assert_eq!(poisson_funnel_limit(1e-320, 0.025), Err(Refusal::NotFinite));
    }

    proptest! {
        #[test]
        fn exact_limits_rise_with_their_probability(
            target in 0.0..=1.0f64, n in 1u32..5000, expected in 1e-3..1e4f64, p in 1e-9..1.0f64, q in 1e-9..1.0f64,
        ) {
            let (low, high) = (p.min(q), p.max(q));
            let n = f64::from(n);
            prop_assert!(binomial_funnel_limit(target, n, low)? <= binomial_funnel_limit(target, n, high)? + 1e-9);
            prop_assert!(poisson_funnel_limit(expected, low)? <= poisson_funnel_limit(expected, high)? + 1e-9);
        }

        #[test]
        fn exact_limits_narrow_as_the_denominator_grows(target in 0.05..0.95f64, n in 20u32..2000) {
            let width = |n: u32| {
                let both = binomial_funnel_limits(target, f64::from(n), Level::P95)?;
                Ok::<_, Refusal>(both.high - both.low)
            };
            prop_assert!(width(2 * n)? < width(n)?);
            let width = |expected: u32| {
                let both = poisson_funnel_limits(f64::from(expected), Level::P998)?;
                Ok::<_, Refusal>(both.high - both.low)
            };
            prop_assert!(width(2 * n)? < width(n)?);
        }

        #[test]
        fn any_numbers_give_a_finite_limit_or_a_refusal(
            target in proptest::num::f64::ANY, n in proptest::num::f64::ANY, p in proptest::num::f64::ANY, whole in 1u32..,
        ) {
            for got in [
                binomial_funnel_limit(target, n, p), poisson_funnel_limit(n, p),
                binomial_funnel_limit(target.abs().fract(), f64::from(whole % 100_000), p.abs().fract()),
                poisson_funnel_limit(target.abs() % 1e6, p.abs().fract()),
            ] {
                prop_assert!(got.is_err() || got.is_ok_and(f64::is_finite));
            }
        }
    }
}
