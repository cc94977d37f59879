//! Where everything of a chart of intervals goes.

use crate::face::Font;
use crate::foot::Foot;
use crate::head::Head;
use crate::layout::{MARGIN, WIDTH};
use crate::words::clean;

use super::Spans;

/// The names of rows.
pub(super) const NAME: Font = Font::plain(12.5);
/// Distance between the lines of a name.
pub(super) const NAME_LINE: f64 = 14.5;
/// The most room that names have.
const NAMES: f64 = 250.0;
/// Room for printed values on the right.
const VALUES: f64 = 136.0;
/// Height of a row with a name of one line.
const ROW: f64 = 21.0;
/// Height of a group's heading.
const HEADING: f64 = 26.0;
/// Height of a line of labels above the plot.
const LINE: f64 = 16.0;
/// About so many gridlines.
const TICKS: f64 = 6.0;

/// A chart of intervals with a place for everything.
pub(super) struct Layout {
    pub(super) head: Head,
    pub(super) foot: Foot,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) foot_top: f64,
    pub(super) height: f64,
    pub(super) value_room: f64,
    /// The baselines of the labels of lines.
    pub(super) reference_lines: Vec<f64>,
    pub(super) ticks: Vec<f64>,
    pub(super) tick_decimals: u8,
    pub(super) groups: Vec<Placed>,
}

/// A group with the places of its rows.
pub(super) struct Placed {
    /// The baseline of its heading, where it has one.
    pub(super) heading: Option<f64>,
    pub(super) rows: Vec<Row>,
}

/// A row: its name in lines, and its middle.
pub(super) struct Row {
    pub(super) name: Vec<String>,
    pub(super) middle: f64,
}

impl Layout {
    pub(super) fn new(spans: &Spans) -> Self {
        let head = Head::new(&spans.title, &spans.unit, None);
        let foot = Foot::of_source(&spans.source);
        let names = spans.groups.iter().flat_map(|group| &group.spans).map(|span| NAME.width(&clean(&span.name)));
        let names = names.fold(60.0_f64, f64::max).min(NAMES);
        let (left, right) = (MARGIN + names + 14.0, WIDTH - MARGIN - VALUES - 8.0);
        let first = head.bottom() + 20.0;
        let reference_lines: Vec<f64> = (0..spans.references.len()).map(|line| first + line as f64 * LINE).collect();
        let top = first + spans.references.len() as f64 * LINE - 8.0;
        let mut y = top;
        let mut groups = vec![];
        for group in &spans.groups {
            let has_heading = !clean(&group.name).is_empty() && !group.spans.is_empty();
            let heading = has_heading.then_some(y + HEADING - 8.0);
            y += if has_heading { HEADING } else { 0.0 };
            let mut rows = vec![];
            for span in &group.spans {
                let name = NAME.wrap(&clean(&span.name), names, 2);
                let height = ROW + name.len().saturating_sub(1) as f64 * NAME_LINE;
                rows.push(Row { name, middle: y + height / 2.0 });
                y += height;
            }
            groups.push(Placed { heading, rows });
        }
        let bottom = y + 6.0;
        let foot_top = bottom + 34.0;
        let height = foot_top + foot.height() + MARGIN;
        let (ticks, tick_decimals) = ticks(&spans.numbers().into_iter().map(|(_, number)| number).collect::<Vec<_>>());
        Self {
            head,
            foot,
            left,
            right,
            top,
            bottom,
            foot_top,
            height,
            value_room: VALUES,
            reference_lines,
            ticks,
            tick_decimals,
            groups,
        }
    }

    /// Where a number lies.
    pub(super) fn x(&self, number: f64) -> f64 {
        let (first, last) = (self.ticks[0], self.ticks[self.ticks.len() - 1]);
        self.left + (number - first) / (last - first) * (self.right - self.left)
    }
}

/// Gridlines at round numbers about all numbers, two at least, and the decimals that they need.
fn ticks(numbers: &[f64]) -> (Vec<f64>, u8) {
    let (low, high) = numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), n| (l.min(*n), h.max(*n)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
    let width = (high - low).max(high.abs().max(low.abs()) * 1e-6).max(1e-6);
    let power = (width / TICKS).log10().floor();
    let scale = 10_f64.powf(power);
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|of| of * scale).find(|step| width / step <= TICKS + 2.0);
    let step = step.unwrap_or(10.0 * scale);
    let (first, last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
    let last = last.max(first + 1.0);
    let count = (last - first).min(40.0) as usize;
    let ticks = (0..=count).map(|at| (first + at as f64) * step).collect();
    let decimals = (-(step.log10() + 1e-9).floor()).clamp(0.0, 6.0) as u8;
    (ticks, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gridlines_are_round_and_enclose_every_number() {
        let (ticks, decimals) = ticks(&[0.36, 0.5, 0.83]);
        assert_eq!(decimals, 1);
        assert!(ticks[0] <= 0.36 && ticks[ticks.len() - 1] >= 0.83, "{ticks:?}");
        assert!(ticks.windows(2).all(|pair| (pair[1] - pair[0] - 0.1).abs() < 1e-9), "{ticks:?}");
    }

    #[test]
    fn one_number_and_none_still_make_an_axis() {
        for numbers in [&[][..], &[0.5], &[0.0, 0.0], &[-3.0e9], &[1e12, -1e12]] {
            let (ticks, _) = ticks(numbers);
            assert!(ticks.len() >= 2 && ticks.windows(2).all(|pair| pair[1] > pair[0]), "{numbers:?} {ticks:?}");
            assert!(
                numbers.iter().all(|n| *n >= ticks[0] - 1e-6 && *n <= ticks[ticks.len() - 1] + n.abs() * 1e-5 + 1e-6)
            );
        }
    }
}
