//! What benches time: a build of a fictional country, as the command does it but for its output.
//!
//! Sources are written by `lais-synth`; it must never hold a real authority's figure.

use std::error::Error;
use std::path::Path;

use jiff::civil::{Date, date};
use lais_lake::{Contents, Engine, Lake, MadeOf, run_checks, run_models};

/// The day for which benches build, so that no run depends on today.
const AS_AT: Date = date(2026, 1, 31);

/// Ingests the sources of a folder, runs every model and check over them, and publishes.
///
/// # Errors
/// What keeps a build from ending.
pub async fn build(sources: &Path, lake: &Path) -> Result<(), Box<dyn Error>> {
    let writer = Lake::at(lake).writer()?;
    let pipelines = lais_ingest::load(&[]).map_err(|faults| faults.join("; "))?;
    let ingested = lais_ingest::ingest(&writer, &[sources.to_path_buf()], &pipelines, &|_| {})?;
    let models = lais_insight::models()?;
    let (open, restricted) = (ingested.open.tables, ingested.restricted.tables);
    let run = run_models(&Engine::Embedded, &writer, open, restricted, &models, AS_AT, |_| {}).await?;
    run_checks(&Engine::Embedded, &writer, &run, &lais_insight::checks(), AS_AT).await?;
    let made_of = |inputs| MadeOf { as_at: AS_AT.to_string(), inputs, ..MadeOf::default() };
    let public = Contents { tables: run.tables, made_of: made_of(ingested.open.inputs) };
    let confided = Contents { tables: run.restricted, made_of: made_of(ingested.restricted.inputs) };
    writer.publish(public, confided)?;
    Ok(())
}
