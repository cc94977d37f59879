//! A folder of files that appears whole or not at all.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use tantivy::directory::OwnedBytes;

use crate::error::SearchError;

/// How the name of a folder begins that is only there on the way.
const TEMPORARY: &str = ".tmp-search-";

/// Refuses a place where something already is.
pub(crate) fn must_be_free(dir: &Path) -> Result<(), SearchError> {
    match fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(SearchError::Occupied(dir.to_owned())),
            None => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(SearchError::io("read", dir)(error)),
    }
}

/// Lays files out in a folder beside `dir`, syncs them and renames the folder to `dir`; gives the bytes written.
pub(crate) fn publish(dir: &Path, files: &[(String, OwnedBytes)]) -> Result<u64, SearchError> {
    let parent = match dir.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(SearchError::io("create", parent))?;
    let beside = temporary(parent)?;
    let mut written = 0;
    for (name, bytes) in files {
        write(&beside.path().join(name), bytes)?;
        written += bytes.len() as u64;
    }
    sync_dir(beside.path())?;
    // A rename replaces an empty folder and no other, so of two builds at once one wins and the other is refused.
    fs::rename(beside.path(), dir).map_err(|error| match error.kind() {
        std::io::ErrorKind::DirectoryNotEmpty | std::io::ErrorKind::AlreadyExists => {
            SearchError::Occupied(dir.to_owned())
        }
        _ => SearchError::io("rename to", dir)(error),
    })?;
    // It is no longer where it was made, so there is nothing left to be swept.
    let _ = beside.keep();
    sync_dir(parent)?;
    Ok(written)
}

/// Removes what killed builds left in a folder; nobody else may be building into it.
pub(crate) fn sweep(parent: &Path) -> Result<(), SearchError> {
    let Ok(entries) = fs::read_dir(parent) else { return Ok(()) };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY)) {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(SearchError::io("remove", &path))?;
        }
    }
    Ok(())
}

/// Removes a folder so that nobody finds half of it: it is renamed first.
pub(crate) fn remove(dir: &Path) -> Result<(), SearchError> {
    let parent = dir.parent().unwrap_or(Path::new("."));
    let beside = temporary(parent)?;
    fs::rename(dir, beside.path().join("removed")).map_err(SearchError::io("remove", dir))?;
    let path = beside.path().to_path_buf();
    beside.close().map_err(SearchError::io("remove", &path))
}

fn temporary(parent: &Path) -> Result<tempfile::TempDir, SearchError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any folder that this user makes: the user's own mask decides who may read.
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent).map_err(SearchError::io("create a folder in", parent))
}

/// Writes a file that nothing will change, and syncs it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), SearchError> {
    let mut file = File::create_new(path).map_err(SearchError::io("create", path))?;
    file.write_all(bytes).map_err(SearchError::io("write", path))?;
    let mut permissions = file.metadata().map_err(SearchError::io("read", path))?.permissions();
    permissions.set_readonly(true);
    file.set_permissions(permissions).map_err(SearchError::io("protect", path))?;
    file.sync_all().map_err(SearchError::io("sync", path))
}

/// Asks the system to put a folder's entries on disk.
fn sync_dir(path: &Path) -> Result<(), SearchError> {
    File::open(path).and_then(|dir| dir.sync_all()).map_err(SearchError::io("sync", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Vec<(String, OwnedBytes)> {
        vec![("a".to_owned(), OwnedBytes::new(b"one".to_vec()))]
    }

    #[test]
    fn of_two_that_publish_at_once_the_first_is_kept_and_the_second_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("index");
        assert_eq!(publish(&dir, &one()).unwrap(), 3);
        let other = vec![("a".to_owned(), OwnedBytes::new(b"other".to_vec()))];
        // What both have checked before either was done.
        assert!(matches!(publish(&dir, &other), Err(SearchError::Occupied(_))));
        assert_eq!(fs::read(dir.join("a")).unwrap(), b"one");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("index");
        let mut files = one();
        files.push(("no/such/folder".to_owned(), OwnedBytes::empty()));
        assert!(matches!(publish(&dir, &files), Err(SearchError::Io { .. })));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
