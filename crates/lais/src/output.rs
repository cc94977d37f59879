//! Data on stdout, in the format asked for.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::util::display::FormatOptions;

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
            // The schema comes with an empty batch, so that no row still shows the columns.
            let all: Vec<_> =
                std::iter::once(RecordBatch::new_empty(schema.clone())).chain(batches.iter().cloned()).collect();
            let options = FormatOptions::default().with_null("");
            let table = arrow::util::pretty::pretty_format_batches_with_options(&all, &options)?;
            writeln!(sink, "{table}")?;
        }
        QueryFormat::Csv => {
            let mut writer = arrow::csv::WriterBuilder::new().with_header(true).build(&mut sink);
            // Also where there is no row, so that a reader finds the columns.
            writer.write(&RecordBatch::new_empty(schema.clone()))?;
            for batch in batches {
                writer.write(batch)?;
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
