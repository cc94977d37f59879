//! The models and checks embedded from `sql/`.

use include_dir::{Dir, DirEntry, include_dir};
use lais_lake::{Check, Model, Result};

use crate::{attention, funnel, inspection_link, risk, signals, trend};

static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../sql");

/// Every model: the SQL files of `sql/staging` and `sql/marts`, and the Rust models.
///
/// # Errors
/// Where a file does not say its grain or key.
pub fn models() -> Result<Vec<Model>> {
    let algorithms = [
        inspection_link::MODEL,
        funnel::MODEL,
        trend::MODEL,
        attention::MODEL,
        risk::RISK,
        risk::CONTRIBUTION,
        signals::LEVEL,
        signals::CHANGE,
    ];
    let mut models = algorithms.map(Model::Rust).to_vec();
    for (file, text) in files("staging").into_iter().chain(files("marts")) {
        models.push(Model::from_sql(&file, text)?);
    }
    Ok(models)
}

/// Every check: the SQL files of `sql/checks`, in order of name.
#[must_use]
pub fn checks() -> Vec<Check> {
    let texts = files("checks").into_iter();
    texts.map(|(file, text)| Check { file, text: text.to_owned() }).collect()
}

/// The SQL files of a folder with their texts, in order of name.
fn files(folder: &str) -> Vec<(String, &'static str)> {
    let entries = SQL.get_dir(folder).map_or(&[] as &[DirEntry<'_>], Dir::entries);
    let mut files: Vec<_> = entries
        .iter()
        .filter_map(DirEntry::as_file)
        .filter(|file| file.path().extension().is_some_and(|ending| ending == "sql"))
        .filter_map(|file| Some((format!("sql/{}", file.path().display()), file.contents_utf8()?)))
        .collect();
    files.sort();
    files
}
