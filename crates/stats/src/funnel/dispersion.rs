//! How much areas differ beyond chance: the dispersion ratio and the variance between areas.

use super::ordered_sum;
use crate::refusal::{at_least, finite, not_negative, positive, same_length};
use crate::{Refusal, quantile7};

/// What is done with the most distant areas before the dispersion is taken, so that outliers do not define it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trimming {
    /// Distances beyond the quantiles (type 7) at this share and at 1 less it are set to those quantiles; from 0
    /// (none) to below 0.5.
    Winsorised(f64),
    /// Areas in the outer groups of `1 / share` equal groups by rank (ties share their mean rank) are left out, as the
    /// Summary Hospital-level Mortality Indicator does; above 0, to below 0.5. Kept to check against published numbers.
    Truncated(f64),
}

/// Below this share of the variance that is not chance, differences are mostly chance.
pub const LEAST_RELIABILITY: f64 = 0.3;

/// How much areas differ beyond chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispersion {
    /// The mean square of the trimmed distances: 1 where chance alone is at work.
    pub phi: f64,
    /// The variance between areas, on the transformed scale.
    pub tau2: f64,
    /// The share of the variance among areas that is real, 0 to 1: `tau2 / (tau2 + median s^2)`.
    pub reliability: f64,
}

impl Dispersion {
    /// Whether the differences are mostly chance: a reliability below 0.3.
    #[must_use]
    pub fn mostly_chance(&self) -> bool {
        self.reliability < LEAST_RELIABILITY
    }
}

/// Standardised distances with the most distant trimmed; what is left out is `None`.
///
/// # Errors
/// [`Refusal`] for no distances, one that is not finite, or a share out of its range.
///
/// Source: Spiegelhalter 2005, "Handling over-dispersion of performance indicators", Quality and Safety in Health Care
/// 14; truncation as in FunnelPlotR 0.6.0 and the SHMI methodology of NHS England.
pub fn trimmed_scores(z: &[f64], trimming: Trimming) -> Result<Vec<Option<f64>>, Refusal> {
    at_least(z.len(), 1, "areas")?;
    for z in z {
        finite(*z)?;
    }
    match trimming {
        Trimming::Winsorised(share) if (0.0..0.5).contains(&share) => {
            let (low, high) = (quantile7(z, share)?, quantile7(z, 1.0 - share)?);
            // Not clamp, which panics where rounding would set the low quantile above the high one.
            Ok(z.iter().map(|z| Some(z.max(low).min(high))).collect())
        }
        Trimming::Truncated(share) if share > 0.0 && share < 0.5 => {
            let groups = 1.0 / share;
            let group_of = |one: f64| (mean_rank(one, z) * groups / (z.len() as f64 + 1.0)).floor();
            Ok(z.iter().map(|z| Some(*z).filter(|z| (1.0..groups - 1.0).contains(&group_of(*z)))).collect())
        }
        _ => Err(Refusal::Undefined("the share to trim is not below one half")),
    }
}

/// The rank of one value among all, from 1; ties share their mean rank.
fn mean_rank(one: f64, all: &[f64]) -> f64 {
    let (below, same) = all.iter().fold((0.0, 0.0), |(below, same), other| {
        (below + f64::from(u8::from(*other < one)), same + f64::from(u8::from(*other == one)))
    });
    below + (same + 1.0) / 2.0
}

/// The dispersion ratio phi, the mean square of standardised distances: 1 where chance alone is at work.
///
/// # Errors
/// [`Refusal`] for no distances, or one that is not finite or too large to square.
///
/// Source: Spiegelhalter 2005, Quality and Safety in Health Care 14.
pub fn dispersion_ratio(z: &[f64]) -> Result<f64, Refusal> {
    at_least(z.len(), 1, "areas")?;
    finite(ordered_sum(z.iter().map(|z| z * z)) / z.len() as f64)
}

/// The variance between areas tau2, on the scale of the standard errors, from a dispersion ratio.
///
/// With `I` areas and `w = 1 / s^2`: `(I phi - (I - 1)) / (sum w - sum w^2 / sum w)`, or 0 where `I phi` is below
/// `I - 1`. The standard errors are those of the areas that the ratio was taken of, not trimmed.
///
/// # Errors
/// [`Refusal`] for fewer than two areas, a negative ratio, or a standard error that is not above 0.
///
/// Source: Spiegelhalter 2005, Quality and Safety in Health Care 14; DerSimonian and Laird 1986.
pub fn between_variance(phi: f64, s: &[f64]) -> Result<f64, Refusal> {
    at_least(s.len(), 2, "areas")?;
    let phi = not_negative(phi, "the dispersion ratio")?;
    for s in s {
        positive(*s, "a standard error")?;
    }
    let areas = s.len() as f64;
    let excess = areas * phi - (areas - 1.0);
    if excess <= 0.0 {
        return Ok(0.0);
    }
    let weight = |s: &f64| 1.0 / (s * s);
    let sum = ordered_sum(s.iter().map(weight));
    let squares = ordered_sum(s.iter().map(|s| weight(s) * weight(s)));
    finite(excess / (sum - squares / sum)).and_then(|tau2| not_negative(tau2, "the variance between areas"))
}

/// The share of the variance among areas that is real, 0 to 1: `tau2 / (tau2 + median s^2)`.
///
/// # Errors
/// [`Refusal`] for no areas, a negative `tau2`, or a standard error that is not above 0.
///
/// Source: Spearman's reliability, the ratio of true to observed variance; Spiegelhalter et al. 2012, JRSS A 175.
pub fn reliability(tau2: f64, s: &[f64]) -> Result<f64, Refusal> {
    let tau2 = not_negative(tau2, "the variance between areas")?;
    let squares = s.iter().map(|s| positive(*s, "a standard error").map(|s| s * s)).collect::<Result<Vec<_>, _>>()?;
    finite(tau2 / (tau2 + quantile7(&squares, 0.5)?))
}

/// A distance with the variance between areas allowed for, `z s / sqrt(s^2 + tau2)`.
///
/// `z` is the distance in standard errors `s`; where it is `(y - target) / s` this is `(y - target) / sqrt(s^2 + tau2)`.
///
/// # Errors
/// [`Refusal`] for a number that is not finite, a negative `s` or `tau2`, and where both are 0.
///
/// Source: Spiegelhalter 2005, Quality and Safety in Health Care 14:347 (`docs/methods.md`).
pub fn adjusted_z(z: f64, s: f64, tau2: f64) -> Result<f64, Refusal> {
    let (s, tau2) = (not_negative(s, "the standard error")?, not_negative(tau2, "the variance between areas")?);
    finite(finite(z)? * s / positive(s * s + tau2, "the variance")?.sqrt())
}

/// The dispersion of areas from their standardised distances and standard errors, in the same order.
///
/// # Errors
/// As [`trimmed_scores`], [`dispersion_ratio`], [`between_variance`] and [`reliability`], and [`Refusal::LengthsDiffer`].
///
/// Source: Spiegelhalter 2005, Quality and Safety in Health Care 14.
pub fn dispersion_of(z: &[f64], s: &[f64], trimming: Trimming) -> Result<Dispersion, Refusal> {
    same_length(z.len(), s.len(), "distances and standard errors")?;
    let trimmed = trimmed_scores(z, trimming)?;
    let (kept, errors): (Vec<f64>, Vec<f64>) = trimmed.iter().zip(s).filter_map(|(z, s)| Some(((*z)?, *s))).unzip();
    let phi = dispersion_ratio(&kept)?;
    let tau2 = between_variance(phi, &errors)?;
    Ok(Dispersion { phi, tau2, reliability: reliability(tau2, s)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-12 * want.abs().max(1.0), "{got} for {want}");
    }

    /// R 4: `quantile(c(-4, -1, 0, 0.5, 1, 7), c(.1, .9))` is -2.5 and 4.
    #[test]
    fn winsorising_draws_the_outermost_in_to_the_quantiles() {
        let z = [7.0, -1.0, 0.0, 0.5, 1.0, -4.0];
        let got = trimmed_scores(&z, Trimming::Winsorised(0.1)).unwrap();
        assert_eq!(got, [4.0, -1.0, 0.0, 0.5, 1.0, -2.5].map(Some));
        assert_eq!(trimmed_scores(&z, Trimming::Winsorised(0.0)).unwrap(), z.map(Some));
    }

    #[test]
    fn truncating_leaves_out_the_outer_groups_by_rank() {
        // Ranks 1 to 9 of ten groups: rank * 10 / 10 is the group, of which 0 and 9 fall away.
        let z: Vec<f64> = (1..=9).map(f64::from).collect();
        let got = trimmed_scores(&z, Trimming::Truncated(0.1)).unwrap();
        assert_eq!(got[8], None);
        assert!(got[..8].iter().all(Option::is_some));
        // Ranks 1 to 19: rank / 2 rounded down, so that 1, 18 and 19 fall away.
        let z: Vec<f64> = (1..=19).map(f64::from).collect();
        let got = trimmed_scores(&z, Trimming::Truncated(0.1)).unwrap();
        let left_out: Vec<_> = (1..=19).filter(|rank| got[rank - 1].is_none()).collect();
        assert_eq!(left_out, [1, 18, 19]);
    }

    #[test]
    fn ties_share_their_mean_rank() {
        let all = [3.0, 1.0, 3.0, 2.0, 3.0];
        assert_eq!([3.0, 1.0, 2.0].map(|one| mean_rank(one, &all)), [4.0, 1.0, 2.0]);
        // Both lowest share rank 1.5, which is in group 0 of two in three; both highest 3.5, in group 2 of 0 to 2.
        let got = trimmed_scores(&[1.0, 1.0, 2.0, 2.0], Trimming::Truncated(1.0 / 3.0)).unwrap();
        assert_eq!(got, [None; 4]);
    }

    #[test]
    fn a_share_of_half_or_more_or_none_to_truncate_is_refused() {
        for trimming in [
            Trimming::Winsorised(0.5),
            Trimming::Winsorised(-0.1),
            Trimming::Winsorised(f64::NAN),
            Trimming::Truncated(0.5),
            Trimming::Truncated(0.0),
            Trimming::Truncated(f64::NAN),
        ] {
            assert!(trimmed_scores(&[1.0, 2.0], trimming).unwrap_err().to_string().contains("half"), "{trimming:?}");
        }
        assert_eq!(trimmed_scores(&[], Trimming::Winsorised(0.1)), Err(Refusal::Empty));
        assert_eq!(trimmed_scores(&[f64::NAN], Trimming::Truncated(0.1)), Err(Refusal::NotFinite));
    }

    #[test]
    fn the_ratio_is_the_mean_square() {
        assert_eq!(dispersion_ratio(&[1.0, -3.0, 2.0, 0.0]), Ok(3.5));
        assert_eq!(dispersion_ratio(&[]), Err(Refusal::Empty));
        assert_eq!(dispersion_ratio(&[1e200]), Err(Refusal::NotFinite));
    }

    #[test]
    fn the_variance_between_areas_is_what_the_ratio_leaves_unexplained() {
        // Weights 4, 4 and 1: sum 9, squares 33; (3 * 2 - 2) / (9 - 33 / 9) is 0.75.
        near(between_variance(2.0, &[0.5, 1.0, 0.5]).unwrap(), 0.75);
        // At (I - 1) / I there is none, just above there is some.
        assert_eq!(between_variance(0.5, &[1.0, 1.0]), Ok(0.0));
        assert_eq!(between_variance(0.1, &[1.0, 1.0]), Ok(0.0));
        near(between_variance(0.75, &[1.0, 1.0]).unwrap(), 0.5);
    }

    #[test]
    fn a_variance_between_fewer_than_two_areas_is_refused() {
        assert_eq!(between_variance(2.0, &[]), Err(Refusal::Empty));
        assert_eq!(between_variance(2.0, &[1.0]), Err(Refusal::TooFew { what: "areas", least: 2 }));
        assert_eq!(between_variance(2.0, &[1.0, 0.0]), Err(Refusal::Zero("a standard error")));
        assert_eq!(between_variance(-1.0, &[1.0, 1.0]), Err(Refusal::Negative("the dispersion ratio")));
        assert_eq!(between_variance(2.0, &[1e-200, 1.0]), Err(Refusal::NotFinite));
        // One area beside which the other weighs nothing.
        assert!(between_variance(2.0, &[1e-9, 1e9]).is_err_and(|e| e == Refusal::NotFinite));
    }

    #[test]
    fn reliability_is_the_real_share_of_the_variance() {
        near(reliability(0.09, &[0.1, 0.3, 0.9]).unwrap(), 0.5);
        assert_eq!(reliability(0.0, &[0.1]), Ok(0.0));
        assert_eq!(reliability(0.1, &[]), Err(Refusal::Empty));
        assert_eq!(reliability(-0.1, &[0.1]), Err(Refusal::Negative("the variance between areas")));
        assert_eq!(reliability(0.1, &[0.0]), Err(Refusal::Zero("a standard error")));
    }

    #[test]
    fn dispersion_is_of_what_was_not_trimmed() {
        // Eleven areas of one standard error: quantiles at 0.1 and 0.9 are the second and the tenth value.
        let z: Vec<f64> = (-5..=5).map(f64::from).collect();
        let got = dispersion_of(&z, &[0.5; 11], Trimming::Winsorised(0.1)).unwrap();
        // Squares 16 16 9 4 1 0 1 4 9 16 16: 92 / 11; tau2 is (92 - 10) / (44 - 16 / 4) on weights of 4.
        near(got.phi, 92.0 / 11.0);
        near(got.tau2, 82.0 / 40.0);
        near(got.reliability, 2.05 / 2.30);
        // Ranks 1 to 11 of ten groups by twelve: only 1 and 11 fall away.
        let mut s = [0.5; 11];
        s[0] = 1e6;
        let got = dispersion_of(&z, &s, Trimming::Truncated(0.1)).unwrap();
        near(got.phi, 60.0 / 9.0);
        near(got.tau2, 52.0 / 32.0);
        assert_eq!(
            dispersion_of(&z, &[0.5; 10], Trimming::Winsorised(0.1)).unwrap_err().to_string(),
            "distances and standard errors differ in number"
        );
    }

    #[test]
    fn a_distance_shrinks_by_the_variance_between_areas() {
        // sqrt(0.3^2 + 0.16) is 0.5.
        assert!((adjusted_z(2.0, 0.3, 0.16).unwrap() - 1.2).abs() < 1e-15);
        assert_eq!(adjusted_z(-2.0, 0.3, 0.0), Ok(-2.0));
        assert_eq!(adjusted_z(2.0, 0.0, 0.16), Ok(0.0));
        assert_eq!(adjusted_z(2.0, 0.0, 0.0), Err(Refusal::Zero("the variance")));
        assert_eq!(adjusted_z(2.0, -0.3, 0.16), Err(Refusal::Negative("the standard error")));
        assert_eq!(adjusted_z(2.0, 0.3, -0.1), Err(Refusal::Negative("the variance between areas")));
        assert_eq!(adjusted_z(f64::NAN, 0.3, 0.16), Err(Refusal::NotFinite));
    }

    #[test]
    fn differences_are_mostly_chance_below_three_tenths() {
        let of = |reliability| Dispersion { phi: 1.0, tau2: 0.0, reliability };
        assert!(of(0.299).mostly_chance() && !of(0.3).mostly_chance());
    }
}
