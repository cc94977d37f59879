use proptest::prelude::*;

use super::*;
use Polarity::{HighIsBetter, LowIsBetter};

fn indicator(domain: usize, polarity: Polarity) -> CompositeIndicator {
    CompositeIndicator { domain, polarity, reliability: Some(0.9) }
}

fn close(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-12, "{got} for {want}");
}

/// Three domains of weight 5, 3 and 2, with two indicators that are no part of the score.
fn plan() -> CompositePlan {
    let indicators = [
        indicator(0, LowIsBetter),
        indicator(0, HighIsBetter),
        indicator(1, LowIsBetter),
        indicator(1, Polarity::None),
        CompositeIndicator { reliability: Some(0.3), ..indicator(2, LowIsBetter) },
        CompositeIndicator { reliability: Some(0.299), ..indicator(2, LowIsBetter) },
        CompositeIndicator { reliability: None, ..indicator(2, LowIsBetter) },
    ];
    CompositePlan::new(&[5.0, 3.0, 2.0], &indicators, None).unwrap()
}

fn all() -> Vec<Option<f64>> {
    [1.0, 2.0, 4.0, 9.0, -1.0, 9.0, 9.0].map(Some).to_vec()
}

fn less(missing: &[usize]) -> Vec<Option<f64>> {
    let mut z = all();
    missing.iter().for_each(|i| z[*i] = None);
    z
}

/// Four indicators of one domain, in pairs that correlate by `r` and `s`.
fn pairs(r: f64, s: f64) -> Vec<f64> {
    [[1.0, r, 0.1, 0.0], [r, 1.0, 0.2, 0.0], [0.1, 0.2, 1.0, s], [0.0, 0.0, s, 1.0]].concat()
}

#[test]
fn a_score_is_the_weighted_mean_of_domain_means_of_oriented_and_cut_z_scores() {
    let got = plan().score(&all()).unwrap();
    assert_eq!(got.domains, [Some(-0.5), Some(3.0), Some(-1.0)]);
    close(got.score, 0.5 * -0.5 + 0.3 * 3.0 - 0.2);
    close(got.coverage, 1.0);
    let parts: Vec<_> = got.contributions.iter().map(|c| (c.indicator, c.concern)).collect();
    assert_eq!(parts, [(0, 1.0), (1, -2.0), (2, 3.0), (4, -1.0)]);
    for (part, weight) in got.contributions.iter().zip([0.25, 0.25, 0.3, 0.2]) {
        close(part.weight, weight);
        close(part.value, weight * part.concern);
    }
    assert_eq!((got.max_concern.indicator, got.max_concern.concern), (2, 3.0));
    assert_eq!(got.z_score, Err(Refusal::Missing("the matrix of correlations")));
}

#[test]
fn a_missing_indicator_leaves_its_weight_to_the_others_of_its_domain() {
    let got = plan().score(&less(&[1])).unwrap();
    close(got.coverage, 0.75);
    assert_eq!(got.domains[0], Some(1.0));
    close(got.score, 0.5 + 0.9 - 0.2);
    close(got.contributions[0].weight, 0.5);
}

#[test]
fn a_missing_domain_leaves_its_weight_to_the_other_domains_in_proportion() {
    let got = plan().score(&less(&[2])).unwrap();
    close(got.coverage, 0.7);
    assert_eq!(got.domains[1], None);
    close(got.score, (0.5 * -0.5 - 0.2) / 0.7);
    close(got.contributions[0].weight, 0.25 / 0.7);
    close(got.contributions[2].weight, 0.2 / 0.7);
}

#[test]
fn below_three_fifths_of_the_weight_there_is_no_score() {
    let refused = Err(Refusal::Undefined("less than 60 per cent of the weight is observed"));
    assert_eq!(plan().score(&less(&[0, 1])), refused);
    assert_eq!(plan().score(&[None; 7]), refused);
    let five = CompositePlan::new(&[1.0], &[indicator(0, LowIsBetter); 5], None).unwrap();
    assert!(five.score(&[Some(1.0), Some(1.0), Some(1.0), None, None]).is_ok());
    let six = CompositePlan::new(&[1.0], &[indicator(0, LowIsBetter); 12], None).unwrap();
    let mut seven = vec![Some(1.0); 7];
    seven.resize(12, None);
    assert_eq!(six.score(&seven), refused);
}

#[test]
fn what_is_no_part_of_the_score_is_no_part_of_coverage() {
    let got = plan().score(&less(&[3, 5, 6])).unwrap();
    close(got.coverage, 1.0);
    assert_eq!(got, plan().score(&all()).unwrap());
    // A domain without any part of the score has no weight to miss.
    let indicators = [indicator(0, LowIsBetter), indicator(1, Polarity::None)];
    let got = CompositePlan::new(&[1.0, 9.0], &indicators, None).unwrap().score(&[Some(2.0), None]).unwrap();
    assert_eq!((got.score, got.coverage, got.domains), (2.0, 1.0, vec![Some(2.0), None]));
}

#[test]
fn concern_is_cut_at_three_on_either_side() {
    let plan = CompositePlan::new(&[1.0], &[indicator(0, HighIsBetter); 2], None).unwrap();
    let got = plan.score(&[Some(-50.0), Some(3.5)]).unwrap();
    let concerns: Vec<_> = got.contributions.iter().map(|c| c.concern).collect();
    assert_eq!(concerns, [3.0, -3.0]);
}

#[test]
fn of_equal_concerns_the_first_is_the_greatest() {
    let plan = CompositePlan::new(&[1.0], &[indicator(0, LowIsBetter); 3], None).unwrap();
    let got = plan.score(&[Some(1.0), Some(2.0), Some(2.0)]).unwrap();
    assert_eq!(got.max_concern.indicator, 1);
}

#[test]
fn leaving_one_indicator_out_gives_the_range_of_scores() {
    let got = plan().score(&all()).unwrap().leave_one_out.unwrap();
    let without = |missing: usize| {
        let z = less(&[missing]);
        let concerns = plan().concerns(&z).unwrap();
        mean_of_domains(&plan().domains, &plan().domain_means(&concerns)).unwrap()
    };
    // Without the second the first domain is 1, without the third its domain is missing.
    close(got.high, 1.2);
    close(got.low, -0.45 / 0.7);
    close(without(1), 1.2);
    close(without(2), -0.45 / 0.7);
    let one = CompositePlan::new(&[1.0], &[indicator(0, LowIsBetter)], None).unwrap();
    assert_eq!(one.score(&[Some(1.0)]).unwrap().leave_one_out, None);
}

#[test]
fn indicators_that_correlate_by_more_than_four_fifths_share_a_slot() {
    let plan = |r, s| CompositePlan::new(&[1.0], &[indicator(0, LowIsBetter); 4], Some(&pairs(r, s))).unwrap();
    let z = [1.0, 3.0, 0.0, -1.0].map(Some);
    // One pair: slots (1 + 3) / 2, 0 and -1.
    for r in [0.81, -0.81] {
        let got = plan(r, 0.5).score(&z).unwrap();
        close(got.score, (2.0 + 0.0 - 1.0) / 3.0);
        for (part, weight) in got.contributions.iter().zip([1.0 / 6.0, 1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0]) {
            close(part.weight, weight);
        }
    }
    // Two pairs: slots 2 and -0.5.
    close(plan(0.9, 0.9).score(&z).unwrap().score, 0.75);
    // At four fifths exactly none is shared.
    close(plan(0.8, 0.5).score(&z).unwrap().score, 0.75);
    close(plan(0.8, 0.5).score(&z).unwrap().contributions[0].weight, 0.25);
}

#[test]
fn what_is_observed_is_told_of_the_whole_and_of_each_domain() {
    // Two indicators share a slot of one domain beside a third; the other domain has one, and one without polarity.
    let mut r = vec![0.0; 25];
    (0..5).for_each(|i| r[i * 5 + i] = 1.0);
    (r[1], r[5]) = (0.9, 0.9);
    let none = CompositeIndicator { polarity: Polarity::None, ..indicator(1, LowIsBetter) };
    let indicators = [
        indicator(0, LowIsBetter),
        indicator(0, LowIsBetter),
        indicator(0, LowIsBetter),
        indicator(1, LowIsBetter),
        none,
    ];
    let plan = CompositePlan::new(&[3.0, 1.0], &indicators, Some(&r)).unwrap();
    let z = [Some(1.0), None, Some(1.0), None, Some(1.0)];
    let observed = plan.observed(&z).unwrap();
    close(observed.coverage, 0.75 * 0.75);
    assert_eq!(observed.indicators, 2);
    assert!(plan.score(&z).is_err());
    let enough = plan.score(&[Some(1.0), None, Some(1.0), Some(1.0), None]).unwrap();
    close(enough.domain_coverage[0], 0.75);
    close(enough.domain_coverage[1], 1.0);
    assert!(plan.observed(&[None; 5]).unwrap().coverage.is_sign_positive());
    assert!(plan.observed(&z[..4]).is_err() && plan.observed(&[Some(f64::NAN); 5]).is_err());
}

#[test]
fn pairs_that_share_an_indicator_make_one_slot_and_domains_never_share_one() {
    let mut r = pairs(0.9, 0.0);
    (r[4 + 2], r[2 * 4 + 1]) = (0.9, 0.9);
    let chain = CompositePlan::new(&[1.0], &[indicator(0, LowIsBetter); 4], Some(&r)).unwrap();
    close(chain.score(&[1.0, 3.0, 2.0, -1.0].map(Some)).unwrap().score, 0.5);
    let apart =
        [indicator(0, LowIsBetter), indicator(1, LowIsBetter), indicator(0, LowIsBetter), indicator(1, LowIsBetter)];
    let apart = CompositePlan::new(&[1.0, 1.0], &apart, Some(&pairs(0.9, 0.9))).unwrap();
    let got = apart.score(&[1.0, 3.0, 0.0, -1.0].map(Some)).unwrap();
    assert_eq!(got.domains, [Some(0.5), Some(1.0)]);
}

#[test]
fn a_missing_indicator_leaves_its_weight_to_the_others_of_its_slot() {
    let plan = CompositePlan::new(&[1.0], &[indicator(0, LowIsBetter); 4], Some(&pairs(0.9, 0.0))).unwrap();
    let got = plan.score(&[None, Some(3.0), Some(0.0), Some(-1.0)]).unwrap();
    close(got.coverage, 5.0 / 6.0);
    close(got.score, 2.0 / 3.0);
    close(got.contributions[0].weight, 1.0 / 3.0);
}

#[test]
fn how_unusual_a_score_is_allows_for_correlation_and_polarity() {
    let r = [1.0, 0.5, 0.5, 1.0];
    let plan =
        |second| CompositePlan::new(&[3.0, 1.0], &[indicator(0, LowIsBetter), indicator(1, second)], Some(&r)).unwrap();
    let got = plan(LowIsBetter).score(&[Some(2.0), Some(1.0)]).unwrap();
    close(got.z_score.unwrap(), 1.75 / (0.5625 + 0.0625 + 2.0 * 0.1875 * 0.5_f64).sqrt());
    let got = plan(HighIsBetter).score(&[Some(2.0), Some(-1.0)]).unwrap();
    close(got.z_score.unwrap(), 1.75 / (0.5625 + 0.0625 - 2.0 * 0.1875 * 0.5_f64).sqrt());
    // Two indicators of which each says nothing but the opposite of the other.
    let r = [1.0, -1.0, -1.0, 1.0];
    let opposed = CompositePlan::new(&[1.0, 1.0], &[indicator(0, LowIsBetter), indicator(1, LowIsBetter)], Some(&r));
    let refused = Err(Refusal::Undefined("the correlations leave the score no variance"));
    assert_eq!(opposed.unwrap().score(&[Some(1.0), Some(-1.0)]).unwrap().z_score, refused);
}

#[test]
fn what_is_no_plan_is_refused() {
    let two = [indicator(0, LowIsBetter), indicator(0, HighIsBetter)];
    let new = CompositePlan::new;
    assert_eq!(new(&[], &two, None), Err(Refusal::Empty));
    assert_eq!(new(&[1.0], &[], None), Err(Refusal::Empty));
    assert_eq!(
        new(&[1.0], &[indicator(1, LowIsBetter)], None),
        Err(Refusal::Undefined("an indicator is in no domain"))
    );
    assert_eq!(new(&[-1.0, 2.0], &two, None), Err(Refusal::Negative("a weight")));
    assert_eq!(new(&[0.0, 1.0], &two, None), Err(Refusal::Zero("the weight of all domains")));
    assert_eq!(new(&[1.0], &[indicator(0, Polarity::None)], None), Err(Refusal::Zero("the weight of all domains")));
    assert_eq!(new(&[f64::NAN], &two, None), Err(Refusal::NotFinite));
    let reliability = |r| new(&[1.0], &[CompositeIndicator { reliability: Some(r), ..two[0] }], None);
    assert!(reliability(1.1).is_err() && reliability(-0.1).is_err() && reliability(f64::NAN).is_err());
    assert!(reliability(1.0).is_ok());
    let none = Err(Refusal::Undefined("the correlations are no correlation matrix"));
    for r in [[1.0, 0.5, 0.4, 1.0], [1.0, 1.1, 1.1, 1.0], [0.9, 0.5, 0.5, 1.0], [1.0, -1.1, -1.1, 1.0]] {
        assert_eq!(new(&[1.0], &two, Some(&r)), none);
    }
    assert!(new(&[1.0], &two, Some(&[1.0, -1.0, -1.0, 1.0])).is_ok());
    assert_eq!(new(&[1.0], &two, Some(&[1.0, f64::NAN, 0.0, 1.0])), Err(Refusal::NotFinite));
    assert_eq!(new(&[1.0], &two, Some(&[1.0])), Err(Refusal::LengthsDiffer("correlations and pairs of indicators")));
    assert_eq!(plan().score(&[None]), Err(Refusal::LengthsDiffer("z-scores and indicators")));
    assert_eq!(plan().score(&[Some(f64::NAN); 7]), Err(Refusal::NotFinite));
}

fn two_domains() -> CompositePlan {
    let indicators = [indicator(0, LowIsBetter), indicator(1, LowIsBetter)];
    CompositePlan::new(&[1.0, 1.0], &indicators, None).unwrap()
}

fn area(first: f64, second: f64) -> Vec<Option<f64>> {
    vec![Some(first), Some(second)]
}

#[test]
fn under_equal_weights_any_weights_are_as_likely() {
    // The first area is of more concern where w1 > 3 w2, so in a quarter of draws; nothing comes between.
    let areas = [area(1.0, 0.0), area(0.0, 3.0), area(-2.0, -2.0)];
    let got = weight_sensitivity(&two_domains(), &areas, 20_000, 3).unwrap();
    let [first, second, third] = [0, 1, 2].map(|i| got[i].unwrap());
    assert_eq!((first.least, first.greatest, first.low, first.high), (2, 3, 2, 3));
    assert_eq!((second.least, second.greatest), (2, 3));
    assert_eq!(third, WeightSensitivity { least: 1, greatest: 1, low: 1, high: 1 });
    let mut firsts = 0;
    for draw in 0..20_000 {
        let weights = sensitivity::draw_weights(&two_domains().domains, 3, draw).unwrap();
        firsts += i32::from(weights[0] > 3.0 * weights[1]);
    }
    assert!((f64::from(firsts) / 20_000.0 - 0.25).abs() < 0.01, "{firsts}");
}

#[test]
fn rare_ranks_are_in_the_range_and_not_in_the_interval() {
    // The first area is the worse only where w1 > 99 w2, in a hundredth of draws.
    let areas = [area(2.97, 0.0), area(2.94, 2.97)];
    let first = weight_sensitivity(&two_domains(), &areas, 5000, 3).unwrap()[0].unwrap();
    assert_eq!(first, WeightSensitivity { least: 1, greatest: 2, low: 1, high: 1 });
}

#[test]
fn an_area_with_too_little_observed_takes_no_place() {
    let areas = [area(1.0, 1.0), vec![Some(3.0), None], area(2.0, 2.0)];
    let got = weight_sensitivity(&two_domains(), &areas, 100, 3).unwrap();
    assert_eq!(got[1], None);
    assert_eq!(got[2].unwrap(), WeightSensitivity { least: 2, greatest: 2, low: 2, high: 2 });
}

#[test]
fn a_domain_without_weight_keeps_none() {
    let indicators = [indicator(0, LowIsBetter), indicator(1, LowIsBetter)];
    let plan = CompositePlan::new(&[1.0, 0.0], &indicators, None).unwrap();
    let got = weight_sensitivity(&plan, &[area(1.0, -3.0), area(0.5, 3.0)], 500, 3).unwrap();
    assert_eq!(got[0].unwrap(), WeightSensitivity { least: 2, greatest: 2, low: 2, high: 2 });
}

#[test]
fn drawn_weights_are_those_of_the_plan_on_average() {
    let share = |draw| {
        let weights = sensitivity::draw_weights(&[0.8, 0.2, 0.0], 5, draw).unwrap();
        assert_eq!(weights[2], 0.0);
        weights[0] / (weights[0] + weights[1])
    };
    let mean = (0..4_000).map(share).sum::<f64>() / 4_000.0;
    // Beta(1.6, 0.4) has a standard deviation of 0.23.
    assert!((mean - 0.8).abs() < 0.02, "{mean}");
}

#[test]
fn weights_follow_the_seed_and_neither_the_order_of_areas_nor_threads() {
    let areas: Vec<_> = (0..15_u8).map(|i| area(f64::from(i % 4), f64::from(i % 7) / 2.0)).collect();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| weight_sensitivity(&two_domains(), &areas, 300, 5).unwrap())
    };
    let there = with(1);
    assert_eq!(there, with(3));
    let reversed: Vec<_> = areas.iter().rev().cloned().collect();
    let mut back = weight_sensitivity(&two_domains(), &reversed, 300, 5).unwrap();
    back.reverse();
    assert_eq!(there, back);
    let drawn = |seed, draw| sensitivity::draw_weights(&[0.5, 0.5], seed, draw).unwrap();
    assert_ne!(drawn(5, 0), drawn(6, 0));
    assert_ne!(drawn(5, 0), drawn(5, 1));
}

#[test]
fn too_few_draws_or_areas_are_refused() {
    let areas = [area(1.0, 1.0), area(2.0, 2.0)];
    let refused = |areas: &[Vec<Option<f64>>], draws| weight_sensitivity(&two_domains(), areas, draws, 1).unwrap_err();
    assert_eq!(refused(&areas, 99), Refusal::TooFew { what: "draws", least: 100 });
    assert_eq!(refused(&areas[..1], 100), Refusal::TooFew { what: "areas with a score", least: 2 });
    assert_eq!(refused(&[], 100), Refusal::Empty);
    assert_eq!(refused(&[area(1.0, 1.0), vec![]], 100), Refusal::LengthsDiffer("z-scores and indicators"));
    assert_eq!(
        refused(&vec![area(1.0, 1.0); 6000], 100),
        Refusal::Undefined("there are too many areas or draws to hold")
    );
}

proptest! {
    #[test]
    fn contributions_sum_to_the_score_and_their_weights_to_one(
        indicators in proptest::collection::vec((0usize..4, 0u8..3, 0.0..1.0f64, proptest::option::of(-6.0..6.0f64)), 1..30),
        weights in proptest::collection::vec(0.0..5.0f64, 4), linked in any::<u64>(),
    ) {
        let polarity = |p| [LowIsBetter, HighIsBetter, Polarity::None][usize::from(p)];
        let plan: Vec<_> = indicators
            .iter()
            .map(|(domain, p, r, _)| CompositeIndicator { domain: *domain, polarity: polarity(*p), reliability: Some(*r) })
            .collect();
        let n = plan.len();
        // Random pairs correlate, to have slots of several indicators.
        let r: Vec<f64> = (0..n * n).map(|k| {
            let (i, j) = (k / n, k % n);
            if i == j { 1.0 } else { 0.9 * f64::from(u8::from(linked >> ((i * j) % 64) & 1 == 1)) }
        }).collect();
        let z: Vec<_> = indicators.iter().map(|(_, _, _, z)| *z).collect();
        let Ok(plan) = CompositePlan::new(&weights, &plan, Some(&r)) else { return Ok(()) };
        if let Ok(got) = plan.score(&z) {
            let sum: f64 = got.contributions.iter().map(|c| c.value).sum();
            let weight: f64 = got.contributions.iter().map(|c| c.weight).sum();
            prop_assert!((sum - got.score).abs() < 1e-12, "{sum} {got:?}");
            prop_assert!((weight - 1.0).abs() < 1e-12, "{weight} {got:?}");
            prop_assert!(got.score.abs() <= 3.0 + 1e-12 && (0.6 - 1e-12..=1.0 + 1e-12).contains(&got.coverage));
            prop_assert!(got.contributions.iter().all(|c| c.concern <= got.max_concern.concern));
        }
    }
}
