//! Answers as text.

use lais_search::{Class, Index, Marks, Passage, Query, Titles, render_text};

use crate::sample::{identity, index, passage};

fn shown(query: &Query, width: usize) -> String {
    render_text(&index().search(query).unwrap(), width, Marks::Brackets, &Titles::default())
}

#[test]
fn hits_are_laid_out_in_their_context_with_their_source() {
    insta::assert_snapshot!(shown(&Query::text("care leavers employment"), 80));
}

#[test]
fn names_that_were_added_and_what_was_ignored_are_said_first() {
    insta::assert_snapshot!(shown(&Query::text("\"the CLA drift"), 100));
}

#[test]
fn a_page_says_where_it_is() {
    insta::assert_snapshot!(shown(&Query { offset: 1, limit: 1, ..Query::text("children") }, 72));
}

#[test]
fn an_empty_answer_says_why() {
    insta::assert_snapshot!(shown(
        &Query { kinds: vec!["short".to_owned()], ..Query::text("treshold* OR placments") },
        60
    ));
}

#[test]
fn in_bold_a_match_ends_with_its_line_and_begins_again() {
    let text = "Leaders see that children live in homes where social workers visit them and plans are made with them.";
    let index = Index::in_memory(&identity(Class::Public), vec![passage("one", text)]).unwrap();
    let answer = index.search(&Query::text("\"homes where social workers visit them and plans\"")).unwrap();
    let bold = render_text(&answer, 40, Marks::Bold, &Titles::default());
    insta::assert_snapshot!(bold.replace('\u{1b}', "ESC"));
    let plain = bold.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    assert!(plain.lines().all(|line| line.chars().count() <= 40), "{plain}");
}

#[test]
fn what_was_shared_and_not_published_says_so() {
    let shared = Passage { class: Class::Official, ..passage("one", "Plans drift.") };
    let index = Index::in_memory(&identity(Class::Official), vec![shared]).unwrap();
    let out = render_text(&index.search(&Query::text("drift")).unwrap(), 60, Marks::Brackets, &Titles::default());
    assert!(out.contains("1. Ambershire, standard, 2024-07-12, official\n"), "{out}");
}

#[test]
fn what_a_document_holds_gives_no_orders_to_the_terminal() {
    let text = "Plans\u{1b}[2J drift\u{202E} here\u{7}.\u{FDD0}";
    let index = Index::in_memory(&identity(Class::Public), vec![passage("one", text)]).unwrap();
    for (asked, marked) in [("drift", "[drift]"), ("\u{1b}[2J drift", "[2J drift]")] {
        let answer = index.search(&Query::text(asked)).unwrap();
        let out = render_text(&answer, 60, Marks::Brackets, &Titles::default());
        assert!(out.chars().all(|c| c == '\n' || !c.is_control()), "{out:?}");
        assert!(out.contains(marked), "{out}");
    }
}

#[test]
fn no_line_is_longer_than_the_width_but_for_a_long_word() {
    for width in [0, 30, 41, 55, 80, 200] {
        let out = shown(&Query::text("children OR care OR thresholds"), width);
        let widest = width.max(30);
        for line in out.lines() {
            assert!(line.chars().count() <= widest || !line.trim().contains(' '), "{width}: {line}");
        }
    }
}

#[test]
fn ids_are_shown_by_their_titles_and_the_ids_that_can_be_asked_for() {
    let found = Passage {
        statement: Some("needs-to-improve".to_owned()),
        criterion_id: Some("cc-health".to_owned()),
        focus_topic_id: Some("front-door".to_owned()),
        ..passage("one", "Plans drift.")
    };
    let one = |id: &str, title: &str| [(id.to_owned(), title.to_owned())].into();
    let titles = Titles {
        kinds: one("standard", "Standard inspection"),
        statements: one("needs-to-improve", "Needs to improve"),
        criteria: one("cc-health", "Health"),
        ..Titles::default()
    };
    let index = Index::in_memory(&identity(Class::Public), vec![found]).unwrap();
    let out = render_text(&index.search(&Query::text("drift")).unwrap(), 100, Marks::Brackets, &titles);
    assert!(out.contains("1. Ambershire, Standard inspection, 2024-07-12\n"), "{out}");
    assert!(out.contains("Needs to improve; Health (cc-health); front-door\n"), "{out}");
}
