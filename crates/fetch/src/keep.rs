//! Putting files in their place so that a power cut leaves the old or the new, and so that nothing is written over.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{FetchError, Result};
use crate::name;

/// The folder, below that of the files, that earlier bytes go to. It is hidden, so that a build reads each file once.
pub(crate) const EARLIER: &str = ".earlier";

/// What the names of files begin with that are only written on the way.
const TEMPORARY: &str = ".tmp-fetch-";

/// Takes away what a fetch that was killed left half written; parts that can be gone on with stay.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_left_over = entry.file_name().to_string_lossy().starts_with(TEMPORARY);
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => sweep(&entry.path()),
            // What cannot be removed does no harm: it is hidden, and no name is used twice.
            Ok(kind) if kind.is_file() && is_left_over => drop(fs::remove_file(entry.path())),
            _ => {}
        }
    }
}

/// Creates a folder and its parents.
pub(crate) fn create_dir(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(FetchError::io("create", path))
}

/// Writes a small file whole.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = temporary(path)?;
    file.write_all(bytes).map_err(FetchError::io("write", path))?;
    persist(file, path)
}

/// A file beside another, to be renamed to it.
pub(crate) fn temporary(path: &Path) -> Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt as _;
    let made = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(parent(path));
    made.map_err(FetchError::io("write in", parent(path)))
}

/// Syncs a file, renames it and syncs its folder.
pub(crate) fn persist(file: tempfile::NamedTempFile, path: &Path) -> Result<()> {
    file.as_file().sync_all().map_err(FetchError::io("sync", path))?;
    file.persist(path).map_err(|e| FetchError::io("write", path)(e.error))?;
    sync_dir(parent(path))
}

/// Renames a synced file and syncs the folder.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(FetchError::io("write", to))?;
    sync_dir(parent(to))
}

/// Removes a file, and is content if there is none.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(FetchError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Keeps a copy of what lies at a path, under its hash, and gives where; the path itself is not touched.
pub(crate) fn copy_aside(into: &Path, path: &str, sha256: &str) -> Result<String> {
    let aside = earlier(path, sha256);
    let (from, to) = (into.join(path), into.join(&aside));
    create_dir(parent(&to))?;
    match fs::hard_link(&from, &to) {
        // The name holds the hash, so what is there is the same.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(_) => {
            let bytes = fs::read(&from).map_err(FetchError::io("read", &from))?;
            write(&to, &bytes)?;
        }
        Ok(()) => sync_dir(parent(&to))?,
    }
    Ok(aside)
}

/// Takes what lies at a path away, under its hash, and gives where it now is.
pub(crate) fn move_aside(into: &Path, path: &str, sha256: &str) -> Result<String> {
    let aside = copy_aside(into, path, sha256)?;
    remove(&into.join(path))?;
    sync_dir(parent(&into.join(path)))?;
    Ok(aside)
}

/// Where earlier bytes of a path lie.
fn earlier(path: &str, sha256: &str) -> String {
    let (folder, last) = path.rsplit_once('/').unwrap_or(("", path));
    let named = name::with(last, &format!(".{}", &sha256[..sha256.len().min(12)]));
    let between = if folder.is_empty() { "" } else { "/" };
    format!("{EARLIER}/{folder}{between}{named}")
}

fn sync_dir(path: &Path) -> Result<()> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(FetchError::io("sync", path))
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Held while a fetch is at work in a folder.
pub(crate) struct Hold {
    _file: File,
}

impl Hold {
    /// Holds a folder, or says that another does.
    pub(crate) fn on(into: &Path) -> Result<Self> {
        let path: PathBuf = into.join(".fetch.lock");
        let file = File::create(&path).map_err(FetchError::io("write", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(FetchError::Busy(into.to_path_buf())),
            Err(fs::TryLockError::Error(error)) => Err(FetchError::io("lock", &path)(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_aside_is_found_under_its_hash_and_hidden() {
        let folder = tempfile::tempdir().unwrap();
        create_dir(&folder.path().join("s")).unwrap();
        write(&folder.path().join("s/a.csv"), b"old").unwrap();
        let aside = move_aside(folder.path(), "s/a.csv", "0123456789abcdef").unwrap();
        assert_eq!(aside, ".earlier/s/a.0123456789ab.csv");
        assert_eq!(fs::read(folder.path().join(&aside)).unwrap(), b"old");
        assert!(!folder.path().join("s/a.csv").exists());
    }

    #[test]
    fn two_do_not_work_in_one_folder() {
        let folder = tempfile::tempdir().unwrap();
        let hold = Hold::on(folder.path()).unwrap();
        assert!(matches!(Hold::on(folder.path()), Err(FetchError::Busy(_))));
        drop(hold);
        assert!(Hold::on(folder.path()).is_ok());
    }
}
