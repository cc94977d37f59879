//! The one process that writes to a lake: what it remembers of its steps, and what it publishes.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::durable;
use crate::error::{LakeError, Result};
use crate::lake::Lake;
use crate::manifest::{FORMAT, MadeOf, Manifest, ManifestTable, Part};
use crate::snapshot::{self, Snapshot};
use crate::store::Store;
use crate::table::Class;

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
#[derive(Clone, Debug)]
pub struct Writer {
    lake: Lake,
    store: Store,
    steps: PathBuf,
    snapshots: PathBuf,
    // The lock is held as long as the file is open.
    lock: Arc<File>,
}

impl Writer {
    /// Opens the folders of a lake whose lock is held.
    pub(crate) fn open(lake: Lake, lock: Arc<File>) -> Result<Self> {
        let store = Store::open(&lake.root().join("store"))?;
        let (steps, snapshots) = (lake.root().join("steps"), lake.root().join("snapshots"));
        durable::create_dir(&steps)?;
        durable::create_dir(&snapshots)?;
        // The lake's own folder may be shared with other things; these three are ours alone.
        for folder in [store.root(), &steps, &snapshots] {
            durable::sweep(folder)?;
        }
        durable::remove_if_there(&lake.root().join(".tmp-link"))?;
        Ok(Self { lake, store, steps, snapshots, lock })
    }

    /// The writer of restricted tables: store, steps and snapshots under a root that its owner alone can
    /// enter.
    ///
    /// # Errors
    /// Where the folder cannot be made or closed to others.
    pub fn restricted(&self) -> Result<Self> {
        let root = self.lake.restricted_root();
        durable::create_private_dir(&root)?;
        let beside = root.join("beside");
        durable::create_dir(&beside)?;
        durable::sweep(&beside)?;
        Self::open(Lake::at(&root), self.lock.clone())
    }

    /// The names of the files that the current snapshot of this root was made from; none where there is none.
    #[must_use]
    pub fn current_inputs(&self) -> HashSet<String> {
        let inputs = self.lake.current().map(|snapshot| snapshot.manifest().inputs.clone()).unwrap_or_default();
        inputs.into_iter().map(|input| input.file_name).collect()
    }

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

    /// Publishes a snapshot and the restricted tables that belong to it, and makes it the current one.
    ///
    /// Returns the snapshot and whether anything is new. The id of the public snapshot does not depend
    /// on restricted tables: who cites it says nothing of them. A reader pins a snapshot and takes the
    /// restricted tables that lie beside it, so that the last rename decides for both.
    ///
    /// # Errors
    /// [`LakeError::Class`] where a restricted table would lie among the others, or a refusal of the
    /// file system; the current snapshot is then still the one before.
    pub fn publish(&self, public: Contents, restricted: Contents) -> Result<(Snapshot, bool)> {
        public.refuse(|class| class == Class::Restricted)?;
        restricted.refuse(|class| class != Class::Restricted)?;
        let id = Manifest::id_of(&public.tables, &public.made_of.inputs);
        let within = self.restricted()?;
        let restricted_id = Manifest::id_of(&restricted.tables, &restricted.made_of.inputs);
        let target = Path::new("snapshots").join(&restricted_id);
        let link = within.lake.root().join("beside").join(&id);
        let restricted_is_new = !is_whole(&link, &restricted_id);
        if restricted_is_new {
            within.lay_out(restricted, restricted_id.clone())?;
            durable::switch_symlink(&link, &Path::new("..").join(&target))?;
        }
        let is_new = !is_whole(&self.lake.root().join("current"), &id);
        if is_new {
            self.lay_out(public, id.clone())?;
            durable::switch_symlink(&self.lake.root().join("current"), &Path::new("snapshots").join(&id))?;
        }
        // For whoever looks there by hand; a build that was cut short before this line is mended by the next.
        if !is_whole(&within.lake.root().join("current"), &restricted_id) {
            durable::switch_symlink(&within.lake.root().join("current"), &target)?;
        }
        Ok((self.lake.current()?, is_new || restricted_is_new))
    }

    fn lay_out(&self, contents: Contents, id: String) -> Result<()> {
        let created_at = jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string();
        let MadeOf { as_at, versions, inputs, ingested } = contents.made_of;
        let tables = contents.tables;
        let manifest = Manifest { format: FORMAT, id, created_at, as_at, versions, inputs, ingested, tables };
        self.store.sync()?;
        snapshot::lay_out(&self.snapshots, &self.store, &manifest)
    }

    fn step_path(&self, key: &str) -> PathBuf {
        self.steps.join(format!("{key}.json"))
    }
}

/// Whether a link leads to the whole snapshot of this id.
fn is_whole(link: &Path, id: &str) -> bool {
    let folder = std::fs::canonicalize(link);
    folder.is_ok_and(|folder| Snapshot::open(folder).is_ok_and(|snapshot| snapshot.manifest().id == id))
}

/// The tables of a snapshot and what they were made of.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// The tables by name.
    pub tables: BTreeMap<String, ManifestTable>,
    /// What they were made of.
    pub made_of: MadeOf,
}

impl Contents {
    fn refuse(&self, wrong: impl Fn(Class) -> bool) -> Result<()> {
        match self.tables.iter().find(|(_, table)| wrong(table.class)) {
            Some((name, table)) => Err(LakeError::Class { table: name.clone(), class: table.class }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use arrow::array::{RecordBatch, StringArray};
    use arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    fn table(writer: &Writer, class: Class, text: &str) -> ManifestTable {
        let schema = Arc::new(Schema::new(vec![Field::new("a", DataType::Utf8, false)]));
        let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(StringArray::from(vec![text]))]).unwrap();
        let part = writer.store().put("a", &schema, &[batch]).unwrap();
        ManifestTable::new(class, false, &schema, vec![part])
    }

    fn contents(name: &str, table: ManifestTable) -> Contents {
        Contents { tables: BTreeMap::from([(name.to_owned(), table)]), ..Contents::default() }
    }

    fn publish(writer: &Writer, open: &str, secret: &str) -> (Snapshot, bool) {
        let restricted = table(&writer.restricted().unwrap(), Class::Restricted, secret);
        let public = table(writer, Class::Public, open);
        writer.publish(contents("source", public), contents("signal", restricted)).unwrap()
    }

    #[test]
    fn restricted_tables_lie_under_a_root_that_only_its_owner_can_enter() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::at(folder.path());
        let (snapshot, _) = publish(&lake.writer().unwrap(), "open", "told in confidence");
        assert!(snapshot.manifest().tables.keys().eq(["source"]));
        let mode = std::fs::metadata(lake.restricted_root()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        let restricted = lake.restricted_of(&snapshot).unwrap();
        assert!(restricted.folder().starts_with(lake.restricted_root().canonicalize().unwrap()));
        assert_eq!(restricted.files("signal").len(), 1);
    }

    #[test]
    fn the_public_snapshot_is_the_same_whatever_was_told_in_confidence() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::at(folder.path());
        let writer = lake.writer().unwrap();
        let (first, _) = publish(&writer, "open", "one");
        let before = lake.restricted_of(&first).unwrap();
        let (second, is_new) = publish(&writer, "open", "two");
        assert!(is_new);
        assert_eq!(first.manifest(), second.manifest());
        assert_ne!(before.manifest().id, lake.restricted_of(&second).unwrap().manifest().id);
        assert!(!publish(&writer, "open", "two").1);
    }

    #[test]
    fn a_restricted_table_is_never_published_among_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let writer = Lake::at(folder.path()).writer().unwrap();
        let wrong = contents("signal", table(&writer, Class::Restricted, "told in confidence"));
        let error = writer.publish(wrong, Contents::default()).unwrap_err().to_string();
        assert!(error.contains("signal"), "{error}");
        assert!(!folder.path().join("current").exists());
    }
}
