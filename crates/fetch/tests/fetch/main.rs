//! Fetching from a server on this machine that misbehaves in every way that a server can.
//!
//! No test waits for longer than a tenth of a second: waits between tries are written down and not slept.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod bench;
mod ees;
mod gov_uk;
mod locking;
mod offline;
mod ofsted;
mod refusals;
mod resuming;
mod retrying;
mod server;
