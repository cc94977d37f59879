//! Signals: complaints, whistleblowing, notifications and events, in structured fields only.
//!
//! They are told in confidence. Nothing that a cell says is ever repeated in a message or kept in the
//! quarantine, because a cell that is wrong may hold a name.

use jiff::civil::Date;
use lais_framework::{criteria, signal_words};
use serde::Serialize;

use crate::accounts::Accounts;
use crate::line::Line;
use crate::period::Period;
use crate::pipeline::{Pipeline, TableRule};
use crate::register::Register;
use crate::table::RawTable;
use crate::workbook::{read_day, same_header};

/// A row of `signal_record`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SignalRecord {
    signal_id: String,
    authority_code: String,
    received_on: Date,
    channel: String,
    reporter_role: String,
    theme: String,
    severity: String,
    status: String,
    case_ref: Option<String>,
    told_on: Date,
    source_id: String,
    release: String,
    file_name: String,
    source_row: u32,
}

/// What is wrong with a row: the column, the rule and a sentence.
type Fault = (String, &'static str, String);

/// Columns of a table that its rule does not name; there free text could stand.
pub(crate) fn unknown_columns(rule: &TableRule, table: &RawTable) -> usize {
    table.header.iter().filter(|cell| !rule.columns.values().any(|name| same_header(cell, name))).count()
}

/// A table of signals is called by the latest day on which one of them was received.
///
/// # Errors
/// A sentence where no row has such a day.
pub(crate) fn vintage(pipeline: &Pipeline, table: &RawTable) -> Result<Period, String> {
    let received = |rule: &TableRule| {
        let rows = 0..table.source_rows.len();
        rows.filter_map(|row| day_of_receipt(Line { columns: &rule.columns, table, row }.field("received_on").1)).max()
    };
    let day = pipeline.tables.iter().filter_map(received).max();
    let day = day.ok_or("none of its rows has a day of receipt that can be read; write it as 2025-03-31")?;
    Ok(Period { end: day, start: day, label: day.to_string(), published_on: day, published_on_assumed: false })
}

/// A day on which a signal can have been received: since the Children Act 1989, and not in another century by a
/// slip of the pen.
fn day_of_receipt(printed: &str) -> Option<Date> {
    read_day(printed).filter(|day| (1989..2100).contains(&day.year()))
}

/// Reads the rows of a table; what cannot be read goes to `accounts`, without its values.
pub(crate) fn read(
    rule: &TableRule,
    table: &RawTable,
    told_on: Date,
    register: &Register,
    accounts: &mut Accounts,
) -> Vec<SignalRecord> {
    let mut records: Vec<SignalRecord> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for row in 0..table.source_rows.len() {
        let line = Line { columns: &rule.columns, table, row };
        let number = table.source_rows[row];
        if line.is_blank() {
            accounts.leave_out("blank-row", "a row in which nothing is printed");
            continue;
        }
        let record = record(&line, &rule.prefixes, told_on, register, accounts).and_then(|record| {
            let is_first = seen.insert(record.signal_id.clone());
            let message = "another row above has the same id; give each signal one of its own";
            is_first.then_some(record).ok_or_else(|| ("signal_id".to_owned(), "repeated-row", message.to_owned()))
        });
        match record {
            Ok(record) => {
                accounts.keep(1);
                records.push(record);
            }
            Err((column, rule, message)) => accounts.quarantine_row(number, &column, "", rule, &message),
        }
    }
    records
}

fn record(
    line: &Line<'_>,
    prefixes: &[String],
    told_on: Date,
    register: &Register,
    accounts: &Accounts,
) -> Result<SignalRecord, Fault> {
    let (column, summary) = line.field("summary");
    if !summary.is_empty() {
        let message = "it holds free text, and masking of names does not exist yet; leave the cell empty";
        return Err((column.to_owned(), "free-text", message.to_owned()));
    }
    let (column, code) = line.field("authority_code");
    let authority = register.by_code(code).or_else(|| register.by_dfe_code(code)).ok_or_else(|| {
        let message = "the code is no authority's in the register; correct it";
        (column.to_owned(), "unknown-authority", message.to_owned())
    })?;
    let (column, day) = line.field("received_on");
    let received_on = day_of_receipt(day).ok_or_else(|| {
        (column.to_owned(), "no-date", "it is no day that can be read; write it as 2025-03-31".to_owned())
    })?;
    let case_ref = reference(line, prefixes, "case_ref")?;
    let signal_id = reference(line, prefixes, "signal_id")?.ok_or_else(|| {
        (line.field("signal_id").0.to_owned(), "no-id", "it has no id; give each signal one of its own".to_owned())
    })?;
    let themes: Vec<&str> = criteria().iter().map(|criterion| criterion.id.as_str()).collect();
    Ok(SignalRecord {
        signal_id,
        authority_code: authority.authority_code.clone(),
        received_on,
        channel: word(line, "channel", signal_words("channel"))?,
        reporter_role: word(line, "reporter_role", signal_words("reporter_role"))?,
        theme: word(line, "theme", &themes)?,
        severity: word(line, "severity", signal_words("severity"))?,
        status: word(line, "status", signal_words("status"))?,
        case_ref,
        told_on,
        source_id: accounts.source_id.clone(),
        release: accounts.release.clone(),
        file_name: accounts.file_name.clone(),
        source_row: line.number(),
    })
}

/// A word of a list.
fn word(line: &Line<'_>, field: &str, words: &[&str]) -> Result<String, Fault> {
    let (column, printed) = line.field(field);
    let found = words.iter().find(|word| word.eq_ignore_ascii_case(printed));
    found.map(|word| (*word).to_owned()).ok_or_else(|| {
        let message = format!("it is none of the words that may stand here: {}", words.join(", "));
        (column.to_owned(), "unknown-word", message)
    })
}

/// A reference such as `C-000123`, or nothing; a name or a sentence is none.
fn reference(line: &Line<'_>, prefixes: &[String], field: &str) -> Result<Option<String>, Fault> {
    let (column, printed) = line.field(field);
    match printed {
        "" => Ok(None),
        text if is_reference(text, prefixes) => Ok(Some(text.to_owned())),
        _ => {
            let prefixes = prefixes.join(", ");
            let message = format!(
                "it is no reference; write one of {prefixes} or nothing, then at most 9 digits in groups joined by hyphens or slashes, or a UUID"
            );
            Err((column.to_owned(), "not-a-reference", message))
        }
    }
}

/// The most digits of a reference: a telephone number or an NHS number has more.
const MOST_DIGITS: usize = 9;

/// Whether a text is a reference: a prefix that the pipeline allows or none, then groups of digits; or a UUID.
///
/// Any letters would let initials or a short name through.
fn is_reference(text: &str, prefixes: &[String]) -> bool {
    let pieces: Vec<&str> = text.split(['-', '/']).collect();
    let is_uuid = pieces.iter().map(|piece| piece.len()).eq([8, 4, 4, 4, 12])
        && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    let rest = if prefixes.iter().any(|prefix| prefix == pieces[0]) { &pieces[1..] } else { &pieces[..] };
    let digits: usize = rest.iter().map(|piece| piece.len()).sum();
    let are_digits = rest.iter().all(|piece| !piece.is_empty() && piece.chars().all(|c| c.is_ascii_digit()));
    is_uuid || ((1..=MOST_DIGITS).contains(&digits) && are_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_known_prefix_and_digits_and_never_a_name_or_a_number_of_a_person() {
        let prefixes = ["S", "CSC"].map(str::to_owned);
        for good in ["S-000123", "S-1", "2025/17", "123456", "CSC/2025/0017", "7d444840-9dc0-11d1-b245-5ffdce74fad2"] {
            assert!(is_reference(good, &prefixes), "{good}");
        }
        for bad in [
            "",
            "Jane",
            "Jane Smith",
            "J-Smith",
            "SMITH-1",
            "S-",
            "-1",
            "S-1-x",
            "a1b2",
            "JANE-19900405",
            "Ann-2",
            "07700-900123",
            "943-476-5919",
            "S",
            "S--1",
            "S-\u{664}",
        ] {
            assert!(!is_reference(bad, &prefixes), "{bad}");
        }
    }

    #[test]
    fn a_day_of_another_century_is_a_slip_of_the_pen() {
        assert!(day_of_receipt("2026-01-11").is_some());
        assert_eq!((day_of_receipt("2206-01-11"), day_of_receipt("0202-01-11")), (None, None));
    }
}
