//! Inverses of distribution functions.

use super::incomplete::{Tails, beta_tails, gamma_tails};
use super::mass::{binomial_mass, poisson_mass};
use super::normal_quantile;

/// The value with probability `p` at or below it in a gamma distribution of shape `a` and scale 1.
pub(crate) fn gamma_quantile(p: f64, a: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    solve(p, gamma_start(p, a), gamma_at(a)).exp()
}

/// The logarithm of a gamma quantile, nearly.
fn gamma_start(p: f64, a: f64) -> f64 {
    // Wilson and Hilferty's cube, where it is positive; else the first term of the series at 0.
    let cube = 1.0 - 1.0 / (9.0 * a) + normal_quantile(p.min(1.0 - f64::EPSILON)) / (3.0 * a.sqrt());
    if cube > 0.0 && a > 0.5 { (a * cube.powi(3)).ln() } else { p.ln() / a }
}

/// The tails at a logarithm, and how fast the lower one grows with it.
fn gamma_at(a: f64) -> impl Fn(f64) -> (Tails, f64) {
    move |u| {
        let x = u.exp();
        (gamma_tails(a, x), a * poisson_mass(a, x))
    }
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
    solve(p, beta_start(p, a, b), beta_at(a, b))
}

/// The same, nearly: the logit of a beta variable is about normal.
fn beta_start(p: f64, a: f64, b: f64) -> f64 {
    let spread = (1.0 / a + 1.0 / b).sqrt();
    (a / b).ln() + normal_quantile(p.min(1.0 - f64::EPSILON)) * spread
}

/// The tails at a logit, and how fast the lower one grows with it.
fn beta_at(a: f64, b: f64) -> impl Fn(f64) -> (Tails, f64) {
    move |u| {
        let (x, y) = (1.0 / (1.0 + (-u).exp()), 1.0 / (1.0 + u.exp()));
        (beta_tails(a, b, x, y), binomial_mass(a, a + b, x, y) * a * b / (a + b))
    }
}

/// Steps that no longer shrink are rounding where they are smaller than this.
const NOISE: f64 = 1e-11;

/// The `u` at which the lower tail is `p`, by Newton's steps on the logarithm of the smaller tail, held in a
/// bracket; `at` gives the tails at `u` and the derivative of the lower one.
fn solve(p: f64, start: f64, at: impl Fn(f64) -> (Tails, f64)) -> f64 {
    let (mut least, mut most) = (-745.0_f64, 709.0_f64);
    let mut u = start.clamp(least, most);
    let mut last = f64::INFINITY;
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
        // Each step squares the error, until the tails' own rounding is all that is left of it; a step that leaves the
        // bracket for that alone is no reason to go back to its middle.
        let step = (newton - u).abs() / u.abs().max(1.0);
        if step <= 2.0 * f64::EPSILON || (step < NOISE && step >= last) {
            return newton;
        }
        last = step;
        u = if newton > least && newton < most { newton } else { f64::midpoint(least, most) };
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

    /// How far the start is from the quantile, and how often the tails are asked for on the way to it.
    fn way(p: f64, start: f64, at: impl Fn(f64) -> (Tails, f64)) -> (f64, u32) {
        let asked = std::cell::Cell::new(0);
        let found = solve(p, start, |u| {
            asked.set(asked.get() + 1);
            at(u)
        });
        ((start - found).abs(), asked.get())
    }

    #[test]
    fn the_start_is_near_and_the_way_is_short() {
        for a in [0.6, 1.0, 3.5, 40.0, 5e4] {
            for p in [0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999] {
                let (far, asked) = way(p, gamma_start(p, a), gamma_at(a));
                assert!(far < 0.7 / a && asked <= 8, "gamma {p} {a}: {far}, {asked}");
            }
        }
        for (a, b) in [(2.0, 99.0), (30.0, 4.0), (700.0, 900.0), (4e4, 20.0)] {
            for p in [0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999] {
                let (far, asked) = way(p, beta_start(p, a, b), beta_at(a, b));
                assert!(far < 3.2 * (1.0 / a + 1.0 / b) && asked <= 8, "beta {p} {a} {b}: {far}, {asked}");
            }
        }
        // Near 0 the first term of the series is all there is.
        assert!(way(1e-6, gamma_start(1e-6, 0.3), gamma_at(0.3)).0 < 0.5);
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
