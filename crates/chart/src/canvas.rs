//! The plotters canvas: finer than a pixel, and in layers.
//!
//! plotters' SVG back end has whole coordinates, one font and no dashes. So it draws on a canvas ten
//! times the picture's size, which is scaled back, and each layer is a group of its own that can bear
//! what the back end does not know, such as the dashes of a line. Words are written beside it
//! ([`crate::words`]), since plotters guesses how wide they are.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea as _};
use plotters::element::PathElement;
use plotters::prelude::{Cartesian2d, ChartBuilder, ChartContext, SVGBackend};
use plotters::style::{Color as _, RGBColor, ShapeStyle, TRANSPARENT};

use crate::ChartError;
use crate::axis::{TimeAxis, ValueAxis};
use crate::layout::Frame;
use crate::style::GRID;

/// Units of the canvas in one unit of the picture.
pub(crate) const FINE: f64 = 10.0;

/// The whole canvas.
pub(crate) type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// A plot of values over time on it.
pub(crate) type Plot<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<TimeAxis, ValueAxis>>;
/// What drawing on it may give.
pub(crate) type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

/// A length of the picture in whole units of the canvas.
pub(crate) fn fine(length: f64) -> i32 {
    (length * FINE).round() as i32
}

/// Draws a layer and gives it as a group; nothing where nothing was drawn.
///
/// # Errors
/// [`ChartError::Drawing`] with what plotters said.
pub(crate) fn layer(
    (width, height): (f64, f64),
    attributes: &str,
    draw: impl FnOnce(&Canvas<'_>) -> Drawn,
) -> Result<String, ChartError> {
    let mut svg = String::new();
    {
        let size = (fine(width).unsigned_abs(), fine(height).unsigned_abs());
        let canvas = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&canvas).and_then(|()| canvas.present()).map_err(|e| ChartError::Drawing(e.to_string()))?;
    }
    // What stands between the opening tag of the document and its end is the layer.
    let inner = svg.split_once(">\n").and_then(|(_, rest)| rest.strip_suffix("</svg>\n"));
    let inner = inner.ok_or_else(|| ChartError::Drawing("the back end wrote no document".to_owned()))?;
    if inner.is_empty() {
        return Ok(String::new());
    }
    // Everything is opaque, and the back end says so at each element.
    let inner = inner.replace(" opacity=\"1\"", "");
    let space = if attributes.is_empty() { "" } else { " " };
    Ok(format!("<g transform=\"scale({})\"{space}{attributes}>\n{inner}</g>\n", 1.0 / FINE))
}

/// The plot of a frame on a canvas.
pub(crate) fn plot<'a>(canvas: &Canvas<'a>, frame: &Frame) -> Drawn<Plot<'a>> {
    let (width, height) = canvas.dim_in_pixel();
    // plotters counts the last pixel as inside.
    ChartBuilder::on(canvas)
        .margin_left(frame.left)
        .margin_top(frame.top)
        .margin_right(width as i32 - frame.right - 1)
        .margin_bottom(height as i32 - frame.bottom - 1)
        .build_cartesian_2d(frame.time, frame.values.clone())
}

/// Draws the gridlines of the values, and nothing else of a mesh.
pub(crate) fn grid(plot: &mut Plot<'_>) -> Drawn {
    plot.configure_mesh()
        .disable_x_mesh()
        .disable_axes()
        .bold_line_style(stroke(GRID, 1.0))
        .light_line_style(TRANSPARENT)
        .draw()
}

/// Draws a line on the canvas.
pub(crate) fn segment(canvas: &Canvas<'_>, from: (i32, i32), to: (i32, i32), style: ShapeStyle) -> Drawn {
    canvas.draw(&PathElement::new([from, to], style))
}

/// A stroke of a width in units of the picture.
pub(crate) fn stroke((r, g, b): (u8, u8, u8), width: f64) -> ShapeStyle {
    RGBColor(r, g, b).stroke_width(fine(width).unsigned_abs())
}
