//! The inspectorate's workbook of outcomes: three tables, each below a title and a note.

use std::path::PathBuf;

use jiff::civil::{Date, date};
use lais_framework::Grade;

use crate::country::Authority;
use crate::error::SynthError;
use crate::inspection::{AS_AT, Event, Kind, YEAR_FROM, events};
use crate::options::LAST;
use crate::spreadsheet::{self, Cell, Sheet};
use crate::world::World;

/// Where the workbook is written.
pub(crate) const PATH: &str = "ofsted/LA_Inspection_Outcomes_as_at_31_March_2025.ods";

/// The day printed on its cover.
const PUBLISHED: Date = date(LAST, 9, 25);

const JUDGEMENTS: [&str; 5] = [
    "Overall effectiveness",
    "The impact of leaders on social work practice with children and families",
    "The experiences and progress of children who need help and protection",
    "The experiences and progress of children in care",
    "The experiences and progress of care leavers",
];

const LINK: &str = "Ofsted Local Authority Webpage";

/// The workbook's bytes, and how many rows its tables have.
pub(crate) fn bytes(world: &World) -> Result<(Vec<u8>, usize), SynthError> {
    let mut events = events(world);
    events.sort_by_key(|event| (world.country.authorities[event.authority].name.clone(), event.on));
    let tables = [latest(world, &events), in_year(world, &events), history(world, &events)];
    let rows = tables.iter().map(|(_, rows)| rows.len().saturating_sub(3)).sum();
    let sheets: Vec<Sheet> = [("Cover", cover()), ("Notes", notes())].into_iter().chain(tables).collect();
    let bytes = spreadsheet::bytes(&sheets)
        .map_err(|reason| SynthError::Workbook { path: PathBuf::from(PATH), message: reason.to_string() })?;
    Ok((bytes, rows))
}

fn cover() -> Vec<Vec<Cell>> {
    let row = |label: &str, text: &str| vec![Cell::from(label), Cell::from(text)];
    vec![
        vec![Cell::from("Local authority inspection outcomes as at 31 March 2025")],
        row("Section", "Detail"),
        row("Policy area:", "Local Authority Inspection Outcomes"),
        row("Theme:", "Children's Social Care"),
        vec![Cell::from("Published on:"), Cell::Day(PUBLISHED)],
        row("Coverage:", crate::country::COUNTRY.1),
        row("Period covered:", "Inspections as at 31 March 2025, with a report published by 30 June 2025"),
        row("Status:", "Synthetic statistics of a country that does not exist"),
    ]
}

fn notes() -> Vec<Vec<Cell>> {
    [
        "Notes",
        "From 1 January 2023 the experiences and progress of care leavers is a judgement of its own.",
        "Local authorities that were abolished are marked as no longer existing in the inspection history.",
    ]
    .into_iter()
    .map(|text| vec![Cell::from(text)])
    .collect()
}

/// A title, a note, and the header.
fn head(title: &str, note: &str, before: &[&str], after: &[&str]) -> Vec<Vec<Cell>> {
    let header = before.iter().chain(&JUDGEMENTS).chain(after).map(|name| Cell::from(*name)).collect();
    let note = format!(
        "This worksheet contains one table with no blank rows or columns. This table begins in cell A3. {note}"
    );
    vec![vec![Cell::from(title)], vec![Cell::Text(note)], header]
}

/// The inspectorate still prints the code that an authority had before it was recoded.
fn code(authority: &Authority) -> &str {
    authority.old_code.as_deref().unwrap_or(&authority.code)
}

/// What each table prints of an authority: link, code, name.
fn named(authority: &Authority) -> Vec<Cell> {
    vec![Cell::from(LINK), Cell::from(code(authority)), Cell::from(authority.name.as_str())]
}

fn grades(event: &Event) -> impl Iterator<Item = Cell> + '_ {
    event.grades.iter().map(|grade| Cell::from(grade.map_or("", printed)))
}

const fn printed(grade: Grade) -> &'static str {
    match grade {
        Grade::Outstanding => "Outstanding",
        Grade::Good => "Good",
        Grade::RequiresImprovement => "Requires improvement to be good",
        Grade::Inadequate => "Inadequate",
    }
}

fn is_inspection(event: &&Event) -> bool {
    matches!(event.kind, Kind::Standard | Kind::Short)
}

fn latest(world: &World, events: &[Event]) -> Sheet {
    let before = [
        "Web link",
        "Local authority area code",
        "Local authority name",
        "Ofsted region",
        "Inspection date",
        "Publication date",
    ];
    let note = "There are blank cells in column K for inspections before 1 January 2023.";
    let mut rows = head("Local authority inspection judgements as at 31 March 2025", note, &before, &[]);
    let inspections: Vec<&Event> = events.iter().filter(is_inspection).collect();
    let last_of_its = |i: usize| inspections.get(i + 1).is_none_or(|next| next.authority != inspections[i].authority);
    for (i, event) in inspections.iter().enumerate() {
        let authority = &world.country.authorities[event.authority];
        if last_of_its(i) && authority.lived_on(AS_AT) {
            let mut row = named(authority);
            row.extend([region(world, authority), Cell::Day(event.on), Cell::Day(event.published)]);
            row.extend(grades(event));
            rows.push(row);
        }
    }
    ("Inspections_as_at_31_March", rows)
}

fn in_year(world: &World, events: &[Event]) -> Sheet {
    let before = [
        "Web link",
        "Local authority area code",
        "Local authority name",
        "Region",
        "Inspection/Visit date",
        "Publication date",
        "Inspection/Visit type",
    ];
    let note = "Judgements are given by inspections only, and themes by visits only.";
    let mut rows = head("Local authority in-year inspection activity 2024-25", note, &before, &["Visit Theme"]);
    for event in events.iter().filter(|event| event.on >= YEAR_FROM) {
        let authority = &world.country.authorities[event.authority];
        let mut row = named(authority);
        row.extend([
            region(world, authority),
            Cell::Day(event.on),
            Cell::Day(event.published),
            Cell::from(event.kind.text()),
        ]);
        row.extend(grades(event));
        row.push(Cell::from(event.theme.unwrap_or_default()));
        rows.push(row);
    }
    ("In-year_inspections", rows)
}

fn history(world: &World, events: &[Event]) -> Sheet {
    let before = [
        "Web link",
        "Local authority area code",
        "Local authority name",
        "Local authority status",
        "Ofsted region",
        "Inspection date",
        "Publication date",
        "Inspection type",
    ];
    let note = "There are blank cells in column M for inspections before 1 January 2023.";
    let mut rows = head("ILACS inspection history from 2018-2025", note, &before, &[]);
    for event in events.iter().filter(is_inspection) {
        let authority = &world.country.authorities[event.authority];
        let status = if authority.lived_on(AS_AT) { "Current" } else { "No longer exists" };
        let mut row = named(authority);
        row.extend([Cell::from(status), region(world, authority), Cell::Day(event.on), Cell::Day(event.published)]);
        row.push(Cell::from(event.kind.text()));
        row.extend(grades(event));
        rows.push(row);
    }
    ("ILACS_inspection_history", rows)
}

fn region(world: &World, authority: &Authority) -> Cell {
    Cell::from(world.country.regions[authority.region].ofsted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::default_world;

    #[test]
    fn the_recoded_authority_stands_under_its_old_code_and_the_split_one_no_longer_exists() {
        let world = default_world();
        let text = String::from_utf8_lossy(&bytes(&world).unwrap().0).into_owned();
        let recoded = &world.country.authorities[world.country.recoded];
        assert!(text.contains(recoded.old_code.as_deref().unwrap()) && !text.contains(&recoded.code));
        assert!(text.contains("No longer exists"));
    }
}
