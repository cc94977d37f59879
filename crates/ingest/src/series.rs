//! Reshaping the Explore Education Statistics layout: a wide row becomes an observation a cell.
//!
//! Rows are placed in time and space once for each distinct label, then polars selects the rows that
//! stay, repeats those of a shared service and stacks a frame a measure column.

use std::collections::HashMap;

use polars::prelude::DataFrame;

use crate::accounts::Accounts;
use crate::cell::{self, Cell};
use crate::ees;
use crate::geography::Area;
use crate::input::Refused;
use crate::measure::Catalogue;
use crate::period::{self, Period};
use crate::pipeline::{Pipeline, Role};
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
    /// What those columns measure, as indicators name their column.
    pub(crate) measures: Vec<String>,
    /// Cells as printed, where their column has a format of its own; the first stands for none.
    pub(crate) labels: Vec<String>,
    /// Things a person should know that stop nothing.
    pub(crate) warnings: Vec<String>,
    pub(crate) beside: Beside,
}

/// What a file says of its figures beside them.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// The sheet that they stand in.
    pub(crate) sheet: String,
    /// Notes by number of row.
    pub(crate) notes: HashMap<u32, String>,
    /// Lower and upper limits of 95% confidence by number of row.
    pub(crate) limits: HashMap<u32, [Option<f64>; 2]>,
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
    let (measures, undescribed) = measure_columns(pipeline, table, &mut warnings).map_err(refuse)?;
    warnings.extend(indicators_without_a_column(pipeline, &table.header));
    for bad in &table.bad_rows {
        accounts.quarantine_row(bad.source_row, "", &bad.value, "wrong-number-of-fields", &bad.message);
    }
    let placed = rows::place_rows(pipeline, register, table);
    let kept = rows::sort_out(pipeline, table, &placed, accounts);
    if let Some(name) = undescribed.iter().find(|_| accounts.has_rule("repeated-row")) {
        return Err(Refused {
            file: accounts.file_name.clone(),
            reason: format!(
                "it has several rows of one area, period and breakdown, and a column {name:?} that pipeline {} does not describe; if it tells them apart, describe it under [filters]",
                pipeline.id
            ),
        });
    }
    let mut catalogue = Catalogue::new();
    let mut builder = Stack::new(all, pipeline, table, &placed, &kept);
    for column in &measures {
        builder.push(column, &mut catalogue, accounts);
    }
    let computed = builder.push_computed(&mut catalogue, accounts);
    builder.count_rows(accounts);
    let failed = |e: polars::prelude::PolarsError| Refused {
        file: accounts.file_name.clone(),
        reason: format!("it cannot be reshaped: {e}"),
    };
    let (frame, labels) = builder.stack().map_err(failed)?;
    let printed = measures.iter().map(|column| table.header[*column].clone());
    let columns: Vec<String> = printed.chain(computed).collect();
    let rows::PlacedRows { areas, periods, .. } = placed;
    let (measures, beside) = (columns.clone(), Beside::default());
    Ok(Reshaped { frame, catalogue, areas, periods, columns, measures, labels, warnings, beside })
}

/// A warning of indicators that a pipeline describes and a file has no column for.
pub(crate) fn indicators_without_a_column(pipeline: &Pipeline, header: &[String]) -> Option<String> {
    let absent = pipeline.indicators.iter().filter(|spec| spec.columns().any(|column| !header.contains(column)));
    let named: Vec<String> = absent.map(|spec| format!("{} (column {:?})", spec.id, spec.column)).collect();
    let shown = named.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    let more = named.len().saturating_sub(5);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!named.is_empty()).then(|| {
        format!("it has no column for {shown}{more}; if it should, look at the spelling in pipeline {}", pipeline.id)
    })
}

/// The places of the measure columns; what a pipeline does not describe is never dropped in silence.
///
/// Gives the measure columns and the names of those among them that were guessed to be.
fn measure_columns(
    pipeline: &Pipeline,
    table: &RawTable,
    warnings: &mut Vec<String>,
) -> Result<(Vec<usize>, Vec<String>), String> {
    // A spreadsheet leaves nameless columns with nothing in them; they are no columns.
    let is_nothing = |place: usize| table.header[place].is_empty() && table.columns[place].iter().all(String::is_empty);
    let named = (0..table.header.len()).filter(|place| !is_nothing(*place));
    if let Some(name) = table::repeated(&named.map(|place| table.header[place].clone()).collect::<Vec<_>>()) {
        return Err(format!("its header names the column {name:?} twice; rename or remove one"));
    }
    for (name, filter) in &pipeline.filters {
        if table.column(name).is_none() && matches!(filter.role, Role::Measure | Role::Subgroup) {
            return Err(format!("it has no column {name:?}, which {} needs to tell its rows apart", pipeline.id));
        }
    }
    for (name, _) in pipeline.filters.iter().filter(|(_, filter)| filter.role == Role::Constant) {
        let cells = table.column(name).map_or(&[] as &[String], |place| &table.columns[place]);
        if let Some(other) = cells.iter().find(|cell| **cell != cells[0]) {
            return Err(format!(
                "its column {name:?} is described as constant and has the values {:?} and {other:?}; describe what they tell apart",
                cells[0]
            ));
        }
    }
    let (mut measures, mut guessed) = (Vec::new(), Vec::new());
    for (place, name) in table.header.iter().enumerate() {
        let known = ees::KEYS.contains(&name.as_str())
            || pipeline.filters.contains_key(name)
            || is_nothing(place)
            || (ees::is_other_place(name) && is_blank_where_held(table, place));
        let described = pipeline.columns.contains_key(name) || pipeline.indicators.iter().any(|i| i.column == *name);
        if described {
            measures.push(place);
        } else if !known && undescribed(pipeline, table, place, warnings)? {
            measures.push(place);
            guessed.push(name.clone());
        }
    }
    Ok((measures, guessed))
}

/// Whether a column is blank on every row of a level that is held.
pub(crate) fn is_blank_where_held(table: &RawTable, place: usize) -> bool {
    let level = table.column("geographic_level");
    let is_held = |row: &usize| matches!(ees::level(table.cell(*row, level)), ees::PrintedLevel::Held(_));
    (0..table.source_rows.len()).filter(is_held).all(|row| table.cell(row, Some(place)).is_empty())
}

/// Whether a column nobody described holds figures, which are then kept under its name.
///
/// A text that says throughout that all are counted is passed over. Anything else could make rows
/// mean something else than they seem to: figures of one sex or age would pass for those of all.
pub(crate) fn undescribed(
    pipeline: &Pipeline,
    table: &RawTable,
    place: usize,
    warnings: &mut Vec<String>,
) -> Result<bool, String> {
    let (name, cells) = (&table.header[place], &table.columns[place]);
    let is_figure = |text: &String| cell::read(text, &|_| None) != Cell::Unknown;
    if cells.iter().any(|text| !text.is_empty()) && cells.iter().all(is_figure) {
        warnings.push(format!(
            "column {name:?} is not described by pipeline {}; its figures are kept under its name",
            pipeline.id
        ));
        return Ok(true);
    }
    let first = cells.first().map_or("", String::as_str);
    let says_all =
        first.is_empty() || ["total", "all"].contains(&first.split(' ').next().unwrap_or("").to_lowercase().as_str());
    if says_all && cells.iter().all(|text| text == first) {
        warnings.push(format!(
            "column {name:?} is not described by pipeline {} and is {first:?} throughout; it is passed over",
            pipeline.id
        ));
        return Ok(false);
    }
    let example = cells.iter().find(|text| !is_figure(text)).map_or("", String::as_str);
    Err(format!(
        "it has a column {name:?} that pipeline {} does not describe (for example {example:?}); describe it under [filters] or [columns]",
        pipeline.id
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::input::Input;

    fn pipeline() -> Pipeline {
        Pipeline::parse(
            "id = 'p'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'ees-csv'\n\
             [time.'Reporting year']\nends = '03-31'\n[publication]\nusual_lag_days = 1\n\
             [filters.what]\nrole = 'measure'\n[filters.age]\nrole = 'subgroup'\nheadline = 'all'\n\
             [[out_of_scope]]\nrule = 'not-ours'\ncolumn = 'what'\nvalues = ['other']\nwhy = 'w'\n\
             [columns.share]\ntitle = 'Share'\nunit = 'percent'\nnumerator = { column = 'count' }\n\
             denominator = { column = 'count', where = { what = 'total' } }\n\
             [columns.count]\ntitle = 'Count'\nunit = 'number'\n",
        )
        .unwrap()
    }

    const HEADER: &str =
        "time_period,time_identifier,geographic_level,old_la_code,new_la_code,la_name,what,age,count,share";

    fn read(rows: &[String]) -> (RawTable, Result<Reshaped, Refused>, Accounts) {
        let bytes = format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes();
        let input = Input { name: "f.csv".to_owned(), bytes, sha256: String::new() };
        let table = table::read_csv(&input).unwrap();
        let mut accounts = Accounts::new("p", "r", "f.csv");
        let pipeline = pipeline();
        let register = Register::embedded().unwrap();
        let reshaped = reshape(std::slice::from_ref(&pipeline), &pipeline, &register, &table, &mut accounts);
        (table, reshaped, accounts)
    }

    fn place() -> impl Strategy<Value = &'static str> {
        select(vec![
            "Local authority,330,E08000025,Birmingham",
            "Local authority,370,E08000016,Barnsley",
            "Local authority,940 / 941,E06000061 / E06000062,North / West",
            "Local authority,999,E99999999,Narnia",
            "School,,,",
            "Moon,,,",
        ])
    }

    fn row() -> impl Strategy<Value = String> {
        let cell = || select(vec!["1", "50", "100", "1e3", "c", "k", "z", "x", "u", "", "-1", "n/a", "nan", "12,5"]);
        let label = select(vec!["2024", "2025", "20255", ""]);
        let what = select(vec!["part", "total", "other"]);
        (label, place(), what, select(vec!["all", "young"]), cell(), cell()).prop_map(
            |(label, place, what, age, count, share)| {
                format!("{label},Reporting year,{place},{what},{age},{count},{share}")
            },
        )
    }

    proptest! {
        #[test]
        fn whatever_the_rows_each_is_accounted_for_and_each_figure_is_its_cell(rows in proptest::collection::vec(row(), 1..40)) {
            let (table, reshaped, accounts) = read(&rows);
            let reshaped = reshaped.unwrap();
            prop_assert_eq!(accounts.rows_read(), rows.len());
            let column = |name: &str| reshaped.frame.column(name).unwrap().as_materialized_series().clone();
            let (values, measures, lines) = (column("value"), column("measure"), column(crate::table::SOURCE_ROW));
            for i in 0..reshaped.frame.height() {
                let number = lines.u32().unwrap().get(i).unwrap() as usize;
                let name = &reshaped.columns[measures.i32().unwrap().get(i).unwrap() as usize];
                let row = table.source_rows.iter().position(|line| *line as usize == number).unwrap();
                let cell = table.cell(row, table.column(name));
                prop_assert_eq!(values.f64().unwrap().get(i), cell.parse::<f64>().ok(), "{} in {}", cell, name);
            }
            let kept: std::collections::BTreeSet<_> = lines.u32().unwrap().iter().flatten().collect();
            prop_assert_eq!(kept.len(), accounts.rows_kept);
        }
    }

    #[test]
    fn counts_beside_a_figure_come_from_its_row_or_the_row_that_is_named() {
        let rows = [
            "2025,Reporting year,Local authority,330,E08000025,Birmingham,part,all,20,25".to_owned(),
            "2025,Reporting year,Local authority,330,E08000025,Birmingham,total,all,80,100".to_owned(),
            "2025,Reporting year,Local authority,330,E08000025,Birmingham,part,young,c,50".to_owned(),
        ];
        let (_, reshaped, _) = read(&rows);
        let reshaped = reshaped.unwrap();
        let floats = |name: &str| -> Vec<Option<f64>> {
            reshaped.frame.column(name).unwrap().as_materialized_series().f64().unwrap().iter().collect()
        };
        let ids: Vec<_> = reshaped
            .frame
            .column("indicator")
            .unwrap()
            .as_materialized_series()
            .i32()
            .unwrap()
            .into_no_null_iter()
            .map(|id| reshaped.catalogue.indicators[id as usize].row.indicator_id.clone())
            .collect();
        let shares: Vec<_> = (0..ids.len())
            .filter(|i| ids[*i] == "p-share-part")
            .map(|i| (floats("value")[i], floats("numerator")[i], floats("denominator")[i]))
            .collect();
        assert_eq!(shares, [(Some(25.0), Some(20.0), Some(80.0)), (Some(50.0), None, None)]);
    }

    #[test]
    fn a_file_without_a_filter_that_tells_its_rows_apart_is_refused() {
        let input = Input {
            name: "f.csv".to_owned(),
            bytes: b"time_period,what,count\n2025,part,1\n".to_vec(),
            sha256: String::new(),
        };
        let table = table::read_csv(&input).unwrap();
        let (pipeline, register) = (pipeline(), Register::embedded().unwrap());
        let refused = reshape(&[], &pipeline, &register, &table, &mut Accounts::new("p", "r", "f.csv")).unwrap_err();
        assert!(refused.reason.contains("\"age\""), "{refused}");
    }
}
