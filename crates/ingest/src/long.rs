//! Long tables: a row a measure, period and area, and one column of values.
//!
//! A measure's own words stand in a dictionary, which says what kind of year its labels speak of. Where
//! there is none the table is read all the same: its periods are then the calendar years that it names.

mod areas;
mod labels;
mod measures;

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use self::areas::{AreaFault, Areas};
use self::measures::Measures;
use crate::accounts::Accounts;
use crate::cell::{self, Cell, Status};
use crate::columnar::LongTable;
use crate::dictionary::Dictionary;
use crate::input::{Input, Refused};
use crate::measure::Slot;
use crate::period::Period;
use crate::pipeline::{Pipeline, Reader, Unit};
use crate::recognise::Opened;
use crate::register::Register;
use crate::series::{Beside, Reshaped};
use crate::stack::Lines;
use crate::table;

pub(crate) use self::areas::{by_code, region_contradicts};

/// Which column of a long table says what.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongRule {
    /// The column that names the measure.
    pub measure: String,
    /// The column of its title, which may stand in some of its rows only.
    #[serde(default)]
    pub title: Option<String>,
    /// The column of the label of the years.
    pub period: String,
    /// The column of the area's code.
    pub code: String,
    /// The column of the area's name, which is held against the code.
    #[serde(default)]
    pub name: Option<String>,
    /// The column of the region that an authority is in, which is held against the register.
    #[serde(default)]
    pub region: Option<String>,
    /// The column of the values.
    pub value: String,
    /// Other columns, which are not read.
    #[serde(default)]
    pub passed_over: Vec<String>,
    /// Texts that say nothing.
    #[serde(default)]
    pub blank: Vec<String>,
    /// Marks in brackets beside a year, the one that holds first; the empty one is a year without.
    #[serde(default)]
    pub marks: Vec<String>,
    /// The pipeline of the dictionary that describes the measures.
    #[serde(default)]
    pub dictionary: Option<String>,
    /// Whether the measures' names are those of the Local Authority Interactive Tool.
    #[serde(default)]
    pub lait_names: bool,
}

impl LongRule {
    /// Every column that the rule reads.
    pub(crate) fn columns(&self) -> Vec<&str> {
        let optional = [&self.title, &self.name, &self.region].into_iter().flatten();
        [&self.measure, &self.period, &self.code, &self.value].into_iter().chain(optional).map(String::as_str).collect()
    }

    fn text<'a>(&self, table: &'a LongTable, row: usize, column: Option<&String>) -> &'a str {
        let text = column.map_or("", |column| table.text(row, column));
        if self.blank.iter().any(|blank| blank == text) { "" } else { text }
    }
}

/// A long table with the periods of its labels.
pub(crate) struct Long<'a> {
    pipeline: &'a Pipeline,
    rule: &'a LongRule,
    dictionary: Option<&'a Dictionary>,
    table: LongTable,
    periods: Vec<Period>,
    breakdowns: Vec<String>,
    /// For each measure and label the period and breakdown, or why there is none.
    labels: HashMap<(u32, u32), Result<(i32, i32), String>>,
    /// By which the release is called, and the day on which the file became public.
    pub(crate) vintage: Period,
}

impl<'a> Long<'a> {
    /// Reads a table's columns, and its labels by the kinds of year that the dictionary says.
    ///
    /// # Errors
    /// [`Refused`] where the table is damaged, has a column that nobody described, or names no year.
    pub(crate) fn open(
        pipeline: &'a Pipeline,
        rule: &'a LongRule,
        dictionary: Option<&'a Dictionary>,
        opened: &Opened,
        input: &Input,
    ) -> Result<Self, Refused> {
        let refuse = |reason: String| Refused { file: input.name.clone(), reason };
        let mut wanted = rule.columns();
        wanted.extend(pipeline.out_of_scope.iter().map(|rule| rule.column.as_str()));
        refuse_header(pipeline, rule, &wanted, opened.header()).map_err(refuse)?;
        let table = LongTable::read(input, opened, &wanted)?;
        let read = labels::read_labels(pipeline, rule, dictionary, &table);
        let vintage = labels::vintage(pipeline, dictionary, &read).ok_or_else(|| {
            refuse(format!("none of its rows has a period that can be read; look at the column {:?}", rule.period))
        })?;
        let mut long = Self {
            pipeline,
            rule,
            dictionary,
            table,
            periods: Vec::new(),
            breakdowns: vec![String::new()],
            labels: HashMap::new(),
            vintage,
        };
        long.settle(read);
        Ok(long)
    }

    /// Reshapes the table's rows; what cannot be placed or read goes to `accounts`.
    ///
    /// # Errors
    /// [`Refused`] where the rows cannot become a frame, which those that were read always can.
    pub(crate) fn reshape(self, register: &Register, accounts: &mut Accounts) -> Result<Reshaped, Refused> {
        for bad in &self.table.bad_rows {
            accounts.quarantine_row(bad.source_row, "", &bad.value, "wrong-number-of-fields", &bad.message);
        }
        let mut areas = Areas::new(&self, register);
        let mut measures = Measures::new(&self);
        let scope = Scope::new(&self);
        let values = cells(&self);
        let mut lines = Lines::default();
        let mut seen: HashMap<(u32, u32, u32), u32> = HashMap::new();
        for row in 0..self.table.source_rows.len() {
            match self.place(row, &mut areas, &scope, &values) {
                Row::Out { rule, why } => accounts.leave_out(&rule, &why),
                Row::Bad(bad) => {
                    accounts.quarantine_row(
                        self.table.source_rows[row],
                        &bad.column,
                        &bad.value,
                        bad.rule,
                        &bad.message,
                    );
                }
                Row::Kept { period, breakdown, areas: range, cell } => {
                    let number = self.table.source_rows[row];
                    let key = |area: &usize| {
                        (self.key(row, &self.rule.measure), self.key(row, &self.rule.period), areas.number(*area))
                    };
                    if let Some(earlier) = range.clone().find_map(|area| seen.get(&key(&area))) {
                        let message =
                            format!("row {earlier} already gives this measure, area and period; remove one of the two");
                        let label = self.table.text(row, &self.rule.period);
                        accounts.quarantine_row(number, &self.rule.period, label, "repeated-row", &message);
                        continue;
                    }
                    accounts.keep(1);
                    let slot = Slot { indicator: measures.indicator(row), breakdown };
                    for area in range {
                        seen.insert(key(&area), number);
                        let area = i32::try_from(area).unwrap_or(i32::MAX);
                        lines.push(slot, period, area, cell, None, None, number, 0);
                    }
                }
            }
        }
        let (areas, mut catalogue, warnings) = (areas.areas, measures.catalogue, measures.warnings);
        let frame = lines
            .frame(0)
            .map_err(|e| Refused { file: accounts.file_name.clone(), reason: format!("it cannot be reshaped: {e}") })?;
        catalogue.breakdowns = self.breakdowns;
        let columns = vec![self.rule.value.clone()];
        let (periods, measures, labels) = (self.periods, columns.clone(), vec![String::new()]);
        let beside = Beside::default();
        Ok(Reshaped { frame, catalogue, areas, periods, columns, measures, labels, warnings, beside })
    }

    fn key(&self, row: usize, column: &str) -> u32 {
        self.table.columns.get(column).and_then(|column| column.keys.get(row)).copied().unwrap_or(u32::MAX)
    }

    fn place(&self, row: usize, areas: &mut Areas<'_>, scope: &Scope<'_>, values: &[Cell]) -> Row {
        if let Some((rule, why)) = scope.leaves_out(&self.table, row) {
            return Row::Out { rule, why };
        }
        let bad = |column: &str, rule, message: String| {
            let value = self.table.text(row, column).to_owned();
            Row::Bad(Bad { rule, column: column.to_owned(), value, message })
        };
        if self.rule.text(&self.table, row, Some(&self.rule.measure)).is_empty() {
            return bad(&self.rule.measure, "no-measure", "a row names its measure; name it".to_owned());
        }
        let range = match areas.find(row) {
            Ok(range) => range,
            Err(AreaFault::Out { rule, why }) => return Row::Out { rule: rule.to_owned(), why },
            Err(AreaFault::Bad(bad)) => return Row::Bad(bad),
        };
        let label = (self.key(row, &self.rule.measure), self.key(row, &self.rule.period));
        let (period, breakdown) = match self.labels.get(&label) {
            Some(Ok(settled)) => *settled,
            Some(Err(message)) => return bad(&self.rule.period, "unknown-period", message.clone()),
            None => return bad(&self.rule.period, "unknown-period", "its label was not read".to_owned()),
        };
        match values.get(self.key(row, &self.rule.value) as usize) {
            Some(Cell::Number(number)) if !is_in_range(*number) => {
                bad(&self.rule.value, "outside-range", "no published figure is so great; correct it".to_owned())
            }
            Some(cell @ (Cell::Number(_) | Cell::Missing(_))) => {
                Row::Kept { period, breakdown, areas: range, cell: *cell }
            }
            Some(Cell::Unknown) | None => bad(
                &self.rule.value,
                "not-a-figure",
                "a cell is a number such as 1234.5 or a symbol that the pipeline declares; correct it".to_owned(),
            ),
        }
    }
}

/// What becomes of a row.
enum Row {
    Kept { period: i32, breakdown: i32, areas: std::ops::Range<usize>, cell: Cell },
    Out { rule: String, why: String },
    Bad(Bad),
}

/// Why a row is set aside.
#[derive(Clone)]
struct Bad {
    rule: &'static str,
    column: String,
    value: String,
    message: String,
}

fn place<T>(list: &mut Vec<T>, entry: T) -> i32 {
    list.push(entry);
    i32::try_from(list.len() - 1).unwrap_or(i32::MAX)
}

fn is_in_range(number: f64) -> bool {
    let [least, greatest] = Unit::Unknown.range();
    (least..=greatest).contains(&number)
}

/// Refuses a table with a column that nobody described: it could tell rows apart that seem to say the same.
fn refuse_header(pipeline: &Pipeline, rule: &LongRule, wanted: &[&str], header: &[String]) -> Result<(), String> {
    if let Some(name) = table::repeated(header) {
        return Err(format!("its header names the column {name:?} twice; rename or remove one"));
    }
    let described = |name: &&String| wanted.contains(&name.as_str()) || rule.passed_over.contains(name);
    match header.iter().find(|name| !described(name)) {
        None => Ok(()),
        Some(name) => Err(format!(
            "it has a column {name:?} that pipeline {} does not describe; describe it under [long], or name it in passed_over if it tells no rows apart",
            pipeline.id
        )),
    }
}

/// What each distinct text of the column of values says.
fn cells(long: &Long<'_>) -> Vec<Cell> {
    let symbols = &long.pipeline.symbols;
    let own = |symbol: &str| symbols.get(symbol).and_then(|status| Status::from_id(status));
    let column = long.table.columns.get(&long.rule.value);
    column.map_or_else(Vec::new, |column| column.values.iter().map(|text| cell::read(text, &own)).collect())
}

/// The rules by which rows are left out, as numbers of the texts that they name.
struct Scope<'a> {
    rules: Vec<(&'a crate::pipeline::ScopeRule, HashSet<u32>)>,
}

impl<'a> Scope<'a> {
    fn new(long: &Long<'a>) -> Self {
        let rules = long.pipeline.out_of_scope.iter().map(|rule| {
            let texts = long.table.columns.get(&rule.column).map_or(&[] as &[String], |column| &column.values);
            let named = texts.iter().zip(0_u32..).filter(|(text, _)| rule.leaves_out(text));
            (rule, named.map(|(_, key)| key).collect())
        });
        Self { rules: rules.collect() }
    }

    fn leaves_out(&self, table: &LongTable, row: usize) -> Option<(String, String)> {
        let fits = |(rule, keys): &&(&crate::pipeline::ScopeRule, HashSet<u32>)| {
            let key = table.columns.get(&rule.column).and_then(|column| column.keys.get(row));
            key.is_some_and(|key| keys.contains(key))
        };
        self.rules.iter().find(fits).map(|(rule, _)| (rule.rule.clone(), rule.why.clone()))
    }
}

/// What is wrong with the declaration of a long table.
pub(crate) fn faults(pipeline: &Pipeline) -> Vec<String> {
    let mut faults = Vec::new();
    if (pipeline.reader == Reader::Long) != pipeline.long.is_some() {
        faults.push("a pipeline has [long] where its reader is \"long\", and only there".to_owned());
    }
    if pipeline.reader == Reader::Long && pipeline.publication.usual_lag_days == 0 {
        faults.push("[publication] usual_lag_days is missing: days from a period's end to its figures".to_owned());
    }
    if pipeline.reader == Reader::Long && !pipeline.recognise.values.is_empty() {
        faults.push("a long table is recognised by its columns alone; take values out of [recognise]".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests;
