//! Report PDFs through the built program, held against the list of their facts beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::sandbox::{Said, Sandbox, shared};

/// A lake of the reports and letters of the shared folder, and of nothing else.
pub(crate) fn lake() -> Option<&'static Sandbox> {
    static LAKE: OnceLock<Option<Sandbox>> = OnceLock::new();
    LAKE.get_or_init(|| {
        let data = std::path::absolute(shared("data")?).unwrap();
        let sandbox = Sandbox::new();
        let folders = ["ofsted-reports", "ofsted-area-send/80428_bedford", "ofsted-area-send/80467_east sussex"];
        let [reports, bedford, sussex] = folders.map(|name| data.join(name).display().to_string());
        let build = ["build", "--as-at", "2026-11-24", "--sources", &reports, &bedford, &sussex];
        let said = Said::new(&sandbox.command(&build).output().unwrap()).code(0);
        assert!(said.err.contains("it is a web page, not a .pdf file"), "{}", said.err);
        Some(sandbox)
    })
    .as_ref()
}

/// The rows of the list of facts: column to value.
fn listed() -> Vec<BTreeMap<String, String>> {
    let mut list = csv::Reader::from_path(shared("data").unwrap().join("ofsted-reports/report_facts.csv")).unwrap();
    list.deserialize().map(Result::unwrap).collect()
}

const GRADES: [(&str, &str); 5] = [
    ("overall", "overall"),
    ("leaders", "leadership"),
    ("help_and_protection", "help_protection"),
    ("in_care", "children_in_care"),
    ("care_leavers", "care_leavers"),
];

fn grade(printed: &str) -> &str {
    match printed {
        // The grade that it was called before, as Ofsted's own history has it.
        "requires improvement to be good" | "adequate" => "requires-improvement",
        other => other,
    }
}

fn kind(document_type: &str) -> &str {
    match document_type {
        "SIF" => "sif",
        "SIF re-inspection" => "sif-reinspection",
        "ILACS standard inspection" => "standard",
        "ILACS short inspection" => "short",
        "ILACS focused visit" => "focused-visit",
        "LSCB review only" => "lscb-review",
        "Targeted looked after children inspection" => "targeted-looked-after",
        other => other,
    }
}

/// What the list says of a report, as a row of the program's answer.
fn expected(row: &BTreeMap<String, String>, whole_board_report: bool) -> Vec<String> {
    let mut said = vec![row["ons_code"].clone(), kind(&row["document_type"]).to_owned()];
    said.extend(["inspection_start", "inspection_end", "publication_date"].map(|column| row[column].clone()));
    // A review of the board alone has one grade, the board's.
    let column = |(ours, theirs): &(&str, &'static str)| {
        if whole_board_report && *ours == "overall" { "lscb" } else { *theirs }
    };
    said.extend(GRADES.iter().map(|names| grade(&row[column(names)]).to_owned()));
    said
}

#[test]
fn every_listed_report_is_exact_in_the_history_or_waits_in_review() {
    let Some(lake) = lake() else { return };
    let columns: Vec<&str> = GRADES.iter().map(|(ours, _)| *ours).collect();
    let kept = lake.rows(&format!(
        "SELECT source.file_name, authority_code, kind, started_on, ended_on, record.published_on, {}
         FROM inspection_record AS record INNER JOIN source ON record.source_id = source.source_id AND record.release = source.release
         WHERE source_part = '' AND source.source_id = 'ofsted-reports'",
        columns.join(", ")
    ));
    let kept: BTreeMap<String, Vec<String>> = kept.into_iter().map(|row| (row[0].clone(), row[1..].to_vec())).collect();
    let in_review: BTreeSet<String> =
        lake.rows("SELECT DISTINCT file_name FROM review").into_iter().map(|row| row[0].clone()).collect();
    let (mut exact, mut reports) = (0, 0);
    for row in listed().iter().filter(|row| !row["document_type"].starts_with("not a report")) {
        reports += 1;
        match kept.get(&row["file"]) {
            Some(found) => {
                assert_eq!(*found, expected(row, row["document_type"] == "LSCB review only"), "{}", row["file"]);
                assert!(!in_review.contains(&row["file"]), "{} is a fact and in doubt", row["file"]);
                exact += 1;
            }
            None => assert!(in_review.contains(&row["file"]), "{} is lost", row["file"]),
        }
    }
    assert_eq!((exact, reports), (41, 42), "Sheffield's of 2014 prints two stays");
    let listed: BTreeSet<String> = listed().iter().map(|row| row["file"].clone()).collect();
    // The two area inspections lie in folders of their own.
    let others: Vec<&String> = kept.keys().filter(|file| !listed.contains(*file)).collect();
    assert!(others.iter().all(|file| file.contains("area send full inspection")), "{others:?}");
}

#[test]
fn the_board_and_adoption_are_judged_beside_the_five_as_listed() {
    let Some(lake) = lake() else { return };
    let pairs =
        |sql: &str| lake.rows(sql).into_iter().map(|row| (row[0].clone(), row[1].clone())).collect::<BTreeMap<_, _>>();
    let adoption = pairs(
        "SELECT source.file_name, grade FROM judgement_record INNER JOIN source USING (source_id, release)
         WHERE judgement_id = 'adoption'",
    );
    let board = pairs(
        "SELECT source.file_name, overall FROM inspection_record INNER JOIN source USING (source_id, release)
         WHERE kind = 'lscb-review'",
    );
    assert!(adoption.len() > 5 && board.len() > 5);
    for row in listed().iter().filter(|row| !row["file"].contains("80551_sheffield")) {
        let said = |found: &BTreeMap<String, String>| found.get(&row["file"]).cloned().unwrap_or_default();
        assert_eq!(said(&adoption), grade(&row["adoption"]), "{}", row["file"]);
        assert_eq!(said(&board), grade(&row["lscb"]), "{}", row["file"]);
    }
}

#[test]
fn every_report_has_findings_with_a_page_and_no_name_of_an_inspector() {
    let Some(lake) = lake() else { return };
    let without = lake.rows(
        "SELECT i.event_id FROM inspection AS i LEFT JOIN finding AS f USING (event_id)
         WHERE i.kind <> 'lscb-review' AND f.event_id IS NULL",
    );
    assert!(without.is_empty(), "{without:?}");
    assert_eq!(lake.value("SELECT count(*) FROM finding WHERE page < 1 OR text = ''"), "0");
    let pages = lake.rows(
        "SELECT source.file_name, max(page) FROM finding INNER JOIN source USING (source_id, release) GROUP BY 1",
    );
    let listed = listed();
    for row in &listed {
        let Some(last) = pages.iter().find(|found| found[0] == row["file"]) else { continue };
        assert!(last[1].parse::<u32>().unwrap() <= row["pages"].parse::<u32>().unwrap(), "{}", row["file"]);
    }
    let texts = lake.rows(
        "SELECT concat_ws(' ', section, text, matched_terms) FROM finding
         UNION ALL SELECT concat_ws(' ', value, reason, advice) FROM review
         UNION ALL SELECT concat_ws(' ', value, message) FROM quarantine
         UNION ALL SELECT concat_ws(' ', published_code, outcome, focus_topics) FROM inspection_record",
    );
    let text = texts.concat().join("\n");
    let names = listed.iter().flat_map(|row| row["lead_inspector"].split(" and "));
    for name in names.map(|name| name.trim_end_matches(", HMI").trim()).filter(|name| name.contains(' ')) {
        assert!(!text.contains(name), "{name}");
    }
    // The table on an ILACS cover has the words of headings, and grades beside them.
    let of_table = lake.rows(
        "SELECT section, text FROM finding WHERE text LIKE 'children who need help%' OR text LIKE '%practice with children and families'
         OR section LIKE '%leaders on social work%: The experiences%'",
    );
    assert!(of_table.is_empty(), "{of_table:?}");
    let mapped: f64 = lake
        .value("SELECT avg(CASE WHEN criterion_id IS NOT NULL THEN 1.0 ELSE 0.0 END) FROM finding WHERE statement = 'needs-to-improve'")
        .parse()
        .unwrap();
    assert!(mapped > 0.5, "{mapped}");
    assert_eq!(
        lake.value("SELECT count(*) FROM finding WHERE criterion_id IS NOT NULL AND matched_terms IS NULL"),
        "0",
        "a mapping shows the terms that made it"
    );
}

#[test]
fn an_area_inspection_has_its_outcome_and_no_grade() {
    let Some(lake) = lake() else { return };
    let found = lake.rows(
        "SELECT authority_code, outcome, started_on, ended_on, published_on, overall_missing FROM inspection
         WHERE kind = 'area-send' ORDER BY 1",
    );
    assert_eq!(
        found,
        [
            ["E06000055", "typically-positive", "2024-11-18", "2024-11-22", "2025-02-04", "not-in-this-framework"],
            ["E10000011", "inconsistent", "2024-11-18", "2024-11-22", "2025-02-04", "not-in-this-framework"],
        ]
    );
}

#[test]
fn a_grade_that_was_called_otherwise_is_remarked_as_it_is_printed() {
    let Some(lake) = lake() else { return };
    let found = lake.rows(
        "SELECT inspection.authority_code, overall, remarks FROM inspection_source INNER JOIN inspection USING (event_id)
         WHERE remarks IS NOT NULL ORDER BY 1",
    );
    assert_eq!(found, [["E10000016", "requires-improvement", "overall printed as adequate"]]);
}

#[test]
fn the_review_list_says_what_was_read_what_is_in_doubt_and_what_to_do() {
    let Some(lake) = lake() else { return };
    let said = lake.lais(&["status", "--review", "--format", "csv"]).code(0);
    for part in ["80551_sheffield", "what-was-read", "adoption requires-improvement", "several-stays", "say which are"]
    {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    assert_eq!(lake.value("SELECT count(*) FROM inspection WHERE authority_code = 'E08000039'"), "0");
}

#[test]
fn a_report_in_anothers_folder_waits_in_review() {
    let Some(data) = shared("data") else { return };
    let sandbox = Sandbox::new();
    let report = data.join("ofsted-reports/80535_oldham/children's services inspection - 12 july 2024.pdf");
    let bytes = std::fs::read(report).unwrap();
    sandbox.source("80418_norfolk/children's services inspection - 12 july 2024.pdf", bytes);
    sandbox.build().code(0);
    assert_eq!(sandbox.value("SELECT count(*) FROM inspection_record"), "0");
    assert_eq!(
        sandbox.rows("SELECT authority_code, field FROM review WHERE field <> 'what-was-read'"),
        [["E08000004", "folder-contradicts"]]
    );
    std::fs::rename(sandbox.path("sources/80418_norfolk"), sandbox.path("sources/80418")).unwrap();
    sandbox.build().code(0);
    assert_eq!(sandbox.value("SELECT count(*) FROM inspection_record"), "0", "a number alone says whose folder it is");
}

#[test]
fn a_pdf_among_signals_is_no_report_and_is_named_nowhere_in_the_open() {
    let Some(data) = shared("data") else { return };
    let sandbox = Sandbox::new();
    let folder = data.join("ofsted-reports/80535_oldham");
    let bytes = std::fs::read(folder.join("children's services inspection - 12 july 2024.pdf")).unwrap();
    sandbox.source("80535_oldham/report - 12 july 2024.pdf", &bytes);
    sandbox.source("signals/told by somebody - 12 july 2024.pdf", [bytes.as_slice(), b"\n%"].concat());
    sandbox.build().code(0);
    assert_eq!(sandbox.value("SELECT count(*) FROM inspection_record"), "1");
    assert!(!sandbox.lais(&["status"]).code(0).out.contains("somebody"));
    assert_eq!(sandbox.value("SELECT count(*) FROM input_file"), "1");
    assert!(sandbox.lais(&["status", "--restricted"]).code(0).out.contains("told by somebody"));
}

#[test]
fn a_pdf_that_gives_no_text_says_why() {
    let sandbox = Sandbox::new();
    sandbox.source("cut.pdf", b"%PDF-1.7\n1 0 obj <<");
    sandbox.source("late.pdf", b"no pdf at all");
    let said = sandbox.build();
    assert!(said.err.contains("cut.pdf: ") && said.err.contains("late.pdf: it is no .pdf file"), "{}", said.err);
    assert!(!said.err.contains("panicked"), "{}", said.err);
}
