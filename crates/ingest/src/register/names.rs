//! How names of authorities are compared, and what a title has beside a name.

/// What may stand before an authority's name in a title, longer words first.
const BEFORE_A_NAME: [&str; 11] = [
    "the council of the",
    "council of the",
    "metropolitan borough of",
    "london borough of",
    "royal borough of",
    "the city of",
    "city and county of",
    "city of",
    "borough of",
    "county of",
    "the",
];

/// What may stand after it: what kind of council it is, or that a trust of its name provides its services.
const AFTER_A_NAME: [&str; 25] = [
    "childrens services trust",
    "children and families trust",
    "childrens trust",
    "children first",
    "district metropolitan council",
    "metropolitan borough",
    "metropolitan district",
    "mbc",
    "metropolitan borough council",
    "metropolitan district council",
    "metropolitan council",
    "county council",
    "city council",
    "borough council",
    "district council",
    "unitary authority",
    "local authority",
    "childrens services",
    "local area partnership",
    "local area",
    "council",
    "borough",
    "county",
    "city",
    "district",
];

/// The words of a name that tell it from others.
pub(super) fn telling_words(name: &str) -> impl Iterator<Item = String> {
    const COMMON: [&str; 14] = [
        "and", "of", "the", "upon", "on", "with", "city", "county", "council", "borough", "north", "south", "east",
        "west",
    ];
    name.split(' ').filter(|word| !COMMON.contains(word)).map(str::to_owned)
}

/// A name as names are compared: lower case, `&` as `and`, no punctuation, single spaces.
#[must_use]
pub fn normal_name(name: &str) -> String {
    let plain: String = name
        .replace('&', " and ")
        .replace('-', " ")
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title, as [`normal_name`] gives it, without the first words before the name, or without the last behind it, that
/// say what kind of council it is.
#[must_use]
pub fn shorter_name(title: &str) -> Option<&str> {
    let before = || BEFORE_A_NAME.iter().find_map(|words| title.strip_prefix(words)?.strip_prefix(' '));
    let after = || AFTER_A_NAME.iter().find_map(|words| title.strip_suffix(words)?.strip_suffix(' '));
    before().or_else(after)
}
