//! Writing so that a power cut leaves either the old or the new, never a mixture.
//!
//! The order is always: write a temporary file beside the target, sync it, rename it, sync the
//! folder. A rename within a folder is atomic; the last sync makes it last.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::error::{LakeError, Result};

/// The SHA-256 of `bytes` in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// `digest` in lower-case hexadecimal.
pub(crate) fn hex(digest: &[u8]) -> String {
    use std::fmt::Write as _;
    digest.iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Creates a folder and its parents.
pub(crate) fn create_dir(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(LakeError::io("create", path))
}

/// Creates a folder that its owner alone can enter, or closes one that others can.
pub(crate) fn create_private_dir(path: &Path) -> Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    // Made closed, not closed afterwards: there is no moment at which another could enter.
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(LakeError::io("create", path)(error)),
        _ => fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(LakeError::io("protect", path)),
    }
}

/// Asks the system to put a folder's entries on disk.
pub(crate) fn sync_dir(path: &Path) -> Result<()> {
    File::open(path).and_then(|dir| dir.sync_all()).map_err(LakeError::io("sync", path))
}

/// Writes `bytes` to `path` atomically and durably.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = parent(path);
    let mut temporary =
        tempfile::NamedTempFile::with_prefix_in(".tmp-", folder).map_err(LakeError::io("write in", folder))?;
    temporary.write_all(bytes).map_err(LakeError::io("write", path))?;
    persist(temporary, path)?;
    sync_dir(folder)
}

/// Syncs a finished temporary file and renames it to `path`; the folder is the caller's to sync.
///
/// What lies in a lake never changes, so the file is made read-only, and readable by others.
pub(crate) fn persist(temporary: tempfile::NamedTempFile, path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let read_only = fs::Permissions::from_mode(0o444);
    temporary.as_file().set_permissions(read_only).map_err(LakeError::io("protect", path))?;
    temporary.as_file().sync_all().map_err(LakeError::io("sync", path))?;
    temporary.persist(path).map_err(|e| LakeError::io("rename", path)(e.error))?;
    Ok(())
}

/// Points the symlink `link` at `target` atomically and durably.
pub(crate) fn switch_symlink(link: &Path, target: &Path) -> Result<()> {
    let folder = parent(link);
    // One name for all processes (only one writes), so that one that was killed leaves nothing behind for long.
    let temporary = folder.join(".tmp-link");
    remove_if_there(&temporary)?;
    std::os::unix::fs::symlink(target, &temporary).map_err(LakeError::io("link", &temporary))?;
    fs::rename(&temporary, link).map_err(LakeError::io("rename", link))?;
    sync_dir(folder)
}

/// Hard-links `from` as `to`, or copies where the file system has no hard links.
///
/// Nothing that is already there is ever written through: it could be a link into the store.
pub(crate) fn link(from: &Path, to: &Path) -> Result<()> {
    use std::io::ErrorKind::{CrossesDevices, PermissionDenied, TooManyLinks, Unsupported};
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(error) if matches!(error.kind(), CrossesDevices | PermissionDenied | TooManyLinks | Unsupported) => {
            let mut source = File::open(from).map_err(LakeError::io("read", from))?;
            let mut copy = File::create_new(to).map_err(LakeError::io("copy to", to))?;
            std::io::copy(&mut source, &mut copy).map_err(LakeError::io("copy to", to))?;
            copy.sync_all().map_err(LakeError::io("sync", to))
        }
        Err(error) => Err(LakeError::io("link", to)(error)),
    }
}

/// Removes a file, and is content if there is none.
pub(crate) fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(LakeError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes what an interrupted writer left in a folder of ours: entries whose names begin with `.tmp-`.
pub(crate) fn sweep(folder: &Path) -> Result<usize> {
    let mut swept = 0;
    let entries: Vec<PathBuf> = match fs::read_dir(folder) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(_) => return Ok(0),
    };
    for path in entries {
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".tmp-")) {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(LakeError::io("remove", &path))?;
            swept += 1;
        }
    }
    Ok(swept)
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_is_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_symlink_is_switched_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("current");
        switch_symlink(&link, Path::new("snapshots/one")).unwrap();
        switch_symlink(&link, Path::new("snapshots/two")).unwrap();
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("snapshots/two"));
    }

    #[test]
    fn sweeping_takes_only_what_was_left_half_done() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".tmp-x"), "x").unwrap();
        fs::create_dir(folder.path().join(".tmp-dir")).unwrap();
        fs::write(folder.path().join("kept"), "x").unwrap();
        assert_eq!(sweep(folder.path()).unwrap(), 2);
        assert!(folder.path().join("kept").exists());
    }

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
