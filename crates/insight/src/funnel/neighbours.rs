//! Each authority's statistical neighbours, and their figures pooled.

use std::collections::HashMap;

use arrow::array::RecordBatch;
use lais_stats::{Fraction, Refusal, Transform, quantile7};

use crate::columns::Table;

/// The neighbours of each authority in the set in force.
pub(crate) struct Sets<'a>(HashMap<&'a str, Vec<&'a str>>);

impl<'a> Sets<'a> {
    /// Reads the rows of one set: the columns authority_code and neighbour_code.
    pub(crate) fn read(batch: &'a RecordBatch) -> Result<Self, String> {
        Self::read_rows(batch, &(0..batch.num_rows()).collect::<Vec<_>>())
    }

    /// Reads some rows of a table of several sets, those of one.
    pub(crate) fn read_rows(batch: &'a RecordBatch, rows: &[usize]) -> Result<Self, String> {
        let table = Table::new("a set of neighbours", batch);
        let (authority, neighbour) = (table.texts("authority_code")?, table.texts("neighbour_code")?);
        let mut sets: HashMap<&str, Vec<&str>> = HashMap::new();
        for (authority, neighbour) in rows.iter().filter_map(|&i| authority(i).zip(neighbour(i))) {
            sets.entry(authority).or_default().push(neighbour);
        }
        // A fixed order, so that no sum of floating point can depend on the order of the rows.
        sets.values_mut().for_each(|codes| codes.sort_unstable());
        Ok(Self(sets))
    }

    /// The neighbours of an authority, in order of code and without itself; none where it is in no set.
    pub(crate) fn of(&self, authority_code: &str) -> impl Iterator<Item = &'a str> {
        let codes = self.0.get(authority_code).map_or(&[] as &[&str], Vec::as_slice);
        let own = authority_code.to_owned();
        codes.iter().copied().filter(move |code| *code != own)
    }
}

/// The neighbours of each authority that has figures, as places among those authorities.
pub(super) struct Neighbours(Vec<Vec<usize>>);

impl Neighbours {
    /// Finds a set's neighbours among authorities in order of code.
    pub(super) fn new(sets: &Sets<'_>, authorities: &[&str]) -> Self {
        let places = |code: &&str| sets.of(code).filter_map(|near| authorities.binary_search(&near).ok()).collect();
        Self(authorities.iter().map(places).collect())
    }

    /// Authorities of which no neighbour is known.
    pub(super) fn none(authorities: usize) -> Self {
        Self(vec![Vec::new(); authorities])
    }

    /// Of how many authorities something is known.
    pub(super) const fn authorities(&self) -> usize {
        self.0.len()
    }

    /// The places of an authority's neighbours, in order of code.
    pub(super) fn of(&self, authority: usize) -> &[usize] {
        &self.0[authority]
    }
}

/// The published values of an authority's neighbours, by the rule of the Local Authority Interactive Tool.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Near {
    /// How many neighbours have a value.
    pub(crate) count: usize,
    /// Their plain mean; no least number is asked for.
    pub(crate) mean: Option<f64>,
    pub(crate) median: Option<f64>,
}

impl Near {
    /// Of values in a fixed order, so that no order of rows can change a digit.
    pub(super) fn of(values: Vec<f64>) -> Self {
        let count = values.len();
        let mean = (count > 0).then(|| values.iter().sum::<f64>() / count as f64);
        Self { count, mean, median: quantile7(&values, 0.5).ok() }
    }
}

/// The counts of an authority's neighbours together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pooled {
    pub(crate) counts: Fraction,
    /// The sum of the squares of the neighbours' denominators, over the square of their sum: how far one of them
    /// outweighs the others, 1/10 for ten of one size.
    concentration: f64,
}

impl Pooled {
    /// Pools counts; none of none.
    pub(crate) fn of(neighbours: impl Iterator<Item = Fraction>) -> Option<Self> {
        let (mut numerator, mut denominator, mut squares) = (0.0, 0.0, 0.0);
        for counts in neighbours {
            numerator += counts.numerator;
            denominator += counts.denominator;
            squares += counts.denominator * counts.denominator;
        }
        let concentration = squares / (denominator * denominator);
        (denominator > 0.0).then_some(Self { counts: Fraction { numerator, denominator }, concentration })
    }

    /// The distance of an authority's own figure from the pooled one, in standard errors.
    ///
    /// `(Y - Y_p) / √(s² + s_p² + τ²(1 + c))` on the scale of the transform about the national target, with the national
    /// `τ²`, since ten areas cannot estimate one, and `c` the concentration of the pool.
    pub(crate) fn distance(&self, own: Fraction, transform: Transform, target: f64, tau2: f64) -> Result<f64, Refusal> {
        let own = transform.scored(own.numerator, own.denominator, target)?;
        let pool = transform.scored(self.counts.numerator, self.counts.denominator, target)?;
        let variance = own.s * own.s + pool.s * pool.s + tau2 * (1.0 + self.concentration);
        Ok((own.y - pool.y) / variance.sqrt())
    }
}
