//! What a file looks like that is not of the family, and what may fit it.

use crate::ees;
use crate::input::Content;
use crate::pipeline::Pipeline;
use crate::recognise::Opened;
use crate::table::RawTable;

/// What a draft is made of, and where the rest is described.
const FAMILY: &str = "a draft is made from CSV files in the layout of Explore education statistics alone (time_period, time_identifier, geographic_level, places, then filters and figures)";

/// Why a file that is no table of text is refused.
pub(crate) fn of_content(content: Content, ending: &str) -> String {
    match content {
        Content::Workbook => format!(
            "it is a workbook; {FAMILY}. Describe its tables by hand with reader = \"tables\" (docs/pipelines.md, \"Tables in workbooks\"), or save the sheet that is in that layout as CSV"
        ),
        Content::Parquet => format!("it is a Parquet file; {FAMILY}"),
        Content::Pdf => {
            format!(
                "it is a PDF; {FAMILY}. Inspection reports need no draft, and prose that authorities share is read from .md and .txt"
            )
        }
        Content::Other(_) | Content::Text | Content::Prose => format!(
            "it is neither a CSV file nor a workbook by its name{}; {FAMILY}. If it is one, let its name end in .csv",
            if ending.is_empty() { String::new() } else { format!(" (.{ending})") }
        ),
    }
}

/// Why an opened file that is no table is refused.
pub(crate) fn of_opened(opened: &Opened) -> String {
    match opened {
        Opened::Document(_) => format!(
            "it is prose; {FAMILY}. Self-evaluations are read with reader = \"document\" (docs/pipelines.md, \"Documents of prose\")"
        ),
        Opened::Workbook(_) => of_content(Content::Workbook, ""),
        Opened::Parquet(_) => of_content(Content::Parquet, ""),
        Opened::Pdf(_) => of_content(Content::Pdf, ""),
        Opened::Csv(table) => of_table(table, None),
    }
}

/// Why a table without the layout's columns is refused.
pub(crate) fn of_table(table: &RawTable, known: Option<&Pipeline>) -> String {
    if let Some(known) = known {
        return format!("the pipeline {} recognises it already, so it needs no draft; {FAMILY}", known.id);
    }
    let header = &table.header;
    let missing: Vec<&str> =
        ees::NEEDED.into_iter().filter(|name| !header.iter().any(|column| column == name)).collect();
    if let [only] = header.as_slice() {
        let separator = [(';', "semicolons"), ('\t', "tabs"), ('|', "upright strokes")]
            .into_iter()
            .find(|(c, _)| only.contains(*c));
        if let Some((_, separator)) = separator {
            return format!("its columns are separated by {separator}; save it with commas");
        }
    }
    let has = |names: &[&str]| names.iter().all(|name| header.iter().any(|column| ees::plain(column) == *name));
    let looks = if has(&["indicator_id", "indicator_name", "area_code", "time_period"]) {
        "it looks like an export of Fingertips"
    } else if has(&["observation"]) {
        "it looks like a table of the census"
    } else if has(&["col_name", "col_type", "label"]) {
        "it is the description (.meta.csv) that goes with a data file; draft the data file"
    } else {
        "it is in another layout"
    };
    let shown: Vec<String> = header.iter().take(8).map(|name| super::toml_text::shortened(name, 40)).collect();
    let more =
        if header.len() > shown.len() { format!(" and {} more", header.len() - shown.len()) } else { String::new() };
    format!(
        "{looks}: it has no column {} (its columns are {}{more}); {FAMILY}. Tables of inspections, neighbours and signals are described by hand with reader = \"tables\" (docs/pipelines.md)",
        missing.join(", "),
        super::toml_text::remark(&shown.join(", "))
    )
}
