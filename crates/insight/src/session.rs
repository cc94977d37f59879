//! Sessions over a snapshot as it stands on a day.

use std::collections::BTreeSet;

use datafusion::prelude::SessionContext;
use jiff::civil::Date;
use lais_lake::{Class, Engine, LakeError, Result, Snapshot, run_in_memory};

use crate::models;

/// A session over the tables of these classes, as they stand on a day.
///
/// The day of a snapshot is materialised in it. For any other day the same models run in memory over
/// the snapshot's facts, so that the session answers as a build for that day would.
///
/// # Errors
/// Where a table cannot be registered or a model fails.
pub async fn session_at(
    engine: &Engine,
    snapshots: &[&Snapshot],
    classes: &[Class],
    as_at: Date,
) -> Result<SessionContext> {
    let context = engine.open(snapshots, classes)?;
    let mut materialised = true;
    for snapshot in snapshots {
        materialised &= snapshot.as_at()? == as_at;
    }
    if materialised {
        return Ok(context);
    }
    let mut models = models()?;
    models.retain(|model| classes.contains(&model.class()));
    for model in &models {
        context.deregister_table(model.name()).map_err(LakeError::from)?;
    }
    let mut facts = BTreeSet::new();
    for snapshot in snapshots {
        let tables = snapshot.manifest().tables.iter().filter(|(_, table)| classes.contains(&table.class));
        facts.extend(tables.map(|(name, _)| name.clone()));
    }
    for model in &models {
        facts.remove(model.name());
    }
    run_in_memory(&context, &facts, &models, as_at).await?;
    Ok(context)
}
