//! x must never
#![expect(missing_docs)]
mod text;
pub use text::{Cell, Line, Page, PdfText, TextLayer, Unreadable};
