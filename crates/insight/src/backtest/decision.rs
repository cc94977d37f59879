//! Decision curves: what visiting by a signal's probability would have been worth.

use lais_stats::net_benefit;
use serde::Serialize;

use super::events::Outcome;
use super::metrics::Forecasts;
use super::signals::Group;
use super::trial::Trial;

/// The thresholds of a curve: from one inspection less than good in five visited to one in two.
pub(super) const THRESHOLDS: [f64; 4] = [0.2, 0.3, 0.4, 0.5];

/// What visiting by a signal would have been worth at one threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionPoint {
    /// The signal's id.
    pub signal: String,
    /// What was foretold.
    pub outcome: Outcome,
    /// Visited is who has a probability of this or more: one visit that finds it is worth `(1 - t) / t` in vain.
    pub threshold: f64,
    /// Inspections of which there is a probability.
    pub n: usize,
    /// Visits that find it, less those in vain at that price, per inspection; visiting nobody is worth 0.
    pub net_benefit: f64,
    /// The same of visiting everybody.
    pub of_visiting_all: f64,
}

/// The curves of baselines and composites.
pub(super) fn curves(trial: &Trial<'_>) -> Vec<DecisionPoint> {
    let many = trial.scored.iter().filter(|scored| scored.signal.group != Group::Indicator);
    many.flat_map(|scored| {
        let Forecasts { outcome, p, .. } = Forecasts::of(trial, scored);
        THRESHOLDS.into_iter().filter_map(move |threshold| {
            let found = net_benefit(&outcome, &p, threshold).ok()?;
            Some(DecisionPoint {
                signal: scored.signal.id.clone(),
                outcome: trial.outcome,
                threshold,
                n: p.len(),
                net_benefit: found.model,
                of_visiting_all: found.all,
            })
        })
    })
    .collect()
}
