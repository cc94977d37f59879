//! Why a workbook is not read, in sentences that say what to do.

/// Why a workbook is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The bytes are those of something else.
    #[error("it is no workbook: it does not begin like one; download it again")]
    NotAWorkbook,
    /// It asks for a password.
    #[error("it is encrypted; save it without a password")]
    Encrypted,
    /// It is larger than any that is published; the sentence says what of it and where.
    #[error("{0}")]
    TooLarge(String),
    /// Its end is missing.
    #[error("the workbook is cut short, its end is missing; download it again")]
    CutShort,
    /// It cannot be understood.
    #[error("it is a damaged workbook ({0}); download it again")]
    Damaged(String),
}

impl SheetError {
    /// Damage, in the words of whoever found it.
    pub(crate) fn damaged(error: &dyn std::fmt::Display) -> Self {
        // Some errors repeat what they could not read, which may be the whole file.
        Self::Damaged(error.to_string().chars().take(300).collect())
    }
}
