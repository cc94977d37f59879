//! The measures of a long table: their ids, and what is said of them.

use std::collections::{BTreeMap, HashMap};

use super::{Long, place};
use crate::measure::{self, Catalogue, Indicator};
use crate::pipeline::{Description, Unit};
use crate::plain_text::plain;

/// The measures of a table that have a row, in order of their first.
pub(super) struct Measures<'a> {
    long: &'a Long<'a>,
    pub(super) catalogue: Catalogue,
    ids: Vec<String>,
    titles: BTreeMap<u32, String>,
    places: HashMap<u32, i32>,
    pub(super) warnings: Vec<String>,
}

impl<'a> Measures<'a> {
    pub(super) fn new(long: &'a Long<'a>) -> Self {
        let names = long.table.columns.get(&long.rule.measure).map_or(&[] as &[String], |column| &column.values);
        let ids = measure::ids(long.pipeline.prefix(), names.iter().map(String::as_str));
        Self {
            long,
            catalogue: Catalogue::new(),
            ids,
            titles: titles(long),
            places: HashMap::new(),
            warnings: undescribed(long, names).into_iter().collect(),
        }
    }

    /// The place of a row's measure among the indicators.
    pub(super) fn indicator(&mut self, row: usize) -> i32 {
        let key = self.long.key(row, &self.long.rule.measure);
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let name = self.long.table.text(row, &self.long.rule.measure);
        let described = self.long.dictionary.and_then(|dictionary| dictionary.measures.get(name));
        let mut said = described.map_or_else(Description::default, |described| described.said.clone());
        said.title = said.title.or_else(|| self.titles.get(&key).cloned()).or_else(|| Some(name.to_owned()));
        let said = self.long.pipeline.describe(&said);
        let id = self.ids.get(key as usize).cloned().unwrap_or_default();
        let lait_name = self.long.rule.lait_names.then(|| name.to_owned());
        let row = measure::row(self.long.pipeline, id, &said, false, lait_name);
        let range = Unit::Unknown.range();
        let place = place(&mut self.catalogue.indicators, Indicator { row, range, numerator: None, denominator: None });
        self.places.insert(key, place);
        place
    }
}

/// The first title of each measure that any of its rows has.
fn titles(long: &Long<'_>) -> BTreeMap<u32, String> {
    let mut titles = BTreeMap::new();
    let Some(column) = long.rule.title.as_ref().and_then(|name| long.table.columns.get(name)) else { return titles };
    let Some(measures) = long.table.columns.get(&long.rule.measure) else { return titles };
    for (measure, title) in measures.keys.iter().zip(&column.keys) {
        let text = &column.values[*title as usize];
        if !text.is_empty() && !long.rule.blank.contains(text) {
            titles.entry(*measure).or_insert_with(|| plain(text));
        }
    }
    titles
}

/// A warning of measures that no dictionary describes.
fn undescribed(long: &Long<'_>, names: &[String]) -> Option<String> {
    let wanted = long.rule.dictionary.as_ref()?;
    let Some(dictionary) = long.dictionary else {
        return Some(format!(
            "no dictionary ({wanted}) is among the sources: its {} measures have no unit, polarity or kind of year, and their periods are the calendar years that they name",
            names.len()
        ));
    };
    let missing: Vec<&str> =
        names.iter().filter(|n| !dictionary.measures.contains_key(*n)).map(String::as_str).collect();
    (!missing.is_empty()).then(|| {
        format!(
            "{} of its {} measures, such as {:?}, are not in the dictionary ({wanted}): they have no unit, polarity or kind of year, and their periods are the calendar years that they name",
            missing.len(),
            names.len(),
            missing[0]
        )
    })
}
