//! Funnel limits and labels.

use lais_stats::{
    Interval, Level, RateType, binomial_funnel_limit, chi_squared_ratio_limits, phe_proportion_limits,
    phe_proportion_significance, phe_rate_limits, phe_rate_significance, phe_ratio_limits, phe_ratio_significance,
    poisson_funnel_limit,
};

use crate::harness::{Case, Check, each_case, near, same, within};

const LEVELS: [(Level, &str); 2] = [(Level::P95, "2s"), (Level::P998, "3s")];

#[test]
fn golden_exact_limits() {
    each_case("funnel_exact_limits.csv", |case| {
        let (n, p) = (case.number("n_or_E"), case.number("p"));
        let limit = match case.text("family") {
            "binomial" => binomial_funnel_limit(case.number("theta0"), n, p),
            _ => poisson_funnel_limit(n, p),
        };
        near("limit", limit.map_err(|e| e.to_string())?, case.number("limit"), 1e-9)
    });
}

#[test]
fn golden_proportions_beside_their_limits() {
    each_case("funnel_proportion.csv", |case| {
        let (x, n, average) = (case.number("numerator"), case.number("denominator"), case.number("average"));
        for (level, name) in LEVELS {
            let limits = phe_proportion_limits(average, n, level).map_err(|e| e.to_string())?;
            near("the lower limit", limits.low, case.number(&format!("lower{name}")), 1e-9)?;
            near("the upper limit", limits.high, case.number(&format!("upper{name}")), 1e-9)?;
        }
        let place = phe_proportion_significance(x, n, average).map_err(|e| e.to_string())?;
        same("significance", &place.text(), &case.text("significance"))
    });
}

#[test]
fn golden_proportion_limits() {
    each_case("funnel_proportion_limits.csv", |case| {
        let (n, average) = (case.number("population"), case.number("baseline_pct") / 100.0);
        for (level, name) in LEVELS {
            let limits = phe_proportion_limits(average, n, level).map_err(|e| e.to_string())?;
            let percent = |limit: f64| 100.0 * limit.clamp(0.0, 1.0);
            within("the lower limit", percent(limits.low), case.number(&format!("lower{name}_pct")), 2e-6)?;
            within("the upper limit", percent(limits.high), case.number(&format!("upper{name}_pct")), 2e-6)?;
        }
        Ok(())
    });
}

#[test]
fn golden_ratios_beside_their_limits() {
    each_case("funnel_ratio_significance.csv", |case| {
        let place =
            phe_ratio_significance(case.number("observed"), case.number("expected")).map_err(|e| e.to_string())?;
        same("significance", &place.text(), &case.text("significance"))
    });
}

/// What the reference bisects to 1e-7 agrees less well at the outer limits of few events.
fn tolerance(name: &str) -> f64 {
    if name == "3s" { 5e-4 } else { 1e-4 }
}

#[test]
fn golden_ratio_limits() {
    each_case("funnel_ratio_limits.csv", |case| {
        for (level, name) in LEVELS {
            let got = phe_ratio_limits(case.number("observed"), level).map_err(|e| e.to_string())?;
            let check = |got, column: &str| {
                near(column, got, case.number(&format!("{}{name}_{}", &column[..5], &column[6..])), tolerance(name))
            };
            check(got.lower_expected, "lower_exp")?;
            check(got.lower_ratio, "lower_ratio")?;
            check(got.upper_expected, "upper_exp")?;
            check(got.upper_ratio, "upper_ratio")?;
        }
        Ok(())
    });
}

#[test]
fn golden_rates_beside_their_limits() {
    each_case("funnel_rate_significance.csv", |case| {
        let rate_type = if case.text("rate_type") == "dsr" { RateType::DirectlyStandardised } else { RateType::Crude };
        let (count, denominator) = (case.number("count"), case.maybe("denominator_derived"));
        let place =
            phe_rate_significance(count, denominator, rate_type, case.number("average"), case.number("multiplier"));
        same("significance", &place.map_err(|e| e.to_string())?.text(), &case.text("significance"))?;
        derived(case)
    });
}

/// That the denominator is the one that the published rate amounts to.
fn derived(case: &Case) -> Check {
    let Some(want) = case.maybe("denominator_derived") else { return Ok(()) };
    let (count, multiplier) = (case.number("count"), case.number("multiplier"));
    let got = lais_stats::phe_rate_denominator(count, case.maybe("rate"), Some(want), multiplier);
    near("the denominator", got.map_err(|e| e.to_string())?, want, 1e-9)
}

#[test]
fn golden_rate_limits() {
    each_case("funnel_rate_limits.csv", |case| {
        let (events, years, baseline) =
            (case.number("events"), case.number("years"), case.number("baseline_per_100000"));
        for (level, name) in LEVELS {
            let got = phe_rate_limits(events, baseline, 100_000.0, years, level).map_err(|e| e.to_string())?;
            let check = |got, column: &str| near(column, got, case.number(column), tolerance(name));
            check(got.lower_population, &format!("lower{name}_pop_1yr"))?;
            check(got.lower_rate, &format!("lower{name}"))?;
            check(got.upper_population, &format!("upper{name}_pop_1yr"))?;
            check(got.upper_rate, &format!("upper{name}"))?;
        }
        Ok(())
    });
}

#[test]
fn golden_chi_squared_limits() {
    each_case("funnel_poisson_limits_funnelplotr.csv", |case| {
        for (level, name) in [(Level::P95, "95"), (Level::P998, "998")] {
            let got = chi_squared_ratio_limits(case.number("expected_count"), level).map_err(|e| e.to_string())?;
            let want =
                Interval { low: case.number(&format!("lower{name}")), high: case.number(&format!("upper{name}")) };
            near("the lower limit", got.low, want.low, 1e-9)?;
            near("the upper limit", got.high, want.high, 1e-9)?;
        }
        Ok(())
    });
}
