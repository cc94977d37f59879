//! An answer as text for a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::answer::{Answer, Hit, Sentence, Suggestion, count, shown};
use crate::passage::Class;

/// How a match is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// In square brackets: for files and for terminals that know no more.
    Brackets,
    /// In bold, by the terminal's control sequences.
    Bold,
}

/// What ids are called, in words; an id without a title stands for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Titles {
    /// Kinds of inspections and documents.
    pub kinds: BTreeMap<String, String>,
    /// What a finding states.
    pub statements: BTreeMap<String, String>,
    /// Evaluation headings.
    pub criteria: BTreeMap<String, String>,
    /// Topics of focused visits.
    pub topics: BTreeMap<String, String>,
}

/// The narrowest text: below it nothing can be laid out.
const NARROWEST: usize = 30;
/// What a hit is set in by.
const INDENT: &str = "   ";
/// What a sentence that was found begins with, among those around it.
const FOUND: &str = " > ";
/// Stand for the beginning and the end of a match until the lines are laid out; taken out of what is shown.
const BEGIN: char = '\u{FDD0}';
const END: char = '\u{FDD1}';

/// An answer as lines of at most `width` characters, but for words that are longer.
#[must_use]
pub fn render_text(answer: &Answer, width: usize, marks: Marks, titles: &Titles) -> String {
    let page = Page { width: width.max(NARROWEST), marks, titles };
    let mut out = String::new();
    page.lines(&mut out, "", &headline(answer));
    for expansion in &answer.expanded {
        let text = format!("{} is also called {}", expansion.typed, expansion.added.join(", "));
        page.lines(&mut out, "", &format!("note: {}; these were looked for too", clean(&text)));
    }
    for note in &answer.notes {
        page.lines(&mut out, "", &format!("note: {}", clean(&note.text)));
    }
    for suggestion in &answer.suggestions {
        page.lines(&mut out, "", &clean(&suggested(suggestion)));
    }
    if answer.total == 0 && !answer.searched.is_empty() {
        page.lines(&mut out, "", &searched(answer));
    }
    for (at, hit) in answer.hits.iter().enumerate() {
        out.push('\n');
        page.hit(&mut out, answer.offset + at + 1, hit);
    }
    out
}

fn headline(answer: &Answer) -> String {
    let total = count(answer.total as u64, "passage", "passages");
    let read_as = clean(&answer.read_as);
    match answer.hits.len() {
        0 => format!("{total} for: {read_as}"),
        shown if shown == answer.total => format!("{total} for: {read_as}"),
        1 => format!("{total}, number {} of them here, for: {read_as}", answer.offset + 1),
        shown => {
            format!("{total}, {} to {} of them here, for: {read_as}", answer.offset + 1, answer.offset + shown)
        }
    }
}

fn searched(answer: &Answer) -> String {
    let number = answer.searched.iter().map(|one| one.passages).sum();
    let each: Vec<_> = answer.searched.iter().map(|one| count(one.passages, one.class.id(), one.class.id())).collect();
    format!("searched: {} ({})", count(number, "passage", "passages"), each.join(", "))
}

fn suggested(suggestion: &Suggestion) -> String {
    match suggestion.nearest.as_slice() {
        [] => format!("note: no word is near {}", shown(&suggestion.typed)),
        words => format!("note: for {}, did you mean {}?", shown(&suggestion.typed), words.join(" or ")),
    }
}

struct Page<'t> {
    width: usize,
    marks: Marks,
    titles: &'t Titles,
}

impl Page<'_> {
    fn hit(&self, out: &mut String, number: usize, hit: &Hit) {
        let passage = &hit.passage;
        let date = passage.date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
        let page = passage.page.map(|page| format!("page {page}"));
        // Whoever reads on must know that it was not published.
        let class = (passage.class != Class::Public).then(|| passage.class.id().to_owned());
        let kind = self.titles.kinds.get(&passage.kind).unwrap_or(&passage.kind).clone();
        let head = [Some(passage.authority_name.clone()), Some(kind), Some(date), page, class];
        let head = format!("{number}. {}", listed(head, ", "));
        self.lines(out, "", &clean(&head));
        let statement = passage.statement.as_ref().map(|id| self.titles.statements.get(id).unwrap_or(id).clone());
        let criterion = passage.criterion_id.as_deref().map(|id| titled(&self.titles.criteria, id));
        let topic = passage.focus_topic_id.as_deref().map(|id| titled(&self.titles.topics, id));
        let about = listed([passage.section.clone(), statement, criterion, topic], "; ");
        if !about.is_empty() {
            self.lines(out, INDENT, &clean(&about));
        }
        for part in excerpt(hit) {
            let first = if part.is_found { FOUND } else { INDENT };
            self.paragraph(out, first, INDENT, &part.text);
        }
        if hit.more_sentences > 0 {
            let more = count(hit.more_sentences as u64, "more sentence matches", "more sentences match");
            self.lines(out, INDENT, &format!("({more})"));
        }
        let source = [&passage.source_id, &passage.release, &passage.file_name, &passage.document_id];
        let source = listed(source.map(|part| Some(part.clone())), ", ");
        self.lines(out, INDENT, &format!("source: {}", clean(&source)));
    }

    /// Lays words out in lines.
    fn lines(&self, out: &mut String, indent: &str, text: &str) {
        self.paragraph(out, indent, indent, text);
    }

    /// Lays words out in lines, of which the first begins with something of its own, as wide as the others' indent.
    fn paragraph(&self, out: &mut String, first: &str, indent: &str, text: &str) {
        let mut begin = first;
        let mut line = String::new();
        let mut length = 0;
        let mut is_within = false;
        for word in text.split_whitespace() {
            let long = self.length(word);
            if length > 0 && indent.len() + length + 1 + long > self.width {
                self.line(out, begin, &line, &mut is_within);
                begin = indent;
                line.clear();
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += long;
        }
        self.line(out, begin, &line, &mut is_within);
    }

    /// Writes a line; a match that goes on beyond it ends with it and begins again with the next.
    fn line(&self, out: &mut String, indent: &str, line: &str, is_within: &mut bool) {
        let (begin, end) = match self.marks {
            Marks::Brackets => ("[", "]"),
            Marks::Bold => ("\u{1b}[1m", "\u{1b}[0m"),
        };
        let mut written = String::from(indent);
        if *is_within && self.marks == Marks::Bold {
            written.push_str(begin);
        }
        for c in line.chars() {
            match c {
                BEGIN => written.push_str(begin),
                END => written.push_str(end),
                c => written.push(c),
            }
            if matches!(c, BEGIN | END) {
                *is_within = c == BEGIN;
            }
        }
        if *is_within && self.marks == Marks::Bold {
            written.push_str(end);
        }
        let _ = writeln!(out, "{}", written.trim_end());
    }

    /// What a word takes of a line.
    fn length(&self, word: &str) -> usize {
        let is_mark = |c: &char| matches!(*c, BEGIN | END);
        let marks = word.chars().filter(is_mark).count();
        word.chars().count() - if self.marks == Marks::Bold { marks } else { 0 }
    }
}

/// A paragraph of an excerpt.
struct Part {
    text: String,
    /// Whether it is a sentence with a match, and not one around it.
    is_found: bool,
}

/// The sentences of a hit in their context: one that was found stands alone, those around it side by side.
fn excerpt(hit: &Hit) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let around = |text: String, parts: &mut Vec<Part>| match parts.last_mut().filter(|part| !part.is_found) {
        Some(part) => part.text.extend([" ", &text]),
        None => parts.push(Part { text, is_found: false }),
    };
    if let Some(before) = &hit.before {
        around(clean(before), &mut parts);
    }
    for sentence in &hit.sentences {
        if sentence.follows_gap {
            around("\u{2026}".to_owned(), &mut parts);
        }
        match sentence.matches.is_empty() {
            true => around(clean(&sentence.text), &mut parts),
            false => parts.push(Part { text: marked(sentence), is_found: true }),
        }
    }
    if let Some(after) = &hit.after {
        around(clean(after), &mut parts);
    }
    parts
}

fn marked(sentence: &Sentence) -> String {
    let pieces = sentence.pieces();
    let shown = pieces.iter().map(|(piece, is_match)| match is_match {
        true => format!("{BEGIN}{}{END}", clean(piece)),
        false => clean(piece),
    });
    shown.collect()
}

fn listed<const N: usize>(parts: [Option<String>; N], between: &str) -> String {
    let parts: Vec<_> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    parts.join(between)
}

/// What an id is called, with the id by which it can be asked for.
fn titled(titles: &BTreeMap<String, String>, id: &str) -> String {
    titles.get(id).map_or_else(|| id.to_owned(), |title| format!("{title} ({id})"))
}

/// Text that a terminal shows and does not obey: no control characters, nothing that turns the direction of writing.
fn clean(text: &str) -> String {
    let is_unseen = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | BEGIN | END);
    text.chars().filter(|&c| !is_unseen(c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
