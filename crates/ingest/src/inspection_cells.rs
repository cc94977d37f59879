//! The cells of a row of inspections: whose it is, its days, kind, grades, outcome and topics.

use jiff::civil::Date;
use lais_framework::{Grade, Judgement, Kind, MissingGrade};

use crate::event::UNKNOWN_KIND;
use crate::line::{Fault, Line, said_of};
use crate::pipeline::TableRule;
use crate::register::{Authority, Register};
use crate::workbook::read_day;

/// The longest time from the first day of fieldwork to publication, within which a day of publication does not
/// tell which judgements there were.
const LONGEST_TO_PUBLICATION: i64 = 120;

/// A grade, or the reason that there is none; neither where nothing is said.
pub(crate) type Given = (Option<&'static str>, Option<&'static str>);

/// The cells of one row, and what was read of them that is no value.
pub(crate) struct Cells<'a> {
    rule: &'a TableRule,
    line: Line<'a>,
    remarks: Vec<String>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(rule: &'a TableRule, line: Line<'a>) -> Self {
        Self { rule, line, remarks: Vec::new() }
    }

    /// What stood where a value was expected, in words.
    pub(crate) fn remarks(&self) -> Option<String> {
        (!self.remarks.is_empty()).then(|| self.remarks.join("; "))
    }

    /// A day; nothing where none is printed or what is printed stands for none.
    pub(crate) fn day(&mut self, field: &str) -> Result<Option<Date>, Fault> {
        let (column, value) = self.line.field(field);
        if matches!(value, "" | "-" | "Not yet inspected") {
            return Ok(None);
        }
        if self.rule.no_day.iter().any(|none| none.eq_ignore_ascii_case(value)) {
            self.remarks.push(format!("{field} {value:?} stands for no day"));
            return Ok(None);
        }
        read_day(value).map(Some).ok_or_else(|| {
            let message = "a day is written 2025-03-31, 31/03/2025 or 31 March 2025; correct it".to_owned();
            (column.to_owned(), value.to_owned(), "not-a-date", message)
        })
    }

    /// The kind of event; nothing where none is printed, or one that did not exist on the day.
    pub(crate) fn kind(&mut self, day: Date) -> Result<Option<Kind>, Fault> {
        let (column, value) = self.line.field("kind");
        if value.is_empty() {
            return Ok(None);
        }
        let said = said_of(&self.rule.kinds, value).map(String::as_str);
        if said == Some(UNKNOWN_KIND) {
            self.remarks.push(format!("{column} {value:?} stands for no kind"));
            return Ok(None);
        }
        let impossible = said.and_then(Kind::from_id).is_some_and(|kind| kind.since().is_some_and(|since| day < since));
        if impossible {
            self.remarks.push(format!("{column} {value:?} did not exist on {day}"));
            return Ok(None);
        }
        said.and_then(Kind::from_id).map(Some).ok_or_else(|| {
            let message = "the type of inspection is not in the pipeline's kinds; add it there".to_owned();
            (column.to_owned(), value.to_owned(), "unknown-kind", message)
        })
    }

    /// The topics of a focused visit, as their ids with spaces between.
    pub(crate) fn topics(&self) -> Result<Option<String>, Fault> {
        let (column, value) = self.line.field("theme");
        if matches!(value, "" | "-") {
            return Ok(None);
        }
        said_of(&self.rule.topics, value).map(|topics| Some(topics.join(" "))).ok_or_else(|| {
            let message = "the theme is not in the pipeline's topics; add it there".to_owned();
            (column.to_owned(), value.to_owned(), "unknown-theme", message)
        })
    }

    /// The outcome of an inspection that gives none of the four grades.
    pub(crate) fn outcome(&mut self) -> Result<Option<String>, Fault> {
        let (column, value) = self.line.field("outcome");
        if matches!(value, "" | "-") {
            return Ok(None);
        }
        if said_of(&self.rule.outcomes, value).is_some_and(|id| id == MissingGrade::NotReadable.id()) {
            self.remarks.push(format!("{column} {value:?} stands for no outcome"));
            return Ok(None);
        }
        said_of(&self.rule.outcomes, value).map(|id| Some(id.clone())).ok_or_else(|| {
            let message = "the outcome is not in the pipeline's outcomes; add it there".to_owned();
            (column.to_owned(), value.to_owned(), "unknown-outcome", message)
        })
    }

    /// One of the five judgements, or the reason that there is none.
    pub(crate) fn judgement(
        &mut self,
        judgement: Judgement,
        kind: Option<Kind>,
        started_on: Option<Date>,
        published_on: Option<Date>,
    ) -> Result<Given, Fault> {
        let line = self.line;
        let given = match line.columns.get(judgement.column()) {
            Some(header) => self.grade_under(header)?,
            None => (None, None),
        };
        match given {
            (Some(grade), _) => Ok((Some(grade), None)),
            (None, printed) => Ok((None, absence(judgement, kind, started_on, published_on).or(printed))),
        }
    }

    /// The grade under a header, or the reason that is printed there; neither in an empty cell.
    pub(crate) fn grade_under(&mut self, header: &str) -> Result<Given, Fault> {
        let value = self.line.under(header);
        if value.is_empty() {
            return Ok((None, None));
        }
        if let Some(id) = said_of(&self.rule.grades, value) {
            let missing = MissingGrade::from_id(id);
            if missing.is_some() {
                self.remarks.push(format!("{header} {value:?} stands for no grade"));
            }
            return Ok((Grade::read(id).map(Grade::id), missing.map(MissingGrade::id)));
        }
        if let Some(grade) = Grade::read(value) {
            return Ok((Some(grade.id()), None));
        }
        if matches!(value, "-" | "Not judged" | "Not applicable") {
            return Ok((None, Some(MissingGrade::NotJudged.id())));
        }
        let message =
            "a grade is Outstanding, Good, Requires improvement to be good or Inadequate; correct it".to_owned();
        Err((header.to_owned(), value.to_owned(), "not-a-grade", message))
    }

    /// Whether the row is of a service that several authorities share.
    pub(crate) fn is_shared(&self) -> bool {
        said_of(&self.rule.places, self.line.field("name").1).is_some_and(|codes| codes.len() > 1)
    }

    /// The authorities that the row is of, each with its code or name as printed.
    pub(crate) fn authorities<'r>(
        &self,
        register: &'r Register,
        day: Date,
    ) -> Result<Vec<(String, &'r Authority)>, Fault> {
        let (code_column, code) = self.line.field("code");
        if !code.is_empty() {
            let found = register.by_code(code).or_else(|| register.by_dfe_code(code)).ok_or_else(|| {
                let message = "the code is no authority's in the register; correct it, or bring a register that has it";
                (code_column.to_owned(), code.to_owned(), "unknown-authority", message.to_owned())
            })?;
            return Ok(vec![(code.to_owned(), found)]);
        }
        let (column, name) = self.line.field("name");
        if let Some(codes) = said_of(&self.rule.places, name) {
            return codes
                .iter()
                .map(|code| match register.by_code(code) {
                    Some(found) => Ok((name.to_owned(), found)),
                    None => {
                        let message =
                            format!("the pipeline says it is {code}, which is no authority's in the register");
                        Err((column.to_owned(), name.to_owned(), "unknown-authority", message))
                    }
                })
                .collect();
        }
        match register.by_name_on(name, day).as_slice() {
            [one] => Ok(vec![(name.to_owned(), *one)]),
            [] => {
                let message = "no authority of the register is called so; add the spelling to its aliases, or to the pipeline's places where it is a service's name";
                Err((column.to_owned(), name.to_owned(), "unknown-authority", message.to_owned()))
            }
            several => {
                let codes: Vec<&str> = several.iter().map(|a| a.authority_code.as_str()).collect();
                let message = format!("more than one authority was called so on {day} ({})", codes.join(", "));
                Err((column.to_owned(), name.to_owned(), "ambiguous-authority", message))
            }
        }
    }
}

/// Why there is no such grade, by the kind of inspection and its day.
///
/// Where only the day of publication is known, and a judgement came or went within the months before it, nothing
/// is said.
fn absence(
    judgement: Judgement,
    kind: Option<Kind>,
    started_on: Option<Date>,
    published_on: Option<Date>,
) -> Option<&'static str> {
    let reason = |day| judgement.absence(kind, day);
    let found = match (started_on, published_on) {
        (Some(day), _) => reason(Some(day)),
        (None, Some(day)) => {
            let earliest = day.checked_sub(jiff::Span::new().days(LONGEST_TO_PUBLICATION)).unwrap_or(day);
            reason(Some(day)).filter(|_| reason(Some(day)) == reason(Some(earliest)))
        }
        (None, None) => None,
    };
    found.map(MissingGrade::id)
}
