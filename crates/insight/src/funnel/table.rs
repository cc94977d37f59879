//! What was compared, as a table.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use lais_stats::{Difference, Interval};

use super::group::{Country, Group, Row};
use crate::columns::{Rows, batch, schema_of};
use crate::figures::Figure;

pub(super) fn schema() -> SchemaRef {
    schema_of(
        "indicator_id:text authority_code:text period_end:day ci_low:number ci_high:number ci_method:text \
         areas:whole target:number target_fraction:number target_rule:text phi:number tau2:number reliability:number \
         z:number z_adjusted:number limit_low_95:number limit_high_95:number limit_low_998:number limit_high_998:number \
         adjusted_low_95:number adjusted_high_95:number adjusted_low_998:number adjusted_high_998:number label:text \
         neighbour_n:whole neighbour_mean:number neighbour_median:number neighbour_pooled:number neighbour_pooled_low:number neighbour_pooled_high:number z_neighbours:number \
         method:text why:text dispersion_why:text",
    )
}

pub(super) fn table(groups: &[Group<'_>]) -> Result<RecordBatch, String> {
    let lines = |group: &'_ Group<'_>| (0..group.rows.len()).collect::<Vec<_>>();
    let lines: Vec<(&Figure<'_>, &Country, &Row)> = groups
        .iter()
        .flat_map(|group| lines(group).into_iter().map(|i| (&group.figures[i], &group.country, &group.rows[i])))
        .collect();
    let rows = Rows(&lines);
    let low = |interval: Option<Interval>| interval.map(|interval| interval.low);
    let high = |interval: Option<Interval>| interval.map(|interval| interval.high);
    let level = |limits: Option<[Interval; 2]>, at: usize| limits.map(|limits| limits[at]);
    let columns = vec![
        rows.texts(|(figure, _, _)| Some(figure.indicator_id)),
        rows.texts(|(figure, _, _)| Some(figure.authority_code)),
        rows.days(|(figure, _, _)| Some(figure.period_end)),
        rows.numbers(|(_, _, row)| low(row.interval)),
        rows.numbers(|(_, _, row)| high(row.interval)),
        rows.texts(|(_, _, row)| row.interval_method),
        rows.wholes(|(_, country, _)| Some(country.areas)),
        rows.numbers(|(_, country, _)| country.published_target),
        rows.numbers(|(_, country, _)| country.target),
        rows.texts(|(_, country, _)| country.target_rule),
        rows.numbers(|(_, country, _)| country.dispersion.map(|d| d.phi)),
        rows.numbers(|(_, country, _)| country.dispersion.map(|d| d.tau2)),
        rows.numbers(|(_, country, _)| country.dispersion.map(|d| d.reliability)),
        rows.numbers(|(_, _, row)| row.z),
        rows.numbers(|(_, _, row)| row.z_adjusted),
        rows.numbers(|(_, _, row)| low(level(row.limits, 0))),
        rows.numbers(|(_, _, row)| high(level(row.limits, 0))),
        rows.numbers(|(_, _, row)| low(level(row.limits, 1))),
        rows.numbers(|(_, _, row)| high(level(row.limits, 1))),
        rows.numbers(|(_, _, row)| low(level(row.adjusted, 0))),
        rows.numbers(|(_, _, row)| high(level(row.adjusted, 0))),
        rows.numbers(|(_, _, row)| low(level(row.adjusted, 1))),
        rows.numbers(|(_, _, row)| high(level(row.adjusted, 1))),
        rows.texts(|(_, _, row)| row.label.map(Difference::text)),
        rows.wholes(|(_, _, row)| Some(row.near.count)),
        rows.numbers(|(_, _, row)| row.near.mean),
        rows.numbers(|(_, _, row)| row.near.median),
        rows.numbers(|(_, _, row)| row.pooled),
        rows.numbers(|(_, _, row)| low(row.pooled_interval)),
        rows.numbers(|(_, _, row)| high(row.pooled_interval)),
        rows.numbers(|(_, _, row)| row.z_neighbours),
        rows.texts(|(_, country, _)| country.method),
        rows.texts(|(_, _, row)| row.why.as_deref()),
        rows.texts(|(_, country, _)| country.why.as_deref()),
    ];
    batch(schema(), columns)
}
