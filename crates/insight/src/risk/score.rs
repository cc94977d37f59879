//! Scores of authorities from what is believed of each figure.

use std::collections::{BTreeMap, HashSet};

use lais_stats::{
    CompositeIndicator, CompositePlan, CompositeScore, Level, Observed, Polarity, RankBelief, RankDraws, Refusal,
    ScoredArea, Transform, WeightSensitivity, random_effects, score_ranks, weight_sensitivity,
};

use super::plan::Plan;
use crate::attention::Examined;
use crate::figures::firsts;
use crate::funnel::TOO_SMALL;

/// Fewer figures than this say nothing of how two indicators go together.
const LEAST_PAIRS: usize = 20;

/// What is believed of all figures: a place for each authority and indicator.
pub(super) struct Believed<'a> {
    pub(super) authorities: Vec<&'a str>,
    pub(super) indicators: Vec<Indicator<'a>>,
    /// Of each authority the shrunken distances of its figures, with their standard deviations.
    pub(super) figures: Vec<Vec<Option<(f64, f64)>>>,
    /// What names the stream of random numbers of each.
    streams: Vec<u64>,
}

/// An indicator that can be in a score.
pub(super) struct Indicator<'a> {
    pub(super) id: &'a str,
    pub(super) domain: usize,
    polarity: Polarity,
    reliability: Option<f64>,
}

/// An authority's score, or why it has none.
pub(super) struct Scored {
    pub(super) score: Result<CompositeScore, Refusal>,
    /// How much is observed, whether or not it is enough.
    pub(super) observed: Option<Observed>,
    /// The rank of the score, rank 1 of least concern.
    pub(super) rank: Option<RankBelief>,
    /// The same of each domain's mean.
    pub(super) domain_ranks: Vec<Option<RankBelief>>,
    /// The ranks under other weights.
    pub(super) weights: Option<WeightSensitivity>,
    /// Whether it is in the first group.
    pub(super) first: bool,
    /// Why nobody is ranked.
    pub(super) not_ranked: Option<Refusal>,
}

impl<'a> Believed<'a> {
    /// What is believed of examined figures, which are in order of indicator.
    pub(super) fn new(examined: &'a [Examined<'a>], plan: &Plan) -> Self {
        let mut authorities: Vec<&str> = examined.iter().map(|figure| figure.authority_code).collect();
        authorities.sort_unstable();
        authorities.dedup();
        let (figures, streams) = (vec![Vec::new(); authorities.len()], streams(examined, &authorities));
        let mut all = Self { figures, authorities, indicators: Vec::new(), streams };
        for figures in examined.chunk_by(|a, b| a.indicator_id == b.indicator_id) {
            let first = &figures[0];
            let Some(domain) = first.criterion_id.and_then(|criterion| plan.domain_of(criterion)) else { continue };
            if first.polarity == Polarity::None {
                continue;
            }
            let Some(found) = shrunken(figures) else { continue };
            let (id, polarity) = (first.indicator_id, first.polarity);
            all.indicators.push(Indicator { id, domain, polarity, reliability: first.reliability });
            for (i, code) in all.authorities.iter().enumerate() {
                all.figures[i].push(found.get(code).copied());
            }
        }
        all
    }

    /// The scores of all authorities by a plan.
    ///
    /// # Errors
    /// Where there is no score at all, with the reason.
    pub(super) fn scores(&self, plan: &Plan) -> Result<Vec<Scored>, Refusal> {
        let composite = self.composite(plan)?;
        let z = self.distances();
        let scores: Vec<Result<CompositeScore, Refusal>> = z.iter().map(|z| composite.score(z)).collect();
        Ok(self.ranked(plan, &composite, &z, scores))
    }

    /// The scores of all authorities by a plan, without their ranks.
    ///
    /// # Errors
    /// As [`Believed::scores`].
    pub(super) fn composites(&self, plan: &Plan) -> Result<Vec<Result<CompositeScore, Refusal>>, Refusal> {
        let composite = self.composite(plan)?;
        Ok(self.distances().iter().map(|z| composite.score(z)).collect())
    }

    fn distances(&self) -> Vec<Vec<Option<f64>>> {
        self.figures.iter().map(|of_one| of_one.iter().map(|f| f.map(|(z, _)| z)).collect()).collect()
    }

    fn composite(&self, plan: &Plan) -> Result<CompositePlan, Refusal> {
        let weights: Vec<f64> = plan.domains.iter().map(|domain| domain.weight).collect();
        let indicators: Vec<CompositeIndicator> = self
            .indicators
            .iter()
            .map(|indicator| CompositeIndicator {
                domain: indicator.domain,
                polarity: indicator.polarity,
                reliability: indicator.reliability,
            })
            .collect();
        CompositePlan::new(&weights, &indicators, Some(&self.correlations()))
    }

    /// Scores with their ranks, the intervals of those, and the first group.
    fn ranked(
        &self,
        plan: &Plan,
        composite: &CompositePlan,
        z: &[Vec<Option<f64>>],
        scores: Vec<Result<CompositeScore, Refusal>>,
    ) -> Vec<Scored> {
        let draws = RankDraws { draws: plan.rank_draws, level: Level::P95, worst_share: 0.1, seed: plan.seed };
        let sd: Vec<Vec<Option<f64>>> =
            self.figures.iter().map(|of_one| of_one.iter().map(|f| f.map(|(_, sd)| sd)).collect()).collect();
        let areas = self.streams.iter().enumerate().map(|(i, key)| ScoredArea {
            key: *key,
            score: scores[i].as_ref().ok(),
            z: &z[i],
            sd: &sd[i],
        });
        let (ranks, not_ranked) = match score_ranks(composite, &areas.collect::<Vec<_>>(), draws) {
            Ok(ranks) => (ranks, None),
            Err(refusal) => (vec![None; self.authorities.len()], Some(refusal)),
        };
        let sensitivity = weight_sensitivity(composite, z, plan.weight_draws, plan.seed)
            .unwrap_or_else(|_| vec![None; self.authorities.len()]);
        let of_score: Vec<Option<RankBelief>> = ranks.iter().map(|of_one| of_one.as_ref().map(|r| r.score)).collect();
        let first = self.first_group(&of_score, plan.first_group);
        let scored = scores.into_iter().zip(ranks).enumerate().map(|(i, (score, ranks))| Scored {
            score,
            observed: composite.observed(&z[i]).ok(),
            rank: of_score[i],
            domain_ranks: ranks.map_or_else(|| vec![None; plan.domains.len()], |ranks| ranks.domains),
            weights: sensitivity[i],
            first: first[i],
            not_ranked,
        });
        scored.collect()
    }

    /// Which authorities have the greatest expected ranks, as many as the first group holds.
    fn first_group(&self, ranks: &[Option<RankBelief>], size: usize) -> Vec<bool> {
        let mut order: Vec<usize> = (0..ranks.len()).filter(|i| ranks[*i].is_some()).collect();
        let expected = |i: &usize| ranks[*i].map_or(0.0, |rank| rank.expected);
        order.sort_by(|a, b| expected(b).total_cmp(&expected(a)).then(self.authorities[*a].cmp(self.authorities[*b])));
        let mut first = vec![false; ranks.len()];
        order.iter().take(size).for_each(|i| first[*i] = true);
        first
    }

    /// How the shrunken distances of each two indicators go together over authorities, row by row.
    fn correlations(&self) -> Vec<f64> {
        let count = self.indicators.len();
        let mut all = vec![0.0; count * count];
        for i in 0..count {
            all[i * count + i] = 1.0;
            for j in 0..i {
                let r = self.correlation(i, j).unwrap_or(0.0);
                (all[i * count + j], all[j * count + i]) = (r, r);
            }
        }
        all
    }

    /// Pearson's correlation over the authorities that have both; none of too few or where one does not vary.
    fn correlation(&self, i: usize, j: usize) -> Option<f64> {
        let pairs: Vec<(f64, f64)> = self.figures.iter().filter_map(|f| Some((f[i]?.0, f[j]?.0))).collect();
        if pairs.len() < LEAST_PAIRS {
            return None;
        }
        let n = pairs.len() as f64;
        let (mean_x, mean_y) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
        let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|p| f(p.0 - mean_x, p.1 - mean_y)).sum::<f64>();
        let r = sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
        r.is_finite().then(|| r.clamp(-1.0, 1.0))
    }
}

/// The shrunken distance of each authority's figure of one indicator, `(posterior - mean) / τ`, with its standard
/// deviation; none where the figures are no counts or differ no more than chance.
fn shrunken<'a>(figures: &[Examined<'a>]) -> Option<BTreeMap<&'a str, (f64, f64)>> {
    let transform = Transform::of(figures[0].measure?)?;
    let target = figures[0].target_fraction?;
    let can_count = |figure: &Examined<'_>| figure.label.is_some() && !TOO_SMALL.contains(&figure.authority_code);
    let firsts = firsts(figures.iter().map(|figure| (figure.origin, can_count(figure))));
    let scored = figures.iter().zip(firsts).enumerate().filter(|(_, (figure, _))| figure.label.is_some());
    let scored = scored.filter_map(|(i, (figure, first))| {
        let counts = figure.counts?;
        let scored = transform.scored(counts.numerator, counts.denominator, target).ok()?;
        let counted = i == first && can_count(figure);
        Some((figure.authority_code, scored.y, scored.s * scored.s, counted))
    });
    let scored: Vec<(&str, f64, f64, bool)> = scored.collect();
    let (y, v): (Vec<f64>, Vec<f64>) =
        scored.iter().filter(|(.., counted)| *counted).map(|(_, y, v, _)| (*y, *v)).unzip();
    let effects = random_effects(&y, &v).ok().filter(|effects| effects.tau2 > 0.0)?;
    let tau = effects.tau2.sqrt();
    let believed = scored.into_iter().filter_map(|(code, y, v, _)| {
        let posterior = effects.posterior(y, v).ok()?;
        Some((code, ((posterior.mean - effects.mu) / tau, posterior.variance.sqrt() / tau)))
    });
    Some(believed.collect())
}

/// A number that names each authority's stream of random numbers.
///
/// It is made of the authority's own counts, so that what is drawn for it is the same whatever it is called and whoever
/// else there is; of two with the same counts the later takes the next number.
fn streams(examined: &[Examined<'_>], authorities: &[&str]) -> Vec<u64> {
    let mix = |hash: u64, number: u64| (hash ^ number).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    let mut keys = vec![0xcbf2_9ce4_8422_2325_u64; authorities.len()];
    for (place, figures) in (0..).zip(examined.chunk_by(|a, b| a.indicator_id == b.indicator_id)) {
        for figure in figures {
            let (Some(counts), Ok(i)) = (figure.counts, authorities.binary_search(&figure.authority_code)) else {
                continue;
            };
            keys[i] = [place, counts.numerator.to_bits(), counts.denominator.to_bits()].into_iter().fold(keys[i], mix);
        }
    }
    let mut taken = HashSet::new();
    for key in &mut keys {
        while !taken.insert(*key) {
            *key = key.wrapping_add(1);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use lais_stats::{Fraction, Measure};

    use super::*;

    const CODES: [&str; 26] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v",
        "w", "x", "y", "z",
    ];

    /// Figures of six indicators, two a domain; the authority that `named` calls by its code has those of its place.
    fn figures(named: impl Fn(usize) -> usize) -> Vec<Examined<'static>> {
        const INDICATORS: [(&str, &str); 6] = [
            ("i1", "hp-decisions-and-help"),
            ("i2", "hp-decisions-and-help"),
            ("i3", "cc-health"),
            ("i4", "cc-health"),
            ("i5", "cc-care-leavers"),
            ("i6", "cc-care-leavers"),
        ];
        let mut all = Vec::new();
        for (k, (indicator_id, criterion)) in INDICATORS.into_iter().enumerate() {
            let mut of_one: Vec<Examined<'_>> = (0..CODES.len())
                .map(|place| Examined {
                    indicator_id,
                    authority_code: CODES[named(place)],
                    measure: Some(Measure::Proportion),
                    polarity: Polarity::LowIsBetter,
                    criterion_id: Some(criterion),
                    counts: Some(Fraction { numerator: (40 + (place * (k + 3) * 7) % 60) as f64, denominator: 200.0 }),
                    target_fraction: Some(0.35),
                    reliability: Some(0.9),
                    label: Some("as expected"),
                    ..Examined::default()
                })
                .collect();
            of_one.sort_by_key(|figure| figure.authority_code);
            all.extend(of_one);
        }
        all
    }

    /// Score, rank interval and group of each authority, by the place of its figures.
    fn told(named: impl Fn(usize) -> usize) -> Vec<(f64, RankBelief, bool)> {
        let figures = figures(&named);
        let plan = Plan::built_in().unwrap();
        let scores = Believed::new(&figures, &plan).scores(&plan).unwrap();
        let of = |place: usize| &scores[named(place)];
        let told = |scored: &Scored| (scored.score.as_ref().unwrap().score, scored.rank.unwrap(), scored.first);
        (0..CODES.len()).map(|place| told(of(place))).collect()
    }

    #[test]
    fn what_an_authority_is_called_changes_nothing() {
        let before = told(|place| place);
        assert!(before.iter().any(|(_, rank, _)| rank.high > rank.low + 3), "ranks are not sure");
        for named in [|place: usize| 25 - place, |place: usize| (place * 7 + 3) % 26] {
            for (a, b) in before.iter().zip(told(named)) {
                assert!((a.0 - b.0).abs() < 1e-12);
                assert_eq!((a.1, a.2), (b.1, b.2));
            }
        }
    }

    #[test]
    fn two_of_the_same_counts_draw_from_streams_of_their_own_and_others_do_not_change_them() {
        let figure = |authority_code, numerator| Examined {
            indicator_id: "i",
            authority_code,
            counts: Some(Fraction { numerator, denominator: 9.0 }),
            ..Examined::default()
        };
        let two = streams(&[figure("a", 4.0), figure("b", 4.0)], &["a", "b"]);
        assert_ne!(two[0], two[1]);
        let three = streams(&[figure("a", 4.0), figure("c", 5.0), figure("d", 4.0)], &["a", "c", "d"]);
        assert_eq!((three[0], three[2]), (two[0], two[1]));
    }
}
