//! Labels at the ends of lines.

use crate::face::Font;
use crate::layout::MARGIN;
use crate::line::{Line, Period};
use crate::number::plain;
use crate::place::spread;
use crate::style::Style;
use crate::words::{self, Anchor};

/// The widest that labels may be.
const WIDEST: f64 = 168.0;
/// Room between the plot and the words: a gap and the label's mark.
pub(crate) const GAP: f64 = 27.0;
/// Where in that room the mark stands.
pub(crate) const MARK: f64 = 18.0;
const LINE: f64 = 16.0;
/// Air between labels.
const AIR: f64 = 5.0;

/// The label of one line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct End {
    /// Which line.
    pub(crate) line: usize,
    /// The period of the last observed value.
    pub(crate) period: usize,
    /// The last observed value.
    pub(crate) value: f64,
    /// The middle of its first line of text, once placed.
    pub(crate) middle: f64,
    text: Vec<String>,
    font: Font,
}

/// The labels of lines that have any value: the last value, its period where that is not the chart's last,
/// and the name, which may be cut short where it is long.
pub(crate) fn ends(lines: &[Line], styles: &[Style], periods: &[Period], decimals: u8) -> Vec<End> {
    let end = |(index, (line, style)): (usize, (&Line, &Style))| {
        let (period, value) = line.observed().next_back()?;
        let mut text = plain(value, decimals);
        if period + 1 < periods.len() {
            text.push_str(&format!(" ({})", periods.get(period).map_or("", |p| &p.label)));
        }
        text.push(' ');
        text.push_str(&line.name);
        let font = Font { size: 13.5, bold: style.strong };
        Some(End { line: index, period, value, middle: 0.0, text: font.wrap(&text, WIDEST, 4), font })
    };
    lines.iter().zip(styles).enumerate().filter_map(end).collect()
}

/// How wide the widest label is.
pub(crate) fn width(ends: &[End]) -> f64 {
    let widths = ends.iter().flat_map(|end| end.text.iter().map(|text| end.font.width(text)));
    widths.fold(0.0, f64::max)
}

/// How high the labels are together.
pub(crate) fn height(ends: &[End]) -> f64 {
    ends.iter().map(End::height).sum()
}

/// Places the labels beside the ends of their lines, none on another; `y` gives a value's height.
pub(crate) fn place(ends: &mut [End], (top, bottom): (f64, f64), y: impl Fn(f64) -> f64) {
    ends.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.line.cmp(&b.line)));
    // The first line of a label is what points at the line's end, not the middle of the label.
    let boxes: Vec<_> =
        ends.iter().map(|end| (y(end.value) + (end.height() - LINE - AIR) / 2.0, end.height())).collect();
    for (end, at) in ends.iter_mut().zip(spread(&boxes, top, bottom)) {
        end.middle = at + (LINE + AIR) / 2.0;
    }
}

impl End {
    fn height(&self) -> f64 {
        self.text.len() as f64 * LINE + AIR
    }

    /// Writes the label; `left` is where the plot ends.
    pub(crate) fn write(&self, out: &mut String, left: f64, style: &Style) {
        let mut y = self.middle + self.font.drop();
        for line in &self.text {
            words::write(out, (left + GAP, y), Anchor::Start, self.font, style.ink, line);
            y += LINE;
        }
    }
}

/// Where the plot must end so that labels of this width fit.
pub(crate) fn plot_right(width: f64) -> f64 {
    if width > 0.0 { crate::layout::WIDTH - MARGIN - width - GAP } else { crate::layout::WIDTH - MARGIN }
}
