//! The periods of tables of figures, in the spellings that publishers have for them.

use crate::header::Found;
use crate::input::Input;
use crate::period::{self, Period};
use crate::pipeline::{LabelYear, PeriodRule, Pipeline};
use crate::workbook::{Sheet, day_after};

/// A label understood: the years in which its first and last part end, and whether each runs over two years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Years {
    first: i16,
    last: i16,
    over_two: bool,
}

/// The period that a label means by a table's rule.
///
/// Labels are a year (`2023`), two adjoining years (`2023/24`, `2023-24`, `202324`), or several of either
/// (`2019 - 21`, `2021/22 - 23/24`), which are one period from the first to the last.
///
/// # Errors
/// A sentence for the person who will look at the row.
pub(crate) fn read(pipeline: &Pipeline, rule: &PeriodRule, label: &str) -> Result<Period, String> {
    let years = years(label).ok_or_else(|| {
        "a period is a year such as 2025, two adjoining years such as 2024/25, or several of them such as 2021/22 - 23/24"
            .to_owned()
    })?;
    let (identifier, other) =
        if years.over_two { (&rule.years, "year over two years") } else { (&rule.year, "single year") };
    let identifier = identifier.as_deref().ok_or_else(|| {
        format!("pipeline {} does not say how a {other} is meant; add it under [tables.period]", pipeline.id)
    })?;
    // An autumn term ends in the first of the two years that its label names.
    let is_of_first = pipeline.time.get(identifier).is_some_and(|rule| rule.year == LabelYear::First);
    let back = i16::from(years.over_two && is_of_first);
    let mut period = period::of_year(pipeline, identifier, years.last - back, label)?;
    if years.first != years.last {
        period.start = period::of_year(pipeline, identifier, years.first - back, label)?.start;
    }
    Ok(period)
}

/// The period of a whole table, where its rows do not say it.
///
/// # Errors
/// A sentence where neither the file nor the pipeline says it.
pub(crate) fn of_table(
    pipeline: &Pipeline,
    found: &Found<'_>,
    sheets: &[Sheet],
    input: &Input,
) -> Result<Period, String> {
    let rule = &found.rule.period;
    let printed = rule.after.as_deref().and_then(|words| {
        let cells = sheets.iter().flat_map(|sheet| sheet.rows.iter().flatten()).map(String::as_str);
        let near = found.titles.iter().map(String::as_str).chain([found.sheet.as_str()]);
        near.chain(cells).chain([input.name.as_str()]).find_map(|text| label_after(text, words))
    });
    let label = printed.as_deref().or(rule.label.as_deref()).ok_or_else(|| {
        let words = rule.after.as_deref().unwrap_or_default();
        format!(
            "it does not say which period it is of: no year stands after {words:?} above the table {}, in another cell or in the file's name",
            found.rule.name
        )
    })?;
    let mut period = read(pipeline, rule, label)?;
    if !pipeline.publication.releases.contains_key(label)
        && let Some(day) = printed_day(pipeline, sheets)
    {
        (period.published_on, period.published_on_assumed) = (day, pipeline.publication.assumed);
    }
    Ok(period)
}

/// The day of publication that a workbook prints after the pipeline's words.
pub(crate) fn printed_day(pipeline: &Pipeline, sheets: &[Sheet]) -> Option<jiff::civil::Date> {
    pipeline.publication.printed_after.as_deref().and_then(|words| day_after(sheets, words))
}

/// The year or years that stand soonest after some words.
fn label_after(text: &str, words: &str) -> Option<String> {
    let rest = text.split_once(words)?.1;
    let bytes = rest.as_bytes();
    let digits = |at: usize| bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let start =
        (0..bytes.len()).find(|at| matches!(digits(*at), 4 | 6) && (*at == 0 || !bytes[at - 1].is_ascii_digit()))?;
    let run = digits(start);
    let second = rest[start + run..].chars().next().filter(|c| run == 4 && matches!(c, '-' | '/' | '–'));
    let end = second.map_or(start + run, |joint| {
        let after = start + run + joint.len_utf8();
        match digits(after.min(bytes.len())) {
            more @ (2 | 4) => after + more,
            _ => start + run,
        }
    });
    let label = &rest[start..end];
    years(label)
        .map(|_| label.to_owned())
        .or_else(|| years(&rest[start..start + run]).map(|_| rest[start..start + run].to_owned()))
}

fn years(label: &str) -> Option<Years> {
    let plain = label.trim().replace(['–', '—'], "-");
    if let Some((first, last)) = plain.split_once(" - ").or_else(|| plain.split_once(" to ")) {
        let (first, first_over_two) = one(first.trim(), None)?;
        let (last, over_two) = one(last.trim(), Some(first))?;
        return (first_over_two == over_two && first < last).then_some(Years { first, last, over_two });
    }
    let (last, over_two) = one(&plain, None)?;
    Some(Years { first: last, last, over_two })
}

/// The year in which a part of a label ends, and whether it runs over two; after an earlier one it may be short.
fn one(part: &str, earlier: Option<i16>) -> Option<(i16, bool)> {
    let full = |digits: &str| -> Option<i16> {
        let number: i16 = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())??;
        let year = match (digits.len(), earlier) {
            (4, _) => number,
            (2, Some(earlier)) => earlier / 100 * 100 + number,
            _ => return None,
        };
        (1900..=2200).contains(&year).then_some(year)
    };
    if part.len() == 6 && part.is_ascii() {
        return pair(full(&part[..4])?, &part[4..]).map(|year| (year, true));
    }
    match part.split_once(['/', '-']) {
        Some((first, second)) => pair(full(first)?, second).map(|year| (year, true)),
        None => full(part).map(|year| (year, false)),
    }
}

/// The second of two adjoining years.
fn pair(first: i16, second: &str) -> Option<i16> {
    let number: i16 = second.bytes().all(|b| b.is_ascii_digit()).then(|| second.parse().ok())??;
    let follows = match second.len() {
        2 => (first + 1) % 100 == number,
        4 => first + 1 == number,
        _ => false,
    };
    follows.then_some(first + 1)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn pipeline() -> Pipeline {
        Pipeline::parse(
            "id = 'a'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'tables'\n\
             [time.calendar]\nends = '12-31'\n[time.financial]\nends = '03-31'\n\
             [time.autumn]\nstarts = '09-01'\nends = '12-31'\nyear = 'first'\n\
             [publication]\nusual_lag_days = 100\n[publication.releases]\n'2023/24' = '2024-08-01'\n\
             [[tables]]\nname = 't'\ninto = 'out-of-scope'\nrule = 'r'\nwhy = 'w'\nheader = ['x']\n",
        )
        .unwrap()
    }

    fn read_label(label: &str) -> Result<Period, String> {
        let rule = PeriodRule {
            year: Some("calendar".to_owned()),
            years: Some("financial".to_owned()),
            ..PeriodRule::default()
        };
        read(&pipeline(), &rule, label)
    }

    #[test]
    fn a_label_is_understood_and_kept_as_it_is_printed() {
        for (label, start, end) in [
            ("2023", date(2023, 1, 1), date(2023, 12, 31)),
            ("2023/24", date(2023, 4, 1), date(2024, 3, 31)),
            ("2023-24", date(2023, 4, 1), date(2024, 3, 31)),
            ("2023–24", date(2023, 4, 1), date(2024, 3, 31)),
            ("202324", date(2023, 4, 1), date(2024, 3, 31)),
            ("1999/00", date(1999, 4, 1), date(2000, 3, 31)),
            ("2019 - 21", date(2019, 1, 1), date(2021, 12, 31)),
            ("2021/22 - 23/24", date(2021, 4, 1), date(2024, 3, 31)),
        ] {
            let period = read_label(label).unwrap();
            assert_eq!((period.start, period.end, period.label.as_str()), (start, end, label));
        }
    }

    #[test]
    fn a_part_of_the_first_of_two_years_ends_in_it_and_says_which_part_it_is() {
        let rule = PeriodRule { years: Some("autumn".to_owned()), ..PeriodRule::default() };
        let period = read(&pipeline(), &rule, "2023/24").unwrap();
        assert_eq!((period.start, period.end), (date(2023, 9, 1), date(2023, 12, 31)));
        assert_eq!(period.label, "2023/24 autumn");
    }

    #[test]
    fn a_label_that_is_no_period_is_refused() {
        for label in
            ["", "2023-25", "202325", "23/24", "2024 Q1", "2021 - 19", "2019 - 20/21", "9999", "２０２４", "2023/4"]
        {
            assert!(read_label(label).is_err(), "{label:?}");
        }
    }

    #[test]
    fn a_known_day_of_publication_goes_by_the_printed_label() {
        assert_eq!(read_label("2023/24").unwrap().published_on, date(2024, 8, 1));
        assert!(read_label("2022/23").unwrap().published_on_assumed);
    }

    #[test]
    fn the_years_after_some_words_are_found_in_a_title_or_a_files_name() {
        let after = |text, words| label_after(text, words);
        assert_eq!(after("Revenue Outturn (RO) 2024-25: Social Care", "Outturn (RO)").unwrap(), "2024-25");
        assert_eq!(after("Persons by age, mid-2023", "mid-").unwrap(), "2023");
        assert_eq!(after("x/imd2025_la_scores.csv", "imd").unwrap(), "2025");
        assert_eq!(after("as at 31 March 2025", "as at").unwrap(), "2025");
        assert_eq!(after("data 2024-2025 final", "data").unwrap(), "2024-2025");
        assert_eq!(after("data 2024-99", "data").unwrap(), "2024");
        assert_eq!(after("call 01234567 now", "call"), None);
        assert_eq!(after("no year here", "year"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_period_or_a_sentence(text in ".{0,40}") {
            let _ = read_label(&text);
            let _ = label_after(&format!("mid-{text}"), "mid-");
        }
    }
}
