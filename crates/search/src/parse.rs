//! A query's text into a tree. Any text is understood; what could not be is said.
//!
//! Words side by side must all be there. `OR` (in capitals) parts alternatives and binds less than that; `AND` may be
//! written. `"in quotation marks"` is looked for exactly, `word*` as a beginning, `-word` or `NOT word` excludes,
//! brackets group. Words joined by punctuation (`care-leavers`, `2019/20`) are looked for side by side.

use crate::answer::{Expansion, Note};
use crate::expr::{Expr, Leaf};
use crate::lex::{Lexeme, lex};
use crate::lexicon::{lexicon, terms};
use crate::words::{Word, words};

/// Brackets within brackets that are understood; more would be no query that a person wrote.
const DEEPEST: usize = 16;

/// A query's text as understood.
pub(crate) struct Parsed {
    /// What is asked.
    pub(crate) expr: Expr,
    /// What was ignored, and why.
    pub(crate) notes: Vec<Note>,
    /// Names that were added.
    pub(crate) expanded: Vec<Expansion>,
}

/// Understands a text, adding other names of the same thing where `with_names`.
pub(crate) fn parse(text: &str, with_names: bool) -> Parsed {
    let mut notes = Vec::new();
    let lexemes = lex(text, &mut notes);
    let mut parser = Parser { lexemes, at: 0, depth: 0, with_names, notes, expanded: Vec::new() };
    let expr = parser.any().unwrap_or(Expr::Everything);
    Parsed { expr, notes: parser.notes, expanded: parser.expanded }
}

struct Parser {
    lexemes: Vec<Lexeme>,
    at: usize,
    depth: usize,
    with_names: bool,
    notes: Vec<Note>,
    expanded: Vec<Expansion>,
}

/// What has been read of a list of things that must all be there.
#[derive(Default)]
struct Row {
    found: Vec<Expr>,
    /// Plain words that follow each other, in which names are looked for.
    plain: Vec<(String, Vec<Word>)>,
    /// Words that are looked for only if there is nothing else.
    common: Vec<Expr>,
}

impl Parser {
    fn next(&mut self) -> Option<Lexeme> {
        let next = self.lexemes.get(self.at).cloned();
        self.at += 1;
        next
    }

    fn ignore(&mut self, what: &str, why: &str) {
        self.notes.push(Note::ignored(what, why));
    }

    /// Alternatives, up to the end or the bracket that closes them.
    fn any(&mut self) -> Option<Expr> {
        let mut found = Vec::new();
        loop {
            let side = self.all();
            let is_or = self.lexemes.get(self.at) == Some(&Lexeme::Or);
            if side.is_none() && (is_or || self.lexemes.get(self.at.wrapping_sub(1)) == Some(&Lexeme::Or)) {
                self.ignore("OR", "one side of it is empty");
            }
            found.extend(side);
            if !is_or {
                return one_or(found, Expr::Any);
            }
            self.at += 1;
        }
    }

    /// Things that must all be there, up to the next `OR`.
    fn all(&mut self) -> Option<Expr> {
        let mut row = Row::default();
        loop {
            match self.lexemes.get(self.at) {
                None | Some(Lexeme::Or) => break,
                Some(Lexeme::Close) if self.depth > 0 => break,
                Some(Lexeme::Close) => self.ignore(")", "no bracket was opened"),
                Some(Lexeme::And) => self.and(&mut row),
                Some(Lexeme::Not) => {
                    self.flush(&mut row);
                    self.exclusion(&mut row);
                    continue;
                }
                Some(Lexeme::Text(typed)) if !typed.ends_with('*') => {
                    let typed = typed.clone();
                    let read = words(&typed);
                    row.plain.push((typed, read));
                }
                Some(_) => {
                    self.flush(&mut row);
                    let found = self.item(false);
                    row.found.extend(found);
                    continue;
                }
            }
            self.at += 1;
        }
        self.flush(&mut row);
        if row.found.iter().all(|expr| matches!(expr, Expr::Not(_))) {
            row.common.append(&mut row.found);
            return one_or(row.common, Expr::All);
        }
        if !row.common.is_empty() {
            let dropped: Vec<_> = row.common.iter().map(ToString::to_string).collect();
            self.ignore(&dropped.join(", "), "too common to tell passages apart; in quotation marks it is looked for");
        }
        one_or(row.found, Expr::All)
    }

    /// An `AND`, which only parts words that would otherwise be read as a name.
    fn and(&mut self, row: &mut Row) {
        self.flush(row);
        let is_first = row.found.is_empty() && row.common.is_empty();
        let is_last = matches!(self.lexemes.get(self.at + 1), None | Some(Lexeme::Or | Lexeme::Close | Lexeme::And));
        if is_first || is_last {
            self.ignore("AND", "one side of it is empty");
        }
    }

    /// What follows a minus or a `NOT`; several in a row are one.
    fn exclusion(&mut self, row: &mut Row) {
        while self.lexemes.get(self.at) == Some(&Lexeme::Not) {
            self.at += 1;
        }
        match self.lexemes.get(self.at) {
            Some(Lexeme::Text(_) | Lexeme::Phrase(_) | Lexeme::Open) => {
                let names = std::mem::replace(&mut self.with_names, false);
                let found = self.item(true);
                self.with_names = names;
                row.found.extend(found.map(|expr| Expr::Not(Box::new(expr))));
            }
            _ => self.ignore("NOT", "no word follows it"),
        }
    }

    /// A phrase, a bracket, a beginning, or a word that is excluded.
    fn item(&mut self, is_excluded: bool) -> Option<Expr> {
        match self.next()? {
            Lexeme::Phrase(typed) => Some(Expr::Leaf(exact(&typed))),
            Lexeme::Text(typed) if typed.ends_with('*') => self.prefix(&typed),
            Lexeme::Text(typed) => plain(&typed, &words(&typed)).map(Expr::Leaf),
            Lexeme::Open => self.bracket(is_excluded),
            _ => None,
        }
    }

    fn bracket(&mut self, is_excluded: bool) -> Option<Expr> {
        if self.depth == DEEPEST {
            self.ignore("(", "too many brackets within each other");
            return None;
        }
        self.depth += 1;
        let inner = self.any();
        self.depth -= 1;
        if self.next().is_none() {
            self.ignore("(", "the bracket is not closed");
        }
        if inner.is_none() {
            self.ignore("()", "there is no word in the brackets");
        }
        // An exclusion within an exclusion would bring back what a reader takes for excluded.
        match inner {
            Some(inner) if is_excluded && inner.excludes() => {
                self.ignore("-", "an exclusion within an exclusion");
                inner.without_exclusions()
            }
            inner => inner,
        }
    }

    fn prefix(&mut self, typed: &str) -> Option<Expr> {
        let mut read = words(typed);
        let last = read.pop()?;
        let start = Expr::Leaf(Leaf::Prefix { start: last.exact });
        if read.is_empty() {
            return Some(start);
        }
        self.ignore(
            typed,
            "only its last part is looked for as a beginning, and its parts need not stand side by side",
        );
        let before = read.into_iter().map(|word| Expr::Leaf(single(&word.exact, &word)));
        Some(Expr::All(before.chain([start]).collect()))
    }

    /// Reads the plain words that were gathered: names of the field first, then word by word.
    fn flush(&mut self, row: &mut Row) {
        let gathered = std::mem::take(&mut row.plain);
        let mut rest = gathered.as_slice();
        while let [(typed, read), after @ ..] = rest {
            if let Some((taken, term)) = self.term(rest) {
                row.found.push(Expr::Leaf(term));
                rest = &rest[taken..];
                continue;
            }
            let is_common = matches!(read.as_slice(), [word] if lexicon().is_common(&word.exact));
            let into = if is_common { &mut row.common } else { &mut row.found };
            into.extend(plain(typed, read).map(Expr::Leaf));
            rest = after;
        }
    }

    /// The name of the field with which the words begin, and how many of what was typed it takes.
    fn term(&mut self, rest: &[(String, Vec<Word>)]) -> Option<(usize, Leaf)> {
        if !self.with_names {
            return None;
        }
        let mut ends = Vec::new();
        let mut stems = Vec::new();
        for (_, read) in rest {
            stems.extend(read.iter().map(|word| word.stem.as_str()));
            ends.push(stems.len());
        }
        let (length, others) = terms().longest(&stems, |length| ends.contains(&length))?;
        let taken = ends.iter().position(|&end| end == length)? + 1;
        let name = stems[..length].iter().map(|&stem| stem.to_owned()).collect();
        let typed: Vec<_> = rest[..taken].iter().map(|(typed, _)| typed.as_str()).collect();
        let typed = typed.join(" ");
        let is_common = |read: &[Word]| matches!(read, [word] if lexicon().is_common(&word.exact));
        let parts = rest[..taken].iter().filter(|(_, read)| !is_common(read));
        let parts = parts.filter_map(|(typed, read)| plain(typed, read)).collect();
        let added = others.iter().map(|other| other.text.clone()).collect();
        let expansion = Expansion { typed: typed.clone(), added };
        if !self.expanded.contains(&expansion) {
            self.expanded.push(expansion);
        }
        Some((taken, Leaf::Term { typed, parts, name, others }))
    }
}

fn one_or(mut found: Vec<Expr>, many: impl Fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    let mut seen = Vec::new();
    found.retain(|expr| {
        let is_new = !seen.contains(expr);
        seen.push(expr.clone());
        is_new
    });
    if found.len() > 1 { Some(many(found)) } else { found.pop() }
}

fn single(typed: &str, word: &Word) -> Leaf {
    Leaf::Word { typed: typed.to_owned(), stem: word.stem.clone() }
}

/// What was typed between two spaces, read as a word or as words side by side.
fn plain(typed: &str, read: &[Word]) -> Option<Leaf> {
    match read {
        [] => None,
        [word] => Some(single(&typed[word.start..word.end], word)),
        [first, .., last] => Some(Leaf::Row {
            typed: typed[first.start..last.end].to_owned(),
            stems: read.iter().map(|word| word.stem.clone()).collect(),
        }),
    }
}

fn exact(typed: &str) -> Leaf {
    let words = words(typed).into_iter().map(|word| word.exact).collect();
    Leaf::Exact { typed: typed.split_whitespace().collect::<Vec<_>>().join(" "), words }
}

#[cfg(test)]
#[path = "parse/tests.rs"]
mod tests;
