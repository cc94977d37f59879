//! Observations held against the files that they name, read by another path.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::sandbox::Sandbox;

/// What each printed symbol means.
const SYMBOLS: [(&str, &str); 6] = [
    ("c", "suppressed"),
    ("k", "low"),
    ("low", "low"),
    ("z", "not-applicable"),
    ("x", "not-available"),
    ("u", "unreliable"),
];

/// Holds every observation of a lake against the cell it names, and every cell of a kept column against the
/// observations: one that is none is in quarantine. Gives how many files there were. Files in the layout of Explore
/// Education Statistics alone: `tests/readers/open_tables.py` does the same for tables of other layouts.
pub(crate) fn every_observation_is_the_cell_that_it_names(lake: &Sandbox, find: impl Fn(&str) -> PathBuf) -> usize {
    let files = lake.rows("SELECT source_id, release, file_name FROM source WHERE source_id IN (SELECT DISTINCT source_id FROM observation)");
    let is_csv = |file: &&Vec<String>| file[2].ends_with(".csv");
    let printed = files.iter().filter(is_csv).map(|file| (file, printed(&find(&file[2]))));
    let held = printed.filter(|(_, printed)| printed[0].iter().any(|name| name == "time_period"));
    held.map(|(file, printed)| hold(lake, &file[0], &file[1], &printed)).count()
}

fn hold(lake: &Sandbox, source: &str, release: &str, printed: &[Vec<String>]) {
    let symbols = HashMap::from(SYMBOLS);
    let header: HashMap<&str, usize> = printed[0].iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let of_file = format!("source_id = '{source}' AND release = '{release}'");
    let kept = lake.rows(&format!(
        "SELECT source_row, source_column, value, status, published_code, period_label, computed_from, multiplier
         FROM observation AS o INNER JOIN indicator AS i ON o.indicator_id = i.indicator_id
         WHERE o.source_id = '{source}' AND release = '{release}'"
    ));
    let set_aside = lake.rows(&format!("SELECT source_row FROM quarantine WHERE {of_file}"));
    let set_aside: HashSet<usize> = set_aside.iter().map(|row| row[0].parse().unwrap()).collect();
    let (mut cells, mut columns) = (HashSet::new(), HashSet::new());
    for fact in &kept {
        let number = fact[0].parse::<usize>().unwrap();
        let row = &printed[number - 1];
        let cell = |column: &str| row[header[column]].trim();
        let agrees = match (fact[6].as_str(), cell_of(&fact[1], &header, row)) {
            ("", Some(cell)) => match cell.parse::<f64>() {
                Ok(number) => fact[3] == "observed" && fact[2].parse::<f64>().ok() == Some(number),
                Err(_) => fact[2].is_empty() && symbols.get(cell) == Some(&fact[3].as_str()),
            },
            (formula, _) => formula == fact[1] && is_computed(fact, cell),
        };
        assert!(
            agrees && row[header["time_period"]] == fact[5] && row.contains(&fact[4]),
            "{source} {release}: {fact:?} {row:?}"
        );
        cells.insert((number, fact[1].as_str()));
        columns.insert(fact[1].as_str());
    }
    for number in (2..=printed.len()).filter(|number| !set_aside.contains(number)) {
        for column in &columns {
            assert!(cells.contains(&(number, *column)), "{source} {release}: row {number}, {column} became nothing");
        }
    }
}

fn cell_of<'a>(column: &str, header: &HashMap<&str, usize>, row: &'a [String]) -> Option<&'a str> {
    header.get(column).map(|place| row[*place].trim())
}

/// Whether a computed figure is what its formula, `(a + b) / c`, makes of the printed cells: hidden where one is.
fn is_computed<'a>(fact: &[String], cell: impl Fn(&str) -> &'a str) -> bool {
    let (numerator, denominator) = fact[6].split_once(" / ").unwrap();
    let cells = |sum: &str| sum.trim_matches(['(', ')']).split(" + ").map(&cell).collect::<Vec<_>>();
    let (numerator, denominator) = (cells(numerator), cells(denominator));
    let all = [numerator.clone(), denominator.clone()].concat();
    let sum = |cells: &[&str]| cells.iter().map(|cell| cell.parse::<f64>().unwrap()).sum::<f64>();
    let status = if all.contains(&"c") {
        "suppressed"
    } else if all.contains(&"u") {
        "unreliable"
    } else if all.iter().all(|cell| *cell == "z") {
        "not-applicable"
    } else if all.iter().any(|cell| cell.parse::<f64>().is_err()) {
        "not-available"
    } else if sum(&denominator) == 0.0 {
        "not-applicable"
    } else {
        let quotient = fact[7].parse::<f64>().unwrap() * sum(&numerator) / sum(&denominator);
        return fact[3] == "observed" && (fact[2].parse::<f64>().unwrap() - quotient).abs() <= 1e-12 * quotient;
    };
    fact[2].is_empty() && fact[3] == status
}

fn printed(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}
