//! A first description of a file never seen: a pipeline's TOML made from the file itself.
//!
//! Nothing is asked and nothing is looked up: the same file gives the same text. What a file does not say is guessed by
//! rules that docs/pipelines.md states, and marked as unsure. The text is read back and tried on the file before it is
//! given, so that it works as it is.

mod filter;
mod long;
mod profile;
mod refusal;
mod shape;
mod time;
mod toml_text;
mod unit;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use lais_lake::Class;

use crate::accounts::Accounts;
use crate::confidence;
use crate::ees::{self, PrintedLevel};
use crate::input::{self, Content, Found, Input, Refused};
use crate::pipeline::{Pipeline, slug};
use crate::pipelines::Loaded;
use crate::recognise::{self, Opened, Recognised};
use crate::register::Register;
use crate::series;
use crate::table::{self, RawTable};

/// A pipeline made from a file, and what a person should know beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// The TOML.
    pub toml: String,
    /// What became of the file's rows when it was tried, and what else to know.
    pub notes: Vec<String>,
}

/// Why no pipeline can be made from a file.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The file cannot be read, or is none that a draft is made from.
    #[error("{file}: {reason}")]
    Refused {
        /// The file as it was named.
        file: String,
        /// What it looks like, and what may fit it.
        reason: String,
    },
}

/// Makes a pipeline from a file; `loaded` are those that may know it already.
///
/// # Errors
/// [`DraftError`] where the file is not in the layout of Explore Education Statistics, or speaks twice of one thing.
pub fn draft(path: &Path, loaded: &[Loaded]) -> Result<Drafted, DraftError> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let refused = |reason: String| DraftError::Refused { file: path.display().to_string(), reason };
    if path.is_dir() {
        return Err(refused("it is a folder; name one file".to_owned()));
    }
    let pipelines: Vec<Pipeline> = loaded.iter().map(|l| l.pipeline.clone()).collect();
    let found = Found { name, path: path.to_path_buf() };
    let input = input::read(&found).map_err(|fault| refused(fault.reason))?;
    from_input(&input, &pipelines).map_err(refused)
}

/// Makes a pipeline from a file that was read.
pub(crate) fn from_input(input: &Input, pipelines: &[Pipeline]) -> Result<Drafted, String> {
    let reason = |refused: Refused| refused.reason;
    let content = input::sniff(input).map_err(reason)?;
    if matches!(content, Content::Other(_) | Content::Workbook | Content::Pdf) {
        return Err(refusal::of_content(content, &input.ending()));
    }
    let Some(opened) = recognise::open(input, content).map_err(reason)? else {
        return Err(refusal::of_content(content, &input.ending()));
    };
    let known = match recognise::recognise(input, &opened, pipelines) {
        Ok(Recognised::As(pipeline, _)) => Some(pipeline),
        Ok(Recognised::No(..)) | Err(_) => None,
    };
    // What may have been told in confidence is not repeated, not even the names of its columns.
    let confided = || confidence::of_unread(pipelines, input, Some(&opened)) == Class::Restricted;
    if known.is_some_and(|pipeline| pipeline.class == Class::Restricted) {
        return Err(in_confidence());
    }
    let Opened::Csv(table) = &opened else { return Err(refusal::of_opened(&opened)) };
    if !ees::NEEDED.iter().all(|name| table.column(name).is_some()) {
        return Err(if confided() { in_confidence() } else { refusal::of_table(table, known) });
    }
    from_table(input, table, known, pipelines)
}

fn in_confidence() -> String {
    "it looks like something told in confidence, of which nothing is repeated; docs/pipelines.md describes the one layout for it (\"Signals\")".to_owned()
}

fn from_table(
    input: &Input,
    table: &RawTable,
    known: Option<&Pipeline>,
    pipelines: &[Pipeline],
) -> Result<Drafted, String> {
    well_formed(table)?;
    let held = shape::held_rows(table);
    let shape = shape::shape(table, &held)?;
    if shape.measures.is_empty() {
        return Err(no_figures(&shape));
    }
    let stem = stem(&input.name);
    let mut id = slug(&stem);
    if id.is_empty() {
        id = "drafted".to_owned();
    }
    if pipelines.iter().any(|pipeline| pipeline.id == id) {
        id.push_str("-drafted");
    }
    let times = times(input, table, &held, &shape);
    if times.values().all(Option::is_none) {
        let printed: Vec<String> = times.keys().map(|identifier| format!("{identifier:?}")).collect();
        return Err(format!("none of its time identifiers says a period that is known ({})", printed.join(", ")));
    }
    let country = table.column("country_code");
    let whole = write::Whole {
        file_name: &input.name,
        rows: table.source_rows.len() + table.bad_rows.len(),
        title: write::title(&stem),
        is_england: (0..table.source_rows.len()).any(|row| table.cell(row, country) == "E92000001"),
        headline_time: headline_time(table, &held, &times),
        times,
        known_as: known.map(|pipeline| pipeline.id.clone()),
        notes: levels_left_out(table),
        id,
    };
    let described = |measure| long::indicators(table, &held, &shape, measure, &whole.id);
    let indicators: Vec<_> = shape.measures.iter().map(described).collect();
    let toml = write::toml(&whole, &shape, &indicators);
    let notes = tried(input, table, &toml, &whole)?;
    Ok(Drafted { toml, notes })
}

/// Refuses a header in which a name means two columns or none.
fn well_formed(table: &RawTable) -> Result<(), String> {
    if table.source_rows.is_empty() {
        return Err("it has a header and no row; download it again".to_owned());
    }
    let is_nothing = |place: usize| table.header[place].is_empty() && table.columns[place].iter().all(String::is_empty);
    let places: Vec<usize> = (0..table.header.len()).filter(|place| !is_nothing(*place)).collect();
    let names: Vec<String> = places.iter().map(|place| table.header[*place].clone()).collect();
    if let Some(name) = table::repeated(&names) {
        return Err(format!("its header names the column {name:?} twice; rename or remove one"));
    }
    if let Some(place) = places.iter().find(|place| table.header[**place].is_empty()) {
        return Err(format!("its column {} has cells and no name; name it", place + 1));
    }
    let is_key = |name: &&String| !ees::KEYS.contains(&name.as_str()) && ees::KEYS.contains(&ees::plain(name).as_str());
    if let Some(name) = names.iter().find(is_key) {
        return Err(format!("its columns {name:?} and {:?} are called the same; remove one", ees::plain(name)));
    }
    Ok(())
}

fn no_figures(shape: &shape::Shape<'_>) -> String {
    let names: Vec<&str> = shape.filters.iter().map(|filter| filter.name).take(8).collect();
    if names.is_empty() {
        return "it has no column beside those of time and place".to_owned();
    }
    format!(
        "none of its columns holds figures ({}); look for figures printed in several ways, such as 12% beside 12",
        names.join(", ")
    )
}

/// The file's name without its ending and without the years that it ends in: the next release has others.
fn stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_separator = |c: char| !c.is_alphanumeric();
    let mut kept = stem.trim_matches(is_separator);
    loop {
        let last = kept.rsplit(is_separator).next().unwrap_or_default();
        let is_year = matches!(last.len(), 4 | 6)
            && last.bytes().all(|b| b.is_ascii_digit())
            && (last.starts_with("19") || last.starts_with("20"));
        let before = kept[..kept.len() - last.len()].trim_end_matches(is_separator);
        let is_link = last.eq_ignore_ascii_case("to") && kept.len() < stem.len();
        if before.is_empty() || !(is_year || is_link) {
            return kept.to_owned();
        }
        kept = before;
    }
}

/// What the time identifiers of a file mean.
fn times<'a>(
    input: &Input,
    table: &'a RawTable,
    held: &[usize],
    shape: &shape::Shape<'_>,
) -> BTreeMap<&'a str, Option<time::Meaning>> {
    let texts = shape.filters.iter().filter(|filter| filter.profile.texts.len() <= 1000);
    let texts = texts.flat_map(|filter| filter.profile.values().chain([filter.name]));
    let texts = texts.chain(shape.measures.iter().map(|measure| measure.name)).chain([input.name.as_str()]);
    let hints = time::Hints {
        days: texts.flat_map(time::days_in).collect(),
        is_population: shape.measures.iter().all(|measure| profile::says_all_of(measure.name, "population")),
        is_workforce: shape.measures.iter().any(|measure| profile::says_all_of(measure.name, "fte"))
            || profile::says_all_of(&input.name, "workforce"),
    };
    let (label, identifier) = (table.column("time_period"), table.column("time_identifier"));
    let mut labels: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in held {
        labels.entry(table.cell(*row, identifier)).or_default().push(table.cell(*row, label));
    }
    let meaning = |(identifier, labels): (&'a str, Vec<&str>)| {
        let doubt = time::doubt_of_labels(identifier, &labels);
        let meaning = time::meaning(identifier, &hints).map(|meaning| meaning.also_doubted(doubt));
        (identifier, meaning)
    };
    labels.into_iter().map(meaning).collect()
}

/// The identifier of headline rows, where periods of several identifiers can end together.
///
/// Quarters alone, or months, or weeks, are one series; a year and its last quarter are two.
fn headline_time<'a>(
    table: &'a RawTable,
    held: &[usize],
    times: &BTreeMap<&'a str, Option<time::Meaning>>,
) -> Option<&'a str> {
    let known: Vec<(&str, &time::Meaning)> =
        times.iter().filter_map(|(id, meaning)| Some((*id, meaning.as_ref()?))).collect();
    let (_, first) = known.first()?;
    let is_series =
        known.iter().all(|(_, meaning)| meaning.length == first.length && first.length < time::Length::Parts);
    let spelt: std::collections::BTreeSet<String> = known.iter().map(|(id, _)| id.to_lowercase()).collect();
    if is_series || spelt.len() < 2 {
        return None;
    }
    let identifier = table.column("time_identifier");
    let rows = |id: &str| held.iter().filter(|row| table.cell(**row, identifier) == id).count();
    known.iter().max_by_key(|(id, meaning)| (meaning.length, rows(id), std::cmp::Reverse(*id))).map(|(id, _)| *id)
}

/// What is said of rows whose level is left out.
fn levels_left_out(table: &RawTable) -> Vec<String> {
    let levels = shape::levels(table);
    let of = |wanted: PrintedLevel| -> Vec<String> {
        let these = levels.iter().filter(|(level, _)| ees::level(level) == wanted);
        these.map(|(level, rows)| format!("{level} ({rows} rows)")).collect()
    };
    let mut notes = Vec::new();
    let (other, unknown) = (of(PrintedLevel::NotHeld), of(PrintedLevel::Unknown));
    if !other.is_empty() {
        notes.push(format!("rows of these levels are left out by the rule level-not-held: {}", other.join(", ")));
    }
    if !unknown.is_empty() {
        notes.push(format!("rows of these levels are set aside, as no list has them: {}", unknown.join(", ")));
    }
    if !levels.keys().any(|level| matches!(ees::level(level), PrintedLevel::Held(_))) {
        notes
            .push("no row is National, Regional or Local authority, so nothing of this file becomes a fact".to_owned());
    }
    notes
}

/// Reads the draft back and tries it on the file, with the built-in register.
fn tried(input: &Input, table: &RawTable, toml: &str, whole: &write::Whole<'_>) -> Result<Vec<String>, String> {
    let pipeline = Pipeline::parse(toml).map_err(|fault| format!("its draft cannot be read back: {fault}"))?;
    if !recognise::recognises(&pipeline, table) {
        return Err("its draft does not recognise it; describe it by hand (docs/pipelines.md)".to_owned());
    }
    if series::latest_period(&pipeline, table).is_none() {
        return Err("none of its rows has a period such as 2025 or 202425; look at time_period".to_owned());
    }
    let register = Register::embedded()?;
    let mut accounts = Accounts::new(&pipeline.id, "draft", &input.name);
    let reshaped = series::reshape(std::slice::from_ref(&pipeline), &pipeline, &register, table, &mut accounts)
        .map_err(|refused| refused.reason)?;
    let cells = accounts.quarantine.len().saturating_sub(accounts.rows_quarantined);
    let marks = toml.lines().filter(|line| line.starts_with("# unsure:")).count();
    let mut notes = vec![format!(
        "tried with the built-in register of England: {} rows kept, {} left out by a rule, {} set aside, and {cells} single cells",
        accounts.rows_kept, accounts.rows_out_of_scope, accounts.rows_quarantined
    )];
    notes.extend(reshaped.warnings);
    notes.extend(whole.known_as.as_ref().map(|id| format!("the built-in pipeline {id} recognises it too")));
    notes.extend(whole.notes.iter().cloned());
    notes.push(format!("{marks} places are marked unsure"));
    Ok(notes)
}

#[cfg(test)]
mod tests;
