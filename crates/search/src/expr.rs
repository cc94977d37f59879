//! What a query's text means, as a tree.

use std::fmt;

use crate::lexicon::Name;
use crate::words::Word;

/// A condition on a passage's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expr {
    /// Nothing is asked: every passage.
    Everything,
    /// One thing is looked for.
    Leaf(Leaf),
    /// All of these, wherever they stand in the passage.
    All(Vec<Expr>),
    /// At least one of these.
    Any(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
}

/// One thing that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    /// A word, whatever its ending.
    Word {
        /// As it was typed.
        typed: String,
        /// Without its ending.
        stem: String,
    },
    /// Words side by side, whatever their endings: `care-leavers`, `2019/20`.
    Row {
        /// As it was typed.
        typed: String,
        /// Without their endings.
        stems: Vec<String>,
    },
    /// Words side by side, as they were typed in quotation marks.
    Exact {
        /// As it was typed.
        typed: String,
        /// In small letters.
        words: Vec<String>,
    },
    /// Any word that begins so.
    Prefix {
        /// The beginning in small letters.
        start: String,
    },
    /// A name of the field with the other names of the same thing.
    Term {
        /// As it was typed.
        typed: String,
        /// What was typed, word by word: all of these count as the name too.
        parts: Vec<Leaf>,
        /// The name that was typed.
        name: Vec<String>,
        /// The other names.
        others: Vec<Name>,
    },
}

impl Expr {
    /// What is looked for, not what is excluded.
    pub(crate) fn leaves(&self) -> Vec<&Leaf> {
        match self {
            Self::Everything | Self::Not(_) => Vec::new(),
            Self::Leaf(leaf) => vec![leaf],
            Self::All(inner) | Self::Any(inner) => inner.iter().flat_map(Self::leaves).collect(),
        }
    }

    /// The same without what it excludes, if anything is left.
    pub(crate) fn without_exclusions(&self) -> Option<Self> {
        let kept = |inner: &[Self], many: fn(Vec<Self>) -> Self| {
            let mut kept: Vec<_> = inner.iter().filter_map(Self::without_exclusions).collect();
            if kept.len() > 1 { Some(many(kept)) } else { kept.pop() }
        };
        match self {
            Self::Not(_) => None,
            Self::Everything | Self::Leaf(_) => Some(self.clone()),
            Self::All(inner) => kept(inner, Self::All),
            Self::Any(inner) => kept(inner, Self::Any),
        }
    }

    /// Whether it excludes anything.
    pub(crate) fn excludes(&self) -> bool {
        match self {
            Self::Not(_) => true,
            Self::Everything | Self::Leaf(_) => false,
            Self::All(inner) | Self::Any(inner) => inner.iter().any(Self::excludes),
        }
    }

    fn write_list(f: &mut fmt::Formatter<'_>, inner: &[Self], between: &str) -> fmt::Result {
        for (at, part) in inner.iter().enumerate() {
            if at > 0 {
                f.write_str(between)?;
            }
            match part {
                Self::All(_) | Self::Any(_) => write!(f, "({part})")?,
                _ => write!(f, "{part}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("every passage"),
            Self::Leaf(leaf) => write!(f, "{leaf}"),
            Self::All(inner) => Self::write_list(f, inner, " AND "),
            Self::Any(inner) => Self::write_list(f, inner, " OR "),
            Self::Not(inner) if matches!(**inner, Self::All(_) | Self::Any(_)) => write!(f, "NOT ({inner})"),
            Self::Not(inner) => write!(f, "NOT {inner}"),
        }
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word { typed, .. } | Self::Row { typed, .. } | Self::Term { typed, .. } => f.write_str(typed),
            Self::Exact { typed, .. } => write!(f, "\"{typed}\""),
            Self::Prefix { start } => write!(f, "{start}*"),
        }
    }
}

impl Leaf {
    /// Where it stands among the words of a passage, as ranges of words.
    pub(crate) fn find(&self, words: &[Word]) -> Vec<std::ops::Range<usize>> {
        match self {
            Self::Word { stem, .. } => runs(words, std::slice::from_ref(stem), |word| &word.stem),
            Self::Row { stems, .. } => runs(words, stems, |word| &word.stem),
            Self::Exact { words: exact, .. } => runs(words, exact, |word| &word.exact),
            Self::Prefix { start } => {
                let begins = words.iter().enumerate().filter(|(_, word)| word.exact.starts_with(start.as_str()));
                begins.map(|(at, _)| at..at + 1).collect()
            }
            Self::Term { parts, name, others, .. } => {
                let names = std::iter::once(name).chain(others.iter().map(|other| &other.stems));
                let named: Vec<_> = names.flat_map(|stems| runs(words, stems, |word| &word.stem)).collect();
                // Where the name itself is there, its single words elsewhere are not what was meant.
                if named.is_empty() { parts.iter().flat_map(|part| part.find(words)).collect() } else { named }
            }
        }
    }
}

/// Where `wanted` stands word for word.
fn runs(words: &[Word], wanted: &[String], form: impl Fn(&Word) -> &String) -> Vec<std::ops::Range<usize>> {
    if wanted.is_empty() || wanted.len() > words.len() {
        return Vec::new();
    }
    let starts = words.windows(wanted.len()).enumerate();
    let found = starts.filter(|(_, window)| window.iter().zip(wanted).all(|(word, wanted)| form(word) == wanted));
    found.map(|(at, _)| at..at + wanted.len()).collect()
}
