//! The manifest: what a snapshot holds and what it was made from.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};

use crate::durable::sha256_hex;
use crate::error::{LakeError, Result};
use crate::table::Class;

/// The version of the manifest's format; a reader refuses one it does not know.
pub(crate) const FORMAT: u32 = 1;

/// One Parquet file of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// A speaking name, such as the source's id; the file's name in a folder.
    pub label: String,
    /// SHA-256 of the file, which is also its address in the store.
    pub hash: String,
    /// Rows in it.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// Its Arrow type, as Arrow prints it.
    pub data_type: String,
    /// Whether a value can be missing.
    pub nullable: bool,
}

/// One table of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestTable {
    /// Who may see it.
    pub class: Class,
    /// Whether it lies as a folder of files.
    pub partitioned: bool,
    /// Rows in all its parts.
    pub rows: u64,
    /// SHA-256 over the hashes of its parts.
    pub hash: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its files.
    pub parts: Vec<Part>,
}

impl ManifestTable {
    /// A table of these parts.
    #[must_use]
    pub fn new(class: Class, partitioned: bool, schema: &Schema, parts: Vec<Part>) -> Self {
        let joined: Vec<_> = parts.iter().map(|part| part.hash.as_str()).collect();
        Self {
            class,
            partitioned,
            rows: parts.iter().map(|part| part.rows).sum(),
            hash: sha256_hex(joined.join("\n").as_bytes()),
            columns: schema
                .fields()
                .iter()
                .map(|field| Column {
                    name: field.name().clone(),
                    data_type: field.data_type().to_string(),
                    nullable: field.is_nullable(),
                })
                .collect(),
            parts,
        }
    }

    /// The table's Arrow schema.
    ///
    /// # Errors
    /// Where a type is written in a way this version does not know.
    pub fn schema(&self) -> Result<SchemaRef> {
        let fields = self.columns.iter().map(|column| {
            let data_type = DataType::from_str(&column.data_type)?;
            Ok(Field::new(&column.name, data_type, column.nullable))
        });
        Ok(Arc::new(Schema::new(fields.collect::<Result<Vec<_>>>()?)))
    }

    /// The file's path under the snapshot's folder.
    #[must_use]
    pub fn path_of(&self, table: &str, part: &Part) -> String {
        if self.partitioned { format!("{table}/{}.parquet", part.label) } else { format!("{table}.parquet") }
    }
}

/// One file that a build was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its path relative to the sources path it was found under.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// What a snapshot was made of.
#[derive(Clone, Debug, Default)]
pub struct MadeOf {
    /// The day for which its models were computed.
    pub as_at: String,
    /// Versions of the programs that made it.
    pub versions: BTreeMap<String, String>,
    /// The files it was made from, in order of name.
    pub inputs: Vec<Input>,
    /// The names of those among them whose rows are in its tables.
    pub ingested: Vec<String>,
}

/// What a snapshot holds and what it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this format.
    pub format: u32,
    /// The snapshot's id: the first 16 hexadecimal digits of a hash over tables and inputs.
    pub id: String,
    /// When the snapshot was made, UTC.
    pub created_at: String,
    /// The day for which its models were computed.
    pub as_at: String,
    /// Versions of the programs that made it.
    pub versions: BTreeMap<String, String>,
    /// The files it was made from, in order of name.
    pub inputs: Vec<Input>,
    /// The names of those among them whose rows are in its tables.
    pub ingested: Vec<String>,
    /// Its tables by name.
    pub tables: BTreeMap<String, ManifestTable>,
}

impl Manifest {
    /// The id that a snapshot of these tables and inputs has.
    #[must_use]
    pub fn id_of(tables: &BTreeMap<String, ManifestTable>, inputs: &[Input]) -> String {
        let tables: Vec<_> = tables.iter().map(|(name, t)| (name, &t.hash, t.class, &t.columns)).collect();
        // Serialising strings, numbers and enums cannot fail.
        let text = serde_json::to_string(&(FORMAT, tables, inputs)).unwrap_or_default();
        sha256_hex(text.as_bytes())[..16].to_owned()
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// Where the file cannot be read, or is of a format this version does not know.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(LakeError::io("read", path))?;
        let unreadable =
            |reason: String| LakeError::Unreadable { path: path.to_path_buf(), what: "a snapshot's manifest", reason };
        let manifest: Self = serde_json::from_str(&text).map_err(|e| unreadable(e.to_string()))?;
        if manifest.format != FORMAT {
            return Err(unreadable(format!("its format is {}, this program reads {FORMAT}", manifest.format)));
        }
        Ok(manifest)
    }
}
