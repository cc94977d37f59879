//! How sure the ranks of composite scores are.

use rand_distr::{Distribution as _, StandardNormal};
use rayon::prelude::*;

use super::{CompositePlan, CompositeScore, MOST_CONCERN};
use crate::refusal::{finite, not_negative, same_length};
use crate::{RankBelief, RankDraws, Refusal};

/// An area whose score is to be ranked.
#[derive(Clone, Copy, Debug)]
pub struct ScoredArea<'a> {
    /// What names the area's own stream of random numbers, as that of [`crate::RankedArea`].
    pub key: u64,
    /// Its score; an area without one is left out.
    pub score: Option<&'a CompositeScore>,
    /// The shrunken z-score of each indicator of the plan.
    pub z: &'a [Option<f64>],
    /// Its standard deviation, not below 0, where there is a z-score.
    pub sd: &'a [Option<f64>],
}

/// The ranks of one area, rank 1 of least concern.
#[derive(Clone, Debug, PartialEq)]
pub struct CompositeRanks {
    /// The rank of the score.
    pub score: RankBelief,
    /// The rank of each domain's mean; none where the area has no mean, or fewer than two areas have one.
    pub domains: Vec<Option<RankBelief>>,
}

/// An indicator that is in an area's score.
struct Term {
    domain: usize,
    weight: f64,
    /// The oriented z-score before it is cut.
    z: f64,
    sd: f64,
}

/// Draws what is believed of every figure many times and says how far the rank of each area's score can be known.
///
/// In each draw an area has one standard normal error `e_d` for each domain: figures of a domain are mostly of the same
/// children, so that their errors are taken to go together, the widest that a domain can be, and those of different
/// domains to be apart. A figure's concern is `clip(z + sd e_d, -3, 3)` towards the worse end, and the score has the
/// weights of the area's own score. Ranks, intervals and the worst share are those of [`crate::rank_beliefs`].
///
/// # Errors
/// [`Refusal`] for fewer than two areas with a score, what [`crate::rank_beliefs`] refuses of draws and keys, lists of
/// another length than the plan's, a figure without standard deviation, or one that is negative or not finite.
///
/// Source: Goldstein and Spiegelhalter 1996, Journal of the Royal Statistical Society A 159:385; Jacobs, Smith and
/// Goddard 2004, as for [`CompositePlan::new`].
pub fn score_ranks(
    plan: &CompositePlan,
    areas: &[ScoredArea<'_>],
    draws: RankDraws,
) -> Result<Vec<Option<CompositeRanks>>, Refusal> {
    let scored: Vec<usize> = (0..areas.len()).filter(|i| areas[*i].score.is_some()).collect();
    draws.check(&scored.iter().map(|i| areas[*i].key).collect::<Vec<_>>())?;
    let terms = scored.iter().map(|i| plan.terms(&areas[*i])).collect::<Result<Vec<_>, _>>()?;
    let domains = plan.domains.len();
    let drawn = scored.par_iter().zip(&terms).map(|(i, terms)| draw(terms, domains, draws, areas[*i].key));
    let drawn: Vec<Drawn> = drawn.collect();
    let of_score: Vec<&[f64]> = drawn.iter().map(|drawn| drawn.score.as_slice()).collect();
    let mut ranks: Vec<Option<CompositeRanks>> = vec![None; areas.len()];
    for (i, score) in scored.iter().zip(draws.ranked(&of_score)) {
        ranks[*i] = Some(CompositeRanks { score, domains: vec![None; domains] });
    }
    for d in 0..domains {
        let has_mean = |s: &usize| terms[*s].iter().any(|term| term.domain == d && term.weight > 0.0);
        let with: Vec<usize> = (0..scored.len()).filter(has_mean).collect();
        if with.len() < 2 {
            continue;
        }
        let of_domain: Vec<&[f64]> = with.iter().map(|s| drawn[*s].domains[d].as_slice()).collect();
        for (s, rank) in with.iter().zip(draws.ranked(&of_domain)) {
            ranks[scored[*s]].iter_mut().for_each(|ranks| ranks.domains[d] = Some(rank));
        }
    }
    Ok(ranks)
}

impl CompositePlan {
    fn terms(&self, area: &ScoredArea<'_>) -> Result<Vec<Term>, Refusal> {
        same_length(area.z.len(), self.indicators.len(), "z-scores and indicators")?;
        same_length(area.sd.len(), self.indicators.len(), "standard deviations and indicators")?;
        let contributions = area.score.map_or(&[] as &[_], |score| score.contributions.as_slice());
        let term = |contribution: &super::Contribution| {
            let i = contribution.indicator;
            let part = self.indicators.get(i).copied().flatten().ok_or(Refusal::Empty)?;
            let z = finite(area.z[i].ok_or(Refusal::Missing("a z-score"))?)?;
            let sd = not_negative(area.sd[i].ok_or(Refusal::Missing("a standard deviation"))?, "a standard deviation")?;
            Ok(Term { domain: part.domain, weight: contribution.weight, z: part.sign * z, sd })
        };
        contributions.iter().map(term).collect()
    }
}

/// What was drawn for an area.
struct Drawn {
    score: Vec<f64>,
    /// The mean of each domain; 0 of one that has none.
    domains: Vec<Vec<f64>>,
}

fn draw(terms: &[Term], domains: usize, draws: RankDraws, key: u64) -> Drawn {
    let mut random = draws.stream(key);
    let mut weights = vec![0.0; domains];
    terms.iter().for_each(|term| weights[term.domain] += term.weight);
    let mut drawn = Drawn { score: Vec::new(), domains: vec![Vec::new(); domains] };
    let (mut sums, mut errors) = (vec![0.0; domains], vec![0.0; domains]);
    for _ in 0..draws.draws {
        sums.fill(0.0);
        // Every domain takes its number, so that the others keep theirs whatever is observed.
        errors.iter_mut().for_each(|error| *error = StandardNormal.sample(&mut random));
        for term in terms {
            let concern = (term.z + term.sd * errors[term.domain]).clamp(-MOST_CONCERN, MOST_CONCERN);
            sums[term.domain] += term.weight * concern;
        }
        for ((means, sum), weight) in drawn.domains.iter_mut().zip(&sums).zip(&weights) {
            means.push(if *weight > 0.0 { settled(sum / weight) } else { 0.0 });
        }
        drawn.score.push(settled(sums.iter().sum()));
    }
    drawn
}

/// A mean without its last digits, which depend on how many figures it is of: where all are cut, all are equal.
fn settled(mean: f64) -> f64 {
    (mean * 1e12).round() / 1e12
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Belief, CompositeIndicator, Level, Polarity, RankedArea, rank_beliefs};

    const AREAS: usize = 30;

    /// Two domains, of two indicators and of one; where high is better the z-score turns.
    fn plan() -> CompositePlan {
        let indicator = |domain, polarity| CompositeIndicator { domain, polarity, reliability: Some(0.8) };
        let indicators = [
            indicator(0, Polarity::LowIsBetter),
            indicator(0, Polarity::HighIsBetter),
            indicator(1, Polarity::LowIsBetter),
        ];
        CompositePlan::new(&[1.0, 1.0], &indicators, None).unwrap()
    }

    fn draws() -> RankDraws {
        RankDraws { draws: 4000, level: Level::P95, worst_share: 0.1, seed: 3 }
    }

    fn ranks(z: &[Vec<Option<f64>>], sd: f64) -> Vec<Option<CompositeRanks>> {
        let plan = plan();
        let scores: Vec<Option<CompositeScore>> = z.iter().map(|z| plan.score(z).ok()).collect();
        let sds: Vec<Vec<Option<f64>>> = z.iter().map(|z| z.iter().map(|z| z.map(|_| sd)).collect()).collect();
        let area = |i: usize| ScoredArea { key: 7 + i as u64, score: scores[i].as_ref(), z: &z[i], sd: &sds[i] };
        score_ranks(&plan, &(0..z.len()).map(area).collect::<Vec<_>>(), draws()).unwrap()
    }

    /// Far from the cut a score is normal with the errors of a domain added and those of domains apart: its standard
    /// deviation is `sqrt((0.5 sd)^2 + (0.5 sd)^2)`.
    #[test]
    fn far_from_the_cut_ranks_are_those_of_normal_scores() {
        let z: Vec<Vec<Option<f64>>> =
            (0..AREAS).map(|i| vec![Some(0.03 * i as f64), Some(-0.03 * i as f64), Some(0.02 * i as f64)]).collect();
        let got = ranks(&z, 0.2);
        let normal =
            |mean: f64, sd: f64, i: usize| RankedArea { key: 7 + i as u64, belief: Some(Belief::Normal { mean, sd }) };
        let score = 0.2 * f64::sqrt(0.5);
        let scores: Vec<RankedArea> = (0..AREAS).map(|i| normal(0.025 * i as f64, score, i)).collect();
        let domain: Vec<RankedArea> = (0..AREAS).map(|i| normal(0.03 * i as f64, 0.2, i)).collect();
        let want = rank_beliefs(&scores, Polarity::LowIsBetter, draws()).unwrap();
        let want_domain = rank_beliefs(&domain, Polarity::LowIsBetter, draws()).unwrap();
        for i in 0..AREAS {
            let (got, want) = (got[i].as_ref().unwrap(), want[i].unwrap());
            assert!((got.score.expected - want.expected).abs() < 0.3, "{i}: {got:?} for {want:?}");
            assert!(got.score.low.abs_diff(want.low) <= 1 && got.score.high.abs_diff(want.high) <= 1);
            assert!((got.score.in_worst - want.in_worst).abs() < 0.04);
            let (got, want) = (got.domains[0].unwrap(), want_domain[i].unwrap());
            assert!((got.expected - want.expected).abs() < 0.3, "{i}: {got:?} for {want:?}");
        }
    }

    #[test]
    fn what_is_drawn_beyond_the_cut_counts_as_the_cut() {
        // One lies so far beyond the cut that no draw comes back: it is last, and surely so.
        let mut z = vec![vec![Some(0.0), Some(0.0), Some(2.9)]; AREAS];
        z[4] = vec![Some(0.0), Some(0.0), Some(40.0)];
        let got = ranks(&z, 1e-9);
        let last = got[4].as_ref().unwrap().domains[1].unwrap();
        assert_eq!((last.low, last.high, last.in_worst), (AREAS, AREAS, 1.0));
        // Where all are beyond it, all share one rank.
        let got = ranks(&vec![vec![Some(0.0), Some(0.0), Some(40.0)]; AREAS], 0.5);
        assert!(got.iter().flatten().all(|ranks| ranks.domains[1].unwrap().high == 1));
    }

    /// Sums of 5, 9 and 11 equal weights times 3 differ from 3 by rounding, each in its own way.
    #[test]
    fn areas_that_are_all_cut_share_a_rank_whatever_the_number_of_their_figures() {
        let indicator = CompositeIndicator { domain: 0, polarity: Polarity::LowIsBetter, reliability: Some(0.8) };
        let plan = CompositePlan::new(&[1.0], &[indicator; 11], None).unwrap();
        let z: Vec<Vec<Option<f64>>> =
            [7, 9, 11].iter().map(|held| (0..11).map(|i| (i < *held).then_some(40.0)).collect()).collect();
        let scores: Vec<CompositeScore> = z.iter().map(|z| plan.score(z).unwrap()).collect();
        let sd: Vec<Vec<Option<f64>>> = z.iter().map(|z| z.iter().map(|z| z.map(|_| 0.1)).collect()).collect();
        let area = |i: usize| ScoredArea { key: i as u64, score: Some(&scores[i]), z: &z[i], sd: &sd[i] };
        let ranks = score_ranks(&plan, &[area(0), area(1), area(2)], draws()).unwrap();
        assert!(ranks.iter().flatten().all(|ranks| ranks.score.high == 1), "{ranks:?}");
    }

    #[test]
    fn a_domains_rank_is_of_its_mean_whatever_weight_another_domain_left_to_it() {
        let indicator = |domain| CompositeIndicator { domain, polarity: Polarity::LowIsBetter, reliability: Some(0.8) };
        let plan = CompositePlan::new(&[3.0, 1.0], &[indicator(0), indicator(1)], None).unwrap();
        let z = [[Some(1.0), Some(0.0)], [Some(0.9), None]];
        let scores = z.map(|z| plan.score(&z).unwrap());
        let sd = z.map(|z| z.map(|z| z.map(|_| 1e-9)));
        let area = |i: usize| ScoredArea { key: i as u64, score: Some(&scores[i]), z: &z[i], sd: &sd[i] };
        let ranks = score_ranks(&plan, &[area(0), area(1)], draws()).unwrap();
        let of_domain = |i: usize| ranks[i].as_ref().unwrap().domains[0].unwrap();
        assert_eq!((of_domain(0).low, of_domain(1).high), (2, 1));
    }

    #[test]
    fn a_domain_without_weight_has_no_rank() {
        let indicator = |domain| CompositeIndicator { domain, polarity: Polarity::LowIsBetter, reliability: Some(0.8) };
        let plan = CompositePlan::new(&[1.0, 0.0], &[indicator(0), indicator(1)], None).unwrap();
        let z = [[Some(0.5), Some(1.0)], [Some(0.7), Some(-1.0)]];
        let scores = z.map(|z| plan.score(&z).unwrap());
        assert_eq!(scores[0].domain_coverage, [1.0, 1.0]);
        let area = |i: usize| ScoredArea { key: i as u64, score: Some(&scores[i]), z: &z[i], sd: &[Some(0.1); 2] };
        let ranks = score_ranks(&plan, &[area(0), area(1)], draws()).unwrap();
        assert!(ranks.iter().flatten().all(|ranks| ranks.domains[0].is_some() && ranks.domains[1].is_none()));
    }

    #[test]
    fn who_has_no_score_or_no_mean_has_no_rank_and_changes_nobodys() {
        let z: Vec<Vec<Option<f64>>> = (0..AREAS).map(|i| vec![Some(0.1 * i as f64); 3]).collect();
        let whole = ranks(&z, 0.3);
        let mut more = z.clone();
        more.push(vec![Some(1.0), None, None]);
        assert_eq!(plan().score(&more[AREAS]).unwrap_err(), plan().score(&[None; 3]).unwrap_err());
        let with = ranks(&more, 0.3);
        assert_eq!((&with[..AREAS], &with[AREAS]), (whole.as_slice(), &None));
        let mut less = z;
        less[3][0] = None;
        let half = ranks(&less, 0.3)[3].clone().unwrap();
        assert!(half.domains.iter().all(Option::is_some));
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        let plan = plan();
        let z = vec![Some(0.5); 3];
        let score = plan.score(&z).unwrap();
        let area = |key, sd: &'static [Option<f64>]| ScoredArea { key, score: Some(&score), z: &z, sd };
        let rank = |areas: &[ScoredArea<'_>]| score_ranks(&plan, areas, draws()).unwrap_err();
        const SD: [Option<f64>; 3] = [Some(0.1); 3];
        assert_eq!(rank(&[area(1, &SD)]), Refusal::TooFew { what: "areas", least: 2 });
        assert_eq!(rank(&[area(1, &SD), area(1, &SD)]), Refusal::Undefined("two areas have one key"));
        assert_eq!(
            rank(&[area(1, &SD), area(2, &[None, Some(0.1), Some(0.1)])]),
            Refusal::Missing("a standard deviation")
        );
        assert_eq!(
            rank(&[area(1, &SD), area(2, &[Some(-0.1), Some(0.1), Some(0.1)])]),
            Refusal::Negative("a standard deviation")
        );
        assert!(matches!(rank(&[area(1, &SD), area(2, &SD[..2])]), Refusal::LengthsDiffer(_)));
    }
}
