//! `lais sources`, `indicators`, `authorities`, `functions`: what there is.

use std::process::ExitCode;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};

use super::select;
use crate::args::{IndicatorArgs, TableArgs};
use crate::output;
use crate::settings::{Opened, Settings};

pub(crate) async fn sources(settings: &Settings, args: &TableArgs) -> anyhow::Result<ExitCode> {
    show(settings, args, "SELECT source_id, release, publisher, title, published_on, published_on_assumed, licence, file_name, rows_read, rows_kept FROM source ORDER BY source_id, release").await
}

pub(crate) async fn indicators(settings: &Settings, args: &IndicatorArgs) -> anyhow::Result<ExitCode> {
    let which = if args.all { "" } else { "WHERE curated" };
    let sql = format!(
        "SELECT indicator_id, title, topic, unit, polarity, decimals, criterion_id, focus_topic_id, source_id, lait_name, computed_from, standard FROM indicator {which} ORDER BY criterion_id NULLS LAST, indicator_id"
    );
    show(settings, &args.table, &sql).await
}

pub(crate) async fn authorities(settings: &Settings, args: &TableArgs) -> anyhow::Result<ExitCode> {
    show(settings, args, "SELECT authority_code, dfe_code, name, kind, region_name, ofsted_region, valid_from, valid_to, successor_codes FROM authority ORDER BY name").await
}

pub(crate) fn functions(args: &TableArgs) -> anyhow::Result<ExitCode> {
    let documented = lais_lake::functions();
    let column = |get: fn(&lais_lake::FunctionDoc) -> &str| -> ArrayRef {
        Arc::new(documented.iter().map(|doc| Some(get(doc))).collect::<StringArray>())
    };
    let batch = RecordBatch::try_from_iter([
        ("signature", column(|doc| &doc.signature)),
        ("kind", column(|doc| doc.kind)),
        ("description", column(|doc| doc.description)),
        ("example", column(|doc| doc.example)),
    ])?;
    output::print(&batch.schema(), &[batch], args.format.into())?;
    Ok(ExitCode::SUCCESS)
}

async fn show(settings: &Settings, args: &TableArgs, sql: &str) -> anyhow::Result<ExitCode> {
    let Opened { session, .. } = settings.open(None).await?;
    let (schema, batches) = select(&session, sql).await?;
    output::print(&schema, &batches, args.format.into())?;
    Ok(ExitCode::SUCCESS)
}
