//! What all files made, gathered into tables: those that are open, and those told in confidence.

use std::collections::BTreeMap;

use lais_lake::{Class, ManifestTable, Part, TableSpec, Writer};

use crate::facts::{self, ACCOUNTING, AccountRow, IndicatorRow, InputRow, SourceRow};
use crate::file::Shared;
use crate::ingest::{Done, Facts, IngestError, Ingested, Outcome};

/// What the files of one root made.
#[derive(Default)]
struct Made {
    parts: BTreeMap<String, Vec<Part>>,
    sources: Vec<SourceRow>,
    accounts: Vec<AccountRow>,
    indicators: BTreeMap<String, IndicatorRow>,
    /// Indicators that files describe without a figure of them.
    described: BTreeMap<String, IndicatorRow>,
    input_rows: Vec<InputRow>,
    inputs: Vec<lais_lake::Input>,
    ingested: Vec<String>,
}

/// Gathers what files made; nothing of a restricted file is in the open tables, not even its name.
pub(crate) fn gather(shared: &Shared<'_>, done: Vec<Done>) -> Result<Ingested, IngestError> {
    let (mut open, mut restricted) = (Made::default(), Made::default());
    let (mut files, mut set_aside) = (Vec::new(), 0);
    for file in done {
        set_aside += file.step.as_ref().map_or(0, |(_, notes)| notes.set_aside);
        let made = if file.class == Class::Restricted { &mut restricted } else { &mut open };
        files.push(made.add(file));
    }
    let sources = || open.sources.iter().chain(&restricted.sources);
    let rows_quarantined = sources().map(|source| source.rows_quarantined).sum();
    let published = sources().map(|s| (s.file_name.clone(), s.published_on, s.published_on_assumed)).collect();
    for (name, rows) in facts::reference_rows(shared.register) {
        let batch = facts::batch(name, &rows)?;
        open.parts.insert(name.to_owned(), vec![shared.writer.store().put(name, &batch.schema(), &[batch])?]);
    }
    let open = open.into_facts(shared.writer, Class::Official)?;
    let restricted = restricted.into_facts(shared.restricted, Class::Restricted)?;
    Ok(Ingested { open, restricted, files, rows_quarantined, set_aside, published })
}

impl Made {
    /// Adds a file, and gives its report back.
    fn add(&mut self, file: Done) -> crate::ingest::FileReport {
        let mut source_id = None;
        if let Some((step, notes)) = file.step {
            for (table, made) in step.tables {
                self.parts.entry(table).or_default().extend(made);
            }
            source_id = Some(notes.source.source_id.clone());
            self.sources.push(notes.source);
            self.accounts.extend(notes.accounts);
            let indicators = if notes.describes_only { &mut self.described } else { &mut self.indicators };
            for row in notes.indicators {
                indicators.entry(row.indicator_id.clone()).or_insert(row);
            }
        }
        self.input_rows.push(InputRow {
            file_name: file.found.name.clone(),
            sha256: file.sha256.clone(),
            bytes: file.bytes,
            outcome: file.report.outcome.id().to_owned(),
            source_id,
            message: file.report.message.clone(),
        });
        if file.report.outcome == Outcome::Ingested {
            self.ingested.push(file.found.name.clone());
        }
        self.inputs.push(lais_lake::Input { file_name: file.found.name, sha256: file.sha256 });
        file.report
    }

    /// The tables of a root; `highest` is the class of what lies there.
    fn into_facts(mut self, writer: &Writer, highest: Class) -> Result<Facts, IngestError> {
        // The row of a file that has figures holds before that of one that only describes them, whatever their
        // names; of two files of one kind the first by name does.
        for (id, row) in self.described {
            self.indicators.entry(id).or_insert(row);
        }
        let indicators: Vec<IndicatorRow> = self.indicators.into_values().collect();
        let mut put = |name: &str, batch: arrow::array::RecordBatch| -> Result<(), IngestError> {
            self.parts.insert(name.to_owned(), vec![writer.store().put(name, &batch.schema(), &[batch])?]);
            Ok(())
        };
        put("source", facts::batch("source", &self.sources)?)?;
        put("row_account", facts::batch("row_account", &self.accounts)?)?;
        put("input_file", facts::batch("input_file", &self.input_rows)?)?;
        put("indicator", facts::batch("indicator", &indicators)?)?;
        let is_restricted = highest == Class::Restricted;
        let mut tables = BTreeMap::new();
        for mut spec in facts::fact_tables() {
            if is_restricted && ACCOUNTING.contains(&spec.name) {
                spec.class = Class::Restricted;
            }
            if (spec.class == Class::Restricted) == is_restricted {
                tables.insert(spec.name.to_owned(), table(writer, &spec, &mut self.parts)?);
            }
        }
        Ok(Facts { tables, inputs: self.inputs, ingested: self.ingested })
    }
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
