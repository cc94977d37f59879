//! Decision curves: what acting on a probability is worth.

use super::{check_probabilities, count};
use crate::Refusal;

/// The net benefit at one threshold, in rows rightly acted on per row; acting on none has a net benefit of 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetBenefit {
    /// Of acting on rows whose probability is not below the threshold.
    pub model: f64,
    /// Of acting on every row.
    pub all: f64,
}

/// The net benefit of acting where the probability is at least `threshold`.
///
/// `TP / n - FP / n * t / (1 - t)`: at a threshold of `t` one row rightly acted on is worth `(1 - t) / t` rows acted on
/// in vain. A signal is worth having at that threshold where its net benefit is above 0 and above that of acting on all.
///
/// # Errors
/// [`Refusal`] for no rows, lists of different length, a probability outside 0 to 1, or a threshold that is not above 0
/// and below 1.
///
/// Source: Vickers and Elkin 2006, Medical Decision Making 26:565.
pub fn net_benefit(outcome: &[bool], p: &[f64], threshold: f64) -> Result<NetBenefit, Refusal> {
    check_probabilities(outcome, p)?;
    if !(threshold > 0.0 && threshold < 1.0) {
        return Err(Refusal::Undefined("a threshold lies above 0 and below 1"));
    }
    let odds = threshold / (1.0 - threshold);
    let benefit = |with: usize, acted: usize| (with as f64 - (acted - with) as f64 * odds) / p.len() as f64;
    let acted = p.iter().filter(|p| **p >= threshold).count();
    let with = outcome.iter().zip(p).filter(|(y, p)| **y && **p >= threshold).count();
    Ok(NetBenefit { model: benefit(with, acted), all: benefit(count(outcome), p.len()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTCOME: [bool; 5] = [true, true, false, false, false];
    const P: [f64; 5] = [0.8, 0.3, 0.5, 0.2, 0.1];

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-15, "{got} for {want}");
    }

    #[test]
    fn a_row_acted_on_in_vain_costs_the_odds_of_the_threshold() {
        let got = net_benefit(&OUTCOME, &P, 0.25).unwrap();
        close(got.model, 2.0 / 5.0 - 1.0 / 5.0 / 3.0);
        close(got.all, 2.0 / 5.0 - 3.0 / 5.0 / 3.0);
    }

    #[test]
    fn a_probability_at_the_threshold_is_acted_on() {
        close(net_benefit(&OUTCOME, &P, 0.5).unwrap().model, 1.0 / 5.0 - 1.0 / 5.0);
        close(net_benefit(&OUTCOME, &P, 0.8).unwrap().model, 1.0 / 5.0);
        close(net_benefit(&OUTCOME, &P, 0.81).unwrap().model, 0.0);
    }

    #[test]
    fn a_threshold_without_odds_is_refused() {
        for threshold in [0.0, 1.0, -0.1, f64::NAN] {
            let refused = Refusal::Undefined("a threshold lies above 0 and below 1");
            assert_eq!(net_benefit(&OUTCOME, &P, threshold), Err(refused));
        }
        assert_eq!(net_benefit(&[], &[], 0.5), Err(Refusal::Empty));
        assert_eq!(net_benefit(&[true], &[2.0], 0.5), Err(Refusal::NotAProbability));
    }
}
