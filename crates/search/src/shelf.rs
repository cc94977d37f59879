//! The folder that indexes are kept in: opened where they are whole, made anew where they are not.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::error::{OpenError, SearchError};
use crate::folder;
use crate::index::Index;
use crate::manifest::Identity;
use crate::passage::Passage;

/// The name of the file that the one process holds which writes to a shelf.
const LOCK: &str = "lock";

/// A folder of indexes, one a class of one snapshot: `<snapshot>/<class>`. It need not exist yet.
#[derive(Clone, Debug)]
pub struct Shelf {
    root: PathBuf,
}

impl Shelf {
    /// The shelf in this folder.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_path_buf() }
    }

    /// Where the index of something lies, or would.
    #[must_use]
    pub fn place(&self, identity: &Identity) -> PathBuf {
        self.root.join(&identity.snapshot).join(identity.class.id())
    }

    /// Opens the index of something, if it is there and whole.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn open(&self, identity: &Identity) -> Result<Index, OpenError> {
        Index::open(&self.place(identity), identity)
    }

    /// Puts an index of passages where there is none or one that cannot be used, and opens it.
    ///
    /// One process at a time writes to a shelf; another waits, and takes what the first has made. What killed
    /// processes left half done is swept.
    ///
    /// # Errors
    /// As [`Index::build`]; or a folder cannot be read, locked or written.
    pub fn restock(&self, identity: &Identity, passages: Vec<Passage>) -> Result<Index, SearchError> {
        let _held = self.lock()?;
        let place = self.place(identity);
        let beside = place.parent().unwrap_or(&self.root);
        folder::sweep(beside)?;
        match self.open(identity) {
            Ok(index) => return Ok(index),
            Err(OpenError::Absent(_)) => {}
            Err(OpenError::Unreadable { path, reason }) => return Err(SearchError::io("read", &path)(reason)),
            Err(OpenError::Stale { .. } | OpenError::Damaged { .. }) => folder::remove(&place)?,
        }
        Index::build(&place, identity, passages)?;
        self.open(identity).map_err(|e| SearchError::Engine(format!("what was written cannot be read back: {e}")))
    }

    /// Removes the indexes of snapshots that are no more, and gives how many snapshots that were.
    ///
    /// # Errors
    /// A folder cannot be locked or removed.
    pub fn forget(&self, is_there: impl Fn(&str) -> bool) -> Result<usize, SearchError> {
        let folders: Vec<PathBuf> = match fs::read_dir(&self.root) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect(),
            Err(_) => return Ok(0),
        };
        let is_gone = |path: &PathBuf| path.file_name().is_some_and(|name| !is_there(&name.to_string_lossy()));
        let gone: Vec<PathBuf> = folders.into_iter().filter(is_gone).collect();
        if gone.is_empty() {
            return Ok(0);
        }
        let _held = self.lock()?;
        for path in &gone {
            folder::remove(path)?;
        }
        Ok(gone.len())
    }

    /// Waits until no other process writes to the shelf; the lock is held as long as the file is open.
    fn lock(&self) -> Result<File, SearchError> {
        fs::create_dir_all(&self.root).map_err(SearchError::io("create", &self.root))?;
        let path = self.root.join(LOCK);
        let file = File::create(&path).map_err(SearchError::io("open", &path))?;
        file.lock().map_err(SearchError::io("lock", &path))?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Query;
    use crate::passage::Class;

    fn identity() -> Identity {
        Identity { snapshot: "one".to_owned(), class: Class::Public }
    }

    fn passages(texts: &[&str]) -> Vec<Passage> {
        let passage =
            |(n, text): (usize, &&str)| Passage { id: n.to_string(), text: (*text).to_owned(), ..Passage::default() };
        texts.iter().enumerate().map(passage).collect()
    }

    fn found(index: &Index, text: &str) -> usize {
        index.search(&Query::text(text)).unwrap().total
    }

    #[test]
    fn an_index_is_made_once_and_then_taken_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(&home.path().join("search"));
        assert!(matches!(shelf.open(&identity()), Err(OpenError::Absent(_))));
        assert_eq!(found(&shelf.restock(&identity(), passages(&["plans"])).unwrap(), "plans"), 1);
        // What another process has made meanwhile is whole, so it stays.
        let again = shelf.restock(&identity(), passages(&["visits"])).unwrap();
        assert_eq!((found(&again, "plans"), found(&again, "visits")), (1, 0));
        assert_eq!(found(&shelf.open(&identity()).unwrap(), "plans"), 1);
    }

    #[test]
    fn a_damaged_or_stale_index_gives_way() {
        let home = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(home.path());
        shelf.restock(&identity(), passages(&["plans"])).unwrap();
        fs::remove_file(shelf.place(&identity()).join("manifest.json")).unwrap();
        assert!(matches!(shelf.open(&identity()), Err(OpenError::Damaged { .. })));
        assert_eq!(found(&shelf.restock(&identity(), passages(&["visits"])).unwrap(), "visits"), 1);
        // An index of another snapshot that was put in its place is stale.
        let other = Identity { snapshot: "two".to_owned(), ..identity() };
        fs::create_dir(home.path().join("two")).unwrap();
        fs::rename(shelf.place(&identity()), shelf.place(&other)).unwrap();
        assert!(matches!(shelf.open(&other), Err(OpenError::Stale { .. })));
        assert_eq!(found(&shelf.restock(&other, passages(&["audits"])).unwrap(), "audits"), 1);
    }

    #[test]
    fn what_killed_builds_left_is_swept_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(home.path());
        let left = home.path().join("one/.tmp-search-abc");
        fs::create_dir_all(&left).unwrap();
        fs::write(left.join("half"), "x").unwrap();
        fs::create_dir(home.path().join("one/official")).unwrap();
        shelf.restock(&identity(), passages(&["plans"])).unwrap();
        let mut names: Vec<_> =
            fs::read_dir(home.path().join("one")).unwrap().flatten().map(|e| e.file_name()).collect();
        names.sort();
        assert_eq!(names, ["official", "public"]);
    }

    #[test]
    fn of_two_that_find_no_index_at_once_both_get_the_same() {
        let home = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(home.path());
        let start = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            let one = || {
                start.wait();
                found(&shelf.restock(&identity(), passages(&["plans", "plans and visits"])).unwrap(), "plans")
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
            for thread in threads {
                assert_eq!(thread.join().unwrap(), 2);
            }
        });
        assert_eq!(fs::read_dir(home.path().join("one")).unwrap().count(), 1);
    }

    #[test]
    fn indexes_of_snapshots_that_are_no_more_are_forgotten() {
        let home = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(home.path());
        let two = Identity { snapshot: "two".to_owned(), ..identity() };
        shelf.restock(&identity(), passages(&["plans"])).unwrap();
        shelf.restock(&two, passages(&["plans"])).unwrap();
        assert_eq!(shelf.forget(|snapshot| snapshot == "two").unwrap(), 1);
        assert!(matches!(shelf.open(&identity()), Err(OpenError::Absent(_))));
        assert!(shelf.open(&two).is_ok());
        assert_eq!(Shelf::at(&home.path().join("nowhere")).forget(|_| false).unwrap(), 0);
    }
}
