//! What stands above a chart: title and unit, on the left.

use crate::describe;
use crate::face::Font;
use crate::layout::{MARGIN, WIDTH};
use crate::style::{INK, SOFT_INK};
use crate::words::{self, Anchor, clean};

const TITLE: Font = Font::bold(17.0);
const TITLE_LINE: f64 = 22.0;
const UNIT: Font = Font::plain(13.0);
const UNIT_LINE: f64 = 18.0;
const WARNING: Font = Font::bold(13.0);

/// Title and unit in lines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head {
    title: Vec<String>,
    unit: Vec<String>,
    warning: Option<String>,
}

impl Head {
    /// The head of a chart; the warning tells of an axis without zero.
    pub(crate) fn new(title: &str, unit: &str, warning: Option<String>) -> Self {
        let room = WIDTH - 2.0 * MARGIN;
        let unit = clean(unit);
        Self {
            title: TITLE.wrap(&describe::title(title), room, 3),
            unit: UNIT.wrap(&capital(&unit), room, 2),
            warning: warning.map(|text| capital(&text)),
        }
    }

    /// Where it ends.
    pub(crate) fn bottom(&self) -> f64 {
        let lines = self.unit.len() + usize::from(self.warning_has_its_line());
        MARGIN + self.title.len() as f64 * TITLE_LINE + lines as f64 * UNIT_LINE
    }

    /// Whether the warning does not fit behind the unit.
    fn warning_has_its_line(&self) -> bool {
        self.warning.as_ref().is_some_and(|warning| {
            let used = self.unit.last().map_or(WIDTH, |unit| UNIT.width(unit));
            used + WARNING.width(warning) + 12.0 > WIDTH - 2.0 * MARGIN
        })
    }

    /// Writes it.
    pub(crate) fn write(&self, out: &mut String) {
        let mut y = MARGIN - 3.0;
        for line in &self.title {
            y += TITLE_LINE;
            words::write(out, (MARGIN, y), Anchor::Start, TITLE, INK, line);
        }
        for line in &self.unit {
            y += UNIT_LINE;
            words::write(out, (MARGIN, y), Anchor::Start, UNIT, SOFT_INK, line);
        }
        let Some(warning) = &self.warning else { return };
        let mut x = MARGIN;
        if self.warning_has_its_line() {
            y += UNIT_LINE;
        } else {
            x += self.unit.last().map_or(0.0, |unit| UNIT.width(unit)) + 12.0;
        }
        words::write(out, (x, y), Anchor::Start, WARNING, INK, warning);
    }
}

/// Text that begins with a capital, as what stands at the head of an axis does.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
