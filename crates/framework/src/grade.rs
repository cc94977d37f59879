//! The four-point scale and the reasons for which a grade can be missing.

use serde::{Deserialize, Serialize};

/// A judgement on the four-point scale of paragraph 97, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Outstanding.
    Outstanding,
    /// Good.
    Good,
    /// Requires improvement to be good; before 2013 the third grade was called adequate.
    RequiresImprovement,
    /// Inadequate.
    Inadequate,
}

impl Grade {
    /// Every grade, best first.
    pub const ALL: [Self; 4] = [Self::Outstanding, Self::Good, Self::RequiresImprovement, Self::Inadequate];

    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Outstanding => "outstanding",
            Self::Good => "good",
            Self::RequiresImprovement => "requires-improvement",
            Self::Inadequate => "inadequate",
        }
    }

    /// Reads a grade as publishers print it, whatever its case and spacing.
    ///
    /// `Requires improvement to be good`, `requires improvement` and the older `adequate` are one
    /// grade: Ofsted's own history shows adequate as requires improvement.
    #[must_use]
    pub fn read(printed: &str) -> Option<Self> {
        let words: Vec<String> = printed.split_whitespace().map(str::to_lowercase).collect();
        match words.join(" ").as_str() {
            "outstanding" => Some(Self::Outstanding),
            "good" => Some(Self::Good),
            "requires improvement to be good" | "requires improvement" | "requires-improvement" | "adequate" => {
                Some(Self::RequiresImprovement)
            }
            "inadequate" => Some(Self::Inadequate),
            _ => None,
        }
    }
}

/// Why a judgement is missing where a grade might be expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingGrade {
    /// The event gave no grade: a visit, or a judgement not made.
    NotJudged,
    /// The judgement did not exist in the framework of the day, such as care leavers before 2023.
    NotInThisFramework,
    /// Whoever made the source could not read it.
    NotReadable,
}

impl MissingGrade {
    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::NotJudged => "not-judged",
            Self::NotInThisFramework => "not-in-this-framework",
            Self::NotReadable => "not-readable",
        }
    }

    /// The reason with this id, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::NotJudged, Self::NotInThisFramework, Self::NotReadable].into_iter().find(|reason| reason.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_printed_spelling_of_a_grade_is_read() {
        for (printed, grade) in [
            ("Outstanding", Grade::Outstanding),
            (" good ", Grade::Good),
            ("Requires improvement to be good", Grade::RequiresImprovement),
            ("Requires\nImprovement", Grade::RequiresImprovement),
            ("Adequate", Grade::RequiresImprovement),
            ("INADEQUATE", Grade::Inadequate),
        ] {
            assert_eq!(Grade::read(printed), Some(grade), "{printed:?}");
        }
    }

    #[test]
    fn what_is_no_grade_is_not_guessed() {
        for printed in ["", "-", "goodish", "data_unreadable", "not good", "2"] {
            assert_eq!(Grade::read(printed), None, "{printed:?}");
        }
    }

    #[test]
    fn an_id_reads_back_as_its_grade() {
        for grade in Grade::ALL {
            assert_eq!(Grade::read(grade.id()), Some(grade));
        }
    }
}
