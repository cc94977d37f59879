//! The zip that a workbook is packed in, looked through before anything of it is kept.

use std::cell::Cell;
use std::io::{BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::SheetError;
use crate::limit::{
    LONGEST_PIECE, Limited, MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS, MOST_FILE_BYTES, MOST_HEAVY_ELEMENTS, MOST_PARTS,
    TOO_MANY_BYTES,
};

/// A workbook's parts.
pub(crate) type Package<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Elements of which a reader keeps far more than the bytes they take in the file.
const HEAVY: [&str; 12] = [
    "xf",
    "font",
    "fill",
    "border",
    "numFmt",
    "cellStyle",
    "dxf",
    "sheet",
    "definedName",
    "Relationship",
    "mergeCell",
    "table",
];

/// Elements that name a cell, a row or an area of a sheet, such as `A1:C3`.
const PLACED: [&str; 7] = ["c", "row", "dimension", "mergeCell", "table", "autoFilter", "f"];

/// The last row and column of a sheet, from 1.
const LAST_PLACE: (u64, u64) = (1_048_576, 16_384);

/// Opens the zip.
pub(crate) fn open(bytes: &[u8]) -> Result<Package<'_>, SheetError> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| match has_its_end(bytes) {
        true => SheetError::damaged(&error),
        false => SheetError::CutShort,
    })
}

/// Whether the record stands in its place with which every zip ends (APPNOTE.TXT, 4.3.16).
///
/// Behind its 22 bytes there may be a comment of at most 65,535.
fn has_its_end(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(22 + 65_535)..];
    tail.windows(4).any(|window| window == b"PK\x05\x06")
}

/// Whether the workbook is an OpenDocument one.
pub(crate) fn is_ods(bytes: &[u8]) -> Result<bool, SheetError> {
    let package = open(bytes)?;
    let has = |name: &str| package.index_for_name(name).is_some();
    match (has("content.xml"), has("[Content_Types].xml")) {
        (true, _) => Ok(true),
        (false, true) => Ok(false),
        (false, false) => Err(SheetError::NotAWorkbook),
    }
}

/// What was seen of a workbook while it was looked through.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    /// Whether a cell holds a formula.
    pub(crate) formulas: bool,
    /// Whether cells are merged.
    pub(crate) merged: bool,
}

/// Looks through every part of a workbook, keeping nothing, and refuses what would exhaust a machine.
pub(crate) fn check(bytes: &[u8]) -> Result<Seen, SheetError> {
    if bytes.len() > MOST_FILE_BYTES {
        return Err(SheetError::TooLarge(format!(
            "it has {} bytes, and no workbook of more than {MOST_FILE_BYTES} is read; save the table as CSV",
            bytes.len()
        )));
    }
    // The list of parts is counted before it is read: each entry costs far more in memory than in the file.
    let parts = bytes.windows(4).filter(|window| *window == b"PK\x01\x02").count();
    if parts > MOST_PARTS {
        return Err(SheetError::TooLarge(format!(
            "it is packed of {parts} parts, and a workbook has at most {MOST_PARTS}; download it again"
        )));
    }
    let mut package = open(bytes)?;
    let left = Cell::new(MOST_BYTES);
    let mut heavy = MOST_HEAVY_ELEMENTS;
    let mut seen = Seen::default();
    for i in 0..package.len() {
        let part = match package.by_index(i) {
            Ok(part) => part,
            // A part that is packed in another way is none that a table needs.
            Err(ZipError::UnsupportedArchive(_)) => continue,
            Err(error) => return Err(SheetError::damaged(&error)),
        };
        let name: String = part.name().map_or_else(|_| String::new(), |name| name.chars().take(80).collect());
        check_part(&name, part, &left, &mut heavy, &mut seen)?;
    }
    Ok(seen)
}

/// Reads a part to its end as XML; what is no XML is somebody else's to complain of.
fn check_part(
    name: &str,
    part: impl Read,
    left: &Cell<u64>,
    heavy: &mut u64,
    seen: &mut Seen,
) -> Result<(), SheetError> {
    let too_large = |what: &str| SheetError::TooLarge(format!("its part {name:?} {what}; download it again"));
    let mut reader = xml(Limited { inner: part, left });
    let (mut buffer, mut depth, mut elements) = (Vec::new(), 0_usize, 0_u64);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return Ok(()),
            Ok(Event::Start(element)) => {
                depth += 1;
                elements += 1;
                if depth > MOST_DEPTH {
                    return Err(too_large(&format!("has more than {MOST_DEPTH} elements within each other")));
                }
                if elements > MOST_ELEMENTS {
                    return Err(too_large(&format!("has more than {MOST_ELEMENTS} elements")));
                }
                match element.local_name().as_ref() {
                    "f" => seen.formulas = true,
                    "mergeCell" => seen.merged = true,
                    _ => {}
                }
                // Memory for the strings is asked for by the number that a workbook gives of them.
                if element.local_name().as_ref() == "sst" && claims_too_many(&element) {
                    return Err(too_large(&format!("says that it has more than {MOST_ELEMENTS} strings")));
                }
                if PLACED.contains(&element.local_name().as_ref()) && !is_on_a_sheet(&element) {
                    let what = format!("a place named in {name:?} is on no sheet, or an area ends before it begins");
                    return Err(SheetError::damaged(&what));
                }
                if HEAVY.contains(&element.local_name().as_ref()) {
                    *heavy = heavy.checked_sub(1).ok_or_else(|| {
                        too_large(&format!("has more than {MOST_HEAVY_ELEMENTS} styles, sheets and the like"))
                    })?;
                }
            }
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            Err(error) => {
                if error.to_string().contains(TOO_MANY_BYTES) {
                    return Err(too_large(&format!("unpacks to more than the {MOST_BYTES} bytes of a workbook")));
                }
                // Pictures are no XML; what does not parse here does not parse in earnest either.
                return Ok(());
            }
        }
        if buffer.len() > LONGEST_PIECE {
            return Err(too_large(&format!("has a piece of text of more than {LONGEST_PIECE} bytes")));
        }
    }
}

fn claims_too_many(strings: &BytesStart<'_>) -> bool {
    let claims = |count: &str| count.parse::<u128>().is_ok_and(|claimed| claimed > u128::from(MOST_ELEMENTS));
    let mut attributes = strings.attributes();
    attributes.with_checks(false).flatten().any(|a| a.key.as_ref().ends_with("Count") && claims(&a.value))
}

/// Whether what an element names is on a sheet; calamine would count beyond its numbers and take it for elsewhere.
fn is_on_a_sheet(element: &BytesStart<'_>) -> bool {
    let mut attributes = element.attributes();
    attributes.with_checks(false).flatten().filter(|a| matches!(a.key.as_ref(), "r" | "ref")).all(|attribute| {
        let places: Vec<(u64, u64)> = attribute.value.split(':').map(place).collect();
        let is_in_order = match places[..] {
            [(top, left), (bottom, right)] => top <= bottom && left <= right,
            _ => true,
        };
        let (last_row, last_column) = LAST_PLACE;
        is_in_order && places.iter().all(|(row, column)| *row <= last_row && *column <= last_column)
    })
}

/// The row and column of a cell's name such as `B12`, from 1, and 0 for the one that it lacks.
///
/// What is no such name is calamine's to refuse, and it counts its letters before it does.
fn place(name: &str) -> (u64, u64) {
    let digits = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
    let letters = name[..digits].bytes().filter(u8::is_ascii_alphabetic);
    let column = letters.fold(0_u64, |column, letter| {
        column.saturating_mul(26).saturating_add(u64::from(letter.to_ascii_uppercase() - b'@'))
    });
    let row = name[digits..].bytes().filter(u8::is_ascii_digit);
    let row = row.fold(0_u64, |row, digit| row.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    (row, column)
}

/// A reader of XML as calamine has it, so that both see the same elements.
pub(crate) fn xml<R: Read>(part: R) -> Reader<BufReader<R>> {
    let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, part));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    reader
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_xml_is_passed_over_and_elements_that_lie_too_deep_are_refused() {
        let check = |text: &[u8]| check_part("x.xml", text, &Cell::new(MOST_BYTES), &mut 3, &mut Seen::default());
        assert_eq!(check(b"\x89PNG\xff\x00<\xff"), Ok(()));
        assert_eq!(check(b"<a><b/>text &amp; more</a>"), Ok(()));
        assert!(check("<a>".repeat(300).as_bytes()).unwrap_err().to_string().contains("within each other"));
        assert!(check("<xf/>".repeat(5).as_bytes()).unwrap_err().to_string().contains("styles"));
    }

    #[test]
    fn a_place_on_no_sheet_and_an_area_that_ends_before_it_begins_are_damage() {
        let check = |text: &str| {
            check_part("s.xml", text.as_bytes(), &Cell::new(MOST_BYTES), &mut 3, &mut Seen::default()).is_err()
        };
        for area in ["C2:A3", "A3:C2", "$B$2:$A$9", "AA1:Z1"] {
            assert!(check(&format!("<dimension ref=\"{area}\"/>")), "{area}");
        }
        for cell in
            ["A1048577", "XFE1", "A99999999999999999999999", "AAAAAAAAAAAAAAAAAAAAAAAA1", "CnlineStr", "A1:elsewhere"]
        {
            assert!(check(&format!("<c r='{cell}'><v>1</v></c>")), "{cell}");
        }
        assert!(check("<row r='4294967297'/>") && !check("<row r='1048576'><c r='XFD1048576'/></row>"));
        for area in ["A1:C3", "B2", "Z1:AA1", "A:C", "1:3", ""] {
            assert!(!check(&format!("<mergeCell ref='{area}'/>")), "{area}");
        }
    }

    #[test]
    fn bytes_beyond_those_that_are_left_are_refused() {
        let refused = check_part("x.xml", "<a>some text</a>".as_bytes(), &Cell::new(10), &mut 3, &mut Seen::default())
            .unwrap_err();
        assert!(refused.to_string().contains("\"x.xml\" unpacks to more"), "{refused}");
    }
}
