//! Text as it is compared: one way to write quotes, dashes, ligatures and spaces.

use regex::Regex;

/// A pattern that is written in the program.
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern that is written in the program is valid")
}

/// Text as it is kept: ligatures undone, invisible letters dropped, runs of spaces made one.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut blank = true;
    for letter in text.chars() {
        let (whole, part) = match letter {
            'ﬀ' => (' ', "ff"),
            'ﬁ' => (' ', "fi"),
            'ﬂ' => (' ', "fl"),
            'ﬃ' => (' ', "ffi"),
            'ﬄ' => (' ', "ffl"),
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => (' ', ""),
            other if other.is_whitespace() || other.is_control() => {
                if !blank {
                    tidied.push(' ');
                }
                blank = true;
                continue;
            }
            other => (other, ""),
        };
        if whole != ' ' {
            tidied.push(whole);
            blank = false;
        } else if !part.is_empty() {
            tidied.push_str(part);
            blank = false;
        }
    }
    tidied.truncate(tidied.trim_end().len());
    tidied
}

/// Text for comparing: tidied, in lower case, with straight quotes and plain hyphens.
pub(crate) fn plain(text: &str) -> String {
    let lower = tidy(text).to_lowercase();
    lower
        .chars()
        .map(|letter| match letter {
            '‘' | '’' | 'ʼ' | '`' | '´' => '\'',
            '“' | '”' => '"',
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '─' | '━' | '−' => '-',
            other => other,
        })
        .collect()
}

/// Whether a letter is the mark of a note, which the text layer raises.
pub(crate) const fn is_note_mark(letter: char) -> bool {
    matches!(letter, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ligatures_soft_hyphens_and_odd_spaces_leave_no_trace() {
        assert_eq!(tidy(" o\u{fb03}ce\u{a0}\u{a0}of\u{ad}fer "), "office offer");
        assert_eq!(plain("Children’s ─ “Good”"), "children's - \"good\"");
    }
}
