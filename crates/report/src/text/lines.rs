//! Letters on a page become lines of cells.

use super::interpret::Glyph;
use super::{Cell, Line, Page};

/// A gap wider than this share of the letters' size is a space.
const SPACE: f64 = 0.16;

/// A gap wider than this many times the letters' size parts two cells.
const CELL: f64 = 1.1;

/// Letters whose baselines differ by less than this share of their size stand on one line.
const SAME_BASELINE: f64 = 0.25;

/// Letters smaller than this share of their line and raised above it are a note's mark.
const MARK: f64 = 0.8;

/// The lines of a page, from top to bottom.
pub(super) fn page(number: u32, mut glyphs: Vec<Glyph>) -> Page {
    // Gaps are told from places; a printed space, of any size, adds nothing.
    glyphs.retain(|glyph| glyph.size > 1.0 && glyph.size < 500.0 && !is_outside(glyph) && !is_blank(glyph));
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Row> = Vec::new();
    for glyph in glyphs {
        match rows.last_mut() {
            Some(row) if glyph.y - row.y < SAME_BASELINE * row.size.min(glyph.size) => {
                row.size = row.size.max(glyph.size);
                row.glyphs.push(glyph);
            }
            _ => rows.push(Row { y: glyph.y, size: glyph.size, glyphs: vec![glyph] }),
        }
    }
    Page { number, lines: with_marks(rows).into_iter().filter_map(line).collect() }
}

/// Letters on one baseline.
struct Row {
    y: f64,
    size: f64,
    glyphs: Vec<Glyph>,
}

/// Rows, where one that holds nothing but the marks of notes has joined the row it is raised from.
fn with_marks(rows: Vec<Row>) -> Vec<Row> {
    let mut joined: Vec<Row> = Vec::new();
    for mut row in rows {
        if let Some(marks) = joined.pop_if(|above| are_marks_of(above, &row)) {
            row.glyphs.extend(marks.glyphs);
        }
        joined.push(row);
    }
    joined
}

fn are_marks_of(above: &Row, row: &Row) -> bool {
    let stands_by =
        |mark: &Glyph| row.glyphs.iter().any(|glyph| mark.x > glyph.x - row.size && mark.x < glyph.end + row.size);
    above.size < MARK * row.size
        && row.y - above.y < 0.6 * row.size
        && above.glyphs.len() < 20
        && above.glyphs.iter().all(stands_by)
}

fn is_outside(glyph: &Glyph) -> bool {
    !(-2000.0..20_000.0).contains(&glyph.x) || !(-2000.0..20_000.0).contains(&glyph.y)
}

fn line(row: Row) -> Option<Line> {
    let Row { y, size, glyphs: mut row } = row;
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    let bold = row.iter().filter(|glyph| glyph.bold).count() * 2 > row.len();
    let mut cells: Vec<Cell> = Vec::new();
    let mut end = f64::MIN;
    let mut last: Option<(f64, String)> = None;
    for glyph in row {
        // Shadows and mock bold print a letter twice in one place.
        if last.as_ref().is_some_and(|(x, text)| (glyph.x - x).abs() < 0.1 * glyph.size && *text == glyph.text) {
            continue;
        }
        last = Some((glyph.x, glyph.text.clone()));
        let gap = glyph.x - end;
        let text = if is_mark(&glyph, y, size) { raised(&glyph.text) } else { glyph.text.clone() };
        match cells.last_mut() {
            Some(cell) if gap < CELL * size || is_bullet(&cell.text) || is_number(&cell.text) => {
                if gap > SPACE * glyph.size {
                    cell.text.push(' ');
                }
                cell.text.push_str(&text);
                cell.end = narrow(glyph.end);
            }
            _ => cells.push(Cell { x: narrow(glyph.x), end: narrow(glyph.end), text }),
        }
        end = end.max(glyph.end);
    }
    (!cells.is_empty()).then(|| Line { cells, y: narrow(y), size: narrow(size), bold })
}

fn is_blank(glyph: &Glyph) -> bool {
    glyph.text.chars().all(char::is_whitespace)
}

fn is_mark(glyph: &Glyph, y: f64, size: f64) -> bool {
    glyph.size < MARK * size && y - glyph.y > 0.1 * size
}

/// A note's mark in superior digits, so that it is never taken for part of a word or number.
fn raised(text: &str) -> String {
    const SUPERIOR: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raise = |letter: char| {
        letter.to_digit(10).and_then(|d| SUPERIOR.get(usize::try_from(d).ok()?).copied()).unwrap_or(letter)
    };
    text.chars().map(raise).collect()
}

/// Whether nothing but the sign of a list's item has been printed.
pub(crate) fn is_bullet(text: &str) -> bool {
    let mut letters = text.trim().chars();
    let sign = |letter| {
        // Faces of signs, such as Wingdings, use the private area.
        matches!(
            letter,
            '•' | '·' | '▪' | '■' | '◼' | '●' | '○' | '◦' | '‣' | '–' | '-' | '−' | '\u{e000}'..='\u{f8ff}'
        )
    };
    letters.next().is_some_and(sign) && letters.next().is_none()
}

/// Whether nothing but the number of a paragraph has been printed.
fn is_number(text: &str) -> bool {
    let digits = text.trim_end_matches(['.', ')']);
    text.len() <= 5
        && digits.len() < text.len()
        && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
}

fn narrow(measure: f64) -> f32 {
    measure as f32
}
