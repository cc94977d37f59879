//! What stands in a column: how many cells of each form, and what they range over.

use std::collections::{BTreeMap, BTreeSet};

use crate::cell::Status;
use crate::format::Format;

/// The most decimals that a figure is said to have; more come from arithmetic, not from a publisher.
const MOST_DECIMALS: usize = 6;

/// One in so many cells may be a slip of the pen in a column of figures.
const ONE_SLIP_IN: usize = 20;

/// What stands in a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile<'a> {
    /// Each text and in how many rows it stands; a blank cell is the empty text.
    pub(crate) texts: BTreeMap<&'a str, usize>,
    plain: usize,
    grouped: usize,
    percents: usize,
    durations: usize,
    /// Durations whose months are 12 or more.
    late: usize,
    symbols: usize,
    /// Whether a plain number has four digits or more before its point.
    has_long: bool,
}

/// What a column of figures has beside its figures.
#[derive(Clone, Debug)]
pub(crate) struct Figures<'a> {
    pub(crate) format: Format,
    pub(crate) least: f64,
    pub(crate) greatest: f64,
    pub(crate) decimals: usize,
    /// Whether there is a figure at all.
    pub(crate) any: bool,
    /// Symbols that are not among the usual ones, and what they are taken for.
    pub(crate) symbols: BTreeMap<&'a str, Status>,
    /// Texts that are no figure of the column's format, and their rows in all.
    pub(crate) odd: Vec<&'a str>,
    pub(crate) odd_rows: usize,
}

impl<'a> Profile<'a> {
    /// Looks at the cells of a column.
    pub(crate) fn of(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
        for cell in cells {
            *texts.entry(cell).or_default() += 1;
        }
        let mut profile = Self::default();
        for (text, rows) in &texts {
            profile.look_at(text, *rows);
        }
        Self { texts, ..profile }
    }

    fn look_at(&mut self, text: &str, rows: usize) {
        if text.is_empty() {
            return;
        }
        if Status::of_symbol(text).is_some() {
            self.symbols += rows;
        } else if Format::Plain.number(text).is_some() {
            self.plain += rows;
            let whole = text.trim_start_matches(['-', '+']).split('.').next().unwrap_or_default();
            self.has_long |= whole.len() > 3;
        } else if Format::Thousands.number(text).is_some() {
            self.grouped += rows;
        } else if Format::PercentSign.number(text).is_some() {
            self.percents += rows;
        } else if let Some(is_late) = duration(text) {
            self.durations += rows;
            self.late += if is_late { rows } else { 0 };
        }
    }

    /// Whether nothing stands in any cell.
    pub(crate) fn is_blank(&self) -> bool {
        self.texts.keys().all(|text| text.is_empty())
    }

    /// The texts that are not blank.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a str> + Clone + '_ {
        self.texts.keys().copied().filter(|text| !text.is_empty())
    }

    /// The one format in which all figures of the column are printed, where there is one.
    fn format(&self) -> Format {
        let Self { plain, grouped, percents, durations, late, .. } = *self;
        match (plain, grouped, percents, durations) {
            // Of minutes or hours most would be 12 or more; of months such a one is a misprint, and is set aside.
            (0, 0, 0, 1..) if late * 2 < durations => Format::YearsMonths,
            (0, 0, 1.., 0) => Format::PercentSign,
            (_, 1.., 0, 0) if !self.has_long => Format::Thousands,
            _ => Format::Plain,
        }
    }

    /// The column's figures, if it is a column of figures: nothing else stands in it but symbols and a few slips.
    pub(crate) fn figures(&self) -> Option<Figures<'a>> {
        let (rows, figures) = self.figures_as(self.format());
        let is_figures = if rows == 0 {
            figures.odd.is_empty() && (self.symbols > 0 || !figures.symbols.is_empty())
        } else {
            let late = if figures.format == Format::YearsMonths { self.late } else { 0 };
            figures.odd_rows.saturating_sub(late) * ONE_SLIP_IN <= rows
        };
        is_figures.then_some(figures)
    }

    /// The figures of one format, and in how many rows they stand.
    fn figures_as(&self, format: Format) -> (usize, Figures<'a>) {
        let (mut rows_of_figures, mut odd, mut symbols) = (0, Vec::new(), BTreeMap::new());
        let (mut odd_rows, mut decimals) = (0, 0);
        let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
        for (text, rows) in self.texts.iter().filter(|(text, _)| !text.is_empty()) {
            if Status::of_symbol(text).is_some() {
                continue;
            }
            match (format.number(text), other_symbol(text)) {
                (Some(number), _) => {
                    rows_of_figures += rows;
                    (least, greatest) = (least.min(number), greatest.max(number));
                    decimals = decimals.max(decimals_of(text));
                }
                (None, Some(status)) => drop(symbols.insert(*text, status)),
                (None, None) => {
                    odd.push(*text);
                    odd_rows += rows;
                }
            }
        }
        let (decimals, any) = (decimals.min(MOST_DECIMALS), rows_of_figures > 0);
        (rows_of_figures, Figures { format, least, greatest, decimals, any, symbols, odd, odd_rows })
    }

    /// The column's plain figures, if every cell is a figure in one format or another.
    pub(crate) fn mixed_figures(&self) -> Option<Figures<'a>> {
        let is_figure = |text: &str| {
            Status::of_symbol(text).is_some()
                || other_symbol(text).is_some()
                || duration(text).is_some()
                || [Format::Plain, Format::Thousands, Format::PercentSign].iter().any(|f| f.number(text).is_some())
        };
        let is_mixed = self.format() == Format::Plain && self.plain + self.grouped + self.percents + self.durations > 0;
        (is_mixed && self.values().all(is_figure)).then(|| self.figures_as(Format::Plain).1)
    }

    /// Whether every text is a whole number that is not below zero, or blank.
    pub(crate) fn is_whole_numbers(&self) -> bool {
        self.values().all(|text| text.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Texts in order of how often they stand, the most frequent first.
    pub(crate) fn most_frequent(&self) -> Vec<&'a str> {
        let mut texts: Vec<_> = self.texts.iter().collect();
        texts.sort_by_key(|(text, rows)| (std::cmp::Reverse(**rows), **text));
        texts.into_iter().map(|(text, _)| *text).collect()
    }
}

/// Whether a text has the form of years and months, and then whether the months are 12 or more.
fn duration(text: &str) -> Option<bool> {
    if Format::YearsMonths.number(text).is_some() {
        return Some(false);
    }
    let (years, months) = text.split_once(':')?;
    let months_below = format!("{years}:00");
    let are_digits = months.len() == 2 && months.bytes().all(|b| b.is_ascii_digit());
    (are_digits && Format::YearsMonths.number(&months_below).is_some()).then_some(true)
}

/// Digits after the point of a printed number.
fn decimals_of(text: &str) -> usize {
    let digits = text.split_once('.').map_or("", |(_, fraction)| fraction);
    digits.bytes().take_while(u8::is_ascii_digit).count()
}

/// What a symbol beside the usual ones is taken for: no more than that there is no figure, where custom says no more.
fn other_symbol(text: &str) -> Option<Status> {
    match text.to_lowercase().as_str() {
        "*" | "supp" | "suppressed" | "sup" => Some(Status::Suppressed),
        "n/a" | "not applicable" => Some(Status::NotApplicable),
        "na" | "#n/a" | "nan" | "null" | "none" | "nil return" | "missing" | "no data" | "not available" => {
            Some(Status::NotAvailable)
        }
        other if other.chars().count() <= 3 && other.chars().all(is_mark) => Some(Status::NotAvailable),
        _ => None,
    }
}

fn is_mark(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control()
}

/// The distinct values of one column for each value of another.
pub(crate) fn is_function_of<'a, K: Ord>(pairs: impl Iterator<Item = (K, &'a str)>) -> bool {
    let mut seen: BTreeMap<K, &str> = BTreeMap::new();
    for (key, value) in pairs {
        if *seen.entry(key).or_insert(value) != value {
            return false;
        }
    }
    true
}

/// The words of a column's name or of a text, in lower case; a change to upper case begins no new word.
pub(crate) fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Whether every word of a text is among those of another.
pub(crate) fn says_all_of(text: &str, said: &str) -> bool {
    let here: BTreeSet<String> = words(text).into_iter().collect();
    words(said).iter().all(|word| here.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(cells: &[&'static str]) -> Option<Figures<'static>> {
        Profile::of(cells.iter().copied()).figures()
    }

    fn format(cells: &[&'static str]) -> Option<Format> {
        figures(cells).map(|figures| figures.format)
    }

    #[test]
    fn a_format_is_declared_only_where_every_figure_is_printed_in_it() {
        assert_eq!(format(&["12%", "3.5%", "c"]), Some(Format::PercentSign));
        assert_eq!(format(&["12%", "3.5"]), None);
        assert_eq!(format(&["1,200", "15", "x"]), Some(Format::Thousands));
        assert_eq!(format(&["1,200", "1500"]), None);
        assert_eq!(format(&["1:04", "0:11", ":", "z"]), Some(Format::YearsMonths));
        assert_eq!(format(&["1:04", "0:12", "2:11"]), Some(Format::YearsMonths));
        assert_eq!(format(&["10:45", "11:59", "12:10"]), None);
        assert_eq!(format(&["1.5", "-2", "low"]), Some(Format::Plain));
    }

    #[test]
    fn a_column_of_figures_may_have_symbols_and_a_slip() {
        let symbols = figures(&["1", "2", "-", "*"]).unwrap().symbols;
        assert_eq!(symbols, BTreeMap::from([("*", Status::Suppressed), ("-", Status::NotAvailable)]));
        let mut cells = vec!["1"; 40];
        cells.push("about 15");
        assert_eq!(figures(&cells).unwrap().odd, ["about 15"]);
        assert!(figures(&["1", "2", "3 or more"]).is_none());
        assert!(figures(&["M", "F"]).is_none());
        let mixed = |cells: &[&'static str]| Profile::of(cells.iter().copied()).mixed_figures().is_some();
        assert!(mixed(&["1:04", "12", "c"]) && mixed(&["12%", "12"]));
        assert!(!mixed(&["1", "2", "3 or more"]) && !mixed(&["c", "-"]) && !mixed(&["1:04", "z"]));
        assert!(figures(&["z", "x", ""]).is_some_and(|figures| !figures.any));
    }

    #[test]
    fn decimals_and_range_are_those_of_the_figures() {
        let figures = figures(&["-1.25", "3", "10.5"]).unwrap();
        assert_eq!((figures.decimals, figures.least, figures.greatest), (2, -1.25, 10.5));
    }
}
