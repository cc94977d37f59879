//! How numbers, days and reasons are said to a person.

use jiff::civil::Date;

/// A number with its decimals, thousands grouped and a true minus sign.
pub(crate) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::with_capacity(text.len() + 4);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    // What is rounded to zero has no sign.
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    let sign = if value < 0.0 && !is_zero { "\u{2212}" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{rest}")
}

/// A day in words, such as `31 March 2025`.
pub(crate) fn day(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// Why a figure is missing, in words.
pub(crate) fn status(status: &str) -> &'static str {
    match status {
        "suppressed" => "suppressed",
        "low" => "low (rounds to zero, is not zero)",
        "not-applicable" => "not applicable",
        "not-available" => "not available",
        "unreliable" => "unreliable, not published",
        "not-comparable" => "not comparable",
        _ => "missing",
    }
}

/// Why a grade is missing, in words.
pub(crate) fn missing_grade(reason: &str) -> &'static str {
    match reason {
        "not-in-this-framework" => "did not exist in this framework",
        "not-readable" => "could not be read in the source",
        _ => "not judged",
    }
}

/// Why what is said of an inspection is less sure than official statistics.
pub(crate) fn caution(confidence: &str) -> Option<&'static str> {
    match confidence {
        "inspection-report" => Some("read from the report; not yet in official statistics that are held"),
        "scraped-table" => {
            Some("from a table that another program read from reports; not in official statistics that are held")
        }
        "kind-unknown" => Some("no source says what kind of inspection it was"),
        _ => None,
    }
}

/// An id such as `requires-improvement` as words.
pub(crate) fn plain(id: &str) -> String {
    let mut words = id.replace('-', " ");
    if let Some(first) = words.get(..1) {
        let first = first.to_uppercase();
        words.replace_range(..1, &first);
    }
    words
}

/// A unit in words.
pub(crate) fn unit(unit: &str) -> &str {
    match unit {
        "percent" => "per cent",
        "rate-per-1000" => "per 1,000",
        "rate-per-10000" => "per 10,000 children",
        "rate-per-100000" => "per 100,000",
        "full-time-equivalent" => "full-time equivalent",
        "cases-per-worker" => "cases per social worker",
        "thousand-pounds" => "thousand pounds",
        "unknown" => "unit not stated",
        other => other,
    }
}

/// Whether a title ends with its unit, which is not said again then.
pub(crate) fn says_unit(title: &str, unit: &str) -> bool {
    title.to_lowercase().ends_with(unit)
}

/// The most ranges of rows that are told one by one.
const MOST_RANGES: usize = 12;

/// Row numbers as ranges, such as `rows 12-15, 20`; where there are many, how many and between which.
pub(crate) fn rows(rows: &[i64]) -> String {
    let mut sorted = rows.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for row in sorted {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => ranges.push((row, row)),
        }
    }
    if let (Some((first, _)), Some((_, last)), true) = (ranges.first(), ranges.last(), ranges.len() > MOST_RANGES) {
        return format!("{} rows between {first} and {last}", ranges.iter().map(|(a, b)| b - a + 1).sum::<i64>());
    }
    let said: Vec<String> =
        ranges.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}\u{2013}{b}") }).collect();
    format!("{} {}", if said.len() == 1 && ranges[0].0 == ranges[0].1 { "row" } else { "rows" }, said.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_rounded_as_published() {
        for (value, decimals, said) in [
            (20.7, 1, "20.7"),
            (0.0, 1, "0.0"),
            (1_234_567.0, 0, "1,234,567"),
            (-3.25, 2, "\u{2212}3.25"),
            (-0.04, 1, "0.0"),
            (999.96, 1, "1,000.0"),
        ] {
            assert_eq!(number(value, decimals), said);
        }
    }

    #[test]
    fn rows_are_told_as_ranges() {
        assert_eq!(rows(&[7]), "row 7");
        assert_eq!(rows(&[5, 3, 4, 9, 9]), "rows 3\u{2013}5, 9");
        let every_third: Vec<i64> = (0..20).map(|n| 3 * n + 2).collect();
        assert_eq!(rows(&every_third), "20 rows between 2 and 59");
    }

    #[test]
    fn an_id_is_told_in_words() {
        assert_eq!(plain("requires-improvement"), "Requires improvement");
        assert_eq!(plain(""), "");
        assert_eq!(day(jiff::civil::date(2025, 3, 31)), "31 March 2025");
    }
}
