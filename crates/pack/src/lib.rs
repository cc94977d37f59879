//! Pack: the pre-inspection analysis of one authority, gathered from a snapshot and laid out for reading.
//!
//! Evidence is gathered once from a session, a pack is a typed value made from it, and a page is made
//! from the pack alone, so that every form shows the same figures. Each figure bears an id, and the
//! files and rows that it came from; each missing one its reason. This crate knows the tables of a
//! snapshot and how to show them; it must never read a published file, a pipeline, a route or a role.

mod comparison;
mod document;
mod error;
mod evidence;
mod figure;
mod gap;
mod html;
mod judgement;
mod listed;
mod pack;
mod table;
mod trend;
mod words;

pub use document::SelfEvaluationState;
pub use error::PackError;
pub use evidence::Evidence;
pub use figure::{Figure, Place, Shown};
pub use gap::Gap;
pub use judgement::Judgement;
pub use listed::Listed;
pub use pack::{AuthorityFacts, ContextLine, ContextTable, CriterionTable, Line, NeighbourLine, Pack, SourceLine};
pub use trend::{TrendRow, TrendView};
