//! `lais query`: read-only SQL over the snapshot.

use std::fs::File;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};

use crate::args::{QueryArgs, QueryFormat};
use crate::output;
use crate::settings::Settings;

pub(crate) async fn run(settings: &Settings, args: &QueryArgs) -> anyhow::Result<ExitCode> {
    use std::io::IsTerminal as _;
    let binary = matches!(args.format, QueryFormat::Parquet | QueryFormat::Arrow);
    if binary && args.out.is_none() && std::io::stdout().is_terminal() {
        bail!("a terminal cannot show this format; add --out FILE, or send stdout to a file");
    }
    let (_, session) = settings.open()?;
    let said = |error: datafusion::error::DataFusionError| anyhow::anyhow!("{}", error.strip_backtrace());
    let frame = session.sql_with_options(&args.sql, lais_lake::read_only()).await.map_err(said)?;
    let schema = Arc::new(frame.schema().as_arrow().clone());
    let batches = frame.collect().await.map_err(said)?;
    match &args.out {
        None => output::print(&schema, &batches, args.format)?,
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            output::write(std::io::BufWriter::new(file), &schema, &batches, args.format)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
