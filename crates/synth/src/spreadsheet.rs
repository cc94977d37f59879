//! OpenDocument spreadsheets with text and days.

use std::fmt::Write as _;

use jiff::civil::Date;
use zip::result::ZipResult;

use crate::archive;

const TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

const NAMESPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
     xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
     xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
     xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
     xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" office:version=\"1.3\"";

/// The one style: days as people write them.
const STYLES: &str = "<office:automatic-styles><number:date-style style:name=\"N1\"><number:day number:style=\"long\"/>\
     <number:text>/</number:text><number:month number:style=\"long\"/><number:text>/</number:text>\
     <number:year number:style=\"long\"/></number:date-style><style:style style:name=\"day\" \
     style:family=\"table-cell\" style:data-style-name=\"N1\"/></office:automatic-styles>";

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(String),
    Day(Date),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A sheet's name and rows.
pub(crate) type Sheet = (&'static str, Vec<Vec<Cell>>);

/// The bytes of a spreadsheet.
///
/// Written here because a library that was tried orders its parts by chance and stamps them with the time of
/// the day, so that no two runs would give the same bytes.
///
/// # Errors
/// Where it is larger than an archive can be.
pub(crate) fn bytes(sheets: &[Sheet]) -> ZipResult<Vec<u8>> {
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let manifest = format!(
        "{declaration}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" \
         manifest:version=\"1.3\"><manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{TYPE}\"/>\
         <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
         </manifest:manifest>\n"
    );
    let mut content =
        format!("{declaration}<office:document-content {NAMESPACES}>{STYLES}<office:body><office:spreadsheet>\n");
    for sheet in sheets {
        write(&mut content, sheet);
    }
    content.push_str("</office:spreadsheet></office:body></office:document-content>\n");
    // A reader looks for the type in the first entry.
    archive::zip(&[
        ("mimetype", TYPE.as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

fn write(content: &mut String, (name, rows): &Sheet) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1).max(1);
    // Writing to a string cannot fail.
    let _ = writeln!(
        content,
        "<table:table table:name=\"{}\"><table:table-column table:number-columns-repeated=\"{columns}\"/>",
        escaped(name)
    );
    for row in rows {
        content.push_str("<table:table-row>");
        for cell in row {
            let _ = match cell {
                Cell::Text(text) if text.is_empty() => write!(content, "<table:table-cell/>"),
                Cell::Text(text) => write!(
                    content,
                    "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
                    escaped(text)
                ),
                Cell::Day(day) => write!(
                    content,
                    "<table:table-cell table:style-name=\"day\" office:value-type=\"date\" \
                     office:date-value=\"{day}T00:00:00\"><text:p>{}</text:p></table:table-cell>",
                    day.strftime("%d/%m/%Y")
                ),
            };
        }
        content.push_str("</table:table-row>\n");
    }
    content.push_str("</table:table>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn text_is_escaped_and_days_are_true_days() {
        let rows = vec![vec![Cell::from("a & b <c>"), Cell::Day(date(2025, 3, 31))]];
        let text = String::from_utf8(bytes(&[("S", rows)]).unwrap());
        let text = text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        assert!(text.contains("a &amp; b &lt;c&gt;"));
        assert!(text.contains("office:date-value=\"2025-03-31T00:00:00\"><text:p>31/03/2025<"));
    }
}
