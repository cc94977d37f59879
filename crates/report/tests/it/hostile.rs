//! Files that are no reports, damaged ones, and ones made to harm.

use std::time::Instant;

use lais_report::{Hint, Page, PdfText, TextLayer, Unreadable, read, read_pages};
use proptest::prelude::*;

use crate::pdf::{deflated, file, one_page, printing, stream};

const LINES: [&str; 6] = [
    "Inspection of Northmarsh local authority children's services",
    "Inspection dates: 4 to 15 March 2024",
    "Services for children are described in this report, which is an invented one.",
    "It has enough words on its page to be read as text and not to be taken for a picture.",
    "Children (and families) are helped early.",
    "What needs to improve?",
];

fn pages_of(bytes: &[u8]) -> Result<Vec<Page>, Unreadable> {
    PdfText.pages(bytes)
}

fn sound() -> Vec<u8> {
    file(&one_page(stream("/Filter /FlateDecode", &deflated(&printing(&LINES)))))
}

#[test]
fn a_page_of_text_is_read_line_by_line() {
    let pages = pages_of(&sound()).unwrap();
    let lines: Vec<String> = pages[0].lines.iter().map(lais_report::Line::text).collect();
    assert_eq!(lines, LINES);
}

#[test]
fn what_is_no_pdf_is_told_from_a_damaged_one() {
    assert_eq!(pages_of(b""), Err(Unreadable::Empty));
    assert_eq!(pages_of(b" \n"), Err(Unreadable::Empty));
    assert_eq!(pages_of(b"<!DOCTYPE html><html><head></head><body>cookies</body></html>"), Err(Unreadable::WebPage));
    assert_eq!(pages_of(b"PK\x03\x04 a spreadsheet"), Err(Unreadable::NotPdf));
    assert_eq!(pages_of(b"%PDF-1.7\n and nothing more"), Err(Unreadable::CutShort));
    assert_eq!(pages_of(b"%PDF-1.7\n and nothing more\n%%EOF\n"), Err(Unreadable::Damaged));
}

#[test]
fn a_file_that_is_cut_short_says_so_wherever_the_cut_is() {
    let whole = sound();
    for end in 9..whole.len() - 1 {
        let refused = pages_of(&whole[..end]).unwrap_err();
        assert_eq!(refused, Unreadable::CutShort, "cut at {end} of {}", whole.len());
    }
    assert!(Unreadable::CutShort.to_string().contains("cut short"));
    // Room that was kept for the rest of a download is no rest.
    let mut kept = whole[..whole.len() / 2].to_vec();
    kept.resize(whole.len(), 0);
    assert_eq!(pages_of(&kept), Err(Unreadable::CutShort));
}

#[test]
fn a_file_that_was_added_to_is_cut_short_where_the_addition_is() {
    let mut added = sound();
    assert!(pages_of(&added).is_ok());
    added.extend_from_slice(b"\n7 0 obj\n<< /Type /Annot >>\nend");
    assert_eq!(pages_of(&added), Err(Unreadable::CutShort));
}

#[test]
fn what_follows_the_end_without_being_an_object_is_left() {
    for after in ["\r\n\r\n", "\0\0\0\0", "\n-- sent by a server --\n"] {
        assert!(pages_of(&[&sound(), after.as_bytes()].concat()).is_ok(), "{after:?}");
    }
}

#[test]
fn a_page_that_was_changed_on_the_way_is_damage_wherever_it_is() {
    let (whole, packed) = (sound(), deflated(&printing(&LINES)));
    let from = whole.windows(packed.len()).position(|window| window == packed).unwrap();
    for at in from..from + packed.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        assert_eq!(pages_of(&changed), Err(Unreadable::Damaged), "byte {at}");
    }
}

#[test]
fn a_file_that_lost_a_part_is_damaged_wherever_the_part_was() {
    let whole = sound();
    let table = whole.windows(5).position(|window| window == b"xref\n").unwrap();
    for at in 9..table - 40 {
        let lost = [&whole[..at], &whole[at + 40..]].concat();
        assert_eq!(pages_of(&lost), Err(Unreadable::Damaged), "40 bytes at {at}");
        let mut emptied = whole.clone();
        emptied[at..at + 40].fill(0);
        assert_eq!(pages_of(&emptied), Err(Unreadable::Damaged), "40 zeros at {at}");
    }
}

/// The sound file with one more object behind its end, and a table for it.
fn added_to(object: &[u8]) -> Vec<u8> {
    let mut file = sound();
    // As some programs do, without a line between the end and what is added.
    file.truncate(file.trim_ascii_end().len());
    let before = file.windows(5).position(|window| window == b"xref\n").unwrap();
    let at = file.len();
    file.extend_from_slice(b"7 0 obj\n");
    file.extend_from_slice(object);
    file.extend_from_slice(b"\nendobj\n");
    let table = file.len();
    let trailer = format!(
        "xref\n7 1\n{at:010} 00000 n \ntrailer\n<< /Size 8 /Root 1 0 R /Prev {before} >>\nstartxref\n{table}\n%%EOF\n"
    );
    file.extend_from_slice(trailer.as_bytes());
    file
}

#[test]
fn words_of_objects_within_strings_names_comments_and_data_are_no_objects() {
    let packed = deflated(b"attached");
    let with = |before: &str, data: &[u8], after: &str| [before.as_bytes(), data, after.as_bytes()].concat();
    for object in [
        b"<< /Alt (Children in mainstream\nschools) >>".to_vec(),
        b"<< /Title (2 0 obj endobj \\) \\( stream) /Empty (\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0) >>".to_vec(),
        b"<< /A 1 % page stream\n /B 2 % endobj\n >>".to_vec(),
        b"<< /S <32206f626a> >>".to_vec(),
        with(
            "<< /Filter/FlateDecode /Subtype/application#2Foctet-stream /Length 16 >>\nstream\n",
            &packed,
            "\nendstream",
        ),
        with("<< /Subtype /octet-stream\n /Filter /FlateDecode >>\nstream\r\n", &packed, "\r\nendstream"),
        with("<< /Filter /FlateDecode >> stream \n", &packed, "endstream"),
        with("<< /Filter /FlateDecode >>\nstream\r", &packed, "\rendstream"),
        with("<< /Length 0 /Filter /FlateDecode >>\nstream\n", b"", "\nendstream"),
        with(
            "<< /Type /Metadata /Length 44 >>\nstream\n",
            b"<x>1 0 obj then endobj, stream and (more</x>   ",
            "\nendstream",
        ),
        with("<< /Length 36 >>\nstream\n", b"%PDF-1.4 1 0 obj endstream endobj ..", "endstream"),
    ] {
        let shown = String::from_utf8_lossy(&object).into_owned();
        assert!(pages_of(&added_to(&object)).is_ok(), "{shown}: {:?}", pages_of(&added_to(&object)));
    }
    let mut changed = deflated(b"attached, and changed on the way");
    changed[8] ^= 1;
    let long = format!("<< /A ({}) /Filter /FlateDecode >>\nstream\n", "x".repeat(20_000));
    assert_eq!(pages_of(&added_to(&with(&long, &changed, "\nendstream"))), Err(Unreadable::Damaged));
}

#[test]
fn bytes_before_the_head_and_behind_the_end_are_borne() {
    for before in ["\n", "HTTP/1.1 200 OK\r\n\r\n"] {
        assert!(pages_of(&[before.as_bytes(), &sound()].concat()).is_ok(), "{before:?}");
    }
    let counted_from_the_first_byte = {
        let file = String::from_utf8_lossy(&sound()).into_owned();
        let at: usize = file.split("startxref\n").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
        let mut bytes = b"\n".to_vec();
        let whole = sound();
        let word = whole.windows(10).rposition(|window| window == b"startxref\n").unwrap();
        bytes.extend_from_slice(&whole[..word]);
        bytes.extend_from_slice(format!("startxref\n{}\n%%EOF\n", at + 1).as_bytes());
        bytes
    };
    assert!(pages_of(&counted_from_the_first_byte).is_ok());
    let long = [sound(), b" ".repeat(5000), b"<!-- served by a machine -->".repeat(90)].concat();
    assert!(pages_of(&long).is_ok());
}

#[test]
fn a_protected_file_is_refused_with_what_to_do() {
    let text = String::from_utf8_lossy(&sound()).into_owned();
    let bytes = sound();
    let at = bytes.windows(8).rposition(|window| window == b"/Root 1 ").unwrap();
    let mut protected = bytes[..at].to_vec();
    protected.extend_from_slice(b"/Encrypt 9 0 R ");
    protected.extend_from_slice(&bytes[at..]);
    assert!(!text.contains("/Encrypt"));
    assert_eq!(pages_of(&protected), Err(Unreadable::Encrypted));
    assert!(Unreadable::Encrypted.to_string().contains("without protection"));
}

#[test]
fn a_page_without_text_is_told_to_be_scanned() {
    let drawing = b"0 0 m 500 700 l S".to_vec();
    assert_eq!(pages_of(&file(&one_page(stream("", &drawing)))), Err(Unreadable::NoText));
}

#[test]
fn letters_that_no_font_explains_are_not_guessed() {
    let mut objects = one_page(stream("", &printing(&LINES)));
    objects[4] =
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Secret /Encoding /Identity-H /DescendantFonts [] >>".to_vec();
    assert_eq!(pages_of(&file(&objects)), Err(Unreadable::Undecodable));
}

#[test]
fn a_file_that_unfolds_without_end_is_refused_before_it_does() {
    let bomb = deflated(&vec![b' '; 200 << 20]);
    assert!(bomb.len() < 300 << 10);
    let begun = Instant::now();
    assert_eq!(pages_of(&file(&one_page(stream("/Filter /FlateDecode", &bomb)))), Err(Unreadable::TooLarge));
    // The name is an escaped one, and the packing is packed again.
    let twice = deflated(&bomb);
    let chain = file(&one_page(stream("/Filter [/FlateDecode /Fl#61teDecode]", &twice)));
    assert_eq!(pages_of(&chain), Err(Unreadable::Unsupported));
    assert_eq!(pages_of(&file(&one_page(stream("/Filter /LZWDecode", b"abc")))), Err(Unreadable::Unsupported));
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn a_packing_that_a_mender_could_unfold_without_end_unfolds_to_nothing() {
    // A repetition of what is not there yet: decoders stop, menders go on with whatever follows.
    let mut damaged = vec![0x78, 0x9c, 0x02, 0x02];
    damaged.extend(std::iter::repeat_n(0xff, 200 << 10));
    let read = pages_of(&file(&one_page(stream("/Filter /FlateDecode", &damaged))));
    assert_eq!(read, Err(Unreadable::Damaged));
    // The name is an escaped one.
    let read = pages_of(&file(&one_page(stream("/Filter /Fl#61teDecode", &damaged))));
    assert_eq!(read, Err(Unreadable::NoText));
}

#[test]
fn rows_of_absurd_length_are_refused() {
    let parms = "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4611686018427387904 >>";
    assert_eq!(pages_of(&file(&one_page(stream(parms, &deflated(b"x"))))), Err(Unreadable::Unsupported));
    let by_reference = "/Filter /FlateDecode /DecodeParms 7 0 R";
    assert_eq!(pages_of(&file(&one_page(stream(by_reference, &deflated(b"x"))))), Err(Unreadable::Unsupported));
}

#[test]
fn a_tree_of_pages_that_loops_has_an_end() {
    let mut objects = one_page(stream("", &printing(&LINES)));
    objects[1] = b"<< /Type /Pages /Kids [3 0 R 2 0 R 3 0 R 2 0 R] /Count 900000 /Parent 2 0 R >>".to_vec();
    let pages = pages_of(&file(&objects)).unwrap();
    assert_eq!(pages.len(), 1);
}

#[test]
fn a_form_that_draws_itself_has_an_end() {
    let mut content = printing(&LINES);
    content.extend_from_slice(b"/X1 Do ");
    let mut objects = one_page(stream("", &content));
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X1 6 0 R >> >>";
    objects.push(stream(form, &b"/X1 Do /X1 Do /X1 Do /X1 Do ".repeat(40)));
    let begun = Instant::now();
    let read = pages_of(&file(&objects));
    assert!(matches!(read, Ok(_) | Err(Unreadable::TooLarge | Unreadable::TooSlow)), "{read:?}");
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

#[test]
fn objects_within_objects_within_objects_have_an_end() {
    for (open, close) in [("[", "]"), ("<< /A ", " >>"), ("(", ")")] {
        let deep = format!("{}{}", open.repeat(100_000), close.repeat(100_000));
        let mut content = printing(&LINES);
        content.extend_from_slice(deep.as_bytes());
        let mut objects = one_page(stream("", &content));
        objects[4] = format!("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Widths {deep} >>").into_bytes();
        let read = pages_of(&file(&objects));
        assert!(read.is_ok() || matches!(read, Err(Unreadable::NoText | Unreadable::Unsupported)), "{open}: {read:?}");
    }
}

#[test]
fn a_page_that_lists_one_stream_ten_thousand_times_prints_it_once() {
    let mut objects = one_page(stream("", &printing(&LINES)));
    let listed = "4 0 R ".repeat(10_000);
    objects[2] = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents [{listed}] /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    .into_bytes();
    assert_eq!(pages_of(&file(&objects)).unwrap()[0].lines.len(), LINES.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_give_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..2000), head in any::<bool>()) {
        let mut whole = if head { b"%PDF-1.7\n".to_vec() } else { Vec::new() };
        whole.extend(bytes);
        let _ = read(&whole, &Hint::default());
    }

    #[test]
    fn a_sound_file_with_any_bytes_changed_gives_an_answer(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = sound();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes, &Hint::default());
    }

    #[test]
    fn any_pages_give_an_answer(pages in proptest::collection::vec("(?s).{0,400}", 0..4)) {
        let pages: Vec<Page> = (1..).zip(&pages).map(|(number, text)| Page::from_text(number, text)).collect();
        let report = read_pages(&pages, &Hint::default());
        prop_assert!(report.statements.iter().all(|statement| !statement.text.is_empty()));
    }
}

/// The inputs of a fuzz target that are kept in the repository.
fn kept(target: &str) -> Vec<Vec<u8>> {
    let folder = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .join("../../tests/fuzz/corpus")
        .join(target);
    std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn every_text_that_fuzzing_kept_is_read_and_what_is_no_known_kind_says_nothing() {
    let kept = kept("pages");
    assert!(kept.len() > 100);
    for text in kept.iter().map(|bytes| String::from_utf8_lossy(bytes)) {
        let pages: Vec<_> = text.split('\u{c}').zip(1..).map(|(page, number)| Page::from_text(number, page)).collect();
        let report = read_pages(&pages, &Hint::default());
        assert!(report.kind().is_some() || report.judgements.is_empty(), "{text}");
    }
}
