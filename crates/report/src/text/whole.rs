//! Whether all of a PDF is there: it ends as one does, its objects begin and end in turn, and what is packed unpacks.
//!
//! The reader mends what it can, which is wrong here: of a report that lost a page, it would read the others as if
//! they were all. Of 984 published reports each passes, with 24,096 packed streams whose sum is right.

use std::sync::LazyLock;

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem::{find, rfind};
use regex::bytes::Regex;

/// As many empty bytes in a row stand in no object but in its data and strings: something was cut out there.
const GAP: usize = 16;

/// What all data together may unpack to, in bytes; what the gate counts comes to less.
const MOST_UNPACKED: u64 = 32 << 20;

/// Where the table of objects begins (ISO 32000-1, 7.5.5).
static TABLE_AT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)startxref\s+([0-9]{1,9})\s"));

/// What the table of objects begins with: its name, or the object that holds it (ISO 32000-1, 7.5.4 and 7.5.8).
static TABLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)^\s*(xref|[0-9]+\s+[0-9]+\s+obj)\b"));

/// The length of an object's data, where it is no reference to one (ISO 32000-1, 7.3.8.2).
static LENGTH: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?-u)/Length\s+([0-9]{1,9})\s*(/|>>|\s[^0-9\s])"));

/// A pattern over bytes that is written in the program.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern that is written in the program is valid")
}

/// Whether the file ends with its marker, and no object begins behind it (ISO 32000-1, 7.5.5).
///
/// A file that was added to has several markers; odds and ends of a server behind the last are no harm.
pub(super) fn has_its_end(bytes: &[u8]) -> bool {
    rfind(bytes, b"%%EOF").is_some_and(|marker| find(&bytes[marker..], b" obj").is_none())
}

/// Whether nothing between the file's head and its end was lost or changed, as far as it can be told.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    has_its_table(bytes) && is_built_in_turn(bytes)
}

/// Whether the table of objects begins where the file's end says: it does not where bytes were lost before it.
fn has_its_table(bytes: &[u8]) -> bool {
    let at = rfind(bytes, b"startxref")
        .and_then(|word| TABLE_AT.captures(&bytes[word..]))
        .and_then(|said| std::str::from_utf8(said.get(1)?.as_bytes()).ok()?.parse::<usize>().ok());
    // Some files have a few bytes before their head, and some of these count from it.
    let origins = [0, find(bytes, b"%PDF-").unwrap_or(0)];
    at.is_some_and(|at| {
        let tables = origins.iter().filter_map(|origin| bytes.get(origin + at..));
        tables.into_iter().any(|table| TABLE.is_match(&table[..table.len().min(64)]))
    })
}

/// Whether every object ends before the next begins, and what is said to be packed can be unpacked.
fn is_built_in_turn(bytes: &[u8]) -> bool {
    let (Some(head), Some(end)) = (find(bytes, b"%PDF-"), rfind(bytes, b"%%EOF")) else { return false };
    let mut parts = Parts { bytes: &bytes[..end], at: head };
    let mut object: Option<usize> = None;
    let mut unpacked = 0;
    let mut is_behind_dictionary = false;
    while let Some(part) = parts.next() {
        match (part, object) {
            (Part::Word(b"obj"), None) => object = Some(parts.at),
            (Part::Word(b"endobj"), Some(_)) => object = None,
            (Part::Word(b"stream"), Some(from)) if is_behind_dictionary => {
                let dictionary = &bytes[from..parts.at];
                let Some(data) = parts.data(dictionary) else { return false };
                if find(dictionary, b"/FlateDecode").is_some() && !unpacks(data, &mut unpacked) {
                    return false;
                }
                // What stands behind the data is another's dictionary.
                object = Some(parts.at);
            }
            (Part::Word(b"obj" | b"endobj") | Part::Gap, _) => return false,
            _ => {}
        }
        is_behind_dictionary = part == Part::DictionaryEnd;
    }
    object.is_none()
}

/// Whether packed data, or none, unpack to their end and have the right sum there, within what may be unpacked.
fn unpacks(data: &[u8], unpacked: &mut u64) -> bool {
    if data.iter().all(u8::is_ascii_whitespace) {
        return true;
    }
    let mut decoder = Decompress::new(true);
    let mut sink = vec![0; 64 << 10];
    loop {
        let (read, made) = (decoder.total_in(), decoder.total_out());
        let rest = usize::try_from(read).ok().and_then(|read| data.get(read..)).unwrap_or_default();
        match decoder.decompress(rest, &mut sink, FlushDecompress::None) {
            Ok(Status::StreamEnd) => {
                *unpacked += decoder.total_out();
                return *unpacked <= MOST_UNPACKED;
            }
            Ok(_) if *unpacked + decoder.total_out() > MOST_UNPACKED => return false,
            Ok(_) if decoder.total_out() > made || decoder.total_in() > read => {}
            Ok(_) | Err(_) => return false,
        }
    }
}

/// What a file is built of, outside strings, comments and data.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part<'b> {
    /// A name, a number or a keyword.
    Word(&'b [u8]),
    DictionaryEnd,
    /// Emptiness where nothing empty can be, or a string without an end.
    Gap,
    /// Anything else.
    Other,
}

/// Goes through a file part by part (ISO 32000-1, 7.2).
struct Parts<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Parts<'b> {
    fn next(&mut self) -> Option<Part<'b>> {
        let bytes = self.bytes;
        let blank = bytes[self.at..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0);
        let (blank, empty) = blank.fold((0, 0), |(all, empty), byte| (all + 1, empty + usize::from(*byte == 0)));
        self.at += blank;
        if empty >= GAP {
            return Some(Part::Gap);
        }
        let rest = &bytes[self.at..];
        let (part, length) = match rest {
            [] => return None,
            // What is added to a file may stand right behind its end.
            [b'%', b'%', b'E', b'O', b'F', ..] => (Part::Other, 5),
            [b'%', ..] => (Part::Other, rest.iter().position(|byte| b"\r\n".contains(byte)).unwrap_or(rest.len())),
            [b'(', ..] => string(rest).map_or((Part::Gap, rest.len()), |length| (Part::Other, length)),
            [b'<', b'<', ..] => (Part::Other, 2),
            [b'>', b'>', ..] => (Part::DictionaryEnd, 2),
            [b'<', ..] => match rest.iter().position(|byte| *byte == b'>') {
                Some(end) if rest[1..end].iter().all(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace()) => {
                    (Part::Other, end + 1)
                }
                _ => (Part::Gap, rest.len()),
            },
            [b')' | b'>' | b'[' | b']' | b'{' | b'}', ..] => (Part::Other, 1),
            // A slash begins a name, which is a word with it.
            _ => {
                let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\0()<>[]{}/%".contains(byte);
                let length = rest[1..].iter().position(is_end).map_or(rest.len(), |end| end + 1);
                (Part::Word(&rest[..length]), length)
            }
        };
        self.at += length;
        Some(part)
    }

    /// The data behind the keyword that was just passed; goes on behind them. Nothing where they have no end.
    fn data(&mut self, dictionary: &[u8]) -> Option<&'b [u8]> {
        let rest = &self.bytes[self.at..];
        let spaces = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let break_at = &rest[spaces..];
        let breaks = if break_at.starts_with(b"\r\n") {
            2
        } else {
            usize::from(break_at.starts_with(b"\n") || break_at.starts_with(b"\r"))
        };
        let data = &rest[spaces + breaks..];
        let said = LENGTH
            .captures(dictionary)
            .and_then(|said| std::str::from_utf8(said.get(1)?.as_bytes()).ok()?.parse::<usize>().ok());
        let is_end = |length: &usize| {
            data.get(*length..).is_some_and(|after| after.trim_ascii_start().starts_with(b"endstream"))
        };
        let length = said.filter(is_end).or_else(|| find(data, b"endstream"))?;
        let end = length + find(&data[length..], b"endstream")? + b"endstream".len();
        self.at += spaces + breaks + end;
        Some(&data[..length])
    }
}

/// How long a string in round brackets is; nothing where it does not end (ISO 32000-1, 7.3.4.2).
fn string(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}
