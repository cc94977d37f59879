//! Answers against a scan that knows no index, no stem and no tree.
//!
//! The scan makes capitals small and every run of what is neither letter nor digit one space, and looks for a string
//! of whole words. For text of plain letters that is exactly what a phrase in quotation marks finds; a word outside of
//! them finds all of that and its other endings.

use std::collections::BTreeSet;

use jiff::civil::Date;
use lais_search::{Class, Index, Passage, Query};
use proptest::prelude::*;

use crate::sample::{identity, ids, passage, passages};

/// A text as the scan sees it, with a space at either end.
fn flat(text: &str) -> String {
    let spaced: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn scan(passages: &[Passage], wanted: &str) -> BTreeSet<String> {
    let wanted = flat(wanted);
    passages.iter().filter(|p| flat(&p.text).contains(&wanted)).map(|p| p.id.clone()).collect()
}

fn find(index: &Index, query: &Query) -> BTreeSet<String> {
    let answer = index.search(&Query { limit: 1_000, ..query.clone() }).unwrap();
    assert_eq!(answer.hits.len(), answer.total);
    ids(&answer).into_iter().map(str::to_owned).collect()
}

/// Words of which some are endings of others, joined by what reports join words with.
fn report() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "place",
        "placed",
        "placement",
        "placements",
        "care",
        "carer",
        "carers",
        "caring",
        "leaver",
        "leavers",
        "plan",
        "planned",
        "Children",
        "child",
        "looked",
        "after",
        "in",
        "IRO",
        "reviewing",
        "independent",
        "officer",
        "need"
    ];
    let between = prop_oneof![6 => Just(" "), 1 => Just("-"), 1 => Just(". "), 1 => Just(", "), 1 => Just("\n")];
    proptest::collection::vec((word, between), 1..25)
        .prop_map(|list| list.into_iter().flat_map(|(word, between)| [word, between.to_owned()]).collect())
}

fn made(texts: &[String]) -> Vec<Passage> {
    texts.iter().enumerate().map(|(n, text)| passage(&format!("p{n}"), text)).collect()
}

fn any_passage() -> impl Strategy<Value = Passage> {
    let values = |list: &'static [&'static str]| proptest::option::of(proptest::sample::select(list));
    (
        report(),
        proptest::option::of(2010_i16..2014),
        proptest::sample::select(&["X00000001", "X00000002", "X00000003"][..]),
        proptest::sample::select(&["standard", "short", "sif"][..]),
        values(&["strength", "narrative"]),
        values(&["cc-health", "hp-early-help"]),
        values(&["front-door", "permanence"]),
    )
        .prop_map(|(text, year, authority, kind, statement, criterion, topic)| Passage {
            date: year.and_then(|year| Date::new(year, 6, 1).ok()),
            authority_code: authority.to_owned(),
            kind: kind.to_owned(),
            statement: statement.map(str::to_owned),
            criterion_id: criterion.map(str::to_owned),
            focus_topic_id: topic.map(str::to_owned),
            ..passage("", &text)
        })
}

fn any_filters() -> impl Strategy<Value = Query> {
    let some = |list: &'static [&'static str]| {
        proptest::collection::vec(proptest::sample::select(list).prop_map(str::to_owned), 0..3)
    };
    let day = || proptest::option::weighted(0.3, (2009_i16..2015).prop_map(|year| Date::constant(year, 6, 1)));
    (
        (day(), day(), day()),
        some(&["X00000001", "X00000002", "elsewhere"]),
        some(&["standard", "sif", "unknown"]),
        some(&["strength"]),
        some(&["cc-health"]),
        some(&["front-door"]),
    )
        .prop_map(|((from, to, as_at), authorities, kinds, statements, criteria, topics)| Query {
            from,
            to,
            as_at,
            authorities,
            kinds,
            statements,
            criteria,
            topics,
            ..Query::default()
        })
}

/// Whether a passage is within all filters, said another way than the index says it.
fn is_within(passage: &Passage, query: &Query) -> bool {
    let listed = |wanted: &[String], value: Option<&String>| {
        wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
    };
    let since = query.from.is_none_or(|from| passage.date.is_some_and(|date| date >= from));
    let until = [query.to, query.as_at].into_iter().flatten().all(|to| passage.date.is_some_and(|date| date <= to));
    since
        && until
        && listed(&query.authorities, Some(&passage.authority_code))
        && listed(&query.kinds, Some(&passage.kind))
        && listed(&query.statements, passage.statement.as_ref())
        && listed(&query.criteria, passage.criterion_id.as_ref())
        && listed(&query.topics, passage.focus_topic_id.as_ref())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_quoted_phrase_finds_exactly_what_the_scan_finds(
        texts in proptest::collection::vec(report(), 1..12),
        at in any::<prop::sample::Index>(),
        from in 0_usize..20,
        length in 1_usize..4,
    ) {
        let passages = made(&texts);
        let index = Index::in_memory(&identity(Class::Public), passages.clone()).unwrap();
        let words: Vec<_> = flat(&texts[at.index(texts.len())]).split_whitespace().map(str::to_owned).collect();
        let start = from % words.len();
        let phrase = words[start..(start + length).min(words.len())].join(" ");
        let found = find(&index, &Query::text(format!("\"{phrase}\"")));
        prop_assert!(!found.is_empty());
        prop_assert_eq!(found, scan(&passages, &phrase));
    }

    #[test]
    fn a_word_finds_all_that_the_scan_finds_and_a_beginning_all_of_that(
        texts in proptest::collection::vec(report(), 1..12),
        word in prop_oneof!["place", "placement", "carers", "planned", "children", "iro", "caring"],
    ) {
        let passages = made(&texts);
        let index = Index::in_memory(&identity(Class::Public), passages.clone()).unwrap();
        let scanned = scan(&passages, &word);
        prop_assert!(find(&index, &Query::text(&word)).is_superset(&scanned));
        let begins = find(&index, &Query::text(format!("{word}*")));
        let expected: BTreeSet<_> =
            passages.iter().filter(|p| flat(&p.text).contains(&format!(" {word}"))).map(|p| p.id.clone()).collect();
        prop_assert_eq!(begins, expected);
    }

    #[test]
    fn other_names_add_and_never_take_away(
        texts in proptest::collection::vec(report(), 1..12),
        text in prop_oneof!["children in care", "looked after children", "IRO", "care leavers plan", "child in need OR IRO"],
    ) {
        let index = Index::in_memory(&identity(Class::Public), made(&texts)).unwrap();
        let with = find(&index, &Query::text(&text));
        let without = find(&index, &Query { with_names: false, ..Query::text(&text) });
        prop_assert!(with.is_superset(&without));
    }

    #[test]
    fn an_exclusion_and_its_word_part_what_is_found(
        texts in proptest::collection::vec(report(), 1..12),
    ) {
        let index = Index::in_memory(&identity(Class::Public), made(&texts)).unwrap();
        let all = find(&index, &Query::text("place"));
        let (both, one) = (find(&index, &Query::text("place care")), find(&index, &Query::text("place -care")));
        prop_assert!(both.is_disjoint(&one));
        prop_assert_eq!(both.union(&one).cloned().collect::<BTreeSet<_>>(), all);
    }

    #[test]
    fn filters_let_through_all_within_and_nothing_else(
        mut passages in proptest::collection::vec(any_passage(), 0..20),
        filters in any_filters(),
        text in prop_oneof![Just(""), Just("care"), Just("care OR -plan"), Just("-need"), Just("ca* OR \"looked after\"")],
    ) {
        for (n, passage) in passages.iter_mut().enumerate() {
            passage.id = format!("p{n}");
        }
        let index = Index::in_memory(&identity(Class::Public), passages.clone()).unwrap();
        let within: BTreeSet<_> = passages.iter().filter(|p| is_within(p, &filters)).map(|p| p.id.clone()).collect();
        let unfiltered = find(&index, &Query::text(text));
        let expected: BTreeSet<_> = unfiltered.intersection(&within).cloned().collect();
        let query = Query { text: text.to_owned(), ..filters };
        prop_assert_eq!(find(&index, &query), expected.clone());
        let answer = index.search(&query).unwrap();
        prop_assert!(answer.total > 0 || !answer.notes.is_empty(), "an empty answer says why");
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,60}|[a-c \"()*ORANDT\u{2019}\u{AD}-]{0,40}|(care|plan|\"|-|\\(|\\)|\\*|OR| ){0,20}", limit in 0_usize..5, offset in 0_usize..8) {
        let index = crate::sample::index();
        for with_names in [true, false] {
            let query = Query { with_names, limit, offset, ..Query::text(&text) };
            let answer = index.search(&query).unwrap();
            prop_assert!(answer.hits.len() <= limit);
            prop_assert!(answer.total > 0 || !answer.notes.is_empty(), "an empty answer says why");
            let _ = lais_search::render_text(&answer, 60, lais_search::Marks::Brackets, &lais_search::Titles::default());
            for hit in &answer.hits {
                prop_assert!(!hit.sentences.is_empty());
                for sentence in &hit.sentences {
                    let pieces: String = sentence.pieces().into_iter().map(|(piece, _)| piece).collect();
                    prop_assert_eq!(&pieces, &sentence.text);
                }
            }
        }
    }

    #[test]
    fn every_hit_of_a_word_shows_it(texts in proptest::collection::vec(report(), 1..12), text in "(place|care|\"in care\"|ch*|children in care)( OR (plan|need|IRO))?") {
        let index = Index::in_memory(&identity(Class::Public), made(&texts)).unwrap();
        for hit in index.search(&Query::text(text)).unwrap().hits {
            prop_assert!(hit.sentences.iter().any(|sentence| !sentence.matches.is_empty()));
        }
    }

    #[test]
    fn any_passage_can_be_indexed_and_is_found_among_everything(text in "\\PC{0,200}", id in "\\PC{0,20}") {
        let one = passage(&id, &text);
        let index = Index::in_memory(&identity(Class::Public), vec![one.clone()]).unwrap();
        let answer = index.search(&Query::default()).unwrap();
        prop_assert_eq!(&answer.hits[0].passage, &one);
    }
}

#[test]
fn the_scan_and_the_index_agree_on_the_sample() {
    let index = crate::sample::index();
    for phrase in ["care leavers", "social workers", "thresholds", "looked after children", "drift"] {
        let scanned = scan(&passages(), phrase);
        assert!(!scanned.is_empty());
        assert_eq!(find(&index, &Query::text(format!("\"{phrase}\""))), scanned, "{phrase}");
    }
}
