//! `lais pipeline`: reads and explains the descriptions of sources, and makes a first one of a new file.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use lais_ingest::{Loaded, Reader};

use crate::args::{PipelineArgs, PipelineCommand};
use crate::output;
use crate::progress::printable;
use crate::settings::Settings;

pub(crate) fn run(settings: &Settings, args: &PipelineArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        PipelineCommand::Draft { file } => draft(settings, file),
        PipelineCommand::Check { pipelines, table } => {
            let loaded = lais_ingest::load(pipelines).map_err(|faults| anyhow::anyhow!(faults.join("\nerror: ")))?;
            let batch = explain(&loaded)?;
            output::print(&batch.schema(), &[batch], table.format.into())?;
            if !settings.quiet {
                report(&loaded);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Prints the description to stdout, and what to know beside it to stderr.
fn draft(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let loaded = lais_ingest::load(&[]).map_err(|faults| anyhow::anyhow!(faults.join("\nerror: ")))?;
    let drafted = lais_ingest::draft(file, &loaded)?;
    let mut stdout = output::stdout();
    stdout.write_all(drafted.toml.as_bytes())?;
    stdout.flush()?;
    if !settings.quiet {
        for note in &drafted.notes {
            eprintln!("{}", printable(note));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what takes the place of what, and what is still to be looked at.
fn report(loaded: &[Loaded]) {
    for Loaded { pipeline, origin, replaces, .. } in loaded {
        if let Some(before) = replaces {
            eprintln!("{origin} takes the place of {before}: both have the id {}", pipeline.id);
        }
    }
    for (one, unsure) in loaded.iter().map(|l| (l, unsure(l))).filter(|(_, unsure)| *unsure > 0) {
        eprintln!("{}: {unsure} places are marked unsure", one.origin);
    }
    eprintln!("{} source descriptions, all in order", loaded.len());
}

/// Places of a drafted description that nobody has looked at yet.
fn unsure(loaded: &Loaded) -> usize {
    loaded.text.lines().filter(|line| line.trim_start().starts_with("# unsure:")).count()
}

fn explain(loaded: &[Loaded]) -> anyhow::Result<RecordBatch> {
    let text = |get: &dyn Fn(&Loaded) -> String| -> ArrayRef {
        Arc::new(loaded.iter().map(|l| Some(get(l))).collect::<StringArray>())
    };
    let number = |get: &dyn Fn(&Loaded) -> usize| -> ArrayRef {
        Arc::new(loaded.iter().map(|l| i64::try_from(get(l)).ok()).collect::<Int64Array>())
    };
    Ok(RecordBatch::try_from_iter([
        ("source_id", text(&|l| l.pipeline.id.clone())),
        ("title", text(&|l| l.pipeline.title.clone())),
        ("recognised_by", text(&recognised_by)),
        ("indicators", number(&|l| l.pipeline.indicators.len())),
        ("other_columns", number(&|l| l.pipeline.columns.len())),
        ("unsure", number(&unsure)),
        ("read_from", text(&|l| l.origin.clone())),
        ("takes_the_place_of", text(&|l| l.replaces.clone().unwrap_or_default())),
    ])?)
}

fn recognised_by(loaded: &Loaded) -> String {
    let pipeline = &loaded.pipeline;
    let recognise = &pipeline.recognise;
    let mut said = Vec::new();
    let columns = pipeline.columns_asked_for();
    if !columns.is_empty() {
        said.push(format!("columns {}", columns.join(", ")));
    }
    for (column, values) in &recognise.values {
        said.push(format!("{column} being {}", values.join(" or ")));
    }
    if pipeline.reader == Reader::Tables {
        let tables = pipeline.tables.iter().map(|table| format!("a table headed {}", table.header.join(", ")));
        said.push(tables.collect::<Vec<_>>().join("; or "));
    }
    if !recognise.says.is_empty() {
        said.push(format!("a title with {}", recognise.says.join(" or ")));
    }
    if !recognise.file_name.is_empty() {
        said.push(format!("name with {}", recognise.file_name.join(" or ")));
    }
    said.join("; ")
}
