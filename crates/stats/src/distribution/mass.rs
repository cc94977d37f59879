//! Probabilities of single counts, in Loader's saddle-point form, which loses no digits at large counts.
//!
//! Source: Loader 2000, "Fast and accurate computation of binomial probabilities".

use std::f64::consts::PI;

use statrs::function::gamma::ln_gamma;

/// The Poisson probability of `x` at mean `mean`; `x` may be any real number not below 0.
pub(crate) fn poisson_mass(x: f64, mean: f64) -> f64 {
    if mean == 0.0 {
        f64::from(u8::from(x == 0.0))
    } else if x == 0.0 {
        (-mean).exp()
    } else {
        (-stirling_error(x) - deviance(x, mean)).exp() / (2.0 * PI * x).sqrt()
    }
}

/// The binomial probability of `x` of `n` at probability `p`, where `q` is `1 - p`; `x` and `n` may be real.
pub(crate) fn binomial_mass(x: f64, n: f64, p: f64, q: f64) -> f64 {
    if p == 0.0 || q == 0.0 {
        let certain = if p == 0.0 { 0.0 } else { n };
        return f64::from(u8::from(x == certain));
    }
    if x == 0.0 {
        return if p < 0.1 { (n * (-p).ln_1p()).exp() } else { (n * q.ln()).exp() };
    }
    if x == n {
        return if q < 0.1 { (n * (-q).ln_1p()).exp() } else { (n * p.ln()).exp() };
    }
    let rest = n - x;
    let exponent =
        stirling_error(n) - stirling_error(x) - stirling_error(rest) - deviance(x, n * p) - deviance(rest, n * q);
    exponent.exp() * (n / (2.0 * PI * x * rest)).sqrt()
}

/// What Stirling's formula leaves out of `ln n!`.
fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        return ln_gamma(n + 1.0) - (n + 0.5) * n.ln() + n - (2.0 * PI).ln() / 2.0;
    }
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square) / square) / square)
        / n
}

/// `x ln(x / mean) + mean - x`, without loss where the two are close.
fn deviance(x: f64, mean: f64) -> f64 {
    if (x - mean).abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let ratio = (x - mean) / (x + mean);
    let mut sum = (x - mean) * ratio;
    let mut term = 2.0 * x * ratio;
    for j in 1..1000 {
        term *= ratio * ratio;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values by scipy 1.17 (`stats.poisson.pmf`, `stats.binom.pmf`).
    #[test]
    fn masses_agree_with_scipy() {
        let cases = [
            (poisson_mass(5.0, 3.0), 0.100_818_813_444_924_58),
            (poisson_mass(180.0, 200.0), 0.010_556_778_614_079_096),
            (binomial_mass(70.0, 200.0, 0.3, 0.7), 0.018_579_049_013_342_01),
            (binomial_mass(25_500.0, 31_824.0, 0.8, 0.2), 0.004_757_850_762_486_962),
        ];
        for (got, want) in cases {
            assert!((got - want).abs() <= 2e-13 * want, "{got} for {want}");
        }
    }

    #[test]
    fn masses_of_all_counts_sum_to_one() {
        for p in [0.0, 0.003, 0.3, 0.95, 1.0] {
            let sum: f64 = (0..=40).map(|x| binomial_mass(f64::from(x), 40.0, p, 1.0 - p)).sum();
            assert!((sum - 1.0).abs() < 1e-13, "{p}: {sum}");
        }
        for mean in [0.0, 0.2, 7.5, 60.0] {
            let sum: f64 = (0..400).map(|x| poisson_mass(f64::from(x), mean)).sum();
            assert!((sum - 1.0).abs() < 1e-13, "{mean}: {sum}");
        }
    }
}
