//! Figures of areas: each cell of a column of figures in a table becomes an observation.

use std::collections::{BTreeMap, HashMap};

use crate::accounts::Accounts;
use crate::cell::{self, Cell, Status};
use crate::figure_columns::{self, Columns, FigureColumn};
use crate::figure_rows::{self, Placing, notes_of};
use crate::header::Found;
use crate::input::Refused;
use crate::measure::{Catalogue, Slot};
use crate::period::Period;
use crate::pipeline::{FiguresRule, Pipeline, Role, Unit};
use crate::register::Register;
use crate::rows::PlacedRows;
use crate::series::{Beside, Reshaped};
use crate::stack::Stack;
use crate::table::RawTable;

/// What reading a table of figures looks at beside the table.
pub(crate) struct Reading<'a> {
    pub(crate) all: &'a [Pipeline],
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) register: &'a Register,
    /// The period of the whole table, where its rows do not say it.
    pub(crate) period: Option<Period>,
}

/// Reshapes a table; rows that cannot be placed and cells that cannot be read go to `accounts`.
///
/// # Errors
/// [`Refused`] where the table's columns are not what the pipeline describes.
pub(crate) fn reshape(
    reading: Reading<'_>,
    mut found: Found<'_>,
    mut catalogue: Catalogue,
    accounts: &mut Accounts,
) -> Result<Reshaped, Refused> {
    let Reading { all, pipeline, register, period } = reading;
    let file = accounts.file_name.clone();
    let refuse = |reason: String| Refused { file: file.clone(), reason };
    figure_columns::tell_apart(&mut found.table);
    fill_down(&mut found);
    let mut warnings = Vec::new();
    let columns = figure_columns::columns(pipeline, found.rule, &found.table, &mut warnings).map_err(refuse)?;
    let placing = Placing { pipeline, register, found: &found, columns: &columns, period };
    let (placed, kept) = figure_rows::place(&placing, accounts);
    if let Some(name) = columns.guessed.as_ref().filter(|_| accounts.has_rule("repeated-row")) {
        return Err(refuse(format!(
            "it has several rows of one area, period and breakdown, and a column {name:?} that pipeline {} does not describe; if it tells them apart, describe it under [filters]",
            pipeline.id
        )));
    }
    constants_are_constant(pipeline, &placed).map_err(refuse)?;
    let slots = slots(all, pipeline, &columns, &placed, &mut catalogue);
    give_titles(pipeline, &found, &columns, &placed, &kept, &slots, &mut catalogue);
    tell_slots_apart(&found.table, &columns.figures, &slots, &catalogue).map_err(refuse)?;
    let mut table = found.table.clone();
    let read =
        Cells { pipeline, rule: &found.rule.figures, found: &found, columns: &columns, placed: &placed, kept: &kept };
    for (figure, slots) in columns.figures.iter().zip(&slots) {
        let units: Vec<&str> = slots.iter().map(|slot| unit_of(&catalogue, *slot)).collect();
        read.make_plain(&mut table, figure, &units).map_err(refuse)?;
    }
    let beside = read.beside(&table);
    let mut stack = Stack::new(all, pipeline, &table, &placed, &kept);
    for (figure, slots) in columns.figures.iter().zip(&slots) {
        stack.push_slots(figure.place, slots, &catalogue, accounts);
    }
    stack.count_rows(accounts);
    let failed = |e: polars::prelude::PolarsError| refuse(format!("it cannot be reshaped: {e}"));
    let (frame, labels) = stack.stack().map_err(failed)?;
    warnings.extend(without_unit(pipeline, &catalogue));
    let measures = columns.figures.iter().map(|figure| figure.measure.clone()).collect();
    let columns = columns.figures.iter().map(|figure| table.header[figure.place].clone()).collect();
    let PlacedRows { areas, periods, .. } = placed;
    Ok(Reshaped { frame, catalogue, areas, periods, columns, measures, labels, warnings, beside })
}

/// Refuses a table in which a column that is described as constant is not.
fn constants_are_constant(pipeline: &Pipeline, placed: &PlacedRows) -> Result<(), String> {
    for (name, _) in pipeline.filters.iter().filter(|(_, filter)| filter.role == Role::Constant) {
        let values: std::collections::BTreeSet<&String> =
            placed.combinations.iter().filter_map(|filters| filters.get(name)).collect();
        if let [first, second, ..] = values.into_iter().collect::<Vec<_>>().as_slice() {
            return Err(format!(
                "its column {name:?} is described as constant and has the values {first:?} and {second:?}; describe what they tell apart"
            ));
        }
    }
    Ok(())
}

/// Fills blank cells of the columns that a rule names with what stands above them.
fn fill_down(found: &mut Found<'_>) {
    for name in &found.rule.fill_down {
        let Some(place) = figure_columns::place(&found.table, name) else { continue };
        let mut above = String::new();
        for row in 0..found.table.source_rows.len() {
            let is_blank = found.table.columns.iter().all(|column| column[row].is_empty());
            if is_blank || found.headers.contains(&found.table.source_rows[row]) {
                above.clear();
            } else if found.table.columns[place][row].is_empty() {
                found.table.columns[place][row].clone_from(&above);
            } else {
                above.clone_from(&found.table.columns[place][row]);
            }
        }
    }
}

/// For each column of figures the slot of each combination of filters.
fn slots(
    all: &[Pipeline],
    pipeline: &Pipeline,
    columns: &Columns,
    placed: &PlacedRows,
    catalogue: &mut Catalogue,
) -> Vec<Vec<Slot>> {
    let of_column = |figure: &FigureColumn| {
        let slot = |filters: &BTreeMap<String, String>| {
            let own = figure.filter.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let filters = filters.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(own).collect();
            catalogue.slot(all, pipeline, &figure.measure, &filters)
        };
        placed.combinations.iter().map(slot).collect()
    };
    columns.figures.iter().map(of_column).collect()
}

fn unit_of(catalogue: &Catalogue, slot: Slot) -> &str {
    &catalogue.indicators[slot.indicator as usize].row.unit
}

/// Gives indicators that nobody has described the title that the file has for them.
fn give_titles(
    pipeline: &Pipeline,
    found: &Found<'_>,
    columns: &Columns,
    placed: &PlacedRows,
    kept: &[usize],
    slots: &[Vec<Slot>],
    catalogue: &mut Catalogue,
) {
    let Some(title) = columns.title else { return };
    let mut told = std::collections::HashSet::new();
    for row in kept {
        let crate::rows::RowPlace::Kept { combination, .. } = &placed.rows[*row] else { continue };
        if !told.insert(*combination) {
            continue;
        }
        // An id says nothing to a person; an age or a sex does.
        let says = |(name, value): &(&String, &String)| {
            pipeline.filters.get(*name).is_some_and(|filter| filter.role == Role::Measure)
                && !value.bytes().all(|b| b.is_ascii_digit())
        };
        let words = placed.combinations[*combination].iter().filter(says).map(|(_, value)| value.as_str());
        let title = std::iter::once(found.table.cell(*row, Some(title))).chain(words).collect::<Vec<_>>().join(": ");
        for slots in slots {
            let indicator = &mut catalogue.indicators[slots[*combination].indicator as usize].row;
            if !indicator.curated {
                indicator.title.clone_from(&title);
                indicator.definition.clone_from(&title);
            }
        }
    }
}

/// Refuses a table of which two columns give the same figure: one of them means something else.
fn tell_slots_apart(
    table: &RawTable,
    figures: &[FigureColumn],
    slots: &[Vec<Slot>],
    catalogue: &Catalogue,
) -> Result<(), String> {
    let mut seen = HashMap::new();
    for (figure, slots) in figures.iter().zip(slots) {
        for (combination, slot) in slots.iter().enumerate() {
            if let Some(before) = seen.insert((combination, slot.indicator, slot.breakdown), figure.place) {
                return Err(format!(
                    "its columns {:?} and {:?} would both give {}; describe what tells them apart, or list one under ignored",
                    table.header[before],
                    table.header[figure.place],
                    catalogue.indicators[slot.indicator as usize].row.indicator_id
                ));
            }
        }
    }
    Ok(())
}

/// A warning of indicators of which neither file nor pipeline says the unit.
fn without_unit(pipeline: &Pipeline, catalogue: &Catalogue) -> Option<String> {
    let rows = catalogue.indicators.iter().map(|indicator| &indicator.row);
    let without: Vec<&str> =
        rows.filter(|row| row.unit == Unit::Unknown.id()).map(|row| row.indicator_id.as_str()).collect();
    (!without.is_empty()).then(|| {
        let shown = without.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        let more = if without.len() > 5 { format!(" and {} more", without.len() - 5) } else { String::new() };
        format!(
            "neither it nor pipeline {} says the unit of {shown}{more}, nor when their years end, so authorities are not compared by them; describe them under [[indicators]]",
            pipeline.id
        )
    })
}

/// The cells of figures, made plain before they are read.
struct Cells<'a> {
    pipeline: &'a Pipeline,
    rule: &'a FiguresRule,
    found: &'a Found<'a>,
    columns: &'a Columns,
    placed: &'a PlacedRows,
    kept: &'a [usize],
}

impl Cells<'_> {
    /// Rewrites a column's cells as plain numbers and symbols in the published unit; what is unclear stays as printed.
    fn make_plain(&self, table: &mut RawTable, figure: &FigureColumn, units: &[&str]) -> Result<(), String> {
        let mut shares = Vec::new();
        for row in self.kept {
            let crate::rows::RowPlace::Kept { combination, .. } = &self.placed.rows[*row] else { continue };
            let is_percent = units[*combination] == Unit::Percent.id();
            let printed = self.found.table.columns[figure.place][*row].trim();
            let plain = if printed.is_empty() {
                let note = self.found.table.cell(*row, self.columns.note);
                let status = notes_of(self.found, note).find_map(|rule| rule.status.as_deref());
                status.and_then(Status::from_id).map_or("", Status::symbol).to_owned()
            } else if is_note(printed) && self.pipeline.symbols.contains_key(NOTE) {
                NOTE.to_owned()
            } else {
                plain(self.rule, printed, is_percent)
            };
            if is_percent && !printed.ends_with('%') {
                shares.extend(number(printed));
            }
            table.columns[figure.place][*row] = plain;
        }
        let are_shares =
            shares.iter().all(|share| (0.0..=1.0).contains(share)) && shares.iter().any(|share| share.fract() != 0.0);
        if self.rule.fractions.is_none() && shares.len() >= 5 && are_shares {
            return Err(format!(
                "its column {:?} is in per cent by the pipeline and holds nothing but numbers from 0 to 1; write fractions = true under [tables.figures] if 0.2 is 20%, fractions = false if it is 0.2%",
                table.header[figure.place]
            ));
        }
        Ok(())
    }

    /// What stands beside the figures of each row.
    fn beside(&self, table: &RawTable) -> Beside {
        let number_of = |row: usize| table.source_rows[row];
        let note = |row: &usize| {
            let note = self.found.table.cell(*row, self.columns.note);
            (!note.is_empty()).then(|| (number_of(*row), note.to_owned()))
        };
        let limits = |row: &usize| {
            let limit = |place: Option<usize>| number(self.found.table.cell(*row, place));
            let limits = self.columns.limits.map(limit);
            (limits != [None, None]).then(|| (number_of(*row), limits))
        };
        Beside {
            sheet: self.found.sheet.clone(),
            notes: self.kept.iter().filter_map(note).collect(),
            limits: self.kept.iter().filter_map(limits).collect(),
        }
    }
}

/// What a pipeline calls the mark of a note that stands where a figure would, whichever note it is.
const NOTE: &str = "[note]";

/// Whether a cell holds nothing but the mark of a note.
fn is_note(printed: &str) -> bool {
    let inside = printed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(|inside| {
        inside.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("note")) && !inside.contains('[')
    })
}

fn number(text: &str) -> Option<f64> {
    match cell::read(text, &|_| None) {
        Cell::Number(number) => Some(number),
        _ => None,
    }
}

/// A printed cell as a plain number in the published unit.
fn plain(rule: &FiguresRule, printed: &str, is_percent: bool) -> String {
    let printed = match rule.thousands {
        Some(between) => without_thousands(printed, between),
        None => printed.to_owned(),
    };
    match printed.strip_suffix('%') {
        Some(percentage) if is_percent => percentage.trim_end().to_owned(),
        None if is_percent && rule.fractions == Some(true) => number(&printed).map_or(printed, lais_sheet::percentage),
        _ => printed,
    }
}

/// A number without what stands between its thousands; anything else as it is.
fn without_thousands(printed: &str, between: char) -> String {
    let (whole, part) = printed.split_once('.').map_or((printed, None), |(whole, part)| (whole, Some(part)));
    let digits = whole.trim_start_matches('-');
    let mut groups = digits.split(between);
    let is_group = |group: &str, fits: bool| fits && group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_number =
        is_group(first, (1..=3).contains(&first.len())) && rest.iter().all(|group| is_group(group, group.len() == 3));
    if !is_number || rest.is_empty() {
        return printed.to_owned();
    }
    let whole = whole.replace(between, "");
    part.map_or(whole.clone(), |part| format!("{whole}.{part}"))
}

#[cfg(test)]
mod tests;
