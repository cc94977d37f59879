//! What there is of a file that is not whole yet, and how to tell that it is still the same file.
//!
//! Two hidden files lie beside where the file will be: `.NAME.part` with the bytes as the server sent them, and
//! `.NAME.part.json` with the address and the validator, written before the first byte.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{FetchError, Result};
use crate::keep;

/// What the server said of the bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Said {
    /// The address that was asked for.
    pub(crate) url: String,
    /// The `ETag`, as sent.
    pub(crate) etag: Option<String>,
    /// The `Last-Modified`, as sent.
    pub(crate) last_modified: Option<String>,
    /// The `Content-Encoding`, in lower case, where it is not `identity`.
    pub(crate) encoding: Option<String>,
    /// All bytes there are to be, where the server said so.
    pub(crate) total: Option<u64>,
}

impl Said {
    /// What a range can be asked for under: a strong `ETag`, or else the day of change.
    pub(crate) fn validator(&self) -> Option<&str> {
        let strong = self.etag.as_deref().filter(|tag| !tag.starts_with("W/"));
        strong.or_else(|| self.last_modified.as_deref().filter(|_| self.etag.is_none()))
    }
}

/// The bytes that are there.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    said_path: PathBuf,
    said: Said,
    bytes: u64,
    file: Option<File>,
}

impl Part {
    /// What lies there of this address, if it can be gone on with; nothing to begin with otherwise.
    pub(crate) fn open(folder: &Path, name: &str, url: &str) -> Result<Self> {
        let (path, said_path) = (folder.join(format!(".{name}.part")), folder.join(format!(".{name}.part.json")));
        let mut part = Self { path, said_path, said: Said::default(), bytes: 0, file: None };
        let said = fs::read(&part.said_path).ok().and_then(|text| serde_json::from_slice::<Said>(&text).ok());
        let bytes = fs::symlink_metadata(&part.path).ok().filter(fs::Metadata::is_file).map_or(0, |meta| meta.len());
        match said {
            Some(said) if said.url == url && said.validator().is_some() && bytes > 0 => {
                (part.said, part.bytes) = (said, bytes);
            }
            _ => part.drop_it()?,
        }
        Ok(part)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn said(&self) -> &Said {
        &self.said
    }

    /// Begins anew with what the server now says.
    pub(crate) fn begin(&mut self, said: Said) -> Result<()> {
        self.drop_it()?;
        let text = serde_json::to_vec(&said).unwrap_or_default();
        keep::write(&self.said_path, &text)?;
        let file = OpenOptions::new().write(true).create_new(true).open(&self.path);
        self.file = Some(file.map_err(FetchError::io("write", &self.path))?);
        self.said = said;
        Ok(())
    }

    /// Goes on after the bytes that are there.
    pub(crate) fn go_on(&mut self) -> Result<()> {
        let file = OpenOptions::new().append(true).open(&self.path);
        self.file = Some(file.map_err(FetchError::io("write", &self.path))?);
        Ok(())
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(file) = &mut self.file {
            file.write_all(bytes).map_err(FetchError::io("write", &self.path))?;
            self.bytes += bytes.len() as u64;
        }
        Ok(())
    }

    /// Puts the bytes on disk and gives the file that they are in.
    pub(crate) fn close(&mut self) -> Result<&Path> {
        if let Some(file) = self.file.take() {
            file.sync_all().map_err(FetchError::io("sync", &self.path))?;
        }
        Ok(&self.path)
    }

    /// Takes both files away.
    pub(crate) fn drop_it(&mut self) -> Result<()> {
        (self.file, self.bytes, self.said) = (None, 0, Said::default());
        keep::remove(&self.path)?;
        keep::remove(&self.said_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(etag: Option<&str>, last_modified: Option<&str>) -> Said {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Said { url: "u".to_owned(), etag: own(etag), last_modified: own(last_modified), ..Said::default() }
    }

    #[test]
    fn only_a_strong_validator_lets_a_range_be_asked_for() {
        assert_eq!(said(Some("\"a\""), Some("day")).validator(), Some("\"a\""));
        assert_eq!(said(None, Some("day")).validator(), Some("day"));
        // A weak tag says that the bytes may differ; the day beside it is no better.
        assert_eq!(said(Some("W/\"a\""), Some("day")).validator(), None);
        assert_eq!(said(None, None).validator(), None);
    }

    #[test]
    fn a_part_of_another_address_or_without_its_note_is_thrown_away() {
        let folder = tempfile::tempdir().unwrap();
        let mut part = Part::open(folder.path(), "a.csv", "u").unwrap();
        part.begin(said(Some("\"a\""), None)).unwrap();
        part.add(b"half").unwrap();
        part.close().unwrap();
        assert_eq!(Part::open(folder.path(), "a.csv", "u").unwrap().bytes(), 4);
        assert_eq!(Part::open(folder.path(), "a.csv", "another").unwrap().bytes(), 0);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        fs::write(folder.path().join(".a.csv.part"), "half").unwrap();
        assert_eq!(Part::open(folder.path(), "a.csv", "u").unwrap().bytes(), 0);
    }
}
