use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::dictionary;
use crate::table::{RawTable, read_csv};

fn pipeline() -> Pipeline {
    Pipeline::parse(
        "id = 'p'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'long'\nprefix = 'tool'\n\
         [long]\nmeasure = 'Name'\ntitle = 'Title'\nperiod = 'Years'\ncode = 'Code'\nname = 'Area'\nregion = 'Region'\n\
         value = 'Value'\npassed_over = ['Note']\nblank = ['NA']\nmarks = ['Rev', '', 'prov']\ndictionary = 'd'\n\
         [symbols]\n'-' = 'not-available'\n[time.Academic]\nends = '08-31'\n[time.Calendar]\nends = '12-31'\n\
         [publication]\nusual_lag_days = 365\n[areas]\n970 = 'E92000001'\n987 = 'E13000001'\n\
         [[out_of_scope]]\nrule = 'not-ours'\ncolumn = 'Code'\nvalues = ['1000']\nwhy = 'w'\n\
         [defaults]\nunit = 'unknown'\ndecimals = 1\ncomparable = false\n",
    )
    .unwrap()
}

fn describing() -> Dictionary {
    let pipeline = Pipeline::parse(
        "id = 'd'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'dictionary'\n\
         [dictionary]\nmeasure = 'Name'\ntitle = 'Says'\nyear = 'Year'\nupdated = 'Updated'\n",
    )
    .unwrap();
    let text = "Name,Says,Year,Updated\nA,Share of A,Academic,2025-10-01\nB,,Calendar,2026-02-01\nC,Odd,Lunar,\n";
    let input = input(text);
    dictionary::read(pipeline.dictionary.as_ref().unwrap(), &input, &table(&input), &mut Accounts::default())
}

fn input(text: &str) -> Input {
    Input { name: "t.csv".to_owned(), bytes: text.as_bytes().to_vec(), sha256: String::new() }
}

fn table(input: &Input) -> RawTable {
    read_csv(input).unwrap()
}

const HEADER: &str = "Name,Title,Years,Code,Area,Region,Value,Note";

/// A row as tests speak of it: measure, label, value, area.
fn row(name: &str, years: &str, value: &str) -> String {
    format!("{name},,{years},330,Birmingham,West Midlands,{value},n")
}

fn read(rows: &[String], dictionary: Option<&Dictionary>) -> (Result<Reshaped, Refused>, Accounts) {
    let (pipeline, register) = (pipeline(), Register::embedded().unwrap());
    let input = input(&format!("{HEADER}\n{}\n", rows.join("\n")));
    let opened = Opened::Csv(table(&input));
    let mut accounts = Accounts::new("p", "r", "t.csv");
    let long = Long::open(&pipeline, pipeline.long.as_ref().unwrap(), dictionary, &opened, &input);
    (long.and_then(|long| long.reshape(&register, &mut accounts)), accounts)
}

type Figure = (String, String, String, String, String, Option<f64>, u32);

/// Each figure as indicator, label, breakdown, last day, published code, value and row.
fn figures(reshaped: &Reshaped) -> Vec<Figure> {
    let numbers = |name: &str| -> Vec<usize> {
        let column = reshaped.frame.column(name).unwrap().as_materialized_series().clone();
        column.i32().unwrap().into_no_null_iter().map(|i| i as usize).collect()
    };
    let series = |name: &str| reshaped.frame.column(name).unwrap().as_materialized_series().clone();
    let (values, lines) = (series("value"), series(crate::table::SOURCE_ROW));
    let (indicators, periods) = (numbers("indicator"), numbers("period"));
    let (breakdowns, areas) = (numbers("breakdown"), numbers("area"));
    (0..reshaped.frame.height())
        .map(|i| {
            let period = &reshaped.periods[periods[i]];
            (
                reshaped.catalogue.indicators[indicators[i]].row.indicator_id.clone(),
                period.label.clone(),
                reshaped.catalogue.breakdowns[breakdowns[i]].clone(),
                period.end.to_string(),
                reshaped.areas[areas[i]].published_code.clone(),
                values.f64().unwrap().get(i),
                lines.u32().unwrap().get(i).unwrap(),
            )
        })
        .collect()
}

fn rules(accounts: &Accounts) -> Vec<(u32, String, String)> {
    accounts.quarantine.iter().map(|row| (row.source_row, row.column_name.to_string(), row.rule.to_string())).collect()
}

#[test]
fn a_label_means_the_days_that_the_measures_kind_of_year_has() {
    let dictionary = describing();
    let rows = [row("A", "2024/25", "1.5"), row("B", "2024", "2"), row("D", "2024-25", "3"), row("C", "2024", "4")];
    let (reshaped, accounts) = read(&rows, Some(&dictionary));
    let reshaped = reshaped.unwrap();
    let ends: Vec<_> = figures(&reshaped).into_iter().map(|figure| (figure.0, figure.3)).collect();
    assert_eq!(
        ends,
        [("tool-a", "2025-08-31"), ("tool-b", "2024-12-31"), ("tool-d", "2025-12-31")]
            .map(|(id, end)| (id.to_owned(), end.to_owned()))
    );
    assert_eq!(rules(&accounts), [(5, "Years".to_owned(), "unknown-period".to_owned())]);
    assert!(accounts.quarantine[0].message.contains("\"Lunar\""));
    assert!(reshaped.warnings[0].contains("1 of its 4 measures, such as \"D\""), "{:?}", reshaped.warnings);
    let titles: Vec<_> = reshaped.catalogue.indicators.iter().map(|i| i.row.title.as_str()).collect();
    assert_eq!(titles, ["Share of A", "B", "D"]);
}

#[test]
fn a_table_without_its_dictionary_is_read_by_the_years_that_it_names() {
    let rows = ["A,Own title,2024/25,330,Birmingham,NA,1,n".to_owned(), row("A", "2023/24", "2")];
    let reshaped = read(&rows, None).0.unwrap();
    let found: Vec<_> = figures(&reshaped).into_iter().map(|figure| figure.3).collect();
    assert_eq!(found, ["2025-12-31", "2024-12-31"]);
    let indicator = &reshaped.catalogue.indicators[0].row;
    assert_eq!((indicator.title.as_str(), indicator.unit.as_str(), indicator.decimals), ("Own title", "unknown", 1));
    assert!(reshaped.warnings[0].contains("no dictionary (d)"), "{:?}", reshaped.warnings);
}

#[test]
fn of_labels_that_end_on_one_day_the_shortest_then_the_best_marked_is_the_headline() {
    let dictionary = describing();
    let labels = ["2024 (prov)", "2024", "2022-24", "2023", "2024 (Rev)"];
    let rows: Vec<String> = labels.iter().zip(1..).map(|(label, i)| row("B", label, &i.to_string())).collect();
    let (reshaped, accounts) = read(&rows, Some(&dictionary));
    let found: Vec<_> =
        figures(&reshaped.unwrap()).into_iter().map(|figure| (figure.1, figure.2, figure.5.unwrap())).collect();
    let expected = [
        ("2024 (prov)", "Years=2024 (prov)", 1.0),
        ("2024", "Years=2024", 2.0),
        ("2022-24", "Years=2022-24", 3.0),
        ("2023", "", 4.0),
        ("2024 (Rev)", "", 5.0),
    ];
    assert_eq!(found, expected.map(|(label, breakdown, value)| (label.to_owned(), breakdown.to_owned(), value)));
    assert_eq!((accounts.rows_kept, accounts.quarantine.len()), (5, 0));
}

#[test]
fn what_cannot_be_placed_or_read_is_set_aside_with_its_column() {
    let dictionary = describing();
    let area = |code: &str, name: &str, region: &str| format!("B,,2024,{code},{name},{region},1,n");
    let rows = [
        row("B", "0", "1"),
        row("B", "2024 (x)", "1"),
        row("B", "2024", "1,5".replace(',', " ").as_str()),
        row("", "2024", "1"),
        row("B", "2024", "1"),
        row("B", "2024", "2"),
        area("999", "Narnia", "NA"),
        area("331", "Leeds", "West Midlands"),
        area("331", "Coventry", "London"),
        area("987", "London (Outer)", "NA"),
        area("1000", "England (discontinued)", "NA"),
        row("B", "2023", "1e300"),
    ];
    let (reshaped, accounts) = read(&rows, Some(&dictionary));
    assert_eq!(figures(&reshaped.unwrap()).len(), 1);
    let found: Vec<_> = rules(&accounts);
    let expected = [
        (2, "Years", "unknown-period"),
        (3, "Years", "unknown-period"),
        (4, "Value", "not-a-figure"),
        (5, "Name", "no-measure"),
        (7, "Years", "repeated-row"),
        (8, "Code", "unknown-authority"),
        (9, "Area", "name-contradicts-code"),
        (10, "Region", "region-contradicts-code"),
        (11, "Area", "name-contradicts-code"),
        (13, "Value", "outside-range"),
    ];
    assert_eq!(found, expected.map(|(row, column, rule)| (row, column.to_owned(), rule.to_owned())));
    assert_eq!((accounts.rows_read(), accounts.rows_kept, accounts.rows_out_of_scope), (12, 1, 1));
}

#[test]
fn regions_bear_their_own_codes_and_a_shared_service_is_a_row_of_each() {
    let rows = [
        "B,,2024,970,England,NA,1,n".to_owned(),
        "B,,2024,987,London (Inner),NA,2,n".to_owned(),
        "B,,2024,940 / 941,North Northamptonshire / West Northamptonshire,East Midlands,3,n".to_owned(),
        "B,,2024,E09000007,Camden,Inner London,-,n".to_owned(),
    ];
    let (reshaped, accounts) = read(&rows, Some(&describing()));
    let reshaped = reshaped.unwrap();
    let places: Vec<_> =
        reshaped.areas.iter().map(|a| (a.code.as_str(), a.published_code.as_str(), a.shared)).collect();
    assert_eq!(
        places,
        [
            ("E92000001", "970", false),
            ("E13000001", "987", false),
            ("E06000061", "940 / 941", true),
            ("E06000062", "940 / 941", true),
            ("E09000007", "E09000007", false),
        ]
    );
    assert_eq!((figures(&reshaped).len(), accounts.rows_kept), (5, 4));
}

#[test]
fn figures_are_public_by_the_usual_lag_and_no_later_than_their_measure_was_updated() {
    let dictionary = describing();
    let rows = [row("A", "2023", "1"), row("A", "2025", "1"), row("B", "2024", "1"), row("B", "2025", "1")];
    let reshaped = read(&rows, Some(&dictionary)).0.unwrap();
    let days: Vec<_> = reshaped.periods.iter().map(|period| period.published_on).collect();
    assert_eq!(days, [date(2024, 8, 30), date(2025, 10, 1), date(2025, 12, 31), date(2026, 2, 1)]);
    assert!(reshaped.periods.iter().all(|period| period.published_on_assumed));
}

#[test]
fn a_column_that_nobody_described_refuses_the_table() {
    let (pipeline, input) = (pipeline(), input(&format!("{HEADER},Sex\n{},Male\n", row("A", "2024", "1"))));
    let opened = Opened::Csv(table(&input));
    let refused = Long::open(&pipeline, pipeline.long.as_ref().unwrap(), None, &opened, &input).err().unwrap();
    assert!(refused.reason.contains("\"Sex\"") && refused.reason.contains("[long]"), "{refused}");
    let refused = read(&[row("A", "soon", "1")], None).0.unwrap_err();
    assert!(refused.reason.contains("\"Years\""), "{refused}");
}

fn any_row() -> impl Strategy<Value = String> {
    let name = select(vec!["A", "B", "C", "a", "A_", ""]);
    let years = select(vec!["2024", "2024 (prov)", "2024 (Rev)", "2023-24", "2022-24", "2021/22-23/24", "0", ""]);
    let area = select(vec![
        "330,Birmingham,West Midlands",
        "E08000025,Birmingham,NA",
        "970,England,NA",
        "835,Dorset (Pre LG),South West",
        "1000,Elsewhere,NA",
        "999,Narnia,NA",
        ",,",
    ]);
    let value = select(vec!["1", "-1.5", "7.0000000000000007E-2", "-", "c", "", "nan", "1e300"]);
    (name, years, area, value).prop_map(|(name, years, area, value)| format!("{name},,{years},{area},{value},n"))
}

proptest! {
    #[test]
    fn whatever_the_rows_each_is_accounted_for_each_figure_is_its_cell_and_no_key_is_given_twice(
        rows in proptest::collection::vec(any_row(), 1..60), described in proptest::bool::ANY,
    ) {
        let dictionary = describing();
        let (reshaped, accounts) = read(&rows, described.then_some(&dictionary));
        let Ok(reshaped) = reshaped else { return Ok(()) };
        prop_assert_eq!(accounts.rows_read(), rows.len());
        let found = figures(&reshaped);
        prop_assert_eq!(found.len(), accounts.rows_kept);
        let mut keys = BTreeSet::new();
        for (id, label, breakdown, end, code, value, number) in found {
            let cells: Vec<&str> = rows[number as usize - 2].split(',').collect();
            prop_assert_eq!((cells[2], cells[3], cells[6].parse::<f64>().ok()), (label.as_str(), code.as_str(), value));
            let name = cells[0].to_lowercase();
            prop_assert!(id["tool-".len()..].starts_with(name.trim_end_matches('_')));
            let area = if code == "E08000025" { "330".to_owned() } else { code };
            prop_assert!(keys.insert((id, area, end, breakdown)));
        }
    }
}
