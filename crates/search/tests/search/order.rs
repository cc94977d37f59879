//! The order of hits, pages, and several indexes asked as one.

use jiff::civil::Date;
use lais_search::{Class, Identity, Index, Passage, Query, SearchError, search};
use proptest::prelude::*;

use crate::sample::{identity, ids, passage};

fn index(class: Class, passages: Vec<Passage>) -> Index {
    let passages = passages.into_iter().map(|passage| Passage { class, ..passage });
    Index::in_memory(&identity(class), passages.collect()).unwrap()
}

#[test]
fn of_equal_score_the_newer_is_first_then_the_smaller_id_then_what_bears_no_date() {
    let dated = |id, year| Passage { date: Some(Date::constant(year, 1, 1)), ..passage(id, "plans drift") };
    let undated = Passage { date: None, ..passage("a", "plans drift") };
    let index = index(Class::Public, vec![undated, dated("c", 2020), dated("b", 2020), dated("d", 2024)]);
    assert_eq!(ids(&index.search(&Query::text("drift")).unwrap()), ["d", "b", "c", "a"]);
}

#[test]
fn the_passage_that_says_it_most_is_first() {
    let index = index(
        Class::Public,
        vec![
            passage("a", "Plans are in place and staff are known to families and to partners, though some drift."),
            passage("b", "Drift. Plans drift."),
            passage("c", "Nothing of the kind."),
        ],
    );
    assert_eq!(ids(&index.search(&Query::text("drift")).unwrap()), ["b", "a"]);
}

#[test]
fn a_name_counts_more_than_its_words_scattered() {
    let index = index(
        Class::Public,
        vec![
            passage("scattered", "A child, a child and a child; care, care and care."),
            passage("named", "Many more children in care than in other places of this size are placed at a distance."),
        ],
    );
    assert_eq!(ids(&index.search(&Query::text("children in care")).unwrap()), ["named", "scattered"]);
}

#[test]
fn two_indexes_answer_as_one_index_of_all_would() {
    let texts: Vec<String> =
        (0..40).map(|n| format!("care {} {}", "plan ".repeat(n % 5), "visit ".repeat(n % 3))).collect();
    let all: Vec<_> = texts.iter().enumerate().map(|(n, text)| passage(&format!("p{n:02}"), text)).collect();
    let whole = index(Class::Public, all.clone());
    let (open, shared) = all.into_iter().enumerate().partition::<Vec<_>, _>(|(n, _)| n % 3 == 0);
    let open = index(Class::Public, open.into_iter().map(|(_, passage)| passage).collect());
    let shared = index(Class::Official, shared.into_iter().map(|(_, passage)| passage).collect());
    for text in ["care", "plan visit", "plan OR visit", "\"plan visit\"", "care -visit", "", "pla*"] {
        for (offset, limit) in [(0, 50), (0, 7), (7, 7), (35, 20), (60, 5), (0, 0)] {
            let query = Query { offset, limit, ..Query::text(text) };
            let one = whole.search(&query).unwrap();
            let both = search(&[&open, &shared], &query).unwrap();
            assert_eq!((one.total, ids(&one)), (both.total, ids(&both)), "{text} {offset} {limit}");
            let scores = |answer: &lais_search::Answer| answer.hits.iter().map(|h| h.score).collect::<Vec<_>>();
            assert_eq!(scores(&one), scores(&both));
        }
    }
}

#[test]
fn an_answer_does_not_depend_on_what_its_asker_may_not_open() {
    let open = index(Class::Public, vec![passage("a", "plans drift"), passage("b", "plans hold")]);
    let before = open.search(&Query::text("drift")).unwrap();
    let _shared = index(Class::Official, (0..50).map(|n| passage(&format!("s{n}"), "drift")).collect());
    let after = open.search(&Query::text("drift")).unwrap();
    assert_eq!(before, after);
    assert_eq!(after.searched.len(), 1);
    assert_eq!((after.searched[0].class, after.searched[0].passages), (Class::Public, 2));
}

#[test]
fn what_was_told_in_confidence_is_never_indexed() {
    let restricted = Passage { class: Class::Restricted, ..passage("told", "x") };
    for class in [Class::Public, Class::Official] {
        let error = Index::in_memory(&identity(class), vec![restricted.clone()]).unwrap_err();
        assert!(matches!(&error, SearchError::Restricted { id } if id == "told"), "{error}");
    }
    let error = Index::in_memory(&identity(Class::Restricted), Vec::new()).unwrap_err();
    assert!(matches!(error, SearchError::RestrictedIndex));
}

#[test]
fn an_index_holds_one_class_and_each_id_once() {
    let shared = Passage { class: Class::Official, ..passage("s", "x") };
    let error = Index::in_memory(&identity(Class::Public), vec![shared]).unwrap_err();
    assert!(matches!(error, SearchError::OtherClass { .. }), "{error}");
    let error = Index::in_memory(&identity(Class::Public), vec![passage("a", "x"), passage("a", "y")]).unwrap_err();
    assert!(matches!(error, SearchError::TwoOfOneId(_)), "{error}");
}

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(prop_oneof!["care", "plan", "visit", "drift", "home", "child"], 1..12)
        .prop_map(|list| list.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_passages_in_any_order_give_the_same_answer(
        texts in proptest::collection::vec((words(), 2010_i16..2016), 1..30),
        seed in any::<u64>(),
        text in prop_oneof![words(), words().prop_map(|w| w.replace(' ', " OR ")), Just("ca*".to_owned()), Just(String::new())],
    ) {
        let made: Vec<Passage> = texts
            .iter()
            .enumerate()
            .map(|(n, (text, year))| Passage { date: Date::new(*year, 1, 1).ok(), ..passage(&format!("p{n}"), text) })
            .collect();
        let mut shuffled = made.clone();
        let mut state = seed;
        shuffled.sort_by_cached_key(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 32
        });
        let snapshot = Identity { snapshot: "one".to_owned(), class: Class::Public };
        let first = Index::in_memory(&snapshot, made).unwrap().search(&Query::text(&text)).unwrap();
        let second = Index::in_memory(&snapshot, shuffled).unwrap().search(&Query::text(&text)).unwrap();
        prop_assert_eq!(first, second);
    }

    #[test]
    fn pages_laid_end_to_end_are_the_whole(texts in proptest::collection::vec(words(), 1..30), text in words(), size in 1_usize..7) {
        let made = texts.iter().enumerate().map(|(n, text)| passage(&format!("p{n}"), text));
        let index = index(Class::Public, made.collect());
        let text = text.replace(' ', " OR ");
        let whole = index.search(&Query { limit: 100, ..Query::text(&text) }).unwrap();
        let mut laid = Vec::new();
        for page in 0..=whole.total / size {
            let answer = index.search(&Query { limit: size, offset: page * size, ..Query::text(&text) }).unwrap();
            prop_assert_eq!(answer.total, whole.total);
            laid.extend(answer.hits);
        }
        prop_assert_eq!(laid, whole.hits);
    }
}
