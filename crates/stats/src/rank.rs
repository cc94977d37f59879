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
    /// area stands in the list and whoever else is in it. A number made from the area's code will do.
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
    at_least(plan.draws as usize, LEAST_DRAWS, "draws")?;
    if !(0.0..=1.0).contains(&plan.worst_share) {
        return Err(Refusal::NotAProbability);
    }
    let believed: Vec<(u64, Belief)> = areas.iter().filter_map(|area| Some((area.key, area.belief?))).collect();
    at_least(believed.len(), 2, "areas")?;
    can_be_held(believed.len(), plan.draws as usize)?;
    let mut keys: Vec<u64> = believed.iter().map(|(key, _)| *key).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::Undefined("two areas have one key"));
    }
    let columns = believed
        .par_iter()
        .map(|(key, belief)| draw_values(*belief, sign, plan, *key))
        .collect::<Result<Vec<_>, _>>()?;
    let worst = ((plan.worst_share * believed.len() as f64 + 1e-9).floor() as usize).max(1);
    let tally = tally_ranks(columns.len(), plan.draws as usize, worst, |draw, area| columns[area][draw]);
    let mut ranked = tally.areas(plan.level).into_iter();
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
    let mut random = ChaCha8Rng::seed_from_u64(plan.seed);
    random.set_stream(key);
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
mod tests {
    use super::*;
    use Polarity::{HighIsBetter, LowIsBetter};

    fn normal(key: u64, mean: f64, sd: f64) -> RankedArea {
        RankedArea { key, belief: Some(Belief::Normal { mean, sd }) }
    }

    fn usual(areas: &[RankedArea], polarity: Polarity) -> Vec<Option<RankBelief>> {
        rank_beliefs(areas, polarity, RankDraws::usual(7)).unwrap()
    }

    #[test]
    fn equal_values_share_the_least_rank_and_missing_ones_take_no_place() {
        let values = [Some(3.0), None, Some(1.0), Some(3.0), Some(9.0), Some(0.0), Some(-0.0)];
        let ranks = |polarity| min_ranks(&values, polarity).unwrap();
        assert_eq!(ranks(LowIsBetter), [Some(4), None, Some(3), Some(4), Some(6), Some(1), Some(1)]);
        assert_eq!(ranks(HighIsBetter), [Some(2), None, Some(4), Some(2), Some(1), Some(5), Some(5)]);
        assert_eq!(min_ranks(&[], LowIsBetter), Ok(vec![]));
        assert!(min_ranks(&values, Polarity::None).is_err());
        assert_eq!(min_ranks(&[Some(f64::NAN)], LowIsBetter), Err(Refusal::NotFinite));
    }

    #[test]
    fn of_two_areas_the_better_is_first_as_often_as_the_normal_distribution_says() {
        let got = usual(&[normal(1, 0.0, 1.0), normal(2, 1.0, 1.0)], LowIsBetter);
        // P(first is better) = Phi(1 / sqrt 2) = 0.7602, with a standard error of 0.0095.
        let first = got[0].unwrap();
        assert!((first.expected - 1.2398).abs() < 0.03, "{first:?}");
        assert!((first.in_worst - 0.2398).abs() < 0.03, "{first:?}");
        assert_eq!((first.low, first.high), (1, 2));
        assert!((got[1].unwrap().expected - (3.0 - first.expected)).abs() < 1e-12);
        let high = usual(&[normal(1, 0.0, 1.0), normal(2, 1.0, 1.0)], HighIsBetter)[0].unwrap();
        assert!((high.expected - 1.7602).abs() < 0.03, "{high:?}");
    }

    #[test]
    fn rates_are_drawn_from_their_gamma_distribution() {
        let plan = RankDraws { draws: 50_000, ..RankDraws::usual(7) };
        let rate = |key, shape, scale| RankedArea {
            key,
            belief: Some(Belief::Rate(RateBelief::gamma(shape, scale).unwrap())),
        };
        let ranked = |areas: &[RankedArea]| rank_beliefs(areas, LowIsBetter, plan).unwrap()[0].unwrap();
        // P(Gamma(4, 2) < Gamma(6, 2)) = P(Beta(4, 6) < 1/2) = 1 - binomial_cdf(3; 9, 1/2) = 0.7461.
        let first = ranked(&[rate(1, 4.0, 2.0), rate(2, 6.0, 2.0)]);
        assert!((first.expected - 1.2539).abs() < 0.006, "{first:?}");
        // The unit counts: P(Gamma(4, 4) < Gamma(4, 1)) = P(Beta(4, 4) < 4/5) = 0.9667.
        let first = ranked(&[rate(1, 4.0, 4.0), rate(2, 4.0, 1.0)]);
        assert!((first.expected - 1.0333).abs() < 0.003, "{first:?}");
    }

    #[test]
    fn areas_far_apart_have_one_rank() {
        let got = usual(&[normal(1, 30.0, 1.0), normal(2, 10.0, 1.0), normal(3, 20.0, 1.0)], LowIsBetter);
        let ranks: Vec<_> = got.iter().flatten().map(|r| (r.low, r.expected, r.high, r.in_worst)).collect();
        assert_eq!(ranks, [(3, 3.0, 3, 1.0), (1, 1.0, 1, 0.0), (2, 2.0, 2, 0.0)]);
    }

    #[test]
    fn areas_known_to_be_equal_share_the_rank_and_the_place_among_the_worst() {
        let national = |key, mean| RankedArea { key, belief: Some(Belief::Rate(RateBelief::National { mean })) };
        let got = usual(&[national(1, 2.0), national(2, 1.0), national(3, 2.0)], LowIsBetter);
        let ranks: Vec<_> = got.iter().flatten().map(|r| (r.low, r.high, r.in_worst)).collect();
        assert_eq!(ranks, [(2, 2, 1.0), (1, 1, 0.0), (2, 2, 1.0)]);
        let got = usual(&[national(1, 2.0), national(2, 1.0), national(3, 2.0)], HighIsBetter);
        assert_eq!(got[0].unwrap(), RankBelief { expected: 1.0, low: 1, high: 1, in_worst: 0.0 });
    }

    #[test]
    fn the_worst_share_is_a_whole_number_of_areas_and_at_least_one() {
        let areas: Vec<_> = (0..30).map(|i| normal(i, i as f64, 1e-9)).collect();
        let worst = |share| {
            let plan = RankDraws { worst_share: share, ..RankDraws::usual(1) };
            let got = rank_beliefs(&areas, LowIsBetter, plan).unwrap();
            got.iter().flatten().filter(|r| r.in_worst == 1.0).count()
        };
        assert_eq!([0.0, 0.05, 0.1, 0.13, 0.29, 0.9, 1.0].map(worst), [1, 1, 3, 3, 8, 27, 30]);
    }

    #[test]
    fn changing_places_or_adding_an_area_without_a_belief_changes_nothing() {
        let areas: Vec<_> = (0..12).map(|i| normal(i * 77, (i % 5) as f64 / 3.0, 1.0)).collect();
        let there = usual(&areas, HighIsBetter);
        let mut reversed: Vec<_> = areas.iter().rev().copied().collect();
        reversed.insert(4, RankedArea { key: 0, belief: None });
        let mut back = usual(&reversed, HighIsBetter);
        assert_eq!(back.remove(4), None);
        back.reverse();
        assert_eq!(there, back);
    }

    #[test]
    fn the_number_of_threads_changes_nothing_and_the_seed_does() {
        let areas: Vec<_> = (0..20).map(|i| normal(i, i as f64 / 9.0, 1.0)).collect();
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| usual(&areas, LowIsBetter))
        };
        assert_eq!(with(1), with(3));
        assert_ne!(with(1), rank_beliefs(&areas, LowIsBetter, RankDraws::usual(8)).unwrap());
    }

    #[test]
    fn an_interval_leaves_out_no_more_than_a_tail_on_either_side() {
        let tally = |counts: [u32; 3]| RankTally {
            areas: 3,
            draws: 200,
            counts: [counts, counts, counts].concat(),
            in_worst: vec![50, 0, 0],
        };
        let area = tally([5, 190, 5]).area(0, Level::P95);
        assert_eq!(area, RankBelief { expected: 2.0, low: 2, high: 2, in_worst: 0.25 });
        let area = tally([6, 188, 6]).area(1, Level::P95);
        assert_eq!((area.low, area.high), (1, 3));
        let area = tally([5, 189, 6]).area(2, Level::P95);
        assert_eq!((area.low, area.high), (2, 3));
        assert_eq!(tally([0, 0, 200]).area(0, Level::P998).low, 3);
    }

    /// The table of `docs/methods.md`: 153 areas of reliability 0.5 have intervals some 113 ranks wide, of 0.9 some 53.
    #[test]
    fn intervals_are_as_wide_as_the_reliability_makes_them() {
        for (reliability, want) in [(0.5, 113.0), (0.9, 53.0)] {
            let spread: f64 = reliability;
            // Shrunken estimates in normal order, as they would be with true values of variance 1.
            let mean = |i: usize| spread.sqrt() * crate::distribution::normal_quantile((i as f64 + 0.5) / 153.0);
            let sd = (1.0 - spread).sqrt();
            let areas: Vec<_> = (0..153).map(|i| normal(i as u64, mean(i), sd)).collect();
            let widths =
                usual(&areas, LowIsBetter).iter().flatten().map(|r| (r.high - r.low) as f64).sum::<f64>() / 153.0;
            assert!((widths - want).abs() < 4.0, "{widths} for {want}");
        }
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        let two = [normal(1, 0.0, 1.0), normal(2, 1.0, 1.0)];
        let refused = |areas: &[RankedArea], plan| rank_beliefs(areas, LowIsBetter, plan).unwrap_err();
        let plan = RankDraws::usual(1);
        assert!(rank_beliefs(&two, Polarity::None, plan).is_err());
        assert_eq!(refused(&[], plan), Refusal::Empty);
        assert_eq!(refused(&two[..1], plan), Refusal::TooFew { what: "areas", least: 2 });
        assert_eq!(refused(&two, RankDraws { draws: 99, ..plan }), Refusal::TooFew { what: "draws", least: 100 });
        assert!(rank_beliefs(&two, LowIsBetter, RankDraws { draws: 100, ..plan }).is_ok());
        assert_eq!(refused(&two, RankDraws { worst_share: 1.1, ..plan }), Refusal::NotAProbability);
        assert_eq!(refused(&[two[0], two[0]], plan), Refusal::Undefined("two areas have one key"));
        assert_eq!(refused(&[two[0], normal(3, f64::NAN, 1.0)], plan), Refusal::NotFinite);
        assert_eq!(refused(&[two[0], normal(3, 0.0, f64::MAX)], plan), Refusal::NotFinite);
        assert_eq!(refused(&[two[0], normal(3, 0.0, -1.0)], plan), Refusal::Negative("a standard deviation"));
        let rate = |belief| [two[0], RankedArea { key: 9, belief: Some(Belief::Rate(belief)) }];
        let none = RateBelief::Gamma { shape: 0.0, inverse_scale: 1.0 };
        assert_eq!(refused(&rate(none), plan), Refusal::Zero("the shape"));
        assert_eq!(refused(&rate(RateBelief::National { mean: f64::NAN }), plan), Refusal::NotFinite);
    }

    #[test]
    fn what_would_not_fit_into_memory_is_refused() {
        assert!(can_be_held(5000, 20_000).is_ok());
        assert!(can_be_held(5001, 1).is_err());
        assert!(can_be_held(5000, 20_001).is_err());
        let two = [normal(1, 0.0, 1.0), normal(2, 1.0, 1.0)];
        assert!(rank_beliefs(&two, LowIsBetter, RankDraws { draws: u32::MAX, ..RankDraws::usual(1) }).is_err());
    }
}
