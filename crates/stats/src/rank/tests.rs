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
fn of_two_rates_the_greater_is_first_where_high_is_better() {
    let rate = |key, shape| RankedArea { key, belief: Some(Belief::Rate(RateBelief::gamma(shape, 1.0).unwrap())) };
    let of = |polarity| {
        usual(&[rate(1, 400.0), rate(2, 900.0)], polarity).iter().map(|r| r.unwrap().high).collect::<Vec<_>>()
    };
    assert_eq!((of(LowIsBetter), of(HighIsBetter)), (vec![1, 2], vec![2, 1]));
}

#[test]
fn rates_are_drawn_from_their_gamma_distribution() {
    let plan = RankDraws { draws: 50_000, ..RankDraws::usual(7) };
    let rate =
        |key, shape, scale| RankedArea { key, belief: Some(Belief::Rate(RateBelief::gamma(shape, scale).unwrap())) };
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
        let widths = usual(&areas, LowIsBetter).iter().flatten().map(|r| (r.high - r.low) as f64).sum::<f64>() / 153.0;
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
