//! Whether probabilities mean what they say.

use super::check_probabilities;
use super::logistic::{Penalty, fit};
use crate::Refusal;

/// The line through outcomes on the log odds of their probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationSlope {
    /// The intercept of the line.
    pub intercept: f64,
    /// The slope: 1 is right, below 1 the probabilities are too extreme, above 1 too timid.
    pub slope: f64,
    /// The standard error of the slope.
    pub standard_error: f64,
}

/// Calibration in the large: the log odds to add to every probability for them to be right on the whole.
///
/// It is the intercept of a logistic regression with the log odds of the probabilities as offset; above 0 the
/// probabilities are too low.
///
/// # Errors
/// [`Refusal`] for no rows, lists of different length, a probability outside 0 to 1 or at its ends, which have no log
/// odds, or outcomes that are all alike.
///
/// Source: Cox 1958, Biometrika 45:562; Steyerberg 2019, Clinical Prediction Models, section 15.3.
pub fn calibration_in_the_large(outcome: &[bool], p: &[f64]) -> Result<f64, Refusal> {
    let log_odds = log_odds(outcome, p)?;
    Ok(fit(outcome, &[], Some(&log_odds), Penalty::None)?.intercept)
}

/// The calibration slope: the coefficient of the log odds of the probabilities in a logistic regression.
///
/// # Errors
/// As [`calibration_in_the_large`], where all probabilities are equal, or where they separate the outcomes, so that no
/// slope is steep enough.
///
/// Source: Cox 1958, Biometrika 45:562; Steyerberg 2019, Clinical Prediction Models, section 15.3.
pub fn calibration_slope(outcome: &[bool], p: &[f64]) -> Result<CalibrationSlope, Refusal> {
    let log_odds = log_odds(outcome, p)?;
    let line = fit(outcome, &[&log_odds], None, Penalty::None)?;
    Ok(CalibrationSlope {
        intercept: line.intercept,
        slope: line.coefficients[0],
        standard_error: line.standard_errors[1],
    })
}

fn log_odds(outcome: &[bool], p: &[f64]) -> Result<Vec<f64>, Refusal> {
    check_probabilities(outcome, p)?;
    let one = |p: &f64| match *p {
        0.0 | 1.0 => Err(Refusal::Undefined("a probability of 0 or 1 has no log odds")),
        p => Ok(p.ln() - (-p).ln_1p()),
    };
    p.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prediction::auc::ONE_CLASS;

    const P: [f64; 10] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.15, 0.9];

    fn outcome() -> Vec<bool> {
        [0, 0, 1, 0, 1, 0, 1, 1, 0, 1].map(|y| y == 1).to_vec()
    }

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs(), "{got} for {want}");
    }

    /// Newton's method in mpmath 1.3 at 40 digits.
    #[test]
    fn calibration_agrees_with_an_independent_fit() {
        close(calibration_in_the_large(&outcome(), &P).unwrap(), 0.196_167_542_320_393_8);
        let line = calibration_slope(&outcome(), &P).unwrap();
        close(line.intercept, 0.321_851_742_211_728);
        close(line.slope, 1.547_095_972_630_632_7);
        close(line.standard_error, 0.927_983_311_064_891);
    }

    #[test]
    fn one_probability_for_all_is_right_on_the_whole_where_it_is_the_share_of_outcomes() {
        assert!(calibration_in_the_large(&[true, false, false, false], &[0.25; 4]).unwrap().abs() < 1e-12);
        let low = calibration_in_the_large(&[true, false, false, false], &[0.1; 4]).unwrap();
        close(low, (1.0_f64 / 3.0).ln() - (1.0_f64 / 9.0).ln());
        let tiny = calibration_in_the_large(&[true, false], &[1e-300; 2]).unwrap();
        close(tiny, 300.0 * 10.0_f64.ln());
    }

    #[test]
    fn what_has_no_calibration_is_refused() {
        let ends = Err(Refusal::Undefined("a probability of 0 or 1 has no log odds"));
        assert_eq!(calibration_in_the_large(&[true, false], &[0.0, 0.5]), ends);
        assert_eq!(calibration_in_the_large(&[true, false], &[0.5, 1.0]), ends);
        assert_eq!(calibration_in_the_large(&[true, true], &[0.2, 0.5]), Err(ONE_CLASS));
        assert_eq!(calibration_in_the_large(&[false, false], &[0.2, 0.5]), Err(ONE_CLASS));
        assert_eq!(calibration_in_the_large(&[], &[]), Err(Refusal::Empty));
        assert_eq!(calibration_in_the_large(&[true], &[1.5]), Err(Refusal::NotAProbability));
        let constant = Err(Refusal::Undefined("a covariate does not vary"));
        assert_eq!(calibration_slope(&[true, false], &[0.3, 0.3]), constant);
        assert_eq!(calibration_slope(&[true, false], &[0.5, 0.5]), constant);
        let separated = Err(Refusal::Undefined("the logistic regression does not converge"));
        assert_eq!(calibration_slope(&[false, false, true, true], &[0.1, 0.2, 0.3, 0.4]), separated);
        assert_eq!(calibration_slope(&[false, false, true, true], &[0.1, 0.3, 0.3, 0.4]), separated);
    }
}
