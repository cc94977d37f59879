//! Reads the folder of golden values: one case a row of CSV or an object of JSON.
//!
//! The folder is `LAIS_GOLDEN`, or `../shared/golden` beside the clone. Where neither is there, a test says so and
//! passes: a stranger's clone has no golden values.

use std::path::PathBuf;

use serde_json::Value;

/// A value that differs from the golden one, with the case that it is of.
pub(crate) type Check = Result<(), String>;

/// Runs a test over every case of a file, prints its name and number of cases, and fails with every case that differs.
pub(crate) fn each_case(file: &str, test: impl Fn(&Case) -> Check) {
    let Some(folder) = folder() else {
        println!("skipped: no folder of golden values (LAIS_GOLDEN, or ../shared/golden beside the clone)");
        return;
    };
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{} cannot be read: {e}", path.display()));
    let cases = if file.ends_with(".csv") { of_csv(&text) } else { of_json(&text) };
    assert!(!cases.is_empty(), "{file} has no case");
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| test(case).err().map(|why| format!("{}: {why}", case.text("case_id"))))
        .collect();
    println!("{file}: {} cases", cases.len());
    assert!(failed.is_empty(), "{file}: {} of {} cases differ:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

/// The folder of golden values, if there is one.
pub(crate) fn folder() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("LAIS_GOLDEN") {
        return Some(PathBuf::from(named));
    }
    let beside = root().join("../../../shared/golden");
    beside.is_dir().then_some(beside)
}

/// The folder of these tests.
pub(crate) fn tests() -> PathBuf {
    root().join("tests/golden")
}

/// The folder of the crate, where the tests run.
fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// One case: a row of CSV, or an object of JSON.
pub(crate) struct Case(Value);

impl Case {
    /// The value at a path such as `input/values`; null where it is not there.
    pub(crate) fn at(&self, path: &str) -> &Value {
        path.split('/').fold(&self.0, |value, name| value.get(name).unwrap_or(&Value::Null))
    }

    /// A number, or nothing where the cell is empty or null.
    pub(crate) fn maybe(&self, path: &str) -> Option<f64> {
        as_number(self.at(path))
    }

    /// A number that must be there.
    pub(crate) fn number(&self, path: &str) -> f64 {
        self.maybe(path).unwrap_or_else(|| panic!("{}: no number at {path}", self.text("case_id")))
    }

    /// A text; empty where there is none.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or_default()
    }

    /// A truth.
    pub(crate) fn truth(&self, path: &str) -> bool {
        self.at(path).as_bool().unwrap_or_default()
    }

    /// A list of numbers, of which some may be missing.
    pub(crate) fn maybes(&self, path: &str) -> Vec<Option<f64>> {
        self.at(path).as_array().map(|list| list.iter().map(as_number).collect()).unwrap_or_default()
    }

    /// A list of numbers, all of which must be there.
    pub(crate) fn numbers(&self, path: &str) -> Vec<f64> {
        let all = self.maybes(path).into_iter().map(|n| n.unwrap_or_else(|| panic!("a number is missing at {path}")));
        all.collect()
    }
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    }
}

fn of_json(text: &str) -> Vec<Case> {
    let Ok(Value::Array(cases)) = serde_json::from_str(text) else {
        panic!("a golden file of JSON is a list of cases")
    };
    cases.into_iter().map(Case).collect()
}

fn of_csv(text: &str) -> Vec<Case> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a golden file of CSV has a header").clone();
    let as_case = |row: csv::StringRecord| {
        let cells = header.iter().zip(row.iter()).map(|(name, cell)| (name.to_owned(), Value::from(cell)));
        Case(Value::Object(cells.collect()))
    };
    reader.records().map(|row| as_case(row.expect("a row of a golden file can be read"))).collect()
}

/// That two numbers agree within a relative tolerance (absolute where the golden one is 0).
pub(crate) fn near(name: &str, got: f64, want: f64, tolerance: f64) -> Check {
    within(name, got, want, tolerance * if want == 0.0 { 1.0 } else { want.abs() })
}

/// That two numbers agree within an absolute tolerance.
pub(crate) fn within(name: &str, got: f64, want: f64, tolerance: f64) -> Check {
    if (got - want).abs() <= tolerance { Ok(()) } else { Err(format!("{name} is {got}, golden {want}")) }
}

/// That two numbers agree, or both are missing.
pub(crate) fn near_or_none(name: &str, got: Option<f64>, want: Option<f64>, tolerance: f64) -> Check {
    match (got, want) {
        (Some(got), Some(want)) => near(name, got, want, tolerance),
        (None, None) => Ok(()),
        (got, want) => Err(format!("{name} is {got:?}, golden {want:?}")),
    }
}

/// That two lists agree number by number, missing ones included.
pub(crate) fn all_near(name: &str, got: &[Option<f64>], want: &[Option<f64>], tolerance: f64) -> Check {
    same(&format!("length of {name}"), &got.len(), &want.len())?;
    let mut pairs = got.iter().zip(want).enumerate();
    pairs.try_for_each(|(i, (got, want))| near_or_none(&format!("{name}[{i}]"), *got, *want, tolerance))
}

/// That two things are the same.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(name: &str, got: &T, want: &T) -> Check {
    if got == want { Ok(()) } else { Err(format!("{name} is {got:?}, golden {want:?}")) }
}
