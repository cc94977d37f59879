//! Whether counts of many areas vary from period to period more than Poisson counts do.

use crate::Refusal;
use crate::distribution::normal_cdf;
use crate::refusal::{finite, not_negative};
use crate::series::{mean, sum};

/// A sum of squares that is no more than this share of itself is 0.
const ROUNDING: f64 = 1e-9;

/// How counts of periods vary about the mean of their own area, over all areas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountDispersion {
    /// The index of dispersion, `sum (x - m)^2 / m`, over areas with an event.
    pub chi2: f64,
    /// Its mean where counts are Poisson: one less than the periods of each area with an event.
    pub degrees: f64,
    /// How far it lies above that mean, in its exact standard deviations.
    pub z: f64,
    /// The probability of as much by chance, one-sided, from the normal distribution.
    pub p_value: f64,
    /// The dispersion `a` of a variance `mu + a mu^2`, from moments; 0 where counts vary no more than Poisson counts.
    pub dispersion: f64,
}

/// The dispersion of the counts of areas, each a series of counts of periods that are alike.
///
/// With the mean `m`, the variance `s^2` (over one less) and the total `T` of an area's `n` counts: the index sums
/// `(x - m)^2 / m`; given the totals its mean is `sum (n - 1)` and its variance `sum 2 (n - 1) (1 - 1/T)`, exactly also
/// for counts near 0. The dispersion is `sum (s^2 - m) / sum (m^2 - s^2 / n)`, the ratio of two sums that are without
/// bias, and not below 0. Areas without an event tell nothing and are left out.
///
/// # Errors
/// [`Refusal`] for a count that is below 0 or not finite, where no area has two periods and two events, and where the
/// dispersion would be a division by 0.
///
/// Source: Fisher 1950, Biometrics 6:17 (the index); Haldane 1937, Biometrika 29:133 (its moments).
pub fn count_dispersion(areas: &[&[f64]]) -> Result<CountDispersion, Refusal> {
    for count in areas.iter().copied().flatten() {
        not_negative(*count, "a count")?;
    }
    let areas: Vec<Area> = areas.iter().filter_map(|counts| Area::of(counts)).collect();
    let of = |get: fn(&Area) -> f64| sum(areas.iter().map(get));
    let variance = of(|area| 2.0 * area.degrees() * (1.0 - 1.0 / area.total));
    if variance <= 0.0 {
        return Err(Refusal::Undefined("no area has two events in two periods"));
    }
    let (chi2, degrees) = (finite(of(Area::index))?, of(Area::degrees));
    let z = (chi2 - degrees) / variance.sqrt();
    let squares = of(|area| area.mean * area.mean - area.variance / area.periods);
    let no_more = ROUNDING * of(|area| area.mean * area.mean);
    let dispersion = match of(|area| area.variance - area.mean) {
        excess if excess <= 0.0 => 0.0,
        _ if squares <= no_more => return Err(Refusal::Undefined("the events are too few to tell how they vary")),
        excess => finite(excess / squares)?,
    };
    Ok(CountDispersion { chi2, degrees, z, p_value: normal_cdf(-z), dispersion })
}

/// An area with an event in two periods or more.
struct Area {
    periods: f64,
    total: f64,
    mean: f64,
    variance: f64,
}

impl Area {
    fn of(counts: &[f64]) -> Option<Self> {
        let total = sum(counts.iter().copied());
        let periods = counts.len() as f64;
        (total > 0.0 && counts.len() > 1).then(|| {
            let mean = mean(counts);
            let squares = sum(counts.iter().map(|count| (count - mean) * (count - mean)));
            Self { periods, total, mean, variance: squares / (periods - 1.0) }
        })
    }

    fn degrees(&self) -> f64 {
        self.periods - 1.0
    }

    fn index(&self) -> f64 {
        self.variance * self.degrees() / self.mean
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-9 * want.abs().max(1e-3), "{got} for {want}");
    }

    #[test]
    fn the_index_its_distance_and_the_dispersion_agree_with_the_formulas() {
        let got = count_dispersion(&[&[0.0, 3.0, 1.0, 8.0], &[2.0, 2.0, 5.0], &[0.0, 0.0, 0.0], &[4.0]]).unwrap();
        near(got.chi2, 14.666_666_666_666_666);
        near(got.degrees, 5.0);
        near(got.z, 3.212_322_898_605_925_6);
        near(got.p_value, 0.000_658_331_495_835_444);
        near(got.dispersion, 0.698_795_180_722_891_5);
    }

    /// Two events of one area in one of 40 periods, and of another in two.
    #[test]
    fn events_that_are_few_and_far_between_have_a_dispersion_still() {
        let (mut one, mut other) = ([0.0; 40], [0.0; 40]);
        (one[0], other[0], other[9]) = (2.0, 1.0, 1.0);
        let got = count_dispersion(&[&one, &other]).unwrap();
        assert!((got.dispersion - 38.0).abs() < 1e-9, "{got:?}");
    }

    #[test]
    fn counts_that_vary_less_than_poisson_counts_have_no_dispersion() {
        let got = count_dispersion(&[&[1.0, 1.0, 1.0, 2.0], &[2.0, 2.0, 1.0]]).unwrap();
        near(got.z, -(2.0_f64.sqrt()));
        near(got.p_value, 0.921_350_396_474_857_4);
        assert_eq!(got.dispersion, 0.0);
    }

    #[test]
    fn too_few_events_are_refused() {
        let too_few = Refusal::Undefined("no area has two events in two periods");
        assert_eq!(count_dispersion(&[]), Err(too_few));
        assert_eq!(count_dispersion(&[&[0.0, 1.0], &[7.0], &[0.0, 0.0]]), Err(too_few));
        let cannot_tell = Refusal::Undefined("the events are too few to tell how they vary");
        assert_eq!(count_dispersion(&[&[0.0, 0.0, 2.0]]), Err(cannot_tell));
        assert_eq!(count_dispersion(&[&[0.0, -1.0]]), Err(Refusal::Negative("a count")));
        assert_eq!(count_dispersion(&[&[f64::NAN]]), Err(Refusal::NotFinite));
    }

    proptest! {
        #[test]
        fn areas_without_an_event_and_the_order_of_areas_and_periods_change_nothing(
            one in prop::collection::vec(0u32..9, 2..9), other in prop::collection::vec(0u32..90, 2..9)
        ) {
            let counts = |list: &[u32]| list.iter().copied().map(f64::from).collect::<Vec<_>>();
            let (one, other) = (counts(&one), counts(&other));
            let turned: Vec<f64> = one.iter().rev().copied().collect();
            let here = count_dispersion(&[&one, &other]);
            let there = count_dispersion(&[&[0.0; 7], &other, &turned]);
            match (here, there) {
                (Ok(here), Ok(there)) => {
                    near(here.z, there.z);
                    near(here.dispersion, there.dispersion);
                    prop_assert!((0.0..=1.0).contains(&here.p_value) && here.dispersion >= 0.0);
                }
                (here, there) => prop_assert_eq!(here, there),
            }
        }

        #[test]
        fn counts_times_as_many_lie_further_from_chance(list in prop::collection::vec(1u32..9, 3..9), times in 2u32..9) {
            let counts: Vec<f64> = list.iter().copied().map(f64::from).collect();
            let more: Vec<f64> = counts.iter().map(|count| count * f64::from(times)).collect();
            let (few, many) = (count_dispersion(&[&counts]).unwrap(), count_dispersion(&[&more]).unwrap());
            prop_assert!(many.chi2 >= few.chi2 && many.z >= few.z - 1e-9);
        }
    }
}
