//! A composite score of many indicators, as a sum of contributions that can be read one by one.
//!
//! Every indicator enters as a shrunken z-score, oriented so that above 0 is of concern, and cut at 3.

mod ranks;
mod sensitivity;

pub use ranks::{CompositeRanks, ScoredArea, score_ranks};
pub use sensitivity::{WeightSensitivity, weight_sensitivity};

use crate::refusal::{at_least, finite, not_negative, positive, same_length};
use crate::{Interval, LEAST_RELIABILITY, Polarity, Refusal};

/// One indicator of a plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompositeIndicator {
    /// The position of its domain in the list of domain weights.
    pub domain: usize,
    /// Which end is better. Without polarity the indicator is no part of the score.
    pub polarity: Polarity,
    /// The share of the variance between areas that is not chance. Below 0.3, or where it is not known, the indicator
    /// has weight 0 and is no part of the score.
    pub reliability: Option<f64>,
}

/// The weights of a composite score, fixed before any area is scored.
#[derive(Clone, Debug, PartialEq)]
pub struct CompositePlan {
    /// The weights of the domains; those of domains with an indicator in the score sum to 1.
    domains: Vec<f64>,
    /// Of each indicator in the score its domain, its slot and the sign that makes concern positive.
    indicators: Vec<Option<Part>>,
    /// Correlations of z-scores, row by row, where they were given.
    correlations: Option<Vec<f64>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    domain: usize,
    slot: usize,
    sign: f64,
}

/// What one observed indicator adds to a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// The position of the indicator in the plan.
    pub indicator: usize,
    /// Its oriented z-score, from -3 to 3; above 0 is of concern.
    pub concern: f64,
    /// Its weight in this score; the weights of a score sum to 1.
    pub weight: f64,
    /// `weight * concern`.
    pub value: f64,
}

/// How much of a plan is observed in one area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// The share of the plan's weight that is observed, from 0 to 1.
    pub coverage: f64,
    /// The number of indicators with a weight that are observed.
    pub indicators: usize,
}

/// The composite score of one area.
#[derive(Clone, Debug, PartialEq)]
pub struct CompositeScore {
    /// The weighted mean of the domains, from -3 to 3; above 0 is of concern.
    pub score: f64,
    /// The share of the plan's weight that is observed, from 0 to 1.
    pub coverage: f64,
    /// The share of each domain that is observed, from 0 to 1; 0 where it has no indicator in the score.
    pub domain_coverage: Vec<f64>,
    /// The mean of each domain; none where nothing of it is observed or it has no indicator in the score.
    pub domains: Vec<Option<f64>>,
    /// What each observed indicator adds, in the plan's order; the values sum to the score.
    pub contributions: Vec<Contribution>,
    /// The contribution with the greatest concern, the first of equal ones: a mean may hide a single failure.
    pub max_concern: Contribution,
    /// `score / sqrt(w' R w)`: how unusual the score is; refused without correlations, or where they leave no variance.
    pub z_score: Result<f64, Refusal>,
    /// The least and greatest score when one observed indicator is left out; none where there is only one.
    pub leave_one_out: Option<Interval>,
}

/// Indicators of one domain that correlate more than this, in either direction, share one slot.
const MOST_CORRELATION: f64 = 0.8;
/// Below this share of the weight an area has no score.
const LEAST_COVERAGE: f64 = 0.6;
/// Concern is cut at this on either side.
const MOST_CONCERN: f64 = 3.0;

impl CompositePlan {
    /// A plan from the weights of domains and the indicators in them.
    ///
    /// `correlations`, if given, are those of the indicators' z-scores over areas before orientation, row by row. In one
    /// domain indicators with `|r|` above 0.8 share a slot, and so do those that such pairs link; a slot counts as one
    /// indicator. Domains with no indicator in the score lose their weight to the others, in proportion.
    ///
    /// # Errors
    /// [`Refusal`] for no domain or indicator, a weight below 0, no weight on any domain with an indicator in the score,
    /// an indicator in no domain, a reliability outside 0 to 1, or correlations that are not a symmetric matrix of
    /// correlations with 1 on its diagonal.
    ///
    /// Source: Jacobs, Smith and Goddard 2004, "Measuring performance: an examination of composite performance
    /// indicators", Centre for Health Economics, York (`docs/methods.md`).
    pub fn new(
        domain_weights: &[f64],
        indicators: &[CompositeIndicator],
        correlations: Option<&[f64]>,
    ) -> Result<Self, Refusal> {
        at_least(domain_weights.len(), 1, "domains")?;
        at_least(indicators.len(), 1, "indicators")?;
        if let Some(r) = correlations {
            check_correlations(r, indicators.len())?;
        }
        let mut parts = Vec::with_capacity(indicators.len());
        for (i, indicator) in indicators.iter().enumerate() {
            if indicator.domain >= domain_weights.len() {
                return Err(Refusal::Undefined("an indicator is in no domain"));
            }
            parts.push(oriented(indicator)?.map(|sign| Part { domain: indicator.domain, slot: i, sign }));
        }
        if let Some(r) = correlations {
            share_slots(&mut parts, r);
        }
        let mut domains = Vec::with_capacity(domain_weights.len());
        for (d, weight) in domain_weights.iter().enumerate() {
            not_negative(*weight, "a weight")?;
            domains.push(if parts.iter().flatten().any(|part| part.domain == d) { *weight } else { 0.0 });
        }
        let sum = finite(positive(domains.iter().sum(), "the weight of all domains")?)?;
        domains.iter_mut().for_each(|weight| *weight /= sum);
        Ok(Self { domains, indicators: parts, correlations: correlations.map(<[f64]>::to_vec) })
    }

    /// The score of one area from the shrunken z-scores of its indicators, `(posterior - theta) / tau`.
    ///
    /// `c = clip(z or -z, -3, 3)` by polarity; a slot is the mean of its observed `c`, a domain the mean of its observed
    /// slots, the score the weighted mean of the observed domains. An indicator adds `w_d / (slots observed in d) /
    /// (observed in its slot) * c`. A missing indicator is left out and its domain's weight stays with the others of the
    /// domain; the weight of a domain without any goes to the other domains, in proportion. Coverage is the share of the
    /// weight, as it would be with nothing missing, that is observed.
    ///
    /// # Errors
    /// [`Refusal`] where the number of z-scores differs from the plan's, one is not finite, or coverage is below 60 per
    /// cent.
    ///
    /// Source: Jacobs, Smith and Goddard 2004, as for [`CompositePlan::new`]; `z_score` is that of a weighted sum of
    /// correlated standard scores (Stouffer et al. 1949).
    pub fn score(&self, z: &[Option<f64>]) -> Result<CompositeScore, Refusal> {
        let concerns = self.concerns(z)?;
        let coverage = self.coverage(&concerns);
        if !is_enough(coverage) {
            return Err(Refusal::Undefined("less than 60 per cent of the weight is observed"));
        }
        let weights = self.weights(&concerns);
        let domains = self.domain_means(&concerns);
        let observed = concerns.iter().enumerate().filter_map(|(i, c)| Some((i, (*c)?)));
        let contributions: Vec<Contribution> = observed
            .map(|(indicator, concern)| {
                let weight = weights[indicator];
                Contribution { indicator, concern, weight, value: weight * concern }
            })
            .collect();
        let greatest = |a: Contribution, b: Contribution| if b.concern > a.concern { b } else { a };
        let score = mean_of_domains(&self.domains, &domains).ok_or(Refusal::Empty)?;
        Ok(CompositeScore {
            score,
            coverage,
            domain_coverage: self.domain_coverage(&concerns),
            domains,
            max_concern: contributions.iter().copied().reduce(greatest).ok_or(Refusal::Empty)?,
            contributions,
            z_score: self.z_score(score, &weights),
            leave_one_out: self.leave_one_out(&concerns),
        })
    }

    /// How much of the plan is observed, also where it is too little for a score.
    ///
    /// # Errors
    /// [`Refusal`] where the number of z-scores differs from the plan's, or one is not finite.
    ///
    /// Source: as [`CompositePlan::score`].
    pub fn observed(&self, z: &[Option<f64>]) -> Result<Observed, Refusal> {
        let concerns = self.concerns(z)?;
        Ok(Observed { coverage: self.coverage(&concerns), indicators: concerns.iter().flatten().count() })
    }

    /// The oriented and cut z-scores of the indicators that are in the score and observed.
    fn concerns(&self, z: &[Option<f64>]) -> Result<Vec<Option<f64>>, Refusal> {
        same_length(z.len(), self.indicators.len(), "z-scores and indicators")?;
        let concern = |(z, part): (&Option<f64>, &Option<Part>)| {
            let Some(z) = z else { return Ok(None) };
            let z = finite(*z)?;
            Ok(part.map(|part| (part.sign * z).clamp(-MOST_CONCERN, MOST_CONCERN)))
        };
        z.iter().zip(&self.indicators).map(concern).collect()
    }

    /// The share of the weight that is observed.
    fn coverage(&self, concerns: &[Option<f64>]) -> f64 {
        let whole = self.weights(&vec![Some(0.0); concerns.len()]);
        // A sum of nothing is -0 otherwise.
        whole.iter().zip(concerns).filter(|(_, c)| c.is_some()).fold(0.0, |sum, (weight, _)| sum + weight)
    }

    /// The share of the weight of each domain that is observed: slots count alike, and so do the indicators of one.
    fn domain_coverage(&self, concerns: &[Option<f64>]) -> Vec<f64> {
        let n = self.indicators.len();
        let (mut in_slot, mut observed, mut slots) =
            (vec![0_usize; n], vec![0_usize; n], vec![0_usize; self.domains.len()]);
        for (part, concern) in self.indicators.iter().zip(concerns) {
            let Some(part) = part else { continue };
            slots[part.domain] += usize::from(in_slot[part.slot] == 0);
            in_slot[part.slot] += 1;
            observed[part.slot] += usize::from(concern.is_some());
        }
        let share = |d: usize| {
            // A slot is named after the first indicator in it, so that its domain is that indicator's.
            let of_domain =
                |slot: &usize| self.indicators[*slot].is_some_and(|part| part.domain == d && part.slot == *slot);
            let shares = (0..n).filter(of_domain).map(|slot| observed[slot] as f64 / in_slot[slot] as f64);
            shares.fold(0.0, |sum, share| sum + share) / slots[d].max(1) as f64
        };
        (0..self.domains.len()).map(share).collect()
    }

    /// The weight of every indicator when those without a value are left out; the weights sum to 1.
    fn weights(&self, concerns: &[Option<f64>]) -> Vec<f64> {
        let n = concerns.len();
        let observed = |i: usize| self.indicators[i].filter(|_| concerns[i].is_some());
        let (mut in_slot, mut slots) = (vec![0_usize; n], vec![0_usize; self.domains.len()]);
        for part in (0..n).filter_map(observed) {
            slots[part.domain] += usize::from(in_slot[part.slot] == 0);
            in_slot[part.slot] += 1;
        }
        let held: f64 = self.domains.iter().zip(&slots).filter(|(_, n)| **n > 0).map(|(weight, _)| weight).sum();
        let weight = |part: Part| self.domains[part.domain] / held / (slots[part.domain] * in_slot[part.slot]) as f64;
        (0..n).map(|i| observed(i).map_or(0.0, weight)).collect()
    }

    /// The mean over observed slots of each domain.
    fn domain_means(&self, concerns: &[Option<f64>]) -> Vec<Option<f64>> {
        let mut slots = vec![(0.0, 0.0); concerns.len()];
        for (part, concern) in self.indicators.iter().zip(concerns) {
            if let (Some(part), Some(concern)) = (part, concern) {
                slots[part.slot].0 += concern;
                slots[part.slot].1 += 1.0;
            }
        }
        let mean = |d: usize| {
            // A slot is named after the first indicator in it, so that its domain is that indicator's.
            let of_domain = |slot: &usize| self.indicators[*slot].is_some_and(|part| part.domain == d);
            let means = (0..slots.len()).filter(of_domain).filter(|slot| slots[*slot].1 > 0.0);
            let (sum, n) = means.fold((0.0, 0.0), |(sum, n), slot| (sum + slots[slot].0 / slots[slot].1, n + 1.0));
            (n > 0.0).then(|| sum / n)
        };
        (0..self.domains.len()).map(mean).collect()
    }

    fn z_score(&self, score: f64, weights: &[f64]) -> Result<f64, Refusal> {
        let r = self.correlations.as_ref().ok_or(Refusal::Missing("the matrix of correlations"))?;
        let signed: Vec<f64> =
            weights.iter().zip(&self.indicators).map(|(w, part)| part.map_or(0.0, |part| w * part.sign)).collect();
        let row = |(row, w): (&[f64], &f64)| w * row.iter().zip(&signed).map(|(r, w)| r * w).sum::<f64>();
        let variance: f64 = r.chunks(signed.len()).zip(&signed).map(row).sum();
        if variance <= 1e-12 {
            return Err(Refusal::Undefined("the correlations leave the score no variance"));
        }
        Ok(score / variance.sqrt())
    }

    fn leave_one_out(&self, concerns: &[Option<f64>]) -> Option<Interval> {
        let mut rest = concerns.to_vec();
        let mut range: Option<Interval> = None;
        for (i, concern) in concerns.iter().enumerate() {
            if concern.is_none() {
                continue;
            }
            rest[i] = None;
            if let Some(score) = mean_of_domains(&self.domains, &self.domain_means(&rest)) {
                let point = Interval { low: score, high: score };
                range = Some(range.map_or(point, |range| range.union(point)));
            }
            rest[i] = *concern;
        }
        range
    }
}

/// Whether an area with this coverage has a score.
fn is_enough(coverage: f64) -> bool {
    // A share such as three fifths may miss 0.6 by rounding.
    coverage >= LEAST_COVERAGE - 1e-12
}

/// The weighted mean of the domains that are observed, if any of them has a weight.
fn mean_of_domains(weights: &[f64], means: &[Option<f64>]) -> Option<f64> {
    let observed = weights.iter().zip(means).filter_map(|(weight, mean)| Some((weight, (*mean)?)));
    let (sum, held) = observed.fold((0.0, 0.0), |(sum, held), (weight, mean)| (sum + weight * mean, held + weight));
    (held > 0.0).then(|| sum / held)
}

/// The sign that makes concern positive, of an indicator that is in the score.
fn oriented(indicator: &CompositeIndicator) -> Result<Option<f64>, Refusal> {
    let reliability = indicator.reliability.unwrap_or(0.0);
    if !(0.0..=1.0).contains(&reliability) {
        return Err(Refusal::Undefined("a reliability lies between 0 and 1"));
    }
    Ok(match indicator.polarity {
        _ if reliability < LEAST_RELIABILITY => None,
        Polarity::LowIsBetter => Some(1.0),
        Polarity::HighIsBetter => Some(-1.0),
        Polarity::None => None,
    })
}

/// Refuses what is no symmetric matrix of correlations of `n` indicators.
fn check_correlations(r: &[f64], n: usize) -> Result<(), Refusal> {
    same_length(r.len(), n.saturating_mul(n), "correlations and pairs of indicators")?;
    for (i, row) in r.chunks(n).enumerate() {
        for (j, value) in row.iter().enumerate() {
            let mirrored = (finite(*value)? - r[j * n + i]).abs() <= 1e-9;
            if !mirrored || value.abs() > 1.0 + 1e-9 || (i == j && (value - 1.0).abs() > 1e-9) {
                return Err(Refusal::Undefined("the correlations are no correlation matrix"));
            }
        }
    }
    Ok(())
}

/// Gives indicators of one domain that are linked by pairs above 0.8 the slot of the first of them.
fn share_slots(parts: &mut [Option<Part>], r: &[f64]) {
    let n = parts.len();
    for i in 0..n {
        for j in 0..i {
            let (Some(one), Some(other)) = (parts[i], parts[j]) else { continue };
            if one.domain == other.domain && r[i * n + j].abs() > MOST_CORRELATION && one.slot != other.slot {
                let (keep, give_up) = (one.slot.min(other.slot), one.slot.max(other.slot));
                parts.iter_mut().flatten().filter(|part| part.slot == give_up).for_each(|part| part.slot = keep);
            }
        }
    }
}

#[cfg(test)]
mod tests;
