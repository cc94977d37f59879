//! All tables of figures of one file: what its release is called, and its observations as one batch.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;

use crate::accounts::Accounts;
use crate::adapter;
use crate::facts::IndicatorRow;
use crate::figure_columns;
use crate::figure_period;
use crate::figures::{self, Reading};
use crate::header::Found;
use crate::input::{Input, Refused};
use crate::measure::Catalogue;
use crate::period::Period;
use crate::pipeline::{Into, Pipeline};
use crate::recognise::{self, Opened};
use crate::register::Register;
use crate::series::{self, Reshaped};
use crate::workbook::Sheet;

/// The period by which a release is called: the latest of its figures, and what tells its files apart.
///
/// # Errors
/// A sentence where no period can be told.
pub(crate) fn vintage(pipeline: &Pipeline, opened: &Opened, input: &Input) -> Result<Period, String> {
    let found = recognise::found(pipeline, opened);
    let tables: Vec<&Found<'_>> = found.iter().filter(|found| found.rule.into == Into::Observation).collect();
    let periods =
        tables.iter().map(|found| latest(pipeline, found, sheets(opened), input)).collect::<Result<Vec<_>, _>>()?;
    let mut latest = periods.into_iter().max().ok_or("it has no table of figures")?;
    if let Some(day) = figure_period::printed_day(pipeline, sheets(opened)) {
        (latest.published_on, latest.published_on_assumed) = (day, pipeline.publication.assumed);
    }
    let told_apart = pipeline.publication.release_columns.iter().map(|name| {
        let values: BTreeSet<&str> = tables
            .iter()
            .filter_map(|found| Some(&found.table.columns[figure_columns::place(&found.table, name)?]))
            .flatten()
            .map(String::as_str)
            .filter(|value| !value.is_empty())
            .collect();
        let listed = values.iter().copied().collect::<Vec<_>>().join(", ");
        if listed.chars().count() <= 80 { listed } else { format!("{} values of {name}", values.len()) }
    });
    let label = std::iter::once(latest.label.clone()).chain(told_apart).filter(|part| !part.is_empty());
    latest.label = label.collect::<Vec<_>>().join(" ");
    Ok(latest)
}

fn sheets(opened: &Opened) -> &[Sheet] {
    match opened {
        Opened::Workbook(sheets) => sheets,
        Opened::Csv(_) | Opened::Document(_) | Opened::Parquet(_) | Opened::Pdf(_) => &[],
    }
}

/// The latest period of a table.
fn latest(pipeline: &Pipeline, found: &Found<'_>, sheets: &[Sheet], input: &Input) -> Result<Period, String> {
    let rule = &found.rule.period;
    let Some(column) = &rule.column else { return figure_period::of_table(pipeline, found, sheets, input) };
    let place = figure_columns::place(&found.table, column).ok_or_else(|| format!("it has no column {column:?}"))?;
    let labels: BTreeSet<&String> = found.table.columns[place].iter().collect();
    let known = labels.into_iter().filter_map(|label| figure_period::read(pipeline, rule, label).ok());
    known.max().ok_or_else(|| format!("none of the cells of its column {column:?} is a period that can be read"))
}

/// What the tables of figures of a file became.
pub(crate) struct Figures {
    pub(crate) observations: Option<RecordBatch>,
    pub(crate) indicators: Vec<IndicatorRow>,
    pub(crate) warnings: Vec<String>,
}

/// Reads the tables of figures of a file.
///
/// # Errors
/// [`Refused`] where a table is not what the pipeline describes, or two tables give one figure.
pub(crate) fn read(
    (all, pipeline, register): (&[Pipeline], &Pipeline, &Register),
    opened: &Opened,
    input: &Input,
    vintage: &Period,
    accounts: &mut Accounts,
) -> Result<Figures, Refused> {
    let refuse = |reason: String| Refused { file: input.name.clone(), reason };
    let mut catalogue = Catalogue::new();
    let (mut batches, mut warnings) = (Vec::new(), Vec::new());
    let tables: Vec<Found<'_>> =
        recognise::found(pipeline, opened).into_iter().filter(|found| found.rule.into == Into::Observation).collect();
    let mut seen = (tables.len() > 1).then(HashSet::new);
    let mut headers: Vec<String> = Vec::new();
    for found in tables {
        let period = match &found.rule.period.column {
            Some(_) => None,
            None => Some(figure_period::of_table(pipeline, &found, sheets(opened), input).map_err(refuse)?),
        };
        let name = found.rule.name.clone();
        let reading = Reading { all, pipeline, register, period };
        let reshaped = figures::reshape(reading, found, catalogue, accounts)?;
        if let Some(seen) = &mut seen {
            only_once(seen, &reshaped, &name).map_err(refuse)?;
        }
        let batch = adapter::observations(&reshaped, accounts, vintage)
            .map_err(|e| refuse(format!("its facts cannot be kept: {e}")))?;
        batches.push(batch);
        headers.extend(reshaped.measures.iter().cloned());
        warnings.extend(reshaped.warnings);
        catalogue = reshaped.catalogue;
    }
    warnings.extend(series::indicators_without_a_column(pipeline, &headers));
    let observations = match batches.as_slice() {
        [] => None,
        [first, ..] => Some(
            concat_batches(&first.schema(), &batches).map_err(|e| refuse(format!("its facts cannot be kept: {e}")))?,
        ),
    };
    let indicators = catalogue.indicators.into_iter().map(|indicator| indicator.row).collect();
    Ok(Figures { observations, indicators, warnings })
}

/// Refuses a figure that another table of the file has given already: one of the two is of something else.
fn only_once(seen: &mut HashSet<u64>, reshaped: &Reshaped, table: &str) -> Result<(), String> {
    let column = |name: &str| -> Result<Vec<i32>, String> {
        let column = reshaped.frame.column(name).map_err(|e| e.to_string())?;
        Ok(column.as_materialized_series().i32().map_err(|e| e.to_string())?.into_no_null_iter().collect())
    };
    let [indicator, breakdown, area, period] =
        [column("indicator")?, column("breakdown")?, column("area")?, column("period")?];
    for at in 0..indicator.len() {
        let id = &reshaped.catalogue.indicators[indicator[at] as usize].row.indicator_id;
        let (area, period) = (&reshaped.areas[area[at] as usize], &reshaped.periods[period[at] as usize]);
        let mut hasher = DefaultHasher::new();
        (id, &reshaped.catalogue.breakdowns[breakdown[at] as usize], &area.code, period.end).hash(&mut hasher);
        if !seen.insert(hasher.finish()) {
            return Err(format!(
                "its table {table} gives {id} of {} for {} again, which another of its tables has given; describe what tells them apart, or leave one out",
                area.name, period.label
            ));
        }
    }
    Ok(())
}
