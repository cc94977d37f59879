//! Where files go, and how much and how long is borne.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;

/// How a fetch is done.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that files and the lock lie in.
    pub into: PathBuf,
    /// The day that goes into the lock.
    pub today: Date,
    /// Whether exactly what the lock names is fetched, and nothing is looked up.
    pub locked: bool,
    /// How much is borne.
    pub limits: Limits,
    /// How long is borne.
    pub patience: Patience,
    /// The seed of the jitter in waits; another each time where there is none.
    pub seed: Option<u64>,
}

impl Options {
    /// The usual options for a folder.
    #[must_use]
    pub fn new(into: impl Into<PathBuf>, today: Date) -> Self {
        let (limits, patience) = (Limits::default(), Patience::default());
        Self { into: into.into(), today, locked: false, limits, patience, seed: None }
    }
}

/// How much is borne.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one file, as sent and as unpacked.
    pub file_bytes: u64,
    /// Bytes of one list or page that is only read.
    pub answer_bytes: u64,
    /// Redirects followed for one request.
    pub redirects: usize,
    /// Pages of one list.
    pub pages: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 512 << 20, answer_bytes: 16 << 20, redirects: 5, pages: 200 }
    }
}

/// How long is borne.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub idle: Duration,
    /// For one try as a whole.
    pub total: Duration,
    /// Tries of one request, the first counted.
    pub tries: usize,
    /// The wait after the first try; each further one is twice as long, and up to as much again is added by chance.
    pub first_wait: Duration,
    /// The longest wait before what chance adds, and the longest that a server's `Retry-After` is followed.
    pub longest_wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(30 * 60),
            tries: 5,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
        }
    }
}
