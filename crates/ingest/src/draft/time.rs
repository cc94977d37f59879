//! What a time identifier means: its days, how long it is, and how sure that is.
//!
//! The identifiers are those of the analysts' guide ("List of allowable time values") and those that the service had
//! before.

use super::profile::words;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The last day of each month; 29 February is the 28th in a common year.
const LAST_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A time identifier's meaning, as a line of TOML says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// The inline table.
    pub(crate) toml: String,
    /// Its length, by which parts of a year are told from years.
    pub(crate) length: Length,
    /// Why it could mean something else.
    pub(crate) doubt: Option<String>,
}

impl Meaning {
    /// This meaning with one more reason for which it could be another.
    pub(crate) fn also_doubted(self, doubt: Option<&str>) -> Self {
        let doubts: Vec<String> = self.doubt.into_iter().chain(doubt.map(str::to_owned)).collect();
        Self { doubt: (!doubts.is_empty()).then(|| doubts.join("; ")), ..self }
    }
}

/// Why labels of an identifier could mean another year: the publisher labels years that lie in two calendar years by
/// both, and the others by one.
pub(crate) fn doubt_of_labels(identifier: &str, labels: &[&str]) -> Option<&'static str> {
    let words = words(identifier);
    let has = |those: &[&str]| words.iter().any(|word| those.contains(&word.as_str()));
    if has(&["academic", "school", "financial", "tax", "term", "terms", "part"]) {
        return labels
            .iter()
            .any(|label| label.len() == 4)
            .then_some("a label of one year is taken for the year in which the period ends");
    }
    (has(&["calendar", "reporting", "week"]) || words.iter().any(|word| MONTHS.contains(&word.as_str())))
        .then_some("a label of two years is taken for the second of them")
        .filter(|_| labels.iter().any(|label| label.len() == 6))
}

/// How long a period is, the longest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Length {
    Week,
    Month,
    /// A quarter or term.
    Part,
    /// Several quarters or terms.
    Parts,
    Year,
}

impl Length {
    /// Days from the end of such a period to its usual publication; only a guess, and marked so.
    pub(crate) const fn usual_lag_days(self) -> u16 {
        match self {
            Self::Week => 21,
            Self::Month => 60,
            Self::Part | Self::Parts => 150,
            Self::Year => 215,
        }
    }
}

/// What is known of a file beside its identifiers, for the year that could end on any day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hints {
    /// Days of the year that the file prints, as month and day, with the text that prints each.
    pub(crate) days: Vec<((u8, u8), String)>,
    /// Whether every figure counts people who live somewhere.
    pub(crate) is_population: bool,
    /// Whether figures are of a workforce.
    pub(crate) is_workforce: bool,
}

/// What an identifier means; nothing where it says no period.
pub(crate) fn meaning(identifier: &str, hints: &Hints) -> Option<Meaning> {
    let words = words(identifier);
    let said = words.join(" ");
    let year = |ends: &str| Some(of_year(ends, None));
    match said.as_str() {
        "calendar year" => return year("12-31"),
        "financial year" => return year("03-31"),
        "tax year" => return year("04-05"),
        "academic year" => return year("08-31"),
        "reporting year" => return Some(reporting_year(hints)),
        "up until 31st march" | "up until 31 march" => {
            return Some(of_year(
                "03-31",
                Some("the year to that day, unless the publisher counts from another".to_owned()),
            ));
        }
        _ => {}
    }
    week(&words)
        .or_else(|| month(&said))
        .or_else(|| part_of_a_school_year(&said))
        .or_else(|| half_of_a_financial_year(&said))
        .or_else(|| quarters(&words, identifier))
        .or_else(|| resembling(&words, &said, hints))
}

fn of_year(ends: &str, doubt: Option<String>) -> Meaning {
    Meaning { toml: format!("{{ ends = \"{ends}\", span = \"year\" }}"), length: Length::Year, doubt }
}

/// A year that the publisher could let end on any day: a day that the file prints, else what is usual for what it counts.
fn reporting_year(hints: &Hints) -> Meaning {
    let mut days: Vec<(u8, u8)> = hints.days.iter().map(|(day, _)| *day).collect();
    days.sort_unstable();
    days.dedup();
    if hints.is_population {
        return Meaning {
            toml: "{ ends = \"06-30\", span = \"day\" }".to_owned(),
            length: Length::Year,
            doubt: Some("population estimates are of the middle of the year".to_owned()),
        };
    }
    let (ends, why) = match days.as_slice() {
        [(month, day)] => {
            let printed = hints.days.first().map_or("", |(_, text)| text.as_str());
            (format!("{month:02}-{day:02}"), format!("the file prints {printed:?}"))
        }
        _ if hints.is_workforce => ("09-30".to_owned(), "social work workforce is counted on 30 September".to_owned()),
        _ => ("03-31".to_owned(), "children's services years end on 31 March".to_owned()),
    };
    of_year(&ends, Some(format!("{why}; a stock counted on that one day has span = \"day\"")))
}

/// A period from one month's first day to another's last; months count from 1 of the first of two adjoining years.
fn months(from: usize, to: usize, length: Length, doubt: Option<&str>) -> Meaning {
    let (first, last) = ((from - 1) % 12, (to - 1) % 12);
    let year = if to <= 12 { ", year = \"first\"" } else { "" };
    let toml =
        format!("{{ starts = \"{:02}-01\", ends = \"{:02}-{:02}\"{year} }}", first + 1, last + 1, LAST_DAYS[last]);
    Meaning { toml, length, doubt: doubt.map(str::to_owned) }
}

fn week(words: &[String]) -> Option<Meaning> {
    let [week, number] = words else { return None };
    let number: u8 = number.parse().ok().filter(|number| (1..=53).contains(number))?;
    (week == "week").then(|| Meaning {
        toml: format!("{{ week = {number} }}"),
        length: Length::Week,
        doubt: Some("weeks of the year as ISO 8601 counts them".to_owned()),
    })
}

fn month(said: &str) -> Option<Meaning> {
    let month = MONTHS.iter().position(|month| *month == said)?;
    let toml = format!("{{ starts = \"{:02}-01\", ends = \"{0:02}-{:02}\" }}", month + 1, LAST_DAYS[month]);
    Some(Meaning { toml, length: Length::Month, doubt: None })
}

/// Terms of a school year; holidays move, so that they end at the end of a month.
fn part_of_a_school_year(said: &str) -> Option<Meaning> {
    let doubt = Some("terms end on other days in each area");
    Some(match said {
        "autumn term" => months(9, 12, Length::Part, doubt),
        "spring term" => months(13, 16, Length::Part, doubt),
        "summer term" => months(17, 19, Length::Part, doubt),
        "autumn and spring term" | "autumn and spring terms" => months(9, 16, Length::Parts, doubt),
        "spring and summer term" | "spring and summer terms" => months(13, 19, Length::Parts, doubt),
        "five half terms" => months(9, 17, Length::Parts, doubt),
        "six half terms" => months(9, 19, Length::Parts, doubt),
        _ => return None,
    })
}

fn half_of_a_financial_year(said: &str) -> Option<Meaning> {
    match said {
        "part 1 april to september" => Some(months(4, 9, Length::Parts, None)),
        "part 2 october to march" => Some(months(10, 15, Length::Parts, None)),
        _ => None,
    }
}

/// One quarter of a year of any kind, or several: `Financial year Q2`, `Academic year Q1-Q3`, `Calendar year Q1-2`.
fn quarters(words: &[String], identifier: &str) -> Option<Meaning> {
    let [kind, year, quarters @ ..] = words else { return None };
    if year != "year" || quarters.is_empty() || quarters.len() > 2 {
        return None;
    }
    let number = |word: &String| -> Option<usize> {
        word.trim_start_matches('q').parse().ok().filter(|quarter| (1..=4).contains(quarter))
    };
    let (first, last) = (number(quarters.first()?)?, number(quarters.last()?)?);
    if first > last || !identifier.to_lowercase().contains('q') {
        return None;
    }
    let length = if first == last { Length::Part } else { Length::Parts };
    let (from, to) = (3 * (first - 1), 3 * last - 1);
    match kind.as_str() {
        // A calendar year has a label of one year.
        "calendar" => {
            let mut meaning = months(1 + from, 1 + to, length, None);
            meaning.toml = meaning.toml.replace(", year = \"first\"", "");
            Some(meaning)
        }
        "financial" => Some(months(4 + from, 4 + to, length, None)),
        "academic" => Some(months(
            9 + from,
            9 + to,
            length,
            Some("quarters from September; further education counts from August"),
        )),
        // From the 6th of a month to the 5th of another.
        "tax" => {
            let (from, to) = (4 + from, 5 + to);
            let year = if to <= 12 { ", year = \"first\"" } else { "" };
            let month = |month: usize| (month - 1) % 12 + 1;
            let toml = format!("{{ starts = \"{:02}-06\", ends = \"{:02}-05\"{year} }}", month(from), month(to));
            Some(Meaning { toml, length, doubt: None })
        }
        _ => None,
    }
}

/// An identifier of nobody's list: the year that it comes nearest to, if its words name one.
fn resembling(words: &[String], said: &str, hints: &Hints) -> Option<Meaning> {
    let unlisted = |ends: &str| {
        Some(of_year(
            ends,
            Some("it is none of the listed time identifiers; look at what the publisher means by it".to_owned()),
        ))
    };
    let has = |word: &str| words.iter().any(|w| w == word);
    if let Some(((month, day), _)) = days_in(said).first() {
        return unlisted(&format!("{month:02}-{day:02}"));
    }
    // A quarter, a term or a week that is not understood must not pass for a year.
    if !has("year") && !has("annual") && !said.is_empty() {
        return None;
    }
    if words.iter().any(|w| {
        w.contains("quarter") || w.contains("term") || w.contains("week") || w.contains("half") || is_quarter(w)
    }) {
        return None;
    }
    match () {
        () if has("academic") || has("school") => unlisted("08-31"),
        () if has("financial") || has("fiscal") => unlisted("03-31"),
        () if has("calendar") => unlisted("12-31"),
        () if has("tax") => unlisted("04-05"),
        () => {
            let mut meaning = reporting_year(hints);
            meaning.doubt =
                Some(format!("it is none of the listed time identifiers; {}", meaning.doubt.unwrap_or_default()));
            Some(meaning)
        }
    }
}

fn is_quarter(word: &str) -> bool {
    word.strip_prefix('q').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// Days of the year that a text prints, such as `31 March` or `at_30_june`, with the words that print each.
pub(crate) fn days_in(text: &str) -> Vec<((u8, u8), String)> {
    let words = words(text);
    let days = words.windows(2).filter_map(|pair| {
        let digits: String = pair[0].chars().take_while(char::is_ascii_digit).collect();
        let rest = &pair[0][digits.len()..];
        let day: u8 = digits.parse().ok().filter(|_| ["", "st", "nd", "rd", "th"].contains(&rest))?;
        let month = month_of(&pair[1])?;
        let last = LAST_DAYS[usize::from(month) - 1];
        (1..=last).contains(&day).then(|| ((month, day), pair.join(" ")))
    });
    days.collect()
}

/// The month that a word names, in full or by its first three letters.
fn month_of(word: &str) -> Option<u8> {
    let place = MONTHS.iter().position(|month| *month == word || (word.len() == 3 && month.starts_with(word)))?;
    u8::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pipeline::Pipeline;

    /// The days that an identifier means for a label, through the pipeline that its TOML makes.
    fn days(identifier: &str, label: &str) -> Option<(String, String)> {
        let meaning = meaning(identifier, &Hints::default())?;
        let text = format!(
            "id = 'a'\ntitle = 'T'\npublisher = 'P'\nlicence = 'L'\nreader = 'ees-csv'\n[publication]\nusual_lag_days = 1\n[time]\n{} = {}\n",
            crate::draft::toml_text::quoted(identifier),
            meaning.toml
        );
        let pipeline = Pipeline::parse(&text).unwrap();
        let period = crate::period::read(&pipeline, identifier, label).unwrap();
        Some((period.start.to_string(), period.end.to_string()))
    }

    #[test]
    fn every_listed_identifier_has_its_days() {
        for (identifier, label, start, end) in [
            ("Calendar year", "2024", "2024-01-01", "2024-12-31"),
            ("Financial year", "202425", "2024-04-01", "2025-03-31"),
            ("Tax year", "202425", "2024-04-06", "2025-04-05"),
            ("Academic year", "202425", "2024-09-01", "2025-08-31"),
            ("Reporting year", "2025", "2024-04-01", "2025-03-31"),
            ("Autumn term", "202425", "2024-09-01", "2024-12-31"),
            ("Spring term", "202425", "2025-01-01", "2025-04-30"),
            ("Summer Term", "202425", "2025-05-01", "2025-07-31"),
            ("Autumn and spring term", "202425", "2024-09-01", "2025-04-30"),
            ("Financial year Q1", "202425", "2024-04-01", "2024-06-30"),
            ("Financial year Q3", "202425", "2024-10-01", "2024-12-31"),
            ("Financial year Q4", "202425", "2025-01-01", "2025-03-31"),
            ("Financial Year Q1-Q3", "202425", "2024-04-01", "2024-12-31"),
            ("Calendar year Q1-2", "2024", "2024-01-01", "2024-06-30"),
            ("Academic year Q2", "202425", "2024-12-01", "2025-02-28"),
            ("Tax year Q1", "202425", "2024-04-06", "2024-07-05"),
            ("Tax year Q3", "202425", "2024-10-06", "2025-01-05"),
            ("Part 1 (April to September)", "202425", "2024-04-01", "2024-09-30"),
            ("Part 2 (October to March)", "202425", "2024-10-01", "2025-03-31"),
            ("February", "2024", "2024-02-01", "2024-02-29"),
            ("Week 37", "2024", "2024-09-09", "2024-09-15"),
        ] {
            let expected = Some((start.to_owned(), end.to_owned()));
            assert_eq!(days(identifier, label), expected, "{identifier}");
        }
    }

    #[test]
    fn a_label_of_another_length_than_the_identifiers_is_doubted() {
        assert!(doubt_of_labels("Academic year", &["202425", "2024"]).is_some());
        assert!(doubt_of_labels("Calendar year", &["202425"]).is_some());
        assert_eq!(doubt_of_labels("Financial year Q1", &["202425"]), None);
        assert_eq!(doubt_of_labels("Reporting year", &["2025"]), None);
    }

    #[test]
    fn what_says_no_period_is_not_guessed() {
        for identifier in ["Snapshot", "Financial year Q5", "Week 60", "Quarter 1", "Academic year term 1", "Q1"] {
            assert_eq!(meaning(identifier, &Hints::default()), None, "{identifier}");
        }
        assert!(meaning("Year ending 30 June", &Hints::default()).unwrap().toml.contains("06-30"));
    }

    #[test]
    fn a_reporting_year_ends_on_the_day_that_the_file_prints() {
        let hints =
            |texts: &[&str]| Hints { days: texts.iter().flat_map(|t| days_in(t)).collect(), ..Hints::default() };
        let ends = |hints: &Hints| meaning("Reporting year", hints).unwrap().toml;
        assert!(ends(&hints(&["Children at 31st December", "at_31_dec"])).contains("12-31"));
        assert!(ends(&hints(&["at 31 December", "at 30 June"])).contains("03-31"));
        assert!(ends(&Hints { is_workforce: true, ..Hints::default() }).contains("09-30"));
        assert!(ends(&Hints { is_population: true, ..Hints::default() }).contains("\"06-30\", span = \"day\""));
        assert!(days_in("45 March, 3 months, march 31").is_empty());
    }

    proptest! {
        #[test]
        fn any_identifier_is_understood_or_not_without_a_panic(identifier in ".{0,30}", kind in "(Academic|Tax|Calendar) year Q[0-9](-Q?[0-9])?") {
            let _ = meaning(&identifier, &Hints::default());
            let _ = days(&kind, "2024");
        }
    }
}
