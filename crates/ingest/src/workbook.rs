//! Tables somewhere in a workbook: sheets as rows of text, and the header found among them.

use jiff::civil::Date;
pub(crate) use lais_sheet::Sheet;

use crate::input::{Input, Refused};
use crate::table::RawTable;

/// Reads every sheet of a workbook.
///
/// # Errors
/// [`Refused`] where the file is cut short, damaged, encrypted, or larger than any that is published.
pub(crate) fn read_sheets(input: &Input) -> Result<Vec<Sheet>, Refused> {
    lais_sheet::read(&input.bytes).map_err(|error| Refused { file: input.name.clone(), reason: error.to_string() })
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
    lais_sheet::same_name(cell, name)
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
        Sheet { name: "S".to_owned(), rows, merged: Vec::new() }
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
