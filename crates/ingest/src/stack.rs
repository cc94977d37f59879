//! Stacking a file's measure columns into one frame of observations.

mod computed;

use std::collections::{BTreeMap, HashMap};

use polars::prelude::{Column, DataFrame, NamedFrom as _, PolarsResult, Series};

use crate::accounts::Accounts;
use crate::cell::{Cell, Status};
use crate::measure::{self, Catalogue, Slot};
use crate::pipeline::{CountRef, Format, Pipeline};
use crate::rows::{PlacedRows, RowPlace};
use crate::table::{RawTable, SOURCE_ROW};

/// The frames of a file's measure columns while they are stacked.
pub(crate) struct Stack<'a> {
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
    labels: Vec<String>,
    measures: i32,
    failure: Option<polars::prelude::PolarsError>,
}

impl<'a> Stack<'a> {
    pub(crate) fn new(
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
            labels: vec![String::new()],
            measures: 0,
            failure: None,
        }
    }

    /// Reads a column's cells and stacks a frame of its observations.
    pub(crate) fn push(&mut self, column: &usize, catalogue: &mut Catalogue, accounts: &mut Accounts) {
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
        self.push_slots(*column, &slots, catalogue, accounts);
    }

    /// Stacks a frame of a column's observations, of which the slots are known for each combination of filters.
    pub(crate) fn push_slots(&mut self, column: usize, slots: &[Slot], catalogue: &Catalogue, accounts: &mut Accounts) {
        let name = self.table.header[column].as_str();
        self.read_column(column);
        let references: Vec<_> = slots
            .iter()
            .flat_map(|slot| {
                let indicator = &catalogue.indicators[slot.indicator as usize];
                indicator.numerator.iter().chain(&indicator.denominator).flat_map(CountRef::columns).cloned()
            })
            .collect();
        for reference in references {
            if let Some(place) = self.table.column(&reference) {
                self.read_column(place);
            }
        }
        // Found once: a wide file has a thousand columns, and each cell asks for its counts.
        let counts: Vec<[Option<Counted<'_>>; 2]> = slots
            .iter()
            .map(|slot| {
                let indicator = &catalogue.indicators[slot.indicator as usize];
                [&indicator.numerator, &indicator.denominator].map(|count| self.counted(count.as_ref()?))
            })
            .collect();
        let mut lines = Lines::default();
        let formats = self.formats(column);
        let mut told = None;
        for (row, area) in self.lines.clone() {
            let RowPlace::Kept { period, combination, .. } = &self.placed.rows[row] else { continue };
            let slot = slots[*combination];
            let indicator = &catalogue.indicators[slot.indicator as usize];
            let cell = match self.cells[&column][row] {
                Cell::Number(value) if value < indicator.range[0] || value > indicator.range[1] => Err((
                    "outside-range",
                    format!(
                        "a figure in {} lies between {} and {}; correct it, or widen the range in the pipeline",
                        indicator.row.unit, indicator.range[0], indicator.range[1]
                    ),
                )),
                Cell::Unknown => Err(unknown(&self.table.columns[column][row], formats[*combination])),
                fine => Ok(fine),
            };
            match cell {
                Ok(cell) => {
                    self.observed[row] = true;
                    let code = self.placed.areas[area as usize].code.as_str();
                    let count = |counted: &Option<Counted<'_>>| {
                        counted.as_ref().and_then(|counted| self.count(counted, row, *period, code, *combination))
                    };
                    let [numerator, denominator] = [count(&counts[*combination][0]), count(&counts[*combination][1])];
                    let label = match cell {
                        Cell::Number(_) if formats[*combination] != Format::Plain => {
                            label(&mut self.labels, &self.table.columns[column][row])
                        }
                        _ => 0,
                    };
                    lines.push(slot, *period, area, cell, numerator, denominator, self.table.source_rows[row], label);
                }
                // A row of a shared service has each cell once, however many areas it speaks of.
                Err((rule, message)) if told != Some(row) => {
                    told = Some(row);
                    let value = &self.table.columns[column][row];
                    accounts.quarantine_cell(self.table.source_rows[row], name, value, rule, &message);
                    self.worst.insert(row, (column, rule.to_owned()));
                }
                Err(_) => {}
            }
        }
        self.keep(lines);
    }

    /// Takes the lines of a measure as a frame.
    fn keep(&mut self, lines: Lines) {
        match lines.frame(self.measures) {
            Ok(frame) => self.frames.push(frame),
            Err(error) => self.failure = Some(error),
        }
        self.measures += 1;
    }

    fn read_column(&mut self, column: usize) {
        if self.cells.contains_key(&column) {
            return;
        }
        let symbols = &self.pipeline.symbols;
        let own = |symbol: &str| symbols.get(symbol).and_then(|status| Status::from_id(status));
        let formats = self.formats(column);
        let texts = self.table.columns[column].iter().zip(&self.placed.rows);
        let cells = texts.map(|(text, place)| match place {
            RowPlace::Kept { combination, .. } => formats[*combination].read(text, &own),
            RowPlace::Out { .. } | RowPlace::Bad { .. } => Cell::Unknown,
        });
        self.cells.insert(column, cells.collect());
    }

    /// How a column prints its figures, for each combination of filters.
    fn formats(&self, column: usize) -> Vec<Format> {
        let name = &self.table.header[column];
        let own = self.pipeline.indicators.iter().any(|spec| spec.column == *name && spec.format.is_some());
        let combinations = &self.placed.combinations;
        if !own && !self.pipeline.formats.contains_key(name) {
            return vec![Format::Plain; combinations.len()];
        }
        combinations.iter().map(|filters| measure::format(self.pipeline, name, filters)).collect()
    }

    /// Where the columns of a count lie; none where one of them is not in the file.
    fn counted<'c>(&self, count: &'c CountRef) -> Option<Counted<'c>> {
        let columns = count.columns().map(|name| self.table.column(name)).collect::<Option<_>>()?;
        Some(Counted { columns, filters: &count.filters })
    }

    /// A count beside a figure, in the same row or in the row with other filters.
    fn count(&self, count: &Counted<'_>, row: usize, period: i32, area: &str, combination: usize) -> Option<f64> {
        let row = if count.filters.is_empty() {
            row
        } else {
            let mut filters = self.placed.combinations[combination].clone();
            filters.extend(count.filters.clone());
            *self.row_of.get(&(period, area, *self.combination_of.get(&filters)?))?
        };
        let number = |column: &usize| match self.cells.get(column)?[row] {
            Cell::Number(number) => Some(number),
            _ => None,
        };
        count.columns.iter().map(number).sum()
    }

    /// Counts the rows that became observations, and sets aside those of which no cell did.
    pub(crate) fn count_rows(&self, accounts: &mut Accounts) {
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

    /// The frames of all columns as one, and the labels that its `label` column counts.
    pub(crate) fn stack(self) -> PolarsResult<(DataFrame, Vec<String>)> {
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
        // A chunk a column of the file: sorting would look through all of them for every row it compares.
        stacked.rechunk_mut();
        // One chunk a column, in an order that puts an indicator's areas and periods together.
        let stacked = stacked.sort(["indicator", "breakdown", "area", "period", SOURCE_ROW], Default::default())?;
        Ok((stacked, self.labels))
    }
}

/// A count of which the columns are found.
struct Counted<'a> {
    /// The columns that are added.
    columns: Vec<usize>,
    /// Filter values of the other row, where it is another.
    filters: &'a BTreeMap<String, String>,
}

/// Why a cell is no figure: the rule that sets it aside, and what would mend it.
fn unknown(printed: &str, format: Format) -> (&'static str, String) {
    let (rule, message) = match printed.as_bytes() {
        [b'=', ..] => (
            "formula-without-value",
            "the cell holds a formula that nothing has computed; open the workbook, save it, and build again",
        ),
        [b'#', ..] => ("formula-error", "the cell holds an error that a formula came to; ask its publisher"),
        [.., b'%'] if format == Format::Plain => (
            "percent-sign",
            "the cell is shown in per cent and its indicator is not in per cent; correct the unit in the pipeline",
        ),
        _ => {
            let wanted = format.example();
            let message = format!("a cell is {wanted} or one of the symbols c, k, low, u, x, z; correct it");
            return ("not-a-figure", message);
        }
    };
    (rule, message.to_owned())
}

/// The place of a cell's text among the labels, to which it is added.
fn label(labels: &mut Vec<String>, printed: &str) -> i32 {
    labels.push(printed.to_owned());
    i32::try_from(labels.len() - 1).unwrap_or(0)
}

/// The columns of one measure's observations while they are collected.
#[derive(Default)]
pub(crate) struct Lines {
    indicator: Vec<i32>,
    breakdown: Vec<i32>,
    period: Vec<i32>,
    area: Vec<i32>,
    status: Vec<i32>,
    value: Vec<Option<f64>>,
    numerator: Vec<Option<f64>>,
    denominator: Vec<Option<f64>>,
    source_row: Vec<u32>,
    label: Vec<i32>,
}

impl Lines {
    #[expect(clippy::too_many_arguments, reason = "one argument a column")]
    pub(crate) fn push(
        &mut self,
        slot: Slot,
        period: i32,
        area: i32,
        cell: Cell,
        numerator: Option<f64>,
        denominator: Option<f64>,
        source_row: u32,
        label: i32,
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
        self.label.push(label);
    }

    pub(crate) fn frame(self, measure: i32) -> PolarsResult<DataFrame> {
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
            Series::new("label".into(), self.label).into(),
        ];
        DataFrame::new_infer_height(columns)
    }
}
