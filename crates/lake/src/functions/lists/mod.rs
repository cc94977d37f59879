//! The functions, by what they are about.

mod bands;
mod beliefs;
mod funnels;
mod intervals;
mod series;

use super::aggregate::Aggregate;
use super::scalar::{Call, Kind, Row, Scalar, Value, number};

/// Functions of one row.
pub(super) static SCALARS: &[&[Scalar]] =
    &[bands::SCALARS, beliefs::SCALARS, funnels::SCALARS, intervals::SCALARS, series::SCALARS];

/// Functions of a group of rows.
pub(super) static AGGREGATES: &[&[Aggregate]] = &[bands::AGGREGATES, beliefs::AGGREGATES, funnels::AGGREGATES];
