//! One file a subcommand.

pub(crate) mod build;
pub(crate) mod catalogue;
pub(crate) mod chart;
pub(crate) mod compare;
pub(crate) mod demo;
pub(crate) mod fetch;
pub(crate) mod pack;
pub(crate) mod pipeline;
pub(crate) mod query;
pub(crate) mod review;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod status;
pub(crate) mod synth;

use anyhow::anyhow;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::prelude::SessionContext;
use lais_insight::{Named, NotOne};

/// Runs a SELECT of our own and gives its schema with its rows.
pub(crate) async fn select(session: &SessionContext, sql: &str) -> anyhow::Result<(SchemaRef, Vec<RecordBatch>)> {
    let frame = session.sql(sql).await?;
    let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
    Ok((schema, frame.collect().await?))
}

/// The one authority that a code of any vintage, a name or another spelling means.
pub(crate) async fn one_authority(session: &SessionContext, asked: &str) -> anyhow::Result<Named> {
    lais_insight::find_authority(session, asked).await?.map_err(|not_one| match not_one {
        NotOne::None(_) => anyhow!("{not_one}; `lais authorities` lists them"),
        NotOne::Several(..) => anyhow!("{not_one}"),
    })
}
