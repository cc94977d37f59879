//! Workbooks and tables of figures of other layouts than the statistical one, through the built program.
//!
//! What is expected is read from the files here, by another path than the program's; `tests/readers/open_tables.py`
//! holds every cell of them by a third.

use std::collections::BTreeMap;

use calamine::{Data, Reader as _, open_workbook_auto};

use crate::history;
use crate::published::lake;
use crate::sandbox::{Sandbox, shared};

/// A row of a sheet by its header, numbers apart from texts.
type Printed = BTreeMap<String, Data>;

/// The rows of the table of authorities in a workbook of revenue outturn that are of the kinds of authority that have
/// children's services, and of England.
fn spending(file: &str) -> Vec<Printed> {
    let mut workbook = open_workbook_auto(shared("data").unwrap().join(file)).unwrap();
    let name = workbook.sheet_names().into_iter().find(|name| name.contains("_LA_Data_")).unwrap();
    let range = workbook.worksheet_range(&name).unwrap();
    let rows: Vec<&[Data]> = range.rows().collect();
    let at = rows.iter().position(|row| row.iter().any(|cell| *cell == "E-code")).unwrap();
    let names: Vec<String> = rows[at].iter().map(|cell| without_notes(&cell.to_string())).collect();
    let table = rows[at + 1..].iter().map(|row| names.iter().cloned().zip(row.iter().cloned()).collect::<Printed>());
    let is_kept = |row: &Printed| {
        matches!(row["Class"].to_string().as_str(), "UA" | "MD" | "LB" | "SC" | "Eng")
            && row["ONS Code"].to_string().len() == 9
    };
    table.filter(is_kept).collect()
}

/// A header without marks such as `[note 2]`, with single spaces.
fn without_notes(name: &str) -> String {
    let mut plain = name.to_owned();
    while let Some(start) = plain.find("[note") {
        let end = plain[start..].find(']').unwrap();
        plain.replace_range(start..=start + end, " ");
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Facts of a source by published code and column: the value, or the reason that there is none.
fn facts(lake: &Sandbox, source: &str) -> BTreeMap<(String, String), (String, String)> {
    let rows = lake.rows(&format!(
        "SELECT published_code, source_column, value, status FROM observation WHERE source_id = '{source}'"
    ));
    let count = rows.len();
    let facts: BTreeMap<_, _> =
        rows.into_iter().map(|row| ((row[0].clone(), row[1].clone()), (row[2].clone(), row[3].clone()))).collect();
    assert_eq!(facts.len(), count, "{source}: two facts of one cell");
    facts
}

/// Keys of the workbooks of revenue outturn: columns that hold no figure.
const KEYS: [&str; 7] = ["E-code", "ONS Code", "Local authority", "Notes", "Class", "Detailed Class", "Certification"];

#[test]
fn every_figure_of_spending_is_its_cell_below_zero_too_and_a_symbol_is_a_reason() {
    let Some(lake) = lake() else { return };
    for (source, file, expected) in [
        ("mhclg-revenue-outturn-ro3", "mhclg-spend/RO3_LA_Data_2024-25_data_by_LA.ods", [75_460, 333, 1501]),
        ("mhclg-revenue-outturn-rsx", "mhclg-spend/RSX_LA_Data_2024-25_data_by_LA.ods", [15_092, 60, 294]),
    ] {
        let facts = facts(lake, source);
        let (mut cells, mut below_zero, mut symbols) = (0, 0, 0);
        for row in spending(file) {
            let code = row["ONS Code"].to_string();
            for (column, cell) in row.iter().filter(|(column, _)| !KEYS.contains(&column.as_str())) {
                let Some((value, status)) = facts.get(&(code.clone(), column.clone())) else {
                    unreachable!("{source}: {code} {column} {cell:?} became nothing")
                };
                cells += 1;
                match cell {
                    Data::Float(number) => {
                        below_zero += usize::from(*number < 0.0);
                        let agrees =
                            value.parse::<f64>().is_ok_and(|ours| (ours - number).abs() <= number.abs() * 1e-9);
                        assert!(agrees && status == "observed", "{code} {column}: {number} became {value} {status}");
                    }
                    symbol => {
                        symbols += 1;
                        let symbol = symbol.to_string();
                        let is_known = matches!(symbol.as_str(), "[x]" | "[n]") || symbol.starts_with("[note");
                        let is_missing = value.is_empty() && status == "not-available";
                        assert!(is_known && is_missing, "{code} {column}: {symbol} became {value} {status}");
                    }
                }
            }
        }
        assert_eq!([cells, below_zero, symbols], expected, "{source}");
        assert_eq!(facts.len(), cells, "{source}: facts of no cell");
    }
}

#[test]
fn homes_and_agencies_of_a_workbook_are_counted_and_left_out_and_its_inspections_are_kept() {
    let Some(lake) = history::lake() else { return };
    let file = "ofsted/Childrens_social_care_in_England_2023_underlying_data.ods";
    let rows = |sheet: &str| history::sheet(file, sheet, 4).len();
    let sheets = [
        "Provider_level_at_31_Mar_2023",
        "Provider_level_in_year_2022-23",
        "Providers+places_at_31_Mar_2023",
        "Leavers+Joiners_at_31_Mar_2023",
    ];
    let providers: usize = sheets.into_iter().map(rows).sum();
    let account = lake.rows(
        "SELECT outcome, rule, rows FROM row_account
         WHERE source_id = 'ofsted-la-inspection-outcomes' AND release = '2023-03-31' ORDER BY rule",
    );
    let left_out = ["out-of-scope", "providers-not-authorities", &providers.to_string()];
    assert_eq!(account, [["kept", "kept", "419"], left_out]);
    assert_eq!(providers, 11_700);
}

#[test]
fn every_row_of_a_table_of_another_layout_is_accounted_for_by_a_named_rule() {
    let Some(lake) = lake() else { return };
    let accounts = lake.rows(
        "SELECT source_id, rule, rows FROM row_account
         WHERE source_id IN ('mhclg-revenue-outturn-ro3', 'mhclg-indices-of-deprivation', 'ons-mid-year-population-by-age')
         ORDER BY source_id, rule",
    );
    assert_eq!(
        accounts,
        [
            ["mhclg-indices-of-deprivation", "kept", "1530"],
            ["mhclg-indices-of-deprivation", "lower-tier", "1640"],
            ["mhclg-indices-of-deprivation", "said-again", "1320"],
            ["mhclg-revenue-outturn-ro3", "class-of-authority", "4"],
            ["mhclg-revenue-outturn-ro3", "header-row", "1"],
            ["mhclg-revenue-outturn-ro3", "kept", "154"],
            ["mhclg-revenue-outturn-ro3", "no-area-and-no-figure", "1"],
            ["mhclg-revenue-outturn-ro3", "not-an-authority-for-children", "264"],
            ["ons-mid-year-population-by-age", "beyond-england", "24"],
            ["ons-mid-year-population-by-age", "districts-and-metropolitan-counties", "170"],
            ["ons-mid-year-population-by-age", "kept", "163"],
        ]
    );
}

/// The parts of a whole are in the file beside the whole, so that each can be held against the other.
#[test]
fn spending_by_service_and_residents_by_age_add_up_to_their_published_totals() {
    let Some(lake) = lake() else { return };
    let spending = lake.value(
        "SELECT count(*) FROM (
             SELECT geography_code,
                 sum(CASE WHEN indicator_id = 'net-spend-childrens-social-care' THEN value ELSE -value END) AS rest
             FROM observation
             WHERE indicator_id IN ('net-spend-childrens-social-care', 'net-spend-children-looked-after',
                 'net-spend-safeguarding', 'net-spend-family-support', 'net-spend-childrens-centres-and-early-years',
                 'net-spend-services-for-young-people', 'net-spend-youth-justice', 'net-spend-asylum-seekers',
                 'net-spend-other-children-and-families') AND status = 'observed'
             GROUP BY geography_code HAVING count(*) = 9) WHERE abs(rest) < 3",
    );
    assert_eq!(spending, "151");
    let residents = lake.rows(
        "SELECT geography_code FROM observation WHERE indicator_id = 'residents-by-age' GROUP BY geography_code
         HAVING sum(CASE WHEN breakdown = '' THEN value ELSE -value END) <> 0 OR count(*) <> 92",
    );
    assert!(residents.is_empty(), "{residents:?}");
}

#[test]
fn a_value_of_two_authorities_is_marked_and_a_blank_one_has_its_reason() {
    let Some(lake) = lake() else { return };
    let found = lake.rows(
        "SELECT DISTINCT a.name, o.shared_service, o.status FROM observation AS o INNER JOIN authority AS a ON o.geography_code = a.authority_code
         WHERE o.source_id = 'ohid-fingertips' AND o.breakdown = '' AND o.period_label = '2021/22'
             AND a.name IN ('Cornwall', 'Isles of Scilly', 'Hackney', 'City of London', 'Rutland', 'Leeds') ORDER BY a.name",
    );
    assert_eq!(
        found,
        [
            ["City of London", "true", "not-available"],
            ["Cornwall", "true", "observed"],
            ["Hackney", "true", "observed"],
            ["Isles of Scilly", "true", "not-available"],
            ["Leeds", "false", "observed"],
            ["Rutland", "false", "observed"],
        ]
    );
    let suppressed = lake.rows("SELECT geography_name, breakdown, note FROM observation WHERE source_id = 'ohid-fingertips' AND status = 'suppressed' GROUP BY geography_name, breakdown, note");
    assert_eq!(suppressed, [["Rutland", "Sex=Male", "Value suppressed for disclosure control due to small count"]]);
    assert_eq!(
        lake.value("SELECT count(*) FROM observation WHERE source_id = 'ohid-fingertips' AND (ci_low > value OR ci_high < value)"),
        "0"
    );
}

#[test]
fn reference_files_are_held_against_the_register_and_what_differs_is_shown() {
    let Some(lake) = lake() else { return };
    let accounts = lake.rows("SELECT source_id, rows_read, rows_kept, rows_out_of_scope, rows_quarantined FROM source WHERE source_id LIKE 'register-%' ORDER BY source_id");
    assert_eq!(
        accounts,
        [
            ["register-ofsted-providers", "156", "0", "148", "8"],
            ["register-ons-tiers", "318", "0", "318", "0"],
            ["register-region-corrections", "60", "0", "60", "0"],
        ]
    );
    let agreeing =
        lake.value("SELECT rows FROM row_account WHERE source_id = 'register-ons-tiers' AND rule = 'in-the-register'");
    assert_eq!(agreeing, "296");
    let poole = lake.rows("SELECT column_name, value, message FROM quarantine WHERE source_id = 'register-ofsted-providers' AND value = '137316'");
    assert_eq!(poole[0][..2], ["urn", "137316"]);
    assert!(poole[0][2].contains("\"80433\" of Poole"), "{poole:?}");
    let numbers = lake.rows("SELECT count(*), count(DISTINCT ofsted_urn) FROM authority WHERE valid_to IS NULL");
    assert_eq!(numbers, [["153", "153"]]);
    assert_eq!(lake.value("SELECT ofsted_urn FROM authority WHERE name = 'Norfolk'"), "80418");
}
