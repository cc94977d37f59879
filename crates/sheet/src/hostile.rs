//! Workbooks that were made to mislead or to exhaust a machine: each is read or refused, with the place named.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::{SheetError, read};

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
const ODS_HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>"#;
const ODS_FOOT: &str = "</office:spreadsheet></office:body></office:document-content>";
const XLSX_NAMES: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;

/// A piece of a part, written so many times.
type Piece<'a> = (&'a str, usize);

/// A zip of parts, each of pieces that are written one after the other.
fn packed(parts: &[(&str, &[Piece<'_>])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, pieces) in parts {
        zip.start_file(*name, options).unwrap();
        for (piece, times) in *pieces {
            (0..*times).for_each(|_| zip.write_all(piece.as_bytes()).unwrap());
        }
    }
    zip.finish().unwrap().into_inner()
}

fn ods(content: &[Piece<'_>]) -> Vec<u8> {
    let content: Vec<Piece<'_>> = [&[(ODS_HEAD, 1)], content, &[(ODS_FOOT, 1)]].concat();
    packed(&[
        ("mimetype", &[(MIMETYPE, 1)]),
        ("META-INF/manifest.xml", &[("<manifest:manifest/>", 1)]),
        ("content.xml", &content),
    ])
}

fn ods_of(sheet: &str) -> Vec<u8> {
    ods(&[("<table:table table:name=\"S\">", 1), (sheet, 1), ("</table:table>", 1)])
}

/// A row of one cell of text.
fn ods_of_cell(text: &str) -> Vec<u8> {
    ods_of(&format!(
        "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell></table:table-row>"
    ))
}

/// A workbook of one sheet of the newer form, with what its parts hold.
fn xlsx(sheet: &[Piece<'_>], strings: &str, styles: &str) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let root = format!(
        r#"<Relationships><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let workbook =
        format!(r#"<workbook {XLSX_NAMES}><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#);
    let sheets = format!(
        r#"<Relationships><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    packed(&[
        ("[Content_Types].xml", &[("<Types/>", 1)]),
        ("_rels/.rels", &[(&root, 1)]),
        ("xl/workbook.xml", &[(&workbook, 1)]),
        ("xl/_rels/workbook.xml.rels", &[(&sheets, 1)]),
        ("xl/sharedStrings.xml", &[(strings, 1)]),
        ("xl/styles.xml", &[(styles, 1)]),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn xlsx_of(rows: &str) -> Vec<u8> {
    let head = format!("<worksheet {XLSX_NAMES}><sheetData>");
    let styles = format!(
        r#"<styleSheet {XLSX_NAMES}><numFmts count="1"><numFmt numFmtId="170" formatCode="0.00\%"/></numFmts><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"#
    );
    xlsx(&[(&head, 1), (rows, 1), ("</sheetData></worksheet>", 1)], "<sst/>", &styles)
}

const EMPTY_SHEET: &str = "<worksheet><sheetData/></worksheet>";

fn refusal(bytes: &[u8]) -> String {
    let refused = read(bytes).map(|sheets| sheets.len());
    match refused {
        Err(error) => error.to_string(),
        Ok(sheets) => unreachable!("{sheets} sheets were read"),
    }
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    read(bytes).unwrap().remove(0).rows
}

#[test]
fn cells_of_an_open_document_are_text_as_a_reader_sees_them() {
    let sheet = r#"<table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>Two <text:span>words</text:span></text:p><text:p>and more</text:p></table:table-cell><table:covered-table-cell/><table:table-cell office:value-type="string" office:string-value=""><office:annotation><text:p>a note</text:p></office:annotation><text:p>A&amp;B&#160;</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"/>
<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="percentage" office:value="0.207"><text:p>21%</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1234"><text:p>1,234</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="-0.5"/><table:table-cell office:value-type="date" office:date-value="2025-03-31T00:00:00"/><table:table-cell office:value-type="float" office:value="0"><text:p>#N/A</text:p></table:table-cell><table:table-cell table:formula="of:=[.A1]+1"/><table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/></table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let read = read(&ods_of(sheet)).unwrap();
    let row = ["20.7%", "1234", "-0.5", "-0.5", "2025-03-31", "#N/A", "=[.A1]+1", "2"];
    assert_eq!(read[0].rows, [vec!["Two words\nand more", "", "A&B"], vec![], vec![], row.to_vec(), row.to_vec()]);
    assert_eq!((read[0].merged[0].first_column, read[0].merged[0].last_column), (0, 1));
}

#[test]
fn cells_of_the_newer_form_are_text_as_a_reader_sees_them() {
    let sheet = r#"<row r="2"><c r="B2" t="inlineStr"><is><t>text</t></is></c><c r="C2" s="1"><v>0.207</v></c><c r="D2" s="2"><v>0.05</v></c><c r="E2" s="3"><v>45747</v></c><c r="F2" s="4"><v>20.7</v></c><c r="G2" t="e"><v>#REF!</v></c><c r="H2"><f>H1+5</f></c><c r="I2"><f>1+1</f><v>2</v></c><c r="J2" t="str"><f>""</f><v></v></c><c r="K2"><v>304905.44</v></c><c r="L2"><v>7</v></c></row>"#;
    let expected = ["", "text", "20.7%", "5%", "2025-03-31", "20.7", "#REF!", "=H1+5", "2", "", "304905.44", "7"];
    assert_eq!(rows(&xlsx_of(sheet)), [vec![], expected.to_vec()]);
}

#[test]
fn a_workbook_that_unpacks_to_more_than_any_is_refused() {
    let bomb = ods(&[(&" ".repeat(1 << 20), 300)]);
    assert!(bomb.len() < 1 << 20);
    assert!(refusal(&bomb).contains("content.xml"), "{}", refusal(&bomb));
    let bomb = xlsx(&[(&"<a/>".repeat(1 << 18), 250)], "<sst/>", "<styleSheet/>");
    assert!(refusal(&bomb).contains("sheet1.xml\" has more than 10000000 elements"), "{}", refusal(&bomb));
}

#[test]
fn what_is_repeated_without_end_costs_nothing_if_it_is_blank_and_is_refused_if_it_is_not() {
    let blank = r#"<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    assert_eq!(rows(&ods_of(blank)), [["a"]]);
    let filled = blank.replace(
        "<table:table-cell table:number-columns-repeated=\"16384\"/>",
        "<table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/>",
    );
    assert!(
        refusal(&ods_of(&filled)).contains("its sheet \"S\" reaches beyond 2500000 cells"),
        "{}",
        refusal(&ods_of(&filled))
    );
    for number in ["18446744073709551615", "99999999"] {
        let huge = blank
            .replace("1048575", number)
            .replace("16384\"/>", &format!("{number}\" office:value-type=\"float\" office:value=\"1\"/>"));
        assert!(refusal(&ods_of(&huge)).contains("\"S\""), "{}", refusal(&ods_of(&huge)));
    }
    assert!(refusal(&ods_of(&blank.replace("16384", "-1"))).contains("damaged"));
}

#[test]
fn two_cells_at_far_corners_are_refused_before_the_rectangle_between_them_is_made() {
    let corners = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    assert_eq!(rows(&xlsx_of(corners)).len(), 1_048_576);
    let many: String = (1..400).map(|row| format!(r#"<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>"#)).collect();
    assert!(refusal(&xlsx_of(&many)).contains("reaches beyond"), "{}", refusal(&xlsx_of(&many)));
    let beyond = r#"<row r="1"><c r="A9999999"><v>1</v></c></row>"#;
    assert!(refusal(&xlsx_of(beyond)).contains("\"S\"") || refusal(&xlsx_of(beyond)).contains("damaged"));
}

#[test]
fn a_sheet_of_a_million_empty_rows_is_an_empty_sheet() {
    let empty: String = (1..=1_048_576).map(|row| format!("<row r=\"{row}\"/>")).collect();
    assert!(rows(&xlsx_of(&empty)).is_empty());
}

#[test]
fn a_cell_of_ten_million_characters_is_refused_with_its_sheet_and_row() {
    let long = "x".repeat(3 << 20);
    let cell = format!("<row r=\"7\"><c r=\"A7\" t=\"inlineStr\"><is><t>{long}</t></is></c></row>");
    assert!(refusal(&xlsx_of(&cell)).contains("in row 7"));
    assert!(refusal(&ods_of_cell(&long)).contains("\"S\" has a cell of more than 1048576 bytes in row 1"));
    assert!(refusal(&ods_of_cell(&"x".repeat(10_000_000))).contains("content.xml"));
}

#[test]
fn elements_within_elements_without_end_are_refused() {
    let deep = ods(&[("<table:table>", 100_000)]);
    assert!(
        refusal(&deep).contains("content.xml\" has more than 200 elements within each other"),
        "{}",
        refusal(&deep)
    );
    assert!(refusal(&xlsx_of(&"<a>".repeat(100_000))).contains("within each other"));
}

#[test]
fn an_entity_of_the_files_own_is_fetched_from_nowhere() {
    let names =
        "<!DOCTYPE x [<!ENTITY own SYSTEM \"file:///etc/passwd\"><!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
    for entity in ["&own;", "&b;"] {
        let sheet = format!(
            "{names}<worksheet {XLSX_NAMES}><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{entity}</t></is></c></row></sheetData></worksheet>"
        );
        let workbook = xlsx(&[(&sheet, 1)], "<sst/>", "<styleSheet/>");
        assert!(refusal(&workbook).contains("damaged"), "{}", refusal(&workbook));
        assert!(refusal(&ods_of_cell(entity)).contains("refers to"), "{}", refusal(&ods_of_cell(entity)));
    }
}

#[test]
fn numbers_that_ask_for_memory_are_not_believed() {
    for count in ["99999999999", "18446744073709551615"] {
        let strings = format!("<sst count=\"1\" uniqueCount=\"{count}\"><si><t>a</t></si></sst>");
        let workbook = xlsx(&[(EMPTY_SHEET, 1)], &strings, "<styleSheet/>");
        assert!(refusal(&workbook).contains("sharedStrings.xml\" says that it has more"), "{}", refusal(&workbook));
    }
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(400_000));
    let workbook = xlsx(&[(EMPTY_SHEET, 1)], "<sst/>", &styles);
    assert!(refusal(&workbook).contains("styles.xml"), "{}", refusal(&workbook));
}

#[test]
fn one_long_text_in_many_cells_is_refused_before_it_is_copied_too_often() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1_000_000));
    let cells: String =
        (1..1000).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>")).collect();
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let workbook = xlsx(&[(&sheet, 1)], &strings, "<styleSheet/>");
    assert!(refusal(&workbook).contains("bytes of text by row"), "{}", refusal(&workbook));
}

#[test]
fn an_encrypted_workbook_says_so() {
    let manifest = "<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
    let encrypted = packed(&[
        ("mimetype", &[(MIMETYPE, 1)]),
        ("META-INF/manifest.xml", &[(manifest, 1)]),
        ("content.xml", &[("\u{1}\u{2}", 1)]),
    ]);
    assert_eq!(read(&encrypted), Err(SheetError::Encrypted));
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage").unwrap().write_all(b"secret").unwrap();
    assert_eq!(read(&file.into_inner().into_inner()), Err(SheetError::Encrypted));
}

#[test]
fn what_is_no_workbook_or_is_cut_off_is_refused() {
    assert_eq!(read(b"a,b\n1,2\n"), Err(SheetError::NotAWorkbook));
    assert_eq!(read(&packed(&[("a.txt", &[("a", 1)])])), Err(SheetError::NotAWorkbook));
    let whole = ods_of_cell("1");
    for end in [10, whole.len() / 2, whole.len() - 22] {
        assert_eq!(read(&whole[..end]), Err(SheetError::CutShort), "{end} of {}", whole.len());
    }
    let open = ods(&[("<table:table table:name=\"S\"><table:table-row>", 1)]);
    assert!(refusal(&open).contains("damaged"), "{}", refusal(&open));
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/WordDocument").unwrap().write_all(b"words").unwrap();
    assert_eq!(read(&file.into_inner().into_inner()), Err(SheetError::NotAWorkbook));
}

/// A workbook of the older form: the records of its globals and of one sheet.
fn xls(sheet: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let record = |kind: u16, body: &[u8]| {
        let length = u16::try_from(body.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], body].concat()
    };
    let begin = |of: u16| record(0x0809, &[&[0, 6][..], &of.to_le_bytes()[..], &[0; 12]].concat());
    let globals = begin(5);
    let name = |at: usize| {
        let at = u32::try_from(at).unwrap();
        record(0x85, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'S']].concat())
    };
    let start = globals.len() + name(0).len() + record(0x0a, &[]).len();
    let mut stream = [globals, name(start), record(0x0a, &[]), begin(0x10)].concat();
    for (kind, body) in sheet {
        stream.extend(record(*kind, body));
    }
    stream.extend(record(0x0a, &[]));
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    file.into_inner().into_inner()
}

fn number(row: u16, column: u16, value: f64) -> (u16, Vec<u8>) {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    (0x0203, [place, value.to_le_bytes().to_vec()].concat())
}

#[test]
fn a_workbook_of_the_older_form_is_read_and_one_that_reaches_too_far_is_refused() {
    let label = (0x0204, [&[0, 0, 0, 0, 0, 0, 4, 0, 0][..], b"Code"].concat());
    assert_eq!(rows(&xls(&[label, number(1, 1, 20.5)])), [vec!["Code"], vec!["", "20.5"]]);
    let far = xls(&[number(0, 0, 1.0), number(65_535, 255, 1.0)]);
    assert!(refusal(&far).contains("reaches beyond"), "{}", refusal(&far));
    let claimed = (0x0200, [&0_u32.to_le_bytes()[..], &u32::MAX.to_le_bytes()[..], &[0, 0, 0xff, 0xff, 0, 0]].concat());
    assert!(refusal(&xls(&[claimed])).contains("further than it can"));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let _ = read(&bytes);
        let _ = read(&[&b"PK\x03\x04"[..], &bytes].concat());
        let _ = read(&[&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &bytes].concat());
    }

    #[test]
    fn any_content_is_read_or_refused_without_a_panic(
        content in "(<table:table table:name=\"[a&;]\">|</table:table>|<table:table-row( table:number-rows-repeated=\"[0-9]{0,3}\")?>|</table:table-row>|<table:table-cell( office:value-type=\"(float|date|string|percentage)\")?( office:value=\"[-0-9.e]{0,6}\")?/?>|</table:table-cell>|<text:p>[a-z&;]{0,3}</text:p>){0,30}",
    ) {
        let _ = read(&ods(&[(&content, 1)]));
        let _ = read(&xlsx_of(&content));
    }

    #[test]
    fn a_damaged_workbook_of_the_older_form_is_read_or_refused_without_a_panic(
        blows in proptest::collection::vec((0_usize..1 << 16, proptest::num::u8::ANY), 1..12),
    ) {
        let label = (0x0204, [&[0, 0, 0, 0, 0, 0, 4, 0, 0][..], b"Code"].concat());
        let small = xls(&[label, number(1, 1, 20.5)]);
        // A stream of more than a sector's worth of small ones lies in sectors of its own.
        let large = xls(&(0..400).map(|row| number(row, 0, 1.0)).collect::<Vec<_>>());
        for mut bytes in [small, large] {
            for (place, byte) in &blows {
                let place = place % bytes.len();
                bytes[place] = *byte;
            }
            let _ = read(&bytes);
        }
    }
}
