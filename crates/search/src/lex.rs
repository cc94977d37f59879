//! A query's text into words, phrases and signs.

use crate::answer::Note;
use crate::words::{is_dash, is_quote, words};

/// Characters of a query's text that are read.
pub(crate) const LONGEST_TEXT: usize = 2_000;
/// Words and phrases of a query's text that are read.
pub(crate) const MOST_WORDS: usize = 64;

/// A piece of a query's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lexeme {
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// `OR`.
    Or,
    /// `AND`.
    And,
    /// `NOT`, or a dash before a word.
    Not,
    /// What stands in quotation marks, with a word in it.
    Phrase(String),
    /// What stands between spaces, with a word in it; ends with `*` where it is a beginning.
    Text(String),
}

/// The pieces of a text; what is none is noted.
pub(crate) fn lex(text: &str, notes: &mut Vec<Note>) -> Vec<Lexeme> {
    let text = match text.char_indices().nth(LONGEST_TEXT) {
        Some((cut, _)) => {
            notes.push(Note::ignored(&text[cut..], &format!("only {LONGEST_TEXT} characters of a query are read")));
            &text[..cut]
        }
        None => text,
    };
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '(' => sign(Lexeme::Open, after, &mut found),
            ')' => sign(Lexeme::Close, after, &mut found),
            c if is_quote(c) => phrase(after, &mut found, notes),
            c if is_dash(c) && after.starts_with(|next: char| !next.is_whitespace()) => {
                sign(Lexeme::Not, after, &mut found)
            }
            _ => run(rest, &mut found, notes),
        }
        .trim_start();
    }
    limit(found, notes)
}

fn sign<'t>(lexeme: Lexeme, after: &'t str, found: &mut Vec<Lexeme>) -> &'t str {
    found.push(lexeme);
    after
}

/// Reads up to the closing quotation mark; gives what is after it.
fn phrase<'t>(after: &'t str, found: &mut Vec<Lexeme>, notes: &mut Vec<Note>) -> &'t str {
    let Some(end) = after.find(is_quote) else {
        notes.push(Note::ignored("\"", "the quotation mark is not closed; its words are looked for one by one"));
        return after;
    };
    let typed = &after[..end];
    if words(typed).is_empty() {
        notes.push(Note::ignored(&format!("\"{typed}\""), "there is no word in the quotation marks"));
    } else {
        if typed.contains('*') {
            notes.push(Note::ignored("*", "within quotation marks it means nothing"));
        }
        found.push(Lexeme::Phrase(typed.to_owned()));
    }
    let mut beyond = after[end..].chars();
    beyond.next();
    beyond.as_str()
}

/// Reads up to the next space or quotation mark; gives what is after it.
fn run<'t>(rest: &'t str, found: &mut Vec<Lexeme>, notes: &mut Vec<Note>) -> &'t str {
    let end = rest.find(|c: char| c.is_whitespace() || is_quote(c)).unwrap_or(rest.len());
    // A bracket that was opened outside of the run closes outside of it: `(a b)` and not `child(ren)`.
    let mut typed = &rest[..end];
    while let Some(shorter) = typed.strip_suffix(')') {
        if typed.matches('(').count() >= typed.matches(')').count() {
            break;
        }
        typed = shorter;
    }
    match typed {
        "OR" => found.push(Lexeme::Or),
        "AND" => found.push(Lexeme::And),
        "NOT" => found.push(Lexeme::Not),
        _ if words(typed).is_empty() => notes.push(Note::ignored(typed, "there is no word in it")),
        _ => {
            // `word*,` is a beginning at the end of a clause.
            let bare = typed.trim_end_matches(['.', ',', ';', ':', '!', '?']);
            let read = if bare.ends_with('*') { bare } else { typed };
            if read.trim_end_matches('*').contains('*') {
                notes.push(Note::ignored("*", "it is understood only at the end of a word"));
            }
            found.push(Lexeme::Text(read.to_owned()));
        }
    }
    &rest[typed.len()..]
}

/// At most as many words as a query may have.
fn limit(mut found: Vec<Lexeme>, notes: &mut Vec<Note>) -> Vec<Lexeme> {
    let is_word = |lexeme: &Lexeme| matches!(lexeme, Lexeme::Text(_) | Lexeme::Phrase(_));
    let cut = found.iter().enumerate().filter(|(_, lexeme)| is_word(lexeme)).nth(MOST_WORDS).map(|(at, _)| at);
    if let Some(cut) = cut {
        let dropped: Vec<_> = found
            .drain(cut..)
            .filter_map(|lexeme| match lexeme {
                Lexeme::Text(typed) | Lexeme::Phrase(typed) => Some(typed),
                _ => None,
            })
            .collect();
        notes.push(Note::ignored(&dropped.join(" "), &format!("only {MOST_WORDS} words of a query are read")));
    }
    found
}
