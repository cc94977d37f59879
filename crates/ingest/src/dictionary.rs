//! A dictionary: the table in which a publisher describes the measures of another.
//!
//! Dictionaries are read before the tables that they describe, so that the order of files never matters.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;
use lais_lake::Class;
use lais_stats::Polarity;
use serde::Deserialize;

use crate::accounts::Accounts;
use crate::facts::IndicatorRow;
use crate::input::{self, Content, Found, Input};
use crate::measure;
use crate::period::Period;
use crate::pipeline::{Description, Pipeline, Reader, Unit};
use crate::plain_text::plain;
use crate::recognise::{self, Opened, Recognised};
use crate::table::RawTable;
use crate::workbook;

/// Which column of a dictionary says what of a measure.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DictionaryRule {
    /// The column of the name by which the table knows the measure.
    pub measure: String,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// The topic it is listed under; those of several rows of one measure are joined.
    #[serde(default)]
    pub topic: Option<String>,
    /// Words from which its unit is told, by `units`.
    #[serde(default)]
    pub unit: Option<String>,
    /// Which end is better, by `polarities`.
    #[serde(default)]
    pub polarity: Option<String>,
    /// Decimals to show.
    #[serde(default)]
    pub decimals: Option<String>,
    /// Its kind of year: a key of `[time]` in the pipeline of the table.
    #[serde(default)]
    pub year: Option<String>,
    /// The day on which its figures were last updated: a date, or a day's number as spreadsheets count.
    #[serde(default)]
    pub updated: Option<String>,
    /// Columns that together say what is measured.
    #[serde(default)]
    pub definition: Vec<String>,
    /// Texts that say nothing.
    #[serde(default)]
    pub blank: Vec<String>,
    /// Whether the names are those of the Local Authority Interactive Tool.
    #[serde(default)]
    pub lait_names: bool,
    /// Printed text to which end is better.
    #[serde(default)]
    pub polarities: BTreeMap<String, Polarity>,
    /// Units by words that speak of them; the first that fits holds.
    #[serde(default)]
    pub units: Vec<UnitRule>,
}

/// Words that speak of a unit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitRule {
    /// The unit.
    pub unit: Unit,
    /// Words, in whatever case, of which one group stands whole in a text that speaks of the unit.
    pub says: Vec<String>,
}

impl DictionaryRule {
    /// Every column that is read.
    pub(crate) fn columns(&self) -> Vec<&str> {
        let optional =
            [&self.title, &self.topic, &self.unit, &self.polarity, &self.decimals, &self.year, &self.updated];
        let optional = optional.into_iter().flatten();
        std::iter::once(&self.measure).chain(optional).chain(&self.definition).map(String::as_str).collect()
    }

    fn is_blank(&self, text: &str) -> bool {
        text.is_empty() || self.blank.iter().any(|blank| blank == text)
    }
}

/// A dictionary that was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dictionary {
    /// The hash of its file, for keys of what depends on it.
    pub(crate) sha256: String,
    pub(crate) measures: BTreeMap<String, Described>,
}

/// What a dictionary says of a measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Described {
    pub(crate) said: Description,
    /// Its kind of year; empty where none is said.
    pub(crate) year: String,
    pub(crate) updated: Option<Date>,
}

impl Dictionary {
    /// The latest day on which figures of any of its measures were updated.
    pub(crate) fn updated(&self) -> Option<Date> {
        self.measures.values().filter_map(|described| described.updated).max()
    }

    /// The rows of `indicator` that it describes.
    pub(crate) fn indicators(&self, pipeline: &Pipeline) -> Vec<IndicatorRow> {
        let ids = measure::ids(pipeline.prefix(), self.measures.keys().map(String::as_str));
        let lait_names = pipeline.dictionary.as_ref().is_some_and(|rule| rule.lait_names);
        let described = self.measures.iter().zip(ids);
        described
            .map(|((name, described), id)| {
                let mut said = pipeline.describe(&described.said);
                said.title.get_or_insert_with(|| name.clone());
                measure::row(pipeline, id, &said, false, lait_names.then(|| name.clone()))
            })
            .collect()
    }
}

/// The dictionaries among the files, by the pipeline that each is of.
///
/// Of several of one pipeline the one updated last holds, and of those the last by name. One that cannot be
/// read is told of when its turn as a file comes.
pub(crate) fn find(headed: &[(&Found, Vec<String>)], pipelines: &[Pipeline]) -> BTreeMap<String, Dictionary> {
    let mut dictionaries: BTreeMap<String, Dictionary> = BTreeMap::new();
    let rules: Vec<&DictionaryRule> = pipelines.iter().filter_map(|pipeline| pipeline.dictionary.as_ref()).collect();
    let heads = |(_, header): &&(&Found, Vec<String>)| {
        rules.iter().any(|rule| rule.columns().iter().all(|column| header.iter().any(|name| name == column)))
    };
    for (found, _) in headed.iter().filter(heads) {
        let Ok(input) = input::read(found) else { continue };
        let Ok(Content::Text) = input::sniff(&input) else { continue };
        let Ok(Some(opened @ Opened::Csv(_))) = recognise::open(&input, Content::Text) else { continue };
        let Ok(Recognised::As(pipeline, _)) = recognise::recognise(&input, &opened, pipelines) else { continue };
        let (Reader::Dictionary, Some(rule), Opened::Csv(table)) = (pipeline.reader, &pipeline.dictionary, &opened)
        else {
            continue;
        };
        let dictionary = read(rule, &input, table, &mut Accounts::default());
        let before = dictionaries.get(&pipeline.id).and_then(Dictionary::updated);
        if !dictionaries.contains_key(&pipeline.id) || dictionary.updated() >= before {
            dictionaries.insert(pipeline.id.clone(), dictionary);
        }
    }
    dictionaries
}

/// Reads a dictionary's rows; what cannot be read goes to `accounts`.
///
/// Where a measure has several rows, the one updated last describes it, the topics of all are joined, and
/// its decimals are the most that any says.
pub(crate) fn read(rule: &DictionaryRule, input: &Input, table: &RawTable, accounts: &mut Accounts) -> Dictionary {
    let mut rows: BTreeMap<String, Vec<Described>> = BTreeMap::new();
    for bad in &table.bad_rows {
        accounts.quarantine_row(bad.source_row, "", &bad.value, "wrong-number-of-fields", &bad.message);
    }
    for row in 0..table.source_rows.len() {
        let line = Line { rule, table, row };
        let name = line.text(&rule.measure);
        if rule.is_blank(name) {
            let message = "a row of a dictionary names the measure that it describes; name it";
            accounts.quarantine_row(table.source_rows[row], &rule.measure, name, "no-measure", message);
            continue;
        }
        accounts.keep(1);
        rows.entry(name.to_owned()).or_default().push(line.described(accounts));
    }
    let measures = rows.into_iter().map(|(name, rows)| (name, joined(rows)));
    Dictionary { sha256: input.sha256.clone(), measures: measures.collect() }
}

/// The day of its latest update, by which a dictionary's release is called; it is only the best that is known.
pub(crate) fn vintage(pipeline: &Pipeline, table: &RawTable) -> Option<Period> {
    let rule = pipeline.dictionary.as_ref()?;
    let lines = (0..table.source_rows.len()).map(|row| Line { rule, table, row });
    let named = lines.filter(|line| !rule.is_blank(line.text(&rule.measure)));
    let day = named.filter_map(|line| day(line.said(rule.updated.as_ref())?)).max()?;
    Some(Period { end: day, start: day, label: day.to_string(), published_on: day, published_on_assumed: true })
}

/// One row of a dictionary.
struct Line<'a> {
    rule: &'a DictionaryRule,
    table: &'a RawTable,
    row: usize,
}

impl Line<'_> {
    fn text(&self, column: &str) -> &str {
        self.table.cell(self.row, self.table.column(column))
    }

    /// The text of a column that is declared and says something.
    fn said(&self, column: Option<&String>) -> Option<&str> {
        column.map(|column| self.text(column)).filter(|text| !self.rule.is_blank(text))
    }

    fn described(&self, accounts: &mut Accounts) -> Described {
        let rule = self.rule;
        let definition = rule.definition.iter().filter_map(|column| self.said(Some(column))).map(plain);
        let definition = definition.collect::<Vec<_>>().join(" ");
        let said = Description {
            title: self.said(rule.title.as_ref()).map(plain),
            topic: self.said(rule.topic.as_ref()).map(plain),
            unit: self.said(rule.unit.as_ref()).and_then(|text| self.unit(text)),
            polarity: self.polarity(accounts),
            decimals: self.read(rule.decimals.as_ref(), "not-a-number-of-decimals", accounts, |text| {
                text.parse().ok().filter(|decimals| (0..=9).contains(decimals))
            }),
            definition: Some(definition).filter(|text| !text.is_empty()),
            ..Description::default()
        };
        Described {
            said,
            year: self.said(rule.year.as_ref()).unwrap_or_default().to_owned(),
            updated: self.read(rule.updated.as_ref(), "not-a-day", accounts, day),
        }
    }

    fn unit(&self, text: &str) -> Option<Unit> {
        let fits = |rule: &&UnitRule| rule.says.iter().any(|words| speaks_of(text, words));
        self.rule.units.iter().find(fits).map(|rule| rule.unit)
    }

    fn polarity(&self, accounts: &mut Accounts) -> Option<Polarity> {
        // A sign that says nothing elsewhere, such as a hyphen, can say here that neither end is better.
        let declared = self.rule.polarity.as_ref().and_then(|column| self.rule.polarities.get(self.text(column)));
        match declared {
            Some(polarity) => Some(*polarity),
            None => self.read(self.rule.polarity.as_ref(), "unknown-polarity", accounts, |_| None),
        }
    }

    /// What a cell says; one that says something else is set aside.
    fn read<T>(
        &self,
        column: Option<&String>,
        fault: &'static str,
        accounts: &mut Accounts,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.said(column)?;
        let read = read(text);
        if read.is_none() {
            let message = "the measure is described without it; correct the cell, or declare the text in the pipeline";
            let column = column.map_or("", String::as_str);
            accounts.quarantine_cell(self.table.source_rows[self.row], column, text, fault, message);
        }
        read
    }
}

/// Whether whole words stand in a text, in whatever case: `FTE` is not in `Looked After`.
fn speaks_of(text: &str, words: &str) -> bool {
    let (text, words) = (text.to_lowercase(), words.to_lowercase());
    let is_joined = |beside: Option<char>, end: Option<char>| {
        beside.is_some_and(char::is_alphanumeric) && end.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(&words).any(|(at, found)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        !is_joined(before.chars().next_back(), words.chars().next())
            && !is_joined(after.chars().next(), words.chars().next_back())
    })
}

/// A day as a date, or as its number in spreadsheets, where 1 March 1900 is 61.
fn day(text: &str) -> Option<Date> {
    let serial = text.parse::<i32>().ok().filter(|serial| (61..=2_958_465).contains(serial));
    let counted = serial.and_then(|days| Date::constant(1899, 12, 30).checked_add(days.days()).ok());
    counted.or_else(|| workbook::read_day(text))
}

/// The rows of one measure as one description.
fn joined(rows: Vec<Described>) -> Described {
    let topics: Vec<String> = rows.iter().filter_map(|row| row.said.topic.clone()).collect();
    let mut seen = BTreeSet::new();
    let topics: Vec<String> = topics.into_iter().filter(|topic| seen.insert(topic.clone())).collect();
    let decimals = rows.iter().filter_map(|row| row.said.decimals).max();
    let latest = rows.iter().map(|row| row.updated).max().flatten();
    let mut described = rows.into_iter().find(|row| row.updated == latest).unwrap_or_default();
    described.said.topic = Some(topics.join("; ")).filter(|topics| !topics.is_empty());
    described.said.decimals = decimals;
    described
}

/// What is wrong with the declaration of a dictionary.
pub(crate) fn faults(pipeline: &Pipeline) -> Vec<String> {
    let mut faults = Vec::new();
    if (pipeline.reader == Reader::Dictionary) != pipeline.dictionary.is_some() {
        faults.push("a pipeline has [dictionary] where its reader is \"dictionary\", and only there".to_owned());
    }
    if pipeline.dictionary.is_some() && pipeline.class != Class::Public {
        faults.push("a dictionary is public: it describes published measures".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn pipeline() -> Pipeline {
        Pipeline::parse(
            "id = 'd'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'dictionary'\nprefix = 'tool'\n\
             [defaults]\nunit = 'unknown'\ndecimals = 1\n\
             [dictionary]\nmeasure = 'Name'\ntitle = 'Title'\ntopic = 'Topic'\nunit = 'Axis'\npolarity = 'Better'\n\
             decimals = 'dps'\nyear = 'Year'\nupdated = 'Updated'\ndefinition = ['What', 'How']\nblank = ['NA', '-', 'New']\n\
             polarities = { High = 'high-is-better', '-' = 'none' }\n\
             units = [{ unit = 'percent', says = ['%'] }, { unit = 'number', says = ['number'] }]\n",
        )
        .unwrap()
    }

    fn rows(text: &str) -> (Dictionary, Accounts) {
        let bytes = format!("Name,Title,Topic,Axis,Better,dps,Year,Updated,What,How\n{text}").into_bytes();
        let input = Input { name: "d.csv".to_owned(), bytes, sha256: "s".to_owned() };
        let table = crate::table::read_csv(&input).unwrap();
        let mut accounts = Accounts::new("d", "r", "d.csv");
        (read(pipeline().dictionary.as_ref().unwrap(), &input, &table, &mut accounts), accounts)
    }

    #[test]
    fn a_measure_is_described_by_the_cells_of_its_row() {
        let (dictionary, accounts) =
            rows("A_b,Share,Care,% of all,High,2,Financial Year,45931,\"One<br>\r\n two\",-\n");
        let row = &dictionary.indicators(&pipeline())[0];
        assert_eq!(
            (row.indicator_id.as_str(), row.title.as_str(), row.unit.as_str()),
            ("tool-a-b", "Share", "percent")
        );
        assert_eq!((row.polarity.as_str(), row.decimals, row.definition.as_str()), ("high-is-better", 2, "One two"));
        assert_eq!(dictionary.updated(), Some(date(2025, 10, 1)));
        assert_eq!((accounts.rows_kept, accounts.quarantine.len()), (1, 0));
    }

    #[test]
    fn of_two_rows_of_a_measure_the_later_describes_it_under_both_topics() {
        let (dictionary, accounts) = rows(
            "A,Old,Care,Number,-,2,Annual,45778,,\nA,Newer,Absence,Number,-,NA,Annual,46113,,\nB,Only,Care,Points,NA,NA,NA,New,,\n",
        );
        let a = &dictionary.measures["A"];
        assert_eq!((a.said.title.as_deref(), a.said.topic.as_deref()), (Some("Newer"), Some("Care; Absence")));
        assert_eq!((a.said.decimals, a.updated), (Some(2), Some(date(2026, 4, 1))));
        let b = &dictionary.indicators(&pipeline())[1];
        assert_eq!((b.unit.as_str(), b.polarity.as_str(), b.decimals), ("unknown", "none", 1));
        assert_eq!((accounts.rows_kept, accounts.quarantine.len()), (3, 0));
    }

    #[test]
    fn a_cell_that_says_something_else_is_set_aside_and_the_row_kept() {
        let (dictionary, accounts) = rows("A,T,C,Number,Upwards,many,Annual,soon,,\n,T,C,Number,-,0,Annual,NA,,\n");
        let rules: Vec<_> = accounts.quarantine.iter().map(|row| (row.source_row, &*row.rule)).collect();
        assert_eq!(
            rules,
            [(2, "unknown-polarity"), (2, "not-a-number-of-decimals"), (2, "not-a-day"), (3, "no-measure")]
        );
        assert_eq!((accounts.rows_kept, accounts.rows_quarantined, dictionary.measures.len()), (1, 1, 1));
    }

    #[test]
    fn a_unit_is_told_by_whole_words() {
        for (text, words, expected) in [
            ("Starters FTE", "fte", true),
            ("Number of Children Looked After", "FTE", false),
            ("% of births", "%", true),
            ("18% of", "%", true),
            ("Rate per 1000 births", "Rate per 1000", true),
            ("Rate per 10000", "Rate per 1000", false),
        ] {
            assert_eq!(speaks_of(text, words), expected, "{text} {words}");
        }
    }

    #[test]
    fn a_day_is_read_as_a_date_or_as_spreadsheets_count_it() {
        for (text, expected) in [
            ("45931", Some(date(2025, 10, 1))),
            ("61", Some(date(1900, 3, 1))),
            ("2025-10-01", Some(date(2025, 10, 1))),
            ("60", None),
            ("99999999", None),
            ("-1", None),
            ("TBC", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
    }
}
