//! One file a subcommand.

pub(crate) mod build;
pub(crate) mod catalogue;
pub(crate) mod chart;
pub(crate) mod compare;
pub(crate) mod demo;
pub(crate) mod pack;
pub(crate) mod pipeline;
pub(crate) mod query;
pub(crate) mod serve;
pub(crate) mod status;
pub(crate) mod synth;

use anyhow::bail;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::prelude::SessionContext;
use lais_insight::Named;

/// Runs a SELECT of our own and gives its schema with its rows.
pub(crate) async fn select(session: &SessionContext, sql: &str) -> anyhow::Result<(SchemaRef, Vec<RecordBatch>)> {
    let frame = session.sql(sql).await?;
    let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
    Ok((schema, frame.collect().await?))
}

/// The one authority that a code of any vintage, a name or another spelling means.
pub(crate) async fn one_authority(session: &SessionContext, asked: &str) -> anyhow::Result<Named> {
    let found = lais_insight::find_authorities(session, asked).await?;
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => bail!("no authority has the code or name {asked:?}; `lais authorities` lists them"),
        several => {
            let names: Vec<_> = several.iter().map(Named::to_string).collect();
            bail!("{asked:?} could be {}; give the code", names.join(", "))
        }
    }
}
