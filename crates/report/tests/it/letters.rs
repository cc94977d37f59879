//! Letters after focused visits: their days, and what they say.

use jiff::civil::date;
use lais_framework::{Kind, MissingGrade};
use lais_report::{Confidence, Hint, PublicationSource, StatementKind};

use crate::invented::{doubts, hint, letter, report};

#[test]
fn a_letter_after_a_focused_visit_has_a_scope_and_no_grade() {
    let read = report(&letter("18 November 2021", "on 18 and 19 October 2021"), &hint(2021, 11, 18));
    assert_eq!(read.confidence, Confidence::Certain);
    assert_eq!(read.kind(), Some(Kind::FocusedVisit));
    assert_eq!(read.focus.as_ref().unwrap().topics, ["care-leavers"]);
    assert_eq!(read.priority_action, Some(false));
    assert!(read.judgements.iter().all(|judgement| judgement.missing == Some(MissingGrade::NotJudged)));
    assert_eq!(read.lead_inspector_role.as_ref().unwrap().value, "Her Majesty's Inspector");
    for name in ["Ada Invented", "Cy Madeup"] {
        assert!(!format!("{read:?}").contains(name), "{name}");
    }
}

#[test]
fn an_area_for_priority_action_is_told_from_none() {
    let mut pages = letter("18 November 2021", "on 18 and 19 October 2021");
    pages[0] += "\nAreas for priority action\n◼ Young people who sleep in tents.\n";
    let read = report(&pages, &hint(2021, 11, 18));
    assert_eq!(read.priority_action, Some(true));
    assert_eq!(read.statements.iter().filter(|s| s.kind == StatementKind::PriorityAction).count(), 1);
}

#[test]
fn a_visit_without_a_year_takes_it_from_the_letter_and_is_certain_where_the_files_name_agrees() {
    let letter = letter("14 January 2022", "on 14 and 15 December");
    let read = report(&letter, &hint(2022, 1, 14));
    assert_eq!(read.started_on.as_ref().unwrap().value, date(2021, 12, 14));
    assert_eq!(read.confidence, Confidence::Certain);
    assert_eq!(doubts(&report(&letter, &Hint::default())), ["year-not-printed"], "the letter alone says the year");
    let two = self::letter("14 March 2022", "held on 8 and 9 November. The visit took place on 8 February 2022");
    assert_eq!(doubts(&report(&two, &hint(2022, 3, 14))), ["year-not-printed"], "the days may be another visit's");
}

#[test]
fn a_letter_dated_before_its_visit_takes_the_date_of_the_file_and_says_so_unless_only_the_year_slipped() {
    let slipped = report(&letter("21 January 2019", "on 18 and 19 December 2019"), &hint(2020, 1, 21));
    assert_eq!(slipped.published.as_ref().unwrap().date, date(2020, 1, 21));
    assert_eq!(slipped.confidence, Confidence::Certain);
    let read = report(&letter("21 January 2019", "on 18 and 19 December 2019"), &hint(2020, 2, 21));
    let published = read.published.as_ref().unwrap();
    assert_eq!((published.date, published.source), (date(2020, 2, 21), PublicationSource::FileName));
    assert_eq!(published.printed.as_ref().unwrap().value, date(2019, 1, 21));
    assert_eq!(doubts(&read), ["publication-contradicted"]);
}

#[test]
fn days_that_cannot_be_are_doubtful() {
    for visit in ["on 17 and 18 October 2021", "on 24 October 2020 to 25 October 2021", "on 19 to 18 October 2021"] {
        let read = report(&letter("18 November 2021", visit), &hint(2021, 11, 18));
        assert!(doubts(&read).contains(&"days-impossible"), "{visit}: {:?}", doubts(&read));
    }
}

#[test]
fn a_day_with_a_label_above_the_address_is_not_that_of_the_letter() {
    for label in ["Visit ", "Visit:          ", "Ref "] {
        let read =
            report(&letter(&format!("{label}19 October 2021"), "on 18 and 19 October 2021"), &hint(2021, 11, 18));
        let published = read.published.as_ref().unwrap();
        let read = (published.date, published.source);
        assert_eq!(read, (date(2021, 11, 18), PublicationSource::FileName), "{label}");
    }
    for label in ["", "Date: ", "Thursday "] {
        let read = report(&letter(&format!("{label}18 November 2021"), "on 18 and 19 October 2021"), &Hint::default());
        assert_eq!(read.published.as_ref().unwrap().date, date(2021, 11, 18), "{label}");
    }
    let named = letter("21 January 2019 Bo Tiny", "on 18 and 19 December 2019");
    let read = report(&named, &hint(2020, 2, 21));
    assert_eq!(doubts(&read), ["publication-contradicted"]);
    assert!(!format!("{:?}", read.confidence).contains("Tiny"), "{:?}", read.confidence);
}
