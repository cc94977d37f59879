//! The functions, by what they are about.

mod bands;
mod beliefs;
mod funnels;
mod intervals;
mod predictions;
mod series;

use lais_stats::Refusal;

use super::aggregate::Aggregate;
use super::scalar::{Call, Kind, Row, Scalar, Value, number};

/// Functions of one row.
pub(super) static SCALARS: &[&[Scalar]] =
    &[bands::SCALARS, beliefs::SCALARS, funnels::SCALARS, intervals::SCALARS, series::SCALARS];

/// Functions of a group of rows.
pub(super) static AGGREGATES: &[&[Aggregate]] =
    &[bands::AGGREGATES, beliefs::AGGREGATES, funnels::AGGREGATES, predictions::AGGREGATES];

/// A list of which no value is missing.
fn complete(list: &[Option<f64>]) -> Result<Vec<f64>, Refusal> {
    list.iter().map(|value| value.ok_or(Refusal::Missing("a value of a list"))).collect()
}
