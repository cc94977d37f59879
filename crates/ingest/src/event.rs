//! What a pipeline says of inspections and visits in a table: which events a row tells of, and how sure it is.

use std::collections::BTreeMap;

use lais_framework::{Grade, Kind, MissingGrade};
use serde::{Deserialize, Serialize};

use crate::pipeline::{Into, TableRule, is_kebab};

/// What a pipeline's kinds say of words that stand for no kind.
pub(crate) const UNKNOWN_KIND: &str = "unknown";

/// What kind of evidence a record of an inspection is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// A table of official statistics.
    #[default]
    OfficialStatistics,
    /// The report or letter itself, read by this program.
    InspectionReport,
    /// A table that somebody else's program made of reports.
    ScrapedTable,
}

impl Evidence {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::OfficialStatistics => "official-statistics",
            Self::InspectionReport => "inspection-report",
            Self::ScrapedTable => "scraped-table",
        }
    }
}

/// One of several events that a row tells of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// Kebab-case name within the table.
    pub name: String,
    /// The kind of inspection, where no column says it.
    #[serde(default)]
    pub kind: Option<String>,
    /// Our field to the header cell it is under, beside those of the table.
    pub columns: BTreeMap<String, String>,
    /// Judgements that have no column of their own in `inspection`: their id to their header cell.
    #[serde(default)]
    pub judgements: BTreeMap<String, String>,
}

/// What is wrong with what a table rule says of inspections.
pub(crate) fn faults(table: &TableRule) -> Vec<String> {
    let mut faults = Vec::new();
    let kinds = table.kinds.values().chain(table.events.iter().filter_map(|event| event.kind.as_ref()));
    let is_of_areas = matches!(table.into, Into::AreaList | Into::RegisterCheck);
    let is_kind = |kind: &&String| is_of_areas || Kind::from_id(kind).is_some() || *kind == UNKNOWN_KIND;
    for kind in kinds.filter(|kind| !is_kind(kind)) {
        faults.push(format!("table {}: {kind:?} is no kind of inspection", table.name));
    }
    for (printed, id) in &table.grades {
        if Grade::read(id).is_none() && MissingGrade::from_id(id).is_none() {
            faults.push(format!(
                "table {}: {printed:?} means {id:?}, which is no grade and no reason for one to be missing",
                table.name
            ));
        }
    }
    let ids = table.outcomes.values().chain(table.events.iter().map(|event| &event.name));
    for id in ids.chain(table.events.iter().flat_map(|event| event.judgements.keys())).filter(|id| !is_kebab(id)) {
        faults.push(format!("table {}: {id:?} is not lower-case kebab-case", table.name));
    }
    faults
}
