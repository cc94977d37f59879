//! The review list as a person reads it: a document at a time, what was read of it, what is in doubt, what to do.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::settings::today;

/// The field of the line that says what was read, before the doubts.
const WHAT_WAS_READ: &str = "what-was-read";

/// What a person does with a document once it is looked at.
const HOW_TO_SETTLE: &str = "To settle a document, hold it against what was read, and add a CSV file such as this to the sources: a row for each
fact that was not found or is wrong, or one that confirms all of them. docs/pipelines.md, \"What waits in review\".";

/// The columns of a file of decisions, as `pipelines/review-decisions.toml` has them.
const HEADER: &str = "document,field,value,decided_on,why";

/// Writes the rows of `sql/status/review.sql`, which come a document at a time.
pub(crate) fn write(out: &mut impl Write, batches: &[RecordBatch]) -> anyhow::Result<()> {
    let mut document = None;
    // The first document, with the fields that have to be decided of it.
    let mut example: Option<(String, Vec<String>)> = None;
    for batch in batches {
        let options = FormatOptions::default();
        let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
        let columns: Vec<_> = columns.collect::<Result<_, _>>()?;
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            let cell = |name: &str| {
                let at = schema.fields().iter().position(|field| field.name() == name);
                at.map_or_else(String::new, |at| columns[at].value(row).to_string())
            };
            let this = (cell("file_name"), cell("source_row"), cell("authority"), cell("kind"));
            if document.as_ref() != Some(&this) {
                write_title(out, &this, &cell("started_on"), &cell("published_on"))?;
                document = Some(this);
            }
            match cell("field").as_str() {
                WHAT_WAS_READ => {
                    writeln!(out, "  document: {}\n  read: {}", cell("document"), cell("value"))?;
                    example.get_or_insert_with(|| (cell("document"), Vec::new()));
                }
                _ => {
                    let (decide, advice) = (cell("decide"), cell("advice"));
                    let fields = decide.replace(' ', " or ");
                    let fields = if decide.is_empty() { String::new() } else { format!(" (decide {fields})") };
                    writeln!(out, "  doubt: {}\n     do: {advice}{fields}", cell("reason"))?;
                    if let Some((_, fields)) = example.as_mut().filter(|(document, _)| *document == cell("document")) {
                        fields.extend(decide.split_whitespace().next().map(str::to_owned));
                    }
                }
            }
        }
    }
    if let Some((document, fields)) = example {
        writeln!(out, "\n{HOW_TO_SETTLE}\n  {HEADER}")?;
        let day = today();
        match fields.as_slice() {
            [] => writeln!(out, "  {document},confirmed,,{day},")?,
            fields => fields.iter().try_for_each(|field| writeln!(out, "  {document},{field},VALUE,{day},"))?,
        }
    }
    Ok(())
}

type Document = (String, String, String, String);

fn write_title(
    out: &mut impl Write,
    (file, row, authority, kind): &Document,
    started_on: &str,
    published_on: &str,
) -> anyhow::Result<()> {
    let or_unknown = |text: &str, what: &str| if text.is_empty() { format!("{what} unknown") } else { text.to_owned() };
    let mut parts = vec![or_unknown(authority, "authority"), or_unknown(kind, "kind")];
    parts.extend((!started_on.is_empty()).then(|| format!("began {started_on}")));
    parts.extend((!published_on.is_empty()).then(|| format!("published {published_on}")));
    writeln!(out, "\n{file}, row {row}\n  {}", parts.join(", "))?;
    Ok(())
}
