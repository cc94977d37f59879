//! The one place where a polars frame becomes an Arrow batch.
//!
//! Text lies in the frame as numbers into lists; here it becomes dictionary columns, which Parquet
//! holds as plain text.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray,
};
use arrow::datatypes::{Field, Int32Type, Schema};
use jiff::civil::Date;
use polars::prelude::{DataFrame, PolarsResult};

use crate::accounts::Accounts;
use crate::cell::Status;
use crate::facts::schema_of;
use crate::period::Period;
use crate::series::Reshaped;
use crate::table::SOURCE_ROW;

/// Why a frame could not become a batch; neither can happen to a frame that ingest made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdapterError {
    #[error(transparent)]
    Polars(#[from] polars::prelude::PolarsError),
    #[error(transparent)]
    Arrow(#[from] arrow::error::ArrowError),
}

/// The observations of a file as one batch of the `observation` table.
///
/// # Errors
/// [`AdapterError`] where the frame lacks a column.
pub(crate) fn observations(
    reshaped: &Reshaped,
    accounts: &Accounts,
    vintage: &Period,
) -> Result<RecordBatch, AdapterError> {
    let frame = &reshaped.frame;
    let indicator = integers(frame, "indicator")?;
    let (area, period) = (integers(frame, "area")?, integers(frame, "period")?);
    let by_area =
        |text: &dyn Fn(&crate::geography::Area) -> String| reshaped.areas.iter().map(text).collect::<Vec<_>>();
    let by_period =
        |day: &dyn Fn(&Period) -> Date| dates(&period, &reshaped.periods.iter().map(day).collect::<Vec<_>>());
    let height = frame.height();
    let rows = frame.column(SOURCE_ROW)?.as_materialized_series().u32()?.iter();
    let source_row: Int64Array = rows.map(|row| row.map(i64::from)).collect();
    let limits = |end: usize| -> ArrayRef {
        let of_row = |row: i64| u32::try_from(row).ok().and_then(|row| reshaped.beside.limits.get(&row)?[end]);
        Arc::new(source_row.iter().map(|row| row.and_then(of_row)).collect::<Float64Array>())
    };
    let columns: Vec<ArrayRef> = vec![
        text(&indicator, reshaped.catalogue.indicators.iter().map(|i| i.row.indicator_id.clone()).collect())?,
        text(&area, by_area(&|a| a.level.id().to_owned()))?,
        text(&area, by_area(&|a| a.code.clone()))?,
        text(&area, by_area(&|a| a.name.clone()))?,
        text(&area, by_area(&|a| a.published_code.clone()))?,
        flags(&area, &reshaped.areas.iter().map(|a| a.shared).collect::<Vec<_>>()),
        by_period(&|p| p.start),
        by_period(&|p| p.end),
        text(&period, reshaped.periods.iter().map(|p| p.label.clone()).collect())?,
        text(&integers(frame, "breakdown")?, reshaped.catalogue.breakdowns.clone())?,
        floats(frame, "value")?,
        floats(frame, "numerator")?,
        floats(frame, "denominator")?,
        text(&integers(frame, "status")?, Status::ALL.iter().map(|s| s.id().to_owned()).collect())?,
        constant(&accounts.source_id, height)?,
        constant(&accounts.release, height)?,
        by_period(&|p| p.published_on),
        flags(&period, &reshaped.periods.iter().map(|p| p.published_on_assumed).collect::<Vec<_>>()),
        Arc::new(Date32Array::from(vec![epoch_days(vintage.published_on); height])),
        Arc::new(source_row.clone()),
        text(&integers(frame, "measure")?, reshaped.columns.clone())?,
        labels(&integers(frame, "label")?, &reshaped.labels),
        constant(&reshaped.beside.sheet, height)?,
        limits(0),
        limits(1),
        notes(reshaped)?,
    ];
    let schema = schema_of("observation");
    let fields = schema.fields().iter().zip(&columns);
    let fields =
        fields.map(|(field, column)| Field::new(field.name(), column.data_type().clone(), field.is_nullable()));
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), columns)?)
}

/// The note of each row that has one.
fn notes(reshaped: &Reshaped) -> Result<ArrayRef, AdapterError> {
    let (mut list, mut places) = (Vec::new(), std::collections::HashMap::new());
    let rows = reshaped.frame.column(SOURCE_ROW)?.as_materialized_series().u32()?.iter();
    let keys: Int32Array = rows
        .map(|row| {
            let note = reshaped.beside.notes.get(&row?)?.as_str();
            Some(*places.entry(note).or_insert_with(|| {
                list.push(note);
                i32::try_from(list.len() - 1).unwrap_or(i32::MAX)
            }))
        })
        .collect();
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(StringArray::from(list)))?))
}

fn integers(frame: &DataFrame, name: &str) -> PolarsResult<Vec<i32>> {
    Ok(frame.column(name)?.as_materialized_series().i32()?.into_no_null_iter().collect())
}

fn floats(frame: &DataFrame, name: &str) -> PolarsResult<ArrayRef> {
    let values: Float64Array = frame.column(name)?.as_materialized_series().f64()?.iter().collect();
    Ok(Arc::new(values))
}

/// A column of text from numbers into a list; equal texts of the list become one.
fn text(keys: &[i32], list: Vec<String>) -> Result<ArrayRef, arrow::error::ArrowError> {
    let mut values: Vec<&str> = Vec::new();
    let mut place = std::collections::HashMap::new();
    let moved: Vec<i32> = list
        .iter()
        .map(|entry| {
            *place.entry(entry.as_str()).or_insert_with(|| {
                values.push(entry);
                i32::try_from(values.len() - 1).unwrap_or(i32::MAX)
            })
        })
        .collect();
    let keys: Int32Array = keys.iter().map(|key| moved[*key as usize]).collect();
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(StringArray::from(values)))?))
}

/// A column of the texts that keys count; key 0 stands for none.
fn labels(keys: &[i32], list: &[String]) -> ArrayRef {
    let texts = keys.iter().map(|key| (*key > 0).then(|| list[*key as usize].as_str()));
    Arc::new(texts.collect::<StringArray>())
}

fn constant(value: &str, height: usize) -> Result<ArrayRef, arrow::error::ArrowError> {
    text(&vec![0; height], vec![value.to_owned()])
}

fn dates(keys: &[i32], list: &[Date]) -> ArrayRef {
    Arc::new(keys.iter().map(|key| Some(epoch_days(list[*key as usize]))).collect::<Date32Array>())
}

fn flags(keys: &[i32], list: &[bool]) -> ArrayRef {
    Arc::new(keys.iter().map(|key| Some(list[*key as usize])).collect::<BooleanArray>())
}

/// Days since 1 January 1970.
fn epoch_days(day: Date) -> i32 {
    day.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}
