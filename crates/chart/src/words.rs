//! Text as SVG: what may stand in it, and how it is written.

use std::fmt::Write as _;

use crate::face::Font;
use crate::number::place;
use crate::style::PAPER;

/// Where a text lies from its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

impl Anchor {
    const fn id(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// The text on one line without what no reader sees: control characters, marks that turn the direction
/// of reading about, and code points that XML forbids.
pub(crate) fn clean(text: &str) -> String {
    let shown = |c: &char| {
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let forbidden = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(*c) & 0xfffe == 0xfffe;
        c.is_whitespace() || !(c.is_control() || turns || forbidden)
    };
    let kept: String = text.chars().filter(shown).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Appends text as XML character data, also fit for an attribute.
pub(crate) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
}

/// Appends one line of clean text; `y` is its baseline.
pub(crate) fn write(out: &mut String, at: (f64, f64), anchor: Anchor, font: Font, ink: &str, text: &str) {
    open(out, at, anchor, font);
    let _ = write!(out, " fill=\"{ink}\">");
    close(out, text);
}

/// Appends one line of clean text on a rim of the paper's colour, for text that crosses lines.
pub(crate) fn write_clear(out: &mut String, at: (f64, f64), anchor: Anchor, font: Font, ink: &str, text: &str) {
    open(out, at, anchor, font);
    let _ = write!(out, " fill=\"{PAPER}\" stroke=\"{PAPER}\" stroke-width=\"4\" stroke-linejoin=\"round\">");
    close(out, text);
    write(out, at, anchor, font, ink, text);
}

fn open(out: &mut String, (x, y): (f64, f64), anchor: Anchor, font: Font) {
    let _ = write!(out, "<text x=\"{}\" y=\"{}\" font-size=\"{}\"", place(x), place(y), place(font.size));
    if anchor != Anchor::Start {
        let _ = write!(out, " text-anchor=\"{}\"", anchor.id());
    }
    if font.bold {
        out.push_str(" font-weight=\"bold\"");
    }
}

fn close(out: &mut String, text: &str) {
    escape(out, text);
    out.push_str("</text>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_reader_sees_is_dropped() {
        assert_eq!(clean(" a\u{0}b\tc\n\u{202e}d\u{ffff} \u{7f}"), "ab c d");
        assert_eq!(clean("Stoke\u{2011}on\u{2011}Trent"), "Stoke\u{2011}on\u{2011}Trent");
    }

    #[test]
    fn what_means_something_in_xml_is_escaped() {
        let mut out = String::new();
        escape(&mut out, "<a href='b'>&\"");
        assert_eq!(out, "&lt;a href=&apos;b&apos;&gt;&amp;&quot;");
    }
}
