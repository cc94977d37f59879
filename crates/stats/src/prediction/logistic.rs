//! Logistic regression with few covariates.

use super::auc::ONE_CLASS;
use super::cholesky::{Cholesky, MOST, Matrix, Vector};
use super::count;
use crate::Refusal;
use crate::refusal::{at_least, finite, not_negative, same_length};

/// What keeps coefficients from running away.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Penalty {
    /// Half the logarithm of the determinant of the information (Jeffreys' prior): coefficients are finite even where a
    /// covariate separates the outcomes, and less biased in few rows.
    #[default]
    Firth,
    /// `lambda / 2` times the sum of squared coefficients, the intercept left free, in the units that covariates have.
    Ridge(f64),
    /// None: maximum likelihood.
    None,
}

/// A fitted logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    /// The log odds where every covariate is 0.
    pub intercept: f64,
    /// The change of the log odds with each covariate, by its unit.
    pub coefficients: Vec<f64>,
    /// Standard errors, the intercept's first, from the information (for ridge with its penalty) at the estimate.
    pub standard_errors: Vec<f64>,
    /// The log likelihood without penalty.
    pub log_likelihood: f64,
}

impl Logistic {
    /// The probability of the outcome at these values of the covariates.
    ///
    /// # Errors
    /// [`Refusal`] where their number differs from the fit's, or one is not finite.
    pub fn probability(&self, covariates: &[f64]) -> Result<f64, Refusal> {
        same_length(covariates.len(), self.coefficients.len(), "covariates and coefficients")?;
        let mut log_odds = self.intercept;
        for (x, b) in covariates.iter().zip(&self.coefficients) {
            log_odds += b * finite(*x)?;
        }
        if log_odds.is_nan() { Err(Refusal::NotFinite) } else { Ok(sigmoid(log_odds)) }
    }
}

/// The most covariates: a few dozen outcomes cannot bear more.
const MOST_COVARIATES: usize = MOST - 1;

/// Regresses an outcome on up to five covariates, one slice for each, by Newton's method.
///
/// Steps are halved until the penalised likelihood does not fall. Firth's estimate solves
/// `sum (y - p + h (1/2 - p)) x = 0`, where `h` is the row's leverage.
///
/// # Errors
/// [`Refusal`] for no rows, more than five covariates, lists of different length, values that are not finite, covariates
/// that do not vary or are collinear, and fits that do not converge: without Firth's penalty where all outcomes are
/// alike, and without any where a covariate separates the outcomes.
///
/// Source: Firth 1993, Biometrika 80:27; Heinze and Schemper 2002, Statistics in Medicine 21:2409; le Cessie and van
/// Houwelingen 1992, Applied Statistics 41:191 (ridge).
pub fn logistic_regression(outcome: &[bool], covariates: &[&[f64]], penalty: Penalty) -> Result<Logistic, Refusal> {
    fit(outcome, covariates, None, penalty)
}

/// As [`logistic_regression`], with log odds to which the fit is added.
pub(super) fn fit(
    outcome: &[bool],
    covariates: &[&[f64]],
    offset: Option<&[f64]>,
    penalty: Penalty,
) -> Result<Logistic, Refusal> {
    at_least(outcome.len(), 1, "rows")?;
    if covariates.len() > MOST_COVARIATES {
        return Err(Refusal::Undefined("there are more than five covariates"));
    }
    if let Penalty::Ridge(lambda) = penalty {
        not_negative(lambda, "the penalty")?;
    }
    let with = count(outcome);
    if penalty != Penalty::Firth && (with == 0 || with == outcome.len()) {
        return Err(ONE_CLASS);
    }
    let scales = covariates.iter().map(|column| Scale::of(column, outcome.len())).collect::<Result<Vec<_>, _>>()?;
    let problem = Problem::new(outcome, covariates, offset, &scales, penalty);
    problem.solve()?.in_units_of(&scales)
}

/// The mean and standard deviation of a covariate; Newton's method works on the standardised one.
struct Scale {
    mean: f64,
    sd: f64,
}

impl Scale {
    fn of(column: &[f64], rows: usize) -> Result<Self, Refusal> {
        same_length(column.len(), rows, "outcomes and values of a covariate")?;
        column.iter().try_for_each(|x| finite(*x).map(drop))?;
        let n = rows as f64;
        let mean = finite(column.iter().sum::<f64>() / n)?;
        let sd = finite(column.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n)?.sqrt();
        let most = column.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        if sd <= 1e-12 * most {
            return Err(Refusal::Undefined("a covariate does not vary"));
        }
        Ok(Self { mean, sd })
    }
}

/// A row: its standardised covariates after a 1 for the intercept, its offset, and 1 or 0 for the outcome.
struct Row {
    x: Vector,
    offset: f64,
    y: f64,
}

struct Problem {
    rows: Vec<Row>,
    /// The number of parameters.
    n: usize,
    firth: bool,
    /// The ridge of each standardised coefficient.
    ridge: Vector,
}

/// Everything that one point of the search needs.
struct Point {
    information: Cholesky,
    gradient: Vector,
    log_likelihood: f64,
    penalised: f64,
}

struct Solution {
    beta: Vector,
    point: Point,
    n: usize,
}

const MOST_STEPS: usize = 500;
const MOST_HALVINGS: usize = 20;
const LONGEST_STEP: f64 = 5.0;
const NOT_CONVERGED: Refusal = Refusal::Undefined("the logistic regression does not converge");

impl Problem {
    fn new(
        outcome: &[bool],
        covariates: &[&[f64]],
        offset: Option<&[f64]>,
        scales: &[Scale],
        penalty: Penalty,
    ) -> Self {
        let row = |(i, y): (usize, &bool)| {
            let mut x = [0.0; MOST];
            x[0] = 1.0;
            for (j, (column, scale)) in covariates.iter().zip(scales).enumerate() {
                x[j + 1] = (column[i] - scale.mean) / scale.sd;
            }
            Row { x, offset: offset.map_or(0.0, |offset| offset[i]), y: f64::from(u8::from(*y)) }
        };
        let mut ridge = [0.0; MOST];
        if let Penalty::Ridge(lambda) = penalty {
            for (j, scale) in scales.iter().enumerate() {
                ridge[j + 1] = lambda / (scale.sd * scale.sd);
            }
        }
        let rows = outcome.iter().enumerate().map(row).collect();
        Self { rows, n: covariates.len() + 1, firth: penalty == Penalty::Firth, ridge }
    }

    fn solve(&self) -> Result<Solution, Refusal> {
        let mut beta = [0.0; MOST];
        let mut point = self.at(&beta).ok_or(Refusal::Undefined("the covariates are collinear"))?;
        for _ in 0..MOST_STEPS {
            let step = point.information.solve(&point.gradient);
            let length = step.iter().fold(0.0_f64, |most, s| most.max(s.abs()));
            if !length.is_finite() {
                return Err(NOT_CONVERGED);
            }
            if length <= 1e-10 {
                return Ok(Solution { beta, point, n: self.n });
            }
            (beta, point) = self.uphill(&beta, &point, &step, (LONGEST_STEP / length).min(1.0)).ok_or(NOT_CONVERGED)?;
        }
        Err(NOT_CONVERGED)
    }

    /// The first point along a step, halved as often as need be, at which the penalised likelihood is not below.
    fn uphill(&self, beta: &Vector, from: &Point, step: &Vector, mut share: f64) -> Option<(Vector, Point)> {
        let least = from.penalised - 1e-12 * (1.0 + from.penalised.abs());
        for _ in 0..MOST_HALVINGS {
            let mut next = *beta;
            next.iter_mut().zip(step).for_each(|(b, s)| *b += share * s);
            if let Some(point) = self.at(&next).filter(|point| point.penalised >= least) {
                return Some((next, point));
            }
            share /= 2.0;
        }
        None
    }

    /// Nothing where the information is singular.
    fn at(&self, beta: &Vector) -> Option<Point> {
        let n = self.n;
        let (mut information, mut gradient, mut log_likelihood): (Matrix, Vector, f64) = Default::default();
        let probability = |row: &Row| {
            let log_odds = row.offset + (0..n).map(|j| row.x[j] * beta[j]).sum::<f64>();
            (log_odds, sigmoid(log_odds), sigmoid(-log_odds))
        };
        for row in &self.rows {
            let (log_odds, p, q) = probability(row);
            log_likelihood += row.y * log_odds - softplus(log_odds);
            let residual = if row.y > 0.0 { q } else { -p };
            for (i, line) in information.iter_mut().enumerate().take(n) {
                gradient[i] += residual * row.x[i];
                line.iter_mut().zip(&row.x).take(i + 1).for_each(|(cell, x)| *cell += p * q * row.x[i] * x);
            }
        }
        let mut penalised = log_likelihood;
        for j in 0..n {
            information[j][j] += self.ridge[j];
            gradient[j] -= self.ridge[j] * beta[j];
            penalised -= self.ridge[j] * beta[j] * beta[j] / 2.0;
        }
        let information = Cholesky::new(&information, n)?;
        if self.firth {
            penalised += information.half_log_determinant();
            for row in &self.rows {
                let (_, p, q) = probability(row);
                let leverage: f64 = p * q * information.half(&row.x).iter().map(|h| h * h).sum::<f64>();
                (0..n).for_each(|j| gradient[j] += leverage * (q - p) / 2.0 * row.x[j]);
            }
        }
        Some(Point { information, gradient, log_likelihood, penalised })
    }
}

impl Solution {
    /// The fit by the covariates' own units.
    fn in_units_of(self, scales: &[Scale]) -> Result<Logistic, Refusal> {
        // Each estimate is a sum of standardised ones, whose coefficients give its variance too.
        let mut to_intercept = [0.0; MOST];
        to_intercept[0] = 1.0;
        let mut sums = vec![];
        for (j, scale) in scales.iter().enumerate() {
            to_intercept[j + 1] = -scale.mean / scale.sd;
            let mut to_slope = [0.0; MOST];
            to_slope[j + 1] = 1.0 / scale.sd;
            sums.push(to_slope);
        }
        sums.insert(0, to_intercept);
        let estimate = |sum: &Vector| finite((0..self.n).map(|j| sum[j] * self.beta[j]).sum());
        let error = |sum: &Vector| {
            let half = self.point.information.half(sum);
            finite(half.iter().map(|h| h * h).sum::<f64>().sqrt())
        };
        Ok(Logistic {
            intercept: estimate(&sums[0])?,
            coefficients: sums[1..].iter().map(estimate).collect::<Result<_, _>>()?,
            standard_errors: sums.iter().map(error).collect::<Result<_, _>>()?,
            log_likelihood: finite(self.point.log_likelihood)?,
        })
    }
}

/// The probability with these log odds.
fn sigmoid(log_odds: f64) -> f64 {
    if log_odds >= 0.0 {
        return 1.0 / (1.0 + (-log_odds).exp());
    }
    let odds = log_odds.exp();
    odds / (1.0 + odds)
}

/// `ln(1 + exp(x))`.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests;
