//! Grades, from every place where a report prints them.

use std::sync::LazyLock;

use lais_framework::Grade;
use regex::Regex;

use crate::body::{Body, Row};
use crate::plain::{pattern, tidy};
use crate::report::{Aspect, Printed};
use crate::text::Cell;

/// The kind of place in which a grade is printed; two kinds of place bear each other out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    /// A row of the table of judgements on the cover.
    Table,
    /// The heading of the section about the aspect, or the box beside it.
    Heading,
    /// A sentence that states the judgement.
    Sentence,
}

/// A grade where it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) aspect: Aspect,
    pub(crate) place: Place,
    pub(crate) printed: Printed<Grade>,
    /// Whether the row speaks of children in care and care leavers at once.
    pub(crate) with_care_leavers: bool,
    /// Whether it is a heading right above its section's summary.
    pub(crate) opens_section: bool,
}

/// All readings, and whether the rows of a table could not be told apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readings {
    pub(crate) all: Vec<Reading>,
    /// Aspects that a table says were not judged.
    pub(crate) not_judged: Vec<Aspect>,
    pub(crate) unclear: bool,
}

/// Reads a document's grades.
pub(crate) fn read(body: &Body) -> Readings {
    let mut readings = Readings::default();
    let pages: Vec<u32> = {
        let mut pages: Vec<u32> = body.rows.iter().map(|row| row.page).collect();
        pages.dedup();
        pages
    };
    for page in pages {
        let rows: Vec<&Row> = body.page(page).collect();
        boxes(&rows, &mut readings);
    }
    headings(body, &mut readings.all);
    sentences(body, &mut readings.all);
    readings
}

// ---- what a label is about

/// How a label of a table's row or a section begins.
static LABEL_START: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(\d(\.\d)?\.? )?(the )?(impact of leaders|experiences? and progress of|overall effectiveness",
        r"|children who need|children looked after|adoption performance|leadership,? (and )?management",
        r"|effectiveness of the local safeguarding|local safeguarding children board|capacity to improve",
        r"|outcomes for|quality of (provision|practice)|judge?ment\b)",
    ))
});

/// The aspect that a whole label names, and whether it joins care leavers to children in care.
fn aspect(label: &str) -> Option<(Aspect, bool)> {
    let label = label.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.' || letter == ' ');
    let label = label.strip_prefix("the ").unwrap_or(label).trim_end_matches(['.', ':', ' ']);
    let has = |words: &str| label.contains(words);
    if label.starts_with("overall effectiveness") {
        return Some((Aspect::Overall, false));
    }
    if label.starts_with("impact of leaders") || (label.starts_with("leadership") && has("management")) {
        return Some((Aspect::Leaders, false));
    }
    if has("adoption performance") {
        return Some((Aspect::Adoption, false));
    }
    if has("help and protection") {
        return Some((Aspect::HelpAndProtection, false));
    }
    if has("children in care") || has("looked after") {
        return Some((Aspect::InCare, has("care leavers")));
    }
    if has("care leavers") {
        return Some((Aspect::CareLeavers, false));
    }
    if has("safeguarding children board") || has("lscb") {
        return Some((Aspect::Lscb, false));
    }
    None
}

// ---- tables and boxes, by place on the page

/// A grade in a cell of its own, perhaps over several rows.
struct GradeBox {
    x: f32,
    top: f32,
    bottom: f32,
    text: String,
    /// None where it says that no judgement was made.
    grade: Option<Grade>,
}

/// A label left of it.
#[derive(Debug)]
struct Label {
    x: f32,
    top: f32,
    bottom: f32,
    text: String,
    row: usize,
}

/// How far, in points, the middles of a label and of its grade may be apart.
const APART: f32 = 16.0;

fn boxes(rows: &[&Row], readings: &mut Readings) {
    let cells: Vec<(usize, f32, f32, Cell)> = rows
        .iter()
        .enumerate()
        .flat_map(|(at, row)| {
            split(row, at.checked_sub(1).and_then(|above| rows.get(above)))
                .into_iter()
                .map(move |cell| (at, row.y, row.size, cell))
        })
        .collect();
    let grades = grade_boxes(&cells);
    if grades.is_empty() {
        return;
    }
    let first = grades.iter().map(|grade| grade.top).fold(f32::MAX, f32::min) - 45.0;
    let last = grades.iter().map(|grade| grade.bottom).fold(f32::MIN, f32::max) + 45.0;
    let left = grades.iter().map(|grade| grade.x).fold(f32::MAX, f32::min) - 20.0;
    let labels = labels(cells.iter().filter(|(_, y, _, cell)| cell.x < left && (first..last).contains(y)));
    let table = grades.len() >= 3;
    for label in &labels {
        // The board's judgement is stated in words, above or below the table.
        let Some((about, with_care_leavers)) = aspect(&label.text).filter(|found| found.0 != Aspect::Lscb) else {
            continue;
        };
        let nearest = grades.iter().min_by(|a, b| distance(label, a).total_cmp(&distance(label, b)));
        let Some(grade) = nearest.filter(|grade| distance(label, grade) <= APART) else {
            readings.unclear |= table;
            continue;
        };
        // The grade must be nearer to no other label.
        let taken =
            labels.iter().any(|other| other.row != label.row && distance(other, grade) < distance(label, grade));
        if taken {
            readings.unclear |= table;
            continue;
        }
        let Some(value) = grade.grade else {
            readings.not_judged.push(about);
            continue;
        };
        let page = rows.first().map_or(1, |row| row.page);
        let words = format!("{} {}", label.text, grade.text);
        readings.all.push(Reading {
            aspect: about,
            place: if table { Place::Table } else { Place::Heading },
            printed: Printed { value, page, words },
            with_care_leavers,
            opens_section: false,
        });
    }
}

fn distance(label: &Label, grade: &GradeBox) -> f32 {
    ((label.top + label.bottom) - (grade.top + grade.bottom)).abs() / 2.0
}

/// The cells of a row; a grade that a narrow gap joins to the end of its label is parted from it, and so is the
/// second half of one that begins in the row above.
fn split(row: &Row, above: Option<&&Row>) -> Vec<Cell> {
    static JOINED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(.*[a-z]) (Outstanding|Good|Inadequate|Adequate|Requires [Ii]mprovement(?: to be good)?)$")
    });
    let begun = above.and_then(|above| above.cells.last().filter(|_| above.cells.len() > 1));
    if let (Some(begun), [only]) = (begun.filter(|cell| cell.text == "Requires"), &row.cells[..])
        && let Some(label) = only.text.strip_suffix(" improvement")
    {
        let label = Cell { text: label.to_owned(), ..only.clone() };
        return vec![label, Cell { x: begun.x, end: only.end, text: "improvement".to_owned() }];
    }
    let mut cells = Vec::new();
    for cell in &row.cells {
        let plain = crate::plain::plain(&cell.text);
        match JOINED.captures(&cell.text).filter(|_| LABEL_START.is_match(&plain)) {
            Some(parts) => {
                cells.push(Cell { text: parts[1].to_owned(), ..cell.clone() });
                cells.push(Cell { x: cell.x.max(cell.end - 40.0), end: cell.end, text: parts[2].to_owned() });
            }
            None => cells.push(cell.clone()),
        }
    }
    cells
}

fn grade_boxes(cells: &[(usize, f32, f32, Cell)]) -> Vec<GradeBox> {
    let mut boxes = Vec::new();
    let mut used = vec![false; cells.len()];
    for (at, (row, y, _, cell)) in cells.iter().enumerate() {
        // A grade stands right of its label: it is not the first thing at the margin.
        let text = tidy(&cell.text);
        if used[at] || !(is_part_of_grade(&text) || is_not_judged(&text)) || cell.x < 150.0 && is_alone(cells, *row) {
            continue;
        }
        let (mut whole, mut bottom) = (text, *y);
        for (next, (_, below, size, other)) in cells.iter().enumerate().skip(at + 1) {
            let near = (other.x - cell.x).abs() < 12.0 && *below > bottom && below - bottom < 1.6 * size;
            let longer = format!("{whole} {}", tidy(&other.text));
            if !used[next]
                && near
                && is_part_of_grade(&tidy(&other.text))
                && (grade_of(&whole).is_none() || grade_of(&longer).is_some())
            {
                used[next] = true;
                whole = longer;
                bottom = *below;
            }
        }
        let grade = grade_of(&whole);
        if grade.is_some() || is_not_judged(&whole) {
            boxes.push(GradeBox { x: cell.x, top: *y, bottom, text: whole, grade });
        }
    }
    boxes
}

fn is_alone(cells: &[(usize, f32, f32, Cell)], row: usize) -> bool {
    cells.iter().filter(|(at, ..)| *at == row).count() == 1
}

fn is_not_judged(text: &str) -> bool {
    ["not judged", "not inspected", "no judgement"].contains(&crate::plain::plain(text).as_str())
}

/// Whether a text is a grade, or one of the rows that a grade is broken over.
pub(crate) fn is_part_of_grade(text: &str) -> bool {
    let words = ["outstanding", "good", "adequate", "inadequate", "require", "requires", "improvement", "to", "be"];
    !text.is_empty() && text.to_lowercase().split(' ').all(|word| words.contains(&word.trim_end_matches('.')))
}

/// The grade that these words are, however they are put.
fn grade_of(text: &str) -> Option<Grade> {
    let text = crate::plain::plain(text);
    let text = text.trim_end_matches(['.', ':', ',', ' ']);
    Grade::read(&text.replacen("require improvement", "requires improvement", 1))
}

/// Rows of the left column that belong together.
fn labels<'c>(cells: impl Iterator<Item = &'c (usize, f32, f32, Cell)>) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for (row, y, size, cell) in cells {
        let plain = crate::plain::plain(&cell.text);
        // "The experiences and progress of" goes on with whose they are.
        let open = labels
            .last()
            .is_some_and(|label| [" of", " and", " in", " care"].iter().any(|end| label.text.ends_with(end)));
        let starts = LABEL_START.is_match(&plain) && !open;
        match labels.last_mut() {
            Some(label) if !starts && y - label.bottom < 1.6 * size && y - label.bottom > 0.0 => {
                label.text.push(' ');
                label.text.push_str(&plain);
                label.bottom = *y;
            }
            _ => labels.push(Label { x: cell.x, top: *y, bottom: *y, text: plain, row: *row }),
        }
    }
    // What stands further right than a sub-judgement is no label.
    labels.retain(|label| label.x < 200.0 && LABEL_START.is_match(&label.text));
    labels
}

// ---- headings and sentences, by their words

/// A statement of a grade: its aspect's words, and how the grade follows.
static STATEMENTS: LazyLock<Vec<(Regex, Aspect, Place)>> = LazyLock::new(|| {
    const GRADE: &str =
        r"(outstanding|good|inadequate|adequate|requires? improvement(?: to be good)?|requires? to be improved)";
    const IS: &str = r"(?: (?:is|are)(?: that (?:it|they)(?: is| are)?)?)? ?[:;,(\-]* ?";
    [
        (r"^(?:the )?impact of leaders on (?:social work )?practice with children and families", Aspect::Leaders, Place::Heading),
        (r"^(?:the )?experiences? and progress of children (?:and young people )?(?:who|that|in) need (?:of )?help and protection", Aspect::HelpAndProtection, Place::Heading),
        (r"^(?:the )?experiences?(?: and progress)? of children in care(?: and (?:of )?care leavers)?", Aspect::InCare, Place::Heading),
        (r"^(?:the )?experiences?(?: and progress)? of (?:children )?care leavers", Aspect::CareLeavers, Place::Heading),
        (r"^(?:the )?experiences? and progress of children looked after and achieving permanence", Aspect::InCare, Place::Heading),
        (r"^(?:the )?leadership,? management,? and governance", Aspect::Leaders, Place::Heading),
        (r"^the graded? judge?ment (?:for|about|of|on) (?:the )?adoption performance", Aspect::Adoption, Place::Sentence),
        (r"^the graded? judge?ment (?:for|about|of|on) (?:the )?experiences? and progress of care leavers", Aspect::CareLeavers, Place::Sentence),
        (r"^the (?:effectiveness|judge?ment (?:for|of|on) the effectiveness) of (?:the )?(?:[a-z' ]{0,40})?(?:local safeguarding children board(?: \(lscb\))?|lscb)", Aspect::Lscb, Place::Sentence),
        (r"^(?:the )?(?:[a-z,' ]{0,40} )?(?:local )?safeguarding children board(?: \([a-z]{2,8}\))?", Aspect::Lscb, Place::Heading),
        (r"^the arrangements in place to evaluate the effectiveness of what is done by the (?:local )?authority and (?:the )?board partners to safeguard and promote the welfare of children(?: and young people)?", Aspect::Lscb, Place::Sentence),
        (r"^(?:the )?overall judge?ment is(?: that)?(?: children's services)?", Aspect::Overall, Place::Heading),
        (r"^children's services in [a-z,'. \-]{2,60}?", Aspect::Overall, Place::Sentence),
        (r"^this local authority", Aspect::Overall, Place::Sentence),
        (r"^the local authority", Aspect::Overall, Place::Sentence),
    ]
    .into_iter()
    .map(|(words, aspect, place)| (pattern(&format!("{words}{IS}{GRADE}(?:[).:;]| because| and is not yet good because|$)")), aspect, place))
    .collect()
});

/// Headings and sentences that open a row and may run over the next two.
fn headings(body: &Body, readings: &mut Vec<Reading>) {
    for at in 0..body.rows.len() {
        let row = &body.rows[at];
        let openers = [
            "the ",
            "experience",
            "impact",
            "leadership",
            "children's services",
            "this local",
            "overall",
            "local ",
            "safeguarding",
        ];
        let bare =
            row.plain.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.' || letter == ' ');
        let board = row.plain.contains("safeguarding children board");
        if row.cells.len() > 1 || !(board || openers.iter().any(|opener| bare.starts_with(opener))) {
            continue;
        }
        let mut text = String::new();
        for (step, next) in body.rows[at..].iter().take(4).enumerate() {
            if step > 0 && (next.page != row.page || next.cells.len() > 1 || (next.size - row.size).abs() > 2.5) {
                break;
            }
            if step > 0 {
                text.push(' ');
            }
            text.push_str(&next.plain);
            if let Some(mut reading) = stated(&text, row, step) {
                let below = body.rows.get(at + step + 1);
                reading.opens_section = below.is_some_and(|below| below.plain.starts_with("executive summary"));
                readings.push(reading);
                break;
            }
        }
    }
}

/// The grade that the text states, if it ends with the statement.
fn stated(text: &str, row: &Row, steps: usize) -> Option<Reading> {
    let bare = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.' || letter == ' ');
    // Most rows state nothing, and trying every pattern on each is slow.
    if !["outstanding", "good", "adequate", "improve"].iter().any(|word| bare.contains(word)) {
        return None;
    }
    for (words, aspect, place) in STATEMENTS.iter() {
        let Some(found) = words.captures(bare) else { continue };
        let whole = found.get(0)?;
        let grade = found.get(1)?;
        // "Requires improvement" at the end of a row may go on with "to be good".
        let printed = Printed { value: grade_of(grade.as_str())?, page: row.page, words: whole.as_str().to_owned() };
        let with_care_leavers = *aspect == Aspect::InCare && whole.as_str().contains("care leavers");
        // Sentences inside a paragraph that merely begin a row are told by what stands before them.
        let place = if steps > 3 { Place::Sentence } else { *place };
        return Some(Reading { aspect: *aspect, place, printed, with_care_leavers, opens_section: false });
    }
    None
}

/// Judgements of the looked after inspections of 2013: a heading, and "Grade 4 (Inadequate)" below it.
fn sentences(body: &Body, readings: &mut Vec<Reading>) {
    static GRADE_LINE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^grade [1-4] \((outstanding|good|adequate|inadequate)\)"));
    static OVERALL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:\d+\. )?(?:the )?overall effectiveness (?:of services )?(?:for|of) (?:looked after children|[a-z ,']{0,90})(?: and young people)? (?:is|are|has been judged as) (outstanding|good|adequate|inadequate)\b",
        )
    });
    for (at, row) in body.rows.iter().enumerate() {
        let overall_above =
            body.rows[at.saturating_sub(2)..at].iter().any(|above| above.plain.starts_with("overall effectiveness"));
        if let Some(found) = GRADE_LINE.captures(&row.plain).filter(|_| overall_above) {
            push_overall(readings, &found, row, Place::Heading);
        }
        let two =
            body.rows.get(at + 1).map_or_else(|| row.plain.clone(), |next| format!("{} {}", row.plain, next.plain));
        if let Some(found) = OVERALL.captures(&two) {
            push_overall(readings, &found, row, Place::Sentence);
        }
    }
}

fn push_overall(readings: &mut Vec<Reading>, found: &regex::Captures<'_>, row: &Row, place: Place) {
    if let (Some(whole), Some(grade)) = (found.get(0), found.get(1).and_then(|grade| grade_of(grade.as_str()))) {
        let printed = Printed { value: grade, page: row.page, words: whole.as_str().to_owned() };
        readings.push(Reading {
            aspect: Aspect::Overall,
            place,
            printed,
            with_care_leavers: false,
            opens_section: false,
        });
    }
}
