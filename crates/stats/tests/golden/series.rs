//! Trends and control charts.

use lais_stats::{
    Assurance, CountModel, CusumDesign, Estimate, EwmaPoint, FivePoints, Fraction, Interval, Polarity, RecentTrend,
    Side, SpecialCause, TrendMarker, Variation, XmrChart, XmrOptions, cusum, cusum_with_reset, estimate_trend, ewma,
    proportion_trend, xmr,
};
use serde_json::Value;

use super::harness::{Case, Check, all_near, each_case, near, near_or_none, same, within};

fn recent_trend(case: &Case) -> RecentTrend {
    let years = [1, 2, 3, 4, 5];
    let trend = if case.text("method") == "proportion" {
        let (numerators, denominators) = (case.numbers("input/numerator"), case.numbers("input/denominator"));
        let points = numerators.iter().zip(denominators);
        let points: Vec<_> =
            points.map(|(numerator, denominator)| Some(Fraction { numerator: *numerator, denominator })).collect();
        proportion_trend(&FivePoints::latest(&years, &points).expect("five points"))
    } else {
        let (low, high) = (case.numbers("input/lower95"), case.numbers("input/upper95"));
        let limits = low.into_iter().zip(high).map(|(low, high)| Some(Interval { low, high }));
        let points = case.numbers("input/value").into_iter().zip(limits);
        let points: Vec<_> = points.map(|(value, limits)| Some(Estimate { value, limits })).collect();
        estimate_trend(&FivePoints::latest(&years, &points).expect("five points"))
    };
    trend.expect("a trend")
}

/// A slope of the golden file, where an exact 0 is written with the rounding errors of what computed it.
fn slope_near(name: &str, got: f64, want: f64) -> Check {
    if want.abs() < ROUNDING { within(name, got, 0.0, ROUNDING) } else { near(name, got, want, 1e-9) }
}

const ROUNDING: f64 = 1e-14;

#[test]
fn golden_recent_trend() {
    each_case("recent_trend.json", |case| {
        let trend = recent_trend(case);
        let slope = case.maybe("expected/slope").unwrap_or_else(|| case.number("expected/logit_slope"));
        slope_near("slope", trend.slope, slope)?;
        let without = case.numbers("expected/leave_one_out_slopes");
        same("slopes without a point", &without.len(), &5)?;
        for (got, want) in trend.leave_one_out_slopes.iter().zip(&without) {
            slope_near("slope without a point", *got, *want)?;
        }
        near("chi-squared", trend.chi_squared, case.number("expected/chi2"), 1e-9)?;
        // Where chi-squared has a relative tolerance, the probability has chi-squared times that, and its half.
        near("p", trend.p_value, case.number("expected/p_value"), 1e-9)?;
        // The sign of a rounding error is no sign: by the rule a slope of 0 counts as positive.
        if without.iter().chain([&slope]).all(|slope| slope.abs() > ROUNDING) {
            same("signs agree", &trend.signs_agree(), &case.truth("expected/sign_consistent"))?;
        }
        let marker = match case.text("expected/trend") {
            "increasing" => TrendMarker::Increasing,
            "decreasing" => TrendMarker::Decreasing,
            "no_change" => TrendMarker::NoChange,
            // The published rule has no answer; ours says that its logits are corrected.
            _ => return same("corrected logits", &trend.corrected_logits, &true),
        };
        same("marker", &trend.marker(), &marker)
    });
}

fn xmr_of(case: &Case) -> XmrChart {
    let values = case.maybes("input/y");
    let rebase_at: Vec<usize> = case.numbers("input/rebase_at").iter().map(|start| *start as usize - 1).collect();
    let polarity = match case.text("input/improvement_direction") {
        "increase" => Polarity::HighIsBetter,
        "decrease" => Polarity::LowIsBetter,
        _ => Polarity::None,
    };
    let options = XmrOptions {
        polarity,
        screen: case.truth("input/screen_outliers"),
        rebase_at: &rebase_at,
        fix_after: case.maybe("input/fix_after_n_points").map(|n| n as usize),
        target: case.maybe("input/target"),
    };
    xmr(&values, &options).expect("a chart")
}

const fn type_of(special_cause: Option<SpecialCause>) -> &'static str {
    match special_cause {
        None => "Common Cause",
        Some(SpecialCause::AboveLimits) => "Above UCL",
        Some(SpecialCause::BelowLimits) => "Below LCL",
        Some(SpecialCause::Rising) => "7 Point Trend (Increasing)",
        Some(SpecialCause::Falling) => "7 Point Trend (Decreasing)",
        Some(SpecialCause::TwoOfThreeAbove) => "2 in 3 Above CL",
        Some(SpecialCause::TwoOfThreeBelow) => "2 in 3 Below CL",
        Some(SpecialCause::ShiftAbove) => "7 Points Above CL",
        Some(SpecialCause::ShiftBelow) => "7 Points Below CL",
    }
}

const fn name_of(variation: Variation) -> &'static str {
    match variation {
        Variation::CommonCause => "common_cause",
        Variation::Improvement => "special_cause_improvement",
        Variation::Concern => "special_cause_concern",
        Variation::NeutralHigh => "special_cause_neutral_high",
        Variation::NeutralLow => "special_cause_neutral_low",
    }
}

const fn assurance_of(assurance: Option<Assurance>) -> Option<&'static str> {
    match assurance {
        None => None,
        Some(Assurance::ConsistentlyMet) => Some("consistent_pass"),
        Some(Assurance::ConsistentlyMissed) => Some("consistent_fail"),
        Some(Assurance::HitAndMiss) => Some("inconsistent"),
    }
}

#[test]
fn golden_spc_xmr() {
    each_case("spc_xmr.json", |case| {
        let chart = xmr_of(case);
        let phases: Vec<_> = chart.points.iter().map(|point| &chart.phases[point.phase]).collect();
        let list = |of: &dyn Fn(usize) -> Option<f64>| (0..phases.len()).map(of).collect::<Vec<_>>();
        let agree = |name: &str, of: &dyn Fn(usize) -> Option<f64>| {
            all_near(name, &list(of), &case.maybes(&format!("expected/{name}")), 1e-9)
        };
        agree("mean", &|i| Some(phases[i].mean))?;
        // A level series has no limits in the reference package; the golden note asks for limits equal to the mean.
        if phases.iter().all(|phase| phase.average_moving_range == Some(0.0)) {
            return same("limits", &list(&|i| phases[i].limits.map(|l| l.low)), &list(&|i| Some(phases[i].mean)))
                .and(same("limits", &list(&|i| phases[i].limits.map(|l| l.high)), &list(&|i| Some(phases[i].mean))))
                .and(same("causes", &chart.points.iter().all(|p| p.special_cause.is_none()), &true));
        }
        agree("lpl", &|i| phases[i].limits.map(|limits| limits.low))?;
        agree("upl", &|i| phases[i].limits.map(|limits| limits.high))?;
        agree("rebase_group", &|i| Some(chart.points[i].phase as f64))?;
        agree("relative_to_mean", &|i| Some(f64::from(chart.points[i].side as i8 - Side::On as i8)))?;
        let every = |name: &str, got: &dyn Fn(usize) -> Value| {
            let got = (0..phases.len()).map(got).collect();
            same(name, &Value::Array(got), case.at(&format!("expected/{name}")))
        };
        every("outside_limits", &|i| chart.points[i].outside_limits.into())?;
        every("close_to_limits", &|i| chart.points[i].close_to_limits.into())?;
        every("special_cause_type", &|i| type_of(chart.points[i].special_cause).into())?;
        every("point_type", &|i| name_of(chart.points[i].variation).into())?;
        every("short_group_warning", &|i| phases[i].is_short().into())?;
        same("assurance", &Value::from(assurance_of(chart.assurance)), case.at("expected/assurance"))
    });
}

#[test]
fn golden_ewma() {
    each_case("ewma.json", |case| {
        let (counts, expected) = (case.numbers("input/counts"), case.numbers("input/expected_counts"));
        let points =
            ewma(&counts, &expected, case.number("input/lambda_"), case.number("input/L")).expect("an average");
        let of = |part: fn(&EwmaPoint) -> f64| points.iter().map(|point| Some(part(point))).collect::<Vec<_>>();
        all_near("ewma", &of(|point| point.value), &case.maybes("expected/ewma"), 1e-9)?;
        all_near("limit", &of(|point| point.limit), &case.maybes("expected/limit"), 1e-9)?;
        let signals: Vec<Value> = points.iter().map(|point| point.signal.into()).collect();
        same("signal", &Value::Array(signals), case.at("expected/signal"))
    });
}

#[test]
fn golden_cusum_poisson() {
    each_case("cusum_poisson.json", |case| {
        let counts = case.numbers("input/counts");
        let expected = vec![case.number("input/mu0"); counts.len()];
        let design = CusumDesign::new(CountModel::Poisson, case.number("input/rate_ratio")).expect("a design");
        let path: Vec<_> = cusum(&counts, &expected, design).expect("a chart").into_iter().map(Some).collect();
        // The file has fifteen digits of each sum, and a sum is of differences: 1e-9 of itself or of 1.
        for (got, want) in path.iter().zip(case.maybes("expected/cusum_no_reset")) {
            near_or_none("sum", got.map(|sum| sum + 1.0), want.map(|sum| sum + 1.0), 1e-9)?;
        }
        same("periods", &path.len(), &case.maybes("expected/cusum_no_reset").len())?;
        let run = cusum_with_reset(&counts, &expected, design, case.number("input/h")).expect("a chart");
        let alarms: Vec<f64> = run.alarms.iter().map(|place| *place as f64 + 1.0).collect();
        same("alarms", &alarms, &case.numbers("expected/alarm_index_1based_with_reset"))
    });
}
