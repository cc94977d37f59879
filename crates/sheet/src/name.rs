//! Names of columns as they are compared: whatever their line breaks, spaces and marks of notes.

use crate::Sheet;

/// Whether a cell bears a name.
///
/// Words are compared whatever their case, so that line breaks and repeated spaces do not count, and marks of notes in
/// square brackets (`[note 3]`) are passed over. The name may be several, with ` | ` between: publishers word their
/// headers anew from year to year.
#[must_use]
pub fn same_name(cell: &str, name: &str) -> bool {
    name.split(" | ").any(|name| is_one_name(cell, name))
}

fn is_one_name(cell: &str, name: &str) -> bool {
    // Most cells differ from a name in their first letter, and every row of a sheet is held against every header.
    let first = |text: &str| text.trim_start().bytes().next().map(|b| b.to_ascii_lowercase());
    let (a, b) = (first(cell), first(name));
    let tells = |byte: Option<u8>| byte.is_none_or(|b| b.is_ascii() && b != b'[');
    if a != b && tells(a) && tells(b) {
        return false;
    }
    let letters = |text| words(text).flat_map(|word| std::iter::once(' ').chain(word.chars()));
    letters(cell).flat_map(char::to_lowercase).eq(letters(name).flat_map(char::to_lowercase))
}

/// A name without the marks of notes, its words separated by single spaces.
#[must_use]
pub fn plain_name(cell: &str) -> String {
    words(cell).collect::<Vec<_>>().join(" ")
}

/// The words of a text without its marks of notes: `[note 3]`, and shorthand such as `[r]`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.trim().len();
    pieces(text).flat_map(str::split_whitespace).filter(move |word| {
        let is_shorthand = word.len() <= 4 && word.len() < whole && word.starts_with('[') && word.ends_with(']');
        !is_shorthand
    })
}

/// The pieces of a text between marks such as `[note 3]`.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (piece, after) = match mark(text) {
            Some((start, end)) => (&text[..start], Some(&text[end..])),
            None => (text, None),
        };
        rest = after;
        Some(piece)
    })
}

/// Where the first mark of a note begins and ends; one that is not closed is none.
fn mark(text: &str) -> Option<(usize, usize)> {
    text.match_indices('[').find_map(|(start, _)| {
        let is_note = text[start..].get(..5).is_some_and(|begins| begins.eq_ignore_ascii_case("[note"));
        let length = text[start..].find(']').filter(|_| is_note)?;
        Some((start, start + length + 1))
    })
}

impl Sheet {
    /// The rows that hold a cell of every name.
    #[must_use]
    pub fn rows_with_all(&self, names: &[String]) -> Vec<usize> {
        let holds = |row: &Vec<String>| names.iter().all(|name| row.iter().any(|cell| same_name(cell, name)));
        (0..self.rows.len()).filter(|at| holds(&self.rows[*at])).collect()
    }

    /// The rows that hold a cell of one of the names.
    #[must_use]
    pub fn rows_with_any(&self, names: &[&str]) -> Vec<usize> {
        let holds = |row: &Vec<String>| row.iter().any(|cell| names.iter().any(|name| same_name(cell, name)));
        (0..self.rows.len()).filter(|at| holds(&self.rows[*at])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_name_whatever_its_spaces_and_notes() {
        assert!(same_name(" Inspection\n date ", "Inspection date"));
        assert!(same_name("TOTAL [note 2] - Net", "TOTAL - Net"));
        assert!(same_name("[note 1] Code", "Code"));
        assert!(same_name("inspection DATE[note 2]", "Inspection date"));
        assert!(same_name("Day of inspection", "Inspection date | Day of inspection"));
        assert!(same_name("\u{c9}tat", "\u{e9}tat") && !same_name("b", "a | c"));
        assert!(!same_name("Inspection dates", "Inspection date"));
        assert!(!same_name("", "Code"));
        assert_eq!(plain_name("Class  Breakdown [o]"), "Class Breakdown");
    }

    #[test]
    fn other_brackets_are_part_of_a_name() {
        for name in ["[x]", "a [b c", "Rate [per 1,000]", "a [note", "[z]"] {
            assert_eq!(plain_name(name), name);
        }
        assert!(!same_name("Rate [per 1,000]", "Rate [per 10,000]"));
    }
}
