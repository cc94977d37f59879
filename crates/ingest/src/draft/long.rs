//! Columns whose figures are of several kinds: a filter names the measure, the column holds its value.

use std::collections::{BTreeMap, BTreeSet};

use super::profile::{Figures, Profile};
use super::shape::{FilterRole, Measure, Shape};
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

/// The most measures of a column that are described one by one.
const MOST: usize = 300;

/// One measure of such a column.
#[derive(Debug)]
pub(crate) struct LongIndicator<'a> {
    pub(crate) id: String,
    pub(crate) title: String,
    /// The values of filters that fix it.
    pub(crate) fixed: Vec<(&'a str, &'a str)>,
    pub(crate) figures: Figures<'a>,
    pub(crate) unit: Guess,
}

/// The column that names the measure, where the one column of figures is called a value.
pub(crate) fn indicator_column<'a>(texts: &[(&'a str, usize)], measures: &[Measure<'_>]) -> Option<&'a str> {
    let [value] = measures else { return None };
    let is_called = |name: &str, those: &[&str]| those.contains(&ees::plain(name).as_str());
    let mut names = texts.iter().map(|(name, _)| *name).filter(|name| is_called(name, &INDICATOR));
    let first = names.next().filter(|_| is_called(value.name, &VALUE))?;
    // Two columns that could name it are two filters.
    names.next().is_none().then_some(first)
}

/// The column of texts by which figures of several formats are parted, so that each text has figures of one.
pub(crate) fn parting_column<'a>(
    table: &RawTable,
    held: &[usize],
    measure: usize,
    texts: &[(&'a str, usize)],
) -> Option<&'a str> {
    let parts = |(_, place): &&(&str, usize)| {
        let mut of_text: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in held {
            let text = table.cell(*row, Some(*place));
            of_text.entry(text).or_default().push(table.cell(*row, Some(measure)));
        }
        let is_of_one = |cells: &Vec<&str>| {
            let profile = Profile::of(cells.iter().copied());
            profile.is_blank() || profile.figures().is_some_and(|figures| figures.odd.is_empty())
        };
        // Where each row has a text of its own, the texts part nothing.
        of_text.len() <= MOST && of_text.len() * 2 <= held.len().max(4) && of_text.values().all(is_of_one)
    };
    texts.iter().find(parts).map(|(name, _)| *name)
}

/// The measures of a column whose figures are of several kinds, each with a unit and a format of its own.
pub(crate) fn indicators<'a>(
    table: &'a RawTable,
    held: &[usize],
    shape: &Shape<'a>,
    measure: &Measure<'a>,
    prefix: &str,
) -> Vec<LongIndicator<'a>> {
    let Some(parting) = measure.parted_by else { return Vec::new() };
    // An indicator fixes every filter that says what is counted.
    let of_measures = shape.filters.iter().filter(|filter| filter.role == FilterRole::Measure);
    let places: Vec<(&str, usize)> = of_measures.map(|filter| (filter.name, filter.place)).collect();
    let Some(at) = places.iter().position(|(name, _)| *name == parting) else { return Vec::new() };
    let printed_unit = shape.filters.iter().find(|filter| UNIT.contains(&ees::plain(filter.name).as_str()));
    let mut rows: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for row in held {
        rows.entry(places.iter().map(|(_, place)| table.cell(*row, Some(*place))).collect()).or_default().push(*row);
    }
    if rows.len() > MOST {
        return Vec::new();
    }
    let mut taken = BTreeSet::new();
    let named = rows.into_iter().filter(|(values, _)| values.iter().all(|value| !value.is_empty()));
    let column = if shape.measures.len() > 1 { measure.name } else { "" };
    let described = named.map(|(values, rows)| {
        let profile = Profile::of(rows.iter().map(|row| table.cell(*row, Some(measure.place))));
        let figures = profile.figures().unwrap_or_else(|| measure.figures.clone());
        let units = printed_unit.map_or_else(Vec::new, |unit| {
            Profile::of(rows.iter().map(|row| table.cell(*row, Some(unit.place)))).most_frequent()
        });
        let unit = printed(&units)
            .map_or_else(|| unit::unit(&format!("{} {}", values[at], measure.name), &figures), |unit| (unit, None));
        let said = values.join(" ");
        let mut id = slug(&format!("{prefix} {column} {said}"));
        while !taken.insert(id.clone()) {
            id.push_str("-again");
        }
        let title = if column.is_empty() { values.join(": ") } else { format!("{column}: {}", values.join(": ")) };
        let fixed = places.iter().zip(values).map(|((name, _), value)| (*name, value)).collect();
        LongIndicator { id, title, fixed, figures, unit }
    });
    described.collect()
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
