//! The area under the ROC curve.

use super::{ascending, check_scores, count};
use crate::distribution::normal_cdf;
use crate::refusal::{at_least, positive, same_length};
use crate::{Interval, Level, Refusal};

/// The area under the curve with its variance by DeLong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeLong {
    /// The area under the curve.
    pub auc: f64,
    /// Its variance.
    pub variance: f64,
}

impl DeLong {
    /// The normal interval, cut at 0 and 1.
    ///
    /// # Errors
    /// [`Refusal`] where the variance is 0, as it is where the signal separates the outcomes: the interval would have no
    /// width, which is not what so many rows can tell.
    ///
    /// Source: DeLong et al. 1988, Biometrics 44:837; cut as in the R package pROC.
    pub fn interval(&self, level: Level) -> Result<Interval, Refusal> {
        let half = level.z() * positive(self.variance, "the variance of the area under the curve")?.sqrt();
        Ok(Interval { low: (self.auc - half).max(0.0), high: (self.auc + half).min(1.0) })
    }
}

/// Two signals for the same rows, compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AucComparison {
    /// The area of the first signal less that of the second.
    pub difference: f64,
    /// The variance of the difference, the covariance of the two allowed for.
    pub variance: f64,
    /// `difference / sqrt(variance)`.
    pub z: f64,
    /// The two-sided p-value.
    pub p: f64,
}

/// The area under the ROC curve: the probability that a row with the outcome has the greater score, ties counted half.
///
/// # Errors
/// [`Refusal`] for no rows, lists of different length, a score that is not finite, or outcomes that are all alike.
///
/// Source: Hanley and McNeil 1982, Radiology 143:29.
pub fn auc(outcome: &[bool], score: &[f64]) -> Result<f64, Refusal> {
    check_scores(outcome, score)?;
    let with = count(outcome);
    if with == 0 || with == outcome.len() {
        return Err(ONE_CLASS);
    }
    let order = ascending(score);
    let (mut twice, mut below) = (0_u64, 0_u64);
    for tie in order.chunk_by(|a, b| score[*a] == score[*b]) {
        let with = tie.iter().filter(|i| outcome[**i]).count() as u64;
        let without = tie.len() as u64 - with;
        twice += with * (2 * below + without);
        below += without;
    }
    Ok(twice as f64 / 2.0 / with as f64 / below as f64)
}

pub(super) const ONE_CLASS: Refusal = Refusal::Undefined("all outcomes are alike");

/// The area under the ROC curve and its variance.
///
/// # Errors
/// As [`auc`], and for fewer than two rows with or without the outcome.
///
/// Source: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837; in `n log n` steps by Sun and Xu 2014, IEEE Signal
/// Processing Letters 21:1389.
pub fn delong(outcome: &[bool], score: &[f64]) -> Result<DeLong, Refusal> {
    let auc = auc(outcome, score)?;
    Ok(DeLong { auc, variance: Placements::new(outcome, score)?.variance() })
}

/// Compares the areas of two signals for the same rows by the paired test of DeLong.
///
/// # Errors
/// As [`delong`] for either signal, and where the difference has no variance, as between signals that order rows alike.
///
/// Source: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837.
pub fn compare_auc(outcome: &[bool], first: &[f64], second: &[f64]) -> Result<AucComparison, Refusal> {
    same_length(first.len(), second.len(), "the scores of two signals")?;
    let difference = auc(outcome, first)? - auc(outcome, second)?;
    let (one, other) = (Placements::new(outcome, first)?, Placements::new(outcome, second)?);
    let variance = one.less(&other).variance();
    // Equal placements leave no more than rounding.
    let variance = positive(if variance < 1e-20 { 0.0 } else { variance }, "the variance of the difference")?;
    let z = difference / variance.sqrt();
    Ok(AucComparison { difference, variance, z, p: 2.0 * normal_cdf(-z.abs()) })
}

/// For each row the share of rows with the other outcome that it is rightly placed against, ties counted half.
struct Placements {
    with: Vec<f64>,
    without: Vec<f64>,
}

impl Placements {
    fn new(outcome: &[bool], score: &[f64]) -> Result<Self, Refusal> {
        let (with, without) = (count(outcome), outcome.len() - count(outcome));
        at_least(with.min(without), 2, "rows of each outcome")?;
        let mut share = vec![0.0; outcome.len()];
        let order = ascending(score);
        let (mut with_below, mut without_below) = (0, 0);
        for tie in order.chunk_by(|a, b| score[*a] == score[*b]) {
            let with_here = tie.iter().filter(|i| outcome[**i]).count();
            let without_here = tie.len() - with_here;
            let below = (2 * without_below + without_here) as f64 / (2 * without) as f64;
            let above = (2 * (with - with_below) - with_here) as f64 / (2 * with) as f64;
            for i in tie {
                share[*i] = if outcome[*i] { below } else { above };
            }
            (with_below, without_below) = (with_below + with_here, without_below + without_here);
        }
        let of = |class: bool| share.iter().zip(outcome).filter(|(_, y)| **y == class).map(|(s, _)| *s).collect();
        Ok(Self { with: of(true), without: of(false) })
    }

    fn less(&self, other: &Self) -> Self {
        let less = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| a - b).collect();
        Self { with: less(&self.with, &other.with), without: less(&self.without, &other.without) }
    }

    fn variance(&self) -> f64 {
        let part = |shares: &[f64]| {
            let n = shares.len() as f64;
            let mean = shares.iter().sum::<f64>() / n;
            shares.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (n - 1.0) / n
        };
        part(&self.with) + part(&self.without)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SCORE: [f64; 12] = [0.1, 0.2, 0.3, 0.3, 0.5, 0.6, 0.3, 0.8, 0.6, 0.9, 0.05, 0.4];
    const OTHER: [f64; 12] = [0.3, 0.1, 0.2, 0.6, 0.4, 0.5, 0.1, 0.7, 0.9, 0.4, 0.2, 0.1];

    fn outcome() -> Vec<bool> {
        [0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1].map(|y| y == 1).to_vec()
    }

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-13 * want.abs(), "{got} for {want}");
    }

    /// All pairs compared one by one in numpy 2.
    #[test]
    fn areas_and_their_variance_agree_with_a_count_of_pairs() {
        assert_eq!(auc(&outcome(), &SCORE), Ok(0.875));
        close(auc(&outcome(), &OTHER).unwrap(), 0.652_777_777_777_777_8);
        let got = delong(&outcome(), &SCORE).unwrap();
        assert_eq!(got.auc, 0.875);
        close(got.variance, 0.011_342_592_592_592_592);
        let interval = got.interval(Level::P95).unwrap();
        close(interval.low, 0.666_260_683_232_998_4);
        assert_eq!(interval.high, 1.0);
        let mirrored = SCORE.map(|s| -s);
        assert_eq!(delong(&outcome(), &mirrored).unwrap().interval(Level::P95).unwrap().low, 0.0);
    }

    #[test]
    fn the_paired_test_allows_for_what_signals_share() {
        let got = compare_auc(&outcome(), &SCORE, &OTHER).unwrap();
        close(got.difference, 0.222_222_222_222_222_2);
        close(got.variance, 0.019_598_765_432_098_77);
        close(got.z, 1.587_351_580_265_089_7);
        close(got.p, 0.112_433_039_124_212_75);
        let back = compare_auc(&outcome(), &OTHER, &SCORE).unwrap();
        assert_eq!((back.z, back.p), (-got.z, got.p));
    }

    #[test]
    fn signals_that_order_rows_alike_cannot_be_told_apart() {
        let squared = SCORE.map(|s| s * s);
        let refused = Refusal::Zero("the variance of the difference");
        assert_eq!(compare_auc(&outcome(), &SCORE, &squared), Err(refused));
    }

    #[test]
    fn a_signal_that_says_nothing_has_an_area_of_a_half() {
        assert_eq!(auc(&outcome(), &[3.0; 12]), Ok(0.5));
        assert_eq!(delong(&outcome(), &[3.0; 12]).unwrap().variance, 0.0);
    }

    #[test]
    fn where_the_signal_separates_the_outcomes_there_is_no_interval() {
        let got = delong(&[false, true, true, false], &[1.0, 4.0, 5.0, 2.0]).unwrap();
        assert_eq!(got, DeLong { auc: 1.0, variance: 0.0 });
        assert_eq!(got.interval(Level::P95), Err(Refusal::Zero("the variance of the area under the curve")));
    }

    #[test]
    fn what_has_no_area_is_refused() {
        assert_eq!(auc(&[], &[]), Err(Refusal::Empty));
        assert_eq!(auc(&[true], &[]), Err(Refusal::LengthsDiffer("outcomes and scores")));
        assert_eq!(auc(&[true, false], &[1.0, f64::NAN]), Err(Refusal::NotFinite));
        assert_eq!(auc(&[true, true], &[1.0, 2.0]), Err(ONE_CLASS));
        assert_eq!(auc(&[false, false], &[1.0, 2.0]), Err(ONE_CLASS));
        let few = Err(Refusal::TooFew { what: "rows of each outcome", least: 2 });
        assert_eq!(delong(&[true, false, false], &[1.0, 2.0, 3.0]), few);
        assert_eq!(delong(&[true, true, false], &[1.0, 2.0, 3.0]), few);
        let lengths = Err(Refusal::LengthsDiffer("the scores of two signals"));
        assert_eq!(compare_auc(&[true, false], &[1.0, 2.0], &[1.0]), lengths);
    }

    proptest! {
        #[test]
        fn the_area_is_the_share_of_pairs_ordered_rightly(
            rows in proptest::collection::vec((any::<bool>(), 0u8..6), 2..40),
        ) {
            let (outcome, score): (Vec<bool>, Vec<f64>) = rows.iter().map(|(y, s)| (*y, f64::from(*s))).unzip();
            prop_assume!(outcome.contains(&true) && outcome.contains(&false));
            let (mut rightly, mut pairs) = (0.0, 0.0);
            for (_, one) in rows.iter().filter(|(y, _)| *y) {
                for (_, other) in rows.iter().filter(|(y, _)| !*y) {
                    rightly += if one > other { 1.0 } else if one == other { 0.5 } else { 0.0 };
                    pairs += 1.0;
                }
            }
            prop_assert!((auc(&outcome, &score).unwrap() - rightly / pairs).abs() < 1e-14);
            let grades: Vec<i32> = outcome.iter().map(|y| i32::from(*y)).collect();
            let d = crate::somers_d(&grades, &score).unwrap();
            prop_assert!((d - (2.0 * rightly / pairs - 1.0)).abs() < 1e-14);
        }
    }
}
