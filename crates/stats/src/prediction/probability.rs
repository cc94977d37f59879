//! Scores of probabilities.

use super::{check_probabilities, count};
use crate::Refusal;
use crate::refusal::positive;

/// The mean squared distance of probabilities from what came: 0 is best, 1 is worst.
///
/// # Errors
/// [`Refusal`] for no rows, lists of different length, or a probability outside 0 to 1.
///
/// Source: Brier 1950, Monthly Weather Review 78:1, for one of two outcomes.
pub fn brier_score(outcome: &[bool], p: &[f64]) -> Result<f64, Refusal> {
    check_probabilities(outcome, p)?;
    let sum: f64 = outcome.iter().zip(p).map(|(y, p)| (p - as_number(*y)).powi(2)).sum();
    Ok(sum / p.len() as f64)
}

/// How much of the Brier score of a constant probability `reference` is saved: `1 - score / score of the reference`.
///
/// The reference of a fair test is a base rate known beforehand; that of the same rows is a harder one to beat. 1 is
/// best, 0 is no better than the reference, and there is no worst.
///
/// # Errors
/// As [`brier_score`], and where the reference foretells every outcome, so that there is nothing to save.
///
/// Source: Murphy 1973, Journal of Applied Meteorology 12:595.
pub fn brier_skill(outcome: &[bool], p: &[f64], reference: f64) -> Result<f64, Refusal> {
    let score = brier_score(outcome, p)?;
    if !(0.0..=1.0).contains(&reference) {
        return Err(Refusal::NotAProbability);
    }
    let (n, with) = (outcome.len() as f64, count(outcome) as f64);
    let of_reference = (with * (1.0 - reference) * (1.0 - reference) + (n - with) * reference * reference) / n;
    Ok(1.0 - score / positive(of_reference, "the score of the reference")?)
}

/// The mean of `-ln(probability of what came)`: 0 is best.
///
/// Probabilities are cut to lie between 2.2e-16 (the spacing of numbers at 1) and 1 less it, so that a certainty that did
/// not come costs 36 and not infinity.
///
/// # Errors
/// [`Refusal`] for no rows, lists of different length, or a probability outside 0 to 1.
///
/// Source: Good 1952, Journal of the Royal Statistical Society B 14:107; cut as in scikit-learn's `log_loss`.
pub fn log_loss(outcome: &[bool], p: &[f64]) -> Result<f64, Refusal> {
    check_probabilities(outcome, p)?;
    let loss = |(y, p): (&bool, &f64)| {
        let p = p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
        if *y { -p.ln() } else { -(-p).ln_1p() }
    };
    Ok(outcome.iter().zip(p).map(loss).sum::<f64>() / p.len() as f64)
}

fn as_number(outcome: bool) -> f64 {
    f64::from(u8::from(outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: [f64; 12] = [0.1, 0.2, 0.3, 0.3, 0.5, 0.6, 0.3, 0.8, 0.6, 0.9, 0.05, 0.4];

    fn outcome() -> Vec<bool> {
        [0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1].map(|y| y == 1).to_vec()
    }

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-14 * want.abs(), "{got} for {want}");
    }

    /// numpy 2 by the formulas.
    #[test]
    fn scores_of_probabilities_agree_with_an_independent_calculation() {
        close(brier_score(&outcome(), &P).unwrap(), 0.158_541_666_666_666_7);
        close(brier_skill(&outcome(), &P, 0.3).unwrap(), 0.453_304_597_701_149_17);
        close(log_loss(&outcome(), &P).unwrap(), 0.471_848_199_050_772_35);
    }

    #[test]
    fn certainty_is_best_where_right_and_worst_where_wrong() {
        assert_eq!(brier_score(&[true, false], &[1.0, 0.0]), Ok(0.0));
        assert_eq!(brier_score(&[true, false], &[0.0, 1.0]), Ok(1.0));
        assert_eq!(brier_skill(&[true, false], &[1.0, 0.0], 0.5), Ok(1.0));
        assert_eq!(brier_skill(&[true, false], &[0.0, 1.0], 0.5), Ok(-3.0));
        // A certainty that did not come costs the logarithm of the spacing of numbers at 1.
        close(log_loss(&[true], &[0.0]).unwrap(), 36.043_653_389_117_15);
        close(log_loss(&[false], &[1.0]).unwrap(), 36.043_653_389_117_15);
        assert!(log_loss(&[true, false], &[1.0, 0.0]).unwrap() < 1e-15);
    }

    #[test]
    fn the_reference_has_no_skill() {
        close(1.0 - brier_skill(&outcome(), &[0.25; 12], 0.25).unwrap(), 1.0);
        let none = Err(Refusal::Zero("the score of the reference"));
        assert_eq!(brier_skill(&[true], &[0.9], 1.0), none);
        assert_eq!(brier_skill(&[false], &[0.9], 0.0), none);
        assert_eq!(brier_skill(&[false], &[1.0], 1.0), Ok(0.0));
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        for score in [brier_score, log_loss] {
            assert_eq!(score(&[], &[]), Err(Refusal::Empty));
            assert_eq!(score(&[true], &[]), Err(Refusal::LengthsDiffer("outcomes and probabilities")));
            assert_eq!(score(&[true], &[1.1]), Err(Refusal::NotAProbability));
            assert_eq!(score(&[true, true], &[0.5, f64::NAN]), Err(Refusal::NotAProbability));
        }
        assert_eq!(brier_skill(&[true], &[0.5], -0.1), Err(Refusal::NotAProbability));
        assert_eq!(brier_skill(&[true], &[-0.5], 0.1), Err(Refusal::NotAProbability));
    }
}
