//! Tables of inspections and visits: a row becomes a record of one event.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lais_framework::{Grade, Kind, MissingGrade};
use serde::Serialize;

use crate::accounts::Accounts;
use crate::pipeline::TableRule;
use crate::register::{Register, normal_name};
use crate::table::RawTable;
use crate::workbook::{read_day, same_header};

/// A row of `inspection_record`: what one source row says of one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct InspectionRecord {
    source_id: String,
    release: String,
    source_table: String,
    source_row: u32,
    precedence: i64,
    published_code: String,
    authority_code: String,
    kind: Option<&'static str>,
    framework: String,
    started_on: Option<Date>,
    published_on: Option<Date>,
    overall: Option<&'static str>,
    overall_missing: Option<&'static str>,
    leaders: Option<&'static str>,
    leaders_missing: Option<&'static str>,
    help_and_protection: Option<&'static str>,
    help_and_protection_missing: Option<&'static str>,
    in_care: Option<&'static str>,
    in_care_missing: Option<&'static str>,
    care_leavers: Option<&'static str>,
    care_leavers_missing: Option<&'static str>,
    focus_topics: Option<String>,
}

/// Care leavers have a judgement of their own in inspections from this day.
///
/// Source: Ofsted, notes to the inspection outcomes workbook as at 31 March 2025.
const CARE_LEAVERS_FROM: Date = Date::constant(2023, 1, 1);

/// ILACS gives no overall effectiveness in inspections from this day.
///
/// Source: the framework as it applies to inspections from April 2026.
const NO_OVERALL_FROM: Date = Date::constant(2026, 4, 1);

/// A cell that keeps a row out: the column, its value, the rule and a sentence.
type Fault = (String, String, &'static str, String);

/// Reads the rows of a table; what cannot be read goes to `accounts`.
pub(crate) fn read(
    rule: &TableRule,
    sheet: &str,
    table: &RawTable,
    register: &Register,
    accounts: &mut Accounts,
) -> Vec<InspectionRecord> {
    let mut records = Vec::new();
    for row in 0..table.source_rows.len() {
        let number = table.source_rows[row];
        let line = Line { rule, table, row };
        if line.is_blank() {
            accounts.leave_out("blank-row", "a row in which nothing is printed");
            continue;
        }
        match line.record(sheet, register, accounts) {
            Ok(record) => {
                accounts.keep(1);
                records.push(record);
            }
            Err((column, value, rule, message)) => accounts.quarantine_row(number, &column, &value, rule, &message),
        }
    }
    records
}

/// What a pipeline says of a printed text, whatever its case and spacing.
fn said_of<'a, T>(said: &'a BTreeMap<String, T>, printed: &str) -> Option<&'a T> {
    said.iter().find(|(text, _)| normal_name(text) == normal_name(printed)).map(|(_, meaning)| meaning)
}

/// One row of a declared table.
pub(crate) struct Line<'a> {
    pub(crate) rule: &'a TableRule,
    pub(crate) table: &'a RawTable,
    pub(crate) row: usize,
}

impl Line<'_> {
    pub(crate) fn is_blank(&self) -> bool {
        self.table.columns.iter().all(|column| column[self.row].trim().is_empty())
    }

    /// The header that a field of ours is under, and the cell.
    pub(crate) fn field<'s>(&'s self, field: &'s str) -> (&'s str, &'s str) {
        let Some(header) = self.rule.columns.get(field) else { return (field, "") };
        let place = self.table.header.iter().position(|cell| same_header(cell, header));
        (header, self.table.cell(self.row, place))
    }

    fn record(&self, sheet: &str, register: &Register, accounts: &Accounts) -> Result<InspectionRecord, Fault> {
        let (code_column, code) = self.field("code");
        let authority = register.by_code(code).ok_or_else(|| {
            let message =
                "the code is no authority's in the register; correct it, or bring a register that has it".to_owned();
            (code_column.to_owned(), code.to_owned(), "unknown-authority", message)
        })?;
        let started_on = self.day("started_on")?;
        let published_on = self.day("published_on")?;
        if started_on.is_none() && published_on.is_none() {
            let (column, value) = self.field("started_on");
            return Err((
                column.to_owned(),
                value.to_owned(),
                "no-date",
                "the row gives no day of inspection or publication".to_owned(),
            ));
        }
        let kind = self.kind()?;
        let grade = |field| self.grade(field, kind, started_on.or(published_on));
        let (overall, overall_missing) = grade("overall")?;
        let (leaders, leaders_missing) = grade("leaders")?;
        let (help_and_protection, help_and_protection_missing) = grade("help_and_protection")?;
        let (in_care, in_care_missing) = grade("in_care")?;
        let (care_leavers, care_leavers_missing) = grade("care_leavers")?;
        Ok(InspectionRecord {
            source_id: accounts.source_id.clone(),
            release: accounts.release.clone(),
            source_table: sheet.to_owned(),
            source_row: self.table.source_rows[self.row],
            precedence: self.rule.precedence,
            published_code: code.to_owned(),
            authority_code: authority.authority_code.clone(),
            kind: kind.map(Kind::id),
            framework: self.rule.framework.clone().unwrap_or_default(),
            started_on,
            published_on,
            overall,
            overall_missing,
            leaders,
            leaders_missing,
            help_and_protection,
            help_and_protection_missing,
            in_care,
            in_care_missing,
            care_leavers,
            care_leavers_missing,
            focus_topics: self.topics()?,
        })
    }

    fn day(&self, field: &str) -> Result<Option<Date>, Fault> {
        let (column, value) = self.field(field);
        if matches!(value, "" | "-" | "Not yet inspected") {
            return Ok(None);
        }
        read_day(value).map(Some).ok_or_else(|| {
            let message = "a day is written 2025-03-31, 31/03/2025 or 31 March 2025; correct it".to_owned();
            (column.to_owned(), value.to_owned(), "not-a-date", message)
        })
    }

    fn kind(&self) -> Result<Option<Kind>, Fault> {
        let (column, value) = self.field("kind");
        if value.is_empty() {
            return Ok(None);
        }
        let known = said_of(&self.rule.kinds, value).and_then(|id| Kind::from_id(id));
        known.map(Some).ok_or_else(|| {
            let message = "the type of inspection is not in the pipeline's kinds; add it there".to_owned();
            (column.to_owned(), value.to_owned(), "unknown-kind", message)
        })
    }

    fn topics(&self) -> Result<Option<String>, Fault> {
        let (column, value) = self.field("theme");
        if matches!(value, "" | "-") {
            return Ok(None);
        }
        said_of(&self.rule.topics, value).map(|topics| Some(topics.join(" "))).ok_or_else(|| {
            let message = "the theme is not in the pipeline's topics; add it there".to_owned();
            (column.to_owned(), value.to_owned(), "unknown-theme", message)
        })
    }

    /// A judgement, or the reason that there is none.
    fn grade(
        &self,
        field: &str,
        kind: Option<Kind>,
        day: Option<Date>,
    ) -> Result<(Option<&'static str>, Option<&'static str>), Fault> {
        let (column, value) = self.field(field);
        if let Some(grade) = Grade::read(value) {
            return Ok((Some(grade.id()), None));
        }
        if !matches!(value, "" | "-" | "Not judged" | "Not applicable") {
            let message =
                "a grade is Outstanding, Good, Requires improvement to be good or Inadequate; correct it".to_owned();
            return Err((column.to_owned(), value.to_owned(), "not-a-grade", message));
        }
        let graded = kind.is_none_or(Kind::is_graded);
        let absent = match field {
            "care_leavers" => day.is_some_and(|day| day < CARE_LEAVERS_FROM),
            "overall" => day.is_some_and(|day| day >= NO_OVERALL_FROM),
            _ => false,
        };
        let reason = if graded && absent { MissingGrade::NotInThisFramework } else { MissingGrade::NotJudged };
        Ok((None, Some(reason.id())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Into;

    fn rule() -> TableRule {
        let columns = [
            ("code", "Code"),
            ("started_on", "Date"),
            ("kind", "Type"),
            ("overall", "Overall"),
            ("care_leavers", "Leavers"),
            ("theme", "Theme"),
        ];
        TableRule {
            name: "t".to_owned(),
            header: Vec::new(),
            absent: Vec::new(),
            into: Into::Inspection,
            precedence: 1,
            framework: Some("ilacs".to_owned()),
            set_id: None,
            blank: Vec::new(),
            prefixes: Vec::new(),
            columns: columns.map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
            kinds: BTreeMap::from([
                ("Short".to_owned(), "short".to_owned()),
                ("Visit".to_owned(), "focused-visit".to_owned()),
            ]),
            topics: BTreeMap::from([("Front door".to_owned(), vec!["front-door".to_owned()])]),
        }
    }

    fn table(rows: &[[&str; 6]]) -> RawTable {
        let header = ["Code", "Date", "Type", "Overall", "Leavers", "Theme"].map(str::to_owned).to_vec();
        let mut table = RawTable::new(header);
        for (i, row) in rows.iter().enumerate() {
            table.source_rows.push(u32::try_from(i + 2).unwrap());
            for (column, cell) in table.columns.iter_mut().zip(row) {
                column.push((*cell).to_owned());
            }
        }
        table
    }

    fn read_all(rows: &[[&str; 6]]) -> (Vec<InspectionRecord>, Accounts) {
        let mut accounts = Accounts::new("s", "r", "f.ods");
        let records = read(&rule(), "Sheet", &table(rows), &Register::embedded().unwrap(), &mut accounts);
        (records, accounts)
    }

    #[test]
    fn a_judgement_that_did_not_exist_is_told_from_one_not_made() {
        let (records, _) = read_all(&[
            ["E08000016", "2022-10-03", "Short", "Good", "", ""],
            ["E08000016", "2023-10-03", "Short", "Good", "-", ""],
            ["E08000016", "2022-10-03", "Visit", "", "", "Front door"],
            ["E08000016", "2026-05-05", "Short", "", "Good", ""],
        ]);
        let reasons: Vec<_> = records.iter().map(|r| (r.overall_missing, r.care_leavers_missing)).collect();
        assert_eq!(
            reasons,
            [
                (None, Some("not-in-this-framework")),
                (None, Some("not-judged")),
                (Some("not-judged"), Some("not-judged")),
                (Some("not-in-this-framework"), None),
            ]
        );
        assert_eq!(records[2].focus_topics.as_deref(), Some("front-door"));
        assert_eq!(records[0].authority_code, "E08000038");
    }

    #[test]
    fn a_row_that_cannot_be_read_is_set_aside_and_every_row_counted() {
        let (records, accounts) = read_all(&[
            ["E08000016", "2022-10-03", "Short", "Good", "", ""],
            ["", "", "", "", "", ""],
            ["E99", "2022-10-03", "Short", "Good", "", ""],
            ["E08000016", "soon", "Short", "Good", "", ""],
            ["E08000016", "2022-10-03", "Long", "Good", "", ""],
            ["E08000016", "2022-10-03", "Short", "Fine", "", ""],
            ["E08000016", "2022-10-03", "Visit", "", "", "Roof"],
            ["E08000016", "", "Short", "Good", "", ""],
        ]);
        assert_eq!((records.len(), accounts.rows_read()), (1, 8));
        let rules: Vec<_> = accounts.quarantine.iter().map(|q| q.rule.as_str()).collect();
        assert_eq!(
            rules,
            ["unknown-authority", "not-a-date", "unknown-kind", "not-a-grade", "unknown-theme", "no-date"]
        );
    }
}
