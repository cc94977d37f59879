//! The `lais` command: one file a subcommand, progress on stderr, data on stdout, stable exit codes.
//!
//! It wires the crates below it together and must never compute a figure of its own.

mod args;
mod commands;
mod laps;
mod output;
mod progress;
mod settings;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};

/// Tables are made of many large pieces on several threads, which this allocator hands out faster (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit code of a failure.
const FAILED: u8 = 1;

fn main() -> ExitCode {
    quiet_panics();
    std::panic::catch_unwind(command).unwrap_or(ExitCode::from(FAILED))
}

/// Runs the command that was typed.
fn command() -> ExitCode {
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
        Command::Parity(args) => commands::parity::run(&settings, &args).await,
        Command::Backtest(args) => commands::backtest::run(&settings, &args).await,
        Command::Compare(args) => commands::compare::run(&settings, &args).await,
        Command::Pack(args) => commands::pack::run(&settings, &args).await,
        Command::Search(args) => commands::search::run(&settings, &args).await,
        Command::Chart(args) => commands::chart::run(&settings, &args).await,
        Command::Serve(args) => commands::serve::run(&settings, &args).await,
        Command::Fetch(args) => commands::fetch::run(&settings, &args).await,
        Command::Synth(args) => commands::synth::run(&settings, &args),
        Command::Demo(args) => commands::demo::run(&settings, &args).await,
        Command::Pipeline(args) => commands::pipeline::run(&settings, &args),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::from(FAILED)
}

/// A fault of the program is told in one line; `LAIS_BACKTRACE=1` shows where it was.
///
/// A reader's fault on a hostile file is told again in that file's report.
fn quiet_panics() {
    let verbose = std::env::var_os("LAIS_BACKTRACE").is_some();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if verbose {
            usual(info);
        } else {
            let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
            let said = info.payload_as_str().unwrap_or("no reason given");
            // Not eprintln, which would fault again where stderr is closed.
            let _ = writeln!(std::io::stderr(), "fault{place}: {said}; LAIS_BACKTRACE=1 shows more");
        }
    }));
}
