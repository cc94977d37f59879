//! Which records tell of the same inspection or visit.
//!
//! Sources repeat each other: the latest judgements, the year's activity and the history all hold the
//! same inspection, and not all of them say of which kind it was or on which day it began.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, Date32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Date32Type, Field, Int64Type, Schema, SchemaRef};
use jiff::ToSpan as _;
use jiff::civil::Date;
use lais_lake::{Class, RustModel};

/// Days within which two records of one authority can be of one event.
///
/// Printed and official days of one inspection differ by up to a week in the files at hand; two
/// events of one kind were never closer than two months.
const SAME_EVENT_DAYS: i32 = 14;

/// The model `inspection_link`: a row a record, with the id of its event.
pub(crate) const MODEL: RustModel = RustModel {
    name: "inspection_link",
    class: Class::Public,
    inputs: &["inspection_record"],
    key: &["source_id", "release", "source_table", "source_row"],
    code: env!("LAIS_CODE"),
    schema,
    run,
};

fn schema() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8, false);
    let number = Field::new("source_row", DataType::Int64, false);
    Arc::new(Schema::new(vec![text("event_id"), text("source_id"), text("release"), text("source_table"), number]))
}

/// What is needed of a record to link it.
#[derive(Clone, Debug)]
struct Record {
    source_id: String,
    release: String,
    source_table: String,
    source_row: i64,
    authority_code: String,
    kind: Option<String>,
    started_on: Option<i32>,
    published_on: Option<i32>,
}

fn run(inputs: &[RecordBatch], _as_at: Date) -> Result<RecordBatch, String> {
    let [batch] = inputs else { return Err("it reads one table".to_owned()) };
    let mut records = records(batch)?;
    records.sort_by(|a, b| order(a).cmp(&order(b)));
    let events = link(&records);
    let ids = event_ids(&records, &events);
    let texts = |get: fn(&Record) -> &str| -> ArrayRef {
        Arc::new(records.iter().map(|r| Some(get(r))).collect::<StringArray>())
    };
    let rows: Int64Array = records.iter().map(|record| Some(record.source_row)).collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(ids)),
        texts(|r| &r.source_id),
        texts(|r| &r.release),
        texts(|r| &r.source_table),
        Arc::new(rows),
    ];
    RecordBatch::try_new(schema(), columns).map_err(|e| e.to_string())
}

type Order<'a> = (&'a str, Option<i32>, bool, &'a str, &'a str, &'a str, i64);

/// By authority and day, records that say their kind before those that do not.
fn order(r: &Record) -> Order<'_> {
    let day = r.started_on.or(r.published_on);
    (&r.authority_code, day, r.kind.is_none(), &r.source_id, &r.release, &r.source_table, r.source_row)
}

/// For each record the place of the event it belongs to: the first record that it matches.
fn link(records: &[Record]) -> Vec<usize> {
    let mut events: Vec<usize> = Vec::with_capacity(records.len());
    let mut kinds: Vec<Option<String>> = records.iter().map(|record| record.kind.clone()).collect();
    for (i, record) in records.iter().enumerate() {
        let earlier = (0..i).rev().take_while(|j| records[*j].authority_code == record.authority_code);
        let mut candidates = earlier.filter(|j| {
            let compatible = kinds[events[*j]].is_none() || record.kind.is_none() || kinds[events[*j]] == record.kind;
            compatible && near(&records[*j], record)
        });
        let event = candidates.next().map_or(i, |j| events[j]);
        if kinds[event].is_none() {
            kinds[event].clone_from(&record.kind);
        }
        events.push(event);
    }
    events
}

/// Whether two records are of days that can be one event's.
fn near(a: &Record, b: &Record) -> bool {
    match ((a.started_on, b.started_on), (a.published_on, b.published_on)) {
        ((Some(a), Some(b)), _) | (_, (Some(a), Some(b))) => (a - b).abs() <= SAME_EVENT_DAYS,
        _ => false,
    }
}

/// An id for each record's event: authority, kind and first day.
fn event_ids(records: &[Record], events: &[usize]) -> Vec<String> {
    let id = |event: usize| {
        let members = || (0..records.len()).filter(|i| events[*i] == event).map(|i| &records[i]);
        let kind = members().find_map(|record| record.kind.clone()).unwrap_or_else(|| "inspection".to_owned());
        let day = members().find_map(|r| r.started_on).or_else(|| members().find_map(|r| r.published_on));
        let day = day.and_then(|days| Date::constant(1970, 1, 1).checked_add(days.days()).ok());
        let day = day.map_or_else(|| "undated".to_owned(), |day| day.to_string());
        format!("{}-{kind}-{day}", records[event].authority_code.to_lowercase())
    };
    let mut known = std::collections::HashMap::new();
    events.iter().map(|event| known.entry(*event).or_insert_with(|| id(*event)).clone()).collect()
}

fn records(batch: &RecordBatch) -> Result<Vec<Record>, String> {
    let column =
        |name: &str| batch.column_by_name(name).ok_or_else(|| format!("inspection_record has no column {name}"));
    let text = |name: &str| -> Result<StringArray, String> {
        column(name)?.as_string_opt::<i32>().cloned().ok_or_else(|| format!("inspection_record.{name} is no text"))
    };
    let day = |name: &str| -> Result<Date32Array, String> {
        column(name)?
            .as_primitive_opt::<Date32Type>()
            .cloned()
            .ok_or_else(|| format!("inspection_record.{name} is no date"))
    };
    let rows = column("source_row")?
        .as_primitive_opt::<Int64Type>()
        .cloned()
        .ok_or("inspection_record.source_row is no number")?;
    let (source, release, table) = (text("source_id")?, text("release")?, text("source_table")?);
    let (authority, kind) = (text("authority_code")?, text("kind")?);
    let (started, published) = (day("started_on")?, day("published_on")?);
    let known = |days: &Date32Array, i: usize| days.is_valid(i).then(|| days.value(i));
    Ok((0..batch.num_rows())
        .map(|i| Record {
            source_id: source.value(i).to_owned(),
            release: release.value(i).to_owned(),
            source_table: table.value(i).to_owned(),
            source_row: rows.value(i),
            authority_code: authority.value(i).to_owned(),
            kind: kind.is_valid(i).then(|| kind.value(i).to_owned()),
            started_on: known(&started, i),
            published_on: known(&published, i),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(
        authority: &str,
        kind: Option<&str>,
        started_on: Option<i32>,
        published_on: Option<i32>,
        row: i64,
    ) -> Record {
        Record {
            source_id: "s".to_owned(),
            release: "r".to_owned(),
            source_table: "t".to_owned(),
            source_row: row,
            authority_code: authority.to_owned(),
            kind: kind.map(str::to_owned),
            started_on,
            published_on,
        }
    }

    fn ids(mut records: Vec<Record>) -> Vec<String> {
        records.sort_by(|a, b| order(a).cmp(&order(b)));
        let events = link(&records);
        event_ids(&records, &events)
    }

    #[test]
    fn a_record_without_a_kind_joins_the_event_of_its_day() {
        let ids = ids(vec![record("A", None, Some(100), None, 1), record("A", Some("short"), Some(100), None, 2)]);
        assert_eq!(ids, ["a-short-1970-04-11", "a-short-1970-04-11"]);
    }

    #[test]
    fn an_inspection_and_a_visit_of_the_same_week_are_two_events() {
        let ids = ids(vec![
            record("A", Some("short"), Some(100), None, 1),
            record("A", Some("focused-visit"), Some(102), None, 2),
        ]);
        assert_ne!(ids[0], ids[1]);
    }

    #[test]
    fn other_authorities_and_other_years_are_other_events() {
        let ids = ids(vec![
            record("A", Some("short"), Some(100), None, 1),
            record("A", Some("short"), Some(1200), None, 2),
            record("B", Some("short"), Some(100), None, 3),
        ]);
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    }

    #[test]
    fn where_a_first_day_is_not_known_the_day_of_publication_links() {
        let ids = ids(vec![
            record("A", Some("short"), None, Some(150), 1),
            record("A", Some("short"), Some(100), Some(152), 2),
        ]);
        assert_eq!(ids[0], ids[1]);
    }
}
