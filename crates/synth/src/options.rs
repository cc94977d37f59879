//! What a caller can choose.

use crate::error::SynthError;

/// The label of the last year of data: years of children's data end on 31 March 2025.
pub(crate) const LAST: i16 = 2025;

/// The fewest authorities that a country can have.
///
/// Every one of the ten areas of comparison needs two, so that no regional row is one authority's, and the
/// area in which one was split needs three.
pub(crate) const FEWEST: usize = 24;

/// The most authorities, as numbers in codes have six digits.
const MOST: usize = 100_000;

/// How large a country is, over how many years, and by which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Authorities at the end, 24 or more; times `scale`.
    pub authorities: usize,
    /// Years of children in need data, 3 to 13, of which the last ends in March 2025.
    pub years: usize,
    /// Multiplies the authorities, for load tests.
    pub scale: usize,
    /// Another seed gives another country.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { authorities: 40, years: 8, scale: 1, seed: 20_250_331 }
    }
}

impl Options {
    /// Refuses what gives no country.
    pub(crate) fn check(&self) -> Result<(), SynthError> {
        let refuse = |option, value: usize, allowed: String| {
            Err(SynthError::Option { option, value: value.to_string(), allowed })
        };
        if self.authorities < FEWEST {
            return refuse("authorities", self.authorities, format!("{FEWEST} or more"));
        }
        if !(3..=13).contains(&self.years) {
            return refuse("years", self.years, "between 3 and 13".to_owned());
        }
        if self.scale == 0 {
            return refuse("scale", self.scale, "1 or more".to_owned());
        }
        match self.authorities.checked_mul(self.scale) {
            Some(number) if number <= MOST => Ok(()),
            _ => refuse(
                "authorities times scale",
                self.authorities.saturating_mul(self.scale),
                format!("at most {MOST}"),
            ),
        }
    }

    /// Authorities at the end.
    pub(crate) const fn number(&self) -> usize {
        self.authorities * self.scale
    }

    /// The label of the first year of children in need data.
    pub(crate) fn first(&self) -> i16 {
        LAST + 1 - i16::try_from(self.years).unwrap_or(LAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(options: Options) -> String {
        options.check().expect_err("it is refused").to_string()
    }

    #[test]
    fn nonsense_is_refused_in_a_sentence_that_says_what_may_be_given() {
        let good = Options::default();
        good.check().unwrap();
        assert_eq!(refusal(Options { authorities: 0, ..good }), "authorities is 0, but it must be 24 or more");
        assert_eq!(refusal(Options { authorities: 23, ..good }), "authorities is 23, but it must be 24 or more");
        assert_eq!(refusal(Options { years: 2, ..good }), "years is 2, but it must be between 3 and 13");
        assert_eq!(refusal(Options { years: 14, ..good }), "years is 14, but it must be between 3 and 13");
        assert_eq!(refusal(Options { scale: 0, ..good }), "scale is 0, but it must be 1 or more");
        assert!(refusal(Options { scale: usize::MAX, ..good }).contains("at most 100000"));
    }

    #[test]
    fn the_first_year_follows_from_the_number_of_years() {
        assert_eq!(Options::default().first(), 2018);
        assert_eq!(Options { years: 3, ..Options::default() }.first(), 2023);
    }
}
