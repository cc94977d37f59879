//! Text into sentences, for showing what was found in its context.

use std::ops::Range;

/// Abbreviations that never end a sentence.
const NEVER_LAST: [&str; 11] = ["e.g", "i.e", "mr", "mrs", "ms", "dr", "prof", "rev", "st", "vs", "cf"];
/// Abbreviations that end no sentence where a number follows.
const BEFORE_NUMBER: [&str; 9] = ["no", "nos", "para", "paras", "p", "pp", "s", "reg", "fig"];

/// The sentences of a text as ranges of bytes, without the space around them, in order.
///
/// A line's end is only a space, since extracted text breaks lines anywhere; an empty line or a bullet ends a
/// sentence.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if at >= start && is_end(text, at, c) {
            let end = match c {
                '\n' => at,
                _ => at + c.len_utf8() + closing(&text[at + c.len_utf8()..]),
            };
            push(text, start..end, &mut found);
            start = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

/// The first sentence of a text.
pub(crate) fn first(text: &str) -> Option<&str> {
    sentences(text).into_iter().next().map(|range| &text[range])
}

/// The last sentence of a text.
pub(crate) fn last(text: &str) -> Option<&str> {
    sentences(text).into_iter().next_back().map(|range| &text[range])
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let inner = &text[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    let end = range.start + inner.trim_end().len();
    if start < end {
        found.push(start..end);
    }
}

/// Whether a sentence ends with the character `c` at the byte `at`.
fn is_end(text: &str, at: usize, c: char) -> bool {
    let before = &text[..at];
    let after = &text[at + c.len_utf8()..];
    match c {
        '\n' => {
            let rest = after.trim_start_matches([' ', '\t', '\r']);
            rest.starts_with('\n') || rest.starts_with(is_bullet)
        }
        '!' | '?' | '\u{2026}' => is_followed_by_sentence(after),
        '.' => is_followed_by_sentence(after) && !is_abbreviated(before, after),
        _ => false,
    }
}

/// A bullet: one of those with a name, a geometric shape, or one of the two that a symbol font leaves behind.
fn is_bullet(c: char) -> bool {
    matches!(c, '\u{2022}' | '\u{2023}' | '\u{2043}' | '\u{25A0}'..='\u{25FF}' | '\u{F0A7}' | '\u{F0B7}')
}

/// Bytes of what closes a quotation or bracket right after a full stop.
fn closing(after: &str) -> usize {
    let rest = after.trim_start_matches(['"', '\'', '\u{2019}', '\u{201D}', ')', ']', '\u{BB}']);
    after.len() - rest.len()
}

fn is_followed_by_sentence(after: &str) -> bool {
    let rest = &after[closing(after)..];
    let next = rest.trim_start();
    rest.len() != next.len() && next.chars().next().is_some_and(|c| !c.is_lowercase())
}

/// Whether the full stop between the two belongs to an abbreviation or an initial.
fn is_abbreviated(before: &str, after: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[')).next().unwrap_or_default();
    let small = word.to_lowercase();
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let is_number_next = after.trim_start().starts_with(|c: char| c.is_ascii_digit());
    is_initial || NEVER_LAST.contains(&small.as_str()) || (is_number_next && BEFORE_NUMBER.contains(&small.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_end_at_full_stops_and_not_at_abbreviations() {
        assert_eq!(
            split(
                "Plans drift, e.g. in court. Dr. A. Smith asked \u{201C}Why?\u{201D} See para. 47. Rates fell to 3.5 in May."
            ),
            [
                "Plans drift, e.g. in court.",
                "Dr. A. Smith asked \u{201C}Why?\u{201D}",
                "See para. 47.",
                "Rates fell to 3.5 in May."
            ]
        );
    }

    #[test]
    fn a_broken_line_is_a_space_and_an_empty_line_or_a_bullet_is_not() {
        assert_eq!(
            split("Care leavers\nare known.\n\nNeeds to improve\n\u{2022} Plans\n \u{25FC} Visits"),
            ["Care leavers\nare known.", "Needs to improve", "\u{2022} Plans", "\u{25FC} Visits"]
        );
    }

    #[test]
    fn nothing_is_lost_between_sentences_but_space() {
        for text in ["", " ", ".", "...", "A. B. C", "a.b.c. D", "One!  Two?Three.\u{201D} Four"] {
            let kept: String = split(text).concat().split_whitespace().collect();
            assert_eq!(kept, text.split_whitespace().collect::<String>(), "{text:?}");
        }
    }

    #[test]
    fn the_first_and_the_last_are_found() {
        assert_eq!((first("One. Two."), last("One. Two.")), (Some("One."), Some("Two.")));
        assert_eq!((first(" "), last("")), (None, None));
    }
}
