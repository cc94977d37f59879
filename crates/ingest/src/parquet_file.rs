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

/// What a file may ask for at most.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    rows: usize,
    /// Bytes that the columns which are read unpack to.
    bytes: u64,
    /// Bytes that one page unpacks to.
    page: u64,
}

/// The largest published table at hand has 0.64 million rows in 4 million bytes; writers make pages of about one.
const BOUNDS: Bounds = Bounds { rows: 5_000_000, bytes: 1 << 30, page: 256 << 20 };

/// Rows that are unpacked at once.
const ROWS_AT_ONCE: usize = 64 * 1024;

/// A Parquet file of which the footer is read.
#[derive(Clone, Debug)]
pub(crate) struct ParquetFile {
    /// Names of columns, trimmed, in order.
    pub(crate) header: Vec<String>,
    bytes: Bytes,
    metadata: ArrowReaderMetadata,
    bounds: Bounds,
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
            Ok(Self { header, bytes, metadata, bounds: BOUNDS })
        })
    }

    /// The columns of these names as text; the first record is row 2, as the names are row 1.
    ///
    /// # Errors
    /// [`Refused`] where a page is damaged or a column holds neither text nor numbers.
    pub(crate) fn read(&self, input: &Input, wanted: &[&str]) -> Result<LongTable, Refused> {
        guarded(input, || {
            let places: Vec<usize> =
                (0..self.header.len()).filter(|i| wanted.contains(&self.header[*i].as_str())).collect();
            let schema = self.hinted(&places)?;
            self.refuse_too_much(&places)?;
            let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
            let metadata =
                ArrowReaderMetadata::try_new(self.metadata.metadata().clone(), options).map_err(|e| damaged(&e))?;
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
                if rows > self.bounds.rows {
                    return Err(self.too_many_rows(rows));
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
        let of_groups =
            metadata.row_groups().iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(usize::MAX));
        let rows = of_groups.fold(0_usize, usize::saturating_add);
        if rows > self.bounds.rows {
            return Err(self.too_many_rows(rows));
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
        if sum > self.bounds.bytes || largest > self.bounds.page {
            return Err(format!(
                "its columns unpack to {sum} bytes, {largest} of them in one page, which no published table needs; write it in smaller pages or in parts"
            ));
        }
        Ok(())
    }

    fn too_many_rows(&self, rows: usize) -> String {
        format!("it has {rows} rows or more, and {} is the most; split it", self.bounds.rows)
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

fn is_number(kind: &DataType) -> bool {
    kind.is_integer() || matches!(kind, DataType::Float32 | DataType::Float64)
}

/// Adds an array's cells to a column as text: numbers in their shortest form, nothing for null.
fn push(column: &mut Column, array: &ArrayRef) {
    match array.data_type() {
        DataType::Float64 => numbers::<Float64Type>(column, array, f64::to_bits),
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

#[cfg(test)]
mod tests {
    use arrow::array::{Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::file::properties::WriterProperties;

    use super::*;

    fn input(bytes: Vec<u8>) -> Input {
        Input { name: "t.parquet".to_owned(), bytes, sha256: String::new() }
    }

    /// A table of measures, codes and values in several row groups.
    fn table(rows: usize) -> Vec<u8> {
        let names = (0..rows).map(|i| format!("measure {}", i % 7));
        let values = (0..rows).map(|i| (i % 5 > 0).then(|| (i as f64 / 8.0).to_string()));
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("name", Arc::new(names.map(Some).collect::<StringArray>())),
            (" code ", Arc::new((0..rows).map(|i| Some(i as f64)).collect::<Float64Array>())),
            ("year", Arc::new((0..rows).map(|i| (i % 3 > 0).then_some(2000 + i as i64)).collect::<Int64Array>())),
            ("value", Arc::new(values.collect::<StringArray>())),
        ];
        written(&RecordBatch::try_from_iter(columns).unwrap())
    }

    fn written(batch: &RecordBatch) -> Vec<u8> {
        let properties = WriterProperties::builder().set_max_row_group_row_count(Some(100)).build();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
        writer.write(batch).unwrap();
        writer.close().unwrap();
        bytes
    }

    const ALL: [&str; 4] = ["name", "code", "year", "value"];

    fn read(bytes: Vec<u8>) -> Result<LongTable, Refused> {
        let input = input(bytes);
        ParquetFile::open(&input)?.read(&input, &ALL)
    }

    #[test]
    fn texts_and_numbers_are_read_as_they_would_be_printed_and_the_first_record_is_row_two() {
        let table = read(table(250)).unwrap();
        assert_eq!((table.source_rows[0], table.source_rows[249], table.source_rows.len()), (2, 251, 250));
        for (row, texts) in [(0, ["measure 0", "0", "", ""]), (241, ["measure 3", "241", "2241", "30.125"])] {
            assert_eq!(ALL.map(|column| table.text(row, column)), texts, "{row}");
        }
        assert_eq!(table.columns["name"].values.len(), 7);
    }

    #[test]
    fn a_file_that_is_cut_short_is_refused_with_the_reason() {
        let whole = table(250);
        for length in (4..whole.len()).step_by(53) {
            let refused = read(whole[..length].to_vec()).unwrap_err().to_string();
            assert!(refused.starts_with("t.parquet: ") && refused.contains("damaged or cut-off"), "{refused}");
        }
    }

    #[test]
    fn a_file_with_any_byte_turned_is_refused_or_read_whole_without_a_panic() {
        let whole = table(250);
        let mut refused = 0;
        for place in (0..400).map(|i| i * (whole.len() - 1) / 399) {
            let mut bytes = whole.clone();
            bytes[place] ^= 0xff;
            match read(bytes) {
                Err(_) => refused += 1,
                Ok(table) => assert_eq!(table.source_rows.len(), 250, "byte {place}"),
            }
        }
        assert!(refused > 100, "{refused}");
    }

    #[test]
    fn a_file_that_asks_for_more_than_a_table_needs_is_refused_before_it_is_unpacked() {
        let input = input(table(250));
        for (bounds, word) in [
            (Bounds { rows: 249, ..BOUNDS }, "250 rows or more"),
            (Bounds { bytes: 1000, ..BOUNDS }, "unpack to"),
            (Bounds { page: 10, ..BOUNDS }, "in one page"),
        ] {
            let file = ParquetFile { bounds, ..ParquetFile::open(&input).unwrap() };
            let refused = file.read(&input, &ALL).unwrap_err().to_string();
            assert!(refused.contains(word), "{refused}");
        }
    }

    #[test]
    fn a_column_of_lists_is_no_text() {
        let lists = ListArray::from_iter_primitive::<Int64Type, _, _>([Some([Some(1)])]);
        let batch = RecordBatch::try_from_iter([("value", Arc::new(lists) as ArrayRef)]).unwrap();
        let refused = read(written(&batch)).unwrap_err().to_string();
        assert!(refused.contains("\"value\"") && refused.contains("neither text nor numbers"), "{refused}");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_between_the_marks_are_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            proptest::prop_assert!(read([b"PAR1".to_vec(), bytes, b"PAR1".to_vec()].concat()).is_err());
        }
    }
}
