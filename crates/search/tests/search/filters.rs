//! What filters let through.

use jiff::civil::Date;
use lais_search::{Class, Index, NoteKind, Passage, Query};

use crate::sample::{identity, ids, index, notes, passage};

fn sorted(query: &Query) -> Vec<String> {
    let answer = index().search(query).unwrap();
    let mut found: Vec<_> = ids(&answer).into_iter().map(str::to_owned).collect();
    found.sort();
    found
}

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

#[test]
fn each_filter_lets_through_what_it_names() {
    let all = Query::default();
    assert_eq!(sorted(&all).len(), 5);
    assert_eq!(sorted(&Query { authorities: list(&["X00000002"]), ..all.clone() }), ["birch-1", "birch-2"]);
    assert_eq!(sorted(&Query { kinds: list(&["sif", "focused-visit"]), ..all.clone() }), ["birch-1", "birch-2"]);
    assert_eq!(sorted(&Query { criteria: list(&["cc-care-leavers"]), ..all.clone() }), ["amber-1"]);
    assert_eq!(sorted(&Query { topics: list(&["front-door"]), ..all.clone() }), ["birch-1"]);
    assert_eq!(sorted(&Query { statements: list(&["strength"]), ..all }), ["amber-2"]);
}

#[test]
fn filters_must_all_let_through() {
    let query = Query { authorities: list(&["X00000002"]), kinds: list(&["sif"]), ..Query::text("children") };
    assert_eq!(sorted(&query), ["birch-2"]);
}

#[test]
fn the_first_and_the_last_day_are_within() {
    let day = Date::constant(2023, 3, 1);
    let all = Query::default();
    assert_eq!(sorted(&Query { from: Some(day), to: Some(day), ..all.clone() }), ["birch-1"]);
    assert_eq!(sorted(&Query { from: Some(day), ..all.clone() }), ["amber-1", "amber-2", "birch-1"]);
    assert_eq!(sorted(&Query { to: Some(day), ..all.clone() }), ["birch-1", "birch-2"]);
    assert_eq!(sorted(&Query { as_at: Some(day), ..all.clone() }), ["birch-1", "birch-2"]);
    assert_eq!(sorted(&Query { as_at: Some(Date::constant(2023, 2, 28)), ..all }), ["birch-2"]);
}

#[test]
fn what_bears_no_date_is_left_out_by_a_filter_on_days_and_that_is_said() {
    let query = Query { as_at: Some(Date::constant(2030, 1, 1)), ..Query::text("thresholds") };
    let answer = index().search(&query).unwrap();
    assert_eq!(ids(&answer), ["birch-1"]);
    assert_eq!(answer.notes[0].kind, NoteKind::Undated);
    assert_eq!(
        notes(&answer),
        ["1 passage that matches was without a date left out: when it became known is not known"]
    );
    assert!(index().search(&Query::text("thresholds")).unwrap().notes.is_empty());
}

#[test]
fn no_word_asks_for_everything_newest_first_and_what_bears_no_date_last() {
    let answer = index().search(&Query::default()).unwrap();
    assert_eq!(ids(&answer), ["amber-1", "amber-2", "birch-1", "birch-2", "amber-3"]);
    assert!(answer.hits.iter().all(|hit| hit.score == 0.0));
    assert_eq!(answer.read_as, "every passage");
}

#[test]
fn a_version_that_gave_way_to_another_is_found_on_its_own_days_alone() {
    let day = |month, day| Date::constant(2024, month, day);
    let first = Passage { until: Some(day(8, 1)), ..passage("first", "Plans drift.") };
    let again = Passage { date: Some(day(8, 1)), ..passage("again", "Plans often drift.") };
    let index = Index::in_memory(&identity(Class::Public), vec![first, again]).unwrap();
    let on = |as_at| {
        let answer = index.search(&Query { as_at, ..Query::text("drift") }).unwrap();
        let mut found: Vec<_> = ids(&answer).into_iter().map(str::to_owned).collect();
        found.sort();
        found
    };
    assert!(on(Some(day(7, 11))).is_empty());
    assert_eq!(on(Some(day(7, 12))), ["first"]);
    assert_eq!(on(Some(day(7, 31))), ["first"]);
    assert_eq!(on(Some(day(8, 1))), ["again"]);
    assert_eq!(on(Some(day(12, 31))), ["again"]);
    assert_eq!(on(None), ["again", "first"], "without a day, all that there is");
}
