//! Text into words: the one analysis that index, query and marks share.
//!
//! A word is a run of letters and digits with what typography puts inside it: an apostrophe, a soft hyphen, an
//! accent. Hyphens and dashes part words, so that `care-leavers` is `care leavers`. Ligatures and full-width
//! letters are taken apart, accents dropped, capitals made small, apostrophes dropped.

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::lexicon::lexicon;

/// Letters kept of one word; what is longer is no word but would fill the dictionary.
const LONGEST: usize = 64;

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// The byte at which it begins.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    /// As it is compared inside quotation marks: small letters, nothing else.
    pub(crate) exact: String,
    /// As it is compared elsewhere: without its ending.
    pub(crate) stem: String,
}

/// The words of a text in order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    each(text, |start, end, folded| {
        let stem = stem(folded.bare());
        found.push(Word { start, end, exact: folded.exact, stem });
    });
    found
}

/// Hands each word of a text to `take`, with the bytes between which it stands.
pub(crate) fn each(text: &str, mut take: impl FnMut(usize, usize, Folded)) {
    let mut chars = text.char_indices();
    while let Some((start, first)) = chars.next() {
        if !is_letter(first) {
            continue;
        }
        let mut end = start + first.len_utf8();
        // What joins is part of the word only if a letter follows it.
        let mut ahead = chars.clone();
        while let Some((at, c)) = ahead.next() {
            if is_letter(c) || is_combining_mark(c) {
                end = at + c.len_utf8();
                chars = ahead.clone();
            } else if !is_apostrophe(c) && !is_invisible(c) {
                break;
            }
        }
        if let Some(folded) = Folded::of(&text[start..end]) {
            take(start, end, folded);
        }
    }
}

/// A word in small letters and nothing else.
pub(crate) struct Folded {
    /// With the `s` of a possessive.
    pub(crate) exact: String,
    /// Without it, where there is one.
    owner: Option<String>,
}

impl Folded {
    /// A word folded, or nothing where no letter is left.
    fn of(typed: &str) -> Option<Self> {
        if typed.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let exact = typed[..typed.len().min(LONGEST)].to_ascii_lowercase();
            return Some(Self { exact, owner: None });
        }
        let folded: String = typed
            .chars()
            .map(|c| if is_apostrophe(c) { '\'' } else { c })
            .nfkd()
            .flat_map(char::to_lowercase)
            .filter(|&c| c == '\'' || c.is_alphanumeric())
            .take(LONGEST)
            .collect();
        let without = |text: &str| text.chars().filter(|&c| c != '\'').collect::<String>();
        let exact = without(&folded);
        let owner = folded.strip_suffix("'s").map(without).filter(|owner| !owner.is_empty());
        (!exact.is_empty()).then_some(Self { exact, owner })
    }

    /// The word of which the ending is taken off.
    pub(crate) fn bare(&self) -> &str {
        self.owner.as_deref().unwrap_or(&self.exact)
    }
}

/// A word without its ending.
pub(crate) fn stem(word: &str) -> String {
    static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));
    ENGLISH.stem(lexicon().regular(word)).into_owned()
}

fn is_letter(c: char) -> bool {
    // The modifier letter apostrophe counts as a letter in Unicode and is an apostrophe here.
    c.is_alphanumeric() && !is_apostrophe(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{2032}' | '\u{FF07}' | '\u{60}' | '\u{B4}'
    )
}

/// Soft hyphens, joiners and a stray byte order mark are seen by nobody.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// A dash or hyphen of any length.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// A double quotation mark of any form.
pub(crate) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' | '\u{FF02}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.stem).collect()
    }

    fn exact(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.exact).collect()
    }

    #[test]
    fn typography_makes_no_difference() {
        for (one, other) in [
            ("care-leavers", "care leavers"),
            ("care\u{2011}leavers", "care\u{2013}leavers"),
            ("children's", "children\u{2019}s"),
            ("children\u{2BC}s", "childrens"),
            ("e\u{FB03}cient \u{FB01}ndings", "efficient findings"),
            ("safe\u{AD}guarding", "safeguarding"),
            ("caf\u{E9}", "cafe\u{301}"),
            ("r\u{E9}sum\u{E9}", "re\u{301}sume\u{301}"),
            ("\u{FF21}nnex", "annex"),
            ("FOSTER", "foster"),
            ("don\u{2019}t", "dont"),
        ] {
            assert_eq!(exact(one), exact(other), "{one} {other}");
            assert_eq!(stems(one), stems(other), "{one} {other}");
        }
    }

    #[test]
    fn endings_are_taken_off_and_irregular_plurals_brought_home() {
        for (one, other) in [
            ("placements", "placement"),
            ("children", "child"),
            ("children's", "child's"),
            ("safeguarded", "safeguarding"),
            ("young people", "young persons"),
            ("boys' homes", "boy home"),
            ("James's", "James"),
            ("IROs", "iro"),
            ("advisors", "adviser"),
        ] {
            assert_eq!(stems(one), stems(other), "{one} {other}");
        }
        assert_ne!(stems("carer"), stems("care"));
    }

    #[test]
    fn a_word_stands_where_it_says() {
        let text = "The “children’s” home \u{2014} \u{2019}tis good.";
        let seen: Vec<_> = words(text).iter().map(|word| &text[word.start..word.end]).collect();
        assert_eq!(seen, ["The", "children’s", "home", "tis", "good"]);
    }

    #[test]
    fn what_holds_no_letter_is_no_word() {
        assert!(words(" \u{2019} -- ' \u{301} \u{AD} ... ").is_empty());
        assert_eq!(exact("s.47 A&E 2019/20"), ["s", "47", "a", "e", "2019", "20"]);
    }

    #[test]
    fn an_endless_word_is_cut_alike_everywhere() {
        let endless = "a".repeat(10_000);
        assert_eq!(exact(&endless)[0].len(), LONGEST);
    }
}
