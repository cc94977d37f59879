//! Time periods as publishers label them.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::pipeline::{LabelYear, Pipeline, Span, TimeRule};

/// A period that a figure is about, and when that figure became public.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Period {
    pub(crate) end: Date,
    pub(crate) start: Date,
    pub(crate) label: String,
    pub(crate) published_on: Date,
    pub(crate) published_on_assumed: bool,
}

/// The period that a label means under an identifier, by the pipeline's rules.
///
/// Labels are a year (`2025`) or two adjoining years (`202425`, the one that ends in 2025). The label of a part of a
/// year has its identifier with it, since the year alone would not tell it from the year's other parts.
///
/// # Errors
/// A sentence for the person who will look at the row.
pub(crate) fn read(pipeline: &Pipeline, identifier: &str, label: &str) -> Result<Period, String> {
    let year = year_of(label, rule(pipeline, identifier)?.year)
        .ok_or_else(|| "a period is a year such as 2025 or two adjoining years such as 202425".to_owned())?;
    of_year(pipeline, identifier, year, label)
}

/// What an identifier of time means by the pipeline's rules.
fn rule<'a>(pipeline: &'a Pipeline, identifier: &str) -> Result<&'a TimeRule, String> {
    pipeline.time.get(identifier).ok_or_else(|| {
        let known: Vec<_> = pipeline.time.keys().map(|key| format!("{key:?}")).collect();
        format!("the time identifier is none that this source has ({})", known.join(", "))
    })
}

/// The period that ends in a year under an identifier, however its label is printed.
///
/// # Errors
/// A sentence for the person who will look at the row.
pub(crate) fn of_year(pipeline: &Pipeline, identifier: &str, year: i16, label: &str) -> Result<Period, String> {
    let rule = rule(pipeline, identifier)?;
    let (start, end) = dates(rule, year).ok_or_else(|| match rule.week {
        Some(week) => format!("{year} has no week {week}, or is out of range"),
        None => "the year is out of range".to_owned(),
    })?;
    let label = if rule.is_part_of_a_year() { format!("{label} {identifier}") } else { label.to_owned() };
    let published = published_on(pipeline, &pipeline.publication.releases, &label, end)
        .ok_or_else(|| "the year is out of range".to_owned())?;
    Ok(Period { end, start, label, published_on: published.0, published_on_assumed: published.1 })
}

/// The year in which the period of a label ends.
fn year_of(label: &str, which: LabelYear) -> Option<i16> {
    if !label.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year = match label.len() {
        4 => label.parse().ok()?,
        6 => {
            let first: i16 = label[..4].parse().ok()?;
            let last: i16 = label[4..].parse().ok()?;
            let ends = if which == LabelYear::First { first } else { first + 1 };
            ((first + 1) % 100 == last).then_some(ends)?
        }
        _ => return None,
    };
    (1900..=2200).contains(&year).then_some(year)
}

/// The first and last day of the period that a rule means by a year.
pub(crate) fn dates(rule: &TimeRule, year: i16) -> Option<(Date, Date)> {
    if let Some(week) = rule.week {
        let monday = Date::from(ISOWeekDate::new(year, week, Weekday::Monday).ok()?);
        return Some((monday, monday.checked_add(6.days()).ok()?));
    }
    let (month, day) = rule.month_day()?;
    // 29 February in a common year is the 28th.
    let end = Date::new(year, month, day).or_else(|_| Date::new(year, month, day - 1)).ok()?;
    if rule.starts.is_some() {
        let (month, day) = rule.start_month_day()?;
        let start = |year| Date::new(year, month, day).ok();
        let same_year = start(year).filter(|start| *start <= end);
        return Some((same_year.or_else(|| start(year - 1))?, end));
    }
    let start = match rule.span {
        Span::Day => end,
        Span::Month => end.first_of_month(),
        Span::Year => end.checked_sub(1.year()).ok()?.checked_add(1.day()).ok()?,
    };
    Some((start, end))
}

/// The day of first publication, and whether it is only the usual lag.
fn published_on(
    pipeline: &Pipeline,
    releases: &BTreeMap<String, Date>,
    label: &str,
    end: Date,
) -> Option<(Date, bool)> {
    match releases.get(label) {
        Some(known) => Some((*known, pipeline.publication.assumed)),
        None => Some((end.checked_add(pipeline.publication.usual_lag_days.days()).ok()?, true)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn pipeline() -> Pipeline {
        Pipeline::parse(
            "id = 'a'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'ees-csv'\n\
             [time.'Reporting year']\nends = '03-31'\n[time.'Academic year']\nends = '08-31'\n\
             [time.'Mid-year']\nends = '06-30'\nspan = 'day'\n\
             [publication]\nusual_lag_days = 215\n[publication.releases]\n'2024' = '2024-10-31'\n",
        )
        .unwrap()
    }

    #[test]
    fn a_reporting_year_ends_on_its_day_and_is_assumed_public_after_the_usual_lag() {
        let period = read(&pipeline(), "Reporting year", "2025").unwrap();
        assert_eq!((period.start, period.end), (date(2024, 4, 1), date(2025, 3, 31)));
        assert_eq!((period.published_on, period.published_on_assumed), (date(2025, 11, 1), true));
    }

    #[test]
    fn a_known_release_day_is_not_assumed() {
        let period = read(&pipeline(), "Reporting year", "2024").unwrap();
        assert_eq!((period.published_on, period.published_on_assumed), (date(2024, 10, 31), false));
    }

    #[test]
    fn two_adjoining_years_are_one_academic_year() {
        let period = read(&pipeline(), "Academic year", "199900").unwrap();
        assert_eq!((period.start, period.end), (date(1999, 9, 1), date(2000, 8, 31)));
    }

    #[test]
    fn a_stock_is_counted_on_one_day() {
        let period = read(&pipeline(), "Mid-year", "2024").unwrap();
        assert_eq!((period.start, period.end), (date(2024, 6, 30), date(2024, 6, 30)));
    }

    #[test]
    fn a_part_of_a_year_has_its_own_days_and_says_which_part_it_is() {
        let pipeline = Pipeline::parse(
            "id = 'a'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'ees-csv'\n[publication]\nusual_lag_days = 1\n\
             [time]\n'Autumn term' = { starts = '09-01', ends = '12-31', year = 'first' }\n\
             'Part 2' = { starts = '10-01', ends = '03-31' }\n'February' = { starts = '02-01', ends = '02-29' }\n\
             'Week 1' = { week = 1 }\n'Week 53' = { week = 53 }\n",
        )
        .unwrap();
        for (identifier, label, start, end) in [
            ("Autumn term", "202425", date(2024, 9, 1), date(2024, 12, 31)),
            ("Part 2", "202425", date(2024, 10, 1), date(2025, 3, 31)),
            ("February", "2023", date(2023, 2, 1), date(2023, 2, 28)),
            ("February", "2024", date(2024, 2, 1), date(2024, 2, 29)),
            ("Week 1", "2025", date(2024, 12, 30), date(2025, 1, 5)),
            ("Week 53", "2020", date(2020, 12, 28), date(2021, 1, 3)),
        ] {
            let period = read(&pipeline, identifier, label).unwrap();
            assert_eq!((period.start, period.end), (start, end), "{identifier} {label}");
            assert_eq!(period.label, format!("{label} {identifier}"));
        }
        assert!(read(&pipeline, "Week 53", "2021").unwrap_err().contains("no week 53"));
    }

    #[test]
    fn a_time_that_is_no_day_is_a_fault_of_its_pipeline() {
        for time in [
            "{ ends = '02-30' }",
            "{ ends = '03-31', starts = 'April' }",
            "{ week = 54 }",
            "{ week = 1, ends = '01-07' }",
            "{}",
        ] {
            let text = format!(
                "id = 'a'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'ees-csv'\n[publication]\nusual_lag_days = 1\n[time]\n'T' = {time}\n"
            );
            assert!(Pipeline::parse(&text).unwrap_err().contains("time \"T\""), "{time}");
        }
    }

    #[test]
    fn a_label_that_is_no_year_is_refused() {
        for label in ["", "20", "2024-25", "202426", "20242", "twenty", "9999", "２０２４"] {
            assert!(read(&pipeline(), "Reporting year", label).is_err(), "{label:?}");
        }
        assert!(read(&pipeline(), "Week 1", "2024").unwrap_err().contains("time identifier"));
    }
}
