//! Marks at points.

use plotters::element::{Circle, PathElement, Polygon};
use plotters::style::{Color as _, WHITE};

use crate::canvas::{Canvas, Drawn, fine, stroke};
use crate::style::{Shape, Style};

/// How a mark is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fill {
    /// With its colour.
    Full,
    /// With nothing, so that another mark at the same point is seen through it.
    Open,
    /// With paper, so that what lies below is not seen.
    Paper,
}

/// The size of the mark at a point of the subject.
const STRONG: f64 = 3.6;
/// The size of the mark at a point of any other series: seen around the subject's where both are at one place.
const PLAIN: f64 = 4.3;
/// The size of a mark that stands for a missing value.
const SMALL: f64 = 3.4;

/// Draws the mark of an observed value.
pub(crate) fn point(canvas: &Canvas<'_>, at: (i32, i32), style: &Style) -> Drawn {
    let (size, fill) = if style.strong { (STRONG, Fill::Full) } else { (PLAIN, Fill::Open) };
    draw(canvas, at, style, size, fill)
}

/// Draws the mark of a missing value.
pub(crate) fn missing(canvas: &Canvas<'_>, at: (i32, i32), style: &Style) -> Drawn {
    draw(canvas, at, style, SMALL, Fill::Paper)
}

/// Draws a mark; `size` is about half its height, in units of the picture.
fn draw(canvas: &Canvas<'_>, at: (i32, i32), style: &Style, size: f64, fill: Fill) -> Drawn {
    let line = stroke(style.line, 1.5);
    if style.shape == Shape::Circle {
        if fill == Fill::Paper {
            canvas.draw(&Circle::new(at, fine(size), WHITE.filled()))?;
        }
        let style = if fill == Fill::Full { line.filled() } else { line };
        return canvas.draw(&Circle::new(at, fine(size), style));
    }
    let corner = |(x, y): &(f64, f64)| (at.0 + fine(x * size), at.1 + fine(y * size));
    if style.shape == Shape::Cross {
        for ends in [[(-0.9, -0.9), (0.9, 0.9)], [(-0.9, 0.9), (0.9, -0.9)]] {
            canvas.draw(&PathElement::new(ends.map(|end| corner(&end)), stroke(style.line, 2.0)))?;
        }
        return Ok(());
    }
    let mut corners: Vec<_> = corners(style.shape).iter().map(corner).collect();
    match fill {
        Fill::Full => canvas.draw(&Polygon::new(corners.clone(), line))?,
        Fill::Paper => canvas.draw(&Polygon::new(corners.clone(), WHITE))?,
        Fill::Open => {}
    }
    corners.extend(corners.first().copied());
    canvas.draw(&PathElement::new(corners, line))
}

/// The corners of a shape of size one, chosen so that all shapes look equally large.
const fn corners(shape: Shape) -> &'static [(f64, f64)] {
    match shape {
        Shape::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        Shape::Triangle => &[(0.0, -1.2), (1.15, 0.85), (-1.15, 0.85)],
        Shape::Inverted => &[(0.0, 1.2), (1.15, -0.85), (-1.15, -0.85)],
        Shape::Diamond => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
        Shape::Circle | Shape::Cross => &[],
    }
}
