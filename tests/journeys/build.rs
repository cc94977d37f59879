//! What `lais build` promises: every row accounted for, nothing done twice, nothing lost to bad input.

use crate::country::{HEADER, albia, referral, referrals};
use crate::sandbox::Sandbox;

#[test]
fn a_file_becomes_figures_with_their_reasons_and_their_rows() {
    let albia = albia();
    albia.build().code(0);
    let cells = albia.rows(
        "SELECT geography_code, published_code, period_label, value, status, source_row, source_column
         FROM observation WHERE indicator_id = 'rereferral-rate' ORDER BY source_row",
    );
    let of = |row: usize| cells[row].join(" ");
    assert_eq!(of(0), "X92000001 X92000001 2025 22.5 observed 2 rereferral_percent");
    assert_eq!(of(6), "X06000014 X06000004 2025  suppressed 8 rereferral_percent");
    let statuses: Vec<_> = cells[7..].iter().map(|cell| cell[4].as_str()).collect();
    assert_eq!(statuses, ["not-available", "low", "not-applicable", "unreliable"]);
}

#[test]
fn comparators_leave_the_missing_out_and_say_how_many_there_were() {
    let albia = albia();
    albia.build().code(0);
    let rows = albia.rows(
        "SELECT authority_code, value, england, region, neighbour_mean, neighbour_median, neighbour_n, rank, rank_of, quartile_band
         FROM comparison WHERE indicator_id = 'rereferral-rate' AND period_end = '2025-03-31' ORDER BY authority_code",
    );
    let rows: Vec<_> = rows.iter().map(|row| row.join(" ")).collect();
    assert_eq!(
        rows,
        [
            "X06000001 15.0 22.5 20.0 22.5 22.5 2 1 3 A",
            "X06000002 25.0 22.5 20.0 17.5 17.5 2 3 3 D",
            "X06000003 20.0 22.5 25.0   0 2 3 B",
            "X06000014  22.5 25.0   0  3 ",
        ]
    );
}

#[test]
fn unchanged_files_are_not_read_again_and_make_no_new_snapshot() {
    let albia = albia();
    albia.build().code(0);
    let before = albia.current();
    albia.build().code(0).says(&["nothing changed", "0 file(s) read, 0 model(s) computed"]);
    assert_eq!(albia.current(), before);
    assert_eq!(std::fs::read_dir(albia.path("lake/snapshots")).unwrap().count(), 1);
}

#[test]
fn after_one_changed_file_only_what_depends_on_it_is_done_again() {
    let albia = albia();
    albia.source("population.csv", "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,age_group,population_estimate\n2024,Reporting year,National,X92000001,Albia,,,,,,Children aged 0 to 17 years,4000\n");
    albia.build().code(0);
    let before = albia.current();
    albia.source("referrals.csv", referrals().replace("100,15,15", "100,16,16"));
    albia.build().code(0).says(&["1 file(s) read"]);
    assert_ne!(albia.current(), before);
    assert_eq!(albia.value("SELECT value FROM comparison WHERE authority_code = 'X06000001' AND indicator_id = 'rereferral-rate' AND period_end = '2025-03-31'"), "16.0");
    assert!(albia.path("lake").join(before).join("manifest.json").exists(), "the earlier snapshot stays");
}

#[test]
fn a_bad_row_is_set_aside_with_a_sentence_and_the_rest_is_kept() {
    let albia = albia();
    let bad = [
        referral("2025", "Local authority,X92000001,Albia,X12000001,Northfell,9999,X99999999,Nowhere", "1,1,1"),
        referral("20255", "Aldermoor", "1,1,1"),
        referral("2025", "Aldermoor", "100,15,15"),
        referral("2023", "Aldermoor", "\"1,000\",15,150"),
        "2025,Reporting year,too short".to_owned(),
        referral("2025", "School,X92000001,Albia,,,,,", "1,1,1"),
    ];
    albia.source("referrals.csv", format!("{}{}\n", referrals(), bad.join("\n")));
    albia.build().code(0).says(&["4 row(s) in quarantine"]);
    let rows =
        albia.rows("SELECT source_row, column_name, value, rule FROM quarantine ORDER BY source_row, column_name");
    let rows: Vec<_> = rows.iter().map(|row| row.join(" | ")).collect();
    assert_eq!(
        rows[..2],
        ["13 | new_la_code | X99999999 | unknown-authority", "14 | time_period | 20255 | unknown-period"]
    );
    assert_eq!(rows[2], "15 | time_period | 2025 | repeated-row");
    assert_eq!(
        rows[3..5],
        ["16 | referral_count | 1,000 | not-a-figure", "16 | rereferral_percent | 150 | outside-range"]
    );
    assert!(rows[5].starts_with("17 |  | 2025,Reporting year,too short | wrong-number-of-fields"), "{rows:?}");
    let account = albia.rows("SELECT rows_read, rows_kept, rows_out_of_scope, rows_quarantined FROM source WHERE source_id = 'dfe-cin-referrals'");
    assert_eq!(account[0], ["17", "12", "1", "4"]);
    assert_eq!(albia.lais(&["build", "--sources", "sources", "--strict"]).code, 3);
    let status = albia.lais(&["status"]).code(0);
    for part in ["level-not-held", "unknown-authority", "X99999999", "repeated-row"] {
        assert!(status.out.contains(part), "{part}:\n{}", status.out);
    }
}

#[test]
fn the_same_rows_in_another_dress_are_the_same_figures() {
    let plain = albia();
    plain.build().code(0);
    let dressed = albia();
    let shuffled: Vec<String> =
        referrals().lines().map(|line| line.split(',').rev().collect::<Vec<_>>().join(",")).collect();
    dressed.source("referrals.csv", format!("\u{feff}{}\r\n", shuffled.join("\r\n")));
    dressed.build().code(0);
    let select = "SELECT * FROM observation ORDER BY indicator_id, geography_code, period_end";
    assert_eq!(plain.rows(select), dressed.rows(select));
}

#[test]
fn the_order_of_columns_and_a_name_decide_nothing() {
    let albia = albia();
    std::fs::rename(albia.path("sources/referrals.csv"), albia.path("sources/download (3).csv")).unwrap();
    albia.build().code(0);
    assert_eq!(albia.value("SELECT source_id FROM source WHERE file_name = 'download (3).csv'"), "dfe-cin-referrals");
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_refused_and_changes_nothing() {
    let albia = albia();
    albia.build().code(0);
    let before = albia.rows("SELECT * FROM observation ORDER BY indicator_id, geography_code, period_end");
    for (name, bytes, word) in [
        ("page.csv", b"<!DOCTYPE html><html><body>Not found</body></html>".as_slice(), "web page"),
        ("cut.ods", b"PK\x03\x04 and then nothing".as_slice(), "cut short"),
        ("empty.csv", b"".as_slice(), "empty"),
    ] {
        albia.source(name, bytes);
        let said = albia.build().code(0);
        assert_eq!(said.err.matches("error: ").count(), 1, "{}", said.err);
        let said = said.says(&[name, word, "1 file(s) refused, of which nothing is in the snapshot"]);
        assert!(!said.err.contains("panicked"), "{}", said.err);
        assert_eq!(albia.value(&format!("SELECT outcome FROM input_file WHERE file_name = '{name}'")), "refused");
        std::fs::remove_file(albia.path("sources").join(name)).unwrap();
    }
    albia.build().code(0);
    assert_eq!(albia.rows("SELECT * FROM observation ORDER BY indicator_id, geography_code, period_end"), before);
}

#[test]
fn a_table_that_ends_within_a_row_is_kept_as_far_as_it_goes_with_a_warning() {
    let albia = albia();
    let whole = std::fs::read_to_string(albia.path("sources/referrals.csv")).unwrap();
    let last = whole.trim_end().rfind('\n').unwrap();
    let cut = |fields: usize| {
        let row: Vec<&str> = whole[last + 1..].split(',').take(fields).collect();
        format!("{}\n{}", &whole[..last], row.join(","))
    };
    albia.source("referrals.csv", cut(9));
    albia.build().code(0).says(&["warning: referrals.csv: it ends within row 12", "download it again"]);
    // A row that is whole but for the end of its line, and a line of text below the table, are no sign of it.
    for sound in [whole.trim_end().to_owned(), format!("{}\nSource: Albia", whole.trim_end())] {
        albia.source("referrals.csv", sound);
        assert!(!albia.build().code(0).err.contains("it ends within row"));
    }
}

#[test]
fn where_nothing_can_be_ingested_the_build_fails_and_the_lake_is_unchanged() {
    let albia = albia();
    albia.build().code(0);
    let before = albia.current();
    albia.source("../alone/page.csv", "<html></html>");
    albia.lais(&["build", "--sources", "alone"]).code(1).says(&["page.csv", "web page", "the lake is unchanged"]);
    albia.lais(&["build", "--sources", "nowhere"]).code(1).says(&["nowhere"]);
    std::fs::create_dir(albia.path("hollow")).unwrap();
    albia.lais(&["build", "--sources", "hollow"]).code(1).says(&["no file lies in hollow", "the lake is unchanged"]);
    assert_eq!(albia.current(), before);
}

#[test]
fn a_file_that_nothing_recognises_is_reported() {
    let albia = albia();
    albia.source("mystery.csv", "a,b\n1,2\n");
    albia.source("nearly.csv", HEADER.replace("rereferral_percent", "rereferral_share") + "\n");
    albia.build().code(0).says(&[
        "unrecognised: mystery.csv",
        "unrecognised: nearly.csv",
        "has no column rereferral_percent",
    ]);
    let status = albia.lais(&["status"]).code(0);
    assert!(status.out.contains("mystery.csv") && status.out.contains("unrecognised"), "{}", status.out);
}

#[test]
fn a_column_that_would_change_what_rows_mean_stops_its_file() {
    let albia = albia();
    let with_sex: Vec<String> = referrals()
        .lines()
        .enumerate()
        .map(|(i, line)| match i {
            0 => format!("{line},sex"),
            n if n % 2 == 0 => format!("{line},Female"),
            _ => format!("{line},Male"),
        })
        .collect();
    albia.source("referrals.csv", with_sex.join("\n"));
    albia.build().code(0).says(&["error: referrals.csv", "\"sex\"", "[filters]"]);
    assert_eq!(albia.value("SELECT count(*) FROM observation"), "0");
}

#[test]
fn an_undescribed_column_of_figures_is_kept_under_its_name_with_a_warning() {
    let albia = albia();
    let more: Vec<String> = referrals()
        .lines()
        .enumerate()
        .map(|(i, line)| if i == 0 { format!("{line},new_count") } else { format!("{line},{i}") })
        .collect();
    albia.source("referrals.csv", more.join("\n"));
    albia.build().code(0).says(&["warning: referrals.csv", "new_count"]);
    assert_eq!(albia.value("SELECT count(*) FROM observation WHERE source_column = 'new_count'"), "11");
}

#[test]
fn copies_and_two_files_of_one_release_are_told_apart() {
    let albia = albia();
    albia.source("copy.csv", referrals());
    albia.source("second.csv", referrals().replace("100,25,25", "100,26,26"));
    albia.build().code(0).says(&["duplicate: referrals.csv", "copy.csv"]);
    let releases = albia.rows("SELECT release FROM source WHERE source_id = 'dfe-cin-referrals' ORDER BY release");
    assert_eq!(releases.len(), 2);
    assert!(releases.iter().all(|release| release[0].starts_with("2025-")), "{releases:?}");
    assert_eq!(
        albia.value(
            "SELECT count(*) FROM comparison WHERE indicator_id = 'rereferral-rate' AND period_end = '2025-03-31'"
        ),
        "4"
    );
}

#[test]
fn an_earlier_day_knows_only_what_was_public_then() {
    let albia = albia();
    let said = albia.lais(&["build", "--sources", "sources", "--as-at", "2025-06-30"]).code(0);
    said.says(&["warning: referrals.csv", "public from 2025-11-01", "--as-at 2025-11-01"]);
    assert_eq!(albia.value("SELECT max(period_end) FROM comparison"), "2024-03-31");
}

#[test]
fn a_new_source_is_a_file_of_toml_and_no_code() {
    let albia = albia();
    std::fs::create_dir(albia.path("mine")).unwrap();
    std::fs::write(albia.path("mine/visits.toml"), "id = 'own-visits'\ntitle = 'Visits'\npublisher = 'Albia'\nlicence = 'OGL-UK-3.0'\nreader = 'ees-csv'\n[recognise]\ncolumns = ['visits_percent']\n[time.'Reporting year']\nends = '03-31'\n[publication]\nusual_lag_days = 30\n[[indicators]]\nid = 'visits-on-time'\ntitle = 'Visits on time'\ncolumn = 'visits_percent'\nunit = 'percent'\npolarity = 'high-is-better'\ncriterion = 'cc-decisions'\n").unwrap();
    albia.source("visits.csv", "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,visits_percent\n2025,Reporting year,Local authority,X92000001,Albia,X12000001,Northfell,9001,X06000001,Aldermoor,88.5\n");
    albia.build().code(0).says(&["unrecognised: visits.csv"]);
    let text = std::fs::read_to_string(albia.path("mine/visits.toml")).unwrap();
    std::fs::create_dir(albia.path("slip")).unwrap();
    let slip = text.replace("column = 'visits_percent'", "column = 'visit_percent'");
    std::fs::write(albia.path("slip/visits.toml"), slip).unwrap();
    let said = albia.lais(&["build", "--sources", "sources", "--pipelines", "slip"]).code(0);
    said.says(&["warning: visits.csv", "visits-on-time (column \"visit_percent\")"]);
    albia.lais(&["build", "--sources", "sources", "--pipelines", "mine"]).code(0);
    assert_eq!(
        albia.rows("SELECT value, quartile_band FROM comparison WHERE indicator_id = 'visits-on-time'"),
        [["88.5", "D"]]
    );
}

#[test]
fn a_shared_service_is_a_row_of_each_authority_and_marked() {
    let albia = albia();
    let both = referral(
        "2025",
        "Local authority,X92000001,Albia,X12000001,Northfell,9001 / 9002,X06000001 / X06000002,Aldermoor / Brackwater",
        "200,40,20",
    );
    albia.source("referrals.csv", format!("{HEADER}\n{both}\n"));
    albia.build().code(0);
    let rows = albia.rows("SELECT geography_code, published_code, shared_service, source_row FROM observation WHERE indicator_id = 'rereferral-rate' ORDER BY geography_code");
    assert_eq!(
        rows,
        [["X06000001", "X06000001 / X06000002", "true", "2"], ["X06000002", "X06000001 / X06000002", "true", "2"],]
    );
    let marked = albia.rows("SELECT authority_code FROM comparison WHERE shared_service AND indicator_id = 'rereferral-rate' ORDER BY authority_code");
    assert_eq!(marked, [["X06000001"], ["X06000002"]]);
    albia.lais(&["pack", "Aldermoor"]).code(0);
    let page = std::fs::read_to_string(albia.path("packs/X06000001.html")).unwrap();
    assert!(page.contains("one figure for authorities that share a service"));
}

#[test]
fn the_same_sources_make_the_same_bytes_in_another_folder() {
    let (one, two) = (albia(), albia());
    one.build().code(0);
    two.build().code(0);
    assert_eq!(one.current(), two.current());
    let hashes = |sandbox: &Sandbox| {
        let text = std::fs::read_to_string(sandbox.path("lake/current/manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
        manifest["tables"].clone()
    };
    assert_eq!(hashes(&one), hashes(&two));
}

#[test]
fn a_table_whose_source_is_absent_is_empty_and_no_error() {
    let albia = albia();
    albia.build().code(0);
    for table in ["inspection", "inspection_source", "quarantine"] {
        assert_eq!(albia.value(&format!("SELECT count(*) FROM {table}")), "0");
    }
}

#[test]
fn a_second_build_at_the_same_time_is_told_to_wait() {
    let albia = albia();
    albia.build().code(0);
    let lock = std::fs::File::create(albia.path("lake/lock")).unwrap();
    lock.lock().unwrap();
    albia.build().code(1).says(&["another build is writing"]);
    drop(lock);
    albia.build().code(0);
}
