//! Laney's p' and u' charts: control charts of proportions and rates whose denominators differ widely.

use crate::series::{Fraction, mean, representable, sum};
use crate::{Footing, Interval, Polarity, Refusal, SpecialCause, Variation};

/// The mean range of two standard normal values, rounded as in control-chart tables.
const D2: f64 = 1.128;
/// The limits lie three standard deviations from the centre line.
const SIGMAS: f64 = 3.0;

/// What a Laney chart is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LaneyKind {
    /// p': proportions, with binomial variation within a period; no numerator is above its denominator.
    Proportion,
    /// u': rates, with Poisson variation within a period.
    Rate,
}

/// A point of a Laney chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneyPoint {
    /// The proportion, or the rate per unit of the denominator.
    pub value: f64,
    /// Its distance from the centre line in the standard deviations of sampling alone.
    pub z: f64,
    /// The limits at its denominator, not below 0 and for proportions not above 1.
    pub limits: Interval,
    /// Whether it lies strictly outside the limits, and on which side.
    pub special_cause: Option<SpecialCause>,
    /// What that means by polarity.
    pub variation: Variation,
}

/// A Laney chart.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneyChart {
    /// The centre line: all numerators over all denominators.
    pub centre: f64,
    /// How much more the points vary from one to the next than sampling explains; below 1 if less.
    pub sigma_z: f64,
    /// Whether the limits are firm or on trial.
    pub footing: Footing,
    /// The points, one for each period.
    pub points: Vec<LaneyPoint>,
}

/// The p' or u' chart of a series in equal steps of time, oldest first.
///
/// With `p` the centre line, `s_i = sqrt(p (1 - p) / n_i)` for proportions or `sqrt(p / n_i)` for rates, and
/// `z_i = (p_i - p) / s_i`, `sigma_z` is the mean of `|z_i - z_{i-1}|` over 1.128, and the limits are
/// `p -/+ 3 s_i sigma_z`. Where `sigma_z` is 1 they are those of the ordinary p or u chart.
///
/// # Errors
/// [`Refusal`] for fewer than 8 points, a missing point, a number that is not finite or below 0, a denominator of 0, a
/// numerator above its denominator in a proportion, and a centre line of 0 (or 1 in a proportion), which has no
/// variation.
///
/// Source: Laney 2002, "Improved control charts for attributes".
pub fn laney(points: &[Option<Fraction>], kind: LaneyKind, polarity: Polarity) -> Result<LaneyChart, Refusal> {
    let footing = Footing::of(points.len())?;
    let checked = |point: &Option<Fraction>| {
        let point = point.ok_or(Refusal::Missing("a value of the series"))?;
        if kind == LaneyKind::Proportion { point.as_proportion() } else { point.as_rate() }
    };
    let fractions = points.iter().map(checked).collect::<Result<Vec<_>, _>>()?;
    let numerators = sum(fractions.iter().map(|f| f.numerator));
    let denominators = sum(fractions.iter().map(|f| f.denominator));
    let centre = representable(numerators / denominators)?;
    let variance = match kind {
        LaneyKind::Proportion => centre * ((denominators - numerators) / denominators),
        LaneyKind::Rate => centre,
    };
    if variance == 0.0 {
        return Err(Refusal::Undefined("every count is 0, or every count is the whole denominator"));
    }
    let bare = |f: &Fraction| bare_point(*f, centre, variance);
    let mut points = fractions.iter().map(bare).collect::<Result<Vec<_>, _>>()?;
    let ranges: Vec<f64> = points.windows(2).map(|pair| (pair[1].z - pair[0].z).abs()).collect();
    let sigma_z = representable(mean(&ranges) / D2)?;
    for (point, fraction) in points.iter_mut().zip(&fractions) {
        let half = representable(SIGMAS * sigma_z * (variance / fraction.denominator).sqrt())?;
        point.limits = Interval { low: (centre - half).max(0.0), high: highest(kind, centre + half) };
        point.special_cause = outside(point.value, point.limits, centre);
        point.variation = Variation::of(point.special_cause, polarity);
    }
    Ok(LaneyChart { centre, sigma_z, footing, points })
}

/// A point before its limits are known.
fn bare_point(fraction: Fraction, centre: f64, variance: f64) -> Result<LaneyPoint, Refusal> {
    let value = representable(fraction.numerator / fraction.denominator)?;
    let difference = if is_rounding(value, centre) { 0.0 } else { value - centre };
    let z = representable(difference / (variance / fraction.denominator).sqrt())?;
    let limits = Interval { low: centre, high: centre };
    Ok(LaneyPoint { value, z, limits, special_cause: None, variation: Variation::CommonCause })
}

/// Whether two shares differ by no more than their divisions may have rounded off.
fn is_rounding(value: f64, centre: f64) -> bool {
    (value - centre).abs() <= 8.0 * f64::EPSILON * centre
}

fn highest(kind: LaneyKind, high: f64) -> f64 {
    if kind == LaneyKind::Proportion { high.min(1.0) } else { high }
}

fn outside(value: f64, limits: Interval, centre: f64) -> Option<SpecialCause> {
    if is_rounding(value, centre) {
        None
    } else if value > limits.high {
        Some(SpecialCause::AboveLimits)
    } else if value < limits.low {
        Some(SpecialCause::BelowLimits)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COUNTS: [f64; 10] = [210.0, 305.0, 190.0, 410.0, 260.0, 330.0, 520.0, 400.0, 290.0, 610.0];
    const OF: [f64; 10] = [1000.0, 1500.0, 900.0, 1600.0, 1200.0, 1500.0, 2000.0, 1700.0, 1300.0, 2100.0];

    fn of(counts: &[f64], denominators: &[f64]) -> Vec<Option<Fraction>> {
        let pairs = counts.iter().zip(denominators);
        pairs
            .map(|(numerator, denominator)| Some(Fraction { numerator: *numerator, denominator: *denominator }))
            .collect()
    }

    fn chart(counts: &[f64], denominators: &[f64], kind: LaneyKind) -> Result<LaneyChart, Refusal> {
        laney(&of(counts, denominators), kind, Polarity::LowIsBetter)
    }

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs(), "{got} for {want}");
    }

    /// Values by numpy from the formulas.
    #[test]
    fn charts_agree_with_the_formulas() {
        let p = chart(&COUNTS, &OF, LaneyKind::Proportion).unwrap();
        near(p.centre, 0.238_175_675_675_675_69);
        near(p.sigma_z, 2.354_430_024_807_895);
        assert_eq!(p.footing, Footing::Trial);
        let (first, last) = (p.points[0], p.points[9]);
        near(first.value, 0.21);
        near(first.z, -2.091_694_329_416_327);
        near(first.limits.low, 0.143_031_290_790_473_94);
        near(first.limits.high, 0.333_320_060_560_877_43);
        near(last.z, 5.626_515_123_229_738);
        near(last.limits.low, 0.172_519_812_501_584_7);
        near(last.limits.high, 0.303_831_538_849_766_66);
        // Beyond the limits of an ordinary p chart by far, within those of p'.
        assert!(p.points.iter().all(|point| point.special_cause.is_none()));

        let u = chart(&COUNTS, &OF, LaneyKind::Rate).unwrap();
        near(u.centre, 0.238_175_675_675_675_69);
        near(u.sigma_z, 2.055_006_524_334_65);
        near(u.points[0].z, -1.825_684_114_020_363);
        near(u.points[9].z, 4.910_965_781_812_994);
        near(u.points[9].limits.high, 0.303_831_538_849_766_66);
    }

    #[test]
    fn a_point_outside_its_limits_is_a_special_cause() {
        let mut counts = [100.0, 104.0, 98.0, 101.0, 99.0, 103.0, 97.0, 102.0, 100.0, 101.0, 99.0, 100.0, 160.0];
        let high = chart(&counts, &[1000.0; 13], LaneyKind::Rate).unwrap();
        assert_eq!(high.footing, Footing::Firm);
        assert_eq!(high.points[12].special_cause, Some(SpecialCause::AboveLimits));
        assert_eq!(high.points[12].variation, Variation::Concern);
        assert!(high.points[..12].iter().all(|point| point.special_cause.is_none()));
        counts[12] = 40.0;
        let low = chart(&counts, &[1000.0; 13], LaneyKind::Proportion).unwrap();
        assert_eq!(low.points[12].special_cause, Some(SpecialCause::BelowLimits));
        assert_eq!(low.points[12].variation, Variation::Improvement);
    }

    #[test]
    fn only_strictly_beyond_a_limit_is_outside() {
        let limits = Interval { low: 0.25, high: 0.75 };
        assert_eq!((outside(0.25, limits, 0.5), outside(0.75, limits, 0.5)), (None, None));
        assert_eq!(outside(0.25_f64.next_down(), limits, 0.5), Some(SpecialCause::BelowLimits));
        assert_eq!(outside(0.75_f64.next_up(), limits, 0.5), Some(SpecialCause::AboveLimits));
        let none = Interval { low: 0.5, high: 0.5 };
        assert_eq!(outside(0.5 * (1.0 + 8.0 * f64::EPSILON), none, 0.5), None);
        assert_eq!(outside(0.5 * (1.0 + 9.0 * f64::EPSILON), none, 0.5), Some(SpecialCause::AboveLimits));
        assert_eq!(outside(0.5 * (1.0 - 9.0 * f64::EPSILON), none, 0.5), Some(SpecialCause::BelowLimits));
    }

    #[test]
    fn limits_stay_within_what_is_possible() {
        let counts = [0.0, 3.0, 0.0, 4.0, 0.0, 5.0, 0.0, 3.0];
        let p = chart(&counts, &[5.0; 8], LaneyKind::Proportion).unwrap();
        assert_eq!(p.points[0].limits, Interval { low: 0.0, high: 1.0 });
        let u = chart(&counts, &[1.0; 8], LaneyKind::Rate).unwrap();
        assert!(u.points[0].limits.low == 0.0 && u.points[0].limits.high > 1.0);
    }

    #[test]
    fn equal_shares_of_different_denominators_are_no_special_cause() {
        let denominators = [3.0, 6.0, 9.0, 21.0, 33.0, 300.0, 999.0, 3003.0];
        let p = chart(&denominators.map(|n| n / 3.0), &denominators, LaneyKind::Proportion).unwrap();
        assert_eq!(p.sigma_z, 0.0);
        assert!(p.points.iter().all(|point| point.special_cause.is_none() && point.z == 0.0));
    }

    #[test]
    fn what_cannot_be_charted_is_refused() {
        let kind = LaneyKind::Proportion;
        let none = Err(Refusal::Undefined("every count is 0, or every count is the whole denominator"));
        assert_eq!(chart(&COUNTS[..7], &OF[..7], kind), Err(Refusal::TooFew { what: "points", least: 8 }));
        assert_eq!(chart(&[0.0; 8], &[9.0; 8], kind), none);
        assert_eq!(chart(&[9.0; 8], &[9.0; 8], kind), none);
        assert_eq!(chart(&[0.0; 8], &[9.0; 8], LaneyKind::Rate), none);
        assert!(chart(&[9.0; 8], &[9.0; 8], LaneyKind::Rate).is_ok());
        assert_eq!(chart(&[10.0; 8], &[9.0; 8], kind), Err(Refusal::NumeratorAboveDenominator));
        assert!(chart(&[10.0; 8], &[9.0; 8], LaneyKind::Rate).is_ok());
        assert_eq!(chart(&[1.0; 8], &[0.0; 8], LaneyKind::Rate), Err(Refusal::Zero("a denominator")));
        assert!(chart(&[f64::MAX; 8], &[1.0; 8], LaneyKind::Rate).is_err());
        let mut points = of(&COUNTS, &OF);
        points[4] = None;
        assert_eq!(laney(&points, kind, Polarity::None), Err(Refusal::Missing("a value of the series")));
    }

    proptest! {
        #[test]
        fn whatever_comes_in_nothing_comes_out_that_is_no_number(
            counts in proptest::collection::vec(proptest::num::f64::POSITIVE, 10),
            denominators in proptest::collection::vec(proptest::num::f64::POSITIVE, 10),
        ) {
            if let Ok(chart) = chart(&counts, &denominators, LaneyKind::Rate) {
                prop_assert!(chart.centre.is_finite() && chart.sigma_z.is_finite());
                for point in chart.points {
                    let numbers = [point.value, point.z, point.limits.low, point.limits.high];
                    prop_assert!(numbers.iter().all(|n| n.is_finite()));
                }
            }
        }
    }
}
