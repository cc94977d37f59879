//! How likely a CUSUM chart is to raise an alarm within some periods.

use rayon::prelude::*;

use super::CusumDesign;
use super::simulated::{Means, can_be_simulated, stream};
use crate::Refusal;
use crate::refusal::{at_least, positive};

/// The chance that a chart begun at 0 reaches its threshold within so many periods.
///
/// Counts are drawn with `factor` times the `expected` count as their mean: with a factor of 1 it is the chance of a false
/// alarm, with the rate ratio that the chart looks for how likely it is to see it. A share of `series` simulated series,
/// which depends on `seed` and `series` only; its standard error is `sqrt(c (1 - c) / series)`.
///
/// # Errors
/// [`Refusal`] for a number that is not finite and above 0, no period or no series, and more than 200 million simulated
/// periods.
///
/// Source: the distribution of run lengths of a CUSUM chart, Page 1954; by simulation.
pub fn cusum_alarm_chance(
    design: CusumDesign,
    expected: f64,
    factor: f64,
    periods: u32,
    threshold: f64,
    series: u32,
    seed: u64,
) -> Result<f64, Refusal> {
    positive(threshold, "the threshold")?;
    at_least(periods as usize, 1, "periods")?;
    at_least(series as usize, 1, "simulated series")?;
    can_be_simulated(f64::from(periods), series)?;
    let means = Means::new(design, expected, factor)?;
    let is_alarm = |i: &u64| {
        let mut rng = stream(seed, *i);
        let mut sum = 0.0_f64;
        (0..periods).any(|_| {
            sum = (sum + means.draw(&mut rng)).max(0.0);
            sum >= threshold
        })
    };
    let alarms = (0..u64::from(series)).into_par_iter().filter(is_alarm).count();
    Ok(alarms as f64 / f64::from(series))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;
    use crate::CountModel;

    fn doubling() -> CusumDesign {
        CusumDesign::new(CountModel::Poisson, 2.0).unwrap()
    }

    /// With a mean of `2 ln 2` every sum is a whole number of `ln 2`, so that a chain of as many states
    /// gives the chances exactly (numpy, from scipy's Poisson probabilities).
    #[test]
    fn chances_agree_with_an_exact_chain() {
        for (factor, periods, exact) in [(1.0, 12, 0.129_271_115), (2.0, 12, 0.953_388_150), (2.0, 1, 0.062_745_425)] {
            let found = cusum_alarm_chance(doubling(), 2.0 * LN_2, factor, periods, 3.5 * LN_2, 20_000, 1).unwrap();
            let error = (exact * (1.0 - exact) / 20_000.0_f64).sqrt();
            assert!((found - exact).abs() < 4.0 * error, "{found} for {exact}");
        }
    }

    #[test]
    fn more_periods_and_a_greater_rate_make_an_alarm_likelier() {
        let chance = |factor, periods| cusum_alarm_chance(doubling(), 0.4, factor, periods, 2.0, 2_000, 3).unwrap();
        assert!(chance(1.0, 6) < chance(1.0, 24) && chance(1.0, 24) < chance(2.0, 24));
        assert!(chance(2.0, 24) < chance(5.0, 24) && chance(50.0, 24) == 1.0);
    }

    #[test]
    fn nonsense_is_refused() {
        let chance = |factor, periods, threshold, series| {
            cusum_alarm_chance(doubling(), 1.0, factor, periods, threshold, series, 1)
        };
        assert_eq!(chance(0.0, 1, 1.0, 1), Err(Refusal::Zero("the factor")));
        assert_eq!(chance(1.0, 0, 1.0, 1), Err(Refusal::Empty));
        assert_eq!(chance(1.0, 1, 0.0, 1), Err(Refusal::Zero("the threshold")));
        assert_eq!(chance(1.0, 1, 1.0, 0), Err(Refusal::Empty));
        let many = Err(Refusal::Undefined("more than 200 million simulated periods"));
        assert_eq!(chance(1.0, u32::MAX, 1.0, u32::MAX), many);
    }
}
