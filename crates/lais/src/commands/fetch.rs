//! `lais fetch`: downloads what source descriptions name, and writes down what each file was.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use lais_fetch::{DataSet, FileReport, Options, Outcome, Report, SystemClock, Take, Target, What, parse_address};
use lais_ingest::{Fetch, FetchKind, Loaded, TakeFiles};

use crate::args::FetchArgs;
use crate::output;
use crate::progress::{Transfer, printable};
use crate::settings::{Settings, today};

pub(crate) async fn run(settings: &Settings, args: &FetchArgs) -> anyhow::Result<ExitCode> {
    let loaded = lais_ingest::load(&args.pipelines).map_err(|faults| anyhow::anyhow!(faults.join("\n")))?;
    let targets = targets(&loaded, &args.sources)?;
    let mut options = Options::new(&args.into, today());
    options.locked = args.locked;
    options.patience.tries = args.tries.into();
    let transfer = Transfer::new(settings.quiet);
    let report = if args.dry_run {
        lais_fetch::plan(&targets, &options)?
    } else {
        lais_fetch::fetch(&targets, &options, Arc::new(SystemClock), &transfer).await?
    };
    transfer.end();
    tell(&transfer, &report);
    let batch = table(&report.files)?;
    output::print(&batch.schema(), &[batch], args.table.format.into())?;
    Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is to be fetched: of the sources that are named, or of all that say where.
fn targets(loaded: &[Loaded], named: &[String]) -> anyhow::Result<Vec<Target>> {
    for id in named {
        let Some(source) = loaded.iter().find(|loaded| loaded.pipeline.id == *id) else {
            bail!("no source is called {id:?}; `lais pipeline check` lists them");
        };
        if source.pipeline.fetch.is_empty() {
            let page = &source.pipeline.landing_page;
            let by_hand = if page.is_empty() { String::new() } else { format!("; download it by hand from {page}") };
            bail!("{id} does not say where it can be fetched: {} has no [[fetch]]{by_hand}", source.origin);
        }
    }
    let wanted = loaded.iter().filter(|loaded| named.is_empty() || named.contains(&loaded.pipeline.id));
    let mut targets = Vec::new();
    for Loaded { pipeline, origin, .. } in wanted {
        for fetch in &pipeline.fetch {
            let what = what(fetch).with_context(|| format!("{origin}: [[fetch]]"))?;
            targets.push(Target { source_id: pipeline.id.clone(), what });
        }
    }
    Ok(targets)
}

/// A declaration as what a fetch understands. What it needs was checked when it was read.
fn what(fetch: &Fetch) -> anyhow::Result<What> {
    let base = |own: &Option<String>, usual: &str| parse_address(own.as_deref().unwrap_or(usual));
    let text = |key: &str, own: &Option<String>| own.clone().with_context(|| format!("{key} is missing"));
    let any = |own: &Option<String>| own.clone().unwrap_or_else(|| "*".to_owned());
    let take = match fetch.take {
        Some(TakeFiles::All) => Take::All,
        Some(TakeFiles::One) | None => Take::One,
    };
    Ok(match fetch.kind {
        FetchKind::EesDataSet => What::EesDataSet {
            api: base(&fetch.base, What::EES_API)?,
            data_set: match &fetch.id {
                Some(id) => DataSet::Id(id.clone()),
                None => DataSet::Named {
                    publication: text("publication", &fetch.publication)?,
                    title: text("data_set", &fetch.data_set)?,
                },
            },
            version: fetch.version.clone().unwrap_or_else(|| "latest".to_owned()),
            file_name: fetch.file_name.clone(),
        },
        FetchKind::EesCatalogue => What::EesCatalogue {
            content: base(&fetch.base, What::EES_CONTENT)?,
            site: base(&fetch.files, What::EES_SITE)?,
            publication: text("publication", &fetch.publication)?,
            file_name: any(&fetch.file_name),
            take,
        },
        FetchKind::GovUk => What::GovUk {
            site: base(&fetch.base, What::GOV_UK)?,
            files: base(&fetch.files, What::GOV_UK_FILES)?,
            page: text("page", &fetch.page)?,
            file_name: any(&fetch.file_name),
            take,
        },
        FetchKind::OfstedReports => What::OfstedReports {
            site: base(&fetch.base, What::OFSTED)?,
            files: base(&fetch.files, What::OFSTED_FILES)?,
            urns: fetch.urns.clone(),
            file_name: any(&fetch.file_name),
        },
        FetchKind::Url => {
            What::Url { url: parse_address(&text("url", &fetch.url)?)?, file_name: fetch.file_name.clone() }
        }
    })
}

/// Says on stderr what a person must know.
fn tell(transfer: &Transfer, report: &Report) {
    for file in &report.files {
        let name = file.path.as_deref().unwrap_or(&file.asked);
        let line = format!("{}: {name}: {}", file.source_id, file.message);
        match file.outcome {
            // An error is said even when quiet.
            Outcome::Failed => eprintln!("{}", printable(&format!("error: {line}"))),
            Outcome::Kept => transfer.say(&format!("warning: {line}")),
            _ if !file.message.is_empty() => transfer.say(&line),
            _ => {}
        }
    }
    if !report.unreachable.is_empty() {
        let hosts: Vec<&str> = report.unreachable.iter().map(String::as_str).collect();
        transfer.say(&format!("not reached: {}; what was fetched before is untouched", hosts.join(", ")));
    }
    let all =
        [Outcome::Planned, Outcome::Fetched, Outcome::Changed, Outcome::Unchanged, Outcome::Kept, Outcome::Failed];
    let counts = all.iter().map(|outcome| (outcome.id(), report.count(*outcome))).filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(id, count)| format!("{count} {id}")).collect();
    transfer.say(&format!("files: {}", if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }));
}

/// The files as a table.
fn table(files: &[FileReport]) -> anyhow::Result<RecordBatch> {
    let text = |get: &dyn Fn(&FileReport) -> Option<String>| -> ArrayRef {
        Arc::new(files.iter().map(|file| get(file).map(|text| printable(&text))).collect::<StringArray>())
    };
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("source_id", text(&|file| Some(file.source_id.clone())), false),
        ("outcome", text(&|file| Some(file.outcome.id().to_owned())), false),
        ("file_name", text(&|file| file.path.clone()), true),
        ("asked", text(&|file| Some(file.asked.clone())), false),
        ("version", text(&|file| file.version.clone()), true),
        ("bytes", Arc::new(files.iter().map(|file| file.bytes).collect::<UInt64Array>()) as ArrayRef, true),
        ("sha256", text(&|file| file.sha256.clone()), true),
        ("url", text(&|file| file.url.clone()), true),
        ("message", text(&|file| Some(file.message.clone()).filter(|text| !text.is_empty())), true),
    ])?)
}
