//! Indicators over time, as a chart and the table beside it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lais_chart::{Point, Role, Series, Trend};
use serde::Serialize;

use crate::PackError;
use crate::comparison::Subject;
use crate::evidence::Evidence;
use crate::figure::{Figures, Shown};
use crate::words;

/// The indicator that a pack shows over time, where it is held.
const USUAL: &str = "rereferral-rate";

/// One indicator over time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrendView {
    /// The indicator.
    pub indicator_id: String,
    /// What is measured.
    pub title: String,
    /// The unit in words.
    pub unit: String,
    /// The chart, as SVG.
    pub svg: String,
    /// The chart in sentences.
    pub description: String,
    /// The names of the series, in the order of the rows' cells.
    pub series: Vec<String>,
    /// The table beside the chart, a row a period.
    pub rows: Vec<TrendRow>,
}

/// A period of a trend.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrendRow {
    /// The last day of the period.
    pub period_end: Date,
    /// The period as its publisher labels it.
    pub period_label: String,
    /// What stands in it for each series.
    pub cells: Vec<Shown>,
}

/// The trend that every pack shows: of re-referrals, or else of the comparable indicator that was
/// observed most often here; nothing where none was ever observed.
pub(crate) fn headline(evidence: &Evidence, code: &str, figures: &mut Figures) -> Result<Vec<TrendView>, PackError> {
    let observed = |id: &str| {
        let rows = evidence.headline.rows(id, code);
        rows.filter(|row| evidence.headline.table.number(*row, "value").is_some()).count()
    };
    let comparable =
        evidence.indicators.iter().filter(|(_, indicator)| indicator.comparable).map(|(id, _)| id.as_str());
    let chosen = comparable.max_by_key(|id| (*id == USUAL && observed(id) > 0, observed(id), std::cmp::Reverse(*id)));
    match chosen.filter(|id| observed(id) > 0) {
        Some(id) => Ok(vec![view(evidence, id, code, figures)?]),
        None => Ok(Vec::new()),
    }
}

/// One indicator of one authority over time, beside its comparators.
fn view(evidence: &Evidence, id: &str, code: &str, figures: &mut Figures) -> Result<TrendView, PackError> {
    let indicator = evidence.indicators.get(id).ok_or_else(|| PackError::NoIndicator(id.to_owned()))?;
    let region = region_of(evidence, id, code);
    let mut columns = vec![(evidence.name_of(code), Role::Subject, code.to_owned())];
    // A count says how large an authority is: beside the country's it would be a line at zero.
    if indicator.comparable {
        columns.push((evidence.country.1.clone(), Role::Country, evidence.country.0.clone()));
        columns.extend(region.map(|region| (evidence.name_of(&region), Role::Region, region)));
    }
    let mut of = Subject { evidence, figures, id, indicator };
    let mut rows: Vec<TrendRow> = Vec::new();
    for (period_end, period_label) in periods(evidence, id, code) {
        let mut cells: Vec<Shown> =
            columns.iter().map(|(_, _, area)| of.published(area, period_end, "headline", "value")).collect();
        if indicator.comparable {
            let row = evidence.comparison.on(id, code, "period_end", period_end);
            cells.push(row.map_or_else(|| Shown::reason("not compared"), |row| of.neighbours(row, code)));
        }
        rows.push(TrendRow { period_end, period_label, cells });
    }
    if indicator.comparable {
        columns.push(("Mean of neighbours".to_owned(), Role::Neighbours, String::new()));
    }
    let series = columns.iter().enumerate().map(|(place, (name, role, _))| Series {
        name: name.clone(),
        role: *role,
        points: rows.iter().map(|row| point(row, place)).collect(),
    });
    let trend = Trend {
        id: Some(format!("trend-{id}")),
        title: format!("{}, {}", indicator.title, evidence.name_of(code)),
        unit: words::unit(&indicator.unit).to_owned(),
        decimals: u8::try_from(indicator.decimals).unwrap_or(1),
        source: source(evidence, id, code),
        series: series.collect(),
    };
    let failed = |reason| PackError::Chart { indicator: id.to_owned(), reason };
    Ok(TrendView {
        indicator_id: id.to_owned(),
        title: indicator.title.clone(),
        unit: trend.unit.clone(),
        svg: lais_chart::trend(&trend).map_err(failed)?,
        description: trend.description(),
        series: columns.into_iter().map(|(name, _, _)| name).collect(),
        rows,
    })
}

/// Where the latest figure comes from, and for which day the chart stands.
fn source(evidence: &Evidence, id: &str, code: &str) -> String {
    let table = &evidence.headline.table;
    let from = evidence.headline.rows(id, code).last().and_then(|row| {
        let key = (table.text(row, "source_id"), table.text(row, "release"));
        let sources = &evidence.sources;
        let named = |row: &usize| (sources.text(*row, "source_id"), sources.text(*row, "release")) == key;
        let row = (0..sources.len()).find(named)?;
        let text = |column| sources.words(row, column);
        let whose =
            if evidence.is_england() { String::new() } else { format!("{}, in the layout of ", evidence.country.1) };
        Some(format!("{whose}{}, {}, release {}; ", text("publisher"), text("title"), text("release")))
    });
    format!("{}as at {}", from.unwrap_or_default(), words::day(evidence.as_at))
}

fn point(row: &TrendRow, place: usize) -> Point {
    let cell = &row.cells[place];
    match cell.value {
        Some(value) => Point::observed(row.period_end, row.period_label.clone(), value),
        None => Point::missing(row.period_end, row.period_label.clone(), cell.text.clone()),
    }
}

/// The region with which an authority is compared in the latest period that has one.
fn region_of(evidence: &Evidence, id: &str, code: &str) -> Option<String> {
    let rows = evidence.comparison.rows(id, code).rev();
    rows.filter_map(|row| evidence.comparison.table.text(row, "region_code")).next().map(str::to_owned)
}

/// Every period for which the authority or the country has a row.
fn periods(evidence: &Evidence, id: &str, code: &str) -> BTreeMap<Date, String> {
    let table = &evidence.headline.table;
    let rows = evidence.headline.rows(id, code).chain(evidence.headline.rows(id, &evidence.country.0));
    rows.filter_map(|row| Some((table.day(row, "period_end")?, table.words(row, "period_label")))).collect()
}

impl Evidence {
    /// One indicator of one authority over time, beside its comparators.
    ///
    /// # Errors
    /// [`PackError::NoIndicator`] where no described indicator has the id, [`PackError::Chart`] where it
    /// cannot be drawn.
    pub fn trend(&self, indicator: &str, code: &str) -> Result<TrendView, PackError> {
        view(self, indicator, code, &mut Figures::new(&self.snapshot))
    }
}
