//! Invented reports in the layouts of every era, and what becomes of them when something is missing or altered.

use jiff::civil::date;
use lais_framework::{Grade, Kind, MissingGrade};
use lais_report::{AreaSendOutcome, Aspect, Confidence, Hint, PublicationSource, Recognition, Report, StatementKind};
use proptest::prelude::*;

use crate::invented::{Ilacs, doubts, grade, hint, letter, missing, report, sif};

#[test]
fn a_standard_inspection_of_2024_is_read_whole() {
    let report = report(&Ilacs::of_2024().pages(), &hint(2024, 5, 3));
    assert_eq!(report.confidence, Confidence::Certain);
    assert_eq!((report.kind(), report.framework), (Some(Kind::Standard), Some("ilacs")));
    assert_eq!(report.authority.as_ref().unwrap().value, "Northmarsh");
    assert_eq!(report.started_on.as_ref().unwrap().value, date(2024, 3, 4));
    assert_eq!(report.ended_on.as_ref().unwrap().value, date(2024, 3, 15));
    let published = report.published.as_ref().unwrap();
    assert_eq!((published.date, published.source), (date(2024, 5, 3), PublicationSource::FileName));
    assert_eq!(report.lead_inspector_role.as_ref().unwrap().value, "His Majesty's Inspector");
    let grades = [Aspect::Overall, Aspect::Leaders, Aspect::HelpAndProtection, Aspect::InCare, Aspect::CareLeavers]
        .map(|aspect| grade(&report, aspect).unwrap());
    let (good, improve) = (Grade::Good, Grade::RequiresImprovement);
    assert_eq!(grades, [good, good, improve, good, Grade::Outstanding]);
    assert_eq!(missing(&report, Aspect::Lscb), Some(MissingGrade::NotInThisFramework));
    let places = &report.judgement(Aspect::CareLeavers).unwrap().places;
    assert_eq!(places.iter().map(|place| place.page).collect::<Vec<_>>(), [1, 2]);
    assert!(!format!("{report:?}").contains("Ada Invented"));
}

#[test]
fn what_needs_to_improve_is_whole_across_a_broken_line_and_says_what_it_is_about() {
    let report = report(&Ilacs::of_2024().pages(), &hint(2024, 5, 3));
    let listed: Vec<_> = report.statements.iter().filter(|s| s.kind == StatementKind::NeedsToImprove).collect();
    assert_eq!(listed[0].text, "The speed of decision-making for children in need.");
    assert_eq!(listed[0].page, 2);
    assert_eq!(listed[1].mapping.criterion, Some("cc-health"));
    assert_eq!(listed[1].mapping.criterion_terms[0].term, "health assessment*");
}

#[test]
fn a_week_on_site_makes_a_short_inspection_and_an_odd_length_a_doubt() {
    let of = |dates: &'static str| report(&Ilacs { dates, ..Ilacs::of_2024() }.pages(), &hint(2024, 5, 3));
    assert_eq!(of("4 to 8 March 2024").kind(), Some(Kind::Short));
    assert_eq!(of("4 to 8 March 2024").confidence, Confidence::Certain);
    assert_eq!(doubts(&of("4 to 20 March 2024")), ["unusual-length"]);
    assert_eq!(of("26 February to 8 March 2024").kind(), Some(Kind::Standard));
}

#[test]
fn before_2023_care_leavers_have_no_judgement_of_their_own() {
    let old = Ilacs { dates: "5 to 16 December 2022", leavers: None, ..Ilacs::of_2024() };
    let report = report(&old.pages(), &hint(2023, 2, 10));
    assert_eq!(report.confidence, Confidence::Certain);
    assert_eq!(missing(&report, Aspect::CareLeavers), Some(MissingGrade::NotInThisFramework));
    assert_eq!(grade(&report, Aspect::InCare), Some(Grade::Good));
}

#[test]
fn a_report_on_the_layout_of_another_day_is_doubtful() {
    let late = Ilacs { dates: "6 to 17 February 2023", leavers: None, ..Ilacs::of_2024() };
    assert!(doubts(&report(&late.pages(), &hint(2023, 4, 3))).contains(&"not-the-framework-of-the-day"));
    let early = Ilacs { dates: "7 to 18 November 2022", ..Ilacs::of_2024() };
    assert!(doubts(&report(&early.pages(), &hint(2023, 1, 20))).contains(&"not-the-framework-of-the-day"));
}

#[test]
fn from_april_2026_there_is_no_overall_judgement_and_none_is_missed() {
    let new = Ilacs { dates: "8 to 19 June 2026", overall: None, ..Ilacs::of_2024() };
    let read = report(&new.pages(), &hint(2026, 7, 28));
    assert_eq!(read.confidence, Confidence::Certain);
    assert_eq!(missing(&read, Aspect::Overall), Some(MissingGrade::NotInThisFramework));
    let old = Ilacs { dates: "9 to 20 February 2026", overall: None, ..Ilacs::of_2024() };
    assert!(doubts(&report(&old.pages(), &hint(2026, 4, 20))).contains(&"grade-not-found"));
    let strange = Ilacs { dates: "8 to 19 June 2026", ..Ilacs::of_2024() };
    assert!(doubts(&report(&strange.pages(), &hint(2026, 7, 28))).contains(&"not-the-framework-of-the-day"));
}

#[test]
fn a_table_that_says_another_thing_than_a_heading_is_doubtful() {
    let mut pages = Ilacs::of_2024().pages();
    pages[1] = pages[1].replace("protection: requires improvement to be good", "protection: inadequate");
    let report = report(&pages, &hint(2024, 5, 3));
    let found = report.confidence.doubts().iter().find(|doubt| doubt.id() == "grades-disagree").unwrap();
    let sentence = found.to_string();
    assert!(
        sentence.contains("requires-improvement on page 1") && sentence.contains("inadequate on page 2"),
        "{sentence}"
    );
}

#[test]
fn a_single_inspection_is_read_with_its_sub_judgements() {
    let read = report(&sif("Inspection of services for children in need of help and"), &hint(2015, 2, 4));
    assert_eq!(read.confidence, Confidence::Certain);
    assert_eq!((read.kind(), read.framework), (Some(Kind::Sif), Some("sif")));
    assert_eq!(read.authority.as_ref().unwrap().value, "Eastmere County Council");
    let grades = [Aspect::Overall, Aspect::Leaders, Aspect::InCare, Aspect::CareLeavers, Aspect::Adoption]
        .map(|aspect| grade(&read, aspect).unwrap());
    let (bad, improve) = (Grade::Inadequate, Grade::RequiresImprovement);
    assert_eq!(grades, [bad, bad, improve, improve, Grade::Good]);
    // The website is two days later than the cover, which wins.
    assert_eq!(read.published.as_ref().unwrap().date, date(2015, 2, 2));
    // The board was reviewed in a report of its own.
    assert_eq!(missing(&read, Aspect::Lscb), Some(MissingGrade::NotJudged));
    let again = report(&sif("Re-inspection of services for children in need of help and"), &hint(2015, 2, 4));
    assert_eq!(again.kind(), Some(Kind::SifReinspection));
}

#[test]
fn an_overall_judgement_that_its_parts_forbid_is_doubtful() {
    let mut pages = sif("Inspection of services for children in need of help and");
    pages[0] = pages[0].replace("services are inadequate", "services are good");
    let read = report(&pages, &hint(2015, 2, 4));
    assert_eq!(doubts(&read), ["grade-in-one-place"]);
}

#[test]
fn a_review_of_the_board_alone_has_one_judgement() {
    let page = "Saltwick Safeguarding Children Board\nReview of the effectiveness of the Local Safeguarding Children\nBoard\n\
        Inspection date: 15 June 2015 – 17 June 2015\nReport published: 3 August 2015\n\n\
        The Local Safeguarding Children Board requires improvement\n\
        Executive summary\n1. The board meets in the town hall and has a new chair.\n";
    let read = report(&[page.to_owned()], &hint(2015, 8, 3));
    assert_eq!(read.confidence, Confidence::Certain);
    assert_eq!((read.kind(), read.authority.unwrap().value.as_str()), (Some(Kind::LscbReview), "Saltwick"));
    let lscb = read.judgements.iter().find(|judgement| judgement.aspect == Aspect::Lscb).unwrap();
    assert_eq!(lscb.grade, Some(Grade::RequiresImprovement));
}

#[test]
fn an_inspection_of_looked_after_children_of_2013_has_an_overall_judgement_only() {
    let first = "Inspection of looked after children\nservices\nSaltwick Borough Council\n\
        Inspection dates:          15 – 19 July 2013\nReporting inspector Ada Invented HMI\nPublished:          23 August 2013\n";
    let second = "Overall effectiveness of services for looked\nafter children and young people\nGrade 3 (Adequate)\n\
        1. Overall effectiveness for looked after children is adequate. Homes are near the sea.\n\n\
        Areas for improvement\n• Write care plans.\n";
    let read = report(&[first.to_owned(), second.to_owned()], &hint(2013, 8, 23));
    assert_eq!(doubts(&read), Vec::<&str>::new());
    assert_eq!(read.kind(), Some(Kind::TargetedLookedAfter));
    assert_eq!(grade(&read, Aspect::Overall), Some(Grade::RequiresImprovement));
    assert_eq!(missing(&read, Aspect::Leaders), Some(MissingGrade::NotInThisFramework));
}

#[test]
fn an_area_inspection_has_one_of_three_outcomes() {
    let page = |outcome: &str| {
        format!(
            "Area SEND inspection of Eastmere\nLocal Area Partnership\nInspection dates: 22 to 26 April 2024\n\n\
             Inspection outcome\n{outcome}\n\nAreas for improvement\n• The partnership should answer letters sooner.\n"
        )
    };
    let cases = [
        (
            "The local area partnership’s arrangements lead to inconsistent experiences and outcomes for children. The next full area SEND inspection will be within approximately three years.",
            AreaSendOutcome::Inconsistent,
        ),
        (
            "The local area partnership’s arrangements typically lead to positive experiences and outcomes for children. The next full inspection will be within five years.",
            AreaSendOutcome::TypicallyPositive,
        ),
        (
            "There are widespread and/or systemic failings leading to significant concerns about the experiences and outcomes of children. A monitoring inspection will be carried out within approximately 18 months.",
            AreaSendOutcome::WidespreadFailings,
        ),
    ];
    for (words, outcome) in cases {
        let read = report(&[page(words)], &hint(2024, 6, 20));
        assert_eq!(read.area_send_outcome.as_ref().map(|o| o.value), Some(outcome));
        assert_eq!(doubts(&read), Vec::<&str>::new());
    }
    let unclear = report(&[page("The arrangements are what they are.")], &hint(2024, 6, 20));
    assert_eq!(doubts(&unclear), ["no-outcome"]);
}

#[test]
fn letters_of_kinds_whose_layout_was_not_seen_go_to_a_person() {
    let mut pages = letter("18 November 2021", "on 18 and 19 October 2021");
    pages[0] = pages[0]
        .replace("Focused visit to Saltwick", "Monitoring visit to Saltwick")
        .replace("focused visit", "monitoring visit");
    let read = report(&pages, &hint(2021, 11, 18));
    assert_eq!(read.kind(), Some(Kind::MonitoringVisit));
    assert!(doubts(&read).contains(&"unchecked-layout"));
    let old = "Saltwick Council\nInspection of local authority arrangements for the protection of children\n\
        Inspection dates: 3 – 12 September 2012\nPublished: 19 October 2012\n";
    let read = report(&[old.to_owned()], &hint(2012, 10, 19));
    assert_eq!(read.kind(), Some(Kind::ChildProtection));
    assert!(doubts(&read).contains(&"unchecked-layout"));
}

#[test]
fn a_joint_inspection_is_known_by_its_title() {
    let page = "12 December 2024\nBo Invented, Chief Executive\n\nDear Saltwick Partnership\n\
        Joint targeted area inspection of Saltwick\n\
        This letter summarises the findings of the joint targeted area inspection of Saltwick.\n\
        This inspection took place from 21 to 25 October 2024. It was carried out by inspectors from Ofsted.\n\n\
        Headline findings\nAgencies in Saltwick talk to each other every day at nine.\n\n\
        Areas for priority action\n◼ Nobody answers the telephone at night.\n";
    let read = report(&[page.to_owned()], &hint(2024, 12, 12));
    assert_eq!(doubts(&read), Vec::<&str>::new());
    assert_eq!((read.kind(), read.priority_action), (Some(Kind::Jtai), Some(true)));
    assert_eq!(read.authority.unwrap().value, "Saltwick");
}

#[test]
fn what_is_no_report_and_what_is_an_unknown_one_are_told_apart() {
    let minutes = report(&["Minutes of the parish council\nThe pond was discussed.\n".to_owned()], &Hint::default());
    assert_eq!(minutes.recognition, Recognition::NotAReport);
    let other = "Inspection report on the ferry\nOfsted inspectors inspected the ferry in good weather.\n";
    let other = report(&[other.to_owned()], &Hint::default());
    assert_eq!(other.recognition, Recognition::UnknownReport);
    assert_eq!(doubts(&other), ["unknown-layout"]);
}

// ---- altered reports are right, or doubtful

/// The grades that a report says, where it is certain.
fn certain_grades(report: &Report) -> Option<Vec<Option<Grade>>> {
    let all = Aspect::ALL.map(|aspect| grade(report, aspect)).to_vec();
    (report.confidence == Confidence::Certain).then_some(all)
}

fn grades() -> impl Strategy<Value = Grade> {
    prop::sample::select(Grade::ALL.to_vec())
}

prop_compose! {
    fn any_ilacs()(
        leaders in grades(), help in grades(), care in grades(), leavers in grades(), overall in grades(), era in 0..3,
    ) -> Ilacs {
        let (dates, leavers, overall) = match era {
            0 => ("7 to 18 November 2022", None, Some(overall)),
            1 => ("4 to 15 March 2024", Some(leavers), Some(overall)),
            _ => ("8 to 19 June 2026", Some(leavers), None),
        };
        Ilacs { dates, leaders, help, care, leavers, overall }
    }
}

/// Ways in which a report can differ from the layout that is known.
fn altered(mut pages: Vec<String>, how: usize) -> Vec<String> {
    let each = |pages: &mut Vec<String>, change: &dyn Fn(&str) -> String| {
        for page in pages {
            *page = change(page);
        }
    };
    match how {
        // The table is dropped, or the sections are.
        1 => pages[0] = pages[0].lines().take(5).collect::<Vec<_>>().join("\n"),
        2 => pages.truncate(1),
        // The cover is lost.
        3 => drop(pages.remove(0)),
        // The pages are swapped.
        4 => pages.reverse(),
        // Invisible and joined letters.
        5 => each(&mut pages, &|page| page.replace("pro", "p\u{ad}ro").replace("fi", "ﬁ").replace('-', "‐")),
        // Another way to write a heading.
        6 => each(&mut pages, &|page| page.replace(": ", " – ").replace("Inspection dates –", "Inspection dates:")),
        7 => each(&mut pages, &|page| page.replace("The experiences and progress of", "Experiences and progress for")),
        // Rows that lose their grade, or their label.
        8 => pages[0] = pages[0].replacen("   Good", "", 1).replacen("   Inadequate", "", 1),
        9 => pages[0] = pages[0].replacen("children who need help and protection", "children whom we help", 1),
        // Grades in capitals, and wide gaps turned narrow.
        10 => each(&mut pages, &|page| page.replace("Good", "GOOD").replace("Outstanding", "OUTSTANDING")),
        11 => pages[0] = pages[0].split("          ").collect::<Vec<_>>().join("  "),
        // A line lost from every page.
        12 => each(&mut pages, &|page| {
            page.lines().enumerate().filter(|(at, _)| *at != 8).map(|(_, l)| format!("{l}\n")).collect()
        }),
        _ => {}
    }
    pages
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn an_altered_report_is_read_right_or_goes_to_a_person(ilacs in any_ilacs(), how in 0..13_usize) {
        let year = if ilacs.dates.ends_with("2022") { 2023 } else if ilacs.dates.ends_with("2024") { 2024 } else { 2026 };
        let month = if year == 2026 { 8 } else if year == 2024 { 5 } else { 1 };
        let read = report(&altered(ilacs.pages(), how), &hint(year, month, 12));
        let want = vec![ilacs.overall, Some(ilacs.leaders), Some(ilacs.help), Some(ilacs.care), ilacs.leavers, None, None];
        if let Some(said) = certain_grades(&read) {
            prop_assert_eq!(said, want, "alteration {}", how);
            prop_assert_eq!(read.kind(), Some(Kind::Standard));
        } else {
            prop_assert!(how != 0, "the known layout is doubtful: {:?}", doubts(&read));
        }
    }

    #[test]
    fn the_mapping_of_a_statement_depends_on_neither_case_nor_spacing(upper in any::<bool>(), gap in 1..5_usize) {
        let mut pages = Ilacs::of_2024().pages();
        let first = report(&pages, &hint(2024, 5, 3));
        let plan = "Health assessments of children in care.";
        let spaced = plan.split(' ').collect::<Vec<_>>().join(&" ".repeat(gap.min(2)));
        pages[1] = pages[1].replace(plan, &if upper { spaced.to_uppercase() } else { spaced });
        let second = report(&pages, &hint(2024, 5, 3));
        let of = |report: &Report| report.statements.iter().map(|s| s.mapping.clone()).collect::<Vec<_>>();
        prop_assert_eq!(of(&first), of(&second));
    }
}
