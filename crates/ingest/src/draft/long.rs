//! Files in which a row is one figure: a column names the measure, another holds its value.

use std::collections::BTreeMap;

use super::profile::{Figures, Profile};
use super::shape::{FilterColumn, Measure, Shape};
use super::unit::{self, Guess};
use crate::describe::Unit;
use crate::ees;
use crate::pipeline::slug;
use crate::table::RawTable;

/// Names of columns that name the measure.
const INDICATOR: [&str; 8] =
    ["indicator", "indicator_name", "measure", "measure_name", "metric", "metric_name", "statistic", "variable"];

/// Names of columns that hold its value.
const VALUE: [&str; 8] =
    ["value", "values", "figure", "indicator_value", "measure_value", "metric_value", "statistic_value", "amount"];

/// Names of columns that print its unit.
pub(crate) const UNIT: [&str; 5] = ["unit", "units", "indicator_unit", "measure_unit", "unit_of_measure"];

/// The most measures that are described one by one.
const MOST: usize = 300;

/// One measure of such a file.
#[derive(Debug)]
pub(crate) struct LongIndicator<'a> {
    pub(crate) id: String,
    /// The value of the column that names it.
    pub(crate) name: &'a str,
    pub(crate) figures: Figures<'a>,
    pub(crate) unit: Guess,
}

/// The indicators of a file in which a row is one figure.
#[derive(Debug)]
pub(crate) struct Long<'a> {
    /// The column that names the measure.
    pub(crate) indicator: &'a str,
    /// The column that holds its value.
    pub(crate) value: &'a str,
    pub(crate) indicators: Vec<LongIndicator<'a>>,
}

/// The column that names the measure, where the one column of figures is called a value.
pub(crate) fn indicator_column<'a>(texts: &[&'a str], measures: &[Measure<'_>]) -> Option<&'a str> {
    let [value] = measures else { return None };
    let is_called = |name: &str, those: &[&str]| those.contains(&ees::plain(name).as_str());
    let mut names = texts.iter().copied().filter(|name| is_called(name, &INDICATOR));
    let first = names.next().filter(|_| is_called(value.name, &VALUE))?;
    // Two columns that could name it are two filters.
    names.next().is_none().then_some(first)
}

/// The measures of such a file, each with a unit of its own; nothing where another filter names a measure too.
pub(crate) fn long<'a>(table: &'a RawTable, held: &[usize], shape: &'a Shape<'a>, prefix: &str) -> Option<Long<'a>> {
    let texts: Vec<&str> = shape.filters.iter().map(|filter| filter.name).collect();
    let indicator = indicator_column(&texts, &shape.measures)?;
    let column = shape.filters.iter().find(|filter| filter.name == indicator)?;
    let is_measure = |filter: &&FilterColumn<'_>| filter.role == super::shape::FilterRole::Measure;
    // Each indicator would have to fix every such filter, so they stay filters of one column.
    if shape.filters.iter().filter(is_measure).count() != 1 || column.profile.texts.len() > MOST {
        return None;
    }
    let value = shape.measures.first()?;
    let printed_unit = shape.filters.iter().find(|filter| UNIT.contains(&ees::plain(filter.name).as_str()));
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in held {
        rows.entry(table.cell(*row, Some(column.place))).or_default().push(*row);
    }
    let mut taken = std::collections::BTreeSet::new();
    let indicators = rows.into_iter().filter(|(name, _)| !name.is_empty()).map(|(name, rows)| {
        let profile = Profile::of(rows.iter().map(|row| table.cell(*row, Some(value.place))));
        let figures =
            Figures { format: value.figures.format, ..profile.figures().unwrap_or_else(|| value.figures.clone()) };
        let units: Vec<&str> = match printed_unit {
            Some(unit) => Profile::of(rows.iter().map(|row| table.cell(*row, Some(unit.place)))).most_frequent(),
            None => Vec::new(),
        };
        let unit = printed(&units).map_or_else(|| unit::unit(name, &figures), |unit| (unit, None));
        let mut id = slug(&format!("{prefix} {name}"));
        while !taken.insert(id.clone()) {
            id.push_str("-again");
        }
        LongIndicator { id, name, figures, unit }
    });
    Some(Long { indicator, value: value.name, indicators: indicators.collect() })
}

/// The unit that a file prints of a measure, where it prints one that there is.
fn printed(units: &[&str]) -> Option<Unit> {
    let [unit] = units else { return None };
    match unit.to_lowercase().as_str() {
        "%" | "percent" | "percentage" | "per cent" => Some(Unit::Percent),
        "number" | "count" | "n" => Some(Unit::Number),
        "days" => Some(Unit::Days),
        "months" => Some(Unit::Months),
        "rate per 10,000" | "per 10,000" | "rate per 10000" | "per 10000" => Some(Unit::RatePer10000),
        "score" => Some(Unit::Score),
        "points" => Some(Unit::Points),
        "fte" | "full-time equivalent" => Some(Unit::FullTimeEquivalent),
        _ => None,
    }
}
