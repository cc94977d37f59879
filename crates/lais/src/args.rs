//! What can be typed: commands and options, with help and an example for each.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use lais_lake::Engine;

/// The local authority intelligence system: published figures and judgements of England's children's
/// services as one record.
#[derive(Debug, Parser)]
#[command(name = "lais", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Example:\n  lais build --sources data\n  lais compare Birmingham\n\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 something was quarantined (with --strict)"
)]
pub(crate) struct Cli {
    /// The lake's folder [default: lake, or as lais.toml says]
    #[arg(long, global = true, env = "LAIS_LAKE", value_name = "DIR")]
    pub(crate) lake: Option<PathBuf>,
    /// Say less: errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Recognise, check and keep published files, compute every model, publish one new snapshot
    #[command(
        after_help = "Example:\n  lais build --sources data --lake lake\n\nUnchanged files are not read again, and models that nothing changed for are not run again."
    )]
    Build(BuildArgs),
    /// Show the snapshot: tables, files, freshness, and what was left out and why
    #[command(after_help = "Example:\n  lais status\n  lais status --format json")]
    Status(TableArgs),
    /// List the published sources in the snapshot
    #[command(after_help = "Example:\n  lais sources --format csv")]
    Sources(TableArgs),
    /// List the indicators with unit, polarity and the criterion they speak to
    #[command(after_help = "Example:\n  lais indicators --all")]
    Indicators(IndicatorArgs),
    /// List the local authorities
    #[command(after_help = "Example:\n  lais authorities --format csv")]
    Authorities(TableArgs),
    /// List the functions that SQL may call beside the engine's own
    #[command(after_help = "Example:\n  lais functions")]
    Functions(TableArgs),
    /// Ask the snapshot a question in SQL, read-only
    #[command(
        after_help = "Example:\n  lais query \"SELECT name, value FROM comparison JOIN authority USING (authority_code) WHERE indicator_id = 'rereferral-rate' ORDER BY value DESC LIMIT 5\""
    )]
    Query(QueryArgs),
    /// Show one authority's indicators against England, its region and its statistical neighbours
    #[command(
        after_help = "Example:\n  lais compare Birmingham\n  lais compare E08000025 --with neighbours --format csv\n\nAn authority is named by its ONS code, its three-digit code, or its name."
    )]
    Compare(CompareArgs),
    /// Look at the descriptions of sources
    #[command(after_help = "Example:\n  lais pipeline check --pipelines my-pipelines")]
    Pipeline(PipelineArgs),
}

/// Where and how a table is shown.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct TableArgs {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for a person
    Table,
    /// Comma-separated values
    Csv,
    /// A JSON array of objects
    Json,
    /// A JSON object a line
    Ndjson,
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

#[derive(Args, Debug)]
pub(crate) struct BuildArgs {
    /// Files and folders to read, folders with all that is below them; repeats
    #[arg(long, required = true, num_args = 1.., value_name = "PATH")]
    pub(crate) sources: Vec<PathBuf>,
    /// Folders of source descriptions that add to the built-in ones and win over them; repeats
    #[arg(long, num_args = 1.., value_name = "DIR")]
    pub(crate) pipelines: Vec<PathBuf>,
    /// Where models run: embedded, or df://host:port
    #[arg(long, default_value = "embedded", value_name = "ENGINE")]
    pub(crate) engine: Engine,
    /// The day for which models are computed [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_at: Option<Date>,
    /// Exit with 3 where anything was quarantined or refused
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Args, Debug)]
pub(crate) struct IndicatorArgs {
    /// Also those that only a column and its filters describe
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

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
}

#[derive(Args, Debug)]
pub(crate) struct CompareArgs {
    /// The authority's ONS code, three-digit code or name
    pub(crate) authority: String,
    /// Show one comparator only
    #[arg(long, value_enum)]
    pub(crate) with: Option<Comparator>,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Comparator {
    /// England's published figure
    England,
    /// The region's published figure
    Region,
    /// The statistical neighbours
    Neighbours,
}

#[derive(Args, Debug)]
pub(crate) struct PipelineArgs {
    #[command(subcommand)]
    pub(crate) command: PipelineCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PipelineCommand {
    /// Read every source description and explain it, or say what is wrong with it
    #[command(after_help = "Example:\n  lais pipeline check --pipelines my-pipelines")]
    Check {
        /// Folders of source descriptions that add to the built-in ones; repeats
        #[arg(long, num_args = 1.., value_name = "DIR")]
        pipelines: Vec<PathBuf>,
        #[command(flatten)]
        table: TableArgs,
    },
}
