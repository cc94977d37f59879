//! Random effects: how much areas truly differ, their mean, and each area drawn towards it.

use crate::distribution::student_t_quantile;
use crate::refusal::{at_least, finite, not_negative, positive, same_length};
use crate::{Interval, Level, Refusal};

/// How the variance of the mean is scaled by how the estimates scatter about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HartungKnapp {
    /// As published; narrower than the usual interval where the estimates happen to lie close together.
    Plain,
    /// Never narrower than the usual standard error.
    NotNarrower,
}

/// A normal-normal model of estimates `y_i` with known variances `v_i`, in the unit of the estimates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomEffects {
    /// The number of areas.
    pub areas: usize,
    /// Cochran's `Q` about the mean with weights `1 / v`.
    pub q: f64,
    /// The variance of true values between areas by DerSimonian and Laird, never below 0.
    pub tau2: f64,
    /// The share of the variation that is not chance, a fraction: `max(0, (Q - df) / Q)`.
    pub i2: f64,
    /// The mean with weights `1 / (v + tau2)`.
    pub mu: f64,
    /// The standard error of the mean, `1 / sqrt(sum 1 / (v + tau2))`.
    pub se_mu: f64,
    /// The standard error of the mean by Hartung and Knapp, as published.
    pub se_hartung_knapp: f64,
}

/// What is believed about one area: the mean and variance of its normal posterior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalPosterior {
    /// The shrunken estimate.
    pub mean: f64,
    /// The variance, that of the common mean included.
    pub variance: f64,
    /// The weight `B = tau2 / (tau2 + v)` of the area's own estimate.
    pub weight: f64,
    /// The shrunken distance from the mean in units of the true spread, `(mean - mu) / tau`; 0 where `tau2` is 0.
    pub z: f64,
}

/// Fits the random-effects model of DerSimonian and Laird to estimates and their sampling variances.
///
/// With `w = 1 / v` and `mu_w` the mean weighted by them: `Q = sum w (y - mu_w)^2`,
/// `tau2 = max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w))`. Variances are not winsorised.
///
/// # Errors
/// [`Refusal`] for fewer than two areas, lists of different length, values that are not finite, variances
/// not above 0, or one estimate that outweighs all others beyond what numbers can hold.
///
/// Source: DerSimonian and Laird 1986, Controlled Clinical Trials 7:177; Hartung and Knapp 2001, Statistics in Medicine
/// 20:3875; Higgins and Thompson 2002, Statistics in Medicine 21:1539 (`I2`). The R package metafor agrees.
pub fn random_effects(y: &[f64], v: &[f64]) -> Result<RandomEffects, Refusal> {
    same_length(y.len(), v.len(), "estimates and variances")?;
    at_least(y.len(), 2, "areas")?;
    for (&y, &v) in y.iter().zip(v) {
        finite(y)?;
        positive(v, "a variance")?;
    }
    let df = (y.len() - 1) as f64;
    let fixed = weighted(y, v, 0.0)?;
    let q = fixed.scatter;
    let own: f64 = v.iter().map(|v| 1.0 / v / v).sum();
    // Where one estimate outweighs all others beyond what numbers can hold, the rest is rounding.
    let scale = positive(fixed.weight - own / fixed.weight, "the weight of all estimates but one")?;
    let tau2 = finite((q - df) / scale)?.max(0.0);
    let random = weighted(y, v, tau2)?;
    Ok(RandomEffects {
        areas: y.len(),
        q,
        tau2,
        i2: if q > df { (q - df) / q } else { 0.0 },
        mu: random.mean,
        se_mu: 1.0 / random.weight.sqrt(),
        se_hartung_knapp: (random.scatter / df / random.weight).sqrt(),
    })
}

/// An estimate drawn towards the mean of all areas, the more the less sure it is: `mu + B (y - mu)`.
///
/// `B = tau2 / (tau2 + v)` with the sampling variance `v` and the variance between areas `tau2`, all in the square of the
/// unit of `y`; this is the mean of [`RandomEffects::posterior`] where `mu` and `tau2` are known.
///
/// # Errors
/// [`Refusal`] for a number that is not finite, a `v` that is not positive, and a negative `tau2`.
///
/// Source: Robinson 1991, "That BLUP is a good thing", Statistical Science 6:15.
pub fn shrunken_mean(y: f64, v: f64, mu: f64, tau2: f64) -> Result<f64, Refusal> {
    let (v, tau2) = (positive(v, "the variance")?, not_negative(tau2, "the variance between areas")?);
    finite(finite(mu)? + tau2 / (tau2 + v) * (finite(y)? - mu))
}

struct Weighted {
    /// The sum of the weights.
    weight: f64,
    mean: f64,
    /// The weighted sum of squares about the mean.
    scatter: f64,
}

fn weighted(y: &[f64], v: &[f64], tau2: f64) -> Result<Weighted, Refusal> {
    let weight: f64 = v.iter().map(|v| 1.0 / (v + tau2)).sum();
    let mean = y.iter().zip(v).map(|(y, v)| y / (v + tau2)).sum::<f64>() / positive(weight, "the sum of weights")?;
    let scatter = y.iter().zip(v).map(|(y, v)| (y - mean) * (y - mean) / (v + tau2)).sum();
    Ok(Weighted { weight, mean: finite(mean)?, scatter: finite(scatter)? })
}

impl RandomEffects {
    /// The interval of the mean from Student's distribution with `k - 1` degrees of freedom.
    ///
    /// # Errors
    /// [`Refusal`] where an end is beyond what a number can hold.
    ///
    /// Source: Hartung and Knapp 2001, Statistics in Medicine 20:3875; [`HartungKnapp::NotNarrower`]: Jackson et al. 2017,
    /// Statistics in Medicine 36:3923.
    pub fn interval(&self, level: Level, variant: HartungKnapp) -> Result<Interval, Refusal> {
        let se = match variant {
            HartungKnapp::Plain => self.se_hartung_knapp,
            HartungKnapp::NotNarrower => self.se_hartung_knapp.max(self.se_mu),
        };
        let df = (self.areas - 1) as f64;
        let half = -student_t_quantile(level.tail(), df) * se;
        Ok(Interval { low: finite(self.mu - half)?, high: finite(self.mu + half)? })
    }

    /// The posterior of an area with estimate `y` and sampling variance `v`.
    ///
    /// `mean = mu + B (y - mu)` with `B = tau2 / (tau2 + v)`; `variance = B v + (1 - B)^2 Var(mu)`, where `Var(mu)` is
    /// the greater of the usual variance of the mean and that of Hartung and Knapp. Where `tau2` is 0 every area has the
    /// common mean. The figure that was published stays the figure to show; this is for ranks and scores.
    ///
    /// # Errors
    /// [`Refusal`] for values that are not finite or a variance not above 0.
    ///
    /// Source: Robinson 1991, "That BLUP is a good thing", Statistical Science 6:15; variance as in metafor's `blup`.
    pub fn posterior(&self, y: f64, v: f64) -> Result<NormalPosterior, Refusal> {
        finite(y)?;
        positive(v, "a variance")?;
        let weight = not_negative(self.tau2 / (self.tau2 + v), "the weight")?;
        let shift = weight * (y - self.mu);
        let se = self.se_mu.max(self.se_hartung_knapp);
        Ok(NormalPosterior {
            mean: finite(self.mu + shift)?,
            variance: finite(weight * v + (1.0 - weight) * (1.0 - weight) * se * se)?,
            weight,
            z: if self.tau2 == 0.0 { 0.0 } else { finite(shift / self.tau2.sqrt())? },
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const Y: [f64; 4] = [0.3, -0.1, 0.8, 0.45];
    const V: [f64; 4] = [0.02, 0.05, 0.04, 0.01];

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs(), "{got} for {want}");
    }

    #[test]
    fn what_all_estimates_have_in_common_is_no_scatter_of_theirs() {
        let (v, own) = ([1.0, 2.0, 0.5], [1.0, 2.0, 4.0]);
        let near = random_effects(&own, &v).unwrap();
        let far = random_effects(&own.map(|y| y + 1e8), &v).unwrap();
        assert!((far.q - near.q).abs() < 1e-6 && (far.tau2 - near.tau2).abs() < 1e-6, "{far:?} for {near:?}");
    }

    #[test]
    fn an_estimate_is_drawn_to_the_mean_by_the_share_of_its_variance_that_is_chance() {
        assert_eq!(shrunken_mean(0.5, 1.0, 0.25, 3.0), Ok(0.4375));
        assert_eq!(shrunken_mean(0.5, 1.0, 0.25, 0.0), Ok(0.25));
        assert_eq!(shrunken_mean(0.5, 0.0, 0.25, 3.0), Err(Refusal::Zero("the variance")));
        assert_eq!(shrunken_mean(0.5, -1.0, 0.25, 3.0), Err(Refusal::Negative("the variance")));
        assert_eq!(shrunken_mean(0.5, 1.0, 0.25, -3.0), Err(Refusal::Negative("the variance between areas")));
        assert_eq!(shrunken_mean(f64::INFINITY, 1.0, 0.25, 3.0), Err(Refusal::NotFinite));
    }

    /// numpy 2 by the formulas, with scipy 1.17's `stats.t.ppf`.
    #[test]
    fn four_areas_agree_with_an_independent_calculation() {
        let fit = random_effects(&Y, &V).unwrap();
        close(fit.q, 9.75);
        close(fit.tau2, 0.053_724_489_795_918_37);
        close(fit.i2, 0.692_307_692_307_692_3);
        close(fit.mu, 0.377_315_418_466_526_46);
        close(fit.se_mu, 0.142_037_627_214_680_97);
        close(fit.se_hartung_knapp, 0.169_390_955_666_469_86);
        let interval = fit.interval(Level::P95, HartungKnapp::Plain).unwrap();
        close(interval.low, -0.161_762_202_542_706_96);
        close(interval.high, 0.916_393_039_475_759_8);
        assert_eq!(fit.interval(Level::P95, HartungKnapp::NotNarrower), Ok(interval));
    }

    #[test]
    fn an_area_is_drawn_towards_the_mean_by_its_own_uncertainty() {
        let fit = random_effects(&Y, &V).unwrap();
        let first = fit.posterior(Y[0], V[0]).unwrap();
        close(first.weight, 0.728_719_723_183_391);
        close(first.mean, 0.320_974_148_123_791_27);
        close(first.variance, 0.016_686_019_858_611_317);
        close(first.z, -0.243_075_106_669_841_4);
    }

    #[test]
    fn where_areas_do_not_differ_all_have_the_common_mean() {
        let fit = random_effects(&[0.1, 0.2, 0.15], &[0.1, 0.2, 0.1]).unwrap();
        assert_eq!((fit.tau2, fit.i2), (0.0, 0.0));
        let posterior = fit.posterior(9.0, 0.1).unwrap();
        assert_eq!((posterior.mean, posterior.weight, posterior.z), (fit.mu, 0.0, 0.0));
        // Estimates this close together would make the published interval narrower than the usual one.
        assert!(fit.se_hartung_knapp < fit.se_mu);
        close(posterior.variance, 0.04);
        let plain = fit.interval(Level::P95, HartungKnapp::Plain).unwrap();
        let usual = fit.interval(Level::P95, HartungKnapp::NotNarrower).unwrap();
        close((usual.high - usual.low) / (plain.high - plain.low), fit.se_mu / fit.se_hartung_knapp);
        assert_eq!(random_effects(&[1.0, 1.0], &[1.0, 2.0]).unwrap().q, 0.0);
    }

    #[test]
    fn the_mean_of_two_equally_sure_areas_lies_in_the_middle() {
        let fit = random_effects(&[0.0, 2.0], &[0.5, 0.5]).unwrap();
        assert_eq!((fit.q, fit.tau2, fit.mu, fit.i2), (4.0, 1.5, 1.0, 0.75));
        assert_eq!((fit.se_mu, fit.se_hartung_knapp), (1.0, 1.0));
    }

    #[test]
    fn what_cannot_be_pooled_is_refused() {
        assert_eq!(random_effects(&[], &[]), Err(Refusal::Empty));
        assert_eq!(random_effects(&[1.0], &[1.0]), Err(Refusal::TooFew { what: "areas", least: 2 }));
        assert_eq!(random_effects(&[1.0, 2.0], &[1.0]), Err(Refusal::LengthsDiffer("estimates and variances")));
        assert_eq!(random_effects(&[1.0, 2.0], &[1.0, 0.0]), Err(Refusal::Zero("a variance")));
        assert_eq!(random_effects(&[1.0, f64::INFINITY], &[1.0, 1.0]), Err(Refusal::NotFinite));
        assert_eq!(random_effects(&[1.0, 2.0], &[1.0, 1e-320]), Err(Refusal::NotFinite));
        assert!(random_effects(&[1.0, 2.0, 3.0], &[1.0, 1e-200, 1.0]).is_err());
        assert!(random_effects(&[1.0, 2.0, 3.0], &[1.0, 1e-20, 1.0]).is_err());
        assert_eq!(random_effects(&[1e300, -1e300], &[1.0, 1.0]), Err(Refusal::NotFinite));
        let fit = random_effects(&Y, &V).unwrap();
        assert_eq!(fit.posterior(f64::NAN, 1.0), Err(Refusal::NotFinite));
        assert_eq!(fit.posterior(1.0, 0.0), Err(Refusal::Zero("a variance")));
    }

    proptest! {
        #[test]
        fn a_posterior_lies_between_the_estimate_and_the_mean(
            areas in proptest::collection::vec((-5.0..5.0f64, 0.01..3.0f64), 2..40),
        ) {
            let (y, v): (Vec<f64>, Vec<f64>) = areas.into_iter().unzip();
            let fit = random_effects(&y, &v).unwrap();
            for (y, v) in y.iter().zip(&v) {
                let got = fit.posterior(*y, *v).unwrap();
                prop_assert!(y.min(fit.mu) - 1e-12 <= got.mean && got.mean <= y.max(fit.mu) + 1e-12);
                prop_assert!(got.variance > 0.0);
            }
        }

        #[test]
        fn no_input_makes_a_panic_or_a_number_that_is_none(
            areas in proptest::collection::vec((any::<f64>(), any::<f64>()), 0..5),
        ) {
            let (y, v): (Vec<f64>, Vec<f64>) = areas.iter().map(|(y, v)| (*y, v.abs())).unzip();
            if let Ok(fit) = random_effects(&y, &v) {
                prop_assert!(fit.tau2.is_finite() && fit.mu.is_finite() && fit.se_mu.is_finite(), "{fit:?}");
                prop_assert!(fit.se_hartung_knapp.is_finite() && (0.0..=1.0).contains(&fit.i2), "{fit:?}");
            }
        }
    }
}
