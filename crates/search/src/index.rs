//! An index: built whole, checked whole, read only.
//!
//! It is read into memory and every byte of it is checked before one is used: a file that lies mapped could be
//! damaged or replaced beneath a search, and the engine does not promise to survive that.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use tantivy::directory::{Directory as _, RamDirectory, TerminatingWrite as _};
use tantivy::{IndexBuilder, IndexSettings, ReloadPolicy, Searcher, TantivyDocument};

use crate::error::{OpenError, SearchError};
use crate::folder;
use crate::manifest::{Identity, MANIFEST, Manifest, Piece, sha256_hex};
use crate::passage::{Class, Passage};
use crate::schema::{Fields, SCHEMA_VERSION, analysis};
use crate::tokens::tokenizers;

/// Passages of one class of one snapshot, ready to be searched.
pub struct Index {
    pub(crate) identity: Identity,
    pub(crate) passages: u64,
    pub(crate) undated: u64,
    pub(crate) fields: Fields,
    pub(crate) searcher: Searcher,
}

/// What was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Built {
    /// Passages in the index.
    pub passages: u64,
    /// Of these, passages without a date.
    pub undated: u64,
    /// Bytes of its files.
    pub bytes: u64,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("identity", &self.identity).field("passages", &self.passages).finish()
    }
}

impl Index {
    /// Builds an index of passages into a folder that is absent or empty.
    ///
    /// It is written into a folder beside, synced and renamed, so that there is the whole index or none; a killed
    /// build leaves a folder `.tmp-…` beside. The same passages in any order give the same answers.
    ///
    /// # Errors
    /// A passage is restricted, of another class than the identity's, or has another's id; the folder is not empty;
    /// or it cannot be written.
    pub fn build(dir: &Path, identity: &Identity, passages: Vec<Passage>) -> Result<Built, SearchError> {
        folder::must_be_free(dir)?;
        let raw = Raw::of(identity.class, passages)?;
        let mut files = raw.files()?;
        let manifest = Manifest {
            schema_version: SCHEMA_VERSION,
            analysis: analysis(),
            identity: identity.clone(),
            passages: raw.passages,
            undated: raw.undated,
            files: files
                .iter()
                .map(|(name, bytes)| (name.clone(), Piece { bytes: bytes.len() as u64, sha256: sha256_hex(bytes) }))
                .collect(),
        };
        let sealed = manifest.seal().map_err(|e| SearchError::Engine(e.to_string()))?;
        files.push((MANIFEST.to_owned(), tantivy::directory::OwnedBytes::new(sealed)));
        let bytes = folder::publish(dir, &files)?;
        Ok(Built { passages: raw.passages, undated: raw.undated, bytes })
    }

    /// Opens the index in a folder if it is the one that is expected and whole.
    ///
    /// # Errors
    /// There is none; it is of another snapshot, class, schema version or analysis; or a file of it is missing, cut
    /// short or changed.
    pub fn open(dir: &Path, expected: &Identity) -> Result<Self, OpenError> {
        let bytes = read_manifest(dir)?;
        let manifest = Manifest::open(&bytes, dir, expected)?;
        let damaged = |why: String| OpenError::Damaged { path: dir.to_owned(), why };
        let ram = RamDirectory::create();
        for (name, piece) in &manifest.files {
            let bytes = read_piece(dir, name, piece)?;
            let mut writer = ram.open_write(Path::new(name)).map_err(|e| damaged(e.to_string()))?;
            writer.write_all(&bytes).and_then(|()| writer.terminate()).map_err(|e| damaged(e.to_string()))?;
        }
        let index = tantivy::Index::open(ram).map_err(|e| damaged(e.to_string()))?;
        let fields = Fields::new();
        if index.schema() != fields.schema {
            return Err(damaged("its fields are not those of its version".to_owned()));
        }
        let searcher = searcher(&index).map_err(|e| damaged(e.to_string()))?;
        if searcher.num_docs() != manifest.passages {
            return Err(damaged(format!("it holds {} passages of {}", searcher.num_docs(), manifest.passages)));
        }
        let Manifest { identity, passages, undated, .. } = manifest;
        Ok(Self { identity, passages, undated, fields, searcher })
    }

    /// Makes an index of passages in memory alone.
    ///
    /// # Errors
    /// A passage is restricted, of another class than the identity's, or has another's id.
    pub fn in_memory(identity: &Identity, passages: Vec<Passage>) -> Result<Self, SearchError> {
        let Raw { index, passages, undated, .. } = Raw::of(identity.class, passages)?;
        Ok(Self { identity: identity.clone(), passages, undated, fields: Fields::new(), searcher: searcher(&index)? })
    }

    /// What it is of.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Passages in it.
    #[must_use]
    pub fn passages(&self) -> u64 {
        self.passages
    }
}

/// An index as the engine makes it.
struct Raw {
    index: tantivy::Index,
    ram: RamDirectory,
    passages: u64,
    undated: u64,
}

impl Raw {
    fn of(class: Class, mut passages: Vec<Passage>) -> Result<Self, SearchError> {
        check(class, &passages)?;
        // Newest first, then by id: the engine breaks ties of score by this order.
        passages.sort_by(|a, b| (Reverse(a.date), &a.id).cmp(&(Reverse(b.date), &b.id)));
        let fields = Fields::new();
        let ram = RamDirectory::create();
        let settings = IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        // One segment by one thread, so that document numbers follow the order above whatever the machine.
        let budget = if passages.len() < 1_000 { 100_000 } else { 50_000_000 };
        let mut writer = IndexBuilder::new()
            .schema(fields.schema.clone())
            .settings(settings)
            .tokenizers(tokenizers())
            .single_segment_index_writer::<TantivyDocument>(ram.clone(), budget)?;
        let undated = passages.iter().filter(|passage| passage.date.is_none()).count() as u64;
        let count = passages.len() as u64;
        for passage in passages {
            let document = fields.document(&passage).map_err(|e| SearchError::Engine(e.to_string()))?;
            writer.add_document(document)?;
        }
        Ok(Self { index: writer.finalize()?, ram, passages: count, undated })
    }

    /// The files that make the index, by name.
    fn files(&self) -> Result<Vec<(String, tantivy::directory::OwnedBytes)>, SearchError> {
        let mut names: Vec<_> = self.index.directory().list_managed_files().into_iter().collect();
        names.sort();
        let mut files = Vec::with_capacity(names.len());
        for name in names {
            // The engine remembers names of files that it made on the way and removed again.
            if !self.ram.exists(&name).map_err(engine)? {
                continue;
            }
            let bytes = self.ram.open_read(&name).map_err(engine)?.read_bytes().map_err(engine)?;
            files.push((name.to_string_lossy().into_owned(), bytes));
        }
        Ok(files)
    }
}

fn engine(error: impl std::fmt::Display) -> SearchError {
    SearchError::Engine(error.to_string())
}

/// Refuses what may not be in an index of a class.
fn check(class: Class, passages: &[Passage]) -> Result<(), SearchError> {
    if class == Class::Restricted {
        return Err(SearchError::RestrictedIndex);
    }
    let mut seen = HashSet::with_capacity(passages.len());
    for passage in passages {
        let id = || passage.id.clone();
        if passage.class == Class::Restricted {
            return Err(SearchError::Restricted { id: id() });
        }
        if passage.class != class {
            return Err(SearchError::OtherClass { id: id(), found: passage.class, wanted: class });
        }
        if !seen.insert(passage.id.as_str()) {
            return Err(SearchError::TwoOfOneId(id()));
        }
    }
    Ok(())
}

fn searcher(index: &tantivy::Index) -> tantivy::Result<Searcher> {
    // Nothing ever changes, so nothing is watched and no thread is started.
    Ok(index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?.searcher())
}

fn read_manifest(dir: &Path) -> Result<Vec<u8>, OpenError> {
    let path = dir.join(MANIFEST);
    let reason = match fs::read(&path) {
        Ok(bytes) => return Ok(bytes),
        Err(reason) => reason,
    };
    if reason.kind() != std::io::ErrorKind::NotFound {
        return Err(OpenError::Unreadable { path, reason });
    }
    // An index is renamed into place whole: a folder with other files in it has lost its manifest.
    match fs::read_dir(dir).map(|mut entries| entries.next().is_some()) {
        Ok(true) => Err(OpenError::Damaged { path: dir.to_owned(), why: format!("{MANIFEST} is missing") }),
        _ => Err(OpenError::Absent(dir.to_owned())),
    }
}

/// The bytes of a file of an index, checked.
fn read_piece(dir: &Path, name: &str, piece: &Piece) -> Result<Vec<u8>, OpenError> {
    let damaged = |why: String| OpenError::Damaged { path: dir.to_owned(), why };
    let path = dir.join(name);
    let bytes = fs::read(&path).map_err(|reason| match reason.kind() {
        std::io::ErrorKind::NotFound => damaged(format!("{name} is missing")),
        _ => OpenError::Unreadable { path, reason },
    })?;
    if bytes.len() as u64 != piece.bytes {
        return Err(damaged(format!("{name} has {} bytes of {}", bytes.len(), piece.bytes)));
    }
    if sha256_hex(&bytes) != piece.sha256 {
        return Err(damaged(format!("{name} is not as it was written")));
    }
    Ok(bytes)
}
