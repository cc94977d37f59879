//! All files of a build: found, read side by side, and gathered into tables of facts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use lais_lake::{Class, LakeError, ManifestTable, Step, Writer};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::confidence;
use crate::decisions;
use crate::dictionary;
use crate::file::{self, Notes, Shared};
use crate::gather;
use crate::input::{self, Content, Fault, Found, Input, Refused};
use crate::pipeline::{Pipeline, Reader};
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

impl FileReport {
    /// Of a file of which nothing is known yet.
    pub(crate) fn unread(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            outcome: Outcome::Refused,
            message: String::new(),
            warnings: Vec::new(),
            read_now: false,
        }
    }
}

/// Told while files are read.
pub enum Progress<'a> {
    /// So many files were found.
    Found(usize),
    /// A file is done.
    Done(&'a str),
}

/// Tables of facts and the files that they were made from.
#[derive(Debug, Default)]
pub struct Facts {
    /// The tables by name.
    pub tables: BTreeMap<String, ManifestTable>,
    /// The files, in order of name.
    pub inputs: Vec<lais_lake::Input>,
    /// The names of those whose rows are in the tables.
    pub ingested: Vec<String>,
}

/// The tables of facts of a build, and what became of each file.
#[derive(Debug)]
pub struct Ingested {
    /// What anyone at the lake may see.
    pub open: Facts,
    /// What was told in confidence, with the account of its files.
    pub restricted: Facts,
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
pub(crate) struct Done {
    pub(crate) found: Found,
    pub(crate) bytes: usize,
    pub(crate) sha256: String,
    /// Who may know of the file.
    pub(crate) class: Class,
    pub(crate) report: FileReport,
    pub(crate) step: Option<(Step, Notes)>,
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
    // What a CSV file's first line heads tells the register's tables and dictionaries, which come before the rest.
    let headed: Vec<(&Found, Vec<String>)> = found
        .iter()
        .filter(|found| found.name.to_lowercase().ends_with(".csv"))
        .filter_map(|found| Some((found, input::first_record(&found.path)?)))
        .collect();
    let (register, register_files) = register(&headed)?;
    let pipelines: Vec<Pipeline> = loaded.iter().map(|l| l.pipeline.clone()).collect();
    let restricted = writer.restricted()?;
    let dictionaries = dictionary::find(&headed, &pipelines);
    let decisions = decisions::find(&headed, &pipelines, &register);
    let shared = Shared {
        loaded,
        pipelines: &pipelines,
        register: &register,
        dictionaries: &dictionaries,
        decisions: &decisions,
        writer,
        restricted: &restricted,
    };
    let mut done: Vec<Done> = found
        .par_iter()
        .map(|found| {
            let done = one_file(&shared, found, &register_files, "");
            progress(Progress::Done(&found.name));
            done
        })
        .collect::<Result<_, LakeError>>()?;
    mark_duplicates(&mut done);
    confidence::widen(&mut done, &restricted.current_inputs());
    tell_releases_apart(&shared, &mut done)?;
    tell_of_lost_decisions(&shared, &mut done);
    gather::gather(&shared, done)
}

/// The register of the sources where they bring one, else the embedded one.
fn register(headed: &[(&Found, Vec<String>)]) -> Result<(Register, HashSet<PathBuf>), IngestError> {
    let (mut texts, mut files) = (BTreeMap::new(), HashSet::new());
    for (candidate, header) in headed {
        let Some(table) = RegisterTable::of_header(header) else { continue };
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

fn one_file(
    shared: &Shared<'_>,
    found: &Found,
    register_files: &HashSet<PathBuf>,
    suffix: &str,
) -> Result<Done, LakeError> {
    let mut report = FileReport::unread(&found.name);
    let mut class = Class::Public;
    let mut step = None;
    let input = match input::read(found) {
        Ok(input) => input,
        Err(refused) => {
            report.message = refused.reason;
            let unread = Input { name: found.name.clone(), bytes: Vec::new(), sha256: String::new() };
            class = confidence::of_unread(shared.pipelines, &unread, None);
            return Ok(Done { found: found.clone(), bytes: 0, sha256: String::new(), class, report, step });
        }
    };
    if register_files.contains(&found.path) {
        report.outcome = Outcome::Register;
    } else {
        // A reader that fails on a hostile file fails for that file alone.
        let read =
            catch_unwind(AssertUnwindSafe(|| recognise_and_read(shared, &input, suffix, &mut report, &mut class)));
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
        if report.outcome == Outcome::Refused {
            class = class.max(confidence::of_unread(shared.pipelines, &input, None));
        }
    }
    Ok(Done { found: found.clone(), bytes: input.bytes.len(), sha256: input.sha256, class, report, step })
}

/// What recognising a file came to, as it is remembered.
#[derive(Serialize, Deserialize)]
enum Verdict {
    As(String, Option<String>),
    No(String, Class),
}

/// Reads a file by the pipeline that recognises it, or takes what it made before.
pub(crate) fn recognise_and_read(
    shared: &Shared<'_>,
    input: &Input,
    suffix: &str,
    report: &mut FileReport,
    class: &mut Class,
) -> Result<Option<(Step, Notes)>, Fault> {
    let content = input::sniff(input)?;
    if let Content::Other(kind) = content {
        report.outcome = Outcome::Unrecognised;
        report.message = format!("{kind}: no reader for it yet");
        *class = confidence::of_unread(shared.pipelines, input, None);
        return Ok(None);
    }
    let mut opened = None;
    let recognition_key = shared.recognition_key(input);
    // What a file was taken for says who may know of it, so it is remembered where only they look.
    let remembered =
        shared.restricted.recall(&recognition_key).and_then(|step| serde_json::from_value(step.notes).ok());
    let verdict = match remembered {
        Some(verdict) => verdict,
        None => {
            report.read_now = true;
            opened = recognise::open(input, content)?;
            let Some(opened) = &opened else { return Ok(None) };
            let verdict = match recognise::recognise(input, opened, shared.pipelines)? {
                Recognised::As(own, built_in) => Verdict::As(own.id.clone(), built_in.map(|other| other.id.clone())),
                Recognised::No(why, class) => Verdict::No(why, class),
            };
            shared.restricted.remember(&recognition_key, &Step { notes: json(&verdict), ..Step::default() })?;
            verdict
        }
    };
    let (pipeline, built_in) = match verdict {
        Verdict::No(why, nearest) => {
            *class = nearest;
            report.outcome = Outcome::Unrecognised;
            report.message = why;
            return Ok(None);
        }
        Verdict::As(id, built_in) => (shared.pipelines.iter().find(|pipeline| pipeline.id == id), built_in),
    };
    let Some(pipeline) = pipeline else { return Ok(None) };
    *class = pipeline.class;
    let writer = shared.writer(pipeline.class);
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
    report.warnings.extend(built_in.map(|other| {
        format!(
            "it is read by the pipeline {} of --pipelines and not by the built-in {other}; `lais pipeline check` explains both",
            pipeline.id
        )
    }));
    Ok(Some((step, notes)))
}

fn json<T: Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// A decision on a document that is no report among the sources decides nothing, and its file says so.
fn tell_of_lost_decisions(shared: &Shared<'_>, done: &mut [Done]) {
    let is_report = |source_id: &str| {
        shared.pipelines.iter().any(|pipeline| pipeline.id == source_id && pipeline.reader == Reader::Report)
    };
    let read =
        done.iter().filter(|file| file.step.as_ref().is_some_and(|(_, notes)| is_report(&notes.source.source_id)));
    let hashes: Vec<&str> = read.map(|file| file.sha256.as_str()).collect();
    let lost: Vec<(String, String)> =
        shared.decisions.on_none_of(&hashes).into_iter().map(|(file, message)| (file.to_owned(), message)).collect();
    for (name, message) in lost {
        if let Some(file) = done.iter_mut().find(|file| file.found.name == name) {
            file.report.warnings.push(message);
        }
    }
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
fn tell_releases_apart(shared: &Shared<'_>, done: &mut [Done]) -> Result<(), LakeError> {
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
            done[i] = one_file(shared, &done[i].found, &HashSet::new(), &suffix)?;
            done[i].report.warnings.push(format!(
                "{} are files of one source and release; both are kept, and where they differ the last by name, {}, holds",
                names.join(" and "),
                names.last().map_or("", String::as_str)
            ));
        }
    }
    Ok(())
}
