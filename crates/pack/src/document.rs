//! What is held of an authority's self-evaluation of social work practice.

use jiff::ToSpan as _;
use jiff::civil::Date;
use lais_framework::Question;
use serde::Serialize;

use crate::evidence::Evidence;
use crate::figure::{Figures, Place, Shown, Told};
use crate::words;

/// The self-evaluation that an authority shared last, or that none is held.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelfEvaluationState {
    /// The document, where one is held.
    pub document_id: Option<String>,
    /// The day on which it was shared.
    pub shared_on: Option<Date>,
    /// That day in words with its figure, or that none is held.
    pub shown: Shown,
    /// Its age on the day of the pack, in days.
    pub age_days: Option<i32>,
    /// Whether it is older than the year after which another is shared (paragraph 29).
    pub is_older_than_a_year: bool,
    /// Each of the three questions of paragraph 33, and whether it is answered.
    pub questions: Vec<Answered>,
    /// How many words it has.
    pub words: usize,
    /// How many documents of the authority are held.
    pub held: usize,
}

/// Whether a question is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The question in the framework's words.
    pub question: String,
    /// Whether text stands under it.
    pub answered: bool,
    /// How many words.
    pub words: usize,
}

/// The latest self-evaluation shared by the day of the pack.
pub(crate) fn latest(evidence: &Evidence, code: &str, figures: &mut Figures) -> SelfEvaluationState {
    let table = &evidence.self_evaluations;
    let of_it: Vec<usize> = (0..table.len()).filter(|row| table.text(*row, "authority_code") == Some(code)).collect();
    let Some((row, shared_on)) = of_it.first().and_then(|row| Some((*row, table.day(*row, "shared_on")?))) else {
        return SelfEvaluationState {
            document_id: None,
            shared_on: None,
            shown: Shown::reason("No self-evaluation of this authority is held"),
            age_days: None,
            is_older_than_a_year: false,
            questions: Vec::new(),
            words: 0,
            held: 0,
        };
    };
    let document_id = table.words(row, "document_id");
    let text = words::day(shared_on);
    let told = Told {
        what: "Self-evaluation: day on which it was shared".to_owned(),
        shown: text.clone(),
        places: vec![Place {
            source_id: table.words(row, "source_id"),
            release: table.words(row, "release"),
            sheet: None,
            column: None,
            rows: table.integer(row, "source_row").into_iter().collect(),
        }],
        ..Told::default()
    };
    let figure = figures.add("self_evaluation", &[&document_id], "shared_on", told);
    let age_days = evidence.as_at.since(shared_on).map_or(0, |span| span.get_days());
    let answered = |(question, column): (Question, &str)| {
        let words = table.text(row, column).map_or(0, |text| text.split_whitespace().count());
        Answered { question: question.text().to_owned(), answered: words > 0, words }
    };
    let columns = ["quality_and_impact", "how_it_is_known", "plans"];
    SelfEvaluationState {
        document_id: Some(document_id),
        shared_on: Some(shared_on),
        shown: Shown { text, figure: Some(figure), ..Shown::default() },
        age_days: Some(age_days),
        is_older_than_a_year: shared_on.checked_add(1.year()).is_ok_and(|anniversary| evidence.as_at > anniversary),
        questions: Question::ALL.into_iter().zip(columns).map(answered).collect(),
        words: table.integer(row, "words").and_then(|words| usize::try_from(words).ok()).unwrap_or(0),
        held: of_it.len(),
    }
}
