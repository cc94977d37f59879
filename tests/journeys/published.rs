//! The real published files beside the repository, through the built program.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::cells;
use crate::sandbox::{Said, Sandbox, root, shared};

/// One lake of the published files for all tests here and for those of tables.
pub(crate) fn lake() -> Option<&'static Sandbox> {
    static LAKE: OnceLock<Option<Sandbox>> = OnceLock::new();
    LAKE.get_or_init(|| {
        let data = shared("data")?;
        let sandbox = Sandbox::new();
        let folders = [
            "dfe-children-in-need",
            "dfe-children-looked-after",
            "dfe-social-work-workforce",
            "dfe-outcomes",
            "dfe-reference",
            "dfe-lait",
            "ons",
            "mhclg-spend",
            "mhclg-deprivation",
            "ohid",
        ];
        let mut arguments =
            vec!["build".to_owned(), "--as-at".to_owned(), "2026-06-30".to_owned(), "--sources".to_owned()];
        let given = folders.iter().map(|folder| data.join(folder)).chain([
            data.join("ofsted/LA_Inspection_Outcomes_as_at_31_March_2025.ods"),
            data.join("ofsted/Provider_data_lookup.csv"),
        ]);
        arguments.extend(given.map(|path| std::path::absolute(path).unwrap().display().to_string()));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Said::new(&sandbox.command(&arguments).output().unwrap()).code(0);
        Some(sandbox)
    })
    .as_ref()
}

#[test]
fn cells_picked_by_hand_come_back_exact() {
    let Some(lake) = lake() else { return };
    let mut picked = csv::Reader::from_path(root().join("tests/golden/cells.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = picked.records().map(Result::unwrap).collect();
    let files: std::collections::BTreeSet<&str> = rows.iter().map(|row| &row[0]).collect();
    assert!(rows.len() >= 40 && files.len() >= 12, "{} cells over {} files", rows.len(), files.len());
    for row in &rows {
        let (source, indicator, area, period, breakdown) = (&row[0], &row[1], &row[2], &row[3], &row[4]);
        let found = lake.rows(&format!(
            "SELECT value, status, source_row, source_column FROM observation WHERE source_id = '{source}' AND indicator_id = '{indicator}'
             AND geography_code = '{area}' AND period_label = '{period}' AND breakdown = '{breakdown}'"
        ));
        assert_eq!(found.len(), 1, "{row:?}");
        assert_eq!((found[0][2].as_str(), found[0][3].as_str()), (&row[6], &row[7]), "{row:?}");
        match row[5].parse::<f64>() {
            Ok(number) => assert_eq!(found[0][0].parse::<f64>().ok(), Some(number), "{row:?}"),
            Err(_) => assert_eq!((found[0][0].as_str(), found[0][1].as_str()), ("", &row[5]), "{row:?}"),
        }
    }
}

#[test]
fn every_observation_is_the_cell_that_it_names() {
    let Some(lake) = lake() else { return };
    let folders: Vec<PathBuf> =
        std::fs::read_dir(shared("data").unwrap()).unwrap().flatten().map(|entry| entry.path()).collect();
    // File names are relative to the sources path, each of which was one folder.
    let find = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|path| path.exists()).unwrap();
    assert!(cells::every_observation_is_the_cell_that_it_names(lake, find) >= 19);
}

/// Quantiles, ranks, bands, neighbour means and England figures of nine measures as LAIT gives them;
/// `tests/golden/lait.csv` holds them with their source.
#[test]
fn nine_measures_equal_the_local_authority_interactive_tool() {
    let Some(lake) = lake() else { return };
    let ids: HashMap<String, String> = lake
        .rows("SELECT lait_name, indicator_id FROM indicator WHERE lait_name <> '' AND curated")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    let mut checked = std::collections::BTreeSet::new();
    let mut golden = csv::Reader::from_path(root().join("tests/golden/lait_quantiles.csv")).unwrap();
    for row in golden.records().map(Result::unwrap) {
        let found = lake.rows(&format!("SELECT q0, q25, q50, q75, q100, n FROM distribution WHERE indicator_id = '{}' ORDER BY period_end DESC LIMIT 1", ids[&row[0]]));
        for (ours, theirs) in found[0].iter().zip(row.iter().skip(1)) {
            assert!(close(ours, theirs), "{row:?} {found:?}");
        }
        checked.insert(row[0].to_owned());
    }
    let mut golden = csv::Reader::from_path(root().join("tests/golden/lait_authorities.csv")).unwrap();
    for row in golden.records().map(Result::unwrap) {
        let found = lake.rows(&format!(
            "SELECT c.value, c.rank, c.quartile_band, c.neighbour_mean, c.neighbour_n, c.england FROM comparison AS c INNER JOIN authority AS a ON c.authority_code = a.authority_code
             WHERE c.indicator_id = '{}' AND a.name = '{}' ORDER BY c.period_end DESC LIMIT 1", ids[&row[0]], &row[1]
        ));
        for (ours, theirs) in found[0].iter().zip(row.iter().skip(2)) {
            assert!(close(ours, theirs), "{row:?} {found:?}");
        }
        checked.insert(row[0].to_owned());
    }
    assert_eq!(checked.len(), 9, "{checked:?}");
}

/// The tool counts 152 authorities for second or subsequent plans: it prints `-` for the Isles of
/// Scilly, where the published file has 0. So our ranks below its 0 are one lower.
#[test]
fn second_or_subsequent_plans_differ_by_the_isles_of_scilly_as_is_known() {
    let Some(lake) = lake() else { return };
    let found = lake.rows("SELECT c.value, c.rank, c.rank_of FROM comparison AS c INNER JOIN authority AS a ON c.authority_code = a.authority_code INNER JOIN indicator AS i ON c.indicator_id = i.indicator_id
        WHERE i.lait_name = 'PrevRegCPR' AND i.curated AND c.period_end = '2025-03-31' AND a.name IN ('Birmingham', 'Isles of Scilly') ORDER BY a.name");
    assert_eq!(found, [["25.9", "97", "153"], ["0.0", "1", "153"]]);
}

fn close(ours: &str, theirs: &str) -> bool {
    match (ours.parse::<f64>(), theirs.parse::<f64>()) {
        (Ok(ours), Ok(theirs)) => (ours - theirs).abs() < 6e-7,
        _ => ours == theirs,
    }
}

#[test]
fn the_inspection_workbook_gives_every_event_once_with_its_sources() {
    let Some(lake) = lake() else { return };
    let kinds = lake.rows("SELECT kind, count(*) FROM inspection GROUP BY kind ORDER BY kind");
    assert_eq!(kinds, [["focused-visit", "36"], ["monitoring-visit", "24"], ["short", "100"], ["standard", "171"]]);
    let account =
        lake.rows("SELECT rows_read, rows_kept FROM source WHERE source_id = 'ofsted-la-inspection-outcomes'");
    assert_eq!(account, [["536", "536"]]);
    assert_eq!(lake.value("SELECT count(*) FROM inspection_source WHERE agrees"), "536");
    let norfolk = lake.rows("SELECT i.kind, i.overall, i.care_leavers, i.care_leavers_missing FROM inspection AS i INNER JOIN authority AS a ON i.authority_code = a.authority_code WHERE a.name = 'York' ORDER BY i.started_on");
    assert_eq!(
        norfolk,
        [
            ["standard", "requires-improvement", "", "not-in-this-framework"],
            ["standard", "outstanding", "outstanding", ""]
        ]
    );
}

#[test]
fn both_sets_of_neighbours_are_kept_ten_to_an_authority() {
    let Some(lake) = lake() else { return };
    let sets = lake
        .rows("SELECT set_id, count(DISTINCT authority_code), count(*) FROM neighbour GROUP BY set_id ORDER BY set_id");
    assert_eq!(sets, [["dfe-2021", "156", "1560"], ["dfe-2025", "158", "1580"]]);
}

#[test]
fn regions_and_england_lie_between_their_authorities() {
    let Some(lake) = lake() else { return };
    let outside = lake.value(
        "SELECT count(*) FROM comparison AS c INNER JOIN distribution AS d ON c.indicator_id = d.indicator_id AND c.period_end = d.period_end
         WHERE c.indicator_id = 'rereferral-rate' AND (c.england < d.q0 OR c.england > d.q100 OR c.region < d.q0 OR c.region > d.q100)",
    );
    assert_eq!(outside, "0");
}

/// That each value comes back is held over every row by `tests/readers/open_tables.py`.
#[test]
fn every_row_of_the_interactive_tool_is_a_figure_but_those_under_the_year_0() {
    let Some(lake) = lake() else { return };
    let account = lake.rows("SELECT rows_read, rows_kept, rows_quarantined FROM source WHERE source_id = 'dfe-lait'");
    assert_eq!(account, [["641070", "640900", "170"]]);
    let aside = lake.rows("SELECT DISTINCT rule, column_name, value FROM quarantine WHERE source_id = 'dfe-lait'");
    assert_eq!(aside, [["unknown-period", "Years", "0"]]);
    let held = lake.rows("SELECT count(*), count(value), count(DISTINCT indicator_id), count(DISTINCT geography_code), max(breakdown) FROM observation WHERE source_id = 'dfe-lait'");
    assert_eq!(held, [["640900", "547187", "434", "170", ""]]);
    let ends = lake.rows("SELECT DISTINCT i.lait_name, o.period_start, o.period_end FROM observation AS o INNER JOIN indicator AS i ON o.indicator_id = i.indicator_id
        WHERE o.source_id = 'dfe-lait' AND o.period_label IN ('2025', '2014-16', '2014/15-16/17', '2024-25 (OT)', '2025 (prov)')
        AND i.lait_name IN ('RTA', 'Hosp_Adm_Alc_<18yrs', 'LACFinance', 'KS1P_all', 'LAC', 'ReReferral', 'Work_Force_TO_Rate', 'PriFSM') ORDER BY i.lait_name");
    let ends: Vec<_> = ends.iter().map(|row| row.join(" ")).collect();
    assert_eq!(
        ends,
        [
            "Hosp_Adm_Alc_<18yrs 2014-04-01 2017-03-31",
            "KS1P_all 2024-09-01 2025-08-31",
            "LAC 2025-03-31 2025-03-31",
            "LACFinance 2024-04-01 2025-03-31",
            "PriFSM 2025-01-01 2025-01-31",
            "RTA 2014-01-01 2016-12-31",
            "ReReferral 2024-04-01 2025-03-31",
            "Work_Force_TO_Rate 2024-10-01 2025-09-30",
        ]
    );
}

/// The tool's figure of a measure is our own, area by area and period by period: the same codes and days were
/// read out of two publications that share no spelling of either.
#[test]
fn figures_of_the_interactive_tool_are_those_of_the_releases_it_gathers() {
    let Some(lake) = lake() else { return };
    let pairs = "FROM headline AS ours INNER JOIN indicator AS i ON ours.indicator_id = i.indicator_id AND i.curated
        INNER JOIN indicator AS t ON i.lait_name = t.lait_name AND t.source_id = 'dfe-lait'
        INNER JOIN headline AS theirs ON t.indicator_id = theirs.indicator_id AND ours.geography_code = theirs.geography_code AND ours.period_end = theirs.period_end
        WHERE ours.value IS NOT NULL AND theirs.value IS NOT NULL";
    let found = lake.rows(&format!("SELECT count(DISTINCT i.indicator_id), count(*) {pairs}"));
    assert_eq!(found, [["79", "79920"]]);
    // Either may be printed with fewer decimals.
    let differing =
        format!("{pairs} AND abs(ours.value - theirs.value) > 0.5001 * power(10, -least(i.decimals, t.decimals))");
    let printed = lake.rows(&format!("SELECT i.indicator_id, ours.geography_code, ours.period_end, ours.value, theirs.value {differing} AND i.computed_from IS NULL"));
    assert!(printed.is_empty(), "{printed:?}");
    // What is computed is of counts that were revised in part, and that are rounded for regions and the country.
    let computed = format!(
        "SELECT ours.geography_level = 'authority', count(*), max(abs(ours.value - theirs.value)) < 0.8 {differing} GROUP BY ours.geography_level = 'authority' ORDER BY 1"
    );
    assert_eq!(lake.rows(&computed), [["false", "48", "true"], ["true", "8", "true"]]);
}

#[test]
fn the_interactive_tool_is_beside_our_own_indicators_and_in_no_comparison() {
    let Some(lake) = lake() else { return };
    let described = lake.rows("SELECT count(*), count(topic), sum(CASE WHEN unit = 'unknown' THEN 1 ELSE 0 END), sum(CASE WHEN comparable OR curated THEN 1 ELSE 0 END) FROM indicator WHERE source_id = 'dfe-lait'");
    assert_eq!(described, [["434", "434", "1", "0"]]);
    let row = lake
        .rows("SELECT title, topic, unit, polarity, decimals FROM indicator WHERE indicator_id = 'lait-lac-over-abs'");
    assert_eq!(row[0][1..], ["Children Looked After; All Pupil Absence & Exclusions", "percent", "low-is-better", "2"]);
    assert_eq!(
        lake.value("SELECT count(*) FROM indicator WHERE definition LIKE '%<affective>%' AND source_id = 'dfe-lait'"),
        "1"
    );
    assert_eq!(lake.value("SELECT count(*) FROM comparison WHERE source_id = 'dfe-lait'"), "0");
    let listed = lake.rows(
        "SELECT source_id, outcome, rule, rows FROM row_account WHERE source_id = 'dfe-lait-areas' ORDER BY rule",
    );
    let listed: Vec<_> = listed.iter().map(|row| row.join(" ")).collect();
    assert_eq!(
        listed,
        [
            "dfe-lait-areas out-of-scope in-the-register 167",
            "dfe-lait-areas kept kept 0",
            "dfe-lait-areas quarantined kind-differs 3",
            "dfe-lait-areas quarantined unknown-authority 1",
        ]
    );
}
