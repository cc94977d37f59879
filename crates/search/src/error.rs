//! What can go wrong.

use std::path::{Path, PathBuf};

use crate::passage::Class;

/// Why an index could not be built or asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A passage was told in confidence; no such passage is ever indexed.
    #[error("passage {id} is restricted, and what was told in confidence is never indexed; leave its table out")]
    Restricted {
        /// The passage.
        id: String,
    },
    /// An index of what was told in confidence was asked for; there is none.
    #[error("what was told in confidence is never indexed; ask for an index of what is public or official")]
    RestrictedIndex,
    /// An index holds one class, and a passage is of another.
    #[error("passage {id} is {found} and does not belong into the index of what is {wanted}", found = found.id(), wanted = wanted.id())]
    OtherClass {
        /// The passage.
        id: String,
        /// Its class.
        found: Class,
        /// The index's class.
        wanted: Class,
    },
    /// Two passages bear one id.
    #[error("two passages bear the id {0}; an id names one passage")]
    TwoOfOneId(String),
    /// There is already something where the index would lie.
    #[error("{0} is not empty; an index is built into a new folder")]
    Occupied(PathBuf),
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
    /// The search engine failed.
    #[error("the search engine failed: {0}")]
    Engine(String),
}

/// Why an index could not be opened. Whatever the reason, it can be built again from the lake.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none.
    #[error("there is no index in {0}")]
    Absent(PathBuf),
    /// It was made from something else, or by a version that reads words otherwise.
    #[error("the index in {path} is of {what} {found}, and {expected} is wanted; build it again")]
    Stale {
        /// The index's folder.
        path: PathBuf,
        /// What differs.
        what: &'static str,
        /// What it has.
        found: String,
        /// What it should have.
        expected: String,
    },
    /// It is not as it was written.
    #[error("the index in {path} is damaged: {why}; remove the folder and build it again")]
    Damaged {
        /// The index's folder.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The operating system does not let it be read.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason; told in the message, so it is no source to be told again.
        reason: std::io::Error,
    },
}

impl SearchError {
    /// Makes an error of the system's refusal to do something to a file.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |reason| Self::Io { action, path, reason }
    }
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Engine(error.to_string())
    }
}
