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

use crate::figures::{VIEW, figures};
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
    let same = |a: &crate::figures::Figure<'_>, b: &crate::figures::Figure<'_>| {
        a.indicator_id == b.indicator_id && a.period_end == b.period_end
    };
    let groups: Vec<_> = figures.chunk_by(same).map(|group| group::compare(group, &neighbours)).collect();
    table::table(&groups)
}
