//! The inspection framework (ILACS) as types and data: grades, kinds of inspection and visit, the
//! focused-visit topics of paragraph 106, the three questions of a self-evaluation, the words for a signal,
//! and the 17 evaluation headings of paragraphs 239 to 241.
//!
//! It is pure: it reads no file but its own embedded data, and it must never know a table, a lake or
//! a published source. A later edition of the framework is a new data file, not new code.

mod criteria;
mod grade;
mod judgement;
mod kind;
mod self_evaluation;
mod signal;
mod statement;

pub use criteria::{Criterion, FocusTopic, Heading, criteria, focus_topics};
pub use grade::{Grade, MissingGrade};
pub use judgement::Judgement;
pub use kind::Kind;
pub use self_evaluation::Question;
pub use signal::signal_words;
pub use statement::StatementKind;
