//! Snapshots: opening one to read, and publishing a new one.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::durable;
use crate::error::{LakeError, Result};
use crate::manifest::Manifest;
use crate::store::Store;

/// A snapshot that is pinned: it stays the same whatever is published later.
#[derive(Clone, Debug)]
pub struct Snapshot {
    folder: PathBuf,
    manifest: Manifest,
}

impl Snapshot {
    /// Opens the snapshot in `folder`.
    ///
    /// # Errors
    /// Where its manifest cannot be read, or a file is missing or cut short.
    pub(crate) fn open(folder: PathBuf) -> Result<Self> {
        let manifest = Manifest::read(&folder.join("manifest.json"))?;
        let snapshot = Self { folder, manifest };
        snapshot.verify()?;
        Ok(snapshot)
    }

    /// Refuses a snapshot of which a file is missing or cut short: an engine would take it for no rows.
    fn verify(&self) -> Result<()> {
        for (name, table) in &self.manifest.tables {
            for part in &table.parts {
                let file = table.path_of(name, part);
                let there = std::fs::metadata(self.folder.join(&file)).is_ok_and(|meta| meta.len() == part.bytes);
                if !there {
                    return Err(LakeError::Damaged { folder: self.folder.clone(), file });
                }
            }
        }
        Ok(())
    }

    /// What it holds.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The day for which its models were computed.
    ///
    /// # Errors
    /// Where the manifest says no day.
    pub fn as_at(&self) -> Result<Date> {
        self.manifest.as_at.parse().map_err(|e: jiff::Error| LakeError::Unreadable {
            path: self.folder.join("manifest.json"),
            what: "a snapshot's manifest",
            reason: e.to_string(),
        })
    }

    /// The folder it lies in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The files of a table, in the manifest's order; empty where there is no such table.
    #[must_use]
    pub fn files(&self, table: &str) -> Vec<PathBuf> {
        let Some(entry) = self.manifest.tables.get(table) else { return Vec::new() };
        entry.parts.iter().map(|part| self.folder.join(entry.path_of(table, part))).collect()
    }
}

/// Lays a snapshot out beside the others: everything under a temporary name, synced, then renamed.
///
/// A folder that is already there under the id is the same snapshot, and stays if it is whole.
pub(crate) fn lay_out(snapshots: &Path, store: &Store, manifest: &Manifest) -> Result<()> {
    let target = snapshots.join(&manifest.id);
    if Snapshot::open(target.clone()).is_ok() {
        return durable::sync_dir(snapshots);
    }
    if target.exists() {
        let damaged = snapshots.join(format!(".tmp-damaged-{}", manifest.id));
        std::fs::rename(&target, &damaged).map_err(LakeError::io("rename", &target))?;
        std::fs::remove_dir_all(&damaged).map_err(LakeError::io("remove", &damaged))?;
    }
    let temporary = snapshots.join(format!(".tmp-{}", manifest.id));
    if temporary.exists() {
        std::fs::remove_dir_all(&temporary).map_err(LakeError::io("remove", &temporary))?;
    }
    durable::create_dir(&temporary)?;
    for (name, table) in &manifest.tables {
        if table.partitioned {
            durable::create_dir(&temporary.join(name))?;
        }
        for part in &table.parts {
            durable::link(&store.path(&part.hash), &temporary.join(table.path_of(name, part)))?;
        }
        if table.partitioned {
            durable::sync_dir(&temporary.join(name))?;
        }
    }
    let text = serde_json::to_vec_pretty(manifest)
        .map_err(|e| LakeError::Query(format!("the manifest cannot be written: {e}")))?;
    durable::write(&temporary.join("manifest.json"), &text)?;
    std::fs::rename(&temporary, &target).map_err(LakeError::io("rename", &target))?;
    durable::sync_dir(snapshots)
}
