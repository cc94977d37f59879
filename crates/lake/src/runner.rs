//! Running models and checks over tables of facts, doing again only what depends on a change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use datafusion::datasource::MemTable;
use datafusion::prelude::{DataFrame, SessionContext};
use jiff::civil::Date;
use tokio::task::JoinSet;

use crate::compute::{compute, cut_short, mentions_as_at, plain, plan_of, register_view, run_model};
use crate::dialect::gate;
use crate::durable::sha256_hex;
use crate::engine::{Engine, register};
use crate::error::{LakeError, Result};
use crate::manifest::ManifestTable;
use crate::model::{Check, Model, SqlModel};
use crate::order::{in_order, sql_reads};
use crate::store::Store;
use crate::table::Class;
use crate::writer::{Step, Writer};

/// A hash of the code of this crate and the functions that SQL may call.
const CODE: &str = env!("LAIS_CODE");

/// How many models run at a time, each on all cores: more would only hold more in memory.
const AT_ONCE: usize = 2;

/// What is told while models run.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// A model of this name begins.
    Begun(&'a str),
    /// It is done, and took so long by the clock; others may have run beside it.
    Done(&'a str, Duration),
}

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
    mut progress: impl FnMut(Told<'_>),
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
        progress: &mut impl FnMut(Told<'_>),
    ) -> Result<BTreeMap<String, ManifestTable>> {
        let mut tables = facts;
        for (name, table) in &tables {
            if !self.fingerprints.contains_key(name) {
                self.register(writer, name, table)?;
            }
        }
        let known: BTreeSet<String> = self.fingerprints.keys().cloned().collect();
        let mut waiting = in_order(&self.context, models, &known)?;
        let mut running = JoinSet::new();
        loop {
            while running.len() < AT_ONCE
                && let Some(next) = waiting.iter().position(|(_, reads)| self.has_all(reads))
            {
                let (model, reads) = waiting.remove(next);
                self.refuse_a_leak(&model, &reads)?;
                let key = step_key(&model, &reads, &self.fingerprints, as_at);
                if let Model::Sql(view @ SqlModel { view: true, .. }) = &model {
                    register_view(&self.context, view, as_at).await?;
                    self.classes.insert(view.name.clone(), view.class);
                    self.fingerprints.insert(view.name.clone(), key);
                } else if let Some(table) = recalled(writer, &key, model.name()) {
                    self.recalled += 1;
                    self.register(writer, model.name(), &table)?;
                    tables.insert(model.name().to_owned(), table);
                } else {
                    progress(Told::Begun(model.name()));
                    running.spawn(timed(self.context.clone(), writer.clone(), model, key, as_at));
                }
            }
            let Some(done) = running.join_next().await else { return Ok(tables) };
            let (name, took, table) = done.map_err(cut_short)?;
            let table = match table {
                Ok(table) => table,
                Err(error) => return Err(first_error(name, error, running).await),
            };
            progress(Told::Done(&name, took));
            self.computed += 1;
            self.register(writer, &name, &table)?;
            tables.insert(name, table);
        }
    }

    fn has_all(&self, reads: &BTreeSet<String>) -> bool {
        reads.iter().all(|name| self.fingerprints.contains_key(name))
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

/// Of the errors of models that ran side by side the first by name, whichever failed sooner.
async fn first_error(name: String, error: LakeError, mut running: JoinSet<Timed>) -> LakeError {
    let mut first = (name, error);
    while let Some(done) = running.join_next().await {
        match done {
            Ok((name, _, Err(error))) if name < first.0 => first = (name, error),
            Ok(_) => {}
            Err(error) => return cut_short(error),
        }
    }
    first.1
}

/// What an earlier build made of a model and the same inputs, if any.
fn recalled(writer: &Writer, key: &str, name: &str) -> Option<ManifestTable> {
    writer.recall(key).and_then(|mut step| step.shapes.remove(name))
}

/// A model's table, with its name and how long it took.
type Timed = (String, Duration, Result<ManifestTable>);

async fn timed(context: SessionContext, writer: Writer, model: Model, key: String, as_at: Date) -> Timed {
    let begun = Instant::now();
    let table = compute(&context, &writer, &model, &key, as_at).await;
    (model.name().to_owned(), begun.elapsed(), table)
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
    // Side by side; the first in their order that finds a row is told.
    let mut running = Vec::new();
    for check in checks {
        let reads = sql_reads(&run.context, &check.file, &check.text)?;
        let begin = |writer: &Writer, context: &SessionContext, prints: &BTreeMap<String, String>| {
            let key = key_of(&check.file, &check.text, &reads, prints, as_at);
            tokio::spawn(run_check(writer.clone(), context.clone(), check.clone(), key, as_at))
        };
        running.push(begin(writer, &run.context, &run.fingerprints));
        if reads.iter().all(|name| run.restricted.contains_key(name)) {
            running.push(begin(&restricted, &beside, &prints));
        }
    }
    for check in running {
        check.await.map_err(cut_short)??;
    }
    Ok(())
}

async fn run_check(writer: Writer, context: SessionContext, check: Check, key: String, as_at: Date) -> Result<()> {
    if writer.recall(&key).is_some() {
        return Ok(());
    }
    let plan = plan_of(&context, &check.file, &check.text, as_at).await?;
    gate(&check.file, &plan, false)?;
    let failed = |e| LakeError::Model { model: check.file.clone(), reason: plain(&e) };
    let batches = DataFrame::new(context.state(), plan).collect().await.map_err(failed)?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if rows > 0 {
        let first: Vec<_> = batches.iter().map(|batch| batch.slice(0, batch.num_rows().min(5))).collect();
        let sample = arrow::util::pretty::pretty_format_batches(&first)?.to_string();
        return Err(LakeError::Check { check: check.file, rows, sample });
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
        let table = MemTable::try_new(schema, vec![batches])?;
        context.register_table(model.name(), Arc::new(table))?;
    }
    Ok(())
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
