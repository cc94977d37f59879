//! Why nothing was found.

use jiff::civil::Date;
use lais_search::{Class, Index, Query};

use crate::sample::{identity, index, notes};

fn why(query: &Query) -> Vec<String> {
    let answer = index().search(query).unwrap();
    assert_eq!(answer.total, 0);
    notes(&answer).into_iter().map(str::to_owned).collect()
}

#[test]
fn the_filter_that_removed_everything_is_named_with_what_it_removed() {
    let query = Query { kinds: vec!["sif".to_owned()], ..Query::text("thresholds") };
    assert_eq!(why(&query), ["2 passages match without the filter on kind"]);
    let query = Query {
        from: Some(Date::constant(2025, 1, 1)),
        authorities: vec!["X00000002".to_owned()],
        ..Query::text("children")
    };
    assert_eq!(why(&query), ["1 passage matches without the filter on the first day"]);
}

#[test]
fn where_no_single_filter_is_the_reason_that_is_said() {
    let query =
        Query { kinds: vec!["sif".to_owned()], authorities: vec!["X00000001".to_owned()], ..Query::text("timely") };
    assert_eq!(
        why(&query),
        ["1 passage matches without any filter; leaving out one of them alone (authority, kind) finds none"]
    );
}

#[test]
fn a_value_that_no_passage_has_is_named_with_those_there_are() {
    let query = Query { kinds: vec!["jtai".to_owned()], ..Query::text("thresholds") };
    assert_eq!(
        why(&query),
        [
            "no passage has the kind \u{2018}jtai\u{2019}; there are focused-visit, sif, standard",
            "2 passages match without the filter on kind"
        ]
    );
}

#[test]
fn days_that_exclude_each_other_are_named() {
    let query = Query {
        from: Some(Date::constant(2024, 1, 1)),
        as_at: Some(Date::constant(2023, 1, 1)),
        ..Query::text("thresholds")
    };
    let expected = "the first day, 2024-01-01, is after the day as which it is, 2023-01-01";
    assert!(why(&query).iter().any(|note| note == expected), "{:?}", why(&query));
}

#[test]
fn a_word_that_occurs_nowhere_is_named_with_the_nearest_that_occur() {
    let answer = index().search(&Query::text("treshold placments")).unwrap();
    assert_eq!(notes(&answer), ["\u{2018}treshold\u{2019} occurs nowhere", "\u{2018}placments\u{2019} occurs nowhere"]);
    let near: Vec<_> = answer.suggestions.iter().map(|s| (s.typed.as_str(), s.nearest.join(" "))).collect();
    assert_eq!(near, [("treshold", "thresholds".to_owned()), ("placments", "placements".to_owned())]);
}

#[test]
fn a_misspelt_alternative_is_named_even_where_the_other_is_found() {
    let answer = index().search(&Query::text("treshold OR placements")).unwrap();
    assert_eq!((answer.total, answer.suggestions[0].nearest[0].as_str()), (1, "thresholds"));
    assert!(answer.notes.is_empty());
}

#[test]
fn words_that_occur_but_never_together_are_counted() {
    assert_eq!(
        why(&Query::text("thresholds placements")),
        [
            "thresholds in 2 passages, placements in 1 passage; no passage has all of them together; with OR between them \
          any is found"
        ]
    );
}

#[test]
fn a_phrase_whose_words_stand_apart_is_counted() {
    assert_eq!(
        why(&Query::text("\"decisions timely\"")),
        ["\"decisions timely\" occurs nowhere with its words side by side; 1 passage has them apart"]
    );
}

#[test]
fn an_exclusion_that_removed_everything_is_named() {
    assert_eq!(why(&Query::text("placements -children")), ["1 passage matches without what is excluded"]);
    assert_eq!(why(&Query::text("zeal*")), ["no word begins with \u{2018}zeal\u{2019}"]);
}

#[test]
fn an_index_without_a_passage_and_no_index_at_all_say_so() {
    let empty = Index::in_memory(&identity(Class::Public), Vec::new()).unwrap();
    for text in ["", "care", "care OR -leavers", "ca*", "\"a b\"", "LAC"] {
        let answer = empty.search(&Query::text(text)).unwrap();
        let why = answer.notes.last().map(|note| note.text.as_str());
        assert_eq!((answer.total, why), (0, Some("there is no passage in what was searched")), "{text}");
    }
    let answer = lais_search::search(&[], &Query::text("care")).unwrap();
    assert_eq!(notes(&answer), ["no index was searched"]);
}
