use proptest::prelude::*;

use super::*;
use crate::answer::NoteKind;

/// How a text is read, with its operators written out.
fn read(text: &str) -> String {
    parse(text, false).expr.to_string()
}

fn notes(text: &str) -> Vec<String> {
    parse(text, false).notes.into_iter().map(|note| note.text).collect()
}

#[test]
fn words_side_by_side_must_all_be_there_and_or_binds_less() {
    assert_eq!(read("foster carers"), "foster AND carers");
    assert_eq!(read("foster AND carers"), "foster AND carers");
    assert_eq!(read("foster carers OR kinship"), "(foster AND carers) OR kinship");
    assert_eq!(read("foster (carers OR kinship)"), "foster AND (carers OR kinship)");
    assert_eq!(read("foster or kinship and"), "foster AND kinship");
}

#[test]
fn quotation_marks_of_any_form_make_a_phrase() {
    for text in [
        "\"care leavers\"",
        "\u{201C}care  leavers\u{201D}",
        "\u{AB}care leavers\u{BB}",
        "\u{201E}care leavers\u{201C}",
    ] {
        assert_eq!(read(text), "\"care leavers\"", "{text}");
        assert!(notes(text).is_empty());
    }
    assert_eq!(read("\"a b\"\"c d\""), "\"a b\" AND \"c d\"");
}

#[test]
fn a_minus_and_a_not_exclude_and_a_dash_alone_does_not() {
    assert_eq!(read("care -leavers"), "care AND NOT leavers");
    assert_eq!(read("care \u{2013}leavers"), "care AND NOT leavers");
    assert_eq!(read("care NOT \"leaving care\""), "care AND NOT \"leaving care\"");
    assert_eq!(read("care -(leavers OR staying)"), "care AND NOT (leavers OR staying)");
    assert_eq!(read("care --leavers"), "care AND NOT leavers");
    assert_eq!(read("care - leavers"), "care AND leavers");
    assert_eq!(notes("care - leavers"), ["\u{2018}-\u{2019} was ignored: there is no word in it"]);
}

#[test]
fn a_hyphen_within_a_word_joins_and_excludes_nothing() {
    assert_eq!(read("care-leavers"), "care-leavers");
    let Expr::Leaf(Leaf::Row { stems, .. }) = parse("care-leavers", false).expr else { unreachable!() };
    assert_eq!(stems, ["care", "leaver"]);
}

#[test]
fn a_star_at_the_end_is_a_beginning_and_elsewhere_is_ignored_and_noted() {
    assert_eq!(read("Safeguard*"), "safeguard*");
    assert_eq!(read("safeguard*,"), "safeguard*");
    assert_eq!(read("care-leav*"), "care AND leav*");
    assert_eq!(notes("care-leav*").len(), 1);
    assert_eq!(notes("wom*n"), ["\u{2018}*\u{2019} was ignored: it is understood only at the end of a word"]);
    assert_eq!(notes("\"leav*\""), ["\u{2018}*\u{2019} was ignored: within quotation marks it means nothing"]);
    assert_eq!(notes("*").len(), 1);
}

#[test]
fn what_is_not_closed_is_ignored_and_noted_and_its_words_are_kept() {
    assert_eq!(read("care \"leavers plan"), "care AND leavers AND plan");
    assert!(notes("care \"leavers plan")[0].contains("not closed"));
    assert_eq!(read("(care OR (leavers plan"), "care OR (leavers AND plan)");
    assert_eq!(notes("(care OR (leavers plan").len(), 2);
    assert_eq!(read("care) leavers"), "care AND leavers");
    assert_eq!(notes("care) leavers").len(), 1);
}

#[test]
fn an_operator_without_its_sides_is_ignored_and_noted() {
    for text in ["OR care", "care OR", "AND care", "care AND", "care NOT", "care ()", "care OR OR"] {
        assert_eq!(read(text), "care", "{text}");
        assert!(!notes(text).is_empty(), "{text}");
    }
    assert!(notes("care OR leavers").is_empty());
}

#[test]
fn common_words_are_left_out_unless_there_is_nothing_else_or_they_are_quoted() {
    assert_eq!(read("the impact of leaders"), "impact AND leaders");
    assert_eq!(
        notes("the impact of leaders"),
        ["\u{2018}the, of\u{2019} was ignored: too common to tell passages apart; in quotation marks it is looked for"]
    );
    assert_eq!(read("of the"), "of AND the");
    assert_eq!(read("the -plan"), "the AND NOT plan");
    assert_eq!(read("\"of the\" leaders"), "\"of the\" AND leaders");
    assert_eq!(read("leaders -the"), "leaders AND NOT the");
}

#[test]
fn an_exclusion_within_an_exclusion_brings_nothing_back() {
    assert_eq!(read("care -(leavers -old)"), "care AND NOT leavers");
    assert_eq!(read("care -(-leavers)"), "care");
    assert_eq!(read("care -((a -b) OR -c)"), "care AND NOT a");
}

#[test]
fn a_text_without_a_word_asks_for_everything() {
    for text in ["", "  ", "?!", "\"\"", "()", "-", "* OR -"] {
        assert_eq!(parse(text, true).expr, Expr::Everything, "{text}");
    }
}

#[test]
fn a_name_of_the_field_is_read_as_one_and_its_other_names_are_added_and_said() {
    let parsed = parse("looked-after children placements", true);
    assert_eq!(parsed.expr.to_string(), "looked-after children AND placements");
    assert_eq!(parsed.expanded[0].typed, "looked-after children");
    assert!(parsed.expanded[0].added.contains(&"CLA".to_owned()));
    assert!(parse("LAC", true).expanded[0].added.contains(&"children in care".to_owned()));
    assert!(parse("LAC", false).expanded.is_empty());
}

#[test]
fn names_are_added_neither_in_quotation_marks_nor_in_exclusions_nor_across_an_operator() {
    for text in [
        "\"children in care\"",
        "plan -LAC",
        "plan -(children in care)",
        "children AND looked after",
        "children OR care",
        "LAC*",
    ] {
        assert!(parse(text, true).expanded.is_empty(), "{text}");
    }
}

#[test]
fn endless_texts_and_endless_brackets_are_cut_and_noted() {
    let many = "word ".repeat(10_000);
    assert!(notes(&many).iter().any(|note| note.contains("characters")));
    let many: String = (0..100).map(|n| format!("w{n} ")).collect();
    assert!(notes(&many).iter().any(|note| note.contains("64 words")));
    assert_eq!(parse(&many, true).expr.leaves().len(), 64);
    let deep = format!("{}care{}", "(".repeat(900), ")".repeat(900));
    assert_eq!(read(&deep), "care");
    assert!(notes(&deep).iter().any(|note| note.contains("too many brackets")));
}

proptest! {
    #[test]
    fn any_text_is_read_and_everything_ignored_is_noted_as_such(text in "\\PC{0,80}|[a-c \"()*OR|AND|NOT-]{0,60}") {
        for with_names in [true, false] {
            let parsed = parse(&text, with_names);
            prop_assert!(parsed.notes.iter().all(|note| note.kind == NoteKind::Ignored));
        }
    }

    #[test]
    fn every_plain_word_is_looked_for_or_noted(list in proptest::collection::vec("[b-z]{3,9}", 1..8)) {
        let parsed = parse(&list.join(" "), true);
        let said: String = parsed.notes.iter().map(|note| note.text.clone()).collect();
        let looked_for = parsed.expr.to_string();
        for word in list {
            prop_assert!(looked_for.contains(&word) || said.contains(&word), "{word}");
        }
    }

    #[test]
    fn what_was_understood_is_understood_the_same_when_written_out(text in "([b-d]{1,3}\\*?|\"[b-d ]{1,5}\"|\\(|\\)|OR|-)( ([b-d]{1,3}\\*?|\"[b-d ]{1,5}\"|\\(|\\)|OR|-[b-d])){0,8}") {
        let once = read(&text);
        if once != "every passage" {
            prop_assert_eq!(read(&once), once);
        }
    }
}
