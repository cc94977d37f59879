//! How far ranks depend on the weights that somebody chose.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rand_distr::{Distribution as _, Gamma};

use super::{CompositePlan, is_enough, mean_of_domains};
use crate::rank::{LEAST_DRAWS, can_be_held, tally_ranks};
use crate::refusal::at_least;
use crate::{Level, Refusal};

/// The ranks that an area has under weights drawn at random; rank 1 is of least concern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightSensitivity {
    /// The least rank of all draws.
    pub least: usize,
    /// The greatest rank of all draws.
    pub greatest: usize,
    /// The lower end of the interval that holds 95 per cent of draws.
    pub low: usize,
    /// The upper end of the interval that holds 95 per cent of draws.
    pub high: usize,
}

/// Ranks areas under domain weights drawn from a Dirichlet distribution about the plan's weights; 1000 draws are usual.
///
/// The parameters of the distribution are the plan's weights times the number of domains that have one, so that equal
/// weights give the flat distribution: any weights are then as likely as any others. Each area is scored over the
/// domains it has values of. An area that [`CompositePlan::score`] refuses for its coverage is left out and takes no
/// place. Each draw has a stream of random numbers of its own; the result is the same for any number of threads and
/// moves with an area when areas change places.
///
/// # Errors
/// [`Refusal`] for fewer than 100 draws, fewer than two areas with a score, more than can be held in memory, or what
/// [`CompositePlan::score`] refuses but coverage.
///
/// Source: Saisana, Saltelli and Tarantola 2005, Journal of the Royal Statistical Society A 168:307.
pub fn weight_sensitivity(
    plan: &CompositePlan,
    areas: &[Vec<Option<f64>>],
    draws: u32,
    seed: u64,
) -> Result<Vec<Option<WeightSensitivity>>, Refusal> {
    at_least(draws as usize, LEAST_DRAWS, "draws")?;
    can_be_held(areas.len(), draws as usize)?;
    let mut scored = Vec::with_capacity(areas.len());
    for z in areas {
        let concerns = plan.concerns(z)?;
        scored.push(is_enough(plan.coverage(&concerns)).then(|| plan.domain_means(&concerns)));
    }
    let means: Vec<&Vec<Option<f64>>> = scored.iter().flatten().collect();
    at_least(means.len(), 2, "areas with a score")?;
    let weights = (0..draws).map(|draw| draw_weights(&plan.domains, seed, draw)).collect::<Result<Vec<_>, _>>()?;
    // Without any weight on the domains that an area has, none of its values says more than another.
    let score = |draw: usize, area: usize| mean_of_domains(&weights[draw], means[area]).unwrap_or(0.0);
    let tally = tally_ranks(means.len(), draws as usize, 1, score);
    let mut ranked = tally.areas(Level::P95).into_iter().enumerate().map(|(area, belief)| {
        let drawn = |n: &u32| *n > 0;
        let counts = tally.of(area);
        WeightSensitivity {
            least: counts.iter().position(drawn).map_or(belief.low, |i| i + 1),
            greatest: counts.iter().rposition(drawn).map_or(belief.high, |i| i + 1),
            low: belief.low,
            high: belief.high,
        }
    });
    Ok(scored.iter().map(|area| area.as_ref().and_then(|_| ranked.next())).collect())
}

/// Weights from the Dirichlet distribution, as gamma variables; their scale does not matter to a weighted mean.
pub(super) fn draw_weights(plan: &[f64], seed: u64, draw: u32) -> Result<Vec<f64>, Refusal> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(u64::from(draw));
    let weighted = plan.iter().filter(|weight| **weight > 0.0).count() as f64;
    let mut one = |weight: &f64| {
        if *weight == 0.0 {
            return Ok(0.0);
        }
        let gamma = Gamma::new(weight * weighted, 1.0).map_err(|_| Refusal::NotFinite)?;
        Ok(gamma.sample(&mut random))
    };
    plan.iter().map(&mut one).collect()
}
