//! Telling which pipeline a file belongs to: by its columns, then by values in them.

use crate::input::{Content, Input, Refused};
use crate::pipeline::{ContentKind, Pipeline, Reader};
use crate::table::{self, RawTable};
use crate::workbook::{self, Sheet};

/// A file that is open: the table of a CSV file, or the sheets of a workbook.
#[derive(Clone, Debug)]
pub(crate) enum Opened {
    Csv(RawTable),
    Workbook(Vec<Sheet>),
}

/// Columns that every file in the Explore Education Statistics layout has.
pub(crate) const EES_COLUMNS: [&str; 3] = ["time_period", "time_identifier", "geographic_level"];

/// Columns of that layout that say when and where.
pub(crate) const EES_KEYS: [&str; 10] = [
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
];

/// Opens a file that may hold a table.
///
/// # Errors
/// [`Refused`] where it is damaged.
pub(crate) fn open(input: &Input, content: Content) -> Result<Option<Opened>, Refused> {
    match content {
        Content::Text => Ok(Some(Opened::Csv(table::read_csv(input)?))),
        Content::Workbook => Ok(Some(Opened::Workbook(workbook::read_sheets(input)?))),
        Content::Other(_) => Ok(None),
    }
}

/// What recognising a file came to.
#[derive(Clone, Debug)]
pub(crate) enum Recognised<'a> {
    /// It belongs to this pipeline.
    As(&'a Pipeline),
    /// No pipeline knows it; the sentence says what came nearest.
    No(String),
}

/// Finds the pipeline of a file; the one that asks for more columns wins.
///
/// # Errors
/// [`Refused`] where two pipelines ask for equally much.
pub(crate) fn recognise<'a>(
    input: &Input,
    opened: &Opened,
    pipelines: &'a [Pipeline],
) -> Result<Recognised<'a>, Refused> {
    let mut matching: Vec<(usize, &Pipeline)> =
        pipelines.iter().filter_map(|p| Some((strength(p, &input.name, opened)?, p))).collect();
    matching.sort_by_key(|(strength, _)| std::cmp::Reverse(*strength));
    match matching.as_slice() {
        [] => Ok(Recognised::No(nearest(opened, pipelines))),
        [(first, a), (second, b), ..] if first == second => Err(Refused {
            file: input.name.clone(),
            reason: format!(
                "two pipelines recognise it, {} and {}; make [recognise] of one of them ask for more",
                a.id, b.id
            ),
        }),
        [(_, pipeline), ..] => Ok(Recognised::As(pipeline)),
    }
}

/// How much of a file a pipeline asks for, if all of it is there.
fn strength(pipeline: &Pipeline, file_name: &str, opened: &Opened) -> Option<usize> {
    let wanted = &pipeline.recognise;
    // The name alone: a folder's name says nothing of a file.
    let name = file_name.rsplit('/').next().unwrap_or_default().to_lowercase();
    if !wanted.file_name.is_empty() && !wanted.file_name.iter().any(|part| name.contains(&part.to_lowercase())) {
        return None;
    }
    let is = match opened {
        Opened::Csv(_) => ContentKind::Csv,
        Opened::Workbook(_) => ContentKind::Workbook,
    };
    if wanted.content.is_some_and(|content| content != is) {
        return None;
    }
    let by_name = usize::from(!wanted.file_name.is_empty());
    match (pipeline.reader, opened) {
        (Reader::EesCsv, Opened::Csv(table)) => {
            let here = |name: &str| table.column(name).is_some();
            if !EES_COLUMNS.iter().all(|c| here(c)) || !wanted.columns.iter().all(|c| here(c)) {
                return None;
            }
            let has_value = |(column, values): (&String, &Vec<String>)| {
                let column = table.column(column)?;
                table.columns[column].iter().any(|cell| values.contains(cell)).then_some(())
            };
            wanted.values.iter().map(has_value).collect::<Option<Vec<()>>>()?;
            Some(1 + wanted.columns.len() + 100 * wanted.values.len() + by_name)
        }
        (Reader::Tables, opened) => {
            let found = tables(pipeline, opened);
            (!found.is_empty()).then(|| 1 + by_name + found.iter().map(|(rule, _, _)| rule.header.len()).sum::<usize>())
        }
        (Reader::EesCsv, Opened::Workbook(_)) => None,
    }
}

/// The tables of a file that a pipeline declares, with the sheet each is in.
pub(crate) fn tables<'a>(
    pipeline: &'a Pipeline,
    opened: &Opened,
) -> Vec<(&'a crate::pipeline::TableRule, String, RawTable)> {
    let mut found = Vec::new();
    for rule in &pipeline.tables {
        match opened {
            Opened::Csv(table) => {
                let has = |name: &String| table.header.iter().any(|cell| workbook::same_header(cell, name));
                if rule.header.iter().all(has) && !rule.absent.iter().any(has) {
                    found.push((rule, String::new(), table.clone()));
                }
            }
            Opened::Workbook(sheets) => found.extend(sheets.iter().filter_map(|sheet| {
                Some((rule, sheet.name.clone(), workbook::find_table(sheet, &rule.header, &rule.absent)?))
            })),
        }
    }
    found
}

/// A sentence on why no pipeline knows a file.
fn nearest(opened: &Opened, pipelines: &[Pipeline]) -> String {
    let Opened::Csv(table) = opened else {
        return "no pipeline knows a table in any of its sheets".to_owned();
    };
    let best = pipelines
        .iter()
        .filter(|p| !p.recognise.columns.is_empty())
        .map(|p| (p.recognise.columns.iter().filter(|c| table.column(c).is_some()).count(), p))
        .filter(|(here, _)| *here > 0)
        .max_by_key(|(here, p)| (*here, std::cmp::Reverse(p.recognise.columns.len())));
    match best {
        Some((_, p)) => {
            let missing: Vec<_> =
                p.recognise.columns.iter().filter(|c| table.column(c).is_none()).map(String::as_str).collect();
            if missing.is_empty() {
                format!("it has the columns of {} but not its values or name", p.id)
            } else {
                format!("it comes nearest to {}, but has no column {}", p.id, missing.join(", "))
            }
        }
        None => "no pipeline knows its columns".to_owned(),
    }
}
