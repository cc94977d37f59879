//! Whether all of a PDF is there: it ends as one does, its parts begin and end in turn, and what is packed unpacks.
//!
//! The reader mends what it can, which is wrong here: of a report that lost a page, it would read the others as if
//! they were all. Each of 984 published reports ends with its marker, is built of objects in turn, and each of
//! their 24,096 packed streams has the right sum behind it.

use std::sync::LazyLock;

use memchr::memmem::{find, rfind};
use regex::bytes::Regex;

/// Within how many last bytes the marker of the end stands (ISO 32000-1, Annex H, implementation note 18).
const END_WITHIN: usize = 1024;

/// How long the dictionary before a stream may be.
const DICTIONARY_WITHIN: usize = 8 << 10;

/// As many empty bytes in a row stand nowhere but in data: something was cut out there.
const GAP: &[u8] = &[0; 16];

/// What an object and the data within it begin and end with (ISO 32000-1, 7.3.8 and 7.3.10).
static ENDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?-u)([0-9]\s+[0-9]+\s+obj\b)|(endobj)|(endstream)|(stream\r?\n)"));

/// Where the table of objects begins (ISO 32000-1, 7.5.5).
static TABLE_AT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)startxref\s+([0-9]{1,9})\s"));

/// What the table of objects begins with: its name, or the object that holds it (ISO 32000-1, 7.5.4 and 7.5.8).
static TABLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)^\s*(xref|[0-9]+\s+[0-9]+\s+obj)\b"));

/// A pattern over bytes that is written in the program.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern that is written in the program is valid")
}

/// Whether the file ends with its marker, and nothing but odds and ends behind it.
///
/// A file that was added to has several markers; behind the last of them no further object may begin.
pub(super) fn has_its_end(bytes: &[u8]) -> bool {
    let filled = bytes.iter().rposition(|byte| !byte.is_ascii_whitespace() && *byte != 0).map_or(0, |last| last + 1);
    let tail = &bytes[filled.saturating_sub(END_WITHIN)..filled];
    rfind(tail, b"%%EOF").is_some_and(|marker| find(&tail[marker..], b" obj").is_none())
}

/// Whether the table of objects begins where the file's end says: it does not where bytes were lost before it.
pub(super) fn has_its_table(bytes: &[u8]) -> bool {
    // Some files have a few bytes before their head, and count from there.
    let bytes = &bytes[find(bytes, b"%PDF-").unwrap_or(0)..];
    let at = rfind(bytes, b"startxref")
        .and_then(|word| TABLE_AT.captures(&bytes[word..]))
        .and_then(|said| std::str::from_utf8(said.get(1)?.as_bytes()).ok()?.parse().ok());
    at.and_then(|at: usize| bytes.get(at..)).is_some_and(|table| TABLE.is_match(&table[..table.len().min(64)]))
}

/// Whether every object, and the data in it, ends before the next begins.
pub(super) fn is_built_in_turn(bytes: &[u8]) -> bool {
    let (mut place, mut from) = (Place::Between, 0);
    for found in ENDS.captures_iter(bytes) {
        let Some(whole) = found.get(0) else { continue };
        if place != Place::Data && find(&bytes[from..whole.start()], GAP).is_some() {
            return false;
        }
        place = match (place, (1..=4).find(|group| found.get(*group).is_some())) {
            (Place::Between, Some(1)) => Place::Object,
            (Place::Object | Place::Behind, Some(2)) => Place::Between,
            (Place::Data, Some(3)) => Place::Behind,
            (Place::Object, Some(4)) => Place::Data,
            _ => return false,
        };
        from = whole.end();
    }
    place == Place::Between
}

/// Where in a PDF one is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between objects.
    Between,
    /// In an object.
    Object,
    /// In an object's data.
    Data,
    /// Behind an object's data.
    Behind,
}

/// Whether the dictionary that ends here says that a packed stream follows.
pub(super) fn is_said_to_be_packed(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(DICTIONARY_WITHIN)..];
    rfind(near, b" obj").is_some_and(|object| find(&near[object..], b"/FlateDecode").is_some())
}
