//! The comparison engine beside FunnelPlotR, whose known defects are checked as what they are and not as our limits.

use std::f64::consts::FRAC_PI_2;

use lais_stats::{
    AreaFigures, Comparison, ComparisonSettings, Interval, Level, Target, Transform, Trimming,
    chi_squared_ratio_limits, compare_areas, trimmed_scores,
};

use crate::harness::{Case, Check, all_near, each_case, near, same};

const LEVELS: [(Level, &str); 2] = [(Level::P95, "95"), (Level::P998, "998")];

/// The package rounds its normal deviates to seven digits.
const OF_LIMITS: f64 = 1e-6;

#[test]
fn golden_overdispersion() {
    each_case("funnel_overdispersion.json", |case| {
        let (transform, trimming, target) = method(case);
        let denominators = case.numbers("expected/denominator_used");
        denominators_are_as_given(case, &denominators, transform)?;
        let areas: Vec<AreaFigures> = case
            .numbers("input/numerator")
            .iter()
            .zip(&denominators)
            .map(|(x, n)| AreaFigures { observed: Some(*x), denominator: Some(*n), included: true })
            .collect();
        let settings = ComparisonSettings {
            multiplier: case.number("input/multiplier"),
            trimming,
            least_areas: 2,
            exact_below: 0.0,
        };
        let target = if target == Target::Given(1.0) { Target::Given(settings.multiplier) } else { target };
        let got = compare_areas(&areas, transform, target, &settings).map_err(|e| e.to_string())?;
        Compared { case, transform, denominators, got, settings }.check()
    });
}

fn method(case: &Case) -> (Transform, Trimming, Target) {
    let share = case.number("input/trim_by");
    match (case.text("input/data_type"), case.text("input/sr_method")) {
        ("PR", _) => (Transform::Arcsine, Trimming::Winsorised(share), Target::Pooled),
        ("RC", _) => (Transform::LogRatioOfCounts, Trimming::Winsorised(share), Target::Pooled),
        (_, "CQC") => (Transform::SquareRoot, Trimming::Winsorised(share), Target::Given(1.0)),
        _ => (Transform::LogStandardisedRatio, Trimming::Truncated(share), Target::Given(1.0)),
    }
}

/// The SHMI form rounds expected counts to two places; all others use them as they are.
fn denominators_are_as_given(case: &Case, used: &[f64], transform: Transform) -> Check {
    let is_rounded = transform == Transform::LogStandardisedRatio && case.truth("input/shmi_rounding");
    let given = case.numbers("input/denominator").into_iter();
    let want: Vec<f64> = given.map(|n| if is_rounded { (n * 100.0).round() / 100.0 } else { n }).collect();
    same("denominators", &used.to_vec(), &want)
}

struct Compared<'a> {
    case: &'a Case,
    transform: Transform,
    denominators: Vec<f64>,
    got: Comparison,
    settings: ComparisonSettings,
}

impl Compared<'_> {
    fn check(&self) -> Check {
        let case = self.case;
        let dispersion = self.got.dispersion.map_err(|e| e.to_string())?;
        let is_drawn = case.truth("input/draw_adjusted");
        // The package reports no dispersion where it draws none.
        near("phi", if is_drawn { dispersion.phi } else { 0.0 }, case.number("expected/phi"), 1e-9)?;
        near("tau2", if is_drawn { dispersion.tau2 } else { 0.0 }, case.number("expected/tau2"), 1e-9)?;
        same("use of adjusted limits", &(is_drawn && dispersion.phi > 1.0), &case.truth("expected/adjusted_used"))?;
        // The package's ratio is over the denominator that is not rounded, its distance over the rounded one.
        let given = case.numbers("input/denominator");
        self.areas("ratio", |i, area| area.value / self.settings.multiplier * self.denominators[i] / given[i])?;
        self.areas("y", |_, area| area.y)?;
        self.areas("z", |_, area| area.z)?;
        let z: Vec<f64> = self.got.areas.iter().flatten().map(|area| area.z).collect();
        let trimmed = trimmed_scores(&z, self.settings.trimming).map_err(|e| e.to_string())?;
        all_near("z_trimmed", &trimmed, &case.maybes("expected/z_trimmed"), 1e-9)?;
        self.areas("s_limits", |i, _| self.errors_of_limits(i))?;
        for (level, name) in LEVELS {
            self.package_limits(level, name)?;
            self.our_limits(level, name)?;
        }
        self.outliers()
    }

    fn areas(&self, name: &str, of: impl Fn(usize, &lais_stats::AreaComparison) -> f64) -> Check {
        let got: Vec<_> = self.got.areas.iter().enumerate().map(|(i, area)| area.map(|area| of(i, &area))).collect();
        all_near(name, &got, &self.case.maybes(&format!("expected/{name}")), 1e-9)
    }

    /// The standard errors that the package's limits are made of: for ratios of counts not those of its distances.
    fn errors_of_limits(&self, i: usize) -> f64 {
        let n = self.denominators[i];
        if self.transform == Transform::LogStandardisedRatio { 1.0 / n.sqrt() } else { 0.5 / n.sqrt() }
    }

    /// The package's limits: naive ones from chi-squared or without variance between areas, adjusted ones with its
    /// errors, and with its missing square for "CQC".
    fn package_limits(&self, level: Level, name: &str) -> Check {
        let m = self.settings.multiplier;
        let target = self.got.target / m;
        // The package draws limits with the variance that it reports.
        let tau2 = self.case.number("expected/tau2");
        for i in 0..self.denominators.len() {
            let s = self.errors_of_limits(i);
            let naive = match self.transform {
                Transform::LogStandardisedRatio | Transform::SquareRoot => {
                    chi_squared_ratio_limits(self.denominators[i], level)
                }
                other => other.limits(target, s, 0.0, level),
            };
            let adjusted = match self.transform {
                Transform::SquareRoot => Transform::Identity.limits(1.0, s, tau2, level),
                other => other.limits(target, s, tau2, level),
            };
            self.limit_pair(["lower", "upper"], name, i, naive.map_err(|e| e.to_string())?, s)?;
            let width = (s * s + tau2).sqrt();
            let adjusted = adjusted.map_err(|e| e.to_string())?;
            let names = [format!("od{name}_lower"), format!("od{name}_upper")];
            self.pair(&names, i, adjusted.scaled(m), self.inside(level, width))?;
        }
        Ok(())
    }

    fn limit_pair(&self, sides: [&str; 2], name: &str, i: usize, limits: Interval, s: f64) -> Check {
        let level = if name == "95" { Level::P95 } else { Level::P998 };
        let names = sides.map(|side| format!("{side}{name}"));
        self.pair(&names, i, limits.scaled(self.settings.multiplier), self.inside(level, s))
    }

    /// Whether a limit of a proportion lies inside its scale, where the package's does not depend on its grid.
    fn inside(&self, level: Level, width: f64) -> [bool; 2] {
        if self.transform != Transform::Arcsine {
            return [true; 2];
        }
        let target = self.got.target.sqrt().asin();
        [target - level.z() * width > 0.0, target + level.z() * width < FRAC_PI_2]
    }

    fn pair(&self, names: &[String; 2], i: usize, got: Interval, inside: [bool; 2]) -> Check {
        for ((name, got), inside) in names.iter().zip([got.low, got.high]).zip(inside) {
            let want = self.case.numbers(&format!("expected/{name}"))[i];
            if inside {
                near(&format!("{name}[{i}]"), got, want, OF_LIMITS)?;
            } else {
                // Held at the end of the scale; the package holds it there or not, by its grid.
                same(&format!("{name}[{i}] at an end"), &(got == 0.0 || got == self.settings.multiplier), &true)?;
            }
        }
        Ok(())
    }

    /// Our limits: the corrected ones where the case gives them, the package's where they have no defect.
    fn our_limits(&self, level: Level, name: &str) -> Check {
        let corrected = !self.case.at("corrected_limits").is_null();
        for (i, area) in self.got.areas.iter().flatten().enumerate() {
            let ours = if level == Level::P95 { area.adjusted_95 } else { area.adjusted_998 };
            let ours = ours.ok_or("no adjusted limits")?;
            if corrected {
                let corrected = |side: &str| self.case.numbers(&format!("corrected_limits/{side}{name}"))[i];
                near("a corrected lower limit", ours.low, corrected("lower"), OF_LIMITS)?;
                near("a corrected upper limit", ours.high, corrected("upper"), OF_LIMITS)?;
            } else if matches!(self.transform, Transform::Arcsine | Transform::LogStandardisedRatio)
                && self.case.truth("input/draw_adjusted")
            {
                let names = [format!("od{name}_lower"), format!("od{name}_upper")];
                let dispersion = self.got.dispersion.map_err(|e| e.to_string())?;
                let inside = self.inside(level, (area.s * area.s + dispersion.tau2).sqrt());
                self.pair(&names, i, ours, inside)?;
            }
        }
        Ok(())
    }

    /// The package's outliers, by the package's own limits.
    fn outliers(&self) -> Check {
        let case = self.case;
        let name = if case.number("input/limit") == 95.0 { "95" } else { "998" };
        let names = if case.truth("expected/adjusted_used") {
            [format!("expected/od{name}_lower"), format!("expected/od{name}_upper")]
        } else {
            [format!("expected/lower{name}"), format!("expected/upper{name}")]
        };
        let [low, high] = names.map(|name| case.numbers(&name));
        let values = case.numbers("expected/ratio").into_iter().map(|ratio| ratio * self.settings.multiplier);
        let got: Vec<f64> =
            values.zip(low.iter().zip(&high)).map(|(v, (l, h))| f64::from(u8::from(v < *l || v > *h))).collect();
        same("outliers", &got, &case.numbers("expected/outlier"))
    }
}
