//! The SVG document around what is drawn.

use std::fmt::Write as _;

use crate::face::FACE_FAMILY;
use crate::number::place;
use crate::style::PAPER;
use crate::words::{clean, escape};

/// What a document is called and what it shows, for whoever does not see it.
pub(crate) struct Named<'a> {
    /// What its ids begin with, as far as it can be one.
    pub(crate) id: Option<&'a str>,
    pub(crate) title: String,
    pub(crate) description: String,
}

/// The whole document: named, described and scalable.
pub(crate) fn wrap(named: &Named<'_>, (width, height): (f64, f64), body: &str) -> String {
    let (title, description) = (named.title.as_str(), clean(&named.description));
    let id = id(named.id, title, &description, body);
    let (width, height) = (place(width), place(height));
    let mut out = String::with_capacity(body.len() + 1024);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
         font-family=\"Arial, Helvetica, 'Liberation Sans', {FACE_FAMILY}, sans-serif\">\n<title id=\"{id}-title\">"
    );
    escape(&mut out, title);
    let _ = write!(out, "</title>\n<desc id=\"{id}-desc\">");
    escape(&mut out, &description);
    let _ = write!(out, "</desc>\n<rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>\n{body}</svg>\n");
    out
}

/// What the ids begin with: the caller's id as far as it can be one, else a hash of everything shown.
fn id(given: Option<&str>, title: &str, description: &str, body: &str) -> String {
    let given = given.unwrap_or_default();
    let fit = !given.is_empty() && given.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if fit {
        return format!("chart-{given}");
    }
    let hash = [given, title, description, body].iter().fold(FNV_START, |hash, part| fnv(hash, part));
    format!("chart-{hash:016x}")
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, which is the same on every machine and in every version, as std's hasher need not be. A byte
/// that no text holds ends each part.
fn fnv(hash: u64, text: &str) -> u64 {
    text.bytes().chain([0xff]).fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_callers_or_follow_from_the_content() {
        let id_of = |given: Option<&str>, body: &str| id(given, "T", "D", body);
        let first = id_of(None, "a");
        assert_eq!(first, id_of(None, "a"));
        assert_ne!(first, id_of(None, "b"));
        assert_eq!(id_of(Some("rereferral-rate_E09000001"), "a"), "chart-rereferral-rate_E09000001");
        assert!(id_of(Some("\"><script>"), "a").bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    }
}
