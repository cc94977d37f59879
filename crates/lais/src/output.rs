//! Data on stdout, in the format asked for.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use arrow::array::{Array as _, ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comfy_table::{ContentArrangement, Table};

use crate::args::{Format, QueryFormat};

impl From<Format> for QueryFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => Self::Table,
            Format::Csv => Self::Csv,
            Format::Json => Self::Json,
            Format::Ndjson => Self::Ndjson,
        }
    }
}

/// Prints batches on stdout.
pub(crate) fn print(schema: &SchemaRef, batches: &[RecordBatch], format: QueryFormat) -> anyhow::Result<()> {
    write(stdout(), schema, batches, format)
}

/// Standard output, buffered, content when its reader has seen enough.
pub(crate) fn stdout() -> impl Write + Send {
    io::BufWriter::with_capacity(64 * 1024, UntilClosed { sink: io::stdout(), closed: false })
}

/// Writes batches to a sink.
pub(crate) fn write<W: Write + Send>(
    mut sink: W,
    schema: &SchemaRef,
    batches: &[RecordBatch],
    format: QueryFormat,
) -> anyhow::Result<()> {
    match format {
        QueryFormat::Table => {
            writeln!(sink, "{}", table(schema, batches, terminal_width())?)?;
        }
        QueryFormat::Csv => {
            let mut writer = arrow::csv::WriterBuilder::new().with_header(true).build(&mut sink);
            // Also where there is no row, so that a reader finds the columns.
            writer.write(&flat(&RecordBatch::new_empty(schema.clone()))?)?;
            for batch in batches {
                writer.write(&flat(batch)?)?;
            }
        }
        QueryFormat::Json => {
            let mut writer = json_builder().build::<_, arrow::json::writer::JsonArray>(&mut sink);
            for batch in batches {
                writer.write(batch)?;
            }
            writer.finish()?;
            drop(writer);
            writeln!(sink)?;
        }
        QueryFormat::Ndjson => {
            let mut writer = json_builder().build::<_, arrow::json::writer::LineDelimited>(&mut sink);
            for batch in batches {
                writer.write(batch)?;
            }
            writer.finish()?;
        }
        QueryFormat::Arrow => {
            let mut writer = arrow::ipc::writer::StreamWriter::try_new(&mut sink, schema)?;
            for batch in batches {
                writer.write(batch)?;
            }
            writer.finish()?;
        }
        QueryFormat::Parquet => {
            let mut writer = parquet::arrow::ArrowWriter::try_new(&mut sink, schema.clone(), None)?;
            for batch in batches {
                writer.write(batch)?;
            }
            writer.close()?;
        }
    }
    sink.flush().context("cannot write the output")
}

/// How many columns the terminal has that stdout goes to; nothing where it goes elsewhere.
fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0)
}

/// The least letters of a column in which words can be read.
const LEAST_COLUMN: usize = 12;

/// A table for a person; in a width, cells that are longer go on in a line below, and where columns would be too
/// narrow for that, each row is a block of lines.
fn table(schema: &SchemaRef, batches: &[RecordBatch], width: Option<u16>) -> anyhow::Result<String> {
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let rows = texts(batches)?;
    let mut table = Table::new();
    table.load_preset("||--+-++|    ++++++").set_header(&names).add_rows(&rows);
    let Some(width) = width.map(usize::from) else { return Ok(table.to_string()) };
    let natural = table.lines().next().map_or(0, |line| line.chars().count());
    if natural <= width || rows.is_empty() {
        return Ok(table.to_string());
    }
    if width < LEAST_COLUMN * names.len() {
        return Ok(blocks(&names, &rows));
    }
    // Narrower than a letter a column, nothing could be shown.
    let width = u16::try_from(width.max(4 * names.len() + 1)).unwrap_or(u16::MAX);
    Ok(table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width).to_string())
}

/// The cells of all rows as text.
fn texts(batches: &[RecordBatch]) -> anyhow::Result<Vec<Vec<String>>> {
    let options = FormatOptions::default().with_null("");
    let mut rows = Vec::new();
    for batch in batches {
        let cells = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
        let cells = cells.collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            rows.push(cells.iter().map(|column| column.value(row).try_to_string()).collect::<Result<_, _>>()?);
        }
    }
    Ok(rows)
}

/// A line a filled cell, a blank line between rows.
fn blocks(names: &[&str], rows: &[Vec<String>]) -> String {
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    let block = |row: &Vec<String>| -> String {
        let filled = names.iter().zip(row).filter(|(_, text)| !text.is_empty());
        filled.map(|(name, text)| format!("{name:<longest$}  {text}\n")).collect()
    };
    let blocks: Vec<String> = rows.iter().map(block).collect();
    blocks.join("\n")
}

/// A file that is written whole: whoever reads it meanwhile finds the old one or none.
pub(crate) struct NewFile<'p> {
    file: tempfile::NamedTempFile,
    path: &'p Path,
}

impl<'p> NewFile<'p> {
    /// Begins a file, which its owner alone may read where it is private.
    pub(crate) fn create(path: &'p Path, is_private: bool) -> anyhow::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mode = if is_private { 0o600 } else { 0o666 };
        let file = tempfile::Builder::new()
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))
            .tempfile_in(folder)
            // Without the name of the file that is only written on the way.
            .map_err(|e| std::io::Error::from(e.kind()))
            .with_context(|| cannot_write(path))?;
        Ok(Self { file, path })
    }

    /// Puts it in its place.
    pub(crate) fn persist(self) -> anyhow::Result<()> {
        self.file.persist(self.path).map_err(|e| e.error).with_context(|| cannot_write(self.path))?;
        Ok(())
    }
}

impl Write for NewFile<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.file.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

/// Writes a file whole.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file = NewFile::create(path, false)?;
    file.write_all(bytes).with_context(|| cannot_write(path))?;
    file.persist()
}

/// Missing values are named as null, so that every object has every column.
fn json_builder() -> arrow::json::WriterBuilder {
    arrow::json::WriterBuilder::new().with_explicit_nulls(true)
}

/// A sink that is content when its reader has seen enough: what comes after goes nowhere.
struct UntilClosed<W> {
    sink: W,
    closed: bool,
}

impl<W: Write> UntilClosed<W> {
    fn forgive<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(instead)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for UntilClosed<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(buffer.len());
        }
        let written = self.sink.write(buffer);
        self.forgive(written, buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.sink.flush();
        self.forgive(flushed, ())
    }
}

/// The batch with its lists as texts such as `[1.0, , 2.0]`: CSV has no lists.
fn flat(batch: &RecordBatch) -> anyhow::Result<RecordBatch> {
    let options = FormatOptions::default().with_null("");
    let schema = batch.schema();
    let columns = batch.columns().iter().zip(schema.fields()).map(|(column, field)| {
        if !column.data_type().is_nested() {
            return Ok((field.name(), column.clone()));
        }
        let formatter = arrow::util::display::ArrayFormatter::try_new(column, &options)?;
        let texts = (0..column.len()).map(|i| column.is_valid(i).then(|| formatter.value(i).to_string()));
        Ok((field.name(), Arc::new(texts.collect::<StringArray>()) as ArrayRef))
    });
    let columns = columns.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))?)
}

#[cfg(test)]
mod tests {
    use arrow::array::Int64Array;

    use super::*;

    fn files() -> RecordBatch {
        let names = ["ofsted-reports/80418_norfolk/children's services inspection - 20 october 2015.pdf", "a.csv"];
        let columns: [(&str, ArrayRef); 3] = [
            ("file_name", Arc::new(StringArray::from(names.to_vec()))),
            ("rows_read", Arc::new(Int64Array::from(vec![Some(2132), None]))),
            ("why", Arc::new(StringArray::from(vec!["a row in which nothing is printed", ""]))),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn shown(width: Option<u16>) -> String {
        table(&files().schema(), &[files()], width).unwrap()
    }

    #[test]
    fn a_table_that_goes_to_no_terminal_has_a_line_a_row_as_the_engine_prints_it() {
        let options = FormatOptions::default().with_null("");
        let engines = arrow::util::pretty::pretty_format_batches_with_options(&[files()], &options).unwrap();
        assert_eq!(shown(None), engines.to_string());
    }

    #[test]
    fn a_table_fits_the_terminal_and_loses_no_letter() {
        let letters = |text: &str| -> Vec<char> {
            let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
            letters.sort_unstable();
            letters
        };
        for width in [40, 60, 80, 100, 400] {
            let shown_so = shown(Some(width));
            assert!(shown_so.lines().all(|line| line.chars().count() <= usize::from(width)), "{shown_so}");
            assert_eq!(letters(&shown_so), letters(&shown(None)), "{shown_so}");
        }
    }

    #[test]
    fn where_columns_would_be_too_narrow_each_row_is_a_block_without_its_empty_cells() {
        let block = "file_name  ofsted-reports/80418_norfolk/children's services inspection - 20 october 2015.pdf\n\
                     rows_read  2132\nwhy        a row in which nothing is printed\n";
        assert_eq!(shown(Some(30)), format!("{block}\nfile_name  a.csv\n"));
    }

    #[test]
    fn a_table_without_rows_still_names_its_columns() {
        for width in [10, 80] {
            assert!(table(&files().schema(), &[], Some(width)).unwrap().contains("rows_read"), "{width}");
        }
    }
}
