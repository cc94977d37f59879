//! The XmR chart of individual values and moving ranges, with the rules of NHS England's Making Data Count.

mod rules;
#[cfg(test)]
mod tests;

pub use rules::{Side, SpecialCause, Variation};

use crate::refusal::{at_least, finite};
use crate::series::{Autocorrelation, complete, lag1_autocorrelation, mean, representable};
use crate::{Interval, Polarity, Refusal};

/// Limits lie this many average moving ranges from the mean: 3 over the constant 1.128 of ranges of two.
const LIMIT: f64 = 2.66;
/// A moving range of this many averages or more is left out when ranges are screened.
const SCREEN: f64 = 3.267;
/// The fewest points for firm limits.
const FIRM: usize = 13;
/// The fewest points for any limits on a page.
const TRIAL: usize = 8;

/// How much a control chart can bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Footing {
    /// 8 to 12 points: the limits are on trial and move with each further point.
    Trial,
    /// 13 points or more.
    Firm,
}

impl Footing {
    /// The footing of limits that rest on this many points.
    ///
    /// # Errors
    /// [`Refusal::TooFew`] under 8 points, for which no control chart is to be shown.
    ///
    /// Source: NHS England, Making Data Count (13 points for firm limits); the 8 is LAIS's own (`docs/methods.md`).
    pub fn of(points: usize) -> Result<Self, Refusal> {
        at_least(points, TRIAL, "points")?;
        Ok(if points < FIRM { Self::Trial } else { Self::Firm })
    }
}

/// What an XmR chart is drawn with, beside its values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct XmrOptions<'a> {
    /// Which way is better; without polarity special causes are only high or low.
    pub polarity: Polarity,
    /// Whether moving ranges of 3.267 averages or more are left out once, and the rest averaged again.
    pub screen: bool,
    /// The places, from 0, of the first points after documented changes, each of which starts a new phase.
    pub rebase_at: &'a [usize],
    /// Whether each phase's limits rest on its first so many points only.
    pub fix_after: Option<usize>,
    /// The target, in the unit of the values.
    pub target: Option<f64>,
}

/// A stretch of an XmR chart with limits of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XmrPhase {
    /// The place of its first point in the series, from 0.
    pub start: usize,
    /// Its number of points.
    pub points: usize,
    /// The number of points that mean and limits rest on.
    pub baseline: usize,
    /// The mean of those.
    pub mean: f64,
    /// The average moving range, after screening; nothing for a baseline of one point.
    pub average_moving_range: Option<f64>,
    /// The number of moving ranges that screening left out.
    pub screened: usize,
    /// The process limits, `mean -/+ 2.66` average moving ranges; a lower limit may be below 0.
    pub limits: Option<Interval>,
    /// The lines at two thirds of the way to the limits.
    pub two_thirds: Option<Interval>,
    /// The lag-1 autocorrelation of the baseline; nothing where it is level or has fewer than 3 points.
    pub autocorrelation: Option<Autocorrelation>,
}

impl XmrPhase {
    /// Whether the phase has fewer points than the 13 of firm limits, as the reference package warns.
    #[must_use]
    pub const fn is_short(&self) -> bool {
        self.points < FIRM
    }

    /// The footing of the limits, by the points that they rest on.
    ///
    /// # Errors
    /// [`Refusal::TooFew`] under 8 points: the phase is not to be shown as a control chart.
    pub fn footing(&self) -> Result<Footing, Refusal> {
        Footing::of(self.baseline)
    }

    /// Whether the points depend on one another so much that the rules signal too often; then only limits are shown.
    #[must_use]
    pub fn over_signals(&self) -> bool {
        self.autocorrelation.is_some_and(Autocorrelation::is_marked)
    }
}

/// A point of an XmR chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct XmrPoint {
    /// The place of its phase, from 0.
    pub phase: usize,
    /// Whether it lies strictly outside the limits; nothing where there are none.
    pub outside_limits: Option<bool>,
    /// Whether it lies strictly beyond a two-thirds line and not outside the limits.
    pub close_to_limits: Option<bool>,
    /// Its side of the mean.
    pub side: Side,
    /// The first rule that it falls under.
    pub special_cause: Option<SpecialCause>,
    /// What that means by polarity.
    pub variation: Variation,
}

/// Whether a process that goes on as it is will meet its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assurance {
    /// The limits lie wholly on the better side of the target.
    ConsistentlyMet,
    /// The limits lie wholly on the worse side.
    ConsistentlyMissed,
    /// The target lies within the limits: it is met or missed by chance.
    HitAndMiss,
}

/// An XmR chart.
#[derive(Clone, Debug, PartialEq)]
pub struct XmrChart {
    /// Its phases, in order; at least one.
    pub phases: Vec<XmrPhase>,
    /// Its points, one for each value.
    pub points: Vec<XmrPoint>,
    /// What the latest phase says about the target; nothing without target, polarity or limits.
    pub assurance: Option<Assurance>,
}

/// The XmR chart of a series in equal steps of time, oldest first.
///
/// The mean is of the phase's points, `aMR` the mean of `|y_i - y_{i-1}|` within it; limits are `mean -/+ 2.66 aMR`. With
/// screening, moving ranges of `3.267 aMR` or more are left out once and `aMR` is of the rest; the mean stays. A level
/// baseline has limits equal to its mean (the reference package has none). Each point has the first of these rules that it
/// falls under, all within a phase: outside the limits; one of 7 or more strictly rising or falling; beyond a two-thirds
/// line and one of 3 on the same side of which 2 are; one of 7 or more on the same side of the mean, which a point on the
/// mean ends. A point where a rise becomes a fall has the later of the two. Any number of points is calculated with; what
/// a page may show is [`XmrPhase::footing`]'s to say. Overlapping periods (rolling years) are not for this chart.
///
/// # Errors
/// [`Refusal`] for no value, a missing value, a value or target that is not finite, a change beyond the series, and a
/// baseline of 0 points.
///
/// Source: Wheeler and Chambers 1992; Nelson 1982 (screening); Provost and Murray 2011; NHS England, Making Data Count,
/// as NHSRplotthedots 0.2.2 calculates it.
pub fn xmr(values: &[Option<f64>], options: &XmrOptions<'_>) -> Result<XmrChart, Refusal> {
    at_least(values.len(), 1, "points")?;
    let values = complete(values)?;
    options.target.map_or(Ok(0.0), finite)?;
    if options.fix_after == Some(0) {
        return Err(Refusal::Undefined("limits cannot rest on 0 points"));
    }
    let starts = phase_starts(options.rebase_at, values.len())?;
    let mut phases = Vec::with_capacity(starts.len());
    let mut points = Vec::with_capacity(values.len());
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(values.len());
        let stretch = &values[*start..end];
        let phase = phase(*start, stretch, options)?;
        points.extend(rules::points(number, stretch, &phase, options.polarity));
        phases.push(phase);
    }
    let assurance = phases.last().and_then(|latest| assurance(latest.limits?, options.target?, options.polarity));
    Ok(XmrChart { phases, points, assurance })
}

/// The places of the first points of the phases, in order.
fn phase_starts(rebase_at: &[usize], points: usize) -> Result<Vec<usize>, Refusal> {
    if rebase_at.iter().any(|start| *start >= points) {
        return Err(Refusal::Undefined("a change lies beyond the series"));
    }
    let mut starts = Vec::with_capacity(rebase_at.len() + 1);
    starts.push(0);
    starts.extend_from_slice(rebase_at);
    starts.sort_unstable();
    starts.dedup();
    Ok(starts)
}

/// Mean and limits of a stretch, of its first points only where they are fixed.
fn phase(start: usize, stretch: &[f64], options: &XmrOptions<'_>) -> Result<XmrPhase, Refusal> {
    let baseline = &stretch[..options.fix_after.unwrap_or(stretch.len()).min(stretch.len())];
    let mean = representable(mean(baseline))?;
    let (average_moving_range, screened) = average_moving_range(baseline, options.screen)?;
    let around = |factor: f64| {
        let half = factor * average_moving_range?;
        Some(Interval { low: mean - half, high: mean + half })
    };
    let limits = around(LIMIT);
    for limit in limits.iter().flat_map(|limits| [limits.low, limits.high]) {
        representable(limit)?;
    }
    Ok(XmrPhase {
        start,
        points: stretch.len(),
        baseline: baseline.len(),
        mean,
        average_moving_range,
        screened,
        limits,
        two_thirds: around(2.0 * (LIMIT / 3.0)),
        autocorrelation: lag1_autocorrelation(baseline).ok(),
    })
}

/// The average moving range, if there is any, and the number of ranges that screening left out.
fn average_moving_range(values: &[f64], screen: bool) -> Result<(Option<f64>, usize), Refusal> {
    let mut ranges: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    if ranges.is_empty() {
        return Ok((None, 0));
    }
    let of_all = representable(mean(&ranges))?;
    // In a level series every range is 0 and none is unusual.
    if !screen || of_all == 0.0 {
        return Ok((Some(of_all), 0));
    }
    let count = ranges.len();
    ranges.retain(|range| *range < SCREEN * of_all);
    Ok((Some(mean(&ranges)), count - ranges.len()))
}

/// What limits say about a target; nothing without polarity.
fn assurance(limits: Interval, target: f64, polarity: Polarity) -> Option<Assurance> {
    let above = match polarity {
        Polarity::None => return None,
        Polarity::HighIsBetter => Assurance::ConsistentlyMet,
        Polarity::LowIsBetter => Assurance::ConsistentlyMissed,
    };
    let below = match above {
        Assurance::ConsistentlyMet => Assurance::ConsistentlyMissed,
        _ => Assurance::ConsistentlyMet,
    };
    Some(if target < limits.low {
        above
    } else if target > limits.high {
        below
    } else {
        Assurance::HitAndMiss
    })
}
