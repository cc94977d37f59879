//! Columns of what a Rust model reads and makes.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int64Type, Schema, SchemaRef};

/// A table that is read row by row, with its columns found by name.
///
/// A column answers for the row of a number with what is there, or with none where it is missing.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    name: &'static str,
    batch: &'a RecordBatch,
}

impl<'a> Table<'a> {
    pub(crate) const fn new(name: &'static str, batch: &'a RecordBatch) -> Self {
        Self { name, batch }
    }

    pub(crate) fn texts(self, column: &str) -> Result<impl Fn(usize) -> Option<&'a str> + use<'a>, String> {
        let array = self.column(column, "text", |array| array.as_string_opt::<i32>())?;
        Ok(move |row| array.is_valid(row).then(|| array.value(row)))
    }

    pub(crate) fn numbers(self, column: &str) -> Result<impl Fn(usize) -> Option<f64> + use<'a>, String> {
        let array = self.column(column, "a number", |array| array.as_primitive_opt::<Float64Type>())?;
        Ok(move |row| array.is_valid(row).then(|| array.value(row)))
    }

    pub(crate) fn wholes(self, column: &str) -> Result<impl Fn(usize) -> Option<i64> + use<'a>, String> {
        let array = self.column(column, "a whole number", |array| array.as_primitive_opt::<Int64Type>())?;
        Ok(move |row| array.is_valid(row).then(|| array.value(row)))
    }

    /// Days since 1 January 1970.
    pub(crate) fn days(self, column: &str) -> Result<impl Fn(usize) -> Option<i32> + use<'a>, String> {
        let array = self.column(column, "a day", |array| array.as_primitive_opt::<Date32Type>())?;
        Ok(move |row| array.is_valid(row).then(|| array.value(row)))
    }

    pub(crate) fn truths(self, column: &str) -> Result<impl Fn(usize) -> Option<bool> + use<'a>, String> {
        let array = self.column(column, "true or false", |array| array.as_boolean_opt())?;
        Ok(move |row| array.is_valid(row).then(|| array.value(row)))
    }

    fn column<A>(
        self,
        column: &str,
        kind: &str,
        read: impl Fn(&'a dyn Array) -> Option<&'a A>,
    ) -> Result<&'a A, String> {
        let found = self.batch.column_by_name(column).ok_or_else(|| format!("{} has no column {column}", self.name))?;
        read(found).ok_or_else(|| format!("column {column} of {} is not {kind}", self.name))
    }
}

/// A schema of columns that may all be missing, written as `name:kind name:kind …` with the kinds text, whole, number, day and truth.
pub(crate) fn schema_of(columns: &str) -> SchemaRef {
    let field = |column: &str| {
        let (name, kind) = column.split_once(':').unwrap_or((column, "text"));
        let data_type = match kind {
            "whole" => DataType::Int64,
            "number" => DataType::Float64,
            "day" => DataType::Date32,
            "truth" => DataType::Boolean,
            _ => DataType::Utf8,
        };
        Field::new(name, data_type, true)
    };
    Arc::new(Schema::new(columns.split_whitespace().map(field).collect::<Vec<_>>()))
}

/// The rows of a model as columns are made of them.
pub(crate) struct Rows<'a, R>(pub(crate) &'a [R]);

impl<R> Rows<'_, R> {
    pub(crate) fn texts<'s>(&'s self, get: impl Fn(&'s R) -> Option<&'s str>) -> ArrayRef {
        Arc::new(self.0.iter().map(get).collect::<StringArray>())
    }

    pub(crate) fn numbers(&self, get: impl Fn(&R) -> Option<f64>) -> ArrayRef {
        Arc::new(self.0.iter().map(get).collect::<Float64Array>())
    }

    pub(crate) fn wholes(&self, get: impl Fn(&R) -> Option<usize>) -> ArrayRef {
        let whole = |row| get(row).and_then(|n| i64::try_from(n).ok());
        Arc::new(self.0.iter().map(whole).collect::<Int64Array>())
    }

    pub(crate) fn days(&self, get: impl Fn(&R) -> Option<i32>) -> ArrayRef {
        Arc::new(self.0.iter().map(get).collect::<Date32Array>())
    }

    pub(crate) fn truths(&self, get: impl Fn(&R) -> Option<bool>) -> ArrayRef {
        Arc::new(self.0.iter().map(get).collect::<BooleanArray>())
    }
}

/// A batch of columns in the order of a schema.
pub(crate) fn batch(schema: SchemaRef, columns: Vec<ArrayRef>) -> Result<RecordBatch, String> {
    RecordBatch::try_new(schema, columns).map_err(|e| e.to_string())
}
