//! The fields of an index, and what a passage becomes in it.

use jiff::civil::Date;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};

use crate::lexicon::lexicon;
use crate::passage::Passage;
use crate::tokens::Form;
use crate::words::words;

/// The version of what an index's files hold; raise it when the fields or the reading of words change.
pub const SCHEMA_VERSION: u32 = 2;

/// Words whose forms tell whether an index was made by the same analysis.
const PROBE: &str = "abused accommodation achieving adoption advisers agencies analysis appropriately assessed \
    babies boys\u{2019} carers caring children\u{2019}s co-ordinated consistently criticised decisions delays \
    educated effectively emotionally exploited families fostering generally homelessness impact improving \
    independently judgement leaving managers missing neglected organisational oversight people permanence \
    placements planning practitioners protected quality re-referrals relationships reviewing safeguarding services \
    siblings stability supervision therapeutic timeliness transitions unaccompanied vulnerability women workloads \
    e\u{FB03}cient caf\u{E9}";

/// The fields of an index.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    /// The schema that has them.
    pub(crate) schema: Schema,
    /// The text's words without endings.
    pub(crate) stem: Field,
    /// The text's words as they are.
    pub(crate) exact: Field,
    /// The authority's code.
    pub(crate) authority: Field,
    /// The kind.
    pub(crate) kind: Field,
    /// The statement.
    pub(crate) statement: Field,
    /// The evaluation heading.
    pub(crate) criterion: Field,
    /// The topic.
    pub(crate) topic: Field,
    /// The day, in days since 1970; absent where there is none.
    pub(crate) date: Field,
    /// The day from which another version stands in its place, counted alike.
    pub(crate) until: Field,
    /// The whole passage as JSON, to be shown.
    pub(crate) body: Field,
}

impl Fields {
    /// The fields, always the same.
    pub(crate) fn new() -> Self {
        let mut schema = Schema::builder();
        let words = |form: Form| {
            let indexing = TextFieldIndexing::default().set_tokenizer(form.name());
            TextOptions::default()
                .set_indexing_options(indexing.set_index_option(IndexRecordOption::WithFreqsAndPositions))
        };
        let value = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic),
        );
        let stem = schema.add_text_field("stem", words(Form::Stem));
        let exact = schema.add_text_field("exact", words(Form::Exact));
        let authority = schema.add_text_field("authority", value.clone());
        let kind = schema.add_text_field("kind", value.clone());
        let statement = schema.add_text_field("statement", value.clone());
        let criterion = schema.add_text_field("criterion", value.clone());
        let topic = schema.add_text_field("topic", value);
        let date = schema.add_i64_field("date", FAST);
        let until = schema.add_i64_field("until", FAST);
        let body = schema.add_text_field("body", STORED);
        Self { schema: schema.build(), stem, exact, authority, kind, statement, criterion, topic, date, until, body }
    }

    /// What a passage becomes.
    pub(crate) fn document(&self, passage: &Passage) -> Result<TantivyDocument, serde_json::Error> {
        let mut document = TantivyDocument::default();
        document.add_text(self.stem, &passage.text);
        document.add_text(self.exact, &passage.text);
        document.add_text(self.authority, &passage.authority_code);
        document.add_text(self.kind, &passage.kind);
        let optional = [
            (self.statement, &passage.statement),
            (self.criterion, &passage.criterion_id),
            (self.topic, &passage.focus_topic_id),
        ];
        for (field, value) in optional {
            if let Some(value) = value {
                document.add_text(field, value);
            }
        }
        if let Some(date) = passage.date {
            document.add_i64(self.date, days(date));
        }
        if let Some(until) = passage.until {
            document.add_i64(self.until, days(until));
        }
        document.add_text(self.body, serde_json::to_string(passage)?);
        Ok(document)
    }
}

/// Days since 1970.
pub(crate) fn days(date: Date) -> i64 {
    // A civil day is at most 20,000 years away, so its days are far within the type.
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// The analysis in a word that can be compared: the engine's format, the irregular words, and the forms of the probe.
pub(crate) fn analysis() -> String {
    let forms: String = words(PROBE).iter().map(|word| format!("{}/{};", word.exact, word.stem)).collect();
    crate::manifest::sha256_hex(format!("{}|{}|{forms}", tantivy::version_string(), lexicon().analysis()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970_in_both_directions() {
        assert_eq!(days(Date::constant(1970, 1, 2)), 1);
        assert_eq!(days(Date::constant(1969, 12, 30)), -2);
        assert_eq!(days(Date::constant(2024, 2, 29)), 19_782);
    }

    #[test]
    fn the_analysis_is_the_same_whenever_it_is_asked() {
        assert_eq!(analysis(), analysis());
    }
}
