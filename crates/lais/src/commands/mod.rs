//! One file a subcommand.

pub(crate) mod build;
pub(crate) mod catalogue;
pub(crate) mod compare;
pub(crate) mod pipeline;
pub(crate) mod query;
pub(crate) mod status;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::prelude::SessionContext;

/// Runs a SELECT of our own and gives its schema with its rows.
pub(crate) async fn select(session: &SessionContext, sql: &str) -> anyhow::Result<(SchemaRef, Vec<RecordBatch>)> {
    let frame = session.sql(sql).await?;
    let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
    Ok((schema, frame.collect().await?))
}
