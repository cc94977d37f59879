//! The self-evaluation of social work practice that an authority shares (paragraphs 29 to 38).

use serde::{Deserialize, Serialize};

/// One of the three questions that a self-evaluation should answer (paragraph 33).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// What do you know about the quality and impact of social work practice in your local authority?
    QualityAndImpact,
    /// How do you know it?
    HowItIsKnown,
    /// What are your plans for the next 12 months to maintain or improve practice?
    Plans,
}

impl Question {
    /// The three, in the framework's order.
    pub const ALL: [Self; 3] = [Self::QualityAndImpact, Self::HowItIsKnown, Self::Plans];

    /// The kebab-case id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::QualityAndImpact => "quality-and-impact",
            Self::HowItIsKnown => "how-it-is-known",
            Self::Plans => "plans",
        }
    }

    /// The question in the framework's words (paragraph 33).
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::QualityAndImpact => {
                "What do you know about the quality and impact of social work practice in your local authority?"
            }
            Self::HowItIsKnown => "How do you know it?",
            Self::Plans => "What are your plans for the next 12 months to maintain or improve practice?",
        }
    }
}
