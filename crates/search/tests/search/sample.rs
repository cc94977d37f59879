//! Passages of places that exist nowhere.

use jiff::civil::Date;
use lais_search::{Answer, Class, Identity, Index, Passage, Query};

/// What an index of these is of.
pub(crate) fn identity(class: Class) -> Identity {
    Identity { snapshot: "snapshot-one".to_owned(), class }
}

/// A passage with an id and words.
pub(crate) fn passage(id: &str, text: &str) -> Passage {
    Passage {
        id: id.to_owned(),
        source_kind: "finding".to_owned(),
        document_id: "event-1".to_owned(),
        authority_code: "X00000001".to_owned(),
        authority_name: "Ambershire".to_owned(),
        date: Some(Date::constant(2024, 7, 12)),
        kind: "standard".to_owned(),
        text: text.to_owned(),
        source_id: "reports".to_owned(),
        release: "2024-07".to_owned(),
        file_name: "reports/ambershire.pdf".to_owned(),
        ..Passage::default()
    }
}

/// Passages as they stand in reports and in a self-evaluation.
pub(crate) fn passages() -> Vec<Passage> {
    let leaving = Passage {
        section: Some("The experiences and progress of care leavers".to_owned()),
        statement: Some("needs-to-improve".to_owned()),
        criterion_id: Some("cc-care-leavers".to_owned()),
        focus_topic_id: Some("care-leavers".to_owned()),
        page: Some(5),
        context_before: Some("Staff know them well. Personal advisers keep in touch.".to_owned()),
        context_after: Some("The offer is clear. It is on the website.".to_owned()),
        ..passage(
            "amber-1",
            "Most care leavers live in suitable homes. Too few care-leavers are in education, employment or training. \
             Leaders know this.",
        )
    };
    let cared_for = Passage {
        statement: Some("strength".to_owned()),
        criterion_id: Some("cc-stability-and-permanence".to_owned()),
        page: Some(3),
        ..passage(
            "amber-2",
            "Children\u{2019}s placements are stable. Looked after children see their social workers often.",
        )
    };
    let front_door = Passage {
        authority_code: "X00000002".to_owned(),
        authority_name: "Birchwick".to_owned(),
        date: Some(Date::constant(2023, 3, 1)),
        kind: "focused-visit".to_owned(),
        document_id: "event-2".to_owned(),
        statement: Some("narrative".to_owned()),
        focus_topic_id: Some("front-door".to_owned()),
        file_name: "reports/birchwick.pdf".to_owned(),
        ..passage(
            "birch-1",
            "The MASH makes timely decisions. Re-referrals are rising, and thresholds are not well understood.",
        )
    };
    let older = Passage {
        authority_code: "X00000002".to_owned(),
        authority_name: "Birchwick".to_owned(),
        date: Some(Date::constant(2013, 5, 20)),
        kind: "sif".to_owned(),
        ..passage("birch-2", "Children in care wait too long for permanence, and plans drift.")
    };
    let undated = Passage { date: None, ..passage("amber-3", "Thresholds are understood by partners.") };
    vec![leaving, cared_for, front_door, older, undated]
}

/// An index of the passages above.
pub(crate) fn index() -> Index {
    Index::in_memory(&identity(Class::Public), passages()).unwrap()
}

/// The ids of what an answer holds, in order.
pub(crate) fn ids(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.passage.id.as_str()).collect()
}

/// The ids that a text finds in the passages above, sorted.
pub(crate) fn found(text: &str) -> Vec<String> {
    let answer = index().search(&Query::text(text)).unwrap();
    let mut found: Vec<_> = ids(&answer).into_iter().map(str::to_owned).collect();
    assert_eq!(found.len(), answer.total);
    found.sort();
    found
}

/// The notes of an answer.
pub(crate) fn notes(answer: &Answer) -> Vec<&str> {
    answer.notes.iter().map(|note| note.text.as_str()).collect()
}
