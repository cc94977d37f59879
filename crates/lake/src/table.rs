//! What a table of facts is: its name, its class and its schema.

use arrow::datatypes::SchemaRef;
use serde::{Deserialize, Serialize};

/// Who may see a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Anyone: it holds published figures and what follows from them.
    #[default]
    Public,
    /// Inspectors and analysts: it holds our own assessment.
    Official,
    /// Named persons: it holds what was told in confidence.
    Restricted,
}

impl Class {
    /// The kebab-case id that pipelines and models say.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Official => "official",
            Self::Restricted => "restricted",
        }
    }
}

/// A table that is written as facts, not computed by a model.
#[derive(Clone, Debug)]
pub struct TableSpec {
    /// The table's name in SQL and on disk.
    pub name: &'static str,
    /// Who may see it.
    pub class: Class,
    /// Its columns.
    pub schema: SchemaRef,
    /// The columns that identify a row; rows are unique in them.
    pub key: &'static [&'static str],
    /// Whether it lies as a folder with a file a source, rather than as one file.
    pub partitioned: bool,
}
