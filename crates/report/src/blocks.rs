//! Rows become headings, bullets and paragraphs, whole across lines and pages.

use std::sync::LazyLock;

use regex::Regex;

use crate::body::{Body, Row};
use crate::grades::is_part_of_grade;
use crate::plain::{pattern, plain};
use crate::text::{Cell, is_bullet};

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A heading.
    Heading,
    /// An item of a list.
    Bullet,
    /// A paragraph, numbered or not.
    Paragraph,
    /// A row of a table.
    TableRow,
}

/// A block of text.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) shape: Shape,
    pub(crate) text: String,
    /// The page it begins on.
    pub(crate) page: u32,
    /// The left edge of its first row.
    pub(crate) x: f32,
    size: f32,
    /// How far down its first row stands.
    top: f32,
    last: (u32, f32),
    broken: bool,
}

impl Block {
    fn new(shape: Shape, row: &Row, text: String) -> Self {
        let (page, y, broken) = (row.page, row.y, row.broken);
        Self { shape, text, page, x: row.x(), size: row.size, top: y, last: (page, y), broken }
    }

    fn extend(&mut self, row: &Row, text: &str) {
        self.join(text, (row.page, row.y), row.broken);
    }

    /// Goes on with a text that ends at a place, and may break its last word there.
    fn join(&mut self, text: &str, last: (u32, f32), broken: bool) {
        // Words are broken at hyphens that they have anyway.
        let joins = self.broken || (self.text.ends_with('-') && text.starts_with(char::is_lowercase));
        if !joins {
            self.text.push(' ');
        }
        self.text.push_str(text);
        (self.last, self.broken) = (last, broken);
    }

    /// Whether another block stands right below and ends the sentence that this one begins.
    fn is_ended_by(&self, next: &Block) -> bool {
        let below = next.top - self.last.1;
        !self.is_finished() && self.last.0 == next.page && below > 0.0 && below < 1.7 * self.size
    }

    fn is_finished(&self) -> bool {
        let end = self.text.trim_end_matches(['’', '”', '\'', '"', ')', ']']);
        end.ends_with(['.', '!', '?', ':'])
    }

    /// Whether it is set as a heading and reads as a sentence: some reports set whole paragraphs large or bold.
    fn is_sentence_set_as_heading(&self) -> bool {
        static WITHIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"[a-z)][.;] ?[A-Z]"));
        const OPEN: [&str; 14] =
            ["a", "an", "and", "are", "at", "by", "for", "in", "is", "of", "that", "the", "their", "to"];
        let last = self.text.rsplit(' ').next().unwrap_or_default();
        // The lines of a list of contents end with the page.
        self.shape == Shape::Heading
            && !self.text.ends_with(|letter: char| letter.is_ascii_digit())
            && (self.text.starts_with(char::is_lowercase)
                || WITHIN.is_match(&self.text)
                || OPEN.contains(&last)
                || self.text.split(' ').count() > 16)
    }

    /// Whether it is a paragraph with at least one whole sentence.
    pub(crate) fn is_sentence(&self) -> bool {
        let begins = self.text.starts_with(char::is_uppercase);
        self.shape == Shape::Paragraph && begins && self.is_finished() && self.text.split(' ').count() >= 8
    }

    /// The text for comparing.
    pub(crate) fn plain(&self) -> String {
        plain(&self.text)
    }
}

/// A paragraph's number at its beginning.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\(?\d{1,3}[.)] ?"));

/// The blocks of a document; `is_heading` knows the headings that reports of its kind print.
pub(crate) fn blocks(body: &Body, is_heading: &dyn Fn(&str) -> bool) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut right_column: Option<f32> = None;
    for row in &body.rows {
        // A table of two columns whose left one names who must act.
        if row.plain.starts_with("responsible body") && row.cells.len() > 1 {
            right_column = row.cells.last().map(|cell| cell.x - 12.0);
            continue;
        }
        if let Some(edge) = right_column {
            let right: Vec<&str> =
                row.cells.iter().filter(|cell| cell.x >= edge).map(|cell| cell.text.as_str()).collect();
            if !is_heading(&row.plain) && !looks_like_heading(row, body) {
                if !right.is_empty() {
                    add(&mut blocks, row, &right.join(" "), false, body);
                }
                continue;
            }
            right_column = None;
        }
        if is_grade_in_box(row) {
            continue;
        }
        let heading = is_heading(&row.plain) || looks_like_heading(row, body);
        if heading {
            add(&mut blocks, row, &without_grade(row), heading, body);
        } else {
            add(&mut blocks, row, &row.text, heading, body);
        }
    }
    blocks
}

/// Whether a cell is the grade in the box beside a heading.
fn is_boxed(cell: &Cell) -> bool {
    cell.x >= 250.0 && is_part_of_grade(&cell.text)
}

/// Whether a row is such a grade alone, which stands between the rows of its heading.
fn is_grade_in_box(row: &Row) -> bool {
    row.cells.iter().all(is_boxed)
}

/// Makes sentences that are set as headings paragraphs, whole with the row that ends them; `is_known` knows headings.
pub(crate) fn with_whole_sentences(blocks: Vec<Block>, is_known: &dyn Fn(&str) -> bool) -> Vec<Block> {
    let mut whole: Vec<Block> = Vec::new();
    // Whether the last block was set as a heading, so that the next may end its sentence.
    let mut was_heading = false;
    for mut block in blocks {
        let is_demoted = block.is_sentence_set_as_heading() && !is_known(&block.text);
        if is_demoted {
            block.shape = Shape::Paragraph;
        }
        let ends_heading = was_heading && block.shape == Shape::Paragraph;
        let begins_within = is_demoted && block.text.starts_with(char::is_lowercase);
        match whole.last_mut() {
            Some(last)
                if (ends_heading || begins_within)
                    && last.is_ended_by(&block)
                    && !(last.shape == Shape::Heading && is_known(&last.text)) =>
            {
                if last.shape == Shape::Heading {
                    last.shape = Shape::Paragraph;
                }
                last.join(&block.text, block.last, block.broken);
            }
            _ => whole.push(block),
        }
        was_heading = is_demoted;
    }
    whole
}

/// A heading without the grade in the box beside it.
fn without_grade(row: &Row) -> String {
    row.cells.iter().filter(|cell| !is_boxed(cell)).map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a row is set as a heading: bold and by itself, or larger than the body.
fn looks_like_heading(row: &Row, body: &Body) -> bool {
    let larger = row.size > body.size + 0.9;
    let bold = body.styled && row.bold && row.size >= body.size - 0.6;
    let ends_sentence = row.text.ends_with('.') || row.text.ends_with(',') || row.text.ends_with(';');
    // Some reports set whole paragraphs in bold; their numbers tell them.
    let numbered_text = NUMBER.is_match(&row.text) && row.text.len() > 60;
    (larger || bold) && !ends_sentence && !numbered_text && row.text.len() < 120 && !starts_item(&row.text)
}

fn starts_item(text: &str) -> bool {
    let first = text.chars().next().map(String::from).unwrap_or_default();
    is_bullet(&first) && text.chars().nth(1).is_some_and(char::is_whitespace)
}

fn add(blocks: &mut Vec<Block>, row: &Row, text: &str, heading: bool, body: &Body) {
    if text.is_empty() {
        return;
    }
    if heading {
        match blocks.last_mut() {
            Some(last) if last.shape == Shape::Heading && goes_on_as_heading(last, row) => last.extend(row, text),
            _ => blocks.push(Block::new(Shape::Heading, row, text.to_owned())),
        }
        return;
    }
    if starts_item(text) {
        blocks.push(Block::new(Shape::Bullet, row, text.chars().skip(1).collect::<String>().trim().to_owned()));
        return;
    }
    let is_numbered = NUMBER.is_match(text) && !row.cells.last().is_some_and(is_boxed);
    if row.cells.len() > 1 && !is_numbered && row.cells.iter().skip(1).any(|cell| cell.x > 200.0) {
        blocks.push(Block::new(Shape::TableRow, row, without_grade(row)));
        return;
    }
    let numbered = NUMBER.find(text).filter(|number| text[number.end()..].starts_with(char::is_uppercase));
    if let Some(number) = numbered {
        blocks.push(Block::new(Shape::Paragraph, row, text[number.end()..].to_owned()));
        return;
    }
    match blocks.last_mut() {
        Some(last) if matches!(last.shape, Shape::Bullet | Shape::Paragraph) && goes_on(last, row, body) => {
            last.extend(row, text);
        }
        _ => blocks.push(Block::new(Shape::Paragraph, row, text.to_owned())),
    }
}

fn goes_on_as_heading(last: &Block, row: &Row) -> bool {
    let below = row.y - last.last.1;
    last.last.0 == row.page && (last.size - row.size).abs() < 1.0 && below > 0.0 && below < 1.7 * row.size
}

/// Whether a row goes on with the block above it: right below it, or at the head of the next page in mid-sentence.
fn goes_on(last: &Block, row: &Row, body: &Body) -> bool {
    if last.last.0 == row.page {
        let below = row.y - last.last.1;
        // Lines of a paragraph are some 1.2 sizes apart; a paragraph's gap is more.
        return below > 0.0 && below < 1.45 * row.size.max(body.size) && !starts_paragraph(last, row);
    }
    !last.is_finished() || row.text.starts_with(char::is_lowercase)
}

/// Plain text has lines without gaps between paragraphs: a finished sentence before a capital at the margin.
fn starts_paragraph(last: &Block, row: &Row) -> bool {
    last.shape == Shape::Bullet && last.is_finished() && row.x() < last.x + 4.0
}
