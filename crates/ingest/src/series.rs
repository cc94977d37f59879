//! Reshaping the Explore Education Statistics layout: a wide row becomes an observation a cell.
//!
//! Rows are placed in time and space once for each distinct label, then polars selects the rows that
//! stay, repeats those of a shared service and stacks a frame a measure column.

use polars::prelude::DataFrame;

use crate::accounts::Accounts;
use crate::cell::{self, Cell};
use crate::geography::Area;
use crate::input::Refused;
use crate::measure::Catalogue;
use crate::period::{self, Period};
use crate::pipeline::{Pipeline, Role};
use crate::recognise::EES_KEYS;
use crate::register::Register;
use crate::rows;
use crate::stack::Stack;
use crate::table::{self, RawTable};

/// What a file became.
#[derive(Debug)]
pub(crate) struct Reshaped {
    /// A row an observation; text is held as numbers into the lists below.
    pub(crate) frame: DataFrame,
    pub(crate) catalogue: Catalogue,
    pub(crate) areas: Vec<Area>,
    pub(crate) periods: Vec<Period>,
    pub(crate) columns: Vec<String>,
    /// Things a person should know that stop nothing.
    pub(crate) warnings: Vec<String>,
}

/// The latest period of a file, by which its release is called.
pub(crate) fn latest_period(pipeline: &Pipeline, table: &RawTable) -> Option<Period> {
    let (label, identifier) = (table.column("time_period")?, table.column("time_identifier")?);
    let rows = 0..table.source_rows.len();
    let distinct: std::collections::BTreeSet<_> =
        rows.map(|row| (table.cell(row, Some(identifier)), table.cell(row, Some(label)))).collect();
    distinct.into_iter().filter_map(|(identifier, label)| period::read(pipeline, identifier, label).ok()).max()
}

/// Reshapes a file; rows that cannot be placed and cells that cannot be read go to `accounts`.
///
/// # Errors
/// [`Refused`] where the file's columns are not what the pipeline describes.
pub(crate) fn reshape(
    all: &[Pipeline],
    pipeline: &Pipeline,
    register: &Register,
    table: &RawTable,
    accounts: &mut Accounts,
) -> Result<Reshaped, Refused> {
    let refuse = |reason: String| Refused { file: accounts.file_name.clone(), reason };
    let mut warnings = Vec::new();
    let measures = measure_columns(pipeline, table, &mut warnings).map_err(refuse)?;
    for bad in &table.bad_rows {
        accounts.quarantine_row(bad.source_row, "", &bad.value, "wrong-number-of-fields", &bad.message);
    }
    let placed = rows::place_rows(pipeline, register, table);
    let kept = rows::sort_out(table, &placed, accounts);
    let mut catalogue = Catalogue::new();
    let mut builder = Stack::new(all, pipeline, table, &placed, &kept);
    for column in &measures {
        builder.push(column, &mut catalogue, accounts);
    }
    builder.count_rows(accounts);
    let failed = |e: polars::prelude::PolarsError| Refused {
        file: accounts.file_name.clone(),
        reason: format!("it cannot be reshaped: {e}"),
    };
    let frame = builder.stack().map_err(failed)?;
    let columns = measures.iter().map(|column| table.header[*column].clone()).collect();
    Ok(Reshaped { frame, catalogue, areas: placed.areas, periods: placed.periods, columns, warnings })
}

/// The places of the measure columns; what a pipeline does not describe is never dropped in silence.
fn measure_columns(pipeline: &Pipeline, table: &RawTable, warnings: &mut Vec<String>) -> Result<Vec<usize>, String> {
    if let Some(name) = table::repeated(&table.header) {
        return Err(format!("its header names the column {name:?} twice; rename or remove one"));
    }
    for (name, filter) in &pipeline.filters {
        if table.column(name).is_none() && matches!(filter.role, Role::Measure | Role::Subgroup) {
            return Err(format!("it has no column {name:?}, which {} needs to tell its rows apart", pipeline.id));
        }
    }
    let mut measures = Vec::new();
    for (place, name) in table.header.iter().enumerate() {
        let known = EES_KEYS.contains(&name.as_str()) || pipeline.filters.contains_key(name);
        let described = pipeline.columns.contains_key(name) || pipeline.indicators.iter().any(|i| i.column == *name);
        if described {
            measures.push(place);
        } else if !known {
            undescribed(pipeline, table, place, warnings, &mut measures)?;
        }
    }
    Ok(measures)
}

/// A column nobody described: figures are kept under its name, one constant text is passed over, and
/// anything else would make rows mean something else than they seem to.
fn undescribed(
    pipeline: &Pipeline,
    table: &RawTable,
    place: usize,
    warnings: &mut Vec<String>,
    measures: &mut Vec<usize>,
) -> Result<(), String> {
    let (name, cells) = (&table.header[place], &table.columns[place]);
    let is_figure = |text: &String| cell::read(text, &|_| None) != Cell::Unknown;
    if cells.iter().any(|text| !text.is_empty()) && cells.iter().all(is_figure) {
        warnings.push(format!(
            "column {name:?} is not described by pipeline {}; its figures are kept under its name",
            pipeline.id
        ));
        measures.push(place);
        return Ok(());
    }
    let first = cells.first().map_or("", String::as_str);
    if cells.iter().all(|text| text == first) {
        warnings.push(format!(
            "column {name:?} is not described by pipeline {} and is {first:?} throughout; it is passed over",
            pipeline.id
        ));
        return Ok(());
    }
    let example = cells.iter().find(|text| !is_figure(text)).map_or("", String::as_str);
    Err(format!(
        "it has a column {name:?} that pipeline {} does not describe (for example {example:?}); describe it under [filters] or [columns]",
        pipeline.id
    ))
}
