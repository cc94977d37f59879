//! Probabilities of many tests at once.

use crate::distribution::normal_cdf;
use crate::refusal::finite;
use crate::{Polarity, Refusal};

/// How the probabilities of many tests are adjusted for their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Adjustment {
    /// Controls the share of false ones among all flags, for tests that are independent or positively dependent.
    BenjaminiHochberg,
    /// The same under any dependence, at a cost that grows with the logarithm of the number of tests.
    BenjaminiYekutieli,
    /// Controls the chance of any false flag, one test after the other.
    Holm,
    /// Controls the chance of any false flag, all tests alike.
    Bonferroni,
}

/// The probabilities of many tests, adjusted for their number; one that is missing stays so and is not counted.
///
/// With `m` probabilities in ascending order: Benjamini and Hochberg `min over j >= i of m p_j / j`, Benjamini and
/// Yekutieli the same times `1 + 1/2 + … + 1/m`, Holm `max over j <= i of (m + 1 - j) p_j`, Bonferroni `m p_i`; none is
/// above 1. Flagging what is at most `q` holds the error at `q`.
///
/// # Errors
/// [`Refusal::NotAProbability`] for one outside 0 to 1. No tests at all are no error.
///
/// Source: Benjamini and Hochberg 1995, JRSS B 57; Benjamini and Yekutieli 2001, Annals of Statistics 29; Holm 1979;
/// R's `p.adjust`.
pub fn adjusted_probabilities(p: &[Option<f64>], adjustment: Adjustment) -> Result<Vec<Option<f64>>, Refusal> {
    if p.iter().flatten().any(|p| !(0.0..=1.0).contains(p)) {
        return Err(Refusal::NotAProbability);
    }
    let mut ranked: Vec<(usize, f64)> = p.iter().enumerate().filter_map(|(i, p)| Some((i, (*p)?))).collect();
    ranked.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let tests = ranked.len() as f64;
    let mut adjusted = vec![None; p.len()];
    match adjustment {
        Adjustment::BenjaminiHochberg | Adjustment::BenjaminiYekutieli => {
            let dependence = match adjustment {
                Adjustment::BenjaminiYekutieli => (1..=ranked.len()).map(|rank| 1.0 / rank as f64).sum(),
                _ => 1.0,
            };
            let mut least = 1.0_f64;
            for (below, (i, p)) in ranked.iter().enumerate().rev() {
                least = least.min(dependence * tests / (below + 1) as f64 * p);
                adjusted[*i] = Some(least);
            }
        }
        Adjustment::Holm => {
            let mut most = 0.0_f64;
            for (below, (i, p)) in ranked.iter().enumerate() {
                most = most.max((tests - below as f64) * p).min(1.0);
                adjusted[*i] = Some(most);
            }
        }
        Adjustment::Bonferroni => {
            for (i, p) in &ranked {
                adjusted[*i] = Some((tests * p).min(1.0));
            }
        }
    }
    Ok(adjusted)
}

/// The probability of a distance at least as far to the worse side, were an area like the others.
///
/// `z` is the standardised distance of the published value, positive above the target. Where high is better it is the
/// normal probability at or below `z`, where low is better at or above; without polarity no side is worse, and there is
/// none.
///
/// # Errors
/// [`Refusal::NotFinite`] for a distance that is not a finite number.
///
/// Source: the one-sided normal test; Marshall, Best, Bottle and Aylin 2004, JRSS A 167.
pub fn concern_probability(z: f64, polarity: Polarity) -> Result<Option<f64>, Refusal> {
    let z = finite(z)?;
    Ok(match polarity {
        Polarity::HighIsBetter => Some(normal_cdf(z)),
        Polarity::LowIsBetter => Some(normal_cdf(-z)),
        Polarity::None => None,
    })
}

/// How many of a number of tests chance alone would flag at a probability: their product.
///
/// # Errors
/// [`Refusal::NotAProbability`] for a threshold outside 0 to 1.
///
/// Source: the expectation of a binomial count.
pub fn expected_by_chance(tests: usize, threshold: f64) -> Result<f64, Refusal> {
    if (0.0..=1.0).contains(&threshold) { Ok(tests as f64 * threshold) } else { Err(Refusal::NotAProbability) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Adjustment; 4] =
        [Adjustment::BenjaminiHochberg, Adjustment::BenjaminiYekutieli, Adjustment::Holm, Adjustment::Bonferroni];

    /// R 4: `p.adjust(c(.03, .001, NA, .02, .9, .021), method)`.
    #[test]
    fn adjusted_probabilities_agree_with_r() {
        let p = [Some(0.03), Some(0.001), None, Some(0.02), Some(0.9), Some(0.021)];
        let harmonic = 137.0 / 60.0;
        let want = [
            [0.0375, 0.005, 0.035, 0.9, 0.035],
            [0.0375 * harmonic, 0.005 * harmonic, 0.035 * harmonic, 1.0, 0.035 * harmonic],
            [0.08, 0.005, 0.08, 0.9, 0.08],
            [0.15, 0.005, 0.1, 1.0, 0.105],
        ];
        for (adjustment, want) in ALL.into_iter().zip(want) {
            let got = adjusted_probabilities(&p, adjustment).unwrap();
            assert_eq!(got[2], None);
            for (got, want) in got.iter().flatten().zip(want) {
                assert!((got - want).abs() < 1e-15, "{adjustment:?}: {got} for {want}");
            }
        }
    }

    #[test]
    fn nothing_tested_is_nothing_adjusted() {
        for adjustment in ALL {
            assert_eq!(adjusted_probabilities(&[], adjustment), Ok(vec![]));
            assert_eq!(adjusted_probabilities(&[None, None], adjustment), Ok(vec![None, None]));
            assert_eq!(adjusted_probabilities(&[Some(0.2)], adjustment), Ok(vec![Some(0.2)]));
            assert_eq!(adjusted_probabilities(&[Some(0.0), Some(1.0)], adjustment), Ok(vec![Some(0.0), Some(1.0)]));
            for p in [-0.1, 1.1, f64::NAN] {
                assert_eq!(adjusted_probabilities(&[None, Some(p)], adjustment), Err(Refusal::NotAProbability));
            }
        }
    }

    #[test]
    fn concern_lies_on_the_worse_side() {
        let of = |z, polarity| concern_probability(z, polarity).unwrap();
        assert!((of(1.96, Polarity::LowIsBetter).unwrap() - 0.024_997_895_148_220_43).abs() < 1e-15);
        assert!((of(-1.96, Polarity::HighIsBetter).unwrap() - 0.024_997_895_148_220_43).abs() < 1e-15);
        assert!(of(3.0, Polarity::HighIsBetter) > Some(0.99));
        assert_eq!(of(3.0, Polarity::None), None);
        assert_eq!(concern_probability(f64::NAN, Polarity::None), Err(Refusal::NotFinite));
    }

    #[test]
    fn chance_alone_flags_twelve_of_all_areas_and_indicators() {
        assert!((expected_by_chance(153 * 80, 0.001).unwrap() - 12.24).abs() < 1e-12);
        assert_eq!(expected_by_chance(10, 1.0), Ok(10.0));
        assert_eq!(expected_by_chance(10, 1.5), Err(Refusal::NotAProbability));
        assert_eq!(expected_by_chance(10, f64::NAN), Err(Refusal::NotAProbability));
    }

    proptest! {
        #[test]
        fn a_test_that_is_missing_changes_nothing_and_order_does_not_matter(
            mut p in proptest::collection::vec(0.0..=1.0f64, 1..40), at in 0usize..40,
        ) {
            for adjustment in ALL {
                let all: Vec<_> = p.iter().copied().map(Some).collect();
                let whole = adjusted_probabilities(&all, adjustment)?;
                let at = at % (p.len() + 1);
                let mut with_gap = all.clone();
                with_gap.insert(at, None);
                let mut gapped = adjusted_probabilities(&with_gap, adjustment)?;
                prop_assert_eq!(gapped.remove(at), None);
                prop_assert_eq!(&gapped, &whole);
                p.reverse();
                let reversed: Vec<_> = p.iter().copied().map(Some).collect();
                let mut back = adjusted_probabilities(&reversed, adjustment)?;
                back.reverse();
                prop_assert_eq!(&back, &whole);
                p.reverse();
                for (p, adjusted) in p.iter().zip(whole.iter().flatten()) {
                    prop_assert!(adjusted >= p && *adjusted <= 1.0);
                }
            }
        }
    }
}
