//! Settings: the command line over the environment over `lais.toml` over what is usual.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use datafusion::prelude::SessionContext;
use jiff::civil::Date;
use lais_lake::{Class, Engine, Lake, Snapshot};
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
        let lake = cli.lake.clone().or(file.lake).unwrap_or_else(|| PathBuf::from("lake"));
        Ok(Self { lake: Lake::at(&lake), quiet: cli.quiet })
    }

    /// The current snapshot, pinned, and a session over the tables that anyone at this machine who
    /// can read the lake may see: public and official ones, as they stand on a day.
    ///
    /// The day of the snapshot is materialised; for any other the models run in memory.
    pub(crate) async fn open(&self, as_at: Option<Date>) -> anyhow::Result<Opened> {
        let snapshot = self.lake.current()?;
        Self::session(snapshot, None, as_at).await
    }

    /// The same with what was told in confidence, for a user whom the file system lets in.
    pub(crate) async fn open_restricted(&self, as_at: Option<Date>) -> anyhow::Result<Opened> {
        let snapshot = self.lake.current()?;
        let restricted = self.lake.restricted_of(&snapshot)?;
        Self::session(snapshot, Some(restricted), as_at).await
    }

    async fn session(snapshot: Snapshot, restricted: Option<Snapshot>, as_at: Option<Date>) -> anyhow::Result<Opened> {
        let as_at = match as_at {
            Some(day) => day,
            None => snapshot.as_at()?,
        };
        let mut snapshots = vec![&snapshot];
        snapshots.extend(&restricted);
        let classes = [Class::Public, Class::Official, Class::Restricted];
        let visible = if restricted.is_some() { &classes[..] } else { &classes[..2] };
        let session = lais_insight::session_at(&Engine::Embedded, &snapshots, visible, as_at).await?;
        Ok(Opened { snapshot, restricted, session, as_at })
    }
}

/// A snapshot that is pinned, and a session over its tables as they stand on a day.
pub(crate) struct Opened {
    pub(crate) snapshot: Snapshot,
    /// The restricted tables that belong to it, where they were asked for.
    pub(crate) restricted: Option<Snapshot>,
    pub(crate) session: SessionContext,
    pub(crate) as_at: Date,
}

/// Today, where this machine is.
pub(crate) fn today() -> Date {
    jiff::ZonedDateTime::now().date()
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
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).without_time().init();
}
