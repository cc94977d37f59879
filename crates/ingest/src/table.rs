//! A table as it was printed: a header and rows of text, each with its number in the file.

use crate::input::{self, Input, Refused};

/// The name of the column that holds each row's number; no published column is called so.
pub(crate) const SOURCE_ROW: &str = "\u{0}row";

/// A row that could not be read as a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    pub(crate) source_row: u32,
    pub(crate) value: String,
    pub(crate) message: String,
}

/// A table as printed.
#[derive(Clone, Debug)]
pub(crate) struct RawTable {
    /// Names of columns, trimmed; repeated names stay repeated.
    pub(crate) header: Vec<String>,
    /// A column of text for each name, and [`SOURCE_ROW`].
    pub(crate) columns: Vec<Vec<String>>,
    /// Row numbers: the header is 1.
    pub(crate) source_rows: Vec<u32>,
    /// Rows with another number of fields than the header.
    pub(crate) bad_rows: Vec<BadRow>,
}

impl RawTable {
    /// An empty table of these columns.
    pub(crate) fn new(header: Vec<String>) -> Self {
        let columns = vec![Vec::new(); header.len()];
        Self { header, columns, source_rows: Vec::new(), bad_rows: Vec::new() }
    }

    /// The place of a column by name.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The text of a cell; nothing where there is no such column.
    pub(crate) fn cell(&self, row: usize, column: Option<usize>) -> &str {
        column.map_or("", |column| self.columns[column][row].trim())
    }
}

/// The header of a CSV file: its first record, names trimmed.
///
/// # Errors
/// [`Refused`] where the text is damaged or there is no record.
pub(crate) fn csv_header(input: &Input, text: &str) -> Result<Vec<String>, Refused> {
    let mut reader = reader(text);
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => Ok(record.iter().map(|name| name.trim().to_owned()).collect()),
        Ok(false) => Err(Refused { file: input.name.clone(), reason: "it holds no row; download it again".to_owned() }),
        Err(error) => {
            Err(Refused { file: input.name.clone(), reason: format!("its first row cannot be read: {error}") })
        }
    }
}

/// Reads a CSV file; a row with another number of fields than the header is set aside.
///
/// # Errors
/// [`Refused`] where the text is damaged or the header names a column twice.
pub(crate) fn read_csv(input: &Input) -> Result<RawTable, Refused> {
    let text = input::decode(input)?;
    let header = csv_header(input, &text)?;
    let mut table = RawTable::new(header);
    let mut reader = reader(&text);
    let mut record = csv::StringRecord::new();
    let mut number = 0_u32;
    loop {
        number = number.saturating_add(1);
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(table),
            Ok(true) if number == 1 => {}
            Ok(true) if record.len() == table.header.len() => {
                table.source_rows.push(number);
                for (column, field) in table.columns.iter_mut().zip(&record) {
                    column.push(field.trim().to_owned());
                }
            }
            Ok(true) => table.bad_rows.push(ragged(number, &record, table.header.len())),
            Err(error) => {
                return Err(Refused {
                    file: input.name.clone(),
                    reason: format!("row {number} cannot be read: {error}"),
                });
            }
        }
    }
}

fn ragged(source_row: u32, record: &csv::StringRecord, expected: usize) -> BadRow {
    let value: String = record.iter().collect::<Vec<_>>().join(",").chars().take(200).collect();
    let swallowed = record.iter().map(|field| field.matches('\n').count()).max().unwrap_or(0);
    let message = if swallowed > 2 {
        format!(
            "a quotation mark in this row is never closed, so the {swallowed} lines after it were taken for one field; close it"
        )
    } else {
        format!(
            "the row has {} fields and the header {expected}; look for a comma that is not in quotation marks, or a row cut short",
            record.len()
        )
    };
    BadRow { source_row, value, message }
}

fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes())
}

/// The first column that a header names twice.
pub(crate) fn repeated(header: &[String]) -> Option<&str> {
    let mut seen = std::collections::HashSet::new();
    header.iter().find(|name| !seen.insert(name.as_str())).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> RawTable {
        read_csv(&Input { name: "a.csv".to_owned(), bytes: text.as_bytes().to_vec(), sha256: String::new() }).unwrap()
    }

    #[test]
    fn the_header_is_row_one_and_quoted_line_breaks_do_not_count() {
        let table = table("a,b\r\n1,\"x\ny\"\r\n2,z\r\n");
        assert_eq!(table.header, ["a", "b"]);
        assert_eq!(table.source_rows, [2, 3]);
        assert_eq!(table.cell(1, table.column("b")), "z");
    }

    #[test]
    fn a_row_of_another_length_is_set_aside_and_the_rest_kept() {
        let table = table("a,b\n1,2\n3\n4,5,6\n7,8\n");
        assert_eq!(table.source_rows, [2, 5]);
        assert_eq!(table.bad_rows.iter().map(|bad| bad.source_row).collect::<Vec<_>>(), [3, 4]);
        assert!(table.bad_rows[1].message.contains("3 fields"));
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_named() {
        let table = table("a,b\n1,2\n\"3,4\n5,6\n7,8\n9,10\n");
        assert_eq!(table.source_rows, [2]);
        assert!(table.bad_rows[0].message.contains("never closed"), "{:?}", table.bad_rows);
    }

    #[test]
    fn a_name_that_stands_twice_is_found() {
        assert_eq!(repeated(&["a".to_owned(), "b".to_owned(), "a".to_owned()]), Some("a"));
        assert_eq!(repeated(&["a".to_owned()]), None);
    }
}
