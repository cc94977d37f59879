//! Synth: a fictional country's source files in the exact formats that real publishers use, quirks and
//! deliberate faults included, for demonstrations, tests and load tests.
//!
//! It knows the published formats alone and must never know how files are read, so that what it writes tests
//! the reader and does not mirror it; and it must never write a real authority's name, code or figure. Its
//! parameters are England-like and rounded, and the same options give the same bytes.

mod absence;
mod archive;
mod attainment;
mod care;
mod care_leavers;
mod ceased;
mod children_in_need;
mod core;
mod country;
mod csv_text;
mod dice;
mod error;
mod evaluation;
mod factors;
mod figure;
mod guard;
mod health;
mod inspection;
mod layout;
mod model;
mod name;
mod neighbour;
mod options;
mod output;
mod population;
mod prose;
mod protection;
mod readme;
mod register;
mod signal;
mod spreadsheet;
mod table;
mod workbook;
mod workforce;
mod world;
mod writer;

pub use error::SynthError;
pub use options::Options;
pub use output::{Fault, Summary, WrittenFile};
pub use writer::write;
