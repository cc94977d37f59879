//! The lake's folder: which snapshot is the current one, and the restricted tables that belong to it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::durable;
use crate::error::{LakeError, Result};
use crate::snapshot::Snapshot;
use crate::writer::Writer;

/// A lake's folder, which need not exist yet.
#[derive(Clone, Debug)]
pub struct Lake {
    root: PathBuf,
}

impl Lake {
    /// The lake in this folder.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    /// The lake's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The root of restricted tables: a lake of its own inside this one, which its owner alone can enter.
    #[must_use]
    pub fn restricted_root(&self) -> PathBuf {
        self.root.join("restricted")
    }

    /// Opens and pins the current snapshot of public and official tables.
    ///
    /// # Errors
    /// [`LakeError::NoSnapshot`] where nothing was built yet, or an unreadable manifest.
    pub fn current(&self) -> Result<Snapshot> {
        let link = self.root.join("current");
        match std::fs::canonicalize(&link) {
            Ok(folder) => Snapshot::open(folder),
            Err(_) => Err(LakeError::NoSnapshot(self.root.clone())),
        }
    }

    /// The id of the current snapshot, without opening it.
    ///
    /// # Errors
    /// [`LakeError::NoSnapshot`] where nothing was built yet.
    pub fn current_id(&self) -> Result<String> {
        let link = std::fs::read_link(self.root.join("current"));
        let id = link.ok().and_then(|target| Some(target.file_name()?.to_string_lossy().into_owned()));
        id.ok_or_else(|| LakeError::NoSnapshot(self.root.clone()))
    }

    /// Opens and pins the restricted tables that were published with a snapshot.
    ///
    /// # Errors
    /// [`LakeError::NotForYou`] where the file system lets this user no further, and
    /// [`LakeError::NoRestricted`] where none were published with it.
    pub fn restricted_of(&self, snapshot: &Snapshot) -> Result<Snapshot> {
        let link = self.restricted_root().join("beside").join(&snapshot.manifest().id);
        match std::fs::canonicalize(&link) {
            Ok(folder) => Snapshot::open(folder),
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                Err(LakeError::NotForYou(self.restricted_root()))
            }
            Err(_) => Err(LakeError::NoRestricted(snapshot.manifest().id.clone())),
        }
    }

    /// Opens the lake to write; only one process can at a time.
    ///
    /// What an interrupted writer left half done is removed first.
    ///
    /// # Errors
    /// [`LakeError::Locked`] where another process writes, or a refusal of the file system.
    pub fn writer(&self) -> Result<Writer> {
        durable::create_dir(&self.root)?;
        let lock_path = self.root.join("lock");
        let lock = File::create(&lock_path).map_err(LakeError::io("open", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(LakeError::Locked(self.root.clone())),
            Err(std::fs::TryLockError::Error(error)) => return Err(LakeError::io("lock", &lock_path)(error)),
        }
        Writer::open(self.clone(), Arc::new(lock))
    }
}
