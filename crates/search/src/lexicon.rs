//! The words of the field, read from the crate's data file: names of one thing, spellings, irregular plurals.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::words::words;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    common: BTreeSet<String>,
    terms: Vec<Vec<String>>,
    spellings: Vec<Vec<String>>,
    regular: BTreeMap<String, String>,
}

static FILE: LazyLock<Lexicon> = LazyLock::new(|| {
    let text = include_str!("../data/lexicon.toml");
    Lexicon(toml::from_str(text).expect("the embedded lexicon is valid TOML"))
});

/// The lists that need no analysis; the names of things are in [`terms`], since they are analysed with these.
pub(crate) struct Lexicon(File);

/// The lists.
pub(crate) fn lexicon() -> &'static Lexicon {
    &FILE
}

impl Lexicon {
    /// The version of the data file.
    pub(crate) fn version(&self) -> u32 {
        self.0.version
    }

    /// The regular form of an irregular plural or spelling, or the word itself.
    pub(crate) fn regular<'w>(&'w self, word: &'w str) -> &'w str {
        self.0.regular.get(word).map_or(word, String::as_str)
    }

    /// Whether a word is too common to be looked for by itself.
    pub(crate) fn is_common(&self, word: &str) -> bool {
        self.0.common.contains(word)
    }

    /// What of the lists an index depends on, in a form that can be hashed.
    pub(crate) fn analysis(&self) -> String {
        self.0.regular.iter().map(|(from, to)| format!("{from}={to};")).collect()
    }
}

/// One name of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// As it is written.
    pub(crate) text: String,
    /// Its words without endings.
    pub(crate) stems: Vec<String>,
}

/// The names of things, found by their first word.
pub(crate) struct Terms {
    groups: Vec<Vec<Name>>,
    by_first: HashMap<String, Vec<(usize, usize)>>,
}

static TERMS: LazyLock<Terms> = LazyLock::new(|| {
    let listed = FILE.0.terms.iter().chain(&FILE.0.spellings);
    let groups: Vec<Vec<Name>> = listed.map(|names| names.iter().map(|text| name(text)).collect()).collect();
    let mut by_first: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
    for (group, names) in groups.iter().enumerate() {
        for (at, name) in names.iter().enumerate() {
            if let Some(first) = name.stems.first() {
                by_first.entry(first.clone()).or_default().push((group, at));
            }
        }
    }
    Terms { groups, by_first }
});

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), stems: words(text).into_iter().map(|word| word.stem).collect() }
}

/// The names of things.
pub(crate) fn terms() -> &'static Terms {
    &TERMS
}

impl Terms {
    /// The longest name with which `stems` begins, of those whose length `ends_well`: how many words it has, and the
    /// other names of the same thing.
    pub(crate) fn longest(&self, stems: &[&str], ends_well: impl Fn(usize) -> bool) -> Option<(usize, Vec<Name>)> {
        let candidates = self.by_first.get(*stems.first()?)?;
        let (group, at) = candidates
            .iter()
            .filter(|&&(group, at)| {
                let name = &self.groups[group][at].stems;
                ends_well(name.len()) && stems.len() >= name.len() && name.iter().zip(stems).all(|(a, b)| a == b)
            })
            .max_by_key(|&&(group, at)| self.groups[group][at].stems.len())?;
        let names = &self.groups[*group];
        let others = names.iter().enumerate().filter(|(other, _)| other != at).map(|(_, name)| name.clone());
        Some((names[*at].stems.len(), others.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_listed_twice_and_none_is_empty() {
        let mut seen = BTreeSet::new();
        for name in terms().groups.iter().flatten() {
            assert!(!name.stems.is_empty(), "{}", name.text);
            assert!(seen.insert(name.stems.clone()), "{} reads as another name does", name.text);
        }
    }

    #[test]
    fn every_thing_has_two_names_or_more() {
        assert!(terms().groups.iter().all(|names| names.len() > 1));
    }

    #[test]
    fn no_name_contains_another_name_that_it_negates() {
        let negations = ["not", "no", "without", "non"];
        for name in terms().groups.iter().flatten() {
            let rest =
                name.stems.iter().position(|stem| negations.contains(&stem.as_str())).map(|at| &name.stems[at + 1..]);
            let Some(rest) = rest else { continue };
            assert!(terms().groups.iter().flatten().all(|other| other.stems != rest), "{}", name.text);
        }
    }

    #[test]
    fn the_longest_name_is_taken() {
        let stems: Vec<_> = words("child protection plans").into_iter().map(|w| w.stem).collect();
        let stems: Vec<_> = stems.iter().map(String::as_str).collect();
        let (length, others) = terms().longest(&stems, |_| true).unwrap();
        assert_eq!((length, others[0].text.as_str()), (3, "CPP"));
        let (length, _) = terms().longest(&stems, |length| length < 3).unwrap();
        assert_eq!(length, 2);
    }
}
