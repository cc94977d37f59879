//! Gaps: what a pack cannot say, and why.

use std::collections::BTreeSet;

use jiff::civil::Date;
use lais_framework::criteria;
use serde::Serialize;

use crate::listed::Listed;
use crate::pack::{ContextTable, CriterionTable, Line};
use crate::table::Table;
use crate::words;

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// What is missing.
    pub what: String,
    /// Why, in words.
    pub why: String,
}

/// Everything that the tables of a pack lack: figures of the authority, then comparators, then whole
/// criteria to which nothing that is held speaks.
pub(crate) fn all(context: &[ContextTable], tables: &[CriterionTable], country: &str) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for line in context.iter().flat_map(|table| &table.lines).filter(|line| line.value.is_missing()) {
        gaps.push(Gap { what: line.title.clone(), why: on(&line.value.text, line.period_end) });
    }
    gaps.extend(tables.iter().flat_map(|table| &table.lines).filter_map(|line| of_line(line, country)));
    let spoken_to: BTreeSet<&str> = tables.iter().filter_map(|table| table.criterion_id.as_deref()).collect();
    for criterion in criteria().iter().filter(|criterion| !spoken_to.contains(criterion.id.as_str())) {
        gaps.push(Gap {
            what: criterion.title.clone(),
            why: format!("no indicator that is held speaks to paragraph {}", criterion.paragraph),
        });
    }
    gaps
}

/// Figures and inspections of the councils before or after this one, which are about other areas.
pub(crate) fn boundaries(changes: &Table, code: &str) -> Vec<Gap> {
    let of_authority = (0..changes.len()).filter(|row| changes.text(*row, "authority_code") == Some(code));
    let gap = |row| {
        let day = changes.day(row, "changed_on").map_or_else(|| "an unknown day".to_owned(), words::day);
        let side = if changes.text(row, "change") == Some("created") { "before" } else { "from" };
        Gap {
            what: format!("Figures and inspections {side} {day}"),
            why: format!(
                "the council {}; series are not joined across it ({})",
                changes.words(row, "what"),
                changes.words(row, "why")
            ),
        }
    };
    of_authority.map(gap).collect()
}

/// Inspections and visits of which no list that is held tells.
pub(crate) fn inspections(listed: &Listed, as_at: Date) -> [Gap; 2] {
    let gap = |what: &str, why| Gap { what: what.to_owned(), why };
    [gap("Other inspections", listed.of_inspections(&as_at)), gap("Other visits", listed.of_visits())]
}

/// What an indicator lacks: the authority's own figure, a comparator, or both.
fn of_line(line: &Line, country: &str) -> Option<Gap> {
    let mut why = Vec::new();
    if line.value.is_missing() {
        why.push(on(&line.value.text, line.period_end));
        why.extend(line.last_observed.as_ref().map(|last| last.text.clone()));
    }
    let comparators = [(country, &line.country), ("region", &line.region), ("neighbours", &line.neighbours)];
    let lacking = comparators.iter().filter(|(_, shown)| shown.is_missing());
    let lacking: Vec<String> = lacking.map(|(name, shown)| format!("{name} ({})", shown.text)).collect();
    if !lacking.is_empty() {
        why.push(format!("no comparator: {}", lacking.join(", ")));
    }
    (!why.is_empty()).then(|| Gap { what: line.title.clone(), why: why.join("; ") })
}

fn on(reason: &str, period_end: Date) -> String {
    format!("{reason}, period that ends on {}", words::day(period_end))
}
