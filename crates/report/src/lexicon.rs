//! Words that speak for an evaluation heading or a topic: a published list, and how it is matched.

use std::sync::LazyLock;

use lais_framework::{Heading, criteria, focus_topics};
use serde::{Deserialize, Serialize};

use crate::plain::plain;

/// What a statement is about, and the terms that say so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mapping {
    /// The id of one of the 17 evaluation headings; none where no one leads.
    pub criterion: Option<&'static str>,
    /// The terms that spoke for it.
    pub criterion_terms: Vec<Matched>,
    /// The id of one of the six topics of focused visits; none where no one leads.
    pub topic: Option<&'static str>,
    /// The terms that spoke for it.
    pub topic_terms: Vec<Matched>,
}

impl Mapping {
    /// The terms that matched with their weights, such as `heading: care leaver* 4, pathway plan* 4; topic: …`; none
    /// where no term did.
    #[must_use]
    pub fn shown(&self) -> Option<String> {
        let list = |what: &str, terms: &[Matched]| {
            let terms: Vec<String> = terms.iter().map(|found| format!("{} {}", found.term, found.weight)).collect();
            (!terms.is_empty()).then(|| format!("{what}: {}", terms.join(", ")))
        };
        let both = [list("heading", &self.criterion_terms), list("topic", &self.topic_terms)];
        let both: Vec<String> = both.into_iter().flatten().collect();
        (!both.is_empty()).then(|| both.join("; "))
    }
}

/// A term that was found, and what it weighs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// The term as the list has it, or the heading of the section.
    pub term: String,
    /// Its weight.
    pub weight: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    version: String,
    enough: u32,
    lead: u32,
    section: u32,
    sections: Vec<SectionRule>,
    criteria: Vec<Subject>,
    topics: Vec<Subject>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionRule {
    heading: Heading,
    terms: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    id: String,
    terms: Vec<Term>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    term: String,
    weight: u32,
}

static LIST: LazyLock<List> =
    LazyLock::new(|| toml::from_str(include_str!("../data/lexicon.toml")).expect("the embedded list is valid TOML"));

/// A term's parts as words.
struct Parts<'l> {
    term: &'l str,
    weight: u32,
    parts: Vec<Vec<String>>,
}

impl<'l> Parts<'l> {
    fn new(term: &'l str, weight: u32) -> Self {
        Self { term, weight, parts: term.split('+').map(words).filter(|part| !part.is_empty()).collect() }
    }

    /// Whether every part is somewhere in the text.
    fn are_in(&self, text: &[String]) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| holds(text, part))
    }
}

/// Subjects with their terms as words.
type Subjects = Vec<(&'static str, Vec<Parts<'static>>)>;

fn subjects(list: &'static [Subject]) -> Subjects {
    list.iter().map(|s| (s.id.as_str(), s.terms.iter().map(|t| Parts::new(&t.term, t.weight)).collect())).collect()
}

static CRITERIA: LazyLock<Subjects> = LazyLock::new(|| subjects(&LIST.criteria));
static TOPICS: LazyLock<Subjects> = LazyLock::new(|| subjects(&LIST.topics));
static SECTIONS: LazyLock<Vec<(Heading, Vec<Parts<'static>>)>> = LazyLock::new(|| {
    LIST.sections.iter().map(|s| (s.heading, s.terms.iter().map(|t| Parts::new(t, 1)).collect())).collect()
});

/// The version of the list of terms, such as `2026-11-1`.
#[must_use]
pub fn lexicon_version() -> &'static str {
    &LIST.version
}

/// A text as words: letters and digits, an apostrophe within.
fn words(text: &str) -> Vec<String> {
    plain(text)
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '\'' || letter == '*'))
        .map(|word| word.trim_matches('\'').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn same(word: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        // A plural possessive loses its sign when it is trimmed.
        None => word == wanted,
    }
}

/// Whether the words stand somewhere in the text, in their order.
fn holds(text: &[String], wanted: &[String]) -> bool {
    let Some(first) = wanted.first() else { return false };
    (0..text.len()).any(|at| {
        same(&text[at], first)
            && text.get(at..at + wanted.len()).is_some_and(|window| window.iter().zip(wanted).all(|(a, b)| same(a, b)))
    })
}

/// The terms that a text holds.
fn matched(text: &[String], terms: &[Parts<'_>]) -> Vec<Matched> {
    terms
        .iter()
        .filter(|term| term.are_in(text))
        .map(|term| Matched { term: term.term.to_owned(), weight: term.weight })
        .collect()
}

fn score(terms: &[Matched]) -> u32 {
    terms.iter().map(|matched| matched.weight).sum()
}

/// Maps a statement, with its section's heading and the topics of a focused visit as evidence.
pub(crate) fn map(section: &str, topics: &[&str], text: &str) -> Mapping {
    let section = words(section);
    let judgements: Vec<Heading> = SECTIONS
        .iter()
        .filter(|(_, terms)| terms.iter().any(|term| term.are_in(&section)))
        .map(|(heading, _)| *heading)
        .collect();
    let first = words(first_sentence(text));
    let whole = words(text);
    let criterion = |text: &[String], lead| {
        let scored = CRITERIA.iter().filter(|(id, _)| is_open(id, &judgements, topics)).map(|(id, terms)| {
            let mut terms = matched(text, terms);
            let of_section = criteria().iter().any(|c| c.id == *id && judgements.contains(&c.heading));
            if of_section && !terms.is_empty() {
                terms.push(Matched { term: "section".to_owned(), weight: LIST.section });
            }
            (*id, terms)
        });
        leading(scored.collect(), lead)
    };
    let topic =
        |text: &[String], lead| leading(TOPICS.iter().map(|(id, terms)| (*id, matched(text, terms))).collect(), lead);
    let (criterion_id, criterion_terms) = criterion(&first, LIST.lead)
        .or_else(|| criterion(&whole, LIST.lead + 1))
        .map_or((None, Vec::new()), |(id, terms)| (Some(id), terms));
    let (topic_id, topic_terms) = topic(&first, LIST.lead)
        .or_else(|| topic(&whole, LIST.lead + 1))
        .map_or((None, Vec::new()), |(id, terms)| (Some(id), terms));
    Mapping {
        criterion: criterion_id.and_then(|id| criteria().iter().find(|c| c.id == id)).map(|c| c.id.as_str()),
        criterion_terms,
        topic: topic_id.and_then(|id| focus_topics().iter().find(|t| t.id == id)).map(|t| t.id.as_str()),
        topic_terms,
    }
}

/// A text up to the end of its first sentence.
fn first_sentence(text: &str) -> &str {
    text.find(". ").and_then(|end| text.get(..=end)).unwrap_or(text)
}

/// Whether a section, or a visit's topics, leave a criterion open: those of one judgement shut out the other's.
fn is_open(id: &str, judgements: &[Heading], topics: &[&str]) -> bool {
    let of_care = |topic: &&str| ["children-in-care", "permanence", "care-leavers"].contains(topic);
    let care = judgements.iter().any(|heading| matches!(heading, Heading::InCare | Heading::CareLeavers))
        || (!topics.is_empty() && topics.iter().all(of_care));
    let help = judgements.contains(&Heading::HelpAndProtection) || (!topics.is_empty() && !topics.iter().any(of_care));
    let own = criteria().iter().find(|criterion| criterion.id == id).map(|criterion| criterion.heading);
    if judgements == [Heading::Leaders] {
        return own == Some(Heading::Leaders);
    }
    match own {
        Some(Heading::HelpAndProtection) => help || !care,
        Some(Heading::InCare | Heading::CareLeavers) => care || !help,
        _ => true,
    }
}

/// The subject that scores enough and leads the next by so much.
fn leading(mut scored: Vec<(&'static str, Vec<Matched>)>, lead: u32) -> Option<(&'static str, Vec<Matched>)> {
    scored.sort_by(|a, b| score(&b.1).cmp(&score(&a.1)).then(a.0.cmp(b.0)));
    let second = scored.get(1).map_or(0, |(_, terms)| score(terms));
    let (id, terms) = scored.into_iter().next()?;
    // The section may complete what the words nearly say, and no more.
    let said: u32 = terms.iter().filter(|term| term.term != "section").map(|term| term.weight).sum();
    let enough = score(&terms) >= LIST.enough && said + LIST.section >= LIST.enough;
    (enough && score(&terms) >= second + lead).then_some((id, terms))
}

/// Every topic that the scope of a visit names, in the framework's order.
pub(crate) fn topics_of_scope(scope: &str) -> Vec<&'static str> {
    let text = words(scope);
    focus_topics()
        .iter()
        .filter(|topic| {
            let terms = TOPICS.iter().find(|(id, _)| *id == topic.id).map(|(_, terms)| matched(&text, terms));
            terms.is_some_and(|terms| score(&terms) >= LIST.enough)
        })
        .map(|topic| topic.id.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subject_and_only_those_of_the_framework_have_terms() {
        let of = |list: &[Subject]| list.iter().map(|s| s.id.clone()).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(of(&LIST.criteria), criteria().iter().map(|c| c.id.clone()).collect());
        assert_eq!(of(&LIST.topics), focus_topics().iter().map(|t| t.id.clone()).collect());
    }

    #[test]
    fn every_term_reads_and_finds_itself() {
        for subject in LIST.criteria.iter().chain(&LIST.topics) {
            assert!(!subject.terms.is_empty(), "{}", subject.id);
            for term in &subject.terms {
                let printed = term.term.replace('*', "s").replace('+', "of the");
                assert!(Parts::new(&term.term, 1).are_in(&words(&printed)), "{} in {}", term.term, subject.id);
                assert!((1..=5).contains(&term.weight), "{}", term.term);
            }
        }
    }

    #[test]
    fn a_statement_is_mapped_with_the_terms_that_say_so() {
        let mapping = map("What needs to improve", &[], "The quality of pathway plans for care leavers.");
        assert_eq!(mapping.criterion, Some("cc-care-leavers"));
        assert_eq!(mapping.topic, Some("care-leavers"));
        let terms: Vec<_> = mapping.criterion_terms.iter().map(|m| (m.term.as_str(), m.weight)).collect();
        assert_eq!(terms, [("care leaver*", 4), ("pathway plan*", 4)]);
        let shown = mapping.shown().unwrap();
        assert!(shown.starts_with("heading: care leaver* 4, pathway plan* 4; topic: care leaver*"), "{shown}");
        assert_eq!(map("Findings", &[], "The weather was fine.").shown(), None);
    }

    #[test]
    fn a_statement_that_speaks_of_nothing_or_of_two_things_alike_is_mapped_to_nothing() {
        assert_eq!(map("Findings", &[], "The weather was fine.").criterion, None);
        assert_eq!(map("Findings", &[], "Caseloads and audits.").topic, None);
    }

    #[test]
    fn a_section_or_a_topic_of_one_judgement_shuts_out_the_other() {
        let text = "Direct work helps children to understand.";
        assert_eq!(map("Findings", &[], text).criterion, None, "it may be either");
        let section = "The experiences and progress of children in care: good";
        assert_eq!(map(section, &[], text).criterion, Some("cc-participation"));
        assert_eq!(map("Findings", &["front-door"], text).criterion, Some("hp-participation"));
        assert_eq!(map("Findings", &["permanence"], text).criterion, Some("cc-participation"));
    }

    #[test]
    fn a_term_is_found_as_whole_words_only() {
        assert!(!Parts::new("mash", 1).are_in(&words("smashing")));
        assert!(Parts::new("mash", 1).are_in(&words("the MASH is")));
        assert!(Parts::new("step down", 1).are_in(&words("step-down")));
    }
}
