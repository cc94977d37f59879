//! Chance, in streams that are called by name.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Poisson, StandardNormal};

/// One stream of chance.
///
/// A stream depends on the seed and its name alone, so that a new file or indicator moves no other figure. Machines
/// whose logarithms differ in the last of sixteen digits agree too, since what is drawn is counted and rounded.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream with this name.
    pub(crate) fn named(seed: u64, name: &[&str]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in name.iter().flat_map(|part| part.bytes().chain([0xff])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        // FNV spreads its last bytes badly; seed_from_u64 would take them as they are, so they are mixed first.
        hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        Self(ChaCha8Rng::seed_from_u64(hash ^ (hash >> 32)))
    }

    /// A number between 0 and 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0.random()
    }

    /// A number from the standard normal distribution.
    pub(crate) fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// Whether something of this probability happens.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A whole number from 0 to one below `end`, or 0 where nothing is below it.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // Drawn as u32, so that machines of any word size agree.
        match u32::try_from(end) {
            Ok(0) | Err(_) => 0,
            Ok(end) => self.0.random_range(0..end) as usize,
        }
    }

    /// One of these, and nothing where there is none.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// A count with this mean; 0 for a mean that is none.
    pub(crate) fn poisson(&mut self, mean: f64) -> f64 {
        Poisson::new(mean).map_or(0.0, |poisson| poisson.sample(&mut self.0))
    }

    /// How many of `number` have something that each has with this probability.
    pub(crate) fn binomial(&mut self, number: f64, probability: f64) -> f64 {
        let number = number.max(0.0) as u64;
        Binomial::new(number, probability.clamp(0.0, 1.0)).map_or(0.0, |binomial| binomial.sample(&mut self.0) as f64)
    }

    /// Splits a number into parts by these weights; the parts add up to it.
    pub(crate) fn split<const N: usize>(&mut self, number: f64, weights: [f64; N]) -> [f64; N] {
        let mut parts = [0.0; N];
        let (mut left, mut weight) = (number, weights.iter().sum::<f64>());
        for (part, own) in parts.iter_mut().zip(weights) {
            *part = if weight > 0.0 { self.binomial(left, own / weight) } else { 0.0 };
            left -= *part;
            weight -= own;
        }
        if let Some(last) = parts.last_mut() {
            *last += left;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_known_by_its_seed_and_its_name() {
        let draw = |seed, name: &[&str]| Dice::named(seed, name).uniform();
        assert_eq!(draw(1, &["a", "b"]), draw(1, &["a", "b"]));
        assert_ne!(draw(1, &["a", "b"]), draw(2, &["a", "b"]));
        assert_ne!(draw(1, &["a", "b"]), draw(1, &["ab"]));
    }

    #[test]
    fn the_parts_of_a_number_add_up_to_it() {
        let mut dice = Dice::named(1, &["split"]);
        for number in [0.0, 1.0, 7.0, 500.0] {
            let parts = dice.split(number, [0.6, 0.3, 0.1, 0.0]);
            assert_eq!(parts.iter().sum::<f64>(), number);
            assert!(parts.iter().all(|part| *part >= 0.0));
        }
    }

    #[test]
    fn what_is_no_distribution_gives_nothing() {
        let mut dice = Dice::named(1, &["none"]);
        assert_eq!((dice.poisson(0.0), dice.poisson(-1.0), dice.binomial(-3.0, 0.5)), (0.0, 0.0, 0.0));
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
