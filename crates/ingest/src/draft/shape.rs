//! Which columns hold figures, and which say what or whom a row counts.

use std::collections::{BTreeMap, HashMap};

use super::filter;
use super::profile::{self, Figures, Profile};
use crate::ees;
use crate::table::RawTable;

/// Texts of more values than this, most of them their own, tell of a row and not of a group.
const MOST_VALUES: usize = 200;

/// Whole numbers of no more values than this could be those of a filter.
const FEW_VALUES: usize = 10;

/// What a file's columns are taken for.
#[derive(Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) measures: Vec<Measure<'a>>,
    pub(crate) filters: Vec<FilterColumn<'a>>,
}

/// A column of figures.
#[derive(Debug)]
pub(crate) struct Measure<'a> {
    pub(crate) place: usize,
    pub(crate) name: &'a str,
    pub(crate) figures: Figures<'a>,
    pub(crate) doubt: Option<String>,
    /// The filter whose values say what each figure measures, where the column has figures of several kinds.
    pub(crate) parted_by: Option<&'a str>,
}

/// A column that says what or whom a row counts.
#[derive(Debug)]
pub(crate) struct FilterColumn<'a> {
    pub(crate) place: usize,
    pub(crate) name: &'a str,
    pub(crate) role: FilterRole<'a>,
    pub(crate) profile: Profile<'a>,
    pub(crate) doubt: Option<String>,
}

/// What a filter's values do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FilterRole<'a> {
    Constant,
    Measure,
    /// With the value that stands for all.
    Subgroup(&'a str),
    Note,
}

/// A column before it is known whether it tells rows apart.
struct Candidate<'a> {
    place: usize,
    name: &'a str,
    profile: Profile<'a>,
    /// Whether it only says something of a row, unless rows cannot be told apart without it.
    is_note: bool,
    doubt: Option<String>,
}

/// Rows of levels that are held; all rows where there is none.
pub(crate) fn held_rows(table: &RawTable) -> Vec<usize> {
    let level = table.column("geographic_level");
    let rows = 0..table.source_rows.len();
    let held: Vec<usize> =
        rows.clone().filter(|row| matches!(ees::level(table.cell(*row, level)), ees::PrintedLevel::Held(_))).collect();
    if held.is_empty() { rows.collect() } else { held }
}

/// Tells the columns of a file apart.
///
/// # Errors
/// A sentence where two rows speak of one area, period and breakdown.
pub(crate) fn shape<'a>(table: &'a RawTable, held: &[usize]) -> Result<Shape<'a>, String> {
    let (mut measures, mut constants, mut candidates) = (Vec::new(), Vec::new(), Vec::new());
    for (place, name) in table.header.iter().enumerate().filter(|(_, name)| !ees::KEYS.contains(&name.as_str())) {
        let all = Profile::of(table.columns[place].iter().map(String::as_str));
        let profile = Profile::of(held.iter().map(|row| table.cell(*row, Some(place))));
        if all.is_blank() && name.is_empty() || (ees::is_other_place(name) && profile.is_blank()) {
            continue;
        }
        let names = filter::Names::of(name);
        let figures = profile.figures();
        let measured = figures.clone().or_else(|| profile.mixed_figures());
        match measured {
            Some(measured) if !profile.is_blank() && !names.says_filter(&profile) && !ees::is_other_place(name) => {
                let doubt = measure_doubt(&measured, &profile, held.len());
                measures.push(Measure { place, name, figures: measured, doubt, parted_by: None });
            }
            _ if all.texts.len() == 1 => constants.push(constant(place, name, all)),
            _ => {
                let is_note = is_note(table, held, place, &names, &profile);
                let doubt =
                    figures.is_some().then(|| "its figures are taken for values of a filter, by its name".to_owned());
                candidates.push(Candidate { place, name, profile, is_note, doubt });
            }
        }
    }
    if measures.is_empty() {
        measures = figures_by_default(&mut candidates);
    }
    let texts: Vec<(&str, usize)> = candidates.iter().map(|c| (c.name, c.place)).collect();
    let called = super::long::indicator_column(&texts, &measures);
    for measure in &mut measures {
        let parting = || super::long::parting_column(table, held, measure.place, &texts);
        measure.parted_by = called.or_else(|| if measure.figures.odd.is_empty() { None } else { parting() });
    }
    let telling = tell_apart(table, held, &mut candidates)?;
    let mut filters = constants;
    filters.extend(candidates.into_iter().enumerate().map(|(i, candidate)| {
        let is_telling = telling.contains(&i);
        let is_indicator = measures.iter().any(|measure| measure.parted_by == Some(candidate.name));
        decided(candidate, is_telling, is_indicator)
    }));
    filters.sort_by_key(|filter| filter.place);
    Ok(Shape { measures, filters })
}

/// Columns of figures that are a filter by their names alone, in a file that has no other figures.
fn figures_by_default<'a>(candidates: &mut Vec<Candidate<'a>>) -> Vec<Measure<'a>> {
    let is_figures = |c: &Candidate<'_>| c.profile.figures().is_some() && !c.is_note;
    let (figures, others): (Vec<Candidate<'a>>, _) = std::mem::take(candidates).into_iter().partition(is_figures);
    *candidates = others;
    let doubt = "by its name it could be a filter, but the file has no other figures";
    let measure = |c: Candidate<'a>| {
        let figures = c.profile.figures()?;
        Some(Measure { place: c.place, name: c.name, figures, doubt: Some(doubt.to_owned()), parted_by: None })
    };
    figures.into_iter().filter_map(measure).collect()
}

/// Why a column of figures could be a filter.
fn measure_doubt(figures: &Figures<'_>, profile: &Profile<'_>, rows: usize) -> Option<String> {
    if !figures.any {
        return Some("no cell holds a figure, so it is only taken for a measure".to_owned());
    }
    let is_few = profile.is_whole_numbers() && profile.texts.len() <= FEW_VALUES && rows >= 10 * FEW_VALUES;
    is_few.then(|| format!("it has only {} values, so it could be a filter and no measure", profile.texts.len()))
}

fn constant<'a>(place: usize, name: &'a str, profile: Profile<'a>) -> FilterColumn<'a> {
    let value = profile.texts.keys().next().copied().unwrap_or_default();
    let doubt = if value.is_empty() {
        Some("it is blank throughout".to_owned())
    } else {
        (!filter::stands_for_all(value))
            .then(|| format!("every row says {value:?}, so figures may be of a part only; titles say so"))
    };
    FilterColumn { place, name, role: FilterRole::Constant, profile, doubt }
}

/// Whether a column only says something of a row: its name or its values say so, or it follows from the row's area.
fn is_note(table: &RawTable, held: &[usize], place: usize, names: &filter::Names, profile: &Profile<'_>) -> bool {
    let is_unit = super::long::UNIT.contains(&ees::plain(&table.header[place]).as_str());
    if is_unit || names.says_note() || filter::are_standings(profile) || names.says_code(profile) {
        return true;
    }
    if profile.texts.len() > MOST_VALUES && profile.texts.len() * 2 > held.len() {
        return true;
    }
    let of_row = |keys: &[&str]| {
        let keys: Vec<Option<usize>> = keys.iter().map(|key| table.column(key)).collect();
        let pairs = held.iter().map(|row| {
            let key: Vec<&str> = keys.iter().map(|key| table.cell(*row, *key)).collect();
            (key, table.cell(*row, Some(place)))
        });
        profile::is_function_of(pairs)
    };
    (ees::is_other_place(&table.header[place]) && of_row(&ees::KEYS[2..]))
        || (names.says_year(profile) && of_row(&ees::KEYS[..1]))
}

/// The candidates that tell rows apart: all that are no notes, and as many of those as it takes.
fn tell_apart(table: &RawTable, held: &[usize], candidates: &mut [Candidate<'_>]) -> Result<Vec<usize>, String> {
    let mut telling: Vec<usize> = (0..candidates.len()).filter(|i| !candidates[*i].is_note).collect();
    let notes: Vec<usize> = (0..candidates.len()).filter(|i| candidates[*i].is_note).collect();
    let repeated =
        |telling: &[usize]| repeated(table, held, &telling.iter().map(|i| candidates[*i].place).collect::<Vec<_>>());
    let Some((first, second)) = repeated(&telling) else { return Ok(telling) };
    // One note that is enough by itself, before several.
    if let Some(enough) = notes.iter().find(|note| repeated(&[telling.as_slice(), &[**note]].concat()).is_none()) {
        telling.push(*enough);
        return Ok(telling);
    }
    telling.extend(&notes);
    match repeated(&telling) {
        None => Ok(telling),
        Some(_) => Err(format!(
            "it has several rows of one area, period and breakdown (row {second} says again what row {first} says); remove one of the two, or describe by hand, under [filters], the column that tells them apart"
        )),
    }
}

/// The first row, by its number, that has the same keys and filters as one before it, with that one's number.
fn repeated(table: &RawTable, held: &[usize], filters: &[usize]) -> Option<(u32, u32)> {
    let places: Vec<usize> =
        ees::KEYS.iter().filter_map(|key| table.column(key)).chain(filters.iter().copied()).collect();
    let mut seen: HashMap<Vec<&str>, usize> = HashMap::with_capacity(held.len());
    for row in held {
        let key = places.iter().map(|place| table.cell(*row, Some(*place))).collect();
        if let Some(before) = seen.insert(key, *row) {
            return Some((table.source_rows[before], table.source_rows[*row]));
        }
    }
    None
}

/// The role of a filter whose values differ.
fn decided<'a>(candidate: Candidate<'a>, is_telling: bool, is_indicator: bool) -> FilterColumn<'a> {
    let Candidate { place, name, profile, doubt, .. } = candidate;
    if !is_telling {
        let doubt = doubt.or_else(|| Some("taken for a note, as rows are told apart without it".to_owned()));
        return FilterColumn { place, name, role: FilterRole::Note, profile, doubt };
    }
    let headline = filter::headline(&profile).filter(|_| !is_indicator);
    let role = headline.map_or(FilterRole::Measure, FilterRole::Subgroup);
    let blank = profile.texts.get("").map(|rows| {
        format!("it is blank in {rows} row(s), which are kept as (blank): if they stand for all, headline = \"\"")
    });
    let said = match role {
        _ if is_indicator => None,
        FilterRole::Subgroup(value) => Some(format!("{value:?} is taken for the value that stands for all")),
        _ => Some("no value stands for all, so each is a measure of its own".to_owned()),
    };
    let doubts: Vec<String> = [doubt, said, blank].into_iter().flatten().collect();
    FilterColumn { place, name, role, profile, doubt: (!doubts.is_empty()).then(|| doubts.join("; ")) }
}

/// How many rows there are of each printed level.
pub(crate) fn levels(table: &RawTable) -> BTreeMap<&str, usize> {
    let level = table.column("geographic_level");
    let mut levels = BTreeMap::new();
    for row in 0..table.source_rows.len() {
        *levels.entry(table.cell(row, level)).or_default() += 1;
    }
    levels
}
