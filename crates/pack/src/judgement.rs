//! The history of an authority's inspections and visits.

use jiff::civil::Date;
use lais_framework::{Kind, focus_topics};
use serde::Serialize;

use crate::evidence::Evidence;
use crate::figure::{Figures, Shown, Told};
use crate::words;

/// One inspection or visit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// The event.
    pub event_id: String,
    /// What it was, in words.
    pub kind: String,
    /// The first day on site.
    pub started_on: Option<Date>,
    /// The day on which it was published.
    pub published_on: Option<Date>,
    /// The grades, each under its judgement's words; a visit gives none.
    pub grades: Vec<Grade>,
    /// The outcome of an inspection that gives none of the four grades, in words.
    pub outcome: Option<String>,
    /// Why its values are less sure than official statistics, in words; nothing where they are those.
    pub caution: Option<String>,
    /// The topics of a focused visit, in words.
    pub topics: Vec<String>,
    /// What other sources say otherwise.
    pub differences: Vec<String>,
    /// The number of the figure that holds its dates.
    pub figure: usize,
}

/// One grade of an inspection, or the reason for which there is none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grade {
    /// The judgement.
    pub judgement: String,
    /// The grade in words, or the reason.
    pub shown: Shown,
    /// Whether it is a reason.
    pub is_missing: bool,
}

/// The judgements of the framework, by column.
pub(crate) const JUDGEMENTS: [(&str, &str); 5] = [
    ("overall", "Overall effectiveness"),
    ("leaders", "Leaders"),
    ("help_and_protection", "Help and protection"),
    ("in_care", "Children in care"),
    ("care_leavers", "Care leavers"),
];

/// Every inspection and visit of an authority, the latest first.
pub(crate) fn all(evidence: &Evidence, code: &str, figures: &mut Figures) -> Vec<Judgement> {
    let table = &evidence.inspections;
    let rows = (0..table.len()).filter(|row| table.text(*row, "authority_code") == Some(code));
    rows.map(|row| judgement(evidence, row, figures)).collect()
}

fn judgement(evidence: &Evidence, row: usize, figures: &mut Figures) -> Judgement {
    let table = &evidence.inspections;
    let event_id = table.words(row, "event_id");
    let named = table.text(row, "kind").and_then(Kind::from_id);
    let kind = named.map_or("Kind not stated", Kind::title).to_owned();
    let told_of = evidence.inspection_sources.get(&event_id).map_or(&[][..], Vec::as_slice);
    let places: Vec<_> = told_of.iter().map(|(place, _)| place.clone()).collect();
    let published_on = table.day(row, "published_on");
    let mut figure = |column: &str, what: String, shown: String| {
        let told = Told { what, shown, places: places.clone(), published_on, ..Told::default() };
        figures.add("inspection", &[&event_id], column, told)
    };
    let started_on = table.day(row, "started_on");
    let days = started_on.map_or_else(|| "day not stated".to_owned(), words::day);
    let dates = figure("started_on", format!("{kind}: first day"), days);
    // Kinds that give one grade alone: four reasons beside it say less than none.
    let gives_several = matches!(named, Some(Kind::Standard | Kind::Short | Kind::Sif | Kind::SifReinspection) | None);
    let is_ilacs = matches!(named, Some(Kind::Standard | Kind::Short));
    let grades = JUDGEMENTS.iter().filter_map(|(column, judgement)| {
        let missing = table.text(row, &format!("{column}_missing"));
        if missing == Some("not-in-this-framework") && !gives_several {
            return None;
        }
        let shown = match table.text(row, column) {
            Some(grade) => {
                let text = words::plain(grade);
                let number = figure(column, format!("{kind}: {}", judgement.to_lowercase()), text.clone());
                Shown { text, figure: Some(number), ..Shown::default() }
            }
            // Ofsted, notes to the inspection outcomes workbook as at 31 March 2025.
            None if *column == "care_leavers" && is_ilacs && missing == Some("not-in-this-framework") => {
                Shown::reason("judged together with children in care")
            }
            None => Shown::reason(words::missing_grade(missing?)),
        };
        Some(Grade { judgement: (*judgement).to_owned(), is_missing: shown.figure.is_none(), shown })
    });
    let grades: Vec<Grade> = grades.collect();
    let topics = table.text(row, "focus_topics").unwrap_or_default().split_whitespace();
    let topic =
        |id: &str| focus_topics().iter().find(|topic| topic.id == id).map_or(id.to_owned(), |t| t.title.clone());
    Judgement {
        kind,
        started_on,
        published_on,
        outcome: table.text(row, "outcome").map(words::plain),
        caution: table.text(row, "confidence").and_then(words::caution).map(str::to_owned),
        topics: topics.map(topic).collect(),
        differences: told_of.iter().filter_map(|(_, difference)| difference.clone()).collect(),
        figure: dates,
        // A visit gives no grade: five reasons in a row say less than none.
        grades: if grades.iter().all(|grade| grade.is_missing) { Vec::new() } else { grades },
        event_id,
    }
}
