//! What can be typed after the commands that hold our figures to account.

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
