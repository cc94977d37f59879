//! Models: an SQL file or a registered Rust function, with named inputs and one output table.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;

use crate::error::{LakeError, Result};
use crate::table::Class;

/// A model that needs an algorithm: a Rust function of named tables.
#[derive(Clone, Debug)]
pub struct RustModel {
    /// The table it makes.
    pub name: &'static str,
    /// Who may see that table.
    pub class: Class,
    /// The tables it reads.
    pub inputs: &'static [&'static str],
    /// The columns that identify a row of its output.
    pub key: &'static [&'static str],
    /// Something that differs whenever the same inputs give another output, such as a hash of the code.
    pub code: &'static str,
    /// The columns it makes.
    pub schema: fn() -> SchemaRef,
    /// Makes the table, in as many batches as it likes, from its inputs, each as one batch in the order of `inputs`.
    pub run: fn(&[RecordBatch], Date) -> Result<Vec<RecordBatch>, String>,
}

/// A model that is a SELECT in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlModel {
    /// The table it makes: the file's name without its ending.
    pub name: String,
    /// The file, as the message of an error names it.
    pub file: String,
    /// Who may see that table.
    pub class: Class,
    /// What one row is, in words.
    pub grain: String,
    /// The columns that identify a row.
    pub key: Vec<String>,
    /// Whether it is only a name for a SELECT that other models read, and lies in no snapshot.
    pub view: bool,
    /// The SELECT.
    pub text: String,
}

/// A model of either form.
#[derive(Clone, Debug)]
pub enum Model {
    /// A SELECT.
    Sql(SqlModel),
    /// A Rust function.
    Rust(RustModel),
}

/// A SELECT that must return no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The file, as the message of an error names it.
    pub file: String,
    /// The SELECT.
    pub text: String,
}

impl Model {
    /// Reads a model from an SQL file's text.
    ///
    /// The file begins with comment lines `-- grain: …` and `-- key: a, b`, and may say
    /// `-- class: official` or `-- view`. A model in a folder named `staging` is a view.
    ///
    /// # Errors
    /// [`LakeError::Dialect`] naming the line that is missing or unknown.
    pub fn from_sql(file: &str, text: &str) -> Result<Self> {
        let refuse = |reason: &str| LakeError::Dialect { model: file.to_owned(), reason: reason.to_owned() };
        let name = file.rsplit('/').next().and_then(|name| name.strip_suffix(".sql"));
        let name = name.ok_or_else(|| refuse("a model's file ends in .sql"))?.to_owned();
        let (mut class, mut grain, mut key) = (Class::Public, None, Vec::new());
        let mut view = file.contains("staging/");
        for line in text.lines().map_while(|line| line.strip_prefix("--")) {
            let (word, rest) = line.split_once(':').unwrap_or((line, ""));
            match (word.trim(), rest.trim()) {
                ("grain", words) => grain = Some(words.to_owned()),
                ("key", columns) => key = columns.split(',').map(|c| c.trim().to_owned()).collect(),
                ("class", "public") => class = Class::Public,
                ("class", "official") => class = Class::Official,
                ("class", "restricted") => class = Class::Restricted,
                ("class", other) => return Err(refuse(&format!("`{other}` is no class"))),
                ("view", "") => view = true,
                _ => {}
            }
        }
        let grain = grain.ok_or_else(|| refuse("it does not begin with `-- grain: …`, what one row is"))?;
        if key.is_empty() {
            return Err(refuse("it does not say `-- key: …`, the columns that identify a row"));
        }
        Ok(Self::Sql(SqlModel { name, file: file.to_owned(), class, grain, key, view, text: text.to_owned() }))
    }

    /// The table the model makes.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Sql(model) => &model.name,
            Self::Rust(model) => model.name,
        }
    }

    /// Who may see that table.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Sql(model) => model.class,
            Self::Rust(model) => model.class,
        }
    }

    /// The columns that identify a row of it.
    #[must_use]
    pub fn key(&self) -> Vec<String> {
        match self {
            Self::Sql(model) => model.key.clone(),
            Self::Rust(model) => model.key.iter().map(|&column| column.to_owned()).collect(),
        }
    }

    /// Where the model is written, for messages.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Sql(model) => &model.file,
            Self::Rust(model) => model.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_says_its_grain_key_and_class_in_its_first_lines() {
        let text = "-- grain: one row per authority\n-- key: authority_code\n-- class: official\nSELECT 1";
        let Model::Sql(model) = Model::from_sql("marts/risk.sql", text).unwrap() else { unreachable!() };
        assert_eq!((model.name.as_str(), model.class, model.view), ("risk", Class::Official, false));
        assert_eq!(model.key, ["authority_code"]);
    }

    #[test]
    fn a_model_without_grain_or_key_is_refused_by_name() {
        let error = Model::from_sql("marts/risk.sql", "SELECT 1").unwrap_err().to_string();
        assert!(error.contains("marts/risk.sql") && error.contains("grain"), "{error}");
        let error = Model::from_sql("a.sql", "-- grain: one row\nSELECT 1").unwrap_err().to_string();
        assert!(error.contains("key"), "{error}");
    }

    #[test]
    fn staging_models_are_views() {
        let text = "-- grain: one row\n-- key: a\nSELECT 1 AS a";
        let Model::Sql(model) = Model::from_sql("staging/stg_a.sql", text).unwrap() else { unreachable!() };
        assert!(model.view);
    }
}
