//! `lais synth` and `lais demo`: a fictional country through the whole road.

use std::sync::OnceLock;

use crate::cells;
use crate::sandbox::Sandbox;

/// One demo for all tests here.
pub(crate) fn demo() -> &'static Sandbox {
    static DEMO: OnceLock<Sandbox> = OnceLock::new();
    DEMO.get_or_init(|| {
        let sandbox = Sandbox::new();
        let said = sandbox.lais(&["demo", "--dir", ".", "--no-serve"]).code(0);
        said.says(&["a fictional country of 40 authorities", "a fault on purpose", "40 packs"]);
        sandbox
    })
}

#[test]
fn every_figure_of_the_fictional_country_is_the_cell_that_it_names() {
    let demo = demo();
    let files = cells::every_observation_is_the_cell_that_it_names(demo, |name| demo.path("sources").join(name));
    assert!(files >= 20, "{files}");
}

#[test]
fn every_file_is_recognised_and_only_what_was_planted_is_set_aside() {
    let demo = demo();
    let outcomes = demo.rows("SELECT outcome, file_name FROM input_file WHERE outcome NOT IN ('ingested', 'register')");
    assert_eq!(outcomes, [["unrecognised", "README.md"]]);
    let rules = demo.rows("SELECT rule, count(*) FROM quarantine GROUP BY rule ORDER BY rule");
    assert_eq!(rules, [["not-a-figure", "1"], ["unknown-authority", "1"]]);
    let told = [
        "query",
        "--restricted",
        "--format",
        "csv",
        "SELECT rule, count(*) FROM quarantine WHERE source_id = 'signals' GROUP BY rule",
    ];
    assert_eq!(demo.lais(&told).code(0).rows(), [["free-text", "4"]]);
    let signals = ["query", "--restricted", "--format", "csv", "SELECT count(*) > 100 FROM signal"];
    assert_eq!(demo.lais(&signals).code(0).rows(), [["true"]]);
}

#[test]
fn every_kind_of_input_has_flowed() {
    let demo = demo();
    for (table, least) in [
        ("observation", 200_000),
        ("inspection", 80),
        ("self_evaluation", 30),
        ("neighbour", 800),
        ("comparison", 20_000),
    ] {
        let rows: usize = demo.value(&format!("SELECT count(*) FROM {table}")).parse().unwrap();
        assert!(rows >= least, "{table}: {rows}");
    }
    let statuses = demo.rows("SELECT DISTINCT status FROM observation ORDER BY status");
    assert_eq!(statuses.concat(), ["low", "not-applicable", "not-available", "observed", "suppressed", "unreliable"]);
}

#[test]
fn a_split_breaks_a_series_and_a_new_code_does_not() {
    let demo = demo();
    let split = demo.rows(
        "SELECT count(*) FROM authority AS a INNER JOIN headline AS h ON a.authority_code = h.geography_code
         WHERE h.indicator_id = 'rereferral-rate' AND (h.period_end > a.valid_to OR h.period_end < a.valid_from)",
    );
    assert_eq!(split, [["0"]]);
    assert_eq!(demo.value("SELECT count(*) FROM authority WHERE successor_codes <> ''"), "1");
    let codes = demo.rows(
        "SELECT geography_code, count(DISTINCT published_code), count(DISTINCT period_end) FROM observation
         WHERE indicator_id = 'rereferral-rate' AND geography_level = 'authority'
         GROUP BY geography_code HAVING count(DISTINCT published_code) > 1",
    );
    assert_eq!((codes.len(), codes[0][1].as_str(), codes[0][2].as_str()), (1, "2", "8"), "{codes:?}");
}

#[test]
fn of_a_revised_release_the_later_holds_and_the_earlier_is_kept() {
    let demo = demo();
    let releases = demo.rows("SELECT release FROM source WHERE source_id = 'dfe-cin-referrals' ORDER BY release");
    assert_eq!(releases, [["2024"], ["2025"]]);
    let revised: usize = demo
        .value(
            "SELECT count(*) FROM observation AS a INNER JOIN observation AS b
             ON a.indicator_id = b.indicator_id AND a.geography_code = b.geography_code AND a.period_end = b.period_end
             AND a.breakdown = b.breakdown
             WHERE a.source_id = 'dfe-cin-referrals' AND b.source_id = a.source_id AND a.release = '2024'
             AND b.release = '2025' AND (a.value <> b.value OR a.status <> b.status)",
        )
        .parse()
        .unwrap();
    assert!(revised > 0);
    let held = demo.rows("SELECT DISTINCT release FROM headline WHERE indicator_id = 'rereferral-rate'");
    assert_eq!(held, [["2025"]]);
}

#[test]
fn a_country_has_authorities_that_differ_and_years_that_drift() {
    let demo = demo();
    let spread = demo.rows(
        "SELECT q25, q50, q75 FROM distribution WHERE indicator_id = 'rereferral-rate' ORDER BY period_end DESC LIMIT 1",
    );
    let spread: Vec<f64> = spread[0].iter().map(|text| text.parse().unwrap()).collect();
    assert!((10.0..30.0).contains(&spread[1]) && spread[2] - spread[0] > 2.0, "{spread:?}");
    let again: f64 = demo
        .value(
            "SELECT corr(a.value, b.value) FROM headline AS a INNER JOIN headline AS b
             ON a.indicator_id = b.indicator_id AND a.geography_code = b.geography_code
             WHERE a.indicator_id = 'rereferral-rate' AND a.geography_level = 'authority'
             AND a.period_end = '2024-03-31' AND b.period_end = '2025-03-31'",
        )
        .parse()
        .unwrap();
    assert!((0.4..0.99).contains(&again), "a year resembles the next: {again}");
}

#[test]
fn a_second_demo_in_the_same_folder_does_no_work_again() {
    let sandbox = Sandbox::new();
    sandbox.lais(&["synth", "--out", "country", "--authorities", "24", "--years", "3"]).code(0);
    sandbox.lais(&["build", "--sources", "country"]).code(0);
    sandbox.lais(&["synth", "--out", "country", "--authorities", "24", "--years", "3"]).code(0);
    sandbox.lais(&["build", "--sources", "country"]).code(0).says(&["nothing changed", "0 file(s) read"]);
    sandbox.lais(&["synth", "--out", "country", "--years", "99"]).code(1).says(&["years is 99", "between 3 and 13"]);
    std::fs::create_dir(sandbox.path("mine")).unwrap();
    std::fs::write(sandbox.path("mine/thesis.txt"), "dear").unwrap();
    sandbox.lais(&["synth", "--out", "mine"]).code(1).says(&["mine"]);
    assert!(sandbox.path("mine/thesis.txt").exists());
}
