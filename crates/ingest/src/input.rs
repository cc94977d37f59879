//! The files a build was given: finding them, and telling what each really is.

use std::fs;
use std::path::{Path, PathBuf};

use lais_lake::sha256_hex;

/// A file that was found, not yet opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Its name relative to the sources path it was found under, with `/` between folders.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// A file's bytes and their hash.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
}

impl Input {
    /// How the file's name ends, in lower case and without the dot.
    pub(crate) fn ending(&self) -> String {
        let name = self.name.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
    }
}

/// What a file is, by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Text that may be a table.
    Text,
    /// Text that may be a document of prose.
    Prose,
    /// A workbook: XLSX, ODS or XLS.
    Workbook,
    /// Columns of a Parquet file.
    Parquet,
    /// A PDF, which may be a report.
    Pdf,
    /// Something that no reader here understands, which is not an error.
    Other(&'static str),
}

/// Why a file is not what its name says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {reason}")]
pub(crate) struct Refused {
    pub(crate) file: String,
    pub(crate) reason: String,
}

/// Why a file could not be ingested.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The file's own fault: nothing of it is kept, and the build goes on.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The lake's: the file may be fine, and the build stops.
    #[error(transparent)]
    Lake(#[from] lais_lake::LakeError),
}

/// Finds the files in folders (with all that is below) and the files given, in order of name.
///
/// Hidden files, and what editors and office programs leave beside a file, are not sources.
///
/// # Errors
/// A message where a path does not exist or a folder cannot be read.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Found>, String> {
    let mut found = Vec::new();
    for root in paths {
        let meta = fs::metadata(root).map_err(|e| format!("cannot read the sources path {}: {e}", root.display()))?;
        if meta.is_file() {
            let name = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            found.push(Found { name, path: root.clone() });
            continue;
        }
        for entry in walkdir::WalkDir::new(root).follow_links(true).sort_by_file_name() {
            // A link that leads nowhere or in a circle is a file that cannot be read, and no more than that.
            let (path, is_file) = match entry {
                Ok(entry) => (entry.path().to_path_buf(), entry.file_type().is_file()),
                Err(error) => match error.path() {
                    Some(path) if path != root => (path.to_path_buf(), true),
                    _ => return Err(format!("cannot read the sources path {}: {error}", root.display())),
                },
            };
            let name = relative(root, &path);
            if is_file && !is_debris(&name) {
                found.push(Found { name, path });
            }
        }
    }
    found.sort();
    // A folder given twice, or by two paths, is one folder.
    let mut seen = std::collections::HashSet::new();
    found.retain(|file| seen.insert(fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone())));
    Ok(found)
}

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn is_debris(name: &str) -> bool {
    // What a fetch leaves beside the files that it brings is its own account of them.
    name.split('/').any(|part| part.starts_with('.') || part.starts_with("~$") || part == "sources.lock")
}

/// Reads a file and its hash.
///
/// # Errors
/// [`Refused`] where it cannot be read.
pub(crate) fn read(found: &Found) -> Result<Input, Refused> {
    let refused = |e: std::io::Error| Refused { file: found.name.clone(), reason: format!("cannot be read: {e}") };
    let bytes = fs::read(&found.path).map_err(refused)?;
    let sha256 = sha256_hex(&bytes);
    Ok(Input { name: found.name.clone(), bytes, sha256 })
}

/// The cells of a CSV file's first record, without reading the rest.
pub(crate) fn first_record(path: &Path) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).ok()?;
    let mut record = csv::ByteRecord::new();
    reader.read_byte_record(&mut record).ok()?;
    let cells =
        record.iter().map(|cell| String::from_utf8_lossy(cell).trim_start_matches('\u{feff}').trim().to_owned());
    Some(cells.collect())
}

/// Tells what a file is by its bytes and holds it against its name.
///
/// # Errors
/// [`Refused`] for an empty file, a web page, a damaged zip or binary bytes under a name that
/// promises a table.
pub(crate) fn sniff(input: &Input) -> Result<Content, Refused> {
    let refuse = |reason: String| Err(Refused { file: input.name.clone(), reason });
    let ending = input.ending();
    let promises_sheets = matches!(ending.as_str(), "xlsx" | "ods" | "xlsm" | "xls");
    let is_prose = matches!(ending.as_str(), "md" | "markdown" | "txt");
    let promises_text = is_prose || matches!(ending.as_str(), "csv" | "tsv");
    let text = if is_prose { Content::Prose } else { Content::Text };
    if input.bytes.is_empty() {
        return refuse("it is empty; download it again".to_owned());
    }
    let start = &input.bytes[..input.bytes.len().min(1024)];
    if looks_like_html(start) && !matches!(ending.as_str(), "html" | "htm") {
        return refuse(format!(
            "it is a web page, not a .{ending} file; the link led to a page, so download it again by hand"
        ));
    }
    match start {
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] if promises_sheets => Ok(Content::Workbook),
        [0xd0, 0xcf, 0x11, 0xe0, ..] if promises_text => refuse(format!(
            "it is a workbook or another file of an office, not a .{ending} file; give it its right name"
        )),
        [b'P', b'K', 3, 4, ..] if promises_text => {
            refuse(format!("it is a zip, not a .{ending} file; unpack it, or give it its right name"))
        }
        _ if promises_sheets => {
            refuse(format!("it is no .{ending} workbook: it does not begin like one; download it again"))
        }
        [b'P', b'A', b'R', b'1', ..] if promises_text => {
            refuse(format!("it is a Parquet file, not a .{ending} file; give it its right name"))
        }
        [b'P', b'A', b'R', b'1', ..] => Ok(Content::Parquet),
        _ if ending == "parquet" => {
            refuse("it is no .parquet file: it does not begin like one; download it again".to_owned())
        }
        [b'%', b'P', b'D', b'F', ..] if promises_text => {
            refuse(format!("it is a PDF, not a .{ending} file; give it its right name"))
        }
        [b'%', b'P', b'D', b'F', ..] => Ok(Content::Pdf),
        // What begins a PDF may stand somewhat later.
        _ if ending == "pdf" && start.windows(5).any(|bytes| bytes == b"%PDF-") => Ok(Content::Pdf),
        _ if ending == "pdf" => refuse("it is no .pdf file: it does not begin like one; download it again".to_owned()),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] if promises_text => Ok(text),
        _ if promises_text && start.contains(&0) => {
            refuse("it holds binary bytes, not text; download it again".to_owned())
        }
        _ if promises_text => Ok(text),
        _ => Ok(Content::Other("another kind of file")),
    }
}

fn looks_like_html(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    text.starts_with("<!doctype html") || text.starts_with("<html")
}

/// The text of a file in whatever encoding, and the encoding's name; a byte order mark is dropped.
///
/// UTF-8 is taken where the bytes are valid UTF-8; otherwise the mark or the bytes decide.
///
/// # Errors
/// [`Refused`] where bytes mean nothing in the encoding that fits best.
pub(crate) fn decode(input: &Input) -> Result<String, Refused> {
    let bytes = input.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&input.bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let encoding = encoding_rs::Encoding::for_bom(bytes).map_or_else(
        || {
            let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(Some(b"uk"), chardetng::Utf8Detection::Allow)
        },
        |(encoding, _)| encoding,
    );
    let (text, _, damaged) = encoding.decode(bytes);
    if damaged {
        let reason = format!("its text is damaged (it is neither UTF-8 nor {}); save it as UTF-8", encoding.name());
        return Err(Refused { file: input.name.clone(), reason });
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(name: &str, bytes: &[u8]) -> Input {
        Input { name: name.to_owned(), bytes: bytes.to_vec(), sha256: String::new() }
    }

    #[test]
    fn a_file_that_is_not_what_its_name_says_is_refused_with_the_reason() {
        for (name, bytes, word) in [
            ("a.csv", b"".as_slice(), "empty"),
            ("a.csv", b"\n <!DOCTYPE html><html>", "web page"),
            ("a.ods", b"<html lang=en>", "web page"),
            ("a.pdf", b"<!doctype html>", "web page"),
            ("a.xlsx", b"col1,col2\n1,2\n", "no .xlsx workbook"),
            ("a.csv", b"PK\x03\x04rest", "zip"),
            ("a.csv", b"%PDF-1.7", "PDF"),
            ("a.csv", b"a,b\n\x00\x01", "binary"),
            ("a.xls", b"a\tb\n1\t2\n", "no .xls workbook"),
            ("a.xls", b"<html><table>", "web page"),
            ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
            ("a.csv", b"PAR1\x15\x04", "Parquet"),
            ("a.parquet", b"a,b\n1,2\n", "no .parquet file"),
            ("a.pdf", b"a,b\n1,2\n", "no .pdf file"),
        ] {
            let refused = sniff(&input(name, bytes)).unwrap_err().to_string();
            assert!(refused.contains(word) && refused.starts_with(name), "{refused}");
        }
    }

    #[test]
    fn text_is_read_in_any_encoding() {
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("a,é".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in ["a,é".as_bytes(), b"\xef\xbb\xbfa,\xc3\xa9", b"a,\xe9", utf16.as_slice()] {
            assert_eq!(decode(&input("a.csv", bytes)).unwrap(), "a,é");
        }
    }

    #[test]
    fn hidden_and_lock_files_are_no_sources() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", ".hidden.csv", "~$a.xlsx", "sources.lock", "sub/a.csv"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let names: Vec<_> = find(&[folder.path().to_path_buf()]).unwrap().into_iter().map(|f| f.name).collect();
        assert_eq!(names, ["b.csv", "sub/a.csv"]);
        assert!(find(&[folder.path().join("nowhere")]).unwrap_err().contains("nowhere"));
    }

    #[test]
    fn a_link_that_leads_nowhere_is_one_file_that_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("gone.csv")).unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("circle")).unwrap();
        fs::write(folder.path().join("a.csv"), "x").unwrap();
        let found = find(&[folder.path().to_path_buf()]).unwrap();
        assert_eq!(found.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["a.csv", "circle", "gone.csv"]);
        assert!(read(&found[2]).unwrap_err().to_string().contains("gone.csv: cannot be read"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_under_any_name_are_told_without_a_panic(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), name in "[a-z]{1,3}\\.(csv|ods|xlsx|pdf|txt|)",
        ) {
            let input = input(&name, &bytes);
            if sniff(&input).is_ok() && decode(&input).is_ok() {
                let _ = crate::table::read_csv(&input);
            }
            let _ = crate::workbook::read_sheets(&input);
        }
    }
}
