//! Control limits of counts as PHEindicatormethods and FunnelPlotR draw them.

use crate::distribution::chi_squared_quantile;
use crate::refusal::{finite, positive};
use crate::{Interval, Level, Refusal};

/// Where a funnel of observed over expected counts runs at one observed count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioFunnelLimits {
    /// The expected count at which the observed one would sit on the lower limit.
    pub lower_expected: f64,
    /// The ratio of observed to expected there.
    pub lower_ratio: f64,
    /// The expected count at which the observed one would sit on the upper limit.
    pub upper_expected: f64,
    /// The ratio of observed to expected there.
    pub upper_ratio: f64,
}

/// Where a funnel of rates runs at one count of events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateFunnelLimits {
    /// The population, in persons in a single year, at which the count would sit on the lower limit.
    pub lower_population: f64,
    /// The rate there, in the unit of the baseline.
    pub lower_rate: f64,
    /// The population, in persons in a single year, at which the count would sit on the upper limit.
    pub upper_population: f64,
    /// The rate there, in the unit of the baseline.
    pub upper_rate: f64,
}

/// The expected counts at which an observed count would just sit on each control limit, and the ratios there.
///
/// On the lower limit the expected count is the one under which no more than `observed` has the tail probability,
/// `qchisq(1 - tail, 2 (observed + 1)) / 2`; on the upper limit the one under which no fewer has it,
/// `qchisq(tail, 2 observed) / 2`. They are solved to full precision, where the package bisects to 1e-7. A ratio that is
/// published per 100, or as an excess over 1, is 100 times the ratio, or the ratio less 1.
///
/// # Errors
/// [`Refusal`] for an observed count that is not above 0: a funnel has no point there, since nothing observed sits on
/// no upper limit.
///
/// Source: `calculate_funnel_limits` of PHEindicatormethods 2.1.0, statistic "ratio".
pub fn phe_ratio_limits(observed: f64, level: Level) -> Result<RatioFunnelLimits, Refusal> {
    let observed = positive(observed, "the observed count")?;
    let lower_expected = finite(chi_squared_quantile(1.0 - level.tail(), 2.0 * (observed + 1.0)) / 2.0)?;
    let upper_expected = finite(chi_squared_quantile(level.tail(), 2.0 * observed) / 2.0)?;
    let (lower_ratio, upper_ratio) = (observed / lower_expected, finite(observed / upper_expected)?);
    Ok(RatioFunnelLimits { lower_expected, lower_ratio, upper_expected, upper_ratio })
}

/// The populations at which a count of events would just sit on each control limit around a baseline rate.
///
/// `baseline` is the rate of all areas together per `multiplier` persons, `years` the number of years whose events are
/// counted together. The expected counts are those of [`phe_ratio_limits`]; a population is the expected count over the
/// baseline per person and the years, a rate the ratio times the baseline.
///
/// # Errors
/// As [`phe_ratio_limits`], and for a baseline, multiplier or number of years that is not above 0.
///
/// Source: `calculate_funnel_limits` of PHEindicatormethods 2.1.0, statistic "rate".
pub fn phe_rate_limits(
    events: f64,
    baseline: f64,
    multiplier: f64,
    years: f64,
    level: Level,
) -> Result<RateFunnelLimits, Refusal> {
    let baseline = positive(baseline, "the average rate")?;
    let per_expected = positive(multiplier, "the multiplier")? / baseline / positive(years, "the number of years")?;
    let ratio = phe_ratio_limits(events, level)?;
    Ok(RateFunnelLimits {
        lower_population: finite(ratio.lower_expected * per_expected)?,
        lower_rate: finite(ratio.lower_ratio * baseline)?,
        upper_population: finite(ratio.upper_expected * per_expected)?,
        upper_rate: finite(ratio.upper_ratio * baseline)?,
    })
}

/// The control limits of a ratio of observed to expected counts as FunnelPlotR draws them without adjustment.
///
/// The exact interval of a count equal to the expected one, over that count: `qchisq(tail, 2 E) / (2 E)` and
/// `qchisq(1 - tail, 2 (E + 1)) / (2 E)`. Not quite the limits of a funnel, which [`poisson_funnel_limits`] are.
///
/// # Errors
/// [`Refusal`] for an expected count that is not above 0.
///
/// Source: `calculate_limits` of FunnelPlotR 0.6.0.
///
/// [`poisson_funnel_limits`]: crate::poisson_funnel_limits
pub fn chi_squared_ratio_limits(expected: f64, level: Level) -> Result<Interval, Refusal> {
    let twice = 2.0 * positive(expected, "the expected count")?;
    let low = finite(chi_squared_quantile(level.tail(), twice) / twice)?;
    Ok(Interval { low, high: finite(chi_squared_quantile(1.0 - level.tail(), twice + 2.0) / twice)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::poisson_cdf;

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-11 * want.abs(), "{got} for {want}");
    }

    #[test]
    fn on_a_limit_the_observed_count_has_the_tail_probability() {
        for observed in [1.0, 7.0, 250.0, 12_000.0] {
            for level in [Level::P95, Level::P998] {
                let got = phe_ratio_limits(observed, level).unwrap();
                let low = poisson_cdf(observed, got.lower_expected);
                let high = 1.0 - poisson_cdf(observed - 1.0, got.upper_expected);
                assert!((low - level.tail()).abs() < 1e-11 && (high - level.tail()).abs() < 1e-11, "{low} {high}");
                near(got.lower_ratio * got.lower_expected, observed);
                near(got.upper_ratio * got.upper_expected, observed);
            }
        }
    }

    #[test]
    fn a_single_event_has_limits_in_closed_form() {
        // No fewer than one: 1 - exp(-E) is the tail.
        let got = phe_ratio_limits(1.0, Level::P95).unwrap();
        near(got.upper_expected, -(0.975_f64.ln()));
        let rate = phe_rate_limits(1.0, 50.0, 1000.0, 2.0, Level::P95).unwrap();
        near(rate.upper_population, -(0.975_f64.ln()) * 20.0 / 2.0);
        near(rate.upper_rate, 50.0 / -(0.975_f64.ln()));
        near(rate.lower_population, got.lower_expected * 10.0);
        near(rate.lower_rate, got.lower_ratio * 50.0);
    }

    #[test]
    fn chi_squared_limits_have_a_closed_form_at_one_expected() {
        let got = chi_squared_ratio_limits(1.0, Level::P998).unwrap();
        near(got.low, -(0.999_f64.ln()));
        // With two observed at most: exp(-u) (1 + u) is the tail.
        assert!(((-got.high).exp() * (1.0 + got.high) - 0.001).abs() < 1e-14);
        let two = chi_squared_ratio_limits(2.0, Level::P95).unwrap();
        near(two.low * 2.0, phe_ratio_limits(2.0, Level::P95).unwrap().upper_expected);
        near(two.high * 2.0, phe_ratio_limits(2.0, Level::P95).unwrap().lower_expected);
    }

    #[test]
    fn what_has_no_limits_is_refused() {
        assert_eq!(phe_ratio_limits(0.0, Level::P95), Err(Refusal::Zero("the observed count")));
        assert_eq!(phe_ratio_limits(-1.0, Level::P95), Err(Refusal::Negative("the observed count")));
        assert_eq!(phe_ratio_limits(1e-3, Level::P95), Err(Refusal::NotFinite));
        assert_eq!(phe_ratio_limits(f64::INFINITY, Level::P95), Err(Refusal::NotFinite));
        assert_eq!(chi_squared_ratio_limits(0.0, Level::P95), Err(Refusal::Zero("the expected count")));
        let rate =
            |baseline, multiplier, years| phe_rate_limits(4.0, baseline, multiplier, years, Level::P95).unwrap_err();
        assert_eq!(rate(0.0, 1.0, 1.0), Refusal::Zero("the average rate"));
        assert_eq!(rate(1.0, 0.0, 1.0), Refusal::Zero("the multiplier"));
        assert_eq!(rate(1.0, 1.0, 0.0), Refusal::Zero("the number of years"));
        assert_eq!(rate(1e-300, 1e300, 1.0), Refusal::NotFinite);
    }
}
