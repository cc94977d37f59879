//! Drafts of files of every shape, tried on a fictional country.

mod any;
mod published;

use std::collections::BTreeMap;

use super::*;
use crate::input::Input;
use crate::register::RegisterTable;
use crate::series::Reshaped;

/// A fictional country of two regions and three authorities, none of whose codes could be a real one.
fn albia() -> Register {
    let region = "region_code,region_name,level,aliases\nX92000001,Albia,country,\nX12000001,Northfell,region,\n\
                  X12000002,Southmere,region,\n";
    let authority = "authority_code,dfe_code,name,kind,region_code,comparison_region_code,ofsted_region,valid_from,\
                     valid_to,successor_codes\n\
                     X06000001,9001,Aldermoor,unitary-authority,X12000001,X12000001,Northfell,1974-04-01,,\n\
                     X06000002,9002,Brackwater,unitary-authority,X12000001,X12000001,Northfell,2019-04-01,,\n\
                     X06000003,9003,Cindleford,unitary-authority,X12000002,X12000002,Southmere,1974-04-01,,\n";
    let texts = [
        (RegisterTable::Region, region),
        (RegisterTable::Authority, authority),
        (RegisterTable::CodeHistory, "published_code,authority_code,valid_from,valid_to,why\n"),
    ];
    Register::parse(&texts.into_iter().map(|(table, text)| (table, text.to_owned())).collect()).unwrap()
}

fn input(name: &str, text: &str) -> Input {
    Input { name: name.to_owned(), bytes: text.as_bytes().to_vec(), sha256: String::new() }
}

fn refusal(name: &str, text: &str) -> String {
    from_input(&input(name, text), &[]).unwrap_err()
}

/// A file that was drafted and read with its draft alone.
struct Read {
    toml: String,
    pipeline: Pipeline,
    reshaped: Reshaped,
    accounts: Accounts,
}

/// Drafts a file and reads it with the draft alone.
#[track_caller]
fn read(name: &str, text: &str) -> Read {
    let input = input(name, text);
    let toml = from_input(&input, &[]).unwrap().toml;
    assert_eq!(from_input(&input, &[]).unwrap().toml, toml, "the same file gives the same draft");
    let pipeline = Pipeline::parse(&toml).unwrap();
    let table = table::read_csv(&input).unwrap();
    assert!(recognise::recognises(&pipeline, &table));
    let mut accounts = Accounts::new(&pipeline.id, "r", name);
    let reshaped =
        series::reshape(std::slice::from_ref(&pipeline), &pipeline, &albia(), &table, &mut accounts).unwrap();
    assert_eq!(accounts.rows_read(), table.source_rows.len() + table.bad_rows.len());
    Read { toml, pipeline, reshaped, accounts }
}

impl Read {
    /// Each observation as indicator, breakdown, area, period and cell.
    fn facts(&self) -> Vec<(String, String, String, String, String)> {
        let frame = &self.reshaped.frame;
        let keys = |name: &str| -> Vec<usize> {
            let column = frame.column(name).unwrap().as_materialized_series().i32().unwrap().clone();
            column.into_no_null_iter().map(|key| key as usize).collect()
        };
        let values: Vec<Option<f64>> =
            frame.column("value").unwrap().as_materialized_series().f64().unwrap().iter().collect();
        let (indicator, breakdown, area) = (keys("indicator"), keys("breakdown"), keys("area"));
        let (period, status, label) = (keys("period"), keys("status"), keys("label"));
        (0..values.len())
            .map(|i| {
                let status = crate::cell::Status::ALL[status[i]].id().to_owned();
                let printed = &self.reshaped.labels[label[i]];
                let cell = values[i].map_or(status, |value| value.to_string());
                let cell = if printed.is_empty() { cell } else { format!("{cell} as {printed}") };
                let period = &self.reshaped.periods[period[i]];
                (
                    self.reshaped.catalogue.indicators[indicator[i]].row.indicator_id.clone(),
                    self.reshaped.catalogue.breakdowns[breakdown[i]].clone(),
                    self.reshaped.areas[area[i]].code.clone(),
                    format!("{}..{}", period.start, period.end),
                    cell,
                )
            })
            .collect()
    }

    /// The cells of an indicator's headline rows, in order of area and period.
    fn cells(&self, indicator: &str) -> Vec<String> {
        let mut facts = self.facts();
        facts.retain(|fact| fact.0 == indicator && fact.1.is_empty());
        facts.into_iter().map(|fact| fact.4).collect()
    }

    fn units(&self) -> BTreeMap<String, String> {
        let rows = self.reshaped.catalogue.indicators.iter().map(|indicator| &indicator.row);
        rows.map(|row| (row.indicator_id.clone(), row.unit.clone())).collect()
    }

    fn rules(&self) -> Vec<&str> {
        self.accounts.quarantine.iter().map(|row| &*row.rule).collect()
    }
}

#[test]
fn a_national_file_needs_no_column_of_regions_or_authorities() {
    let read = read(
        "pupils_2023_to_2024.csv",
        "time_period,time_identifier,geographic_level,country_code,country_name,pupil_count\n\
         2023,Calendar year,National,X92000001,Albia,10\n2024,Calendar year,National,X92000001,Albia,12\n",
    );
    assert_eq!(read.cells("pupils-pupil-count"), ["10", "12"]);
    assert_eq!(read.facts()[1].3, "2024-01-01..2024-12-31");
    assert!(read.toml.contains("publisher = \"not stated in the file\""), "{}", read.toml);
}

#[test]
fn keys_are_found_in_any_order_letter_case_and_among_spaces() {
    let read = read(
        "a.csv",
        "\u{feff}Starts_Percent, LA_Name ,TIME_PERIOD,Region_Code,Geographic_Level,Time_Identifier,New_LA_Code\n\
         12.5 , Aldermoor , 202425 ,X12000001, Local Authority ,Financial Year, X06000001\n\
         -3.0,,202425,X12000002,REGIONAL,Financial year,\n",
    );
    assert_eq!(read.cells("a-starts-percent"), ["12.5", "-3"]);
    assert_eq!(read.facts()[0].3, "2024-04-01..2025-03-31");
    assert!(read.toml.contains("range = [-10.0, 100.0]"), "{}", read.toml);
    assert_eq!(read.reshaped.columns, ["Starts_Percent"], "a measure keeps the name that is printed");
}

#[test]
fn an_authority_is_found_by_either_code_or_by_its_name_alone() {
    for (columns, [first, second]) in [
        ("old_la_code", ["9001", "9003"]),
        ("new_la_code", ["X06000001", "X06000003"]),
        ("la_name", ["Aldermoor", "Cindleford"]),
    ] {
        let read = read(
            "a.csv",
            &format!(
                "time_period,time_identifier,geographic_level,{columns},n_count\n\
                 2025,Reporting year,Local authority,{first},1\n2025,Reporting year,Local authority,{second},2\n"
            ),
        );
        let areas: Vec<_> = read.facts().into_iter().map(|fact| (fact.2, fact.4)).collect();
        let pair = |code: &str, cell: &str| (code.to_owned(), cell.to_owned());
        assert_eq!(areas, [pair("X06000001", "1"), pair("X06000003", "2")], "{columns}");
    }
}

#[test]
fn a_name_that_was_another_authoritys_at_the_time_is_set_aside() {
    let read = read(
        "a.csv",
        "time_period,time_identifier,geographic_level,la_name,n_count\n2018,Calendar year,Local authority,Brackwater,1\n\
         2019,Calendar year,Local authority,Brackwater,2\n2019,Calendar year,Local authority,Elsewhere,3\n",
    );
    assert_eq!(read.cells("a-n-count"), ["2"]);
    assert_eq!(read.rules(), ["name-of-another-time", "unknown-authority"]);
}

#[test]
fn figures_keep_their_format_and_what_was_printed() {
    let read = read(
        "a.csv",
        "time_period,time_identifier,geographic_level,country_code,cost,share,wait,change,other\n\
         2022,Tax year,National,X92000001,\"1,234\",12.5%,1:04,-3.5,[c]\n\
         2023,Tax year,National,X92000001,\"12,345,678.5\",0%,0:11,u,..\n\
         2024,Tax year,National,X92000001,900,c,2:00,low,:\n\
         2025,Tax year,National,X92000001,z,3%,k,0.5,7\n",
    );
    assert_eq!(read.cells("a-cost"), ["1234 as 1,234", "12345678.5 as 12,345,678.5", "900 as 900", "not-applicable"]);
    assert_eq!(read.cells("a-share"), ["12.5 as 12.5%", "0 as 0%", "suppressed", "3 as 3%"]);
    assert_eq!(read.cells("a-wait"), ["16 as 1:04", "11 as 0:11", "24 as 2:00", "low"]);
    assert_eq!(read.cells("a-change"), ["-3.5", "unreliable", "low", "0.5"]);
    assert_eq!(read.cells("a-other"), ["suppressed", "not-available", "not-available", "7"]);
    assert_eq!((read.units()["a-wait"].as_str(), read.units()["a-share"].as_str()), ("months", "percent"));
    assert_eq!(read.facts()[0].3, "2021-04-06..2022-04-05");
}

#[test]
fn figures_that_are_printed_in_two_ways_stay_with_a_person() {
    let rows: String =
        (0..60).map(|i| format!("{},Calendar year,National,X92000001,{}\n", 1960 + i, 1000 + i)).collect();
    let header = "time_period,time_identifier,geographic_level,country_code,n_count\n";
    let read = read("a.csv", &format!("{header}{rows}2024,Calendar year,National,X92000001,\"1,234\"\n"));
    assert_eq!((read.accounts.rows_kept, read.rules()), (60, vec!["not-a-figure", "no-usable-cell"]));
    assert!(!read.toml.contains("[formats]") && read.toml.contains("will be set aside"), "{}", read.toml);
    let rows: String =
        (0..60).map(|i| format!("{},Calendar year,National,X92000001,1:0{}\n", 1960 + i, i % 9)).collect();
    let durations = self::read("b.csv", &format!("{header}{rows}2024,Calendar year,National,X92000001,1:14\n"));
    assert_eq!(durations.rules(), ["not-a-figure", "no-usable-cell"]);
}

#[test]
fn filters_are_told_from_figures_and_the_value_that_stands_for_all_is_the_headline() {
    let read = read(
        "a.csv",
        "time_period,time_identifier,geographic_level,country_code,sex,age,reason,version,phase,n_count\n\
         202425,Academic year,National,X92000001,Total,16,Moved,Final,All,1\n\
         202425,Academic year,National,X92000001,Male,16,Moved,Final,All,2\n\
         202425,Academic year,National,X92000001,,16,Moved,Final,All,3\n\
         202425,Academic year,National,X92000001,Total,17,,Final,All,4\n\
         202324,Academic year,National,X92000001,Total,17,Died,Revised,All,5\n",
    );
    let facts: Vec<_> = read.facts().into_iter().map(|fact| format!("{} | {} | {}", fact.0, fact.1, fact.4)).collect();
    let mut facts: Vec<&str> = facts.iter().map(String::as_str).collect();
    facts.sort_unstable();
    assert_eq!(
        facts,
        [
            "a-n-count-16-moved |  | 1",
            "a-n-count-16-moved | sex=(blank) | 3",
            "a-n-count-16-moved | sex=Male | 2",
            "a-n-count-17-blank |  | 4",
            "a-n-count-17-died |  | 5",
        ]
    );
    let role = |name: &str| format!("{:?}", read.pipeline.filters[name].role);
    assert_eq!([role("sex"), role("age"), role("version"), role("phase")], ["Subgroup", "Measure", "Note", "Constant"]);
}

#[test]
fn a_column_with_a_filters_name_holds_the_figures_where_no_other_does() {
    let read = read(
        "a.csv",
        "time_period,time_identifier,geographic_level,country_code,age\n2024,Calendar year,National,X92000001,11\n\
         2025,Calendar year,National,X92000001,12\n",
    );
    assert_eq!(read.cells("a-age"), ["11", "12"]);
}

#[test]
fn a_part_that_every_row_counts_is_in_the_titles() {
    let read = read(
        "a.csv",
        "time_period,time_identifier,geographic_level,country_code,sex,n_count\n2025,Reporting year,National,X92000001,Male,1\n",
    );
    assert_eq!(read.reshaped.catalogue.indicators[0].row.title, "N count (Male)");
}

#[test]
fn levels_that_are_not_held_are_left_out_with_their_columns() {
    let read = read(
        "a.csv",
        "time_period,time_identifier,geographic_level,country_code,new_la_code,school_urn,trust_name,pcon_code,english_devolved_area_name,n_count\n\
         202425,Autumn term,National,X92000001,,,,,,9\n\
         202425,Autumn term,Local authority,X92000001,X06000001,,,,Fellside,8\n\
         202425,Autumn term,School,X92000001,X06000001,123456,,,,7\n\
         202425,Autumn term,MAT,X92000001,,,Acorn,,,6\n\
         202425,Autumn term,Parliamentary constituency,X92000001,,,,X14000001,,5\n\
         202425,Autumn term,Local authority,X92000001,x,,,,,4\n",
    );
    assert_eq!(read.cells("a-n-count"), ["9", "8"]);
    assert_eq!((read.accounts.rows_out_of_scope, read.accounts.rows_quarantined), (4, 0));
    assert_eq!(read.facts()[0].3, "2024-09-01..2024-12-31");
    assert!(read.toml.contains("School (1 rows)"), "{}", read.toml);
}

#[test]
fn a_year_and_its_last_quarter_are_not_one_figure() {
    let read = read(
        "a.csv",
        "time_period,time_identifier,geographic_level,country_code,n_count\n202425,Financial year,National,X92000001,100\n\
         202425,Financial year Q1,National,X92000001,20\n202425,Financial year Q4,National,X92000001,30\n",
    );
    let facts: Vec<_> = read.facts().into_iter().map(|fact| (fact.1, fact.3, fact.4)).collect();
    let fact = |breakdown: &str, period: &str, cell: &str| (breakdown.to_owned(), period.to_owned(), cell.to_owned());
    assert_eq!(
        facts,
        [
            fact("", "2024-04-01..2025-03-31", "100"),
            fact("time_identifier=Financial year Q1", "2024-04-01..2024-06-30", "20"),
            fact("time_identifier=Financial year Q4", "2025-01-01..2025-03-31", "30"),
        ]
    );
}

#[test]
fn a_row_a_figure_gives_each_measure_its_own_unit() {
    let read = read(
        "a.csv",
        "time_period,time_identifier,geographic_level,country_code,indicator,unit,value\n\
         2025,Reporting year,National,X92000001,Children in care,Number,1200\n\
         2025,Reporting year,National,X92000001,Rate per 10k children,rate,67\n\
         2025,Reporting year,National,X92000001,Percent visited,%,91.5\n",
    );
    assert_eq!(read.cells("a-percent-visited"), ["91.5"]);
    let units = [
        ("a-children-in-care", "number"),
        ("a-percent-visited", "percent"),
        ("a-rate-per-10k-children", "rate-per-10000"),
    ];
    assert_eq!(read.units(), units.into_iter().map(|(id, unit)| (id.to_owned(), unit.to_owned())).collect());
}

#[test]
fn a_column_of_times_and_counts_is_parted_by_the_filter_that_says_which() {
    let rows = [
        "Stage 1 average time,Total,01:04",
        "Stage 1 average time,Aged 1,00:11",
        "Stage 2 average time,Total,c",
        "Stage 2 average time,Aged 1,2:00",
        "Children placed,Total,120",
        "Children placed,Aged 1,30",
    ];
    let rows: String =
        rows.iter().map(|row| format!("2025,Reporting year,National,X92000001,Adopted,{row}\n")).collect();
    let header = "time_period,time_identifier,geographic_level,country_code,group,stage,age_start,number\n";
    let read = read("a.csv", &format!("{header}{rows}"));
    assert_eq!(read.cells("a-stage-1-average-time"), ["16 as 01:04"]);
    assert_eq!(read.cells("a-children-placed"), ["120"]);
    let units =
        [("a-children-placed", "number"), ("a-stage-1-average-time", "months"), ("a-stage-2-average-time", "months")];
    assert_eq!(read.units(), units.into_iter().map(|(id, unit)| (id.to_owned(), unit.to_owned())).collect());
    assert_eq!(read.facts().len(), 6);
}

#[test]
fn rows_that_speak_twice_of_one_thing_are_refused() {
    let header = "time_period,time_identifier,geographic_level,country_code,n_count\n";
    let row = "2025,Reporting year,National,X92000001,";
    let refused = refusal("a.csv", &format!("{header}{row}1\n{row}2\n"));
    assert!(
        refused.contains("several rows of one area, period and breakdown") && refused.contains("row 3"),
        "{refused}"
    );
}

#[test]
fn a_note_without_which_rows_repeat_becomes_a_filter() {
    let read = read(
        "a.csv",
        "time_period,time_identifier,geographic_level,country_code,version,n_count\n\
         2025,Reporting year,National,X92000001,Final,1\n2025,Reporting year,National,X92000001,Provisional,2\n",
    );
    assert_eq!(read.facts().len(), 2);
}

#[test]
fn what_is_not_of_the_family_is_refused_with_what_it_looks_like() {
    for (name, text, words) in [
        ("a.csv", "", ["empty", ""]),
        ("a.csv", "<!doctype html><p>", ["web page", ""]),
        ("a.xlsx", "PK\u{3}\u{4}", ["workbook", "tables"]),
        ("a.pdf", "%PDF-1.7", ["PDF", ""]),
        ("a.bin", "anything", ["neither a CSV file nor a workbook", ".csv"]),
        ("a.md", "# Prose\n\nand more", ["prose", "document"]),
        ("a.csv", "a,b\n1,2\n", ["no column time_period, time_identifier, geographic_level", "a, b"]),
        ("a.csv", "time_period;time_identifier;n\n2024;x;1\n", ["separated by semicolons", "commas"]),
        ("a.csv", "Indicator ID,Indicator Name,Area Code,Time period\n1,a,b,c\n", ["Fingertips", ""]),
        ("a.meta.csv", "col_name,col_type,label\nsex,Filter,Sex\n", ["description", "data file"]),
        ("a.csv", "time_period,time_identifier,geographic_level,n\n", ["no row", ""]),
        (
            "a.csv",
            "time_period,time_identifier,geographic_level,n,n\n2024,Calendar year,National,1,2\n",
            ["twice", "\"n\""],
        ),
        (
            "a.csv",
            "time_period,time_identifier,geographic_level,Time_Period\n2024,Calendar year,National,2\n",
            ["called the same", ""],
        ),
        (
            "a.csv",
            "time_period,time_identifier,geographic_level,,n\n2024,Calendar year,National,2,1\n",
            ["no name", "column 4"],
        ),
        ("a.csv", "time_period,time_identifier,geographic_level,n\n2024,Fortnight 3,National,1\n", ["Fortnight 3", ""]),
        (
            "a.csv",
            "time_period,time_identifier,geographic_level,n\n2024-25,Calendar year,National,1\n",
            ["time_period", "202425"],
        ),
        (
            "a.csv",
            "time_period,time_identifier,geographic_level,sex\n2024,Calendar year,National,Male\n",
            ["figures", "sex"],
        ),
    ] {
        let refused = refusal(name, text);
        assert!(words.iter().all(|word| refused.contains(word)), "{name} {text:?}: {refused}");
    }
}

#[test]
fn nothing_that_may_have_been_told_in_confidence_is_repeated() {
    let loaded = crate::pipelines::load(&[]).unwrap();
    let pipelines: Vec<Pipeline> = loaded.iter().map(|l| l.pipeline.clone()).collect();
    for (name, text) in [
        ("whistleblowing.csv", "secret_name,other\nx,y\n"),
        ("a.csv", "signal_id,authority_code,received_on,channel,reporter_role,theme,secret_name\nx,y,z,a,b,c,d\n"),
    ] {
        let refused = from_input(&input(name, text), &pipelines).unwrap_err();
        assert!(refused.contains("confidence") && !refused.contains("secret_name"), "{refused}");
    }
}
