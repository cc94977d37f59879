//! A table as it was printed: a header and rows of text, each with its number in the file.

use lais_sheet::Sheet;

use crate::ees;
use crate::input::{self, Input, Refused};

/// The name of the column that holds each row's number; no published column is called so.
pub(crate) const SOURCE_ROW: &str = "\u{0}row";

/// The most fields that a row may have: as many as a sheet has columns.
const MOST_FIELDS_A_ROW: usize = 16_384;
/// The length of a line from which its fields are counted before it is read.
const LONG_LINE: usize = 1 << 20;
/// The most fields of a file, blank ones counted.
const MOST_FIELDS: usize = 20_000_000;
/// The most rows, and the most fields of rows, of another length than the first.
const MOST_BAD_ROWS: usize = 300_000;
const MOST_BAD_FIELDS: usize = 2_500_000;

/// A row that could not be read as a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    pub(crate) source_row: u32,
    pub(crate) value: String,
    pub(crate) message: String,
    /// Its fields, as far as it has any.
    pub(crate) fields: Vec<String>,
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
    /// The last row, where the file ends within it: what was to follow may be missing.
    pub(crate) ends_within: Option<u32>,
}

impl RawTable {
    /// An empty table of these columns.
    pub(crate) fn new(header: Vec<String>) -> Self {
        let columns = vec![Vec::new(); header.len()];
        Self { header, columns, source_rows: Vec::new(), bad_rows: Vec::new(), ends_within: None }
    }

    /// Whether the first row may not be the header: it has a gap, or rows of another length follow.
    pub(crate) fn has_doubtful_header(&self) -> bool {
        !self.bad_rows.is_empty() || self.header.iter().any(String::is_empty)
    }

    /// The rows in their order, as far as this number.
    pub(crate) fn as_sheet(&self, last: u32) -> Sheet {
        let mut rows: Vec<(u32, Vec<String>)> = vec![(1, self.header.clone())];
        let bad = self.bad_rows.iter().take_while(|bad| bad.source_row <= last);
        rows.extend(bad.map(|bad| (bad.source_row, bad.fields.clone())));
        let row = |at: usize| self.columns.iter().map(|column| column[at].clone()).collect();
        let read = self.source_rows.iter().take_while(|number| **number <= last).enumerate();
        rows.extend(read.map(|(at, number)| (*number, row(at))));
        rows.sort_by_key(|(number, _)| *number);
        let rows = rows.into_iter().map(|(_, cells)| cells).collect();
        Sheet { rows, ..Sheet::default() }
    }

    /// Adds a record, or sets it aside where it has another number of fields than the header.
    fn push(&mut self, number: u32, record: &csv::StringRecord) {
        if record.len() != self.header.len() {
            self.bad_rows.push(ragged(number, record, self.header.len()));
            return;
        }
        self.source_rows.push(number);
        for (column, field) in self.columns.iter_mut().zip(record) {
            column.push(field.trim().to_owned());
        }
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
        Ok(true) => Ok(ees::with_known_keys(record.iter().map(|name| name.trim().to_owned()).collect())),
        Ok(false) => Err(Refused { file: input.name.clone(), reason: "it holds no row; download it again".to_owned() }),
        Err(error) => {
            Err(Refused { file: input.name.clone(), reason: format!("its first row cannot be read: {error}") })
        }
    }
}

/// Reads a CSV file; a row with another number of fields than the header is set aside.
///
/// In a statistical file (one with [`ONE_LINE_A_ROW`]) no cell holds a line break: where one seems to,
/// a quotation mark was not closed, and the file is read again line by line, so that the mark spoils
/// its own line and no other.
///
/// # Errors
/// [`Refused`] where the text is damaged.
pub(crate) fn read_csv(input: &Input) -> Result<RawTable, Refused> {
    let text = input::decode(input)?;
    refuse_rows_without_end(input, &text)?;
    let mut table = read_records(input, &text)?;
    table.ends_within = last_row_cut(&text, &table);
    let is_statistical = ONE_LINE_A_ROW.iter().all(|name| table.column(name).is_some());
    let is_broken = |cell: &String| cell.contains(['\n', '\r']);
    let broken =
        table.columns.iter().flatten().any(is_broken) || table.bad_rows.iter().any(|bad| is_broken(&bad.value));
    if !(is_statistical && broken) {
        return Ok(table);
    }
    // What the open mark swallowed may be most of the file; it goes before the file is read again.
    let header = table.header.clone();
    drop(table);
    Ok(read_lines(&text, header))
}

/// The last row, where it has some of the fields of a row and no end of its line.
fn last_row_cut(text: &str, table: &RawTable) -> Option<u32> {
    let last = table.bad_rows.last().filter(|_| !text.ends_with(['\n', '\r']))?;
    let is_last = table.source_rows.last().is_none_or(|row| *row < last.source_row);
    let fields = last.fields.len();
    // A line of text below a table is one field, or two.
    (is_last && fields > 2 && fields < table.header.len()).then_some(last.source_row)
}

/// Refuses a file with a row of more fields than any table has, before memory is asked for each of them.
fn refuse_rows_without_end(input: &Input, text: &str) -> Result<(), Refused> {
    for (line, number) in text.split(['\n', '\r']).zip(1_u32..).filter(|(line, _)| line.len() > LONG_LINE) {
        let fields = line.bytes().filter(|b| *b == b',').count();
        if fields > MOST_FIELDS_A_ROW {
            let reason = format!(
                "its line {number} has {fields} commas, and a row has at most {MOST_FIELDS_A_ROW} fields; it is no table"
            );
            return Err(Refused { file: input.name.clone(), reason });
        }
    }
    Ok(())
}

/// Columns of the statistical layout in which a row is one line.
const ONE_LINE_A_ROW: [&str; 2] = ["time_period", "geographic_level"];

/// Reads a table of which each line is a row.
fn read_lines(text: &str, header: Vec<String>) -> RawTable {
    let mut table = RawTable::new(header);
    let lines = text.split(['\n', '\r']).filter(|line| !line.is_empty());
    let mut reader = LineReader::new();
    for (line, number) in lines.zip(1_u32..).skip(1) {
        let is_closed = line.bytes().filter(|byte| *byte == b'"').count() % 2 == 0;
        match is_closed.then(|| reader.read(line)).flatten() {
            Some(record) => table.push(number, &record),
            None => table.bad_rows.push(BadRow {
                source_row: number,
                value: line.chars().take(200).collect(),
                message: "a quotation mark in this row is never closed; close or remove it".to_owned(),
                fields: Vec::new(),
            }),
        }
    }
    table
}

/// Reads lines as records, each by itself; a reader of its own for each would be made anew for every line.
struct LineReader {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl LineReader {
    fn new() -> Self {
        Self { reader: csv_core::Reader::new(), text: Vec::new(), ends: Vec::new() }
    }

    fn read(&mut self, line: &str) -> Option<csv::StringRecord> {
        self.reader.reset();
        // Fields are no longer than the line, and no more than its commas part.
        self.text.clear();
        self.text.resize(line.len(), 0);
        self.ends.resize(line.bytes().filter(|byte| *byte == b',').count() + 1, 0);
        let (_, _, written, mut fields) = self.reader.read_record(line.as_bytes(), &mut self.text, &mut self.ends);
        fields += self.reader.read_record(&[], &mut self.text[written..], &mut self.ends[fields..]).3;
        let text = std::str::from_utf8(&self.text).ok()?;
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).take(fields).map(|(start, end)| text.get(start..*end)).collect()
    }
}

fn read_records(input: &Input, text: &str) -> Result<RawTable, Refused> {
    let header = csv_header(input, text)?;
    let mut table = RawTable::new(header);
    let mut reader = reader(text);
    let mut record = csv::StringRecord::new();
    let (mut number, mut fields, mut bad_fields) = (0_u32, 0_usize, 0_usize);
    let too_large = |reason: String| Err(Refused { file: input.name.clone(), reason });
    loop {
        number = number.saturating_add(1);
        let read = reader.read_record(&mut record);
        fields += record.len();
        if fields > MOST_FIELDS {
            return too_large(format!("it has more than {MOST_FIELDS} fields by row {number}; split it"));
        }
        if record.len() != table.header.len() {
            bad_fields += record.len();
        }
        if table.bad_rows.len() > MOST_BAD_ROWS || bad_fields > MOST_BAD_FIELDS {
            return too_large(format!(
                "by row {number} more than {MOST_BAD_ROWS} rows or {MOST_BAD_FIELDS} fields stand in rows of another length than the first, which has {}; if titles stand above the table, take them out",
                table.header.len()
            ));
        }
        match read {
            Ok(false) => return Ok(table),
            Ok(true) if number == 1 => {}
            Ok(true) => table.push(number, &record),
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
    let message = format!(
        "the row has {} fields and the header {expected}; look for a comma that is not in quotation marks, or a row cut short",
        record.len()
    );
    let fields = record.iter().map(|field| field.trim().to_owned()).collect();
    BadRow { source_row, value, message, fields }
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
    fn a_quotation_mark_that_is_never_closed_spoils_its_own_line_only() {
        let table = table("time_period,geographic_level,x\n1,a,2\n\"3,b,4\n5,c,6\n7,d\",8\n9,\"e\",10\n");
        assert_eq!(table.source_rows, [2, 4, 6]);
        assert_eq!(table.cell(2, table.column("geographic_level")), "e");
        let bad: Vec<_> =
            table.bad_rows.iter().map(|bad| (bad.source_row, bad.message.contains("never closed"))).collect();
        assert_eq!(bad, [(3, true), (5, true)]);
    }

    #[test]
    fn a_file_that_asks_for_more_than_a_table_needs_is_refused_with_the_place() {
        let refused = |text: String| {
            let input = Input { name: "a.csv".to_owned(), bytes: text.into_bytes(), sha256: String::new() };
            read_csv(&input).map(|table| table.source_rows.len()).unwrap_err().to_string()
        };
        assert!(refused(format!("a,b\n{}", ",".repeat(2 << 20))).contains("line 2 has 2097152 commas"));
        assert!(refused(format!("a,b\n{}", "1\n".repeat(400_000))).contains("by row 300003"));
        assert!(refused(format!("a,b\n{}", "1,2,3,4,5,6,7,8,9,10\n".repeat(260_000))).contains("2500000 fields"));
    }

    #[test]
    fn a_long_field_a_field_never_closed_and_a_byte_of_nothing_are_read() {
        let long = table(&format!("a,b\n1,\"{}\"\n", "x".repeat(10_000_000)));
        assert_eq!(long.cell(0, Some(1)).len(), 10_000_000);
        assert_eq!(table(&format!("a,b\n1,\"{}", "x,y\n".repeat(1000))).source_rows, [2]);
        assert_eq!(table("a,b\n1,\0\n").cell(0, Some(1)), "\0");
    }

    proptest::proptest! {
        #[test]
        fn a_line_is_the_record_that_a_reader_of_its_own_would_read(lines in proptest::collection::vec("[a\",; é]{1,12}", 1..4)) {
            let mut one_for_all = LineReader::new();
            for line in lines {
                let mut record = csv::StringRecord::new();
                reader(&line).read_record(&mut record).unwrap();
                proptest::prop_assert_eq!(one_for_all.read(&line), Some(record), "{:?}", line);
            }
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_found() {
        assert_eq!(repeated(&["a".to_owned(), "b".to_owned(), "a".to_owned()]), Some("a"));
        assert_eq!(repeated(&["a".to_owned()]), None);
    }
}
