//! The walk from count to count by which exact limits are found.

/// So many counts at most a walk goes on to the next probability, rather than begin anew where that is guessed to be.
const NEAR: f64 = 40.0;

/// The counts at probabilities in ascending order, interpolated, by a walk from a guess; `ratio` gives `f(k + 1) / f(k)`.
///
/// The walk goes up only, where probabilities are added and lose no digits.
pub(super) fn interpolated_counts<const N: usize>(
    p: [f64; N],
    guess: impl Fn(f64) -> f64,
    cdf: impl Fn(f64) -> f64,
    mass: impl Fn(f64) -> f64,
    ratio: impl Fn(f64) -> f64,
) -> [f64; N] {
    let mut walk: Option<Walk> = None;
    p.map(|p| {
        let guess = guess(p);
        let near = walk.filter(|walk| guess - walk.count <= NEAR);
        let mut on = near.unwrap_or_else(|| Walk::below(p, guess, &cdf, &mass));
        let count = on.up_to(p, &ratio);
        walk = Some(on);
        count
    })
}

/// A count, the probability of it and that of no more than it.
#[derive(Clone, Copy)]
struct Walk {
    count: f64,
    here: f64,
    at_most: f64,
}

impl Walk {
    /// Begins at a guess, or as far below it as makes less than `p` likely.
    fn below(p: f64, guess: f64, cdf: impl Fn(f64) -> f64, mass: impl Fn(f64) -> f64) -> Self {
        let (mut count, mut back) = (guess, 1.0);
        let mut at_most = cdf(count);
        while at_most >= p && count > 0.0 {
            count = (count - back).max(0.0);
            at_most = cdf(count);
            back *= 2.0;
        }
        Self { count, here: mass(count), at_most }
    }

    /// Goes up to the least count of which no more is as likely as `p`, and gives that count, interpolated.
    fn up_to(&mut self, p: f64, ratio: impl Fn(f64) -> f64) -> f64 {
        while self.at_most < p && self.here > 0.0 {
            self.here *= ratio(self.count);
            self.count += 1.0;
            self.at_most += self.here;
        }
        self.count - (self.at_most - p) / self.here
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{poisson_cdf, poisson_mass};

    #[test]
    fn a_walk_from_too_high_a_guess_turns_back() {
        let mass = |k: f64| poisson_mass(k, 9.0);
        let walk =
            |guess| interpolated_counts([0.025], |_| guess, |k| poisson_cdf(k, 9.0), mass, |k| 9.0 / (k + 1.0))[0];
        for guess in [0.0, 3.0, 4.0, 5.0, 9.0, 40.0] {
            assert!((walk(guess) - walk(0.0)).abs() < 1e-12, "{guess}");
        }
    }
}
