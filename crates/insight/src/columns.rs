//! Columns of what a Rust model makes.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

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
