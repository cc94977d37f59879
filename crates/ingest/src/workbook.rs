//! Tables somewhere in a workbook: sheets as rows of text, and the header found among them.

use std::io::Cursor;

use calamine::{Data, DataType as _, Reader as _, Sheets, Xlsx, XlsxError, open_workbook_auto_from_rs};
use jiff::civil::Date;

use crate::input::{Input, Refused};
use crate::table::RawTable;

/// The most cells that a sheet may span; the largest published one at hand has 0.4 million.
const MOST_CELLS: u64 = 20_000_000;

/// A sheet as rows of text.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<String>>,
}

/// Reads every sheet of a workbook.
///
/// # Errors
/// [`Refused`] where the file is cut short or damaged.
pub(crate) fn read_sheets(input: &Input) -> Result<Vec<Sheet>, Refused> {
    let refuse = |reason: String| Refused { file: input.name.clone(), reason };
    let damaged =
        |e: &dyn std::fmt::Display| refuse(format!("it is a damaged or cut-off workbook ({e}); download it again"));
    let mut workbook = open_workbook_auto_from_rs(Cursor::new(&input.bytes)).map_err(|e| damaged(&e))?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        // A sheet is held as a rectangle, and two cells at its far corners ask for half a terabyte.
        if let Sheets::Xlsx(xlsx) = &mut workbook {
            let cells = rectangle(xlsx, &name).map_err(|e| damaged(&e))?;
            if cells > MOST_CELLS {
                return Err(refuse(format!(
                    "its sheet {name:?} spans {cells} cells; remove what stands far from the table"
                )));
            }
        }
        let range = workbook.worksheet_range(&name).map_err(|e| damaged(&e))?;
        // Rows and columns before the first used cell are part of the sheet's numbering.
        let (top, left) = range.start().map_or((0, 0), |(row, column)| (row as usize, column as usize));
        let mut rows = vec![Vec::new(); top];
        rows.extend(range.rows().map(|row| {
            let mut cells = vec![String::new(); left];
            cells.extend(row.iter().map(text_of));
            cells
        }));
        sheets.push(Sheet { name, rows });
    }
    Ok(sheets)
}

/// Cells of the rectangle that a sheet's used cells span.
fn rectangle<R: std::io::Read + std::io::Seek>(xlsx: &mut Xlsx<R>, sheet: &str) -> Result<u64, XlsxError> {
    let mut cells = xlsx.worksheet_cells_reader(sheet)?;
    let (mut rows, mut columns) = (0, 0);
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        rows = rows.max(u64::from(row) + 1);
        columns = columns.max(u64::from(column) + 1);
    }
    Ok(rows * columns)
}

/// A cell as text: dates as ISO days, whole numbers without a point.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::DateTime(_) | Data::DateTimeIso(_) => {
            let day = cell.as_date().map(|date| date.to_string());
            day.or_else(|| cell.as_string()).unwrap_or_default()
        }
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => other.to_string().trim().to_owned(),
    }
}

/// The first row of a sheet that holds all cells of a header and none that must be absent.
pub(crate) fn header_row(sheet: &Sheet, header: &[String], absent: &[String]) -> Option<usize> {
    let has = |row: &[String], name: &String| row.iter().any(|cell| same_header(cell, name));
    sheet
        .rows
        .iter()
        .position(|row| header.iter().all(|name| has(row, name)) && !absent.iter().any(|name| has(row, name)))
}

/// The table whose header is this row; its rows run to the last that is not empty before `end`.
///
/// A row's number counts from the header, which is 1. Repeated header names stay repeated. Where another table's
/// header stands at `end`, the lines of one cell above that header are its title and not rows of this table.
pub(crate) fn table_at(sheet: &Sheet, at: usize, end: usize) -> RawTable {
    let filled_cells = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count();
    let mut end = end.min(sheet.rows.len());
    if end < sheet.rows.len() {
        while end > at + 1 && filled_cells(&sheet.rows[end - 1]) == 1 {
            end -= 1;
        }
    }
    let names: Vec<String> = sheet.rows[at].iter().map(|name| squeeze(name)).collect();
    let mut table = RawTable::new(names);
    let filled = sheet.rows[..end].iter().rposition(|row| filled_cells(row) > 0).unwrap_or(at);
    for (offset, row) in sheet.rows[at + 1..=filled.max(at)].iter().enumerate() {
        table.source_rows.push(u32::try_from(offset + 2).unwrap_or(u32::MAX));
        for (column, cells) in table.columns.iter_mut().enumerate() {
            cells.push(row.get(column).cloned().unwrap_or_default());
        }
    }
    table
}

/// Whether a header cell is the one meant, whatever its case, line breaks, spaces and notes such as `[note 5]`.
///
/// The name may be several, with ` | ` between: publishers word their headers anew from year to year.
pub(crate) fn same_header(cell: &str, name: &str) -> bool {
    // Compared letter by letter: every row of a large sheet is held against every header.
    name.split(" | ").any(|name| plain(name).eq(plain(cell)))
}

/// The letters of a header cell in lower case, words with one space between, without a note's mark.
fn plain(text: &str) -> impl Iterator<Item = char> {
    let text = text.find("[note").map_or(text, |at| &text[..at]);
    let spaced = text.split_whitespace().enumerate().flat_map(|(i, word)| {
        let space = (i > 0).then_some(' ');
        space.into_iter().chain(word.chars())
    });
    spaced.flat_map(char::to_lowercase)
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of the cell to the right of one with this label, in any sheet.
pub(crate) fn cell_after<'a>(sheets: &'a [Sheet], label: &str) -> Option<&'a str> {
    sheets.iter().flat_map(|sheet| &sheet.rows).find_map(|row| {
        let at = row.iter().position(|cell| squeeze(cell) == label)?;
        row.get(at + 1).map(String::as_str)
    })
}

/// The day that follows some words in any cell, such as `as at 31 March 2025`; the words may be several, with ` | `
/// between.
pub(crate) fn day_after(sheets: &[Sheet], words: &str) -> Option<Date> {
    let after = |words: &str| {
        sheets.iter().flat_map(|sheet| &sheet.rows).flatten().find_map(|cell| {
            let rest = squeeze(cell).split_once(words)?.1.trim().to_owned();
            let day: Vec<&str> = rest.split(' ').take(3).collect();
            read_day(&day.join(" "))
        })
    };
    words.split(" | ").find_map(after)
}

/// A day as publishers write it: `2025-03-31`, with or without a time, `31/03/2025` or `31 March 2025`.
pub(crate) fn read_day(text: &str) -> Option<Date> {
    let text = text.trim().trim_end_matches(['.', ',']);
    let iso = text.get(..10).and_then(|day| day.parse::<Date>().ok());
    let strptime = |format| Date::strptime(format, text).ok();
    // Two figures of a year are tried before four, which would take 25 for the year 25.
    let formats = ["%d/%m/%y", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"];
    iso.or_else(|| formats.into_iter().find_map(strptime)).filter(|day| day.year() >= 1900)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        Sheet { name: "S".to_owned(), rows }
    }

    #[test]
    fn a_table_is_found_below_its_title_and_numbered_from_its_header() {
        let sheet = sheet(&[
            &["A title"],
            &[],
            &["Code", " Inspection\n date "],
            &["E1", "2024-01-02"],
            &[],
            &["E2", ""],
            &["", ""],
        ]);
        let at = header_row(&sheet, &["Code".to_owned(), "inspection date | Day".to_owned()], &[]).unwrap();
        let table = table_at(&sheet, at, sheet.rows.len());
        assert_eq!(table.source_rows, [2, 3, 4]);
        assert_eq!(table.cell(0, table.column("Inspection date")), "2024-01-02");
        assert!(header_row(&sheet, &["Code".to_owned()], &["Inspection date".to_owned()]).is_none());
    }

    #[test]
    fn a_table_ends_above_the_title_of_the_next() {
        let sheet = sheet(&[&["Code", "A"], &["E1", "1"], &[], &["Table 2"], &["Code", "B"], &["E2", "2"]]);
        assert_eq!(table_at(&sheet, 0, 4).source_rows, [2]);
        assert_eq!(table_at(&sheet, 4, 6).cell(0, Some(0)), "E2");
    }

    #[test]
    fn days_are_read_as_publishers_write_them() {
        for text in ["2025-03-31", "2025-03-31 00:00:00", "31/03/2025", "31/03/25", "31 March 2025", "31 Mar 2025."] {
            assert_eq!(read_day(text), Some(date(2025, 3, 31)), "{text}");
        }
        for text in ["", "31/13/2025", "31 March 25", "soon", "2025", "é1 March 2025"] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn a_workbook_says_of_which_day_it_speaks() {
        let sheets = [sheet(&[&["Outcomes as at 31 March 2025"], &["Published on:", "2025-09-25"]])];
        assert_eq!(day_after(&sheets, "as at"), Some(date(2025, 3, 31)));
        assert_eq!(cell_after(&sheets, "Published on:"), Some("2025-09-25"));
    }
}
