//! What is asked and what is answered.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::passage::{Class, Passage};

/// What is looked for, and where.
///
/// An empty list of a filter lets everything through. Text without a word asks for every passage that the filters
/// let through, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Query {
    /// The text, as a person types it.
    pub text: String,
    /// Codes of authorities.
    pub authorities: Vec<String>,
    /// The first day of publication or sharing.
    pub from: Option<Date>,
    /// The last day of publication or sharing.
    pub to: Option<Date>,
    /// The day as which it is: what became known after it is left out, and so is what bears no date, and what another
    /// version had replaced by it.
    pub as_at: Option<Date>,
    /// Kinds of inspection, or `self-evaluation`.
    pub kinds: Vec<String>,
    /// Ids of evaluation headings.
    pub criteria: Vec<String>,
    /// Ids of topics of focused visits.
    pub topics: Vec<String>,
    /// What a finding states: `strength`, `needs-to-improve`, ….
    pub statements: Vec<String>,
    /// Hits to give at most; the total is counted all the same.
    pub limit: usize,
    /// Hits to leave out before the first that is given.
    pub offset: usize,
    /// Whether other names of the same thing are looked for too.
    pub with_names: bool,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            text: String::new(),
            authorities: Vec::new(),
            from: None,
            to: None,
            as_at: None,
            kinds: Vec::new(),
            criteria: Vec::new(),
            topics: Vec::new(),
            statements: Vec::new(),
            limit: 20,
            offset: 0,
            with_names: true,
        }
    }
}

impl Query {
    /// A query of a text alone.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Answer {
    /// Passages that match.
    pub total: usize,
    /// Hits that were left out before the first.
    pub offset: usize,
    /// The hits, best first; of equal score the newer first, then by id.
    pub hits: Vec<Hit>,
    /// How the text was understood, with its operators written out.
    pub read_as: String,
    /// The version of the list of names, by which names were added.
    pub lexicon_version: u32,
    /// Names that were looked for beside what was typed.
    pub expanded: Vec<Expansion>,
    /// Words that occur nowhere, with the nearest words that do.
    pub suggestions: Vec<Suggestion>,
    /// What was ignored, what was left out, and why nothing was found.
    pub notes: Vec<Note>,
    /// The indexes that were searched.
    pub searched: Vec<Searched>,
}

/// A passage that matches.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The BM25 score to four decimals; comparable within one answer only, and 0 where no word was asked for.
    pub score: f64,
    /// The passage.
    pub passage: Passage,
    /// The sentence before the first that matches, if there is one.
    pub before: Option<String>,
    /// The sentences that match, in the passage's order: the three with most of what was asked for. Where no word was
    /// asked for, the passage's first.
    pub sentences: Vec<Sentence>,
    /// Sentences that match and are not among those.
    pub more_sentences: usize,
    /// The sentence after the last that matches, if there is one.
    pub after: Option<String>,
}

/// A sentence of a passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// Its words.
    pub text: String,
    /// Whether sentences were left out between the one before in the list and this.
    pub follows_gap: bool,
    /// Where it matches.
    pub matches: Vec<Span>,
}

/// A stretch of a sentence, counted in characters (Unicode scalar values) from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
}

impl Sentence {
    /// The text in pieces, each with whether it is a match.
    #[must_use]
    pub fn pieces(&self) -> Vec<(String, bool)> {
        let mut pieces: Vec<(String, bool)> = Vec::new();
        for (at, c) in self.text.chars().enumerate() {
            let is_match = self.matches.iter().any(|span| (span.start..span.end).contains(&at));
            match pieces.last_mut() {
                Some((piece, same)) if *same == is_match => piece.push(c),
                _ => pieces.push((c.to_string(), is_match)),
            }
        }
        pieces
    }
}

/// Names that were looked for beside one that was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Expansion {
    /// What was typed.
    pub typed: String,
    /// What was added.
    pub added: Vec<String>,
}

/// A word that occurs nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// What was typed.
    pub typed: String,
    /// The nearest words that occur, nearest first, then the more frequent first.
    pub nearest: Vec<String>,
}

/// An index that was searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Searched {
    /// The class of its passages.
    pub class: Class,
    /// The snapshot it was made from.
    pub snapshot: String,
    /// Its passages.
    pub passages: u64,
}

/// Something a reader must know about an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// A sentence.
    pub text: String,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Something in the query was ignored.
    Ignored,
    /// Passages that match were left out because they bear no date.
    Undated,
    /// Why nothing was found.
    Empty,
}

impl Note {
    /// Something was ignored.
    pub(crate) fn ignored(what: &str, why: &str) -> Self {
        Self { kind: NoteKind::Ignored, text: format!("{} was ignored: {why}", shown(what)) }
    }

    /// Nothing was found.
    pub(crate) fn empty(text: String) -> Self {
        Self { kind: NoteKind::Empty, text }
    }
}

/// What was typed, short enough to be repeated.
pub(crate) fn shown(typed: &str) -> String {
    const LONGEST: usize = 60;
    let cut: String = typed.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if typed.chars().count() > LONGEST {
        format!("\u{2018}{cut}\u{2026}\u{2019}")
    } else {
        format!("\u{2018}{cut}\u{2019}")
    }
}

/// A number with its noun, as a person writes it.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {}", if number == 1 { one } else { many })
}
