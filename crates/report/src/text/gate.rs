//! What a PDF must be before its reader may open it: whole, open, and no larger than a report can be.
//!
//! The reader has no limit on what it unfolds. Every place where a stream can begin is therefore unfolded here
//! first, counted and thrown away, whatever the objects say of it; packings whose size cannot be told that way
//! are refused. Of 985 published reports, the largest is 0.9 MB and unfolds to 2.5 MB, and none uses another
//! packing than deflate for its text.

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem::find;

use super::{Unreadable, whole};

/// The largest file that is read, in bytes.
const MAX_FILE: usize = 16 << 20;

/// What all streams of a file together may unfold to, in bytes.
const MAX_UNFOLDED: usize = 16 << 20;

/// One byte of deflate cannot give more bytes than this.
const MOST_PER_BYTE: usize = 1032;

/// Begins a deflate block of the reserved type: every decoder ends there with nothing.
const RESERVED_BLOCK: u8 = 0xff;

/// How deep dictionaries may lie within each other; the reader asks the outer ones again for each inner one.
const MAX_NESTED: usize = 200;

/// How many streams without an end are borne; each makes the reader search the rest of the file.
const MAX_UNENDED: usize = 64;

/// Lets a file through that the reader can open within its limits; a stream that could unfold without limit is
/// spoilt on the way, so that it unfolds to nothing.
///
/// # Errors
///
/// Says what the file is instead.
pub(super) fn admit(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let head = &bytes[..bytes.len().min(2048)];
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    if find(head, b"%PDF-").is_none() {
        let lower = head.to_ascii_lowercase();
        let web = [&b"<!doctype html"[..], b"<html", b"<head", b"<?xml"].iter().any(|tag| find(&lower, tag).is_some());
        return Err(if web { Unreadable::WebPage } else { Unreadable::NotPdf });
    }
    if bytes.len() > MAX_FILE {
        return Err(Unreadable::TooLarge);
    }
    if !whole::has_its_end(bytes) {
        return Err(Unreadable::CutShort);
    }
    names(bytes)?;
    let mut nested = Nested::default();
    if nested.is_too_deep(bytes) {
        return Err(Unreadable::Unsupported);
    }
    let spoilt = streams(bytes)?;
    if !whole::is_whole(bytes) {
        return Err(Unreadable::Damaged);
    }
    let mut bytes = bytes.to_vec();
    for at in spoilt {
        bytes[at] = RESERVED_BLOCK;
    }
    Ok(bytes)
}

/// How deep dictionaries lie within each other, over pieces of data.
#[derive(Default)]
struct Nested {
    depth: usize,
    last: u8,
}

impl Nested {
    fn is_too_deep(&mut self, piece: &[u8]) -> bool {
        for byte in piece {
            match (self.last, *byte) {
                (b'<', b'<') => (self.depth, self.last) = (self.depth + 1, 0),
                (b'>', b'>') => (self.depth, self.last) = (self.depth.saturating_sub(1), 0),
                (_, byte) => self.last = byte,
            }
            if self.depth > MAX_NESTED {
                return true;
            }
        }
        false
    }
}

/// Refuses what only names can tell: encryption, packings that cannot be counted, rows of absurd length.
fn names(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut at = 0;
    while let Some(slash) = bytes[at..].iter().position(|byte| *byte == b'/') {
        at += slash + 1;
        let (name, end) = name(bytes, at);
        let after = rest(bytes, end);
        match name.as_slice() {
            b"Encrypt" => return Err(Unreadable::Encrypted),
            b"LZWDecode" | b"LZW" | b"RunLengthDecode" | b"RL" | b"Crypt" if ends_here(bytes, end) => {
                return Err(Unreadable::Unsupported);
            }
            b"Columns" if !is_small_number(after) => return Err(Unreadable::Unsupported),
            b"DecodeParms" | b"DP" if after.first().is_some_and(u8::is_ascii_digit) || holds_reference(after) => {
                return Err(Unreadable::Unsupported);
            }
            b"Filter" if after.first().is_some_and(u8::is_ascii_digit) || is_chain(after) => {
                return Err(Unreadable::Unsupported);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The name that begins at `at`, with its escapes undone, and where it ends.
fn name(bytes: &[u8], at: usize) -> (Vec<u8>, usize) {
    let mut name = Vec::new();
    let mut end = at;
    while let Some(byte) = bytes.get(end).filter(|byte| is_regular(**byte) && name.len() < 64) {
        let escape = (*byte == b'#')
            .then(|| bytes.get(end + 1..end + 3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        name.push(escape.unwrap_or(*byte));
        end += if escape.is_some() { 3 } else { 1 };
    }
    (name, end)
}

fn is_regular(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && byte != 0 && !b"()<>[]{}/%".contains(&byte)
}

fn ends_here(bytes: &[u8], end: usize) -> bool {
    bytes.get(end).is_none_or(|byte| !is_regular(*byte))
}

/// What follows, without leading white space.
fn rest(bytes: &[u8], from: usize) -> &[u8] {
    let tail = bytes.get(from..).unwrap_or_default();
    let blank = tail.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0).count();
    &tail[blank..]
}

/// Whether a number below 100,000 stands here, and not a reference to one.
fn is_small_number(after: &[u8]) -> bool {
    let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let next = rest(after, digits);
    (1..=5).contains(&digits) && !next.first().is_some_and(u8::is_ascii_digit)
}

/// Whether an array stands here that holds a reference.
fn holds_reference(after: &[u8]) -> bool {
    inside_array(after).is_some_and(|inside| find(inside, b"R").is_some())
}

/// Whether an array of more than one filter stands here.
fn is_chain(after: &[u8]) -> bool {
    inside_array(after)
        .is_some_and(|inside| inside.iter().filter(|byte| **byte == b'/').count() > 1 || find(inside, b"R").is_some())
}

fn inside_array(after: &[u8]) -> Option<&[u8]> {
    let inside = after.strip_prefix(b"[")?;
    let end = inside.iter().position(|byte| *byte == b']').unwrap_or(inside.len());
    Some(&inside[..end])
}

/// Unfolds and counts what stands behind every keyword that can begin a stream; gives where those begin that
/// must be spoilt.
fn streams(bytes: &[u8]) -> Result<Vec<usize>, Unreadable> {
    let (mut at, mut unfolded, mut unended) = (0, 0_usize, 0_usize);
    let mut spoilt = Vec::new();
    while let Some(found) = find(&bytes[at..], b"stream") {
        let keyword = at + found;
        at = keyword + b"stream".len();
        if bytes[..keyword].ends_with(b"end") {
            unended = unended.saturating_sub(1);
            continue;
        }
        unended += 1;
        if unended > MAX_UNENDED {
            return Err(Unreadable::Damaged);
        }
        let tail = &bytes[at..];
        let data = tail
            .strip_prefix(b"\r\n")
            .or_else(|| tail.strip_prefix(b"\n"))
            .or_else(|| tail.strip_prefix(b"\r"))
            .unwrap_or(tail);
        match inflated(data, MAX_UNFOLDED - unfolded) {
            Unfolded::To(made) => unfolded += made,
            Unfolded::Unknown => spoilt.push(bytes.len() - data.len()),
            Unfolded::TooMuch => return Err(Unreadable::TooLarge),
            Unfolded::TooDeep => return Err(Unreadable::Unsupported),
        }
    }
    Ok(spoilt)
}

/// What data unfold to.
enum Unfolded {
    /// So many bytes.
    To(usize),
    /// More than the limit.
    TooMuch,
    /// Dictionaries within dictionaries without end.
    TooDeep,
    /// They are damaged, or no deflate at all, and a reader that mends could make more than the limit of them.
    Unknown,
}

/// How many bytes the data unfold to, where that can be told.
fn inflated(data: &[u8], limit: usize) -> Unfolded {
    let zlib = matches!(data, [cmf, flg, ..]
        if cmf & 0x0f == 8 && (u16::from(*cmf) << 8 | u16::from(*flg)) % 31 == 0 && flg & 0x20 == 0);
    if !zlib && data.first().is_none_or(|byte| byte & 0b110 == 0b110) {
        return Unfolded::To(0);
    }
    let data = if zlib { &data[2..] } else { data };
    let mut decoder = Decompress::new(false);
    let mut sink = vec![0_u8; 64 << 10];
    let mut nested = Nested::default();
    loop {
        let seen = count(decoder.total_in());
        let before = decoder.total_out();
        let status = decoder.decompress(data.get(seen..).unwrap_or_default(), &mut sink, FlushDecompress::None);
        let made = count(decoder.total_out());
        if made > limit {
            return Unfolded::TooMuch;
        }
        if nested.is_too_deep(&sink[..made.saturating_sub(count(before)).min(sink.len())]) {
            return Unfolded::TooDeep;
        }
        match status {
            Ok(Status::StreamEnd) => return Unfolded::To(made),
            Ok(_) if decoder.total_out() > before => {}
            Ok(_) => return Unfolded::To(made),
            Err(_) => {
                let left = end_of_stream(data).saturating_sub(seen);
                let most = made.saturating_add(left.saturating_mul(MOST_PER_BYTE));
                return if most > limit { Unfolded::Unknown } else { Unfolded::To(made) };
            }
        }
    }
}

fn count(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn end_of_stream(data: &[u8]) -> usize {
    find(data, b"endstream").unwrap_or(data.len())
}
