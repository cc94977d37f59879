//! Figures that a file does not print and its counts give: a share whose numerator is the sum of several columns.
//!
//! A computed figure is a column more, which is read as if it had been printed. It is missing wherever one of its counts
//! is, for the reason that says most: nothing is worked out around what a publisher hides.

use std::borrow::Cow;

use crate::cell::{Cell, Status};
use crate::pipeline::{CountRef, Description, IndicatorSpec, Pipeline, Reader, Unit};
use crate::table::RawTable;

/// Reasons for a missing count, the one that is told first where several are missing.
const REASONS: [Status; 5] =
    [Status::Suppressed, Status::Low, Status::Unreliable, Status::NotAvailable, Status::NotApplicable];

/// What a computed figure's column is called: `(a + b) / c`.
pub(crate) fn column_name(numerator: &CountRef, denominator: &CountRef) -> String {
    let sum = |count: &CountRef| {
        let columns: Vec<&str> = count.columns().map(String::as_str).collect();
        if columns.len() == 1 { columns[0].to_owned() } else { format!("({})", columns.join(" + ")) }
    };
    format!("{} / {}", sum(numerator), sum(denominator))
}

impl IndicatorSpec {
    /// Calls the column of a computed figure what its counts say.
    pub(crate) fn name_computed_column(&mut self) {
        if let (true, Some(numerator), Some(denominator)) = (self.computed, &self.numerator, &self.denominator) {
            self.column = column_name(numerator, denominator);
        }
    }

    /// What is wrong with where its figures come from; `said` is its whole description.
    pub(crate) fn column_fault(&self, reader: Reader, said: &Description) -> Option<String> {
        let id = &self.id;
        if !self.computed {
            return self.column.is_empty().then(|| format!("indicator {id} has no column, and is not computed = true"));
        }
        if !self.column.is_empty() {
            return Some(format!("indicator {id} is computed, and has a column; leave one of them out"));
        }
        let counts = [&self.numerator, &self.denominator];
        if reader != Reader::EesCsv {
            return Some(format!("indicator {id}: computed = true is for the reader \"ees-csv\""));
        }
        if counts.iter().any(|count| count.as_ref().is_none_or(|count| !count.filters.is_empty())) {
            return Some(format!("indicator {id} is computed, and needs a numerator and a denominator of its own row"));
        }
        if said.unit.and_then(Unit::multiplier).is_none() {
            return Some(format!(
                "indicator {id} is computed, and its unit is no quotient of counts; say percent or a rate"
            ));
        }
        None
    }
}

/// A file's table with a column more for each figure that can be computed from its columns.
pub(crate) fn with_columns<'a>(pipeline: &Pipeline, table: &'a RawTable) -> Cow<'a, RawTable> {
    let mut table = Cow::Borrowed(table);
    for spec in pipeline.indicators.iter().filter(|spec| spec.computed) {
        if table.column(&spec.column).is_some() {
            continue;
        }
        if let Some(cells) = Computed::new(pipeline, spec, &table).map(|computed| computed.cells()) {
            let table = table.to_mut();
            table.header.push(spec.column.clone());
            table.columns.push(cells);
        }
    }
    table
}

/// A figure that is computed, and where its counts are.
struct Computed<'a> {
    pipeline: &'a Pipeline,
    table: &'a RawTable,
    /// The columns that are added, of numerator and denominator.
    counts: [Vec<usize>; 2],
    multiplier: f64,
}

impl<'a> Computed<'a> {
    /// None where a column is not in the file.
    fn new(pipeline: &'a Pipeline, spec: &IndicatorSpec, table: &'a RawTable) -> Option<Self> {
        let places = |count: &CountRef| count.columns().map(|name| table.column(name)).collect::<Option<Vec<usize>>>();
        let counts = [places(spec.numerator.as_ref()?)?, places(spec.denominator.as_ref()?)?];
        let unit = pipeline.describe(&spec.description()).unit?;
        Some(Self { pipeline, table, counts, multiplier: unit.multiplier()? as f64 })
    }

    fn cells(&self) -> Vec<String> {
        (0..self.table.source_rows.len()).map(|row| self.cell(row)).collect()
    }

    /// The figure of a row as it would be printed, to all its digits.
    fn cell(&self, row: usize) -> String {
        let cells = self.counts.each_ref().map(|columns| columns.iter().map(|column| self.read(row, *column)));
        let cells = cells.map(Iterator::collect::<Vec<Cell>>);
        // A count that cannot be read is set aside where it stands; here it is not available.
        let missing = |cell: &Cell| match cell {
            Cell::Number(_) => None,
            Cell::Missing(status) => Some(*status),
            Cell::Unknown => Some(Status::NotAvailable),
        };
        let is_told = |reason: &Status| cells.iter().flatten().any(|cell| missing(cell) == Some(*reason));
        if let Some(reason) = REASONS.into_iter().find(is_told) {
            return reason.symbol().to_owned();
        }
        let number = |cell: &Cell| if let Cell::Number(number) = cell { *number } else { 0.0 };
        let [numerator, denominator] = cells.map(|cells| cells.iter().map(number).sum::<f64>());
        if denominator == 0.0 {
            return Status::NotApplicable.symbol().to_owned();
        }
        (self.multiplier * numerator / denominator).to_string()
    }

    fn read(&self, row: usize, column: usize) -> Cell {
        let own = |symbol: &str| self.pipeline.symbols.get(symbol).and_then(|status| Status::from_id(status));
        let format = self.pipeline.formats.get(&self.table.header[column]).copied().unwrap_or_default();
        format.read(&self.table.columns[column][row], &own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;
    use crate::table::read_csv;

    const HEAD: &str = "id = 'p'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'ees-csv'\n\
                        [publication]\nusual_lag_days = 1\n[symbols]\n'*' = 'suppressed'\n\
                        [formats]\nall = 'thousands'\n";

    fn pipeline(indicator: &str) -> Result<Pipeline, String> {
        Pipeline::parse(&format!("{HEAD}[[indicators]]\nid = 'share'\ntitle = 'S'\n{indicator}"))
    }

    fn share() -> Pipeline {
        pipeline(
            "unit = 'percent'\ncomputed = true\nnumerator = { column = 'a', plus = ['b'] }\n\
             denominator = { column = 'all' }\n",
        )
        .unwrap()
    }

    fn computed(header: &str, row: &str) -> Vec<String> {
        let bytes = format!("{header}\n{row}\n").into_bytes();
        let table = read_csv(&Input { name: "f.csv".to_owned(), bytes, sha256: String::new() }).unwrap();
        let table = with_columns(&share(), &table).into_owned();
        table.column("(a + b) / all").map(|place| table.columns[place].clone()).unwrap_or_default()
    }

    #[test]
    fn a_share_is_the_sum_of_its_columns_over_the_whole_to_all_digits() {
        assert_eq!(computed("a,b,all", "10,20,\"1,200\""), ["2.5"]);
        assert_eq!(computed("a,b,all", "1,0,3"), ["33.333333333333336"]);
        assert_eq!(computed("a,b,all", "0,0,3"), ["0"]);
    }

    #[test]
    fn nothing_is_worked_out_around_a_count_that_is_hidden_or_missing() {
        for (row, symbol) in
            [("c,20,60", "c"), ("x,c,60", "c"), ("10,*,60", "c"), ("10,20,c", "c"), ("k,20,x", "k"), ("z,20,60", "z")]
        {
            assert_eq!(computed("a,b,all", row), [symbol], "{row}");
        }
        assert_eq!(computed("a,b,all", "10,what,60"), ["x"], "which is set aside in its own column");
        assert_eq!(computed("a,b,all", "0,0,0"), ["z"], "there is nothing to take a share of");
    }

    #[test]
    fn where_a_column_is_not_in_the_file_nothing_is_computed() {
        assert!(computed("a,all", "10,60").is_empty());
    }

    #[test]
    fn a_computed_indicator_says_its_counts_and_a_unit_that_is_a_quotient() {
        for (said, fault) in [
            ("unit = 'percent'\n", "has no column"),
            ("unit = 'percent'\ncomputed = true\nnumerator = { column = 'a' }\n", "a numerator and a denominator"),
            (
                "unit = 'days'\ncomputed = true\nnumerator = { column = 'a' }\ndenominator = { column = 'b' }\n",
                "no quotient of counts",
            ),
            (
                "unit = 'percent'\ncomputed = true\nnumerator = { column = 'a', where = { f = '1' } }\n\
                 denominator = { column = 'b' }\n",
                "of its own row",
            ),
            (
                "unit = 'percent'\ncomputed = true\ncolumn = 'c'\nnumerator = { column = 'a' }\n\
                 denominator = { column = 'b' }\n",
                "has a column",
            ),
        ] {
            let error = pipeline(said).unwrap_err();
            assert!(error.contains(fault), "{error}");
        }
    }
}
