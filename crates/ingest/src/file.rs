//! One file: recognised, read, and made into parts of tables.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;
use lais_lake::{Class, Step, Writer, sha256_hex};
use serde::{Deserialize, Serialize};

use crate::accounts::Accounts;
use crate::adapter;
use crate::decisions::{self, Decisions};
use crate::dictionary::Dictionary;
use crate::facts::{self, AccountRow, IndicatorRow, SourceRow};
use crate::figure_file::Figures;
use crate::input::{Fault, Input, Refused};
use crate::inspection_record::Told;
use crate::long::Long;
use crate::period::Period;
use crate::pipeline::{Into, Pipeline, Reader, slug};
use crate::pipelines::Loaded;
use crate::recognise::{self, Opened};
use crate::register::Register;
use crate::table::RawTable;
use crate::{
    area_list, dictionary, document, figure_file, inspection, neighbour, register_check, report, series, signal,
    workbook,
};

/// A hash of the code that reads files.
const CODE: &str = env!("LAIS_CODE");

/// What is remembered of a file beside its parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Notes {
    pub(crate) source: SourceRow,
    pub(crate) accounts: Vec<AccountRow>,
    pub(crate) indicators: Vec<IndicatorRow>,
    pub(crate) warnings: Vec<String>,
    /// Rows of the quarantine table: rows and cells set aside.
    pub(crate) set_aside: usize,
    /// Whether the file describes its indicators and has no figure of them.
    pub(crate) describes_only: bool,
}

/// What all files of a build share.
pub(crate) struct Shared<'a> {
    pub(crate) loaded: &'a [Loaded],
    pub(crate) pipelines: &'a [Pipeline],
    pub(crate) register: &'a Register,
    /// The dictionaries among the files, by the pipeline of each.
    pub(crate) dictionaries: &'a BTreeMap<String, Dictionary>,
    /// What a person decided of the reports among the files.
    pub(crate) decisions: &'a Decisions,
    pub(crate) writer: &'a Writer,
    /// Where everything that restricted files make lies.
    pub(crate) restricted: &'a Writer,
}

impl Shared<'_> {
    /// The writer of what a file of this class makes.
    pub(crate) fn writer(&self, class: Class) -> &Writer {
        if class == Class::Restricted { self.restricted } else { self.writer }
    }

    /// The dictionary that describes the measures of a pipeline's tables, if it is among the files.
    fn dictionary(&self, pipeline: &Pipeline) -> Option<&Dictionary> {
        self.dictionaries.get(pipeline.long.as_ref()?.dictionary.as_ref()?)
    }

    /// A key of all that the facts of a file depend on.
    pub(crate) fn key(&self, input: &Input, pipeline: &Pipeline, suffix: &str) -> String {
        let mut texts: Vec<&str> = Vec::new();
        let homes = pipeline.indicators.iter().filter_map(|indicator| indicator.same_as.as_deref());
        let describes = pipeline.long.as_ref().and_then(|long| long.dictionary.as_deref());
        for id in std::iter::once(pipeline.id.as_str()).chain(homes).chain(describes) {
            let text = self.loaded.iter().find(|l| l.pipeline.id == id).map_or("", |l| l.text.as_str());
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let register = sha256_hex(self.register.text.as_bytes());
        let described = self.dictionary(pipeline).map_or("", |dictionary| dictionary.sha256.as_str());
        let decided = self.decisions.on(&input.sha256);
        let all = format!(
            "file {CODE} {}\n{}\n{suffix}\n{register}\n{described}\n{decided:?}\n{}",
            input.sha256,
            input.name,
            texts.join("\n")
        );
        sha256_hex(all.as_bytes())
    }

    /// A key of all that recognising a file depends on.
    pub(crate) fn recognition_key(&self, input: &Input) -> String {
        let texts: Vec<&str> = self.loaded.iter().map(|l| l.text.as_str()).collect();
        let all = format!("recognise {CODE} {} {}\n{}", input.sha256, input.name, texts.join("\n"));
        sha256_hex(all.as_bytes())
    }
}

/// Reads an opened file into parts of tables.
///
/// `suffix` is added to the release's label where another file has the same.
///
/// # Errors
/// [`Refused`] where the file is not what its pipeline describes, or a part cannot be written.
pub(crate) fn read(
    shared: &Shared<'_>,
    input: &Input,
    opened: &Opened,
    pipeline: &Pipeline,
    suffix: &str,
) -> Result<Step, Fault> {
    let settled = match (opened, shared.decisions.on(&input.sha256).as_slice()) {
        (Opened::Pdf(pdf), decisions @ [_, ..]) => Some(Opened::Pdf(pdf.settled(decisions, shared.register))),
        _ => None,
    };
    let opened = settled.as_ref().unwrap_or(opened);
    let long = match &pipeline.long {
        Some(rule) => Some(Long::open(pipeline, rule, shared.dictionary(pipeline), opened, input)?),
        None => None,
    };
    let vintage = match &long {
        Some(long) => Ok(long.vintage.clone()),
        None => vintage(pipeline, opened, shared.register, input),
    };
    let vintage = vintage.map_err(|reason| Refused { file: input.name.clone(), reason })?;
    let release = format!("{}{suffix}", vintage.label);
    // Beside a decision a person writes why, and in the wrong cell that could be a name.
    let has_decisions = pipeline.tables.iter().any(|rule| rule.into == Into::ReviewDecision);
    let mut accounts =
        Accounts::new(&pipeline.id, &release, &input.name).of_class(pipeline.class).withholding(has_decisions);
    let mut parts = Parts {
        writer: shared.writer(pipeline.class),
        input,
        // The hash tells files apart; the words before it are for a person, and no longer than a name may be.
        label: format!("{:.80}-{}", slug(&format!("{} {release}", pipeline.id)), &input.sha256[..8]),
        tables: BTreeMap::new(),
    };
    let mut said = Said::default();
    match (long, pipeline.reader, opened) {
        (Some(long), ..) => {
            let reshaped = long.reshape(shared.register, &mut accounts)?;
            said = parts.put_observations(reshaped, &accounts, &vintage)?;
        }
        (_, Reader::EesCsv, Opened::Csv(table)) => {
            let reshaped = series::reshape(shared.pipelines, pipeline, shared.register, table, &mut accounts)?;
            said = parts.put_observations(reshaped, &accounts, &vintage)?;
        }
        (_, Reader::Dictionary, Opened::Csv(table)) => {
            let read = pipeline.dictionary.as_ref().map(|rule| dictionary::read(rule, input, table, &mut accounts));
            said.indicators = read.map_or_else(Vec::new, |dictionary| dictionary.indicators(pipeline));
        }
        (_, Reader::Document, Opened::Document(document)) => {
            let row = pipeline.document.as_ref().and_then(|rule| {
                let shared_on = vintage.published_on;
                document::self_evaluation(rule, document, shared_on, shared.register, input, &mut accounts)
            });
            parts.put_rows("self_evaluation", &row.into_iter().collect::<Vec<_>>())?;
        }
        (_, Reader::Report, Opened::Pdf(pdf)) => {
            let read = report::read(pdf, shared.register, &vintage, &mut accounts);
            parts.put_told(&read.told)?;
            parts.put_rows("finding_record", &read.findings)?;
            parts.put_rows("review_record", &read.reviews)?;
        }
        _ => {
            let figures = read_found(shared, pipeline, opened, input, &vintage, &mut accounts)?;
            if let Some(batch) = figures.observations {
                parts.put("observation", batch)?;
            }
            said = Said { indicators: figures.indicators, warnings: figures.warnings };
            read_tables(shared, pipeline, opened, &vintage, &mut accounts, &mut parts)?;
        }
    }
    if let Opened::Csv(RawTable { ends_within: Some(row), .. }) = opened {
        said.warnings.push(format!(
            "it ends within row {row}; if the download was broken off, the rows that followed are missing: download it again"
        ));
    }
    parts.put_rows("quarantine", &accounts.quarantine)?;
    let notes = Notes {
        source: source_row(pipeline, input, &accounts, &vintage),
        accounts: accounts.rows(),
        indicators: said.indicators,
        warnings: said.warnings,
        set_aside: accounts.quarantine.len(),
        describes_only: pipeline.reader == Reader::Dictionary,
    };
    let notes = serde_json::to_value(notes).map_err(|e| parts.refused(&e))?;
    Ok(Step { tables: parts.tables, shapes: BTreeMap::new(), notes })
}

/// Reads the tables of figures and of references, and leaves out those that a rule leaves out whole.
fn read_found(
    shared: &Shared<'_>,
    pipeline: &Pipeline,
    opened: &Opened,
    input: &Input,
    vintage: &Period,
    accounts: &mut Accounts,
) -> Result<Figures, Fault> {
    for found in recognise::found(pipeline, opened) {
        match found.rule.into {
            Into::RegisterCheck => register_check::read(pipeline, &found, shared.register, accounts),
            Into::OutOfScope => {
                let rule = found.rule.rule.as_deref().unwrap_or(&found.rule.name);
                for _ in 0..found.table.source_rows.len() + found.table.bad_rows.len() {
                    accounts.leave_out(rule, found.rule.why.as_deref().unwrap_or_default());
                }
            }
            Into::Observation
            | Into::Inspection
            | Into::Neighbour
            | Into::Signal
            | Into::AreaList
            | Into::ReviewDecision => {}
        }
    }
    Ok(figure_file::read((shared.pipelines, pipeline, shared.register), opened, input, vintage, accounts)?)
}

fn read_tables(
    shared: &Shared<'_>,
    pipeline: &Pipeline,
    opened: &Opened,
    vintage: &Period,
    accounts: &mut Accounts,
    parts: &mut Parts<'_>,
) -> Result<(), Fault> {
    let (mut told, mut neighbours, mut signals) = (Told::default(), Vec::new(), Vec::new());
    for (rule, sheet, table) in recognise::tables(pipeline, opened) {
        for bad in &table.bad_rows {
            accounts.quarantine_row(bad.source_row, "", &bad.value, "wrong-number-of-fields", &bad.message);
        }
        match rule.into {
            Into::Inspection => {
                let scope = &pipeline.out_of_scope;
                inspection::read(rule, &sheet, &table, shared.register, scope, accounts, &mut told);
            }
            Into::Signal => {
                let unknown = signal::unknown_columns(rule, &table);
                if unknown > 0 {
                    let reason = format!(
                        "it has {unknown} column(s) beside those of a table of signals, where free text could stand; take them out"
                    );
                    return Err(Refused { file: accounts.file_name.clone(), reason }.into());
                }
                if let Some(column) = crate::table::repeated(&table.header) {
                    let reason = format!("its header names the column {column} twice; leave one");
                    return Err(Refused { file: accounts.file_name.clone(), reason }.into());
                }
                signals.extend(signal::read(rule, &table, vintage.published_on, shared.register, accounts));
            }
            Into::ReviewDecision if shared.decisions.are_of(&accounts.file_name) => {
                decisions::account(rule, &table, shared.register, accounts);
            }
            Into::ReviewDecision => {
                let reason =
                    "decisions are read before all else, from CSV files in UTF-8 whose names end in .csv; write it so";
                return Err(Refused { file: accounts.file_name.clone(), reason: reason.to_owned() }.into());
            }
            Into::AreaList => area_list::hold(rule, pipeline, &table, shared.register, accounts),
            Into::Neighbour => {
                neighbours.extend(neighbour::read(
                    rule,
                    &sheet,
                    &table,
                    shared.register,
                    vintage.published_on,
                    accounts,
                ));
            }
            Into::Observation | Into::RegisterCheck | Into::OutOfScope => {}
        }
    }
    parts.put_told(&told)?;
    parts.put_rows("neighbour_record", &neighbours)?;
    parts.put_rows("signal_record", &signals)
}

/// What a file says beside its rows.
#[derive(Default)]
struct Said {
    indicators: Vec<IndicatorRow>,
    warnings: Vec<String>,
}

/// The parts of tables that a file makes.
struct Parts<'a> {
    writer: &'a Writer,
    input: &'a Input,
    label: String,
    tables: BTreeMap<String, Vec<lais_lake::Part>>,
}

impl Parts<'_> {
    fn put(&mut self, table: &str, batch: RecordBatch) -> Result<(), Fault> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let schema: SchemaRef = batch.schema();
        let part = self.writer.store().put(&self.label, &schema, &[batch])?;
        self.tables.entry(table.to_owned()).or_default().push(part);
        Ok(())
    }

    /// Puts rows into a table of facts.
    fn put_rows<T: Serialize>(&mut self, table: &str, rows: &[T]) -> Result<(), Fault> {
        let batch = facts::batch(table, rows).map_err(|e| self.refused(&e))?;
        self.put(table, batch)
    }

    /// Puts what a file says of inspections and visits.
    fn put_told(&mut self, told: &Told) -> Result<(), Fault> {
        self.put_rows("inspection_record", &told.inspections)?;
        self.put_rows("judgement_record", &told.judgements)
    }

    /// Puts a file's observations, and gives its indicators and warnings.
    fn put_observations(
        &mut self,
        reshaped: series::Reshaped,
        accounts: &Accounts,
        vintage: &Period,
    ) -> Result<Said, Fault> {
        let batch = adapter::observations(&reshaped, accounts, vintage).map_err(|e| self.refused(&e))?;
        self.put("observation", batch)?;
        let indicators = reshaped.catalogue.indicators.into_iter().map(|indicator| indicator.row);
        Ok(Said { indicators: indicators.collect(), warnings: reshaped.warnings })
    }

    fn refused(&self, error: &dyn std::fmt::Display) -> Refused {
        Refused { file: self.input.name.clone(), reason: format!("its facts cannot be kept: {error}") }
    }
}

/// The period by which the file's release is called, and the day that the file became public.
fn vintage(pipeline: &Pipeline, opened: &Opened, register: &Register, input: &Input) -> Result<Period, String> {
    match opened {
        Opened::Csv(table) if pipeline.reader == Reader::EesCsv => {
            series::latest_period(pipeline, table).ok_or_else(|| {
                "none of its rows has a period that its pipeline knows; look at time_period and time_identifier"
                    .to_owned()
            })
        }
        Opened::Document(document) => match &pipeline.document {
            Some(rule) => document::vintage(rule, document, register, input),
            None => Err(format!("pipeline {} has no [document]", pipeline.id)),
        },
        Opened::Pdf(pdf) => report::vintage(&pdf.report, register, input),
        Opened::Csv(table) if pipeline.class == Class::Restricted => signal::vintage(pipeline, table),
        Opened::Csv(table) if pipeline.tables.iter().any(|rule| rule.into == Into::ReviewDecision) => {
            decisions::vintage(pipeline, table)
        }
        Opened::Csv(table) if pipeline.reader == Reader::Dictionary => {
            dictionary::vintage(pipeline, table).map_or_else(|| stated_vintage(pipeline, opened), Ok)
        }
        _ if pipeline.tables.iter().any(|rule| rule.into == Into::Observation) => {
            figure_file::vintage(pipeline, opened, input)
        }
        _ => stated_vintage(pipeline, opened),
    }
}

/// The vintage of a workbook: what it prints of itself, or what the pipeline says of it.
fn stated_vintage(pipeline: &Pipeline, opened: &Opened) -> Result<Period, String> {
    let publication = &pipeline.publication;
    let sheets: &[workbook::Sheet] = match opened {
        Opened::Workbook(sheets) => sheets,
        Opened::Csv(_) | Opened::Document(_) | Opened::Parquet(_) | Opened::Pdf(_) => &[],
    };
    let printed_day = publication.as_at_after.as_ref().and_then(|words| workbook::day_after(sheets, words));
    let printed_day = printed_day
        .or_else(|| publication.latest_in_rows.then(|| inspection::latest_publication(pipeline, opened)).flatten());
    let label = printed_day.map(|day| day.to_string()).or_else(|| publication.release.clone());
    let label = label.ok_or_else(|| format!("pipeline {} cannot tell which release it is", pipeline.id))?;
    let printed =
        publication.cell.as_ref().and_then(|cell| workbook::cell_after(sheets, cell)).and_then(workbook::read_day);
    let known = printed.or_else(|| publication.releases.get(&label).copied());
    let usual = printed_day.and_then(|day| day.checked_add(jiff::Span::new().days(publication.usual_lag_days)).ok());
    let published_on: Date = known.or(usual).ok_or_else(|| {
        format!(
            "pipeline {} gives no day of publication for release {label}; add it under [publication.releases]",
            pipeline.id
        )
    })?;
    let end = printed_day.unwrap_or(published_on);
    Ok(Period { end, start: end, label, published_on, published_on_assumed: publication.assumed || known.is_none() })
}

fn source_row(pipeline: &Pipeline, input: &Input, accounts: &Accounts, vintage: &Period) -> SourceRow {
    SourceRow {
        source_id: pipeline.id.clone(),
        release: accounts.release.clone(),
        title: pipeline.title.clone(),
        publisher: pipeline.publisher.clone(),
        licence: pipeline.licence.clone(),
        landing_page: pipeline.landing_page.clone(),
        published_on: vintage.published_on,
        published_on_assumed: vintage.published_on_assumed,
        file_name: input.name.clone(),
        file_sha256: input.sha256.clone(),
        rows_read: accounts.rows_read(),
        rows_kept: accounts.rows_kept,
        rows_out_of_scope: accounts.rows_out_of_scope,
        rows_quarantined: accounts.rows_quarantined,
    }
}
