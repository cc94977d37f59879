//! The lake: immutable snapshots of Parquet tables, their schemas, the one SQL engine and the runner
//! of models.
//!
//! A snapshot is a folder of hard links to content-addressed files with a manifest; `current` is a
//! symlink that is switched atomically once everything is on disk. This crate knows tables and how
//! to compute one from others; it must never know a published source, a pipeline, an inspection
//! rule or a page.

mod compute;
mod dialect;
mod durable;
mod engine;
mod error;
mod functions;
mod lake;
mod manifest;
mod model;
mod order;
mod parquet_file;
mod runner;
mod snapshot;
mod store;
mod table;
mod writer;

pub use dialect::{Finding, gate, gate_plan};
pub use durable::sha256_hex;
pub use engine::{Engine, read_only};
pub use error::{LakeError, Result};
pub use functions::{FunctionDoc, documented as functions};
pub use lake::Lake;
pub use manifest::{Input, MadeOf, Manifest, ManifestTable, Part};
pub use model::{Check, Model, RustModel};
pub use order::in_order;
pub use runner::{Run, Told, date_of, days_since_epoch, run_checks, run_in_memory, run_models};
pub use snapshot::Snapshot;
pub use store::Store;
pub use table::{Class, TableSpec};
pub use writer::{Contents, Step, Writer};
