//! Which records tell of the same inspection or visit.
//!
//! Sources repeat each other: the latest judgements, the year's activity and the history all hold the
//! same inspection, and not all of them say of which kind it was or on which day it began.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, Date32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Date32Type, Field, Int64Type, Schema, SchemaRef};
use jiff::ToSpan as _;
use jiff::civil::Date;
use lais_framework::Kind;
use lais_lake::{Class, RustModel};

/// Days within which two records of one authority can be of one event.
///
/// Printed and official days of one inspection differ by up to a week in the files at hand; two
/// events of one kind were never closer than two months.
const SAME_EVENT_DAYS: i32 = 14;

/// Days within which two records of a graded inspection are of one: no authority was inspected twice within them,
/// and misprinted days of one inspection were up to two months apart in the files at hand.
const SAME_INSPECTION_DAYS: i32 = 90;

/// The model `inspection_link`: a row a record, with the id of its event.
pub(crate) const MODEL: RustModel = RustModel {
    name: "inspection_link",
    class: Class::Public,
    inputs: &["inspection_record", "source"],
    key: &["source_id", "release", "source_table", "source_part", "source_row", "authority_code"],
    code: env!("LAIS_CODE"),
    schema,
    run,
};

fn schema() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8, false);
    let number = Field::new("source_row", DataType::Int64, false);
    Arc::new(Schema::new(vec![
        text("event_id"),
        text("source_id"),
        text("release"),
        text("source_table"),
        text("source_part"),
        number,
        text("authority_code"),
    ]))
}

/// What is needed of a record to link it.
#[derive(Clone, Debug)]
struct Record {
    source_id: String,
    release: String,
    source_table: String,
    source_part: String,
    source_row: i64,
    authority_code: String,
    precedence: i64,
    /// The day on which its file was published.
    file_published_on: i32,
    kind: Option<Kind>,
    started_on: Option<i32>,
    published_on: Option<i32>,
}

fn run(inputs: &[RecordBatch], _as_at: Date) -> Result<Vec<RecordBatch>, String> {
    let [batch, sources] = inputs else { return Err("it reads two tables".to_owned()) };
    let mut records = records(batch)?;
    let published = publication_days(sources)?;
    for record in &mut records {
        let day = published.get(&(record.source_id.clone(), record.release.clone()));
        record.file_published_on = day.copied().unwrap_or_default();
    }
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
        texts(|r| &r.source_part),
        Arc::new(rows),
        texts(|r| &r.authority_code),
    ];
    Ok(vec![RecordBatch::try_new(schema(), columns).map_err(|e| e.to_string())?])
}

type Order<'a> = (&'a str, Option<i32>, bool, i64, &'a str, &'a str, &'a str, &'a str, i64);

/// By authority and day, records that say their kind before those that do not, the better evidence first.
fn order(r: &Record) -> Order<'_> {
    (
        &r.authority_code,
        r.started_on.or(r.published_on),
        r.kind.is_none(),
        r.precedence,
        &r.source_id,
        &r.release,
        &r.source_table,
        &r.source_part,
        r.source_row,
    )
}

/// For each record the place of the event it belongs to: the first record of that event.
///
/// Records that say their kind are linked among themselves first; one that says none then joins the event nearest
/// in days, an inspection of the authority before a review of its safeguarding board.
fn link(records: &[Record]) -> Vec<usize> {
    let mut events: Vec<Option<usize>> = vec![None; records.len()];
    let by_kind = (0..records.len()).filter(|i| records[*i].kind.is_some());
    for i in by_kind.chain((0..records.len()).filter(|i| records[*i].kind.is_none())) {
        let record = &records[i];
        // Records are in order of authority.
        let first = records.partition_point(|other| other.authority_code < record.authority_code);
        let of_authority =
            (first..).take_while(|j| records.get(*j).is_some_and(|r| r.authority_code == record.authority_code));
        let linked = of_authority.filter_map(|j| Some((j, events[j]?)));
        let candidates =
            linked.filter(|(j, event)| compatible(records[*event].kind, record.kind) && near(&records[*j], record));
        let nearest = candidates.min_by_key(|(j, event)| {
            let kind = records[*event].kind;
            (
                kind != record.kind && record.kind.is_some(),
                kind == Some(Kind::LscbReview),
                days_apart(&records[*j], record),
                *event,
            )
        });
        events[i] = Some(nearest.map_or(i, |(_, event)| event));
    }
    events.into_iter().enumerate().map(|(i, event)| event.unwrap_or(i)).collect()
}

/// Whether records of these kinds can be of one event: sources disagree on the kind of an inspection, never on
/// whether it was one.
fn compatible(a: Option<Kind>, b: Option<Kind>) -> bool {
    let family = |kind| match kind {
        Kind::Short => Kind::Standard,
        Kind::SifReinspection => Kind::Sif,
        other => other,
    };
    a.is_none() || b.is_none() || a.map(family) == b.map(family)
}

/// The least distance in days between two records' days of one meaning.
fn days_apart(a: &Record, b: &Record) -> Option<i32> {
    let apart = |a: Option<i32>, b: Option<i32>| Some((a? - b?).abs());
    [apart(a.started_on, b.started_on), apart(a.published_on, b.published_on)].into_iter().flatten().min()
}

/// Whether two records are of days that can be one event's.
fn near(a: &Record, b: &Record) -> bool {
    let is_inspection = |record: &Record| record.kind.is_some_and(|kind| kind.is_graded() && kind != Kind::LscbReview);
    let most = if is_inspection(a) && is_inspection(b) { SAME_INSPECTION_DAYS } else { SAME_EVENT_DAYS };
    days_apart(a, b).is_some_and(|days| days <= most)
}

/// An id for each record's event: authority, kind and first day, each as the best evidence has it.
fn event_ids(records: &[Record], events: &[usize]) -> Vec<String> {
    let mut members: HashMap<usize, Vec<&Record>> = HashMap::new();
    for (record, event) in records.iter().zip(events) {
        members.entry(*event).or_default().push(record);
    }
    let mut ids: HashMap<usize, String> = HashMap::new();
    let mut taken: HashMap<String, usize> = HashMap::new();
    for event in (0..records.len()).filter(|i| events[*i] == *i) {
        let Some(of_event) = members.get_mut(&event) else { continue };
        // The order of stg_inspection_record, so that an id says what the event's row says.
        of_event.sort_by_key(|r| (r.precedence / 10, std::cmp::Reverse(r.file_published_on), r.precedence));
        let kind = of_event.iter().find_map(|record| record.kind).map_or("inspection", Kind::id);
        let day = of_event.iter().find_map(|r| r.started_on).or_else(|| of_event.iter().find_map(|r| r.published_on));
        let day = day.and_then(|days| Date::constant(1970, 1, 1).checked_add(days.days()).ok());
        let day = day.map_or_else(|| "undated".to_owned(), |day| day.to_string());
        let id = format!("{}-{kind}-{day}", records[event].authority_code.to_lowercase());
        // Two events of one kind and day are told apart by their order.
        let count = taken.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
        ids.insert(event, if *count == 1 { id } else { format!("{id}-{count}") });
    }
    events.iter().map(|event| ids.get(event).cloned().unwrap_or_default()).collect()
}

/// The columns of a table that a model reads, by name and type.
struct Columns<'a> {
    table: &'a str,
    batch: &'a RecordBatch,
}

impl Columns<'_> {
    fn column(&self, name: &str) -> Result<&ArrayRef, String> {
        self.batch.column_by_name(name).ok_or_else(|| format!("{} has no column {name}", self.table))
    }

    fn text(&self, name: &str) -> Result<StringArray, String> {
        let column = self.column(name)?.as_string_opt::<i32>();
        column.cloned().ok_or_else(|| format!("{}.{name} is no text", self.table))
    }

    fn day(&self, name: &str) -> Result<Date32Array, String> {
        let column = self.column(name)?.as_primitive_opt::<Date32Type>();
        column.cloned().ok_or_else(|| format!("{}.{name} is no date", self.table))
    }

    fn number(&self, name: &str) -> Result<Int64Array, String> {
        let column = self.column(name)?.as_primitive_opt::<Int64Type>();
        column.cloned().ok_or_else(|| format!("{}.{name} is no number", self.table))
    }
}

/// The day on which each file was published, by source and release.
fn publication_days(batch: &RecordBatch) -> Result<HashMap<(String, String), i32>, String> {
    let columns = Columns { table: "source", batch };
    let (source, release, day) = (columns.text("source_id")?, columns.text("release")?, columns.day("published_on")?);
    let row = |i: usize| ((source.value(i).to_owned(), release.value(i).to_owned()), day.value(i));
    Ok((0..batch.num_rows()).map(row).collect())
}

fn records(batch: &RecordBatch) -> Result<Vec<Record>, String> {
    let columns = Columns { table: "inspection_record", batch };
    let (source, release, table) =
        (columns.text("source_id")?, columns.text("release")?, columns.text("source_table")?);
    let (part, authority, kind) =
        (columns.text("source_part")?, columns.text("authority_code")?, columns.text("kind")?);
    let (rows, precedence) = (columns.number("source_row")?, columns.number("precedence")?);
    let (started, published) = (columns.day("started_on")?, columns.day("published_on")?);
    let known = |days: &Date32Array, i: usize| days.is_valid(i).then(|| days.value(i));
    Ok((0..batch.num_rows())
        .map(|i| Record {
            source_id: source.value(i).to_owned(),
            release: release.value(i).to_owned(),
            source_table: table.value(i).to_owned(),
            source_part: part.value(i).to_owned(),
            source_row: rows.value(i),
            authority_code: authority.value(i).to_owned(),
            precedence: precedence.value(i),
            file_published_on: 0,
            kind: kind.is_valid(i).then(|| Kind::from_id(kind.value(i))).flatten(),
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
            source_part: String::new(),
            source_row: row,
            authority_code: authority.to_owned(),
            precedence: row,
            file_published_on: 0,
            kind: kind.and_then(Kind::from_id),
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
    fn a_misprinted_day_of_an_inspection_makes_no_second_inspection_but_visits_can_be_close() {
        let far =
            |kind| ids(vec![record("A", Some(kind), None, Some(100), 1), record("A", Some(kind), None, Some(161), 2)]);
        let (inspections, visits) = (far("standard"), far("monitoring-visit"));
        assert_eq!(inspections[0], inspections[1]);
        assert_ne!(visits[0], visits[1]);
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
    fn sources_that_disagree_on_the_kind_of_an_inspection_tell_of_one_and_the_best_names_it() {
        let ids = ids(vec![
            record("A", Some("standard"), Some(103), None, 2),
            record("A", Some("short"), Some(100), None, 1),
        ]);
        assert_eq!(ids, ["a-short-1970-04-11", "a-short-1970-04-11"]);
    }

    #[test]
    fn a_record_without_a_kind_joins_the_inspection_and_not_the_review_of_the_board_beside_it() {
        let ids = ids(vec![
            record("A", Some("lscb-review"), None, Some(100), 1),
            record("A", Some("sif"), None, Some(100), 2),
            record("A", None, None, Some(101), 3),
        ]);
        assert_eq!(ids.iter().filter(|id| id.contains("-sif-")).count(), 2, "{ids:?}");
    }

    #[test]
    fn a_record_that_knows_only_its_publication_is_linked_through_one_that_knows_both_days() {
        let ids = ids(vec![
            record("A", Some("short"), Some(100), None, 1),
            record("A", Some("short"), None, Some(152), 2),
            record("A", Some("short"), Some(100), Some(150), 3),
        ]);
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 1, "{ids:?}");
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
