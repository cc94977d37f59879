//! Values with their intervals, a row each, beside lines that they are held against.

mod layout;

use crate::canvas::{Canvas, Drawn, fine, layer, segment, stroke};
use crate::document::{self, Named};
use crate::face::Font;
use crate::layout::{LABEL, MARGIN, VALUE, WIDTH};
use crate::mark;
use crate::number::plain;
use crate::style::{AXIS, GRID, INK, SOFT_INK, Style};
use crate::words::{self, Anchor, clean};
use crate::{ChartError, Role, Value, describe};
use layout::{Layout, NAME, NAME_LINE};

/// Values with their intervals, in groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spans {
    /// What the ids inside the SVG begin with; without it they come from the content.
    pub id: Option<String>,
    /// The title: what the chart shows.
    pub title: String,
    /// What the values are, in words.
    pub unit: String,
    /// How many decimals values are printed with.
    pub decimals: u8,
    /// Where the figures come from, printed below the chart; empty for nothing.
    pub source: String,
    /// Lines that the values are held against.
    pub references: Vec<Reference>,
    /// The rows, in their order.
    pub groups: Vec<SpanGroup>,
}

/// A line across all rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// What it is, printed above it.
    pub name: String,
    /// Where it is.
    pub at: f64,
}

/// Rows that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanGroup {
    /// Its heading.
    pub name: String,
    /// Which style its marks have: that of a series with this role.
    pub role: Role,
    /// Its rows.
    pub spans: Vec<Span>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// What it is the value of.
    pub name: String,
    /// The value, or why there is none.
    pub value: Value,
    /// The ends of its interval, where there is one.
    pub interval: Option<(f64, f64)>,
}

impl Spans {
    /// The chart in sentences: every value with its interval, for whoever does not see it.
    #[must_use]
    pub fn description(&self) -> String {
        let mut text = format!("{}. {}.", describe::title(&self.title), clean(&self.unit));
        for reference in &self.references {
            text.push_str(&format!(" Line at {}: {}.", plain(reference.at, self.decimals), clean(&reference.name)));
        }
        for group in self.groups.iter().filter(|group| !group.spans.is_empty()) {
            let rows: Vec<String> =
                group.spans.iter().map(|span| format!("{} {}", clean(&span.name), self.printed(span))).collect();
            text.push_str(&format!(" {}: {}.", clean(&group.name), rows.join("; ")));
        }
        text
    }

    /// A row's value as it is printed.
    fn printed(&self, span: &Span) -> String {
        match (&span.value, span.interval) {
            (Value::Missing(why), _) => clean(why),
            (Value::Observed(value), None) => plain(*value, self.decimals),
            (Value::Observed(value), Some((low, high))) => {
                let [value, low, high] = [*value, low, high].map(|number| plain(number, self.decimals));
                format!("{value} ({low} to {high})")
            }
        }
    }

    /// Every number that has a place on the axis.
    fn numbers(&self) -> Vec<(&str, f64)> {
        let references = self.references.iter().map(|reference| (reference.name.as_str(), reference.at));
        let rows = self.groups.iter().flat_map(|group| &group.spans).flat_map(|span| {
            let value = if let Value::Observed(value) = span.value { Some(value) } else { None };
            let ends = span.interval.map(|(low, high)| [low, high]).into_iter().flatten();
            ends.chain(value).map(|number| (span.name.as_str(), number))
        });
        references.chain(rows).collect()
    }
}

/// Draws values with their intervals.
///
/// The picture is 720 units wide and as high as its rows need. It has a title and a description for those who do not see
/// it, no style sheet and no script.
///
/// # Errors
/// [`ChartError::NotFinite`] for a number that is not finite.
pub fn spans(spans: &Spans) -> Result<String, ChartError> {
    if let Some((name, value)) = spans.numbers().into_iter().find(|(_, number)| !number.is_finite()) {
        return Err(ChartError::NotFinite { series: name.to_owned(), period: spans.unit.clone(), value });
    }
    let layout = Layout::new(spans);
    let size = (WIDTH, layout.height);
    let mut body = String::new();
    layout.head.write(&mut body);
    body.push_str(&layer(size, "", |canvas| axis(canvas, &layout))?);
    body.push_str(&layer(size, "stroke-dasharray=\"50 40\"", |canvas| references(canvas, &layout, spans))?);
    axis_words(&mut body, &layout, spans);
    body.push_str(&layer(size, "stroke-linecap=\"round\"", |canvas| rows(canvas, &layout, spans))?);
    row_words(&mut body, &layout, spans);
    layout.foot.write(&mut body, layout.foot_top);
    let named =
        Named { id: spans.id.as_deref(), title: describe::title(&spans.title), description: spans.description() };
    Ok(document::wrap(&named, size, &body))
}

/// Gridlines and the base of the plot.
fn axis(canvas: &Canvas<'_>, layout: &Layout) -> Drawn {
    let (top, bottom) = (fine(layout.top), fine(layout.bottom));
    for tick in &layout.ticks {
        let x = fine(layout.x(*tick));
        segment(canvas, (x, top), (x, bottom), stroke(GRID, 1.0))?;
    }
    segment(canvas, (fine(layout.left), bottom), (fine(layout.right), bottom), stroke(AXIS, 1.2))
}

fn references(canvas: &Canvas<'_>, layout: &Layout, spans: &Spans) -> Drawn {
    for reference in &spans.references {
        let x = fine(layout.x(reference.at));
        segment(canvas, (x, fine(layout.top)), (x, fine(layout.bottom)), stroke(AXIS, 1.6))?;
    }
    Ok(())
}

/// The labels of ticks below the plot, and of the lines above it.
fn axis_words(body: &mut String, layout: &Layout, spans: &Spans) {
    for tick in &layout.ticks {
        let at = (layout.x(*tick), layout.bottom + 16.0);
        words::write(body, at, Anchor::Middle, LABEL, SOFT_INK, &plain(*tick, layout.tick_decimals));
    }
    for (reference, y) in spans.references.iter().zip(&layout.reference_lines) {
        let text = clean(&reference.name);
        // A label stays within the picture.
        let half = LABEL.width(&text) / 2.0;
        let x = layout.x(reference.at).clamp(MARGIN + half, (WIDTH - MARGIN - half).max(MARGIN + half));
        words::write_clear(body, (x, *y), Anchor::Middle, LABEL, INK, &text);
    }
}

fn rows(canvas: &Canvas<'_>, layout: &Layout, spans: &Spans) -> Drawn {
    for (group, of_group) in spans.groups.iter().zip(&layout.groups) {
        let style = Style::of(group.role);
        for (span, row) in group.spans.iter().zip(&of_group.rows) {
            let y = fine(row.middle);
            if let Some((low, high)) = span.interval {
                segment(canvas, (fine(layout.x(low)), y), (fine(layout.x(high)), y), stroke(style.line, 2.0))?;
            }
            if let Value::Observed(value) = span.value {
                mark::point(canvas, (fine(layout.x(value)), y), &style)?;
            }
        }
    }
    Ok(())
}

fn row_words(body: &mut String, layout: &Layout, spans: &Spans) {
    let small = Font::plain(VALUE.size - 1.0);
    for (group, of_group) in spans.groups.iter().zip(&layout.groups) {
        if let Some(y) = of_group.heading {
            words::write(body, (MARGIN, y), Anchor::Start, NAME_HEADING, INK, &clean(&group.name));
        }
        for (span, row) in group.spans.iter().zip(&of_group.rows) {
            let first = row.middle - (row.name.len() as f64 - 1.0) * NAME_LINE / 2.0 + NAME.drop();
            for (index, line) in row.name.iter().enumerate() {
                let y = first + index as f64 * NAME_LINE;
                words::write(body, (layout.left - 10.0, y), Anchor::End, NAME, INK, line);
            }
            let at = (WIDTH - MARGIN, row.middle + small.drop());
            let ink = if matches!(span.value, Value::Observed(_)) { INK } else { SOFT_INK };
            for line in small.wrap(&spans.printed(span), layout.value_room, 1) {
                words::write(body, at, Anchor::End, small, ink, &line);
            }
        }
    }
}

const NAME_HEADING: Font = Font::bold(13.0);

#[cfg(test)]
mod tests;
