//! What can go wrong with a pack.

/// Why a pack cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The session cannot answer.
    #[error("the snapshot cannot be asked for {what}: {reason}")]
    Ask {
        /// What was asked for.
        what: &'static str,
        /// Why it cannot be answered.
        reason: String,
    },
    /// The register has no such authority.
    #[error("no authority has the code {0}")]
    NoAuthority(String),
    /// A chart cannot be drawn.
    #[error("the chart of {indicator} cannot be drawn: {reason}")]
    Chart {
        /// The indicator.
        indicator: String,
        /// Why.
        reason: lais_chart::ChartError,
    },
    /// No such indicator is described.
    #[error("no described indicator has the id {0:?}; `lais indicators` lists them")]
    NoIndicator(String),
    /// The page cannot be laid out.
    #[error("the page cannot be laid out: {0}")]
    Page(String),
}
