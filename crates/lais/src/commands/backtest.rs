//! `lais backtest`: what the signals were worth, held against the last grade.

mod picture;
mod text;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use arrow::array::RecordBatch;
use lais_insight::{BacktestOptions, BacktestReport, SignalResult, backtest};

use crate::args::{BacktestArgs, Format};
use crate::output;
use crate::settings::{Opened, Settings};

pub(crate) async fn run(settings: &Settings, args: &BacktestArgs) -> anyhow::Result<ExitCode> {
    let drawn = args.chart.as_deref().map(|path| picture::Form::of(path).map(|form| (path, form))).transpose()?;
    let Opened { snapshot, session, as_at, .. } = settings.open(None).await?;
    let options = BacktestOptions { from: args.from, seed: args.seed, draws: args.draws };
    let report = backtest(&session, options).await?;
    if let Some((path, form)) = drawn {
        let source = format!("record of inspections and figures as at {as_at}, snapshot {}", snapshot.manifest().id);
        output::write_file(path, &picture::draw(&report, source, form)?)?;
        if !settings.quiet {
            eprintln!("the chart is in {}", path.display());
        }
    }
    print(&report, args.table.format)?;
    Ok(ExitCode::SUCCESS)
}

fn print(report: &BacktestReport, format: Format) -> anyhow::Result<()> {
    match format {
        Format::Table => {
            for (heading, batch) in text::tables(report)? {
                writeln!(output::stdout(), "{heading}")?;
                output::print(&batch.schema(), &[batch], format.into())?;
                writeln!(output::stdout())?;
            }
            output::stdout().write_all(text::closing(report).as_bytes()).context("cannot write the output")
        }
        Format::Json => {
            let mut sink = output::stdout();
            serde_json::to_writer(&mut sink, report)?;
            writeln!(sink)?;
            sink.flush().context("cannot write the output")
        }
        Format::Csv | Format::Ndjson => {
            let batch = rows(&report.signals)?;
            output::print(&batch.schema(), &[batch], format.into())
        }
    }
}

/// Every result as a row, with the columns that the JSON form has.
fn rows(results: &[SignalResult]) -> anyhow::Result<RecordBatch> {
    let rows: Vec<serde_json::Value> = results.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    let schema = Arc::new(text::schema());
    let mut decoder = arrow::json::ReaderBuilder::new(schema.clone()).build_decoder()?;
    decoder.serialize(&rows)?;
    Ok(decoder.flush()?.unwrap_or_else(|| RecordBatch::new_empty(schema)))
}
