//! A report that waits in review, and the person who has held it against what was read.

use crate::sandbox::{Said, Sandbox, shared};

const HEADER: &str = "document,field,value,decided_on,why\n";

/// A lake of one report that was not read with certainty: its inspectors were there twice.
fn waiting() -> Option<Sandbox> {
    let folder = shared("data")?.join("ofsted-reports/80551_sheffield");
    let name = "children's services inspection - 21 february 2014.pdf";
    let sandbox = Sandbox::new();
    sandbox.source(&format!("80551_sheffield/{name}"), std::fs::read(folder.join(name)).unwrap());
    sandbox.build().code(0);
    assert_eq!(sandbox.value("SELECT count(*) FROM inspection"), "0");
    Some(sandbox)
}

/// The digits by which the list names the document.
fn document(sandbox: &Sandbox) -> String {
    sandbox.value("SELECT document FROM review WHERE field = 'what-was-read'")
}

/// Builds with these decisions.
fn decided(sandbox: &Sandbox, rows: &str) -> Said {
    let document = document(sandbox);
    sandbox.source("decisions.csv", format!("{HEADER}{}", rows.replace("DOC", &document)));
    sandbox.build().code(0)
}

/// Why it still waits.
fn doubts(sandbox: &Sandbox) -> Vec<String> {
    let rows = sandbox.rows("SELECT field FROM review WHERE field <> 'what-was-read' ORDER BY ordinal");
    rows.into_iter().map(|row| row[0].clone()).collect()
}

#[test]
fn the_lines_that_the_review_list_prints_settle_the_document_once_they_have_its_value() {
    let Some(sandbox) = waiting() else { return };
    let listed = sandbox.lais(&["status", "--review"]).code(0).out;
    assert!(
        listed.contains("are more than one stay") && listed.contains("(decide ended_on or started_on)"),
        "{listed}"
    );
    let lines: Vec<&str> = listed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let [.., header, example] = lines.as_slice() else { unreachable!() };
    sandbox.source("decisions.csv", format!("{header}\n{example}\n"));
    sandbox.build().code(0);
    assert_eq!(doubts(&sandbox), ["decision-refused", "several-stays"], "it is a form to be filled in");
    sandbox.source("decisions.csv", format!("{header}\n{}\n", example.replace("VALUE", "2013-12-11")));
    sandbox.build().code(0);
    assert_eq!(
        sandbox.rows("SELECT kind, started_on, ended_on, overall, leaders, care_leavers FROM inspection ORDER BY kind"),
        [
            ["lscb-review", "2013-11-19", "2013-12-11", "good", "", ""],
            ["sif", "2013-11-19", "2013-12-11", "requires-improvement", "good", "good"],
        ]
    );
    assert_eq!(sandbox.value("SELECT count(*) FROM finding"), "118");
    assert!(doubts(&sandbox).is_empty());
    let remarks = sandbox.value("SELECT DISTINCT remarks FROM inspection_source");
    assert!(
        remarks.starts_with("settled by a person on 20") && remarks.ends_with(": ended_on 2013-12-11"),
        "{remarks}"
    );
    assert!(!sandbox.lais(&["status", "--review"]).code(0).out.contains("To settle"));
    let row = "SELECT rows_read, rows_kept FROM source WHERE source_id = 'review-decisions'";
    assert_eq!(sandbox.rows(row), [["1", "1"]]);
}

#[test]
fn what_was_read_wrongly_is_decided_field_by_field_and_the_rest_stands() {
    let Some(sandbox) = waiting() else { return };
    decided(
        &sandbox,
        "DOC,ended_on,2014-01-20,2026-01-02,misread\nDOC,ended_on,2014-01-30,2026-01-03,the second stay\n\
         DOC,kind,sif-reinspection,2026-01-03,\nDOC,adoption,Good,2026-01-03,\n",
    );
    assert_eq!(
        sandbox.rows("SELECT kind, started_on, ended_on, overall FROM inspection WHERE kind <> 'lscb-review'"),
        [["sif-reinspection", "2013-11-19", "2014-01-30", "requires-improvement"]]
    );
    assert_eq!(sandbox.value("SELECT grade FROM judgement WHERE judgement_id = 'adoption'"), "good");
    assert_eq!(
        sandbox.value("SELECT DISTINCT remarks FROM inspection_source"),
        "settled by a person on 2026-01-03: kind sif-reinspection, ended_on 2014-01-30, adoption good"
    );
    let kept = sandbox.rows("SELECT * FROM inspection_source");
    assert!(!format!("{kept:?}").contains("misread"), "what was written beside is not kept");
    // Without the decisions it waits again.
    std::fs::remove_file(sandbox.path("sources/decisions.csv")).unwrap();
    sandbox.build().code(0);
    assert_eq!((sandbox.value("SELECT count(*) FROM inspection"), doubts(&sandbox).len()), ("0".to_owned(), 1));
}

#[test]
fn a_decision_that_cannot_be_leaves_the_document_in_review_and_says_why() {
    let Some(sandbox) = waiting() else { return };
    for (rows, why) in [
        ("DOC,ended_on,2013-10-01,2026-01-02,\n", "are no first day, last day and day of publication"),
        ("DOC,kind,standard,2026-01-02,\n", "it was read as sif and not as standard"),
        ("DOC,outcome,inconsistent,2026-01-02,\n", "a report of kind sif has no outcome"),
        ("DOC,focus_topics,front-door,2026-01-02,\n", "a report of kind sif has no focus_topics"),
        (
            "DOC,authority_code,E06000058,2026-01-02,\n",
            "Bournemouth, Christchurch and Poole did not exist on 2013-11-19",
        ),
    ] {
        decided(&sandbox, rows);
        assert_eq!(doubts(&sandbox), ["decision-refused", "several-stays"], "{rows}");
        let reason = sandbox.value("SELECT reason FROM review WHERE field = 'decision-refused'");
        assert!(reason.starts_with("what was decided of it cannot be: ") && reason.contains(why), "{reason}");
        assert_eq!(sandbox.value("SELECT count(*) FROM inspection"), "0", "{rows}");
    }
}

#[test]
fn a_decision_that_cannot_be_read_is_set_aside_with_what_can_be_written() {
    let Some(sandbox) = waiting() else { return };
    decided(
        &sandbox,
        "abc,confirmed,,2026-01-02,\nDOC,confirmed,,yesterday,\nDOC,confirmed,yes,2026-01-02,\n\
         DOC,grade,good,2026-01-02,\nDOC,overall,fair,2026-01-02,\nDOC,authority_code,Sheffield,2026-01-02,\n\
         DOC,started_on,last week,2026-01-02,\nDOC,kind,inspection,2026-01-02,\n",
    );
    assert_eq!(doubts(&sandbox), ["decision-refused", "several-stays"]);
    let held = sandbox.rows(
        "SELECT source_row, column_name, rule FROM quarantine WHERE source_id = 'review-decisions' ORDER BY source_row",
    );
    assert_eq!(
        held,
        [
            ["2", "document", "unknown-document"],
            ["3", "decided_on", "no-date"],
            ["4", "value", "unknown-value"],
            ["5", "field", "unknown-field"],
            ["6", "value", "unknown-value"],
            ["7", "value", "unknown-value"],
            ["8", "value", "unknown-value"],
            ["9", "value", "unknown-value"],
        ]
    );
    let message = sandbox.value("SELECT message FROM quarantine WHERE rule = 'unknown-field'");
    assert!(message.contains("confirmed, authority_code, kind") && message.contains("lscb"), "{message}");
    assert_eq!(sandbox.value("SELECT count(*) FROM inspection"), "0");
}

#[test]
fn a_row_that_is_lost_takes_the_other_decisions_on_its_document_with_it() {
    let Some(sandbox) = waiting() else { return };
    for lost in ["DOC,overall,inadequat,2026-01-02,", "DOC,overall,inadequate,2026-01-02,held against it, by Jane Roe"]
    {
        decided(&sandbox, &format!("DOC,ended_on,2014-01-30,2026-01-02,\n{lost}\n"));
        assert_eq!(doubts(&sandbox), ["decision-refused", "several-stays"], "{lost}");
        let reason = sandbox.value("SELECT reason FROM review WHERE field = 'decision-refused'");
        assert!(reason.contains("row 3 of decisions.csv cannot be read"), "{reason}");
        let everything = sandbox.rows("SELECT * FROM quarantine");
        assert!(!format!("{everything:?}").contains("Jane"), "{everything:?}");
    }
}

#[test]
fn what_is_read_otherwise_than_when_it_was_decided_is_not_settled() {
    let Some(sandbox) = waiting() else { return };
    decided(&sandbox, "DOC,confirmed,,2026-01-02,\n");
    let reason = sandbox.value("SELECT reason FROM review WHERE field = 'decision-refused'");
    assert!(reason.ends_with("ended_on or started_on is not known: decide it too"), "{reason}");
    decided(&sandbox, "DOC,ended_on,2013-12-11,2026-01-02,\n");
    assert!(doubts(&sandbox).is_empty());
    let folder = sandbox.path("sources/80551_sheffield");
    let named = |day: &str| folder.join(format!("children's services inspection - {day}.pdf"));
    std::fs::rename(named("21 february 2014"), named("28 march 2014")).unwrap();
    sandbox.build().code(0);
    assert_eq!(doubts(&sandbox)[0], "decision-refused");
    let reason = sandbox.value("SELECT reason FROM review WHERE field = 'decision-refused'");
    assert!(reason.contains("it is read otherwise now than when it was decided"), "{reason}");
    decided(&sandbox, "DOC,ended_on,2013-12-11,2026-01-02,\n");
    assert_eq!(sandbox.value("SELECT DISTINCT published_on FROM inspection"), "2014-03-28");
}

#[test]
fn a_file_of_decisions_that_would_decide_nothing_is_refused() {
    let Some(sandbox) = waiting() else { return };
    let row = format!("{},ended_on,2014-01-30,2026-01-02,\n", document(&sandbox));
    let utf16: Vec<u8> = format!("\u{feff}{HEADER}{row}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes) in [("decisions.txt", format!("{HEADER}{row}").into_bytes()), ("decisions.csv", utf16)] {
        sandbox.source(name, bytes);
        sandbox.build().code(0).says(&[name, "decisions are read before all else"]);
        std::fs::remove_file(sandbox.path("sources").join(name)).unwrap();
    }
    sandbox.source("Decisions.CSV", format!("{}{row}", HEADER.to_uppercase()));
    sandbox.build().code(0);
    assert!(doubts(&sandbox).is_empty(), "the names of columns may be in capitals");
}

#[test]
fn a_decision_on_a_document_that_is_not_there_is_told_of() {
    let Some(sandbox) = waiting() else { return };
    let other = "0123456789ab-0123ab,confirmed,,2026-01-02,\n";
    // Of two files of one day, both are kept and both are told of.
    sandbox.source("others.csv", format!("{HEADER}{other}"));
    decided(&sandbox, &format!("{other}DOC,ended_on,2014-01-30,2026-01-02,\n")).says(&[
        "warning: decisions.csv: row 2: no report among the sources is the document 0123456789ab-0123ab",
        "warning: others.csv: row 2: no report among the sources is the document",
    ]);
    assert_eq!(sandbox.value("SELECT count(*) FROM inspection"), "2");
}

#[test]
fn whose_a_report_in_anothers_folder_is_has_to_be_decided() {
    let Some(data) = shared("data") else { return };
    let sandbox = Sandbox::new();
    let name = "children's services inspection - 12 july 2024.pdf";
    let bytes = std::fs::read(data.join("ofsted-reports/80535_oldham").join(name)).unwrap();
    sandbox.source(&format!("80418_norfolk/{name}"), bytes);
    sandbox.build().code(0);
    let document = document(&sandbox);
    sandbox.source("decisions.csv", format!("{HEADER}{document},confirmed,,2026-01-02,\n"));
    sandbox.build().code(0);
    assert_eq!(doubts(&sandbox), ["folder-contradicts"]);
    sandbox.source("decisions.csv", format!("{HEADER}{document},authority_code,E08000004,2026-01-02,\n"));
    sandbox.build().code(0);
    assert_eq!(sandbox.rows("SELECT authority_code, overall FROM inspection"), [["E08000004", "good"]]);
}
