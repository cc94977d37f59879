//! What can go wrong, in words that name the address and what would mend it.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why something could not be fetched.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// No connection came about.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable {
        /// The host, with its port where that is not the usual one.
        host: String,
        /// What the network said.
        reason: String,
    },
    /// The server is not who it should be, by the certificates that this machine trusts.
    #[error("{host} shows a certificate that this machine does not trust: {reason}")]
    Untrusted {
        /// The host.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The server answered, but not with what was asked for.
    #[error("{url} answered {status}{said}")]
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
        /// What it said about it, with a colon before, or nothing.
        said: String,
        /// How long it asked to wait.
        retry_after: Option<Duration>,
    },
    /// The answer ended before its end.
    #[error("{url} broke off after {got} bytes{of}: {reason}")]
    BrokenOff {
        /// The address.
        url: String,
        /// Bytes that are there.
        got: u64,
        /// How many there should be, or nothing.
        of: String,
        /// What the network said.
        reason: String,
    },
    /// Nothing came for too long.
    #[error("{url} sent nothing more in time; what came is kept")]
    TooSlow {
        /// The address.
        url: String,
    },
    /// What lies here of an earlier try does not fit what the server now has.
    #[error("{url} has changed since it was begun; beginning anew ({reason})")]
    PartIsOld {
        /// The address.
        url: String,
        /// How that was seen.
        reason: String,
    },
    /// More bytes than are borne.
    #[error("{url} has more than {limit} bytes, the most that is taken")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// A redirect that is not followed.
    #[error("{from} sends on to {to}, which is not followed: {why}")]
    Redirect {
        /// The address asked.
        from: String,
        /// Where it sends.
        to: String,
        /// Why that is not followed.
        why: String,
    },
    /// An address that is not asked.
    #[error("{url:?} is not asked: {why}")]
    Address {
        /// The address.
        url: String,
        /// Why.
        why: String,
    },
    /// The bytes are not what the name promises.
    #[error("{url} was to be {promised} and {got}; nothing was kept of it")]
    NotAsPromised {
        /// The address.
        url: String,
        /// What was promised.
        promised: &'static str,
        /// What it is, with its verb.
        got: String,
    },
    /// An answer of an API or a page that cannot be understood.
    #[error("the answer of {url} cannot be understood: {why}")]
    Answer {
        /// The address.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing there has the name asked for.
    #[error("{what}{near}")]
    NoSuch {
        /// What was looked for and where, as a sentence.
        what: String,
        /// The names that are there, with what leads to them, or nothing.
        near: String,
    },
    /// The bytes are others than the lock names.
    #[error(
        "{path} changed at its source: the lock has sha256 {locked}, {url} has {now}; nothing here was changed. Fetch without --locked to take the new version and write the lock anew, or restore the file from where you keep it"
    )]
    Checksum {
        /// The file, below the folder.
        path: String,
        /// The address.
        url: String,
        /// The hash in the lock.
        locked: String,
        /// The hash of what came.
        now: String,
    },
    /// The lock does not name it.
    #[error("{asked} is not in the lock; fetch without --locked to add it")]
    NotLocked {
        /// The target, in words.
        asked: String,
    },
    /// Two files would have one name.
    #[error("{path} would also be the name of {other}; give one of them a file_name of its own")]
    SameName {
        /// The file, below the folder.
        path: String,
        /// What has that name already.
        other: String,
    },
    /// The lock cannot be understood.
    #[error("{path} cannot be understood: {why}")]
    Lock {
        /// The lock.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another fetch is at work in the folder.
    #[error("another fetch is at work in {0}; wait until it is done")]
    Busy(PathBuf),
    /// The file system refused.
    #[error("cannot {doing} {path}: {why}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The client could not be made.
    #[error("cannot make connections: {0}")]
    Setup(String),
}

impl FetchError {
    /// Whether another try could go better.
    #[must_use]
    pub(crate) fn is_worth_another_try(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::BrokenOff { .. } | Self::TooSlow { .. } | Self::PartIsOld { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// Whether what is here already may stand in for what could not be had: the source could not be asked, or not
    /// now. Where it answered and the answer is wrong, that is for a person.
    #[must_use]
    pub(crate) fn leaves_it_open(&self) -> bool {
        self.is_worth_another_try() || matches!(self, Self::Untrusted { .. })
    }

    /// How long the server asked to wait.
    #[must_use]
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// A function that puts an error of the file system into words.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |error| Self::Io { doing, path, why: error.to_string() }
    }
}

pub(crate) type Result<T, E = FetchError> = std::result::Result<T, E>;
