//! `lais build`: recognise, parse, check, quarantine, keep, model, publish.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use lais_ingest::{FileReport, Ingested, Outcome};
use lais_lake::{Contents, Engine, MadeOf, Told, run_checks, run_models};

use crate::args::BuildArgs;
use crate::laps::Laps;
use crate::progress::{Progress, printable};
use crate::settings::{Settings, today};

/// Exit code where something was quarantined and `--strict` was asked for.
const QUARANTINED: u8 = 3;

pub(crate) async fn run(settings: &Settings, args: &BuildArgs) -> anyhow::Result<ExitCode> {
    let as_at = args.as_at.unwrap_or_else(today);
    let built = build(settings, &args.sources, &args.pipelines, &args.engine, as_at).await?;
    let strict = args.strict && (built.set_aside > 0 || built.refused > 0);
    Ok(if strict { ExitCode::from(QUARANTINED) } else { ExitCode::SUCCESS })
}

/// What a build came to, beyond the snapshot it left.
pub(crate) struct Built {
    /// Rows of the quarantine.
    set_aside: usize,
    /// Files that could not be read.
    refused: usize,
}

/// Builds a snapshot of these sources and says on stderr what became of them.
pub(crate) async fn build(
    settings: &Settings,
    sources: &[PathBuf],
    pipelines: &[PathBuf],
    engine: &Engine,
    as_at: Date,
) -> anyhow::Result<Built> {
    let pipelines = lais_ingest::load(pipelines).map_err(|faults| anyhow::anyhow!(faults.join("\n")))?;
    let writer = settings.lake.writer()?;
    let progress = Progress::new(settings.quiet);
    for (own, before) in pipelines.iter().filter_map(|own| Some((own, own.replaces.as_ref()?))) {
        progress.say(&format!("note: {} takes the place of {before}", own.origin));
    }
    let tell = |told: lais_ingest::Progress<'_>| match told {
        lais_ingest::Progress::Found(files) => progress.begin("reading", files),
        lais_ingest::Progress::Done(name) => progress.piece(name),
    };
    let mut laps = Laps::new();
    laps.begin("reading");
    let ingested = lais_ingest::ingest(&writer, sources, &pipelines, &tell)?;
    laps.begin("preparing models");
    progress.end();
    if ingested.files.is_empty() {
        let named: Vec<String> = sources.iter().map(|path| path.display().to_string()).collect();
        bail!("no file lies in {}, so there is nothing to build; the lake is unchanged", named.join(", "));
    }
    report_files(&progress, &ingested, as_at);
    if count(&ingested.files, Outcome::Ingested) == 0 {
        bail!("no file could be ingested, so there is nothing to build; the lake is unchanged");
    }
    refuse_a_loss(settings, &ingested.files)?;
    let models = lais_insight::models()?;
    progress.begin("computing", models.len());
    let (open, restricted) = (ingested.open.tables, ingested.restricted.tables);
    laps.begin("models");
    let tell = |told: Told<'_>| match told {
        Told::Begun(name) => progress.piece(name),
        Told::Done(name, took) => laps.part(name, took),
    };
    let run = run_models(engine, &writer, open, restricted, &models, as_at, tell).await?;
    progress.end();
    laps.begin("checking");
    run_checks(engine, &writer, &run, &lais_insight::checks(), as_at).await.context("nothing was published")?;
    let made_of = |inputs, ingested| MadeOf { as_at: as_at.to_string(), versions: versions(), inputs, ingested };
    let public = Contents { tables: run.tables, made_of: made_of(ingested.open.inputs, ingested.open.ingested) };
    let confided =
        Contents { tables: run.restricted, made_of: made_of(ingested.restricted.inputs, ingested.restricted.ingested) };
    laps.begin("publishing");
    let (snapshot, is_new) = writer.publish(public, confided)?;
    laps.end();
    tracing::info!("{}", laps.told());
    let id = &snapshot.manifest().id;
    let read_now = ingested.files.iter().filter(|file| file.read_now && file.outcome == Outcome::Ingested).count();
    let (computed, recalled) = (run.computed, run.recalled);
    progress.say(&if is_new {
        format!("snapshot {id} as at {as_at}: {read_now} file(s) read, {computed} model(s) computed, {recalled} taken from before")
    } else {
        format!("nothing changed: snapshot {id} is still current ({read_now} file(s) read, {computed} model(s) computed)")
    });
    if ingested.set_aside > 0 {
        progress.say(&format!(
            "{} row(s) in quarantine, and {} cell(s) of rows that were kept; `lais status` says why (with --restricted for what was told in confidence)",
            ingested.rows_quarantined,
            ingested.set_aside.saturating_sub(ingested.rows_quarantined)
        ));
    }
    let refused = count(&ingested.files, Outcome::Refused);
    if refused > 0 {
        progress
            .say(&format!("{refused} file(s) refused, of which nothing is in the snapshot; `lais status` lists them (with --restricted those told in confidence)"));
    }
    Ok(Built { set_aside: ingested.set_aside, refused })
}

/// The programs whose versions decide what a snapshot holds.
fn versions() -> BTreeMap<String, String> {
    BTreeMap::from([
        ("lais".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("datafusion".to_owned(), datafusion::DATAFUSION_VERSION.to_owned()),
    ])
}

/// A file that the current snapshot has figures of, that is still there, and that is not understood any more would be
/// lost without a word in the tables: the build stops, and the snapshot stays as it is.
fn refuse_a_loss(settings: &Settings, files: &[FileReport]) -> anyhow::Result<()> {
    let Ok(current) = settings.lake.current() else { return Ok(()) };
    let mut held = current.manifest().ingested.clone();
    if let Ok(restricted) = settings.lake.restricted_of(&current) {
        held.extend(restricted.manifest().ingested.iter().cloned());
    }
    let not_understood = |file: &&FileReport| matches!(file.outcome, Outcome::Refused | Outcome::Unrecognised);
    let lost: Vec<&str> = files
        .iter()
        .filter(not_understood)
        .filter(|file| held.contains(&file.name))
        .map(|file| file.name.as_str())
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    bail!(
        "the current snapshot has rows of {}, which can no longer be understood; mend the file, or take it out of the sources to build without it; the lake is unchanged",
        lost.join(", ")
    )
}

fn count(files: &[FileReport], outcome: Outcome) -> usize {
    files.iter().filter(|file| file.outcome == outcome).count()
}

/// Says what a person must know of the files: every refusal, every warning, what nothing recognised.
fn report_files(progress: &Progress, ingested: &Ingested, as_at: Date) {
    let files = &ingested.files;
    for file in files {
        for warning in &file.warnings {
            progress.say(&format!("warning: {}: {warning}", file.name));
        }
        match file.outcome {
            // An error is said even when quiet.
            Outcome::Refused => eprintln!("{}", printable(&format!("error: {}: {}", file.name, file.message))),
            Outcome::Duplicate => progress.say(&format!("duplicate: {}: {}", file.name, file.message)),
            Outcome::Unrecognised => progress.say(&format!("unrecognised: {}: {}", file.name, file.message)),
            Outcome::Ingested | Outcome::Register => {}
        }
    }
    let told = [Outcome::Ingested, Outcome::Register, Outcome::Duplicate, Outcome::Unrecognised, Outcome::Refused];
    let counts = told.iter().map(|outcome| (outcome.id(), count(files, *outcome))).filter(|(_, n)| *n > 0);
    let counts: Vec<String> = counts.map(|(id, n)| format!("{n} {id}")).collect();
    progress.say(&format!("files: {}", counts.join(", ")));
    for (file, day, _) in ingested.published.iter().filter(|(_, day, assumed)| *assumed && *day > as_at) {
        progress.say(&format!(
            "warning: {file}: its latest figures are taken to be public from {day} only, so comparisons as at {as_at} leave them out; write the day under [publication.releases] of its pipeline, or build with --as-at {day}"
        ));
    }
}
