//! `lais query`: read-only SQL over the snapshot.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;

use crate::args::{QueryArgs, QueryFormat};
use crate::output;
use crate::settings::{Opened, Settings};

pub(crate) async fn run(settings: &Settings, args: &QueryArgs) -> anyhow::Result<ExitCode> {
    use std::io::IsTerminal as _;
    let format = format(args);
    let binary = matches!(format, QueryFormat::Parquet | QueryFormat::Arrow);
    if binary && args.out.is_none() && std::io::stdout().is_terminal() {
        bail!("a terminal cannot show this format; add --out FILE, or send stdout to a file");
    }
    let Opened { session, .. } = match args.restricted {
        true => settings.open_restricted(args.as_at).await?,
        false => settings.open(args.as_at).await?,
    };
    let said = |error: datafusion::error::DataFusionError| {
        let reason = error.strip_backtrace();
        let is_confided = !args.restricted && reason.contains("public.signal") && reason.contains("not found");
        let hint = if is_confided { "; signals are restricted: add --restricted" } else { "" };
        anyhow::anyhow!("{reason}{hint}")
    };
    let frame = session.sql_with_options(&args.sql, lais_lake::read_only()).await.map_err(said)?;
    let schema = Arc::new(frame.schema().as_arrow().clone());
    let batches = frame.collect().await.map_err(said)?;
    match &args.out {
        None => output::print(&schema, &batches, format)?,
        Some(path) => {
            let mut file = output::NewFile::create(path, args.restricted)?;
            output::write(std::io::BufWriter::new(&mut file), &schema, &batches, format)?;
            file.persist()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The format asked for, or the one that the file's name promises.
fn format(args: &QueryArgs) -> QueryFormat {
    let ending = args.out.as_ref().and_then(|path| path.extension()).and_then(|ending| ending.to_str());
    args.format.unwrap_or(match ending {
        Some("csv") => QueryFormat::Csv,
        Some("json") => QueryFormat::Json,
        Some("ndjson" | "jsonl") => QueryFormat::Ndjson,
        Some("parquet") => QueryFormat::Parquet,
        Some("arrow" | "arrows") => QueryFormat::Arrow,
        _ => QueryFormat::Table,
    })
}
