//! Trends and control charts.

use lais_stats::{
    Estimate, FivePoints, Fraction, Interval, RecentTrend, TrendMarker, estimate_trend, proportion_trend,
};

use super::harness::{Case, Check, each_case, near, same, within};

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
