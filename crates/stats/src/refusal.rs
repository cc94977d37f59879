//! Why a statistic is not given.

/// Why a statistic cannot be given.
///
/// The text is a lower-case fragment that fits "cannot be calculated: {refusal}".
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No observed value was given.
    #[error("no observed value")]
    Empty,
    /// A probability outside 0 to 1, or not a number.
    #[error("a probability lies between 0 and 1")]
    NotAProbability,
    /// A confidence level that is not strictly between 0 and 1.
    #[error("a confidence level lies above 0 and below 1")]
    NotALevel,
    /// A value that is not a finite number.
    #[error("a value is not a finite number")]
    NotFinite,
    /// A count, denominator or variance below 0.
    #[error("{0} is below 0")]
    Negative(&'static str),
    /// A denominator, expected count or standard error of 0, by which nothing can be divided.
    #[error("{0} is 0")]
    Zero(&'static str),
    /// A numerator above its denominator where it counts some of what the denominator counts.
    #[error("the numerator is above the denominator")]
    NumeratorAboveDenominator,
    /// Fewer of something than the method asks for.
    #[error("fewer than {least} {what}")]
    TooFew {
        /// What there are too few of, in the plural: `areas`, `points`.
        what: &'static str,
        /// The least number of them.
        least: usize,
    },
    /// An argument that names no method or number that is known, in words.
    #[error("{0}")]
    Unknown(&'static str),
    /// Two lists that belong together are of different length.
    #[error("{0} differ in number")]
    LengthsDiffer(&'static str),
    /// A value that the method needs is missing: suppressed, not available or not applicable.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Something about the input that leaves the method without an answer, in words.
    #[error("{0}")]
    Undefined(&'static str),
}

/// Refuses a value that is not a finite number.
pub(crate) fn finite(value: f64) -> Result<f64, Refusal> {
    if value.is_finite() { Ok(value) } else { Err(Refusal::NotFinite) }
}

/// Refuses a value that is not finite or below 0; `what` names it in the message.
pub(crate) fn not_negative(value: f64, what: &'static str) -> Result<f64, Refusal> {
    if finite(value)? < 0.0 { Err(Refusal::Negative(what)) } else { Ok(value) }
}

/// Refuses a value that is not finite or not above 0; `what` names it in the message.
pub(crate) fn positive(value: f64, what: &'static str) -> Result<f64, Refusal> {
    if not_negative(value, what)? == 0.0 { Err(Refusal::Zero(what)) } else { Ok(value) }
}

/// Refuses lists that belong together and differ in length.
pub(crate) fn same_length(one: usize, other: usize, what: &'static str) -> Result<(), Refusal> {
    if one == other { Ok(()) } else { Err(Refusal::LengthsDiffer(what)) }
}

/// Refuses fewer than `least` of something.
pub(crate) fn at_least(given: usize, least: usize, what: &'static str) -> Result<(), Refusal> {
    match given {
        0 => Err(Refusal::Empty),
        given if given < least => Err(Refusal::TooFew { what, least }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_wanting() {
        assert_eq!(Refusal::TooFew { what: "areas", least: 20 }.to_string(), "fewer than 20 areas");
        assert_eq!(positive(0.0, "the denominator").unwrap_err().to_string(), "the denominator is 0");
        assert_eq!(positive(-1.0, "the denominator").unwrap_err().to_string(), "the denominator is below 0");
        assert_eq!(positive(f64::NAN, "the denominator").unwrap_err(), Refusal::NotFinite);
        assert_eq!(at_least(0, 20, "areas"), Err(Refusal::Empty));
    }
}
