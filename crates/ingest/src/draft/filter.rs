//! What the name and the values of a column say of it as a filter.

use super::profile::{Profile, words};

/// Last words of names whose figures are values of a filter: ages, year groups, grades.
const FILTERS: [&str; 15] = [
    "age", "ages", "grade", "grades", "level", "levels", "band", "decile", "quintile", "quartile", "quarter", "month",
    "week", "stage", "group",
];

/// Words that make a name one of a measure whatever its last word.
const MEASURES: [&str; 14] = [
    "average",
    "avg",
    "mean",
    "median",
    "count",
    "number",
    "percent",
    "percentage",
    "pct",
    "pt",
    "rate",
    "score",
    "total",
    "t",
];

/// Last words of names of codes that go with a name.
const CODES: [&str; 7] = ["code", "codes", "id", "urn", "ukprn", "laestab", "postcode"];

/// Words of names that tell of a row's standing.
const NOTES: [&str; 13] = [
    "version",
    "status",
    "release",
    "revision",
    "provisional",
    "note",
    "notes",
    "footnote",
    "footnotes",
    "comment",
    "comments",
    "source",
    "url",
];

/// Values that tell of a row's standing.
const STANDINGS: [&str; 5] = ["final", "revised", "provisional", "unrevised", "amended"];

/// What is counted as a whole: `All pupils` stands for all, `All unplanned` does not.
const WHOLES: [&str; 40] = [
    "absence types",
    "adults",
    "age groups",
    "ages",
    "areas",
    "authorities",
    "authority types",
    "care leavers",
    "cases",
    "categories",
    "characteristics",
    "child",
    "children",
    "episodes",
    "ethnic groups",
    "ethnicities",
    "families",
    "genders",
    "groups",
    "households",
    "learners",
    "people",
    "persons",
    "phases",
    "placements",
    "plans",
    "providers",
    "pupils",
    "reasons",
    "referrals",
    "school types",
    "schools",
    "sexes",
    "social workers",
    "staff",
    "starters",
    "students",
    "teachers",
    "types",
    "young people",
];

/// What the words of a column's name say.
pub(crate) struct Names {
    words: Vec<String>,
}

impl Names {
    pub(crate) fn of(name: &str) -> Self {
        Self { words: words(name) }
    }

    fn has(&self, those: &[&str]) -> bool {
        self.words.iter().any(|word| those.contains(&word.as_str()))
    }

    fn ends_with(&self, those: &[&str]) -> bool {
        self.words.last().is_some_and(|word| those.contains(&word.as_str()))
    }

    /// Whether whole numbers under this name are values of a filter, such as ages, or codes or years.
    pub(crate) fn says_filter(&self, profile: &Profile<'_>) -> bool {
        let is_group = self.ends_with(&FILTERS) && !self.has(&MEASURES) && profile.texts.len() <= 60;
        (is_group && profile.values().all(|text| text.bytes().all(|b| b.is_ascii_alphanumeric())))
            || self.says_code(profile)
            || self.says_year(profile)
    }

    /// Whether it tells of a row's standing.
    pub(crate) fn says_note(&self) -> bool {
        self.has(&NOTES) && !self.has(&MEASURES)
    }

    /// Whether it is a code.
    pub(crate) fn says_code(&self, profile: &Profile<'_>) -> bool {
        self.ends_with(&CODES) && !self.has(&MEASURES) && profile.values().all(|text| !text.contains('.'))
    }

    /// Whether it is a year.
    pub(crate) fn says_year(&self, profile: &Profile<'_>) -> bool {
        let is_year = |text: &str| matches!(text.len(), 4 | 6) && (text.starts_with("19") || text.starts_with("20"));
        self.ends_with(&["year", "years"]) && profile.is_whole_numbers() && profile.values().all(is_year)
    }
}

/// Whether all values tell of a row's standing, such as `Final` and `Revised`.
pub(crate) fn are_standings(profile: &Profile<'_>) -> bool {
    let mut values = profile.values().peekable();
    values.peek().is_some() && values.all(|value| STANDINGS.contains(&value.to_lowercase().as_str()))
}

/// Whether a value says that all are counted.
pub(crate) fn stands_for_all(value: &str) -> bool {
    rank(value).is_some()
}

/// How plainly a value stands for all, the plainest first.
fn rank(value: &str) -> Option<u8> {
    let words = words(value);
    let said = words.join(" ");
    match said.as_str() {
        "total" | "totals" => return Some(0),
        "all" | "overall" | "all total" | "total all" => return Some(1),
        "persons" | "both sexes" | "all persons" => return Some(2),
        _ => {}
    }
    let whole =
        said.strip_prefix("all ").or_else(|| said.strip_prefix("total ")).or_else(|| said.strip_suffix(" total"));
    whole.is_some_and(|whole| WHOLES.contains(&whole)).then_some(3)
}

/// The value that stands for all, where one does so more plainly than any other.
pub(crate) fn headline<'a>(profile: &Profile<'a>) -> Option<&'a str> {
    let mut ranked: Vec<(u8, &str)> = profile.values().filter_map(|value| Some((rank(value)?, value))).collect();
    ranked.sort_unstable();
    match ranked.as_slice() {
        [(_, only)] => Some(only),
        [(first, value), (second, _), ..] if first < second => Some(value),
        _ => None,
    }
}

/// Values by which a file with this filter is recognised: the longest, since they say most; none that any file could have.
pub(crate) fn telling_values<'a>(profile: &Profile<'a>, most: usize) -> Vec<&'a str> {
    let is_common =
        |value: &&str| stands_for_all(value) || !value.chars().any(char::is_alphabetic) || value.chars().count() < 3;
    let mut values: Vec<&str> = profile.values().filter(|value| !is_common(value)).collect();
    values.sort_by_key(|value| (std::cmp::Reverse(value.chars().count()), *value));
    values.truncate(most);
    values.sort_unstable();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&'static str]) -> Profile<'static> {
        Profile::of(values.iter().copied())
    }

    #[test]
    fn the_headline_is_the_one_value_that_stands_for_all() {
        assert_eq!(headline(&of(&["Male", "Female", "Total"])), Some("Total"));
        assert_eq!(headline(&of(&["All", "Total", "Male"])), Some("Total"));
        assert_eq!(headline(&of(&["All pupils", "SEN"])), Some("All pupils"));
        assert_eq!(headline(&of(&["Total children", "Moved"])), Some("Total children"));
        assert_eq!(headline(&of(&["All unplanned", "Planned"])), None);
        assert_eq!(headline(&of(&["All boys", "All girls"])), None);
        assert_eq!(headline(&of(&["Total in education", "Total not in education"])), None);
        assert_eq!(headline(&of(&["17 to 18 years", "19 to 21 years"])), None);
        assert_eq!(headline(&of(&["Total pupils", "Total schools"])), None);
    }

    #[test]
    fn whole_numbers_are_a_filter_where_the_name_says_so() {
        let says = |name: &str, values: &[&'static str]| Names::of(name).says_filter(&of(values));
        assert!(says("age", &["16", "17"]) && says("nc_year_group", &["R", "1"]) && says("academic_year", &["2024"]));
        assert!(says("characteristic_code", &["1", "2"]));
        assert!(!says("average_age", &["16", "17"]) && !says("children_count", &["1"]) && !says("age", &["16.5"]));
        assert!(!says("starts_in_year", &["12", "15"]));
    }

    #[test]
    fn a_file_is_recognised_by_values_that_no_other_has() {
        assert_eq!(telling_values(&of(&["Total", "A long reason", "17", "Short"]), 1), ["A long reason"]);
        assert!(telling_values(&of(&["01/04/2020", "All pupils", "2", "M"]), 5).is_empty());
    }
}
