//! Counts of events, and rates of them by population.

use crate::distribution::{binomial_cdf, chi_squared_quantile, normal_cdf};
use crate::proportion::clopper_pearson;
use crate::refusal::{finite, not_negative, positive};
use crate::{Interval, Level, Refusal};

/// The count from which Byar's approximation is used in place of the exact interval.
pub const BYAR_FROM: f64 = 10.0;

/// The exact interval of a Poisson count, in events.
///
/// Low `χ²(α/2; 2x) / 2`, which is 0 where `x` is 0; high `χ²(1 - α/2; 2x + 2) / 2`, with `α = 1 - level`.
///
/// # Errors
/// Where `x` is below 0 or not finite.
///
/// Source: Garwood 1936; Breslow and Day 1987.
pub fn poisson_exact(x: f64, level: Level) -> Result<Interval, Refusal> {
    not_negative(x, "the count")?;
    let tail = level.tail();
    let low = if x == 0.0 { 0.0 } else { chi_squared_quantile(tail, 2.0 * x) / 2.0 };
    Ok(Interval { low, high: chi_squared_quantile(1.0 - tail, 2.0 * x + 2.0) / 2.0 })
}

/// Byar's approximate interval of a Poisson count, in events.
///
/// Low `x (1 - 1/(9x) - z/(3√x))³`, high `(x+1)(1 - 1/(9(x+1)) + z/(3√(x+1)))³`. The lower end divides by 0 at no
/// event and is below 0 at very few; that is refused and not clipped, because the exact interval is there for it.
///
/// # Errors
/// Where `x` is below 0 or not finite, or so small that there is no lower end.
///
/// Source: Breslow and Day 1987, page 69.
pub fn byar(x: f64, level: Level) -> Result<Interval, Refusal> {
    not_negative(x, "the count")?;
    let low = byar_low(x, level);
    if !low.is_some_and(|low| low >= 0.0) {
        return Err(Refusal::Undefined("Byar's interval has no lower end at so small a count"));
    }
    Ok(Interval { low: low.unwrap_or_default(), high: byar_high(x, level) })
}

/// Byar's lower end; none at no event, and below 0 at very few.
fn byar_low(x: f64, level: Level) -> Option<f64> {
    (x > 0.0).then(|| x * (1.0 - 1.0 / (9.0 * x) - level.z() / (3.0 * x.sqrt())).powi(3))
}

fn byar_high(x: f64, level: Level) -> f64 {
    let next = x + 1.0;
    next * (1.0 - 1.0 / (9.0 * next) + level.z() / (3.0 * next.sqrt())).powi(3)
}

/// The interval of a Poisson count: exact below [`BYAR_FROM`] events, Byar's from there on.
///
/// # Errors
/// Where `x` is below 0 or not finite.
///
/// Source: `phe_rate` of PHEindicatormethods.
pub fn poisson_count(x: f64, level: Level) -> Result<Interval, Refusal> {
    match CountMethod::of(x) {
        CountMethod::Exact => poisson_exact(x, level),
        CountMethod::Byar => byar(x, level),
    }
}

/// Which interval a count has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountMethod {
    /// The exact interval, below [`BYAR_FROM`] events.
    Exact,
    /// Byar's approximation.
    Byar,
}

impl CountMethod {
    /// The method that a count of `x` events has.
    #[must_use]
    pub fn of(x: f64) -> Self {
        if x < BYAR_FROM { Self::Exact } else { Self::Byar }
    }
}

/// A rate with its interval, both per the multiplier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// `per · x / n`.
    pub value: f64,
    /// The interval of the count, divided by `n` and multiplied by `per`.
    pub interval: Interval,
}

/// The rate of `x` events in a population of `n`, per `per` of them, with its interval.
///
/// Events that repeat for one child, or come for siblings together, are not Poisson: the interval is then the least
/// width there can be.
///
/// # Errors
/// Where a number is not finite or below 0, or `n` or `per` is 0. `x` may be above `n`.
///
/// Source: `phe_rate` of PHEindicatormethods.
pub fn rate(x: f64, n: f64, per: f64, level: Level) -> Result<Rate, Refusal> {
    positive(n, "the denominator")?;
    positive(per, "the multiplier")?;
    let interval = poisson_count(x, level)?.scaled(per / n);
    finite(interval.high)?;
    Ok(Rate { value: finite(per * x / n)?, interval })
}

/// The ratio of two independent rates with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateRatio {
    /// The second rate over the first; none where the first counted no event.
    pub ratio: Option<f64>,
    /// The lower end.
    pub low: f64,
    /// The upper end; none, that is without bound, where the first counted no event.
    pub high: Option<f64>,
}

/// The ratio of the second rate to the first, `(x2/n2) / (x1/n1)`, with its interval.
///
/// From ten events in both on the logarithmic scale: `exp(ln ratio ∓ z √(1/x1 + 1/x2))`. With fewer in either, given
/// the sum of the events the second count is binomial, and the ends of its exact interval `p` become
/// `p/(1-p) · n1/n2`.
///
/// # Errors
/// Where a number is not finite or below 0, a population is 0, or neither counted an event.
///
/// Source: Breslow and Day 1987, section 3.4; Przyborowski and Wilenski 1940 (conditional).
pub fn rate_ratio(x1: f64, n1: f64, x2: f64, n2: f64, level: Level) -> Result<RateRatio, Refusal> {
    not_negative(x1, "the count")?;
    not_negative(x2, "the count")?;
    positive(n1, "the denominator")?;
    positive(n2, "the denominator")?;
    if x1 + x2 == 0.0 {
        return Err(Refusal::Undefined("neither counted an event"));
    }
    let ratio = (x1 > 0.0).then(|| (x2 / n2) / (x1 / n1));
    if let (Some(ratio), CountMethod::Byar, CountMethod::Byar) = (ratio, CountMethod::of(x1), CountMethod::of(x2)) {
        let factor = (level.z() * (1.0 / x1 + 1.0 / x2).sqrt()).exp();
        return Ok(RateRatio { ratio: Some(ratio), low: ratio / factor, high: Some(finite(ratio * factor)?) });
    }
    let share = clopper_pearson(x2, x1 + x2, level)?;
    let odds = |p: f64| finite(p / (1.0 - p) * n1 / n2);
    let high = ratio.map(|_| odds(share.high)).transpose()?;
    Ok(RateRatio { ratio: ratio.map(finite).transpose()?, low: odds(share.low)?, high })
}

/// The probability that the two rates of a [`rate_ratio`] differ as much or more by chance alone, two-sided.
///
/// From ten events in both by the normal deviate of the logarithm of the ratio; with fewer twice the smaller tail of
/// the conditional binomial distribution, at most 1.
///
/// # Errors
/// As [`rate_ratio`].
///
/// Source: as [`rate_ratio`].
pub fn rate_ratio_p(x1: f64, n1: f64, x2: f64, n2: f64) -> Result<f64, Refusal> {
    let ratio = rate_ratio(x1, n1, x2, n2, Level::P95)?.ratio;
    if let (Some(ratio), CountMethod::Byar, CountMethod::Byar) = (ratio, CountMethod::of(x1), CountMethod::of(x2)) {
        let z = ratio.ln().abs() / (1.0 / x1 + 1.0 / x2).sqrt();
        return Ok((2.0 * normal_cdf(-z)).min(1.0));
    }
    let share = n2 / (n1 + n2);
    let at_most = binomial_cdf(x2.floor(), x1 + x2, share);
    let at_least = 1.0 - binomial_cdf(x2.ceil() - 1.0, x1 + x2, share);
    Ok((2.0 * at_most.min(at_least)).min(1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-6 * want.abs().max(1e-3), "{got} for {want}");
    }

    #[test]
    fn counts_have_the_intervals_of_published_tables() {
        // Breslow and Day 1987, table 2.10 has 0.025 and 5.57 for one event; R: poisson.test(1)$conf.int.
        let one = poisson_exact(1.0, Level::P95).unwrap();
        near(one.low, 0.025_317_81);
        near(one.high, 5.571_643);
        // No event: the upper end is -ln(0.025).
        let none = poisson_exact(0.0, Level::P95).unwrap();
        assert_eq!(none.low, 0.0);
        near(none.high, -(0.025_f64).ln());
        // The Fingertips technical guidance: 65 events.
        let byar95 = byar(65.0, Level::P95).unwrap();
        near(byar95.low, 50.163_188);
        near(byar95.high, 82.849_139);
        let byar998 = byar(65.0, Level::P998).unwrap();
        near(byar998.low, 42.880_261);
        near(byar998.high, 94.000_291);
    }

    #[test]
    fn ten_events_are_enough_for_byar_and_nine_are_not() {
        assert_eq!(poisson_count(9.0, Level::P95), poisson_exact(9.0, Level::P95));
        assert_eq!(poisson_count(9.999, Level::P95), poisson_exact(9.999, Level::P95));
        assert_eq!(poisson_count(10.0, Level::P95), byar(10.0, Level::P95));
        assert_ne!(byar(10.0, Level::P95), poisson_exact(10.0, Level::P95));
        assert_eq!((CountMethod::of(9.9), CountMethod::of(10.0)), (CountMethod::Exact, CountMethod::Byar));
    }

    #[test]
    fn byars_lower_end_is_refused_where_it_would_divide_by_zero_or_be_negative() {
        let refusal = Refusal::Undefined("Byar's interval has no lower end at so small a count");
        assert_eq!(byar(0.0, Level::P95), Err(refusal));
        assert_eq!(byar(1.0, Level::P998), Err(refusal));
        assert!(byar(1.0, Level::P95).is_ok());
    }

    #[test]
    fn a_rate_is_the_count_over_the_population() {
        let got = rate(65.0, 100.0, 1000.0, Level::P95).unwrap();
        assert_eq!(got.value, 650.0);
        near(got.interval.low, 501.631_88);
        near(got.interval.high, 828.491_39);
        assert!(rate(120.0, 100.0, 100.0, Level::P95).is_ok(), "more events than people are possible");
        assert_eq!(rate(1.0, 0.0, 100.0, Level::P95), Err(Refusal::Zero("the denominator")));
        assert_eq!(rate(1.0, 1.0, 0.0, Level::P95), Err(Refusal::Zero("the multiplier")));
        assert_eq!(rate(-1.0, 1.0, 1.0, Level::P95), Err(Refusal::Negative("the count")));
        assert_eq!(rate(1e308, 1e-300, 1.0, Level::P95), Err(Refusal::NotFinite));
        assert_eq!(rate_ratio(20.0, 1e300, 20.0, 1e-300, Level::P95), Err(Refusal::NotFinite));
        assert_eq!(rate_ratio(1.0, 1e300, 2.0, 1e-300, Level::P95), Err(Refusal::NotFinite));
    }

    #[test]
    fn a_ratio_of_large_counts_is_symmetric_in_its_logarithm() {
        let got = rate_ratio(40.0, 1000.0, 90.0, 1500.0, Level::P95).unwrap();
        near(got.ratio.unwrap(), 1.5);
        let factor = (1.959_963_984_540_054 * (1.0 / 40.0 + 1.0 / 90.0_f64).sqrt()).exp();
        near(got.low, 1.5 / factor);
        near(got.high.unwrap(), 1.5 * factor);
        // scipy: 2 * norm.sf(log(1.5) / sqrt(1/40 + 1/90))
        near(rate_ratio_p(40.0, 1000.0, 90.0, 1500.0).unwrap(), 0.032_867_465);
    }

    #[test]
    fn a_ratio_of_small_counts_is_exact() {
        let got = rate_ratio(9.0, 3000.0, 11.0, 800.0, Level::P95).unwrap();
        near(got.ratio.unwrap(), 11.0 / 800.0 / (9.0 / 3000.0));
        let share = clopper_pearson(11.0, 20.0, Level::P95).unwrap();
        near(got.low, share.low / (1.0 - share.low) * 3000.0 / 800.0);
        near(got.high.unwrap(), share.high / (1.0 - share.high) * 3000.0 / 800.0);
        // scipy: 2 * binom.sf(10, 20, 800 / 3800)
        near(rate_ratio_p(9.0, 3000.0, 11.0, 800.0).unwrap(), 0.001_783_455_01);
        // Which of the two rates is called the first makes no difference to the probability: the other tail.
        near(rate_ratio_p(11.0, 800.0, 9.0, 3000.0).unwrap(), 0.001_783_455_01);
    }

    #[test]
    fn without_an_event_before_a_ratio_has_no_upper_end() {
        let got = rate_ratio(0.0, 100.0, 4.0, 100.0, Level::P95).unwrap();
        assert_eq!((got.ratio, got.high), (None, None));
        assert!(got.low > 0.0);
        let got = rate_ratio(4.0, 100.0, 0.0, 100.0, Level::P95).unwrap();
        assert_eq!((got.ratio, got.low), (Some(0.0), 0.0));
        assert!(got.high.is_some());
        assert_eq!(rate_ratio(0.0, 1.0, 0.0, 1.0, Level::P95), Err(Refusal::Undefined("neither counted an event")));
    }

    proptest! {
        #[test]
        fn intervals_hold_the_count_and_nest_by_level(x in 0u32..200_000, a in 0.5..0.999f64, b in 0.5..0.999f64) {
            let x = f64::from(x);
            let (inner, outer) = (Level::new(a.min(b)).unwrap(), Level::new(a.max(b)).unwrap());
            for method in [poisson_count, poisson_exact] {
                let (inner, outer) = (method(x, inner).unwrap(), method(x, outer).unwrap());
                prop_assert!(inner.contains(x), "{inner:?}");
                prop_assert!(outer.low <= inner.low && inner.high <= outer.high);
                prop_assert!(outer.low >= 0.0);
            }
        }

        #[test]
        fn turning_a_ratio_round_turns_its_interval_round(x1 in 1u32..60, x2 in 1u32..60, n1 in 1u32..9_000, n2 in 1u32..9_000) {
            let [x1, x2, n1, n2] = [x1, x2, n1, n2].map(f64::from);
            let one = rate_ratio(x1, n1, x2, n2, Level::P95).unwrap();
            let other = rate_ratio(x2, n2, x1, n1, Level::P95).unwrap();
            prop_assert!((one.low * other.high.unwrap() - 1.0).abs() < 1e-9);
            prop_assert!(one.low <= one.ratio.unwrap() && one.ratio.unwrap() <= one.high.unwrap());
        }
    }
}
