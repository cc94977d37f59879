//! What inspectors state in a report or letter.

use serde::Serialize;

/// What a statement of a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatementKind {
    /// Something that a report lists as needing to improve: an area for improvement, a recommendation.
    NeedsToImprove,
    /// An area for priority action.
    PriorityAction,
    /// Something named as a strength by the heading it stands under.
    Strength,
    /// Any other statement, praise and criticism alike: what stands in the text and in no such list.
    Narrative,
}

impl StatementKind {
    /// Every kind, what asks for most first.
    pub const ALL: [Self; 4] = [Self::NeedsToImprove, Self::PriorityAction, Self::Strength, Self::Narrative];

    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::NeedsToImprove => "needs-to-improve",
            Self::PriorityAction => "priority-action",
            Self::Strength => "strength",
            Self::Narrative => "narrative",
        }
    }

    /// What it is called, in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NeedsToImprove => "needs to improve",
            Self::PriorityAction => "area for priority action",
            Self::Strength => "strength",
            Self::Narrative => "narrative",
        }
    }
}
