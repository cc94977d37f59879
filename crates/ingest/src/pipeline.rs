//! A pipeline: the declaration of one published source, as its TOML file says it.
//!
//! Unknown keys are refused, so that a slip of the pen is an error and not a silence.

use std::collections::BTreeMap;

use lais_lake::Class;
use serde::Deserialize;

use crate::fetch::Fetch;
use crate::register::normal_name;

pub(crate) use crate::describe::{CountRef, Description, IndicatorSpec, Unit};
pub(crate) use crate::dictionary::DictionaryRule;
pub(crate) use crate::event::EventRule;
pub(crate) use crate::figure_rule::{FiguresRule, NoteRule, PeriodRule};
pub(crate) use crate::format::Format;
pub(crate) use crate::long::LongRule;
pub(crate) use crate::scope::ScopeRule;
pub(crate) use crate::table_rule::{Into, TableRule};
pub(crate) use crate::time_rule::{LabelYear, Publication, Span, TimeRule};
pub(crate) use lais_framework::Question;

/// A published source: where it comes from, how to recognise it, what its columns are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Pipeline {
    /// Kebab-case id; the `source_id` of its files.
    pub id: String,
    /// Whether it was read from a folder that the user named; of two that ask for equally much, the user's own wins.
    #[serde(skip)]
    pub is_users: bool,
    /// What the publisher calls it.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// The licence, as an SPDX id.
    pub licence: String,
    /// The page a person would look at.
    #[serde(default)]
    pub landing_page: String,
    /// Who may see what its files hold.
    #[serde(default)]
    pub class: Class,
    /// Which reader understands its files.
    pub reader: Reader,
    /// What the ids of columns without an indicator of their own begin with.
    #[serde(default)]
    pub prefix: Option<String>,
    /// How a file of this source is recognised.
    #[serde(default)]
    pub recognise: Recognise,
    /// What its time identifiers mean.
    #[serde(default)]
    pub time: BTreeMap<String, TimeRule>,
    /// When its figures become public.
    #[serde(default)]
    pub publication: Publication,
    /// Columns that say what or whom a row counts.
    #[serde(default)]
    pub filters: BTreeMap<String, Filter>,
    /// What holds for every indicator and column that does not say otherwise.
    #[serde(default)]
    pub defaults: Description,
    /// The measures that have an id of their own.
    #[serde(default)]
    pub indicators: Vec<IndicatorSpec>,
    /// What the other measure columns are.
    #[serde(default)]
    pub columns: BTreeMap<String, Description>,
    /// How columns print their figures, where it is not as plain numbers.
    #[serde(default)]
    pub formats: BTreeMap<String, Format>,
    /// Symbols beside the usual ones: printed symbol to status.
    #[serde(default)]
    pub symbols: BTreeMap<String, String>,
    /// Rows that are left out on purpose, each by a named rule.
    #[serde(default)]
    pub out_of_scope: Vec<ScopeRule>,
    /// The tables of a file read by [`Reader::Tables`].
    #[serde(default)]
    pub tables: Vec<TableRule>,
    /// The questions of a document read by [`Reader::Document`].
    #[serde(default)]
    pub document: Option<DocumentRule>,
    /// Where its files can be fetched.
    #[serde(default)]
    pub fetch: Vec<Fetch>,
    /// The columns of a table read by [`Reader::Long`].
    #[serde(default)]
    pub long: Option<LongRule>,
    /// The columns of a table read by [`Reader::Dictionary`].
    #[serde(default)]
    pub dictionary: Option<DictionaryRule>,
    /// The publisher's own codes of regions and countries, each with the code that the register has.
    #[serde(default)]
    pub areas: BTreeMap<String, String>,
}

/// Which reader understands a source's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// The long layout of Explore Education Statistics: a row a period, geography and filter.
    EesCsv,
    /// Tables somewhere in a workbook's sheets or in a CSV file, found by their header cells.
    Tables,
    /// One document of prose: a few lines of header, then text under headings.
    Document,
    /// A long table, in Parquet or CSV: a row a measure, period and area, and one column of values.
    Long,
    /// A table that describes the measures of another: a row a measure.
    Dictionary,
    /// A report or letter of inspectors, as PDF.
    Report,
}

/// How a file is recognised: by its columns first.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recognise {
    /// Columns that must all be there.
    #[serde(default)]
    pub columns: Vec<String>,
    /// For each column named, at least one of these values must be there.
    #[serde(default)]
    pub values: BTreeMap<String, Vec<String>>,
    /// Parts of the file's name, one of which must be in it, where content cannot tell.
    #[serde(default)]
    pub file_name: Vec<String>,
    /// Words of which one stands in a title above a table of figures, where its header cannot tell.
    #[serde(default)]
    pub says: Vec<String>,
    /// Words in a file's path that say whose it is where its content does not: a document that asks none of the
    /// questions, or a file of a restricted source that cannot be read and is then kept in confidence.
    #[serde(default)]
    pub path: Vec<String>,
    /// Whether it is a CSV file or a workbook, where the same table is published as both.
    #[serde(default)]
    pub content: Option<ContentKind>,
}

/// What a file is, apart from its tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContentKind {
    /// Comma-separated text.
    Csv,
    /// A workbook with sheets.
    Workbook,
    /// Prose.
    Document,
    /// Columns of a Parquet file.
    Parquet,
    /// Pages of a PDF.
    Pdf,
}

/// A column that says what or whom a row counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// What its values do.
    pub role: Role,
    /// For a subgroup, the value that headline rows have.
    #[serde(default)]
    pub headline: Option<String>,
}

/// What a filter's values do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// One value throughout.
    Constant,
    /// They say what is counted.
    Measure,
    /// They say which subgroup is counted.
    Subgroup,
    /// They say something about the row's standing, such as `Revised`.
    Note,
}

/// How a document of prose is understood.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRule {
    /// The words before the authority in a header line, such as `Authority`.
    pub authority: Vec<String>,
    /// The words before the day on which it was shared.
    pub shared_on: Vec<String>,
    /// For each question the words that its heading holds, one of them.
    pub questions: BTreeMap<Question, Vec<String>>,
}

impl Pipeline {
    /// Reads a pipeline from its TOML.
    ///
    /// # Errors
    /// A message that names the line and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pipeline: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        if let Some(fault) = pipeline.faults().into_iter().next() {
            return Err(fault);
        }
        pipeline.indicators.iter_mut().for_each(IndicatorSpec::name_computed_column);
        Ok(pipeline)
    }

    /// A description with the file's defaults filled in.
    #[must_use]
    pub fn describe(&self, said: &Description) -> Description {
        said.or(&self.defaults)
    }

    /// Names of columns that must all be in a file of this source, but for those of [`Reader::Tables`].
    #[must_use]
    pub fn columns_asked_for(&self) -> Vec<&str> {
        let long = self.long.iter().flat_map(LongRule::columns);
        let dictionary = self.dictionary.iter().flat_map(DictionaryRule::columns);
        let mut columns: Vec<&str> = self.recognise.columns.iter().map(String::as_str).collect();
        for column in long.chain(dictionary) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }

    /// What the ids of columns without an indicator of their own begin with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.prefix.as_deref().unwrap_or(&self.id)
    }
}

/// Whether a text is lower-case letters and digits in words joined by single hyphens.
pub(crate) fn is_kebab(text: &str) -> bool {
    !text.is_empty()
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}

/// Whether words stand in a text, whatever its case and punctuation.
pub(crate) fn says(text: &str, words: &str) -> bool {
    let plain = |text: &str| normal_name(&text.replace(['-', '_', '/', '.'], " "));
    let (text, words) = (plain(text), plain(words));
    !words.is_empty() && format!(" {text} ").contains(&format!(" {words} "))
}

/// A text as a kebab-case id: letters and digits kept, everything else a single hyphen.
#[must_use]
pub(crate) fn slug(text: &str) -> String {
    let spaced: String = text
        .replace('%', " percent ")
        .replace('+', " plus ")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "id = 'a-b'\ntitle = 'T'\npublisher = 'P'\nlicence = 'OGL-UK-3.0'\nreader = 'ees-csv'\n[publication]\nusual_lag_days = 1\n";

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = Pipeline::parse(&format!("{LEAST}[recognise]\ncolums = ['a']\n")).unwrap_err();
        assert!(error.contains("colums") && error.contains("line 9"), "{error}");
    }

    #[test]
    fn a_criterion_that_does_not_exist_is_refused() {
        let text = format!(
            "{LEAST}[[indicators]]\nid = 'x'\ncolumn = 'c'\ntitle = 't'\nunit = 'percent'\ncriterion = 'hp-nothing'\n"
        );
        assert!(Pipeline::parse(&text).unwrap_err().contains("none of the 17"));
    }

    #[test]
    fn a_subgroup_needs_a_headline() {
        let text = format!("{LEAST}[filters.age]\nrole = 'subgroup'\n");
        assert!(Pipeline::parse(&text).unwrap_err().contains("headline"));
    }

    #[test]
    fn a_column_name_becomes_a_kebab_case_id() {
        assert_eq!(slug("Duration_21+_days"), "duration-21-plus-days");
        assert_eq!(slug("turnover_rate_fte_%"), "turnover-rate-fte-percent");
        assert!(is_kebab(&slug("Physical_Abuse_adult_on_child")));
    }

    #[test]
    fn every_declaration_that_fuzzing_kept_is_a_pipeline_or_a_message() {
        let folder = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
            .join("../../tests/fuzz/corpus/pipeline");
        let read = |entry: std::io::Result<std::fs::DirEntry>| std::fs::read(entry.unwrap().path()).unwrap();
        let parsed: Vec<bool> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| Pipeline::parse(&String::from_utf8_lossy(&read(entry))).is_ok())
            .collect();
        assert!(parsed.iter().filter(|is_valid| **is_valid).count() >= 5, "the built-in ones among them are valid");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_pipeline_or_a_message(text in ".{0,200}") {
            let _ = Pipeline::parse(&text);
            let _ = Pipeline::parse(&format!("{LEAST}{text}"));
        }
    }
}
