//! The content-addressed store: each file lies once, under the hash of its bytes, for ever.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use sha2::{Digest as _, Sha256};

use crate::durable;
use crate::error::{LakeError, Result};
use crate::manifest::Part;
use crate::parquet_file;

/// Files addressed by the SHA-256 of their bytes.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// Opens the store in `root`, creating it where there is none.
    ///
    /// # Errors
    /// Where the folder cannot be created.
    pub fn open(root: &Path) -> Result<Self> {
        durable::create_dir(root)?;
        Ok(Self { root: root.to_path_buf() })
    }

    /// The folder the store lies in.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the file with this hash lies, whether it is there or not.
    #[must_use]
    pub fn path(&self, hash: &str) -> PathBuf {
        self.root.join(format!("{hash}.parquet"))
    }

    /// Whether the file of this part is there, with the size it should have.
    #[must_use]
    pub fn holds(&self, part: &Part) -> bool {
        std::fs::metadata(self.path(&part.hash)).is_ok_and(|meta| meta.len() == part.bytes)
    }

    /// Writes batches as one Parquet file and files it under its hash.
    ///
    /// The bytes depend on schema and rows alone, so that the same table has the same address on
    /// any day. The file is synced; the folder is synced once by [`Store::sync`].
    ///
    /// # Errors
    /// Where a batch does not have the schema, or the file cannot be written.
    pub fn put(&self, label: &str, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Part> {
        let temporary = tempfile::NamedTempFile::with_prefix_in(".tmp-", &self.root)
            .map_err(LakeError::io("write in", &self.root))?;
        let sink = Hashing { file: temporary.as_file(), digest: Sha256::new(), bytes: 0 };
        let mut sink = io::BufWriter::with_capacity(1 << 20, sink);
        parquet_file::write(&mut sink, schema, batches)?;
        let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        let sink = sink.into_inner().map_err(|e| LakeError::io("write in", &self.root)(e.into_error()))?;
        let part =
            Part { label: label.to_owned(), hash: durable::hex(&sink.digest.finalize()), rows, bytes: sink.bytes };
        if !self.holds(&part) {
            durable::persist(temporary, &self.path(&part.hash))?;
        }
        Ok(part)
    }

    /// Asks the system to put the store's folder on disk.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn sync(&self) -> Result<()> {
        durable::sync_dir(&self.root)
    }
}

/// A writer that hashes and counts what passes through it.
struct Hashing<'a> {
    file: &'a File,
    digest: Sha256,
    bytes: u64,
}

impl Write for Hashing<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.file.write(buffer)?;
        self.digest.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, StringArray};
    use arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    fn batch() -> (SchemaRef, RecordBatch) {
        let schema = Arc::new(Schema::new(vec![
            Field::new("code", DataType::Utf8, false),
            Field::new("value", DataType::Float64, true),
        ]));
        let columns: Vec<arrow::array::ArrayRef> =
            vec![Arc::new(StringArray::from(vec!["E1", "E2"])), Arc::new(Float64Array::from(vec![Some(20.7), None]))];
        (schema.clone(), RecordBatch::try_new(schema, columns).unwrap())
    }

    #[test]
    fn the_same_rows_have_the_same_address_and_lie_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let (schema, batch) = batch();
        let one = store.put("a", &schema, std::slice::from_ref(&batch)).unwrap();
        let two = store.put("a", &schema, &[batch]).unwrap();
        assert_eq!(one, two);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let bytes = std::fs::read(store.path(&one.hash)).unwrap();
        assert_eq!((durable::sha256_hex(&bytes), bytes.len() as u64), (one.hash.clone(), one.bytes));
        assert!(store.holds(&one));
    }
}
