//! OpenDocument spreadsheets, read cell by cell as their XML goes by.
//!
//! What is repeated is written once, with a number; nothing is repeated here before the budget allows it. Formats
//! of per cent, merged cells and formulas without a value are told apart, which the usual reader does not do.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::budget::{Budget, too_long};
use crate::cell::number_text;
use crate::error::SheetError;
use crate::limit::{LAST_COLUMN, LAST_ROW, LONGEST_CELL};
use crate::{Merged, Sheet, package};

/// Reads every sheet.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let mut package = package::open(bytes)?;
    if let Ok(manifest) = package.by_name("META-INF/manifest.xml") {
        let mut reader = package::xml(manifest);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Start(e)) if e.local_name().as_ref() == "encryption-data" => {
                    return Err(SheetError::Encrypted);
                }
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
    }
    let content = package.by_name("content.xml").map_err(|e| SheetError::damaged(&e))?;
    let mut reader = package::xml(content);
    // A file cut off in the middle would otherwise pass for a shorter one.
    reader.config_mut().check_end_names = true;
    Walk { reader, budget: Budget::new(), buffer: Vec::new() }.sheets()
}

/// What a cell element says before its text is read.
#[derive(Default)]
struct Start {
    repeated: usize,
    kind: String,
    value: Option<String>,
    formula: Option<String>,
    is_error: bool,
    spans: (usize, usize),
}

struct Walk<R> {
    reader: Reader<R>,
    budget: Budget,
    buffer: Vec<u8>,
}

/// Where the next row and cell go.
#[derive(Default)]
struct Place {
    row: usize,
    column: usize,
}

impl<R: std::io::BufRead> Walk<R> {
    fn sheets(mut self) -> Result<Vec<Sheet>, SheetError> {
        let mut sheets = Vec::new();
        loop {
            match self.next()? {
                Step::Start(name, start) if name == "table:table" => {
                    let name = attribute(&start, "table:name")?.unwrap_or_default();
                    // Copies of sheets of other files, kept for formulas.
                    let is_copy = name.starts_with("'file:");
                    let sheet = self.sheet(name)?;
                    if !is_copy {
                        sheets.push(sheet);
                    }
                }
                Step::End => return Ok(sheets),
                Step::Start(..) | Step::Close(_) => {}
            }
        }
    }

    fn sheet(&mut self, name: String) -> Result<Sheet, SheetError> {
        let mut sheet = Sheet { name, ..Sheet::default() };
        let (mut place, mut within, mut row_repeats) = (Place::default(), 0_usize, 1_usize);
        loop {
            match self.next()? {
                // A table within a cell or a drawing is not the sheet's.
                Step::Start(name, _) if name == "table:table" => within += 1,
                Step::Close(name) if name == "table:table" => match within.checked_sub(1) {
                    Some(left) => within = left,
                    None => return Ok(sheet),
                },
                _ if within > 0 => {}
                Step::Start(name, start) if name == "table:table-row" => {
                    row_repeats = number(&start, "table:number-rows-repeated")?;
                    place.column = 0;
                }
                Step::Close(name) if name == "table:table-row" => {
                    self.repeat_row(&mut sheet, place.row, row_repeats)?;
                    place.row = place.row.saturating_add(row_repeats);
                }
                Step::Start(name, start) if name == "table:table-cell" || name == "table:covered-table-cell" => {
                    let start = Start::read(&start)?;
                    self.cell(&mut sheet, &mut place, &name, start)?;
                }
                Step::End => return Err(SheetError::damaged(&"it ends within a sheet")),
                Step::Start(..) | Step::Close(_) => {}
            }
        }
    }

    /// Reads a cell to its end and puts it down as often as it is repeated.
    fn cell(&mut self, sheet: &mut Sheet, place: &mut Place, element: &str, start: Start) -> Result<(), SheetError> {
        let printed = self.text(element, &sheet.name, place.row)?;
        let text = start.text(printed);
        if start.spans != (1, 1) && place.row < LAST_ROW && place.column < LAST_COLUMN {
            self.budget.take_cells(&sheet.name, 1)?;
            sheet.merged.push(Merged {
                first_row: place.row,
                first_column: place.column,
                last_row: place.row.saturating_add(start.spans.0 - 1),
                last_column: place.column.saturating_add(start.spans.1 - 1),
            });
        }
        if !text.is_empty() {
            for i in 0..start.repeated {
                let column = place.column.saturating_add(i);
                self.budget.put(&sheet.name, &mut sheet.rows, place.row, column, text.clone())?;
            }
        }
        place.column = place.column.saturating_add(start.repeated);
        Ok(())
    }

    /// Puts a row down again as often as it is repeated, if anything stands in it.
    fn repeat_row(&mut self, sheet: &mut Sheet, row: usize, repeats: usize) -> Result<(), SheetError> {
        let Some(cells) = sheet.rows.get(row).filter(|cells| !cells.is_empty()).cloned() else { return Ok(()) };
        for again in 1..repeats {
            for (column, text) in cells.iter().enumerate() {
                self.budget.put(&sheet.name, &mut sheet.rows, row.saturating_add(again), column, text.clone())?;
            }
        }
        Ok(())
    }

    /// The text of a cell: its paragraphs, without what is noted beside it.
    fn text(&mut self, element: &str, sheet: &str, row: usize) -> Result<String, SheetError> {
        let (mut text, mut paragraphs, mut inside, mut aside, mut cells) =
            (String::new(), 0, 0_usize, 0_usize, 0_usize);
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|e| SheetError::damaged(&e))?;
            match event {
                Event::Start(e) => match e.name().as_ref() {
                    "office:annotation" | "table:table" | "draw:frame" => aside += 1,
                    name if name == element => cells += 1,
                    "text:p" if aside == 0 => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                        inside += 1;
                    }
                    "text:s" if aside == 0 => {
                        let spaces = number(&e, "text:c")?.min(LONGEST_CELL);
                        text.push_str(&" ".repeat(spaces));
                    }
                    "text:tab" if aside == 0 => text.push('\t'),
                    "text:line-break" if aside == 0 => text.push('\n'),
                    _ => {}
                },
                Event::End(e) => match e.name().as_ref() {
                    "office:annotation" | "table:table" | "draw:frame" => aside = aside.saturating_sub(1),
                    "text:p" if aside == 0 => inside = inside.saturating_sub(1),
                    name if name == element => match cells.checked_sub(1) {
                        Some(left) => cells = left,
                        None => return Ok(text),
                    },
                    _ => {}
                },
                Event::Text(piece) if inside > 0 && aside == 0 => text.push_str(&piece.xml10_content()),
                Event::CData(piece) if inside > 0 && aside == 0 => text.push_str(&piece.xml10_content()),
                Event::GeneralRef(reference) if inside > 0 && aside == 0 => text.push(character(&reference)?),
                Event::Eof => return Err(SheetError::damaged(&"it ends within a cell")),
                _ => {}
            }
            if text.len() > LONGEST_CELL {
                return Err(too_long(sheet, row));
            }
        }
    }

    /// The next element that begins or ends.
    fn next(&mut self) -> Result<Step, SheetError> {
        loop {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer).map_err(|e| SheetError::damaged(&e))? {
                Event::Start(e) => return Ok(Step::Start(e.name().as_ref().to_owned(), e.into_owned())),
                Event::End(e) => return Ok(Step::Close(e.name().as_ref().to_owned())),
                Event::Eof => return Ok(Step::End),
                _ => {}
            }
        }
    }
}

enum Step {
    Start(String, BytesStart<'static>),
    Close(String),
    End,
}

impl Start {
    fn read(element: &BytesStart<'_>) -> Result<Self, SheetError> {
        let mut start = Self { repeated: 1, spans: (1, 1), ..Self::default() };
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|e| SheetError::damaged(&e))?;
            let value = || unescaped(&attribute.value);
            match attribute.key.as_ref() {
                "table:number-columns-repeated" => start.repeated = count(&value()?)?,
                "table:number-columns-spanned" => start.spans.1 = count(&value()?)?,
                "table:number-rows-spanned" => start.spans.0 = count(&value()?)?,
                "office:value-type" => start.kind = value()?,
                "calcext:value-type" => start.is_error = value()? == "error",
                "table:formula" => start.formula = Some(value()?),
                "office:value"
                | "office:date-value"
                | "office:time-value"
                | "office:boolean-value"
                | "office:string-value" => start.value = Some(value()?),
                _ => {}
            }
        }
        Ok(start)
    }

    /// The cell as text, from its value and what is printed in it.
    fn text(&self, printed: String) -> String {
        let printed = printed.trim();
        if self.is_error || ERRORS.contains(&printed) {
            return printed.to_owned();
        }
        let value = self.value.as_deref().unwrap_or_default();
        match self.kind.as_str() {
            "float" | "currency" | "percentage" => match value.parse::<f64>() {
                Ok(number) => number_text(number, self.kind == "percentage"),
                // Left as it is printed, it is a figure or somebody's to look at.
                Err(_) => printed.to_owned(),
            },
            "date" => value.get(..10).filter(|_| value.len() >= 10).unwrap_or(value).to_owned(),
            "time" | "boolean" => value.to_owned(),
            "string" if !value.is_empty() => value.trim().to_owned(),
            "string" => printed.to_owned(),
            _ if printed.is_empty() => match &self.formula {
                Some(formula) => format!("={}", formula.split_once('=').map_or("", |(_, rest)| rest)),
                None => String::new(),
            },
            _ => printed.to_owned(),
        }
    }
}

/// What a program prints in a cell of which the formula came to nothing.
const ERRORS: [&str; 7] = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"];

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, SheetError> {
    let found = element.try_get_attribute(name).map_err(|e| SheetError::damaged(&e))?;
    found.map(|attribute| unescaped(&attribute.value)).transpose()
}

fn number(element: &BytesStart<'_>, name: &str) -> Result<usize, SheetError> {
    attribute(element, name)?.map_or(Ok(1), |value| count(&value))
}

/// A number of repetitions, at least one.
fn count(text: &str) -> Result<usize, SheetError> {
    let count: usize = text.trim().parse().map_err(|e| SheetError::damaged(&e))?;
    Ok(count.max(1))
}

fn unescaped(value: &str) -> Result<String, SheetError> {
    quick_xml::escape::unescape(value).map(std::borrow::Cow::into_owned).map_err(|e| SheetError::damaged(&e))
}

/// The character that a reference such as `&amp;` or `&#160;` stands for; others are of no published file.
fn character(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, SheetError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|e| SheetError::damaged(&e))? {
        return Ok(character);
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other => {
            let other: String = other.chars().take(40).collect();
            Err(SheetError::damaged(&format!("it refers to &{other};, which nothing here may fetch")))
        }
    }
}
