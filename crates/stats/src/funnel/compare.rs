//! The comparison of all areas on one indicator in one period.

use super::exact::{binomial_limit_pairs, poisson_limit_pairs};
use super::mid_p::{binomial_mid_p_score, poisson_mid_p_score};
use super::phe::phe_proportion_limits;
use super::{Difference, Dispersion, Scored, Target, TargetBasis, Transform, Trimming, adjusted_z, dispersion_of};
use crate::refusal::{at_least, finite, not_negative, positive};
use crate::{Interval, Level, Refusal};

/// What one area reports.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaFigures {
    /// The numerator or observed count; for [`Transform::Identity`] the mean, in the published unit.
    pub observed: Option<f64>,
    /// The denominator or expected count; for [`Transform::Identity`] the standard error, in the published unit.
    pub denominator: Option<f64>,
    /// Whether the area has a part in the target and the dispersion; one that does not is still compared.
    pub included: bool,
}

/// How areas are compared; the default is what pages show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComparisonSettings {
    /// What a value is multiplied by to be published, such as 100 for per cent; not used for means. Default 1.
    pub multiplier: f64,
    /// What is done with the most distant areas before the dispersion is taken. Default: winsorised at a tenth.
    pub trimming: Trimming,
    /// The fewest included areas that a dispersion is taken of. Default 20.
    pub least_areas: usize,
    /// Below this expected count (for a proportion, `n target (1 - target)`) the distance is the exact one of
    /// [`binomial_mid_p_score`] or [`poisson_mid_p_score`]. Default 5; 0 for never.
    pub exact_below: f64,
}

impl Default for ComparisonSettings {
    fn default() -> Self {
        Self { multiplier: 1.0, trimming: Trimming::Winsorised(0.1), least_areas: 20, exact_below: 5.0 }
    }
}

/// All areas on one indicator in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What areas are compared with, in the published unit.
    pub target: f64,
    /// How the target came about.
    pub basis: TargetBasis,
    /// How many areas are included and report: those that target and dispersion are of.
    pub used: usize,
    /// How much areas differ beyond chance, or why that is not given; then only the naive limits and distances are.
    pub dispersion: Result<Dispersion, Refusal>,
    /// Each area, in the order given; `None` where a figure is missing or there is nothing to count in.
    pub areas: Vec<Option<AreaComparison>>,
}

/// One area beside the target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaComparison {
    /// The value, in the published unit.
    pub value: f64,
    /// The value on the transformed scale.
    pub y: f64,
    /// The standard error of `y`.
    pub s: f64,
    /// The distance from the target in standard errors, as if areas differed by chance only.
    pub z: f64,
    /// Whether `z` is exact, from the mid-p probability of a small count.
    pub exact: bool,
    /// The distance with the variance between areas allowed for: `z s / sqrt(s^2 + tau2)`.
    pub z_adjusted: Option<f64>,
    /// The 95 per cent limits, as if areas differed by chance only, in the published unit.
    pub limits_95: Interval,
    /// The 99.8 per cent limits, as if areas differed by chance only, in the published unit.
    pub limits_998: Interval,
    /// The 95 per cent limits with the variance between areas allowed for, in the published unit.
    pub adjusted_95: Option<Interval>,
    /// The 99.8 per cent limits with the variance between areas allowed for, in the published unit.
    pub adjusted_998: Option<Interval>,
    /// What the adjusted distance is called, or the naive one where there is none.
    pub difference: Difference,
}

/// Compares all areas on one indicator in one period with a target, and with the usual variance between areas.
///
/// Each area has a distance `z = (y - target) / s` on the scale of `transform` (exact where the expected count is small
/// and counts are whole); the dispersion of the included areas that report gives the variance between areas `tau2`; the
/// adjusted distance is `z s / sqrt(s^2 + tau2)`, which is `(y - target) / sqrt(s^2 + tau2)` but where `z` is exact.
/// Naive limits are exact for counts (interpolated; where a denominator is not whole, `target -/+ z sqrt(target (1 -
/// target) / n)`) and on the transformed scale for ratios of counts, logarithms and means; adjusted ones are always
/// taken back from the transformed scale. Values, target and limits are in the published unit, that is
/// `observed / denominator` times the multiplier. Distances and limits may disagree for an area that is small and near
/// a limit, since they are made in different ways.
///
/// An area with a missing figure, or with nothing observed in a denominator of 0, has no part in anything. Where fewer
/// than the least number of areas report, there is no dispersion, and the naive distances stand alone.
///
/// # Errors
/// [`Refusal`] for no included area that reports, a negative or infinite figure, a proportion above 1, an observed
/// count in a denominator of 0, a mean without standard error, a target that the transform does not take (a rate of 0),
/// a multiplier that is not positive, and a share to trim that is not below one half.
///
/// Source: Spiegelhalter 2005, Statistics in Medicine 24 (limits) and Quality and Safety in Health Care 14
/// (over-dispersion); Spiegelhalter et al. 2012, JRSS A 175 (`docs/methods.md`).
pub fn compare_areas(
    areas: &[AreaFigures],
    transform: Transform,
    target: Target,
    settings: &ComparisonSettings,
) -> Result<Comparison, Refusal> {
    let multiplier = match transform {
        Transform::Identity => 1.0,
        _ => positive(settings.multiplier, "the multiplier")?,
    };
    let figures = areas.iter().map(|area| reported(area, transform)).collect::<Result<Vec<_>, _>>()?;
    let is_used = |i: &usize| areas[*i].included && figures[*i].is_some();
    let used: Vec<usize> = (0..areas.len()).filter(is_used).collect();
    at_least(used.len(), 1, "areas")?;
    let target = if let Target::Given(value) = target { Target::Given(value / multiplier) } else { target };
    let used_figures: Vec<_> = used.iter().filter_map(|i| figures[*i]).collect();
    let (target, basis) = target.of(&used_figures, transform)?;
    let funnel = Funnel { transform, target, multiplier, exact_below: settings.exact_below };

    let place = |figures: &Option<(f64, f64)>| figures.map(|(x, n)| funnel.placed(x, n)).transpose();
    let placed = figures.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let (z, s): (Vec<f64>, Vec<f64>) = used.iter().filter_map(|i| placed[*i]).map(|p| (p.z, p.scored.s)).unzip();
    let dispersion = at_least(used.len(), settings.least_areas, "areas")
        .and_then(|()| dispersion_of(&z, &s, settings.trimming))
        .map_or_else(unless_few, |found| Ok(Ok(found)))?;

    let tau2 = dispersion.ok().map(|found| found.tau2);
    let compare = |placed: &Option<Placed>| placed.map(|placed| funnel.compared(&placed, tau2)).transpose();
    let areas = placed.iter().map(compare).collect::<Result<Vec<_>, _>>()?;
    Ok(Comparison { target: finite(target * multiplier)?, basis, used: used.len(), dispersion, areas })
}

/// Lets pass that there are too few areas for a dispersion, as part of the answer; any other refusal is of the whole.
fn unless_few(refusal: Refusal) -> Result<Result<Dispersion, Refusal>, Refusal> {
    match refusal {
        Refusal::Empty | Refusal::TooFew { .. } => Ok(Err(refusal)),
        other => Err(other),
    }
}

/// What an area reports, if anything: both figures, and something to count in.
fn reported(area: &AreaFigures, transform: Transform) -> Result<Option<(f64, f64)>, Refusal> {
    let (Some(observed), Some(denominator)) = (area.observed, area.denominator) else {
        return Ok(None);
    };
    let figures = if transform == Transform::Identity {
        (finite(observed)?, positive(denominator, "the standard error")?)
    } else {
        (not_negative(observed, "the numerator")?, not_negative(denominator, "the denominator")?)
    };
    match figures {
        (0.0, 0.0) => Ok(None),
        (_, 0.0) => Err(Refusal::Zero("the denominator")),
        _ => Ok(Some(figures)),
    }
}

/// The target that areas are compared with, in the unit of `observed / denominator`, and how.
struct Funnel {
    transform: Transform,
    target: f64,
    multiplier: f64,
    exact_below: f64,
}

/// One area on the transformed scale.
#[derive(Clone, Copy)]
struct Placed {
    observed: f64,
    denominator: f64,
    scored: Scored,
    z: f64,
    exact: bool,
}

impl Funnel {
    fn placed(&self, observed: f64, denominator: f64) -> Result<Placed, Refusal> {
        let scored = self.transform.scored(observed, denominator, self.target)?;
        let exact = self.exact_score(observed, denominator).transpose()?;
        let z = exact.unwrap_or_else(|| scored.z());
        Ok(Placed { observed, denominator, scored, z, exact: exact.is_some() })
    }

    /// The exact distance, for whole counts of which few are expected.
    fn exact_score(&self, observed: f64, denominator: f64) -> Option<Result<f64, Refusal>> {
        let expected = denominator * self.target;
        let is_whole = |count: f64| count.fract() == 0.0;
        match self.transform {
            Transform::Arcsine if is_whole(observed) && is_whole(denominator) => (expected * (1.0 - self.target)
                < self.exact_below)
                .then(|| binomial_mid_p_score(observed, denominator, self.target)),
            Transform::SquareRoot if is_whole(observed) => {
                (expected < self.exact_below).then(|| poisson_mid_p_score(observed, expected))
            }
            _ => None,
        }
    }

    fn compared(&self, placed: &Placed, tau2: Option<f64>) -> Result<AreaComparison, Refusal> {
        let (y, s, z) = (placed.scored.y, placed.scored.s, placed.z);
        let published = |limits: Interval| limits.scaled(self.multiplier);
        let [limits_95, limits_998] = self.naive_limits(placed)?.map(published);
        let adjusted = |level| tau2.map(|tau2| self.transform.limits(self.target, s, tau2, level).map(published));
        let z_adjusted = tau2.map(|tau2| adjusted_z(z, s, tau2)).transpose()?;
        let value = match self.transform {
            Transform::Identity => placed.observed,
            _ => placed.observed / placed.denominator * self.multiplier,
        };
        Ok(AreaComparison {
            value: finite(value)?,
            y,
            s,
            z,
            exact: placed.exact,
            z_adjusted,
            limits_95,
            limits_998,
            adjusted_95: adjusted(Level::P95).transpose()?,
            adjusted_998: adjusted(Level::P998).transpose()?,
            difference: Difference::of(z_adjusted.unwrap_or(z)).ok_or(Refusal::NotFinite)?,
        })
    }

    /// The limits at both levels as if areas differed by chance only.
    fn naive_limits(&self, placed: &Placed) -> Result<[Interval; 2], Refusal> {
        let n = placed.denominator;
        let (inner, outer) = (Level::P95, Level::P998);
        let both = |at: &dyn Fn(Level) -> Result<Interval, Refusal>| Ok([at(inner)?, at(outer)?]);
        match self.transform {
            Transform::Arcsine if n.fract() == 0.0 => binomial_limit_pairs(self.target, n, inner, outer),
            Transform::Arcsine => both(&|level| {
                let limits = phe_proportion_limits(self.target, n, level)?;
                Ok(Interval { low: limits.low.max(0.0), high: limits.high.min(1.0) })
            }),
            Transform::SquareRoot => poisson_limit_pairs(n * self.target, inner, outer)
                .map(|limits| limits.map(|limits| limits.scaled(self.target))),
            _ => both(&|level| self.transform.limits(self.target, placed.scored.s, 0.0, level)),
        }
    }
}

#[cfg(test)]
mod tests;
