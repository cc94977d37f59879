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

use crate::figures::{Figure, VIEW, figures};
pub(crate) use group::TOO_SMALL;
pub(crate) use neighbours::{Pooled, Sets};

pub(crate) const MODEL: RustModel = RustModel {
    name: "funnel",
    class: Class::Public,
    inputs: &[VIEW, "stg_neighbour_set"],
    key: &["indicator_id", "authority_code", "period_end"],
    code: env!("LAIS_CODE"),
    schema: table::schema,
    run,
};

fn run(inputs: &[RecordBatch], _as_at: Date) -> Result<RecordBatch, String> {
    let [figures_of_view, set] = inputs else { return Err("it reads two tables".to_owned()) };
    let figures = figures(figures_of_view)?;
    let neighbours = Sets::read(set)?;
    let same = |a: &Figure<'_>, b: &Figure<'_>| a.indicator_id == b.indicator_id && a.period_end == b.period_end;
    // Groups stand alone, so that both cores take their share and the order of rows stays.
    let groups: Vec<&[Figure<'_>]> = figures.chunk_by(same).collect();
    let groups: Vec<_> = groups.into_par_iter().map(|group| group::compare(group, &neighbours)).collect();
    table::table(&groups)
}
