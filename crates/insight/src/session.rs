//! Sessions over a snapshot as it stands on a day.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use datafusion::prelude::{SessionContext, col, lit};
use datafusion::scalar::ScalarValue;
use jiff::civil::Date;
use lais_lake::{Class, Engine, LakeError, Model, Result, Snapshot, days_since_epoch, run_in_memory};

use crate::models;

/// The columns of facts that models hold against the day asked for.
const CLOCKS: [&str; 3] = ["published_on", "received_on", "told_on"];

/// The classes of tables that anyone who can read a lake may see.
const OPEN: [Class; 2] = [Class::Public, Class::Official];

/// A session over a snapshot as it stands on a day.
pub struct AsAt {
    /// The session, in which every table of the snapshot is registered.
    pub session: SessionContext,
    /// The day.
    pub as_at: Date,
    /// Whether models ran in memory, because the snapshot's own tables are of a day that knew less or more.
    pub in_memory: bool,
}

impl AsAt {
    /// What ids of figures say they are from: the snapshot, with the day where models ran anew for it.
    #[must_use]
    pub fn origin(&self, snapshot: &Snapshot) -> String {
        let id = &snapshot.manifest().id;
        if self.in_memory { format!("{id}~{}", self.as_at) } else { id.clone() }
    }
}

/// A session over an open snapshot and, where they are given, the restricted tables beside it.
///
/// Without a day the tables stand as they lie. On the day of the snapshot, and on any day between which and it
/// nothing became public or was told, they are the same. For any other day the same models run in memory over the
/// facts, so that the session answers as a build for that day would. Open models never see a restricted table.
///
/// # Errors
/// Where a table cannot be registered or a model fails.
pub async fn session_at(
    engine: &Engine,
    open: &Snapshot,
    restricted: Option<&Snapshot>,
    as_at: Option<Date>,
) -> Result<AsAt> {
    let session = engine.open(open, &OPEN)?;
    let lies_at = open.as_at()?;
    let Some(as_at) = as_at else {
        if let Some(restricted) = restricted {
            engine.add(&session, open, restricted)?;
        }
        return Ok(AsAt { session, as_at: lies_at, in_memory: false });
    };
    let (confided, mut models): (Vec<Model>, Vec<Model>) =
        models()?.into_iter().partition(|model| model.class() == Class::Restricted);
    let mut in_memory = differs(&session, &facts(open, &models), lies_at, as_at).await?;
    if in_memory {
        run_anew(&session, &facts(open, &models), &models, as_at).await?;
    }
    if let Some(restricted) = restricted {
        engine.add(&session, open, restricted)?;
        let told = facts(restricted, &confided);
        if in_memory || differs(&session, &told, restricted.as_at()?, as_at).await? {
            // Views are in no snapshot; those that are registered already stay.
            models.retain(|model| !in_memory && is_view(model));
            models.extend(confided);
            let known = told.into_iter().chain(facts(open, &[])).collect();
            run_anew(&session, &known, &models, as_at).await?;
            in_memory = true;
        }
    }
    Ok(AsAt { session, as_at, in_memory })
}

/// Takes out of a session every table that fewer people may see than those of a class: absent, not hidden.
///
/// Views that models ran over are in no snapshot and say no class: they go too.
///
/// # Errors
/// Where the session's tables cannot be named or taken out.
pub fn limit(session: &SessionContext, open: &Snapshot, most: Class) -> Result<()> {
    let catalogs = session.catalog_names().into_iter().filter_map(|name| session.catalog(&name));
    let schemas =
        catalogs.flat_map(|catalog| catalog.schema_names().into_iter().filter_map(move |name| catalog.schema(&name)));
    for name in schemas.flat_map(|schema| schema.table_names()).collect::<Vec<_>>() {
        if open.manifest().tables.get(&name).is_none_or(|table| table.class > most) {
            session.deregister_table(name.as_str()).map_err(LakeError::from)?;
        }
    }
    Ok(())
}

fn is_view(model: &Model) -> bool {
    matches!(model, Model::Sql(sql) if sql.view)
}

/// The tables of a snapshot that none of these models makes.
fn facts(snapshot: &Snapshot, models: &[Model]) -> BTreeSet<String> {
    let made: BTreeSet<&str> = models.iter().map(Model::name).collect();
    let names = snapshot.manifest().tables.keys().filter(|name| !made.contains(name.as_str()));
    names.cloned().collect()
}

/// Puts what models make for a day in the place of what they made before.
async fn run_anew(session: &SessionContext, facts: &BTreeSet<String>, models: &[Model], as_at: Date) -> Result<()> {
    for model in models {
        session.deregister_table(model.name()).map_err(LakeError::from)?;
    }
    run_in_memory(session, facts, models, as_at).await
}

/// Whether anything in these tables became public or was told between two days, so that models that ask for the
/// day could answer otherwise.
async fn differs(session: &SessionContext, facts: &BTreeSet<String>, one: Date, other: Date) -> Result<bool> {
    let (after, until) = (one.min(other), one.max(other));
    if after == until {
        return Ok(false);
    }
    let day = |day| lit(ScalarValue::Date32(Some(days_since_epoch(day))));
    for name in facts {
        let table = session.table(name.as_str()).await?;
        let fields = table.schema().as_arrow().fields().clone();
        let is_clock = |name: &str| CLOCKS.contains(&name);
        for clock in fields.iter().filter(|f| is_clock(f.name()) && *f.data_type() == DataType::Date32) {
            let between = col(clock.name()).gt(day(after)).and(col(clock.name()).lt_eq(day(until)));
            let found = table.clone().filter(between)?.limit(0, Some(1))?.collect().await?;
            if found.iter().any(|batch| batch.num_rows() > 0) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_hold_only_known_clocks_against_the_day() {
        for model in models().unwrap() {
            let Model::Sql(sql) = model else { continue };
            let code = sql.text.lines().filter_map(|line| line.split("--").next());
            for line in code.filter(|line| line.contains("$as_at")) {
                assert!(CLOCKS.iter().any(|clock| line.contains(clock)), "{}: {line}", sql.file);
            }
        }
    }
}
