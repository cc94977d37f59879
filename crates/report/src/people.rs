//! Inspectors' names, so that no statement bears one.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::body::Body;
use crate::plain::{pattern, plain};
use crate::recognise::{joined, title_rows};

/// Where a report names its inspectors.
static NAMING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)(?:lead inspectors?|reporting inspectors?|deputy lead inspectors?|team inspectors?|quality assurance manager|inspection team",
        r"|the inspectors were|inspectors on this (?:visit|inspection) were|(?:carried out|conducted|undertaken|led) by|yours sincerely)",
    ))
});

/// Two to four words that begin as names do.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b[A-Z][a-z]*(?:['’][A-Z][a-z]+|[A-Z][a-z]+)*(?:[- ](?:[A-Z]\.? )?(?:[A-Z][a-z]+)(?:['’-]?[A-Z][a-z]+)*){1,3}",
    )
});

/// Words that begin with a capital and are no part of a name.
const NO_NAMES: [&str; 40] = [
    "Her",
    "His",
    "Majesty",
    "Inspector",
    "Inspectors",
    "Senior",
    "Ofsted",
    "Services",
    "Council",
    "Children",
    "Lead",
    "Deputy",
    "Team",
    "Quality",
    "Assurance",
    "Manager",
    "Judgement",
    "Grade",
    "The",
    "This",
    "Social",
    "Care",
    "Regulatory",
    "Commission",
    "County",
    "Borough",
    "City",
    "London",
    "Chief",
    "National",
    "Director",
    "Yours",
    "Local",
    "Authority",
    "Inspection",
    "Additional",
    "Executive",
    "Education",
    "Overall",
    "Health",
];

/// The names of a report's inspectors, as far as it says where it names them.
pub(crate) fn inspectors(body: &Body) -> BTreeSet<String> {
    let title = joined(&title_rows(body));
    let mut names = BTreeSet::new();
    for (at, row) in body.rows.iter().enumerate() {
        let Some(naming) = NAMING.find(&row.text) else { continue };
        let mut text = row.text[naming.end()..].to_owned();
        for next in body.rows[at + 1..].iter().take(3) {
            text.push('\n');
            text.push_str(&next.text);
        }
        let is_label = naming.start() == 0;
        let end = text.find(". ").filter(|_| !is_label).unwrap_or(text.len());
        let said = &text[..end];
        // "Carried out by" may be said of anybody.
        if !is_label && !["nspector", "HMI"].iter().any(|role| said.contains(role)) {
            continue;
        }
        for found in NAME.find_iter(said) {
            let name = found.as_str();
            let words: Vec<&str> = name.split([' ', '\'', '’']).collect();
            let is_person = words.len() >= 2 && !words.iter().any(|word| NO_NAMES.contains(word));
            if is_person && !title.contains(&plain(name)) {
                names.insert(name.to_owned());
            }
        }
    }
    names
}

/// A text without the sentences that name an inspector.
pub(crate) fn without(text: &str, names: &BTreeSet<String>) -> String {
    if !names.iter().any(|name| text.contains(name.as_str())) {
        return text.to_owned();
    }
    let sentences = text.split_inclusive(". ");
    sentences
        .filter(|sentence| !names.iter().any(|name| sentence.contains(name.as_str())))
        .collect::<String>()
        .trim()
        .to_owned()
}
