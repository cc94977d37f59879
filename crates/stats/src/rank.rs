//! Ranks, and how sure one can be of them.
//!
//! Rank 1 is the best placed area. What is best follows the polarity; without one nothing is ranked.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rand_distr::{Distribution as _, Gamma, StandardNormal};
use rayon::prelude::*;

use crate::refusal::{at_least, finite, not_negative};
use crate::{Level, Polarity, RateBelief, Refusal};

/// What is believed about the value of one area, from which values are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Belief {
    /// A normal distribution, such as a shrunken estimate; without spread where the standard deviation is 0.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation, not below 0.
        sd: f64,
    },
    /// The rate of an event.
    Rate(RateBelief),
}

/// An area to be ranked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankedArea {
    /// What names the area's own stream of random numbers: as long as it stays, so do the area's draws, wherever the
    /// area stands in the list and whoever else is in it. A number made from the area's own counts will do.
    pub key: u64,
    /// The belief; an area without one is left out.
    pub belief: Option<Belief>,
}

/// How ranks are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankDraws {
    /// The number of draws.
    pub draws: u32,
    /// The level of the rank interval.
    pub level: Level,
    /// The share of areas, from the worst placed on, that [`RankBelief::in_worst`] is about.
    pub worst_share: f64,
    /// The seed.
    pub seed: u64,
}

impl RankDraws {
    /// The usual draws: 2000, a 95 per cent interval, the worst tenth.
    #[must_use]
    pub const fn usual(seed: u64) -> Self {
        Self { draws: 2000, level: Level::P95, worst_share: 0.1, seed }
    }

    /// Refuses draws that say nothing, and areas that cannot be drawn for: those of these keys.
    pub(crate) fn check(&self, keys: &[u64]) -> Result<(), Refusal> {
        at_least(self.draws as usize, LEAST_DRAWS, "draws")?;
        if !(0.0..=1.0).contains(&self.worst_share) {
            return Err(Refusal::NotAProbability);
        }
        at_least(keys.len(), 2, "areas")?;
        can_be_held(keys.len(), self.draws as usize)?;
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        match keys.windows(2).any(|pair| pair[0] == pair[1]) {
            true => Err(Refusal::Undefined("two areas have one key")),
            false => Ok(()),
        }
    }

    /// The stream of random numbers that a key names.
    pub(crate) fn stream(&self, key: u64) -> ChaCha8Rng {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(key);
        random
    }

    /// The ranks of areas from the draws of each; the least value is the best.
    pub(crate) fn ranked(&self, columns: &[impl AsRef<[f64]> + Sync]) -> Vec<RankBelief> {
        let worst = ((self.worst_share * columns.len() as f64 + 1e-9).floor() as usize).max(1);
        tally_ranks(columns.len(), self.draws as usize, worst, |draw, area| columns[area].as_ref()[draw])
            .areas(self.level)
    }
}

/// What the draws say about the rank of one area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankBelief {
    /// The mean rank.
    pub expected: f64,
    /// The least rank of the interval.
    pub low: usize,
    /// The greatest rank of the interval.
    pub high: usize,
    /// The probability of a place in the worst share of areas.
    pub in_worst: f64,
}

/// The rank of each value, 1 the best placed; equal values share the least rank.
///
/// A missing value has no rank and takes no place.
///
/// # Errors
/// [`Refusal`] without polarity, or for a value that is not finite.
///
/// Source: standard competition ranking, R's `rank(ties.method = "min")`; LAIT's rule 5.
pub fn min_ranks(values: &[Option<f64>], polarity: Polarity) -> Result<Vec<Option<usize>>, Refusal> {
    let sign = best_first(polarity)?;
    let mut placed = Vec::with_capacity(values.len());
    for (i, value) in values.iter().enumerate() {
        if let Some(value) = value {
            placed.push((sign * finite(*value)?, i));
        }
    }
    let mut ranks = vec![None; values.len()];
    each_tie(&mut placed, |members, before| {
        for (_, i) in members {
            ranks[*i] = Some(before + 1);
        }
    });
    Ok(ranks)
}

/// Draws the values of all areas many times and says how far each area's rank can be known.
///
/// In each draw areas are ranked as by [`min_ranks`]. The interval leaves out at most the share [`Level::tail`] of
/// draws on either side. An area is in the worst share of `n` areas where fewer than `max(1, floor(share * n))` areas
/// are placed worse. Each area draws from a stream of its own that its key names: the result is the same for any
/// number of threads, moves with an area when areas change places, and is the same with or without areas that have no
/// belief.
///
/// # Errors
/// [`Refusal`] without polarity, for fewer than two areas with a belief, fewer than 100 draws, a share outside 0 to 1,
/// two areas with one key, a belief that is none, or more areas (5000) or drawn values (100 million) than can be held.
///
/// Source: Goldstein and Spiegelhalter 1996, Journal of the Royal Statistical Society A 159:385.
pub fn rank_beliefs(
    areas: &[RankedArea],
    polarity: Polarity,
    plan: RankDraws,
) -> Result<Vec<Option<RankBelief>>, Refusal> {
    let sign = best_first(polarity)?;
    let believed: Vec<(u64, Belief)> = areas.iter().filter_map(|area| Some((area.key, area.belief?))).collect();
    plan.check(&believed.iter().map(|(key, _)| *key).collect::<Vec<_>>())?;
    let columns = believed
        .par_iter()
        .map(|(key, belief)| draw_values(*belief, sign, plan, *key))
        .collect::<Result<Vec<_>, _>>()?;
    let mut ranked = plan.ranked(&columns).into_iter();
    Ok(areas.iter().map(|area| area.belief.and_then(|_| ranked.next())).collect())
}

/// Fewer draws than these say nothing of the ends of an interval.
pub(crate) const LEAST_DRAWS: usize = 100;

/// Refuses what would not fit into memory.
pub(crate) fn can_be_held(areas: usize, draws: usize) -> Result<(), Refusal> {
    let fits = areas <= 5000 && areas.saturating_mul(draws) <= 100_000_000;
    if fits { Ok(()) } else { Err(Refusal::Undefined("there are too many areas or draws to hold")) }
}

/// What makes the best value the least one.
fn best_first(polarity: Polarity) -> Result<f64, Refusal> {
    match polarity {
        Polarity::LowIsBetter => Ok(1.0),
        Polarity::HighIsBetter => Ok(-1.0),
        Polarity::None => Err(Refusal::Undefined("nothing is ranked without polarity")),
    }
}

/// Sorts values and gives every group of equal ones, with the number of values before it.
fn each_tie(placed: &mut [(f64, usize)], mut tie: impl FnMut(&[(f64, usize)], usize)) {
    placed.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut before = 0;
    for members in placed.chunk_by(|a, b| a.0 == b.0) {
        tie(members, before);
        before += members.len();
    }
}

fn draw_values(belief: Belief, sign: f64, plan: RankDraws, key: u64) -> Result<Vec<f64>, Refusal> {
    let mut random = plan.stream(key);
    let draws = 0..plan.draws;
    let values: Vec<f64> = match belief {
        Belief::Normal { mean, sd } => {
            finite(mean)?;
            not_negative(sd, "a standard deviation")?;
            let mut deviate = || -> f64 { StandardNormal.sample(&mut random) };
            draws.map(|_| sign * (mean + sd * deviate())).collect()
        }
        Belief::Rate(RateBelief::National { mean }) => vec![sign * finite(mean)?; plan.draws as usize],
        Belief::Rate(RateBelief::Gamma { shape, inverse_scale }) => {
            RateBelief::gamma(shape, inverse_scale)?;
            let unit = Gamma::new(shape, 1.0).map_err(|_| Refusal::NotFinite)?;
            draws.map(|_| sign * unit.sample(&mut random) / inverse_scale).collect()
        }
    };
    if values.iter().all(|v| v.is_finite()) { Ok(values) } else { Err(Refusal::NotFinite) }
}

/// How often each area had each rank, over draws.
pub(crate) struct RankTally {
    areas: usize,
    draws: usize,
    /// By area, then by rank from 1 on.
    counts: Vec<u32>,
    in_worst: Vec<u32>,
}

/// Ranks all areas in every draw; the least value is the best. `value` gives the value of a draw and an area.
pub(crate) fn tally_ranks(
    areas: usize,
    draws: usize,
    worst: usize,
    value: impl Fn(usize, usize) -> f64 + Sync,
) -> RankTally {
    let empty = || (vec![0_u32; areas * areas], vec![0_u32; areas], Vec::with_capacity(areas));
    let one_draw = |(mut counts, mut in_worst, mut placed): (Vec<u32>, Vec<u32>, Vec<_>), draw| {
        placed.clear();
        placed.extend((0..areas).map(|area| (value(draw, area), area)));
        each_tie(&mut placed, |members, before| {
            let worse = areas - before - members.len();
            for (_, area) in members {
                counts[area * areas + before] += 1;
                in_worst[*area] += u32::from(worse < worst);
            }
        });
        (counts, in_worst, placed)
    };
    let add = |mut one: Vec<u32>, other: Vec<u32>| {
        one.iter_mut().zip(other).for_each(|(a, b)| *a += b);
        one
    };
    let (counts, in_worst, _) = (0..draws)
        .into_par_iter()
        .fold(empty, one_draw)
        .reduce(empty, |one, other| (add(one.0, other.0), add(one.1, other.1), Vec::new()));
    RankTally { areas, draws, counts, in_worst }
}

impl RankTally {
    /// The counts of each rank of one area, the rank 1 first.
    pub(crate) fn of(&self, area: usize) -> &[u32] {
        &self.counts[area * self.areas..(area + 1) * self.areas]
    }

    pub(crate) fn areas(&self, level: Level) -> Vec<RankBelief> {
        (0..self.areas).map(|area| self.area(area, level)).collect()
    }

    fn area(&self, area: usize, level: Level) -> RankBelief {
        let counts = self.of(area);
        let all = self.draws as f64;
        let sum: f64 = counts.iter().enumerate().map(|(i, n)| (i + 1) as f64 * f64::from(*n)).sum();
        // The product may miss a whole number by rounding.
        let left_out = (all * level.tail() + 1e-9).floor() as usize;
        RankBelief {
            expected: sum / all,
            low: nth(counts, left_out),
            high: nth(counts, self.draws - 1 - left_out),
            in_worst: f64::from(self.in_worst[area]) / all,
        }
    }
}

/// The rank of the draw at `index` when draws are put in order of rank.
fn nth(counts: &[u32], index: usize) -> usize {
    let mut below = 0;
    for (i, n) in counts.iter().enumerate() {
        below += *n as usize;
        if below > index {
            return i + 1;
        }
    }
    counts.len()
}

#[cfg(test)]
mod tests;
