//! What is known of a figure: a number, or a typed reason why there is none.

use crate::{Interval, Refusal};

/// A published figure as a statistic may take it: a suppressed value is not a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Datum {
    /// The figure.
    Observed(f64),
    /// The figure, which its publisher may still change.
    Provisional(f64),
    /// A figure rounded to a multiple of `to`, such as 5 or 10.
    Rounded {
        /// The figure as printed.
        value: f64,
        /// What it is a multiple of.
        to: f64,
    },
    /// A count that is hidden, so that nobody can be recognised, and lies in this range, ends included.
    Suppressed {
        /// The least it can be.
        least: f64,
        /// The most it can be.
        most: f64,
    },
    /// Above zero, and rounds to zero.
    LowNonZero,
    /// The publisher does not have it.
    NotAvailable,
    /// It cannot exist here.
    NotApplicable,
    /// Withheld, because the data were poor.
    Unreliable,
}

impl Datum {
    /// The number, where there is one to calculate with.
    ///
    /// # Errors
    /// [`Refusal::Missing`] naming the reason, or [`Refusal::NotFinite`].
    pub fn number(self) -> Result<f64, Refusal> {
        match self {
            Self::Observed(value) | Self::Provisional(value) | Self::Rounded { value, .. } if value.is_finite() => {
                Ok(value)
            }
            Self::Observed(_) | Self::Provisional(_) | Self::Rounded { .. } => Err(Refusal::NotFinite),
            Self::Suppressed { .. } => Err(Refusal::Missing("a figure that was suppressed")),
            Self::LowNonZero => Err(Refusal::Missing("a figure that rounds to zero")),
            Self::NotAvailable => Err(Refusal::Missing("a figure that is not available")),
            Self::NotApplicable => Err(Refusal::Missing("a figure that is not applicable")),
            Self::Unreliable => Err(Refusal::Missing("a figure that was not reliable")),
        }
    }

    /// The least and the most that the figure can be, where that is known.
    ///
    /// # Errors
    /// As [`Datum::number`], but for a suppressed and a rounded figure, whose ranges are known.
    pub fn range(self) -> Result<Interval, Refusal> {
        match self {
            Self::Suppressed { least, most } if least.is_finite() && most.is_finite() && least <= most => {
                Ok(Interval { low: least, high: most })
            }
            Self::Suppressed { .. } => Err(Refusal::Undefined("the range of a suppressed figure is no range")),
            Self::Rounded { to, .. } => {
                let value = self.number()?;
                let half = crate::refusal::positive(to, "what a figure is rounded to")? / 2.0;
                Ok(Interval { low: value - half, high: value + half })
            }
            other => other.number().map(|value| Interval { low: value, high: value }),
        }
    }
}

/// An interval, and whether it was made from what a suppressed or rounded figure can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundedInterval {
    /// The union of the intervals at both ends of what the figure can be.
    pub interval: Interval,
    /// Whether the figure itself is not known.
    pub interval_from_suppression: bool,
}

/// The interval of a statistic of a figure that may be suppressed: the union of those at both ends of its range.
///
/// `statistic` gives the interval for a count; it is asked once where the count is known. The counts of a suppressed or rounded figure
/// below 0 are not asked for.
///
/// # Errors
/// Those of [`Datum::range`] and of the statistic.
///
/// Source: the bounds of partially identified figures, Manski 2003, chapter 1.
pub fn bounded(
    figure: Datum,
    statistic: impl Fn(f64) -> Result<Interval, Refusal>,
) -> Result<BoundedInterval, Refusal> {
    let range = figure.range()?;
    let interval_from_suppression = range.low < range.high;
    let interval = statistic(range.low.max(0.0))?;
    let interval = if interval_from_suppression { interval.union(statistic(range.high)?) } else { interval };
    Ok(BoundedInterval { interval, interval_from_suppression })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Level, wilson};

    #[test]
    fn a_suppressed_value_is_not_a_number() {
        assert_eq!(Datum::Observed(3.0).number(), Ok(3.0));
        assert_eq!(Datum::Provisional(3.0).number(), Ok(3.0));
        assert_eq!(Datum::Rounded { value: 15.0, to: 5.0 }.number(), Ok(15.0));
        assert_eq!(Datum::Observed(f64::NAN).number(), Err(Refusal::NotFinite));
        let missing = [
            (Datum::Suppressed { least: 1.0, most: 4.0 }, "a figure that was suppressed is missing"),
            (Datum::LowNonZero, "a figure that rounds to zero is missing"),
            (Datum::NotAvailable, "a figure that is not available is missing"),
            (Datum::NotApplicable, "a figure that is not applicable is missing"),
            (Datum::Unreliable, "a figure that was not reliable is missing"),
        ];
        for (datum, words) in missing {
            assert_eq!(datum.number().unwrap_err().to_string(), words);
        }
    }

    #[test]
    fn the_interval_of_a_suppressed_count_is_the_union_over_what_it_can_be() {
        let of = |x: f64| wilson(x, 40.0, Level::P95);
        let got = bounded(Datum::Suppressed { least: 1.0, most: 4.0 }, of).unwrap();
        assert!(got.interval_from_suppression);
        assert_eq!(got.interval, Interval { low: of(1.0).unwrap().low, high: of(4.0).unwrap().high });
        let known = bounded(Datum::Observed(3.0), of).unwrap();
        assert_eq!(known, BoundedInterval { interval: of(3.0).unwrap(), interval_from_suppression: false });
    }

    #[test]
    fn a_rounded_count_lies_within_half_of_what_it_is_rounded_to() {
        assert_eq!(Datum::Rounded { value: 15.0, to: 5.0 }.range(), Ok(Interval { low: 12.5, high: 17.5 }));
        // A count rounded to 0 is not below 0.
        let low = bounded(Datum::Rounded { value: 0.0, to: 5.0 }, |x| wilson(x, 40.0, Level::P95)).unwrap();
        assert_eq!(low.interval.low, 0.0);
        assert_eq!(Datum::Rounded { value: 15.0, to: 0.0 }.range(), Err(Refusal::Zero("what a figure is rounded to")));
    }

    #[test]
    fn a_range_that_is_none_is_refused() {
        let refusal = Err(Refusal::Undefined("the range of a suppressed figure is no range"));
        assert_eq!(Datum::Suppressed { least: 4.0, most: 1.0 }.range(), refusal);
        assert_eq!(Datum::Suppressed { least: 1.0, most: f64::INFINITY }.range(), refusal);
        assert_eq!(Datum::Suppressed { least: 2.0, most: 2.0 }.range(), Ok(Interval { low: 2.0, high: 2.0 }));
        assert!(Datum::NotAvailable.range().is_err());
    }
}
