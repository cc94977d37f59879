//! What is told while it happens, for a bar or lines.

use std::time::Duration;

use crate::report::FileReport;

/// Something that happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The files that a target means are being found out.
    Asking {
        /// The source that names it.
        source_id: &'a str,
        /// The target, in words.
        what: &'a str,
    },
    /// A file is coming.
    Begun {
        /// Where it will lie, below the folder, or its address while its name is not known.
        name: &'a str,
        /// How many bytes are there already from an earlier try.
        from: u64,
        /// How many bytes it has, where the server says so.
        of: Option<u64>,
    },
    /// So many more bytes came.
    Came {
        /// Bytes.
        bytes: u64,
    },
    /// A try failed and there will be another.
    Waiting {
        /// What went wrong.
        why: &'a str,
        /// How long until the next try.
        wait: Duration,
        /// What the server asked for, where that was longer than is ever waited.
        asked: Option<Duration>,
    },
    /// It is known what became of a file.
    Done {
        /// What became of it.
        report: &'a FileReport,
    },
}

/// Is told what happens.
pub trait Watch: Send + Sync {
    /// Something happened.
    fn tell(&self, event: Event<'_>);
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Watch for Quiet {
    fn tell(&self, _: Event<'_>) {}
}
