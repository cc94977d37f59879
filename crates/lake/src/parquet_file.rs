//! Tables as bytes of Parquet, their columns encoded on all cores.

use std::io::Write;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, FieldRef, SchemaRef};
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowWriterOptions, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use crate::error::Result;

/// Rows that are encoded together.
const ROW_GROUP: usize = 256 * 1024;

/// Writes batches as one file of Parquet: a row group after the other, the columns of each side by side.
///
/// The bytes depend on schema, rows and batches alone, and not on how many cores there are.
///
/// # Errors
/// Where a batch does not have the schema, or the sink does not take what is written.
pub(crate) fn write(sink: impl Write + Send, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<()> {
    refuse_another_schema(schema, batches)?;
    let options = ArrowWriterOptions::new().with_properties(properties(schema)).with_skip_arrow_metadata(true);
    let writer = ArrowWriter::try_new_with_options(sink, schema.clone(), options)?;
    let (mut file, groups) = writer.into_serialized_writer()?;
    for (number, group) in in_groups(batches).iter().enumerate() {
        let columns = groups.create_column_writers(number)?;
        // Every column of ours is flat, so that it has one writer.
        let columns: Vec<_> = columns.into_iter().zip(schema.fields()).enumerate().collect();
        let chunks = columns.into_par_iter().map(|(i, (writer, field))| {
            let pieces = group.iter().map(|batch| batch.column(i));
            encode(writer, field, pieces)
        });
        let chunks: Vec<ArrowColumnChunk> = chunks.collect::<Result<_>>()?;
        let mut row_group = file.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
    }
    file.close()?;
    Ok(())
}

/// Refuses a batch whose columns are not of the schema's types.
fn refuse_another_schema(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<()> {
    let types = || schema.fields().iter().map(|field| field.data_type());
    let other = batches.iter().find(|batch| !types().eq(batch.columns().iter().map(|column| column.data_type())));
    match other {
        Some(batch) => {
            Err(ArrowError::SchemaError(format!("a batch with {} is no part of a table with {schema}", batch.schema()))
                .into())
        }
        None => Ok(()),
    }
}

fn encode<'a>(
    mut writer: ArrowColumnWriter,
    field: &Field,
    pieces: impl Iterator<Item = &'a ArrayRef>,
) -> Result<ArrowColumnChunk> {
    for piece in pieces {
        for leaf in compute_leaves(field, piece)? {
            writer.write(&leaf)?;
        }
    }
    Ok(writer.close()?)
}

/// The rows of batches in groups of [`ROW_GROUP`], the last of what is left.
fn in_groups(batches: &[RecordBatch]) -> Vec<Vec<RecordBatch>> {
    let mut groups: Vec<Vec<RecordBatch>> = Vec::new();
    let mut room = 0;
    for batch in batches {
        let mut from = 0;
        while from < batch.num_rows() {
            if room == 0 {
                groups.push(Vec::new());
                room = ROW_GROUP;
            }
            let rows = room.min(batch.num_rows() - from);
            groups.last_mut().into_iter().for_each(|group| group.push(batch.slice(from, rows)));
            (from, room) = (from + rows, room - rows);
        }
    }
    groups
}

/// How every table is written: zstd, dictionaries but for numbers that hardly repeat, and no field that depends on the day.
fn properties(schema: &SchemaRef) -> WriterProperties {
    let properties = WriterProperties::builder()
        .set_created_by("lais".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    let numbers = schema.fields().iter().filter(|field| field.data_type().is_floating());
    let plain = |properties: WriterPropertiesBuilder, field: &FieldRef| {
        properties.set_column_dictionary_enabled(ColumnPath::from(field.name().as_str()), false)
    };
    numbers.fold(properties, plain).build()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringArray};
    use arrow::compute::concat_batches;
    use arrow::datatypes::{DataType, Schema};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;

    fn batches(rows: &[usize]) -> (SchemaRef, Vec<RecordBatch>) {
        let schema = Arc::new(Schema::new(vec![
            Field::new("number", DataType::Int64, true),
            Field::new("text", DataType::Utf8, true),
        ]));
        let mut next = 0..;
        let batch = |rows: &usize| {
            let numbers: Vec<i64> = next.by_ref().take(*rows).collect();
            let texts: StringArray = numbers.iter().map(|n| (n % 3 > 0).then(|| format!("row {}", n % 7))).collect();
            RecordBatch::try_new(schema.clone(), vec![Arc::new(Int64Array::from(numbers)), Arc::new(texts)]).unwrap()
        };
        (schema.clone(), rows.iter().map(batch).collect())
    }

    fn round_trip(rows: &[usize]) -> (usize, usize) {
        let (schema, batches) = batches(rows);
        let file = tempfile::tempfile().unwrap();
        write(&file, &schema, &batches).unwrap();
        let file = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let groups = file.metadata().num_row_groups();
        let read: Vec<RecordBatch> = file.build().unwrap().collect::<std::result::Result<_, _>>().unwrap();
        let (read, written) = (concat_batches(&schema, &read).unwrap(), concat_batches(&schema, &batches).unwrap());
        assert_eq!(read.columns(), written.columns());
        (read.num_rows(), groups)
    }

    #[test]
    fn rows_come_back_in_their_order_whatever_the_batches() {
        assert_eq!(round_trip(&[]), (0, 0));
        assert_eq!(round_trip(&[0, 1, 0, 7]), (8, 1));
        assert_eq!(round_trip(&[ROW_GROUP]), (ROW_GROUP, 1));
        assert_eq!(round_trip(&[ROW_GROUP - 1, 3, 2 * ROW_GROUP]), (3 * ROW_GROUP + 2, 4));
    }

    #[test]
    fn a_batch_of_another_table_is_refused() {
        let (schema, batches) = batches(&[2]);
        let part = batches[0].project(&[0]).unwrap();
        let error = write(Vec::new(), &schema, &[part]).unwrap_err().to_string();
        assert!(error.contains("is no part of a table"), "{error}");
    }

    #[test]
    fn the_bytes_do_not_depend_on_how_many_cores_there_are() {
        let (schema, batches) = batches(&[1000, 5000]);
        let bytes_on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut bytes = Vec::new();
            pool.install(|| write(&mut bytes, &schema, &batches).unwrap());
            bytes
        };
        assert_eq!(bytes_on(1), bytes_on(4));
    }
}
