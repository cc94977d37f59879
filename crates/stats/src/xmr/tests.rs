use proptest::prelude::*;

use super::*;

fn chart(values: &[f64], options: &XmrOptions<'_>) -> Result<XmrChart, Refusal> {
    xmr(&values.iter().copied().map(Some).collect::<Vec<_>>(), options)
}

fn close(got: Interval, low: f64, high: f64) {
    assert!((got.low - low).abs() < 1e-12 && (got.high - high).abs() < 1e-12, "{got:?} for {low} to {high}");
}

/// The special causes of `then` after a baseline of mean 10, limits 4.68 and 15.32, and two-thirds lines at 6.4533 and
/// 13.5467; its last point is 9.
fn causes_of(then: &[f64]) -> Vec<Option<SpecialCause>> {
    let values: Vec<f64> = [11.0, 9.0].repeat(4).into_iter().chain(then.iter().copied()).collect();
    let chart = chart(&values, &XmrOptions { fix_after: Some(8), ..XmrOptions::default() }).unwrap();
    assert!(chart.points[..8].iter().all(|point| point.special_cause.is_none()));
    chart.points[8..].iter().map(|point| point.special_cause).collect()
}

const ABOVE: Option<SpecialCause> = Some(SpecialCause::AboveLimits);
const BELOW: Option<SpecialCause> = Some(SpecialCause::BelowLimits);
const RISING: Option<SpecialCause> = Some(SpecialCause::Rising);
const FALLING: Option<SpecialCause> = Some(SpecialCause::Falling);
const TWO_ABOVE: Option<SpecialCause> = Some(SpecialCause::TwoOfThreeAbove);
const TWO_BELOW: Option<SpecialCause> = Some(SpecialCause::TwoOfThreeBelow);
const SHIFT_ABOVE: Option<SpecialCause> = Some(SpecialCause::ShiftAbove);
const SHIFT_BELOW: Option<SpecialCause> = Some(SpecialCause::ShiftBelow);

/// The series of the vignette `deviations` of NHSRplotthedots, which gives 6.95 and -3.06 for it unscreened.
#[test]
fn limits_agree_with_the_vignette_and_screening_leaves_out_the_two_large_ranges() {
    let values = [1.0, 2.0, 1.0, 2.0, 10.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0];
    let plain = chart(&values, &XmrOptions::default()).unwrap().phases[0];
    assert!((plain.mean - 35.0 / 18.0).abs() < 1e-15);
    close(plain.limits.unwrap(), -3.062_614_379_084_97, 6.951_503_267_973_86);
    close(plain.two_thirds.unwrap(), 35.0 / 18.0 - 2.66 * 64.0 / 51.0, 35.0 / 18.0 + 2.66 * 64.0 / 51.0);
    assert_eq!((plain.average_moving_range, plain.screened), (Some(32.0 / 17.0), 0));
    let screened = chart(&values, &XmrOptions { screen: true, ..XmrOptions::default() }).unwrap().phases[0];
    assert_eq!((screened.mean, screened.average_moving_range, screened.screened), (plain.mean, Some(1.0), 2));
    close(screened.limits.unwrap(), 35.0 / 18.0 - 2.66, 35.0 / 18.0 + 2.66);
}

#[test]
fn a_moving_range_of_just_the_screen_is_left_out() {
    // Ranges of 1 but for one of r: r is the screen's 3.267 averages of n ranges where r = 3.267 (n - 1) / (n - 3.267).
    let with = |last: f64| {
        let values: Vec<f64> = (0..10).map(|i| f64::from(i % 2)).chain([1.0 + last]).collect();
        chart(&values, &XmrOptions { screen: true, ..XmrOptions::default() }).unwrap().phases[0].screened
    };
    let just = 3.267 * 9.0 / (10.0 - 3.267);
    assert_eq!((with(just * 1.000_001), with(just * 0.999_999)), (1, 0));
    assert_eq!(SCREEN * 2.0, 6.534);
}

#[test]
fn a_level_series_has_limits_equal_to_its_mean_and_no_special_cause() {
    for screen in [false, true] {
        let chart = chart(&[41.3; 14], &XmrOptions { screen, ..XmrOptions::default() }).unwrap();
        let phase = chart.phases[0];
        assert_eq!(phase.limits, Some(Interval { low: 41.3, high: 41.3 }));
        assert_eq!((phase.average_moving_range, phase.screened, phase.autocorrelation), (Some(0.0), 0, None));
        assert!(!phase.over_signals());
        assert!(chart.points.iter().all(|p| p.special_cause.is_none() && p.side == Side::On));
    }
}

#[test]
fn a_point_is_outside_strictly_beyond_a_limit() {
    assert_eq!(causes_of(&[15.33, 4.67, 15.31, 4.69]), [ABOVE, BELOW, None, None]);
    let level = chart(&[5.0, 5.0, 5.0, 6.0, 4.0], &XmrOptions { fix_after: Some(3), ..XmrOptions::default() }).unwrap();
    let outside: Vec<_> = level.points.iter().map(|point| point.outside_limits).collect();
    assert_eq!(outside, [Some(false), Some(false), Some(false), Some(true), Some(true)]);
}

#[test]
fn two_of_three_mark_the_close_points_where_all_three_are_on_one_side() {
    assert_eq!(causes_of(&[13.6, 10.5, 13.6]), [TWO_ABOVE, None, TWO_ABOVE]);
    assert_eq!(causes_of(&[6.4, 9.5, 6.4]), [TWO_BELOW, None, TWO_BELOW]);
    assert_eq!(causes_of(&[13.6, 13.6]), [None, None]);
    assert_eq!(causes_of(&[13.6, 13.6, 10.5]), [TWO_ABOVE, TWO_ABOVE, None]);
    assert_eq!(causes_of(&[13.6, 9.9, 13.6, 9.9]), [None; 4]);
    assert_eq!(causes_of(&[13.6, 10.0, 13.6, 10.0]), [None; 4]);
    assert_eq!(causes_of(&[13.6, 13.5, 11.0]), [None; 3]);
    assert_eq!(causes_of(&[13.6, 6.4, 13.6, 6.4]), [None; 4]);
    // What is outside the limits is not close to them.
    assert_eq!(causes_of(&[15.4, 13.6, 11.0]), [ABOVE, None, None]);
    assert_eq!(causes_of(&[10.0, 10.0, 10.0]), [None; 3]);
}

#[test]
fn seven_rising_or_falling_are_a_trend_and_six_are_none() {
    let rising = [9.1, 9.2, 9.3, 10.4, 10.5, 10.6, 10.7];
    assert_eq!(causes_of(&[&[8.0][..], &rising].concat()), [RISING; 8]);
    let falling = rising.map(|v| 20.0 - v);
    assert_eq!(causes_of(&falling), [FALLING; 7]);
    // The 9 before is no part of the fall from 10.9, and six are no trend.
    assert_eq!(causes_of(&falling[1..]), [None; 6]);
    // An equal neighbour ends a run.
    assert_eq!(causes_of(&[10.9, 10.8, 10.7, 10.7, 9.6, 9.5, 9.4]), [None; 7]);
}

#[test]
fn where_a_rise_becomes_a_fall_the_point_belongs_to_the_later() {
    let values = [9.1, 9.2, 9.3, 10.4, 10.5, 10.6, 10.7, 10.65, 10.55, 9.9, 9.8, 9.7, 9.6, 9.9];
    let want = [&[RISING; 6][..], &[FALLING; 7], &[None]].concat();
    assert_eq!(causes_of(&[&[8.9][..], &values].concat())[1..], want);
    // A rise that starts again lower is two rises, and no point of them falls.
    let again = [9.0, 9.1, 9.2, 9.3, 10.4, 10.5, 10.6, 8.7, 8.8, 8.9, 10.1, 10.2, 10.3, 10.35];
    assert_eq!(causes_of(&[&[8.5][..], &again].concat())[1..], [RISING; 14]);
}

#[test]
fn seven_on_one_side_are_a_shift_which_a_point_on_the_mean_ends() {
    let above = [10.5, 10.6, 10.5, 10.6, 10.5, 10.6, 10.5];
    assert_eq!(causes_of(&above), [SHIFT_ABOVE; 7]);
    assert_eq!(causes_of(&above[1..]), [None; 6]);
    assert_eq!(causes_of(&[&above[..6], &[10.0], &above[..6]].concat()), [None; 13]);
    // The 9 before is below the mean too.
    let below = [9.5, 9.4, 9.5, 9.4, 9.5, 9.4];
    assert_eq!(causes_of(&[&[10.1][..], &below].concat()), [None; 7]);
    assert_eq!(causes_of(&[&[10.1, 9.5][..], &below].concat())[1..], [SHIFT_BELOW; 7]);
    assert_eq!(causes_of(&[10.0; 9]), [None; 9]);
}

#[test]
fn a_point_has_the_first_rule_that_it_falls_under() {
    // All above the mean (a shift), with two of three close, a trend, and one outside.
    assert_eq!(
        causes_of(&[10.5, 13.6, 13.7, 10.4, 10.5, 10.6, 10.7, 10.8, 13.8, 15.5, 10.5]),
        [&[SHIFT_ABOVE, TWO_ABOVE, TWO_ABOVE][..], &[RISING; 6], &[ABOVE, SHIFT_ABOVE]].concat()
    );
}

#[test]
fn special_causes_are_read_by_polarity() {
    use Polarity::{HighIsBetter, LowIsBetter, None as Neither};
    use Variation::{Concern, Improvement, NeutralHigh, NeutralLow};
    let high = [ABOVE, RISING, TWO_ABOVE, SHIFT_ABOVE];
    let low = [BELOW, FALLING, TWO_BELOW, SHIFT_BELOW];
    for (polarity, of_high, of_low) in
        [(HighIsBetter, Improvement, Concern), (LowIsBetter, Concern, Improvement), (Neither, NeutralHigh, NeutralLow)]
    {
        assert!(high.iter().all(|cause| Variation::of(*cause, polarity) == of_high));
        assert!(low.iter().all(|cause| Variation::of(*cause, polarity) == of_low));
        assert_eq!(Variation::of(None, polarity), Variation::CommonCause);
    }
    let options = XmrOptions { polarity: LowIsBetter, fix_after: Some(4), ..XmrOptions::default() };
    let chart = chart(&[11.0, 9.0, 11.0, 9.0, 30.0], &options).unwrap();
    assert_eq!(chart.points[4].variation, Concern);
}

#[test]
fn a_target_outside_the_latest_limits_is_met_or_missed_consistently() {
    let assurance = |target, polarity| {
        let options = XmrOptions { polarity, target: Some(target), rebase_at: &[2], ..XmrOptions::default() };
        // The first phase is elsewhere; the latest has mean 10 and limits 4.68 and 15.32.
        chart(&[500.0, 600.0, 11.0, 9.0, 11.0, 9.0], &options).unwrap().assurance
    };
    use Polarity::{HighIsBetter, LowIsBetter};
    assert_eq!(assurance(15.33, HighIsBetter), Some(Assurance::ConsistentlyMissed));
    assert_eq!(assurance(15.33, LowIsBetter), Some(Assurance::ConsistentlyMet));
    assert_eq!(assurance(4.67, HighIsBetter), Some(Assurance::ConsistentlyMet));
    assert_eq!(assurance(4.67, LowIsBetter), Some(Assurance::ConsistentlyMissed));
    for within in [4.69, 10.0, 15.31] {
        assert_eq!(assurance(within, HighIsBetter), Some(Assurance::HitAndMiss));
    }
    assert_eq!(assurance(15.33, Polarity::None), None);
    let level = |target| {
        let options = XmrOptions { polarity: HighIsBetter, target: Some(target), ..XmrOptions::default() };
        chart(&[3.0; 9], &options).unwrap().assurance
    };
    assert_eq!(level(3.0), Some(Assurance::HitAndMiss));
    assert_eq!(level(3.1), Some(Assurance::ConsistentlyMissed));
}

#[test]
fn phases_have_limits_and_runs_of_their_own() {
    let one = [3.0, 4.0, 3.5, 5.0, 4.0, 3.0, 4.5, 4.0, 5.5];
    let other = [13.0, 15.0, 12.5, 16.0, 14.0, 14.5, 13.0];
    let both = chart(&[&one[..], &other].concat(), &XmrOptions { rebase_at: &[9], ..XmrOptions::default() }).unwrap();
    assert_eq!(both.phases.len(), 2);
    assert_eq!((both.phases[0].start, both.phases[1].start, both.phases[1].points), (0, 9, 7));
    for (phase, values) in both.phases.iter().zip([&one[..], &other]) {
        let alone = chart(values, &XmrOptions::default()).unwrap();
        assert_eq!(XmrPhase { start: 0, ..*phase }, alone.phases[0]);
    }
    assert_eq!((both.points[8].phase, both.points[9].phase), (0, 1));
    // Changes are a set of places; the first point starts a phase with or without being named.
    let named = XmrOptions { rebase_at: &[9, 0, 9], ..XmrOptions::default() };
    assert_eq!(chart(&[&one[..], &other].concat(), &named).unwrap(), both);
}

#[test]
fn a_phase_of_one_point_has_a_mean_and_no_limits() {
    let options =
        XmrOptions { rebase_at: &[4], target: Some(1.0), polarity: Polarity::HighIsBetter, ..XmrOptions::default() };
    let chart = chart(&[1.0, 2.0, 1.0, 2.0, 7.0], &options).unwrap();
    let (phase, point) = (chart.phases[1], chart.points[4]);
    assert_eq!((phase.mean, phase.limits, phase.two_thirds, phase.average_moving_range), (7.0, None, None, None));
    assert_eq!((point.outside_limits, point.close_to_limits, point.special_cause), (None, None, None));
    assert_eq!(chart.assurance, None);
}

#[test]
fn limits_may_rest_on_the_first_points_only() {
    let values = [11.0, 9.0, 11.0, 9.0, 30.0, 30.0];
    let fixed = |n| chart(&values, &XmrOptions { fix_after: Some(n), ..XmrOptions::default() }).unwrap().phases[0];
    assert_eq!((fixed(4).mean, fixed(4).baseline, fixed(4).points), (10.0, 4, 6));
    close(fixed(4).limits.unwrap(), 4.68, 15.32);
    assert_eq!(fixed(99), chart(&values, &XmrOptions::default()).unwrap().phases[0]);
    assert_eq!((fixed(1).mean, fixed(1).limits), (11.0, None));
}

#[test]
fn a_chart_of_few_points_is_on_trial_and_of_fewer_refused() {
    assert_eq!(Footing::of(7), Err(Refusal::TooFew { what: "points", least: 8 }));
    assert_eq!(Footing::of(0), Err(Refusal::Empty));
    assert_eq!((Footing::of(8), Footing::of(12)), (Ok(Footing::Trial), Ok(Footing::Trial)));
    assert_eq!(Footing::of(13), Ok(Footing::Firm));
    let zigzag = |count: u32| (0..count).map(|i| f64::from(i % 2)).collect::<Vec<_>>();
    let phase =
        |count, fix_after| chart(&zigzag(count), &XmrOptions { fix_after, ..XmrOptions::default() }).unwrap().phases[0];
    assert!(phase(12, None).is_short() && !phase(13, None).is_short());
    assert_eq!(phase(13, None).footing(), Ok(Footing::Firm));
    // Limits that rest on 12 of 20 points are on trial, though the phase is not short.
    assert_eq!(phase(20, Some(12)).footing(), Ok(Footing::Trial));
    assert!(!phase(20, Some(12)).is_short());
}

#[test]
fn points_that_depend_on_one_another_are_said_to_over_signal() {
    let zigzag: Vec<f64> = (0..16).map(|i| f64::from(i % 2)).collect();
    let phase = chart(&zigzag, &XmrOptions::default()).unwrap().phases[0];
    assert_eq!(phase.autocorrelation, Some(Autocorrelation { r1: -15.0 / 16.0, bound: 0.5 }));
    assert!(phase.over_signals());
    // Four points of a zigzag: r1 of -0.75 is within 2 / sqrt(4).
    let fixed = XmrOptions { fix_after: Some(4), ..XmrOptions::default() };
    assert!(!chart(&zigzag, &fixed).unwrap().phases[0].over_signals());
}

#[test]
fn what_cannot_be_charted_is_refused() {
    let plain = XmrOptions::default();
    assert_eq!(chart(&[], &plain), Err(Refusal::Empty));
    assert_eq!(chart(&[1.0, f64::NAN], &plain), Err(Refusal::NotFinite));
    assert_eq!(xmr(&[Some(1.0), None], &plain), Err(Refusal::Missing("a value of the series")));
    let values = [1.0, 2.0, 3.0];
    let with = |options: XmrOptions<'_>| chart(&values, &options).unwrap_err();
    assert_eq!(with(XmrOptions { target: Some(f64::INFINITY), ..plain }), Refusal::NotFinite);
    assert_eq!(with(XmrOptions { rebase_at: &[3], ..plain }), Refusal::Undefined("a change lies beyond the series"));
    assert!(chart(&values, &XmrOptions { rebase_at: &[2], ..plain }).is_ok());
    assert_eq!(with(XmrOptions { fix_after: Some(0), ..plain }), Refusal::Undefined("limits cannot rest on 0 points"));
    for huge in [[f64::MAX, f64::MIN], [f64::MAX, 0.0], [f64::MAX, f64::MAX]] {
        assert_eq!(chart(&huge, &plain), Err(Refusal::Undefined("the numbers are too large or too small")));
    }
}

/// The rules, each by looking at every window anew.
fn by_windows(values: &[f64], phase: &XmrPhase) -> Vec<Option<SpecialCause>> {
    let (limits, lines) = (phase.limits.unwrap(), phase.two_thirds.unwrap());
    let windows = |i: usize, size: usize| {
        let starts = i.saturating_sub(size - 1)..=i;
        starts.filter(move |s| s + size <= values.len()).map(move |s| &values[s..s + size])
    };
    let is_close = |v: f64| !lines.contains(v) && limits.contains(v);
    let of = |i: usize| {
        let (value, middle) = (values[i], phase.mean);
        let rises = |w: &[f64]| w.windows(2).all(|p| p[0] < p[1]);
        let falls = |w: &[f64]| w.windows(2).all(|p| p[0] > p[1]);
        let two = |w: &[f64], side: &dyn Fn(f64) -> bool| {
            w.iter().all(|v| side(*v)) && w.iter().filter(|v| is_close(**v)).count() >= 2 && is_close(value)
        };
        let above = |v: f64| v > middle;
        let below = |v: f64| v < middle;
        let (rising, falling) = (windows(i, 7).any(rises), windows(i, 7).any(falls));
        if value > limits.high {
            ABOVE
        } else if value < limits.low {
            BELOW
        } else if rising && falling {
            if values[i + 1] > value { RISING } else { FALLING }
        } else if rising {
            RISING
        } else if falling {
            FALLING
        } else if windows(i, 3).any(|w| two(w, &above)) {
            TWO_ABOVE
        } else if windows(i, 3).any(|w| two(w, &below)) {
            TWO_BELOW
        } else if windows(i, 7).any(|w| w.iter().all(|v| above(*v))) {
            SHIFT_ABOVE
        } else if windows(i, 7).any(|w| w.iter().all(|v| below(*v))) {
            SHIFT_BELOW
        } else {
            None
        }
    };
    (0..values.len()).map(of).collect()
}

proptest! {
    #[test]
    fn every_rule_agrees_with_looking_at_every_window(
        steps in proptest::collection::vec(-3i32..4, 2..60), pull in 0.0..1.0f64,
    ) {
        let walk = |at: &mut f64, step: &i32| { *at = (*at * pull).round() + f64::from(*step); Some(*at) };
        let values: Vec<f64> = steps.iter().scan(0.0, walk).collect();
        let chart = chart(&values, &XmrOptions::default()).unwrap();
        let got: Vec<_> = chart.points.iter().map(|point| point.special_cause).collect();
        prop_assert_eq!(got, by_windows(&values, &chart.phases[0]));
    }

    #[test]
    fn whatever_comes_in_nothing_comes_out_that_is_no_number(
        values in proptest::collection::vec(proptest::num::f64::ANY, 0..20), screen: bool,
    ) {
        if let Ok(chart) = chart(&values, &XmrOptions { screen, ..XmrOptions::default() }) {
            let phase = chart.phases[0];
            prop_assert!(phase.mean.is_finite());
            prop_assert!(phase.limits.is_none_or(|limits| limits.low.is_finite() && limits.high.is_finite()));
            prop_assert!(phase.limits.is_none_or(|limits| limits.low <= phase.mean && phase.mean <= limits.high));
        }
    }
}

#[test]
fn every_special_cause_has_its_word() {
    use SpecialCause::{
        AboveLimits, BelowLimits, Falling, Rising, ShiftAbove, ShiftBelow, TwoOfThreeAbove, TwoOfThreeBelow,
    };
    let high = [AboveLimits, Rising, TwoOfThreeAbove, ShiftAbove];
    let low = [BelowLimits, Falling, TwoOfThreeBelow, ShiftBelow];
    assert_eq!(high.map(SpecialCause::id), ["above-limits", "rising", "two-of-three-above", "shift-above"]);
    assert_eq!(low.map(SpecialCause::id), ["below-limits", "falling", "two-of-three-below", "shift-below"]);
}
