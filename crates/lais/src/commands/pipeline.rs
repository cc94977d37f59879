//! `lais pipeline check`: reads and explains the descriptions of sources.

use std::process::ExitCode;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use lais_ingest::{Loaded, Reader};

use crate::args::{PipelineArgs, PipelineCommand};
use crate::output;
use crate::settings::Settings;

pub(crate) fn run(settings: &Settings, args: &PipelineArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        PipelineCommand::Check { pipelines, table } => {
            let loaded = lais_ingest::load(pipelines).map_err(|faults| anyhow::anyhow!(faults.join("\nerror: ")))?;
            let batch = explain(&loaded)?;
            output::print(&batch.schema(), &[batch], table.format.into())?;
            if !settings.quiet {
                eprintln!("{} source descriptions, all in order", loaded.len());
            }
            Ok(ExitCode::SUCCESS)
        }
    }
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
        ("read_from", text(&|l| l.origin.clone())),
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
    if !recognise.file_name.is_empty() {
        said.push(format!("name with {}", recognise.file_name.join(" or ")));
    }
    said.join("; ")
}
