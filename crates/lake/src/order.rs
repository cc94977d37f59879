//! The order in which models run, found by parsing what each reads.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::prelude::SessionContext;

use crate::error::{LakeError, Result};
use crate::model::{Model, SqlModel};

/// The tables that a model reads, in order of name.
///
/// # Errors
/// Where its SQL cannot be parsed.
pub(crate) fn reads(context: &SessionContext, model: &Model) -> Result<BTreeSet<String>> {
    match model {
        Model::Rust(model) => Ok(model.inputs.iter().map(|&name| name.to_owned()).collect()),
        Model::Sql(SqlModel { file, text, .. }) => sql_reads(context, file, text),
    }
}

/// The tables that a SELECT reads; names of its own CTEs are not among them.
pub(crate) fn sql_reads(context: &SessionContext, file: &str, text: &str) -> Result<BTreeSet<String>> {
    let state = context.state();
    let refuse = |e: datafusion::error::DataFusionError| LakeError::Dialect {
        model: file.to_owned(),
        reason: format!("it cannot be parsed: {}", e.strip_backtrace()),
    };
    let dialect = state.config().options().sql_parser.dialect;
    let statement = state.sql_to_statement(text, &dialect).map_err(refuse)?;
    let references = state.resolve_table_references(&statement).map_err(refuse)?;
    Ok(references.into_iter().map(|reference| reference.to_string()).collect())
}

/// The models in an order in which each comes after all it reads; `facts` are there from the start.
///
/// Among models that could come next the one first in the alphabet does, so the order is the same
/// on every machine.
///
/// # Errors
/// [`LakeError::Order`] for two models of one table, a table nobody writes, or a circle.
pub fn in_order(
    context: &SessionContext,
    models: &[Model],
    facts: &BTreeSet<String>,
) -> Result<Vec<(Model, BTreeSet<String>)>> {
    let mut waiting: BTreeMap<String, (Model, BTreeSet<String>)> = BTreeMap::new();
    for model in models {
        let name = model.name().to_owned();
        let tables = reads(context, model)?;
        if facts.contains(&name) || waiting.insert(name.clone(), (model.clone(), tables)).is_some() {
            return Err(LakeError::Order(format!("two things write the table {name}; one is {}", model.file())));
        }
    }
    for (model, tables) in waiting.values() {
        if let Some(unknown) = tables.iter().find(|t| !facts.contains(*t) && !waiting.contains_key(*t)) {
            return Err(LakeError::Order(format!("{} reads {unknown}, which nothing writes", model.file())));
        }
    }
    let mut ordered = Vec::with_capacity(waiting.len());
    let mut written = facts.clone();
    while !waiting.is_empty() {
        let next = waiting.iter().find(|(_, (_, tables))| tables.is_subset(&written));
        let Some(name) = next.map(|(name, _)| name.clone()) else {
            let circle: Vec<_> = waiting.keys().cloned().collect();
            return Err(LakeError::Order(format!("these models read each other in a circle: {}", circle.join(", "))));
        };
        ordered.extend(waiting.remove(&name));
        written.insert(name);
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;

    fn sql(name: &str, select: &str) -> Model {
        let text = format!("-- grain: one row\n-- key: a\n{select}");
        Model::from_sql(&format!("marts/{name}.sql"), &text).unwrap()
    }

    fn order(models: &[Model]) -> Result<Vec<String>> {
        let facts = BTreeSet::from(["observation".to_owned()]);
        let ordered = in_order(&Engine::Embedded.session(), models, &facts)?;
        Ok(ordered.into_iter().map(|(model, _)| model.name().to_owned()).collect())
    }

    #[test]
    fn a_model_comes_after_what_it_reads_and_cte_names_are_no_tables() {
        let models = [
            sql("a", "WITH own AS (SELECT * FROM z) SELECT * FROM own"),
            sql("z", "SELECT * FROM m"),
            sql("m", "SELECT * FROM observation"),
        ];
        assert_eq!(order(&models).unwrap(), ["m", "z", "a"]);
    }

    #[test]
    fn a_circle_and_a_table_nobody_writes_are_named() {
        let circle = order(&[sql("a", "SELECT * FROM b"), sql("b", "SELECT * FROM a")]).unwrap_err();
        assert!(circle.to_string().contains("circle: a, b"), "{circle}");
        let unknown = order(&[sql("a", "SELECT * FROM nowhere")]).unwrap_err();
        assert!(unknown.to_string().contains("marts/a.sql reads nowhere"), "{unknown}");
        let twice = order(&[sql("a", "SELECT 1"), sql("a", "SELECT 2")]).unwrap_err();
        assert!(twice.to_string().contains("two things write the table a"), "{twice}");
    }
}
