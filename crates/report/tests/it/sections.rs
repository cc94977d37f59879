//! What is a heading of a report and what is under it: tables, grades and sentences that are set like headings.

use jiff::civil::date;
use lais_report::{Doubt, Hint, Page, Recognition, Report, read_pages};

use crate::invented::{Ilacs, doubts, hint, report, sif};

/// The section and the text of each statement.
fn said(report: &Report) -> Vec<(&str, &str)> {
    report.statements.iter().map(|statement| (statement.section.as_str(), statement.text.as_str())).collect()
}

const SUMMARY: (&str, &str) = ("", "Families in Northmarsh find that help comes in good time and that it lasts.");

#[test]
fn rows_of_the_table_on_the_cover_are_no_headings_and_no_findings() {
    let read = report(&Ilacs::of_2024().pages(), &hint(2024, 5, 3));
    assert_eq!(said(&read)[0], SUMMARY);
    assert!(said(&read).iter().all(|(section, _)| !section.contains("Requires improvement to be good: ")));
    assert!(said(&read).iter().all(|(_, text)| !text.starts_with("children who need") && !text.contains("Judgement")));
}

#[test]
fn the_table_without_an_overall_row_ends_with_the_first_sentence() {
    let pages = Ilacs { overall: None, dates: "4 to 15 May 2026", ..Ilacs::of_2024() }.pages();
    let read = report(&pages, &hint(2026, 7, 3));
    assert_eq!(said(&read)[0], SUMMARY);
    assert_eq!(said(&read)[1].0, "What needs to improve?");
}

#[test]
fn a_grade_in_a_box_beside_a_heading_is_no_part_of_it() {
    let mut pages = sif("Inspection of services for children in need of help and");
    pages[1] = pages[1].replace(
        "The experiences and progress of children looked after and achieving\npermanence require improvement\n",
        "The experiences and progress of children\n                                             Requires improvement\nlooked after and achieving permanence\n",
    );
    pages[1] = pages[1].replace("The lake is near.", "The lake is near and it is deep.");
    let mut pages: Vec<Page> = (1..).zip(&pages).map(|(number, text)| Page::from_text(number, text)).collect();
    let lines = &mut pages[1].lines;
    let boxed = lines.iter().position(|line| line.text().trim() == "Requires improvement").unwrap();
    // The grade stands between two lines of its heading, half a line down from each.
    lines[boxed].y -= 7.0;
    for line in &mut lines[boxed + 1..] {
        line.y -= 14.0;
    }
    let read = read_pages(&pages, &hint(2015, 2, 4));
    let heading = "The experiences and progress of children looked after and achieving permanence";
    assert!(said(&read).contains(&(heading, "The lake is near and it is deep.")), "{:?}", said(&read));
}

/// Pages of which the rows that begin with `#` are set larger.
fn set_large(pages: &[String], hint: &Hint) -> Report {
    let page = |(number, text): (u32, &String)| {
        let mut page = Page::from_text(number, &text.replace('#', ""));
        let large = text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.starts_with('#'));
        for (line, is_large) in page.lines.iter_mut().zip(large) {
            line.size = if is_large { 13.0 } else { line.size };
        }
        page
    };
    read_pages(&(1..).zip(pages).map(page).collect::<Vec<_>>(), hint)
}

#[test]
fn a_paragraph_that_is_set_like_a_heading_is_one_finding() {
    let mut pages = sif("Inspection of services for children in need of help and");
    pages[1].insert_str(
        0,
        "#Summary for children and young people\n\n#Most children in the county live with their brothers and\n#sisters in homes that are not too far from away from the\n#people they know.\n\n#Young people\n",
    );
    let read = set_large(&pages, &hint(2015, 2, 4));
    let whole = "Most children in the county live with their brothers and sisters in homes that are not too far from away from the people they know.";
    let section = said(&read).into_iter().find(|(_, text)| *text == whole).map(|(section, _)| section);
    assert!(section.is_some_and(|section| section.ends_with("Summary for children and young people")), "{section:?}");
}

#[test]
fn a_day_below_the_days_on_site_is_not_their_last() {
    let mut pages = Ilacs::of_2024().pages();
    pages[0] =
        pages[0].replace("Inspection dates: 4 to 15 March 2024", "Inspection dates: 4 to 15 March 2024\n3 May 2024");
    let read = report(&pages, &hint(2024, 5, 3));
    assert_eq!(read.ended_on.as_ref().map(|day| day.value), Some(date(2024, 3, 15)));
    pages[0] = pages[0].replace("4 to 15 March 2024\n3 May 2024", "4 March 2024\n15 March 2024");
    assert_eq!(doubts(&report(&pages, &hint(2024, 5, 3))), ["days-impossible"]);
    let named = pages[0].replace("4 March 2024\n15 March 2024", "4 March 2024\n15 March 2024 Dee Invented");
    let said = format!("{:?}", report(&[named, pages[1].clone()], &hint(2024, 5, 3)).confidence);
    assert!(said.contains("4 March 2024 / 15 March 2024") && !said.contains("Dee"), "{said}");
    pages[0] = pages[0].replace("4 March 2024\n15 March 2024", "4 March 2024 to\n15 March 2024");
    assert_eq!(doubts(&report(&pages, &hint(2024, 5, 3))), Vec::<&str>::new());
}

#[test]
fn a_report_of_an_unknown_layout_keeps_the_day_of_its_files_name() {
    let other = "Inspection report on the ferry\nOfsted inspectors inspected the ferry in good weather.\n";
    let read = report(&[other.to_owned()], &hint(2027, 5, 3));
    assert_eq!(read.recognition, Recognition::UnknownReport);
    assert_eq!(read.published.map(|published| published.date), Some(date(2027, 5, 3)));
    assert_eq!(read.confidence.doubts(), [Doubt::UnknownLayout]);
}
