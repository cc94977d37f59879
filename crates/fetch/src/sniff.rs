//! Whether bytes are what a name promises. A page that says "sorry" with status 200 is no workbook.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::error::{FetchError, Result};

/// How much of the beginning is looked at.
const HEAD: usize = 1024;
/// How much of the end is looked at: where a zip file's directory ends, behind the longest comment there can be.
const TAIL: usize = 66_000;

/// What a file is to be, by the ending of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promised {
    /// Text in rows.
    Csv,
    /// A workbook, which is a zip file.
    Workbook,
    /// A PDF document.
    Pdf,
    /// A zip file.
    Zip,
    /// A page.
    Page,
    /// Anything but a page.
    Other,
}

impl Promised {
    /// What the ending of a name promises.
    pub(crate) fn by(name: &str) -> Self {
        match crate::name::split(name).1.to_ascii_lowercase().as_str() {
            ".csv" | ".tsv" | ".txt" => Self::Csv,
            ".xlsx" | ".xlsm" | ".xlsb" | ".ods" => Self::Workbook,
            ".pdf" => Self::Pdf,
            ".zip" => Self::Zip,
            ".htm" | ".html" | ".xhtml" => Self::Page,
            _ => Self::Other,
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Csv => "a CSV file",
            Self::Workbook => "a workbook",
            Self::Pdf => "a PDF document",
            Self::Zip => "a zip file",
            Self::Page => "a page",
            Self::Other => "a file",
        }
    }
}

/// Says what a file is instead of what was promised, with its verb; nothing where it fits.
pub(crate) fn fault(path: &Path, promised: Promised) -> Result<Option<String>> {
    let (head, tail) = ends(path).map_err(FetchError::io("read", path))?;
    Ok(fault_of(&head, &tail, promised))
}

fn ends(path: &Path) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL as u64)))?;
    file.read_to_end(&mut tail)?;
    Ok((head, tail))
}

fn fault_of(head: &[u8], tail: &[u8], promised: Promised) -> Option<String> {
    let has = |part: &[u8], bytes: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let text = |words: &str| Some(words.to_owned());
    if head.is_empty() {
        return text("is empty");
    }
    let is_page = looks_like_a_page(head);
    match promised {
        Promised::Page => None,
        _ if is_page => text("is a web page"),
        Promised::Workbook | Promised::Zip if !head.starts_with(b"PK\x03\x04") && !head.starts_with(b"PK\x05\x06") => {
            Some(format!("begins with {}", beginning(head)))
        }
        Promised::Workbook | Promised::Zip if !has(b"PK\x05\x06", tail) => text("is cut short"),
        Promised::Pdf if !has(b"%PDF-", head) => Some(format!("begins with {}", beginning(head))),
        Promised::Pdf if !has(b"%%EOF", tail) => text("is cut short"),
        Promised::Csv if head.starts_with(b"PK\x03\x04") => text("is a zip file"),
        Promised::Csv if head.starts_with(b"%PDF-") => text("is a PDF document"),
        Promised::Csv if head.starts_with(b"\x1f\x8b") => text("is compressed"),
        Promised::Csv if first_sign(head) == Some(b'{') || first_sign(head) == Some(b'<') => {
            Some(format!("begins with {}", beginning(head)))
        }
        _ => None,
    }
}

fn first_sign(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

fn looks_like_a_page(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let text = text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or(text, |(_, rest)| rest);
    let mut text = text.trim_start();
    while let Some((_, rest)) = text.strip_prefix("<!--").and_then(|rest| rest.split_once("-->")) {
        text = rest.trim_start();
    }
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|start| text.starts_with(start))
}

/// The first few bytes, for a person.
fn beginning(head: &[u8]) -> String {
    let text = String::from_utf8_lossy(&head[..head.len().min(24)]).into_owned();
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(bytes: &[u8], name: &str) -> Option<String> {
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(path.path(), bytes).unwrap();
        fault(path.path(), Promised::by(name)).unwrap()
    }

    #[test]
    fn what_a_name_promises_is_held_against_the_bytes() {
        assert_eq!(judge(b"a,b\n1,2\n", "a.csv"), None);
        assert_eq!(judge(b"\xef\xbb\xbfa,b\n", "a.csv"), None);
        assert_eq!(judge(b"PK\x03\x04 ... PK\x05\x06 ....", "a.xlsx"), None);
        assert_eq!(judge(b"%PDF-1.7\n...\n%%EOF\n", "a.pdf"), None);
        assert_eq!(judge(b"anything", "a.parquet"), None);
        for (bytes, name, said) in [
            (b"".as_slice(), "a.csv", "is empty"),
            (b"\n<!DOCTYPE html><html>", "a.xlsx", "is a web page"),
            (b"<!-- x --><HTML>", "a.pdf", "is a web page"),
            (b"<?xml version='1.0'?><html>", "a.csv", "is a web page"),
            (b"<html>", "a.parquet", "is a web page"),
            (b"{\"title\":\"no\"}", "a.csv", "begins with"),
            (b"PK\x03\x04", "a.csv", "is a zip file"),
            (b"PK\x03\x04 cut", "a.ods", "is cut short"),
            (b"%PDF-1.7 cut", "a.pdf", "is cut short"),
            (b"a,b\n", "a.xlsx", "begins with"),
        ] {
            let fault = judge(bytes, name).unwrap_or_default();
            assert!(fault.contains(said), "{name}: {fault}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_judged(head in proptest::collection::vec(0u8.., 0..200)) {
            for promised in [Promised::Csv, Promised::Workbook, Promised::Pdf, Promised::Zip, Promised::Page, Promised::Other] {
                let _ = fault_of(&head, &head, promised);
            }
        }
    }
}
