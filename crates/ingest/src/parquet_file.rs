//! Parquet files that others wrote: their columns as text, within bounds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, PrimitiveArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Field, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Schema,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::ColumnChunkMetaData;

use crate::columnar::{Column, LongTable};
use crate::input::{Input, Refused};
use crate::pages;

/// The most rows of a file; the largest published one at hand has 0.64 million.
const MOST_ROWS: usize = 5_000_000;

/// The most bytes that the columns of a file may unpack to.
const MOST_BYTES: u64 = 1 << 30;

/// The most bytes that one page may unpack to; writers make pages of about a million.
const LARGEST_PAGE: u64 = 256 << 20;

/// Rows that are unpacked at once.
const ROWS_AT_ONCE: usize = 64 * 1024;

/// A Parquet file of which the footer is read.
#[derive(Clone, Debug)]
pub(crate) struct ParquetFile {
    /// Names of columns, trimmed, in order.
    pub(crate) header: Vec<String>,
    bytes: Bytes,
    metadata: ArrowReaderMetadata,
}

impl ParquetFile {
    /// Reads a file's footer.
    ///
    /// # Errors
    /// [`Refused`] where the file is cut short or damaged, or asks for more than a table at hand would.
    pub(crate) fn open(input: &Input) -> Result<Self, Refused> {
        guarded(input, || {
            let bytes = Bytes::copy_from_slice(&input.bytes);
            let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
            let metadata = ArrowReaderMetadata::load(&bytes, options).map_err(|e| damaged(&e))?;
            let header = metadata.schema().fields().iter().map(|field| field.name().trim().to_owned()).collect();
            Ok(Self { header, bytes, metadata })
        })
    }

    /// The columns of these names as text; the first record is row 2, as the names are row 1.
    ///
    /// # Errors
    /// [`Refused`] where a page is damaged or a column holds neither text nor numbers.
    pub(crate) fn read(&self, input: &Input, wanted: &[&str]) -> Result<LongTable, Refused> {
        guarded(input, || {
            let places: Vec<usize> = (0..self.header.len()).filter(|i| wanted.contains(&self.header[*i].as_str())).collect();
            let schema = self.hinted(&places)?;
            self.refuse_too_much(&places)?;
            let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
            let metadata = ArrowReaderMetadata::try_new(self.metadata.metadata().clone(), options).map_err(|e| damaged(&e))?;
            let mask = ProjectionMask::roots(metadata.parquet_schema(), places.iter().copied());
            let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(self.bytes.clone(), metadata)
                .with_projection(mask)
                .with_batch_size(ROWS_AT_ONCE)
                .build()
                .map_err(|e| damaged(&e))?;
            let mut columns = vec![Column::default(); places.len()];
            let mut rows = 0;
            for batch in reader {
                let batch = batch.map_err(|e| damaged(&e))?;
                rows += batch.num_rows();
                if rows > MOST_ROWS {
                    return Err(too_many_rows(rows));
                }
                for (column, array) in columns.iter_mut().zip(batch.columns()) {
                    push(column, array);
                }
            }
            let said = self.metadata.metadata().file_metadata().num_rows();
            if i64::try_from(rows).ok() != Some(said) {
                return Err(damaged(&format!("it says it has {said} rows and has {rows}")));
            }
            let named = places.iter().map(|i| self.header[*i].clone()).zip(columns).collect();
            let source_rows = (2..).take(rows).collect();
            Ok(LongTable { columns: named, source_rows, bad_rows: Vec::new() })
        })
    }

    /// The file's schema with texts as dictionaries, which is how most files hold them.
    fn hinted(&self, places: &[usize]) -> Result<Schema, String> {
        let fields = self.metadata.schema().fields().iter().enumerate().map(|(i, field)| {
            let kind = match field.data_type() {
                DataType::Utf8 => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
                other if is_number(other) || !places.contains(&i) => other.clone(),
                other => {
                    return Err(format!(
                        "its column {:?} holds neither text nor numbers but {other}; write it as text",
                        field.name()
                    ));
                }
            };
            Ok(Field::new(field.name(), kind, field.is_nullable()))
        });
        fields.collect::<Result<Vec<_>, _>>().map(Schema::new)
    }

    /// Refuses what would not fit, by what the footer and the headers of pages claim.
    fn refuse_too_much(&self, places: &[usize]) -> Result<(), String> {
        let metadata = self.metadata.metadata();
        let of_groups = metadata.row_groups().iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(usize::MAX));
        let rows = of_groups.fold(0_usize, usize::saturating_add);
        if rows > MOST_ROWS {
            return Err(too_many_rows(rows));
        }
        let (mut sum, mut largest) = (0_u64, 0_u64);
        for group in metadata.row_groups() {
            let chunks = places.iter().filter_map(|place| group.columns().get(*place));
            for chunk in chunks {
                let unpacked = pages::unpacked(self.chunk(chunk)?).map_err(|e| damaged(&e))?;
                sum = sum.saturating_add(unpacked.sum);
                largest = largest.max(unpacked.largest);
            }
        }
        if sum > MOST_BYTES || largest > LARGEST_PAGE {
            return Err(format!(
                "its columns unpack to {sum} bytes, {largest} of them in one page, which no published table needs; write it in smaller pages or in parts"
            ));
        }
        Ok(())
    }

    /// The bytes in which a column's pages of one group lie.
    fn chunk(&self, chunk: &ColumnChunkMetaData) -> Result<&[u8], String> {
        let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
        let start = usize::try_from(start).ok();
        let length = usize::try_from(chunk.compressed_size()).ok();
        let end = start.zip(length).and_then(|(start, length)| start.checked_add(length));
        let bytes = start.zip(end).and_then(|(start, end)| self.bytes.get(start..end));
        bytes.ok_or_else(|| damaged(&"a column lies outside the file"))
    }
}

/// Runs what reads a file; the reader's own faults become a refusal of that file.
fn guarded<T>(input: &Input, read: impl FnOnce() -> Result<T, String>) -> Result<T, Refused> {
    let said = catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(damaged(&"in a way that its reader did not foresee")));
    said.map_err(|reason| Refused { file: input.name.clone(), reason })
}

fn damaged(error: &dyn std::fmt::Display) -> String {
    format!("it is a damaged or cut-off Parquet file ({error}); download it again")
}

fn too_many_rows(rows: usize) -> String {
    format!("it has {rows} rows or more, and {MOST_ROWS} is the most; split it")
}

fn is_number(kind: &DataType) -> bool {
    kind.is_integer() || matches!(kind, DataType::Float32 | DataType::Float64)
}

/// Adds an array's cells to a column as text: numbers in their shortest form, nothing for null.
fn push(column: &mut Column, array: &ArrayRef) {
    match array.data_type() {
        DataType::Float64 => numbers::<Float64Type>(column, array, |number| number.to_bits()),
        DataType::Float32 => numbers::<Float32Type>(column, array, |number| u64::from(number.to_bits())),
        DataType::Int8 => numbers::<Int8Type>(column, array, |number| number.cast_unsigned().into()),
        DataType::Int16 => numbers::<Int16Type>(column, array, |number| number.cast_unsigned().into()),
        DataType::Int32 => numbers::<Int32Type>(column, array, |number| number.cast_unsigned().into()),
        DataType::Int64 => numbers::<Int64Type>(column, array, i64::cast_unsigned),
        DataType::UInt8 => numbers::<UInt8Type>(column, array, u64::from),
        DataType::UInt16 => numbers::<UInt16Type>(column, array, u64::from),
        DataType::UInt32 => numbers::<UInt32Type>(column, array, u64::from),
        DataType::UInt64 => numbers::<UInt64Type>(column, array, |number| number),
        _ => texts(column, array),
    }
}

fn numbers<T: ArrowPrimitiveType>(column: &mut Column, array: &ArrayRef, bits: impl Fn(T::Native) -> u64)
where
    T::Native: std::fmt::Display,
{
    let array: &PrimitiveArray<T> = array.as_primitive();
    let mut known = std::collections::HashMap::new();
    for number in array {
        let key = match number {
            None => column.intern(""),
            Some(number) => *known.entry(bits(number)).or_insert_with(|| column.intern(&number.to_string())),
        };
        column.keys.push(key);
    }
}

/// Texts, which come as dictionaries.
fn texts(column: &mut Column, array: &ArrayRef) {
    let array = array.as_dictionary::<Int32Type>();
    let values = array.values().as_string::<i32>();
    let mut known: Vec<Option<u32>> = vec![None; values.len()];
    for key in array.keys() {
        let place = key.and_then(|key| usize::try_from(key).ok()).filter(|place| values.is_valid(*place));
        let key = match place {
            None => column.intern(""),
            Some(place) => *known[place].get_or_insert_with(|| column.intern(values.value(place))),
        };
        column.keys.push(key);
    }
}
