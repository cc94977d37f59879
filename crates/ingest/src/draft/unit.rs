//! The unit of a column, from its name, the form of its figures and their range.

use super::profile::{Figures, words};
use crate::describe::Unit;
use crate::format::Format;

/// Words of a name that say a length of time is a band, such as `3_months_or_less`, and not what is measured.
const BAND: [&str; 14] =
    ["or", "less", "more", "than", "under", "over", "within", "plus", "to", "above", "below", "at", "least", "up"];

/// Words that say a figure sums up many.
const SUMMARY: [&str; 7] = ["average", "avg", "mean", "median", "percentile", "quartile", "typical"];

/// A unit, and why it could be another.
pub(crate) type Guess = (Unit, Option<String>);

/// The unit of a column; rules in the order of how much they say.
pub(crate) fn unit(name: &str, figures: &Figures<'_>) -> Guess {
    match figures.format {
        Format::YearsMonths => return (Unit::Months, None),
        Format::PercentSign => return (Unit::Percent, None),
        Format::Plain | Format::Thousands => {}
    }
    let words = words(name);
    let has = |those: &[&str]| words.iter().any(|word| those.contains(&word.as_str()));
    let is_band = has(&BAND) || words.iter().any(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let is_share = figures.any && figures.least >= 0.0 && figures.greatest <= 1.0 && figures.decimals > 0;
    if name.contains('%')
        || has(&["percent", "percentage", "pct", "perc", "pc"])
        || words.first().is_some_and(|w| w == "pt")
    {
        return (Unit::Percent, is_share.then(|| "no figure is above 1: per cent, or shares of one?".to_owned()));
    }
    if has(&["proportion", "share", "fraction"]) {
        return if is_share {
            (Unit::Number, Some("no figure is above 1: shares of one, which have no unit here".to_owned()))
        } else {
            (Unit::Percent, Some("a share, taken for per cent".to_owned()))
        };
    }
    if let Some(guess) = rate(&words, figures) {
        return guess;
    }
    if has(&["caseload", "caseloads"]) {
        return (Unit::CasesPerWorker, None);
    }
    if let Some(guess) = time(&words, is_band) {
        return guess;
    }
    if has(&["fte"]) || (has(&["full"]) && has(&["equivalent"])) {
        return (Unit::FullTimeEquivalent, None);
    }
    if words.iter().any(|word| word.ends_with("score") || word.ends_with("scores")) {
        return (Unit::Score, None);
    }
    if has(&["point", "points"]) {
        return (Unit::Points, None);
    }
    let is_counted = has(&["count", "number", "num", "headcount", "total", "population", "sum"])
        || words.first().is_some_and(|word| word == "t" || word == "n");
    let doubt = if has(&SUMMARY) {
        Some("an average, of what the name does not say".to_owned())
    } else if figures.decimals > 0 {
        Some("its figures have decimals, so they may be no count".to_owned())
    } else {
        (!is_counted).then(|| "taken for a count, as nothing says otherwise".to_owned())
    };
    (Unit::Number, doubt)
}

/// The unit of a rate, if the name says that it is one.
fn rate(words: &[String], figures: &Figures<'_>) -> Option<Guess> {
    let joined = words.concat();
    let says = |text: &str| joined.contains(text);
    if says("per100000") || says("per100k") {
        return Some((Unit::Number, Some("a rate per 100,000, which has no unit here".to_owned())));
    }
    if says("per10000") || says("per10k") {
        return Some((Unit::RatePer10000, None));
    }
    if says("per1000") || says("per1k") {
        return Some((Unit::Number, Some("a rate per 1,000, which has no unit here".to_owned())));
    }
    if says("per100") {
        return Some((Unit::Percent, None));
    }
    if !words.iter().any(|word| word == "rate" || word == "rates" || word == "ratio") {
        return None;
    }
    // Rates of this family are per cent unless their name says otherwise; a few pass 100.
    let guess = if figures.any && figures.greatest > 1000.0 {
        (Unit::Number, "a rate, of what the name does not say")
    } else {
        (Unit::Percent, "a rate, taken for per cent")
    };
    Some((guess.0, Some(guess.1.to_owned())))
}

/// The unit of a length of time, if the name says that it is one.
fn time(words: &[String], is_band: bool) -> Option<Guess> {
    let has = |those: &[&str]| words.iter().any(|word| those.contains(&word.as_str()));
    let is_summary = has(&SUMMARY);
    if has(&["days", "day"]) && (is_summary || !is_band) {
        return Some((Unit::Days, None));
    }
    if has(&["months", "month"]) && (is_summary || !is_band) {
        return Some((Unit::Months, (!is_summary).then(|| "taken for a length of time".to_owned())));
    }
    if is_summary && has(&["duration", "time", "length", "wait"]) {
        return Some((Unit::Days, Some("a length of time, taken for days".to_owned())));
    }
    None
}

/// A range that holds every figure, where the unit's own does not: powers of ten, so that it is not taken for a fact.
pub(crate) fn range(unit: Unit, figures: &Figures<'_>) -> Option<[f64; 2]> {
    let [low, high] = unit.range();
    if !figures.any || (figures.least >= low && figures.greatest <= high) {
        return None;
    }
    let least = if figures.least < low { -power_of_ten(-figures.least) } else { low };
    let greatest = if figures.greatest > high { power_of_ten(figures.greatest) } else { high };
    // What lies beyond every published figure stays outside the range, for a person to look at.
    let all = Unit::Score.range();
    Some([least.max(all[0]), greatest.min(all[1])])
}

/// The least power of ten that is not below a number.
fn power_of_ten(number: f64) -> f64 {
    let mut power = 1.0;
    while power < number && power < 1e15 {
        power *= 10.0;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::profile::Profile;

    fn of(name: &str, cells: &[&'static str]) -> (&'static str, bool) {
        let profile = Profile::of(cells.iter().copied());
        let (unit, doubt) = unit(name, &profile.figures().unwrap());
        (unit.id(), doubt.is_some())
    }

    #[test]
    fn names_say_the_unit_and_doubt_is_said() {
        for (name, cells, expected) in [
            ("rereferral_percent", ["22.6", "3"], ("percent", false)),
            ("pt_overall", ["22.6", "3"], ("percent", false)),
            ("turnover_rate_fte_%", ["22.6", "3"], ("percent", false)),
            ("pupil_percent", ["0.2", "0.3"], ("percent", true)),
            ("proportion_absent", ["0.2", "0.3"], ("number", true)),
            ("rate_per_10000", ["67", "28"], ("rate-per-10000", false)),
            ("rate_per_1000", ["67", "28"], ("number", true)),
            ("rate_per_100,000", ["67", "28"], ("number", true)),
            ("absence_rate_fte", ["3.5", "4"], ("percent", true)),
            ("caseload_fte", ["15.2", "16"], ("cases-per-worker", false)),
            ("vacancy_fte", ["15.2", "16"], ("full-time-equivalent", false)),
            ("working_days_lost_fte", ["15.2", "16"], ("days", false)),
            ("Duration_0-10_days", ["15", "16"], ("number", true)),
            ("Duration_median", ["15", "16"], ("days", true)),
            ("3_months_or_less", ["15", "16"], ("number", true)),
            ("average_months", ["15", "16"], ("months", false)),
            ("time_to_adoption", ["1:04", "0:11"], ("months", false)),
            ("t_p8score", ["-1.5", "2"], ("score", false)),
            ("children_count", ["15", "16"], ("number", false)),
            ("Neglect", ["15", "16"], ("number", true)),
            ("average_size", ["1.5", "16"], ("number", true)),
        ] {
            assert_eq!(of(name, &cells), expected, "{name}");
        }
    }

    #[test]
    fn a_range_is_widened_to_hold_every_figure_and_no_misprint_of_nineteen_digits() {
        let profile = |cells: &[&'static str]| Profile::of(cells.iter().copied()).figures().unwrap();
        assert_eq!(range(Unit::Percent, &profile(&["3", "234.1"])), Some([0.0, 1000.0]));
        assert_eq!(range(Unit::Number, &profile(&["-3", "5"])), Some([-10.0, 1e12]));
        assert_eq!(range(Unit::Number, &profile(&["3", "1e19"])), Some([0.0, 1e12]));
        assert_eq!(range(Unit::Percent, &profile(&["3", "99"])), None);
    }
}
