//! The master list of sentences, `crates/insight/sentences.toml`.

use serde::Deserialize;

static LIST: &str = include_str!("../../sentences.toml");

/// The list, its thresholds and its edition.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sentences {
    /// The day of the edition, which a sentence is quoted with.
    pub(crate) edition: String,
    pub(crate) thresholds: Thresholds,
    sentences: Vec<Sentence>,
}

/// What decides which sentence is said.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Thresholds {
    pub(crate) false_discovery_rate: f64,
    pub(crate) chance: f64,
    pub(crate) survives: f64,
}

/// A sentence, and when it is said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sentence {
    pub(crate) id: String,
    when: Conditions,
    text: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Conditions {
    judged: Option<bool>,
    listed: Option<bool>,
    standard: Option<bool>,
    side: Option<String>,
    label: Option<String>,
    sampling_error: Option<bool>,
    none_or_all: Option<bool>,
    mostly_chance: Option<bool>,
    small: Option<bool>,
}

/// What is known of a figure, by which its sentence is chosen.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known<'a> {
    pub(crate) listed: bool,
    /// Whether every authority is held to a standard.
    pub(crate) standard: bool,
    /// `worse`, `better`, `higher` or `lower`.
    pub(crate) side: &'a str,
    /// None where the figure could not be judged.
    pub(crate) label: Option<&'a str>,
    pub(crate) sampling_error: bool,
    /// Whether none were counted, or all.
    pub(crate) none_or_all: bool,
    /// Whether authorities differ by little more than chance.
    pub(crate) mostly_chance: bool,
    /// Whether the figure's own counts are too small to show how far authorities usually differ.
    pub(crate) small: bool,
}

impl Sentences {
    /// The list as it was built in.
    ///
    /// # Errors
    /// Where the file is no such list.
    pub(crate) fn built_in() -> Result<Self, String> {
        toml::from_str(LIST).map_err(|e| format!("sentences.toml: {e}"))
    }

    /// The first sentence whose conditions all hold.
    pub(crate) fn choose(&self, known: &Known<'_>) -> Option<&Sentence> {
        self.sentences.iter().find(|sentence| sentence.when.hold(known))
    }
}

impl Conditions {
    fn hold(&self, known: &Known<'_>) -> bool {
        let is = |wanted: &Option<bool>, found: bool| wanted.is_none_or(|wanted| wanted == found);
        let says =
            |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|wanted| found == Some(wanted));
        is(&self.judged, known.label.is_some())
            && is(&self.listed, known.listed)
            && is(&self.standard, known.standard)
            && is(&self.sampling_error, known.sampling_error)
            && is(&self.none_or_all, known.none_or_all)
            && is(&self.mostly_chance, known.mostly_chance)
            && is(&self.small, known.small)
            && says(&self.side, Some(known.side))
            && says(&self.label, known.label)
    }
}

impl Sentence {
    /// The sentence with its places filled in: `{value}` by what `fill` gives for `value`.
    pub(crate) fn say(&self, fill: impl Fn(&str) -> String) -> String {
        let mut said = String::with_capacity(self.text.len() * 2);
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            said.push_str(before);
            said.push_str(&fill(name));
            rest = after;
        }
        said.push_str(rest);
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(listed: bool, side: &str, label: Option<&str>, sampling_error: bool) -> String {
        let list = Sentences::built_in().unwrap();
        list.choose(&Known { listed, side, label, sampling_error, ..Known::default() }).unwrap().id.clone()
    }

    #[test]
    fn what_cannot_be_judged_says_so_whatever_else_is_known() {
        assert_eq!(chosen(false, "worse", None, true), "cannot-be-judged");
    }

    #[test]
    fn the_strength_of_a_concern_is_that_of_its_label() {
        assert_eq!(chosen(true, "worse", Some("clearly different"), true), "concern-clear");
        assert_eq!(chosen(true, "worse", Some("worth a question"), true), "concern");
        assert_eq!(chosen(true, "worse", Some("as expected"), true), "concern-slight");
        assert_eq!(chosen(false, "worse", Some("worth a question"), false), "far-without-sampling-error");
        assert_eq!(chosen(false, "worse", Some("worth a question"), true), "question-not-listed");
    }

    #[test]
    fn where_a_standard_is_to_be_kept_the_sentence_says_which_and_no_more_than_the_label() {
        let list = Sentences::built_in().unwrap();
        let chosen = |listed, side, label, none_or_all, small| {
            let label = Some(label);
            let known = Known {
                standard: true,
                sampling_error: true,
                listed,
                side,
                label,
                none_or_all,
                small,
                ..Known::default()
            };
            let sentence = list.choose(&known).unwrap();
            assert!(sentence.say(|place| format!("<{place}>")).contains("<standard>"), "{}", sentence.id);
            sentence.id.clone()
        };
        let (expected, question, clear) = ("as expected", "worth a question", "clearly different");
        assert_eq!(chosen(true, "worse", clear, false, false), "standard-behind");
        assert_eq!(chosen(true, "worse", question, false, true), "standard-behind");
        assert_eq!(chosen(true, "worse", expected, false, false), "standard-behind-slight");
        assert_eq!(chosen(true, "worse", clear, true, false), "standard-none-or-all");
        assert_eq!(chosen(false, "worse", question, false, false), "standard-question");
        assert_eq!(chosen(false, "worse", clear, true, false), "standard-question-clear");
        assert_eq!(chosen(false, "better", question, false, false), "standard-ahead");
        assert_eq!(chosen(false, "better", clear, true, false), "standard-ahead-clear");
        assert_eq!(chosen(false, "better", expected, false, true), "standard-too-small-to-tell");
        assert_eq!(chosen(false, "none", expected, false, false), "standard-as-in-the-country");
    }

    #[test]
    fn none_of_all_is_first_asked_whether_it_was_recorded() {
        let list = Sentences::built_in().unwrap();
        let known = Known {
            listed: true,
            side: "worse",
            label: Some("clearly different"),
            sampling_error: true,
            none_or_all: true,
            ..Known::default()
        };
        assert_eq!(list.choose(&known).unwrap().id, "concern-none-or-all");
        let chance =
            Known { label: Some("as expected"), mostly_chance: true, sampling_error: true, ..Known::default() };
        assert_eq!(list.choose(&chance).unwrap().id, "mostly-chance");
        let small = Known { mostly_chance: false, small: true, ..chance };
        assert_eq!(list.choose(&small).unwrap().id, "too-small-to-tell");
    }

    #[test]
    fn whatever_is_known_there_is_a_sentence_with_known_places() {
        let list = Sentences::built_in().unwrap();
        let places = ["title", "value", "period", "target", "why", "standard", "tests", "listed", "by_chance", "q"];
        for sentence in &list.sentences {
            sentence.say(|place| {
                assert!(places.contains(&place), "{}: {{{place}}}", sentence.id);
                String::new()
            });
        }
        for side in ["worse", "better", "higher", "lower"] {
            for label in [None, Some("as expected"), Some("worth a question"), Some("clearly different")] {
                for (listed, sampling_error) in [(false, false), (false, true), (true, false), (true, true)] {
                    let known = Known { listed, side, label, sampling_error, ..Known::default() };
                    assert!(list.choose(&known).is_some());
                }
            }
        }
        assert_eq!(chosen(false, "higher", Some("as expected"), true), "nothing-stands-out");
    }
}
