//! Confidence levels and the intervals at them.

use crate::Refusal;
use crate::distribution::normal_quantile;

/// A confidence level, strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    /// 95 per cent: the inner of the two levels that pages show.
    pub const P95: Self = Self(0.95);
    /// 99.8 per cent: the outer of the two, three standard errors in the normal case.
    pub const P998: Self = Self(0.998);

    /// A level from a fraction such as 0.95.
    ///
    /// # Errors
    /// [`Refusal::NotALevel`] outside the open interval from 0 to 1, and within 1e-12 of 1, where what is left above has
    /// no digits.
    pub fn new(level: f64) -> Result<Self, Refusal> {
        if level > 0.0 && level <= 1.0 - 1e-12 { Ok(Self(level)) } else { Err(Refusal::NotALevel) }
    }

    /// The fraction.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The probability in one tail, `(1 - level) / 2`.
    #[must_use]
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// The normal deviate `z` that leaves [`Level::tail`] above it: 1.96 at 95 per cent.
    #[must_use]
    pub fn z(self) -> f64 {
        -normal_quantile(self.tail())
    }
}

/// An interval, in the unit of what it is about; `low` is never above `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The interval multiplied by a factor that is not negative, such as a rate's multiplier.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor }
    }

    /// The least interval that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Whether a value lies in it, its ends included.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_levels_of_pages_are_two_and_three_standard_errors() {
        assert!((Level::P95.z() - 1.959_963_984_540_054).abs() < 1e-14);
        assert!((Level::P998.z() - 3.090_232_306_167_813_5).abs() < 1e-13);
        assert_eq!((Level::P95.get(), Level::P998.get()), (0.95, 0.998));
    }

    #[test]
    fn no_level_and_every_level_are_no_levels() {
        for level in [0.0, 1.0, 1.0 - 1e-13, -0.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Level::new(level), Err(Refusal::NotALevel));
        }
    }
}
