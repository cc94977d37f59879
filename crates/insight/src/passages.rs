//! The tables of a snapshot as passages that can be searched.

use std::ops::Range;

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{ArrowPrimitiveType, Date32Type, Int64Type};
use datafusion::prelude::SessionContext;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use lais_framework::Question;
use lais_lake::{Class, Engine, Result, Snapshot};
use lais_search::Passage;

/// The kind of a passage of a self-evaluation.
pub(crate) const SELF_EVALUATION: &str = "self-evaluation";

/// 1 January 1970, from which Arrow counts days.
const EPOCH: Date = date(1970, 1, 1);

/// A table whose text can be searched.
struct Origin {
    /// The table that holds the text; its class is that of its passages.
    table: &'static str,
    /// What takes the text from it.
    sql: &'static str,
    /// What makes passages of the rows.
    read: fn(&Rows) -> Vec<Passage>,
}

const ORIGINS: [Origin; 2] = [
    Origin { table: "finding_record", sql: include_str!("../../../sql/search/finding.sql"), read: findings },
    Origin {
        table: "self_evaluation",
        sql: include_str!("../../../sql/search/self_evaluation.sql"),
        read: self_evaluations,
    },
];

impl Origin {
    async fn passages(&self, session: &SessionContext) -> Result<Vec<Passage>> {
        let frame = session.sql(self.sql).await?;
        let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
        let batch = concat_batches(&schema, &frame.collect().await?)?;
        Ok((self.read)(&Rows { batch }))
    }
}

/// Every passage of a snapshot that is of a class, whenever it became known; one's own day says when it did.
///
/// They are taken through a session in which tables that fewer people may see do not exist.
///
/// # Errors
/// Where the snapshot cannot be asked.
pub async fn passages(engine: &Engine, snapshot: &Snapshot, class: Class) -> Result<Vec<Passage>> {
    let visible: Vec<Class> =
        [Class::Public, Class::Official, Class::Restricted].into_iter().filter(|other| *other <= class).collect();
    let session = engine.open(snapshot, &visible)?;
    let mut passages = Vec::new();
    for origin in &ORIGINS {
        // An older snapshot may lack a table.
        let is_of_class = snapshot.manifest().tables.get(origin.table).is_some_and(|table| table.class == class);
        if is_of_class {
            passages.extend(origin.passages(&session).await?);
        }
    }
    let class = class_of(class);
    passages.iter_mut().for_each(|passage| passage.class = class);
    Ok(passages)
}

/// A class of the lake as the search knows it.
pub(crate) const fn class_of(class: Class) -> lais_search::Class {
    match class {
        Class::Public => lais_search::Class::Public,
        Class::Official => lais_search::Class::Official,
        Class::Restricted => lais_search::Class::Restricted,
    }
}

fn findings(rows: &Rows) -> Vec<Passage> {
    let passage = |row| {
        let [event, source, release] = ["event_id", "source_id", "release"].map(|column| rows.words(row, column));
        let ordinal = rows.integer(row, "ordinal").unwrap_or_default();
        Passage {
            // Padded, so that of two that are as good and as old the earlier in the report comes first.
            id: format!("{event}/{source}/{release}/{ordinal:04}"),
            source_kind: "finding".to_owned(),
            document_id: event,
            date: rows.day(row, "known_on"),
            until: rows.day(row, "until"),
            kind: rows.words(row, "kind"),
            section: rows.filled(row, "section"),
            statement: rows.filled(row, "statement"),
            criterion_id: rows.filled(row, "criterion_id"),
            focus_topic_id: rows.filled(row, "focus_topic_id"),
            page: rows.integer(row, "page").and_then(|page| u32::try_from(page).ok()),
            text: rows.words(row, "text"),
            context_before: rows.filled(row, "text_before"),
            context_after: rows.filled(row, "text_after"),
            source_id: source,
            release,
            ..rows.common(row)
        }
    };
    (0..rows.batch.num_rows()).map(passage).collect()
}

fn self_evaluations(rows: &Rows) -> Vec<Passage> {
    let questions = Question::ALL.map(|question| (question.id(), Some(question.text())));
    let answers = ["quality_and_impact", "how_it_is_known", "plans"].into_iter().zip(questions);
    let parts: Vec<_> = answers.chain([("other_text", ("other", None))]).collect();
    let mut passages = Vec::new();
    for row in 0..rows.batch.num_rows() {
        for (column, (part, question)) in &parts {
            let text = rows.words(row, column);
            let places = paragraphs(&text);
            let beside =
                |at: Option<usize>| at.and_then(|at| places.get(at)).map(|place| text[place.clone()].to_owned());
            passages.extend(places.iter().enumerate().map(|(at, place)| Passage {
                id: format!("{}/{part}/{at:04}", rows.words(row, "document_id")),
                source_kind: SELF_EVALUATION.to_owned(),
                document_id: rows.words(row, "document_id"),
                date: rows.day(row, "shared_on"),
                kind: SELF_EVALUATION.to_owned(),
                section: question.map(str::to_owned),
                text: text[place.clone()].to_owned(),
                context_before: beside(at.checked_sub(1)),
                context_after: beside(at.checked_add(1)),
                source_id: rows.words(row, "source_id"),
                release: rows.words(row, "release"),
                ..rows.common(row)
            }));
        }
    }
    passages
}

/// Where the paragraphs of a text stand: parted by lines without a word, a heading with the paragraph below it.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut start, mut at) = (None, 0);
    for line in text.split_inclusive('\n').chain(["\n"]) {
        let is_empty = line.trim().is_empty();
        match (is_empty, start) {
            (false, None) => start = Some(at),
            // A heading is no paragraph of its own.
            (true, Some(begins)) if !text[begins..at].trim_end().contains('\n') && text[begins..].starts_with('#') => {}
            (true, Some(begins)) => {
                found.push(begins..begins + text[begins..at].trim_end().len());
                start = None;
            }
            _ => {}
        }
        at = (at + line.len()).min(text.len());
    }
    // A heading below which nothing stands.
    found.extend(start.map(|begins| begins..begins + text[begins..].trim_end().len()));
    found
}

/// The rows that a SELECT gave.
struct Rows {
    batch: RecordBatch,
}

impl Rows {
    /// What passages of every table have.
    fn common(&self, row: usize) -> Passage {
        Passage {
            authority_code: self.words(row, "authority_code"),
            authority_name: self.words(row, "authority_name"),
            file_name: self.words(row, "file_name"),
            ..Passage::default()
        }
    }

    fn text(&self, row: usize, column: &str) -> Option<&str> {
        let column = self.batch.column_by_name(column)?.as_string_opt::<i32>()?;
        (!column.is_null(row)).then(|| column.value(row))
    }

    /// The text of a cell, empty where it is missing.
    fn words(&self, row: usize, column: &str) -> String {
        self.text(row, column).unwrap_or_default().to_owned()
    }

    /// The text of a cell, where it says something.
    fn filled(&self, row: usize, column: &str) -> Option<String> {
        self.text(row, column).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    }

    fn integer(&self, row: usize, column: &str) -> Option<i64> {
        self.primitive::<Int64Type>(row, column)
    }

    fn day(&self, row: usize, column: &str) -> Option<Date> {
        EPOCH.checked_add(self.primitive::<Date32Type>(row, column)?.days()).ok()
    }

    fn primitive<T: ArrowPrimitiveType>(&self, row: usize, column: &str) -> Option<T::Native> {
        let column = self.batch.column_by_name(column)?.as_primitive_opt::<T>()?;
        (!column.is_null(row)).then(|| column.value(row))
    }
}

#[cfg(test)]
mod tests;
