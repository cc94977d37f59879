//! Full-text search over passages: findings of inspection reports, claims of self-evaluations, paragraphs of letters.
//!
//! An [`Index`] holds the passages of one class of one snapshot; [`search`] asks those indexes that the asker may
//! see, and answers with sentences in their context. Whoever may not see a class does not open its index, so that
//! what is not for them is absent, not hidden; what was told in confidence is never indexed.
//!
//! ```text
//! passages -> words -> index (tantivy)          text -> lex -> parse -> expr -> compile -> search
//!                                                                          -> excerpt, explain -> render
//! ```
//!
//! It must never know a lake, a table, SQL or arrow: passages come to it as plain values, and whoever wires it in
//! takes them from wherever they are.

mod answer;
mod compile;
mod error;
mod excerpt;
mod explain;
mod expr;
mod folder;
mod index;
mod lex;
mod lexicon;
mod manifest;
mod parse;
mod passage;
mod render;
mod schema;
mod search;
mod sentence;
mod shelf;
mod tokens;
mod words;

pub use answer::{Answer, Expansion, Hit, Note, NoteKind, Query, Searched, Sentence, Span, Suggestion};
pub use error::{OpenError, SearchError};
pub use index::{Built, Index};
pub use manifest::Identity;
pub use passage::{Class, Passage};
pub use render::{Marks, Titles, render_text};
pub use schema::SCHEMA_VERSION;
pub use search::search;
pub use shelf::Shelf;
