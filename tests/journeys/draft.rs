//! A file never seen before: a description is drafted from it, and a build with that description keeps every cell.

use std::path::Path;

use crate::country::{HEADER, albia, referral, referrals};
use crate::sandbox::{Said, Sandbox, shared};

/// Drafts a file into the folder of pipelines, as a person would by `>`.
#[track_caller]
fn draft(sandbox: &Sandbox, file: &Path) -> String {
    let toml = sandbox.lais(&["pipeline", "draft", &file.display().to_string()]).code(0).out;
    let folder = sandbox.path("pipelines");
    std::fs::create_dir_all(&folder).unwrap();
    let name = Path::new(file.file_name().unwrap()).with_extension("toml");
    std::fs::write(folder.join(name), &toml).unwrap();
    toml
}

fn build(sandbox: &Sandbox) -> Said {
    sandbox.lais(&["build", "--sources", "sources", "--pipelines", "pipelines", "--as-at", "2026-01-31"])
}

/// Each cell of a source in order: row, column, area, end of period, breakdown, and what was read there.
fn cells(sandbox: &Sandbox, source: &str) -> Vec<String> {
    let rows = sandbox.rows(&format!(
        "SELECT source_row, source_column, geography_code, period_end, breakdown, value, status, value_label
         FROM observation WHERE source_id = '{source}' ORDER BY source_row, source_column, geography_code"
    ));
    let text = |row: Vec<String>| {
        let cell = if row[6] == "observed" { row[5].clone() } else { row[6].clone() };
        let label = if row[7].is_empty() { String::new() } else { format!(" ({})", row[7]) };
        format!("{} {} {} {} {}: {cell}{label}", row[0], row[1], row[2], row[3], row[4])
            .replace("  ", " ")
            .replace(" :", ":")
    };
    rows.into_iter().map(text).collect()
}

#[test]
fn files_of_every_shape_of_the_family_are_drafted_and_every_cell_comes_back_exact() {
    let albia = albia();
    std::fs::remove_file(albia.path("sources/referrals.csv")).unwrap();
    let files = [
        (
            "national.csv",
            "time_period,time_identifier,geographic_level,country_code,country_name,child_count\n\
             2024,Calendar year,National,X92000001,Albia,5\n2025,Calendar year,National,X92000001,Albia,low\n"
                .to_owned(),
            vec!["2 child_count X92000001 2024-12-31: 5.0", "3 child_count X92000001 2025-12-31: low"],
        ),
        (
            "regional.csv",
            "\u{feff}Change_Points,Region_Name,TIME_PERIOD, Time_Identifier ,Geographic_Level\n\
             -1.5,Northfell,202425,Financial year, REGIONAL\n..,Southmere,202425,Financial year,Regional\n"
                .to_owned(),
            vec![
                "2 Change_Points X12000001 2025-03-31: -1.5",
                "3 Change_Points X12000002 2025-03-31: not-available",
            ],
        ),
        (
            "formats.csv",
            "time_period,time_identifier,geographic_level,new_la_code,wait,cost,share\n\
             202425,Tax year,Local authority,X06000001,1:04,\"12,345\",12.5%\n\
             202425,Tax year,Local authority,X06000002,0:12,900,[c]\n\
             202425,Tax year,Local authority,X06000003,2:11,z,0%\n"
                .to_owned(),
            vec![
                "2 cost X06000001 2025-04-05: 12345.0 (12,345)",
                "2 share X06000001 2025-04-05: 12.5 (12.5%)",
                "2 wait X06000001 2025-04-05: 16.0 (1:04)",
                "3 cost X06000002 2025-04-05: 900.0 (900)",
                "3 share X06000002 2025-04-05: suppressed",
                "4 cost X06000003 2025-04-05: not-applicable",
                "4 share X06000003 2025-04-05: 0.0 (0%)",
                "4 wait X06000003 2025-04-05: 35.0 (2:11)",
            ],
        ),
        (
            "names.csv",
            "time_period,time_identifier,geographic_level,la_name,sex,n_count\n\
             202425,Autumn term,Local authority,Aldermoor,Total,7\n202425,Autumn term,Local authority,Aldermoor,,3\n\
             202425,Autumn term,Local authority,Nowhere,Total,2\n202425,Autumn term,School,,Total,1\n"
                .to_owned(),
            vec![
                "2 n_count X06000001 2024-12-31: 7.0",
                "3 n_count X06000001 2024-12-31 sex=(blank): 3.0",
            ],
        ),
        (
            "long.csv",
            "time_period,time_identifier,geographic_level,old_la_code,indicator,value\n\
             202425,Academic year,Local authority,9001,Pupils,1200\n202425,Academic year,Local authority,9001,Percent absent,7.5\n"
                .to_owned(),
            vec!["2 value X06000001 2025-08-31: 1200.0", "3 value X06000001 2025-08-31: 7.5"],
        ),
        (
            "weeks.csv",
            "time_period,time_identifier,geographic_level,country_code,n_count\n\
             2024,Week 9,National,X92000001,4\n2024,Week 10,National,X92000001,6\n"
                .to_owned(),
            vec!["2 n_count X92000001 2024-03-03: 4.0", "3 n_count X92000001 2024-03-10: 6.0"],
        ),
    ];
    for (name, text, _) in &files {
        albia.source(name, text);
        let toml = draft(&albia, &albia.path("sources").join(name));
        assert_eq!(toml, draft(&albia, &albia.path("sources").join(name)), "the same file gives the same draft");
        assert!(toml.contains("# unsure: "), "{toml}");
    }
    build(&albia).code(0).says(&["files: 7 ingested, 3 register", "1 row(s) in quarantine, and 1 cell(s)"]);
    for (name, _, expected) in &files {
        assert_eq!(cells(&albia, name.trim_end_matches(".csv")), *expected, "{name}");
    }
    let rules = albia.rows("SELECT source_id, source_row, column_name, value, rule FROM quarantine ORDER BY 1, 2");
    assert_eq!(
        rules,
        [["formats", "3", "wait", "0:12", "not-a-figure"], ["names", "4", "la_name", "Nowhere", "unknown-authority"]]
    );
    let left_out = albia.rows("SELECT source_id, rule, rows FROM row_account WHERE outcome = 'out-of-scope'");
    assert_eq!(left_out, [["names", "level-not-held", "1"]]);
    let units =
        albia.rows("SELECT indicator_id, unit FROM indicator WHERE source_id IN ('long', 'formats') ORDER BY 1");
    assert_eq!(
        units,
        [
            ["formats-cost", "number"],
            ["formats-share", "percent"],
            ["formats-wait", "months"],
            ["long-percent-absent", "percent"],
            ["long-pupils", "number"]
        ]
    );
    assert_eq!(
        albia.value("SELECT period_label FROM observation WHERE source_id = 'weeks' AND source_row = 2"),
        "2024 Week 9"
    );
}

#[test]
fn a_draft_wins_for_its_file_and_check_says_what_takes_the_place_of_what() {
    let albia = albia();
    let toml = draft(&albia, &albia.path("sources/referrals.csv"));
    assert!(toml.contains("built-in pipeline dfe-cin-referrals recognises this file too"), "{toml}");
    for _ in 0..2 {
        // Also where what is remembered of the file is all that is looked at.
        build(&albia).code(0).says(&[
            "warning: referrals.csv: it is read by the pipeline referrals of --pipelines and not by the built-in dfe-cin-referrals",
        ]);
    }
    albia.lais(&["compare", "Aldermoor"]).code(0).says(&["of it, but none of an indicator that is compared"]);
    let sources = albia.rows("SELECT source_id, rows_read, rows_kept FROM source WHERE source_id LIKE '%referrals'");
    assert_eq!(sources, [["referrals", "11", "11"]]);
    std::fs::write(albia.path("pipelines/own.toml"), toml.replace("id = \"referrals\"", "id = \"dfe-cin-referrals\""))
        .unwrap();
    build(&albia).says(&["note: pipelines/own.toml takes the place of pipelines/dfe-cin-referrals.toml"]);
    let said = albia.lais(&["pipeline", "check", "--pipelines", "pipelines", "--format", "csv"]).code(0);
    let rows = said.rows();
    let row = |id: &str| rows.iter().find(|row| row[0] == id).unwrap().clone();
    let (own, drafted, other) = (row("dfe-cin-referrals"), row("referrals"), row("dfe-cin-section-47"));
    assert_eq!(own[6..], ["pipelines/own.toml", "pipelines/dfe-cin-referrals.toml"]);
    assert_eq!((drafted[6].as_str(), drafted[7].as_str()), ("pipelines/referrals.toml", ""));
    assert!(drafted[5].parse::<usize>().unwrap() > 0 && other[5] == "0", "{drafted:?} {other:?}");
    said.says(&[
        "pipelines/own.toml takes the place of pipelines/dfe-cin-referrals.toml: both have the id dfe-cin-referrals",
        "pipelines/referrals.toml: ",
        "places are marked unsure",
    ]);
}

#[test]
fn what_no_draft_can_be_made_from_is_refused_with_what_it_looks_like() {
    let albia = albia();
    let row = referral("2025", "Aldermoor", "100,15,15");
    for (name, bytes, words) in [
        ("empty.csv", String::new(), ["empty", "download it again"]),
        ("page.csv", "<!doctype html><title>x</title>".to_owned(), ["web page", "by hand"]),
        ("book.xlsx", "PK\u{3}\u{4}".to_owned(), ["workbook", "docs/pipelines.md"]),
        ("letter.pdf", "%PDF-1.7".to_owned(), ["PDF", "CSV files"]),
        ("facts.parquet", "PAR1".to_owned(), ["Parquet", "download it again"]),
        ("other.csv", "a,b\n1,2\n".to_owned(), ["another layout", "time_period"]),
        ("twice.csv", format!("{HEADER}\n{row}\n{row}\n"), ["several rows of one area, period and breakdown", "row 3"]),
    ] {
        albia.source(name, bytes);
        let said = albia.lais(&["pipeline", "draft", &format!("sources/{name}")]).code(1).says(&words);
        assert!(said.out.is_empty() && said.err.starts_with(&format!("error: sources/{name}: ")), "{}", said.err);
    }
    albia.lais(&["pipeline", "draft", "sources"]).code(1).says(&["it is a folder"]);
    albia.lais(&["pipeline", "draft", "nowhere.csv"]).code(1).says(&["nowhere.csv", "cannot be read"]);
    assert!(referrals().contains("Aldermoor"));
}

/// The crate's own test holds every published file against its built-in pipeline; this one goes through the program.
#[test]
fn a_build_by_drafts_alone_has_the_cells_of_a_build_by_the_built_in_pipelines() {
    let Some(data) = shared("data") else { return };
    let names = [
        "dfe-social-work-workforce/csww_indicators_2017_to_2025.csv",
        "dfe-children-looked-after/la_cla_placement_stability.csv",
        "ons/ons_mid-year_population_estimates_2012_to_2024.csv",
    ];
    let (own, drafted) = (Sandbox::new(), Sandbox::new());
    for name in names {
        let path = std::path::absolute(data.join(name)).unwrap();
        draft(&drafted, &path);
        for sandbox in [&own, &drafted] {
            sandbox.source(name, std::fs::read(&path).unwrap());
        }
    }
    own.build().code(0).says(&["3 ingested"]);
    build(&drafted).code(0).says(&["3 ingested"]);
    let cells = |sandbox: &Sandbox| {
        sandbox.rows(
            "SELECT s.file_name, o.geography_code, o.period_end, o.source_row, o.source_column, o.value, o.status
             FROM observation AS o INNER JOIN source AS s ON o.source_id = s.source_id AND o.release = s.release
             ORDER BY 1, 4, 5, 2",
        )
    };
    let (by_own, by_draft) = (cells(&own), cells(&drafted));
    assert!(by_own.len() > 40_000 && by_own == by_draft, "{} and {} cells", by_own.len(), by_draft.len());
    let sources = drafted.rows("SELECT source_id FROM source ORDER BY 1");
    assert_eq!(sources, [["csww-indicators"], ["la-cla-placement-stability"], ["ons-mid-year-population-estimates"]]);
}
