//! Answers of the session as lists, a list a column.

use arrow::array::{AsArray as _, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Date32Type, Float64Type};
use datafusion::prelude::SessionContext;
use lais_lake::LakeError;

use super::BacktestError;

/// The rows that a SELECT of ours gives.
pub(super) struct Answer(RecordBatch);

impl Answer {
    /// Asks.
    pub(super) async fn of(session: &SessionContext, sql: &str) -> Result<Self, BacktestError> {
        let frame = session.sql(sql).await.map_err(LakeError::from)?;
        let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
        let batches = frame.collect().await.map_err(LakeError::from)?;
        Ok(Self(concat_batches(&schema, &batches).map_err(LakeError::from)?))
    }

    /// The rows themselves.
    pub(super) fn batch(&self) -> &RecordBatch {
        &self.0
    }

    fn column(&self, name: &str, kind: &DataType) -> Result<arrow::array::ArrayRef, BacktestError> {
        let column = self.0.column_by_name(name);
        let column = column.ok_or_else(|| BacktestError::Cannot(format!("there is no column {name}")))?;
        Ok(cast(column, kind).map_err(LakeError::from)?)
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<Option<String>>, BacktestError> {
        let column = self.column(name, &DataType::Utf8)?;
        Ok(column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
    }

    /// Texts of a column in which none is missing; what is missing is empty.
    pub(super) fn names(&self, name: &str) -> Result<Vec<String>, BacktestError> {
        Ok(self.texts(name)?.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// Days since 1 January 1970.
    pub(super) fn days(&self, name: &str) -> Result<Vec<Option<i32>>, BacktestError> {
        Ok(self.column(name, &DataType::Date32)?.as_primitive::<Date32Type>().iter().collect())
    }

    pub(super) fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, BacktestError> {
        Ok(self.column(name, &DataType::Float64)?.as_primitive::<Float64Type>().iter().collect())
    }

    pub(super) fn truths(&self, name: &str) -> Result<Vec<bool>, BacktestError> {
        let column = self.column(name, &DataType::Boolean)?;
        Ok(column.as_boolean().iter().map(Option::unwrap_or_default).collect())
    }
}
