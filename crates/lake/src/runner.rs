//! Running models and checks over tables of facts, doing again only what depends on a change.

use std::collections::{BTreeMap, BTreeSet};
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
use crate::manifest::ManifestTable;
use crate::model::{Check, Model, RustModel, SqlModel};
use crate::order::{in_order, sql_reads};
use crate::store::Store;
use crate::table::Class;
use crate::writer::{Step, Writer};

/// A hash of the code of this crate and the functions that SQL may call.
const CODE: &str = env!("LAIS_CODE");

/// What running the models came to.
pub struct Run {
    /// Every open table: the facts given and what the models made.
    pub tables: BTreeMap<String, ManifestTable>,
    /// Every restricted table.
    pub restricted: BTreeMap<String, ManifestTable>,
    /// How many models ran.
    pub computed: usize,
    /// How many were taken from an earlier build, because nothing they read had changed.
    pub recalled: usize,
    /// The session in which they ran, with every table and view registered.
    pub context: SessionContext,
    /// A hash over all that a table or view holds, by name.
    fingerprints: BTreeMap<String, String>,
    classes: BTreeMap<String, Class>,
}

/// Runs models in the order of what they read: the open ones, then the restricted ones.
///
/// A restricted model may read open tables; what it makes lies under the restricted root. Where a
/// restricted table of facts has the name of an open one (the account of what was read), models see the
/// open one.
///
/// # Errors
/// Where the models have no order, one reads what its own readers may not see, breaks the dialect,
/// fails, or makes two rows of one key.
pub async fn run_models(
    engine: &Engine,
    writer: &Writer,
    facts: BTreeMap<String, ManifestTable>,
    restricted: BTreeMap<String, ManifestTable>,
    models: &[Model],
    as_at: Date,
    mut progress: impl FnMut(&str),
) -> Result<Run> {
    let mut run = Run {
        tables: BTreeMap::new(),
        restricted: BTreeMap::new(),
        computed: 0,
        recalled: 0,
        context: engine.session(),
        fingerprints: BTreeMap::new(),
        classes: BTreeMap::new(),
    };
    let (open, closed): (Vec<Model>, Vec<Model>) =
        models.iter().cloned().partition(|model| model.class() != Class::Restricted);
    run.tables = run.layer(writer, facts, &open, as_at, &mut progress).await?;
    run.restricted = run.layer(&writer.restricted()?, restricted, &closed, as_at, &mut progress).await?;
    Ok(run)
}

impl Run {
    /// Registers the facts of one root, runs its models, and gives all its tables.
    async fn layer(
        &mut self,
        writer: &Writer,
        facts: BTreeMap<String, ManifestTable>,
        models: &[Model],
        as_at: Date,
        progress: &mut impl FnMut(&str),
    ) -> Result<BTreeMap<String, ManifestTable>> {
        let mut tables = facts;
        for (name, table) in &tables {
            if !self.fingerprints.contains_key(name) {
                self.register(writer, name, table)?;
            }
        }
        let known: BTreeSet<String> = self.fingerprints.keys().cloned().collect();
        for (model, reads) in in_order(&self.context, models, &known)? {
            self.refuse_a_leak(&model, &reads)?;
            let key = step_key(&model, &reads, &self.fingerprints, as_at);
            if let Model::Sql(view @ SqlModel { view: true, .. }) = &model {
                register_view(&self.context, view, as_at).await?;
                self.classes.insert(view.name.clone(), view.class);
                self.fingerprints.insert(view.name.clone(), key);
                continue;
            }
            let name = model.name().to_owned();
            let table = match writer.recall(&key).and_then(|mut step| step.shapes.remove(&name)) {
                Some(table) => {
                    self.recalled += 1;
                    table
                }
                None => {
                    progress(&name);
                    self.computed += 1;
                    compute(&self.context, writer, &model, &key, as_at).await?
                }
            };
            self.register(writer, &name, &table)?;
            tables.insert(name, table);
        }
        Ok(tables)
    }

    fn register(&mut self, writer: &Writer, name: &str, table: &ManifestTable) -> Result<()> {
        register_stored(&self.context, writer.store(), name, table)?;
        self.classes.insert(name.to_owned(), table.class);
        // What it holds, not how it came about: a model that makes the same again changes nothing below.
        self.fingerprints.insert(name.to_owned(), table.hash.clone());
        Ok(())
    }

    /// Refuses a model whose readers may not all see what it reads.
    fn refuse_a_leak(&self, model: &Model, reads: &BTreeSet<String>) -> Result<()> {
        let above = reads.iter().find(|name| self.classes.get(*name).is_some_and(|class| *class > model.class()));
        match above {
            Some(name) => Err(LakeError::Dialect {
                model: model.file().to_owned(),
                reason: format!("it reads {name}, which fewer people may see; give it that class (`-- class: …`)"),
            }),
            None => Ok(()),
        }
    }
}

/// Runs checks; a check whose inputs have not changed since it passed is not run again.
///
/// A check that reads nothing but the account of what was read holds for restricted files too.
///
/// # Errors
/// [`LakeError::Check`] with the first rows of the first check that found any.
pub async fn run_checks(engine: &Engine, writer: &Writer, run: &Run, checks: &[Check], as_at: Date) -> Result<()> {
    let restricted = writer.restricted()?;
    let beside = engine.session();
    for (name, table) in &run.restricted {
        register_stored(&beside, restricted.store(), name, table)?;
    }
    let prints = run.restricted.iter().map(|(name, table)| (name.clone(), table.hash.clone())).collect();
    for check in checks {
        let reads = sql_reads(&run.context, &check.file, &check.text)?;
        run_check(writer, &run.context, check, &reads, &run.fingerprints, as_at).await?;
        if reads.iter().all(|name| run.restricted.contains_key(name)) {
            run_check(&restricted, &beside, check, &reads, &prints, as_at).await?;
        }
    }
    Ok(())
}

async fn run_check(
    writer: &Writer,
    context: &SessionContext,
    check: &Check,
    reads: &BTreeSet<String>,
    prints: &BTreeMap<String, String>,
    as_at: Date,
) -> Result<()> {
    let key = key_of(&check.file, &check.text, reads, prints, as_at);
    if writer.recall(&key).is_some() {
        return Ok(());
    }
    let plan = plan_of(context, &check.file, &check.text, as_at).await?;
    gate(&check.file, &plan, false)?;
    let failed = |e| LakeError::Model { model: check.file.clone(), reason: plain(&e) };
    let batches = DataFrame::new(context.state(), plan).collect().await.map_err(failed)?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if rows > 0 {
        let first: Vec<_> = batches.iter().map(|batch| batch.slice(0, batch.num_rows().min(5))).collect();
        let sample = arrow::util::pretty::pretty_format_batches(&first)?.to_string();
        return Err(LakeError::Check { check: check.file.clone(), rows, sample });
    }
    writer.remember(&key, &Step::default())
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
    let parameters = ParamValues::from(vec![("as_at", ScalarValue::Date32(Some(days_since_epoch(as_at))))]);
    plan.replace_params_with_values(&parameters).map_err(failed)
}

/// A day as Arrow and Parquet count it: days since 1 January 1970.
#[must_use]
pub fn days_since_epoch(day: Date) -> i32 {
    day.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// The day that Arrow and Parquet count so; the inverse of [`days_since_epoch`].
#[must_use]
pub fn date_of(days: i32) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    jiff::Span::new().try_days(days).map_or(epoch, |span| epoch.saturating_add(span))
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
