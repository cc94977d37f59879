//! Reshaping the Explore Education Statistics layout: a wide row becomes an observation a cell.
//!
//! Rows are placed in time and space once for each distinct label, then polars selects the rows that
//! stay, repeats those of a shared service and stacks a frame a measure column.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::{Column, DataFrame, NamedFrom as _, PolarsResult, Series};

use crate::accounts::Accounts;
use crate::cell::{self, Cell, Status};
use crate::geography::{self, Area, Placed, Printed};
use crate::input::Refused;
use crate::measure::{Catalogue, Slot};
use crate::period::{self, Period};
use crate::pipeline::{CountRef, Pipeline, Role};
use crate::recognise::EES_KEYS;
use crate::register::Register;
use crate::table::{self, RawTable, SOURCE_ROW};

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
    let placed = place_rows(pipeline, register, table);
    let kept = sort_out(table, &placed, accounts);
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

/// Every row's place in time and space and its combination of filters, as numbers into lists.
#[derive(Debug, Default)]
struct PlacedRows {
    periods: Vec<Period>,
    areas: Vec<Area>,
    /// Filter values of each combination, by filter.
    combinations: Vec<BTreeMap<String, String>>,
    /// For each row: what became of it.
    rows: Vec<RowPlace>,
}

#[derive(Clone, Debug)]
enum RowPlace {
    Kept { period: i32, areas: std::ops::Range<usize>, combination: usize },
    Out { rule: String, why: String },
    Bad { rule: &'static str, column: &'static str, value: String, message: String },
}

fn place_rows(pipeline: &Pipeline, register: &Register, table: &RawTable) -> PlacedRows {
    let mut placed = PlacedRows::default();
    let keys: Vec<Option<usize>> = EES_KEYS.iter().map(|name| table.column(name)).collect();
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
        let geography: Vec<&str> = (2..EES_KEYS.len()).map(text).collect();
        let area =
            areas.entry(geography).or_insert_with_key(|printed| locate(register, printed, &mut placed.areas)).clone();
        let values: Vec<&str> = filters.iter().map(|(_, column)| table.cell(row, Some(*column))).collect();
        let combination = *combinations.entry(values).or_insert_with_key(|values| {
            let named = filters.iter().zip(values).map(|((name, _), value)| ((*name).clone(), (*value).to_owned()));
            placed.combinations.push(named.collect());
            placed.combinations.len() - 1
        });
        placed.rows.push(place_row(pipeline, table, row, period, area, combination, text(0)));
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
        if rule.values.iter().any(|left_out| left_out == value) {
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

fn locate(register: &Register, printed: &[&str], areas: &mut Vec<Area>) -> Result<std::ops::Range<usize>, RowPlace> {
    let printed = Printed {
        level: printed[0],
        country_code: printed[1],
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
fn sort_out(table: &RawTable, placed: &PlacedRows, accounts: &mut Accounts) -> Vec<usize> {
    let mut kept = Vec::new();
    let mut seen: HashMap<(i32, String, usize), u32> = HashMap::new();
    for (row, place) in placed.rows.iter().enumerate() {
        let number = table.source_rows[row];
        match place {
            RowPlace::Out { rule, why } => accounts.leave_out(rule, why),
            RowPlace::Bad { rule, column, value, message } => {
                accounts.quarantine_row(number, column, value, rule, message);
            }
            RowPlace::Kept { period, areas, combination } => {
                let mut twice = None;
                for area in &placed.areas[areas.clone()] {
                    twice = twice.or(seen.insert((*period, area.code.clone(), *combination), number));
                }
                match twice {
                    None => kept.push(row),
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

/// The frames of a file's measure columns while they are stacked.
struct Stack<'a> {
    all: &'a [Pipeline],
    pipeline: &'a Pipeline,
    table: &'a RawTable,
    placed: &'a PlacedRows,
    /// A kept row of the file and one of its areas, for each row of the stack's frames.
    lines: Vec<(usize, i32)>,
    /// The file's row of a period, area and combination, to find counts that stand in another row.
    row_of: HashMap<(i32, &'a str, usize), usize>,
    combination_of: HashMap<&'a BTreeMap<String, String>, usize>,
    cells: HashMap<usize, Vec<Cell>>,
    observed: Vec<bool>,
    worst: HashMap<usize, (usize, String)>,
    frames: Vec<DataFrame>,
    measures: i32,
    failure: Option<polars::prelude::PolarsError>,
}

impl<'a> Stack<'a> {
    fn new(
        all: &'a [Pipeline],
        pipeline: &'a Pipeline,
        table: &'a RawTable,
        placed: &'a PlacedRows,
        kept: &[usize],
    ) -> Self {
        let mut lines = Vec::with_capacity(kept.len());
        let mut row_of = HashMap::with_capacity(kept.len());
        for row in kept {
            if let RowPlace::Kept { period, areas, combination } = &placed.rows[*row] {
                for area in areas.clone() {
                    lines.push((*row, i32::try_from(area).unwrap_or(i32::MAX)));
                    row_of.insert((*period, placed.areas[area].code.as_str(), *combination), *row);
                }
            }
        }
        Self {
            all,
            pipeline,
            table,
            placed,
            lines,
            row_of,
            combination_of: placed.combinations.iter().enumerate().map(|(i, c)| (c, i)).collect(),
            cells: HashMap::new(),
            observed: vec![false; table.source_rows.len()],
            worst: HashMap::new(),
            frames: Vec::new(),
            measures: 0,
            failure: None,
        }
    }

    /// Reads a column's cells and stacks a frame of its observations.
    fn push(&mut self, column: &usize, catalogue: &mut Catalogue, accounts: &mut Accounts) {
        let name = self.table.header[*column].as_str();
        let slots: Vec<Slot> = self
            .placed
            .combinations
            .iter()
            .map(|filters| {
                let filters = filters.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                catalogue.slot(self.all, self.pipeline, name, &filters)
            })
            .collect();
        self.read_column(*column);
        let references: Vec<_> = slots
            .iter()
            .flat_map(|slot| {
                let indicator = &catalogue.indicators[slot.indicator as usize];
                indicator.numerator.iter().chain(&indicator.denominator).map(|count| count.column.clone())
            })
            .collect();
        for reference in references {
            if let Some(place) = self.table.column(&reference) {
                self.read_column(place);
            }
        }
        let mut lines = Lines::default();
        let mut told = None;
        for (row, area) in self.lines.clone() {
            let RowPlace::Kept { period, combination, .. } = &self.placed.rows[row] else { continue };
            let slot = slots[*combination];
            let indicator = &catalogue.indicators[slot.indicator as usize];
            let cell = match self.cells[column][row] {
                Cell::Number(value) if value < indicator.range[0] || value > indicator.range[1] => Err((
                    "outside-range",
                    format!(
                        "a figure in {} lies between {} and {}; correct it, or widen the range in the pipeline",
                        indicator.row.unit, indicator.range[0], indicator.range[1]
                    ),
                )),
                Cell::Unknown => Err((
                    "not-a-figure",
                    "a cell is a number such as 1234.5 or one of the symbols c, k, low, u, x, z; correct it".to_owned(),
                )),
                fine => Ok(fine),
            };
            match cell {
                Ok(cell) => {
                    self.observed[row] = true;
                    let code = self.placed.areas[area as usize].code.as_str();
                    let numerator = indicator
                        .numerator
                        .as_ref()
                        .and_then(|count| self.count(count, row, *period, code, *combination));
                    let denominator = indicator
                        .denominator
                        .as_ref()
                        .and_then(|count| self.count(count, row, *period, code, *combination));
                    lines.push(slot, *period, area, cell, numerator, denominator, self.table.source_rows[row]);
                }
                // A row of a shared service has each cell once, however many areas it speaks of.
                Err((rule, message)) if told != Some(row) => {
                    told = Some(row);
                    let value = &self.table.columns[*column][row];
                    accounts.quarantine_cell(self.table.source_rows[row], name, value, rule, &message);
                    self.worst.insert(row, (*column, rule.to_owned()));
                }
                Err(_) => {}
            }
        }
        match lines.frame(self.measures) {
            Ok(frame) => self.frames.push(frame),
            Err(error) => self.failure = Some(error),
        }
        self.measures += 1;
    }

    fn read_column(&mut self, column: usize) {
        let symbols = &self.pipeline.symbols;
        let own = |symbol: &str| symbols.get(symbol).and_then(|status| Status::from_id(status));
        let table = self.table;
        self.cells
            .entry(column)
            .or_insert_with(|| table.columns[column].iter().map(|text| cell::read(text, &own)).collect());
    }

    /// A count beside a figure, in the same row or in the row with other filters.
    fn count(&self, count: &CountRef, row: usize, period: i32, area: &str, combination: usize) -> Option<f64> {
        let column = self.table.column(&count.column)?;
        let row = if count.filters.is_empty() {
            row
        } else {
            let mut filters = self.placed.combinations[combination].clone();
            filters.extend(count.filters.clone());
            *self.row_of.get(&(period, area, *self.combination_of.get(&filters)?))?
        };
        match self.cells.get(&column)?[row] {
            Cell::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Counts the rows that became observations, and sets aside those of which no cell did.
    fn count_rows(&self, accounts: &mut Accounts) {
        let mut rows: Vec<usize> = self.lines.iter().map(|(row, _)| *row).collect();
        rows.dedup();
        for row in rows {
            if self.observed[row] {
                accounts.keep(1);
                continue;
            }
            let (column, value) = self.worst.get(&row).map_or(("", ""), |(column, _)| {
                (self.table.header[*column].as_str(), self.table.columns[*column][row].as_str())
            });
            let message = "no cell of the row could be read; correct the row";
            accounts.quarantine_row(self.table.source_rows[row], column, value, "no-usable-cell", message);
        }
    }

    fn stack(self) -> PolarsResult<DataFrame> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let mut frames = self.frames.into_iter();
        let mut stacked = match frames.next() {
            Some(frame) => frame,
            None => Lines::default().frame(0)?,
        };
        for frame in frames {
            stacked.vstack_mut(&frame)?;
        }
        // One chunk a column, in an order that puts an indicator's areas and periods together.
        stacked.sort(["indicator", "breakdown", "area", "period", SOURCE_ROW], Default::default())
    }
}

/// The columns of one measure's observations while they are collected.
#[derive(Default)]
struct Lines {
    indicator: Vec<i32>,
    breakdown: Vec<i32>,
    period: Vec<i32>,
    area: Vec<i32>,
    status: Vec<i32>,
    value: Vec<Option<f64>>,
    numerator: Vec<Option<f64>>,
    denominator: Vec<Option<f64>>,
    source_row: Vec<u32>,
}

impl Lines {
    #[expect(clippy::too_many_arguments, reason = "one argument a column")]
    fn push(
        &mut self,
        slot: Slot,
        period: i32,
        area: i32,
        cell: Cell,
        numerator: Option<f64>,
        denominator: Option<f64>,
        source_row: u32,
    ) {
        let (value, status) = match cell {
            Cell::Number(value) => (Some(value), Status::Observed),
            Cell::Missing(status) => (None, status),
            Cell::Unknown => return,
        };
        self.indicator.push(slot.indicator);
        self.breakdown.push(slot.breakdown);
        self.period.push(period);
        self.area.push(area);
        self.status.push(status.code());
        self.value.push(value);
        self.numerator.push(numerator);
        self.denominator.push(denominator);
        self.source_row.push(source_row);
    }

    fn frame(self, measure: i32) -> PolarsResult<DataFrame> {
        let measures = vec![measure; self.indicator.len()];
        let columns: Vec<Column> = vec![
            Series::new("indicator".into(), self.indicator).into(),
            Series::new("breakdown".into(), self.breakdown).into(),
            Series::new("period".into(), self.period).into(),
            Series::new("area".into(), self.area).into(),
            Series::new("status".into(), self.status).into(),
            Series::new("value".into(), self.value).into(),
            Series::new("numerator".into(), self.numerator).into(),
            Series::new("denominator".into(), self.denominator).into(),
            Series::new(SOURCE_ROW.into(), self.source_row).into(),
            Series::new("measure".into(), measures).into(),
        ];
        DataFrame::new_infer_height(columns)
    }
}
