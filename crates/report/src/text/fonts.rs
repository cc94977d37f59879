//! What the bytes that a font shows stand for, and how wide they are.

use std::collections::HashMap;

use encoding_rs::{MACINTOSH, WINDOWS_1252};
use hayro_cmap::{BfString, CMap};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::glyphs::{STANDARD, letters};

/// The most widths that a font is asked for.
const MAX_WIDTHS: usize = 1 << 16;

/// A font as text needs it.
pub(super) struct Font {
    /// Whether its face is a bold one, by its name.
    pub(super) bold: bool,
    two_bytes: bool,
    to_unicode: Option<CMap>,
    encoding: Vec<Option<String>>,
    widths: HashMap<u32, f64>,
    default_width: f64,
}

/// One shown code: its text, and its width in thousandths of the font's size.
pub(super) struct Shown {
    pub(super) text: Option<String>,
    pub(super) width: f64,
    /// Whether word spacing applies: the single byte 32.
    pub(super) is_space: bool,
}

impl Font {
    pub(super) fn new(font: &Dict<'_>) -> Self {
        let base = font.get::<Name<'_>>(b"BaseFont").map(|name| name.as_str().to_owned()).unwrap_or_default();
        let two_bytes = font.get::<Name<'_>>(b"Subtype").is_some_and(|name| name.as_ref() == b"Type0");
        let (widths, default_width) = if two_bytes { wide_widths(font) } else { simple_widths(font) };
        let to_unicode =
            font.get::<Stream<'_>>(b"ToUnicode").and_then(|stream| CMap::parse(&stream.decoded_data().ok()?, |_| None));
        let encoding = if two_bytes { Vec::new() } else { simple_encoding(font, &base) };
        let bold = ["Bold", "Black", "Heavy", "Semibold"].iter().any(|word| base.contains(word));
        Self { bold, two_bytes, to_unicode, encoding, widths, default_width }
    }

    /// The codes of a shown string.
    pub(super) fn show(&self, bytes: &[u8]) -> Vec<Shown> {
        if self.two_bytes {
            bytes.chunks_exact(2).map(|pair| self.shown(u32::from(pair[0]) << 8 | u32::from(pair[1]))).collect()
        } else {
            bytes.iter().map(|byte| self.shown(u32::from(*byte))).collect()
        }
    }

    fn shown(&self, code: u32) -> Shown {
        let mapped = self.to_unicode.as_ref().and_then(|map| map.lookup_bf_string(code)).map(|found| match found {
            BfString::Char(letter) => letter.to_string(),
            BfString::String(text) => text,
        });
        let encoded = || usize::try_from(code).ok().and_then(|code| self.encoding.get(code)?.clone());
        Shown {
            text: mapped.filter(|text| !text.contains('\0')).or_else(encoded),
            width: self.widths.get(&code).copied().unwrap_or(self.default_width),
            is_space: !self.two_bytes && code == 32,
        }
    }
}

/// The letter of each byte in a simple font.
fn simple_encoding(font: &Dict<'_>, base: &str) -> Vec<Option<String>> {
    let named = font.get::<Name<'_>>(b"Encoding").map(|name| name.as_ref().to_vec());
    let dict = font.get::<Dict<'_>>(b"Encoding");
    let base_name = dict.as_ref().and_then(|dict| dict.get::<Name<'_>>(b"BaseEncoding")).map(|n| n.as_ref().to_vec());
    let symbolic = ["Symbol", "Wingdings", "ZapfDingbats"].iter().any(|name| base.contains(name));
    let mut table: Vec<Option<String>> = (0..=255_u8)
        .map(|byte| match named.as_deref().or(base_name.as_deref()) {
            Some(b"MacRomanEncoding") => decoded(MACINTOSH, byte),
            Some(b"StandardEncoding") => standard(byte),
            // Bullets are what reports show in these faces.
            None if symbolic => Some("•".to_owned()),
            _ => decoded(WINDOWS_1252, byte),
        })
        .collect();
    let mut code = 0_usize;
    let differences = dict.and_then(|dict| dict.get::<Array<'_>>(b"Differences"));
    for item in differences.iter().flat_map(Array::iter::<Object<'_>>) {
        match item {
            Object::Number(number) => code = usize::try_from(number.as_i64()).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let Some(slot) = table.get_mut(code) {
                    *slot = letters(name.as_str());
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    table
}

fn decoded(encoding: &'static encoding_rs::Encoding, byte: u8) -> Option<String> {
    let bytes = [byte];
    let (text, _) = encoding.decode_without_bom_handling(&bytes);
    (byte >= 32).then(|| text.into_owned())
}

fn standard(byte: u8) -> Option<String> {
    let special = STANDARD.iter().find(|(code, _)| *code == byte).map(|(_, text)| (*text).to_owned());
    special.or_else(|| (32..127).contains(&byte).then(|| char::from(byte).to_string()))
}

/// Widths of a simple font; where none are given, half the size, as in most text faces.
fn simple_widths(font: &Dict<'_>) -> (HashMap<u32, f64>, f64) {
    let first = font.get::<u32>(b"FirstChar").unwrap_or(0);
    let widths: HashMap<u32, f64> = font
        .get::<Array<'_>>(b"Widths")
        .map(|array| array.iter::<f32>().take(MAX_WIDTHS).map(f64::from).enumerate().collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(at, width)| Some((first.checked_add(u32::try_from(at).ok()?)?, width)))
        .collect();
    let missing = font.get::<Dict<'_>>(b"FontDescriptor").and_then(|d| d.get::<f32>(b"MissingWidth")).map(f64::from);
    let default = if widths.is_empty() { 500.0 } else { missing.unwrap_or(0.0) };
    (widths, default)
}

/// Widths of the one descendant of a composite font.
fn wide_widths(font: &Dict<'_>) -> (HashMap<u32, f64>, f64) {
    let mut widths = HashMap::new();
    let descendant = font.get::<Array<'_>>(b"DescendantFonts").and_then(|array| array.iter::<Dict<'_>>().next());
    let Some(descendant) = descendant else { return (widths, 1000.0) };
    let default = descendant.get::<f32>(b"DW").map_or(1000.0, f64::from);
    let mut numbers: Vec<f64> = Vec::new();
    let listed = descendant.get::<Array<'_>>(b"W");
    for item in listed.iter().flat_map(Array::iter::<Object<'_>>) {
        match item {
            Object::Number(number) => numbers.push(number.as_f64()),
            Object::Array(array) => {
                let first = numbers.pop().unwrap_or(0.0);
                numbers.clear();
                for (step, width) in (0_u32..).zip(array.iter::<f32>()) {
                    set_width(&mut widths, whole(first).saturating_add(step), f64::from(width));
                }
            }
            _ => {}
        }
        if let [first, last, width] = numbers[..] {
            for code in whole(first)..=whole(last).min(0xffff) {
                set_width(&mut widths, code, width);
            }
            numbers.clear();
        }
    }
    (widths, default)
}

fn set_width(widths: &mut HashMap<u32, f64>, code: u32, width: f64) {
    if widths.len() < MAX_WIDTHS {
        widths.insert(code, width);
    }
}

/// A code that is printed as a number.
fn whole(number: f64) -> u32 {
    // The cast saturates; codes have two bytes, and whatever is larger names none.
    (number as u32).min(0x1_0000)
}
