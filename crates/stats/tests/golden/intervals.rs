//! Intervals of proportions, counts, rates and means.

use lais_stats::{
    CountMethod, Interval, Level, Refusal, StandardisedRate, Stratum, byar, clopper_pearson, directly_standardised,
    expected_events, indirectly_standardised, mean, poisson_exact, rate, wilson,
};

use crate::harness::{Case, Check, each_case, near, near_or_none, same};

const DIGITS: f64 = 1e-9;

fn level(case: &Case) -> Level {
    Level::new(case.number("confidence")).unwrap()
}

fn ends(got: Interval, case: &Case, low: &str, high: &str, tolerance: f64) -> Check {
    // A low end that is 0 is golden up to rounding.
    let want = case.number(low);
    if got.low.abs().max(want.abs()) > 1e-12 {
        near(low, got.low, want, tolerance)?;
    }
    near(high, got.high, case.number(high), tolerance)
}

#[test]
fn golden_proportion_wilson() {
    each_case("proportion_wilson.csv", |case| {
        let (x, n, per) = (case.number("x"), case.number("n"), case.number("multiplier"));
        near_or_none("value", Some(per * x / n), case.maybe("value"), DIGITS)?;
        ends(wilson(x, n, level(case)).unwrap().scaled(per), case, "lower", "upper", DIGITS)
    });
}

#[test]
fn golden_proportion_clopper_pearson() {
    each_case("proportion_clopper_pearson.csv", |case| {
        ends(clopper_pearson(case.number("x"), case.number("n"), level(case)).unwrap(), case, "lower", "upper", DIGITS)
    });
}

#[test]
fn golden_rate_byar_exact() {
    each_case("rate_byar_exact.csv", |case| {
        let got = rate(case.number("x"), case.number("n"), case.number("multiplier"), level(case)).unwrap();
        near("value", got.value, case.number("value"), DIGITS)?;
        same("method", &method(CountMethod::of(case.number("x"))), &case.text("method"))?;
        ends(got.interval, case, "lower", "upper", DIGITS)
    });
}

fn method(method: CountMethod) -> &'static str {
    match method {
        CountMethod::Exact => "Exact",
        CountMethod::Byar => "Byars",
    }
}

#[test]
fn golden_poisson_count_intervals() {
    each_case("poisson_count_intervals.csv", |case| {
        let exact = poisson_exact(case.number("x"), level(case)).unwrap();
        ends(exact, case, "exact_lower", "exact_upper", DIGITS)?;
        match (byar(case.number("x"), level(case)), case.maybe("byar_lower")) {
            (Ok(got), Some(_)) => ends(got, case, "byar_lower", "byar_upper", DIGITS),
            (Err(Refusal::Undefined(_)), None) => Ok(()),
            (got, want) => Err(format!("byar is {got:?}, golden low {want:?}")),
        }
    });
}

#[test]
fn golden_means() {
    each_case("means.json", |case| {
        let values = case.numbers("input/values");
        for (level, low, high) in [(Level::P95, "lower95", "upper95"), (Level::P998, "lower998", "upper998")] {
            let got = mean(&values, level).ok();
            near_or_none("value", got.map(|m| m.value), case.maybe("expected/value"), DIGITS)?;
            near_or_none("stdev", got.map(|m| m.sd), case.maybe("expected/stdev"), DIGITS)?;
            let interval = got.map(|m| m.interval);
            near_or_none(low, interval.map(|i| i.low), case.maybe(&format!("expected/{low}")), DIGITS)?;
            near_or_none(high, interval.map(|i| i.high), case.maybe(&format!("expected/{high}")), DIGITS)?;
        }
        Ok(())
    });
}

#[test]
fn golden_dsr() {
    each_case("dsr.json", |case| {
        let (count, pop) = (case.numbers("input/count"), case.numbers("input/pop"));
        let standard = case.numbers("input/stdpop");
        let bands = count.iter().zip(&pop).zip(&standard);
        let strata: Vec<Stratum> = bands
            .map(|((events, population), standard)| Stratum {
                events: *events,
                population: *population,
                standard: *standard,
            })
            .collect();
        let tolerance = if case.text("case_id").starts_with("dsr_phe") { 1e-8 } else { DIGITS };
        for (level, low, high) in [(Level::P95, "lower95", "upper95"), (Level::P998, "lower998", "upper998")] {
            let got = directly_standardised(&strata, case.number("input/multiplier"), level);
            let suppressed = got == Err(Refusal::TooFew { what: "events", least: 10 });
            same("suppressed", &suppressed, &case.truth("expected/suppressed"))?;
            let got: Option<StandardisedRate> = got.ok();
            near_or_none("value", got.map(|r| r.value), case.maybe("expected/value"), tolerance)?;
            if !suppressed {
                near_or_none("total", got.map(|r| r.events), case.maybe("expected/total_count"), tolerance)?;
            }
            let interval = got.map(|r| r.interval);
            near_or_none(low, interval.map(|i| i.low), case.maybe(&format!("expected/{low}")), tolerance)?;
            near_or_none(high, interval.map(|i| i.high), case.maybe(&format!("expected/{high}")), tolerance)?;
        }
        Ok(())
    });
}

#[test]
fn golden_isr() {
    each_case("isr.json", |case| {
        let observed: f64 = case.numbers("input/count").iter().sum();
        let (events, people) = (case.numbers("input/refcount"), case.numbers("input/refpop"));
        let expected = expected_events(&case.numbers("input/pop"), &events, &people).unwrap();
        near("expected", expected, case.number("expected/expected"), DIGITS)?;
        near("observed", observed, case.number("expected/observed"), DIGITS)?;
        for (level, at) in [(Level::P95, "95"), (Level::P998, "998")] {
            let got = indirectly_standardised(observed, expected, level).unwrap();
            if let Some(want) = case.maybe("expected/ratio") {
                // A ratio may be asked for per 100, which `refvalue` says.
                let per = case.maybe("input/refvalue").unwrap_or(1.0);
                near("ratio", got.ratio * per, want, DIGITS)?;
                let (low, high) = (format!("expected/ratio_lower{at}"), format!("expected/ratio_upper{at}"));
                ends(got.interval.scaled(per), case, &low, &high, DIGITS)?;
            }
            if let Some(want) = case.maybe("expected/rate") {
                let crude = events.iter().sum::<f64>() / people.iter().sum::<f64>();
                let rate = got.rate(crude * case.number("input/multiplier")).unwrap();
                near("rate", rate.value, want, DIGITS)?;
                let (low, high) = (format!("expected/rate_lower{at}"), format!("expected/rate_upper{at}"));
                ends(rate.interval, case, &low, &high, DIGITS)?;
            }
            same("method", &method(got.method), &case.text("expected/method"))?;
        }
        Ok(())
    });
}
