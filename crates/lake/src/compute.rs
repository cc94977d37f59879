//! Computing one model: its plan, its rows, and what they must be like.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::row::{RowConverter, SortField};
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::datasource::ViewTable;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{DataFrame, SessionContext};
use jiff::civil::Date;
use tokio::task::JoinError;

use crate::dialect::gate;
use crate::error::{LakeError, Result};
use crate::manifest::ManifestTable;
use crate::model::{Model, RustModel, SqlModel};
use crate::runner::days_since_epoch;
use crate::writer::{Step, Writer};

/// Runs a model that is no view, stores what it makes and remembers that under the step's key.
pub(crate) async fn compute(
    context: &SessionContext,
    writer: &Writer,
    model: &Model,
    key: &str,
    as_at: Date,
) -> Result<ManifestTable> {
    let (schema, batches) = run_model(context, model, as_at).await?;
    let name = model.name();
    let (store, label, of_table) = (writer.store().clone(), name.to_owned(), schema.clone());
    let part = aside(move || store.put(&label, &of_table, &batches)).await??;
    let table = ManifestTable::new(model.class(), false, &schema, vec![part]);
    let step = Step {
        tables: BTreeMap::from([(name.to_owned(), table.parts.clone())]),
        shapes: BTreeMap::from([(name.to_owned(), table.clone())]),
        notes: serde_json::Value::Null,
    };
    writer.remember(key, &step)?;
    Ok(table)
}

/// Runs a model that is no view, and refuses what it makes where two rows have one key.
pub(crate) async fn run_model(
    context: &SessionContext,
    model: &Model,
    as_at: Date,
) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let (schema, batches) = match model {
        Model::Sql(sql) => run_sql(context, sql, as_at).await?,
        Model::Rust(rust) => ((rust.schema)(), run_rust(context, rust, as_at).await?),
    };
    refuse_repeated_keys(model.file(), &batches, &model.key())?;
    Ok((schema, batches))
}

async fn run_sql(context: &SessionContext, sql: &SqlModel, as_at: Date) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let plan = plan_of(context, &sql.file, &sql.text, as_at).await?;
    gate(&sql.file, &plan, true)?;
    let schema = plain_schema(&sql.file, plan.schema().as_arrow())?;
    let failed = |e| LakeError::Model { model: sql.file.clone(), reason: plain(&e) };
    let batches = DataFrame::new(context.state(), plan).collect().await.map_err(failed)?;
    let batches = batches.iter().map(|batch| conform(batch, &schema)).collect::<Result<Vec<_>>>()?;
    Ok((schema, batches))
}

async fn run_rust(context: &SessionContext, rust: &RustModel, as_at: Date) -> Result<Vec<RecordBatch>> {
    let mut inputs = Vec::with_capacity(rust.inputs.len());
    for input in rust.inputs {
        let frame = context.table(*input).await?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        inputs.push(concat_batches(&schema, &frame.collect().await?)?);
    }
    let run = rust.run;
    let batches = aside(move || run(&inputs, as_at)).await?;
    let batches = batches.map_err(|reason| LakeError::Model { model: rust.name.to_owned(), reason })?;
    let schema = (rust.schema)();
    batches.iter().map(|batch| conform(batch, &schema)).collect()
}

/// Does work that takes a while and waits for nothing on a thread of its own, so that queries go on beside it.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(cut_short)
}

/// Lets a panic of another task go on in this one.
pub(crate) fn cut_short(error: JoinError) -> LakeError {
    match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(error) => LakeError::Query(format!("it was cut short: {error}")),
    }
}

/// Refuses a table in which two rows have one key: its readers would count one of them twice.
fn refuse_repeated_keys(file: &str, batches: &[RecordBatch], key: &[String]) -> Result<()> {
    let Some(first) = batches.first() else { return Ok(()) };
    let columns = key.iter().map(|name| first.schema().index_of(name)).collect::<Result<Vec<_>, _>>()?;
    let keys = batches.iter().map(|batch| batch.project(&columns)).collect::<Result<Vec<_>, _>>()?;
    let fields = keys[0].schema().fields().iter().map(|field| SortField::new(field.data_type().clone())).collect();
    let converter = RowConverter::new(fields)?;
    let rows = keys.iter().map(|keys| converter.convert_columns(keys.columns())).collect::<Result<Vec<_>, _>>()?;
    let mut rows: Vec<_> = rows.iter().flatten().collect();
    // Models give their rows in the order of their key, so that there is mostly nothing to sort.
    if rows.is_sorted_by(|a, b| a < b) {
        return Ok(());
    }
    rows.sort_unstable();
    let Some(pair) = rows.windows(2).find(|pair| pair[0] == pair[1]) else { return Ok(()) };
    let twice = RecordBatch::try_new(keys[0].schema(), converter.convert_rows([pair[0]])?)?;
    let sample = arrow::util::pretty::pretty_format_batches(&[twice])?;
    Err(LakeError::Model {
        model: file.to_owned(),
        reason: format!("it makes more than one row of one key:\n{sample}"),
    })
}

/// Gives a SELECT its name in a session.
pub(crate) async fn register_view(context: &SessionContext, view: &SqlModel, as_at: Date) -> Result<()> {
    let plan = plan_of(context, &view.file, &view.text, as_at).await?;
    gate(&view.file, &plan, false)?;
    context.register_table(view.name.as_str(), Arc::new(ViewTable::new(plan, None)))?;
    Ok(())
}

/// The plan of a SELECT with `$as_at` filled in.
pub(crate) async fn plan_of(context: &SessionContext, file: &str, text: &str, as_at: Date) -> Result<LogicalPlan> {
    let failed = |e| LakeError::Model { model: file.to_owned(), reason: plain(&e) };
    let plan = context.state().create_logical_plan(text).await.map_err(failed)?;
    if !mentions_as_at(text) {
        return Ok(plan);
    }
    let parameters = ParamValues::from(vec![("as_at", ScalarValue::Date32(Some(days_since_epoch(as_at))))]);
    plan.replace_params_with_values(&parameters).map_err(failed)
}

/// Whether an SQL text asks for the day it answers for.
pub(crate) fn mentions_as_at(text: &str) -> bool {
    text.lines().any(|line| line.split("--").next().is_some_and(|code| code.contains("$as_at")))
}

/// The types a table may have: those that every reader of Parquet knows.
fn plain_schema(file: &str, schema: &Schema) -> Result<SchemaRef> {
    let fields = schema.fields().iter().map(|field| {
        let data_type = match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
            DataType::Dictionary(_, value) if **value == DataType::Utf8 => DataType::Utf8,
            DataType::UInt64 | DataType::UInt32 | DataType::Int32 | DataType::Int64 => DataType::Int64,
            kept @ (DataType::Float64 | DataType::Boolean | DataType::Date32) => kept.clone(),
            other => {
                return Err(LakeError::Dialect {
                    model: file.to_owned(),
                    reason: format!(
                        "column {} is of type {other}; cast it to varchar, bigint, double, boolean or date",
                        field.name()
                    ),
                });
            }
        };
        Ok(Field::new(field.name(), data_type, true))
    });
    Ok(Arc::new(Schema::new(fields.collect::<Result<Vec<_>>>()?)))
}

/// The batch with its columns cast to the schema.
fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let columns = batch.columns().iter().zip(schema.fields());
    let columns: Vec<ArrayRef> =
        columns.map(|(column, field)| Ok(cast(column, field.data_type())?)).collect::<Result<_>>()?;
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}

/// The message of an error of the engine, without where in its code it came about.
pub(crate) fn plain(error: &datafusion::error::DataFusionError) -> String {
    error.strip_backtrace()
}
