//! The text of a document, page by page and line by line, with where it stands.

mod fonts;
mod gate;
mod glyphs;
mod interpret;
mod lines;

pub(crate) use lines::is_bullet;
mod pdf;
mod whole;

use thiserror::Error;

pub use pdf::PdfText;

/// Turns the bytes of a document into its pages of text.
pub trait TextLayer {
    /// Reads the pages in their order.
    ///
    /// # Errors
    ///
    /// Says why there is no text to be had, in a sentence for the user.
    fn pages(&self, bytes: &[u8]) -> Result<Vec<Page>, Unreadable>;
}

/// Why a file gives no text; each is a sentence for the user that says what to do next.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Unreadable {
    /// The file is empty.
    #[error("the file is empty: download the report again")]
    Empty,
    /// A web page was saved under the name of a report.
    #[error("this is a web page, not a PDF: open the page's address and download the report itself")]
    WebPage,
    /// The bytes begin like no PDF.
    #[error("this is not a PDF: download the report again")]
    NotPdf,
    /// The PDF is encrypted, if only against changes.
    #[error("the PDF is protected by encryption: save or print it to a new PDF without protection")]
    Encrypted,
    /// The PDF has no end: a download was broken off.
    #[error("the PDF is cut short, its end is missing: download the report again")]
    CutShort,
    /// A part of the PDF was changed or lost on the way.
    #[error("the PDF is damaged, a part of it is lost or changed: download the report again, or print it to a new PDF")]
    Damaged,
    /// The pages hold pictures and no text.
    #[error("the PDF holds no text, as a scanned one does: find the published one, or run text recognition over it")]
    NoText,
    /// The letters of the text cannot be told from the fonts.
    #[error("the letters of this PDF's text cannot be told: save or print it to a new PDF")]
    Undecodable,
    /// The PDF is larger or unfolds to more than any report does.
    #[error("the PDF is larger, or unfolds to more, than any report of this kind: check that it is the report")]
    TooLarge,
    /// The PDF uses an old or unusual packing that this reader does not open.
    #[error("the PDF is packed in a way that this reader does not open: save or print it to a new PDF")]
    Unsupported,
    /// Reading took longer than any report takes.
    #[error("the PDF took too long to read: save or print it to a new PDF")]
    TooSlow,
}

impl Unreadable {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::WebPage => "web-page",
            Self::NotPdf => "not-a-pdf",
            Self::Encrypted => "encrypted",
            Self::CutShort => "cut-short",
            Self::Damaged => "damaged",
            Self::NoText => "no-text",
            Self::Undecodable => "undecodable",
            Self::TooLarge => "too-large",
            Self::Unsupported => "unsupported",
            Self::TooSlow => "too-slow",
        }
    }
}

/// One page of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The number of the page in the file, from 1.
    pub number: u32,
    /// The lines from top to bottom.
    pub lines: Vec<Line>,
}

impl Page {
    /// A page from plain text, a line each; three or more spaces part the cells of a line.
    ///
    /// For text that does not come from a PDF. Positions are counted in characters of six points.
    #[must_use]
    pub fn from_text(number: u32, text: &str) -> Self {
        let lines = text
            .lines()
            .enumerate()
            .map(|(row, line)| Line::from_text(line, 40.0 + 14.0 * to_f32(row)))
            .filter(|line| !line.cells.is_empty())
            .collect();
        Self { number, lines }
    }
}

/// One printed line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// The parts of the line, from left to right, that a wide gap parts.
    pub cells: Vec<Cell>,
    /// The distance of the baseline from the top of the page, in points.
    pub y: f32,
    /// The size of the largest part of the line, in points.
    pub size: f32,
    /// Whether most of its letters are of a bold face.
    pub bold: bool,
}

/// A part of a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The left edge, in points.
    pub x: f32,
    /// The right edge, in points.
    pub end: f32,
    /// What is printed.
    pub text: String,
}

impl Line {
    /// The whole line, a space between its parts.
    #[must_use]
    pub fn text(&self) -> String {
        let parts: Vec<&str> = self.cells.iter().map(|cell| cell.text.as_str()).collect();
        parts.join(" ")
    }

    /// The left edge of the first part, in points.
    #[must_use]
    pub fn x(&self) -> f32 {
        self.cells.first().map_or(0.0, |cell| cell.x)
    }

    fn from_text(line: &str, y: f32) -> Self {
        let mut cells: Vec<Cell> = Vec::new();
        let mut spaces = 3;
        for (column, letter) in line.trim_end().chars().enumerate() {
            if letter == ' ' {
                spaces += 1;
                continue;
            }
            let x = 6.0 * to_f32(column);
            match cells.last_mut().filter(|_| spaces < 3) {
                Some(cell) => {
                    cell.text.extend(std::iter::repeat_n(' ', spaces));
                    cell.text.push(letter);
                    cell.end = x + 6.0;
                }
                None => cells.push(Cell { x, end: x + 6.0, text: letter.to_string() }),
            }
            spaces = 0;
        }
        Self { cells, y, size: 11.0, bold: false }
    }
}

/// A count as a measure; a page has far fewer rows and columns than `f32` can tell apart.
fn to_f32(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
