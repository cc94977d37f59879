//! Where each row of a file belongs in time and space, and which rows stay.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::accounts::Accounts;
use crate::ees;
use crate::geography::{self, Area, Placed, Printed};
use crate::period::{self, Period};
use crate::pipeline::{Pipeline, Role};
use crate::register::Register;
use crate::table::RawTable;

/// Every row's place in time and space and its combination of filters, as numbers into lists.
#[derive(Debug, Default)]
pub(crate) struct PlacedRows {
    pub(crate) periods: Vec<Period>,
    pub(crate) areas: Vec<Area>,
    /// Filter values of each combination, by filter.
    pub(crate) combinations: Vec<BTreeMap<String, String>>,
    /// For each row: what became of it.
    pub(crate) rows: Vec<RowPlace>,
}

#[derive(Clone, Debug)]
pub(crate) enum RowPlace {
    Kept { period: i32, areas: std::ops::Range<usize>, combination: usize },
    Out { rule: String, why: String },
    Bad { rule: &'static str, column: &'static str, value: String, message: String },
}

/// Places every row of a file.
pub(crate) fn place_rows(pipeline: &Pipeline, register: &Register, table: &RawTable) -> PlacedRows {
    let mut placed = PlacedRows::default();
    let keys: Vec<Option<usize>> = ees::KEYS.iter().map(|name| table.column(name)).collect();
    let filters: Vec<(&String, usize)> =
        pipeline.filters.keys().filter_map(|name| Some((name, table.column(name)?))).collect();
    let mut periods: HashMap<(String, String), Result<i32, String>> = HashMap::new();
    let mut areas: HashMap<Vec<&str>, Result<std::ops::Range<usize>, RowPlace>> = HashMap::new();
    let mut combinations: HashMap<Vec<&str>, usize> = HashMap::new();
    for row in 0..table.source_rows.len() {
        let text = |key: usize| table.cell(row, keys[key]);
        let period = periods
            .entry((text(1).to_owned(), text(0).to_owned()))
            .or_insert_with(|| {
                let period = period::read(pipeline, text(1), text(0))?;
                placed.periods.push(period);
                i32::try_from(placed.periods.len() - 1).map_err(|e| e.to_string())
            })
            .clone();
        let geography: Vec<&str> = (2..ees::KEYS.len()).map(text).collect();
        let area =
            areas.entry(geography).or_insert_with_key(|printed| locate(register, printed, &mut placed.areas)).clone();
        let values: Vec<&str> = filters.iter().map(|(_, column)| table.cell(row, Some(*column))).collect();
        let combination = *combinations.entry(values).or_insert_with_key(|values| {
            let named = filters.iter().zip(values).map(|((name, _), value)| ((*name).clone(), (*value).to_owned()));
            placed.combinations.push(named.collect());
            placed.combinations.len() - 1
        });
        let place = place_row(pipeline, table, row, period, area, combination, text(0));
        placed.rows.push(borne_at_the_time(&placed, place));
    }
    placed
}

fn place_row(
    pipeline: &Pipeline,
    table: &RawTable,
    row: usize,
    period: Result<i32, String>,
    area: Result<std::ops::Range<usize>, RowPlace>,
    combination: usize,
    label: &str,
) -> RowPlace {
    for rule in &pipeline.out_of_scope {
        let value = table.cell(row, table.column(&rule.column));
        if rule.leaves_out(value) {
            return RowPlace::Out { rule: rule.rule.clone(), why: rule.why.clone() };
        }
    }
    match (area, period) {
        (Err(place), _) => place,
        (Ok(_), Err(message)) => {
            RowPlace::Bad { rule: "unknown-period", column: "time_period", value: label.to_owned(), message }
        }
        (Ok(areas), Ok(period)) => RowPlace::Kept { period, areas, combination },
    }
}

/// Sets a row aside whose authority only its name tells, where that authority did not exist yet: two have been called
/// Dorset, one after the other.
fn borne_at_the_time(placed: &PlacedRows, place: RowPlace) -> RowPlace {
    let RowPlace::Kept { period, areas, .. } = &place else { return place };
    let end = placed.periods[*period as usize].end;
    let later = placed.areas[areas.clone()].iter().find(|area| area.named_since.is_some_and(|since| since > end));
    match later {
        None => place,
        Some(area) => RowPlace::Bad {
            rule: "name-of-another-time",
            column: "la_name",
            value: area.name.clone(),
            message: format!(
                "the row has no code, and the authority of that name ({}) came into being after the period; add the code of the one that is meant",
                area.code
            ),
        },
    }
}

fn locate(register: &Register, printed: &[&str], areas: &mut Vec<Area>) -> Result<std::ops::Range<usize>, RowPlace> {
    let printed = Printed {
        level: printed[0],
        country_code: printed[1],
        country_name: printed[2],
        region_code: printed[3],
        region_name: printed[4],
        old_la_code: printed[5],
        new_la_code: printed[6],
        la_name: printed[7],
    };
    match geography::place(register, printed) {
        Placed::Areas(found) => {
            let start = areas.len();
            areas.extend(found);
            Ok(start..areas.len())
        }
        Placed::OutOfScope { rule, why } => Err(RowPlace::Out { rule: rule.to_owned(), why }),
        Placed::Quarantined { rule, column, value, message } => Err(RowPlace::Bad { rule, column, value, message }),
    }
}

/// The rows that stay: those placed, less any that says again what an earlier one says.
pub(crate) fn sort_out(
    pipeline: &Pipeline,
    table: &RawTable,
    placed: &PlacedRows,
    accounts: &mut Accounts,
) -> Vec<usize> {
    let identities = identities(pipeline, placed);
    let mut kept = Vec::new();
    let mut seen: HashMap<(Date, Date, &str, usize), u32> = HashMap::new();
    for (row, place) in placed.rows.iter().enumerate() {
        let number = table.source_rows[row];
        match place {
            RowPlace::Out { rule, why } => accounts.leave_out(rule, why),
            RowPlace::Bad { rule, column, value, message } => {
                accounts.quarantine_row(number, column, value, rule, message);
            }
            RowPlace::Kept { period, areas, combination } => {
                let Period { start, end, .. } = placed.periods[*period as usize];
                let areas = placed.areas[areas.clone()].iter();
                let keys: Vec<_> =
                    areas.map(|area| (start, end, area.code.as_str(), identities[*combination])).collect();
                let twice = keys.iter().find_map(|key| seen.get(key));
                match twice {
                    None => {
                        seen.extend(keys.into_iter().map(|key| (key, number)));
                        kept.push(row);
                    }
                    Some(first) => {
                        let label = placed.periods[*period as usize].label.clone();
                        let message =
                            format!("row {first} already gives this area, period and breakdown; remove one of the two");
                        accounts.quarantine_row(number, "time_period", &label, "repeated-row", &message);
                    }
                }
            }
        }
    }
    kept
}

/// For each combination of filters the first that counts the same: notes and constants do not tell
/// rows apart.
pub(crate) fn identities(pipeline: &Pipeline, placed: &PlacedRows) -> Vec<usize> {
    let tells = |name: &String| {
        pipeline.filters.get(name).is_some_and(|filter| matches!(filter.role, Role::Measure | Role::Subgroup))
    };
    let mut first: HashMap<Vec<(&String, &String)>, usize> = HashMap::new();
    let combinations = placed.combinations.iter().enumerate();
    combinations
        .map(|(i, filters)| *first.entry(filters.iter().filter(|(name, _)| tells(name)).collect()).or_insert(i))
        .collect()
}
