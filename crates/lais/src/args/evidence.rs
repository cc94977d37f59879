//! What can be typed after the commands that hold our figures to account.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::TableArgs;

#[derive(Debug, Args)]
pub(crate) struct ParityArgs {
    #[command(subcommand)]
    pub(crate) with: ParityWith,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ParityWith {
    /// Beside the Local Authority Interactive Tool of the Department for Education
    #[command(
        after_help = "Example:\n  lais parity lait\n  lais parity lait --all --format csv\n\nThe lake must hold the table behind the tool (dfe-lait) and its list of neighbours."
    )]
    Lait(ParityLaitArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ParityLaitArgs {
    /// Show every authority and measure, not only where something differs
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  lais backtest\n  lais backtest --chart backtest.svg\n  lais backtest --from 2022 --format json\n\nEvery signal is held against the last grade (docs/methods.md, \"Backtest\"). The table shows baselines, composites and a few single indicators; --format csv has all, --format json also strata, verdicts and threats."
)]
pub(crate) struct BacktestArgs {
    /// The year from which inspections are judged; earlier ones since 2018 are learnt from
    #[arg(long, value_name = "YEAR", default_value_t = lais_insight::BacktestOptions::default().from, value_parser = clap::value_parser!(i16).range(2018..=2199))]
    pub(crate) from: i16,
    /// The seed of the bootstrap: the same seed gives the same intervals
    #[arg(long, value_name = "S", default_value_t = lais_insight::BacktestOptions::default().seed)]
    pub(crate) seed: u64,
    /// Draws of the bootstrap
    #[arg(long, value_name = "N", default_value_t = lais_insight::BacktestOptions::default().draws, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    pub(crate) draws: u32,
    /// Also draw the areas with their intervals; the file's ending, .svg or .png, says the form
    #[arg(long, value_name = "FILE")]
    pub(crate) chart: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) table: TableArgs,
}
