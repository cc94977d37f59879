//! x must never
mod body;
mod dates;
mod doubt;
mod facts;
mod focus;
mod grades;
mod lexicon;
mod plain;
mod read;
mod recognise;
mod report;
mod statements;
mod text;
pub use doubt::Doubt;
pub use lexicon::Mapping;
pub use read::{read, read_pages};
pub use report::*;
pub use text::{Cell, Line, Page, PdfText, TextLayer, Unreadable};
