//! Labels of years as people write them: `2025`, `2024-25`, `2014/15-16/17`, `2023 (Rev)`.
//!
//! A label says which years, and only its kind of year says on which days they begin and end; where the
//! two do not fit, the label is left to a person.

use jiff::civil::Date;

use crate::period;
use crate::pipeline::{Span, TimeRule};

/// A label taken apart: the years it names, and the mark in brackets beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label<'a> {
    pub(crate) years: Years,
    pub(crate) mark: &'a str,
}

/// The years that a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Years {
    /// `2025`.
    One(i16),
    /// `2024-25`, `2024/25`, `2014-16`: the first and the last.
    Range(i16, i16),
    /// `2014/15-16/17`: the last of the first year and the last of the last, each begun a year before.
    Pooled(i16, i16),
}

/// The most years that one figure is about.
const MOST_YEARS: i16 = 20;

/// Takes a label apart.
///
/// # Errors
/// A sentence where it names no years.
pub(crate) fn read(label: &str) -> Result<Label<'_>, String> {
    let (years, mark) = match label.trim().split_once('(') {
        None => (label, ""),
        Some((years, rest)) => {
            let mark = rest.strip_suffix(')').filter(|mark| !mark.trim().is_empty() && !mark.contains(['(', ')']));
            (years, mark.ok_or("the brackets beside the year are empty or not closed")?)
        }
    };
    let years = named(years.trim()).ok_or_else(|| {
        "it names no year such as 2025, no years such as 2024-25 or 2014-16, and no pooled years such as 2014/15-16/17; \
         correct it, for a figure of no year cannot be placed in time"
            .to_owned()
    })?;
    Ok(Label { years, mark: mark.trim() })
}

fn named(text: &str) -> Option<Years> {
    let numbers: Vec<&str> = text.split(['-', '/']).collect();
    let first = year(numbers.first()?)?;
    let follows = |before: i16, text: &str| later(before, text);
    match numbers.as_slice() {
        [_] => Some(Years::One(first)),
        [_, last] => Some(Years::Range(first, follows(first, last)?)),
        [_, a, b, c] => {
            let separators: String = text.chars().filter(|c| matches!(c, '-' | '/')).collect();
            let first_end = follows(first, a)?;
            let last_begin = follows(first, b)?;
            let last_end = follows(last_begin, c)?;
            let adjoin = first_end == first + 1 && last_end == last_begin + 1;
            (adjoin && separators == "/-/").then_some(Years::Pooled(first_end, last_end))
        }
        _ => None,
    }
}

fn year(text: &str) -> Option<i16> {
    let is_one = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|year| is_one && (1900..=2200).contains(year))
}

/// The year after another that two digits, or all four, name.
fn later(before: i16, text: &str) -> Option<i16> {
    let found = if text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        let in_century = before - before % 100 + text.parse::<i16>().ok()?;
        if in_century > before { in_century } else { in_century + 100 }
    } else {
        year(text)?
    };
    (before < found && found - before < MOST_YEARS).then_some(found)
}

/// The first and last day of the years that a label names, by the rule of their kind.
///
/// Without a rule the kind of year is not known, and the period is the calendar years that are named.
///
/// # Errors
/// A sentence where the label does not fit the kind of year.
pub(crate) fn dates(years: Years, rule: Option<&TimeRule>) -> Result<(Date, Date), String> {
    let Some(rule) = rule else { return named_years(years).ok_or_else(out_of_range) };
    let is_calendar = rule.month_day() == Some((12, 31)) && rule.span == Span::Year;
    let of = |year| period::dates(rule, year).ok_or_else(out_of_range);
    let whole = |first, last| Ok((of(first)?.0, of(last)?.1));
    match years {
        Years::One(year) => of(year),
        _ if rule.span != Span::Year => {
            Err("it names several years, and the measure is counted on a day or in a month".to_owned())
        }
        Years::Range(first, last) if is_calendar && last - first > 1 => whole(first, last),
        Years::Range(..) | Years::Pooled(..) if is_calendar => {
            Err("it names a year that begins in one and ends in another, and the measure is of calendar years"
                .to_owned())
        }
        Years::Range(first, last) if last - first == 1 => of(last),
        Years::Range(..) => {
            Err("the measure's year begins in one year and ends in another, so several are written as 2014/15-16/17"
                .to_owned())
        }
        Years::Pooled(first, last) => whole(first, last),
    }
}

fn out_of_range() -> String {
    "the year is out of range".to_owned()
}

fn named_years(years: Years) -> Option<(Date, Date)> {
    let (first, last) = match years {
        Years::One(year) => (year, year),
        Years::Range(first, last) => (first, last),
        Years::Pooled(first_end, last_end) => (first_end - 1, last_end),
    };
    Some((Date::new(first, 1, 1).ok()?, Date::new(last, 12, 31).ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule(ends: &str, span: Span) -> TimeRule {
        TimeRule { ends: ends.to_owned(), span, starts: None, year: crate::pipeline::LabelYear::Last, week: None }
    }

    fn days(label: &str, rule: Option<&TimeRule>) -> String {
        match read(label).and_then(|label| dates(label.years, rule)) {
            Ok((start, end)) => format!("{start} {end}"),
            Err(_) => "a person".to_owned(),
        }
    }

    /// Every label of the interactive tool's table of April 2026, by the shape that it has.
    #[test]
    fn every_label_of_the_interactive_tool_is_read_by_its_shape() {
        let mut labels: Vec<(String, Option<(Years, &str)>)> = vec![("0".to_owned(), None)];
        let two = |year: i16| format!("{:02}", year % 100);
        labels.extend((2016..=2025).map(|y| (y.to_string(), Some((Years::One(y), "")))));
        labels.extend((2015..=2025).map(|y| (format!("{y}-{}", two(y + 1)), Some((Years::Range(y, y + 1), "")))));
        labels.extend((2015..=2023).map(|y| (format!("{y}/{}", two(y + 1)), Some((Years::Range(y, y + 1), "")))));
        labels
            .extend((2016..=2024).map(|y| (format!("{y}-{} (OT)", two(y + 1)), Some((Years::Range(y, y + 1), "OT")))));
        labels.extend((2014..=2020).map(|y| (format!("{y}-{}", two(y + 2)), Some((Years::Range(y, y + 2), "")))));
        labels.extend((2013..=2021).map(|y| {
            let label = format!("{y}/{}-{}/{}", two(y + 1), two(y + 2), two(y + 3));
            (label, Some((Years::Pooled(y + 1, y + 3), "")))
        }));
        for (mark, years) in
            [("Rev", vec![2018, 2019, 2022, 2023, 2024, 2025]), ("Final", vec![2020, 2021]), ("prov", vec![2025])]
        {
            labels.extend(years.into_iter().map(|y| (format!("{y} ({mark})"), Some((Years::One(y), mark)))));
        }
        assert_eq!(labels.len(), 65);
        for (label, expected) in &labels {
            assert_eq!(read(label).ok().map(|label| (label.years, label.mark)), *expected, "{label}");
        }
    }

    #[test]
    fn the_kind_of_year_says_on_which_days_it_begins_and_ends() {
        let (academic, financial) = (rule("08-31", Span::Year), rule("03-31", Span::Year));
        let (calendar, january, stock) =
            (rule("12-31", Span::Year), rule("01-31", Span::Month), rule("03-31", Span::Day));
        for (label, rule, expected) in [
            ("2025", &academic, "2024-09-01 2025-08-31"),
            ("2024/25", &academic, "2024-09-01 2025-08-31"),
            ("2025 (prov)", &academic, "2024-09-01 2025-08-31"),
            ("2024-25 (OT)", &financial, "2024-04-01 2025-03-31"),
            ("2024-2025", &financial, "2024-04-01 2025-03-31"),
            ("1999-00", &financial, "1999-04-01 2000-03-31"),
            ("2025", &calendar, "2025-01-01 2025-12-31"),
            ("2014-16", &calendar, "2014-01-01 2016-12-31"),
            ("2014/15-16/17", &financial, "2014-04-01 2017-03-31"),
            ("2025", &january, "2025-01-01 2025-01-31"),
            ("2025", &stock, "2025-03-31 2025-03-31"),
            ("2024-25", &calendar, "a person"),
            ("2014/15-16/17", &calendar, "a person"),
            ("2014-16", &financial, "a person"),
            ("2024-25", &january, "a person"),
            ("2024-25", &stock, "a person"),
        ] {
            assert_eq!(days(label, Some(rule)), expected, "{label} {rule:?}");
        }
    }

    #[test]
    fn years_of_an_unknown_kind_are_the_calendar_years_that_are_named() {
        assert_eq!(days("2025", None), "2025-01-01 2025-12-31");
        assert_eq!(days("2024-25", None), "2024-01-01 2025-12-31");
        assert_eq!(days("2014/15-16/17", None), "2014-01-01 2017-12-31");
    }

    #[test]
    fn what_names_no_years_is_left_to_a_person() {
        for label in [
            "",
            "0",
            "20",
            "25",
            "202425",
            "2025-24",
            "2025-25",
            "2014/16-17/18",
            "2014-15-16-17",
            "2014/15/16/17",
            "2025 ()",
            "2025 (Rev",
            "2025 Rev)",
            "2025 ((Rev))",
            "2025-",
            "-2025",
            "1066",
            "２０２５",
            "2000-99",
            "Q1 2025",
        ] {
            assert!(read(label).is_err(), "{label:?} {:?}", read(label));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,20}", digits in "[0-9/() -]{0,20}") {
            for text in [text, digits] {
                if let Ok(label) = read(&text) {
                    let _ = (dates(label.years, None), dates(label.years, Some(&rule("08-31", Span::Year))));
                }
            }
        }

        #[test]
        fn a_period_ends_in_the_last_year_that_its_label_names(
            first in 1990_i16..2090, length in 1_i16..5, ends in prop::sample::select(vec!["03-31", "08-31", "09-30", "02-29"]),
        ) {
            let rule = rule(ends, Span::Year);
            let two = |year: i16| format!("{:02}", year % 100);
            let last = first + length;
            let label = format!("{first}/{}-{}/{}", two(first + 1), two(last), two(last + 1));
            let (start, end) = dates(read(&label).unwrap().years, Some(&rule)).unwrap();
            prop_assert_eq!((start.year(), end.year()), (first, last + 1));
            let next = format!("{}/{}", last + 1, two(last + 2));
            let (after, _) = dates(read(&next).unwrap().years, Some(&rule)).unwrap();
            // 1 March follows 28 and 29 February alike.
            prop_assert!(end.tomorrow().unwrap() == after || ends == "02-29");
        }
    }
}
