//! The lake's folder: store, step records, snapshots and the symlink to the current one.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::durable;
use crate::error::{LakeError, Result};
use crate::manifest::{FORMAT, MadeOf, Manifest, ManifestTable, Part};
use crate::snapshot::{self, Snapshot};
use crate::store::Store;

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

    /// Opens and pins the current snapshot.
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
        let store = Store::open(&self.root.join("store"))?;
        let (steps, snapshots) = (self.root.join("steps"), self.root.join("snapshots"));
        durable::create_dir(&steps)?;
        durable::create_dir(&snapshots)?;
        // The lake's own folder may be shared with other things; these three are ours alone.
        for folder in [store.root(), &steps, &snapshots] {
            durable::sweep(folder)?;
        }
        durable::remove_if_there(&self.root.join(".tmp-link"))?;
        Ok(Writer { lake: self.clone(), store, steps, snapshots, _lock: lock })
    }
}

/// What a step of a build made, remembered under a key of all that it depended on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Parts by table.
    pub tables: BTreeMap<String, Vec<Part>>,
    /// The columns of the tables it made, where it was a model.
    pub shapes: BTreeMap<String, ManifestTable>,
    /// What else the step wants to remember, such as its counts.
    pub notes: serde_json::Value,
}

/// The one process that may write to a lake.
#[derive(Debug)]
pub struct Writer {
    lake: Lake,
    store: Store,
    steps: PathBuf,
    snapshots: PathBuf,
    // The lock is held as long as the file is open.
    _lock: File,
}

impl Writer {
    /// The store to put files into.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The record of a step with this key, if it was done before and all it made is still there.
    #[must_use]
    pub fn recall(&self, key: &str) -> Option<Step> {
        let bytes = std::fs::read(self.step_path(key)).ok()?;
        // A damaged or foreign record is as good as none: the step is done again.
        let step: Step = serde_json::from_slice(&bytes).ok()?;
        let whole = step.tables.values().flatten().all(|part| self.store.holds(part));
        whole.then_some(step)
    }

    /// Remembers a step under its key.
    ///
    /// # Errors
    /// Where the record cannot be written.
    pub fn remember(&self, key: &str, step: &Step) -> Result<()> {
        let path = self.step_path(key);
        let bytes =
            serde_json::to_vec(step).map_err(|e| LakeError::Query(format!("a step cannot be recorded: {e}")))?;
        // Only speed is lost with a record, so it is written atomically but not synced.
        let temporary = self.steps.join(format!(".tmp-{key}"));
        std::fs::write(&temporary, bytes).map_err(LakeError::io("write", &temporary))?;
        std::fs::rename(&temporary, &path).map_err(LakeError::io("rename", &path))
    }

    /// Publishes a snapshot of these tables and makes it the current one.
    ///
    /// Returns the snapshot and whether it is new. Where the current one has the same content,
    /// nothing is written.
    ///
    /// # Errors
    /// A refusal of the file system; the current snapshot is then still the one before.
    pub fn publish(&self, tables: BTreeMap<String, ManifestTable>, made_of: MadeOf) -> Result<(Snapshot, bool)> {
        let id = Manifest::id_of(&tables, &made_of.inputs);
        if let Ok(current) = self.lake.current()
            && current.manifest().id == id
        {
            return Ok((current, false));
        }
        let created_at = jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string();
        let MadeOf { as_at, versions, inputs, ingested } = made_of;
        let manifest = Manifest { format: FORMAT, id, created_at, as_at, versions, inputs, ingested, tables };
        self.store.sync()?;
        snapshot::lay_out(&self.snapshots, &self.store, &manifest)?;
        let target = Path::new("snapshots").join(&manifest.id);
        durable::switch_symlink(&self.lake.root.join("current"), &target)?;
        Ok((self.lake.current()?, true))
    }

    fn step_path(&self, key: &str) -> PathBuf {
        self.steps.join(format!("{key}.json"))
    }
}
