//! The exponentially weighted moving average of Pearson residuals of counts.

use crate::Refusal;
use crate::refusal::{not_negative, positive, same_length};
use crate::series::representable;

/// A point of the moving average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EwmaPoint {
    /// The Pearson residual of the period, `(x - mu) / sqrt(mu)`.
    pub residual: f64,
    /// The moving average.
    pub value: f64,
    /// The upper limit at this period.
    pub limit: f64,
    /// Whether the average lies strictly above the limit.
    pub signal: bool,
}

/// The moving average of counts against what is expected, oldest first, with its upper limit; for display only.
///
/// `z_t = lambda u_t + (1 - lambda) z_{t-1}` from `z_0 = 0`, with `u = (x - mu) / sqrt(mu)`. The limit is
/// `width sqrt(lambda / (2 - lambda) (1 - (1 - lambda)^{2t}))`: exact at every period where the counts are independent
/// Poisson ones. Usual are a `lambda` of 0.2 and a `width` of 3. There is no point for no count.
///
/// # Errors
/// [`Refusal`] for lists that differ in length, a number that is not finite, a count below 0, an expected count or a
/// width that is not above 0, and a `lambda` that is not above 0 and at most 1.
///
/// Source: Roberts 1959; Lucas and Saccucci 1990; Montgomery, "Introduction to Statistical Quality Control", 9.2.
pub fn ewma(counts: &[f64], expected: &[f64], lambda: f64, width: f64) -> Result<Vec<EwmaPoint>, Refusal> {
    same_length(counts.len(), expected.len(), "counts and expected counts")?;
    positive(lambda, "the weight of the latest period")?;
    if lambda > 1.0 {
        return Err(Refusal::Undefined("the weight of the latest period is above 1"));
    }
    positive(width, "the width of the limit")?;
    let mut value = 0.0;
    let mut point = |place: usize, count: f64, expected: f64| {
        not_negative(count, "a count")?;
        positive(expected, "an expected count")?;
        let residual = (count - expected) / expected.sqrt();
        value = representable(lambda * residual + (1.0 - lambda) * value)?;
        // 1 - (1 - lambda)^{2t}, which keeps its digits where lambda is small.
        let remembered = -(2.0 * (place as f64 + 1.0) * (-lambda).ln_1p()).exp_m1();
        let limit = representable(width * (lambda / (2.0 - lambda) * remembered).sqrt())?;
        Ok(EwmaPoint { residual, value, limit, signal: value > limit })
    };
    counts.iter().zip(expected).enumerate().map(|(place, (count, expected))| point(place, *count, *expected)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_and_its_limit_agree_with_the_hand() {
        // Residuals 2, -1 and 5; averages 0.4, 0.8 * 0.4 - 0.2 and 0.8 * 0.12 + 1.
        let points = ewma(&[8.0, 6.0, 14.0], &[4.0, 9.0, 4.0], 0.2, 3.0).unwrap();
        let got: Vec<f64> = points.iter().flat_map(|p| [p.residual, p.value, p.limit]).collect();
        // Variances 0.04, 0.04 + 0.0256 and 0.04 + 0.0256 + 0.016384: a sum of squares of what is remembered.
        let limits = [0.04_f64, 0.0656, 0.081_984].map(|variance| 3.0 * variance.sqrt());
        let want = [2.0, 0.4, limits[0], -1.0, 0.12, limits[1], 5.0, 1.096, limits[2]];
        assert!(got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-14), "{got:?}");
        assert_eq!(points.iter().map(|p| p.signal).collect::<Vec<_>>(), [false, false, true]);
    }

    #[test]
    fn an_average_on_its_limit_is_no_signal() {
        // A weight of 1 forgets at once: the average is the residual, the limit the width.
        let signal = |count, width| ewma(&[count], &[4.0], 1.0, width).unwrap()[0].signal;
        assert!(!signal(10.0, 3.0) && signal(10.0, 2.999));
        assert!(!signal(0.0, 1.0));
    }

    #[test]
    fn a_small_weight_keeps_the_digits_of_its_limit() {
        // The first average is lambda times one residual, so that its limit is the width times lambda.
        let limit = ewma(&[1.0], &[1.0], 1e-12, 3.0).unwrap()[0].limit;
        assert!((limit / 3e-12 - 1.0).abs() < 1e-12, "{limit}");
    }

    #[test]
    fn what_cannot_be_averaged_is_refused() {
        let one = |count, expected, lambda, width| ewma(&[count], &[expected], lambda, width).unwrap_err();
        assert_eq!(ewma(&[], &[], 0.2, 3.0), Ok(Vec::new()));
        assert_eq!(ewma(&[1.0], &[], 0.2, 3.0), Err(Refusal::LengthsDiffer("counts and expected counts")));
        assert_eq!(one(-1.0, 1.0, 0.2, 3.0), Refusal::Negative("a count"));
        assert_eq!(one(1.0, 0.0, 0.2, 3.0), Refusal::Zero("an expected count"));
        assert_eq!(one(1.0, f64::NAN, 0.2, 3.0), Refusal::NotFinite);
        assert_eq!(one(1.0, 1.0, 0.0, 3.0), Refusal::Zero("the weight of the latest period"));
        assert_eq!(one(1.0, 1.0, 1.1, 3.0), Refusal::Undefined("the weight of the latest period is above 1"));
        assert_eq!(one(1.0, 1.0, 0.2, 0.0), Refusal::Zero("the width of the limit"));
        assert!(matches!(one(f64::MAX, 1e-300, 0.2, 3.0), Refusal::Undefined(_)));
    }
}
