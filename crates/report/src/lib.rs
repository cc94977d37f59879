//! An inspection report's PDF as typed facts and statements, each with its page and its words, and a confidence with
//! the reasons for every doubt.
//!
//! It takes bytes and gives values: it reads no file, and it must never know a table, a lake or which authority a
//! printed name stands for. Facts are read by what families of reports print (titles, tables, headings, sentences)
//! and never by what one report says; wherever a report prints a fact twice, both places must agree, or a person is
//! asked. No name of an inspector leaves the crate.
//!
//! ```text
//! bytes -> text (pages, lines, cells) -> body (rows without headers and notes) -> kind, days, grades, findings
//! ```
//!
//! The entry point is [`read`]; [`read_pages`] takes text that was got in another way.

mod blocks;
mod body;
mod dates;
mod doubt;
mod facts;
mod focus;
mod grades;
mod lexicon;
mod people;
mod plain;
mod publication;
mod read;
mod recognise;
mod report;
mod statements;
mod text;

pub use doubt::Doubt;
pub use lais_framework::StatementKind;
pub use lexicon::{Mapping, Matched, lexicon_version};
pub use read::{read, read_pages};
pub use report::{
    AreaSendOutcome, Aspect, Confidence, Focus, Hint, Judgement, Printed, Publication, PublicationSource, Recognition,
    Report, Statement,
};
pub use text::{Cell, Line, Page, PdfText, TextLayer, Unreadable};
