//! The nine sample quantiles of Hyndman and Fan.

use crate::Refusal;
use crate::quantile::sample;

/// A definition of the sample quantile; the names are the usual ones, the numbers those of Hyndman and Fan and of R.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuantileType {
    /// Type 1: the inverse of the empirical distribution function.
    InvertedDistribution,
    /// Type 2: as type 1, with the mean of both neighbours where the function is flat at `p`.
    AveragedInvertedDistribution,
    /// Type 3: the observation nearest to `n p`, the even one of two equally near (SAS).
    ClosestObservation,
    /// Type 4: linear interpolation of the empirical distribution function.
    InterpolatedDistribution,
    /// Type 5: linear between the midpoints of its steps (Hazen).
    Hazen,
    /// Type 6: linear between expectations of uniform order statistics, `k / (n + 1)` (Weibull; Minitab, SPSS).
    Weibull,
    /// Type 7: linear between their modes, `(k - 1) / (n - 1)` (R, Excel's inclusive percentile, LAIT).
    Linear,
    /// Type 8: linear between their medians, about `(k - 1/3) / (n + 1/3)`, unbiased for the median.
    MedianUnbiased,
    /// Type 9: linear, about unbiased for a normal distribution (Blom).
    NormalUnbiased,
}

impl QuantileType {
    /// All nine, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::InvertedDistribution,
        Self::AveragedInvertedDistribution,
        Self::ClosestObservation,
        Self::InterpolatedDistribution,
        Self::Hazen,
        Self::Weibull,
        Self::Linear,
        Self::MedianUnbiased,
        Self::NormalUnbiased,
    ];

    /// The number from 1 to 9 that Hyndman and Fan give it.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The definition with this number, if there is one.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.number() == number)
    }

    /// The position `h` of the quantile among `n` values counted from 1, before it is held within them.
    fn position(self, n: f64, p: f64) -> f64 {
        // a + p (n + 1 - a - b), with a = b but for type 4.
        let symmetric = |a: f64| a + p * (n + 1.0 - 2.0 * a);
        match self {
            Self::InvertedDistribution | Self::AveragedInvertedDistribution | Self::InterpolatedDistribution => n * p,
            Self::ClosestObservation => n * p - 0.5,
            Self::Hazen => symmetric(0.5),
            Self::Weibull => symmetric(0.0),
            Self::Linear => symmetric(1.0),
            Self::MedianUnbiased => symmetric(1.0 / 3.0),
            Self::NormalUnbiased => symmetric(3.0 / 8.0),
        }
    }

    /// The weight of the upper neighbour of a position that is `fraction` above the whole number `below`.
    fn upper_weight(self, below: f64, fraction: f64) -> f64 {
        let beyond = fraction > 0.0;
        match self {
            Self::InvertedDistribution => f64::from(u8::from(beyond)),
            Self::AveragedInvertedDistribution => {
                if beyond {
                    1.0
                } else {
                    0.5
                }
            }
            Self::ClosestObservation => f64::from(u8::from(beyond || below % 2.0 != 0.0)),
            _ => fraction,
        }
    }
}

/// The sample quantile at `p` by any of the nine definitions.
///
/// `values` need not be sorted and are in any unit; the result is in the same unit. A position that misses a whole number
/// by rounding only is that number, and two equal neighbours are never interpolated, as in R's `quantile`.
///
/// # Errors
/// [`Refusal`] for no values, a value that is not finite, or `p` outside 0 to 1.
///
/// Source: Hyndman and Fan 1996, "Sample quantiles in statistical packages", The American Statistician 50.
pub fn quantile_of_type(values: &[f64], p: f64, definition: QuantileType) -> Result<f64, Refusal> {
    let sorted = sample(values, p)?;
    let last = sorted.len() - 1;
    let position = definition.position(sorted.len() as f64, p);
    let fuzz = 4.0 * f64::EPSILON * position.abs().max(1.0);
    let below = (position + fuzz).floor();
    let fraction = if position - below <= fuzz { 0.0 } else { position - below };
    let upper = definition.upper_weight(below, fraction);
    // Positions are counted from 1; below -1 casts to 0, above the last is held to it.
    let (a, b) = (sorted[((below - 1.0) as usize).min(last)], sorted[(below as usize).min(last)]);
    if upper == 0.0 || a == b {
        return Ok(a);
    }
    Ok((1.0 - upper) * a + upper * b)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quantile7;

    const VALUES: [f64; 7] = [11.0, 2.0, 4.0, 4.5, 9.0, 5.0, 30.0];

    /// Values by numpy 2 (`quantile(…, method=…)`), at 0, 0.1, 0.25, 0.5, 0.6, 0.9 and 1.
    #[test]
    fn all_nine_agree_with_numpy() {
        let want = [
            [2.0, 2.0, 4.0, 5.0, 9.0, 30.0, 30.0],
            [2.0, 2.0, 4.0, 5.0, 9.0, 30.0, 30.0],
            [2.0, 2.0, 4.0, 5.0, 5.0, 11.0, 30.0],
            [2.0, 2.0, 3.5, 4.75, 5.800_000_000_000_001, 16.699_999_999_999_996, 30.0],
            [2.0, 2.400_000_000_000_000_4, 4.125, 5.0, 7.800_000_000_000_001, 26.199_999_999_999_996, 30.0],
            [2.0, 2.0, 4.0, 5.0, 8.2, 30.0, 30.0],
            [2.0, 3.2, 4.25, 5.0, 7.399_999_999_999_999, 18.600_000_000_000_01, 30.0],
            [
                2.0,
                2.133_333_333_333_333_3,
                4.083_333_333_333_333,
                5.0,
                7.933_333_333_333_334,
                28.733_333_333_333_338,
                30.0,
            ],
            [2.0, 2.2, 4.093_75, 5.0, 7.900_000_000_000_002, 28.099_999_999_999_99, 30.0],
        ];
        for (definition, want) in QuantileType::ALL.into_iter().zip(want) {
            for (p, want) in [0.0, 0.1, 0.25, 0.5, 0.6, 0.9, 1.0].into_iter().zip(want) {
                let got = quantile_of_type(&VALUES, p, definition).unwrap();
                assert!((got - want).abs() < 1e-12, "{definition:?} at {p}: {got} for {want}");
            }
        }
    }

    /// With four values and 0.25, 0.5 and 0.75, `n p` is whole; by numpy 2.
    #[test]
    fn where_the_position_is_whole_the_stepwise_definitions_differ() {
        let of = |definition| {
            [0.25, 0.375, 0.5, 0.625, 0.75].map(|p| quantile_of_type(&[1.0, 2.0, 4.0, 8.0], p, definition).unwrap())
        };
        assert_eq!(of(QuantileType::InvertedDistribution), [1.0, 2.0, 2.0, 4.0, 4.0]);
        assert_eq!(of(QuantileType::AveragedInvertedDistribution), [1.5, 2.0, 3.0, 4.0, 6.0]);
        assert_eq!(of(QuantileType::ClosestObservation), [1.0, 2.0, 2.0, 2.0, 4.0]);
    }

    #[test]
    fn a_position_that_misses_a_whole_number_by_rounding_is_that_number() {
        // 0.1 + 0.2 of ten values is 3.0000000000000004 of them.
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(quantile_of_type(&values, 0.1 + 0.2, QuantileType::InvertedDistribution), Ok(3.0));
        assert_eq!(quantile_of_type(&values, 0.1 + 0.2, QuantileType::AveragedInvertedDistribution), Ok(3.5));
        // 0.29 of a hundred is 28.999999999999996.
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(quantile_of_type(&values, 0.29, QuantileType::InvertedDistribution), Ok(29.0));
    }

    #[test]
    fn definitions_have_their_numbers() {
        for (i, definition) in QuantileType::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(definition.number()), i + 1);
            assert_eq!(QuantileType::from_number(definition.number()), Some(definition));
        }
        assert_eq!(QuantileType::from_number(0), None);
        assert_eq!(QuantileType::from_number(10), None);
        assert_eq!(QuantileType::Linear.number(), 7);
    }

    #[test]
    fn what_has_no_quantile_is_refused() {
        for definition in QuantileType::ALL {
            assert_eq!(quantile_of_type(&[], 0.5, definition), Err(Refusal::Empty));
            assert_eq!(quantile_of_type(&[1.0], 1.1, definition), Err(Refusal::NotAProbability));
            assert_eq!(quantile_of_type(&[1.0], f64::NAN, definition), Err(Refusal::NotAProbability));
            assert_eq!(quantile_of_type(&[1.0, f64::NAN], 0.5, definition), Err(Refusal::NotFinite));
            assert_eq!(quantile_of_type(&[3.0], 0.3, definition), Ok(3.0));
        }
    }

    proptest! {
        #[test]
        fn type_seven_is_quantile7(values in proptest::collection::vec(-1e3..1e3f64, 1..40), p in 0.0..=1.0f64) {
            let (got, want) = (quantile_of_type(&values, p, QuantileType::Linear)?, quantile7(&values, p)?);
            prop_assert!((got - want).abs() < 1e-9);
        }

        #[test]
        fn quantiles_of_all_types_stay_inside_the_data_and_rise_with_p(
            values in proptest::collection::vec(-1e3..1e3f64, 1..30), p in 0.0..=1.0f64, q in 0.0..=1.0f64,
        ) {
            let least = quantile7(&values, 0.0)?;
            let most = quantile7(&values, 1.0)?;
            for definition in QuantileType::ALL {
                let (a, b) = (quantile_of_type(&values, p.min(q), definition)?, quantile_of_type(&values, p.max(q), definition)?);
                prop_assert!(least <= a && a <= b + 1e-9 && b <= most + 1e-9);
            }
        }
    }
}
