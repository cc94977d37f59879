//! The command as a person meets it: help, errors, formats, exit codes.

use crate::country::{AUTHORITIES, albia};
use crate::sandbox::Sandbox;

#[test]
fn every_command_has_help_with_an_example() {
    let sandbox = Sandbox::new();
    let help = sandbox.lais(&["--help"]).code(0).out;
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    // A wrapped line of a description is indented further than a name.
    let lines = commands.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let names: Vec<_> =
        lines.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        let help = match name {
            "pipeline" => {
                let draft = sandbox.lais(&[name, "draft", "--help"]);
                assert!(draft.out.contains("lais pipeline draft new_table.csv >"), "{}", draft.out);
                sandbox.lais(&[name, "check", "--help"])
            }
            "chart" => sandbox.lais(&[name, "trend", "--help"]),
            _ => sandbox.lais(&[name, "--help"]),
        };
        assert!(help.out.contains("Example:"), "{name}: {}", help.out);
    }
    insta::assert_snapshot!("help", help);
}

#[test]
fn without_a_snapshot_a_command_says_how_to_make_one() {
    Sandbox::new().lais(&["status"]).code(1).says(&["no snapshot", "lais build --sources"]);
}

#[test]
fn a_day_that_counts_as_today_is_understood_or_refused() {
    let albia = albia();
    albia.build().code(0);
    let on = |day: &str| {
        let mut command = albia.command(&["compare", "Aldermoor"]);
        crate::sandbox::Said::new(&command.env("LAIS_TODAY", day).output().unwrap())
    };
    on("2025-06-30").code(0).says(&["as at 2025-06-30"]);
    on("30 June").code(1).says(&["LAIS_TODAY", "30 June", "write it as 2025-03-31"]);
}

#[test]
fn wrong_usage_ends_with_two() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.lais(&["build"]).code, 2);
    assert_eq!(sandbox.lais(&["nonsense"]).code, 2);
    assert_eq!(sandbox.lais(&["build", "--sources", "a", "--as-at", "soon"]).code, 2);
    sandbox.lais(&["build", "--sources", "a", "--engine", "df://127.0.0.1:50050"]).code(2).says(&["built without one"]);
}

#[test]
fn every_format_tells_the_same() {
    let albia = albia();
    albia.build().code(0);
    let ask = |format| {
        albia
            .lais(&["query", "SELECT 'a' AS word, 1.5 AS number, cast(NULL AS double) AS nothing", "--format", format])
            .code(0)
            .out
    };
    assert_eq!(ask("csv"), "word,number,nothing\na,1.5,\n");
    assert_eq!(ask("json"), "[{\"word\":\"a\",\"number\":1.5,\"nothing\":null}]\n");
    assert_eq!(ask("ndjson"), "{\"word\":\"a\",\"number\":1.5,\"nothing\":null}\n");
    assert!(ask("table").contains("| word |"));
    assert_eq!(albia.lais(&["query", "SELECT 1 AS a WHERE false", "--format", "json"]).code(0).out, "[]\n");
    assert_eq!(albia.lais(&["query", "SELECT 1 AS a WHERE false", "--format", "csv"]).code(0).out, "a\n");
    albia.lais(&["query", "SELECT 1 AS a", "--format", "parquet", "--out", "a.parquet"]).code(0);
    assert!(std::fs::read(albia.path("a.parquet")).unwrap().starts_with(b"PAR1"));
}

#[test]
fn a_query_can_only_read() {
    let albia = albia();
    albia.build().code(0);
    for sql in [
        "DROP TABLE observation",
        "CREATE TABLE a AS SELECT 1",
        "CREATE EXTERNAL TABLE a STORED AS CSV LOCATION '/etc/hostname'",
        "COPY (SELECT 1) TO 'stolen.csv'",
        "INSERT INTO source SELECT * FROM source",
        "SET datafusion.execution.target_partitions = 1",
        "SELECT * FROM '/etc/passwd'",
        "SELECT nonsense FROM observation",
        "not sql at all",
    ] {
        let said = albia.lais(&["query", sql]).code(1);
        assert!(said.err.starts_with("error: ") && !said.err.contains("panicked"), "{sql}: {}", said.err);
    }
    assert!(!albia.path("stolen.csv").exists());
}

#[test]
fn a_table_that_is_not_there_is_named_with_the_one_that_may_be_meant() {
    let albia = albia();
    albia.build().code(0);
    let refused = |sql: &str| albia.lais(&["query", sql]).code(1);
    refused("SELECT * FROM inspections").says(&["no table is called \"inspections\"", "did you mean inspection?"]);
    refused("WITH a AS (SELECT 1) SELECT * FROM a, judgment").says(&["\"judgment\"", "did you mean judgement?"]);
    refused("SELECT * FROM xyzzy").says(&["no table is called \"xyzzy\"; `lais status` lists them"]);
    for signal in ["signal", "public.signal"] {
        refused(&format!("SELECT * FROM {signal}")).says(&["signals are restricted", "--restricted"]);
    }
    refused("SELECT * FROM public.inspections").says(&["did you mean inspection?"]);
    assert_eq!(albia.lais(&["query", "SELECT count(*) FROM generate_series(1, 3)"]).code, 0);
    assert_eq!(albia.lais(&["query", "WITH a AS (SELECT 1) SELECT * FROM a"]).code, 0);
    assert_eq!(albia.lais(&["query", "SELECT count(*) FROM information_schema.columns"]).code, 0);
}

#[test]
fn an_authority_is_found_by_code_of_any_vintage_or_by_name() {
    let albia = albia();
    albia.build().code(0);
    for asked in ["X06000014", "x06000004", "9004", "Dunmarsh", "dunmarsh", "Dunm"] {
        albia.lais(&["compare", asked]).code(0).says(&["Dunmarsh (X06000014)", "as at 2026-01-31", "is Southmere"]);
    }
    albia.source("register/authority_alias.csv", "alias,authority_code\nNorth corporation,X06000014\n");
    albia.build().code(0);
    albia.lais(&["compare", "North corporation"]).code(0);
    // Only a name's own beginning stands for it: "North" could be a region.
    albia.lais(&["compare", "North"]).code(1).says(&["North"]);
    assert_eq!(albia.lais(&["compare", ""]).code, 1);
    albia.lais(&["compare", "Dunmarsh", "--as-at", "30/06/2024"]).code(2).says(&["write it as 2025-03-31"]);
    albia.lais(&["compare", "Narnia"]).code(1).says(&["Narnia", "lais authorities"]);
    albia.lais(&["compare", "Dunmrash"]).code(1).says(&["did you mean Dunmarsh (X06000014)?", "lais authorities"]);
    for full in ["Dunmarsh Borough Council", "the city of dunmarsh", "London Borough of Dunmarsh"] {
        albia.lais(&["compare", full]).code(0).says(&["Dunmarsh (X06000014)"]);
    }
    albia.lais(&["compare", "O'Brien"]).code(1).says(&["O'Brien"]);
    let said = albia.lais(&["compare", "Aldermoor", "--with", "neighbours", "--format", "csv"]).code(0);
    assert!(
        said.out.starts_with("criterion_id,indicator_id,")
            && said.out.contains("neighbour_mean")
            && !said.out.contains("england"),
        "{}",
        said.out
    );
}

#[test]
fn a_council_that_ended_says_so_and_whose_its_area_is() {
    let albia = albia();
    let ended = "X06000003,9003,Cindleford,unitary-authority,X12000002,X12000002,Southmere,1974-04-01,,";
    let successor = "X06000014,9004,Dunmarsh,unitary-authority,X12000002,X12000002,Southmere,1974-04-01,,";
    let merged = AUTHORITIES
        .replace(ended, &ended.replace(",,", ",2021-03-31,X06000014"))
        .replace(successor, &successor.replace("1974-04-01", "2021-04-01"));
    albia.source("register/authority.csv", merged);
    albia.build().code(0);
    let chart = albia.path("trend.svg").display().to_string();
    let asked: [&[&str]; 2] =
        [&["compare", "Cindleford"], &["chart", "trend", "Cindleford", "rereferral-rate", "--out", &chart]];
    for asked in asked {
        albia.lais(asked).code(0).says(&["on 2021-04-01 the council ended; its area went to Dunmarsh"]);
    }
    albia.lais(&["compare", "Dunmarsh"]).code(0).says(&["on 2021-04-01 the council began; its area came from Cindl"]);
    let said = albia.lais(&["compare", "Cindleford", "--as-at", "2021-03-31"]).code(0);
    assert!(!said.err.contains("ended"), "{}", said.err);
    assert!(!albia.lais(&["compare", "Aldermoor"]).code(0).err.contains("joined across"));
}

#[test]
fn the_lake_can_be_named_in_three_ways_and_the_command_line_wins() {
    let albia = albia();
    std::fs::write(albia.path("lais.toml"), "lake = \"from-file\"\n").unwrap();
    albia.build().code(0);
    assert!(albia.path("from-file/current").exists());
    let mut with_environment = albia.command(&["build", "--sources", "sources"]);
    assert!(with_environment.env("LAIS_LAKE", "from-environment").output().unwrap().status.success());
    assert!(albia.path("from-environment/current").exists());
    albia.lais(&["--lake", "typed", "build", "--sources", "sources"]).code(0);
    assert!(albia.path("typed/current").exists());
    std::fs::write(albia.path("lais.toml"), "lakes = \"typo\"\n").unwrap();
    albia.lais(&["status"]).code(1).says(&["lais.toml", "lakes"]);
}

#[test]
fn pipelines_are_explained_or_named_with_their_fault() {
    let sandbox = Sandbox::new();
    let said = sandbox.lais(&["pipeline", "check"]).code(0);
    assert!(said.out.contains("dfe-cin-referrals") && said.out.contains("recognised_by"), "{}", said.out);
    std::fs::create_dir(sandbox.path("mine")).unwrap();
    std::fs::write(sandbox.path("mine/bad.toml"), "id = 'bad'\nreader = 'magic'\n").unwrap();
    sandbox.lais(&["pipeline", "check", "--pipelines", "mine"]).code(1).says(&["bad.toml", "line 2"]);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    use std::io::Read as _;
    let albia = albia();
    albia.build().code(0);
    let mut command = albia.command(&[
        "query",
        "SELECT * FROM observation CROSS JOIN authority CROSS JOIN indicator",
        "--format",
        "csv",
    ]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut first).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn the_functions_examples_work() {
    let albia = albia();
    albia.build().code(0);
    for row in albia.lais(&["functions", "--format", "csv"]).code(0).rows() {
        albia.lais(&["query", &row[3]]).code(0);
    }
}
