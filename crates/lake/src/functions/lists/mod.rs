//! The functions, by what they are about.

mod bands;
mod intervals;

use super::aggregate::Aggregate;
use super::scalar::{Call, Kind, Row, Scalar, Value, number};

/// Functions of one row.
pub(super) static SCALARS: &[&[Scalar]] = &[bands::SCALARS, intervals::SCALARS];

/// Functions of a group of rows.
pub(super) static AGGREGATES: &[Aggregate] = bands::AGGREGATES;
