//! The tables that ingest writes: their columns, and rows as structs.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::json::ReaderBuilder;
use jiff::civil::Date;
use lais_framework::{criteria, focus_topics};
use lais_lake::{Class, TableSpec};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;

use crate::register::Register;

/// A schema from names and one-letter types; a name that ends in `?` can be missing.
///
/// `s` text, `f` double, `i` bigint, `d` date, `b` boolean.
fn schema(columns: &str) -> SchemaRef {
    let fields = columns.split_whitespace().map(|column| {
        let (name, kind) = column.split_once(':').unwrap_or((column, "s"));
        let data_type = match kind {
            "f" => DataType::Float64,
            "i" => DataType::Int64,
            "d" => DataType::Date32,
            "b" => DataType::Boolean,
            _ => DataType::Utf8,
        };
        Field::new(name.trim_end_matches('?'), data_type, name.ends_with('?'))
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Columns of `observation`, in order.
pub(crate) const OBSERVATION: &str = "indicator_id geography_level geography_code geography_name \
    published_code shared_service:b period_start:d period_end:d period_label breakdown value?:f numerator?:f \
    denominator?:f status source_id release published_on:d published_on_assumed:b vintage_published_on:d \
    source_row:i source_column value_label? source_table ci_low?:f ci_high?:f note?";

const INSPECTION_RECORD: &str = "source_id release source_table source_part source_row:i precedence:i evidence \
    published_code authority_code shared_service:b kind? framework started_on?:d ended_on?:d published_on?:d overall? \
    overall_missing? leaders? leaders_missing? help_and_protection? help_and_protection_missing? in_care? \
    in_care_missing? care_leavers? care_leavers_missing? outcome? focus_topics? priority_action?:b remarks?";

const JUDGEMENT_RECORD: &str = "source_id release source_table source_part source_row:i authority_code judgement_id \
    grade? missing?";

const FINDING_RECORD: &str = "source_id release source_table source_part source_row:i authority_code ordinal:i section \
    statement text page:i criterion_id? focus_topic_id? lexicon? matched_terms?";

const REVIEW_RECORD: &str = "source_id release file_name ordinal:i authority_code? kind? started_on?:d published_on?:d \
    received_on:d field value? page?:i reason advice document? decide?";

/// What tells a record of an inspection from every other.
const RECORD_KEY: [&str; 6] = ["source_id", "release", "source_table", "source_part", "source_row", "authority_code"];

const SELF_EVALUATION: &str = "document_id authority_code shared_on:d quality_and_impact? how_it_is_known? plans? \
    other_text? questions_answered:i words:i source_id release file_name source_row:i";

const SIGNAL_RECORD: &str = "signal_id authority_code received_on:d channel reporter_role theme severity status \
    case_ref? told_on:d source_id release file_name source_row:i";

/// Tables of facts that restricted files have too: what was read of them lies under the restricted root.
pub(crate) const ACCOUNTING: [&str; 4] = ["source", "row_account", "input_file", "quarantine"];

/// Every table of facts that a build writes.
#[must_use]
pub fn fact_tables() -> Vec<TableSpec> {
    let table = |name, columns, key, partitioned| TableSpec {
        name,
        class: Class::Public,
        schema: schema(columns),
        key,
        partitioned,
    };
    vec![
        table(
            "authority",
            "authority_code dfe_code name kind region_code region_name comparison_region_code ofsted_region \
             valid_from?:d valid_to?:d successor_codes ofsted_urn?",
            &["authority_code"],
            false,
        ),
        table(
            "authority_code_history",
            "published_code authority_code valid_from?:d valid_to?:d why",
            &["published_code"],
            false,
        ),
        table("authority_alias", "alias authority_code", &["alias", "authority_code"], false),
        table("region", "region_code region_name level", &["region_code"], false),
        table("criterion", "criterion_id heading paragraph title position:i", &["criterion_id"], false),
        table("focus_topic", "focus_topic_id title paragraph position:i", &["focus_topic_id"], false),
        table(
            "indicator",
            "indicator_id title topic? unit measure multiplier?:i polarity decimals:i criterion_id? focus_topic_id? source_id \
             definition comparable:b curated:b lait_name? standard? computed_from?",
            &["indicator_id"],
            false,
        ),
        table(
            "source",
            "source_id release title publisher licence landing_page published_on:d published_on_assumed:b \
             file_name file_sha256 rows_read:i rows_kept:i rows_out_of_scope:i rows_quarantined:i",
            &["source_id", "release"],
            false,
        ),
        table(
            "row_account",
            "source_id release outcome rule rows:i why",
            &["source_id", "release", "outcome", "rule"],
            false,
        ),
        table("input_file", "file_name sha256 bytes:i outcome source_id? message", &["file_name", "sha256"], false),
        table("quarantine", "source_id release file_name source_row:i column_name value rule message", &[], true),
        table(
            "observation",
            OBSERVATION,
            &["indicator_id", "geography_code", "period_end", "breakdown", "source_id", "release"],
            true,
        ),
        table("inspection_record", INSPECTION_RECORD, &RECORD_KEY, true),
        table(
            "judgement_record",
            JUDGEMENT_RECORD,
            &["source_id", "release", "source_table", "source_part", "source_row", "authority_code", "judgement_id"],
            true,
        ),
        table(
            "finding_record",
            FINDING_RECORD,
            &["source_id", "release", "source_table", "source_part", "source_row", "authority_code", "ordinal"],
            true,
        ),
        table("review_record", REVIEW_RECORD, &["source_id", "release", "ordinal"], true),
        table(
            "neighbour_record",
            "set_id published_on:d authority_code published_code neighbour_code rank:i closeness source_id release \
             source_table source_row:i precedence:i",
            &["source_id", "release", "source_row", "rank"],
            true,
        ),
        TableSpec { class: Class::Official, ..table("self_evaluation", SELF_EVALUATION, &["document_id"], true) },
        TableSpec {
            class: Class::Restricted,
            ..table("signal_record", SIGNAL_RECORD, &["source_id", "release", "signal_id"], true)
        },
    ]
}

/// The schema of one of those tables.
pub(crate) fn schema_of(name: &str) -> SchemaRef {
    let found = fact_tables().into_iter().find(|table| table.name == name);
    found.map_or_else(|| Arc::new(Schema::empty()), |table| table.schema)
}

/// How many rows are made a batch at once.
const ROWS_A_PIECE: usize = 8192;

/// Rows as a batch of a table's schema.
///
/// # Errors
/// Where a row lacks a column that must be there.
pub(crate) fn batch<T: Serialize>(name: &str, rows: &[T]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let schema = schema_of(name);
    // Piece by piece, since rows are written out in full on their way.
    let mut decoder = ReaderBuilder::new(schema.clone()).with_batch_size(ROWS_A_PIECE).build_decoder()?;
    let mut pieces = Vec::new();
    for piece in rows.chunks(ROWS_A_PIECE) {
        decoder.serialize(piece)?;
        pieces.extend(decoder.flush()?);
    }
    arrow::compute::concat_batches(&schema, &pieces)
}

/// A row of `indicator`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct IndicatorRow {
    pub(crate) indicator_id: String,
    pub(crate) title: String,
    pub(crate) topic: Option<String>,
    pub(crate) unit: String,
    pub(crate) measure: String,
    pub(crate) multiplier: Option<i64>,
    pub(crate) polarity: String,
    pub(crate) decimals: i64,
    pub(crate) criterion_id: Option<String>,
    pub(crate) focus_topic_id: Option<String>,
    pub(crate) source_id: String,
    pub(crate) definition: String,
    pub(crate) comparable: bool,
    pub(crate) curated: bool,
    pub(crate) lait_name: Option<String>,
    pub(crate) standard: Option<String>,
    pub(crate) computed_from: Option<String>,
}

/// A row of `source`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SourceRow {
    pub(crate) source_id: String,
    pub(crate) release: String,
    pub(crate) title: String,
    pub(crate) publisher: String,
    pub(crate) licence: String,
    pub(crate) landing_page: String,
    pub(crate) published_on: Date,
    pub(crate) published_on_assumed: bool,
    pub(crate) file_name: String,
    pub(crate) file_sha256: String,
    pub(crate) rows_read: usize,
    pub(crate) rows_kept: usize,
    pub(crate) rows_out_of_scope: usize,
    pub(crate) rows_quarantined: usize,
}

/// A row of `row_account`: how many rows of a file one rule decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccountRow {
    pub(crate) source_id: String,
    pub(crate) release: String,
    pub(crate) outcome: String,
    pub(crate) rule: String,
    pub(crate) rows: usize,
    pub(crate) why: String,
}

/// A row of `input_file`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InputRow {
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) bytes: usize,
    pub(crate) outcome: String,
    pub(crate) source_id: Option<String>,
    pub(crate) message: String,
}

/// A row of `quarantine`; a damaged file has hundreds of thousands that say the same but for their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct QuarantineRow {
    #[serde(serialize_with = "shared")]
    pub(crate) source_id: Arc<str>,
    #[serde(serialize_with = "shared")]
    pub(crate) release: Arc<str>,
    #[serde(serialize_with = "shared")]
    pub(crate) file_name: Arc<str>,
    pub(crate) source_row: u32,
    #[serde(serialize_with = "shared")]
    pub(crate) column_name: Arc<str>,
    pub(crate) value: String,
    #[serde(serialize_with = "shared")]
    pub(crate) rule: Arc<str>,
    #[serde(serialize_with = "shared")]
    pub(crate) message: Arc<str>,
}

/// Text that rows share.
fn shared<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// Rows of the tables that come from the register and the framework, by table.
pub(crate) fn reference_rows(register: &Register) -> Vec<(&'static str, Vec<serde_json::Value>)> {
    let region_name = |code: &str| register.region(code).map_or("", |region| region.region_name.as_str()).to_owned();
    let authorities = register.authorities.iter().map(|a| {
        json!({
            "authority_code": a.authority_code, "dfe_code": a.dfe_code, "name": a.name, "kind": a.kind,
            "region_code": a.region_code, "region_name": region_name(&a.region_code),
            "comparison_region_code": a.comparison_region_code, "ofsted_region": a.ofsted_region,
            "valid_from": a.valid_from, "valid_to": a.valid_to, "successor_codes": a.successor_codes,
            "ofsted_urn": register.ofsted_urn(&a.authority_code),
        })
    });
    let codes = register.codes.iter().map(|c| {
        json!({
            "published_code": c.published_code, "authority_code": c.authority_code, "valid_from": c.valid_from,
            "valid_to": c.valid_to, "why": c.why,
        })
    });
    let aliases = register.aliases.iter().map(|a| json!({ "alias": a.alias, "authority_code": a.authority_code }));
    let regions = register
        .regions
        .iter()
        .map(|r| json!({ "region_code": r.region_code, "region_name": r.region_name, "level": r.level }));
    let criteria = criteria().iter().enumerate().map(|(i, c)| {
        json!({
            "criterion_id": c.id, "heading": c.heading.id(), "paragraph": c.paragraph, "title": c.title,
            "position": i + 1,
        })
    });
    let topics = focus_topics()
        .iter()
        .enumerate()
        .map(|(i, t)| json!({ "focus_topic_id": t.id, "title": t.title, "paragraph": t.paragraph, "position": i + 1 }));
    vec![
        ("authority", authorities.collect()),
        ("authority_code_history", codes.collect()),
        ("authority_alias", aliases.collect()),
        ("region", regions.collect()),
        ("criterion", criteria.collect()),
        ("focus_topic", topics.collect()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tables_key_is_among_its_columns() {
        for table in fact_tables() {
            for key in table.key {
                assert!(table.schema.field_with_name(key).is_ok(), "{} {key}", table.name);
            }
        }
    }

    #[test]
    fn no_rows_make_an_empty_table_of_the_right_columns() {
        let batch = batch::<QuarantineRow>("quarantine", &[]).unwrap();
        assert_eq!((batch.num_rows(), batch.num_columns()), (0, 8));
    }
}
