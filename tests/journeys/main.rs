//! Journeys through the built program, and what holds of the repository as a whole.
//!
//! One binary, so that DataFusion is linked once. Tests make their own fictional files; those on
//! published files skip with a message where the folder beside the repository is not there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod architecture;
mod backtest;
mod build;
mod cells;
mod cli;
mod confided;
mod country;
mod crash;
mod demo;
mod draft;
mod fetch;
mod history;
mod hostile;
mod long;
mod models;
mod pack;
mod published;
mod reports;
mod reviewed;
mod sandbox;
mod search;
mod serve;
mod statistics;
mod tables;
