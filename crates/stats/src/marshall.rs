//! Empirical Bayes by the method of moments: Marshall's global smoother of rates and proportions.

use crate::refusal::{finite, not_negative, positive, same_length};
use crate::{RateBelief, Refusal};

/// What the events of an area are taken to be, which says how much of their spread is chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarshallFamily {
    /// Rates: events that are rare in their population or that may repeat.
    Poisson,
    /// Proportions: events that count some of the population.
    Binomial,
}

/// The moments of a rate over areas, and each area's rate drawn towards the common one.
#[derive(Clone, Debug, PartialEq)]
pub struct MarshallMoments {
    /// The pooled rate `sum x / sum n`, the mean of the prior.
    pub mean: f64,
    /// For [`MarshallFamily::Poisson`] the variance of true rates between areas, never below 0. For
    /// [`MarshallFamily::Binomial`] the weighted variance of the raw proportions, chance included, as spdep gives it.
    pub variance: f64,
    /// The raw rate of each area.
    pub raw: Vec<f64>,
    /// The shrunken rate of each area.
    pub estimate: Vec<f64>,
}

impl MarshallMoments {
    /// The gamma prior with the mean and variance of [`MarshallFamily::Poisson`] moments.
    ///
    /// Its posterior means are [`MarshallMoments::estimate`].
    ///
    /// # Errors
    /// As [`RateBelief::from_moments`]: without a single event there is no prior.
    pub fn prior(&self) -> Result<RateBelief, Refusal> {
        RateBelief::from_moments(self.mean, self.variance)
    }
}

/// Shrinks the rates of areas towards the pooled rate by Marshall's global moments.
///
/// With `p = x / n`, `m = sum x / sum n`, `n̄` the mean population and `s2 = sum n (p - m)^2 / sum n`:
/// * Poisson: `A = max(0, s2 - m / n̄)`, estimate `m + A (p - m) / (A + m / n)`;
/// * binomial: with `V = m (1 - m)`, weight `(n s2 - n V / n̄) / ((n - 1) s2 + (n̄ - n) V / n̄)`, estimate
///   `m + weight (p - m)`.
///
/// Rates are per unit of `population`. In the Poisson family every area has the pooled rate where the spread is no more
/// than chance would make it, and an area without events has an estimate above 0 as soon as there is one event anywhere.
/// The binomial weight is spdep's as it stands: where areas differ less than chance it is negative, and moves an area
/// away from what it reports. It is here to be compared with spdep; for figures that people read use the Poisson family.
///
/// # Errors
/// [`Refusal`] for no areas, lists of different length, a value that is not finite, events below 0, a population not
/// above 0, or, for the binomial family, more events than population.
///
/// Source: Marshall 1991, "Mapping disease and mortality rates using empirical Bayes estimators", Applied Statistics
/// 40:283; binomial weight as contributed to the R package spdep (`EBest`).
pub fn marshall(events: &[f64], population: &[f64], family: MarshallFamily) -> Result<MarshallMoments, Refusal> {
    same_length(events.len(), population.len(), "events and populations")?;
    if events.is_empty() {
        return Err(Refusal::Empty);
    }
    for (&x, &n) in events.iter().zip(population) {
        not_negative(x, "a number of events")?;
        positive(n, "a population")?;
        if family == MarshallFamily::Binomial && x > n {
            return Err(Refusal::NumeratorAboveDenominator);
        }
    }
    let people: f64 = population.iter().sum();
    let mean = finite(events.iter().sum::<f64>() / people)?;
    let average = finite(people)? / population.len() as f64;
    let raw: Vec<f64> = events.iter().zip(population).map(|(x, n)| x / n).collect();
    let spread = finite(raw.iter().zip(population).map(|(p, n)| n * (p - mean) * (p - mean)).sum::<f64>() / people)?;

    let chance = match family {
        MarshallFamily::Poisson => mean,
        MarshallFamily::Binomial => mean * (1.0 - mean),
    };
    let between = spread - chance / average;
    let between = if family == MarshallFamily::Poisson { between.max(0.0) } else { between };
    let weight = |n: f64| match family {
        _ if between == 0.0 => 0.0,
        MarshallFamily::Poisson => between / (between + chance / n),
        MarshallFamily::Binomial => n * between / ((n - 1.0) * spread + (average - n) / average * chance),
    };
    let shrink = |(p, n): (&f64, &f64)| finite(mean + weight(*n) * (p - mean));
    let estimate = raw.iter().zip(population).map(shrink).collect::<Result<_, _>>()?;
    let variance = if family == MarshallFamily::Poisson { between } else { spread };
    Ok(MarshallMoments { mean, variance, raw, estimate })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use MarshallFamily::{Binomial, Poisson};

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs(), "{got} for {want}");
    }

    /// By hand: 1 of 10, 6 of 20, 17 of 30 make m = 0.4, n̄ = 20, s2 = 1.9333333 / 60.
    #[test]
    fn rates_of_three_areas_shrink_as_worked_by_hand() {
        let got = marshall(&[1.0, 6.0, 17.0], &[10.0, 20.0, 30.0], Poisson).unwrap();
        let s2 = (10.0 * 0.09 + 20.0 * 0.01 + 30.0 * (17.0_f64 / 30.0 - 0.4).powi(2)) / 60.0;
        let a = s2 - 0.4 / 20.0;
        close(got.mean, 0.4);
        close(got.variance, a);
        close(got.estimate[0], 0.4 - 0.3 * a / (a + 0.04));
        close(got.estimate[2], 0.4 + (17.0 / 30.0 - 0.4) * a / (a + 0.4 / 30.0));
        assert_eq!(got.raw[1], 0.3);
    }

    #[test]
    fn proportions_of_three_areas_shrink_by_the_binomial_weight() {
        let got = marshall(&[1.0, 6.0, 17.0], &[10.0, 20.0, 30.0], Binomial).unwrap();
        let s2 = (10.0 * 0.09 + 20.0 * 0.01 + 30.0 * (17.0_f64 / 30.0 - 0.4).powi(2)) / 60.0;
        let rho = (10.0 * s2 - 10.0 / 20.0 * 0.24) / (9.0 * s2 + 10.0 / 20.0 * 0.24);
        close(got.variance, s2);
        close(got.estimate[0], 0.4 - 0.3 * rho);
        let rho = (30.0 * s2 - 30.0 / 20.0 * 0.24) / (29.0 * s2 - 10.0 / 20.0 * 0.24);
        close(got.estimate[2], 0.4 + (17.0 / 30.0 - 0.4) * rho);
    }

    #[test]
    fn areas_that_differ_no_more_than_chance_all_have_the_pooled_rate() {
        let got = marshall(&[10.0, 21.0, 29.0], &[100.0, 200.0, 300.0], Poisson).unwrap();
        assert_eq!((got.variance, got.estimate), (0.0, vec![0.1; 3]));
        assert_eq!(marshall(&[3.0], &[50.0], Poisson).unwrap().estimate, [0.06]);
    }

    #[test]
    fn the_binomial_weight_is_spdeps_also_where_areas_differ_less_than_chance() {
        let got = marshall(&[10.0, 21.0, 29.0], &[100.0, 200.0, 300.0], Binomial).unwrap();
        let s2 = (200.0 * 0.005_f64.powi(2) + 300.0 * (29.0_f64 / 300.0 - 0.1).powi(2)) / 600.0;
        let rho = (200.0 * s2 - 0.09) / (199.0 * s2);
        assert!(rho < 0.0);
        close(got.variance, s2);
        close(got.estimate[1], 0.1 + rho * 0.005);
    }

    #[test]
    fn where_nobody_or_everybody_is_counted_nothing_is_divided_by_nothing() {
        for family in [Poisson, Binomial] {
            assert_eq!(marshall(&[0.0, 0.0], &[5.0, 9.0], family).unwrap().estimate, [0.0, 0.0]);
        }
        assert_eq!(marshall(&[5.0, 9.0], &[5.0, 9.0], Binomial).unwrap().estimate, [1.0, 1.0]);
        // None of this spread is chance, so that nothing is drawn towards the mean.
        assert_eq!(marshall(&[0.0, 9.0], &[9.0, 9.0], Binomial).unwrap().estimate, [0.0, 1.0]);
    }

    #[test]
    fn what_cannot_be_a_rate_is_refused() {
        assert_eq!(marshall(&[], &[], Poisson), Err(Refusal::Empty));
        assert_eq!(marshall(&[1.0], &[], Poisson), Err(Refusal::LengthsDiffer("events and populations")));
        assert_eq!(marshall(&[-1.0], &[5.0], Poisson), Err(Refusal::Negative("a number of events")));
        assert_eq!(marshall(&[1.0], &[0.0], Poisson), Err(Refusal::Zero("a population")));
        assert_eq!(marshall(&[f64::NAN], &[1.0], Poisson), Err(Refusal::NotFinite));
        assert_eq!(marshall(&[1e300, 1.0], &[1e-300, 1.0], Poisson), Err(Refusal::NotFinite));
        assert_eq!(marshall(&[1.0, 1.0], &[f64::MAX, f64::MAX], Poisson), Err(Refusal::NotFinite));
        assert_eq!(marshall(&[2.0], &[1.0], Binomial), Err(Refusal::NumeratorAboveDenominator));
        assert!(marshall(&[2.0], &[1.0], Poisson).is_ok());
        assert!(marshall(&[1.0], &[1.0], Binomial).is_ok());
    }

    proptest! {
        #[test]
        fn an_estimate_lies_between_the_raw_rate_and_the_pooled_one(
            areas in proptest::collection::vec((0u32..50, 50u32..5000), 1..40),
        ) {
            let (x, n): (Vec<f64>, Vec<f64>) = areas.iter().map(|(x, n)| (f64::from(*x), f64::from(*n))).unzip();
            let got = marshall(&x, &n, Poisson).unwrap();
            for (raw, estimate) in got.raw.iter().zip(&got.estimate) {
                let (low, high) = (raw.min(got.mean), raw.max(got.mean));
                prop_assert!(low - 1e-12 <= *estimate && *estimate <= high + 1e-12);
            }
        }

        #[test]
        fn the_gamma_prior_of_the_moments_has_the_estimates_as_posterior_means(
            areas in proptest::collection::vec((0u32..50, 50u32..5000), 2..40),
        ) {
            let (x, n): (Vec<f64>, Vec<f64>) = areas.iter().map(|(x, n)| (f64::from(*x), f64::from(*n))).unzip();
            let got = marshall(&x, &n, Poisson).unwrap();
            prop_assume!(got.mean > 0.0);
            let prior = got.prior().unwrap();
            for (i, estimate) in got.estimate.iter().enumerate() {
                let mean = prior.updated(x[i], n[i]).unwrap().mean();
                prop_assert!((mean - estimate).abs() <= 1e-9 * estimate, "{mean} for {estimate}");
            }
        }
    }
}
