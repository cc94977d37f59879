//! Workbooks of the older binary form, through calamine once their extent is known.

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};
use std::panic::catch_unwind;

use calamine::{Reader as _, Xls, XlsError};

use crate::Sheet;
use crate::budget::Budget;
use crate::cell::text_of;
use crate::error::SheetError;
use crate::limit::MOST_FILE_BYTES;
use crate::xlsx::merged;

/// Reads every sheet.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    if bytes.len() > MOST_FILE_BYTES {
        return Err(SheetError::TooLarge(format!(
            "it has {} bytes, and no workbook of more than {MOST_FILE_BYTES} is read; save the table as CSV",
            bytes.len()
        )));
    }
    let stream = records(bytes)?;
    check(&stream)?;
    // calamine believes that every record is as long as its kind should be, and panics where one is not.
    let read = || sheets(&stream);
    catch_unwind(read).unwrap_or_else(|_| Err(SheetError::damaged(&"a record is shorter than it should be")))
}

fn sheets(stream: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let mut workbook: Xls<_> = Xls::new(alone(stream)?).map_err(told)?;
    let mut budget = Budget::new();
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).map_err(told)?;
        let mut sheet = Sheet { name, ..Sheet::default() };
        let (top, left) = range.start().map_or((0, 0), |(row, column)| (row as usize, column as usize));
        for (row, column, cell) in range.used_cells() {
            // This form's formats are not told, so a share shown in per cent stays a share.
            budget.put(&sheet.name, &mut sheet.rows, top + row, left + column, text_of(cell, false))?;
        }
        let areas = workbook.merge_cells_by_sheet_name(&sheet.name).map_err(told)?;
        sheet.merged = areas.into_iter().map(merged).collect();
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Gives the workbook's records, out of the compound file that holds them.
fn records(bytes: &[u8]) -> Result<Vec<u8>, SheetError> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| SheetError::damaged(&e))?;
    if file.exists("/EncryptedPackage") {
        return Err(SheetError::Encrypted);
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.exists(name)).ok_or(SheetError::NotAWorkbook)?;
    let mut stream = Vec::new();
    let opened = file.open_stream(name).map_err(|e| SheetError::damaged(&e))?;
    opened.take(MOST_FILE_BYTES as u64).read_to_end(&mut stream).map_err(|e| SheetError::damaged(&e))?;
    Ok(stream)
}

/// Puts the records alone into a compound file of our own.
///
/// calamine reads the container by itself, may see other records in a damaged one than those that were looked
/// through, and panics where a sector lies beyond the end.
fn alone(stream: &[u8]) -> Result<Cursor<Vec<u8>>, SheetError> {
    let written = || {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new()))?;
        file.create_stream("/Workbook")?.write_all(stream)?;
        file.flush()?;
        Ok(file.into_inner())
    };
    written().map_err(|e: std::io::Error| SheetError::damaged(&e))
}

/// Refuses sheets that reach too far: they are held as rectangles.
fn check(stream: &[u8]) -> Result<(), SheetError> {
    let extents = Extents::of(stream)?;
    let mut budget = Budget::new();
    for (number, start) in extents.sheets.iter().enumerate() {
        // A sheet that begins in the middle of another would be read as something that nobody wrote.
        let cells = extents.cells.get(start).ok_or_else(|| SheetError::damaged(&"a sheet does not begin"))?;
        budget.take_cells(&format!("number {}", number + 1), *cells)?;
    }
    Ok(())
}

/// Where sheets are said to begin, and how far what begins there reaches.
#[derive(Default)]
struct Extents {
    sheets: Vec<usize>,
    cells: HashMap<usize, usize>,
}

impl Extents {
    /// Walks the records of a stream, each of a kind, a length and as many bytes.
    fn of(stream: &[u8]) -> Result<Self, SheetError> {
        let mut extents = Self::default();
        let (mut at, mut depth, mut start, mut rows, mut columns) = (0, 0_usize, 0, 0, 0);
        while let Some([k0, k1, l0, l1]) = stream.get(at..at + 4) {
            let kind = u16::from_le_bytes([*k0, *k1]);
            let next = at + 4 + usize::from(u16::from_le_bytes([*l0, *l1]));
            let body = stream.get(at + 4..next).unwrap_or_default();
            match (kind, body) {
                (FILE_PASS, [b0, b1, ..]) if (*b0, *b1) != (0, 0) => return Err(SheetError::Encrypted),
                (SHEET, [a, b, c, d, ..]) => {
                    extents.sheets.push(u32::from_le_bytes([*a, *b, *c, *d]) as usize);
                }
                (BEGIN, _) => {
                    if depth == 0 {
                        (start, rows, columns) = (at, 0, 0);
                    }
                    depth += 1;
                }
                (END, _) => {
                    depth = depth.saturating_sub(1);
                    extents.cells.insert(start, rows * columns);
                }
                (EXTENT, body) => extent(body)?,
                (kind, [r0, r1, c0, c1, rest @ ..]) if CELLS.contains(&kind) => {
                    rows = rows.max(usize::from(u16::from_le_bytes([*r0, *r1])) + 1);
                    columns = columns.max(usize::from(u16::from_le_bytes([*c0, *c1])) + 1);
                    // A record of several cells ends with its last column.
                    if let (true, [.., c0, c1]) = (kind == SEVERAL, rest) {
                        columns = columns.max(usize::from(u16::from_le_bytes([*c0, *c1])) + 1);
                    }
                }
                _ => {}
            }
            at = next;
        }
        extents.cells.insert(start, rows * columns);
        Ok(extents)
    }
}

/// Refuses an extent for which memory would be asked at once though nothing lies in it.
fn extent(body: &[u8]) -> Result<(), SheetError> {
    let pair = |at: usize| body.get(at..at + 2).map(|b| u32::from(u16::from_le_bytes([b[0], b[1]])));
    let four = |at: usize| body.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let ends =
        if body.len() >= 14 { [four(0), four(4), pair(8), pair(10)] } else { [pair(0), pair(2), pair(4), pair(6)] };
    match ends {
        [Some(top), Some(bottom), Some(left), Some(right)]
            if top <= bottom && left <= right && bottom <= 65_536 && right <= 256 =>
        {
            Ok(())
        }
        _ => Err(SheetError::damaged(&"a sheet says that it reaches further than it can")),
    }
}

/// Kinds of records: an encrypted stream, a sheet's name and place, where it begins and ends, how far it says that
/// it reaches, several cells, and all that hold cells.
const FILE_PASS: u16 = 0x2f;
const SHEET: u16 = 0x85;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x0a;
const EXTENT: u16 = 0x0200;
const SEVERAL: u16 = 0xbd;
const CELLS: [u16; 8] = [0x06, 0xbd, 0xd6, 0xfd, 0x203, 0x204, 0x205, 0x27e];

fn told(error: XlsError) -> SheetError {
    match error {
        XlsError::Password => SheetError::Encrypted,
        other => SheetError::damaged(&other),
    }
}
