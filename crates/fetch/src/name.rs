//! Names of files, which come from anywhere.

use percent_encoding::percent_decode_str;
use url::Url;

/// The longest name in bytes; file systems take 255, and what is beside a file has a longer name than it.
const LONGEST: usize = 160;

/// A name that is safe to write in a folder: one part, not hidden, no control character, not too long.
///
/// Nothing where nothing is left of it.
pub(crate) fn safe(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| if matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|') { '-' } else { c })
        .collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = shorten(trim(&plain));
    let name = trim(&name);
    (!name.is_empty()).then(|| name.to_owned())
}

/// A leading dot hides a file from the build; a leading `~$` is what office programs leave.
fn trim(name: &str) -> &str {
    name.trim_start_matches(['.', '~', '$', ' ']).trim_end_matches(['.', ' '])
}

/// Characters that are not seen and can turn a name around.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = split(name);
    // An ending that long is none.
    let (stem, ending) = if ending.len() > 16 { (name, "") } else { (stem, ending) };
    let mut cut = LONGEST - ending.len();
    while !stem.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}{ending}", stem[..cut].trim_end())
}

/// A name's stem and its ending with the dot.
pub(crate) fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    }
}

/// A name with something before its ending.
pub(crate) fn with(name: &str, added: &str) -> String {
    let (stem, ending) = split(name);
    format!("{stem}{added}{ending}")
}

/// The name that an address ends with.
pub(crate) fn of_address(url: &Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?;
    safe(&percent_decode_str(last).decode_utf8_lossy())
}

/// The name that a `Content-Disposition` gives, `filename*` before `filename`.
pub(crate) fn of_disposition(header: &str) -> Option<String> {
    let parameters = parameters(header);
    let find = |key: &str| parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value);
    let extended = find("filename*").and_then(|value| {
        let mut parts = value.splitn(3, '\'');
        let (charset, _, text) = (parts.next()?, parts.next()?, parts.next()?);
        charset.eq_ignore_ascii_case("utf-8").then(|| percent_decode_str(text).decode_utf8_lossy().into_owned())
    });
    extended.as_ref().or_else(|| find("filename")).and_then(|name| safe(name))
}

/// The parameters after the first semicolon, with quotes taken off.
fn parameters(header: &str) -> Vec<(String, String)> {
    let (mut found, mut piece, mut in_quotes, mut escaped) = (Vec::new(), String::new(), false, false);
    for c in header.chars().chain([';']) {
        match c {
            _ if escaped => {
                piece.push(c);
                escaped = false;
            }
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            ';' if !in_quotes => found.push(std::mem::take(&mut piece)),
            _ => piece.push(c),
        }
    }
    let pairs = found.iter().skip(1).filter_map(|piece| piece.split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

/// Whether a path of a lock stays below its folder and shows itself.
pub(crate) fn is_safe_path(path: &str) -> bool {
    !path.is_empty() && path.split('/').all(|part| safe(part).as_deref() == Some(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_its_folder_or_hides() {
        for (name, safe_name) in [
            ("../../etc/passwd", "passwd"),
            ("/etc/shadow.csv", "shadow.csv"),
            ("..\\..\\a.csv", "a.csv"),
            ("C:\\temp\\b.xlsx", "b.xlsx"),
            (".hidden.csv", "hidden.csv"),
            ("~$lock.xlsx", "lock.xlsx"),
            ("a\u{202e}vsc.exe", "avsc.exe"),
            ("a\r\nb\0.csv", "ab.csv"),
            ("what? when: now.csv", "what- when- now.csv"),
            ("children's services inspection,  pdf.pdf", "children's services inspection, pdf.pdf"),
        ] {
            assert_eq!(safe(name).as_deref(), Some(safe_name), "{name:?}");
        }
        for nothing in ["", "..", ".", "/", "a/..", "   ", "\u{200b}"] {
            assert_eq!(safe(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe(&format!("{}.csv", "é".repeat(400))).unwrap();
        assert!(name.len() <= LONGEST && name.ends_with(".csv"), "{}", name.len());
    }

    #[test]
    fn the_name_in_a_disposition_is_found_in_both_forms() {
        for (header, name) in [
            ("attachment; filename=\"a b.csv\"", "a b.csv"),
            ("attachment; filename=a.csv; filename*=UTF-8''b%20%C3%A9.csv", "b é.csv"),
            ("attachment; filename=\"../../x;y.csv\"", "x;y.csv"),
            ("attachment; filename=\"a\\\"b.csv\"", "a-b.csv"),
            ("attachment;FILENAME=a.csv", "a.csv"),
        ] {
            assert_eq!(of_disposition(header).as_deref(), Some(name), "{header}");
        }
        assert_eq!(of_disposition("attachment"), None);
        assert_eq!(of_disposition("attachment; filename=\"..\""), None);
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_safe_twice_over_or_nothing(name in ".{0,300}") {
            if let Some(first) = safe(&name) {
                proptest::prop_assert_eq!(safe(&first), Some(first.clone()));
                proptest::prop_assert!(is_safe_path(&first) && !first.contains('/') && !first.starts_with('.'));
                proptest::prop_assert!(first.len() <= LONGEST);
            }
        }

        #[test]
        fn any_disposition_gives_a_safe_name_or_none(header in ".{0,120}") {
            if let Some(name) = of_disposition(&header) {
                proptest::prop_assert!(is_safe_path(&name));
            }
        }
    }
}
