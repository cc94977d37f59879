//! Where everything of a trend goes.

use jiff::civil::Date;
use plotters::coord::ranged1d::Ranged as _;

use crate::axis::{TimeAxis, ValueAxis};
use crate::canvas::{FINE, fine};
use crate::ends::{self, End};
use crate::face::Font;
use crate::foot::Foot;
use crate::head::Head;
use crate::line::{Line, Period, lines, periods};
use crate::number::plain;
use crate::series::Trend;
use crate::style::Style;

/// The width of a picture.
pub(crate) const WIDTH: f64 = 720.0;
/// What is left free at its edges.
pub(crate) const MARGIN: f64 = 16.0;
/// The labels of axes.
pub(crate) const LABEL: Font = Font::plain(12.5);
/// Printed values.
pub(crate) const VALUE: Font = Font::bold(13.5);
/// What is left free before the first period and after the last.
const PAD: f64 = 16.0;
/// Distance between lines of a period's label.
pub(crate) const LABEL_LINE: f64 = 15.0;
/// The least height of a plot.
const PLOT: f64 = 232.0;
/// Room above the plot for a value printed over the highest point.
const HEADROOM: f64 = 20.0;
/// Height of the lane below the axis in which one series' missing values are marked.
const LANE: f64 = 13.0;
/// The word before the lanes.
pub(crate) const LANES: &str = "Missing";

/// The plot: its edges in units of the canvas, and its axes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) left: i32,
    pub(crate) right: i32,
    pub(crate) top: i32,
    pub(crate) bottom: i32,
    pub(crate) time: TimeAxis,
    pub(crate) values: ValueAxis,
}

impl Frame {
    /// Where a day lies, in units of the canvas.
    pub(crate) fn fine_x(&self, date: Date) -> i32 {
        self.time.map(&date, (self.left, self.right))
    }

    /// Where a value lies, in units of the canvas.
    pub(crate) fn fine_y(&self, value: f64) -> i32 {
        self.values.map(&value, (self.bottom, self.top))
    }

    /// Where a day lies, in units of the picture.
    pub(crate) fn x(&self, date: Date) -> f64 {
        f64::from(self.fine_x(date)) / FINE
    }

    /// Where a value lies, in units of the picture.
    pub(crate) fn y(&self, value: f64) -> f64 {
        f64::from(self.fine_y(value)) / FINE
    }

    /// The edges left, right, top and bottom, in units of the picture.
    pub(crate) fn edges(&self) -> (f64, f64, f64, f64) {
        let unit = |edge: i32| f64::from(edge) / FINE;
        (unit(self.left), unit(self.right), unit(self.top), unit(self.bottom))
    }
}

/// A trend with a place for everything.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    pub(crate) periods: Vec<Period>,
    pub(crate) lines: Vec<Line>,
    pub(crate) styles: Vec<Style>,
    pub(crate) head: Head,
    pub(crate) frame: Frame,
    /// The subject's line and first value, where that is printed before the chart's first period.
    pub(crate) first_value: Option<(usize, String)>,
    pub(crate) ends: Vec<End>,
    /// Labels of periods: middle and lines of text.
    pub(crate) labels: Vec<(f64, Vec<String>)>,
    /// The lines with missing values, each with the middle of its lane.
    pub(crate) lanes: Vec<(usize, f64)>,
    pub(crate) labels_top: f64,
    pub(crate) foot: Foot,
    pub(crate) foot_top: f64,
    pub(crate) height: f64,
}

impl Layout {
    /// The layout of a trend; whether it has any value is for others to ask.
    pub(crate) fn new(trend: &Trend) -> Self {
        let periods = periods(trend);
        let lines = lines(trend, &periods);
        let styles = Style::all(&lines.iter().map(|line| line.role).collect::<Vec<_>>());
        let values = ValueAxis::over(lines.iter().flat_map(Line::observed).map(|(_, v)| v), trend.decimals);
        let mut ends = ends::ends(&lines, &styles, &periods, trend.decimals);
        let head = Head::new(&trend.title, &trend.unit, values.warning().filter(|_| !ends.is_empty()));
        let first_value = first_value(&lines, &styles, trend.decimals);
        let value = first_value.as_ref().map(|(_, value)| value.as_str());
        let gaps = lines.iter().any(|line| line.missing().next().is_some());
        let frame = frame(&head, values, &periods, &ends, gaps, value);
        let (_, _, top, bottom) = frame.edges();
        ends::place(&mut ends, (top - 12.0, bottom + 12.0), |value| frame.y(value));

        let lanes: Vec<_> = (0..lines.len())
            .filter(|index| lines[*index].missing().next().is_some())
            .enumerate()
            .map(|(lane, line)| (line, bottom + 14.0 + lane as f64 * LANE))
            .collect();
        let labels = labels(&frame, &periods);
        let labels_top = lanes.last().map_or(bottom + 6.0, |(_, middle)| middle + LANE / 2.0 + 1.0);
        let rows = labels.iter().map(|(_, text)| text.len()).max().unwrap_or(0);
        let foot = Foot::new(trend, &lines, &styles, &periods);
        let foot_top = labels_top + rows as f64 * LABEL_LINE + 10.0;
        let height = (foot_top + foot.height() + MARGIN - 4.0).ceil();
        Self {
            periods,
            lines,
            styles,
            head,
            frame,
            first_value,
            ends,
            labels,
            lanes,
            labels_top,
            foot,
            foot_top,
            height,
        }
    }
}

/// The value of the subject in the chart's first period, if it is short enough to stand before it: there
/// no line can cross it.
fn first_value(lines: &[Line], styles: &[Style], decimals: u8) -> Option<(usize, String)> {
    let index = styles.iter().position(|style| style.strong)?;
    let line = lines.get(index)?;
    let value = plain(*line.values.first()?.as_ref().ok()?, decimals);
    (line.values.len() > 1 && VALUE.width(&value) < 80.0).then_some((index, value))
}

/// The plot between head, labels of values and labels of lines.
fn frame(head: &Head, values: ValueAxis, periods: &[Period], ends: &[End], lanes: bool, value: Option<&str>) -> Frame {
    let ticks = values.ticks().iter().map(|tick| LABEL.width(&values.label(*tick)));
    let ticks = ticks.chain(lanes.then(|| LABEL.width(LANES))).fold(0.0, f64::max);
    let top = head.bottom() + HEADROOM;
    let height = PLOT.max(ends::height(ends));
    let before = value.map_or(PAD, |value| VALUE.width(value) + 10.0);
    let day = |period: Option<&Period>| period.map_or(Date::ZERO, |period| period.end);
    Frame {
        left: fine(MARGIN + ticks + 8.0),
        right: fine(ends::plot_right(ends::width(ends))),
        top: fine(top),
        bottom: fine(top + height),
        time: TimeAxis::new(day(periods.first()), day(periods.last()), (fine(before), fine(PAD))),
        values,
    }
}

/// The labels of periods that have room, from the last backwards.
fn labels(frame: &Frame, periods: &[Period]) -> Vec<(f64, Vec<String>)> {
    let mut placed: Vec<(f64, Vec<String>)> = Vec::new();
    let mut free = WIDTH - 4.0;
    for period in periods.iter().rev() {
        let text = LABEL.wrap(&period.label, 100.0, 3);
        let half = text.iter().map(|line| LABEL.width(line)).fold(0.0, f64::max) / 2.0;
        let x = frame.x(period.end).min(WIDTH - 4.0 - half).max(4.0 + half);
        if x + half <= free {
            free = x - half - 9.0;
            placed.push((x, text));
        }
    }
    placed.reverse();
    placed
}
