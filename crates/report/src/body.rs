//! The pages' rows without what stands on every page: headers, footers, page numbers, notes.

use std::collections::{BTreeMap, BTreeSet};

use crate::plain::{is_note_mark, plain, tidy};
use crate::text::{Cell, Line, Page};

/// How many rows at the head of a page, and how many at its foot, can be standing ones.
const HEAD: usize = 3;
const FOOT: usize = 4;

/// Letters smaller than this share of the body's are those of notes.
const SMALL: f32 = 0.93;

/// A row of the document.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) page: u32,
    pub(crate) y: f32,
    pub(crate) size: f32,
    pub(crate) bold: bool,
    pub(crate) cells: Vec<Cell>,
    /// The text, tidied.
    pub(crate) text: String,
    /// The text for comparing.
    pub(crate) plain: String,
    /// Whether the last word goes on in the next row: a soft hyphen stands at its end.
    pub(crate) broken: bool,
}

impl Row {
    fn new(page: u32, line: &Line) -> Self {
        let cells: Vec<Cell> = line
            .cells
            .iter()
            .map(|cell| Cell { text: tidy(&without_marks(&cell.text)), ..cell.clone() })
            .filter(|cell| !cell.text.is_empty())
            .collect();
        let text = cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ");
        let plain = plain(&text);
        let broken = line.cells.last().is_some_and(|cell| cell.text.trim_end().ends_with('\u{ad}'));
        Self { page, y: line.y, size: line.size, bold: line.bold, cells, text, plain, broken }
    }

    /// The left edge.
    pub(crate) fn x(&self) -> f32 {
        self.cells.first().map_or(0.0, |cell| cell.x)
    }
}

/// The marks of notes are no part of the text.
fn without_marks(text: &str) -> String {
    let mut kept: String = text.chars().filter(|letter| !is_note_mark(*letter)).collect();
    // A list of marks leaves its commas.
    while kept.ends_with(",,") || kept.ends_with(" ,") {
        kept.pop();
    }
    kept
}

/// The rows of a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(crate) rows: Vec<Row>,
    /// The size of most letters.
    pub(crate) size: f32,
    /// What stood on every page, for comparing; a title may be among it.
    pub(crate) standing: Vec<String>,
    /// Pages between the first and the last that have no text.
    pub(crate) empty: Vec<u32>,
    /// Whether some rows are bold and some are not.
    pub(crate) styled: bool,
}

impl Body {
    /// The rows of one page.
    pub(crate) fn page(&self, number: u32) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.page == number)
    }

    /// The first page with text.
    pub(crate) fn first_page(&self) -> u32 {
        self.rows.first().map_or(1, |row| row.page)
    }

    pub(crate) fn new(pages: &[Page]) -> Self {
        let standing = standing(pages);
        let size = body_size(pages);
        let mut body = Self { size, ..Self::default() };
        for page in pages {
            let lines = without_notes(&page.lines, size);
            let count = lines.len();
            for (at, line) in lines.iter().enumerate() {
                let row = Row::new(page.number, line);
                // What heads the first page is the title, even where every page repeats it.
                let at_head = at < HEAD && page.number != pages.first().map_or(0, |first| first.number);
                let at_edge = at_head || at + FOOT >= count;
                if row.text.is_empty()
                    || (at_edge && (is_page_number(&row.text) || standing.contains(&key(&row.plain))))
                {
                    continue;
                }
                body.rows.push(row);
            }
            if page.lines.is_empty() {
                body.empty.push(page.number);
            }
        }
        let bold = body.rows.iter().filter(|row| row.bold).count();
        body.styled = bold > 0 && bold < body.rows.len();
        body.standing = standing.into_iter().collect();
        // Blank pages at the end are common in bound reports.
        let last = body.rows.last().map_or(0, |row| row.page);
        body.empty.retain(|page| *page < last);
        body
    }
}

/// Rows that stand at the edge of two pages or more, whatever their numbers.
fn standing(pages: &[Page]) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for page in pages {
        let count = page.lines.len();
        for (at, line) in page.lines.iter().enumerate() {
            if at < HEAD || at + FOOT >= count {
                let key = key(&plain(&without_marks(&line.text())));
                if key.chars().filter(|letter| letter.is_alphabetic()).count() >= 4 {
                    seen.entry(key).or_default().insert(page.number);
                }
            }
        }
    }
    let enough = if pages.len() < 3 { 2 } else { 2.max(pages.len() / 4) };
    seen.into_iter().filter(|(_, on)| on.len() >= enough).map(|(key, _)| key).collect()
}

/// A row with its page number taken away.
fn key(plain: &str) -> String {
    let words: Vec<&str> = plain.split(' ').collect();
    let is_number = |word: &&str| word.len() <= 3 && word.chars().all(|letter| letter.is_ascii_digit());
    let start = usize::from(words.len() > 1 && words.first().is_some_and(is_number));
    let end = words.len() - usize::from(words.len() > 1 && words.last().is_some_and(is_number));
    words.get(start..end).unwrap_or_default().join(" ")
}

fn is_page_number(text: &str) -> bool {
    let bare = text.trim_start_matches("Page ").trim_start_matches("page ");
    let bare = bare.split(" of ").next().unwrap_or(bare);
    !bare.is_empty() && bare.len() <= 3 && bare.chars().all(|letter| letter.is_ascii_digit())
}

/// The size of most letters.
fn body_size(pages: &[Page]) -> f32 {
    let mut letters: BTreeMap<u32, usize> = BTreeMap::new();
    for line in pages.iter().flat_map(|page| &page.lines) {
        // Half points are told apart; the cast cannot overflow, sizes are below 500.
        let half_points = (line.size * 2.0).round() as u32;
        *letters.entry(half_points).or_default() += line.cells.iter().map(|cell| cell.text.len()).sum::<usize>();
    }
    let most = letters.into_iter().max_by_key(|(_, count)| *count).map_or(24, |(size, _)| size);
    f32::from(u16::try_from(most).unwrap_or(24)) / 2.0
}

/// The lines of a page without the notes at its foot: from the first small line that begins with a mark, all small ones.
fn without_notes(lines: &[Line], body: f32) -> Vec<Line> {
    let mut in_notes = false;
    let mut kept = Vec::new();
    for line in lines {
        let small = line.size < SMALL * body;
        let marked = line.cells.first().is_some_and(|cell| cell.text.starts_with(is_note_mark));
        in_notes = small && (in_notes || marked);
        if !in_notes {
            kept.push(line.clone());
        }
    }
    kept
}
