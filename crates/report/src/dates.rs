//! Days and ranges of days as reports print them.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::plain::pattern;

/// A day that is printed whole or in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Partial {
    day: i8,
    month: Option<i8>,
    year: Option<i16>,
}

/// Days that are printed together: one day, a range, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    /// The printed words.
    pub(crate) words: String,
    /// Where in the text the words begin.
    pub(crate) at: usize,
    parts: Vec<Partial>,
}

static DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:(?P<nd>\d{1,2})[/.](?P<nm>\d{1,2})[/.](?P<ny>\d{4}|\d{2})\b",
        r"|(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s*(?:of\s+)?",
        r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b\.?)?(?:,?\s*(?P<y>(?:19|20)\d{2})\b)?)",
    ))
});

/// What may stand between two days that belong together.
static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^[\s,]*(?:to|and|until|through|&|-|‐|‑|‒|–|—|―|─|━|,)?[\s,]*(?:the\s+|between\s+)?$")
});

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn month(name: &str) -> Option<i8> {
    let lower = name.to_lowercase();
    MONTHS.iter().position(|month| lower.starts_with(month)).and_then(|at| i8::try_from(at + 1).ok())
}

/// Every group of days in a text, in order; a bare number is a day only beside one whose month is printed.
pub(crate) fn days(text: &str) -> Vec<Days> {
    let mut groups: Vec<(usize, usize, Vec<Partial>)> = Vec::new();
    for found in DAY.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let Some(part) = partial(&found) else { continue };
        match groups.last_mut() {
            Some((_, end, parts)) if BETWEEN.is_match(&text[*end..whole.start()]) => {
                parts.push(part);
                *end = whole.end();
            }
            _ => groups.push((whole.start(), whole.end(), vec![part])),
        }
    }
    groups
        .into_iter()
        .filter_map(|(start, end, parts)| {
            let last = parts.iter().rposition(|part| part.month.is_some())?;
            let parts = parts[..=last].to_vec();
            Some(Days { words: text[start..end].trim().to_owned(), at: start, parts })
        })
        .collect()
}

fn partial(found: &regex::Captures<'_>) -> Option<Partial> {
    let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<i16>().ok());
    let small = |value: i16| i8::try_from(value).ok();
    if let (Some(day), Some(month), Some(year)) = (number("nd"), number("nm"), number("ny")) {
        let year = if year < 100 { 2000 + year } else { year };
        return Some(Partial {
            day: small(day)?,
            month: small(month).filter(|m| (1..=12).contains(m)),
            year: Some(year),
        });
    }
    let day = small(number("d")?)?;
    let month = found.name("m").and_then(|m| month(m.as_str()));
    // "2019" after a bare number, as in "16 2019", is no year.
    let year = number("y").filter(|_| month.is_some());
    (1..=31).contains(&day).then_some(Partial { day, month, year })
}

impl Days {
    /// Whether no year is printed.
    pub(crate) fn without_year(&self) -> bool {
        self.parts.iter().all(|part| part.year.is_none())
    }

    /// The days as dates in their printed order, with what is not printed taken from the next day, and the year of
    /// the last from `year` where none is printed; none where a day does not exist.
    fn dates(&self, year: Option<i16>) -> Option<Vec<Date>> {
        let mut dates: Vec<Date> = Vec::new();
        let mut next: Option<(i8, i16)> = None;
        for part in self.parts.iter().rev() {
            let month = part.month.or(next.map(|(month, _)| month))?;
            let year = match (part.year, next) {
                (Some(year), _) => year,
                // December before January belongs to the year before.
                (None, Some((later, year))) if month > later => year - 1,
                (None, Some((_, year))) => year,
                (None, None) => year?,
            };
            next = Some((month, year));
            dates.push(Date::new(year, month, part.day).ok()?);
        }
        dates.reverse();
        Some(dates)
    }

    /// The first and last of the days; `year` is taken where none is printed.
    pub(crate) fn first_and_last(&self, year: Option<i16>) -> Option<(Date, Date)> {
        let dates = self.dates(year)?;
        Some((*dates.iter().min()?, *dates.iter().max()?))
    }

    /// Whether the days stand in the order of the calendar, as they are printed.
    pub(crate) fn in_order(&self, year: Option<i16>) -> bool {
        self.dates(year).is_some_and(|dates| dates.is_sorted())
    }

    /// The first and last of the first stay, where two ranges are printed.
    pub(crate) fn first_stay(&self) -> Option<(Date, Date)> {
        let gap = self.parts.len().checked_sub(2).filter(|left| *left >= 2)?;
        let mut first = self.clone();
        let rest = first.parts.split_off(gap);
        let year = rest.iter().find_map(|part| part.year);
        let year = first.parts.iter().rev().find_map(|part| part.year).or(year);
        first.first_and_last(year)
    }

    /// The single day, where one is printed whole.
    pub(crate) fn one(&self) -> Option<Date> {
        match self.parts[..] {
            [Partial { day, month: Some(month), year: Some(year) }] => Date::new(year, month, day).ok(),
            _ => None,
        }
    }

    /// How many days are printed.
    pub(crate) fn count(&self) -> usize {
        self.parts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Option<(String, String)> {
        let found = days(text);
        let (first, last) = found.first()?.first_and_last(None)?;
        Some((first.to_string(), last.to_string()))
    }

    #[test]
    fn every_printed_form_of_a_range_is_read() {
        for (text, first, last) in [
            ("19 to 23 February 2024", "2024-02-19", "2024-02-23"),
            ("2 June 2014 – 25 June 2014", "2014-06-02", "2014-06-25"),
            ("18 Feb 2014", "2014-02-18", "2014-02-18"),
            ("28 January–5 February 2014", "2014-01-28", "2014-02-05"),
            ("12/09/2016 to 06/10/2016", "2016-09-12", "2016-10-06"),
            ("30 September ─ 22 October 2014", "2014-09-30", "2014-10-22"),
            ("29 November to 3 January 2022", "2021-11-29", "2022-01-03"),
            ("29 November 2021 to 10 December 2021", "2021-11-29", "2021-12-10"),
            ("the 15 and 16 of May 2018", "2018-05-15", "2018-05-16"),
            ("11 December and 12 December 2018", "2018-12-11", "2018-12-12"),
            ("2, 3 and 9 May 2018", "2018-05-02", "2018-05-09"),
            ("26th February 2024 to 8th March 2024", "2024-02-26", "2024-03-08"),
            ("22–23 October 2019", "2019-10-22", "2019-10-23"),
            ("8 July 2019 to 12 July 2019 and 7 August 2019 to 9 August 2019", "2019-07-08", "2019-08-09"),
        ] {
            assert_eq!(range(text), Some((first.to_owned(), last.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_range_without_a_year_is_told_and_takes_the_year_it_is_given() {
        let found = days("on 30 and 31 January. The inspectors");
        assert!(found[0].without_year());
        assert_eq!(found[0].first_and_last(None), None);
        let (first, last) = found[0].first_and_last(Some(2018)).unwrap();
        assert_eq!((first.to_string(), last.to_string()), ("2018-01-30".to_owned(), "2018-01-31".to_owned()));
    }

    #[test]
    fn numbers_that_are_no_days_and_days_that_do_not_exist_are_not_read() {
        assert!(days("15 of the 43 children, 8.5 per cent, 0300 123 1231").is_empty());
        assert_eq!(range("31 February 2020"), None);
        assert_eq!(range("45 March 2020"), None);
    }

    #[test]
    fn a_range_that_runs_backwards_is_told() {
        assert!(!days("16 October 2018 to 4 October 2018")[0].in_order(None));
        assert!(days("4 to 16 October 2018")[0].in_order(None));
    }
}
