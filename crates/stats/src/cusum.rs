//! Likelihood-ratio CUSUM charts of counts: does the rate rise to a given multiple of what is expected?

mod alarm_chance;
mod simulated;
mod threshold;

pub use alarm_chance::cusum_alarm_chance;
pub use threshold::{CusumThreshold, cusum_threshold};

use crate::Refusal;
use crate::refusal::{not_negative, positive, same_length};
use crate::series::representable;

/// How counts vary about what is expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CountModel {
    /// Poisson: the variance is the mean.
    Poisson,
    /// Negative binomial: the variance is `mu + dispersion mu^2`.
    NegativeBinomial {
        /// The dispersion, above 0; one over the size parameter.
        dispersion: f64,
    },
}

/// What a CUSUM chart looks for: a checked model and rate ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CusumDesign {
    model: CountModel,
    rate_ratio: f64,
}

impl CusumDesign {
    /// A chart that looks for the expected counts multiplied by `rate_ratio`: 2 for a doubling, 0.5 for a halving.
    ///
    /// # Errors
    /// [`Refusal`] for a ratio or dispersion that is not finite and above 0, and a ratio of 1, which is no change.
    pub fn new(model: CountModel, rate_ratio: f64) -> Result<Self, Refusal> {
        positive(rate_ratio, "the rate ratio")?;
        if rate_ratio == 1.0 {
            return Err(Refusal::Undefined("a rate ratio of 1 is no change to look for"));
        }
        if let CountModel::NegativeBinomial { dispersion } = model {
            positive(dispersion, "the dispersion")?;
        }
        Ok(Self { model, rate_ratio })
    }

    /// The log likelihood ratio of one count: what it adds to the sum.
    fn weight(self, count: f64, expected: f64) -> f64 {
        let counted = count * self.rate_ratio.ln();
        match self.model {
            CountModel::Poisson => counted - expected * (self.rate_ratio - 1.0),
            CountModel::NegativeBinomial { dispersion } => {
                let extra = dispersion * expected;
                let growth = (extra * (self.rate_ratio - 1.0) / (1.0 + extra)).ln_1p();
                counted - (count + 1.0 / dispersion) * growth
            }
        }
    }
}

/// A CUSUM chart that starts again at 0 after each alarm.
#[derive(Clone, Debug, PartialEq)]
pub struct CusumRun {
    /// The sum after each period, at an alarm before it starts again.
    pub path: Vec<f64>,
    /// The places of the alarms, from 0.
    pub alarms: Vec<usize>,
}

/// The CUSUM of counts against what is expected, oldest first, without starting again.
///
/// `S_t = max(0, S_{t-1} + l_t)` from `S_0 = 0`, with `l` the log likelihood ratio of the period's count at `rate_ratio`
/// times the expected count against the expected count itself. For Poisson counts `l = x ln RR - mu (RR - 1)`; for
/// negative binomial ones with dispersion `a`, `l = x ln RR - (x + 1/a) ln((1 + a RR mu) / (1 + a mu))`. The expected
/// count may differ from period to period, as exposure does.
///
/// # Errors
/// [`Refusal`] for lists that differ in length, a number that is not finite, a count below 0, and an expected count that
/// is not above 0.
///
/// Source: Page 1954; Lucas 1985 (Poisson); Hohle and Paul 2008 (negative binomial), R's surveillance, `glrnb`.
pub fn cusum(counts: &[f64], expected: &[f64], design: CusumDesign) -> Result<Vec<f64>, Refusal> {
    Ok(run(counts, expected, design, f64::INFINITY)?.path)
}

/// The CUSUM of counts, with an alarm wherever the sum reaches `threshold`, after which it starts again at 0.
///
/// # Errors
/// As [`cusum`], and for a threshold that is not finite and above 0.
///
/// Source: as [`cusum`].
pub fn cusum_with_reset(
    counts: &[f64],
    expected: &[f64],
    design: CusumDesign,
    threshold: f64,
) -> Result<CusumRun, Refusal> {
    run(counts, expected, design, positive(threshold, "the threshold")?)
}

fn run(counts: &[f64], expected: &[f64], design: CusumDesign, threshold: f64) -> Result<CusumRun, Refusal> {
    same_length(counts.len(), expected.len(), "counts and expected counts")?;
    let (mut path, mut alarms) = (Vec::with_capacity(counts.len()), Vec::new());
    let mut sum = 0.0_f64;
    for (place, (count, expected)) in counts.iter().zip(expected).enumerate() {
        not_negative(*count, "a count")?;
        positive(*expected, "an expected count")?;
        sum = representable(sum + design.weight(*count, *expected))?.max(0.0);
        path.push(sum);
        if sum >= threshold {
            alarms.push(place);
            sum = 0.0;
        }
    }
    Ok(CusumRun { path, alarms })
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;

    fn doubling() -> CusumDesign {
        CusumDesign::new(CountModel::Poisson, 2.0).unwrap()
    }

    #[test]
    fn the_sum_agrees_with_the_hand() {
        let path = cusum(&[4.0, 1.0, 0.0, 5.0, 6.0], &[2.0, 2.0, 2.0, 2.0, 3.0], doubling()).unwrap();
        let first = 4.0 * LN_2 - 2.0;
        let want = [first, first + LN_2 - 2.0_f64.min(first + LN_2), 0.0, 5.0 * LN_2 - 2.0, 11.0 * LN_2 - 5.0];
        assert!(path.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-14), "{path:?}");
    }

    #[test]
    fn an_alarm_is_a_sum_that_reaches_the_threshold_and_the_sum_starts_again() {
        let counts = [4.0, 4.0, 4.0, 4.0];
        let step = cusum(&counts[..1], &[2.0], doubling()).unwrap()[0];
        let at_two = step + step;
        let run = cusum_with_reset(&counts, &[2.0; 4], doubling(), at_two).unwrap();
        assert_eq!((run.path, run.alarms), (vec![step, at_two, step, at_two], vec![1, 3]));
        let above = cusum_with_reset(&counts, &[2.0; 4], doubling(), at_two.next_up()).unwrap();
        assert_eq!(above.alarms, [2]);
        assert_eq!(above.path, [step, at_two, at_two + step, step]);
    }

    /// Log likelihood ratios by scipy 1.17 (`stats.nbinom.logpmf`, `stats.poisson.logpmf`).
    #[test]
    fn what_a_count_adds_is_its_log_likelihood_ratio() {
        let cases = [
            (0.0, 3.0, 0.2, 2.0, -1.592_268_655_592_672_8, -3.0),
            (7.0, 3.0, 0.2, 2.0, 1.030_585_490_497_201, 1.852_030_263_919_617),
            (4.0, 5.5, 0.5, 1.5, -0.252_387_677_820_256_95, -1.128_139_567_567_343),
            (1.0, 6.0, 0.3, 0.5, 0.987_170_120_478_029_2, 2.306_852_819_440_055_5),
        ];
        for (count, expected, dispersion, rate_ratio, mixed, poisson) in cases {
            let of = |model| CusumDesign::new(model, rate_ratio).unwrap().weight(count, expected);
            assert!((of(CountModel::NegativeBinomial { dispersion }) - mixed).abs() < 1e-12);
            assert!((of(CountModel::Poisson) - poisson).abs() < 1e-12);
            let nearly = of(CountModel::NegativeBinomial { dispersion: 1e-9 });
            assert!((nearly - poisson).abs() < 1e-6, "{nearly} for {poisson}");
        }
    }

    #[test]
    fn what_cannot_be_charted_is_refused() {
        let design = |rate_ratio| CusumDesign::new(CountModel::Poisson, rate_ratio).unwrap_err();
        assert_eq!(design(1.0), Refusal::Undefined("a rate ratio of 1 is no change to look for"));
        assert_eq!(design(0.0), Refusal::Zero("the rate ratio"));
        assert_eq!(design(f64::NAN), Refusal::NotFinite);
        let mixed = |dispersion| CusumDesign::new(CountModel::NegativeBinomial { dispersion }, 2.0);
        assert_eq!(mixed(0.0), Err(Refusal::Zero("the dispersion")));
        assert!(mixed(0.1).is_ok());
        let one = |count, expected| cusum(&[count], &[expected], doubling()).unwrap_err();
        assert_eq!(cusum(&[], &[], doubling()), Ok(Vec::new()));
        assert_eq!(cusum(&[1.0], &[], doubling()), Err(Refusal::LengthsDiffer("counts and expected counts")));
        assert_eq!(one(-1.0, 1.0), Refusal::Negative("a count"));
        assert_eq!(one(1.0, 0.0), Refusal::Zero("an expected count"));
        assert_eq!(one(f64::INFINITY, 1.0), Refusal::NotFinite);
        let tenfold = CusumDesign::new(CountModel::Poisson, 10.0).unwrap();
        assert!(cusum(&[f64::MAX], &[1.0], tenfold).is_err());
        assert_eq!(cusum_with_reset(&[1.0], &[1.0], doubling(), 0.0), Err(Refusal::Zero("the threshold")));
        assert_eq!(cusum_with_reset(&[1.0], &[1.0], doubling(), f64::INFINITY), Err(Refusal::NotFinite));
    }
}
