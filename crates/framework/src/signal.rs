//! What can be said of a signal in a word: a complaint, a whistleblower's report, a notification, an event.
//!
//! The framework names the grounds (paragraph 105: evidence from whistleblowing or complaints) and no
//! vocabulary; these words are LAIS's own, documented in `docs/pipelines.md`.

/// The words that each structured field of a signal may hold, by column.
const VOCABULARY: [(&str, &[&str]); 4] = [
    ("channel", &["complaint", "whistleblowing", "notification", "event"]),
    (
        "reporter_role",
        &[
            "parent-or-carer",
            "child-or-young-person",
            "family-member",
            "social-worker",
            "other-staff",
            "foster-carer",
            "partner-agency",
            "elected-member",
            "local-authority",
            "member-of-public",
            "anonymous",
            "not-stated",
        ],
    ),
    ("severity", &["low", "medium", "high", "serious"]),
    ("status", &["open", "in-progress", "closed"]),
];

/// The words that a structured field of a signal may hold; empty where the field has no list.
#[must_use]
pub fn signal_words(field: &str) -> &'static [&'static str] {
    VOCABULARY.iter().find(|(name, _)| *name == field).map_or(&[], |(_, words)| words)
}
