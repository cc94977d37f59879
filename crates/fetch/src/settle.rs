//! From bytes as they came to a file that may take its place: unpacked, looked at, hashed.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::error::{FetchError, Result};
use crate::hash::{self, Hashing};
use crate::keep;
use crate::sniff::{self, Promised};

/// A file that is whole and looked at, not yet in its place.
pub(crate) struct Settled {
    from: From,
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

enum From {
    /// As it came.
    Part(PathBuf),
    /// Unpacked into a file of its own.
    Unpacked(tempfile::NamedTempFile),
}

impl Settled {
    /// Unpacks where it is packed, hashes, and holds the bytes against what the name promises.
    ///
    /// # Errors
    /// [`FetchError::NotAsPromised`], [`FetchError::TooLarge`], or of the file system.
    pub(crate) fn new(part: &Path, encoding: Option<&str>, target: &Path, url: &str, limit: u64) -> Result<Self> {
        let promised = Promised::by(&target.file_name().unwrap_or_default().to_string_lossy());
        let refuse = |got: String| FetchError::NotAsPromised { url: url.to_owned(), promised: promised.words(), got };
        let settled = match encoding {
            None => {
                let sha256 = hash::of_file(part)?.unwrap_or_default();
                let bytes = std::fs::metadata(part).map_err(FetchError::io("read", part))?.len();
                Self { from: From::Part(part.to_path_buf()), sha256, bytes }
            }
            Some("gzip") => unpack(part, target, url, limit)?
                .ok_or_else(|| refuse("is damaged: it cannot be unpacked".to_owned()))?,
            Some(other) => return Err(refuse(format!("is packed as {other}, which was not asked for"))),
        };
        match sniff::fault(settled.path(), promised)? {
            Some(fault) => Err(refuse(fault)),
            None => Ok(settled),
        }
    }

    fn path(&self) -> &Path {
        match &self.from {
            From::Part(path) => path,
            From::Unpacked(file) => file.path(),
        }
    }

    /// Takes the place of what lies at a path.
    pub(crate) fn take_place(self, path: &Path) -> Result<()> {
        match self.from {
            From::Part(part) => keep::rename(&part, path),
            From::Unpacked(file) => keep::persist(file, path),
        }
    }
}

/// Unpacks gzip; nothing where it is damaged.
fn unpack(part: &Path, target: &Path, url: &str, limit: u64) -> Result<Option<Settled>> {
    let packed = File::open(part).map_err(FetchError::io("read", part))?;
    let mut reader = MultiGzDecoder::new(BufReader::new(packed)).take(limit.saturating_add(1));
    let mut sink = Hashing::new(keep::temporary(target)?);
    match io::copy(&mut reader, &mut sink) {
        Ok(_) => {}
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(FetchError::io("write", target)(error)),
    }
    let (file, sha256, bytes) = sink.finish();
    if bytes > limit {
        return Err(FetchError::TooLarge { url: url.to_owned(), limit });
    }
    Ok(Some(Settled { from: From::Unpacked(file), sha256, bytes }))
}
