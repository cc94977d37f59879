//! Which indicator a cell belongs to: by its column and the filters of its row.

use std::collections::{BTreeMap, HashMap};

use lais_lake::sha256_hex;

use crate::facts::IndicatorRow;
use crate::pipeline::{CountRef, Description, Format, IndicatorSpec, Pipeline, Role, Unit, slug};

/// The indicators of one file, and for each column and combination of filters the one that holds.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) breakdowns: Vec<String>,
    ids: HashMap<String, i32>,
    named: HashMap<String, i32>,
    breakdown_ids: HashMap<String, i32>,
}

/// One indicator as this file has it.
#[derive(Clone, Debug)]
pub(crate) struct Indicator {
    pub(crate) row: IndicatorRow,
    pub(crate) range: [f64; 2],
    pub(crate) numerator: Option<CountRef>,
    pub(crate) denominator: Option<CountRef>,
}

/// Where a cell goes: its indicator and its breakdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) indicator: i32,
    pub(crate) breakdown: i32,
}

impl Catalogue {
    pub(crate) fn new() -> Self {
        let breakdown_ids = HashMap::from([(String::new(), 0)]);
        Self {
            indicators: Vec::new(),
            breakdowns: vec![String::new()],
            ids: HashMap::new(),
            named: HashMap::new(),
            breakdown_ids,
        }
    }

    /// The slot of a column's cells in rows with these filters.
    ///
    /// The indicator that fixes most filters wins; what no indicator claims gets one named after
    /// the column and the filters that say what is counted.
    pub(crate) fn slot(
        &mut self,
        all: &[Pipeline],
        pipeline: &Pipeline,
        column: &str,
        filters: &BTreeMap<&str, &str>,
    ) -> Slot {
        let claimed = claimed(pipeline, column, |filter| filters.get(filter).copied());
        let fixed = claimed.map(|spec| &spec.filters);
        let breakdown = breakdown(pipeline, filters, |name| fixed.is_some_and(|fixed| fixed.contains_key(name)));
        let indicator = match claimed {
            Some(spec) => self.declared(all, pipeline, spec),
            None => self.named_after(pipeline, column, filters),
        };
        Slot { indicator, breakdown: self.breakdown(breakdown) }
    }

    /// The slot of a computed figure in rows with these filters; none where the rows are not its own.
    pub(crate) fn slot_of_computed(
        &mut self,
        all: &[Pipeline],
        pipeline: &Pipeline,
        spec: &IndicatorSpec,
        filters: &BTreeMap<&str, &str>,
    ) -> Option<Slot> {
        let is_its_own = spec.filters.iter().all(|(f, v)| filters.get(f.as_str()) == Some(&v.as_str()));
        (is_its_own && fixes_all_measures(pipeline, spec)).then(|| {
            let breakdown = breakdown(pipeline, filters, |name| spec.filters.contains_key(name));
            Slot { indicator: self.declared(all, pipeline, spec), breakdown: self.breakdown(breakdown) }
        })
    }

    fn declared(&mut self, all: &[Pipeline], pipeline: &Pipeline, spec: &IndicatorSpec) -> i32 {
        if let Some(id) = self.ids.get(&spec.id) {
            return *id;
        }
        // Another layout of a series keeps its columns for counts and takes its description.
        let home = spec.same_as.as_ref().and_then(|id| all.iter().find(|other| other.id == *id));
        let original = home.and_then(|home| home.indicators.iter().find(|other| other.id == spec.id));
        let (home, said) = match home.zip(original) {
            Some((home, original)) => (home, home.describe(&original.description())),
            None => (pipeline, pipeline.describe(&spec.description())),
        };
        let counts = if spec.same_as.is_some() { spec.description() } else { said.clone() };
        let defining = original.unwrap_or(spec);
        let mut row = row(home, spec.id.clone(), &said, true, defining.lait.clone());
        row.computed_from = defining.computed.then(|| defining.column.clone());
        self.add(Indicator {
            row,
            range: spec.range.or(said.range).unwrap_or_else(|| unit(&said).range()),
            numerator: counts.numerator,
            denominator: counts.denominator,
        })
    }

    fn named_after(&mut self, pipeline: &Pipeline, column: &str, filters: &BTreeMap<&str, &str>) -> i32 {
        let values: Vec<&str> = pipeline
            .filters
            .iter()
            .filter(|(_, filter)| filter.role == Role::Measure)
            .filter_map(|(name, _)| filters.get(name.as_str()).map(|value| in_words(value)))
            .collect();
        // A measure that is called as the ids begin is the only one of its file, and is not named twice.
        let named: &[&str] = if column == pipeline.prefix() { &[column] } else { &[pipeline.prefix(), column] };
        let origin = [named, values.as_slice()].concat().join("\n");
        if let Some(id) = self.named.get(&origin) {
            return *id;
        }
        let mut id = slug(&origin);
        if self.ids.contains_key(&id) {
            // Two texts that differ only in punctuation are still two measures.
            id = format!("{id}-{}", &sha256_hex(origin.as_bytes())[..6]);
        }
        let mut said = pipeline.describe(&pipeline.columns.get(column).cloned().unwrap_or_default());
        let title = said.title.take().unwrap_or_else(|| column.replace('_', " "));
        said.title = Some([&[title.as_str()], values.as_slice()].concat().join(": "));
        let range = said.range.unwrap_or_else(|| unit(&said).range());
        let (numerator, denominator) = (said.numerator.clone(), said.denominator.clone());
        let id = self.add(Indicator { row: row(pipeline, id, &said, false, None), range, numerator, denominator });
        self.named.insert(origin, id);
        id
    }

    fn add(&mut self, indicator: Indicator) -> i32 {
        let id = i32::try_from(self.indicators.len()).unwrap_or(i32::MAX);
        self.ids.insert(indicator.row.indicator_id.clone(), id);
        self.indicators.push(indicator);
        id
    }

    fn breakdown(&mut self, text: String) -> i32 {
        let next = i32::try_from(self.breakdowns.len()).unwrap_or(i32::MAX);
        *self.breakdown_ids.entry(text.clone()).or_insert_with(|| {
            self.breakdowns.push(text);
            next
        })
    }
}

/// The indicator that a column's cells belong to in rows with these filters: the one that fixes most of them.
fn claimed<'a, 'b>(
    pipeline: &'a Pipeline,
    column: &str,
    filter: impl Fn(&str) -> Option<&'b str>,
) -> Option<&'a IndicatorSpec> {
    let matches = |spec: &&IndicatorSpec| {
        spec.column == column
            && !spec.computed
            && spec.filters.iter().all(|(f, v)| filter(f.as_str()) == Some(v.as_str()))
    };
    let claims = pipeline.indicators.iter().filter(matches).filter(|spec| fixes_all_measures(pipeline, spec));
    claims.max_by_key(|spec| spec.filters.len())
}

fn fixes_all_measures(pipeline: &Pipeline, spec: &IndicatorSpec) -> bool {
    pipeline.filters.iter().all(|(name, filter)| filter.role != Role::Measure || spec.filters.contains_key(name))
}

/// How a column prints its figures in rows with these filters.
pub(crate) fn format(pipeline: &Pipeline, column: &str, filters: &BTreeMap<String, String>) -> Format {
    let claimed = claimed(pipeline, column, |filter| filters.get(filter).map(String::as_str));
    let own = claimed.and_then(|spec| spec.format);
    own.or_else(|| pipeline.formats.get(column).copied()).unwrap_or_default()
}

/// The subgroups that are not the headline's, as `filter=value` in order of name; empty on headline rows.
fn breakdown(pipeline: &Pipeline, filters: &BTreeMap<&str, &str>, fixed: impl Fn(&str) -> bool) -> String {
    let differing = pipeline.filters.iter().filter_map(|(name, filter)| {
        let value = *filters.get(name.as_str())?;
        let is_other = filter.role == Role::Subgroup && filter.headline.as_deref() != Some(value) && !fixed(name);
        is_other.then(|| format!("{name}={}", in_words(value)))
    });
    differing.collect::<Vec<_>>().join("; ")
}

/// A filter's value in words: one that is blank is none of those that have a name.
fn in_words(value: &str) -> &str {
    if value.is_empty() { "(blank)" } else { value }
}

fn unit(said: &Description) -> Unit {
    said.unit.unwrap_or(Unit::Number)
}

/// Ids of measures that a publisher knows by these names, in their order.
///
/// Where two names differ only in case and punctuation, each id has a piece of its name's hash, so that
/// neither passes for the other in whatever order they come.
pub(crate) fn ids<'a>(prefix: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: Vec<&str> = names.collect();
    let mut bearers: HashMap<String, usize> = HashMap::new();
    for name in &names {
        *bearers.entry(slug(name)).or_default() += 1;
    }
    let id = |name: &&str| {
        let slug = slug(name);
        let hash = &sha256_hex(name.as_bytes())[..6];
        match bearers.get(&slug) {
            _ if slug.is_empty() => format!("{prefix}-{hash}"),
            Some(1) => format!("{prefix}-{slug}"),
            _ => format!("{prefix}-{slug}-{hash}"),
        }
    };
    names.iter().map(id).collect()
}

/// The row of `indicator` that a description makes.
pub(crate) fn row(
    home: &Pipeline,
    id: String,
    said: &Description,
    curated: bool,
    lait_name: Option<String>,
) -> IndicatorRow {
    let title = said.title.clone().unwrap_or_else(|| id.clone());
    IndicatorRow {
        indicator_id: id,
        topic: said.topic.clone(),
        unit: unit(said).id().to_owned(),
        measure: said.measure.unwrap_or_else(|| unit(said).measure()).id().to_owned(),
        multiplier: unit(said).multiplier(),
        polarity: said.polarity.unwrap_or_default().id().to_owned(),
        decimals: said.decimals.unwrap_or(0),
        criterion_id: said.criterion.clone(),
        focus_topic_id: said.focus_topic.clone(),
        source_id: home.id.clone(),
        definition: said.definition.clone().unwrap_or_else(|| title.clone()),
        title,
        comparable: said.comparable.unwrap_or_else(|| unit(said).is_comparable()),
        curated,
        lait_name,
        standard: said.standard.clone(),
        computed_from: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pipeline() -> Pipeline {
        Pipeline::parse(
            "id = 'a'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'ees-csv'\nprefix = 'leavers'\n\
             [publication]\nusual_lag_days = 1\n\
             [filters.what]\nrole = 'measure'\n[filters.age]\nrole = 'subgroup'\nheadline = '19 to 21'\n\
             [[indicators]]\nid = 'eet'\ncolumn = 'percent'\ntitle = 'EET'\nunit = 'percent'\nwhere = { what = 'EET' }\n\
             [[indicators]]\nid = 'eet-17'\ncolumn = 'percent'\ntitle = 'EET 17'\nunit = 'percent'\nwhere = { what = 'EET', age = '17 to 18' }\n\
             [columns.percent]\ntitle = 'Care leavers'\nunit = 'percent'\n",
        )
        .unwrap()
    }

    fn slot(column: &str, what: &str, age: &str) -> (String, String) {
        let pipeline = pipeline();
        let mut catalogue = Catalogue::new();
        let slot = catalogue.slot(&[], &pipeline, column, &BTreeMap::from([("what", what), ("age", age)]));
        let row = &catalogue.indicators[slot.indicator as usize].row;
        (row.indicator_id.clone(), catalogue.breakdowns[slot.breakdown as usize].clone())
    }

    #[test]
    fn the_indicator_that_fixes_most_wins_and_headline_rows_have_no_breakdown() {
        assert_eq!(slot("percent", "EET", "19 to 21"), ("eet".to_owned(), String::new()));
        assert_eq!(slot("percent", "EET", "17 to 18"), ("eet-17".to_owned(), String::new()));
        assert_eq!(slot("percent", "EET", "22 to 25"), ("eet".to_owned(), "age=22 to 25".to_owned()));
    }

    #[test]
    fn texts_that_differ_only_in_punctuation_are_two_measures() {
        let (one, two) = (slot("count", "A-B", "19 to 21").0, slot("count", "A B", "19 to 21").0);
        assert_eq!(one, two, "each alone has the plain id");
        let (pipeline, mut catalogue) = (pipeline(), Catalogue::new());
        let mut indicator = |what| {
            catalogue.slot(&[], &pipeline, "count", &BTreeMap::from([("what", what), ("age", "19 to 21")])).indicator
        };
        assert_ne!(indicator("A-B"), indicator("A B"));
    }

    #[test]
    fn names_that_differ_only_in_case_and_punctuation_have_ids_of_their_own_in_any_order() {
        let names = ["LAC%", "A_b", "a-B", "--"];
        let found = ids("tool", names.into_iter());
        assert_eq!(found[0], "tool-lac-percent");
        assert!(found[1].starts_with("tool-a-b-") && found[2].starts_with("tool-a-b-") && found[1] != found[2]);
        assert!(found.iter().all(|id| crate::pipeline::is_kebab(id)), "{found:?}");
        let mut turned = ids("tool", names.into_iter().rev());
        turned.reverse();
        assert_eq!(turned, found);
    }

    #[test]
    fn a_blank_filter_is_never_taken_for_the_whole() {
        assert_eq!(slot("percent", "", "19 to 21").0, "leavers-percent-blank");
        assert_eq!(slot("percent", "EET", "").1, "age=(blank)");
    }

    #[test]
    fn what_no_indicator_claims_is_named_after_its_column_and_filters() {
        assert_eq!(slot("percent", "Not known", "19 to 21"), ("leavers-percent-not-known".to_owned(), String::new()));
        assert_eq!(slot("percent", "Not known", "17 to 18").1, "age=17 to 18");
        assert_eq!(slot("count", "EET", "19 to 21").0, "leavers-count-eet");
    }
}
