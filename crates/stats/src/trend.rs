//! The recent trend of five annual points: the rule of the Fingertips public health profiles, as it is published
//! and with the dispersion of all areas pooled.

#[cfg(test)]
mod tests;

use crate::distribution::chi_squared_upper;
use crate::refusal::{at_least, finite, not_negative, positive, same_length};
use crate::series::{Fraction, consecutive, representable, sum};
use crate::{Interval, Polarity, Refusal};

/// The number of annual points that the rule takes.
const POINTS: usize = 5;
/// The points in time, oldest first, in years.
const TIMES: [f64; POINTS] = [1.0, 2.0, 3.0, 4.0, 5.0];
/// The chi-squared value of 1 degree of freedom with probability 0.002 above it; a trend is strictly above.
const CRITICAL: f64 = 9.549_535_706_083_24;
/// Twice the rounded normal deviate 1.96, by which the rule turns the width of a 95% interval into a standard error.
const WIDTH_OF_95: f64 = 3.92;
/// What is left of five points when a line is fitted.
const RESIDUAL_DF: f64 = 3.0;

/// A published value with its 95% limits, in any one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Its 95% limits, if they are published; without them no trend can be calculated.
    pub limits: Option<Interval>,
}

/// Five points of consecutive years, oldest first, none of them missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FivePoints<T> {
    first_year: i32,
    points: [T; POINTS],
}

impl<T: Copy> FivePoints<T> {
    /// The latest five points of a series of single years, oldest first.
    ///
    /// Points before the latest five may be missing or further apart; of the latest five none may.
    ///
    /// # Errors
    /// [`Refusal`] for lists that differ in length, fewer than five points, years that are not consecutive (a gap, a
    /// year twice, newest first), and a missing point.
    pub fn latest(years: &[i32], points: &[Option<T>]) -> Result<Self, Refusal> {
        same_length(years.len(), points.len(), "years and points")?;
        at_least(points.len(), POINTS, "points")?;
        let start = points.len() - POINTS;
        let ([first_year, ..], [Some(a), Some(b), Some(c), Some(d), Some(e)]) = (&years[start..], &points[start..])
        else {
            return Err(Refusal::Missing("a year's value"));
        };
        consecutive(&years[start..])?;
        Ok(Self { first_year: *first_year, points: [*a, *b, *c, *d, *e] })
    }

    /// The year of the oldest of the five.
    #[must_use]
    pub const fn first_year(&self) -> i32 {
        self.first_year
    }
}

/// Which way a series has moved over five years, if it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrendMarker {
    /// The test finds a rise.
    Increasing,
    /// The test finds a fall.
    Decreasing,
    /// The test finds neither.
    NoChange,
}

impl TrendMarker {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Increasing => "increasing",
            Self::Decreasing => "decreasing",
            Self::NoChange => "no-change",
        }
    }

    /// What the marker says about an indicator of this polarity.
    #[must_use]
    pub const fn reading(self, polarity: Polarity) -> TrendReading {
        match (self, polarity) {
            (Self::NoChange, _) => TrendReading::NoChange,
            (Self::Increasing, Polarity::None) => TrendReading::Increasing,
            (Self::Decreasing, Polarity::None) => TrendReading::Decreasing,
            (Self::Increasing, Polarity::HighIsBetter) => TrendReading::IncreasingBetter,
            (Self::Increasing, Polarity::LowIsBetter) => TrendReading::IncreasingWorse,
            (Self::Decreasing, Polarity::HighIsBetter) => TrendReading::DecreasingWorse,
            (Self::Decreasing, Polarity::LowIsBetter) => TrendReading::DecreasingBetter,
        }
    }

    const fn of(chi_squared: f64, slope: f64, signs_agree: bool) -> Self {
        if !(signs_agree && chi_squared > CRITICAL) {
            Self::NoChange
        } else if slope > 0.0 {
            Self::Increasing
        } else if slope < 0.0 {
            Self::Decreasing
        } else {
            Self::NoChange
        }
    }
}

/// A trend in words: whether it is for the better is said only where the indicator has a polarity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrendReading {
    /// A rise, for the better.
    IncreasingBetter,
    /// A rise, for the worse.
    IncreasingWorse,
    /// A fall, for the better.
    DecreasingBetter,
    /// A fall, for the worse.
    DecreasingWorse,
    /// A rise of what has no better end.
    Increasing,
    /// A fall of what has no better end.
    Decreasing,
    /// No trend found.
    NoChange,
}

impl TrendReading {
    /// The words: what happened over the five years, never what will.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::IncreasingBetter => "increasing and getting better",
            Self::IncreasingWorse => "increasing and getting worse",
            Self::DecreasingBetter => "decreasing and getting better",
            Self::DecreasingWorse => "decreasing and getting worse",
            Self::Increasing => "increasing",
            Self::Decreasing => "decreasing",
            Self::NoChange => "no significant change",
        }
    }
}

/// The result of the recent-trend test of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecentTrend {
    /// The slope a year: of the logit for proportions, else in the unit of the value.
    pub slope: f64,
    /// The slope without the first, second, ... fifth point.
    pub leave_one_out_slopes: [f64; POINTS],
    /// Chi-squared for the trend, 1 degree of freedom.
    pub chi_squared: f64,
    /// The probability of a chi-squared as large where there is no trend and no noise but that of sampling.
    pub p_value: f64,
    /// Chi-squared of the points about their own fitted line, 3 degrees of freedom.
    pub residual_chi_squared: f64,
    /// Whether the slopes are of `ln((r + 0.5) / (n - r + 0.5))` because a count was 0 or the whole denominator.
    pub corrected_logits: bool,
}

impl RecentTrend {
    /// Whether the slope keeps its sign without any one of the points; 0 counts as positive.
    #[must_use]
    pub fn signs_agree(&self) -> bool {
        self.leave_one_out_slopes.iter().all(|slope| (*slope < 0.0) == (self.slope < 0.0))
    }

    /// The marker as Fingertips publishes it: sampling is taken for the only noise, so that large areas show too many.
    #[must_use]
    pub fn marker(&self) -> TrendMarker {
        TrendMarker::of(self.chi_squared, self.slope, self.signs_agree())
    }

    /// The test with the pooled dispersion: chi-squared divided by the factor, the rule otherwise the same.
    #[must_use]
    pub fn adjusted(&self, dispersion: TrendDispersion) -> AdjustedTrend {
        let chi_squared = self.chi_squared / dispersion.factor;
        AdjustedTrend {
            chi_squared,
            p_value: chi_squared_upper(chi_squared, 1.0),
            marker: TrendMarker::of(chi_squared, self.slope, self.signs_agree()),
        }
    }
}

/// The recent-trend test with the dispersion of all areas pooled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdjustedTrend {
    /// Chi-squared divided by the dispersion factor.
    pub chi_squared: f64,
    /// Its probability where there is no trend.
    pub p_value: f64,
    /// The marker to be used.
    pub marker: TrendMarker,
}

/// How much more an indicator's series move about their own lines than sampling explains, over all areas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrendDispersion {
    factor: f64,
    areas: usize,
}

impl TrendDispersion {
    /// The factor, not below 1.
    #[must_use]
    pub const fn factor(self) -> f64 {
        self.factor
    }

    /// The number of areas that it is pooled over.
    #[must_use]
    pub const fn areas(self) -> usize {
        self.areas
    }
}

/// The dispersion factor of one indicator, pooled over the areas whose trend could be calculated.
///
/// `max(1, sum of residual chi-squared / (3 * areas))`. The published test takes sampling for the only noise, and with
/// counts of 2,000 and a true variation of 10% a year it finds a trend in a third of the series without one.
///
/// # Errors
/// [`Refusal`] for no area, or a residual that is not finite or below 0.
///
/// Source: the Pearson dispersion of McCullagh and Nelder 1989, 4.5.2, pooled over areas (`docs/methods.md`).
pub fn trend_dispersion(trends: &[RecentTrend]) -> Result<TrendDispersion, Refusal> {
    at_least(trends.len(), 1, "areas")?;
    for trend in trends {
        not_negative(trend.residual_chi_squared, "a residual")?;
    }
    let total = representable(sum(trends.iter().map(|t| t.residual_chi_squared)))?;
    let areas = trends.len();
    Ok(TrendDispersion { factor: (total / (RESIDUAL_DF * areas as f64)).max(1.0), areas })
}

/// The recent trend of five proportions.
///
/// With `N` the sum of the denominators `n`, `R` of the numerators `r` and `t` 1 to 5, chi-squared is
/// `N (N sum(rt) - R sum(nt))^2 / (R (N - R) (N sum(nt^2) - sum(nt)^2))`, Cochran and Armitage's without correction for
/// continuity. The direction is that of an unweighted line through the logits. Where a count is 0 or the whole
/// denominator the published rule has no answer; all five logits are then of `r + 0.5` and `n - r + 0.5`, and the result
/// says so. Chi-squared itself is never corrected. The residual is the heterogeneity of the five less the trend.
///
/// # Errors
/// [`Refusal`] for a number that is not finite or below 0, a denominator of 0, a numerator above it, and five counts
/// that are all 0 or all the whole denominator, which leave nothing to test.
///
/// Source: Cochran 1954; Armitage 1955; Fingertips technical guidance, "Trend markers".
pub fn proportion_trend(points: &FivePoints<Fraction>) -> Result<RecentTrend, Refusal> {
    for point in &points.points {
        point.as_proportion()?;
    }
    let r = points.points.map(|p| p.numerator);
    let n = points.points.map(|p| p.denominator);
    let total_n: f64 = n.iter().sum();
    let total_r: f64 = r.iter().sum();
    let share = total_r / total_n;
    let variance = share * ((total_n - total_r) / total_n);
    if variance == 0.0 {
        return Err(Refusal::Undefined("every count is 0, or every count is the whole denominator"));
    }
    // The same as the sums of the formula, about their means, which keeps the digits of large counts.
    let middle = (0..POINTS).map(|i| n[i] * TIMES[i]).sum::<f64>() / total_n;
    let excess = |i: usize| r[i] - share * n[i];
    let along: f64 = (0..POINTS).map(|i| excess(i) * (TIMES[i] - middle)).sum();
    let spread: f64 = (0..POINTS).map(|i| n[i] * (TIMES[i] - middle).powi(2)).sum();
    let chi_squared = along * along / (variance * spread);
    let heterogeneity: f64 = (0..POINTS).map(|i| excess(i).powi(2) / (n[i] * variance)).sum();

    let corrected_logits = (0..POINTS).any(|i| r[i] == 0.0 || r[i] == n[i]);
    let half = if corrected_logits { 0.5 } else { 0.0 };
    let logits = std::array::from_fn(|i| ((r[i] + half) / (n[i] - r[i] + half)).ln());
    let residual = representable(heterogeneity - chi_squared)?.max(0.0);
    result(&logits, &[1.0; POINTS], chi_squared, residual, corrected_logits)
}

/// The recent trend of five values with 95% limits.
///
/// The standard error of a point is the width of its interval divided by 3.92, its weight `w` one over the square of
/// that. The slope is of the weighted line through the values at `t` 1 to 5, and chi-squared the square of the slope over
/// its variance, `1 / (sum(w t^2) - sum(w t)^2 / sum(w))`. The residual is the weighted sum of squares about the line.
///
/// # Errors
/// [`Refusal`] for a number that is not finite, a missing limit, an interval without width or turned round, and a value
/// outside its own interval.
///
/// Source: Fingertips technical guidance, "Trend markers".
pub fn estimate_trend(points: &FivePoints<Estimate>) -> Result<RecentTrend, Refusal> {
    let mut weights = [0.0; POINTS];
    for (weight, point) in weights.iter_mut().zip(&points.points) {
        *weight = weight_of(point)?;
    }
    let values = points.points.map(|p| p.value);
    let line = line(&values, &weights, None);
    let residual = (0..POINTS).map(|i| weights[i] * (values[i] - line.at(TIMES[i])).powi(2)).sum();
    result(&values, &weights, line.slope * line.slope * line.spread, residual, false)
}

/// The weight of a value: one over the square of its standard error.
fn weight_of(point: &Estimate) -> Result<f64, Refusal> {
    let limits = point.limits.ok_or(Refusal::Missing("a confidence limit"))?;
    let (value, low, high) = (finite(point.value)?, finite(limits.low)?, finite(limits.high)?);
    if low > high {
        return Err(Refusal::Undefined("a lower limit is above its upper limit"));
    }
    if !limits.contains(value) {
        return Err(Refusal::Undefined("a value lies outside its own limits"));
    }
    let width = positive(representable(high - low)?, "the width of an interval")?;
    representable((WIDTH_OF_95 / width).powi(2))
}

/// The slopes of all points and without each, with the rest of a result; refuses what no number can hold.
fn result(
    y: &[f64; POINTS],
    weights: &[f64; POINTS],
    chi_squared: f64,
    residual_chi_squared: f64,
    corrected_logits: bool,
) -> Result<RecentTrend, Refusal> {
    let slope = line(y, weights, None).slope;
    let leave_one_out_slopes: [f64; POINTS] = std::array::from_fn(|i| line(y, weights, Some(i)).slope);
    for number in leave_one_out_slopes.iter().chain([&slope, &chi_squared, &residual_chi_squared]) {
        representable(*number)?;
    }
    let p_value = chi_squared_upper(chi_squared, 1.0);
    Ok(RecentTrend { slope, leave_one_out_slopes, chi_squared, p_value, residual_chi_squared, corrected_logits })
}

/// A weighted line through the points in time.
struct Line {
    slope: f64,
    /// The weighted mean of the times, and the value there.
    middle: (f64, f64),
    /// The weighted sum of squares of the times about their mean: one over the variance of the slope.
    spread: f64,
}

impl Line {
    fn at(&self, time: f64) -> f64 {
        self.middle.1 + self.slope * (time - self.middle.0)
    }
}

/// The weighted line through `y`, one point left out if one is named.
fn line(y: &[f64; POINTS], weights: &[f64; POINTS], without: Option<usize>) -> Line {
    let kept = || (0..POINTS).filter(|i| Some(*i) != without);
    // About one of the values, so that equal values have a slope of exactly 0.
    let origin = y[kept().next().unwrap_or_default()];
    let total: f64 = kept().map(|i| weights[i]).sum();
    let time = kept().map(|i| weights[i] * TIMES[i]).sum::<f64>() / total;
    let value = origin + kept().map(|i| weights[i] * (y[i] - origin)).sum::<f64>() / total;
    let spread: f64 = kept().map(|i| weights[i] * (TIMES[i] - time).powi(2)).sum();
    let along: f64 = kept().map(|i| weights[i] * (TIMES[i] - time) * (y[i] - origin)).sum();
    Line { slope: along / spread, middle: (time, value), spread }
}
