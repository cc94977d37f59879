//! One file a subcommand.

pub(crate) mod backtest;
pub(crate) mod build;
pub(crate) mod catalogue;
pub(crate) mod chart;
pub(crate) mod compare;
pub(crate) mod demo;
pub(crate) mod fetch;
pub(crate) mod pack;
pub(crate) mod parity;
pub(crate) mod pipeline;
pub(crate) mod query;
pub(crate) mod review;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod status;
pub(crate) mod synth;

use anyhow::anyhow;
use arrow::array::{AsArray as _, RecordBatch};
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::prelude::{DataFrame, Expr, SessionContext, cast, col, lit};
use jiff::civil::Date;
use lais_insight::{Named, NotOne};

/// Runs a SELECT of our own and gives its schema with its rows.
pub(crate) async fn select(session: &SessionContext, sql: &str) -> anyhow::Result<(SchemaRef, Vec<RecordBatch>)> {
    let frame = session.sql(sql).await?;
    let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
    Ok((schema, frame.collect().await?))
}

/// The first column of an answer as text, without what is missing.
pub(crate) async fn first_column(frame: DataFrame) -> anyhow::Result<Vec<String>> {
    let first = frame.schema().columns().into_iter().take(1).map(|column| cast(Expr::Column(column), DataType::Utf8));
    let rows = frame.clone().select(first.collect::<Vec<_>>())?.collect().await?;
    let texts = rows.iter().flat_map(|batch| batch.column(0).as_string::<i32>().iter().flatten());
    Ok(texts.map(str::to_owned).collect())
}

/// The one authority that a code of any vintage, a name or another spelling means.
pub(crate) async fn one_authority(session: &SessionContext, asked: &str) -> anyhow::Result<Named> {
    lais_insight::find_authority(session, asked).await?.map_err(|not_one| match not_one {
        NotOne::None(..) => anyhow!("{not_one}; `lais authorities` lists them"),
        NotOne::Several(..) => anyhow!("{not_one}"),
    })
}

/// What broke an authority's series up to a day, a line each: its council began, or ended, and whose its area is.
pub(crate) async fn breaks(session: &SessionContext, named: &Named, as_at: Date) -> anyhow::Result<Vec<String>> {
    // A snapshot of an earlier version may lack the table.
    if !session.table_exist("boundary_change")? {
        return Ok(Vec::new());
    }
    let day = ScalarValue::Date32(Some(lais_lake::days_since_epoch(as_at)));
    let frame = session
        .sql(include_str!("../../../../sql/pack/boundary_change.sql"))
        .await?
        .with_param_values(ParamValues::from(vec![("as_at", day)]))?
        .filter(col("authority_code").eq(lit(&named.authority_code)))?
        .select(vec![cast(col("changed_on"), DataType::Utf8), cast(col("what"), DataType::Utf8)])?;
    let mut lines = Vec::new();
    for batch in frame.collect().await? {
        let (days, what) = (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
        lines.extend(days.iter().zip(what).filter_map(|(day, what)| {
            Some(format!("on {} the council {}; figures are not joined across that day", day?, what?))
        }));
    }
    Ok(lines)
}
