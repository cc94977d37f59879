//! Self-evaluations and signals: text kept by its questions, and what was told in confidence kept apart.

use std::os::unix::fs::PermissionsExt as _;

use crate::country::albia;
use crate::sandbox::Sandbox;

const SELF_EVALUATION: &str = "Authority: Aldermoor
Shared on: 14 November 2025

# What do you know about the quality and impact of social work practice?

Assessments are timely.

# How do you know it?

We audit forty cases a month.
";

const HEADER: &str =
    "signal_id,authority_code,received_on,channel,reporter_role,theme,severity,status,case_ref,summary";

/// Albia with a file of signals, of which one says more than it may.
fn confiding() -> Sandbox {
    let albia = albia();
    let rows = [
        "S-1,X06000001,2025-12-01,whistleblowing,social-worker,le-workforce,high,open,C-17,",
        "S-2,9002,2025-12-05,complaint,parent-or-carer,hp-early-help,low,closed,,",
        "S-3,X06000001,2025-12-06,complaint,parent-or-carer,hp-early-help,low,open,,My son Wilfrid was not seen",
        "S-4,X06000001,2025-12-07,complaint,Mrs Wilfrid,hp-early-help,low,open,,",
        "Wilfrid,X06000001,2025-12-08,complaint,anonymous,hp-early-help,low,open,,",
    ];
    albia.source("signals/december.csv", format!("{HEADER}\n{}\n", rows.join("\n")));
    albia
}

#[test]
fn a_self_evaluation_is_kept_by_the_three_questions() {
    let albia = albia();
    albia.source("self-evaluations/aldermoor.md", SELF_EVALUATION);
    albia.source("self-evaluations/nowhere.md", SELF_EVALUATION.replace("Aldermoor", "Nowhere"));
    albia.source("self-evaluations/undated.md", SELF_EVALUATION.replace("14 November 2025", "last week"));
    albia.build().code(0).says(&["undated.md", "`Shared on`", "write it as 2025-03-31"]);
    let rows = albia.rows(
        "SELECT authority_code, shared_on, quality_and_impact, how_it_is_known, plans, questions_answered FROM self_evaluation",
    );
    assert_eq!(
        rows,
        [["X06000001", "2025-11-14", "Assessments are timely.", "We audit forty cases a month.", "", "2"]]
    );
    assert_eq!(
        albia.rows("SELECT file_name, column_name, value, rule FROM quarantine"),
        [["self-evaluations/nowhere.md", "Authority", "", "unknown-authority"]]
    );
    assert_eq!(albia.value("SELECT rows_read FROM source WHERE source_id = 'self-evaluation' AND rows_kept = 1"), "1");
}

#[test]
fn signals_lie_under_a_root_that_others_cannot_enter_and_in_no_open_table() {
    let albia = confiding();
    albia.build().code(0);
    let mode = std::fs::metadata(albia.path("lake/restricted")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert!(albia.path("lake/restricted/current/signal.parquet").exists());
    albia.lais(&["query", "SELECT * FROM signal"]).code(1).says(&["signal", "add --restricted"]);
    for table in ["source", "input_file", "row_account", "quarantine"] {
        let open = albia.lais(&["query", &format!("SELECT * FROM {table}"), "--format", "csv"]).code(0).out;
        assert!(!open.contains("december") && !open.contains("signals"), "{table}: {open}");
    }
    let manifest = std::fs::read_to_string(albia.path("lake/current/manifest.json")).unwrap();
    assert!(!manifest.contains("december"), "{manifest}");
    let rows = albia
        .lais(&[
            "query",
            "--restricted",
            "--format",
            "csv",
            "SELECT signal_id, authority_code, channel FROM signal ORDER BY signal_id",
        ])
        .code(0)
        .rows();
    assert_eq!(rows, [["S-1", "X06000001", "whistleblowing"], ["S-2", "X06000002", "complaint"]]);
}

#[test]
fn nothing_that_was_told_is_repeated_anywhere() {
    let albia = confiding();
    let said = albia.build().code(0);
    assert!(!said.err.contains("Wilfrid"), "{}", said.err);
    let status = albia.lais(&["status", "--restricted"]).code(0).out;
    for part in ["december.csv", "free-text", "masking of names does not exist yet", "unknown-word", "not-a-reference"]
    {
        assert!(status.contains(part), "{part}: {status}");
    }
    let mut folders = vec![albia.path("lake")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                assert!(!bytes.windows(7).any(|window| window == b"Wilfrid"), "{}", path.display());
            }
        }
    }
    let account = albia
        .lais(&[
            "query",
            "--restricted",
            "--format",
            "csv",
            "SELECT rows_read, rows_kept, rows_quarantined FROM source WHERE source_id = 'signals'",
        ])
        .code(0)
        .rows();
    assert_eq!(account, [["5", "2", "3"]]);
}

/// Files that were told in confidence and that nothing can read, each under a name that tells who spoke.
fn unreadable() -> Vec<(&'static str, Vec<u8>)> {
    let rows = "S-1,X06000001,2025-12-01,complaint,anonymous,hp-early-help,low,open,,";
    vec![
        ("signals/wilfrid-1.csv", format!("{}\n{}\n", HEADER.replace(',', ";"), rows.replace(',', ";")).into_bytes()),
        ("signals/wilfrid-2.csv", b"id,council,what\n1,Aldermoor,he was hit\n".to_vec()),
        ("signals/wilfrid-3.csv", format!("{rows}\n").into_bytes()),
        ("signals/wilfrid-4.md", b"# What Wilfrid told\n".to_vec()),
        ("signals/wilfrid-5.eml", b"From: Wilfrid\n\nHe was hit.\n".to_vec()),
        ("signals/wilfrid-6.txt", format!("Note: from Wilfrid\n\n{HEADER}\n{rows}\n").into_bytes()),
        ("signals/wilfrid-7.csv", b"a,b\n\0,1\n".to_vec()),
        ("signals/wilfrid-8.csv", Vec::new()),
        ("whistleblowing/2025/wilfrid-9.pdf", b"%PDF-1.7".to_vec()),
        ("wilfrid-10.txt", format!("{}\n", HEADER.replace(',', "\t")).into_bytes()),
        (
            "signals/wilfrid-11.txt",
            b"Local authority: Aldermoor\nDate shared: 2025-11-14\nFrom: Wilfrid\n\nPlease tell no one.\n".to_vec(),
        ),
        (
            "elsewhere/wilfrid-12.txt",
            b"Authority: Wilfrid of 4 Elm Road\nShared on: 2025-11-14\n\nHow do you know it?\nI was there.\n".to_vec(),
        ),
    ]
}

#[test]
fn a_file_told_in_confidence_that_cannot_be_read_is_named_in_no_open_table() {
    let albia = confiding();
    for (name, bytes) in unreadable() {
        albia.source(name, bytes);
    }
    albia.build().code(0);
    for name in ["input_file", "source", "row_account", "quarantine", "self_evaluation"] {
        let open = albia.lais(&["query", &format!("SELECT * FROM {name}"), "--format", "csv"]).code(0).out;
        for row in open.lines().filter(|row| row.to_lowercase().contains("wilfrid")) {
            // A document that asks the questions is a self-evaluation, whoever it says it is from.
            assert!(
                row.contains("wilfrid-12.txt") && !row.contains("Elm Road") && !row.contains("there"),
                "{name}: {row}"
            );
        }
    }
    let told = "SELECT count(*) FROM input_file WHERE file_name LIKE '%wilfrid%' AND file_name NOT LIKE '%-12.txt'";
    assert_eq!(albia.lais(&["query", "--restricted", "--format", "csv", told]).code(0).rows(), [["11"]]);
    let steps = std::fs::read_dir(albia.path("lake/steps")).unwrap().flatten();
    for step in steps {
        let text = std::fs::read_to_string(step.path()).unwrap();
        assert!(!text.contains("signals") && !text.contains("restricted"), "{text}");
    }
}

#[test]
fn a_file_that_was_told_in_confidence_stays_so_when_it_is_damaged() {
    let albia = albia();
    let row = "S-1,X06000001,2025-12-01,complaint,anonymous,hp-early-help,low,open,,";
    albia.source("december.csv", format!("{HEADER}\n{row}\n"));
    albia.build().code(0);
    albia.source("december.csv", "nonsense\n");
    albia.build().code(1).says(&["rows of december.csv", "no longer be understood", "the lake is unchanged"]);
    let count = albia.lais(&["query", "--restricted", "--format", "csv", "SELECT count(*) FROM signal"]).code(0).rows();
    assert_eq!(count, [["1"]]);
    albia.lais(&["build", "--sources", "sources", "--strict", "-q"]).code(1);
}

#[test]
fn what_is_told_later_is_seen_though_the_open_tables_are_the_same() {
    let albia = albia();
    let file = |id: &str, day: &str| {
        format!("{HEADER}\n{id},X06000001,{day},whistleblowing,anonymous,le-workforce,serious,open,,\n")
    };
    albia.source("signals/1.csv", file("S-1", "2026-01-10"));
    albia.build().code(0);
    albia.source("signals/2.csv", file("S-2", "2026-02-03"));
    albia.lais(&["build", "--sources", "sources", "--as-at", "2026-02-05"]).code(0);
    let ids = |more: &[&str]| {
        let mut arguments = vec!["query", "--restricted", "--format", "csv", "SELECT signal_id FROM signal ORDER BY 1"];
        arguments.extend(more);
        albia.lais(&arguments).code(0).rows().concat()
    };
    assert_eq!(ids(&[]), ["S-1", "S-2"]);
    assert_eq!(ids(&["--as-at", "2026-02-05"]), ["S-1", "S-2"]);
    assert_eq!(ids(&["--as-at", "2026-01-31"]), ["S-1"]);
}

#[test]
fn an_answer_with_what_was_told_can_be_read_by_its_owner_alone() {
    let albia = confiding();
    albia.build().code(0);
    albia.lais(&["query", "--restricted", "SELECT * FROM signal", "--out", "told.csv"]).code(0);
    albia.lais(&["query", "SELECT 1 AS a", "--out", "open.csv"]).code(0);
    let mode = |name| std::fs::metadata(albia.path(name)).unwrap().permissions().mode() & 0o077;
    assert_eq!(mode("told.csv"), 0);
    assert_ne!(mode("open.csv"), 0);
}

#[test]
fn a_table_of_signals_with_a_column_of_its_own_is_refused() {
    let albia = albia();
    albia.source(
        "signals.csv",
        format!("{HEADER},notes\nS-1,X06000001,2025-12-01,complaint,anonymous,hp-early-help,low,open,,,Wilfrid\n"),
    );
    let said = albia.build().code(0).says(&["signals.csv", "1 column(s)", "take them out"]);
    assert!(!said.err.contains("Wilfrid"), "{}", said.err);
}

#[test]
fn the_open_snapshot_is_the_same_whatever_was_told() {
    let (with, without) = (confiding(), albia());
    with.build().code(0);
    without.build().code(0);
    assert_eq!(with.current(), without.current());
    with.source(
        "signals/january.csv",
        format!("{HEADER}\nS-9,X06000003,2026-01-05,event,not-stated,cc-health,serious,open,,\n"),
    );
    with.build().code(0);
    assert_eq!(with.current(), without.current());
    let count = with.lais(&["query", "--restricted", "--format", "csv", "SELECT count(*) FROM signal"]).code(0).rows();
    assert_eq!(count, [["3"]]);
}

#[test]
fn an_earlier_day_is_answered_by_the_same_models_in_memory() {
    let albia = confiding();
    albia.build().code(0);
    let said =
        albia.lais(&["query", "SELECT max(period_end) FROM comparison", "--as-at", "2025-06-30", "--format", "csv"]);
    assert_eq!(said.code(0).rows(), [["2024-03-31"]]);
    let signals = ["query", "SELECT count(*) FROM signal", "--restricted", "--as-at", "2025-12-02", "--format", "csv"];
    assert_eq!(albia.lais(&signals).code(0).rows(), [["1"]]);
    albia.lais(&["compare", "Aldermoor", "--as-at", "2025-06-30"]).code(0).says(&["as at 2025-06-30"]);
}
