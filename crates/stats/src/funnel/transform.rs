//! Scales on which what areas report varies about evenly, and the way back from them.

use std::f64::consts::FRAC_PI_2;

use super::exact::proportion;
use crate::refusal::{finite, not_negative, positive};
use crate::{Interval, Level, Measure, Refusal};

/// The scale on which areas are compared, which follows from what they report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transform {
    /// Events over a population, or observed over expected counts: `Y = sqrt(O / E)` about 1 with `s = 1 / (2 sqrt E)`,
    /// where `E` is the denominator times the target.
    SquareRoot,
    /// Some of a denominator: `Y = asin sqrt(x / n)` with `s = 1 / (2 sqrt n)`.
    Arcsine,
    /// A count over another count: `Y = ln((a + 0.5) / (b + 0.5))` with `s^2 = a / (a + 0.5)^2 + b / (b + 0.5)^2`.
    LogRatioOfCounts,
    /// A mean with its standard error in the denominator's place: `Y` is the value, `s` the error.
    Identity,
    /// Observed over expected counts as the Summary Hospital-level Mortality Indicator takes them: `Y = ln(O / E)` about
    /// 0 with `s = 1 / sqrt E`. Kept to check against published numbers; it has no answer for a count of 0.
    LogStandardisedRatio,
}

/// An area on the transformed scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The area's value.
    pub y: f64,
    /// The target.
    pub target: f64,
    /// The standard error of the value.
    pub s: f64,
}

impl Scored {
    /// The standardised distance from the target, `(y - target) / s`.
    #[must_use]
    pub fn z(self) -> f64 {
        (self.y - self.target) / self.s
    }
}

impl Transform {
    /// The scale on which figures of this kind are compared; none for what is no quotient of counts.
    #[must_use]
    pub const fn of(measure: Measure) -> Option<Self> {
        match measure {
            Measure::Proportion => Some(Self::Arcsine),
            Measure::Rate | Measure::Ratio => Some(Self::SquareRoot),
            Measure::Mean | Measure::Quantile | Measure::Amount => None,
        }
    }

    /// What an area reports on the transformed scale.
    ///
    /// `observed` and `denominator` are the numerator and denominator, the observed and expected count, both counts of a
    /// ratio, or a mean and its standard error; `target` is in the unit of `observed / denominator` (of the mean).
    ///
    /// # Errors
    /// [`Refusal`] for numbers that are negative or not finite (a mean may be negative), a denominator of 0, a proportion
    /// above 1, a target of 0 where the transform divides by it or takes its logarithm, and a logarithm of 0.
    ///
    /// Source: Spiegelhalter 2005, Statistics in Medicine 24, appendix A; Spiegelhalter et al. 2012, JRSS A 175.
    pub fn scored(self, observed: f64, denominator: f64, target: f64) -> Result<Scored, Refusal> {
        let denominator = positive(denominator, if self == Self::Identity { STANDARD_ERROR } else { DENOMINATOR })?;
        let observed = match self {
            Self::Identity => finite(observed)?,
            _ => not_negative(observed, "the numerator")?,
        };
        let scored = match self {
            Self::SquareRoot => {
                let expected = denominator * positive(target, TARGET)?;
                Scored { y: (observed / expected).sqrt(), target: 1.0, s: 0.5 / expected.sqrt() }
            }
            Self::Arcsine => {
                if observed > denominator {
                    return Err(Refusal::NumeratorAboveDenominator);
                }
                let s = 0.5 / denominator.sqrt();
                Scored { y: angle(observed / denominator), target: angle(proportion(target)?), s }
            }
            Self::LogRatioOfCounts => {
                let (a, b) = (observed + 0.5, denominator + 0.5);
                let variance = observed / (a * a) + denominator / (b * b);
                Scored { y: (a / b).ln(), target: positive(target, TARGET)?.ln(), s: variance.sqrt() }
            }
            Self::Identity => Scored { y: observed, target: finite(target)?, s: denominator },
            Self::LogStandardisedRatio => {
                if observed == 0.0 {
                    return Err(Refusal::Undefined("the logarithm of a count of 0 is not defined"));
                }
                let expected = denominator * positive(target, TARGET)?;
                Scored { y: (observed / expected).ln(), target: 0.0, s: 1.0 / expected.sqrt() }
            }
        };
        finite(scored.y)?;
        finite(scored.z())?;
        Ok(scored)
    }

    /// Control limits in the unit of the target, from limits on the transformed scale.
    ///
    /// They are `t -/+ z sqrt(s^2 + tau2)`, with `t` the transformed target, `s` the area's standard error, `tau2` the
    /// variance between areas (0 for limits that allow for none) and `z` the level's deviate, each taken back to the
    /// target's unit. A lower limit of a square root that would be negative is 0 before it is squared, and an angle is
    /// held between 0 and a right angle.
    ///
    /// # Errors
    /// [`Refusal`] for a negative `s` or `tau2`, a target that the transform does not take, and limits too far out for
    /// a number.
    ///
    /// Source: Spiegelhalter 2005, Statistics in Medicine 24, appendix A.
    pub fn limits(self, target: f64, s: f64, tau2: f64, level: Level) -> Result<Interval, Refusal> {
        let (s, tau2) = (not_negative(s, STANDARD_ERROR)?, not_negative(tau2, "the variance between areas")?);
        let reach = level.z() * (s * s + tau2).sqrt();
        let both = |back: &dyn Fn(f64) -> f64| Interval { low: back(-reach), high: back(reach) };
        let limits = match self {
            Self::SquareRoot => {
                let target = positive(target, TARGET)?;
                both(&|away| target * (1.0 + away).max(0.0).powi(2))
            }
            Self::Arcsine => {
                let target = angle(proportion(target)?);
                both(&|away| (target + away).clamp(0.0, FRAC_PI_2).sin().powi(2))
            }
            Self::LogRatioOfCounts | Self::LogStandardisedRatio => {
                let target = positive(target, TARGET)?;
                both(&|away| target * away.exp())
            }
            Self::Identity => {
                let target = finite(target)?;
                both(&|away| target + away)
            }
        };
        Ok(Interval { low: finite(limits.low)?, high: finite(limits.high)? })
    }
}

const DENOMINATOR: &str = "the denominator";
const STANDARD_ERROR: &str = "the standard error";
const TARGET: &str = "the target";

/// The angle of a proportion, between 0 and a right angle.
fn angle(proportion: f64) -> f64 {
    proportion.sqrt().asin()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_4, FRAC_PI_6};

    use proptest::prelude::*;

    use super::*;

    const ALL: [Transform; 5] = [
        Transform::SquareRoot,
        Transform::Arcsine,
        Transform::LogRatioOfCounts,
        Transform::Identity,
        Transform::LogStandardisedRatio,
    ];

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-12 * want.abs().max(1.0), "{got} for {want}");
    }

    fn check(transform: Transform, of: (f64, f64, f64), want: (f64, f64, f64)) {
        let got = transform.scored(of.0, of.1, of.2).unwrap();
        near(got.y, want.0);
        near(got.target, want.1);
        near(got.s, want.2);
        near(got.z(), (want.0 - want.1) / want.2);
    }

    #[test]
    fn quotients_of_counts_have_a_scale_and_nothing_else_has() {
        let of = |measure| Transform::of(measure);
        assert_eq!(of(Measure::Proportion), Some(Transform::Arcsine));
        assert_eq!([of(Measure::Rate), of(Measure::Ratio)], [Some(Transform::SquareRoot); 2]);
        assert_eq!([of(Measure::Mean), of(Measure::Quantile), of(Measure::Amount)], [None; 3]);
    }

    #[test]
    fn each_transform_is_its_formula() {
        check(Transform::SquareRoot, (36.0, 200.0, 0.125), (1.2, 1.0, 0.1));
        check(Transform::Arcsine, (75.0, 100.0, 0.25), (2.0 * FRAC_PI_6, FRAC_PI_6, 0.05));
        check(
            Transform::LogRatioOfCounts,
            (6.0, 12.0, 2.0),
            (0.52_f64.ln(), 2.0_f64.ln(), (6.0 / 42.25 + 12.0 / 156.25_f64).sqrt()),
        );
        check(Transform::Identity, (-3.0, 0.5, 2.0), (-3.0, 2.0, 0.5));
        check(Transform::LogStandardisedRatio, (8.0, 32.0, 0.5), (0.5_f64.ln(), 0.0, 0.25));
    }

    #[test]
    fn nothing_observed_has_a_place_on_every_scale_but_the_logarithm_of_a_ratio() {
        check(Transform::SquareRoot, (0.0, 4.0, 1.0), (0.0, 1.0, 0.25));
        check(Transform::Arcsine, (0.0, 4.0, 0.0), (0.0, 0.0, 0.25));
        check(Transform::Arcsine, (4.0, 4.0, 1.0), (FRAC_PI_2, FRAC_PI_2, 0.25));
        assert!(Transform::LogRatioOfCounts.scored(0.0, 4.0, 1.0).is_ok());
        assert!(matches!(Transform::LogStandardisedRatio.scored(0.0, 4.0, 1.0), Err(Refusal::Undefined(_))));
    }

    #[test]
    fn what_no_area_can_report_is_refused() {
        for transform in ALL {
            let error =
                if transform == Transform::Identity { "the standard error is 0" } else { "the denominator is 0" };
            assert_eq!(transform.scored(0.5, 0.0, 0.5).unwrap_err().to_string(), error);
            assert_eq!(transform.scored(f64::NAN, 1.0, 0.5), Err(Refusal::NotFinite));
            assert_eq!(transform.scored(0.5, 1.0, f64::INFINITY), Err(Refusal::NotFinite));
            if transform != Transform::Identity {
                assert_eq!(transform.scored(-1.0, 1.0, 0.5), Err(Refusal::Negative("the numerator")));
            }
        }
        for divides in [Transform::SquareRoot, Transform::LogRatioOfCounts, Transform::LogStandardisedRatio] {
            assert_eq!(divides.scored(1.0, 2.0, 0.0), Err(Refusal::Zero("the target")));
            assert_eq!(divides.limits(0.0, 0.1, 0.0, Level::P95), Err(Refusal::Zero("the target")));
        }
        assert_eq!(Transform::Arcsine.scored(3.0, 2.0, 0.5), Err(Refusal::NumeratorAboveDenominator));
        assert_eq!(Transform::Arcsine.scored(1.0, 2.0, 1.5), Err(Refusal::NotAProbability));
        assert_eq!(Transform::Arcsine.limits(1.5, 0.1, 0.0, Level::P95), Err(Refusal::NotAProbability));
        assert_eq!(
            Transform::SquareRoot.limits(1.0, -0.1, 0.0, Level::P95).unwrap_err(),
            Refusal::Negative(STANDARD_ERROR)
        );
        assert!(matches!(Transform::Identity.limits(1.0, 0.1, -1.0, Level::P95), Err(Refusal::Negative(_))));
        assert_eq!(Transform::SquareRoot.scored(1e300, 1e-300, 1.0), Err(Refusal::NotFinite));
        assert_eq!(Transform::Identity.scored(1e300, 1e-300, 1.0), Err(Refusal::NotFinite));
        assert_eq!(Transform::LogStandardisedRatio.limits(1.0, 1e3, 0.0, Level::P95), Err(Refusal::NotFinite));
    }

    #[test]
    fn limits_are_taken_back_to_the_unit_of_the_target() {
        let level = Level::new(0.8).unwrap();
        let reach = level.z() * 0.05;
        // sqrt(0.03^2 + 0.04^2) is 0.05.
        let limits = |transform: Transform| transform.limits(0.5, 0.03, 0.0016, level).unwrap();
        near(limits(Transform::SquareRoot).low, 0.5 * (1.0 - reach).powi(2));
        near(limits(Transform::SquareRoot).high, 0.5 * (1.0 + reach).powi(2));
        near(limits(Transform::Arcsine).low, (FRAC_PI_4 - reach).sin().powi(2));
        near(limits(Transform::Arcsine).high, (FRAC_PI_4 + reach).sin().powi(2));
        near(limits(Transform::Identity).low, 0.5 - reach);
        near(limits(Transform::Identity).high, 0.5 + reach);
        for log in [Transform::LogRatioOfCounts, Transform::LogStandardisedRatio] {
            near(limits(log).low, 0.5 * (-reach).exp());
            near(limits(log).high, 0.5 * reach.exp());
        }
    }

    #[test]
    fn limits_do_not_come_back_from_beyond_the_end_of_their_scale() {
        let wide = Transform::SquareRoot.limits(2.0, 1.0, 0.0, Level::P95).unwrap();
        assert_eq!(wide.low, 0.0);
        let low = Transform::Arcsine.limits(0.02, 0.2, 0.0, Level::P95).unwrap();
        assert_eq!((low.low, low.high < 0.5), (0.0, true));
        let high = Transform::Arcsine.limits(0.98, 0.2, 0.0, Level::P95).unwrap();
        assert_eq!((high.low > 0.5, high.high), (true, 1.0));
    }

    proptest! {
        #[test]
        fn limits_narrow_as_the_denominator_grows(
            target in 0.01..0.99f64, n in 1.0..1e6f64, more in 1.01..10.0f64, tau2 in 0.0..0.1f64,
        ) {
            for transform in [Transform::SquareRoot, Transform::Arcsine, Transform::LogStandardisedRatio] {
                let at = |n: f64| {
                    let s = transform.scored(n * target, n, target)?.s;
                    transform.limits(target, s, tau2, Level::P998)
                };
                let (wide, narrow) = (at(n)?, at(n * more)?);
                prop_assert!(wide.low <= narrow.low && narrow.high <= wide.high, "{wide:?} {narrow:?}");
                prop_assert!(wide.high - wide.low > narrow.high - narrow.low || wide == narrow);
                prop_assert!(narrow.contains(target));
            }
        }

        #[test]
        fn a_value_is_beyond_the_limits_where_its_distance_is_beyond_the_deviate(
            x in 0u32..500, more in 0u32..500, target in 0.05..0.95f64,
        ) {
            let (x, n) = (f64::from(x), f64::from(x as u16) + f64::from(more) + 1.0);
            let scored = Transform::Arcsine.scored(x, n, target)?;
            let limits = Transform::Arcsine.limits(target, scored.s, 0.0, Level::P95)?;
            let far = scored.z().abs() - Level::P95.z();
            prop_assume!(far.abs() > 1e-9);
            prop_assert_eq!(far > 0.0, !limits.contains(x / n));
        }
    }
}
