//! Empirical Bayes, random effects and the measures of prediction.

use lais_stats::{
    Level, MarshallFamily, auc, brier_score, calibration_in_the_large, calibration_slope, delong, log_loss, marshall,
    random_effects, ranking_at_k,
};

use crate::harness::{Case, Check, all_near, each_case, near, same};

fn all(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn told<T>(result: Result<T, lais_stats::Refusal>) -> Result<T, String> {
    result.map_err(|refusal| refusal.to_string())
}

#[test]
fn golden_eb_marshall() {
    each_case("eb_marshall.json", |case| {
        let family = match case.text("input/family") {
            "poisson" => MarshallFamily::Poisson,
            "binomial" => MarshallFamily::Binomial,
            other => return Err(format!("family {other} is not known")),
        };
        let got = told(marshall(&case.numbers("input/events"), &case.numbers("input/pop"), family))?;
        near("a", got.variance, case.number("expected/a"), 1e-9)?;
        near("b", got.mean, case.number("expected/b"), 1e-9)?;
        all_near("raw", &all(&got.raw), &case.maybes("expected/raw"), 1e-9)?;
        all_near("estimate", &all(&got.estimate), &case.maybes("expected/estimate"), 1e-9)?;
        if family == MarshallFamily::Poisson {
            // The gamma prior of the moments leads to the same estimates by another way.
            let prior = told(got.prior())?;
            let updated = case.numbers("input/events").into_iter().zip(case.numbers("input/pop"));
            let means = updated.map(|(x, n)| prior.updated(x, n).ok().map(lais_stats::RateBelief::mean));
            all_near("posterior mean", &means.collect::<Vec<_>>(), &case.maybes("expected/estimate"), 1e-9)?;
        }
        Ok(())
    });
}

#[test]
fn golden_eb_normal_dl() {
    each_case("eb_normal_dl.json", |case| {
        let (y, v) = (case.numbers("input/y"), case.numbers("input/v"));
        let got = told(random_effects(&y, &v))?;
        near("Q", got.q, case.number("expected/Q"), 1e-9)?;
        near("tau2", got.tau2, case.number("expected/tau2"), 1e-9)?;
        near("I2", 100.0 * got.i2, case.number("expected/I2"), 1e-9)?;
        near("mu", got.mu, case.number("expected/mu"), 1e-9)?;
        near("se_mu", got.se_mu, case.number("expected/se_mu"), 1e-9)?;
        let blup: Vec<_> = y.iter().zip(&v).map(|(y, v)| got.posterior(*y, *v).ok().map(|p| p.mean)).collect();
        all_near("blup", &blup, &case.maybes("expected/blup"), 1e-9)
    });
}

#[test]
fn golden_ranking_metrics() {
    each_case("ranking_metrics.json", |case| {
        let y: Vec<bool> = case.numbers("input/y").iter().map(|y| *y == 1.0).collect();
        let p = case.numbers("input/p");
        order(case, &y, &p)?;
        near("brier", told(brier_score(&y, &p))?, case.number("expected/brier"), 1e-9)?;
        near("logloss", told(log_loss(&y, &p))?, case.number("expected/logloss"), 1e-9)?;
        let (intercept, line) = (told(calibration_in_the_large(&y, &p))?, told(calibration_slope(&y, &p))?);
        near("cal_intercept", intercept, case.number("expected/cal_intercept"), 1e-5)?;
        near("cal_slope", line.slope, case.number("expected/cal_slope"), 1e-5)
    });
}

fn order(case: &Case, y: &[bool], p: &[f64]) -> Check {
    near("auc", told(auc(y, p))?, case.number("expected/auc"), 1e-9)?;
    let got = told(delong(y, p))?;
    same("the area of DeLong", &got.auc, &told(auc(y, p))?)?;
    near("auc_var_delong", got.variance, case.number("expected/auc_var_delong"), 1e-9)?;
    let interval = told(got.interval(Level::P95))?;
    near("auc_delong_lower", interval.low, case.number("expected/auc_delong_lower"), 1e-9)?;
    near("auc_delong_upper", interval.high, case.number("expected/auc_delong_upper"), 1e-9)?;
    let ks = case.numbers("input/k");
    let precision: Vec<_> = ks.iter().map(|k| ranking_at_k(y, p, *k as usize).ok().map(|r| r.precision)).collect();
    all_near("precision_at_k", &precision, &case.maybes("expected/precision_at_k"), 1e-9)?;
    let everyone = told(ranking_at_k(y, p, y.len()))?;
    near("base_rate", everyone.precision, case.number("expected/base_rate"), 1e-9)
}
