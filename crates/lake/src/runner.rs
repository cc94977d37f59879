//! Running models and checks over tables of facts, doing again only what depends on a change.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;
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

use crate::dialect::gate;
use crate::durable::sha256_hex;
use crate::engine::{Engine, register};
use crate::error::{LakeError, Result};
use crate::lake::{Step, Writer};
use crate::manifest::ManifestTable;
use crate::model::{Check, Model, RustModel, SqlModel};
use crate::order::{in_order, sql_reads};
use crate::store::Store;

/// A hash of the code of this crate and the functions that SQL may call.
const CODE: &str = env!("LAIS_CODE");

/// What running the models came to.
pub struct Run {
    /// Every table: the facts given and what the models made.
    pub tables: BTreeMap<String, ManifestTable>,
    /// How many models ran.
    pub computed: usize,
    /// How many were taken from an earlier build, because nothing they read had changed.
    pub recalled: usize,
    /// The session in which they ran, with every table and view registered.
    pub context: SessionContext,
    /// A hash over all that a table or view holds, by name.
    fingerprints: BTreeMap<String, String>,
}

/// Runs models in the order of what they read.
///
/// # Errors
/// Where the models have no order, one breaks the dialect, fails, or makes two rows of one key.
pub async fn run_models(
    engine: &Engine,
    writer: &Writer,
    facts: BTreeMap<String, ManifestTable>,
    models: &[Model],
    as_at: Date,
    mut progress: impl FnMut(&str),
) -> Result<Run> {
    let context = engine.session();
    let names: BTreeSet<String> = facts.keys().cloned().collect();
    let ordered = in_order(&context, models, &names)?;
    let mut run = Run { tables: facts, computed: 0, recalled: 0, context, fingerprints: BTreeMap::new() };
    for name in names {
        register_stored(&run.context, writer.store(), &name, &run.tables[&name])?;
        run.fingerprints.insert(name.clone(), run.tables[&name].hash.clone());
    }
    for (model, reads) in ordered {
        let key = step_key(&model, &reads, &run.fingerprints, as_at);
        if let Model::Sql(view @ SqlModel { view: true, .. }) = &model {
            register_view(&run.context, view, as_at).await?;
            run.fingerprints.insert(view.name.clone(), key);
            continue;
        }
        let name = model.name().to_owned();
        let table = match writer.recall(&key).and_then(|mut step| step.shapes.remove(&name)) {
            Some(table) => {
                run.recalled += 1;
                table
            }
            None => {
                progress(&name);
                run.computed += 1;
                compute(&run.context, writer, &model, &key, as_at).await?
            }
        };
        register_stored(&run.context, writer.store(), &name, &table)?;
        // What it holds, not how it came about: a model that makes the same again changes nothing below.
        run.fingerprints.insert(name.clone(), table.hash.clone());
        run.tables.insert(name, table);
    }
    Ok(run)
}

/// Runs checks; a check whose inputs have not changed since it passed is not run again.
///
/// # Errors
/// [`LakeError::Check`] with the first rows of the first check that found any.
pub async fn run_checks(writer: &Writer, run: &Run, checks: &[Check], as_at: Date) -> Result<()> {
    for check in checks {
        let reads = sql_reads(&run.context, &check.file, &check.text)?;
        let key = key_of(&check.file, &check.text, &reads, &run.fingerprints, as_at);
        if writer.recall(&key).is_some() {
            continue;
        }
        let plan = plan_of(&run.context, &check.file, &check.text, as_at).await?;
        gate(&check.file, &plan, false)?;
        let failed = |e| LakeError::Model { model: check.file.clone(), reason: plain(&e) };
        let batches = DataFrame::new(run.context.state(), plan).collect().await.map_err(failed)?;
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if rows > 0 {
            let first: Vec<_> = batches.iter().map(|batch| batch.slice(0, batch.num_rows().min(5))).collect();
            let sample = arrow::util::pretty::pretty_format_batches(&first)?.to_string();
            return Err(LakeError::Check { check: check.file.clone(), rows, sample });
        }
        writer.remember(&key, &Step::default())?;
    }
    Ok(())
}

/// Runs models over the tables registered in a session, and registers what they make beside them.
///
/// Nothing is written: this is how models answer for another day than the snapshot's, and how they
/// are tested.
///
/// # Errors
/// As [`run_models`].
pub async fn run_in_memory(
    context: &SessionContext,
    facts: &BTreeSet<String>,
    models: &[Model],
    as_at: Date,
) -> Result<()> {
    for (model, _) in in_order(context, models, facts)? {
        if let Model::Sql(view @ SqlModel { view: true, .. }) = &model {
            register_view(context, view, as_at).await?;
            continue;
        }
        let (schema, batches) = run_model(context, &model, as_at).await?;
        let table = datafusion::datasource::MemTable::try_new(schema, vec![batches])?;
        context.register_table(model.name(), Arc::new(table))?;
    }
    Ok(())
}

async fn compute(
    context: &SessionContext,
    writer: &Writer,
    model: &Model,
    key: &str,
    as_at: Date,
) -> Result<ManifestTable> {
    let (schema, batches) = run_model(context, model, as_at).await?;
    let name = model.name();
    let part = writer.store().put(name, &schema, &batches)?;
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
async fn run_model(context: &SessionContext, model: &Model, as_at: Date) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let (schema, batches) = match model {
        Model::Sql(sql) => run_sql(context, sql, as_at).await?,
        Model::Rust(rust) => ((rust.schema)(), vec![run_rust(context, rust, as_at).await?]),
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

async fn run_rust(context: &SessionContext, rust: &RustModel, as_at: Date) -> Result<RecordBatch> {
    let mut inputs = Vec::with_capacity(rust.inputs.len());
    for input in rust.inputs {
        let frame = context.table(*input).await?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        inputs.push(concat_batches(&schema, &frame.collect().await?)?);
    }
    let batch =
        (rust.run)(&inputs, as_at).map_err(|reason| LakeError::Model { model: rust.name.to_owned(), reason })?;
    conform(&batch, &(rust.schema)())
}

/// Refuses a table in which two rows have one key: its readers would count one of them twice.
fn refuse_repeated_keys(file: &str, batches: &[RecordBatch], key: &[String]) -> Result<()> {
    let mut seen: HashSet<Vec<u8>> = HashSet::new();
    for batch in batches {
        let columns = key.iter().map(|name| batch.schema().index_of(name)).collect::<Result<Vec<_>, _>>()?;
        let keys = batch.project(&columns)?;
        let fields = keys.schema().fields().iter().map(|field| SortField::new(field.data_type().clone())).collect();
        let rows = RowConverter::new(fields)?.convert_columns(keys.columns())?;
        for (i, row) in rows.iter().enumerate() {
            if !seen.insert(row.as_ref().to_vec()) {
                let sample = arrow::util::pretty::pretty_format_batches(&[keys.slice(i, 1)])?;
                let reason = format!("it makes more than one row of one key:\n{sample}");
                return Err(LakeError::Model { model: file.to_owned(), reason });
            }
        }
    }
    Ok(())
}

async fn register_view(context: &SessionContext, view: &SqlModel, as_at: Date) -> Result<()> {
    let plan = plan_of(context, &view.file, &view.text, as_at).await?;
    gate(&view.file, &plan, false)?;
    context.register_table(view.name.as_str(), Arc::new(ViewTable::new(plan, None)))?;
    Ok(())
}

/// The plan of a SELECT with `$as_at` filled in.
async fn plan_of(context: &SessionContext, file: &str, text: &str, as_at: Date) -> Result<LogicalPlan> {
    let failed = |e| LakeError::Model { model: file.to_owned(), reason: plain(&e) };
    let plan = context.state().create_logical_plan(text).await.map_err(failed)?;
    if !mentions_as_at(text) {
        return Ok(plan);
    }
    let days = as_at.since(Date::new(1970, 1, 1).unwrap_or(Date::ZERO)).map_or(0, |span| span.get_days());
    let parameters = ParamValues::from(vec![("as_at", ScalarValue::Date32(Some(days)))]);
    plan.replace_params_with_values(&parameters).map_err(failed)
}

fn mentions_as_at(text: &str) -> bool {
    text.lines().any(|line| line.split("--").next().is_some_and(|code| code.contains("$as_at")))
}

fn step_key(model: &Model, reads: &BTreeSet<String>, prints: &BTreeMap<String, String>, as_at: Date) -> String {
    match model {
        Model::Sql(sql) => key_of(&sql.file, &sql.text, reads, prints, as_at),
        Model::Rust(rust) => {
            let text = format!("rust {} $as_at", rust.code);
            key_of(rust.name, &text, reads, prints, as_at)
        }
    }
}

/// A key of all that a computation depends on: its text, what it reads, the day where it asks for
/// one, and the versions of engine and functions.
fn key_of(file: &str, text: &str, reads: &BTreeSet<String>, prints: &BTreeMap<String, String>, as_at: Date) -> String {
    let mut all = format!("model {CODE} {} {file}\n{text}\n", datafusion::DATAFUSION_VERSION);
    if mentions_as_at(text) {
        all.push_str(&as_at.to_string());
    }
    for name in reads {
        all.push_str(&format!("\n{name} {}", prints.get(name).map_or("", String::as_str)));
    }
    sha256_hex(all.as_bytes())
}

fn register_stored(context: &SessionContext, store: &Store, name: &str, table: &ManifestTable) -> Result<()> {
    let files: Vec<PathBuf> = table.parts.iter().map(|part| store.path(&part.hash)).collect();
    register(context, name, &table.schema()?, &files)
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

fn plain(error: &datafusion::error::DataFusionError) -> String {
    error.strip_backtrace()
}
