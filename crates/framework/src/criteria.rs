//! The 17 evaluation headings and the six focused-visit topics, read from the framework's data file.

use std::sync::LazyLock;

use serde::Deserialize;

/// The judgement a heading belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Heading {
    /// The experiences and progress of children who need help and protection (paragraph 239).
    HelpAndProtection,
    /// The experiences and progress of children in care (paragraph 240).
    InCare,
    /// The experiences and progress of care leavers (paragraph 240).
    CareLeavers,
    /// The impact of leaders on social work practice with children and families (paragraph 241).
    Leaders,
}

impl Heading {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::HelpAndProtection => "help-and-protection",
            Self::InCare => "in-care",
            Self::CareLeavers => "care-leavers",
            Self::Leaders => "leaders",
        }
    }
}

/// One of the 17 evaluation headings of paragraphs 239 to 241.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Kebab-case id, such as `hp-early-help`.
    pub id: String,
    /// The judgement it belongs to.
    pub heading: Heading,
    /// The paragraph that states it.
    pub paragraph: String,
    /// The heading's own words.
    pub title: String,
}

/// One of the six topics of focused visits (paragraph 106).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FocusTopic {
    /// Kebab-case id, such as `front-door`.
    pub id: String,
    /// The topic's own words.
    pub title: String,
    /// The paragraph that states it.
    pub paragraph: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edition {
    criteria: Vec<Criterion>,
    focus_topics: Vec<FocusTopic>,
}

static EDITION: LazyLock<Edition> =
    LazyLock::new(|| toml::from_str(include_str!("../data/ilacs.toml")).expect("the embedded edition is valid TOML"));

/// The evaluation headings in the framework's order.
#[must_use]
pub fn criteria() -> &'static [Criterion] {
    &EDITION.criteria
}

/// The topics of focused visits in the framework's order.
#[must_use]
pub fn focus_topics() -> &'static [FocusTopic] {
    &EDITION.focus_topics
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_seventeen_headings_and_six_topics_with_unique_ids() {
        let ids: BTreeSet<_> = criteria().iter().map(|c| &c.id).collect();
        assert_eq!((criteria().len(), ids.len()), (17, 17));
        let topics: BTreeSet<_> = focus_topics().iter().map(|t| &t.id).collect();
        assert_eq!((focus_topics().len(), topics.len()), (6, 6));
    }

    #[test]
    fn an_id_begins_with_its_judgement() {
        for criterion in criteria() {
            let prefix = match criterion.heading {
                Heading::HelpAndProtection => "hp-",
                Heading::InCare | Heading::CareLeavers => "cc-",
                Heading::Leaders => "le-",
            };
            assert!(criterion.id.starts_with(prefix), "{}", criterion.id);
        }
    }
}
