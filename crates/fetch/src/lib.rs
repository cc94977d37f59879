//! Downloads of published files, repeatable by a lock.
//!
//! A [`Target`] says what a pipeline names: a data set of Explore Education Statistics, the attachments of a page of
//! GOV.UK, the reports on Ofsted's site, or a plain address. [`fetch`] finds out which files that means today, brings
//! each into a folder, and writes down in `sources.lock` what each one was, so that the same bytes can be had again.
//!
//! This crate knows addresses, answers and bytes. It must never know what a file means: no pipeline, no table, no
//! model, and it never reads a figure.

mod address;
mod catalogue;
mod client;
mod clock;
mod download;
mod ees;
mod error;
mod fetch;
mod gov_uk;
mod hash;
mod html;
mod item;
mod keep;
mod lock;
mod name;
mod ofsted;
mod options;
mod paging;
mod part;
mod pick;
mod report;
mod retry;
mod settle;
mod sniff;
mod target;
mod watch;

pub use clock::{Clock, SystemClock, Wait};
pub use error::FetchError;
pub use fetch::{fetch, plan};
pub use lock::{LOCK_FILE, Lock, Locked};
pub use options::{Limits, Options, Patience};
pub use report::{FileReport, Outcome, Report};
pub use target::{DataSet, Take, Target, What, parse_address};
pub use watch::{Event, Quiet, Watch};
