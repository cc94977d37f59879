//! Telling which pipeline a file belongs to: by its columns, then by values in them.

use lais_lake::Class;

use crate::confidence;
use crate::document::{self, Document};
use crate::ees;
use crate::header::{self, Found};
use crate::input::{Content, Input, Refused};
use crate::parquet_file::ParquetFile;
use crate::pipeline::{ContentKind, Pipeline, Reader, TableRule};
use crate::report::{self, Pdf};
use crate::table::{self, RawTable};
use crate::workbook::{self, Sheet};

/// A file that is open: the table of a CSV file, the sheets of a workbook, a document of prose, the names of a
/// Parquet file's columns, or what a PDF says.
#[derive(Clone, Debug)]
pub(crate) enum Opened {
    Csv(RawTable),
    Document(Document),
    Workbook(Vec<Sheet>),
    Parquet(ParquetFile),
    Pdf(Pdf),
}

impl Opened {
    /// The names of the columns of a file that is one table.
    pub(crate) fn header(&self) -> &[String] {
        match self {
            Self::Csv(table) => &table.header,
            Self::Parquet(file) => &file.header,
            Self::Document(_) | Self::Workbook(_) | Self::Pdf(_) => &[],
        }
    }
}

/// Opens a file that may hold a table.
///
/// # Errors
/// [`Refused`] where it is damaged.
pub(crate) fn open(input: &Input, content: Content) -> Result<Option<Opened>, Refused> {
    match content {
        Content::Text => Ok(Some(Opened::Csv(table::read_csv(input)?))),
        // Plain text can be either; what a table is called by has no line of header.
        Content::Prose => {
            let document = document::read(input)?;
            let is_table = input.ending() == "txt" && document.has_no_header();
            Ok(Some(if is_table { Opened::Csv(table::read_csv(input)?) } else { Opened::Document(document) }))
        }
        Content::Workbook => Ok(Some(Opened::Workbook(workbook::read_sheets(input)?))),
        Content::Parquet => Ok(Some(Opened::Parquet(ParquetFile::open(input)?))),
        Content::Pdf => Ok(Some(Opened::Pdf(report::open(input)?))),
        Content::Other(_) => Ok(None),
    }
}

/// The header of a CSV file's table is looked for as far down as this row.
const LAST_HEADER_ROW: u32 = 500;

/// What recognising a file came to.
#[derive(Clone, Debug)]
pub(crate) enum Recognised<'a> {
    /// It belongs to this pipeline; where that is the user's own, the built-in one it would belong to without it.
    As(&'a Pipeline, Option<&'a Pipeline>),
    /// No pipeline knows it; the sentence says what came nearest, the class who may know of it.
    No(String, Class),
}

/// Finds the pipeline of a file; the one that asks for more columns wins, and of two that ask for equally much the
/// user's own.
///
/// # Errors
/// [`Refused`] where two pipelines ask for equally much.
pub(crate) fn recognise<'a>(
    input: &Input,
    opened: &Opened,
    pipelines: &'a [Pipeline],
) -> Result<Recognised<'a>, Refused> {
    // A PDF among what was told in confidence is no published report, whatever it speaks of.
    if matches!(opened, Opened::Pdf(_)) && confidence::is_in_a_restricted_path(pipelines, &input.name) {
        return Ok(Recognised::No(
            "it lies among what was told in confidence, where no report is looked for".to_owned(),
            Class::Restricted,
        ));
    }
    let mut matching: Vec<((usize, bool), &Pipeline)> =
        pipelines.iter().filter_map(|p| Some(((strength(p, &input.name, opened)?, p.is_users), p))).collect();
    matching.sort_by_key(|(strength, _)| std::cmp::Reverse(*strength));
    match matching.as_slice() {
        [] => Ok(Recognised::No(nearest(opened, pipelines), confidence::of_unread(pipelines, input, Some(opened)))),
        [(first, a), (second, b), ..] if first == second => Err(Refused {
            file: input.name.clone(),
            reason: format!(
                "two pipelines recognise it, {} and {}; make [recognise] of one of them ask for more",
                a.id, b.id
            ),
        }),
        [(_, pipeline), others @ ..] => {
            let built_in = others.iter().map(|(_, other)| *other).find(|other| !other.is_users);
            Ok(Recognised::As(pipeline, built_in.filter(|_| pipeline.is_users)))
        }
    }
}

/// Whether a pipeline of the statistical layout recognises a table.
pub(crate) fn recognises(pipeline: &Pipeline, table: &RawTable) -> bool {
    asked_of_statistics(pipeline, table).is_some()
}

/// How much a pipeline asks of a table of the statistical layout, if all of it is there.
fn asked_of_statistics(pipeline: &Pipeline, table: &RawTable) -> Option<usize> {
    let wanted = &pipeline.recognise;
    let here = |name: &str| table.column(name).is_some();
    if !ees::NEEDED.iter().all(|c| here(c)) || !wanted.columns.iter().all(|c| here(c)) {
        return None;
    }
    let has_value = |(column, values): (&String, &Vec<String>)| {
        let column = table.column(column)?;
        table.columns[column].iter().any(|cell| values.contains(cell)).then_some(())
    };
    wanted.values.iter().map(has_value).collect::<Option<Vec<()>>>()?;
    Some(1 + wanted.columns.len() + 100 * wanted.values.len())
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
        Opened::Document(_) => ContentKind::Document,
        Opened::Parquet(_) => ContentKind::Parquet,
        Opened::Pdf(_) => ContentKind::Pdf,
    };
    if wanted.content.is_some_and(|content| content != is) {
        return None;
    }
    let by_name = usize::from(!wanted.file_name.is_empty());
    match (pipeline.reader, opened) {
        (Reader::EesCsv, Opened::Csv(table)) => Some(asked_of_statistics(pipeline, table)? + by_name),
        (Reader::Document, Opened::Document(document)) => {
            document.strength(pipeline.document.as_ref()?, confidence::is_in_its_path(pipeline, file_name))
        }
        (Reader::Report, Opened::Pdf(pdf)) => pdf.is_report().then_some(1 + by_name),
        (Reader::Long, Opened::Csv(_) | Opened::Parquet(_)) | (Reader::Dictionary, Opened::Csv(_)) => {
            let asked = pipeline.columns_asked_for();
            let has = |name: &&str| opened.header().iter().any(|cell| cell == name);
            asked.iter().all(has).then_some(1 + asked.len() + by_name)
        }
        (Reader::Tables, Opened::Csv(_) | Opened::Workbook(_)) => {
            let rules = places(pipeline, opened).into_iter().map(|(rule, _)| rule.header.len());
            let (found, is_said) = asked_of_found(pipeline, opened);
            let columns = rules.sum::<usize>() + found;
            let is_wanted = wanted.says.is_empty() || is_said;
            (columns > 0 && is_wanted).then_some(1 + by_name + usize::from(is_said) + columns)
        }
        _ => None,
    }
}

/// Where a declared table stands in a file.
enum Place<'o> {
    /// It is the table of a CSV file.
    Whole(&'o RawTable),
    /// It begins at a row of a sheet, and ends before another.
    Part { sheet: &'o Sheet, at: usize, end: usize },
}

/// Where the tables of a file stand that a pipeline declares; nothing of them is read yet.
fn places<'p, 'o>(pipeline: &'p Pipeline, opened: &'o Opened) -> Vec<(&'p TableRule, Place<'o>)> {
    let rules = || pipeline.tables.iter().filter(|rule| !header::is_found_here(rule.into));
    match opened {
        Opened::Document(_) | Opened::Parquet(_) | Opened::Pdf(_) => Vec::new(),
        Opened::Csv(table) => {
            let has = |name: &String| table.header.iter().any(|cell| workbook::same_header(cell, name));
            let is_here = |rule: &&TableRule| rule.header.iter().all(has) && !rule.absent.iter().any(has);
            rules().filter(is_here).map(|rule| (rule, Place::Whole(table))).collect()
        }
        Opened::Workbook(sheets) => {
            let header_row = |rule: &TableRule, sheet| workbook::header_row(sheet, &rule.header, &rule.absent);
            // For each sheet the row of each table's header: a table ends before the next one's.
            let rows_of = |sheet| rules().map(|rule| header_row(rule, sheet)).collect::<Vec<_>>();
            let headers: Vec<(&Sheet, Vec<Option<usize>>)> =
                sheets.iter().map(|sheet| (sheet, rows_of(sheet))).collect();
            let mut found = Vec::new();
            for (i, rule) in rules().enumerate() {
                found.extend(headers.iter().filter_map(|(sheet, rows)| {
                    let at = rows[i]?;
                    let end = rows.iter().flatten().copied().filter(|other| *other > at).min();
                    Some((rule, Place::Part { sheet, at, end: end.unwrap_or(sheet.rows.len()) }))
                }));
            }
            found
        }
    }
}

/// The tables of a file that a pipeline declares, with the sheet each is in.
pub(crate) fn tables<'p>(pipeline: &'p Pipeline, opened: &Opened) -> Vec<(&'p TableRule, String, RawTable)> {
    let read = |(rule, place)| match place {
        Place::Whole(table) => (rule, String::new(), table.clone()),
        Place::Part { sheet, at, end } => (rule, sheet.name.clone(), workbook::table_at(sheet, at, end)),
    };
    places(pipeline, opened).into_iter().map(read).collect()
}

/// The tables of figures and of references in a file, and those that are left out whole.
pub(crate) fn found<'a>(pipeline: &'a Pipeline, opened: &Opened) -> Vec<Found<'a>> {
    let rules = || pipeline.tables.iter().filter(|rule| header::is_found_here(rule.into));
    match opened {
        Opened::Document(_) | Opened::Parquet(_) | Opened::Pdf(_) => Vec::new(),
        Opened::Workbook(sheets) => sheets.iter().flat_map(|sheet| header::find(rules(), sheet)).collect(),
        Opened::Csv(table) => {
            let has = |name: &String| table.header.iter().any(|cell| workbook::same_header(cell, name));
            let first: Vec<Found<'a>> = rules()
                .filter(|rule| rule.header.iter().all(has) && !rule.absent.iter().any(has))
                .map(|rule| Found::of_csv(rule, table))
                .collect();
            // Titles may stand above the table; it is copied only where its header is among them.
            let is_below = || !header::spots(rules(), &table.as_sheet(LAST_HEADER_ROW)).is_empty();
            if first.is_empty() && rules().next().is_some() && table.has_doubtful_header() && is_below() {
                return header::find(rules(), &table.as_sheet(u32::MAX));
            }
            first
        }
    }
}

/// How many cells of headers a pipeline's tables of figures and of references have in a file, and whether one of the
/// titles above them says what the pipeline wants.
fn asked_of_found(pipeline: &Pipeline, opened: &Opened) -> (usize, bool) {
    let says = &pipeline.recognise.says;
    let is_said = |title: &String| says.iter().any(|words| title.contains(words));
    let rules = || pipeline.tables.iter().filter(|rule| header::is_found_here(rule.into));
    let asked: Vec<(usize, bool)> = match opened {
        Opened::Workbook(sheets) => {
            let spots = sheets.iter().flat_map(|sheet| header::spots(rules(), sheet));
            spots.map(|spot| (spot.rule.header.len(), spot.titles().any(is_said))).collect()
        }
        Opened::Csv(_) | Opened::Document(_) | Opened::Parquet(_) | Opened::Pdf(_) => {
            let found = found(pipeline, opened).into_iter();
            found.map(|found| (found.rule.header.len(), found.titles.iter().any(is_said))).collect()
        }
    };
    (asked.iter().map(|(columns, _)| columns).sum(), asked.iter().any(|(_, is_said)| *is_said))
}

/// A sentence on why no pipeline knows a file.
fn nearest(opened: &Opened, pipelines: &[Pipeline]) -> String {
    match opened {
        Opened::Csv(_) | Opened::Parquet(_) => {}
        Opened::Pdf(_) => return "it is a PDF, and its first page is not that of a report of inspectors".to_owned(),
        Opened::Workbook(_) => return "no pipeline knows a table in any of its sheets".to_owned(),
        Opened::Document(_) => {
            return "no pipeline knows it by the lines at its head and the questions it asks".to_owned();
        }
    }
    let here = |column: &&&str| opened.header().iter().any(|cell| workbook::same_header(cell, column));
    let asked = pipelines.iter().flat_map(|p| {
        let headers = p.tables.iter().map(|table| table.header.iter().map(String::as_str).collect());
        std::iter::once(p.columns_asked_for()).chain(headers).map(move |columns: Vec<&str>| (columns, p))
    });
    let best = asked
        .map(|(columns, p)| (columns.iter().filter(here).count(), columns, p))
        // A column or two in common say nothing of what the file is.
        .filter(|(found, columns, _)| *found > 0 && found * 2 >= columns.len())
        .max_by_key(|(found, columns, _)| (*found, std::cmp::Reverse(columns.len())));
    let Some((_, columns, p)) = best else { return "no pipeline knows its columns".to_owned() };
    let missing: Vec<_> = columns.iter().filter(|column| !here(column)).copied().collect();
    if missing.is_empty() {
        format!("it has the columns of {} but not its values or name", p.id)
    } else {
        format!("it comes nearest to {}, but has no column {}", p.id, missing.join(", "))
    }
}
