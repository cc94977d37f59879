//! What a standardised distance is called.

use crate::Level;

/// How an area differs from the target, beyond what chance and the usual variance between areas bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// Within 1.96 standard errors.
    AsExpected,
    /// From 1.96 to 3.09 standard errors: about one area in 40 in this direction, were all alike.
    WorthAQuestion,
    /// Beyond 3.09 standard errors: about one area in 1,000 in this direction, were all alike.
    ClearlyDifferent,
}

impl Difference {
    /// What a standardised distance is called; nothing where it is not a number.
    ///
    /// The bounds are the deviates of the 95 and 99.8 per cent limits, so that the words agree with the drawn limits.
    ///
    /// Source: the two control limits of Spiegelhalter 2005, Statistics in Medicine 24.
    #[must_use]
    pub fn of(z: f64) -> Option<Self> {
        match z.abs() {
            size if size.is_nan() => None,
            size if size < Level::P95.z() => Some(Self::AsExpected),
            size if size <= Level::P998.z() => Some(Self::WorthAQuestion),
            _ => Some(Self::ClearlyDifferent),
        }
    }

    /// The same, but never more than worth a question: for medians, whose sampling error is not known.
    #[must_use]
    pub fn at_most_a_question(self) -> Self {
        self.min(Self::WorthAQuestion)
    }

    /// The words that a page shows.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::AsExpected => "as expected",
            Self::WorthAQuestion => "worth a question",
            Self::ClearlyDifferent => "clearly different",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_named_by_the_limit_that_it_is_beyond() {
        let (inner, outer) = (Level::P95.z(), Level::P998.z());
        for sign in [1.0, -1.0] {
            assert_eq!(Difference::of(sign * (inner - 1e-9)), Some(Difference::AsExpected));
            assert_eq!(Difference::of(sign * inner), Some(Difference::WorthAQuestion));
            assert_eq!(Difference::of(sign * 1.96), Some(Difference::WorthAQuestion));
            assert_eq!(Difference::of(sign * outer), Some(Difference::WorthAQuestion));
            assert_eq!(Difference::of(sign * (outer + 1e-9)), Some(Difference::ClearlyDifferent));
        }
        assert_eq!(Difference::of(0.0), Some(Difference::AsExpected));
        assert_eq!(Difference::of(f64::NAN), None);
    }

    #[test]
    fn a_median_is_never_more_than_worth_a_question() {
        assert_eq!(Difference::ClearlyDifferent.at_most_a_question(), Difference::WorthAQuestion);
        assert_eq!(Difference::AsExpected.at_most_a_question(), Difference::AsExpected);
    }

    #[test]
    fn differences_have_plain_words() {
        assert_eq!(Difference::AsExpected.text(), "as expected");
        assert_eq!(Difference::WorthAQuestion.text(), "worth a question");
        assert_eq!(Difference::ClearlyDifferent.text(), "clearly different");
    }
}
