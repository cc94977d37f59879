//! Gaps: what a pack cannot say, and why.

use std::collections::BTreeSet;

use lais_framework::criteria;
use serde::Serialize;

use crate::pack::{ContextLine, CriterionTable};
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
pub(crate) fn all(context: &[ContextLine], tables: &[CriterionTable]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for line in context.iter().filter(|line| line.value.is_missing()) {
        gaps.push(Gap { what: line.title.clone(), why: on(&line.value.text, line.period_end) });
    }
    for line in tables.iter().flat_map(|table| &table.lines) {
        if line.value.is_missing() {
            let last = line.last_observed.as_ref().map_or_else(String::new, |last| format!("; {}", last.text));
            gaps.push(Gap { what: line.title.clone(), why: format!("{}{last}", on(&line.value.text, line.period_end)) });
        }
        let comparators =
            [("country", &line.country), ("region", &line.region), ("statistical neighbours", &line.neighbours)];
        let lacking: Vec<&str> = comparators.iter().filter(|(_, shown)| shown.is_missing()).map(|(name, _)| *name).collect();
        if !lacking.is_empty() {
            gaps.push(Gap {
                what: format!("{}: no figure of {}", line.title, lacking.join(", ")),
                why: format!("none is published for the period that ends on {}", words::day(line.period_end)),
            });
        }
    }
    let spoken_to: BTreeSet<&str> = tables.iter().filter_map(|table| table.criterion_id.as_deref()).collect();
    for criterion in criteria().iter().filter(|criterion| !spoken_to.contains(criterion.id.as_str())) {
        gaps.push(Gap {
            what: criterion.title.clone(),
            why: format!("no indicator that is held speaks to paragraph {}", criterion.paragraph),
        });
    }
    gaps
}

fn on(reason: &str, period_end: jiff::civil::Date) -> String {
    format!("{reason}, period that ends on {}", words::day(period_end))
}
