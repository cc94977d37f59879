//! What can be typed: commands and options, with help and an example for each.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use lais_lake::Engine;

mod evidence;
mod query;
mod search;

pub(crate) use evidence::{BacktestArgs, ParityArgs, ParityLaitArgs, ParityWith};
pub(crate) use query::{QueryArgs, QueryFormat, Role};
pub(crate) use search::{SearchArgs, SearchFormat, Statement, criterion_titles, document_kinds, topic_titles};

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
    /// Say more, such as where the time of a build went; twice for everything
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
    #[command(after_help = "Example:\n  lais status\n  lais status --review\n  lais status --revisions --format csv")]
    Status(StatusArgs),
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
        after_help = "Example:\n  lais query \"SELECT name, value FROM comparison JOIN authority USING (authority_code) WHERE indicator_id = 'rereferral-rate' AND period_end = '2025-03-31' AND value IS NOT NULL ORDER BY value DESC LIMIT 5\"\""
    )]
    Query(QueryArgs),
    /// Show one authority's indicators against England, its region and its statistical neighbours
    #[command(
        after_help = "Example:\n  lais compare Birmingham\n  lais compare E08000025 --with neighbours --format csv\n\nAn authority is named by its ONS code, its three-digit code, or its name."
    )]
    Compare(CompareArgs),
    /// Hold our figures beside those of another tool, and say why any differs
    #[command(after_help = "Example:\n  lais parity lait")]
    Parity(ParityArgs),
    /// Judge what the signals were worth, had they been read before each inspection since 2018
    Backtest(BacktestArgs),
    /// Lay out the pre-inspection analysis of one authority or of all
    #[command(
        after_help = "Example:\n  lais pack Birmingham --out packs\n  lais pack --all --out packs --render html,json\n\nOne file an authority and form, named by the authority's code. A pack is one page that needs no other file."
    )]
    Pack(PackArgs),
    /// Search the words of inspection reports and of self-evaluations
    #[command(
        after_help = "Example:\n  lais search oversight of permanence --statement needs-to-improve\n  lais search '\"care leavers\" NOT housing' --authority Birmingham --from 2024-01-01 --format json\n\nWords are found whatever their endings; OR, NOT, brackets, \"words side by side\" and begin* are understood (docs/search.md). Without a word, what the options let through is shown, the newest first."
    )]
    Search(SearchArgs),
    /// Draw a chart as SVG or PNG
    #[command(
        after_help = "Example:\n  lais chart trend Birmingham rereferral-rate --out trend.svg\n\n`lais indicators` lists what can be drawn."
    )]
    Chart(ChartArgs),
    /// Serve the snapshot as an API and as pages, to this machine alone
    #[command(
        after_help = "Example:\n  lais serve --listen 127.0.0.1:8080\n\nPages: /. API: /v1/authorities/CODE/comparison, /v1/packs/CODE.html, /healthz. A new snapshot is served as soon as a build has published it."
    )]
    Serve(ServeArgs),
    /// Download what source descriptions name, so that the same bytes can be had again
    #[command(
        after_help = "Example:\n  lais fetch --into data\n  lais fetch dfe-cin-referrals --into data --locked\n  lais build --sources data\n\nsources.lock in the folder says what each file was; --locked fetches exactly that. A new version of a file takes its place, and the old one is kept under .earlier, which a build does not read. Downloads that broke off are gone on with. Without a network what is there is kept."
    )]
    Fetch(FetchArgs),
    /// Write the sources of a fictional country in the published formats
    #[command(
        after_help = "Example:\n  lais synth --out country --authorities 40\n  lais build --sources country\n\nThe same options give the same bytes. No name, code or figure is a real authority's."
    )]
    Synth(SynthArgs),
    /// Show it all on a fictional country: write its sources, build, lay out packs, serve them
    #[command(
        after_help = "Example:\n  lais demo\n  lais demo --dir somewhere --no-serve\n\nEverything goes into one folder, which can be deleted afterwards."
    )]
    Demo(DemoArgs),
    /// Look at the descriptions of sources, or make a first one of a new file
    #[command(
        after_help = "Example:\n  lais pipeline draft new_table.csv > my-pipelines/new-table.toml\n  lais pipeline check --pipelines my-pipelines"
    )]
    Pipeline(PipelineArgs),
}

/// A day as it is typed.
fn day(typed: &str) -> Result<Date, String> {
    typed.parse().map_err(|_| "it is no day that can be read; write it as 2025-03-31".to_owned())
}

/// Where and how a table is shown.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct TableArgs {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

#[derive(Args, Debug)]
pub(crate) struct StatusArgs {
    /// Also the files that were told in confidence, where this user may enter their folder
    #[arg(long)]
    pub(crate) restricted: bool,
    /// What a person must look at before it becomes a fact, such as reports that were not read with certainty
    #[arg(long, conflicts_with = "revisions")]
    pub(crate) review: bool,
    /// What changed from one vintage of a source to the next, figure by figure
    #[arg(long)]
    pub(crate) revisions: bool,
    #[command(flatten)]
    pub(crate) table: TableArgs,
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
    #[arg(long, value_name = "DATE", value_parser = day)]
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
pub(crate) struct CompareArgs {
    /// The authority's ONS code, three-digit code or name
    pub(crate) authority: String,
    /// Show one comparator only
    #[arg(long, value_enum)]
    pub(crate) with: Option<Comparator>,
    /// The day for which figures are compared [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_at: Option<Date>,
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
    /// Print a first description of a file never seen before, made from the file itself
    #[command(
        after_help = "Example:\n  lais pipeline draft new_table.csv > my-pipelines/new-table.toml\n  lais build --sources new_table.csv --pipelines my-pipelines\n\nIt works as it is. What the file does not say is guessed, and marked with `# unsure: ...`: look there first. Drafts are made from CSV files in the layout of Explore education statistics."
    )]
    Draft {
        /// The file
        file: PathBuf,
    },
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

#[derive(Args, Debug)]
pub(crate) struct PackArgs {
    /// Authorities, each by its ONS code, three-digit code or name
    #[arg(value_name = "CODE", required_unless_present = "all", conflicts_with = "all")]
    pub(crate) authorities: Vec<String>,
    /// Every authority that exists on the day
    #[arg(long)]
    pub(crate) all: bool,
    /// The day for which packs stand [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_at: Option<Date>,
    /// The forms to write
    #[arg(long, value_enum, value_delimiter = ',', default_value = "html")]
    pub(crate) render: Vec<Render>,
    /// The folder to write into
    #[arg(long, value_name = "DIR", default_value = "packs")]
    pub(crate) out: PathBuf,
}

/// A form of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Render {
    /// One page that needs no other file
    Html,
    /// Every figure with its source, for programs
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct ChartArgs {
    #[command(subcommand)]
    pub(crate) kind: ChartKind,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChartKind {
    /// One indicator of one authority over time, beside country, region and neighbours
    #[command(
        after_help = "Example:\n  lais chart trend Birmingham rereferral-rate --out trend.svg\n  lais chart trend E08000025 social-worker-vacancy-rate --out trend.png --width 1600"
    )]
    Trend {
        /// The authority's ONS code, three-digit code or name
        authority: String,
        /// The indicator's id
        indicator: String,
        /// The file to write; its ending, .svg or .png, says the form
        #[arg(long, short, value_name = "FILE")]
        out: PathBuf,
        /// The width of a PNG in pixels
        #[arg(long, default_value_t = 1440, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(100..=8000))]
        width: u32,
        /// The day for which figures are known [default: today]
        #[arg(long, value_name = "DATE", value_parser = day)]
        as_at: Option<Date>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Where to listen; an address of this machine's own, port 0 for any that is free
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub(crate) listen: SocketAddr,
}

#[derive(Args, Debug)]
pub(crate) struct FetchArgs {
    /// Sources by id [default: all whose descriptions say where they can be fetched]
    #[arg(value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// The folder that files and sources.lock go into
    #[arg(long, value_name = "DIR")]
    pub(crate) into: PathBuf,
    /// Folders of source descriptions that add to the built-in ones and win over them; repeats
    #[arg(long, num_args = 1.., value_name = "DIR")]
    pub(crate) pipelines: Vec<PathBuf>,
    /// Fetch exactly what sources.lock names; fail where a checksum is another
    #[arg(long)]
    pub(crate) locked: bool,
    /// Say what would be asked for and ask nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Tries of one request, the first counted
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub(crate) tries: u8,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

#[derive(Args, Debug)]
pub(crate) struct SynthArgs {
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) country: CountryArgs,
}

/// How large a fictional country is.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct CountryArgs {
    /// Authorities
    #[arg(long, value_name = "N", default_value_t = lais_synth::Options::default().authorities)]
    pub(crate) authorities: usize,
    /// Years of children in need data
    #[arg(long, value_name = "N", default_value_t = lais_synth::Options::default().years)]
    pub(crate) years: usize,
    /// Multiplies the authorities, for load tests
    #[arg(long, value_name = "K", default_value_t = lais_synth::Options::default().scale)]
    pub(crate) scale: usize,
    /// Another seed gives another country
    #[arg(long, value_name = "S", default_value_t = lais_synth::Options::default().seed)]
    pub(crate) seed: u64,
}

impl From<CountryArgs> for lais_synth::Options {
    fn from(args: CountryArgs) -> Self {
        let CountryArgs { authorities, years, scale, seed } = args;
        Self { authorities, years, scale, seed }
    }
}

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// The folder that everything goes into
    #[arg(long, value_name = "DIR", default_value = "lais-demo")]
    pub(crate) dir: PathBuf,
    /// Stop before serving
    #[arg(long)]
    pub(crate) no_serve: bool,
    /// Where to serve; where the port is taken, any other that is free
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR", conflicts_with = "no_serve")]
    pub(crate) listen: SocketAddr,
}
