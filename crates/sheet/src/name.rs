//! Names of columns as they are compared: whatever their line breaks, spaces and marks of notes.

use crate::Sheet;

/// Whether two cells bear one name.
///
/// Words are compared, so that line breaks and repeated spaces do not count, and marks of notes in square brackets
/// (`[note 3]`) are passed over.
#[must_use]
pub fn same_name(cell: &str, name: &str) -> bool {
    // Most cells differ from a name in their first letter.
    let first = |text: &str| text.trim_start().bytes().next();
    let (a, b) = (first(cell), first(name));
    (a == b || a == Some(b'[') || b == Some(b'[')) && words(cell).eq(words(name))
}

/// A name without the marks of notes, its words separated by single spaces.
#[must_use]
pub fn plain_name(cell: &str) -> String {
    words(cell).collect::<Vec<_>>().join(" ")
}

/// The words of a text without its marks of notes: `[note 3]`, and shorthand such as `[r]`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let closes = text.contains(']');
    let mut within = false;
    text.split_whitespace().filter(move |word| {
        let begins = closes && word.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("[note"));
        let shorthand =
            word.len() <= 4 && word.len() < text.trim().len() && word.starts_with('[') && word.ends_with(']');
        let is_mark = within || begins || shorthand;
        within = (within || begins) && !word.ends_with(']');
        !is_mark
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
