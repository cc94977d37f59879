//! Exact standardised distances of small counts, by the mid-p probability.

use super::exact::proportion;
use crate::Refusal;
use crate::distribution::{Tails, beta_tails, binomial_mass, gamma_tails, normal_quantile, poisson_mass};
use crate::refusal::{finite, not_negative, positive};

/// The standardised distance of a count from a target proportion, exact for small counts.
///
/// `observed` of `n` are whole numbers, `target` a fraction. The result is the normal deviate of the mid-p probability
/// `F(observed - 1) + f(observed) / 2` of Binomial(n, target); it is held within 37.6 of 0, beyond which a probability
/// has no digits left.
///
/// # Errors
/// [`Refusal`] for a count that is negative or not whole, above its denominator, a denominator of 0, or a target
/// outside 0 to 1.
///
/// Source: Lancaster 1961, "Significance tests in discrete distributions"; Spiegelhalter et al. 2012, "Statistical
/// methods for healthcare regulation", JRSS A 175.
pub fn binomial_mid_p_score(observed: f64, n: f64, target: f64) -> Result<f64, Refusal> {
    let (observed, n) = (whole(not_negative(observed, "the numerator")?)?, whole(positive(n, "the denominator")?)?);
    let target = proportion(target)?;
    if observed > n {
        return Err(Refusal::NumeratorAboveDenominator);
    }
    let at_most = |x: f64| match (x < 0.0, x >= n) {
        (true, _) => Tails { lower: 1.0, upper: 0.0 },
        (_, true) => Tails { lower: 0.0, upper: 1.0 },
        _ => beta_tails(x + 1.0, n - x, target, 1.0 - target),
    };
    mid_p_deviate(at_most(observed - 1.0), at_most(observed), binomial_mass(observed, n, target, 1.0 - target))
}

/// The standardised distance of a count from its expected count, exact for small counts.
///
/// As [`binomial_mid_p_score`] with Poisson(expected): `observed` is a whole number, `expected` above 0.
///
/// # Errors
/// [`Refusal`] for an observed count that is negative or not whole, or an expected count not above 0.
///
/// Source: as [`binomial_mid_p_score`].
pub fn poisson_mid_p_score(observed: f64, expected: f64) -> Result<f64, Refusal> {
    let observed = whole(not_negative(observed, "the observed count")?)?;
    let expected = positive(expected, "the expected count")?;
    let at_most = |x: f64| {
        if x < 0.0 { Tails { lower: 1.0, upper: 0.0 } } else { gamma_tails(x + 1.0, expected) }
    };
    mid_p_deviate(at_most(observed - 1.0), at_most(observed), poisson_mass(observed, expected))
}

/// Refuses what is not a count.
fn whole(value: f64) -> Result<f64, Refusal> {
    if value.fract() == 0.0 { Ok(value) } else { Err(Refusal::Undefined("an exact probability asks for whole counts")) }
}

/// The deviate from the tails of what is below a count, of what is at most it, and its probability.
///
/// The tails are of the beta or gamma distribution, which mirror the count's: `upper` is its probability at or below.
/// The smaller of both mid-p probabilities is used, so that a far tail keeps its digits.
fn mid_p_deviate(below: Tails, at_most: Tails, mass: f64) -> Result<f64, Refusal> {
    let (low, high) = (finite(below.upper + mass / 2.0)?, finite(at_most.lower + mass / 2.0)?);
    Ok(if low < high {
        normal_quantile(low.max(f64::MIN_POSITIVE))
    } else {
        -normal_quantile(high.clamp(f64::MIN_POSITIVE, 0.5))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values by mpmath at 40 digits: the normal deviate of `F(x - 1) + f(x) / 2`.
    #[test]
    fn mid_p_scores_agree_with_many_digits() {
        let cases = [
            (poisson_mid_p_score(0.0, 3.0), -1.961_788_884_214_523_7),
            (poisson_mid_p_score(4.0, 2.5), 0.932_175_474_573_534_1),
            (poisson_mid_p_score(1.0, 3.0), -1.152_939_197_636_456),
            (poisson_mid_p_score(0.0, 0.125), -0.147_804_696_749_444_5),
            (poisson_mid_p_score(1.0, 0.125), 1.535_365_464_136_864),
            (poisson_mid_p_score(60.0, 4.0), 14.588_260_401_606_858),
            (binomial_mid_p_score(0.0, 10.0, 0.3), -2.193_831_506_435_136),
            (binomial_mid_p_score(3.0, 12.0, 0.1), 1.488_923_752_981_365_3),
            (binomial_mid_p_score(6.0, 6.0, 0.34), 3.166_132_438_889_039_5),
        ];
        for (got, want) in cases {
            let got = got.unwrap();
            assert!((got - want).abs() < 1e-10 * want.abs(), "{got} for {want}");
        }
    }

    #[test]
    fn a_count_in_the_middle_of_its_distribution_is_at_no_distance() {
        assert!(binomial_mid_p_score(2.0, 4.0, 0.5).unwrap().abs() < 1e-14);
        assert_eq!(binomial_mid_p_score(0.0, 4.0, 0.0), Ok(0.0));
        assert_eq!(binomial_mid_p_score(4.0, 4.0, 1.0), Ok(0.0));
    }

    #[test]
    fn above_and_below_are_mirrored() {
        for x in 0..=9 {
            let (one, other) = (f64::from(x), f64::from(9 - x));
            let sum = binomial_mid_p_score(one, 9.0, 0.2).unwrap() + binomial_mid_p_score(other, 9.0, 0.8).unwrap();
            assert!(sum.abs() < 1e-13);
        }
    }

    #[test]
    fn what_is_impossible_under_the_target_is_far_and_finite() {
        let far = -normal_quantile(f64::MIN_POSITIVE);
        assert!(far > 37.0 && far < 38.0);
        assert_eq!(binomial_mid_p_score(3.0, 4.0, 0.0), Ok(far));
        assert_eq!(binomial_mid_p_score(3.0, 4.0, 1.0), Ok(-far));
        assert_eq!(poisson_mid_p_score(5000.0, 4.0), Ok(far));
        assert_eq!(poisson_mid_p_score(0.0, 4e6), Ok(-far));
    }

    #[test]
    fn what_is_no_count_is_refused() {
        assert!(binomial_mid_p_score(1.5, 4.0, 0.2).unwrap_err().to_string().contains("whole"));
        assert!(binomial_mid_p_score(1.0, 4.5, 0.2).unwrap_err().to_string().contains("whole"));
        assert_eq!(binomial_mid_p_score(5.0, 4.0, 0.2), Err(Refusal::NumeratorAboveDenominator));
        assert_eq!(binomial_mid_p_score(-1.0, 4.0, 0.2), Err(Refusal::Negative("the numerator")));
        assert_eq!(binomial_mid_p_score(0.0, 0.0, 0.2), Err(Refusal::Zero("the denominator")));
        assert_eq!(binomial_mid_p_score(1.0, 4.0, 1.2), Err(Refusal::NotAProbability));
        assert!(poisson_mid_p_score(1.5, 4.0).unwrap_err().to_string().contains("whole"));
        assert_eq!(poisson_mid_p_score(-1.0, 4.0), Err(Refusal::Negative("the observed count")));
        assert_eq!(poisson_mid_p_score(1.0, 0.0), Err(Refusal::Zero("the expected count")));
        assert_eq!(poisson_mid_p_score(f64::NAN, 4.0), Err(Refusal::NotFinite));
    }
}
