use proptest::prelude::*;

use super::*;
use crate::prediction::auc;

/// Sixty rows of twenty clusters, and a signal that foretells the outcome somewhat.
fn rows() -> (Vec<u64>, Vec<bool>, Vec<Option<f64>>) {
    let keys = (0..60).map(|i| 1000 + i % 20).collect();
    let outcome = (0..60).map(|i| i * 7 % 5 < 2).collect();
    let score = (0..60).map(|i| Some(f64::from(i * 13 % 11) + if i * 7 % 5 < 2 { 3.0 } else { 0.0 })).collect();
    (keys, outcome, score)
}

fn known(score: &[Option<f64>]) -> Vec<f64> {
    score.iter().flatten().copied().collect()
}

/// Resamples of ten rows in ten clusters of which in so many of 100 draws the first is not drawn.
fn without_the_first(draws: usize) -> Resamples {
    let mut times = vec![1; 1000];
    (0..draws).for_each(|draw| times[draw * 10] = 0);
    Resamples { cluster: (0..10).collect(), clusters: 10, draws: 100, times }
}

#[test]
fn every_draw_has_as_many_clusters_as_there_are() {
    let resamples = Resamples::new(&rows().0, 500, 1).unwrap();
    assert!(resamples.times.chunks(20).all(|draw| draw.iter().sum::<u32>() == 20));
    // Each cluster comes once per draw on average: 500 times, with a standard deviation of 22.
    let comes = |c: usize| resamples.times.iter().skip(c).step_by(20).sum::<u32>();
    assert!((0..20).all(|c| (420..580).contains(&comes(c))));
}

#[test]
fn the_error_of_a_mean_is_that_of_theory() {
    let values: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 101)).collect();
    let keys: Vec<u64> = (0..200).collect();
    let mean = |weights: RowWeights<'_>| {
        Some(values.iter().enumerate().map(|(i, v)| v * f64::from(weights.of(i))).sum::<f64>() / 200.0)
    };
    let got = Resamples::new(&keys, 2000, 4).unwrap().interval(Level::P95, mean).unwrap();
    let want = standard_deviation(&values) / 200.0_f64.sqrt();
    assert!((got.standard_error / want - 1.0).abs() < 0.05, "{got:?} {want}");
    let centre = values.iter().sum::<f64>() / 200.0;
    assert_eq!((got.estimate, got.draws, got.undefined), (centre, 2000, 0));
    assert!((got.interval.low - (centre - 1.96 * want)).abs() < 0.2 * want, "{got:?}");
    assert!((got.interval.high - (centre + 1.96 * want)).abs() < 0.2 * want, "{got:?}");
}

#[test]
fn copies_of_a_row_in_its_cluster_make_no_interval_narrower() {
    let (keys, outcome, score) = rows();
    let once = Resamples::new(&keys, 300, 2).unwrap().auc(&outcome, &score, Level::P95).unwrap();
    let (keys, outcome, score) = (keys.repeat(4), outcome.repeat(4), score.repeat(4));
    let copied = Resamples::new(&keys, 300, 2).unwrap().auc(&outcome, &score, Level::P95).unwrap();
    assert!((once.standard_error - copied.standard_error).abs() < 1e-12);
    assert_eq!(once.interval, copied.interval);
}

#[test]
fn the_interval_lies_between_percentiles_of_draws() {
    let resamples = without_the_first(4);
    let mut draw = resamples.clone();
    (0..100).for_each(|i| draw.times[i * 10 + 1] = i as u32);
    let got = draw.interval(Level::new(0.9).unwrap(), |weights| Some(f64::from(weights.of(1)))).unwrap();
    assert!((got.interval.low - 4.95).abs() < 1e-9 && (got.interval.high - 94.05).abs() < 1e-9, "{got:?}");
    assert_eq!(got.estimate, 1.0);
    // The numbers from 0 to 99 have a sample variance of 100 * 101 / 12.
    assert!((got.standard_error - (100.0 * 101.0 / 12.0_f64).sqrt()).abs() < 1e-12);
    assert_eq!(RowWeights { cluster: &draw.cluster, times: &draw.times }.of(10), 0);
}

#[test]
fn draws_without_the_statistic_are_counted_and_too_many_refused() {
    let drawn = |weights: RowWeights<'_>| (weights.of(0) > 0).then(|| f64::from(weights.of(1)));
    let got = without_the_first(5).interval(Level::P95, drawn).unwrap();
    assert_eq!((got.draws, got.undefined), (95, 5));
    let refused = Refusal::Undefined("more than 5 per cent of draws leave the statistic undefined");
    assert_eq!(without_the_first(6).interval(Level::P95, drawn), Err(refused));
    let never = without_the_first(0).interval(Level::P95, |_| None);
    assert_eq!(never, Err(Refusal::Undefined("the statistic is not defined for these rows")));
    assert_eq!(without_the_first(0).interval(Level::P95, |_| Some(f64::NAN)), Err(Refusal::NotFinite));
}

#[test]
fn draws_of_one_outcome_have_no_area() {
    let score: Vec<Option<f64>> = (0..10).map(|i| Some(f64::from(i))).collect();
    let mut outcome = vec![false; 10];
    outcome[0] = true;
    let got = without_the_first(3).auc(&outcome, &score, Level::P95).unwrap();
    assert_eq!((got.estimate, got.draws, got.undefined), (0.0, 97, 3));
    let outcome: Vec<bool> = outcome.iter().map(|y| !y).collect();
    assert_eq!(without_the_first(3).auc(&outcome, &score, Level::P95).unwrap().undefined, 3);
}

#[test]
fn where_every_row_is_a_cluster_the_error_of_the_area_is_that_of_delong() {
    let (_, outcome, score) = rows();
    let keys: Vec<u64> = (0..60).collect();
    let got = Resamples::new(&keys, 2000, 9).unwrap().auc(&outcome, &score, Level::P95).unwrap();
    assert_eq!(got.estimate, auc(&outcome, &known(&score)).unwrap());
    assert!(got.interval.low < got.estimate && got.estimate < got.interval.high);
    let delong = crate::delong(&outcome, &known(&score)).unwrap().variance.sqrt();
    assert!((got.standard_error / delong - 1.0).abs() < 0.1, "{} {delong}", got.standard_error);
}

#[test]
fn a_difference_is_taken_draw_by_draw_over_rows_that_have_both_signals() {
    let (keys, outcome, mut score) = rows();
    let other: Vec<Option<f64>> = (0..60).map(|i| Some(f64::from(i * 29 % 17))).collect();
    let resamples = Resamples::new(&keys, 200, 9).unwrap();
    let same = resamples.auc_difference(&outcome, &score, &score, Level::P95).unwrap();
    assert_eq!((same.estimate, same.interval, same.standard_error), (0.0, Interval { low: 0.0, high: 0.0 }, 0.0));
    let there = resamples.auc_difference(&outcome, &score, &other, Level::P95).unwrap();
    let back = resamples.auc_difference(&outcome, &other, &score, Level::P95).unwrap();
    assert_eq!(there.estimate, -back.estimate);
    assert!((there.interval.low + back.interval.high).abs() < 1e-12);
    score[..3].fill(None);
    let mut shorter = other.clone();
    shorter[57..].fill(None);
    let got = resamples.auc_difference(&outcome, &score, &shorter, Level::P95).unwrap();
    let middle = |score: &[Option<f64>]| auc(&outcome[3..57], &known(&score[3..57])).unwrap();
    assert_eq!(got.estimate, middle(&score) - middle(&shorter));
}

#[test]
fn neither_threads_nor_the_order_of_rows_change_anything_and_the_seed_does() {
    let (keys, outcome, score) = rows();
    let with = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Resamples::new(&keys, 200, seed).unwrap().auc(&outcome, &score, Level::P95).unwrap())
    };
    assert_eq!(with(1, 5), with(3, 5));
    assert_ne!(with(1, 5), with(1, 6));
    let reversed = |i: usize| 59 - i;
    let keys: Vec<_> = (0..60).map(|i| keys[reversed(i)]).collect();
    let turned: Vec<_> = (0..60).map(|i| outcome[reversed(i)]).collect();
    let scores: Vec<_> = (0..60).map(|i| score[reversed(i)]).collect();
    assert_eq!(Resamples::new(&keys, 200, 5).unwrap().auc(&turned, &scores, Level::P95).unwrap(), with(1, 5));
}

#[test]
fn what_cannot_be_resampled_is_refused() {
    let keys: Vec<u64> = (0..10).collect();
    let refused = |keys: &[u64], draws| Resamples::new(keys, draws, 1).unwrap_err();
    assert_eq!(refused(&[], 2000), Refusal::Empty);
    assert_eq!(refused(&keys[1..].repeat(2), 2000), Refusal::TooFew { what: "clusters", least: 10 });
    assert_eq!(refused(&keys, 99), Refusal::TooFew { what: "draws", least: 100 });
    assert!(Resamples::new(&keys, 100, 1).is_ok());
    assert_eq!(refused(&keys, 10_000_001), Refusal::Undefined("there are too many clusters or draws to hold"));
    let (keys, outcome, score) = rows();
    let resamples = Resamples::new(&keys, 100, 1).unwrap();
    let auc = |outcome: &[bool], score: &[Option<f64>]| resamples.auc(outcome, score, Level::P95).unwrap_err();
    assert_eq!(auc(&outcome[1..], &score), Refusal::LengthsDiffer("outcomes and rows"));
    assert_eq!(auc(&outcome, &score[1..]), Refusal::LengthsDiffer("outcomes and scores"));
    assert_eq!(auc(&outcome, &[None; 60]), Refusal::Empty);
    assert_eq!(auc(&[true; 60], &score), ONE_CLASS);
    assert_eq!(auc(&outcome, &[Some(f64::NAN); 60]), Refusal::NotFinite);
    let difference = |first: &[Option<f64>], second: &[Option<f64>]| {
        resamples.auc_difference(&outcome, first, second, Level::P95).unwrap_err()
    };
    assert_eq!(difference(&score, &score[1..]), Refusal::LengthsDiffer("the scores of two signals"));
    assert_eq!(difference(&score, &[None; 60]), Refusal::Empty);
}

proptest! {
    #[test]
    fn the_area_of_a_draw_is_that_of_rows_repeated(
        rows in proptest::collection::vec((any::<bool>(), 0u8..5, 0u32..10), 2..40),
        times in proptest::collection::vec(0u32..4, 10),
    ) {
        let score: Vec<Option<f64>> = rows.iter().map(|row| Some(f64::from(row.1))).collect();
        let outcome: Vec<bool> = rows.iter().map(|row| row.0).collect();
        let cluster: Vec<u32> = rows.iter().map(|row| row.2).collect();
        let resamples = Resamples { cluster, clusters: 10, draws: 1, times: times.clone() };
        let got = resamples.sorted(&outcome, &score, |_| true).unwrap().auc(&times);
        let repeated = rows.iter().flat_map(|row| (0..times[row.2 as usize]).map(|_| (row.0, f64::from(row.1))));
        let (outcome, score): (Vec<bool>, Vec<f64>) = repeated.unzip();
        prop_assert_eq!(got, auc(&outcome, &score).ok());
    }
}
