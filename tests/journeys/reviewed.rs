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
    let said = sandbox.lais(&["status", "--review", "--format", "csv"]).code(0);
    said.rows()[0][1].clone()
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
fn the_lines_that_the_review_list_prints_confirm_the_document() {
    let Some(sandbox) = waiting() else { return };
    let listed = sandbox.lais(&["status", "--review"]).code(0).out;
    let lines: Vec<&str> = listed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let [.., header, example] = lines.as_slice() else { unreachable!() };
    sandbox.source("decisions.csv", format!("{header}\n{example}\n"));
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
    assert!(remarks.starts_with("settled by a person on 20") && remarks.ends_with(": confirmed"), "{remarks}");
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
        "settled by a person on 2026-01-03: ended_on 2014-01-20, ended_on 2014-01-30, kind sif-reinspection, adoption Good"
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
fn a_decision_on_a_document_that_is_not_there_is_told_of() {
    let Some(sandbox) = waiting() else { return };
    decided(&sandbox, "0123456789ab,confirmed,,2026-01-02,\nDOC,confirmed,,2026-01-02,\n")
        .says(&["warning: decisions.csv: row 2: no document among the sources has a hash that begins 0123456789ab"]);
    assert_eq!(sandbox.value("SELECT count(*) FROM inspection"), "2");
}
