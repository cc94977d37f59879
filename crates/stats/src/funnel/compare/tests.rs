use proptest::prelude::*;

use super::*;
use crate::{binomial_funnel_limits, binomial_mid_p_score, poisson_funnel_limits, poisson_mid_p_score};

fn area(observed: f64, denominator: f64) -> AreaFigures {
    AreaFigures { observed: Some(observed), denominator: Some(denominator), included: true }
}

fn left_out(observed: f64, denominator: f64) -> AreaFigures {
    AreaFigures { included: false, ..area(observed, denominator) }
}

const SILENT: AreaFigures = AreaFigures { observed: None, denominator: Some(50.0), included: true };

/// Twenty-four areas around 0.3, of which the tenth lies far out and the fifth is twice as large.
fn areas() -> Vec<AreaFigures> {
    (0..24_u32)
        .map(|i| {
            let n = if i == 4 { 800.0 } else { 400.0 };
            let share = 0.3 + (f64::from(i * 7 % 24) - 11.5) * 0.008 + if i == 9 { 0.2 } else { 0.0 };
            area((share * n).round(), n)
        })
        .collect()
}

fn compare(areas: &[AreaFigures], transform: Transform, target: Target) -> Comparison {
    compare_areas(areas, transform, target, &ComparisonSettings::default()).unwrap()
}

fn near(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-12 * want.abs().max(1.0), "{got} for {want}");
}

fn same_interval(got: Interval, want: Interval) {
    near(got.low, want.low);
    near(got.high, want.high);
}

#[test]
fn areas_are_compared_with_what_they_have_together_by_hand() {
    let areas = areas();
    let got = compare(&areas, Transform::Arcsine, Target::Pooled);
    let sum = |of: fn(&AreaFigures) -> Option<f64>| areas.iter().filter_map(of).sum::<f64>();
    let target = sum(|a| a.observed) / sum(|a| a.denominator);
    near(got.target, target);
    assert_eq!((got.basis, got.used), (TargetBasis::Pooled, 24));

    let angle = target.sqrt().asin();
    let z: Vec<f64> = areas
        .iter()
        .map(|a| {
            ((a.observed.unwrap() / a.denominator.unwrap()).sqrt().asin() - angle) * 2.0 * a.denominator.unwrap().sqrt()
        })
        .collect();
    let (low, high) = (crate::quantile7(&z, 0.1).unwrap(), crate::quantile7(&z, 0.9).unwrap());
    let phi = z.iter().map(|z| z.max(low).min(high).powi(2)).sum::<f64>() / 24.0;
    let w = sum(|a| a.denominator) * 4.0;
    let w2 = 16.0 * areas.iter().filter_map(|a| a.denominator).map(|n| n * n).sum::<f64>();
    let tau2 = (24.0 * phi - 23.0) / (w - w2 / w);
    let found = got.dispersion.unwrap();
    near(found.phi, phi);
    near(found.tau2, tau2);
    near(found.reliability, tau2 / (tau2 + 1.0 / 1600.0));
    assert!(tau2 > 0.0);

    let tenth = got.areas[9].unwrap();
    let (y, s) = (tenth.y, 0.025);
    near(tenth.value, areas[9].observed.unwrap() / 400.0);
    near(tenth.s, s);
    near(tenth.z, z[9]);
    near(tenth.z_adjusted.unwrap(), (y - angle) / (s * s + tau2).sqrt());
    assert!(!tenth.exact);
    assert_eq!(tenth.difference, Difference::of(tenth.z_adjusted.unwrap()).unwrap());
    same_interval(tenth.limits_95, binomial_funnel_limits(target, 400.0, Level::P95).unwrap());
    same_interval(tenth.limits_998, binomial_funnel_limits(target, 400.0, Level::P998).unwrap());
    let limits = |level| Transform::Arcsine.limits(target, s, tau2, level).unwrap();
    same_interval(tenth.adjusted_95.unwrap(), limits(Level::P95));
    same_interval(tenth.adjusted_998.unwrap(), limits(Level::P998));
}

#[test]
fn the_adjusted_distance_decides_where_there_is_one() {
    let got = compare(&areas(), Transform::Arcsine, Target::Pooled);
    let differ = got.areas.iter().flatten().filter(|a| Difference::of(a.z) != Difference::of(a.z_adjusted.unwrap()));
    assert!(differ.count() > 0);
    for area in got.areas.iter().flatten() {
        assert_eq!(Some(area.difference), Difference::of(area.z_adjusted.unwrap()));
    }
}

#[test]
fn rates_are_published_by_their_multiplier() {
    let areas: Vec<_> = (0..20).map(|i| area(f64::from(40 + 3 * i), 2000.5)).collect();
    let settings = ComparisonSettings { multiplier: 1000.0, ..ComparisonSettings::default() };
    let got = compare_areas(&areas, Transform::SquareRoot, Target::Pooled, &settings).unwrap();
    let rate = 1370.0 / 20.0 / 2000.5;
    near(got.target, rate * 1000.0);
    let first = got.areas[0].unwrap();
    let (expected, tau2) = (rate * 2000.5, got.dispersion.unwrap().tau2);
    near(first.value, 40_000.0 / 2000.5);
    near(first.y, (40.0 / expected).sqrt());
    near(first.s, 0.5 / expected.sqrt());
    near(first.z, (first.y - 1.0) / first.s);
    same_interval(first.limits_95, poisson_funnel_limits(expected, Level::P95).unwrap().scaled(rate * 1000.0));
    let adjusted = Transform::SquareRoot.limits(rate, first.s, tau2, Level::P998).unwrap();
    same_interval(first.adjusted_998.unwrap(), adjusted.scaled(1000.0));
    // A given target is in the published unit too.
    let given = compare_areas(&areas, Transform::SquareRoot, Target::Given(rate * 1000.0), &settings).unwrap();
    near(given.areas[0].unwrap().z, first.z);
    assert_eq!(given.basis, TargetBasis::Given);
    let ratio = compare(&[area(6.0, 8.0)], Transform::SquareRoot, Target::Given(1.0));
    near(ratio.areas[0].unwrap().z, (0.75_f64.sqrt() - 1.0) * 2.0 * 8.0_f64.sqrt());
}

#[test]
fn means_and_ratios_of_counts_have_limits_on_their_own_scale() {
    let settings = ComparisonSettings { multiplier: 100.0, ..ComparisonSettings::default() };
    let means: Vec<_> = (0..20).map(|i| area(f64::from(i), 0.5)).collect();
    let got = compare_areas(&means, Transform::Identity, Target::Pooled, &settings).unwrap();
    let first = got.areas[0].unwrap();
    near(got.target, 9.5);
    near(first.value, 0.0);
    near(first.z, -19.0);
    same_interval(first.limits_95, Interval { low: 9.5 - 0.5 * Level::P95.z(), high: 9.5 + 0.5 * Level::P95.z() });
    let means_below_nothing = compare(&[area(-2.0, 0.5)], Transform::Identity, Target::Given(0.0));
    near(means_below_nothing.areas[0].unwrap().value, -2.0);

    let got = compare_areas(&[area(6.0, 12.0)], Transform::LogRatioOfCounts, Target::Given(100.0), &settings).unwrap();
    let only = got.areas[0].unwrap();
    near(only.value, 50.0);
    near(only.z, 0.52_f64.ln() / only.s);
    same_interval(
        only.limits_998,
        Transform::LogRatioOfCounts.limits(1.0, only.s, 0.0, Level::P998).unwrap().scaled(100.0),
    );
    assert!(!only.exact);
}

#[test]
fn the_distance_is_exact_where_few_are_expected() {
    // 0.2 * 0.8 * 31 is 4.96, of 32 5.12; four and five events are expected of 4 and 5.
    let z = |x: f64, n: f64, transform: Transform, target: f64| {
        let area = compare(&[area(x, n)], transform, Target::Given(target)).areas[0].unwrap();
        (area.z, area.exact)
    };
    assert_eq!(z(2.0, 31.0, Transform::Arcsine, 0.2), (binomial_mid_p_score(2.0, 31.0, 0.2).unwrap(), true));
    assert!(!z(2.0, 32.0, Transform::Arcsine, 0.2).1);
    assert_eq!(z(2.0, 4.5, Transform::SquareRoot, 1.0), (poisson_mid_p_score(2.0, 4.5).unwrap(), true));
    assert_eq!(z(2.0, 9.0, Transform::SquareRoot, 0.5), (poisson_mid_p_score(2.0, 4.5).unwrap(), true));
    assert!(!z(2.0, 5.0, Transform::SquareRoot, 1.0).1);
    // No count, no exact probability.
    assert!(!z(2.5, 31.0, Transform::Arcsine, 0.2).1);
    assert!(!z(2.0, 30.5, Transform::Arcsine, 0.2).1);
    assert!(!z(2.5, 4.0, Transform::SquareRoot, 1.0).1);
    let never = ComparisonSettings { exact_below: 0.0, ..ComparisonSettings::default() };
    let got = compare_areas(&[area(0.0, 3.0)], Transform::SquareRoot, Target::Given(1.0), &never).unwrap();
    near(got.areas[0].unwrap().z, -2.0 * 3.0_f64.sqrt());
}

#[test]
fn an_exact_distance_stays_so_when_the_variance_between_areas_is_allowed_for() {
    let mut areas = areas();
    areas.push(area(0.0, 12.0));
    let got = compare(&areas, Transform::Arcsine, Target::Pooled);
    let (small, tau2) = (got.areas[24].unwrap(), got.dispersion.unwrap().tau2);
    assert!(small.exact);
    near(small.z, binomial_mid_p_score(0.0, 12.0, got.target).unwrap());
    near(small.z_adjusted.unwrap(), small.z * (1.0 + tau2 * 48.0).powf(-0.5));
}

#[test]
fn a_denominator_that_is_not_whole_has_the_limits_of_the_score_test() {
    let limits = |n: f64| compare(&[area(3.0, n)], Transform::Arcsine, Target::Given(0.2)).areas[0].unwrap().limits_95;
    let reach = Level::P95.z() * (0.16 / 40.5_f64).sqrt();
    same_interval(limits(40.5), Interval { low: 0.2 - reach, high: 0.2 + reach });
    same_interval(limits(40.0), binomial_funnel_limits(0.2, 40.0, Level::P95).unwrap());
    assert_eq!(limits(3.5).low, 0.0);
    let high = compare(&[area(3.0, 3.5)], Transform::Arcsine, Target::Given(0.9)).areas[0].unwrap().limits_95.high;
    assert_eq!(high, 1.0);
}

#[test]
fn with_too_few_areas_the_naive_distance_stands_alone() {
    let few = compare(&areas()[..19], Transform::Arcsine, Target::Pooled);
    assert_eq!(few.dispersion, Err(Refusal::TooFew { what: "areas", least: 20 }));
    for area in few.areas.iter().flatten() {
        assert_eq!((area.z_adjusted, area.adjusted_95, area.adjusted_998), (None, None, None));
        assert_eq!(Some(area.difference), Difference::of(area.z));
    }
    assert!(compare(&areas()[..20], Transform::Arcsine, Target::Pooled).dispersion.is_ok());
    let mut with_left_out = areas()[..19].to_vec();
    with_left_out.extend([left_out(3.0, 9.0), SILENT]);
    assert!(compare(&with_left_out, Transform::Arcsine, Target::Pooled).dispersion.is_err());
    let settings = ComparisonSettings { least_areas: 1, ..ComparisonSettings::default() };
    let one = compare_areas(&areas()[..1], Transform::Arcsine, Target::Pooled, &settings).unwrap();
    assert_eq!(one.dispersion, Err(Refusal::TooFew { what: "areas", least: 2 }));
}

#[test]
fn an_area_that_is_left_out_is_compared_and_changes_nothing() {
    let whole = compare(&areas(), Transform::Arcsine, Target::Pooled);
    let mut more = areas();
    more.insert(0, left_out(7.0, 8.0));
    let got = compare(&more, Transform::Arcsine, Target::Pooled);
    assert_eq!((got.target, got.dispersion, got.used), (whole.target, whole.dispersion, 24));
    assert_eq!(got.areas[1..], whole.areas[..]);
    assert!(got.areas[0].unwrap().z > 3.0);
}

#[test]
fn nothing_observed_in_nothing_is_no_data() {
    let whole = compare(&areas(), Transform::Arcsine, Target::Pooled);
    let mut more = areas();
    more.push(area(0.0, 0.0));
    let got = compare(&more, Transform::Arcsine, Target::Pooled);
    assert_eq!(got.areas[24], None);
    assert_eq!((got.dispersion, got.used), (whole.dispersion, 24));
}

#[test]
fn where_nothing_or_everything_was_observed_everywhere_no_area_differs() {
    for share in [0.0, 1.0] {
        let got = compare(&vec![area(share * 30.0, 30.0); 20], Transform::Arcsine, Target::Pooled);
        let found = got.dispersion.unwrap();
        assert_eq!((got.target, found.phi, found.tau2, found.reliability), (share, 0.0, 0.0, 0.0));
        let first = got.areas[0].unwrap();
        assert_eq!((first.z, first.difference), (0.0, Difference::AsExpected));
        assert!(first.adjusted_998.unwrap().contains(share));
        assert!((first.limits_95.high - share).abs() < 1.0 / 30.0);
    }
    let rates = compare_areas(
        &vec![area(0.0, 30.0); 20],
        Transform::SquareRoot,
        Target::Pooled,
        &ComparisonSettings::default(),
    );
    assert_eq!(rates, Err(Refusal::Zero("the target")));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let refused = |areas: &[AreaFigures], transform, settings: ComparisonSettings| {
        compare_areas(areas, transform, Target::Pooled, &settings).unwrap_err()
    };
    let default = ComparisonSettings::default();
    assert_eq!(refused(&[], Transform::Arcsine, default), Refusal::Empty);
    assert_eq!(refused(&[SILENT, left_out(1.0, 2.0)], Transform::Arcsine, default), Refusal::Empty);
    assert_eq!(
        refused(&[area(3.0, 2.0), area(1.0, 9.0)], Transform::Arcsine, default),
        Refusal::NumeratorAboveDenominator
    );
    assert_eq!(
        refused(&[area(1.0, 2.0), left_out(1.0, 0.0)], Transform::Arcsine, default),
        Refusal::Zero("the denominator")
    );
    assert_eq!(refused(&[area(-1.0, 2.0)], Transform::SquareRoot, default), Refusal::Negative("the numerator"));
    assert_eq!(refused(&[area(1.0, -2.0)], Transform::SquareRoot, default), Refusal::Negative("the denominator"));
    assert_eq!(refused(&[area(f64::NAN, 2.0)], Transform::Identity, default), Refusal::NotFinite);
    assert_eq!(refused(&[area(1.0, 0.0)], Transform::Identity, default), Refusal::Zero("the standard error"));
    let no_unit = ComparisonSettings { multiplier: 0.0, ..default };
    assert_eq!(refused(&[area(1.0, 2.0)], Transform::Arcsine, no_unit), Refusal::Zero("the multiplier"));
    let all = ComparisonSettings { trimming: Trimming::Winsorised(0.7), ..default };
    assert!(matches!(refused(&areas(), Transform::Arcsine, all), Refusal::Undefined(_)));
    let huge = ComparisonSettings { multiplier: f64::MAX, ..default };
    assert_eq!(refused(&[area(9.0, 2.0)], Transform::SquareRoot, huge), Refusal::NotFinite);
}

#[test]
fn the_median_stands_in_where_one_area_is_large() {
    let got = compare(
        &[area(1.0, 10.0), area(3.0, 10.0), area(900.0, 1000.0)],
        Transform::Arcsine,
        Target::PooledUnlessOneIsLarge,
    );
    near(got.target, 0.3);
    assert_eq!(got.basis, TargetBasis::Median);
}

fn figures() -> impl Strategy<Value = AreaFigures> {
    (1u32..400, 0.0..=1.0f64, proptest::bool::weighted(0.9), proptest::bool::weighted(0.9)).prop_map(
        |(n, share, included, reports)| {
            let n = f64::from(n);
            let observed = reports.then_some((share * n).round());
            AreaFigures { observed, denominator: Some(n), included }
        },
    )
}

const COUNTED: [Transform; 3] = [Transform::Arcsine, Transform::SquareRoot, Transform::LogRatioOfCounts];

proptest! {
    #[test]
    fn an_area_without_data_changes_nothing(areas in proptest::collection::vec(figures(), 1..60), at in 0usize..60) {
        let at = at % (areas.len() + 1);
        for transform in COUNTED {
            let compared = |areas: &[AreaFigures]| {
                compare_areas(areas, transform, Target::PooledUnlessOneIsLarge, &ComparisonSettings::default())
            };
            let mut more = areas.clone();
            more.insert(at, SILENT);
            let got = compared(&more).map(|mut got| {
                assert_eq!(got.areas.remove(at), None);
                got
            });
            prop_assert_eq!(got, compared(&areas));
        }
    }

    #[test]
    fn areas_in_another_order_have_the_same_results_in_that_order(
        (areas, order) in (1usize..60).prop_flat_map(|n| {
            (proptest::collection::vec(figures(), n), Just((0..n).collect::<Vec<_>>()).prop_shuffle())
        }),
    ) {
        for transform in COUNTED {
            for target in [Target::Pooled, Target::Median] {
                let compared = |areas: &[AreaFigures]| compare_areas(areas, transform, target, &ComparisonSettings::default());
                let shuffled: Vec<_> = order.iter().map(|i| areas[*i]).collect();
                let want = compared(&areas).map(|whole| Comparison {
                    areas: order.iter().map(|i| whole.areas[*i]).collect(),
                    ..whole
                });
                prop_assert_eq!(compared(&shuffled), want);
            }
        }
    }

    #[test]
    fn adjusted_limits_are_no_narrower_than_those_without_variance_between_areas(
        areas in proptest::collection::vec(figures(), 25..60),
    ) {
        if let Ok(got) = compare_areas(&areas, Transform::Arcsine, Target::Pooled, &ComparisonSettings::default()) {
            for area in got.areas.iter().flatten() {
                let naive = Transform::Arcsine.limits(got.target, area.s, 0.0, Level::P95)?;
                if let (Some(adjusted), Some(z)) = (area.adjusted_95, area.z_adjusted) {
                    prop_assert!(adjusted.low <= naive.low && naive.high <= adjusted.high);
                    prop_assert!(z.abs() <= area.z.abs());
                }
                prop_assert!(area.limits_998.low <= area.limits_95.low && area.limits_95.high <= area.limits_998.high);
            }
        }
    }

    #[test]
    fn any_figures_give_finite_numbers_or_a_refusal(
        figures in proptest::collection::vec((proptest::num::f64::ANY, proptest::num::f64::ANY), 1..30),
        target in proptest::num::f64::ANY,
    ) {
        let areas: Vec<_> = figures.iter().map(|(x, n)| area(x.abs(), n.abs())).collect();
        for transform in [Transform::Arcsine, Transform::SquareRoot, Transform::LogRatioOfCounts, Transform::Identity] {
            for target in [Target::Pooled, Target::Given(target), Target::Median] {
                if let Ok(got) = compare_areas(&areas, transform, target, &ComparisonSettings::default()) {
                    for area in got.areas.iter().flatten() {
                        prop_assert!([area.value, area.y, area.s, area.z, area.limits_998.low, area.limits_998.high].iter().all(|v| v.is_finite()));
                        prop_assert!(area.z_adjusted.is_none_or(f64::is_finite));
                        prop_assert!(area.adjusted_998.is_none_or(|limits| limits.low.is_finite() && limits.high.is_finite()));
                    }
                }
            }
        }
    }
}
