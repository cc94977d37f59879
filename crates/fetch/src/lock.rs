//! The lock: what each file was, so that the same bytes can be had again.

use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::{FetchError, Result};
use crate::{keep, name};

/// The name of the lock in the folder of the files.
pub const LOCK_FILE: &str = "sources.lock";

/// The form of the lock that this program writes.
const FORM: u32 = 1;

const HEADER: &str = "# What `lais fetch` brought here, so that the same bytes can be had again with --locked.\n# Written by the program; keep it beside what is made of the files.\n";

/// A file as it was fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// The source that names it.
    pub source_id: String,
    /// What was asked for, in words that stay the same from version to version.
    pub asked: String,
    /// Where it lies, below the folder of the lock.
    pub path: String,
    /// The address.
    pub url: String,
    /// The address that redirects led to.
    pub final_url: String,
    /// The publisher's own name of the version, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// The SHA-256 of the file as it lies here, in lower-case hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// The `ETag` as the server sent it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub etag: Option<String>,
    /// The `Last-Modified` as the server sent it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last_modified: Option<String>,
    /// The day on which these bytes were first fetched.
    pub fetched_on: Date,
}

/// All that was fetched into a folder, in order of source, what was asked, and path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    files: Vec<Locked>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    form: u32,
    #[serde(default, rename = "file")]
    files: Vec<Locked>,
}

impl Lock {
    /// Reads the lock of a folder; one that is not there names nothing.
    ///
    /// # Errors
    /// [`FetchError::Lock`] where it cannot be understood or a path in it leads elsewhere.
    pub fn read(into: &Path) -> Result<Self> {
        let path = into.join(LOCK_FILE);
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            read => read.map_err(FetchError::io("read", &path))?,
        };
        let wrong = |why: String| FetchError::Lock { path: path.clone(), why };
        let document: Document = toml::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        if document.form != FORM {
            return Err(wrong(format!("its form is {}, and this program knows form {FORM}", document.form)));
        }
        for file in &document.files {
            if !name::is_safe_path(&file.path) {
                return Err(wrong(format!("path {:?} is not one below this folder", file.path)));
            }
            if file.sha256.len() != 64 || !file.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(wrong(format!("{}: {:?} is no SHA-256", file.path, file.sha256)));
            }
        }
        let mut lock = Self { files: Vec::new() };
        for file in document.files {
            if let Some(other) = lock.at(&file.path) {
                return Err(wrong(format!("{} is there for {} and for {}", file.path, other.asked, file.asked)));
            }
            lock.put(file);
        }
        Ok(lock)
    }

    /// Writes the lock whole; the same files always make the same bytes.
    ///
    /// # Errors
    /// [`FetchError::Io`].
    pub fn write(&self, into: &Path) -> Result<()> {
        let path = into.join(LOCK_FILE);
        let document = Document { form: FORM, files: self.files.clone() };
        let text =
            toml::to_string(&document).map_err(|e| FetchError::Lock { path: path.clone(), why: e.to_string() })?;
        let text = format!("{HEADER}{text}");
        if std::fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
            return Ok(());
        }
        keep::write(&path, text.as_bytes())
    }

    /// The files, in order.
    #[must_use]
    pub fn files(&self) -> &[Locked] {
        &self.files
    }

    /// The file that was asked for in these words.
    #[must_use]
    pub fn find(&self, source_id: &str, asked: &str) -> Option<&Locked> {
        self.files.iter().find(|file| file.source_id == source_id && file.asked == asked)
    }

    /// The files of a target: its one, or each of several.
    pub(crate) fn of<'a>(&'a self, source_id: &'a str, key: &'a str) -> impl Iterator<Item = &'a Locked> {
        self.files.iter().filter(move |file| file.source_id == source_id && is_of(&file.asked, key))
    }

    /// The file that lies at a path.
    pub(crate) fn at(&self, path: &str) -> Option<&Locked> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Puts a file in, in place of the one that was asked for in the same words and of the one that lay there.
    pub(crate) fn put(&mut self, file: Locked) {
        self.files.retain(|other| (&other.source_id, &other.asked) != (&file.source_id, &file.asked));
        self.files.retain(|other| other.path != file.path);
        self.files.push(file);
        self.files.sort_by(|a, b| (&a.source_id, &a.asked, &a.path).cmp(&(&b.source_id, &b.asked, &b.path)));
    }
}

/// Between a target and one of its several files.
const SEVERAL: &str = " > ";

/// Whether what was asked for is of a target: its one file, or one of several.
pub(crate) fn is_of(asked: &str, key: &str) -> bool {
    asked.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with(SEVERAL))
}

/// What is asked for, of one of several files of a target.
pub(crate) fn one_of_several(key: &str, name: &str) -> String {
    format!("{key}{SEVERAL}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(asked: &str, path: &str) -> Locked {
        Locked {
            source_id: "s".to_owned(),
            asked: asked.to_owned(),
            path: path.to_owned(),
            url: "https://example.org/a".to_owned(),
            final_url: "https://example.org/a".to_owned(),
            version: Some("1.0".to_owned()),
            sha256: "0".repeat(64),
            bytes: 3,
            etag: Some("\"x\"".to_owned()),
            last_modified: None,
            fetched_on: "2026-01-31".parse().unwrap(),
        }
    }

    #[test]
    fn a_lock_comes_back_the_same_whatever_order_it_was_put_in() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut lock = Lock::default();
        lock.put(file("b", "s/b.csv"));
        lock.put(file("a", "s/a.csv"));
        lock.write(one.path()).unwrap();
        let mut other = Lock::default();
        other.put(file("a", "s/a.csv"));
        other.put(file("b", "s/x.csv"));
        other.put(file("b", "s/b.csv"));
        other.write(two.path()).unwrap();
        let text = |folder: &Path| std::fs::read_to_string(folder.join(LOCK_FILE)).unwrap();
        assert_eq!(text(one.path()), text(two.path()));
        assert_eq!(Lock::read(one.path()).unwrap(), lock);
        assert!(text(one.path()).contains("fetched_on = \"2026-01-31\""), "{}", text(one.path()));
    }

    #[test]
    fn a_lock_whose_paths_lead_elsewhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["../a.csv", "/etc/passwd", "s/.hidden", "s//a", "", "s/../../a", ".earlier/a.csv"] {
            let mut lock = Lock::default();
            lock.put(file("a", path));
            lock.write(folder.path()).unwrap();
            assert!(matches!(Lock::read(folder.path()), Err(FetchError::Lock { .. })), "{path}");
        }
    }

    #[test]
    fn a_lock_that_cannot_be_understood_says_where() {
        let folder = tempfile::tempdir().unwrap();
        for (text, said) in [("form = 2\n", "form is 2"), ("form = 1\nx = 1\n", "line 2"), ("nonsense", "line 1")] {
            std::fs::write(folder.path().join(LOCK_FILE), text).unwrap();
            let error = Lock::read(folder.path()).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        assert_eq!(Lock::read(&folder.path().join("nowhere")).unwrap(), Lock::default());
    }

    #[test]
    fn the_files_of_a_target_are_its_one_or_each_of_several() {
        let mut lock = Lock::default();
        lock.put(file("page /a x.ods", "s/x.ods"));
        lock.put(file(&one_of_several("page /b *", "1.ods"), "s/1.ods"));
        lock.put(file(&one_of_several("page /b *", "2.ods"), "s/2.ods"));
        lock.put(file("page /b *other", "s/3.ods"));
        assert_eq!(lock.of("s", "page /a x.ods").count(), 1);
        assert_eq!(lock.of("s", "page /b *").count(), 2);
    }
}
