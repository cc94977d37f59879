//! Settings: the command line over the environment over `lais.toml` over what is usual.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
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
#[derive(Debug)]
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
    /// can read the lake may see: public and official ones.
    pub(crate) fn open(&self) -> anyhow::Result<(Snapshot, datafusion::prelude::SessionContext)> {
        let snapshot = self.lake.current()?;
        let session = Engine::Embedded.open(&snapshot, &[Class::Public, Class::Official])?;
        Ok((snapshot, session))
    }
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
