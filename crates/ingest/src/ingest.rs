//! All files of a build: found, read side by side, and gathered into tables of facts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use lais_lake::{LakeError, ManifestTable, Part, Step, TableSpec, Writer};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::facts::{self, AccountRow, IndicatorRow, InputRow, SourceRow};
use crate::file::{self, Notes, Shared};
use crate::input::{self, Content, Fault, Found, Input, Refused};
use crate::pipeline::Pipeline;
use crate::pipelines::Loaded;
use crate::recognise::{self, Recognised};
use crate::register::{Register, RegisterTable};

/// Why a build's sources could not be ingested at all.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// A path or a register that stops everything.
    #[error("{0}")]
    Sources(String),
    /// The lake refused to keep a table.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// Rows could not become a table.
    #[error("facts cannot be made a table: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Its rows are accounted for.
    Ingested,
    /// It is a table of the register.
    Register,
    /// It has the same bytes as another file.
    Duplicate,
    /// No pipeline knows it.
    Unrecognised,
    /// It is not what its name or its columns promise; nothing of it is kept.
    Refused,
}

impl Outcome {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ingested => "ingested",
            Self::Register => "register",
            Self::Duplicate => "duplicate",
            Self::Unrecognised => "unrecognised",
            Self::Refused => "refused",
        }
    }
}

/// What became of a file, for a person.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// The file, relative to the sources path.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, where there is something to say.
    pub message: String,
    /// Things to know that stop nothing.
    pub warnings: Vec<String>,
    /// Whether it was read now, rather than taken from an earlier build.
    pub read_now: bool,
}

/// Told while files are read.
pub enum Progress<'a> {
    /// So many files were found.
    Found(usize),
    /// A file is done.
    Done(&'a str),
}

/// The tables of facts of a build, and what became of each file.
#[derive(Debug)]
pub struct Ingested {
    /// Tables of facts by name.
    pub tables: BTreeMap<String, ManifestTable>,
    /// The files a snapshot was made from.
    pub inputs: Vec<lais_lake::Input>,
    /// What became of each file, in order of name.
    pub files: Vec<FileReport>,
    /// Rows set aside in all files.
    pub rows_quarantined: usize,
    /// Rows of the quarantine table: whole rows and single cells set aside.
    pub set_aside: usize,
    /// For each file the latest day on which figures of it become public, and whether that is assumed.
    pub published: Vec<(String, jiff::civil::Date, bool)>,
}

/// A file's report with what it made.
struct Done {
    found: Found,
    bytes: usize,
    sha256: String,
    report: FileReport,
    step: Option<(Step, Notes)>,
}

/// Ingests every file under the paths; a file's fault stops that file only.
///
/// # Errors
/// [`IngestError`] where a path cannot be read, a register of the sources contradicts itself, or the
/// lake refuses to write.
pub fn ingest(
    writer: &Writer,
    paths: &[PathBuf],
    loaded: &[Loaded],
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Ingested, IngestError> {
    let found = input::find(paths).map_err(IngestError::Sources)?;
    progress(Progress::Found(found.len()));
    let (register, register_files) = register(&found)?;
    let pipelines: Vec<Pipeline> = loaded.iter().map(|l| l.pipeline.clone()).collect();
    let shared = Shared { loaded, pipelines: &pipelines, register: &register, store: writer.store() };
    let mut done: Vec<Done> = found
        .par_iter()
        .map(|found| {
            let done = one_file(writer, &shared, found, &register_files, "");
            progress(Progress::Done(&found.name));
            done
        })
        .collect::<Result<_, LakeError>>()?;
    mark_duplicates(&mut done);
    tell_releases_apart(writer, &shared, &mut done)?;
    gather(writer, &register, done)
}

/// The register of the sources where they bring one, else the embedded one.
fn register(found: &[Found]) -> Result<(Register, HashSet<PathBuf>), IngestError> {
    let (mut texts, mut files) = (BTreeMap::new(), HashSet::new());
    for candidate in found.iter().filter(|f| f.name.to_lowercase().ends_with(".csv")) {
        let Some(table) = register_table(&candidate.path) else { continue };
        let read = input::read(candidate).and_then(|input| input::decode(&input));
        let text = read.map_err(|refused| IngestError::Sources(refused.to_string()))?;
        if texts.insert(table, text).is_some() {
            return Err(IngestError::Sources(format!(
                "{}: the sources bring this table of the register twice",
                candidate.name
            )));
        }
        files.insert(candidate.path.clone());
    }
    let register = if texts.is_empty() { Register::embedded() } else { Register::parse(&texts) };
    let register = register.map_err(|fault| {
        let brought: Vec<_> = files.iter().map(|path| path.display().to_string()).collect();
        let from =
            if brought.is_empty() { String::new() } else { format!(" (the sources bring {})", brought.join(", ")) };
        IngestError::Sources(format!(
            "{fault}{from}; the register's tables have exactly the columns that its README lists"
        ))
    })?;
    Ok((register, files))
}

/// Which table of the register a file's first line heads, without reading the rest.
fn register_table(path: &std::path::Path) -> Option<RegisterTable> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).ok()?;
    let mut record = csv::ByteRecord::new();
    reader.read_byte_record(&mut record).ok()?;
    let cells =
        record.iter().map(|cell| String::from_utf8_lossy(cell).trim_start_matches('\u{feff}').trim().to_owned());
    RegisterTable::of_header(&cells.collect::<Vec<_>>())
}

fn one_file(
    writer: &Writer,
    shared: &Shared<'_>,
    found: &Found,
    register_files: &HashSet<PathBuf>,
    suffix: &str,
) -> Result<Done, LakeError> {
    let mut report = FileReport {
        name: found.name.clone(),
        outcome: Outcome::Refused,
        message: String::new(),
        warnings: Vec::new(),
        read_now: false,
    };
    let input = match input::read(found) {
        Ok(input) => input,
        Err(refused) => {
            report.message = refused.reason;
            return Ok(Done { found: found.clone(), bytes: 0, sha256: String::new(), report, step: None });
        }
    };
    let mut step = None;
    if register_files.contains(&found.path) {
        report.outcome = Outcome::Register;
    } else {
        // A reader that fails on a hostile file fails for that file alone.
        let read = catch_unwind(AssertUnwindSafe(|| recognise_and_read(writer, shared, &input, suffix, &mut report)));
        match read {
            Ok(Ok(made)) => step = made,
            Ok(Err(Fault::Lake(error))) => return Err(error),
            Ok(Err(Fault::Refused(refused))) => {
                report.outcome = Outcome::Refused;
                report.message = refused.reason;
            }
            Err(_) => {
                report.outcome = Outcome::Refused;
                report.message = "the reader failed on it; it is damaged in a way that was not foreseen".to_owned();
            }
        }
    }
    Ok(Done { found: found.clone(), bytes: input.bytes.len(), sha256: input.sha256, report, step })
}

/// What recognising a file came to, as it is remembered.
#[derive(Serialize, Deserialize)]
enum Verdict {
    As(String),
    No(String),
}

fn recognise_and_read(
    writer: &Writer,
    shared: &Shared<'_>,
    input: &Input,
    suffix: &str,
    report: &mut FileReport,
) -> Result<Option<(Step, Notes)>, Fault> {
    let content = input::sniff(input)?;
    if let Content::Other(kind) = content {
        report.outcome = Outcome::Unrecognised;
        report.message = format!("{kind}: no reader for it yet");
        return Ok(None);
    }
    let mut opened = None;
    let recognition_key = shared.recognition_key(input);
    let remembered = writer.recall(&recognition_key).and_then(|step| serde_json::from_value(step.notes).ok());
    let verdict = match remembered {
        Some(verdict) => verdict,
        None => {
            report.read_now = true;
            opened = recognise::open(input, content)?;
            let Some(opened) = &opened else { return Ok(None) };
            let verdict = match recognise::recognise(input, opened, shared.pipelines)? {
                Recognised::As(pipeline) => Verdict::As(pipeline.id.clone()),
                Recognised::No(why) => Verdict::No(why),
            };
            writer.remember(&recognition_key, &Step { notes: json(&verdict), ..Step::default() })?;
            verdict
        }
    };
    let pipeline = match verdict {
        Verdict::No(why) => {
            report.outcome = Outcome::Unrecognised;
            report.message = why;
            return Ok(None);
        }
        Verdict::As(id) => shared.pipelines.iter().find(|pipeline| pipeline.id == id),
    };
    let Some(pipeline) = pipeline else { return Ok(None) };
    let key = shared.key(input, pipeline, suffix);
    let step = match writer.recall(&key) {
        Some(step) => step,
        None => {
            report.read_now = true;
            let opened = match opened {
                Some(opened) => opened,
                None => match recognise::open(input, content)? {
                    Some(opened) => opened,
                    None => return Ok(None),
                },
            };
            let step = file::read(shared, input, &opened, pipeline, suffix)?;
            writer.remember(&key, &step)?;
            step
        }
    };
    let notes: Notes = serde_json::from_value(step.notes.clone()).map_err(|e| Refused {
        file: input.name.clone(),
        reason: format!("what was remembered of it cannot be read: {e}"),
    })?;
    report.outcome = Outcome::Ingested;
    report.warnings.clone_from(&notes.warnings);
    Ok(Some((step, notes)))
}

fn json<T: Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Of files with the same bytes only the first in order of name is ingested.
fn mark_duplicates(done: &mut [Done]) {
    let mut first: HashMap<String, String> = HashMap::new();
    for file in done.iter_mut().filter(|file| file.step.is_some()) {
        match first.get(&file.sha256) {
            None => {
                first.insert(file.sha256.clone(), file.found.name.clone());
            }
            Some(other) => {
                file.report.outcome = Outcome::Duplicate;
                file.report.message = format!("it has the same bytes as {other}, which is ingested");
                file.step = None;
            }
        }
    }
}

/// Two different files of one release are told apart by a piece of their hashes.
fn tell_releases_apart(writer: &Writer, shared: &Shared<'_>, done: &mut [Done]) -> Result<(), LakeError> {
    let mut files_of: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (i, file) in done.iter().enumerate() {
        if let Some((_, notes)) = &file.step {
            files_of.entry((notes.source.source_id.clone(), notes.source.release.clone())).or_default().push(i);
        }
    }
    for files in files_of.into_values().filter(|files| files.len() > 1) {
        let names: Vec<String> = files.iter().map(|i| done[*i].found.name.clone()).collect();
        for i in files {
            let suffix = format!("-{}", &done[i].sha256[..8]);
            done[i] = one_file(writer, shared, &done[i].found, &HashSet::new(), &suffix)?;
            done[i].report.warnings.push(format!(
                "{} are files of one source and release; both are kept, and where they differ the last by name, {}, holds",
                names.join(" and "),
                names.last().map_or("", String::as_str)
            ));
        }
    }
    Ok(())
}

fn gather(writer: &Writer, register: &Register, done: Vec<Done>) -> Result<Ingested, IngestError> {
    let mut parts: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    let (mut sources, mut accounts) = (Vec::new(), Vec::new());
    let mut indicators: BTreeMap<String, IndicatorRow> = BTreeMap::new();
    let (mut input_rows, mut inputs, mut files) = (Vec::new(), Vec::new(), Vec::new());
    let mut set_aside = 0;
    for file in done {
        let mut source_id = None;
        if let Some((step, notes)) = file.step {
            for (table, made) in step.tables {
                parts.entry(table).or_default().extend(made);
            }
            set_aside += notes.set_aside;
            source_id = Some(notes.source.source_id.clone());
            sources.push(notes.source);
            accounts.extend(notes.accounts);
            for row in notes.indicators {
                indicators.entry(row.indicator_id.clone()).or_insert(row);
            }
        }
        input_rows.push(InputRow {
            file_name: file.found.name.clone(),
            sha256: file.sha256.clone(),
            bytes: file.bytes,
            outcome: file.report.outcome.id().to_owned(),
            source_id,
            message: file.report.message.clone(),
        });
        inputs.push(lais_lake::Input { file_name: file.found.name, sha256: file.sha256 });
        files.push(file.report);
    }
    let rows_quarantined = sources.iter().map(|source: &SourceRow| source.rows_quarantined).sum();
    let published = sources.iter().map(|s| (s.file_name.clone(), s.published_on, s.published_on_assumed)).collect();
    let indicators: Vec<IndicatorRow> = indicators.into_values().collect();
    put_small_tables(writer, register, &mut parts, &sources, &accounts, &indicators, &input_rows)?;
    let specs = facts::fact_tables();
    let tables = specs.iter().map(|spec| Ok((spec.name.to_owned(), table(writer, spec, &mut parts)?)));
    Ok(Ingested {
        tables: tables.collect::<Result<_, IngestError>>()?,
        inputs,
        files,
        rows_quarantined,
        set_aside,
        published,
    })
}

fn put_small_tables(
    writer: &Writer,
    register: &Register,
    parts: &mut BTreeMap<String, Vec<Part>>,
    sources: &[SourceRow],
    accounts: &[AccountRow],
    indicators: &[IndicatorRow],
    inputs: &[InputRow],
) -> Result<(), IngestError> {
    let mut put = |name: &str, batch: arrow::array::RecordBatch| -> Result<(), IngestError> {
        parts.insert(name.to_owned(), vec![writer.store().put(name, &batch.schema(), &[batch])?]);
        Ok(())
    };
    put("source", facts::batch("source", sources)?)?;
    put("row_account", facts::batch("row_account", accounts)?)?;
    put("indicator", facts::batch("indicator", indicators)?)?;
    put("input_file", facts::batch("input_file", inputs)?)?;
    for (name, rows) in crate::facts::reference_rows(register) {
        put(name, facts::batch(name, &rows)?)?;
    }
    Ok(())
}

/// A table of the parts that files made; a table of which no file made a part is empty.
fn table(
    writer: &Writer,
    spec: &TableSpec,
    parts: &mut BTreeMap<String, Vec<Part>>,
) -> Result<ManifestTable, IngestError> {
    let mut made = parts.remove(spec.name).unwrap_or_default();
    made.sort_by(|a, b| a.label.cmp(&b.label));
    if made.is_empty() {
        made.push(writer.store().put("empty", &spec.schema, &[])?);
    }
    Ok(ManifestTable::new(spec.class, spec.partitioned, &spec.schema, made))
}
