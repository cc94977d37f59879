//! How well a signal foretells an outcome: order, probabilities, and how sure one can be of either.

mod auc;
mod bootstrap;
mod calibration;
mod cholesky;
mod logistic;
mod net_benefit;
mod probability;
mod ranking;
mod somers;

pub use auc::{AucComparison, DeLong, auc, compare_auc, delong};
pub use bootstrap::{BootstrapInterval, Resamples, RowWeights};
pub use calibration::{CalibrationSlope, calibration_in_the_large, calibration_slope};
pub use logistic::{Logistic, Penalty, logistic_regression};
pub use net_benefit::{NetBenefit, net_benefit};
pub use probability::{brier_score, brier_skill, log_loss};
pub use ranking::{RankingAtK, ranking_at_k};
pub use somers::somers_d;

use crate::Refusal;
use crate::refusal::{at_least, finite, same_length};

/// Refuses outcomes and scores that differ in number, no rows, and scores that are not finite.
fn check_scores(outcome: &[bool], score: &[f64]) -> Result<(), Refusal> {
    same_length(outcome.len(), score.len(), "outcomes and scores")?;
    at_least(outcome.len(), 1, "rows")?;
    score.iter().try_for_each(|s| finite(*s).map(drop))
}

/// Refuses what [`check_scores`] refuses, and scores that are no probabilities.
fn check_probabilities(outcome: &[bool], p: &[f64]) -> Result<(), Refusal> {
    same_length(outcome.len(), p.len(), "outcomes and probabilities")?;
    at_least(outcome.len(), 1, "rows")?;
    if p.iter().all(|p| (0.0..=1.0).contains(p)) { Ok(()) } else { Err(Refusal::NotAProbability) }
}

/// The positions of the scores from the least to the greatest.
fn ascending(score: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..score.len()).collect();
    order.sort_unstable_by(|a, b| score[*a].total_cmp(&score[*b]));
    order
}

/// The number of rows with the outcome.
fn count(outcome: &[bool]) -> usize {
    outcome.iter().filter(|y| **y).count()
}
