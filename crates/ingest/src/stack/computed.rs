//! Figures that a file does not print and its counts give: a share whose numerator is the sum of several columns.

use super::{Counted, Lines, Stack};
use crate::accounts::Accounts;
use crate::cell::{Cell, Status};
use crate::measure::{Catalogue, Slot};
use crate::pipeline::{IndicatorSpec, Unit};
use crate::rows::RowPlace;

/// A numerator may be so much above its denominator by rounding, where both are sums of fractions.
const ROUNDING: f64 = 1e-12;

impl Stack<'_> {
    /// Stacks a frame of each computed indicator of which the file has all columns, and gives their names in order.
    ///
    /// A figure is missing wherever one of its counts is: nothing is worked out around what a publisher hides. Where a
    /// count cannot be read there is no figure: what is wrong stands in the quarantine of its own column.
    pub(crate) fn push_computed(&mut self, catalogue: &mut Catalogue, accounts: &mut Accounts) -> Vec<String> {
        let specs = self.pipeline.indicators.iter().filter(|spec| spec.computed);
        let mut names = Vec::new();
        for spec in specs {
            let Some(places) = spec.columns().map(|column| self.table.column(column)).collect::<Option<Vec<_>>>()
            else {
                continue;
            };
            places.into_iter().for_each(|place| self.read_column(place));
            self.push_quotients(spec, catalogue, accounts);
            names.push(spec.column.clone());
        }
        names
    }

    fn push_quotients(&mut self, spec: &IndicatorSpec, catalogue: &mut Catalogue, accounts: &mut Accounts) {
        let slots: Vec<Option<Slot>> = self
            .placed
            .combinations
            .iter()
            .map(|filters| {
                let filters = filters.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                catalogue.slot_of_computed(self.all, self.pipeline, spec, &filters)
            })
            .collect();
        let counts = [&spec.numerator, &spec.denominator].map(|count| self.counted(count.as_ref()?));
        let [Some(numerator), Some(denominator)] = &counts else { return };
        let mut lines = Lines::default();
        let mut told = None;
        for (row, area) in &self.lines {
            let RowPlace::Kept { period, combination, .. } = &self.placed.rows[*row] else { continue };
            let Some(slot) = slots[*combination] else { continue };
            let indicator = &catalogue.indicators[slot.indicator as usize].row;
            let parts = [self.cells_of(numerator, *row), self.cells_of(denominator, *row)];
            match quotient(&parts, indicator.multiplier.unwrap_or(1) as f64, indicator.measure == "proportion") {
                Some(Quotient { cell: Cell::Unknown, numerator, denominator }) if told != Some(*row) => {
                    told = Some(*row);
                    let value = [numerator, denominator].map(|sum| sum.unwrap_or_default().to_string()).join(" / ");
                    let message = "a part is greater than the whole; correct the counts";
                    let (line, column) = (self.table.source_rows[*row], spec.column.as_str());
                    accounts.quarantine_cell(line, column, &value, "outside-range", message);
                }
                Some(Quotient { cell, numerator, denominator }) => {
                    let line = self.table.source_rows[*row];
                    lines.push(slot, *period, *area, cell, numerator, denominator, line, 0);
                }
                None => {}
            }
        }
        self.keep(lines);
    }

    fn cells_of(&self, count: &Counted<'_>, row: usize) -> Vec<Cell> {
        count.columns.iter().map(|column| self.cells.get(column).map_or(Cell::Unknown, |cells| cells[row])).collect()
    }
}

/// What counts come to, and the counts themselves where they are known.
struct Quotient {
    /// Unknown where a part is greater than the whole.
    cell: Cell,
    numerator: Option<f64>,
    denominator: Option<f64>,
}

/// Numerator over denominator, each a sum of cells; nothing where one of those is no count.
fn quotient(parts: &[Vec<Cell>; 2], multiplier: f64, is_proportion: bool) -> Option<Quotient> {
    let [least, most] = Unit::Number.range();
    let is_no_count = |cell: &Cell| match cell {
        Cell::Number(number) => !(least..=most).contains(number),
        Cell::Missing(_) => false,
        Cell::Unknown => true,
    };
    if parts.iter().flatten().any(is_no_count) {
        return None;
    }
    let sum = |cells: &Vec<Cell>| -> Option<f64> {
        cells.iter().map(|cell| if let Cell::Number(number) = cell { Some(*number) } else { None }).sum()
    };
    let (numerator, denominator) = (sum(&parts[0]), sum(&parts[1]));
    let cell = match (numerator, denominator) {
        (Some(_), Some(0.0)) => Cell::Missing(Status::NotApplicable),
        (Some(part), Some(whole)) if is_proportion && part > whole * (1.0 + ROUNDING) => Cell::Unknown,
        (Some(part), Some(whole)) if is_proportion => Cell::Number((multiplier * part / whole).min(multiplier)),
        (Some(part), Some(whole)) => Cell::Number(multiplier * part / whole),
        _ => Cell::Missing(reason(parts.iter().flatten())),
    };
    Some(Quotient { cell, numerator, denominator })
}

/// Why a figure is missing some of whose counts are.
///
/// That a count rounds to zero, or cannot exist, says it of that count alone.
fn reason<'a>(cells: impl Iterator<Item = &'a Cell>) -> Status {
    let cells: Vec<&Cell> = cells.collect();
    let is = |status: Status| move |cell: &&Cell| **cell == Cell::Missing(status);
    if cells.iter().any(is(Status::Suppressed)) {
        Status::Suppressed
    } else if cells.iter().any(is(Status::Unreliable)) {
        Status::Unreliable
    } else if cells.iter().all(is(Status::NotApplicable)) {
        Status::NotApplicable
    } else {
        Status::NotAvailable
    }
}

#[cfg(test)]
mod tests {
    use crate::accounts::Accounts;
    use crate::input::Input;
    use crate::pipeline::Pipeline;
    use crate::register::Register;
    use crate::series;
    use crate::table::read_csv;

    const HEAD: &str = "id = 'p'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'ees-csv'\n\
                        [time.'Reporting year']\nends = '03-31'\n[publication]\nusual_lag_days = 1\n\
                        [symbols]\n'*' = 'suppressed'\n'z' = 'suppressed'\n[formats]\nall = 'thousands'\n\
                        [filters.what]\nrole = 'measure'\n[columns.a]\nunit = 'number'\n[columns.b]\nunit = 'number'\n\
                        [columns.all]\nunit = 'number'\n";

    fn pipeline(indicators: &str) -> Result<Pipeline, String> {
        Pipeline::parse(&format!("{HEAD}{indicators}"))
    }

    fn indicator(id: &str, unit: &str) -> String {
        format!(
            "[[indicators]]\nid = '{id}'\ntitle = 'S'\nunit = '{unit}'\ncomputed = true\nwhere = {{ what = 'one' }}\n\
             numerator = {{ column = 'a', plus = ['b'] }}\ndenominator = {{ column = 'all' }}\n"
        )
    }

    /// Id, value, status, numerator and denominator of each computed figure, and how many rows and cells were set aside.
    type Figures = Vec<(String, Option<f64>, i32, Option<f64>, Option<f64>)>;

    fn read(pipeline: &Pipeline, columns: &str, cells: &[&str]) -> (Figures, usize, usize) {
        let row = |(i, cells): (usize, &&str)| {
            let place = ["330,E08000025,Birmingham", "370,E08000016,Barnsley"][i];
            format!("2025,Reporting year,Local authority,{place},{cells}\n")
        };
        let rows: String = cells.iter().enumerate().map(row).collect();
        let head = "time_period,time_identifier,geographic_level,old_la_code,new_la_code,la_name";
        let bytes = format!("{head},{columns}\n{rows}").into_bytes();
        let table = read_csv(&Input { name: "f.csv".to_owned(), bytes, sha256: String::new() }).unwrap();
        let mut accounts = Accounts::new("p", "r", "f.csv");
        let all = std::slice::from_ref(pipeline);
        let read = series::reshape(all, pipeline, &Register::embedded().unwrap(), &table, &mut accounts).unwrap();
        let column = |name: &str| read.frame.column(name).unwrap().as_materialized_series().clone();
        let whole = |name: &str| column(name).i32().unwrap().into_no_null_iter().collect::<Vec<_>>();
        let float = |name: &str| column(name).f64().unwrap().iter().collect::<Vec<_>>();
        let (indicator, status, measure) = (whole("indicator"), whole("status"), whole("measure"));
        let (value, numerator, denominator) = (float("value"), float("numerator"), float("denominator"));
        let is_computed = |i: &usize| read.columns[measure[*i] as usize] == "(a + b) / all";
        let figure = |i: usize| {
            let row = &read.catalogue.indicators[indicator[i] as usize].row;
            assert_eq!(row.computed_from.as_deref(), Some("(a + b) / all"));
            (row.indicator_id.clone(), value[i], status[i], numerator[i], denominator[i])
        };
        let figures = (0..value.len()).filter(is_computed).map(figure).collect();
        (figures, accounts.rows_kept, accounts.quarantine.len())
    }

    fn one(cells: &str) -> (Option<f64>, i32) {
        let (figures, ..) = read(&pipeline(&indicator("share", "percent")).unwrap(), "what,a,b,all", &[cells]);
        assert_eq!(figures.len(), 1, "{cells}");
        (figures[0].1, figures[0].2)
    }

    #[test]
    fn a_share_is_the_sum_of_its_columns_over_the_whole_to_all_digits() {
        let share = pipeline(&indicator("share", "percent")).unwrap();
        let (figures, kept, aside) = read(&share, "what,a,b,all", &["one,10,20,\"1,200\""]);
        assert_eq!(figures, [("share".to_owned(), Some(2.5), 0, Some(30.0), Some(1200.0))]);
        assert_eq!((kept, aside), (1, 0));
        assert_eq!(one("one,1,0,3").0, Some(100.0 / 3.0));
        assert_eq!(one("one,0,0,3").0, Some(0.0));
        assert_eq!(one("one,0.1,0.2,0.3").0, Some(100.0), "a sum of fractions may be above the whole by rounding");
    }

    #[test]
    fn nothing_is_worked_out_around_a_count_that_is_hidden_or_missing() {
        use crate::cell::Status::{NotApplicable, NotAvailable, Suppressed, Unreliable};
        for (cells, status) in [
            ("one,c,20,60", Suppressed),
            ("one,x,c,60", Suppressed),
            ("one,10,*,60", Suppressed),
            ("one,10,20,c", Suppressed),
            ("one,u,20,x", Unreliable),
            ("one,k,20,60", NotAvailable),
            ("one,x,20,60", NotAvailable),
            ("one,0,0,0", NotApplicable),
        ] {
            assert_eq!(one(cells), (None, status.code()), "{cells}");
        }
    }

    #[test]
    fn where_a_count_cannot_be_read_there_is_no_figure_and_no_row_is_saved_by_it() {
        let share = pipeline(&indicator("share", "percent")).unwrap();
        let computed = |cells: &str| read(&share, "what,a,b,all", &[cells]);
        let (figures, kept, _) = computed("one,what,what,what");
        assert!(figures.is_empty());
        assert_eq!(kept, 0, "the row is set aside, as nothing of it can be used");
        assert!(computed("one,-10,20,60").0.is_empty(), "a count below 0 is set aside in its own column");
        let (figures, kept, aside) = computed("one,50,20,60");
        assert!(figures.is_empty());
        assert_eq!((kept, aside), (1, 1), "a part above the whole is set aside by itself");
    }

    #[test]
    fn each_indicator_has_its_own_rows_and_unit() {
        let both = pipeline(&(indicator("share", "percent") + &indicator("per-1000", "rate-per-1000"))).unwrap();
        let (figures, ..) = read(&both, "what,a,b,all", &["one,10,5,60", "two,1,2,3"]);
        let told: Vec<_> = figures.iter().map(|figure| (figure.0.as_str(), figure.1)).collect();
        assert_eq!(told, [("share", Some(25.0)), ("per-1000", Some(250.0))]);
        assert!(read(&both, "what,a,all", &["one,10,60"]).0.is_empty(), "a column is not in the file");
    }

    #[test]
    fn a_computed_indicator_says_its_counts_and_a_unit_that_is_a_quotient() {
        let counts = "numerator = { column = 'a' }\ndenominator = { column = 'b' }\n";
        let faulty = [
            ("unit = 'percent'\n".to_owned(), "has no column"),
            (
                "unit = 'percent'\ncomputed = true\nnumerator = { column = 'a' }\n".to_owned(),
                "a numerator and a denominator",
            ),
            (format!("unit = 'days'\ncomputed = true\n{counts}"), "no quotient of counts"),
            (format!("unit = 'percent'\ncomputed = true\ncolumn = 'c'\n{counts}"), "has a column"),
            (format!("unit = 'percent'\ncomputed = true\nformat = 'thousands'\n{counts}"), "in a format"),
            (
                "unit = 'percent'\ncomputed = true\nnumerator = { column = 'a', where = { f = '1' } }\n\
                 denominator = { column = 'b' }\n"
                    .to_owned(),
                "of its own row",
            ),
            (format!("unit = 'percent'\ncomputed = true\nstandard = '15 days'\n{counts}"), "one end is better"),
        ];
        for (said, fault) in faulty {
            let error = pipeline(&format!("[[indicators]]\nid = 'share'\ntitle = 'S'\n{said}")).unwrap_err();
            assert!(error.contains(fault), "{error}");
        }
    }
}
