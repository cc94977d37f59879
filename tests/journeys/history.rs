//! One history of inspections and visits from the published workbooks and scraped tables, through the built program.
//!
//! The expected values are read from the files here, by another path than the program's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use calamine::{Data, DataType as _, Reader as _, open_workbook_auto};

use crate::sandbox::{Said, Sandbox, shared};

/// Every published source of inspections but the reports themselves, below the shared folder of data.
pub(crate) const FILES: [&str; 6] = [
    "ofsted/LA_Inspection_Outcomes_as_at_31_March_2025.ods",
    "ofsted/Childrens_social_care_in_England_2023_underlying_data.ods",
    "ofsted/ofsted_csc_ilacs_history.csv",
    "ofsted/ofsted_csc_ilacs_overview_2026-06-29.xlsx",
    "ofsted-area-send/ofsted_csc_send_overview.xlsx",
    "hmi-probation",
];

/// One lake of every published source of inspections but the reports themselves.
pub(crate) fn lake() -> Option<&'static Sandbox> {
    static LAKE: OnceLock<Option<Sandbox>> = OnceLock::new();
    LAKE.get_or_init(|| {
        let data = shared("data")?;
        let sandbox = Sandbox::new();
        let mut arguments =
            vec!["build".to_owned(), "--as-at".to_owned(), "2026-11-24".to_owned(), "--sources".to_owned()];
        arguments.extend(FILES.iter().map(|file| std::path::absolute(data.join(file)).unwrap().display().to_string()));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Said::new(&sandbox.command(&arguments).output().unwrap()).code(0);
        Some(sandbox)
    })
    .as_ref()
}

/// A table read from a file of the shared folder: a map of cells by header for each row.
pub(crate) fn sheet(file: &str, sheet: &str, header_row: usize) -> Vec<BTreeMap<String, String>> {
    let mut workbook = open_workbook_auto(shared("data").unwrap().join(file)).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    let (top, left) = range.start().unwrap();
    let text = |cell: &Data| cell.as_date().map_or_else(|| cell.to_string().trim().to_owned(), |day| day.to_string());
    let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(text).collect()).collect();
    assert_eq!(left, 0);
    let at = header_row - 1 - top as usize;
    let names = rows[at].clone();
    let filled = |row: &&Vec<String>| row.iter().filter(|cell| !cell.is_empty()).count() > 1;
    rows[at + 1..].iter().filter(filled).map(|row| names.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn scraped(file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(shared("data").unwrap().join(file)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// Codes by Ofsted's number, as the lookup has them.
struct Codes(BTreeMap<String, String>);

impl Codes {
    /// The code and the day of publication of a scraped row.
    fn key(&self, row: &BTreeMap<String, String>) -> (String, String) {
        let parts: Vec<&str> = row["publication_date"].split('/').collect();
        (self.0[&row["urn"]].clone(), format!("20{}-{}-{}", parts[2], parts[1], parts[0]))
    }
}

fn codes(lake: &Sandbox) -> Codes {
    let mut reader = csv::Reader::from_path(shared("data").unwrap().join("ofsted/Provider_data_lookup.csv")).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let at = |name: &str| header.iter().position(|column| column.trim_start_matches('\u{feff}') == name).unwrap();
    let (urn, code) = (at("urn"), at("la_code_new"));
    let stable = stable(lake);
    let rows = reader.records().map(Result::unwrap);
    Codes(rows.map(|row| (row[urn].to_owned(), stable[&row[code]].clone())).collect())
}

/// Codes of any year with the one that stands for them.
fn stable(lake: &Sandbox) -> BTreeMap<String, String> {
    let rows = lake.rows("SELECT published_code, authority_code FROM authority_code_history");
    rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
}

/// Rows of Ofsted's ILACS history by code and day of publication.
fn official() -> BTreeMap<(String, String), BTreeMap<String, String>> {
    let stable = stable(lake().unwrap());
    let rows = sheet(OUTCOMES, "ILACS_inspection_history", 3);
    rows.into_iter()
        .map(|row| ((stable[&row["Local authority area code"]].clone(), row["Publication date"].clone()), row))
        .collect()
}

const OUTCOMES: &str = "ofsted/LA_Inspection_Outcomes_as_at_31_March_2025.ods";
const UNDERLYING: &str = "ofsted/Childrens_social_care_in_England_2023_underlying_data.ods";
const GRADED: &str = "kind IN ('standard', 'short', 'sif', 'sif-reinspection')";

#[test]
fn the_history_holds_every_graded_inspection_that_the_files_tell_of_once() {
    let Some(lake) = lake() else { return };
    let wide = sheet(UNDERLYING, "LA_inspections_2009-2023", 5);
    let column = |row: &BTreeMap<String, String>, words: &str| {
        row.iter().any(|(name, cell)| name.trim().contains(words) && cell.starts_with("20"))
    };
    let sif = wide.iter().filter(|row| column(row, "First SIF publication date")).count()
        + wide.iter().filter(|row| column(row, "SIF Re-inspection publication date")).count();
    let official = official();
    let scraped = scraped("ofsted/ofsted_csc_ilacs_history.csv");
    let codes = codes(lake);
    // A scraped inspection of 2017 is of the framework before.
    let is_ilacs = |row: &&BTreeMap<String, String>| {
        row["inspection_start_date"].rsplit('/').next().is_some_and(|year| year >= "2018")
    };
    let later = scraped.iter().filter(is_ilacs).filter(|row| !official.contains_key(&codes.key(row)));
    let expected = sif + official.len() + later.count();
    assert_eq!(expected, 497, "the files themselves");
    assert_eq!(lake.value(&format!("SELECT count(*) FROM inspection WHERE {GRADED}")), "497");
    let authorities = lake.rows(&format!(
        "SELECT a.valid_to IS NULL AS lives, count(DISTINCT i.authority_code) FROM inspection AS i
         INNER JOIN authority AS a ON i.authority_code = a.authority_code
         WHERE i.event_id IN (SELECT event_id FROM inspection WHERE {GRADED}) GROUP BY 1 ORDER BY 1"
    ));
    assert_eq!(authorities, [["false", "5"], ["true", "153"]]);
}

#[test]
fn every_event_of_the_older_arrangements_and_every_visit_is_there() {
    let Some(lake) = lake() else { return };
    let wide = sheet(UNDERLYING, "LA_inspections_2009-2023", 5);
    let dated = |words: &[&str]| -> usize {
        let is_dated = |row: &&BTreeMap<String, String>, words: &str| {
            row.iter()
                .any(|(name, cell)| name.contains(words) && name.contains("publication date") && cell.starts_with("20"))
        };
        words.iter().map(|words| wide.iter().filter(|row| is_dated(row, words)).count()).sum()
    };
    let visits = |kind: &str| {
        let year = sheet(UNDERLYING, "LA_level_in_year_2022-23", 3);
        let later = sheet(OUTCOMES, "In-year_inspections", 3);
        year.iter().chain(&later).filter(|row| row["Inspection/Visit type"] == kind).count()
    };
    for (kind, expected) in [
        ("slac-safeguarding", dated(&["(SLAC) Inspection", "re-inspection of Safeguarding"])),
        ("slac-looked-after", dated(&["(SLAC) Inspection", "re-inspection of services for Children Looked After"])),
        ("child-protection", dated(&["(CPI)", "(CPRI)"])),
        ("targeted-looked-after", dated(&["(TLAC)"])),
        ("lscb-review", dated(&["First SIF"])),
        ("focused-visit", visits("ILACS Focused Visit")),
        ("monitoring-visit", visits("LA Monitoring visit")),
    ] {
        let found = lake.value(&format!("SELECT count(*) FROM inspection WHERE kind = '{kind}'"));
        assert_eq!(found, expected.to_string(), "{kind}");
        assert!(expected > 3, "{kind}");
    }
}

/// The judgements of the scraped table, beside the columns of official statistics and of the lake.
const JUDGEMENTS: [(&str, &str, &str); 5] = [
    ("overall", "overall_effectiveness_grade", "Overall effectiveness"),
    ("leaders", "impact_of_leaders_grade", "The impact of leaders on social work practice with children and families"),
    (
        "help_and_protection",
        "help_and_protection_grade",
        "The experiences and progress of children who need help and protection",
    ),
    ("in_care", "in_care_grade", "The experiences and progress of children in care"),
    ("care_leavers", "care_leavers_grade", "The experiences and progress of care leavers"),
];

fn grade(printed: &str) -> Option<&'static str> {
    match printed.to_lowercase().as_str() {
        "outstanding" => Some("outstanding"),
        "good" => Some("good"),
        "inadequate" => Some("inadequate"),
        other if other.contains("requires improvement") => Some("requires-improvement"),
        _ => None,
    }
}

#[test]
fn what_a_scraped_table_says_otherwise_than_official_statistics_is_in_the_table_of_disagreements() {
    let Some(lake) = lake() else { return };
    let (codes, official) = (codes(lake), official());
    let (mut both, mut differences) = (0, BTreeSet::new());
    for row in scraped("ofsted/ofsted_csc_ilacs_history.csv") {
        let key = codes.key(&row);
        let Some(told) = official.get(&key) else { continue };
        both += 1;
        for (column, theirs, ours) in JUDGEMENTS {
            let (theirs, ours) = (grade(&row[theirs]), grade(&told[ours]));
            if let Some(theirs) = theirs.filter(|_| theirs != ours) {
                differences.insert((key.0.clone(), key.1.clone(), format!("{column} {theirs}")));
            }
        }
    }
    assert!(both > 250 && differences.len() >= 6, "{both} inspections in both, {differences:?}");
    for (code, published, difference) in &differences {
        let found = lake.rows(&format!(
            "SELECT s.difference FROM inspection_source AS s INNER JOIN inspection AS i ON s.event_id = i.event_id
             WHERE i.authority_code = '{code}' AND i.published_on = '{published}' AND s.source_id = 'scraped-ilacs-history'"
        ));
        assert!(
            found.iter().any(|row| row[0].contains(difference)),
            "{code} {published}: {difference} not in {found:?}"
        );
    }
    let kept: usize = lake
        .rows("SELECT difference FROM inspection_source WHERE source_id = 'scraped-ilacs-history' AND published_code <> ''
               AND event_id IN (SELECT event_id FROM inspection WHERE kind IN ('standard', 'short')) AND NOT agrees")
        .iter()
        .map(|row| row[0].split("; ").filter(|part| JUDGEMENTS.iter().any(|(column, ..)| part.starts_with(column))).count())
        .sum();
    assert_eq!(kept, differences.len());
}

#[test]
fn the_official_grade_stands_and_a_scraped_sentinel_is_missing_with_a_reason() {
    let Some(lake) = lake() else { return };
    for row in sheet(OUTCOMES, "ILACS_inspection_history", 3) {
        let code = &row["Local authority area code"];
        let columns = JUDGEMENTS.map(|(column, ..)| column).join(", ");
        let found = lake.rows(&format!(
            "SELECT {columns} FROM inspection WHERE started_on = '{}' AND {GRADED}
             AND authority_code = (SELECT authority_code FROM authority_code_history WHERE published_code = '{code}')",
            row["Inspection date"]
        ));
        let expected: Vec<String> =
            JUDGEMENTS.iter().map(|(.., header)| grade(&row[*header]).unwrap_or_default().to_owned()).collect();
        assert_eq!(found, [expected], "{code} {}", row["Inspection date"]);
    }
    let unread = lake.value("SELECT count(*) FROM inspection_source WHERE remarks LIKE '%data_unreadable%'");
    assert!(unread.parse::<usize>().unwrap() > 150, "{unread}");
    assert_eq!(
        lake.value(
            "SELECT count(*) FROM inspection WHERE overall_missing = 'not-readable' AND kind IN ('standard', 'short')"
        ),
        "0"
    );
    let from_april_2026 = lake.rows("SELECT overall, overall_missing, count(*) FROM inspection WHERE kind IN ('standard', 'short') AND started_on >= '2026-04-01' GROUP BY 1, 2");
    assert_eq!(from_april_2026, [["", "not-in-this-framework", "11"]]);
}

#[test]
fn a_document_of_which_nobody_says_what_it_is_waits_in_review() {
    let Some(lake) = lake() else { return };
    let said = lake.lais(&["status", "--review", "--format", "csv"]).code(0);
    assert!(
        said.out.contains("ofsted_csc_ilacs_history.csv") && said.out.contains("Surrey,,,2015-08-03,kind"),
        "{}",
        said.out
    );
}

#[test]
fn a_service_of_several_authorities_is_with_each_and_marked() {
    let Some(lake) = lake() else { return };
    let found = lake.rows("SELECT authority_code, overall, shared_service FROM inspection WHERE kind = 'youth-justice' AND published_on = '2022-05-19' ORDER BY 1");
    let codes = ["E06000019", "E06000020", "E06000051", "E10000034"];
    assert_eq!(found, codes.map(|code| [code, "requires-improvement", "true"]));
    assert_eq!(lake.value("SELECT count(*) FROM inspection WHERE kind = 'area-send'"), "72");
    assert_eq!(
        lake.value("SELECT count(*) FROM judgement WHERE judgement_id = 'adoption' AND grade IS NOT NULL"),
        "171"
    );
}
