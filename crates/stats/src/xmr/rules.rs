//! The rules by which a point of an XmR chart is a special cause.

use super::{XmrPhase, XmrPoint};
use crate::Polarity;

/// The number of points of a trend, and of a shift.
const RUN: usize = 7;

/// A side of the mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Below the mean.
    Below,
    /// On the mean: it ends a run on either side.
    On,
    /// Above the mean.
    Above,
}

/// A rule of a control chart, with its direction, in the order in which the rules are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpecialCause {
    /// Above the upper limit.
    AboveLimits,
    /// Below the lower limit.
    BelowLimits,
    /// One of 7 or more consecutive points, each higher than the last.
    Rising,
    /// One of 7 or more consecutive points, each lower than the last.
    Falling,
    /// Near the upper limit, as 2 of 3 consecutive points above the mean are.
    TwoOfThreeAbove,
    /// Near the lower limit, as 2 of 3 consecutive points below the mean are.
    TwoOfThreeBelow,
    /// One of 7 or more consecutive points above the mean.
    ShiftAbove,
    /// One of 7 or more consecutive points below the mean.
    ShiftBelow,
}

impl SpecialCause {
    /// Whether it is upwards: above, or rising.
    #[must_use]
    pub const fn is_high(self) -> bool {
        matches!(self, Self::AboveLimits | Self::Rising | Self::TwoOfThreeAbove | Self::ShiftAbove)
    }

    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::AboveLimits => "above-limits",
            Self::BelowLimits => "below-limits",
            Self::Rising => "rising",
            Self::Falling => "falling",
            Self::TwoOfThreeAbove => "two-of-three-above",
            Self::TwoOfThreeBelow => "two-of-three-below",
            Self::ShiftAbove => "shift-above",
            Self::ShiftBelow => "shift-below",
        }
    }
}

/// What a point of a control chart means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variation {
    /// The process goes on as it was.
    CommonCause,
    /// A special cause in the better direction.
    Improvement,
    /// A special cause in the worse direction.
    Concern,
    /// A special cause upwards, of what has no better end.
    NeutralHigh,
    /// A special cause downwards, of what has no better end.
    NeutralLow,
}

impl Variation {
    pub(crate) const fn of(special_cause: Option<SpecialCause>, polarity: Polarity) -> Self {
        let Some(cause) = special_cause else { return Self::CommonCause };
        match (polarity, cause.is_high()) {
            (Polarity::None, true) => Self::NeutralHigh,
            (Polarity::None, false) => Self::NeutralLow,
            (Polarity::HighIsBetter, true) | (Polarity::LowIsBetter, false) => Self::Improvement,
            (Polarity::HighIsBetter, false) | (Polarity::LowIsBetter, true) => Self::Concern,
        }
    }
}

/// The points of one phase, with the rules applied within it.
pub(super) fn points(number: usize, values: &[f64], phase: &XmrPhase, polarity: Polarity) -> Vec<XmrPoint> {
    let side = |value: f64| {
        if value > phase.mean {
            Side::Above
        } else if value < phase.mean {
            Side::Below
        } else {
            Side::On
        }
    };
    let bare = |value: f64| {
        let outside_limits = phase.limits.map(|limits| !limits.contains(value));
        let beyond = phase.two_thirds.map(|lines| !lines.contains(value));
        let close_to_limits = beyond.zip(outside_limits).map(|(beyond, outside)| beyond && !outside);
        let (special_cause, variation) = (None, Variation::CommonCause);
        XmrPoint { phase: number, outside_limits, close_to_limits, side: side(value), special_cause, variation }
    };
    let mut points: Vec<XmrPoint> = values.iter().map(|value| bare(*value)).collect();
    // The last rule first: each that comes before it takes its place.
    mark_shifts(&mut points);
    mark_two_of_three(&mut points);
    mark_trends(&mut points, values);
    for point in &mut points {
        if point.outside_limits == Some(true) {
            let above = point.side == Side::Above;
            point.special_cause = Some(if above { SpecialCause::AboveLimits } else { SpecialCause::BelowLimits });
        }
        point.variation = Variation::of(point.special_cause, polarity);
    }
    points
}

fn mark_shifts(points: &mut [XmrPoint]) {
    for run in points.chunk_by_mut(|a, b| a.side == b.side).filter(|run| run.len() >= RUN) {
        let cause = match run[0].side {
            Side::Above => SpecialCause::ShiftAbove,
            Side::Below => SpecialCause::ShiftBelow,
            Side::On => continue,
        };
        run.iter_mut().for_each(|point| point.special_cause = Some(cause));
    }
}

fn mark_two_of_three(points: &mut [XmrPoint]) {
    for start in 0..points.len().saturating_sub(2) {
        let three = &mut points[start..start + 3];
        let cause = match three[0].side {
            Side::Above => SpecialCause::TwoOfThreeAbove,
            Side::Below => SpecialCause::TwoOfThreeBelow,
            Side::On => continue,
        };
        let is_close = |point: &XmrPoint| point.close_to_limits == Some(true);
        let one_side = three.iter().all(|point| point.side == three[0].side);
        if one_side && three.iter().filter(|point| is_close(point)).count() >= 2 {
            three.iter_mut().filter(|point| is_close(point)).for_each(|point| point.special_cause = Some(cause));
        }
    }
}

/// Marks rises and falls in order, so that a point at which one becomes the other belongs to the later.
fn mark_trends(points: &mut [XmrPoint], values: &[f64]) {
    for (follows, cause) in turns(values) {
        if follows.len() >= RUN {
            points[follows].iter_mut().for_each(|point| point.special_cause = Some(cause));
        }
    }
}

/// The longest stretches in which each value is higher than the last, or each lower, in order; neighbours may share a
/// point.
fn turns(values: &[f64]) -> Vec<(std::ops::Range<usize>, SpecialCause)> {
    let mut turns: Vec<(std::ops::Range<usize>, SpecialCause)> = Vec::new();
    for (i, pair) in values.windows(2).enumerate() {
        let cause = if pair[1] > pair[0] {
            SpecialCause::Rising
        } else if pair[1] < pair[0] {
            SpecialCause::Falling
        } else {
            continue;
        };
        match turns.last_mut() {
            Some((stretch, last)) if *last == cause && stretch.end == i + 1 => stretch.end = i + 2,
            _ => turns.push((i..i + 2, cause)),
        }
    }
    turns
}
