//! One indicator over time, as an SVG.

use std::fmt::Write as _;

use plotters::series::LineSeries;

use crate::canvas::{self, Canvas, Drawn, FINE, fine, layer, segment, stroke};
use crate::document::Named;
use crate::ends;
use crate::face::Font;
use crate::layout::{LABEL, LABEL_LINE, LANES, Layout, VALUE, WIDTH};
use crate::line::Line;
use crate::mark;
use crate::number::plain;
use crate::series::Trend;
use crate::style::{AXIS, GRID, INK, SOFT_INK, Style};
use crate::words::{self, Anchor};
use crate::{ChartError, describe, document};

/// Below this distance of periods only the ends of lines bear marks.
const CROWDED: f64 = 16.0;
/// The shortest that a leader from a line's end to its label is drawn.
const LEADER: f64 = 5.0;
/// How far above or below its point a printed value reaches, with some air.
const REACH: f64 = 30.0;

/// Draws one indicator over time.
///
/// The picture is 720 units wide and about 380 high, more where labels and notes need it; a page scales
/// it with `width: 100%; height: auto`. It has a title and a description for those who do not see it,
/// no style sheet and no script. Without any observed value the picture says that there is nothing to
/// draw, and why.
///
/// # Errors
/// [`ChartError`] for a value that is not finite, or two points of one series at one period.
pub fn trend(trend: &Trend) -> Result<String, ChartError> {
    trend.check()?;
    let layout = Layout::new(trend);
    let mut body = String::new();
    layout.head.write(&mut body);
    if let Some(reason) = describe::emptiness(&layout.lines) {
        empty(&mut body, &layout, reason)?;
    } else {
        plot(&mut body, &layout, trend)?;
    }
    layout.foot.write(&mut body, layout.foot_top);
    let size = (WIDTH, layout.height);
    body.push_str(&layer(size, JOINED, |canvas| layout.foot.marks(canvas, layout.foot_top))?);
    let named =
        Named { id: trend.id.as_deref(), title: describe::title(&trend.title), description: trend.description() };
    Ok(document::wrap(&named, size, &body))
}

/// Strokes that meet without spikes.
const JOINED: &str = "stroke-linejoin=\"round\" stroke-linecap=\"round\"";

/// A plot without values: its periods, what is missing, and the reason why it is empty.
fn empty(body: &mut String, layout: &Layout, reason: &str) -> Result<(), ChartError> {
    let (_, _, top, bottom) = layout.frame.edges();
    let frame = &layout.frame;
    body.push_str(&layer((WIDTH, layout.height), "", |canvas| {
        segment(canvas, (frame.left, frame.top), (frame.right, frame.top), stroke(GRID, 1.0))?;
        base(canvas, layout)?;
        draw_lanes(canvas, layout)
    })?);
    time_words(body, layout);
    let middle = (WIDTH / 2.0, f64::midpoint(top, bottom));
    words::write(body, middle, Anchor::Middle, Font::plain(15.0), INK, reason);
    Ok(())
}

/// Axes, lines and their words, the subject over all others.
fn plot(body: &mut String, layout: &Layout, trend: &Trend) -> Result<(), ChartError> {
    let size = (WIDTH, layout.height);
    body.push_str(&layer(size, "", |canvas| axes(canvas, layout))?);
    value_words(body, layout);
    time_words(body, layout);
    for strong in [false, true] {
        let chosen = || layout.lines.iter().zip(&layout.styles).filter(move |(_, style)| style.strong == strong);
        for (line, style) in chosen() {
            body.push_str(&layer(size, &dashes(style), |canvas| draw_line(canvas, layout, line, style))?);
        }
        body.push_str(&layer(size, JOINED, |canvas| {
            chosen().try_for_each(|(line, style)| draw_points(canvas, layout, line, style))
        })?);
    }
    body.push_str(&layer(size, JOINED, |canvas| {
        draw_lanes(canvas, layout)?;
        draw_ends(canvas, layout)
    })?);
    let (_, right, _, _) = layout.frame.edges();
    for end in &layout.ends {
        end.write(body, right, &layout.styles[end.line]);
    }
    printed_values(body, layout, trend);
    Ok(())
}

/// Gridlines, zero where it is not the base, and the base.
fn axes(canvas: &Canvas<'_>, layout: &Layout) -> Drawn {
    let frame = &layout.frame;
    canvas::grid(&mut canvas::plot(canvas, frame)?)?;
    let zero = frame.fine_y(0.0);
    if zero > frame.top && zero < frame.bottom {
        segment(canvas, (frame.left, zero), (frame.right, zero), stroke(AXIS, 1.2))?;
    }
    base(canvas, layout)
}

/// The base of the plot with a tick a period.
fn base(canvas: &Canvas<'_>, layout: &Layout) -> Drawn {
    let frame = &layout.frame;
    segment(canvas, (frame.left, frame.bottom), (frame.right, frame.bottom), stroke(AXIS, 1.2))?;
    for period in &layout.periods {
        let x = frame.fine_x(period.end);
        segment(canvas, (x, frame.bottom), (x, frame.bottom + fine(4.0)), stroke(AXIS, 1.2))?;
    }
    Ok(())
}

/// The labels of the values.
fn value_words(body: &mut String, layout: &Layout) {
    let (left, ..) = layout.frame.edges();
    let values = &layout.frame.values;
    for tick in values.ticks() {
        let at = (left - 7.0, layout.frame.y(*tick) + LABEL.drop());
        words::write(body, at, Anchor::End, LABEL, SOFT_INK, &values.label(*tick));
    }
}

/// The labels of the periods, and of the lanes of missing values.
fn time_words(body: &mut String, layout: &Layout) {
    let (left, ..) = layout.frame.edges();
    if let Some((_, middle)) = layout.lanes.first() {
        words::write(body, (left - 7.0, middle + LABEL.drop()), Anchor::End, LABEL, SOFT_INK, LANES);
    }
    for (x, text) in &layout.labels {
        for (index, line) in text.iter().enumerate() {
            let y = layout.labels_top + 12.0 + index as f64 * LABEL_LINE;
            words::write(body, (*x, y), Anchor::Middle, LABEL, SOFT_INK, line);
        }
    }
}

/// The attributes of a group whose lines are dashed.
fn dashes(style: &Style) -> String {
    let mut attributes = "stroke-linejoin=\"round\"".to_owned();
    if !style.dashes.is_empty() {
        let lengths: Vec<_> = style.dashes.iter().map(|length| (length * FINE as u32).to_string()).collect();
        let _ = write!(attributes, " stroke-dasharray=\"{}\"", lengths.join(" "));
    }
    attributes
}

/// The runs of a line; a gap is not bridged.
fn draw_line(canvas: &Canvas<'_>, layout: &Layout, line: &Line, style: &Style) -> Drawn {
    let mut plot = canvas::plot(canvas, &layout.frame)?;
    for run in line.runs().into_iter().filter(|run| run.len() > 1) {
        let points = run.into_iter().map(|(at, value)| (layout.periods[at].end, value));
        plot.draw_series(LineSeries::new(points, stroke(style.line, style.width)))?;
    }
    Ok(())
}

/// The marks of a line: at every point, or where points are crowded at the ends of runs.
fn draw_points(canvas: &Canvas<'_>, layout: &Layout, line: &Line, style: &Style) -> Drawn {
    let frame = &layout.frame;
    let crowded = f64::from(frame.right - frame.left) / FINE < CROWDED * layout.periods.len() as f64;
    for run in line.runs() {
        for (index, (at, value)) in run.iter().enumerate() {
            if crowded && index != 0 && index + 1 != run.len() {
                continue;
            }
            let place = (frame.fine_x(layout.periods[*at].end), frame.fine_y(*value));
            mark::point(canvas, place, style)?;
        }
    }
    Ok(())
}

/// Small open marks below the axis where a series has no value.
fn draw_lanes(canvas: &Canvas<'_>, layout: &Layout) -> Drawn {
    for (line, middle) in &layout.lanes {
        for at in layout.lines[*line].missing() {
            let place = (layout.frame.fine_x(layout.periods[at].end), fine(*middle));
            mark::missing(canvas, place, &layout.styles[*line])?;
        }
    }
    Ok(())
}

/// The mark before each line's label, and a leader to it where the label had to move.
fn draw_ends(canvas: &Canvas<'_>, layout: &Layout) -> Drawn {
    let frame = &layout.frame;
    for end in &layout.ends {
        let style = &layout.styles[end.line];
        let mark = (frame.right + fine(ends::MARK), fine(end.middle));
        let point = (frame.fine_x(layout.periods[end.period].end), frame.fine_y(end.value));
        let last = end.period + 1 == layout.periods.len();
        // Across a gap at the end of a line a leader would look like the line.
        if last && f64::from((mark.1 - point.1).abs()) / FINE > LEADER {
            let (from, to) = ((point.0 + fine(7.0), point.1), (mark.0 - fine(7.0), mark.1));
            segment(canvas, from, to, stroke(style.line, 0.8))?;
        }
        mark::point(canvas, mark, style)?;
    }
    Ok(())
}

/// The subject's first value, and its last where the line ends before the chart.
fn printed_values(body: &mut String, layout: &Layout, trend: &Trend) {
    let frame = &layout.frame;
    for (index, (line, style)) in layout.lines.iter().zip(&layout.styles).enumerate().filter(|(_, (_, s))| s.strong) {
        let last_period = layout.periods.len() - 1;
        let first = line.observed().next();
        let last = line.observed().next_back().filter(|last| Some(*last) != first);
        // What stands at the chart's end is printed in the line's label.
        for (at, value) in first.into_iter().chain(last).filter(|(at, _)| *at < last_period) {
            let (x, y) = (frame.x(layout.periods[at].end), frame.y(value));
            if at == 0 && layout.first_value.as_ref().is_some_and(|(line, _)| *line == index) {
                let place = (x - 8.0, clear_of_axes(layout, y) + VALUE.drop());
                words::write_clear(body, place, Anchor::End, VALUE, style.ink, &plain(value, trend.decimals));
                continue;
            }
            let (up, free) = stands_above(layout, index, at, value);
            // The label has the last value too, so nothing need be covered for it.
            if free || Some((at, value)) == first {
                let place = (x, y + if up { -9.0 } else { 9.0 + VALUE.size * 0.75 });
                words::write_clear(body, place, Anchor::Middle, VALUE, style.ink, &plain(value, trend.decimals));
            }
        }
    }
}

/// The middle of a text beside a point at this height: a little higher where an axis would run through it.
fn clear_of_axes(layout: &Layout, y: f64) -> f64 {
    let (_, _, _, bottom) = layout.frame.edges();
    let axis = [bottom, layout.frame.y(0.0)].into_iter().find(|axis| (axis - y).abs() < 9.0);
    axis.map_or(y, |axis| axis - 9.0)
}

/// Whether a printed value stands above its point, where other points and its own line leave more room;
/// and whether nothing is near it there.
fn stands_above(layout: &Layout, line: usize, at: usize, value: f64) -> (bool, bool) {
    let frame = &layout.frame;
    let (_, _, _, bottom) = frame.edges();
    let place = |period: usize, value: f64| (frame.x(layout.periods[period].end), frame.y(value));
    let (x, y) = place(at, value);
    let (mut above, mut below) = (0.0, if bottom - y < REACH { f64::INFINITY } else { 0.0 });
    for (index, other) in layout.lines.iter().enumerate() {
        for period in at.saturating_sub(1)..=at + 1 {
            let Some(Ok(value)) = other.values.get(period) else { continue };
            let (other_x, other_y) = place(period, *value);
            let higher = y - other_y;
            let side = if higher > 0.0 { &mut above } else { &mut below };
            if index == line {
                // Its own line is in the way only where it leaves steeply.
                *side += if higher.abs() > 0.25 * (other_x - x).abs() { REACH / 2.0 } else { 0.0 };
            } else if higher.abs() < REACH {
                *side += (REACH - higher.abs()) * if period == at { 2.0 } else { 1.0 };
            }
        }
    }
    (above <= below, above.min(below) < REACH / 2.0)
}

#[cfg(test)]
mod tests;
