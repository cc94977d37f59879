//! The model `funnel`: each authority's figure beside the country and its statistical neighbours, allowing for chance.
//!
//! The method is in `docs/methods.md`, "Intervals" to "Comparison with statistical neighbours". `comparison` shows what
//! is made here beside ranks, bands and published comparators.

mod group;
mod neighbours;
mod table;
mod values;

use arrow::array::RecordBatch;
use jiff::civil::Date;
use lais_lake::{Class, RustModel};
use rayon::prelude::*;

use crate::figures::{Figure, Figures, VIEW};
pub(crate) use group::{Group, Row, TOO_SMALL};
use neighbours::Neighbours;
pub(crate) use neighbours::{Pooled, Sets};

/// Indicators and periods that are compared and written as columns at a time.
const GROUPS_A_PIECE: usize = 64;

pub(crate) const MODEL: RustModel = RustModel {
    name: "funnel",
    class: Class::Public,
    inputs: &[VIEW, "stg_neighbour_set"],
    key: &["indicator_id", "period_end", "authority_code"],
    code: env!("LAIS_CODE"),
    schema: table::schema,
    run,
};

fn run(inputs: &[RecordBatch], _as_at: Date) -> Result<Vec<RecordBatch>, String> {
    let [figures_of_view, set] = inputs else { return Err("it reads two tables".to_owned()) };
    let figures = Figures::read(figures_of_view)?;
    let neighbours = Neighbours::new(&Sets::read(set)?, &figures.authorities);
    let same = |a: &Figure<'_>, b: &Figure<'_>| a.indicator_id == b.indicator_id && a.period_end == b.period_end;
    // Groups stand alone, so that both cores take their share and the order of rows stays.
    let groups: Vec<&[Figure<'_>]> = figures.all.chunk_by(same).collect();
    let pieces = groups.par_chunks(GROUPS_A_PIECE).map(|groups| {
        let groups: Vec<_> = groups.iter().map(|group| group::compare(group, &neighbours)).collect();
        table::table(&groups)
    });
    pieces.collect()
}

/// Compares the figures of one indicator and period, in order of authority, with the country alone; `authorities` is how
/// many there are in all.
pub(crate) fn compare_alone<'a>(figures: &'a [Figure<'a>], authorities: usize) -> Group<'a> {
    group::compare(figures, &Neighbours::none(authorities))
}
