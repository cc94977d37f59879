//! The regularised incomplete gamma and beta functions, both tails of each.

use super::mass::{binomial_mass, poisson_mass};

/// The probabilities below and above a point; the smaller is computed, so that it keeps its digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tails {
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

impl Tails {
    fn of_lower(lower: f64) -> Self {
        Self { lower, upper: 1.0 - lower }
    }

    fn of_upper(upper: f64) -> Self {
        Self { lower: 1.0 - upper, upper }
    }
}

/// The most terms of a series or fraction; some `5 sqrt(a)` are needed, so this serves up to 1e9.
const MOST_TERMS: u32 = 200_000;

/// Below and above `x` in a gamma distribution of shape `a` and scale 1; `a` above 0, `x` not below 0.
///
/// Source: Abramowitz and Stegun 6.5.29 (series) and 6.5.31 (continued fraction).
pub(crate) fn gamma_tails(a: f64, x: f64) -> Tails {
    if x <= 0.0 {
        return Tails::of_lower(0.0);
    }
    let lead = poisson_mass(a, x);
    if x < a + 1.0 {
        let (mut term, mut sum, mut below) = (1.0, 1.0, a);
        for _ in 0..MOST_TERMS {
            below += 1.0;
            term *= x / below;
            sum += term;
            if term < sum * f64::EPSILON / 4.0 {
                break;
            }
        }
        return Tails::of_lower(lead * sum);
    }
    let fraction = continued_fraction(x + 1.0 - a, |i| {
        let i = f64::from(i);
        (-i * (i - a), x + 2.0 * i + 1.0 - a)
    });
    Tails::of_upper(lead * a / fraction)
}

/// Below and above `x` in a beta distribution of shapes `a` and `b`, both above 0; `y` is `1 - x`.
///
/// Source: Abramowitz and Stegun 26.5.8 (continued fraction).
pub(crate) fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> Tails {
    if x <= 0.0 {
        return Tails::of_lower(0.0);
    }
    if y <= 0.0 {
        return Tails::of_upper(0.0);
    }
    if x < (a + 1.0) / (a + b + 2.0) {
        Tails::of_lower(beta_lower(a, b, x, y))
    } else {
        Tails::of_upper(beta_lower(b, a, y, x))
    }
}

fn beta_lower(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let lead = binomial_mass(a, a + b, x, y) * b / (a + b);
    let fraction = continued_fraction(1.0, |i| {
        let m = f64::from(i / 2);
        let over = a + 2.0 * m;
        let term = if i % 2 == 0 {
            m * (b - m) * x / ((over - 1.0) * over)
        } else {
            -(a + m) * (a + b + m) * x / (over * (over + 1.0))
        };
        (term, 1.0)
    });
    lead / fraction
}

/// `b0 + a1 / (b1 + a2 / (b2 + …))` by the modified method of Lentz; `part` gives `(a, b)` of each level from 1.
fn continued_fraction(b0: f64, part: impl Fn(u32) -> (f64, f64)) -> f64 {
    let away_from_zero = |value: f64| if value == 0.0 { f64::MIN_POSITIVE } else { value };
    let mut value = away_from_zero(b0);
    let (mut c, mut d) = (value, 0.0);
    for i in 1..MOST_TERMS {
        let (a, b) = part(i);
        d = 1.0 / away_from_zero(b + a * d);
        c = away_from_zero(b + a / c);
        let step = c * d;
        value *= step;
        if (step - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values by scipy 1.17 (`special.gammainc`, `gammaincc`, `betainc`).
    #[test]
    fn incomplete_functions_keep_their_digits_at_large_counts() {
        let beta = |a, b, x: f64| beta_tails(a, b, x, 1.0 - x).lower;
        let cases = [
            (gamma_tails(0.5, 1e-20).lower, 1.128_379_167_095_511_8e-10),
            (gamma_tails(10.0, 25.0).upper, 2.214_766_382_487_832_7e-4),
            (gamma_tails(5000.0, 4700.0).lower, 7.597_064_861_941_285e-6),
            (gamma_tails(1e5, 1.001e5).lower, 0.624_445_130_704_405_5),
            (gamma_tails(1e6, 9.99e5).lower, 0.158_655_213_574_303_65),
            (beta(0.5, 0.5, 0.1), 0.204_832_764_699_133_44),
            (beta(20.0, 980.0, 0.02), 0.528_846_722_145_741_9),
            (beta(20_000.0, 80_000.0, 0.199), 0.214_770_477_610_240_9),
            (beta(150_000.0, 150_000.0, 0.4999), 0.456_385_345_314_284_2),
            (beta(1e6, 1e6, 0.5003), 0.801_928_037_157_870_1),
        ];
        for (got, want) in cases {
            assert!((got - want).abs() <= 1e-11 * want, "{got} for {want}");
        }
    }

    #[test]
    fn nothing_lies_below_the_least_value_or_above_the_greatest() {
        assert_eq!(gamma_tails(3.0, 0.0), Tails { lower: 0.0, upper: 1.0 });
        assert_eq!(beta_tails(2.0, 3.0, 0.0, 1.0), Tails { lower: 0.0, upper: 1.0 });
        assert_eq!(beta_tails(2.0, 3.0, 1.0, 0.0), Tails { lower: 1.0, upper: 0.0 });
    }
}
