//! Settings: the command line over the environment over `lais.toml` over what is usual.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use datafusion::prelude::SessionContext;
use jiff::civil::Date;
use lais_insight::{AsAt, session_at};
use lais_lake::{Engine, Lake, Snapshot};
use serde::Deserialize;

use crate::args::Cli;

/// What `lais.toml` in the working folder may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    lake: Option<PathBuf>,
}

/// What holds for one run of the command.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) lake: Lake,
    pub(crate) quiet: bool,
}

impl Settings {
    pub(crate) fn new(cli: &Cli) -> anyhow::Result<Self> {
        let file = read(Path::new("lais.toml"))?;
        // A slip of the pen must not be answered for another day than was meant.
        rehearsed()?;
        let lake = cli.lake.clone().or(file.lake).unwrap_or_else(|| PathBuf::from("lake"));
        Ok(Self { lake: Lake::at(&lake), quiet: cli.quiet })
    }

    /// The current snapshot, pinned, and a session over the tables that anyone at this machine who can read
    /// the lake may see: as they lie, or as they stand on a day.
    pub(crate) async fn open(&self, as_at: Option<Date>) -> anyhow::Result<Opened> {
        Opened::new(self.lake.current()?, None, as_at).await
    }

    /// The same as they stand today, where no day is given.
    pub(crate) async fn open_today(&self, as_at: Option<Date>) -> anyhow::Result<Opened> {
        self.open(Some(as_at.unwrap_or_else(today))).await
    }

    /// As they lie or on a day, with what was told in confidence, for a user whom the file system lets in.
    pub(crate) async fn open_restricted(&self, as_at: Option<Date>) -> anyhow::Result<Opened> {
        let snapshot = self.lake.current()?;
        let restricted = self.lake.restricted_of(&snapshot)?;
        Opened::new(snapshot, Some(restricted), as_at).await
    }
}

/// A snapshot that is pinned, and a session over its tables.
pub(crate) struct Opened {
    pub(crate) snapshot: Snapshot,
    /// The restricted tables that belong to it, where they were asked for.
    pub(crate) restricted: Option<Snapshot>,
    pub(crate) session: SessionContext,
    pub(crate) as_at: Date,
    /// What ids of figures say they are from: the snapshot, with the day where models ran anew for it.
    pub(crate) from: String,
}

impl Opened {
    async fn new(snapshot: Snapshot, restricted: Option<Snapshot>, as_at: Option<Date>) -> anyhow::Result<Self> {
        let opened = session_at(&Engine::Embedded, &snapshot, restricted.as_ref(), as_at).await?;
        let from = opened.origin(&snapshot);
        let AsAt { session, as_at, .. } = opened;
        Ok(Self { snapshot, restricted, session, as_at, from })
    }
}

/// The day that `LAIS_TODAY` names.
fn rehearsed() -> anyhow::Result<Option<Date>> {
    let Ok(named) = std::env::var("LAIS_TODAY") else { return Ok(None) };
    let day = named.parse().map_err(|_| anyhow::anyhow!("LAIS_TODAY is {named:?}; write it as 2025-03-31"))?;
    Ok(Some(day))
}

/// Today, where this machine is; or the day that `LAIS_TODAY` names, for rehearsals.
pub(crate) fn today() -> Date {
    rehearsed().ok().flatten().unwrap_or_else(|| jiff::ZonedDateTime::now().date())
}

fn read(path: &Path) -> anyhow::Result<File> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).with_context(|| format!("{} cannot be understood", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Sends what the crates log to stderr, as much of it as was asked for.
pub(crate) fn log(cli: &Cli) {
    let level = match (cli.quiet, cli.verbose) {
        (true, _) => tracing::Level::ERROR,
        (_, 0) => tracing::Level::WARN,
        (_, 1) => tracing::Level::INFO,
        _ => tracing::Level::DEBUG,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).without_time().with_target(false);
    log.with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr).init();
}
