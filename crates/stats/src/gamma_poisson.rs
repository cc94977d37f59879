//! What is believed about the rate of an event: a gamma distribution, updated by Poisson counts.

use crate::distribution::{gamma_quantile, gamma_tails, normal_cdf, normal_quantile};
use crate::refusal::{finite, not_negative, positive};
use crate::{Interval, Level, Refusal};

/// A belief about the rate of an event in one area, per unit of exposure.
///
/// As a prior it says how the true rates of areas differ; [`RateBelief::updated`] makes it the posterior of one area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RateBelief {
    /// A gamma distribution. As a prior it weighs as much as `shape` events in an exposure of `inverse_scale`.
    Gamma {
        /// The shape `a`, above 0.
        shape: f64,
        /// The inverse scale `b`, above 0, in the unit of the exposure.
        inverse_scale: f64,
    },
    /// Areas do not differ beyond chance: every area has this rate, whatever its own count.
    National {
        /// The common rate, above 0.
        mean: f64,
    },
}

impl RateBelief {
    /// A gamma belief `Gamma(a, b)`, with mean `a / b`.
    ///
    /// # Errors
    /// [`Refusal`] where the shape or the inverse scale is not finite or not above 0.
    pub fn gamma(shape: f64, inverse_scale: f64) -> Result<Self, Refusal> {
        let (shape, inverse_scale) = (positive(shape, "the shape")?, positive(inverse_scale, "the inverse scale")?);
        positive(shape / inverse_scale, "the mean rate")?;
        Ok(Self::Gamma { shape, inverse_scale })
    }

    /// The gamma belief with a mean and a variance: `a = mean^2 / variance`, `b = mean / variance`.
    ///
    /// A variance of 0 is [`RateBelief::National`]: everyone has the mean.
    ///
    /// # Errors
    /// [`Refusal`] where the mean is not above 0 or the variance below 0, or one of them is not finite.
    ///
    /// Source: the moments of the gamma distribution; Marshall 1991, Applied Statistics 40:283.
    pub fn from_moments(mean: f64, variance: f64) -> Result<Self, Refusal> {
        positive(mean, "the mean rate")?;
        if not_negative(variance, "the variance")? == 0.0 {
            return Ok(Self::National { mean });
        }
        let inverse_scale = mean / variance;
        Self::gamma(mean * inverse_scale, inverse_scale)
    }

    /// The belief after `events` in an `exposure`: `Gamma(a + events, b + exposure)`.
    ///
    /// An exposure of 0 without events leaves the belief as it is. An area without events keeps a rate above 0.
    ///
    /// # Errors
    /// [`Refusal`] where the events or the exposure are below 0 or not finite, or where there are events in no exposure.
    ///
    /// Source: Gelman et al. 2013, Bayesian Data Analysis, section 2.6 (Poisson model with exposure).
    pub fn updated(self, events: f64, exposure: f64) -> Result<Self, Refusal> {
        not_negative(events, "the number of events")?;
        not_negative(exposure, "the exposure")?;
        if exposure == 0.0 && events > 0.0 {
            return Err(Refusal::Zero("the exposure"));
        }
        match self {
            Self::Gamma { shape, inverse_scale } => Self::gamma(shape + events, inverse_scale + exposure),
            national @ Self::National { .. } => Ok(national),
        }
    }

    /// The mean rate, `a / b`.
    #[must_use]
    pub fn mean(self) -> f64 {
        match self {
            Self::Gamma { shape, inverse_scale } => shape / inverse_scale,
            Self::National { mean } => mean,
        }
    }

    /// The variance of the rate, `a / b^2`; 0 where every area has the national rate.
    #[must_use]
    pub fn variance(self) -> f64 {
        match self {
            Self::Gamma { shape, inverse_scale } => shape / inverse_scale / inverse_scale,
            Self::National { .. } => 0.0,
        }
    }

    /// The equal-tailed interval of the rate; without width where every area has the national rate.
    ///
    /// # Errors
    /// [`Refusal`] where an end is beyond what a number can hold.
    ///
    /// Source: quantiles of the gamma distribution.
    pub fn interval(self, level: Level) -> Result<Interval, Refusal> {
        match self {
            Self::Gamma { shape, inverse_scale } => {
                let at = |p: f64| finite(quantile(p, shape) / inverse_scale);
                let high = at(1.0 - level.tail())?;
                // At a shape near 0 both ends are nearer to 0 than a number can be, and their order is rounding.
                Ok(Interval { low: at(level.tail())?.min(high), high })
            }
            Self::National { mean } => Ok(Interval { low: mean, high: mean }),
        }
    }

    /// The probability that the rate is above `multiple` times the rate `national`: P(theta > k * national).
    ///
    /// # Errors
    /// [`Refusal`] where the multiple or the national rate is not finite or not above 0.
    ///
    /// Source: upper tail of the gamma distribution.
    pub fn exceeds(self, multiple: f64, national: f64) -> Result<f64, Refusal> {
        let threshold = finite(positive(multiple, "the multiple")? * positive(national, "the national rate")?)?;
        Ok(match self {
            Self::Gamma { shape, inverse_scale } => above(shape, threshold * inverse_scale),
            Self::National { mean } => f64::from(u8::from(mean > threshold)),
        })
    }
}

/// From this shape on the cube root of a gamma variable is normal to some nine digits, and series would be long.
const NORMAL_SHAPE: f64 = 1e9;

/// The quantile of a gamma distribution of scale 1, at any shape.
fn quantile(p: f64, shape: f64) -> f64 {
    if shape < NORMAL_SHAPE {
        return gamma_quantile(p, shape);
    }
    let nth = 1.0 / (9.0 * shape);
    shape * (1.0 - nth + normal_quantile(p) * nth.sqrt()).powi(3)
}

/// The upper tail of a gamma distribution of scale 1, at any shape.
fn above(shape: f64, x: f64) -> f64 {
    // Less than the least number is left here, and beyond it the series would overflow.
    if x > 10.0 * (shape + 100.0) {
        return 0.0;
    }
    if shape < NORMAL_SHAPE {
        return gamma_tails(shape, x).upper.clamp(0.0, 1.0);
    }
    let nth = 1.0 / (9.0 * shape);
    normal_cdf((1.0 - nth - (x / shape).cbrt()) / nth.sqrt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() <= tolerance * want.abs(), "{got} for {want}");
    }

    fn gamma(shape: f64, inverse_scale: f64) -> RateBelief {
        RateBelief::gamma(shape, inverse_scale).unwrap()
    }

    #[test]
    fn the_posterior_adds_events_to_the_shape_and_exposure_to_the_inverse_scale() {
        let posterior = gamma(2.0, 4.0).updated(7.0, 5.0).unwrap();
        assert_eq!(posterior, RateBelief::Gamma { shape: 9.0, inverse_scale: 9.0 });
        assert_eq!((posterior.mean(), posterior.variance()), (1.0, 9.0 / 81.0));
        assert_eq!(gamma(2.0, 4.0).updated(0.0, 0.0).unwrap(), gamma(2.0, 4.0));
    }

    /// scipy 1.17: `stats.gamma(9, scale=1/9).ppf([.025, .975])`, `.sf(1.5)`; `stats.gamma(2.4, scale=1/36.1)`.
    #[test]
    fn intervals_and_exceedances_agree_with_scipy() {
        let interval = gamma(9.0, 9.0).interval(Level::P95).unwrap();
        close(interval.low, 0.457_263_677_486_481_5, 1e-12);
        close(interval.high, 1.751_465_468_910_368, 1e-12);
        close(gamma(9.0, 9.0).exceeds(1.5, 1.0).unwrap(), 0.078_995_489_772_177_98, 1e-12);
        close(gamma(2.4, 36.1).exceeds(2.0, 0.05).unwrap(), 0.187_292_824_040_673_74, 1e-12);
    }

    /// mpmath 1.3: `gammainc(0.01, 20) / gamma(0.01)`; of a small shape the far tail is small and not nothing.
    #[test]
    fn the_far_tail_of_a_small_shape_keeps_its_digits() {
        close(gamma(0.01, 1.0).exceeds(20.0, 1.0).unwrap(), 1.019_712_405_164_315e-12, 1e-10);
    }

    #[test]
    fn an_area_without_events_keeps_a_rate_above_zero() {
        let posterior = gamma(0.5, 10.0).updated(0.0, 90.0).unwrap();
        close(posterior.mean(), 0.005, 1e-15);
        assert!(posterior.interval(Level::P95).unwrap().low > 0.0);
    }

    #[test]
    fn where_areas_do_not_differ_everyone_has_the_national_rate() {
        let prior = RateBelief::from_moments(0.2, 0.0).unwrap();
        assert_eq!(prior, RateBelief::National { mean: 0.2 });
        let posterior = prior.updated(90.0, 10.0).unwrap();
        assert_eq!((posterior.mean(), posterior.variance()), (0.2, 0.0));
        assert_eq!(posterior.interval(Level::P95), Ok(Interval { low: 0.2, high: 0.2 }));
        assert_eq!(posterior.exceeds(1.0, 0.2), Ok(0.0));
        assert_eq!(posterior.exceeds(0.5, 0.2), Ok(1.0));
    }

    #[test]
    fn moments_give_the_gamma_that_has_them() {
        let belief = RateBelief::from_moments(0.3, 0.02).unwrap();
        assert_eq!(belief, gamma(0.3 * 15.0, 15.0));
        close(belief.mean(), 0.3, 1e-15);
        close(belief.variance(), 0.02, 1e-15);
    }

    /// Temme's uniform expansion in mpmath 1.3 (40 digits, against `gammainc` at 1000) on either side of where the cube root takes over.
    #[test]
    fn huge_shapes_keep_their_digits() {
        let mean = |shape: f64| gamma(shape, shape);
        close(mean(9.9e8).exceeds(1.00005, 1.0).unwrap(), 0.057_836_530_024_313_06, 1e-8);
        close(mean(1e9).exceeds(1.00005, 1.0).unwrap(), 0.056_924_956_166_634_52, 1e-8);
        close(mean(4e12).exceeds(1.0 - 1e-6, 1.0).unwrap(), 0.977_249_895_050_415_9, 1e-8);
        let interval = mean(1e9).interval(Level::P95).unwrap();
        close(interval.low, 0.999_938_021_443_927_9, 1e-12);
        close(interval.high, 1.000_061_980_450_378, 1e-12);
    }

    #[test]
    fn far_beyond_any_plausible_rate_nothing_is_left() {
        assert_eq!(gamma(1.0, 1e10).exceeds(1e150, 1e150), Ok(0.0));
        assert_eq!(gamma(1e-69, 1.0).exceeds(1e300, 1.0), Ok(0.0));
        // The tail of a shape of 1 is exp(-x), which is above 0 up to 745.
        close(gamma(1.0, 1.0).exceeds(700.0, 1.0).unwrap(), (-700.0_f64).exp(), 1e-12);
    }

    #[test]
    fn what_is_no_belief_is_refused() {
        assert_eq!(RateBelief::gamma(0.0, 1.0), Err(Refusal::Zero("the shape")));
        assert_eq!(RateBelief::gamma(1.0, -1.0), Err(Refusal::Negative("the inverse scale")));
        assert_eq!(RateBelief::gamma(1e300, 1e-300), Err(Refusal::NotFinite));
        assert_eq!(RateBelief::from_moments(0.0, 0.0), Err(Refusal::Zero("the mean rate")));
        assert_eq!(RateBelief::from_moments(1.0, -0.1), Err(Refusal::Negative("the variance")));
        assert_eq!(gamma(1.0, 1.0).updated(-1.0, 1.0), Err(Refusal::Negative("the number of events")));
        assert_eq!(gamma(1.0, 1.0).updated(1.0, -1.0), Err(Refusal::Negative("the exposure")));
        assert_eq!(gamma(1.0, 1.0).updated(1.0, 0.0), Err(Refusal::Zero("the exposure")));
        assert_eq!(gamma(1.0, 1.0).exceeds(0.0, 1.0), Err(Refusal::Zero("the multiple")));
        assert_eq!(gamma(1.0, 1.0).exceeds(2.0, f64::NAN), Err(Refusal::NotFinite));
        assert_eq!(gamma(1.0, 1.0).exceeds(1e200, 1e200), Err(Refusal::NotFinite));
    }

    proptest! {
        #[test]
        fn the_ends_of_the_interval_leave_its_tails(shape in 0.05..1e4f64, scale in 1e-3..1e3f64) {
            let belief = gamma(shape, scale);
            let interval = belief.interval(Level::P95).unwrap();
            prop_assume!(interval.low > 0.0);
            prop_assert!((belief.exceeds(interval.low, 1.0).unwrap() - 0.975).abs() < 1e-9);
            prop_assert!((belief.exceeds(interval.high, 1.0).unwrap() - 0.025).abs() < 1e-9);
        }

        #[test]
        fn no_input_makes_a_panic_or_a_number_that_is_none(
            shape in any::<f64>(), scale in any::<f64>(), x in any::<f64>(), e in any::<f64>(), k in any::<f64>(),
        ) {
            if let Ok(belief) = RateBelief::gamma(shape, scale).and_then(|b| b.updated(x, e)) {
                prop_assert!(belief.mean().is_finite());
                prop_assert!(belief.interval(Level::P998).is_ok_and(|i| i.low <= i.high && i.high.is_finite()));
                prop_assert!(belief.exceeds(k, 1.0).map_or(true, |p| (0.0..=1.0).contains(&p)));
            }
        }
    }
}
