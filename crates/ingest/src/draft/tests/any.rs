//! Whatever a file holds, it gives a draft that can be read back, or a sentence.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Cells that a column of figures, a filter or a key could have, and some that none should.
fn cell() -> impl Strategy<Value = String> {
    let usual = select(vec![
        "",
        "1",
        "2.5",
        "-3",
        "1e3",
        "\"1,234\"",
        "12%",
        "1:04",
        "1:14",
        "c",
        "[c]",
        "low",
        "-",
        "*",
        "..",
        "Total",
        "All pupils",
        "Male",
        "2024",
        "202425",
        "National",
        "Regional",
        "Local authority",
        "School",
        "Moon",
        "Academic year",
        "Financial year Q1",
        "Week 3",
        "Autumn term",
        "X92000001",
        "x",
        "\"a \"\"b\"\"\"",
        "é",
        "'",
        "#",
        "=",
        "\\",
    ]);
    prop_oneof![4 => usual.prop_map(str::to_owned), 1 => "[^,\"\r\n]{0,8}"]
}

fn name() -> impl Strategy<Value = String> {
    let usual = select(vec![
        "country_code",
        "new_la_code",
        "old_la_code",
        "la_name",
        "region_code",
        "school_urn",
        "sex",
        "age",
        "version",
        "indicator",
        "value",
        "unit",
        "year",
        "children_count",
        "pt_x",
        "rate_per_10000",
        "Duration_median",
        "",
        " a ",
        "a.b",
    ]);
    prop_oneof![4 => usual.prop_map(str::to_owned), 1 => "[^,\"\r\n]{0,8}"]
}

fn file() -> impl Strategy<Value = String> {
    (proptest::collection::vec(name(), 0..7), 0_usize..12).prop_flat_map(|(names, rows)| {
        let period = select(vec!["2024", "2024", "2024", "2024", "2024", "2024", "2024", "202425", ""]);
        let identifier =
            select(vec!["Academic year", "Calendar year", "Reporting year", "Financial year Q1", "Week 3", "", "?"]);
        let level = select(vec!["National", "Regional", "Local authority", "School", "moon"]);
        let row = (period, identifier, level, proptest::collection::vec(cell(), names.len()));
        let header = ["time_period", "time_identifier", "geographic_level"].into_iter().map(str::to_owned).chain(names);
        let header = header.collect::<Vec<_>>().join(",");
        proptest::collection::vec(row, rows).prop_map(move |rows| {
            // Most rows have a period of their own, so that not every file says one thing twice.
            let rows = rows.into_iter().zip(2000..).map(|((period, identifier, level, cells), year)| {
                let period = if period == "2024" { year.to_string() } else { period.to_owned() };
                format!(
                    "{period},{identifier},{level}{}\n",
                    cells.iter().map(|cell| format!(",{cell}")).collect::<String>()
                )
            });
            format!("{header}\n{}", rows.collect::<String>())
        })
    })
}

/// Holds what is promised of any file: a draft that reads every row of it, or a sentence.
fn hold(text: &str) -> Result<bool, TestCaseError> {
    let input = input("any.csv", text);
    let drafted = match from_input(&input, &[]) {
        Err(reason) => {
            prop_assert!(!reason.is_empty() && !reason.contains("cannot be read back"), "{}", reason);
            return Ok(false);
        }
        Ok(drafted) => drafted,
    };
    let pipeline = Pipeline::parse(&drafted.toml).map_err(TestCaseError::fail)?;
    let table = table::read_csv(&input).unwrap();
    let mut accounts = Accounts::new("any", "r", "any.csv");
    let reshaped = series::reshape(std::slice::from_ref(&pipeline), &pipeline, &albia(), &table, &mut accounts);
    prop_assert!(reshaped.is_ok(), "{:?}", reshaped);
    prop_assert_eq!(accounts.rows_read(), table.source_rows.len() + table.bad_rows.len());
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_file_that_looks_like_one_of_the_family_is_drafted_or_refused(text in file()) {
        hold(&text)?;
    }

    #[test]
    fn any_text_is_drafted_or_refused(text in ".{0,200}") {
        hold(&text)?;
        hold(&format!("time_period,time_identifier,geographic_level,n\n{text}"))?;
    }

    #[test]
    fn any_bytes_under_any_name_are_refused_or_drafted(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), name in "[a-z]{0,3}\\.?(csv|ods|xlsx|pdf|txt|md|parquet|)",
    ) {
        let _ = from_input(&Input { name, bytes, sha256: String::new() }, &[]);
    }

    #[test]
    fn every_figure_of_a_drafted_file_is_its_cell(
        cells in proptest::collection::vec((-1e6_f64..1e6, 0_u32..99_999, proptest::option::of(0_u32..240)), 1..30),
    ) {
        let header = "time_period,time_identifier,geographic_level,country_code,change,cost,wait\n";
        let rows = cells.iter().zip(1950..).map(|((change, cost, wait), year)| {
            let cost = if *cost < 1000 { cost.to_string() } else { format!("\"{},{:03}\"", cost / 1000, cost % 1000) };
            let wait = wait.map_or("c".to_owned(), |months| format!("{}:{:02}", months / 12, months % 12));
            format!("{year},Calendar year,National,X92000001,{change},{cost},{wait}\n")
        });
        let read = read("any.csv", &format!("{header}{}", rows.collect::<String>()));
        prop_assert_eq!(read.accounts.rows_kept, cells.len());
        let number = |cell: &String| cell.split(" as ").next().and_then(|number| number.parse::<f64>().ok());
        let of = |id: &str| -> Vec<Option<f64>> { read.cells(id).iter().map(number).collect() };
        prop_assert_eq!(of("any-change"), cells.iter().map(|c| Some(c.0)).collect::<Vec<_>>());
        prop_assert_eq!(of("any-cost"), cells.iter().map(|c| Some(f64::from(c.1))).collect::<Vec<_>>());
        prop_assert_eq!(of("any-wait"), cells.iter().map(|c| c.2.map(f64::from)).collect::<Vec<_>>());
    }
}

#[test]
fn the_files_of_these_tests_are_drafted_often_enough_to_say_something() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let drafted = (0..200).filter(|_| {
        let tree = file().new_tree(&mut runner).unwrap();
        hold(&proptest::strategy::ValueTree::current(&tree)).unwrap()
    });
    assert!(drafted.count() > 20);
}
