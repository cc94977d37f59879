//! The answer of a SELECT, read cell by cell.

use std::collections::HashMap;
use std::ops::Range;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{ArrowPrimitiveType, Date32Type, Float64Type, Int64Type};
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::prelude::SessionContext;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::PackError;

/// The rows that a SELECT gave.
#[derive(Debug)]
pub(crate) struct Table {
    batch: RecordBatch,
}

/// 1 January 1970, from which Arrow counts days.
const EPOCH: Date = date(1970, 1, 1);

impl Table {
    /// Asks a session, with `$as_at` filled in where the SELECT has it.
    ///
    /// # Errors
    /// [`PackError::Ask`] where it cannot be answered.
    pub(crate) async fn ask(
        session: &SessionContext,
        what: &'static str,
        sql: &str,
        as_at: Date,
    ) -> Result<Self, PackError> {
        let failed = |reason: String| PackError::Ask { what, reason };
        let said = |e: datafusion::error::DataFusionError| failed(e.strip_backtrace());
        let mut frame = session.sql(sql).await.map_err(said)?;
        if sql.contains("= $as_at") {
            let days = as_at.since(EPOCH).map_err(|e| failed(e.to_string()))?.get_days();
            let day = ParamValues::from(vec![("as_at", ScalarValue::Date32(Some(days)))]);
            frame = frame.with_param_values(day).map_err(said)?;
        }
        let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
        let batches = frame.collect().await.map_err(said)?;
        let batch = concat_batches(&schema, &batches).map_err(|e| failed(e.to_string()))?;
        Ok(Self { batch })
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// The text of a cell; nothing where it is missing, or where there is no such row.
    pub(crate) fn text(&self, row: usize, column: &str) -> Option<&str> {
        let column = self.batch.column_by_name(column)?.as_string_opt::<i32>()?;
        (row < column.len() && !column.is_null(row)).then(|| column.value(row))
    }

    /// The text of a cell, empty where it is missing.
    pub(crate) fn words(&self, row: usize, column: &str) -> String {
        self.text(row, column).unwrap_or_default().to_owned()
    }

    /// The number in a cell.
    pub(crate) fn number(&self, row: usize, column: &str) -> Option<f64> {
        self.primitive::<Float64Type>(row, column)
    }

    /// The whole number in a cell.
    pub(crate) fn integer(&self, row: usize, column: &str) -> Option<i64> {
        self.primitive::<Int64Type>(row, column)
    }

    /// The day in a cell.
    pub(crate) fn day(&self, row: usize, column: &str) -> Option<Date> {
        EPOCH.checked_add(self.primitive::<Date32Type>(row, column)?.days()).ok()
    }

    /// Whether a cell says true.
    pub(crate) fn is(&self, row: usize, column: &str) -> bool {
        let column = self.batch.column_by_name(column).and_then(|column| column.as_boolean_opt());
        column.is_some_and(|column| row < column.len() && !column.is_null(row) && column.value(row))
    }

    fn primitive<T: ArrowPrimitiveType>(&self, row: usize, column: &str) -> Option<T::Native> {
        let column = self.batch.column_by_name(column)?.as_primitive_opt::<T>()?;
        (row < column.len() && !column.is_null(row)).then(|| column.value(row))
    }
}

/// Rows in the order of two columns, found by them.
#[derive(Debug)]
pub(crate) struct Indexed {
    pub(crate) table: Table,
    ranges: HashMap<String, HashMap<String, Range<usize>>>,
}

impl Indexed {
    /// Finds where the rows of each pair of values lie; the table is in the order of the two columns.
    pub(crate) fn new(table: Table, first: &str, second: &str) -> Self {
        let mut ranges: HashMap<String, HashMap<String, Range<usize>>> = HashMap::new();
        let mut begins = 0;
        for row in 0..table.len() {
            let pair = |row| (table.text(row, first), table.text(row, second));
            if row + 1 < table.len() && pair(row + 1) == pair(row) {
                continue;
            }
            if let (Some(a), Some(b)) = pair(row) {
                ranges.entry(a.to_owned()).or_default().insert(b.to_owned(), begins..row + 1);
            }
            begins = row + 1;
        }
        Self { table, ranges }
    }

    /// The rows of a pair, in the table's order; none where there is no such pair.
    pub(crate) fn rows(&self, first: &str, second: &str) -> Range<usize> {
        self.ranges.get(first).and_then(|of| of.get(second)).cloned().unwrap_or(0..0)
    }

    /// The row of a pair on a day, in a column of days.
    pub(crate) fn on(&self, first: &str, second: &str, column: &str, day: Date) -> Option<usize> {
        self.rows(first, second).find(|row| self.table.day(*row, column) == Some(day))
    }

    /// Every second value under a first one.
    pub(crate) fn seconds(&self, first: &str) -> impl Iterator<Item = &str> {
        self.ranges.get(first).into_iter().flat_map(|of| of.keys().map(String::as_str))
    }
}
