//! Each rule of reading tables of figures, on tables of a country that does not exist.

mod areas;

use std::collections::BTreeMap;

use lais_sheet::Sheet;

use super::*;
use crate::figure_file;
use crate::input::Input;
use crate::recognise::Opened;
use crate::register::RegisterTable;
use crate::table;

fn register() -> Register {
    let texts = [
        (
            RegisterTable::Region,
            "region_code,region_name,level,aliases\nX92000001,Albia,country,\nX12000001,Northfell,region,The North\n",
        ),
        (
            RegisterTable::Authority,
            "authority_code,dfe_code,name,kind,region_code,comparison_region_code,ofsted_region,valid_from,valid_to,successor_codes\n\
             X06000001,901,Aldermoor,unitary-authority,X12000001,X12000001,Northfell,,,\n\
             X06000002,902,Brackwater,unitary-authority,X12000001,X12000001,Northfell,,,\n\
             X10000003,903,Cindleford,county-council,X12000001,X12000001,Northfell,,,\n",
        ),
        (RegisterTable::CodeHistory, "published_code,authority_code,valid_from,valid_to,why\n"),
    ];
    Register::parse(&BTreeMap::from(texts.map(|(table, text)| (table, text.to_owned())))).unwrap()
}

const HEAD: &str = "id = 'p'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'tables'\nprefix = 'p'\n\
    [time.year]\nends = '12-31'\n[time.years]\nends = '03-31'\n[publication]\nusual_lag_days = 90\n";

/// What became of a file: a line a figure, the rules that left rows out or set them aside, and warnings.
#[derive(Debug, Default, PartialEq, Eq)]
struct Made {
    figures: Vec<String>,
    rules: BTreeMap<String, usize>,
    warnings: Vec<String>,
}

fn read(toml: &str, opened: &Opened) -> Result<Made, String> {
    let pipeline = Pipeline::parse(&format!("{HEAD}{toml}")).unwrap();
    let input = Input { name: "folder/scores 2024.csv".to_owned(), bytes: Vec::new(), sha256: String::new() };
    let vintage = figure_file::vintage(&pipeline, opened, &input)?;
    let mut accounts = Accounts::new("p", &vintage.label, &input.name);
    let all = std::slice::from_ref(&pipeline);
    let made = figure_file::read((all, &pipeline, &register()), opened, &input, &vintage, &mut accounts)
        .map_err(|refused| refused.reason)?;
    let mut rules = BTreeMap::new();
    for row in accounts.rows().into_iter().filter(|row| row.rows > 0) {
        rules.insert(row.rule, row.rows);
    }
    for cell in &accounts.quarantine {
        rules.entry(format!("cell {}", cell.rule)).and_modify(|n| *n += 1).or_insert(1);
    }
    let mut figures: Vec<String> = made.observations.iter().flat_map(lines).collect();
    figures.sort();
    Ok(Made { figures, rules, warnings: made.warnings })
}

/// Each observation as its words: indicator, area, period, breakdown, value or status, row, column, and what is beside.
fn lines(batch: &arrow::array::RecordBatch) -> Vec<String> {
    let columns = [
        "indicator_id",
        "geography_code",
        "period_label",
        "breakdown",
        "value",
        "status",
        "source_row",
        "source_column",
        "shared_service",
        "ci_low",
        "ci_high",
        "note",
        "source_table",
    ];
    let text = |name: &str| {
        arrow::compute::cast(batch.column_by_name(name).unwrap(), &arrow::datatypes::DataType::Utf8).unwrap()
    };
    let columns: Vec<_> = columns.into_iter().map(text).collect();
    let cell = |column: &arrow::array::ArrayRef, row: usize| {
        let column = column.as_any().downcast_ref::<arrow::array::StringArray>().unwrap();
        if arrow::array::Array::is_null(column, row) { String::new() } else { column.value(row).to_owned() }
    };
    (0..batch.num_rows())
        .map(|row| {
            let cells = columns.iter().map(|column| cell(column, row));
            cells.filter(|cell| !matches!(cell.as_str(), "" | "observed" | "false")).collect::<Vec<_>>().join("|")
        })
        .collect()
}

fn csv(text: &str) -> Opened {
    let input = Input { name: "f.csv".to_owned(), bytes: text.as_bytes().to_vec(), sha256: String::new() };
    Opened::Csv(table::read_csv(&input).unwrap())
}

fn workbook(sheets: &[(&str, &[&[&str]])]) -> Opened {
    let sheet = |(name, rows): &(&str, &[&[&str]])| Sheet {
        name: (*name).to_owned(),
        rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
        merged: Vec::new(),
    };
    Opened::Workbook(sheets.iter().map(sheet).collect())
}

fn rules(made: &Made) -> Vec<(&str, usize)> {
    made.rules.iter().map(|(rule, rows)| (rule.as_str(), *rows)).collect()
}

const WIDE: &str = "[[tables]]\nname = 't'\ninto = 'observation'\nheader = ['Code', 'Name']\nheader_rows = 2\nignored = ['Class']\n\
    [tables.columns]\ncode = 'Code'\nname = 'Name'\nnote = 'Notes'\n\
    [tables.period]\nafter = 'Spending'\nyears = 'years'\n\
    [tables.figures]\nfilter = 'service'\n[tables.figures.measures]\n'Staff' = 'staff'\n'Net' = 'net'\n\
    [filters.service]\nrole = 'measure'\n[symbols]\n'[n]' = 'not-available'\n'[note]' = 'not-available'\n\
    [[out_of_scope]]\nrule = 'district'\ncolumn = 'Class'\nvalues = ['SD']\nwhy = 'w'\n\
    [[out_of_scope]]\nrule = 'totals'\ncolumn = 'Code'\nvalues = ['X0']\nwhy = 'w'\n\
    [columns.staff]\ntitle = 'Staff'\nunit = 'thousand-pounds'\n[columns.net]\ntitle = 'Net'\nunit = 'thousand-pounds'\n\
    [[indicators]]\nid = 'care-net'\ncolumn = 'net'\ntitle = 'Care'\nunit = 'thousand-pounds'\nwhere = { service = \"Children's care\" }\n";

#[test]
fn a_wide_table_of_two_header_rows_and_its_second_part_are_read_as_one_with_every_row_accounted_for() {
    let made = read(
        WIDE,
        &workbook(&[
            ("Drop-down", &[&["Spending 2020-21"], &["Code", "Something"]]),
            (
                "Data",
                &[
                    &["Spending 2023-24: services"],
                    &["Last updated: 1 May 2024"],
                    &["", "", "", "", "Children’s care", "", "Roads [note 2]"],
                    &["Code", "Name", "Notes", "Class", "Staff\n(C1)", "Net\n(C2)2", "Staff (C1)3"],
                    &["X06000001", "Aldermoor UA", "", "UA", "1", "-2.5", "3"],
                    &["X06000002", "Brackwater", "M", "UA", "[x]", "[n]", "[note 4]"],
                    &["X07000009", "Dingle", "", "SD", "9", "9", "9"],
                    &["X92000001", "ALBIA", "", "Eng", "10", "20", "30"],
                    &["Code", "Class total", "Notes", "Class", "Staff\n(C1)", "Net\n(C2)2", "Staff (C1)3"],
                    &["X0", "All unitaries", "", "UA", "7", "7", "7"],
                    &[],
                    &["", "", "", "", "RO-a", "RO-b", "RO-c"],
                    &["Source: somebody"],
                ],
            ),
        ]),
    )
    .unwrap();
    assert_eq!(
        made.figures,
        [
            "care-net|X06000001|2023-24|-2.5|2|Children’s care / Net (C2)2|Data",
            "care-net|X06000002|2023-24|not-available|3|Children’s care / Net (C2)2|M|Data",
            "care-net|X92000001|2023-24|20.0|5|Children’s care / Net (C2)2|Data",
            "p-staff-children-s-care|X06000001|2023-24|1.0|2|Children’s care / Staff (C1)|Data",
            "p-staff-children-s-care|X06000002|2023-24|not-available|3|Children’s care / Staff (C1)|M|Data",
            "p-staff-children-s-care|X92000001|2023-24|10.0|5|Children’s care / Staff (C1)|Data",
            "p-staff-roads|X06000001|2023-24|3.0|2|Roads / Staff (C1)3|Data",
            "p-staff-roads|X06000002|2023-24|not-available|3|Roads / Staff (C1)3|M|Data",
            "p-staff-roads|X92000001|2023-24|30.0|5|Roads / Staff (C1)3|Data",
        ]
    );
    assert_eq!(
        rules(&made),
        [
            ("blank-row", 1),
            ("district", 1),
            ("header-row", 1),
            ("kept", 3),
            ("no-area-and-no-figure", 2),
            ("totals", 1)
        ]
    );
}

const LONG: &str = "[[tables]]\nname = 't'\ninto = 'observation'\nheader = ['ID', 'Area', 'Value']\nignored = ['Compared to *']\n\
    [tables.columns]\ncode = 'Area'\nname = 'Area Name'\nnote = 'Note'\nci_low = 'Lower'\nci_high = 'Upper'\n\
    [tables.period]\ncolumn = 'Time'\nyear = 'year'\nyears = 'years'\n\
    [tables.figures]\ncolumns = ['Value']\nmeasure = 'p'\ntitle = 'Title'\n\
    [[tables.notes]]\nsays = 'combined'\nshared = true\n[[tables.notes]]\nsays = 'suppressed'\nstatus = 'suppressed'\n\
    [filters.ID]\nrole = 'measure'\n[filters.Sex]\nrole = 'subgroup'\nheadline = 'Persons'\n\
    [[out_of_scope]]\nrule = 'deciles'\ncolumn = 'Decile'\nfilled = true\nwhy = 'w'\n\
    [defaults]\nunit = 'unknown'\n\
    [[indicators]]\nid = 'known'\ncolumn = 'p'\ntitle = 'Known'\nunit = 'number'\nwhere = { ID = '7' }\n";

#[test]
fn a_long_table_has_its_measure_period_subgroup_limits_and_notes_in_columns() {
    let made = read(
        LONG,
        &csv("ID,Title,Area,Area Name,Sex,Decile,Time,Value,Lower,Upper,Note,Compared to what\n\
              7,Seven,X06000001,Aldermoor,Persons,,2023/24,1.5,1,2,Value for Aldermoor and Brackwater combined,better\n\
              7,Seven,X06000002,Brackwater,Persons,,2023/24,,,,Value for Aldermoor and Brackwater combined,worse\n\
              7,Seven,X06000001,Aldermoor,Male,,2021 - 23,4,,,,\n\
              7,Seven,X92000001,Albia,Persons,Most,2023/24,4,,,,\n\
              8,Eight,X10000003,Cindleford,Persons,,2023,,,,Value suppressed,\n\
              8,Eight,X10000003,Cindleford,Persons,,Q1 2023,5,,,,\n\
              8,Eight,X12000001,The North,Persons,,2023,6,,,,\n"),
    )
    .unwrap();
    assert_eq!(
        made.figures,
        [
            "known|X06000001|2021 - 23|Sex=Male|4.0|4|Value",
            "known|X06000001|2023/24|1.5|2|Value|true|1.0|2.0|Value for Aldermoor and Brackwater combined",
            "known|X06000002|2023/24|not-available|3|Value|true|Value for Aldermoor and Brackwater combined",
            "p-8|X10000003|2023|suppressed|6|Value|Value suppressed",
            "p-8|X12000001|2023|6.0|8|Value",
        ]
    );
    assert_eq!(rules(&made), [("cell unknown-period", 1), ("deciles", 1), ("kept", 5), ("unknown-period", 1)]);
    assert!(made.warnings.iter().any(|warning| warning.contains("the unit of p-8")), "{:?}", made.warnings);
}

const AGES: &str = "[[tables]]\nname = 't'\ninto = 'observation'\nsheet = 'All'\nheader = ['Code', 'Total']\n\
    [tables.columns]\ncode = 'Code'\n[tables.period]\nafter = 'mid-'\nyear = 'year'\n\
    [tables.figures]\nfrom = 'Total'\nmeasure = 'residents'\nfilter = 'age'\n\
    [filters.age]\nrole = 'subgroup'\nheadline = 'Total'\n\
    [[indicators]]\nid = 'residents'\ncolumn = 'residents'\ntitle = 'R'\nunit = 'number'\n";

#[test]
fn the_names_of_columns_can_be_subgroups_and_other_sheets_with_the_same_header_are_not_read() {
    let rows: &[&[&str]] = &[&["Persons, mid-2023"], &["Code", "Total", "0", "90+"], &["X06000001", "12", "5", "7"]];
    let made = read(AGES, &workbook(&[("All", rows), ("Male", rows)])).unwrap();
    assert_eq!(
        made.figures,
        [
            "residents|X06000001|2023|12.0|2|Total|All",
            "residents|X06000001|2023|age=0|5.0|2|0|All",
            "residents|X06000001|2023|age=90+|7.0|2|90+|All"
        ]
    );
}

const PLAIN: &str = "[[tables]]\nname = 't'\ninto = 'observation'\nheader = ['Code', 'Share']\n\
    [tables.columns]\ncode = 'Code'\n[tables.period]\nafter = 'scores'\nlabel = '2020'\nyear = 'year'\n\
    [tables.figures]\ncolumns = ['Share', 'n']\nthousands = ','\n\
    [columns.Share]\ntitle = 'S'\nunit = 'percent'\n[columns.n]\ntitle = 'N'\nunit = 'number'\n";

#[test]
fn a_figure_is_in_the_unit_that_a_reader_sees_and_what_is_unclear_is_for_a_person() {
    let made = read(
        PLAIN,
        &workbook(&[(
            "S",
            &[
                &["Code", "Share", "n"],
                &["X06000001", "20.7%", "1,234,567.5"],
                &["X06000002", "#N/A", "=A1+1"],
                &["X10000003", "150%", "12,34"],
                &["X12000001", "0.5", "5%"],
            ],
        )]),
    )
    .unwrap();
    assert_eq!(
        made.figures,
        [
            "p-n|X06000001|2024|1234567.5|2|n|S",
            "p-share|X06000001|2024|20.7|2|Share|S",
            "p-share|X12000001|2024|0.5|5|Share|S"
        ]
    );
    assert_eq!(
        rules(&made),
        [
            ("cell formula-error", 1),
            ("cell formula-without-value", 1),
            ("cell no-usable-cell", 2),
            ("cell not-a-figure", 1),
            ("cell outside-range", 1),
            ("cell percent-sign", 1),
            ("kept", 2),
            ("no-usable-cell", 2),
        ]
    );
}

#[test]
fn shares_in_a_column_of_percentages_refuse_the_file_until_the_pipeline_says_which_they_are() {
    let shares = "Code,Share\nX06000001,0.207\nX06000002,0.1\nX10000003,0.3\nX12000001,0.07\nX92000001,1\n";
    let refused = read(PLAIN, &csv(shares)).unwrap_err();
    assert!(refused.contains("\"Share\"") && refused.contains("fractions = true"), "{refused}");
    let said = |fractions: &str| read(&PLAIN.replace("thousands = ','", fractions), &csv(shares)).unwrap().figures;
    assert_eq!(said("fractions = true")[0], "p-share|X06000001|2024|20.7|2|Share");
    assert_eq!(said("fractions = false")[0], "p-share|X06000001|2024|0.207|2|Share");
}

#[test]
fn a_csv_file_may_have_titles_above_its_header_and_notes_below() {
    let made = read(
        PLAIN,
        &csv("Some scores 2022 of areas\n\nCode,Share,n\nX06000001,1,2\nX06000002,3\nNote: nothing,,\nSource: us\n"),
    )
    .unwrap();
    assert_eq!(made.figures[0], "p-n|X06000001|2022|2.0|2|n");
    assert_eq!(made.figures.len(), 4, "{made:?}");
    assert_eq!(made.rules["no-area-and-no-figure"], 2);
}

#[test]
fn blank_cells_can_mean_what_stands_above_them() {
    let toml = PLAIN.replace("header = [", "fill_down = ['Code']\nheader = [").replace("['Share', 'n']", "['Share']")
        + "[filters.Sex]\nrole = 'subgroup'\nheadline = 'All'\n";
    let made = read(&toml, &csv("Code,Sex,Share\nX06000001,All,1\n,Boys,2\nX06000002,All,3\n")).unwrap();
    assert_eq!(made.figures[1], "p-share|X06000001|2024|Sex=Boys|2.0|3|Share");
}

#[test]
fn a_column_that_nobody_described_is_kept_if_it_holds_figures_and_refuses_the_file_if_it_may_tell_rows_apart() {
    let made = read(PLAIN, &csv("Code,Share,Extra\nX06000001,1,7\n")).unwrap();
    assert_eq!(made.figures.len(), 2);
    assert!(made.warnings[0].contains("\"Extra\""), "{:?}", made.warnings);
    let refused = read(PLAIN, &csv("Code,Share,Sex\nX06000001,1,Male\n")).unwrap_err();
    assert!(refused.contains("\"Sex\""), "{refused}");
}

#[test]
fn two_columns_or_tables_that_would_give_one_figure_refuse_the_file() {
    let refused = read(
        WIDE,
        &workbook(&[(
            "Data",
            &[
                &["Spending 2023-24"],
                &["Code", "Name", "Care - Net", "Care - Net (C2)"],
                &["X06000001", "Aldermoor", "1", "2"],
            ],
        )]),
    )
    .unwrap_err();
    assert!(refused.contains("\"Care - Net\" and \"Care - Net (C2)\""), "{refused}");
    let rows: &[&[&str]] = &[&["Code", "Share"], &["X06000001", "1"]];
    let refused = read(PLAIN, &workbook(&[("One", rows), ("Two", rows)])).unwrap_err();
    assert!(refused.contains("again") && refused.contains("Aldermoor"), "{refused}");
}

#[test]
fn names_that_stand_again_are_told_apart_by_the_letters_of_their_columns() {
    let toml = PLAIN.replace("['Share', 'n']", "['Share', 'n*']");
    let made = read(&toml, &csv("Code,Share,n,n\nX06000001,1,2,3\n")).unwrap();
    assert_eq!(
        made.figures,
        [
            "p-n-column-c|X06000001|2024|2.0|2|n (column C)",
            "p-n-column-d|X06000001|2024|3.0|2|n (column D)",
            "p-share|X06000001|2024|1.0|2|Share",
        ]
    );
}

#[test]
fn a_table_that_does_not_say_its_period_is_refused() {
    let toml = PLAIN.replace("after = 'scores'\nlabel = '2020'", "after = 'edition of'");
    let refused = read(&toml, &csv("Code,Share\nX06000001,1\n")).unwrap_err();
    assert!(refused.contains("\"edition of\""), "{refused}");
}

proptest::proptest! {
    #[test]
    fn whatever_the_rows_each_is_accounted_for(
        rows in proptest::collection::vec(
            proptest::collection::vec(
                proptest::sample::select(vec!["", "X06000001", "901", "X12000001", "Code", "Note: x", "1", "2.5", "c", "20%", "#N/A", "=A1", "E99"]),
                0..4,
            ),
            0..12,
        ),
    ) {
        let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.into_iter().map(str::to_owned).collect()).collect();
        let header = ["Code", "Share", "n"].map(str::to_owned).to_vec();
        let filled = rows.iter().rposition(|row| row.iter().any(|cell| !cell.is_empty())).map_or(0, |last| last + 1);
        let sheet = Sheet { rows: std::iter::once(header).chain(rows).collect(), ..Sheet::default() };
        let made = read(PLAIN, &Opened::Workbook(vec![sheet])).unwrap();
        let counted: usize = made.rules.iter().filter(|(rule, _)| !rule.starts_with("cell ")).map(|(_, rows)| rows).sum();
        proptest::prop_assert_eq!(counted, filled);
    }
}
