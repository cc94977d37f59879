//! Tables of inspections and visits: a row becomes a record of each event that it tells of.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lais_framework::{Judgement, Kind};

use crate::accounts::Accounts;
use crate::inspection_cells::{Cells, Given};
use crate::inspection_record::{InspectionRecord, JudgementRecord, Told};
use crate::line::{Fault, Line};
use crate::pipeline::{EventRule, Pipeline, ScopeRule, TableRule};
use crate::recognise::{self, Opened};
use crate::register::Register;
use crate::table::RawTable;
use crate::workbook::read_day;

/// An event that rows tell of: its columns beside what holds for all of it.
struct Event<'a> {
    name: &'a str,
    kind: Option<Kind>,
    columns: BTreeMap<String, String>,
    judgements: Option<&'a BTreeMap<String, String>>,
}

/// The events that a row of a table tells of; one where the rule names none.
fn events(rule: &TableRule) -> Vec<Event<'_>> {
    if rule.events.is_empty() {
        return vec![Event { name: "", kind: None, columns: rule.columns.clone(), judgements: None }];
    }
    let event =
        |said: &'_ EventRule| rule.columns.iter().chain(&said.columns).map(|(a, b)| (a.clone(), b.clone())).collect();
    rule.events
        .iter()
        .map(|said| Event {
            name: &said.name,
            kind: said.kind.as_deref().and_then(Kind::from_id),
            columns: event(said),
            judgements: Some(&said.judgements),
        })
        .collect()
}

/// The name of an event's part of the file: the table, and the event within it.
fn part_name(rule: &TableRule, event: &Event<'_>) -> String {
    if event.name.is_empty() { rule.name.clone() } else { format!("{}/{}", rule.name, event.name) }
}

/// The latest day on which a row of a file's tables says that something was published.
pub(crate) fn latest_publication(pipeline: &Pipeline, opened: &Opened) -> Option<Date> {
    let tables = recognise::tables(pipeline, opened);
    let latest = |rule: &TableRule, table: &RawTable| {
        let events = events(rule);
        let day = |row| {
            let day =
                |event: &Event<'_>| read_day(Line { columns: &event.columns, table, row }.field("published_on").1);
            events.iter().filter_map(day).max()
        };
        (0..table.source_rows.len()).filter_map(day).max()
    };
    tables.iter().filter_map(|(rule, _, table)| latest(rule, table)).max()
}

/// Reads the rows of a table; what cannot be read goes to `accounts`.
pub(crate) fn read(
    rule: &TableRule,
    sheet: &str,
    table: &RawTable,
    register: &Register,
    scope: &[ScopeRule],
    accounts: &mut Accounts,
    told: &mut Told,
) {
    let events = events(rule);
    for row in 0..table.source_rows.len() {
        let line = Line { columns: &rule.columns, table, row };
        if line.is_blank() {
            accounts.leave_out("blank-row", "a row in which nothing is printed");
            continue;
        }
        if let Some(out) = scope.iter().find(|out| out.leaves_out(line.under(&out.column))) {
            accounts.leave_out(&out.rule, &out.why);
            continue;
        }
        let reader = RowReader { rule, sheet, table, row, register };
        let (mut kept, mut faults) = (false, Vec::new());
        for event in &events {
            match reader.read(event, accounts, told) {
                Ok(is_one) => kept |= is_one,
                Err(fault) => faults.push(fault),
            }
        }
        let number = line.number();
        match (kept, faults.as_slice()) {
            (false, []) => accounts.leave_out("no-event", "a row that tells of no inspection or visit"),
            (false, [(column, value, rule, message), rest @ ..]) => {
                accounts.quarantine_row(number, column, value, rule, message);
                quarantine_cells(accounts, number, rest);
            }
            (true, faults) => {
                accounts.keep(1);
                quarantine_cells(accounts, number, faults);
            }
        }
    }
}

fn quarantine_cells(accounts: &mut Accounts, number: u32, faults: &[Fault]) {
    for (column, value, rule, message) in faults {
        accounts.quarantine_cell(number, column, value, rule, message);
    }
}

/// One row of a table, read once for each event.
struct RowReader<'a> {
    rule: &'a TableRule,
    sheet: &'a str,
    table: &'a RawTable,
    row: usize,
    register: &'a Register,
}

impl RowReader<'_> {
    /// Reads what the row says of an event; false where it tells of none.
    fn read(&self, event: &Event<'_>, accounts: &Accounts, told: &mut Told) -> Result<bool, Fault> {
        let line = Line { columns: &event.columns, table: self.table, row: self.row };
        let mut cells = Cells::new(self.rule, line);
        let printed = ["started_on", "published_on", "overall"].map(|field| line.field(field).1);
        if !self.rule.events.is_empty() && printed.iter().all(|cell| cell.is_empty()) {
            return Ok(false);
        }
        let started_on = cells.day("started_on")?;
        let ended_on = cells.day("ended_on")?;
        let published_on = cells.day("published_on")?;
        let Some(day) = started_on.or(published_on) else {
            let (column, value) =
                line.field(if event.columns.contains_key("started_on") { "started_on" } else { "published_on" });
            let message = "the row gives no day of inspection or publication".to_owned();
            return Err((column.to_owned(), value.to_owned(), "no-date", message));
        };
        let kind = match event.kind {
            Some(kind) => Some(kind),
            None => cells.kind(day)?,
        };
        let framework = self.rule.framework.clone().or_else(|| kind.map(|kind| kind.framework().to_owned()));
        let mut record = InspectionRecord {
            source_id: accounts.source_id.clone(),
            release: accounts.release.clone(),
            source_table: self.sheet.to_owned(),
            source_part: part_name(self.rule, event),
            source_row: line.number(),
            precedence: self.rule.precedence,
            evidence: self.rule.evidence.id(),
            kind: kind.map(Kind::id),
            framework: framework.unwrap_or_default(),
            started_on,
            ended_on,
            published_on,
            outcome: cells.outcome()?,
            focus_topics: cells.topics()?,
            ..InspectionRecord::default()
        };
        for judgement in Judgement::ALL {
            let (grade, missing) = cells.judgement(judgement, kind, started_on, published_on)?;
            record.judge(judgement, grade, missing);
        }
        let more = self.judgements(event, &mut cells)?;
        record.remarks = cells.remarks();
        if kind.is_none() && !record.has_a_grade() && record.remarks.is_none() {
            let message = "the row gives no kind of inspection and no grade".to_owned();
            return Err(("".to_owned(), String::new(), "no-kind-and-no-grade", message));
        }
        for (published_code, authority) in cells.authorities(self.register, day)? {
            record.authority_code.clone_from(&authority.authority_code);
            record.published_code = published_code;
            record.shared_service = cells.is_shared();
            told.judgements.extend(more.iter().map(|(id, (grade, missing))| JudgementRecord {
                source_id: record.source_id.clone(),
                release: record.release.clone(),
                source_table: record.source_table.clone(),
                source_part: record.source_part.clone(),
                source_row: record.source_row,
                authority_code: record.authority_code.clone(),
                judgement_id: id.clone(),
                grade: *grade,
                missing: *missing,
            }));
            told.inspections.push(record.clone());
        }
        Ok(true)
    }

    /// The judgements without a column of their own; one of which nothing is printed is left out.
    fn judgements(&self, event: &Event<'_>, cells: &mut Cells<'_>) -> Result<Vec<(String, Given)>, Fault> {
        let mut found = Vec::new();
        for (id, header) in event.judgements.into_iter().flatten() {
            let given = cells.grade_under(header)?;
            if given != (None, None) {
                found.push((id.clone(), given));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipeline of one table of inspections; `more` is added to the table.
    fn rule(more: &str) -> TableRule {
        let text = format!(
            "id = 'p'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'tables'\n[[tables]]\nname = 't'\n\
             into = 'inspection'\nheader = ['Code']\nno_day = ['01/01/1900']\n\
             grades = {{ unreadable = 'not-readable', 'to good' = 'good' }}\n\
             places = {{ 'North service' = ['E06000002', 'E06000003'] }}\noutcomes = {{ 2 = 'inconsistent' }}\n\
             [tables.columns]\ncode = 'Code'\nname = 'Name'\nstarted_on = 'Date'\nkind = 'Type'\n\
             overall = 'Overall'\ncare_leavers = 'Leavers'\ntheme = 'Theme'\n\
             [tables.kinds]\nShort = 'short'\nVisit = 'focused-visit'\n[tables.topics]\n'Front door' = ['front-door']\n{more}"
        );
        Pipeline::parse(&text).unwrap().tables.remove(0)
    }

    fn read_all(rule: &TableRule, header: &[&str], rows: &[&[&str]]) -> (Told, Accounts) {
        let mut table = RawTable::new(header.iter().map(|name| (*name).to_owned()).collect());
        for (i, row) in rows.iter().enumerate() {
            table.source_rows.push(u32::try_from(i + 2).unwrap());
            for (column, cell) in table.columns.iter_mut().zip(*row) {
                column.push((*cell).to_owned());
            }
        }
        let (mut accounts, mut told) = (Accounts::new("s", "r", "f.ods"), Told::default());
        read(rule, "Sheet", &table, &Register::embedded().unwrap(), &[], &mut accounts, &mut told);
        (told, accounts)
    }

    const HEADER: [&str; 6] = ["Code", "Date", "Type", "Overall", "Leavers", "Theme"];

    #[test]
    fn a_judgement_that_did_not_exist_is_told_from_one_not_made_and_from_silence() {
        let (told, _) = read_all(
            &rule(""),
            &HEADER,
            &[
                &["E08000016", "2022-10-03", "Short", "Good", "", ""],
                &["E08000016", "2023-10-03", "Short", "Good", "-", ""],
                &["E08000016", "2022-10-03", "Visit", "", "", "Front door"],
                &["E08000016", "2026-05-05", "Short", "", "Good", ""],
                &["370", "2023-10-03", "Short", "Good", "", ""],
            ],
        );
        let reasons: Vec<_> = told.inspections.iter().map(|r| (r.overall_missing, r.care_leavers_missing)).collect();
        assert_eq!(
            reasons,
            [
                (None, Some("not-in-this-framework")),
                (None, Some("not-judged")),
                (Some("not-judged"), Some("not-judged")),
                (Some("not-in-this-framework"), None),
                (None, None),
            ]
        );
        assert_eq!(told.inspections[2].focus_topics.as_deref(), Some("front-door"));
        assert!(told.inspections.iter().all(|record| record.authority_code == "E08000038"));
    }

    #[test]
    fn a_row_that_cannot_be_read_is_set_aside_and_every_row_counted() {
        let (told, accounts) = read_all(
            &rule(""),
            &HEADER,
            &[
                &["E08000016", "2022-10-03", "Short", "Good", "", ""],
                &["", "", "", "", "", ""],
                &["E99", "2022-10-03", "Short", "Good", "", ""],
                &["E08000016", "soon", "Short", "Good", "", ""],
                &["E08000016", "2022-10-03", "Long", "Good", "", ""],
                &["E08000016", "2022-10-03", "Short", "Fine", "", ""],
                &["E08000016", "2022-10-03", "Visit", "", "", "Roof"],
                &["E08000016", "", "Short", "Good", "", ""],
            ],
        );
        assert_eq!((told.inspections.len(), accounts.rows_read()), (1, 8));
        let rules: Vec<_> = accounts.quarantine.iter().map(|q| &*q.rule).collect();
        assert_eq!(
            rules,
            ["unknown-authority", "not-a-date", "unknown-kind", "not-a-grade", "unknown-theme", "no-date"]
        );
    }

    #[test]
    fn what_a_scraper_writes_for_nothing_is_missing_with_a_reason() {
        let rows: [&[&str]; 2] = [
            &["330", "2024-01-02", "Short", "unreadable", "to good", ""],
            &["330", "01/01/1900", "Short", "Good", "", ""],
        ];
        let (told, accounts) = read_all(&rule(""), &HEADER, &rows);
        let record = &told.inspections[0];
        assert_eq!((record.overall, record.overall_missing), (None, Some("not-readable")));
        assert_eq!(record.care_leavers, Some("good"));
        assert_eq!(record.remarks.as_deref(), Some("Overall \"unreadable\" stands for no grade"));
        assert_eq!(&*accounts.quarantine[0].rule, "no-date");
    }

    #[test]
    fn a_service_of_two_authorities_gives_each_a_record_that_says_so() {
        let rows: [&[&str]; 2] = [&["North service", "2024-01-02", "Short"], &["Barnsley", "2024-01-02", "Short"]];
        let (told, accounts) = read_all(&rule(""), &["Name", "Date", "Type"], &rows);
        let told: Vec<_> = told.inspections.iter().map(|r| (r.authority_code.as_str(), r.shared_service)).collect();
        assert_eq!(told, [("E06000002", true), ("E06000003", true), ("E08000038", false)]);
        assert_eq!(accounts.rows_kept, 2);
    }

    #[test]
    fn a_name_that_two_councils_bore_is_that_of_the_day() {
        let rows: [&[&str]; 2] = [&["Dorset", "2016-05-23", "Short"], &["Dorset", "2021-11-19", "Short"]];
        let (told, _) = read_all(&rule(""), &["Name", "Date", "Type"], &rows);
        let codes: Vec<_> = told.inspections.iter().map(|record| record.authority_code.as_str()).collect();
        assert_eq!(codes, ["E10000009", "E06000059"]);
    }

    #[test]
    fn a_wide_row_tells_of_each_event_that_it_dates() {
        let more = "[[tables.events]]\nname = 'first'\nkind = 'sif'\n\
                    columns = { published_on = 'First on', overall = 'First' }\njudgements = { adoption = 'Adoption' }\n\
                    [[tables.events]]\nname = 'second'\nkind = 'sif-reinspection'\n\
                    columns = { published_on = 'Second on', overall = 'Second' }\n";
        let mut rule = rule(more);
        for field in ["started_on", "kind", "overall", "care_leavers", "theme"] {
            rule.columns.remove(field);
        }
        let header = ["Code", "First on", "First", "Adoption", "Second on", "Second"];
        let rows: [&[&str]; 3] = [
            &["330", "2014-05-23", "Inadequate", "Good", "2016-11-25", "-"],
            &["370", "2014-05-23", "Good", "-", "", ""],
            &["371", "", "", "", "", ""],
        ];
        let (told, accounts) = read_all(&rule, &header, &rows);
        let events: Vec<_> = told.inspections.iter().map(|r| (r.source_row, r.source_part.as_str(), r.kind)).collect();
        assert_eq!(
            events,
            [(2, "t/first", Some("sif")), (2, "t/second", Some("sif-reinspection")), (3, "t/first", Some("sif"))]
        );
        assert_eq!(told.inspections[1].overall_missing, Some("not-judged"));
        let adoption: Vec<_> = told.judgements.iter().map(|j| (j.source_row, j.grade, j.missing)).collect();
        assert_eq!(adoption, [(2, Some("good"), None), (3, None, Some("not-judged"))]);
        assert_eq!((accounts.rows_kept, accounts.rows_out_of_scope), (2, 1));
    }
}
