//! A chart in sentences.

use crate::line::{Line, Period, lines, periods};
use crate::number::plain;
use crate::series::Trend;
use crate::words::clean;

/// Why there is no line on a chart, if there is none.
pub(crate) fn emptiness(lines: &[Line]) -> Option<&'static str> {
    if lines.is_empty() {
        return Some("Nothing to draw: no series was given.");
    }
    let observed = lines.iter().any(|line| line.observed().next().is_some());
    (!observed).then_some("Nothing to draw: no value was observed.")
}

/// The whole chart in sentences.
pub(crate) fn trend(trend: &Trend) -> String {
    let periods = periods(trend);
    let lines = lines(trend, &periods);
    let mut sentences = vec![heading(trend, &periods)];
    sentences.extend(emptiness(&lines).map(str::to_owned));
    sentences.extend(lines.iter().filter(|line| !line.values.is_empty()).map(|line| series(line, trend, &periods)));
    sentences.join(" ")
}

fn heading(trend: &Trend, periods: &[Period]) -> String {
    let mut text = title(&trend.title);
    let unit = clean(&trend.unit);
    if !unit.is_empty() {
        text.push_str(&format!(", {unit}"));
    }
    match periods {
        [] => {}
        [only] => text.push_str(&format!(", {}", only.label)),
        [first, .., last] => text.push_str(&format!(", {} to {}", first.label, last.label)),
    }
    text.push('.');
    text
}

/// The title, fit to print; a chart without one is called a chart.
pub(crate) fn title(given: &str) -> String {
    let title = clean(given);
    if title.is_empty() { "Chart".to_owned() } else { title }
}

/// One series in a sentence: ends, extremes, gaps.
fn series(line: &Line, trend: &Trend, periods: &[Period]) -> String {
    let figure = |(at, value): (usize, f64)| format!("{} in {}", plain(value, trend.decimals), label(periods, at));
    let mut parts = Vec::new();
    let mut observed = line.observed();
    match (observed.next(), observed.next_back()) {
        (Some(first), Some(last)) => {
            parts.push(format!("{} and {}", figure(first), figure(last)));
            // Of equal values the first in time is named.
            let extremes = line.observed().fold((first, first), |(high, low), point| {
                (if point.1 > high.1 { point } else { high }, if point.1 < low.1 { point } else { low })
            });
            parts.push(format!("highest {}", figure(extremes.0)));
            parts.push(format!("lowest {}", figure(extremes.1)));
        }
        (Some(only), None) => parts.push(format!("{}, the only figure", figure(only))),
        _ => {}
    }
    let mut sentence = parts.join(", ");
    if let Some(gaps) = gaps(line, periods) {
        sentence = if sentence.is_empty() { gaps } else { format!("{sentence}; {gaps}") };
    }
    format!("{}: {sentence}.", line.name)
}

/// What is missing and why: `suppressed in 2019-20; not available in 2021-22 to 2023-24`.
pub(crate) fn gaps(line: &Line, periods: &[Period]) -> Option<String> {
    let reasons = line.reasons();
    let spoken = reasons.iter().map(|(reason, at)| format!("{reason} in {}", spans(at, periods)));
    (!reasons.is_empty()).then(|| spoken.collect::<Vec<_>>().join("; "))
}

/// Periods in words, three or more that follow each other as a span.
fn spans(at: &[usize], periods: &[Period]) -> String {
    let mut words: Vec<String> = Vec::new();
    for run in at.chunk_by(|a, b| a + 1 == *b) {
        match run {
            [first, _, .., last] => words.push(format!("{} to {}", label(periods, *first), label(periods, *last))),
            few => words.extend(few.iter().map(|index| label(periods, *index).to_owned())),
        }
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

fn label(periods: &[Period], index: usize) -> &str {
    periods.get(index).map_or("", |period| &period.label)
}

#[cfg(test)]
mod tests {
    use crate::samples;
    use crate::series::{Point, Role, Series, Trend};

    #[test]
    fn the_text_alternative_says_ends_extremes_and_gaps() {
        let text = samples::typical().description();
        assert!(text.starts_with("Re-referrals within 12 months, per cent, 2012-13 to 2024-25. "), "{text}");
        assert!(
            text.contains(
                "Exampleshire: 17.4 in 2012-13 and 20.7 in 2024-25, highest 24.9 in 2021-22, lowest 16.8 in 2013-14; \
                 suppressed in 2015-16; not available in 2017-18; not comparable (boundary change) in 2020-21."
            ),
            "{text}"
        );
    }

    #[test]
    fn a_single_figure_is_called_the_only_one() {
        let text = samples::single_point().description();
        assert!(text.contains("Exampleshire: 20.7 in 2023-24, the only figure; not available in "), "{text}");
    }

    #[test]
    fn gaps_that_follow_each_other_are_a_span() {
        let date = |year| jiff::civil::date(year, 3, 31);
        let missing = |year: i16| Point::missing(date(year), year.to_string(), "suppressed");
        let mut points: Vec<_> = [2014, 2017, 2018, 2019, 2021, 2022].map(missing).to_vec();
        points.extend([2015, 2016, 2020].map(|year: i16| Point::observed(date(year), year.to_string(), 3.0)));
        let series = vec![Series { name: "A".to_owned(), role: Role::Subject, points }];
        let text = Trend { series, ..Trend::default() }.description();
        assert!(text.ends_with("suppressed in 2014, 2017 to 2019, 2021 and 2022."), "{text}");
    }

    #[test]
    fn an_empty_chart_says_that_it_is_empty_and_why() {
        assert_eq!(Trend::default().description(), "Chart. Nothing to draw: no series was given.");
        let text = samples::all_missing().description();
        assert!(text.contains("no value was observed. Exampleshire: suppressed in "), "{text}");
    }
}
