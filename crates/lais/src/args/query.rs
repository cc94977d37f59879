//! What can be typed after `lais query`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::day;

#[derive(Args, Debug)]
pub(crate) struct QueryArgs {
    /// One SELECT
    pub(crate) sql: String,
    /// How to print [default: table, or as the name of --out ends]
    #[arg(long, value_enum)]
    pub(crate) format: Option<QueryFormat>,
    /// Write to a file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The day for which models answer [default: tables as they lie, of the day they were built for]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_at: Option<Date>,
    /// Also the tables of what was told in confidence, where this user may enter their folder
    #[arg(long)]
    pub(crate) restricted: bool,
    /// Whose tables to ask: for others than officials those of our own assessment are not there at all
    #[arg(long, value_enum, default_value_t = Role::Official, conflicts_with = "restricted")]
    pub(crate) role: Role,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Anyone: published figures and what follows from them
    Public,
    /// A researcher: the same
    Researcher,
    /// An inspector or analyst: our own assessment too
    Official,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum QueryFormat {
    /// A table for a person
    Table,
    /// Comma-separated values
    Csv,
    /// A JSON array of objects
    Json,
    /// A JSON object a line
    Ndjson,
    /// A Parquet file
    Parquet,
    /// An Arrow IPC stream
    Arrow,
}
