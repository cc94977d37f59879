//! The bundled face: how wide text is, and where it breaks.
//!
//! Browsers draw the charts with a sans-serif face of their own. Arial and Helvetica are as wide as the
//! bundled face to two parts in a hundred over the names and labels of these charts; the slack below
//! covers that and the widths of a bold cut, which the bundled face has not.

use std::sync::LazyLock;

use ttf_parser::Face;

/// The sans-serif face that text is measured with and that [`crate::png()`] draws: Ubuntu Light.
pub const FACE: &[u8] = epaint_default_fonts::UBUNTU_LIGHT;

/// The family name of [`FACE`], which the charts name among their fonts.
pub const FACE_FAMILY: &str = "Ubuntu";

static PARSED: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(FACE, 0).ok());

/// The size and weight of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Font {
    /// Height in units of the picture.
    pub(crate) size: f64,
    /// Whether it is bold.
    pub(crate) bold: bool,
}

impl Font {
    /// Text of ordinary weight.
    pub(crate) const fn plain(size: f64) -> Self {
        Self { size, bold: false }
    }

    /// Bold text.
    pub(crate) const fn bold(size: f64) -> Self {
        Self { size, bold: true }
    }

    /// How far below the middle of a line of text its baseline lies.
    pub(crate) fn drop(self) -> f64 {
        self.size * 0.35
    }

    /// How wide one character is; an em where the face has none for it.
    fn advance(self, c: char) -> f64 {
        let em = PARSED.as_ref().and_then(|face| {
            let glyph = face.glyph_index(c)?;
            Some(f64::from(face.glyph_hor_advance(glyph)?) / f64::from(face.units_per_em()))
        });
        em.unwrap_or(1.0) * self.size * if self.bold { 1.09 } else { 1.03 }
    }

    /// How wide a text is.
    pub(crate) fn width(self, text: &str) -> f64 {
        text.chars().map(|c| self.advance(c)).sum()
    }

    /// The text in lines of at most `width`, at most `lines` of them; what does not fit ends in an ellipsis.
    pub(crate) fn wrap(self, text: &str, width: f64, lines: usize) -> Vec<String> {
        let mut done: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            for (index, part) in self.parts(word, width).into_iter().enumerate() {
                let joint = if index == 0 && !line.is_empty() { " " } else { "" };
                // A part that follows another of its word starts a line: the one before is full.
                if index == 0 && self.width(&line) + self.width(joint) + self.width(&part) <= width {
                    line.push_str(joint);
                    line.push_str(&part);
                    continue;
                }
                if !line.is_empty() {
                    done.push(std::mem::take(&mut line));
                }
                if done.len() >= lines {
                    return self.cut(done, width);
                }
                line = part;
            }
        }
        if !line.is_empty() {
            done.push(line);
        }
        done
    }

    /// A word in parts that fit, broken after hyphens where it has some; a word that fits is one.
    fn parts(self, word: &str, width: f64) -> Vec<String> {
        let mut parts = Vec::new();
        let mut part = String::new();
        let mut used = 0.0;
        for c in word.chars() {
            let wide = self.advance(c);
            if used + wide > width && !part.is_empty() {
                let rest = part.rfind('-').map_or_else(String::new, |hyphen| part.split_off(hyphen + 1));
                used = self.width(&rest);
                parts.push(std::mem::replace(&mut part, rest));
            }
            used += wide;
            part.push(c);
        }
        parts.push(part);
        parts
    }

    /// The lines, the last of them shortened so that an ellipsis fits.
    fn cut(self, mut lines: Vec<String>, width: f64) -> Vec<String> {
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && self.width(last) + self.advance('\u{2026}') > width {
                last.pop();
            }
            last.truncate(last.trim_end().len());
            last.push('\u{2026}');
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_face_can_be_read_and_bears_the_name_that_charts_ask_for() {
        let face = PARSED.as_ref().unwrap();
        let family = face.names().into_iter().find(|n| n.name_id == ttf_parser::name_id::TYPOGRAPHIC_FAMILY).unwrap();
        assert_eq!(family.to_string().unwrap(), FACE_FAMILY);
        for c in ['\u{2212}', '\u{2026}', '\u{2013}', '\u{a3}'] {
            assert!(face.glyph_index(c).is_some(), "{c}");
        }
    }

    #[test]
    fn text_is_broken_between_words() {
        let font = Font::plain(13.0);
        let width = font.width("Mean of the statistical") + 0.5;
        assert_eq!(
            font.wrap("Mean of the statistical neighbours", width, 3),
            ["Mean of the statistical", "neighbours"]
        );
        assert!(font.wrap(" \n", 100.0, 3).is_empty());
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        let font = Font::bold(13.0);
        let lines = font.wrap("one two three four five six seven eight", 60.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('\u{2026}'), "{lines:?}");
        assert!(lines.iter().all(|line| font.width(line) <= 60.0), "{lines:?}");
    }

    #[test]
    fn a_word_that_is_too_long_is_broken_where_it_must() {
        let font = Font::plain(13.0);
        let lines = font.wrap("Llanfairpwllgwyngyllgogerychwyrndrobwll", 100.0, 9);
        assert!(lines.len() > 1 && lines.iter().all(|line| font.width(line) <= 100.0), "{lines:?}");
        assert_eq!(font.wrap("ab", 0.1, 9), ["a", "b"]);
        let width = font.width("Christchurch-under-Ex");
        assert_eq!(font.wrap("Christchurch-under-Exampleton", width, 9), ["Christchurch-under-", "Exampleton"]);
    }
}
