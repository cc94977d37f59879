//! The published reports in the shared folder, held against the list of their facts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use lais_framework::{Grade, Kind, MissingGrade};
use lais_report::{
    AreaSendOutcome, Aspect, Confidence, Hint, PdfText, PublicationSource, Report, StatementKind, TextLayer,
    Unreadable, read,
};

/// The shared folder, or none with a message.
fn shared() -> Option<PathBuf> {
    let folder = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../../shared/data");
    let found = folder.join("ofsted-reports/report_facts.csv").exists();
    if !found {
        println!("skipped: the shared reports are not there");
    }
    found.then_some(folder)
}

/// The rows of the list of facts: column to value.
fn rows(folder: &Path) -> Vec<BTreeMap<String, String>> {
    let mut list = csv::Reader::from_path(folder.join("ofsted-reports/report_facts.csv")).unwrap();
    list.deserialize().map(Result::unwrap).collect()
}

fn read_row(folder: &Path, row: &BTreeMap<String, String>) -> Result<Report, Unreadable> {
    let path = folder.join("ofsted-reports").join(&row["file"]);
    let hint = Hint::from_file_name(path.file_name().unwrap().to_str().unwrap());
    read(&std::fs::read(&path).unwrap(), &hint)
}

fn kind_of(document_type: &str) -> &'static str {
    match document_type {
        "SIF" => "sif",
        "SIF re-inspection" => "sif-reinspection",
        "ILACS standard inspection" => "standard",
        "ILACS short inspection" => "short",
        "ILACS focused visit" => "focused-visit",
        "LSCB review only" => "lscb-review",
        "Targeted looked after children inspection" => "targeted-looked-after",
        other => unreachable!("{other} is not in this test's list"),
    }
}

/// What is said of an aspect: a grade, a reason, or nothing.
fn said(report: &Report, aspect: Aspect) -> (Option<Grade>, Option<MissingGrade>) {
    report.judgement(aspect).map_or((None, None), |judgement| (judgement.grade, judgement.missing))
}

fn differences(report: &Report, row: &BTreeMap<String, String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut same = |what: &str, got: String, want: String| {
        if got != want {
            wrong.push(format!("{what} is read as {got}, not {want}"));
        }
    };
    let day = |printed: &Option<lais_report::Printed<jiff::civil::Date>>| {
        printed.as_ref().map_or_else(String::new, |printed| printed.value.to_string())
    };
    same("kind", report.kind().map_or("none", Kind::id).to_owned(), kind_of(&row["document_type"]).to_owned());
    same("start", day(&report.started_on), row["inspection_start"].clone());
    same("end", day(&report.ended_on), row["inspection_end"].clone());
    let published = report.published.as_ref();
    same("publication", published.map_or_else(String::new, |p| p.date.to_string()), row["publication_date"].clone());
    let printed = published.filter(|p| p.source == PublicationSource::Printed || p.printed.is_some());
    let printed = printed.and_then(|p| p.printed.as_ref()).map_or_else(String::new, |p| p.value.to_string());
    // The list has no printed date for the report whose date stands without a label's day.
    if !row["date_printed_on_document"].is_empty() {
        same("printed publication", printed, row["date_printed_on_document"].clone());
    }
    for (aspect, column) in [
        (Aspect::Overall, "overall"),
        (Aspect::Leaders, "leadership"),
        (Aspect::HelpAndProtection, "help_protection"),
        (Aspect::InCare, "children_in_care"),
        (Aspect::CareLeavers, "care_leavers"),
        (Aspect::Adoption, "adoption"),
        (Aspect::Lscb, "lscb"),
    ] {
        let (grade, missing) = said(report, aspect);
        let want = Grade::read(&row[column]);
        same(column, format!("{grade:?}"), format!("{want:?}"));
        same(column, (grade.is_some() || missing.is_some()).to_string(), "true".to_owned());
    }
    let joined = row["care_leavers_in_children_in_care_grade"] == "yes";
    if joined && said(report, Aspect::CareLeavers).1 != Some(MissingGrade::NotInThisFramework) {
        wrong.push("care leavers had no judgement of their own in the framework of the day".to_owned());
    }
    wrong
}

#[test]
fn the_facts_of_every_shared_report_are_exact_and_whatever_is_doubtful_says_so() {
    let Some(folder) = shared() else { return };
    let (mut exact, mut certain, mut all) = (0, 0, 0);
    let mut silent = Vec::new();
    for row in rows(&folder) {
        let file = &row["file"];
        let report = match read_row(&folder, &row) {
            Ok(report) => report,
            Err(reason) => {
                assert!(row["document_type"].starts_with("not a report"), "{file}: {reason}");
                assert_eq!(reason, Unreadable::WebPage, "{file}");
                continue;
            }
        };
        all += 1;
        let wrong = differences(&report, &row);
        let is_certain = report.confidence == Confidence::Certain;
        exact += usize::from(wrong.is_empty());
        certain += usize::from(is_certain);
        for doubt in report.confidence.doubts() {
            println!("{file}: {doubt}");
        }
        for difference in wrong {
            println!("{file}: {difference}");
            if is_certain {
                silent.push(format!("{file}: {difference}"));
            }
        }
    }
    println!("{exact} of {all} are exact, {certain} certain");
    assert!(silent.is_empty(), "wrong and certain: {silent:#?}");
    assert_eq!((exact, all), (42, 42));
    assert!(certain >= 41, "{certain} of {all} are certain; the other prints two stays");
}

#[test]
fn no_inspector_is_named_in_anything_that_leaves_the_reader() {
    let Some(folder) = shared() else { return };
    for row in rows(&folder) {
        let Ok(report) = read_row(&folder, &row) else { continue };
        let said = format!("{report:?}");
        for name in row["lead_inspector"].split([',', ';']).flat_map(|part| part.split(" and ")) {
            let name = name.trim();
            if name.contains(' ') && !name.contains("Inspector") {
                assert!(!said.contains(name), "{}: {name}", row["file"]);
            }
        }
    }
}

#[test]
fn every_statement_is_whole_and_bears_its_page() {
    let Some(folder) = shared() else { return };
    let (mut count, mut without_list) = (0, 0);
    for row in rows(&folder) {
        let Ok(report) = read_row(&folder, &row) else { continue };
        let (file, pages) = (&row["file"], row["pages"].parse::<u32>().unwrap());
        assert!(report.statements.len() >= 8, "{file} has {} statements", report.statements.len());
        for (at, statement) in (1..).zip(&report.statements) {
            count += 1;
            let text = &statement.text;
            assert_eq!(statement.ordinal, at, "{file}");
            assert!((1..=pages).contains(&statement.page), "{file}: page {}", statement.page);
            assert!(!text.contains("  ") && !text.contains('\n') && !text.contains('\u{ad}'), "{file}: {text:?}");
            assert!(!text.contains("Piccadilly Gate") && !text.contains("ofsted.gov.uk"), "{file}: {text:?}");
            assert!(text.chars().any(char::is_alphabetic), "{file}: {text:?}");
        }
        if !report.statements.iter().any(|s| s.kind == StatementKind::NeedsToImprove) {
            println!("{file} lists nothing that needs to improve");
            without_list += 1;
        }
    }
    assert!(count > 1500, "{count} statements");
    // One letter has no such heading, and some reports of 2013 and 2018 word it otherwise.
    assert!(without_list <= 2, "{without_list} reports list nothing that needs to improve");
}

#[test]
fn the_outcome_of_an_area_inspection_is_one_of_three() {
    let Some(folder) = shared() else { return };
    let mut outcomes = BTreeSet::new();
    for entry in std::fs::read_dir(folder.join("ofsted-area-send")).unwrap().flatten() {
        for file in std::fs::read_dir(entry.path()).into_iter().flatten().flatten() {
            let name = file.file_name().into_string().unwrap();
            let report = read(&std::fs::read(file.path()).unwrap(), &Hint::from_file_name(&name)).unwrap();
            assert_eq!(report.kind().map(Kind::id), Some("area-send"));
            assert_eq!(report.confidence, Confidence::Certain, "{name}");
            let outcome = report.area_send_outcome.unwrap().value;
            assert_eq!(report.priority_action, Some(outcome == AreaSendOutcome::WidespreadFailings));
            outcomes.insert(outcome.id());
        }
    }
    assert!(!outcomes.is_empty());
}

/// How often each word stands in a text.
fn words(text: &str) -> BTreeMap<String, usize> {
    let plain: String = text
        .chars()
        .map(|letter| match letter {
            '⁰' => '0',
            '¹' => '1',
            '²' => '2',
            '³' => '3',
            '⁴'..='⁹' => char::from_digit(u32::from(letter) - u32::from('⁰'), 10).unwrap(),
            other => other,
        })
        .collect();
    let plain = plain.replace('ﬁ', "fi").replace('ﬂ', "fl").to_lowercase();
    let mut counted = BTreeMap::new();
    for word in plain.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counted.entry(word.to_owned()).or_default() += 1;
    }
    counted
}

#[test]
fn the_text_layer_finds_the_words_that_another_program_finds() {
    let Some(folder) = shared() else { return };
    if Command::new("pdftotext").arg("-v").output().is_err() {
        println!("skipped: pdftotext is not installed");
        return;
    }
    for row in rows(&folder) {
        let path = folder.join("ofsted-reports").join(&row["file"]);
        let Ok(pages) = PdfText.pages(&std::fs::read(&path).unwrap()) else { continue };
        assert_eq!(pages.len().to_string(), row["pages"], "{}", row["file"]);
        let ours: Vec<String> = pages.iter().flat_map(|page| &page.lines).map(lais_report::Line::text).collect();
        let ours = words(&ours.join("\n"));
        let theirs = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output().unwrap();
        let theirs = words(&String::from_utf8_lossy(&theirs.stdout));
        let all: usize = theirs.values().sum();
        let found: usize = theirs.iter().map(|(word, n)| (*n).min(ours.get(word).copied().unwrap_or(0))).sum();
        assert!(found * 1000 >= all * 998, "{}: {found} of {all} words", row["file"]);
    }
}
