//! What can go wrong in the lake.

use std::path::PathBuf;

/// The result of a lake operation.
pub type Result<T, E = LakeError> = std::result::Result<T, E>;

/// Why a lake operation failed.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The operating system refused a file operation.
    #[error("cannot {action} {path}: {reason}")]
    Io {
        /// What was being done, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason; told in the message, so it is no source to be told again.
        reason: std::io::Error,
    },
    /// There is no snapshot yet.
    #[error("there is no snapshot in {0}; make one with `lais build --sources PATH`")]
    NoSnapshot(PathBuf),
    /// The file system lets this user not into the restricted root.
    #[error("{0} holds what was told in confidence, and this user may not enter it; ask its owner")]
    NotForYou(PathBuf),
    /// No restricted tables were published with a snapshot.
    #[error("there are no restricted tables beside snapshot {0}; build again with sources that have some")]
    NoRestricted(String),
    /// A table would lie where its class may not.
    #[error("table {table} is {class:?} and may not be published there")]
    Class {
        /// The table.
        table: String,
        /// Its class.
        class: crate::table::Class,
    },
    /// The current snapshot lacks a file, or one has another size than its manifest says.
    #[error("the snapshot in {folder} is damaged: {file} is missing or cut short; build again to lay it out anew")]
    Damaged {
        /// The snapshot's folder.
        folder: PathBuf,
        /// The file.
        file: String,
    },
    /// Another process is writing to this lake.
    #[error("another build is writing to {0}; wait for it to end, or give another --lake")]
    Locked(PathBuf),
    /// A manifest or step record cannot be understood.
    #[error("{path} cannot be read as {what}: {reason}; it was written by another version or damaged")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What it should have been.
        what: &'static str,
        /// Why it is not.
        reason: String,
    },
    /// A model is not one that every engine would answer alike.
    #[error("{model}: {reason}")]
    Dialect {
        /// The model's file name.
        model: String,
        /// What is not portable, and what to write instead.
        reason: String,
    },
    /// Models read each other in a circle, or one reads a table nobody writes.
    #[error("{0}")]
    Order(String),
    /// A model failed when it ran.
    #[error("model {model} failed: {reason}")]
    Model {
        /// The model.
        model: String,
        /// Why.
        reason: String,
    },
    /// A check returned rows.
    #[error("check {check} found {rows} row(s) that must not be; the first are\n{sample}")]
    Check {
        /// The check's file name.
        check: String,
        /// How many rows.
        rows: usize,
        /// The first of them, as a table.
        sample: String,
    },
    /// SQL of the user's that cannot be answered.
    #[error("{0}")]
    Query(String),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] datafusion::error::DataFusionError),
    /// Arrow refused an operation.
    #[error(transparent)]
    Arrow(#[from] arrow::error::ArrowError),
    /// Parquet refused an operation.
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
}

impl LakeError {
    /// A closure that dresses an I/O error with what was being done to which path.
    pub(crate) fn io<'a>(
        action: &'static str,
        path: &'a std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self + use<'a> {
        move |reason| Self::Io { action, path: path.to_path_buf(), reason }
    }
}
