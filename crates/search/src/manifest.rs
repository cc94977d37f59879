//! The file that says what an index is, and by which its files are checked.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::OpenError;
use crate::passage::Class;
use crate::schema::{SCHEMA_VERSION, analysis};

/// The manifest's name in an index's folder.
pub(crate) const MANIFEST: &str = "manifest.json";

/// What an index is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The snapshot whose passages it holds.
    pub snapshot: String,
    /// The class of every passage in it.
    pub class: Class,
}

/// What is in an index's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// The version of the files' form.
    pub(crate) schema_version: u32,
    /// The analysis by which its words were made.
    pub(crate) analysis: String,
    /// What it is of.
    pub(crate) identity: Identity,
    /// Passages.
    pub(crate) passages: u64,
    /// Passages without a date.
    pub(crate) undated: u64,
    /// Its files.
    pub(crate) files: BTreeMap<String, Piece>,
}

/// A file of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Piece {
    /// Its size.
    pub(crate) bytes: u64,
    /// The hash of its bytes.
    pub(crate) sha256: String,
}

/// The manifest as it lies on disk: its own hash guards it.
#[derive(Serialize, Deserialize)]
struct Sealed {
    sha256: String,
    manifest: serde_json::Value,
}

impl Manifest {
    /// The bytes of its file.
    pub(crate) fn seal(&self) -> Result<Vec<u8>, serde_json::Error> {
        let manifest = serde_json::to_value(self)?;
        let sha256 = sha256_hex(manifest.to_string().as_bytes());
        serde_json::to_vec_pretty(&Sealed { sha256, manifest })
    }

    /// Reads the bytes of the file of the index in `folder`, and refuses one of another version, analysis or identity.
    pub(crate) fn open(bytes: &[u8], folder: &Path, expected: &Identity) -> Result<Self, OpenError> {
        let damaged = |why: String| OpenError::Damaged { path: folder.to_owned(), why };
        let sealed: Sealed =
            serde_json::from_slice(bytes).map_err(|e| damaged(format!("{MANIFEST} cannot be read ({e})")))?;
        if sha256_hex(sealed.manifest.to_string().as_bytes()) != sealed.sha256 {
            return Err(damaged(format!("{MANIFEST} is not as it was written")));
        }
        let stale =
            |what, found: String, expected: String| OpenError::Stale { path: folder.to_owned(), what, found, expected };
        // Before the rest is read: another version may have other fields.
        let version = sealed.manifest.get("schema_version").and_then(serde_json::Value::as_u64);
        if version != Some(u64::from(SCHEMA_VERSION)) {
            let found = version.map_or_else(|| "unknown".to_owned(), |version| version.to_string());
            return Err(stale("schema version", found, SCHEMA_VERSION.to_string()));
        }
        let manifest: Self = serde_json::from_value(sealed.manifest)
            .map_err(|e| damaged(format!("{MANIFEST} says something unexpected ({e})")))?;
        let class = |class: Class| class.id().to_owned();
        for (what, found, wanted) in [
            ("snapshot", manifest.identity.snapshot.clone(), expected.snapshot.clone()),
            ("class", class(manifest.identity.class), class(expected.class)),
            ("analysis", manifest.analysis.clone(), analysis()),
        ] {
            if found != wanted {
                return Err(stale(what, found, wanted));
            }
        }
        Ok(manifest)
    }
}

/// The SHA-256 of `bytes` in lower-case hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity { snapshot: "one".to_owned(), class: Class::Public }
    }

    fn manifest() -> Manifest {
        let piece = Piece { bytes: 1, sha256: sha256_hex(b"x") };
        Manifest {
            schema_version: SCHEMA_VERSION,
            analysis: analysis(),
            identity: identity(),
            passages: 3,
            undated: 1,
            files: BTreeMap::from([("a".to_owned(), piece)]),
        }
    }

    #[test]
    fn a_manifest_reads_back_as_it_was_written() {
        let bytes = manifest().seal().unwrap();
        assert_eq!(Manifest::open(&bytes, Path::new("x"), &identity()).unwrap(), manifest());
    }

    #[test]
    fn no_flipped_bit_of_a_manifest_goes_unnoticed() {
        let bytes = manifest().seal().unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                match Manifest::open(&flipped, Path::new("x"), &identity()) {
                    // Space between the pieces of JSON says nothing, so one kind of space may stand for another.
                    Ok(read) => assert_eq!(read, manifest(), "byte {at} bit {bit}"),
                    Err(error) => assert!(matches!(error, OpenError::Damaged { .. }), "byte {at} bit {bit}: {error}"),
                }
            }
        }
    }

    #[test]
    fn another_version_snapshot_class_or_analysis_is_stale_and_says_so() {
        type Change = fn(&mut Manifest);
        let changes: [(&str, Change); 4] = [
            ("schema version", |m| m.schema_version += 1),
            ("snapshot", |m| m.identity.snapshot = "two".to_owned()),
            ("class", |m| m.identity.class = Class::Official),
            ("analysis", |m| m.analysis.push('x')),
        ];
        for (name, change) in changes {
            let mut other = manifest();
            change(&mut other);
            match Manifest::open(&other.seal().unwrap(), Path::new("x"), &identity()) {
                Err(OpenError::Stale { what, .. }) => assert_eq!(what, name),
                other => unreachable!("{name}: {other:?}"),
            }
        }
    }
}
