//! The threshold of a CUSUM chart, from simulated periods in which nothing has changed.

use rayon::prelude::*;

use super::CusumDesign;
use super::simulated::{Means, can_be_simulated, stream};
use crate::Refusal;
use crate::refusal::{at_least, finite};
use crate::series::representable;

/// A simulated series ends after this many times the wanted run length; one in 20,000 has had no alarm by then.
const HORIZON: f64 = 10.0;
/// The fewest simulated series.
const LEAST: u32 = 100;
/// Sums that differ by no more than this share of themselves are one.
const ROUNDING: f64 = 1e-9;

/// A threshold and what it is found to give where nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CusumThreshold {
    /// The threshold: an alarm is a sum of this or more.
    pub threshold: f64,
    /// The average run length to the first alarm, in periods; not below the one asked for.
    pub average_run_length: f64,
    /// The standard error of that average, from the number of simulated series.
    pub standard_error: f64,
}

/// The least threshold at which a chart raises a false alarm on average only every `run_length` periods or more.
///
/// `series` series of counts are simulated in which nothing has changed: `expected`, repeated as often as needed, are
/// their means (12 months of a year's pattern, or one number). The run length at a threshold is the first period in which
/// the sum reaches it; the same series serve for every threshold, so that the average rises with it, and the threshold
/// is found by bisection among the values that the sums reach. It is set half-way to the next such value, so that no
/// rounding decides. The result depends on `seed` and `series` only, not on the number of threads. Counts are whole, so
/// that the average run length may lie above the one asked for; where a first event is rarer than that, any event is an
/// alarm. A series ends after ten times the run length asked for, and counts for so many periods without an alarm. 5,000
/// series give the average to some 1.4 per cent.
///
/// # Errors
/// [`Refusal`] for no expected count, one that is not finite and above 0, a run length that is not above 1 or not finite,
/// fewer than 100 series, more than 200 million simulated periods, and series in which the sum never rises.
///
/// Source: the run length of a CUSUM chart, Page 1954; by simulation as in Steiner et al. 2000.
pub fn cusum_threshold(
    design: CusumDesign,
    expected: &[f64],
    run_length: f64,
    series: u32,
    seed: u64,
) -> Result<CusumThreshold, Refusal> {
    at_least(expected.len(), 1, "expected counts")?;
    if finite(run_length)? <= 1.0 {
        return Err(Refusal::Undefined("a run length is above 1 period"));
    }
    if series < LEAST {
        return Err(Refusal::TooFew { what: "simulated series", least: LEAST as usize });
    }
    let periods = (HORIZON * run_length).ceil();
    can_be_simulated(periods, series)?;
    let means = expected.iter().map(|mu| Means::new(design, *mu, 1.0)).collect::<Result<Vec<_>, _>>()?;
    let simulated: Vec<Records> =
        (0..u64::from(series)).into_par_iter().map(|i| Records::of(&means, periods as u32, seed, i)).collect();
    choose(&simulated, run_length, f64::from(periods as u32))
}

/// The sums of one series that were higher than all before, each with its period, from 1.
struct Records(Vec<(f64, u32)>);

impl Records {
    fn of(means: &[Means], periods: u32, seed: u64, i: u64) -> Self {
        let mut rng = stream(seed, i);
        let (mut sum, mut highest, mut records) = (0.0_f64, 0.0, Vec::new());
        for (period, mean) in (1..=periods).zip(means.iter().cycle()) {
            sum = (sum + mean.draw(&mut rng)).max(0.0);
            if sum > highest {
                highest = sum;
                records.push((sum, period));
            }
        }
        Self(records)
    }

    /// The first period in which the sum is above a value, if there is one.
    fn first_above(&self, value: f64) -> Option<u32> {
        let place = self.0.partition_point(|(sum, _)| *sum <= value);
        self.0.get(place).map(|(_, period)| *period)
    }
}

/// The least threshold with an average run length of at least `wanted`, by bisection among the values reached.
fn choose(simulated: &[Records], wanted: f64, last: f64) -> Result<CusumThreshold, Refusal> {
    let mut reached: Vec<f64> = simulated.iter().flat_map(|records| records.0.iter().map(|(sum, _)| *sum)).collect();
    reached.sort_unstable_by(|a, b| b.total_cmp(a));
    representable(*reached.first().ok_or(Refusal::Undefined("no simulated sum ever rises"))?)?;
    // The same sum reached along two ways may differ in its last digits.
    reached.dedup_by(|next, kept| *kept - *next <= ROUNDING * *kept);
    // Just above 0 too: where that will do, any rise of the sum is an alarm.
    reached.push(0.0);
    reached.reverse();
    // Above the highest there is no alarm in all the periods, which are far more than wanted.
    let place = reached.partition_point(|value| average(simulated, *value, last).0 < wanted).min(reached.len() - 1);
    let (below, above) = (reached[place], reached.get(place + 1).copied());
    let threshold = above.map_or(below.next_up(), |above| f64::midpoint(below, above));
    let (average_run_length, alarms) = average(simulated, below, last);
    Ok(CusumThreshold { threshold, average_run_length, standard_error: average_run_length / alarms.sqrt() })
}

/// The average run length to a sum above a value, all periods over all alarms, and the number of alarms, at the least 1.
///
/// Run lengths have nearly no memory, so that a series without an alarm by its end counts for its periods, and the
/// standard deviation of run lengths is nearly their mean.
fn average(simulated: &[Records], value: f64, last: f64) -> (f64, f64) {
    let (mut periods, mut alarms) = (0.0, 0.0_f64);
    for records in simulated {
        let first = records.first_above(value);
        periods += first.map_or(last, f64::from);
        alarms += f64::from(u8::from(first.is_some()));
    }
    (periods / alarms.max(1.0), alarms.max(1.0))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;
    use crate::CountModel;

    fn doubling() -> CusumDesign {
        CusumDesign::new(CountModel::Poisson, 2.0).unwrap()
    }

    /// With a mean of `2 ln 2` every sum is a whole number of `ln 2`, so that a chain of as many states gives the run
    /// lengths exactly: 35.183, 77.601 and 164.421 to sums of 3, 4 and 5 (numpy, from scipy's Poisson probabilities).
    #[test]
    fn run_lengths_agree_with_an_exact_chain() {
        for (wanted, units, exact) in
            [(36.0, 4.0, 77.601_391_718_666), (70.0, 4.0, 77.601_391_718_666), (80.0, 5.0, 164.420_837_430_954)]
        {
            let found = cusum_threshold(doubling(), &[2.0 * LN_2], wanted, 1500, 7).unwrap();
            assert!((found.threshold - (units - 0.5) * LN_2).abs() < 1e-9, "{found:?}");
            assert!((found.average_run_length - exact).abs() < 4.0 * found.standard_error, "{found:?}");
        }
    }

    #[test]
    fn a_longer_run_length_needs_a_higher_threshold_and_noisier_counts_too() {
        let mixed = CusumDesign::new(CountModel::NegativeBinomial { dispersion: 0.3 }, 2.0).unwrap();
        let pattern = [3.0, 4.0, 5.5];
        let short = cusum_threshold(doubling(), &pattern, 40.0, 400, 1).unwrap();
        let long = cusum_threshold(doubling(), &pattern, 120.0, 400, 1).unwrap();
        assert!(short.threshold < long.threshold && short.average_run_length < long.average_run_length);
        assert!(long.average_run_length >= 120.0 && long.average_run_length < 135.0, "{long:?}");
        // A chart made for Poisson counts would cry out more often at noisier ones than one made for them.
        let noisy = cusum_threshold(mixed, &pattern, 120.0, 400, 1).unwrap();
        assert!(noisy.average_run_length >= 120.0 && noisy.average_run_length < 135.0, "{noisy:?}");
    }

    #[test]
    fn the_result_depends_on_the_seed_and_not_on_the_threads() {
        let find = |seed| cusum_threshold(doubling(), &[3.0, 4.1], 30.0, 200, seed).unwrap();
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| find(5));
        let many = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap().install(|| find(5));
        assert_eq!(alone, many);
        assert_ne!(find(5), find(6));
    }

    #[test]
    fn records_are_sums_above_all_before_them() {
        let records = Records(vec![(0.5, 2), (1.5, 7), (4.0, 9)]);
        let first = |value| records.first_above(value).unwrap_or_default();
        assert_eq!([first(0.0), first(0.5), first(1.4), first(1.5), first(3.9), first(4.0)], [2, 7, 7, 9, 9, 0]);
    }

    #[test]
    fn the_threshold_is_half_way_to_the_next_sum_and_rounding_makes_no_sum_of_its_own() {
        let series = |list: &[(f64, u32)]| Records(list.to_vec());
        let simulated = [series(&[(1.0, 2), (2.0, 10)]), series(&[(1.0 + 1e-12, 4), (3.0, 20)])];
        // Above 0: 6 periods to 2 alarms; above 1: 30 to 2; above 2: 120 to 1; above 3: 200 to none.
        let found = |wanted| choose(&simulated, wanted, 100.0).unwrap();
        assert_eq!((found(2.0).threshold, found(2.0).average_run_length), (0.5 + 5e-13, 3.0));
        assert_eq!(found(3.0).average_run_length, 3.0);
        assert_eq!((found(3.1).threshold, found(3.1).average_run_length), (1.5 + 5e-13, 15.0));
        assert_eq!((found(60.0).threshold, found(60.0).average_run_length), (2.5, 120.0));
        assert_eq!((found(121.0).threshold, found(121.0).average_run_length), (3.0_f64.next_up(), 200.0));
        assert_eq!(found(10.0).standard_error, 15.0 / 2.0_f64.sqrt());
        assert_eq!((found(60.0).standard_error, found(121.0).standard_error), (120.0, 200.0));
        // Sums that differ by more than rounding are two.
        let apart = [series(&[(1.0, 2)]), series(&[(1.0 + 1e-8, 4)])];
        assert!(choose(&apart, 3.5, 100.0).unwrap().threshold < 1.0 + 1e-8);
    }

    #[test]
    fn where_a_first_event_is_rare_enough_any_event_is_an_alarm() {
        let found = cusum_threshold(doubling(), &[0.001], 20.0, 2000, 1).unwrap();
        // The first event comes after 1,000 periods on average, though each series has but 200.
        assert!((found.average_run_length - 1000.0).abs() < 4.0 * found.standard_error, "{found:?}");
        assert!(found.threshold > 0.0);
        let one_event = doubling().weight(1.0, 0.001);
        assert!(found.threshold <= one_event, "{found:?}");
    }

    #[test]
    fn nonsense_is_refused() {
        let find = |expected: &[f64], run_length, series| cusum_threshold(doubling(), expected, run_length, series, 1);
        assert_eq!(find(&[], 100.0, 100), Err(Refusal::Empty));
        assert_eq!(find(&[3.0, 0.0], 100.0, 100), Err(Refusal::Zero("an expected count")));
        assert_eq!(find(&[f64::NAN], 100.0, 100), Err(Refusal::NotFinite));
        for run_length in [1.0, 0.0, -5.0] {
            assert_eq!(find(&[3.0], run_length, 100), Err(Refusal::Undefined("a run length is above 1 period")));
        }
        assert_eq!(find(&[3.0], f64::INFINITY, 100), Err(Refusal::NotFinite));
        let few = Refusal::TooFew { what: "simulated series", least: 100 };
        assert_eq!(find(&[3.0], 10.0, 99), Err(few));
        assert!(find(&[3.0], 10.0, 100).is_ok());
        let many = Err(Refusal::Undefined("more than 200 million simulated periods"));
        assert_eq!(find(&[3.0], 200_000.1, 100), many);
        assert_eq!(find(&[3.0], f64::MAX, 100), many);
        assert_eq!(find(&[1e-9], 2.0, 100), Err(Refusal::Undefined("no simulated sum ever rises")));
        assert!(find(&[1e300], 2.0, 100).is_err());
        let wild = CusumDesign::new(CountModel::NegativeBinomial { dispersion: 1e300 }, 2.0).unwrap();
        assert!(cusum_threshold(wild, &[1e300], 2.0, 100, 1).is_err());
    }
}
