//! What became of each file.

use std::collections::BTreeSet;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It would be asked for.
    Planned,
    /// It came and was not here before.
    Fetched,
    /// Its source has a new version, which came; the old one is kept beside.
    Changed,
    /// It is here as it is there.
    Unchanged,
    /// It is here, and its source could not be asked, or no longer lists it.
    Kept,
    /// It is not here as it was asked for.
    Failed,
}

impl Outcome {
    /// Its name.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Fetched => "fetched",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Kept => "kept",
            Self::Failed => "failed",
        }
    }
}

/// What became of one file.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// The source that names it.
    pub source_id: String,
    /// What was asked for.
    pub asked: String,
    /// Where it lies, below the folder.
    pub path: Option<String>,
    /// The address.
    pub url: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether an earlier try was gone on with.
    pub resumed: bool,
    /// The publisher's name of the version.
    pub version: Option<String>,
    /// Its length.
    pub bytes: Option<u64>,
    /// Its SHA-256.
    pub sha256: Option<String>,
    /// What else a person must know: why it failed or was kept, or where the old version is.
    pub message: String,
}

/// What became of all that was asked for.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Each file, in the order of the targets.
    pub files: Vec<FileReport>,
    /// The hosts that could not be reached.
    pub unreachable: BTreeSet<String>,
}

impl Report {
    /// Whether all that was asked for is here.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.count(Outcome::Failed) == 0
    }

    /// How many files came to this.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.files.iter().filter(|file| file.outcome == outcome).count()
    }
}
