//! The trend of a longer series without limits: Theil and Sen's slope, with Mann and Kendall's test.

use std::cmp::Ordering;

use crate::Refusal;
use crate::distribution::normal_cdf;
use crate::refusal::{at_least, same_length};
use crate::series::{complete, consecutive, lag1, representable};

/// The fewest points that the test is given for.
const LEAST: usize = 8;
/// The most: every pair is compared, and no annual series is longer.
const MOST: usize = 1000;

/// The trend of a series: Theil and Sen's slope, Mann and Kendall's test, plain and corrected for autocorrelation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannKendall {
    /// The median of the slopes between all pairs, in the value's unit a year.
    pub slope: f64,
    /// The number of pairs that rise less the number that fall.
    pub s: i64,
    /// The variance of `s` without a trend, with the correction for ties.
    pub variance: f64,
    /// The standard normal deviate of `s`, corrected for continuity.
    pub z: f64,
    /// The two-sided probability of `z`, where the values are independent.
    pub p_value: f64,
    /// The lag-1 autocorrelation of the values about the slope; nothing where they all lie on it.
    pub r1: Option<f64>,
    /// What the variance is multiplied by for that autocorrelation, `n / n*`; not below 1.
    pub variance_factor: f64,
    /// `z` with the variance so corrected.
    pub corrected_z: f64,
    /// The two-sided probability of the corrected `z`: the one to be used.
    pub corrected_p_value: f64,
}

/// Tests a series of consecutive years, oldest first, for a trend up or down.
///
/// `S` is the number of pairs of years in which the later value is higher, less that in which it is lower. With `t` the
/// sizes of groups of equal values, `Var = (n(n-1)(2n+5) - sum t(t-1)(2t+5)) / 18` and `z = (S -/+ 1) / sqrt(Var)`, 0
/// where `S` is 0. Annual values depend on one another: the correction multiplies the variance by
/// `n/n* = 1 + 2 sum_{k=1}^{n-1} (1 - k/n) r^k`, where `r` is the lag-1 autocorrelation of the values less their Theil-Sen
/// line, at the least by 1, so that a zigzag does not make the test more eager. With few points `r` is estimated too
/// low, and the corrected test still finds somewhat too many trends. A series of one repeated value has no trend, `z` 0.
///
/// # Errors
/// [`Refusal`] for lists that differ in length, fewer than 8 points, more than 1,000, a missing value, a value that is
/// not finite, and years that are not consecutive.
///
/// Source: Sen 1968; Mann 1945; Kendall 1975 for ties; Yue and Wang 2004 for the correction, with lag 1 only.
pub fn mann_kendall(years: &[i32], values: &[Option<f64>]) -> Result<MannKendall, Refusal> {
    same_length(years.len(), values.len(), "years and values")?;
    at_least(values.len(), LEAST, "points")?;
    if values.len() > MOST {
        return Err(Refusal::Undefined("more than 1,000 points"));
    }
    let values = complete(values)?;
    consecutive(years)?;
    let slope = representable(theil_sen(&values))?;
    let (s, variance) = (score(&values), score_variance(&values));
    let r1 = autocorrelation_about(&values, slope)?;
    let variance_factor = r1.map_or(1.0, |r| variance_factor(r, values.len()));
    let (z, corrected_z) = (deviate(s, variance), deviate(s, variance * variance_factor));
    Ok(MannKendall {
        slope,
        s,
        variance,
        z,
        p_value: two_sided(z),
        r1,
        variance_factor,
        corrected_z,
        corrected_p_value: two_sided(corrected_z),
    })
}

/// The median slope between all pairs.
fn theil_sen(values: &[f64]) -> f64 {
    let mut slopes: Vec<f64> = pairs(values).map(|(i, j)| (values[j] - values[i]) / (j - i) as f64).collect();
    slopes.sort_unstable_by(f64::total_cmp);
    let half = slopes.len() / 2;
    if slopes.len().is_multiple_of(2) { f64::midpoint(slopes[half - 1], slopes[half]) } else { slopes[half] }
}

fn pairs(values: &[f64]) -> impl Iterator<Item = (usize, usize)> {
    let count = values.len();
    (0..count).flat_map(move |i| (i + 1..count).map(move |j| (i, j)))
}

/// Pairs that rise less pairs that fall.
fn score(values: &[f64]) -> i64 {
    let sign = |(i, j): (usize, usize)| match values[j].partial_cmp(&values[i]) {
        Some(Ordering::Greater) => 1,
        Some(Ordering::Less) => -1,
        _ => 0,
    };
    pairs(values).map(sign).sum()
}

/// The variance of the score, with the correction for ties.
fn score_variance(values: &[f64]) -> f64 {
    let term = |n: usize| {
        let n = n as f64;
        n * (n - 1.0) * (2.0 * n + 5.0)
    };
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let ties: f64 = sorted.chunk_by(|a, b| a == b).map(|group| term(group.len())).sum();
    (term(values.len()) - ties) / 18.0
}

/// The lag-1 autocorrelation of what is left when the slope is taken out.
fn autocorrelation_about(values: &[f64], slope: f64) -> Result<Option<f64>, Refusal> {
    let scale = values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    let left: Vec<f64> = values.iter().enumerate().map(|(i, v)| v - slope * i as f64).collect();
    lag1(&left, scale)
}

/// The number of points over the number of independent ones that say as much, at least 1.
fn variance_factor(r1: f64, count: usize) -> f64 {
    let n = count as f64;
    let (mut total, mut power) = (0.0, 1.0);
    for k in 1..count {
        power *= r1;
        total += (1.0 - k as f64 / n) * power;
    }
    (1.0 + 2.0 * total).max(1.0)
}

/// The deviate of the score, one step nearer to 0 for continuity.
fn deviate(s: i64, variance: f64) -> f64 {
    if s == 0 { 0.0 } else { (s - s.signum()) as f64 / variance.sqrt() }
}

fn two_sided(z: f64) -> f64 {
    2.0 * normal_cdf(-z.abs())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn years(count: usize) -> Vec<i32> {
        (2010..).take(count).collect()
    }

    fn test(values: &[f64]) -> Result<MannKendall, Refusal> {
        let values: Vec<_> = values.iter().copied().map(Some).collect();
        mann_kendall(&years(values.len()), &values)
    }

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs().max(1e-3), "{got} for {want}");
    }

    /// Slopes by scipy 1.17 (`stats.theilslopes`); the rest by numpy from the formulas, the factor in the closed form of
    /// Yue and Wang 2004, equation 14.
    #[test]
    fn slope_and_tests_agree_with_scipy() {
        let rising = test(&[41.2, 40.8, 43.9, 44.1, 39.7, 45.6, 50.2, 48.8, 52.1, 60.3]).unwrap();
        near(rising.slope, 1.6);
        assert_eq!((rising.s, rising.variance), (33, 125.0));
        near(rising.z, 2.862_167_011_199_731);
        near(rising.p_value, 0.004_207_551_285_491_748);
        near(rising.r1.unwrap(), 0.071_241_645_996_035_72);
        near(rising.variance_factor, 1.136_894_624_080_448_7);
        near(rising.corrected_z, 2.684_323_573_708_485);
        near(rising.corrected_p_value, 0.007_267_672_982_852_275);

        let tied = test(&[5.0, 5.0, 6.0, 6.0, 6.0, 4.0, 3.0, 3.0, 2.0, 2.0, 1.0, 1.0]).unwrap();
        assert_eq!((tied.slope, tied.s, tied.variance), (-0.5, -47, 205.0));
        near(tied.z, -3.212_779_360_540_06);
        near(tied.r1.unwrap(), 0.409_176_029_962_546_76);
        near(tied.corrected_z, -2.171_121_937_465_005_5);
        near(tied.corrected_p_value, 0.029_921_956_165_546_198);
    }

    #[test]
    fn a_zigzag_does_not_make_the_test_more_eager() {
        let zigzag = test(&[1.0, 9.0, 2.0, 8.0, 3.0, 9.0, 4.0, 10.0, 5.0]).unwrap();
        assert_eq!((zigzag.slope, zigzag.s), (0.5, 13));
        near(zigzag.variance, 91.0);
        near(zigzag.r1.unwrap(), -0.856_760_374_832_664);
        assert_eq!(zigzag.variance_factor, 1.0);
        assert_eq!((zigzag.z, zigzag.p_value), (zigzag.corrected_z, zigzag.corrected_p_value));
    }

    #[test]
    fn a_series_on_one_line_has_no_autocorrelation_and_a_level_one_no_trend() {
        let line: Vec<f64> = (0..12).map(|i| 0.3 + 0.1 * f64::from(i)).collect();
        let line = test(&line).unwrap();
        near(line.slope, 0.1);
        assert_eq!((line.s, line.r1, line.variance_factor), (66, None, 1.0));
        let level = test(&[7.3; 8]).unwrap();
        assert_eq!((level.slope, level.s, level.variance), (0.0, 0, 0.0));
        assert_eq!((level.z, level.p_value, level.corrected_p_value, level.r1), (0.0, 1.0, 1.0, None));
    }

    #[test]
    fn what_cannot_be_tested_is_refused() {
        let eight = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        assert!(test(&eight).is_ok());
        assert_eq!(test(&eight[..7]), Err(Refusal::TooFew { what: "points", least: 8 }));
        assert_eq!(test(&[]), Err(Refusal::Empty));
        assert_eq!(test(&[f64::NAN; 8]), Err(Refusal::NotFinite));
        assert!(test(&vec![1.0; 1000]).is_ok());
        assert_eq!(test(&vec![1.0; 1001]), Err(Refusal::Undefined("more than 1,000 points")));
        assert!(test(&[f64::MAX, f64::MIN, f64::MAX, f64::MIN, 0.0, f64::MIN, f64::MAX, f64::MIN]).is_err());
        let mut values = eight.map(Some);
        let years = years(8);
        assert_eq!(mann_kendall(&years[..7], &values), Err(Refusal::LengthsDiffer("years and values")));
        let gap = [2010, 2011, 2012, 2013, 2015, 2016, 2017, 2018];
        assert_eq!(mann_kendall(&gap, &values), Err(Refusal::Undefined("the years are not consecutive")));
        values[3] = None;
        assert_eq!(mann_kendall(&years, &values), Err(Refusal::Missing("a value of the series")));
    }

    proptest! {
        #[test]
        fn a_series_turned_upside_down_has_the_trend_turned_round(
            values in proptest::collection::vec(-100i32..100, 8..20),
        ) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let down: Vec<f64> = values.iter().map(|v| -v).collect();
            let (up, down) = (test(&values).unwrap(), test(&down).unwrap());
            prop_assert_eq!((up.s, up.slope, up.z), (-down.s, -down.slope, -down.z));
            prop_assert!(up.corrected_p_value >= up.p_value && up.p_value <= 1.0);
        }
    }
}
