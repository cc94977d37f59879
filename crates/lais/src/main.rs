//! The `lais` command: one file a subcommand, progress on stderr, data on stdout, stable exit codes.
//!
//! It wires the crates below it together and must never compute a figure of its own.

mod args;
mod commands;
mod output;
mod progress;
mod settings;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};

/// Exit code of a failure.
const FAILED: u8 = 1;

fn main() -> ExitCode {
    quiet_panics();
    let cli = Cli::parse();
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::anyhow!("cannot start: {error}")),
    };
    settings::log(&cli);
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

/// Plans recurse; their threads get a deeper stack than the default.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    const STACK: usize = 20 * 1024 * 1024;
    tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build()
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = settings::Settings::new(&cli)?;
    match cli.command {
        Command::Build(args) => commands::build::run(&settings, &args).await,
        Command::Status(args) => commands::status::run(&settings, &args).await,
        Command::Sources(args) => commands::catalogue::sources(&settings, &args).await,
        Command::Indicators(args) => commands::catalogue::indicators(&settings, &args).await,
        Command::Authorities(args) => commands::catalogue::authorities(&settings, &args).await,
        Command::Functions(args) => commands::catalogue::functions(&args),
        Command::Query(args) => commands::query::run(&settings, &args).await,
        Command::Compare(args) => commands::compare::run(&settings, &args).await,
        Command::Pipeline(args) => commands::pipeline::run(&args),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::from(FAILED)
}

/// A reader's fault on a hostile file is told in its report; `LAIS_BACKTRACE=1` shows where it was.
fn quiet_panics() {
    let verbose = std::env::var_os("LAIS_BACKTRACE").is_some();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if verbose {
            usual(info);
        } else {
            tracing::debug!("{info}");
        }
    }));
}
