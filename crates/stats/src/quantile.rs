//! Sample quantiles.

use crate::Refusal;

/// The sample quantile of type 7: linear interpolation of the order statistics, `h = (n - 1) p`.
///
/// `values` need not be sorted and are in any unit; the result is in the same unit. Two equal
/// neighbours are never interpolated, so that a quantile that falls on a value *is* that value:
/// bands compare with it exactly, as in R's `quantile(type = 7)`.
///
/// # Errors
/// [`Refusal`] for no values, a value that is not finite, or `p` outside 0 to 1.
///
/// Source: Hyndman and Fan 1996, definition 7; LAIT's rule 6 (`research/peers.md` 4.1).
pub fn quantile7(values: &[f64], p: f64) -> Result<f64, Refusal> {
    let sorted = sample(values, p)?;
    let last = sorted.len() - 1;
    let index = last as f64 * p;
    // R guards against a product that misses a whole number by rounding only.
    let fuzz = 4.0 * f64::EPSILON * index.max(1.0);
    let low = (index + fuzz).floor() as usize;
    let high = (low + 1).min(last);
    let (a, b) = (sorted[low], sorted[high]);
    let fraction = index - low as f64;
    if fraction <= fuzz || a == b {
        return Ok(a);
    }
    Ok((1.0 - fraction) * a + fraction * b)
}

/// The values in ascending order: refused where there is none, one is not finite, or `p` is no probability.
pub(crate) fn sample(values: &[f64], p: f64) -> Result<Vec<f64>, Refusal> {
    if !(0.0..=1.0).contains(&p) {
        return Err(Refusal::NotAProbability);
    }
    if values.iter().any(|v| !v.is_finite()) {
        return Err(Refusal::NotFinite);
    }
    if values.is_empty() {
        return Err(Refusal::Empty);
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quantiles_agree_with_r() {
        // R 4: quantile(c(2, 4, 4, 5, 9, 11), c(0, .25, .5, .75, 1), type = 7)
        let values = [9.0, 4.0, 2.0, 11.0, 4.0, 5.0];
        let got: Vec<_> = [0.0, 0.25, 0.5, 0.75, 1.0].iter().map(|p| quantile7(&values, *p).unwrap()).collect();
        assert_eq!(got, [2.0, 4.0, 4.5, 8.0, 11.0]);
    }

    #[test]
    fn what_cannot_be_judged_is_refused() {
        assert_eq!(quantile7(&[], 0.5), Err(Refusal::Empty));
        assert_eq!(quantile7(&[1.0], 1.1), Err(Refusal::NotAProbability));
        assert_eq!(quantile7(&[1.0], f64::NAN), Err(Refusal::NotAProbability));
        assert_eq!(quantile7(&[1.0, f64::NAN], 0.5), Err(Refusal::NotFinite));
    }

    proptest! {
        #[test]
        fn a_quantile_of_one_repeated_value_is_that_value(v in -1e6..1e6f64, n in 1usize..200, p in 0.0..=1.0f64) {
            prop_assert_eq!(quantile7(&vec![v; n], p), Ok(v));
        }

        #[test]
        fn quantiles_stay_inside_the_data_and_rise_with_p(
            values in proptest::collection::vec(-1e6..1e6f64, 1..60), p in 0.0..=1.0f64, q in 0.0..=1.0f64,
        ) {
            let (low, high) = (p.min(q), p.max(q));
            let (a, b) = (quantile7(&values, low).unwrap(), quantile7(&values, high).unwrap());
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(least <= a && a <= b + 1e-9 && b <= most);
        }
    }
}
