//! What can go wrong while a country is written.

use std::path::{Path, PathBuf};

/// Why a country was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// An option has a value that gives no country.
    #[error("{option} is {value}, but it must be {allowed}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: String,
        /// What may be given.
        allowed: String,
    },
    /// The folder holds something that was not written here.
    #[error("{path} is not empty and was not written by synth; name a folder that is empty or does not exist yet")]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A file or folder could not be read or written.
    #[error("{path} could not be {doing}: {source}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, as a participle.
        doing: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The workbook could not be put together.
    #[error("the workbook {path} could not be made: {message}")]
    Workbook {
        /// The workbook's path.
        path: PathBuf,
        /// Why.
        message: String,
    },
}

impl SynthError {
    /// The error of a file operation, for `map_err`.
    pub(crate) fn file(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, doing, source }
    }
}
