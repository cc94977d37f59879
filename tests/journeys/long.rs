//! Long tables and the dictionaries that describe them, in the layout of the interactive tool.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;

use crate::country::albia;
use crate::sandbox::Sandbox;

const HEADER: [&str; 7] = ["Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region"];

/// The title stands in the rows of the first label only, as it is published.
const ROWS: [[&str; 7]; 8] = [
    ["Ref_%", "Share referred", "2023-24", "Aldermoor", "12.5", "9001", "Northfell"],
    ["Ref_%", "Share referred", "2023-24", "Brackwater", "-", "9002", "Northfell"],
    ["Ref_%", "", "2024-25", "Aldermoor", "7.0000000000000007E-2", "9001", "Northfell"],
    ["Ref_%", "", "2024-25 (prov)", "Aldermoor", "13", "9001", "Northfell"],
    ["Ref_%", "", "0", "Aldermoor", "-", "9001", "Northfell"],
    ["Ref_%", "", "2024-25", "Cindleford", "14", "9003", "Northfell"],
    ["Number", "", "2024", "Dunmarsh", "3", "9004", "Southmere"],
    ["Number", "", "2024", "England", "3", "970", "NA"],
];

fn dictionary() -> String {
    let header = "Measure_code,Topic,Measure,Chart_title,Measure_short,Polarity,y_axis_name,state_funded_flag,Table_status,Description,Last Update,Hyperlink(s),Methodology,dps,Year_Type,No_Quartile";
    let row = |topic: &str, updated: &str| {
        format!(
            "1,{topic},m,Children referred (%),Ref_%,Low,% of children,NA,NA,\"First.\r\n<b>Second.</b>\",{updated},NA,-,2,Financial Year,NA"
        )
    };
    format!("{header}\n{}\n{}\n", row("Referrals", "45931"), row("Early help", "45600"))
}

fn csv_table() -> String {
    let lines = std::iter::once(HEADER).chain(ROWS).map(|row| row.join(","));
    lines.collect::<Vec<_>>().join("\n")
}

fn parquet_table() -> Vec<u8> {
    let texts = |i: usize| -> ArrayRef {
        Arc::new(ROWS.iter().map(|row| (!row[i].is_empty()).then_some(row[i])).collect::<StringArray>())
    };
    let columns = HEADER.iter().enumerate().map(|(i, name)| {
        let numbers = || ROWS.iter().map(|row| row[i].parse::<f64>().ok()).collect::<Float64Array>();
        (*name, if *name == "LA Number" { Arc::new(numbers()) } else { texts(i) })
    });
    written(&RecordBatch::try_from_iter(columns).unwrap())
}

fn written(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn figures(country: &Sandbox) -> Vec<String> {
    let rows = country.rows("SELECT indicator_id, geography_code, published_code, period_label, period_start, period_end, breakdown, value, status, published_on, source_row FROM observation WHERE source_id = 'dfe-lait' ORDER BY source_row");
    rows.iter().map(|row| row.join(" ")).collect()
}

fn indicators(country: &Sandbox) -> Vec<String> {
    let rows = country.rows("SELECT indicator_id, title, topic, unit, polarity, decimals, definition, source_id, lait_name FROM indicator WHERE lait_name <> '' AND NOT curated ORDER BY indicator_id");
    rows.iter().map(|row| row.join("|")).collect()
}

#[test]
fn a_long_table_says_the_same_as_parquet_and_as_csv_whatever_the_order_of_its_files() {
    let described = "lait-ref-percent|Children referred (%)|Referrals; Early help|percent|low-is-better|2|First. Second.|dfe-lait|Ref_%";
    let mut said = Vec::new();
    for (table, bytes, dictionary_name) in [
        ("m.parquet", parquet_table(), "a.csv"),
        ("m.parquet", parquet_table(), "z.csv"),
        ("m.csv", csv_table().into_bytes(), "z.csv"),
    ] {
        let country = albia();
        country.source(table, bytes);
        country.source(dictionary_name, dictionary());
        country.build().code(0).says(&["1 of its 2 measures, such as \"Number\""]);
        let found = indicators(&country);
        assert_eq!(found, ["lait-number|Number||unknown|none|1|Number|dfe-lait|Number", described]);
        let accounts = country.rows("SELECT source_id, release, rows_read, rows_kept, rows_quarantined FROM source WHERE source_id LIKE 'dfe-lait%' ORDER BY source_id");
        assert_eq!(
            accounts,
            [["dfe-lait", "2024-25", "8", "5", "3"], ["dfe-lait-dictionary", "2025-10-01", "2", "2", "0"]]
        );
        let aside = country.rows("SELECT source_row, column_name, value, rule FROM quarantine WHERE source_id = 'dfe-lait' ORDER BY source_row");
        let aside: Vec<_> = aside.iter().map(|row| row.join(" ")).collect();
        assert_eq!(
            aside,
            [
                "6 Years 0 unknown-period",
                "7 Region Northfell region-contradicts-code",
                "9 LA Number 970 unknown-authority"
            ]
        );
        said.push(figures(&country));
    }
    assert_eq!(
        said[0],
        [
            "lait-ref-percent X06000001 9001 2023-24 2023-04-01 2024-03-31  12.5 observed 2025-03-31 2",
            "lait-ref-percent X06000002 9002 2023-24 2023-04-01 2024-03-31   not-available 2025-03-31 3",
            "lait-ref-percent X06000001 9001 2024-25 2024-04-01 2025-03-31  0.07 observed 2025-10-01 4",
            "lait-ref-percent X06000001 9001 2024-25 (prov) 2024-04-01 2025-03-31 Years=2024-25 (prov) 13.0 observed 2025-10-01 5",
            "lait-number X06000014 9004 2024 2024-01-01 2024-12-31  3.0 observed 2025-10-01 8",
        ]
    );
    assert!(said.iter().all(|other| *other == said[0]));
}

#[test]
fn a_table_without_its_dictionary_is_kept_and_a_dictionary_alone_describes() {
    let country = albia();
    country.source("m.parquet", parquet_table());
    country.build().code(0).says(&["warning: m.parquet", "no dictionary (dfe-lait-dictionary)"]);
    assert_eq!(
        indicators(&country)[1],
        "lait-ref-percent|Share referred||unknown|none|1|Share referred|dfe-lait|Ref_%"
    );
    let ends = country.rows("SELECT DISTINCT period_label, period_start, period_end FROM observation WHERE source_id = 'dfe-lait' ORDER BY period_label LIMIT 1");
    assert_eq!(ends, [["2023-24", "2023-01-01", "2024-12-31"]]);
    // The dictionary comes later, and the table that did not change is read anew by what it says.
    country.source("dictionary.csv", dictionary());
    country.build().code(0).says(&["2 file(s) read"]);
    assert!(indicators(&country)[1].starts_with("lait-ref-percent|Children referred (%)|"));
    assert_eq!(country.value("SELECT max(period_end) FROM observation WHERE source_id = 'dfe-lait'"), "2025-03-31");
    std::fs::remove_file(country.path("sources/m.parquet")).unwrap();
    country.build().code(0);
    let alone = indicators(&country);
    assert_eq!((alone.len(), alone[0].contains("|dfe-lait-dictionary|")), (1, true), "{alone:?}");
}

#[test]
fn a_damaged_parquet_file_is_refused_by_name_and_stops_nothing_else() {
    let country = albia();
    let whole = parquet_table();
    country.source("cut.parquet", &whole[..whole.len() / 2]);
    country.source("page.parquet", "<!doctype html><html>");
    country.source("text.parquet", csv_table());
    country.source("misnamed.csv", &whole);
    country.build().code(0).says(&[
        "error: cut.parquet: it is a damaged or cut-off Parquet file",
        "error: page.parquet: it is a web page",
        "error: text.parquet: it is no .parquet file",
        "error: misnamed.csv: it is a Parquet file",
    ]);
    assert_eq!(country.value("SELECT count(*) FROM observation WHERE source_id = 'dfe-lait'"), "0");
    assert_eq!(country.value("SELECT count(*) FROM comparison WHERE indicator_id = 'rereferral-rate'"), "8");
    // A table of other columns is no fault: nobody knows it.
    let other = RecordBatch::try_from_iter([("a", Arc::new(StringArray::from(vec!["1"])) as ArrayRef)]).unwrap();
    country.source("other.parquet", written(&other));
    country.build().code(0);
    assert_eq!(country.value("SELECT outcome FROM input_file WHERE file_name = 'other.parquet'"), "unrecognised");
}

#[test]
fn a_table_of_signals_in_parquet_is_named_in_no_open_table() {
    let country = albia();
    let names = [
        "signal_id",
        "authority_code",
        "received_on",
        "channel",
        "reporter_role",
        "theme",
        "severity",
        "status",
        "case_ref",
        "summary",
    ];
    let columns = names.map(|name| (name, Arc::new(StringArray::from(vec!["x"])) as ArrayRef));
    country.source("told-by-a-neighbour.parquet", written(&RecordBatch::try_from_iter(columns).unwrap()));
    country.build().code(0);
    assert_eq!(country.value("SELECT count(*) FROM input_file WHERE file_name LIKE '%neighbour%parquet'"), "0");
}
