//! `lais backtest`: what the signals were worth, on a fictional country and on the published record.

use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

use crate::history;
use crate::sandbox::{Said, Sandbox, shared};

/// The workforce's figures, in the fictional country and among the published files.
const FICTIONAL: &str = "country/dfe-social-work-workforce/csww_indicators_2018_to_2025.csv";
const PUBLISHED: &str = "dfe-social-work-workforce/csww_indicators_2017_to_2025.csv";

/// A fictional country's inspections with a few of its figures, built.
fn country() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.lais(&["synth", "--out", "country", "--authorities", "60"]).code(0);
    build(&sandbox);
    sandbox
}

fn build(sandbox: &Sandbox) {
    let sources = ["country/register", "country/ofsted", "country/dfe-social-work-workforce"];
    let arguments = ["build", "--as-at", "2026-01-31", "--sources"].into_iter().chain(sources).collect::<Vec<_>>();
    sandbox.lais(&arguments).code(0);
}

fn report(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.lais(&["backtest", "--draws", "200", "--format", "json"]).code(0).out).unwrap()
}

/// Writes a file of figures again with an extreme vacancy rate: of every authority's figure of a year, or in a row of its
/// own, made from one of them, for another year.
fn plant(file: &Path, year: &str, into: Option<&str>) {
    let text = std::fs::read_to_string(file).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (period, level, rate) = (at("time_period"), at("geographic_level"), at("vacancy_rate_fte"));
    let mut rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let is_meant = |row: &csv::StringRecord| {
        &row[period] == year
            && &row[level] == "Local authority"
            && row[rate].parse::<f64>().is_ok_and(|rate| rate < 60.0)
    };
    let planted = |row: &csv::StringRecord| -> csv::StringRecord {
        let extreme = |(place, cell): (usize, &str)| match place {
            place if place == rate => "99.9".to_owned(),
            place if place == period => into.unwrap_or(cell).to_owned(),
            _ => cell.to_owned(),
        };
        row.iter().enumerate().map(extreme).collect()
    };
    match into {
        Some(_) => rows.push(planted(rows.iter().find(|row| is_meant(row)).unwrap())),
        None => rows.iter_mut().filter(|row| is_meant(row)).for_each(|row| *row = planted(row)),
    }
    let mut writer = csv::Writer::from_path(file).unwrap();
    writer.write_record(&header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
}

fn signal<'a>(report: &'a Value, signal: &str, outcome: &str) -> &'a Value {
    let of = |result: &&Value| result["signal"] == signal && result["outcome"] == outcome;
    report["signals"].as_array().unwrap().iter().find(of).unwrap()
}

#[test]
fn a_value_that_came_out_later_changes_nothing_and_one_that_was_public_does() {
    let country = country();
    let before = report(&country);
    assert!(signal(&before, "workforce-mean", "less-than-good")["n"].as_u64().unwrap() > 20, "{before}");
    // The figures of September 2026 come out after the last inspection of the record began.
    plant(&country.path(FICTIONAL), "2025", Some("2026"));
    build(&country);
    let held = "SELECT max(value) FROM observation WHERE indicator_id = 'social-worker-vacancy-rate' AND period_end > '2026-01-01'";
    assert_eq!(country.value(held), "99.9");
    // Without assert_eq, which would print two whole reports.
    assert!(report(&country) == before, "a figure that came out later changes the report");
    plant(&country.path(FICTIONAL), "2023", None);
    build(&country);
    assert!(report(&country) != before, "figures that were public change nothing");
}

#[test]
fn every_form_tells_the_same() {
    let country = country();
    let whole = report(&country);
    let with = |format: &str| country.lais(&["backtest", "--draws", "200", "--format", format]).code(0);
    let rows = with("csv").rows();
    assert_eq!(rows.len(), whole["signals"].as_array().unwrap().len());
    assert_eq!(with("ndjson").out.lines().count(), rows.len());
    let first: Value = serde_json::from_str(with("ndjson").out.lines().next().unwrap()).unwrap();
    assert_eq!(first, whole["signals"][0]);
    let table = with("table").out;
    for said in ["| last-grade ", "not shown to add to the last grade", "Threats to validity", "by calendar year"] {
        assert!(table.contains(said), "{said}: {table}");
    }
    for (file, begins) in [("b.svg", "<svg "), ("b.png", "\u{fffd}PNG")] {
        country.lais(&["backtest", "--draws", "100", "--chart", file]).code(0).says(&[file]);
        let bytes = std::fs::read(country.path(file)).unwrap();
        assert!(String::from_utf8_lossy(&bytes).starts_with(begins), "{file}");
    }
    country.lais(&["backtest", "--chart", "b.pdf"]).code(1).says(&["neither .svg nor .png"]);
    country.lais(&["backtest", "--from", "2031"]).code(1).says(&["no re-inspection", "2031"]);
    assert_eq!(country.lais(&["backtest", "--from", "2012"]).code, 2);
    assert_eq!(country.lais(&["backtest", "--draws", "10"]).code, 2);
}

/// The published record of inspections with the workforce's figures.
fn published() -> Option<&'static Sandbox> {
    static LAKE: OnceLock<Option<Sandbox>> = OnceLock::new();
    LAKE.get_or_init(|| {
        let data = shared("data")?;
        let sandbox = Sandbox::new();
        std::fs::copy(data.join(PUBLISHED), sandbox.path("sources/workforce.csv")).unwrap();
        Said::new(&build_published(&sandbox, &data).output().unwrap()).code(0);
        Some(sandbox)
    })
    .as_ref()
}

fn build_published(sandbox: &Sandbox, data: &Path) -> std::process::Command {
    let mut command = sandbox.command(&["build", "--as-at", "2026-11-24", "--sources", "sources"]);
    command.args(history::FILES.iter().map(|file| std::path::absolute(data.join(file)).unwrap()));
    command
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| unreachable!("{value} is no number"))
}

#[test]
fn the_last_grade_foretells_the_published_record_as_was_worked_out_by_hand() {
    let Some(lake) = published() else { return };
    let report = report(lake);
    let last = signal(&report, "last-grade", "less-than-good");
    assert_eq!((last["n"].as_u64(), last["events"].as_u64()), (Some(304), Some(109)));
    // Counted pair by pair in another language over the same 304 inspections.
    assert!((number(&last["auc"]) - 0.714_820_042_3).abs() < 1e-9, "{last}");
    assert!(number(&last["auc_low"]) > 0.6 && number(&last["auc_high"]) < 0.8, "{last}");
    let declined = signal(&report, "last-grade", "declined");
    assert_eq!((declined["n"].as_u64(), declined["events"].as_u64()), (Some(144), Some(25)));
    assert!((number(&declined["auc"]) - 0.593_445_378_2).abs() < 1e-9, "{declined}");
    for baseline in ["base-rate", "last-grade-and-years", "deprivation", "alphabetical"] {
        signal(&report, baseline, "declined");
    }
    let built = &report["with_built_outcomes"];
    let rule = built["rules"].as_array().unwrap().iter().find(|rule| rule["in_use"] == true).unwrap();
    assert_eq!((rule["reproduces"].as_u64(), rule["of"].as_u64()), (Some(302), Some(304)));
    let best = built["rules"].as_array().unwrap().iter().filter_map(|rule| rule["reproduces"].as_u64()).max();
    assert_eq!(best, Some(302), "no other rule is better than the one in use");
    let last = built["signals"].as_array().unwrap().iter().find(|result| result["signal"] == "last-grade").unwrap();
    assert_eq!(last["n"], 315);
}

#[test]
fn the_same_seed_gives_the_same_report_on_any_number_of_threads() {
    let Some(lake) = published() else { return };
    let on = |threads: &str, seed: &str| {
        let mut command = lake.command(&["backtest", "--draws", "200", "--format", "json", "--seed", seed]);
        command.env("RAYON_NUM_THREADS", threads).env("TOKIO_WORKER_THREADS", threads);
        Said::new(&command.output().unwrap()).code(0).out
    };
    let once = on("1", "5");
    assert!(once == on("3", "5"), "the report depends on the number of threads");
    assert!(once != on("1", "6"), "the report does not depend on the seed");
}

#[test]
fn a_figure_of_a_later_year_changes_nothing_of_the_published_record() {
    let Some(data) = shared("data") else { return };
    let Some(lake) = published() else { return };
    let planted = Sandbox::new();
    let file = planted.path("sources/workforce.csv");
    std::fs::write(&file, std::fs::read(data.join(PUBLISHED)).unwrap()).unwrap();
    plant(&file, "2025", Some("2026"));
    Said::new(&build_published(&planted, &data).output().unwrap()).code(0);
    assert!(report(&planted) == report(lake), "a figure that came out later changes the report");
}
