//! Choosing among what is there: by pattern, by exact name, and what is near where nothing fits.

use glob::{MatchOptions, Pattern};

use crate::error::{FetchError, Result};
use crate::item::{Found, Item};
use crate::lock;
use crate::target::Take;

/// How many near names are told.
const NEAR: usize = 5;

/// Whether a name fits a pattern, whatever its case.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let options = MatchOptions { case_sensitive: false, ..MatchOptions::new() };
    match Pattern::new(pattern) {
        Ok(compiled) => compiled.matches_with(name, options),
        Err(_) => pattern.eq_ignore_ascii_case(name),
    }
}

/// Whether two names are one, apart from case and space around them.
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// A file that is there to choose.
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) url: url::Url,
    pub(crate) version: Option<String>,
}

/// The files whose names fit a pattern: one where one is meant, or all.
///
/// # Errors
/// [`FetchError::NoSuch`] where none fits, or several where one is meant; it names what is there.
pub(crate) fn pick(choices: Vec<Choice>, key: &str, pattern: &str, take: Take, place: &str) -> Result<Vec<Found>> {
    let all: Vec<String> = choices.iter().map(|choice| choice.name.clone()).collect();
    let fitting: Vec<Choice> = choices.into_iter().filter(|choice| fits(pattern, &choice.name)).collect();
    if fitting.is_empty() {
        let what = format!("{place} has no file whose name fits {pattern:?}");
        return Err(FetchError::NoSuch { what, near: near(pattern, &all) });
    }
    if take == Take::One && fitting.len() > 1 {
        let what = format!("{place} has {} files whose names fit {pattern:?}, and one is meant", fitting.len());
        let names: Vec<String> = fitting.iter().map(|choice| format!("{:?}", choice.name)).collect();
        return Err(FetchError::NoSuch { what, near: format!(": {}", names.join(", ")) });
    }
    let asked = |choice: &Choice| match take {
        Take::One => key.to_owned(),
        Take::All => lock::one_of_several(key, &choice.name),
    };
    let mut found: Vec<Found> = fitting
        .into_iter()
        .map(|choice| {
            let asked = asked(&choice);
            Found::Item(Item { asked, url: choice.url, name: Some(choice.name), version: choice.version })
        })
        .collect();
    if take == Take::All {
        found.push(Found::Listed(key.to_owned()));
    }
    Ok(found)
}

/// The names that are most like one that is not there, with the words that lead to them.
pub(crate) fn near(name: &str, all: &[String]) -> String {
    if all.is_empty() {
        return "; nothing is there".to_owned();
    }
    let name = name.to_lowercase();
    let mut ranked: Vec<(f64, &String)> =
        all.iter().map(|other| (strsim::jaro_winkler(&name, &other.to_lowercase()), other)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let names: Vec<String> = ranked.iter().take(NEAR).map(|(_, other)| format!("{other:?}")).collect();
    let more = all.len().saturating_sub(NEAR);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("; nearest: {}{rest}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(name: &str) -> Choice {
        Choice { name: name.to_owned(), url: "https://example.org/a".parse().unwrap(), version: None }
    }

    fn choices() -> Vec<Choice> {
        ["a_2024.ods", "a_2025.ods", "b.csv"].into_iter().map(choice).collect()
    }

    #[test]
    fn a_pattern_fits_whatever_the_case_and_nothing_else() {
        assert!(fits("LA_Inspection_Outcomes_*.ods", "la_inspection_outcomes_as_at_31_March_2025.ODS"));
        assert!(!fits("b1_children_in_need_*.csv", "b2_children_in_need_2013_to_2025.csv"));
        assert!(fits("a?.csv", "a1.csv") && !fits("a?.csv", "a12.csv"));
        // A pattern that is none is a name.
        assert!(fits("a[.csv", "A[.csv") && !fits("a[.csv", "ab.csv"));
    }

    #[test]
    fn several_files_where_one_is_meant_are_refused_by_name() {
        let error = pick(choices(), "k", "a_*.ods", Take::One, "the page").unwrap_err().to_string();
        assert!(error.contains("2 files") && error.contains("a_2024.ods") && error.contains("a_2025.ods"), "{error}");
        assert_eq!(pick(choices(), "k", "a_*.ods", Take::All, "the page").unwrap().len(), 3);
    }

    #[test]
    fn where_none_fits_the_nearest_are_named() {
        let error = pick(choices(), "k", "a_2026.ods", Take::One, "the page").unwrap_err().to_string();
        assert!(error.contains("nearest: \"a_2024.ods\"") && error.contains("fits \"a_2026.ods\""), "{error}");
        let error = pick(Vec::new(), "k", "x", Take::One, "the page").unwrap_err().to_string();
        assert!(error.contains("nothing is there"), "{error}");
    }
}
