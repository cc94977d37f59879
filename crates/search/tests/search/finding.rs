//! What words find and how it is shown.

use lais_search::{Class, Index, Query};

use crate::sample::{found, identity, index, notes, passage};

#[test]
fn words_are_found_whatever_their_endings_capitals_and_typography() {
    for text in ["threshold", "THRESHOLDS", "thresholds understood"] {
        assert_eq!(found(text), ["amber-3", "birch-1"], "{text}");
    }
    for text in ["care-leavers", "care leavers", "care\u{2011}leaver", "Care Leaver's"] {
        assert_eq!(found(text), ["amber-1"], "{text}");
    }
    for text in ["\"children's placements\"", "\"children\u{2019}s placements\"", "\"childrens placements\""] {
        assert_eq!(found(text), ["amber-2"], "{text}");
    }
}

#[test]
fn a_phrase_in_quotation_marks_is_found_as_it_is_typed_and_no_other() {
    assert_eq!(found("\"social workers\""), ["amber-2"]);
    assert!(found("\"social worker\"").is_empty());
    assert!(found("\"workers social\"").is_empty());
    assert_eq!(found("workers social"), ["amber-2"]);
}

#[test]
fn alternatives_exclusions_and_beginnings_do_what_they_say() {
    assert_eq!(found("thresholds OR placements"), ["amber-2", "amber-3", "birch-1"]);
    assert_eq!(found("thresholds -timely"), ["amber-3"]);
    assert_eq!(found("thresholds NOT \"timely decisions\""), ["amber-3"]);
    assert_eq!(found("thresh*"), ["amber-3", "birch-1"]);
    assert_eq!(found("-thresholds"), ["amber-1", "amber-2", "birch-2"]);
    assert_eq!(found("drift OR -thresholds"), ["amber-1", "amber-2", "birch-2"]);
    assert_eq!(found("(thresholds OR drift) -partners"), ["birch-1", "birch-2"]);
}

#[test]
fn other_names_of_the_same_thing_are_found_and_said_and_can_be_left_out() {
    assert_eq!(found("CLA"), ["amber-2", "birch-2"]);
    assert_eq!(found("multi-agency safeguarding hub"), ["birch-1"]);
    assert_eq!(found("rereferral"), ["birch-1"]);
    let answer = index().search(&Query { with_names: false, ..Query::text("CLA") }).unwrap();
    assert_eq!((answer.total, answer.expanded.len()), (0, 0));
    let answer = index().search(&Query::text("CLA")).unwrap();
    assert_eq!(answer.expanded[0].typed, "CLA");
    assert!(answer.expanded[0].added.contains(&"looked after children".to_owned()));
    assert!(answer.lexicon_version > 0);
}

#[test]
fn the_negation_of_a_name_is_not_the_name() {
    let text = "Most care leavers are in education, employment or training.";
    let index = Index::in_memory(&identity(Class::Public), vec![passage("one", text)]).unwrap();
    assert_eq!(index.search(&Query::text("NEET")).unwrap().total, 0);
}

#[test]
fn a_hit_shows_the_sentences_that_match_between_the_ones_beside_them() {
    let answer = index().search(&Query::text("employment")).unwrap();
    let hit = &answer.hits[0];
    assert_eq!(hit.before.as_deref(), Some("Most care leavers live in suitable homes."));
    assert_eq!(hit.sentences.len(), 1);
    assert_eq!(
        hit.sentences[0].pieces(),
        [
            ("Too few care-leavers are in education, ".to_owned(), false),
            ("employment".to_owned(), true),
            (" or training.".to_owned(), false)
        ]
    );
    assert_eq!(hit.after.as_deref(), Some("Leaders know this."));
}

#[test]
fn at_the_edge_of_a_passage_the_sentence_beside_it_in_the_document_is_shown() {
    let answer = index().search(&Query::text("\"care leavers\"")).unwrap();
    let hit = &answer.hits[0];
    assert_eq!(hit.before.as_deref(), Some("Personal advisers keep in touch."));
    assert_eq!(hit.sentences[0].pieces()[1], ("care leavers".to_owned(), true));
    let answer = index().search(&Query::text("leaders")).unwrap();
    assert_eq!(answer.hits[0].after.as_deref(), Some("The offer is clear."));
}

#[test]
fn sentences_left_out_between_two_that_match_are_marked() {
    let answer = index().search(&Query::text("suitable leaders")).unwrap();
    let gaps: Vec<_> = answer.hits[0].sentences.iter().map(|s| (s.text.as_str(), s.follows_gap)).collect();
    assert_eq!(gaps, [("Most care leavers live in suitable homes.", false), ("Leaders know this.", true)]);
}

#[test]
fn of_many_sentences_that_match_those_with_most_of_what_was_asked_are_shown_and_the_rest_counted() {
    let text = "Plans one. Plans two. Plans three. Plans and visits. Plans five. Nothing. Visits and plans.";
    let index = Index::in_memory(&identity(Class::Public), vec![passage("one", text)]).unwrap();
    let hit = index.search(&Query::text("plans visits")).unwrap().hits.remove(0);
    let shown: Vec<_> = hit.sentences.iter().map(|s| (s.text.as_str(), s.follows_gap)).collect();
    assert_eq!(shown, [("Plans one.", false), ("Plans and visits.", true), ("Visits and plans.", true)]);
    assert_eq!(hit.more_sentences, 3);
}

#[test]
fn positions_are_counted_in_characters() {
    let text = "\u{201C}Caf\u{E9}\u{201D} \u{2013} children\u{2019}s plans";
    let index = Index::in_memory(&identity(Class::Public), vec![passage("one", text)]).unwrap();
    let answer = index.search(&Query::text("child")).unwrap();
    let sentence = &answer.hits[0].sentences[0];
    let span = sentence.matches[0];
    let marked: String = sentence.text.chars().skip(span.start).take(span.end - span.start).collect();
    assert_eq!(marked, "children\u{2019}s");
}

#[test]
fn a_phrase_that_crosses_sentences_is_marked_in_both() {
    let index = Index::in_memory(&identity(Class::Public), vec![passage("one", "They care. Leavers go.")]).unwrap();
    let answer = index.search(&Query::text("\"care leavers\"")).unwrap();
    let marked: Vec<_> = answer.hits[0].sentences.iter().map(|s| s.matches.len()).collect();
    assert_eq!(marked, [1, 1]);
}

#[test]
fn what_was_ignored_is_said_and_the_rest_is_found() {
    let answer = index().search(&Query::text("\"thresholds (")).unwrap();
    assert_eq!(answer.total, 2);
    assert_eq!(notes(&answer).len(), 3, "{:?}", answer.notes);
}

#[test]
fn an_answer_is_json_with_the_passage_and_its_marks() {
    let answer = index().search(&Query { limit: 1, ..Query::text("employment") }).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer).unwrap());
}
