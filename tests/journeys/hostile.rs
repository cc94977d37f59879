//! Input that would pass for something else: each is caught, and says what it is.

use crate::country::{HEADER, albia, referral, referrals};
use crate::sandbox::{Sandbox, root};

#[test]
fn a_quotation_mark_that_is_never_closed_spoils_its_own_row_and_moves_no_figure() {
    let albia = albia();
    let rows = referrals().replace(",Aldermoor,Referrals,100,15", ",\"Aldermoor,Referrals,100,15");
    albia.source("referrals.csv", rows.replace(",Cindleford,Referrals,100,20", ",Cindleford\",Referrals,100,20"));
    albia.build().code(0).says(&["2 row(s) in quarantine"]);
    let account =
        albia.rows("SELECT rows_read, rows_kept, rows_quarantined FROM source WHERE source_id = 'dfe-cin-referrals'");
    assert_eq!(account, [["11", "9", "2"]]);
    let seen = albia.rows("SELECT geography_code, value FROM observation WHERE indicator_id = 'rereferral-rate' AND period_label = '2025' AND geography_level = 'authority' ORDER BY geography_code");
    assert_eq!(seen, [["X06000002", "25.0"], ["X06000014", ""]]);
}

#[test]
fn a_name_that_is_another_places_is_no_authoritys_figure() {
    let albia = albia();
    let rows = [
        referral("2025", "Local authority,X92000001,Albia,X12000001,Northfell,9001,X06000001,Elsewhere", "100,15,15"),
        referral("2025", "Local authority,X92000001,Albia,X12000001,Northfell,7777,X06000002,Brackwater", "100,15,15"),
        referral("2025", "National,X92000001,Otherland,,,,,", "1,1,1"),
        referral(
            "2025",
            "Local authority,X92000001,Albia,X12000002,Southmere,9003,X06000003,Cindleford Council",
            "100,15,15",
        ),
    ];
    albia.source("referrals.csv", format!("{HEADER}\n{}\n", rows.join("\n")));
    albia.build().code(0);
    let rules = albia.rows("SELECT rule FROM quarantine ORDER BY source_row");
    assert_eq!(rules, [["unknown-name"], ["codes-contradict"], ["name-contradicts-code"]]);
    assert_eq!(albia.value("SELECT count(DISTINCT geography_code) FROM observation"), "1");
}

#[test]
fn a_snapshot_that_lacks_a_file_is_an_error_and_the_next_build_mends_it() {
    let albia = albia();
    albia.build().code(0);
    let figures = albia.rows("SELECT * FROM comparison ORDER BY indicator_id, authority_code, period_end");
    for file in ["comparison.parquet", "manifest.json"] {
        std::fs::remove_file(albia.path("lake/current").join(file)).unwrap();
        let said = albia.lais(&["query", "SELECT count(*) FROM comparison"]).code(1);
        assert!(said.err.contains(file), "{}", said.err);
        albia.build().code(0);
        assert_eq!(albia.rows("SELECT * FROM comparison ORDER BY indicator_id, authority_code, period_end"), figures);
    }
}

#[test]
fn two_files_of_one_release_are_named_and_the_later_by_name_holds() {
    let albia = albia();
    albia.source("referrals_v2.csv", referrals().replace("100,15,15", "100,16,16"));
    albia
        .build()
        .code(0)
        .says(&["referrals.csv and referrals_v2.csv are files of one source and release", "referrals_v2.csv, holds"]);
    assert_eq!(albia.value("SELECT value FROM comparison WHERE authority_code = 'X06000001' AND indicator_id = 'rereferral-rate' AND period_end = '2025-03-31'"), "16.0");
}

#[test]
fn figures_of_a_part_never_pass_for_those_of_all() {
    let with_column = |name: &str, value: &dyn Fn(usize) -> String| -> String {
        let lines = referrals().lines().map(str::to_owned).collect::<Vec<_>>();
        let lines = lines
            .iter()
            .enumerate()
            .map(|(i, line)| format!("{line},{}", if i == 0 { name.to_owned() } else { value(i) }));
        lines.collect::<Vec<_>>().join("\n")
    };
    let albia = albia();
    albia.source("referrals.csv", with_column("sex", &|_| "Male".to_owned()));
    albia.build().code(0).says(&["error: referrals.csv", "\"sex\"", "[filters]"]);
    albia.source("referrals.csv", with_column("sex", &|_| "Total".to_owned()));
    albia.build().code(0).says(&["warning: referrals.csv", "passed over"]);
    let ages = referrals().lines().skip(1).map(|line| format!("{line},5\n{line},6")).collect::<Vec<_>>().join("\n");
    albia.source("by-age/referrals.csv", format!("{HEADER},age\n{ages}\n"));
    albia.build().code(0).says(&["error: by-age/referrals.csv", "\"age\"", "several rows"]);
    albia.source("parts.csv", referrals().replacen(",Referrals,", ",Referrals by police,", 1));
    albia.build().code(0).says(&["error: parts.csv", "described as constant", "Referrals by police"]);
}

#[test]
fn a_shared_row_that_is_set_aside_takes_no_other_row_with_it() {
    let albia = albia();
    let rows = [
        referral("2025", "Aldermoor", "100,15,15"),
        referral(
            "2025",
            "Local authority,X92000001,Albia,X12000001,Northfell,9001 / 9002,X06000001 / X06000002,Aldermoor / Brackwater",
            "200,40,20",
        ),
        referral("2025", "Brackwater", "100,25,25"),
    ];
    albia.source("referrals.csv", format!("{HEADER}\n{}\n", rows.join("\n")));
    albia.build().code(0);
    assert_eq!(albia.rows("SELECT source_row, rule FROM quarantine"), [["3", "repeated-row"]]);
    assert_eq!(albia.value("SELECT count(DISTINCT geography_code) FROM observation"), "2");
}

#[test]
fn a_single_bad_cell_is_counted_by_strict() {
    let albia = albia();
    albia.source("referrals.csv", referrals().replace("100,15,15", "100,15,about 15"));
    let said = albia.lais(&["build", "--sources", "sources", "--strict"]).code(3);
    said.says(&["0 row(s) in quarantine, and 1 cell(s) of rows that were kept"]);
}

#[test]
fn a_misprint_of_nineteen_digits_stops_nothing() {
    let albia = albia();
    albia.source("referrals.csv", referrals().replace("100,15,15", "1e19,15,15"));
    albia.build().code(0);
    assert_eq!(albia.rows("SELECT column_name, rule FROM quarantine"), [["referral_count", "outside-range"]]);
}

#[test]
fn one_period_under_two_labels_is_one_period() {
    let albia = albia();
    let mine = "id = 'own'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'ees-csv'\n[recognise]\ncolumns = ['share']\n[time.'Financial year']\nends = '03-31'\n[publication]\nusual_lag_days = 1\n[columns.share]\ntitle = 'Share'\nunit = 'percent'\n";
    std::fs::create_dir(albia.path("mine")).unwrap();
    std::fs::write(albia.path("mine/own.toml"), mine).unwrap();
    let row = |label: &str, share: &str| {
        format!("{label},Financial year,Local authority,,,,,9001,X06000001,Aldermoor,{share}\n")
    };
    let header = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,share\n";
    albia.source("own.csv", format!("{header}{}{}", row("2025", "1"), row("202425", "2")));
    albia.lais(&["build", "--sources", "sources", "--pipelines", "mine"]).code(0);
    assert_eq!(albia.rows("SELECT source_row, rule FROM quarantine"), [["3", "repeated-row"]]);
}

#[test]
fn a_file_that_was_good_and_is_refused_now_loses_nothing_in_silence() {
    let albia = albia();
    albia.build().code(0);
    let before = albia.current();
    albia.source("referrals.csv", "<html><body>Please accept cookies</body></html>");
    albia.build().code(1).says(&["referrals.csv", "web page", "the lake is unchanged"]);
    assert_eq!(albia.current(), before);
}

#[test]
fn what_is_not_ours_in_the_lakes_folder_stays() {
    let albia = albia();
    std::fs::create_dir(albia.path(".tmp-mine")).unwrap();
    std::fs::write(albia.path(".tmp-mine/a"), "precious").unwrap();
    albia.lais(&["--lake", ".", "build", "--sources", "sources"]).code(0);
    assert!(albia.path(".tmp-mine/a").exists());
}

#[test]
fn a_part_of_a_register_is_told_apart_from_none() {
    let albia = albia();
    std::fs::remove_file(albia.path("sources/register/authority.csv")).unwrap();
    albia.build().code(1).says(&["authority_code, dfe_code", "region.csv", "README"]);
}

#[test]
fn an_authority_that_is_behind_the_others_is_shown_with_its_own_period() {
    let albia = albia();
    albia.source("referrals.csv", format!("{}{}\n", referrals(), referral("2026", "Aldermoor", "100,10,10")));
    albia.lais(&["build", "--sources", "sources", "--as-at", "2026-12-31"]).code(0);
    let rows = albia.lais(&["compare", "Brackwater", "--format", "csv"]).code(0).rows();
    let rate = rows.iter().find(|row| row[1] == "rereferral-rate").unwrap();
    assert_eq!((rate[5].as_str(), rate[6].as_str()), ("2025-03-31", "25.0"));
}

#[test]
fn a_status_of_which_only_the_first_line_is_read_is_no_failure() {
    use std::io::Read as _;
    let albia = albia();
    albia.build().code(0);
    let mut child = albia
        .command(&["status"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 1]).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn every_file_that_fuzzing_kept_is_read_or_refused_and_fails_no_reader() {
    let sandbox = Sandbox::new();
    let mut files = 0;
    for (target, ending) in
        [("table", "csv"), ("sheet", "xlsx"), ("document", "md"), ("parquet", "parquet"), ("report", "pdf")]
    {
        for entry in std::fs::read_dir(root().join("tests/fuzz/corpus").join(target)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().replace('.', "-");
            sandbox.source(&format!("{target}/{name}.{ending}"), std::fs::read(entry.path()).unwrap());
            files += 1;
        }
    }
    assert!(files > 300, "{files}");
    let said = sandbox.build().code(0);
    assert!(!said.err.contains("panicked") && !said.err.contains("not foreseen"), "{}", said.err);
    // Every one of them is accounted for: those that were told in confidence are in no open table.
    let sql = "SELECT count(*) FROM input_file";
    let listed: usize = sandbox.value(sql).parse().unwrap();
    let confided = sandbox.lais(&["query", "--restricted", sql, "--format", "csv"]).code(0).rows();
    assert!(listed <= files && confided.len() == 1, "{listed} {confided:?}");
}
