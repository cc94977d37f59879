//! How a column prints its figures, where it is not as plain numbers.

use serde::Deserialize;

use crate::cell::{self, Cell, Status};

/// How the figures of a column are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// As `1234.5`.
    #[default]
    Plain,
    /// With commas between thousands, as `1,234.5`.
    Thousands,
    /// With a percent sign, as `12.5%`.
    PercentSign,
    /// Years and months, as `1:04`, kept as months: 16.
    YearsMonths,
}

impl Format {
    /// The word by which a pipeline declares it.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Thousands => "thousands",
            Self::PercentSign => "percent-sign",
            Self::YearsMonths => "years-months",
        }
    }

    /// What a figure of this format looks like, for a person who corrects one.
    pub(crate) const fn example(self) -> &'static str {
        match self {
            Self::Plain => "a number such as 1234.5",
            Self::Thousands => "a number with a comma between thousands such as 1,234.5",
            Self::PercentSign => "a number with a percent sign such as 12.5%",
            Self::YearsMonths => "years and months such as 1:04, the months below 12",
        }
    }

    /// Reads one cell; `symbols` are the source's own beside the usual ones.
    ///
    /// A figure in another format than the column's is unknown: nothing says that it means what it seems to.
    pub(crate) fn read(self, printed: &str, symbols: &dyn Fn(&str) -> Option<Status>) -> Cell {
        match (self, cell::read(printed, symbols)) {
            (Self::Plain, cell) | (_, cell @ Cell::Missing(_)) => cell,
            (_, _) => self.number(printed.trim()).map_or(Cell::Unknown, Cell::Number),
        }
    }

    /// The number that a text in this format prints.
    pub(crate) fn number(self, text: &str) -> Option<f64> {
        match self {
            Self::Plain => cell::number(text),
            Self::Thousands => cell::number(&without_commas(text)?),
            Self::PercentSign => cell::number(text.strip_suffix('%')?.trim_end()),
            Self::YearsMonths => months(text),
        }
    }
}

/// A number without the commas between its thousands, where there is one between each and nowhere else.
fn without_commas(text: &str) -> Option<String> {
    let unsigned = text.trim_start_matches(['-', '+']);
    let whole = unsigned.split('.').next().unwrap_or_default();
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_first = (1..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_digit());
    let is_small = !whole.contains(',');
    let fraction = &unsigned[whole.len()..];
    (is_first && (is_small || !first.starts_with('0')) && groups.all(is_group) && !fraction.contains(','))
        .then(|| text.replace(',', ""))
}

/// Months of a text such as `1:04`; months are two digits below 12.
fn months(text: &str) -> Option<f64> {
    let (years, months) = text.split_once(':')?;
    let are_digits =
        |text: &str, most: usize| !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(years, 3) || !are_digits(months, 2) || months.len() != 2 {
        return None;
    }
    let (years, months): (u16, u16) = (years.parse().ok()?, months.parse().ok()?);
    (months < 12).then(|| f64::from(years * 12 + months))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_figure_is_read_in_the_format_of_its_column() {
        for (format, text, number) in [
            (Format::Thousands, "1,234.5", 1234.5),
            (Format::Thousands, "-1,234,567", -1_234_567.0),
            (Format::Thousands, "0.75", 0.75),
            (Format::Thousands, "999", 999.0),
            (Format::PercentSign, "12.5%", 12.5),
            (Format::PercentSign, "-3 %", -3.0),
            (Format::YearsMonths, "1:04", 16.0),
            (Format::YearsMonths, "0:11", 11.0),
            (Format::YearsMonths, "12:00", 144.0),
        ] {
            assert_eq!(format.read(text, &|_| None), Cell::Number(number), "{format:?} {text:?}");
        }
    }

    #[test]
    fn a_figure_in_another_format_is_left_to_a_person() {
        for (format, texts) in [
            (
                Format::Thousands,
                ["1234", "12,34", "1,23", "0,123", "1,2345", ",123", "1.234,5", "1,234%", "1,,234"].as_slice(),
            ),
            (Format::PercentSign, &["12.5", "%", "12%%", "1,200%", "12.5 per cent"]),
            (Format::YearsMonths, &["1:12", "1:4", "1", "1:004", "-1:04", "1:04:00", "9999:01", "1:", ":04", "1:0x"]),
        ] {
            for text in texts {
                assert_eq!(format.read(text, &|_| None), Cell::Unknown, "{format:?} {text:?}");
            }
        }
    }

    #[test]
    fn symbols_mean_the_same_in_every_format() {
        for format in [Format::Plain, Format::Thousands, Format::PercentSign, Format::YearsMonths] {
            assert_eq!(format.read("[c]", &|_| None), Cell::Missing(Status::Suppressed));
            assert_eq!(format.read(":", &|_| None), Cell::Missing(Status::NotAvailable));
        }
    }

    proptest! {
        #[test]
        fn any_whole_number_with_commas_comes_back(number in 0_u64..1_000_000_000_000) {
            let digits = number.to_string();
            let mut grouped = String::new();
            for (i, digit) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            prop_assert_eq!(Format::Thousands.number(&grouped), Some(number as f64));
        }

        #[test]
        fn any_years_and_months_come_back_as_months(years in 0_u32..999, months in 0_u32..12) {
            prop_assert_eq!(Format::YearsMonths.number(&format!("{years}:{months:02}")), Some(f64::from(years * 12 + months)));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".*") {
            for format in [Format::Thousands, Format::PercentSign, Format::YearsMonths] {
                let _ = format.read(&text, &|_| None);
            }
        }
    }
}
