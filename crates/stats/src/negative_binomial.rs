//! The gamma distribution of rates over areas, fitted to counts by maximum likelihood.
//!
//! Counts that are Poisson given rates, with rates that are gamma over areas, are negative binomial.

use statrs::function::gamma::{digamma, ln_gamma};

use crate::refusal::{at_least, finite, not_negative, positive, same_length};
use crate::{RateBelief, Refusal};

/// A fitted gamma prior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NegativeBinomialFit {
    /// How rates differ over areas; [`RateBelief::National`] where no more than Poisson counts of one rate would.
    pub prior: RateBelief,
    /// Twice the log likelihood above that of one common rate; 0 where everyone has the national rate.
    pub likelihood_ratio: f64,
}

/// Fits `Gamma(a, b)` to the counts and exposures of areas by maximum likelihood.
///
/// Counts `x_i` are negative binomial with mean `E_i a / b` and variance `mean + mean^2 / a`. For each shape `a` the
/// mean rate has one best value, found by Newton's method; every maximum over `ln a` is bracketed on a grid between
/// shapes of 1e-6 and 1e9 and found by bisection, and the greatest is taken. Where none is above the likelihood of one
/// common rate, the counts do not vary more than Poisson counts and everyone has the national rate
/// `sum x / sum E`.
///
/// # Errors
/// [`Refusal`] for fewer than two areas, lists of different length, counts below 0, exposures not above 0, values that
/// are not finite, no event at all, or numbers so large that the fit does not converge.
///
/// Source: Lawless 1987, "Negative binomial and mixed Poisson regression", Canadian Journal of Statistics 15:209.
pub fn fit_negative_binomial(events: &[f64], exposure: &[f64]) -> Result<NegativeBinomialFit, Refusal> {
    same_length(events.len(), exposure.len(), "events and exposures")?;
    at_least(events.len(), 2, "areas")?;
    for (&x, &e) in events.iter().zip(exposure) {
        not_negative(x, "a number of events")?;
        positive(e, "an exposure")?;
    }
    let national =
        finite(positive(finite(events.iter().sum())?, "the number of events")? / exposure.iter().sum::<f64>())?;
    // Expected counts at the national rate take the unit of the exposure out of the search.
    let areas: Vec<Area> =
        events.iter().zip(exposure).map(|(&count, &e)| Area { count, expected: e * national }).collect();

    let common = poisson_log_likelihood(&areas);
    let mut best = NegativeBinomialFit { prior: RateBelief::National { mean: national }, likelihood_ratio: 0.0 };
    for shape in stationary_shapes(&areas)? {
        let factor = best_factor(&areas, shape)?;
        let ratio = 2.0 * (log_likelihood(&areas, shape, factor) - common);
        if ratio > best.likelihood_ratio {
            let prior = RateBelief::gamma(shape, shape / (factor * national))?;
            best = NegativeBinomialFit { prior, likelihood_ratio: ratio };
        }
    }
    Ok(best)
}

/// A count, and the count that the national rate would make one expect.
struct Area {
    count: f64,
    expected: f64,
}

const LEAST_LN_SHAPE: f64 = -14.0;
const MOST_LN_SHAPE: f64 = 20.5;
const STEP: f64 = 0.25;
const NOT_CONVERGED: Refusal = Refusal::Undefined("the negative binomial fit does not converge");

/// The shapes at which the profile likelihood has a maximum: where its slope turns from above to below 0.
fn stationary_shapes(areas: &[Area]) -> Result<Vec<f64>, Refusal> {
    let mut found = Vec::new();
    let (mut least, mut rising) = (LEAST_LN_SHAPE, slope(areas, LEAST_LN_SHAPE)? > 0.0);
    while least < MOST_LN_SHAPE {
        let most = least + STEP;
        let still_rising = slope(areas, most)? > 0.0;
        if rising && !still_rising {
            found.push(bisect(areas, least, most)?.exp());
        }
        (least, rising) = (most, still_rising);
    }
    Ok(found)
}

fn bisect(areas: &[Area], mut rising: f64, mut falling: f64) -> Result<f64, Refusal> {
    loop {
        let middle = f64::midpoint(rising, falling);
        if middle <= rising || middle >= falling {
            return Ok(middle);
        }
        if slope(areas, middle)? > 0.0 {
            rising = middle;
        } else {
            falling = middle;
        }
    }
}

/// The slope of the profile log likelihood in the shape.
///
/// With `t = (x - mean) / (a + mean)` each area adds `digamma(a + x) - digamma(a) - ln(1 + x / a) + ln(1 + t) - t`.
fn slope(areas: &[Area], ln_shape: f64) -> Result<f64, Refusal> {
    let shape = ln_shape.exp();
    let factor = best_factor(areas, shape)?;
    let of_area = |area: &Area| {
        let mean = factor * area.expected;
        digamma_excess(shape, area.count) + ln_1p_excess((area.count - mean) / (shape + mean))
    };
    let sum: f64 = areas.iter().map(of_area).sum();
    if sum.is_finite() { Ok(sum) } else { Err(NOT_CONVERGED) }
}

/// The factor on expected counts that is best at a shape: the root of `sum (x - f E) / (a + f E)`.
///
/// The sum falls and is convex in the factor, so that Newton's steps come to the root from below.
fn best_factor(areas: &[Area], shape: f64) -> Result<f64, Refusal> {
    let mut factor = 1.0_f64;
    for _ in 0..200 {
        let (mut value, mut fall) = (0.0, 0.0);
        for area in areas {
            let over = shape + factor * area.expected;
            value += (area.count - factor * area.expected) / over;
            fall += area.expected * (shape + area.count) / (over * over);
        }
        let next = (factor + value / fall).max(factor / 8.0);
        if !next.is_finite() {
            return Err(NOT_CONVERGED);
        }
        if (next - factor).abs() <= 1e-15 * factor {
            return Ok(next);
        }
        factor = next;
    }
    // The last steps may go to and fro between neighbouring numbers.
    Ok(factor)
}

/// The log likelihood but for what neither shape nor factor changes.
fn log_likelihood(areas: &[Area], shape: f64, factor: f64) -> f64 {
    let of_area = |area: &Area| {
        let mean = factor * area.expected;
        let at_count = if area.count == 0.0 { 0.0 } else { area.count * mean.ln() };
        ln_rising(shape, area.count) - (shape + area.count) * (mean / shape).ln_1p() + at_count
    };
    areas.iter().map(of_area).sum()
}

/// What [`log_likelihood`] comes to where the shape has no end and the factor is 1.
fn poisson_log_likelihood(areas: &[Area]) -> f64 {
    let at_count = |area: &Area| if area.count == 0.0 { 0.0 } else { area.count * area.expected.ln() };
    areas.iter().map(|area| at_count(area) - area.expected).sum()
}

/// From this shape on the asymptotic series of the gamma and digamma functions hold every digit.
const SERIES_SHAPE: f64 = 16.0;

/// `ln gamma(a + x) - ln gamma(a) - x ln a`, which goes to 0 as `a` grows.
fn ln_rising(a: f64, x: f64) -> f64 {
    if a < SERIES_SHAPE {
        return ln_gamma(a + x) - ln_gamma(a) - x * a.ln();
    }
    let beyond = |z: f64| {
        let s = 1.0 / (z * z);
        (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s / 1188.0)))) / z
    };
    (a + x - 0.5) * (x / a).ln_1p() - x + beyond(a + x) - beyond(a)
}

/// `digamma(a + x) - digamma(a) - ln(1 + x / a)`, never below 0.
fn digamma_excess(a: f64, x: f64) -> f64 {
    if a < SERIES_SHAPE {
        return digamma(a + x) - digamma(a) - (x / a).ln_1p();
    }
    let beyond = |z: f64| {
        let s = 1.0 / (z * z);
        s * (1.0 / 12.0 - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s * (1.0 / 240.0 - s / 132.0))))
    };
    x / (2.0 * a * (a + x)) + beyond(a) - beyond(a + x)
}

/// `ln(1 + t) - t`, without loss near 0.
fn ln_1p_excess(t: f64) -> f64 {
    if t.abs() > 0.01 {
        return t.ln_1p() - t;
    }
    let series = (2..=9).rev().fold(0.0, |sum, n| (if n % 2 == 0 { -1.0 } else { 1.0 }) / f64::from(n) + t * sum);
    t * t * series
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() <= tolerance * want.abs(), "{got} for {want}");
    }

    fn fitted(events: &[f64], exposure: &[f64], shape: f64, inverse_scale: f64, likelihood_ratio: f64) {
        let fit = fit_negative_binomial(events, exposure).unwrap();
        let RateBelief::Gamma { shape: got, inverse_scale: scale } = fit.prior else { panic!("{fit:?}") };
        close(got, shape, 1e-9);
        close(scale, inverse_scale, 1e-9);
        close(fit.likelihood_ratio, likelihood_ratio, 1e-7);
    }

    /// The root of both likelihood equations by mpmath 1.3 at 30 digits, begun at the greatest of several maxima that
    /// scipy's Nelder-Mead found; likelihood ratios by `stats.nbinom.logpmf` and `stats.poisson.logpmf`.
    #[test]
    fn fits_agree_with_an_independent_search() {
        let events = [0.0, 3.0, 1.0, 9.0, 0.0, 4.0, 2.0, 14.0, 5.0, 1.0];
        let exposure = [10.0, 12.0, 8.0, 20.0, 5.0, 11.0, 9.0, 25.0, 16.0, 7.0];
        fitted(&events, &exposure, 6.823_722_152_356_85, 23.530_321_774_440_95, 1.034_003_821_163_96);
        let events = [2.0, 2.0, 3.0, 0.0, 30.0, 8.0, 41.0, 5.0];
        let exposure = [1.5, 2.0, 2.5, 3.0, 6.0, 8.0, 30.0, 4.0];
        fitted(&events, &exposure, 1.942_465_120_603_847_7, 1.228_382_449_311_866_7, 20.983_607_809_857_6);
        let events = [120.0, 180.0, 95.0, 400.0, 260.0];
        let exposure = [1000.0, 1300.0, 900.0, 3100.0, 2300.0];
        fitted(&events, &exposure, 425.802_349_232_026, 3_482.890_680_696_212, 0.415_880_215_4);
        fitted(
            &[0.0, 0.0, 0.0, 0.0, 5.0],
            &[1.0; 5],
            0.099_329_811_866_005_72,
            0.099_329_811_866_005_72,
            8.803_131_313_1,
        );
        let events = [1010.0, 985.0, 1003.0, 1060.0, 930.0, 1000.0];
        fitted(&events, &[1000.0; 6], 2_102.751_635_692_052, 2_106.965_566_825_703, 0.514_019_300_8);
    }

    #[test]
    fn an_area_that_outweighs_the_rest_does_not_hide_how_they_differ() {
        let mut events = vec![1e6];
        let mut exposure = vec![1e6];
        for _ in 0..10 {
            events.extend([0.0, 20.0]);
            exposure.extend([10.0; 2]);
        }
        // At a common rate the spread looks less than Poisson: sum (x - mean)^2 - sum x is below 0.
        fitted(&events, &exposure, 0.256_561_890_407_920_8, 0.256_561_890_407_920_8, 192.132_525_2);
    }

    #[test]
    fn counts_that_differ_no_more_than_chance_leave_everyone_the_national_rate() {
        for (events, exposure) in [([10.0, 21.0, 29.0], [100.0, 200.0, 300.0]), ([5.0, 5.0, 5.0], [50.0, 50.0, 50.0])] {
            let fit = fit_negative_binomial(&events, &exposure).unwrap();
            assert_eq!(fit, NegativeBinomialFit { prior: RateBelief::National { mean: 0.1 }, likelihood_ratio: 0.0 });
        }
    }

    #[test]
    fn counts_that_cannot_be_fitted_are_refused() {
        let fit = fit_negative_binomial;
        assert_eq!(fit(&[], &[]), Err(Refusal::Empty));
        assert_eq!(fit(&[1.0], &[1.0]), Err(Refusal::TooFew { what: "areas", least: 2 }));
        assert_eq!(fit(&[1.0], &[1.0, 2.0]), Err(Refusal::LengthsDiffer("events and exposures")));
        assert_eq!(fit(&[0.0, 0.0], &[1.0, 2.0]), Err(Refusal::Zero("the number of events")));
        assert_eq!(fit(&[1.0, 0.0], &[1.0, 0.0]), Err(Refusal::Zero("an exposure")));
        assert_eq!(fit(&[1.0, -1.0], &[1.0, 1.0]), Err(Refusal::Negative("a number of events")));
        assert_eq!(fit(&[1.0, f64::NAN], &[1.0, 1.0]), Err(Refusal::NotFinite));
        assert_eq!(fit(&[1e300, 1.0], &[1.0, 1e300]), Err(NOT_CONVERGED));
    }

    /// mpmath 1.3 at 40 digits, on both sides of where series take over.
    #[test]
    fn differences_of_gamma_functions_keep_their_digits() {
        let cases = [
            (15.9, 3.0, 0.005_087_788_342_441_027, 0.179_476_116_323_365_4),
            (16.0, 3.0, 0.005_028_828_040_661_039, 0.178_407_657_472_818_3),
            (16.0, 1e6, 0.031_574_893_920_237_41, 10_043_108.995_925_373),
            (1e8, 100.0, 4.999_995_016_671_641e-15, 4.949_998_358_250_817e-5),
            (0.01, 7.0, 95.882_696_182_386_82, 34.234_698_152_575_85),
        ];
        for (a, x, digammas, gammas) in cases {
            close(digamma_excess(a, x), digammas, 2e-12);
            assert!((ln_rising(a, x) - gammas).abs() <= 4e-13 * gammas.max(x), "{a} {x}");
        }
        let cases = [
            (0.0101, -5.066_414_699_855_915e-5),
            (0.0099, -4.868_394_962_581_728e-5),
            (-0.0099, -4.933_085_366_808_252e-5),
            (-0.5, -0.193_147_180_559_945_3),
            (1e-7, -4.999_999_666_666_691e-15),
        ];
        for (t, want) in cases {
            close(ln_1p_excess(t), want, 1e-13);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn neither_the_unit_of_the_exposure_nor_the_order_of_areas_changes_the_fit(
            areas in proptest::collection::vec((0u32..60, 1u32..40), 3..12),
        ) {
            let (x, e): (Vec<f64>, Vec<f64>) = areas.iter().map(|(x, e)| (f64::from(*x), f64::from(*e))).unzip();
            prop_assume!(x.iter().sum::<f64>() > 0.0);
            let there = fit_negative_binomial(&x, &e).unwrap();
            let thousands: Vec<f64> = e.iter().rev().map(|e| e * 1000.0).collect();
            let reversed: Vec<f64> = x.iter().rev().copied().collect();
            let back = fit_negative_binomial(&reversed, &thousands).unwrap();
            prop_assert!((there.likelihood_ratio - back.likelihood_ratio).abs() <= 1e-7);
            prop_assert!((there.prior.mean() - 1000.0 * back.prior.mean()).abs() <= 1e-7 * there.prior.mean());
        }

        #[test]
        fn no_input_makes_a_panic(areas in proptest::collection::vec((any::<f64>(), any::<f64>()), 0..5)) {
            let (x, e): (Vec<f64>, Vec<f64>) = areas.iter().map(|(x, e)| (x.abs(), e.abs())).unzip();
            prop_assert!(fit_negative_binomial(&x, &e).map_or(true, |fit| fit.likelihood_ratio.is_finite()));
        }
    }
}
