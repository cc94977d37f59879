//! Whether an area lies outside the control limits of a funnel, by the rules of Fingertips and PHEindicatormethods.

use super::exact::proportion;
use crate::distribution::chi_squared_quantile;
use crate::refusal::{finite, not_negative, positive};
use crate::{Interval, Level, Refusal};

/// Where an area lies beside a funnel's 95 and 99.8 per cent control limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunnelSignificance {
    /// Below the 99.8 per cent limit.
    Low001,
    /// Below the 95 per cent limit.
    Low025,
    /// Within the 95 per cent limits, or on one of them.
    NotSignificant,
    /// Above the 95 per cent limit.
    High025,
    /// Above the 99.8 per cent limit.
    High001,
    /// Not judged: a directly standardised rate of fewer than ten events.
    NotApplicable,
}

impl FunnelSignificance {
    /// The words of PHEindicatormethods.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Low001 => "Low (0.001)",
            Self::Low025 => "Low (0.025)",
            Self::NotSignificant => "Not significant",
            Self::High025 => "High (0.025)",
            Self::High001 => "High (0.001)",
            Self::NotApplicable => "Not applicable for events less than 10 for dsrs",
        }
    }

    /// Where a value lies beside limits around the average.
    fn of_value(value: f64, inner: Interval, outer: Interval) -> Self {
        match value {
            value if value < outer.low => Self::Low001,
            value if value < inner.low => Self::Low025,
            value if value > outer.high => Self::High001,
            value if value > inner.high => Self::High025,
            _ => Self::NotSignificant,
        }
    }

    /// Where a value lies whose own intervals are given, beside the average: the other way round.
    fn of_intervals(average: f64, inner: Interval, outer: Interval) -> Self {
        match average {
            average if average < outer.low => Self::High001,
            average if average < inner.low => Self::High025,
            average if average > outer.high => Self::Low001,
            average if average > inner.high => Self::Low025,
            _ => Self::NotSignificant,
        }
    }
}

/// How a rate was made, which decides whether few events can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateType {
    /// Events over population.
    Crude,
    /// Directly standardised: not judged below ten events.
    DirectlyStandardised,
}

/// The control limits of a proportion around an average: where Wilson's interval of an area would just touch it.
///
/// Both are fractions. Wilson's interval is the inverse of the score test, so that its inverse is that test's region,
/// `average -/+ z sqrt(average (1 - average) / population)`; it is not clipped to 0 and 1.
///
/// # Errors
/// [`Refusal`] for an average outside 0 to 1, or a population that is not above 0.
///
/// Source: `calculate_funnel_limits` of PHEindicatormethods 2.1.0, which solves the same equation; Wilson 1927.
pub fn phe_proportion_limits(average: f64, population: f64, level: Level) -> Result<Interval, Refusal> {
    let (average, population) = (proportion(average)?, positive(population, "the denominator")?);
    let reach = finite(level.z() * (average * (1.0 - average) / population).sqrt())?;
    Ok(Interval { low: average - reach, high: average + reach })
}

/// Where an area's proportion lies beside the control limits around an average proportion.
///
/// `average` is the fraction that all areas have together. A value on a limit is within it.
///
/// # Errors
/// As [`phe_proportion_limits`], for a negative numerator, and for one above its denominator.
///
/// Source: `assign_funnel_significance` of PHEindicatormethods 2.1.0, statistic "proportion".
pub fn phe_proportion_significance(
    numerator: f64,
    denominator: f64,
    average: f64,
) -> Result<FunnelSignificance, Refusal> {
    let numerator = not_negative(numerator, "the numerator")?;
    let inner = phe_proportion_limits(average, denominator, Level::P95)?;
    let outer = phe_proportion_limits(average, denominator, Level::P998)?;
    if numerator > denominator {
        return Err(Refusal::NumeratorAboveDenominator);
    }
    Ok(FunnelSignificance::of_value(numerator / denominator, inner, outer))
}

/// Where a ratio of observed to expected counts lies beside the control limits around 1.
///
/// It lies outside a limit where the interval of the observed count (exact below ten, Byar's from ten) is all on one
/// side of the expected count.
///
/// # Errors
/// [`Refusal`] for a negative observed count, or an expected count that is not above 0.
///
/// Source: `assign_funnel_significance` of PHEindicatormethods 2.1.0, statistic "ratio".
pub fn phe_ratio_significance(observed: f64, expected: f64) -> Result<FunnelSignificance, Refusal> {
    let (inner, outer) =
        (ratio_interval(observed, expected, Level::P95)?, ratio_interval(observed, expected, Level::P998)?);
    Ok(FunnelSignificance::of_intervals(1.0, inner, outer))
}

/// Where a rate lies beside the control limits around an average rate.
///
/// `denominator` is that of [`phe_rate_denominator`]; it may be missing only where a directly standardised rate of fewer
/// than ten events is not judged. `average` is the rate of all areas together (the sum of counts over the sum of such
/// denominators), in units of `multiplier`. It lies outside a limit where the rate's own interval (exact below ten
/// events, Byar's from ten) is all on one side of the average.
///
/// # Errors
/// [`Refusal`] for a negative count or average, a multiplier or denominator that is not above 0, and a missing
/// denominator.
///
/// Source: `assign_funnel_significance` of PHEindicatormethods 2.1.0, statistic "rate".
pub fn phe_rate_significance(
    count: f64,
    denominator: Option<f64>,
    rate_type: RateType,
    average: f64,
    multiplier: f64,
) -> Result<FunnelSignificance, Refusal> {
    let average = not_negative(average, "the average rate")? / positive(multiplier, "the multiplier")?;
    if rate_type == RateType::DirectlyStandardised && not_negative(count, "the count")? < 10.0 {
        return Ok(FunnelSignificance::NotApplicable);
    }
    let denominator = denominator.ok_or(Refusal::Missing("the denominator"))?;
    let (inner, outer) =
        (ratio_interval(count, denominator, Level::P95)?, ratio_interval(count, denominator, Level::P998)?);
    Ok(FunnelSignificance::of_intervals(finite(average)?, inner, outer))
}

/// The denominator that a published rate amounts to: `multiplier * count / rate`, or the population where the count is
/// 0 and the rate says nothing.
///
/// # Errors
/// [`Refusal`] for a negative count, a multiplier, rate or population that is not above 0, and whichever of rate and
/// population is needed and missing.
///
/// Source: `denominator_derived` of PHEindicatormethods 2.1.0.
pub fn phe_rate_denominator(
    count: f64,
    rate: Option<f64>,
    population: Option<f64>,
    multiplier: f64,
) -> Result<f64, Refusal> {
    let multiplier = positive(multiplier, "the multiplier")?;
    if not_negative(count, "the count")? == 0.0 {
        return positive(population.ok_or(Refusal::Missing("the population"))?, "the population");
    }
    finite(multiplier * count / positive(rate.ok_or(Refusal::Missing("the rate"))?, "the rate")?)
}

/// The interval of a count over a number that has no error, exact below ten and Byar's from ten.
fn ratio_interval(count: f64, over: f64, level: Level) -> Result<Interval, Refusal> {
    let (count, over) = (not_negative(count, "the count")?, positive(over, "the denominator")?);
    let limits = if count < 10.0 { poisson_exact(count, level) } else { byar(count, level) };
    Ok(Interval { low: finite(limits.low / over)?, high: finite(limits.high / over)? })
}

/// The exact interval of a Poisson count.
fn poisson_exact(count: f64, level: Level) -> Interval {
    let low = if count == 0.0 { 0.0 } else { chi_squared_quantile(level.tail(), 2.0 * count) / 2.0 };
    Interval { low, high: chi_squared_quantile(1.0 - level.tail(), 2.0 * count + 2.0) / 2.0 }
}

/// Byar's interval of a Poisson count above 0.
fn byar(count: f64, level: Level) -> Interval {
    let limit = |count: f64, z: f64| count * (1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt())).powi(3);
    Interval { low: limit(count, -level.z()), high: limit(count + 1.0, level.z()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-9 * want.abs(), "{got} for {want}");
    }

    #[test]
    fn each_place_beside_a_funnel_has_the_words_of_the_package() {
        let words = [
            (FunnelSignificance::Low001, "Low (0.001)"),
            (FunnelSignificance::Low025, "Low (0.025)"),
            (FunnelSignificance::NotSignificant, "Not significant"),
            (FunnelSignificance::High025, "High (0.025)"),
            (FunnelSignificance::High001, "High (0.001)"),
            (FunnelSignificance::NotApplicable, "Not applicable for events less than 10 for dsrs"),
        ];
        for (place, text) in words {
            assert_eq!(place.text(), text);
        }
    }

    /// The interval of Wilson that touches the average at the limit, by its own formula.
    #[test]
    fn at_a_limit_wilsons_interval_just_touches_the_average() {
        for (average, n) in [(0.2, 50.0), (0.806, 400.0), (0.03, 1500.0)] {
            let (z, limits) = (Level::P998.z(), phe_proportion_limits(average, n, Level::P998).unwrap());
            let wilson = |p: f64, sign: f64| {
                (2.0 * n * p + z * z + sign * z * (z * z + 4.0 * n * p * (1.0 - p)).sqrt()) / (2.0 * (n + z * z))
            };
            near(wilson(limits.high, -1.0), average);
            if limits.low > 0.0 {
                near(wilson(limits.low, 1.0), average);
            }
        }
    }

    #[test]
    fn a_proportion_is_placed_beside_its_limits() {
        // 0.5 of 100: limits at 0.5 -/+ 0.098 and 0.1545.
        let place = |x| phe_proportion_significance(x, 100.0, 0.5).unwrap();
        let cases = [
            (34.5, FunnelSignificance::Low001),
            (34.6, FunnelSignificance::Low025),
            (40.2, FunnelSignificance::Low025),
            (40.3, FunnelSignificance::NotSignificant),
            (59.7, FunnelSignificance::NotSignificant),
            (59.9, FunnelSignificance::High025),
            (65.4, FunnelSignificance::High025),
            (65.5, FunnelSignificance::High001),
        ];
        for (x, want) in cases {
            assert_eq!(place(x), want, "{x}");
        }
        // Where all have all, no area lies outside; on the limit is inside.
        assert_eq!(phe_proportion_significance(7.0, 7.0, 1.0), Ok(FunnelSignificance::NotSignificant));
        assert_eq!(phe_proportion_significance(0.0, 7.0, 0.0), Ok(FunnelSignificance::NotSignificant));
    }

    #[test]
    fn a_value_on_a_limit_is_within_it() {
        let (inner, outer) = (Interval { low: 2.0, high: 3.0 }, Interval { low: 1.0, high: 4.0 });
        let cases = [
            (0.9, FunnelSignificance::Low001),
            (1.0, FunnelSignificance::Low025),
            (2.0, FunnelSignificance::NotSignificant),
            (3.0, FunnelSignificance::NotSignificant),
            (4.0, FunnelSignificance::High025),
            (4.1, FunnelSignificance::High001),
        ];
        for (value, want) in cases {
            assert_eq!(FunnelSignificance::of_value(value, inner, outer), want);
        }
        let mirrored = [
            (0.9, FunnelSignificance::High001),
            (1.0, FunnelSignificance::High025),
            (2.0, FunnelSignificance::NotSignificant),
            (3.0, FunnelSignificance::NotSignificant),
            (4.0, FunnelSignificance::Low025),
            (4.1, FunnelSignificance::Low001),
        ];
        for (average, want) in mirrored {
            assert_eq!(FunnelSignificance::of_intervals(average, inner, outer), want);
        }
    }

    /// Values by scipy 1.17 (`chi2.ppf(.025, 18) / 2`, `chi2.ppf(.975, 20) / 2`) and Breslow and Day's formula.
    #[test]
    fn the_interval_of_a_count_is_exact_below_ten_and_byars_from_ten() {
        let exact = ratio_interval(9.0, 2.0, Level::P95).unwrap();
        near(exact.low, 4.115_373_097_378_334 / 2.0);
        near(exact.high, 17.084_803_451_419_166 / 2.0);
        let byars = ratio_interval(10.0, 1.0, Level::P95).unwrap();
        near(byars.low, 4.787_449_913_967_563);
        near(byars.high, 18.391_458_605_756_473);
        let none = ratio_interval(0.0, 1.0, Level::P95).unwrap();
        assert_eq!(none.low, 0.0);
        near(none.high, -(0.025_f64.ln()));
    }

    #[test]
    fn a_ratio_is_placed_by_the_interval_of_its_count() {
        // Of 4: 95 per cent 1.0898656 to 10.2415865; 99.8 per cent 0.4285525 to 14.7941494.
        let cases = [
            (0.428, FunnelSignificance::High001),
            (0.429, FunnelSignificance::High025),
            (1.089, FunnelSignificance::High025),
            (1.090, FunnelSignificance::NotSignificant),
            (10.241, FunnelSignificance::NotSignificant),
            (10.242, FunnelSignificance::Low025),
            (14.794, FunnelSignificance::Low025),
            (14.795, FunnelSignificance::Low001),
        ];
        for (expected, want) in cases {
            assert_eq!(phe_ratio_significance(4.0, expected), Ok(want), "{expected}");
        }
    }

    #[test]
    fn a_rate_is_placed_beside_the_average() {
        // Four in 2,000 is 2 per 1,000, with limits of half those of the count.
        let place = |average| phe_rate_significance(4.0, Some(2000.0), RateType::Crude, average, 1000.0).unwrap();
        assert_eq!(place(0.214), FunnelSignificance::High001);
        assert_eq!(place(0.3), FunnelSignificance::High025);
        assert_eq!(place(2.0), FunnelSignificance::NotSignificant);
        assert_eq!(place(5.2), FunnelSignificance::Low025);
        assert_eq!(place(7.5), FunnelSignificance::Low001);
    }

    #[test]
    fn a_standardised_rate_of_fewer_than_ten_events_is_not_judged() {
        let place =
            |count, denominator| phe_rate_significance(count, denominator, RateType::DirectlyStandardised, 5.0, 1000.0);
        assert_eq!(place(9.0, None), Ok(FunnelSignificance::NotApplicable));
        assert_eq!(place(10.0, Some(2000.0)), Ok(FunnelSignificance::NotSignificant));
        assert_eq!(place(10.0, None), Err(Refusal::Missing("the denominator")));
        assert_eq!(place(-1.0, None), Err(Refusal::Negative("the count")));
        let crude = phe_rate_significance(9.0, Some(2000.0), RateType::Crude, 4.5, 1000.0);
        assert_eq!(crude, Ok(FunnelSignificance::NotSignificant));
    }

    #[test]
    fn a_rate_amounts_to_a_denominator_unless_nothing_was_counted() {
        assert_eq!(phe_rate_denominator(5.0, Some(2.0), None, 1000.0), Ok(2500.0));
        assert_eq!(phe_rate_denominator(0.0, Some(0.0), Some(400.0), 1000.0), Ok(400.0));
        assert_eq!(phe_rate_denominator(0.0, Some(0.0), None, 1000.0), Err(Refusal::Missing("the population")));
        assert_eq!(phe_rate_denominator(0.0, None, Some(0.0), 1000.0), Err(Refusal::Zero("the population")));
        assert_eq!(phe_rate_denominator(5.0, None, Some(400.0), 1000.0), Err(Refusal::Missing("the rate")));
        assert_eq!(phe_rate_denominator(5.0, Some(0.0), None, 1000.0), Err(Refusal::Zero("the rate")));
        assert_eq!(phe_rate_denominator(-5.0, Some(2.0), None, 1000.0), Err(Refusal::Negative("the count")));
        assert_eq!(phe_rate_denominator(5.0, Some(2.0), None, 0.0), Err(Refusal::Zero("the multiplier")));
        assert_eq!(phe_rate_denominator(1e300, Some(1e-300), None, 1.0), Err(Refusal::NotFinite));
    }

    #[test]
    fn what_has_no_place_beside_a_funnel_is_refused() {
        assert_eq!(phe_proportion_significance(3.0, 2.0, 0.5), Err(Refusal::NumeratorAboveDenominator));
        assert_eq!(phe_proportion_significance(-1.0, 2.0, 0.5), Err(Refusal::Negative("the numerator")));
        assert_eq!(phe_proportion_significance(1.0, 0.0, 0.5), Err(Refusal::Zero("the denominator")));
        assert_eq!(phe_proportion_significance(1.0, 2.0, 1.5), Err(Refusal::NotAProbability));
        assert_eq!(phe_proportion_limits(0.5, 5e-324, Level::P95), Err(Refusal::NotFinite));
        assert_eq!(phe_ratio_significance(-1.0, 2.0), Err(Refusal::Negative("the count")));
        assert_eq!(phe_ratio_significance(1.0, 0.0), Err(Refusal::Zero("the denominator")));
        assert_eq!(phe_ratio_significance(1e300, 1e-300), Err(Refusal::NotFinite));
        let rate = |average, multiplier| phe_rate_significance(4.0, Some(9.0), RateType::Crude, average, multiplier);
        assert_eq!(rate(-1.0, 1.0), Err(Refusal::Negative("the average rate")));
        assert_eq!(rate(1.0, 0.0), Err(Refusal::Zero("the multiplier")));
        assert_eq!(rate(f64::MAX, 1e-300), Err(Refusal::NotFinite));
    }

    proptest! {
        #[test]
        fn control_limits_narrow_as_the_population_grows(
            average in 0.001..0.999f64, n in 1.0..1e6f64, more in 1.001..10.0f64,
        ) {
            let (wide, narrow) = (phe_proportion_limits(average, n, Level::P95)?, phe_proportion_limits(average, n * more, Level::P95)?);
            prop_assert!(wide.low < narrow.low && narrow.high < wide.high);
        }
    }
}
