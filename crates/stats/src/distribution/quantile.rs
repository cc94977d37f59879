//! Inverses of distribution functions.

use super::incomplete::{Tails, beta_tails, gamma_tails};
use super::mass::{binomial_mass, poisson_mass};
use super::normal_quantile;

/// The value with probability `p` at or below it in a gamma distribution of shape `a` and scale 1.
pub(crate) fn gamma_quantile(p: f64, a: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    // Wilson and Hilferty's cube, where it is positive; else the first term of the series at 0.
    let cube = 1.0 - 1.0 / (9.0 * a) + normal_quantile(p.min(1.0 - f64::EPSILON)) / (3.0 * a.sqrt());
    let start = if cube > 0.0 && a > 0.5 { (a * cube.powi(3)).ln() } else { p.ln() / a };
    let at = |u: f64| {
        let x = u.exp();
        (gamma_tails(a, x), a * poisson_mass(a, x))
    };
    solve(p, start, at).exp()
}

/// The value with probability `p` at or below it in a chi-squared distribution with `df` degrees of freedom.
pub(crate) fn chi_squared_quantile(p: f64, df: f64) -> f64 {
    2.0 * gamma_quantile(p, df / 2.0)
}

/// The value with probability `p` at or below it in a beta distribution of shapes `a` and `b`.
pub(crate) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if p <= 0.0 { 0.0 } else { 1.0 / (1.0 + (-beta_logit(p, a, b)).exp()) }
}

/// One less [`beta_quantile`], which near 0 has all the digits that the difference would lose.
pub(crate) fn beta_quantile_from_one(p: f64, a: f64, b: f64) -> f64 {
    if p <= 0.0 { 1.0 } else { 1.0 / (1.0 + beta_logit(p, a, b).exp()) }
}

/// The value with probability `p` at or below it in Student's distribution with `df` degrees of freedom.
pub(crate) fn student_t_quantile(p: f64, df: f64) -> f64 {
    if p == 0.5 {
        return 0.0;
    }
    let logit = beta_logit(2.0 * p.min(1.0 - p), df / 2.0, 0.5);
    let size = (df * (-logit).exp()).sqrt();
    if p < 0.5 { -size } else { size }
}

/// The logit of a beta quantile: near 1 it keeps the digits that the quantile would lose.
fn beta_logit(p: f64, a: f64, b: f64) -> f64 {
    let spread = (1.0 / a + 1.0 / b).sqrt();
    let start = (a / b).ln() + normal_quantile(p.min(1.0 - f64::EPSILON)) * spread;
    let at = |u: f64| {
        let (x, y) = (1.0 / (1.0 + (-u).exp()), 1.0 / (1.0 + u.exp()));
        (beta_tails(a, b, x, y), binomial_mass(a, a + b, x, y) * a * b / (a + b))
    };
    solve(p, start, at)
}

/// The `u` at which the lower tail is `p`, by Newton's steps on the logarithm of the smaller tail, held in a
/// bracket; `at` gives the tails at `u` and the derivative of the lower one.
fn solve(p: f64, start: f64, at: impl Fn(f64) -> (Tails, f64)) -> f64 {
    let (mut least, mut most) = (-745.0_f64, 709.0_f64);
    let mut u = start.clamp(least, most);
    for _ in 0..200 {
        let (tails, slope) = at(u);
        let above = if p <= 0.5 { tails.lower > p } else { tails.upper < 1.0 - p };
        if above {
            most = u;
        } else {
            least = u;
        }
        let newton = if p <= 0.5 {
            u - (tails.lower / p).ln() * tails.lower / slope
        } else {
            u + (tails.upper / (1.0 - p)).ln() * tails.upper / slope
        };
        let next = if newton > least && newton < most { newton } else { f64::midpoint(least, most) };
        if (next - u).abs() <= 2.0 * f64::EPSILON * u.abs().max(1.0) {
            return next;
        }
        u = next;
    }
    u
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Values by scipy 1.17 (`special.gammaincinv`, `betaincinv`, `stdtrit`).
    #[test]
    fn quantiles_agree_with_scipy() {
        let cases = [
            (gamma_quantile(1e-10, 0.3), 3.236_440_226_603_560_3e-34),
            (gamma_quantile(1e-6, 0.3), 6.972_699_096_409_39e-21),
            (beta_quantile(1e-10, 0.5, 0.5), 2.467_401_100_272_339_7e-20),
            (beta_quantile(0.025, 2.0, 99.0), 0.002_431_336_823_942_543),
            // -expm1(ln(0.25) / 1e8), as the quantile of a power is.
            (beta_quantile_from_one(0.25, 1e8, 1.0), 1.386_294_351_510_830_3e-8),
            (beta_quantile_from_one(0.975, 99.0, 2.0), 0.002_431_336_823_942_543),
            (student_t_quantile(1e-10, 1.0), -3_183_098_861.837_906_4),
            (student_t_quantile(0.1, 30.0), -1.310_415_025_391_395_5),
            (student_t_quantile(0.975, 7.0), 2.364_624_251_592_784_4),
        ];
        for (got, want) in cases {
            assert!((got - want).abs() <= 1e-12 * f64::abs(want), "{got} for {want}");
        }
    }

    #[test]
    fn the_ends_have_their_quantiles() {
        assert_eq!(
            (gamma_quantile(0.0, 3.0), beta_quantile(0.0, 1.0, 2.0), student_t_quantile(0.5, 3.0)),
            (0.0, 0.0, 0.0)
        );
        assert_eq!(beta_quantile_from_one(0.0, 1.0, 2.0), 1.0);
    }

    proptest! {
        #[test]
        fn the_gamma_quantile_inverts_the_distribution(p in 1e-4..0.9999f64, shape in 0.05..2e5f64) {
            let tails = gamma_tails(shape, gamma_quantile(p, shape));
            prop_assert!((tails.lower - p).abs() <= 1e-10 * p, "{tails:?}");
        }

        #[test]
        fn the_beta_quantile_inverts_the_distribution(p in 1e-4..0.9999f64, a in 0.5..5e4f64, b in 0.5..5e4f64) {
            let x = beta_quantile(p, a, b);
            // Near 1 a quantile of 16 digits says less than the logit that it was made of.
            prop_assume!(x < 0.999);
            let tails = beta_tails(a, b, x, 1.0 - x);
            prop_assert!((tails.lower - p).abs() <= 1e-8 * p, "{tails:?}");
        }
    }
}
