//! `lais parity`: our figures beside what another tool's rules make of its own.

use std::process::ExitCode;

use arrow::array::RecordBatch;
use datafusion::prelude::col;

use super::first_column;
use crate::args::{ParityArgs, ParityLaitArgs, ParityWith};
use crate::output;
use crate::settings::{Opened, Settings};

pub(crate) async fn run(settings: &Settings, args: &ParityArgs) -> anyhow::Result<ExitCode> {
    match &args.with {
        ParityWith::Lait(args) => lait(settings, args).await,
    }
}

async fn lait(settings: &Settings, args: &ParityLaitArgs) -> anyhow::Result<ExitCode> {
    let Opened { session, .. } = settings.open(None).await?;
    let all = session.sql(include_str!("../../../../sql/parity/lait.sql")).await?;
    let differing = all.clone().filter(col("differs").is_not_null())?;
    let (compared, differ) = (all.clone().count().await?, differing.clone().count().await?);
    if !settings.quiet {
        let measures = first_column(all.clone().select(vec![col("lait_name")])?.distinct()?).await?.len();
        eprintln!("{}", summary(compared, measures, differ));
    }
    let shown = if args.all { all } else { differing };
    let schema = std::sync::Arc::new(shown.schema().as_arrow().clone());
    let rows: Vec<RecordBatch> = shown.collect().await?;
    output::print(&schema, &rows, args.table.format.into())?;
    Ok(ExitCode::SUCCESS)
}

fn summary(compared: usize, measures: usize, differ: usize) -> String {
    if compared == 0 {
        return "nothing to compare: the snapshot has no measure of the Local Authority Interactive Tool that we have too; build with its table (bds_long) and its data dictionary".to_owned();
    }
    format!(
        "{compared} figure(s) of {measures} measure(s) compared; value, rank, band and neighbour mean are the same of {}, something differs of {differ}, each with its reason",
        compared - differ
    )
}
