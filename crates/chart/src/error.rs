//! What can go wrong with a chart.

/// Why a chart cannot be drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChartError {
    /// A value is infinite or not a number; a missing value has a reason instead.
    #[error("{series}, {period}: {value} is not a finite number; a missing value is given with its reason")]
    NotFinite {
        /// The name of the series.
        series: String,
        /// The label of the period.
        period: String,
        /// The value.
        value: f64,
    },
    /// A series has two points that end on one day.
    #[error("{series} has more than one point for {period}")]
    Twice {
        /// The name of the series.
        series: String,
        /// The label of the period.
        period: String,
    },
    /// The drawing library refused.
    #[error("the chart could not be drawn: {0}")]
    Drawing(String),
    /// What was given as an SVG is none.
    #[error("the text is no SVG that can be drawn: {0}")]
    Svg(String),
    /// A picture of no size, or of one that no page needs.
    #[error("a picture {width} by {height} pixels is not made; ask for a width of 1 to {most}")]
    Size {
        /// The width asked for.
        width: u32,
        /// The height that follows from it.
        height: u32,
        /// The greatest width or height that is made.
        most: u32,
    },
}
