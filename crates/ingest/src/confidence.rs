//! Which files are kept in confidence though nothing could read them.
//!
//! A file's name can tell who spoke. A file that was told in confidence and is damaged, renamed or in another
//! layout must not be listed in the open for that reason, so where there is doubt it is not.

use std::collections::HashSet;

use lais_lake::Class;

use crate::ingest::{Done, Outcome};
use crate::input::{self, Input};
use crate::pipeline::{Pipeline, says};
use crate::recognise::Opened;

/// How many bytes of a file are looked at.
const LOOKED_AT: usize = 64 * 1024;

/// The class of a file that no reader understood: restricted where its path or its content speaks of a
/// restricted source.
pub(crate) fn of_unread(pipelines: &[Pipeline], input: &Input, opened: Option<&Opened>) -> Class {
    let restricted = || pipelines.iter().filter(|pipeline| pipeline.class == Class::Restricted);
    if is_in_a_restricted_path(pipelines, &input.name)
        || restricted().any(|pipeline| resembles(pipeline, &beginning(input, opened)))
    {
        return Class::Restricted;
    }
    Class::Public
}

/// Whether a file's path speaks of a restricted source.
pub(crate) fn is_in_a_restricted_path(pipelines: &[Pipeline], path: &str) -> bool {
    pipelines.iter().any(|pipeline| pipeline.class == Class::Restricted && is_in_its_path(pipeline, path))
}

/// Whether a file's path says that it belongs to a source.
pub(crate) fn is_in_its_path(pipeline: &Pipeline, path: &str) -> bool {
    pipeline.recognise.path.iter().any(|words| says(path, words))
}

/// Whether half of the names of a table's columns stand in a text, in whatever layout.
fn resembles(pipeline: &Pipeline, text: &str) -> bool {
    pipeline.tables.iter().any(|table| {
        let here = table.header.iter().filter(|name| text.contains(&name.to_lowercase()));
        here.count() * 2 >= table.header.len().max(1)
    })
}

/// The first of a file's text, in lower case.
fn beginning(input: &Input, opened: Option<&Opened>) -> String {
    if let Some(Opened::Workbook(sheets)) = opened {
        let rows = sheets.iter().flat_map(|sheet| sheet.rows.iter().take(50));
        return rows.flatten().map(|cell| cell.to_lowercase()).collect::<Vec<_>>().join("\n");
    }
    if let Some(Opened::Parquet(file)) = opened {
        return file.header.join("\n").to_lowercase();
    }
    if let Some(Opened::Pdf(pdf)) = opened {
        return pdf.beginning.to_lowercase();
    }
    let bytes = input.bytes[..input.bytes.len().min(LOOKED_AT)].to_vec();
    let first = Input { name: input.name.clone(), bytes, sha256: String::new() };
    let text = input::decode(&first).unwrap_or_else(|_| String::from_utf8_lossy(&first.bytes).into_owned());
    text.replace('\0', "").to_lowercase()
}

/// Keeps in confidence what lies beside a file told in confidence, and what was kept so before.
pub(crate) fn widen(done: &mut [Done], before: &HashSet<String>) {
    let restricted = done.iter().filter(|file| file.class == Class::Restricted);
    let folders: HashSet<String> = restricted.filter_map(|file| folder(&file.found.name)).collect();
    for file in done.iter_mut().filter(|file| file.report.outcome != Outcome::Register && file.step.is_none()) {
        let name = &file.found.name;
        let is_beside = folders.iter().any(|folder| name.starts_with(folder.as_str()));
        if is_beside || before.contains(name) {
            file.class = Class::Restricted;
        }
    }
}

/// The folder of a file below the sources path, with its slash; nothing for a file that lies in none.
fn folder(name: &str) -> Option<String> {
    name.rsplit_once('/').map(|(folder, _)| format!("{folder}/"))
}
