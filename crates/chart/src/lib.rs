//! Charts: series in, SVG and PNG out.
//!
//! A caller hands over titles, series and figures as plain values; plotters draws axes and lines, this
//! crate places the words with the metrics of a face it carries, and the same input gives the same
//! bytes on every machine. It must never know a table, an indicator's meaning, a file, a clock, an
//! engine or an async runtime: what a figure is called, and why one is missing, is said by the caller.
//!
//! One chart is one module, `trend` and `spans`; what charts share (axes, words, marks, placing) is below.

mod axis;
mod canvas;
mod describe;
mod document;
mod ends;
mod error;
mod face;
mod foot;
mod head;
mod layout;
mod line;
mod mark;
mod number;
mod place;
mod png;
mod series;
mod spans;
mod style;
mod trend;
mod words;

#[cfg(test)]
mod samples;

pub use error::ChartError;
pub use face::{FACE, FACE_FAMILY};
pub use png::png;
pub use series::{Point, Role, Series, Trend, Value};
pub use spans::{Reference, Span, SpanGroup, Spans, spans};
pub use trend::trend;
