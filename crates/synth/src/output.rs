//! The folder that a country is written to: what it may hold before, and what was written.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::SynthError;

/// The file that marks a folder as written here, and lists what was.
const MARKER: &str = ".lais-synth";

/// The marker's first line.
const MARK: &str = "This folder was written by lais synth. It may be written again; the files below are then replaced.";

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Authorities at the end of the series; the register has one more, which was split.
    pub authorities: usize,
    /// Every file, in order of writing.
    pub files: Vec<WrittenFile>,
    /// Faults that the files have on purpose, which a reader should quarantine.
    pub faults: Vec<Fault>,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its path below the folder.
    pub path: PathBuf,
    /// Its rows, headers left out; a document is one row.
    pub rows: usize,
}

/// A fault that a file has on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file's path below the folder.
    pub path: PathBuf,
    /// The record, the header counting as 1.
    pub row: usize,
    /// What is wrong with it.
    pub what: String,
}

/// A folder that is being written.
#[derive(Debug)]
pub(crate) struct Folder<'p> {
    path: &'p Path,
    pub(crate) summary: Summary,
}

impl<'p> Folder<'p> {
    /// Opens a folder that is empty, does not exist yet, or was written here; what was written is removed.
    pub(crate) fn open(path: &'p Path) -> Result<Self, SynthError> {
        fs::create_dir_all(path).map_err(SynthError::file(path, "made"))?;
        let marker = path.join(MARKER);
        let is_empty = fs::read_dir(path).map_err(SynthError::file(path, "listed"))?.next().is_none();
        let before = fs::read_to_string(&marker).ok().filter(|text| text.starts_with(MARK));
        match before {
            Some(text) => remove(path, &text)?,
            None if is_empty => {}
            None => return Err(SynthError::NotEmpty { path: path.to_owned() }),
        }
        // The mark comes first, so that a run that was cut short can be made again.
        fs::write(&marker, format!("{MARK}\n")).map_err(SynthError::file(&marker, "written"))?;
        Ok(Self { path, summary: Summary::default() })
    }

    /// Writes one file.
    pub(crate) fn write(&mut self, path: &str, rows: usize, bytes: &[u8]) -> Result<(), SynthError> {
        let full = self.path.join(path);
        if let Some(parent) = full.parent() {
            fs::create_dir_all(parent).map_err(SynthError::file(parent, "made"))?;
        }
        // Listed first, so that a file that was cut short is known as ours.
        self.mark(path)?;
        fs::write(&full, bytes).map_err(SynthError::file(&full, "written"))?;
        self.summary.files.push(WrittenFile { path: PathBuf::from(path), rows });
        Ok(())
    }

    /// Notes a fault of a file.
    pub(crate) fn note(&mut self, path: &str, row: usize, what: String) {
        self.summary.faults.push(Fault { path: PathBuf::from(path), row, what });
    }

    /// Adds a file to the list of what was written.
    fn mark(&self, path: &str) -> Result<(), SynthError> {
        let marker = self.path.join(MARKER);
        let mut list =
            fs::OpenOptions::new().append(true).open(&marker).map_err(SynthError::file(&marker, "opened"))?;
        writeln!(list, "{path}").map_err(SynthError::file(&marker, "written"))
    }
}

/// Removes the files that a marker lists, and their folders where nothing else is in them.
fn remove(folder: &Path, marker: &str) -> Result<(), SynthError> {
    let mut parents = BTreeSet::new();
    for line in marker.lines().skip(1) {
        let path = Path::new(line);
        // A line that leads out of the folder was not written here.
        if path.components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
            continue;
        }
        let file = folder.join(path);
        if file.is_file() {
            fs::remove_file(&file).map_err(SynthError::file(&file, "removed"))?;
        }
        parents.extend(path.parent().map(|parent| folder.join(parent)));
    }
    for parent in parents.iter().rev().filter(|parent| *parent != folder) {
        // A folder that holds something else stays.
        let _ = fs::remove_dir(parent);
    }
    Ok(())
}
