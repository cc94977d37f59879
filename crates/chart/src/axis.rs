//! The two axes: values up, time to the right.

use std::ops::Range;

use jiff::civil::Date;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

use crate::number::{MOST_DECIMALS, plain};

/// Lowest values from this share of the highest on are far from zero, and the axis need not begin there.
const FAR_FROM_ZERO: f64 = 0.85;
/// An axis that does not begin at zero spans at least this share of the highest value, so that it makes
/// no mountain of a wobble.
const LEAST_SHARE: f64 = 0.2;
/// About how many intervals the gridlines make.
const INTERVALS: f64 = 5.0;

/// An axis of values from one round number to another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValueAxis {
    ticks: Vec<f64>,
    low: f64,
    high: f64,
    decimals: u8,
}

impl ValueAxis {
    /// The axis for finite values that are printed with so many decimals; of 0 to 1 where there are none.
    ///
    /// It begins at zero unless all values are far from it, and no tick is finer than a printed value.
    pub(crate) fn over(values: impl Iterator<Item = f64>, decimals: u8) -> Self {
        let decimals = decimals.min(MOST_DECIMALS);
        let (lowest, highest) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let (from, to) = if lowest > highest { (0.0, 1.0) } else { span(lowest, highest) };
        let step = step(from, to, decimals);
        // Whole numbers of steps, so that a tick is the float nearest to its round number.
        let first = (from / step).floor();
        let count = ((to / step).ceil() - first).clamp(1.0, 20.0);
        let bounded = |k: f64| (k * step).clamp(f64::MIN, f64::MAX);
        let mut ticks: Vec<_> = (0..=count as u32).map(|i| bounded(first + f64::from(i))).collect();
        ticks.dedup();
        let tick_decimals = (0..decimals).find(|d| is_whole(step * 10f64.powi(i32::from(*d)))).unwrap_or(decimals);
        Self { low: from.min(bounded(first)), high: to.max(bounded(first + count)), decimals: tick_decimals, ticks }
    }

    /// The round numbers along the axis, from the lowest.
    pub(crate) fn ticks(&self) -> &[f64] {
        &self.ticks
    }

    /// A tick's label, with the decimals that the steps need.
    pub(crate) fn label(&self, tick: f64) -> String {
        plain(tick, self.decimals)
    }

    /// What a reader must be told of an axis without zero.
    pub(crate) fn warning(&self) -> Option<String> {
        if self.low > 0.0 {
            Some(format!("axis starts at {}, not at zero", self.label(self.low)))
        } else if self.high < 0.0 {
            Some(format!("axis ends at {}, not at zero", self.label(self.high)))
        } else {
            None
        }
    }

    /// How far up the axis a value lies, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        // Halves, since the whole span of the greatest floats is no float.
        ((value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0)).clamp(0.0, 1.0)
    }
}

/// From where to where the axis must reach.
fn span(lowest: f64, highest: f64) -> (f64, f64) {
    if highest < 0.0 {
        let (from, to) = span(-highest, -lowest);
        return (-to, -from);
    }
    if lowest > 0.0 && lowest < highest && lowest >= FAR_FROM_ZERO * highest {
        return (lowest.min(highest * (1.0 - LEAST_SHARE)), highest);
    }
    (lowest.min(0.0), highest.max(0.0))
}

/// The round step (1, 2 or 5 times a power of ten) that makes about five intervals.
fn step(from: f64, to: f64, decimals: u8) -> f64 {
    let finest = 10f64.powi(-i32::from(decimals));
    // Steps far below the size of the values themselves would be lost in their last digits.
    let wanted = (to / INTERVALS - from / INTERVALS).max(finest).max(from.abs().max(to.abs()) * 1e-9);
    let power = wanted.log10().floor() as i32;
    let scaled = wanted / 10f64.powi(power);
    let (factor, power) = match scaled {
        s if s <= 1.0 + 1e-9 => (1.0, power),
        s if s <= 2.0 + 1e-9 => (2.0, power),
        s if s <= 5.0 + 1e-9 => (5.0, power),
        _ => (1.0, power + 1),
    };
    // A negative power of ten is no float; dividing by the positive one gives the nearest.
    if power < 0 { factor / 10f64.powi(-power) } else { factor * 10f64.powi(power) }
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-9 * value.abs().max(1.0)
}

impl Ranged for ValueAxis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        limit.0 + (f64::from(limit.1 - limit.0) * self.share(*value)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

/// An axis of days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TimeAxis {
    first: Date,
    last: Date,
    pads: (i32, i32),
}

impl TimeAxis {
    /// The axis from one day to another; `pads` are left free before and after, in backend pixels.
    pub(crate) const fn new(first: Date, last: Date, pads: (i32, i32)) -> Self {
        Self { first, last, pads }
    }
}

impl Ranged for TimeAxis {
    type FormatOption = DefaultFormatting;
    type ValueType = Date;

    fn map(&self, value: &Date, (from, to): (i32, i32)) -> i32 {
        let days = |date: Date| date.duration_since(self.first).as_hours() as f64;
        let whole = days(self.last);
        // A single day stands in the middle.
        let share = if whole > 0.0 { (days(*value) / whole).clamp(0.0, 1.0) } else { 0.5 };
        let (before, after) = self.pads;
        from + before + (f64::from(to - from - before - after) * share).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<Date> {
        Vec::new()
    }

    fn range(&self) -> Range<Date> {
        self.first..self.last
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn labels(values: &[f64], decimals: u8) -> Vec<String> {
        let axis = ValueAxis::over(values.iter().copied(), decimals);
        axis.ticks().iter().map(|tick| axis.label(*tick)).collect()
    }

    #[test]
    fn an_axis_starts_at_zero_and_ends_at_a_round_number() {
        assert_eq!(labels(&[16.8, 24.9], 1), ["0", "5", "10", "15", "20", "25"]);
        assert_eq!(labels(&[0.0, 0.7], 1), ["0.0", "0.2", "0.4", "0.6", "0.8"]);
        assert_eq!(labels(&[310.0, 1_234.0], 0), ["0", "500", "1,000", "1,500"]);
    }

    #[test]
    fn an_axis_far_from_zero_says_where_it_starts() {
        let axis = ValueAxis::over([90.1, 97.3].into_iter(), 1);
        assert_eq!(axis.warning().unwrap(), "axis starts at 75, not at zero");
        assert_eq!(ValueAxis::over([80.0, 97.3].into_iter(), 1).warning(), None);
        let below = ValueAxis::over([-97.3, -90.1].into_iter(), 1);
        assert_eq!(below.warning().unwrap(), "axis ends at \u{2212}75, not at zero");
    }

    #[test]
    fn equal_values_are_shown_above_zero() {
        assert_eq!(labels(&[52.0, 52.0], 1).first().unwrap(), "0");
        assert_eq!(labels(&[0.0], 1), ["0.0", "0.1"]);
    }

    #[test]
    fn no_tick_is_finer_than_a_printed_value() {
        assert_eq!(labels(&[0.0, 2.0], 0), ["0", "1", "2"]);
        assert_eq!(labels(&[1e-12, 2e-12], 1), ["0.0", "0.1"]);
    }

    #[test]
    fn values_on_both_sides_of_zero_have_zero_among_the_ticks() {
        assert_eq!(labels(&[-4.0, 7.0], 0), ["\u{2212}5", "0", "5", "10"]);
    }

    #[test]
    fn time_has_true_distances() {
        let axis = TimeAxis::new(date(2020, 1, 1), date(2024, 1, 1), (0, 0));
        assert_eq!(axis.map(&date(2022, 1, 1), (0, 1461)), 731);
        assert_eq!(TimeAxis::new(date(2020, 1, 1), date(2020, 1, 1), (10, 20)).map(&date(2020, 1, 1), (0, 100)), 45);
    }

    proptest! {
        #[test]
        fn every_finite_value_lies_on_its_axis(
            values in proptest::collection::vec(proptest::num::f64::NORMAL | proptest::num::f64::ZERO | proptest::num::f64::SUBNORMAL, 1..20),
            decimals in any::<u8>(),
        ) {
            let axis = ValueAxis::over(values.iter().copied(), decimals);
            prop_assert!(axis.low < axis.high && axis.ticks().len() >= 2, "{axis:?}");
            prop_assert!(axis.ticks().windows(2).all(|pair| pair[0] < pair[1]), "{axis:?}");
            for value in values {
                let place = axis.map(&value, (0, 1000));
                prop_assert!((0..=1000).contains(&place));
                prop_assert!(axis.low <= value && value <= axis.high);
            }
        }
    }
}
