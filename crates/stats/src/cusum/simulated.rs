//! Simulated counts of a CUSUM chart, and what each adds to the sum.

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Gamma, Poisson, StandardUniform};

use super::{CountModel, CusumDesign};
use crate::Refusal;
use crate::refusal::positive;
use crate::series::representable;

/// The most counts of a table, beyond which counts are drawn otherwise.
const LONGEST: usize = 1024;
/// What is left of a distribution where a table of it ends; far less than a draw can tell.
const REST: f64 = 1e-17;
/// A table whose probabilities come to 1 but for this is whole.
const ROUNDING: f64 = 1e-9;

/// The most simulated periods: some seconds of work.
const MOST_PERIODS: f64 = 2e8;

/// Refuses a simulation that would take too long.
pub(super) fn can_be_simulated(periods: f64, series: u32) -> Result<(), Refusal> {
    match periods * f64::from(series) > MOST_PERIODS {
        true => Err(Refusal::Undefined("more than 200 million simulated periods")),
        false => Ok(()),
    }
}

/// The random numbers of a series.
pub(super) fn stream(seed: u64, series: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(series);
    rng
}

/// The distribution of one period's count, and what its count adds to the sum.
pub(super) struct Means {
    design: CusumDesign,
    expected: f64,
    counts: Counts,
}

/// A distribution to draw counts from.
enum Counts {
    /// For each count the probability of as many or fewer, and what it adds to the sum.
    Table(Vec<(f64, f64)>),
    Poisson(Poisson<f64>),
    /// A Poisson distribution whose mean is itself drawn: negative binomial.
    Mixed(Gamma<f64>),
}

impl Means {
    /// Counts whose mean is `factor` times the `expected` count that a chart holds them against.
    pub(super) fn new(design: CusumDesign, expected: f64, factor: f64) -> Result<Self, Refusal> {
        let mean = positive(expected, "an expected count")? * positive(factor, "the factor")?;
        let beyond = Refusal::Undefined("the numbers are too large or too small");
        let counts = match (table(design, expected, mean), design.model) {
            (Some(table), _) => Counts::Table(table),
            (None, CountModel::Poisson) => Counts::Poisson(Poisson::new(mean).map_err(|_| beyond)?),
            (None, CountModel::NegativeBinomial { dispersion }) => {
                let shape = representable(1.0 / dispersion)?;
                Counts::Mixed(Gamma::new(shape, representable(dispersion * mean)?).map_err(|_| beyond)?)
            }
        };
        Ok(Self { design, expected, counts })
    }

    /// What one simulated count adds to the sum.
    pub(super) fn draw(&self, rng: &mut ChaCha8Rng) -> f64 {
        let count = match &self.counts {
            Counts::Table(table) => {
                let drawn: f64 = StandardUniform.sample(rng);
                let place = table.partition_point(|(at_most, _)| *at_most <= drawn).min(table.len() - 1);
                return table[place].1;
            }
            Counts::Poisson(poisson) => poisson.sample(rng),
            // A mean too small or too large to draw from is its own count.
            Counts::Mixed(gamma) => {
                let mean = gamma.sample(rng);
                Poisson::new(mean).map_or(mean, |poisson| poisson.sample(rng))
            }
        };
        self.design.weight(count, self.expected)
    }
}

/// The distribution of a count of a mean with what each adds to the sum; none where it would be long, or begins with what
/// no number can hold.
fn table(design: CusumDesign, expected: f64, mean: f64) -> Option<Vec<(f64, f64)>> {
    // The probability of no event, and of one more event over that of `k`.
    let (none, size, odds) = match design.model {
        CountModel::Poisson => ((-mean).exp(), 0.0, mean),
        CountModel::NegativeBinomial { dispersion } => {
            let extra = dispersion * mean;
            ((-extra.ln_1p() / dispersion).exp(), dispersion, mean / (1.0 + extra))
        }
    };
    let (mut mass, mut at_most, mut table) = (none, 0.0, Vec::new());
    for k in (0..LONGEST).map(|k| k as f64) {
        at_most += mass;
        table.push((at_most, design.weight(k, expected)));
        mass *= odds * (1.0 + k * size) / (k + 1.0);
        if k > mean && mass < REST {
            return ((at_most - 1.0).abs() < ROUNDING).then_some(table);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const POISSON: [(usize, f64); 4] = [
        (0, 0.182_683_524_052_734_66),
        (1, 0.493_245_514_942_383_56),
        (3, 0.906_810_566_143_766),
        (9, 0.999_988_027_220_376_3),
    ];
    const NEGATIVE_BINOMIAL: [(usize, f64); 4] = [
        (0, 0.341_869_216_210_749_6),
        (1, 0.588_130_939_752_391_6),
        (3, 0.847_453_872_920_254_2),
        (9, 0.993_322_498_181_003_7),
    ];

    #[test]
    fn simulated_counts_have_the_mean_and_variance_of_their_model() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        // From a table where it is short, else otherwise.
        for (expected, dispersion) in [(0.3, 0.0), (6.0, 0.0), (2000.0, 0.0), (0.3, 2.0), (6.0, 0.5), (300.0, 1.5)] {
            let model = match dispersion > 0.0 {
                true => CountModel::NegativeBinomial { dispersion },
                false => CountModel::Poisson,
            };
            let design = CusumDesign::new(model, 2.0).unwrap();
            let (means, count) = (Means::new(design, expected / 1.5, 1.5).unwrap(), 40_000);
            assert_eq!(matches!(means.counts, Counts::Table(_)), expected < 10.0);
            // What a count adds is linear in it: the count is found back from what 0 and 1 add.
            let (none, one) = (design.weight(0.0, expected / 1.5), design.weight(1.0, expected / 1.5));
            let counts: Vec<f64> = (0..count).map(|_| (means.draw(&mut rng) - none) / (one - none)).collect();
            let mean = counts.iter().sum::<f64>() / f64::from(count);
            let spread = counts.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(count);
            let variance = expected + dispersion * expected * expected;
            assert!((mean - expected).abs() < 5.0 * (variance / f64::from(count)).sqrt(), "{mean} for {expected}");
            assert!((spread / variance - 1.0).abs() < 0.09, "{spread} for {variance}");
        }
    }

    /// scipy 1.17: `poisson.cdf(k, 1.7)`, `nbinom.cdf(k, 1 / 0.8, 1 / (1 + 0.8 * 1.7))`.
    #[test]
    fn tables_have_the_probabilities_of_their_model_and_what_counts_add() {
        for (model, want) in
            [(CountModel::Poisson, POISSON), (CountModel::NegativeBinomial { dispersion: 0.8 }, NEGATIVE_BINOMIAL)]
        {
            let design = CusumDesign::new(model, 2.0).unwrap();
            let table = table(design, 0.9, 1.7).unwrap();
            for (k, want) in want {
                assert!((table[k].0 - want).abs() < 1e-14, "{k}: {} for {want}", table[k].0);
                assert_eq!(table[k].1, design.weight(k as f64, 0.9));
            }
            assert!((table.last().unwrap().0 - 1.0).abs() < 1e-14);
        }
    }
}
