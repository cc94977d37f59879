//! The layout of a published table: its columns, its lines for each area, and how each cell is made of the
//! amounts of a record.

use jiff::civil::{Date, date};

use crate::country::Authority;
use crate::figure::{Figure, Symbol, printed};
use crate::guard::Guard;
use crate::world::year_end;

/// How a cell is made of a record's amounts, which are called by their place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell {
    /// A whole number; to the nearest ten for regions and the country.
    Count(usize),
    /// A number with at most so many decimals, for every area alike.
    Amount(usize, u8),
    /// A part as a percentage of a whole, with at most so many decimals.
    Percent(usize, usize, u8),
    /// Vacancies that agency workers cover, as a percentage; above 100 the symbol where there is one.
    Cover(usize, usize, Option<Symbol>),
    /// A count per 10,000 of another, in whole numbers.
    Rate(usize, usize),
    /// A sum divided by a count, with at most so many decimals.
    Mean(usize, usize, u8),
    /// A bound of the 95 per cent interval of such a mean, with the standard deviation of one value.
    Bound(usize, usize, f64),
    /// The same symbol in every row.
    Always(Symbol),
}

/// A filter's cell in a line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Filter {
    /// These words.
    Is(&'static str),
    /// `Revised` in the newest year, `Final` before.
    Version,
}

impl Filter {
    /// As it is printed.
    pub(crate) const fn printed(self, is_newest: bool) -> &'static str {
        match self {
            Self::Is(words) => words,
            Self::Version if is_newest => "Revised",
            Self::Version => "Final",
        }
    }
}

/// One line that each area has in each year.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) filters: Vec<Filter>,
    pub(crate) cells: Vec<Cell>,
}

/// How a table writes its years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Time {
    /// `2025`, `Reporting year`.
    Reporting,
    /// `202425`, `Academic year`.
    Academic,
}

impl Time {
    /// The identifier and the period as printed.
    pub(crate) fn printed(self, label: i16) -> (&'static str, String) {
        match self {
            Self::Reporting => ("Reporting year", label.to_string()),
            Self::Academic => ("Academic year", format!("{}{:02}", label - 1, label % 100)),
        }
    }
}

/// Which authorities have rows, and under which codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Those that lived on this day of the label's year (month, day), by the code of that day.
    Lived(i8, i8),
    /// All that ever lived, in every year, by their latest code; `z` outside their life.
    Ever,
}

impl Presence {
    /// The day that decides who lived in a label's year.
    pub(crate) fn day(self, label: i16) -> Date {
        match self {
            Self::Lived(month, day) => date(label, month, day),
            Self::Ever => year_end(label),
        }
    }

    /// The code under which an authority is printed for a label.
    pub(crate) fn code_of(self, authority: &Authority, label: i16) -> &str {
        match self {
            Self::Ever => &authority.code,
            Self::Lived(..) => authority.code_on(self.day(label)),
        }
    }
}

/// The order of years, areas and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Each year, each area, each line.
    Plain,
    /// Each year, each line, each area.
    LineFirst,
    /// Blocks of so many lines one after another, each with all its years.
    Blocks(Vec<usize>),
}

/// A published table.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) path: String,
    /// Whether the file begins with a byte-order mark.
    pub(crate) has_mark: bool,
    pub(crate) time: Time,
    pub(crate) presence: Presence,
    pub(crate) order: Order,
    /// Whether `la_name` stands before `new_la_code`, and authorities by code and not by name.
    pub(crate) name_first: bool,
    pub(crate) by_code: bool,
    /// Whether authorities that share a service are one row.
    pub(crate) joins_shared: bool,
    /// The amount that is a population: not available, and not inapplicable, outside an authority's life.
    pub(crate) population: Option<usize>,
    /// What is printed for a share that rounds to 0 and is not 0.
    pub(crate) small: Option<Symbol>,
    /// Whether the columns are out of their usual order.
    pub(crate) shuffled: bool,
    /// Newest first.
    pub(crate) labels: Vec<i16>,
    pub(crate) filters: Vec<&'static str>,
    pub(crate) measures: Vec<&'static str>,
    pub(crate) lines: Vec<Line>,
    pub(crate) guard: Guard,
}

impl Layout {
    /// A table of the year to 31 March in which authorities are called by the code of the day.
    pub(crate) fn new(path: String, labels: Vec<i16>, filters: &[&'static str], measures: &[&'static str]) -> Self {
        Self {
            path,
            has_mark: false,
            time: Time::Reporting,
            presence: Presence::Lived(3, 31),
            order: Order::Plain,
            name_first: false,
            by_code: false,
            joins_shared: false,
            population: None,
            small: None,
            shuffled: false,
            labels,
            filters: filters.to_vec(),
            measures: measures.to_vec(),
            lines: Vec::new(),
            guard: Guard::default(),
        }
    }

    /// A table of one line an area, whose filter is the same in every row.
    pub(crate) fn single(
        path: String,
        labels: Vec<i16>,
        filter: (&'static str, &'static str),
        columns: &[(&'static str, Cell)],
    ) -> Self {
        let measures: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let mut layout = Self::new(path, labels, &[filter.0], &measures);
        let cells: Vec<Cell> = columns.iter().map(|(_, cell)| *cell).collect();
        layout.guard.counts = counts(&cells);
        layout.lines = vec![Line { filters: vec![Filter::Is(filter.1)], cells }];
        layout
    }

    /// A table of counts and percentages side by side, a line for each pair of filters.
    ///
    /// Each pair says the amount it counts and that amount's whole.
    pub(crate) fn pairs(path: String, labels: Vec<i16>, columns: [&'static str; 4], pairs: &[Pair]) -> Self {
        let mut layout = Self::new(path, labels, &columns[..2], &columns[2..]);
        let line = |(group, what, part, whole): &Pair| Line {
            filters: vec![Filter::Is(group), Filter::Is(what)],
            cells: vec![Cell::Count(*part), Cell::Percent(*part, *whole, 0)],
        };
        layout.lines = pairs.iter().map(line).collect();
        layout.guard.counts = pairs.iter().map(|(_, _, part, _)| *part).collect();
        layout.guard.counts.dedup();
        (layout.presence, layout.small) = (Presence::Ever, Some(Symbol::K));
        (layout.name_first, layout.by_code) = (true, true);
        layout
    }
}

/// Two filters, the amount counted, and its whole.
pub(crate) type Pair = (&'static str, &'static str, usize, usize);

fn counts(cells: &[Cell]) -> Vec<usize> {
    cells.iter().filter_map(|cell| if let Cell::Count(i) = cell { Some(*i) } else { None }).collect()
}

/// How a record is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Print {
    /// To how many counts are rounded.
    pub(crate) rounding: f64,
    /// What is printed for a share that rounds to 0 and is not 0.
    pub(crate) small: Option<Symbol>,
}

impl Cell {
    /// The cell as printed.
    pub(crate) fn print(self, record: &[Figure], print: Print) -> String {
        self.text(record, print).unwrap_or_else(|symbol| symbol.text().to_owned())
    }

    fn text(self, record: &[Figure], print: Print) -> Result<String, Symbol> {
        let known = |i: usize| record[i].symbol.map_or(Ok(record[i].value), Err);
        let share = |value: f64, decimals: u8| {
            let text = printed(value, decimals);
            print.small.filter(|_| text == "0" && value > 0.0).map_or(Ok(text), Err)
        };
        let over = |part: usize, whole: usize| {
            let (part, whole) = (known(part)?, known(whole)?);
            if whole == 0.0 { Err(Symbol::Z) } else { Ok((part, whole)) }
        };
        match self {
            Self::Count(i) => Ok(printed((known(i)? / print.rounding).round() * print.rounding, 0)),
            Self::Amount(i, decimals) => share(known(i)?, decimals),
            Self::Percent(part, whole, decimals) => {
                let (part, whole) = over(part, whole)?;
                share(100.0 * part / whole, decimals)
            }
            Self::Cover(part, whole, above) => {
                let (part, whole) = over(part, whole)?;
                let value = 100.0 * part / whole;
                above.filter(|_| value > 100.05).map_or_else(|| Ok(printed(value, 1)), Err)
            }
            Self::Rate(part, whole) => {
                let (part, whole) = over(part, whole)?;
                Ok(printed(10_000.0 * part / whole, 0))
            }
            Self::Mean(sum, of, decimals) => {
                let sum = known(sum)?;
                // A mean tells nothing of a small count, so that it stays where the count is hidden.
                if record[of].value == 0.0 { Err(Symbol::Z) } else { Ok(printed(sum / record[of].value, decimals)) }
            }
            Self::Bound(sum, of, deviation) => {
                let (sum, of) = over(sum, of)?;
                Ok(printed(sum / of + 1.96 * deviation / of.sqrt(), 2))
            }
            Self::Always(symbol) => Err(symbol),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::plain;

    const LA: Print = Print { rounding: 1.0, small: Some(Symbol::K) };
    const REGION: Print = Print { rounding: 10.0, small: Some(Symbol::K) };

    #[test]
    fn counts_of_regions_are_rounded_and_their_percentages_are_of_the_true_counts() {
        let record = plain([14.0, 27.0]);
        assert_eq!((Cell::Count(0).print(&record, LA), Cell::Count(1).print(&record, LA)), ("14".into(), "27".into()));
        assert_eq!(
            (Cell::Count(0).print(&record, REGION), Cell::Count(1).print(&record, REGION)),
            ("10".into(), "30".into())
        );
        assert_eq!(Cell::Percent(0, 1, 1).print(&record, REGION), "51.9");
    }

    #[test]
    fn a_percentage_of_nothing_does_not_apply_and_one_that_rounds_to_nought_is_marked() {
        assert_eq!(Cell::Percent(0, 1, 0).print(&plain([0.0, 0.0]), LA), "z");
        assert_eq!(Cell::Percent(0, 1, 0).print(&plain([7.0, 5000.0]), LA), "k");
        assert_eq!(Cell::Percent(0, 1, 0).print(&plain([0.0, 5000.0]), LA), "0");
    }

    #[test]
    fn a_percentage_hides_with_its_part_and_with_its_whole() {
        for hidden in 0..2 {
            let mut record = plain([7.0, 50.0]);
            record[hidden] = record[hidden].behind(Symbol::C);
            assert_eq!(Cell::Percent(0, 1, 0).print(&record, LA), "c");
        }
    }

    #[test]
    fn an_academic_year_is_written_in_six_digits() {
        assert_eq!(Time::Academic.printed(2025), ("Academic year", "202425".to_owned()));
        assert_eq!(Time::Reporting.printed(2025), ("Reporting year", "2025".to_owned()));
    }
}
