//! What stands below a chart: why figures are missing, and where the figures come from.

use crate::canvas::{Canvas, Drawn, fine};
use crate::describe;
use crate::face::Font;
use crate::layout::{MARGIN, WIDTH};
use crate::line::{Line, Period};
use crate::mark;
use crate::series::Trend;
use crate::style::{SOFT_INK, Style};
use crate::words::{self, Anchor, clean};

const NOTE: Font = Font::plain(12.5);
const LINE: f64 = 17.0;
/// What a note is set in by, for its mark.
const INDENT: f64 = 16.0;
/// More lines than this of one series are left to the text alternative.
const MOST_LINES: usize = 4;

/// Notes and source in lines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Foot {
    notes: Vec<(Style, Vec<String>)>,
    source: Vec<String>,
}

impl Foot {
    /// The foot of a trend.
    pub(crate) fn new(trend: &Trend, lines: &[Line], styles: &[Style], periods: &[Period]) -> Self {
        let room = WIDTH - 2.0 * MARGIN - INDENT;
        let notes = lines.iter().zip(styles).filter_map(|(line, style)| {
            let gaps = describe::gaps(line, periods)?;
            Some((*style, NOTE.wrap(&format!("{}: {gaps}", line.name), room, MOST_LINES)))
        });
        Self { notes: notes.collect(), ..Self::of_source(&trend.source) }
    }

    /// A foot that says where figures are from, and no more.
    pub(crate) fn of_source(source: &str) -> Self {
        let source = match clean(source) {
            none if none.is_empty() => Vec::new(),
            source => NOTE.wrap(&format!("Source: {source}"), WIDTH - 2.0 * MARGIN - INDENT, MOST_LINES),
        };
        Self { notes: Vec::new(), source }
    }

    /// How high it is.
    pub(crate) fn height(&self) -> f64 {
        let notes: usize = self.notes.iter().map(|(_, lines)| lines.len()).sum();
        let lines = notes + self.source.len();
        let gap = if self.notes.is_empty() || self.source.is_empty() { 0.0 } else { 4.0 };
        if lines == 0 { 0.0 } else { lines as f64 * LINE + gap }
    }

    /// Writes its words; `top` is where it begins.
    pub(crate) fn write(&self, out: &mut String, top: f64) {
        let mut y = top - 4.0;
        for line in self.notes.iter().flat_map(|(_, lines)| lines) {
            y += LINE;
            words::write(out, (MARGIN + INDENT, y), Anchor::Start, NOTE, SOFT_INK, line);
        }
        if !self.notes.is_empty() {
            y += 4.0;
        }
        for line in &self.source {
            y += LINE;
            words::write(out, (MARGIN, y), Anchor::Start, NOTE, SOFT_INK, line);
        }
    }

    /// Draws the marks of its notes.
    pub(crate) fn marks(&self, canvas: &Canvas<'_>, top: f64) -> Drawn {
        let mut y = top + LINE - 4.0;
        for (style, lines) in &self.notes {
            mark::missing(canvas, (fine(MARGIN + 5.0), fine(y - NOTE.drop())), style)?;
            y += lines.len() as f64 * LINE;
        }
        Ok(())
    }
}
