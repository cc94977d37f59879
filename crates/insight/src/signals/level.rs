//! The level of signals: each authority's rate, drawn to the country's the more the fewer there are.

use std::ops::RangeInclusive;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;
use lais_stats::{Interval, Level, RateBelief, Refusal, fit_negative_binomial};

use super::plan::Plan;
use super::record::{Authority, Counted, Month, Record, days};
use super::{NO_CHILDREN, NO_RECORD, too_short};
use crate::columns::{Rows, batch, schema_of};

/// Children that a rate is per, in a year.
pub(super) const PER: f64 = 10_000.0;

pub(super) fn schema() -> SchemaRef {
    schema_of(
        "authority_code:text channel:text period_start:day period_end:day months:whole signals:whole cases:whole \
         serious_open:whole children:number rate:number national_rate:number level:number level_low:number \
         level_high:number above_excess:number excess:number edition:text method:text why:text",
    )
}

struct Row<'a> {
    authority_code: &'a str,
    channel: &'static str,
    months: Option<RangeInclusive<Month>>,
    counted: Counted,
    serious_open: usize,
    children: Option<f64>,
    believed: Result<Believed, String>,
}

/// What is believed of an authority's rate, per 10,000 children a year.
struct Believed {
    rate: f64,
    national_rate: f64,
    level: f64,
    interval: Interval,
    above_excess: f64,
    method: &'static str,
}

pub(super) fn run(inputs: &[RecordBatch], as_at: Date) -> Result<Vec<RecordBatch>, String> {
    let plan = Plan::built_in()?;
    let record = Record::read(inputs, as_at)?;
    let mut rows: Vec<Row<'_>> =
        Record::channels().into_iter().flat_map(|channel| of_channel(&record, channel, &plan)).collect();
    rows.sort_by_key(|row| (row.authority_code, row.channel));
    table(&rows, &plan).map(|batch| vec![batch])
}

fn of_channel<'a>(record: &Record<'a>, channel: &'static str, plan: &Plan) -> Vec<Row<'a>> {
    let measured: Vec<Result<(RangeInclusive<Month>, f64), String>> =
        record.authorities.iter().map(|authority| exposed(authority, plan)).collect();
    let counts: Vec<Counted> = record
        .authorities
        .iter()
        .zip(&measured)
        .map(|(own, measured)| {
            measured.as_ref().map_or_else(|_| Counted::default(), |(m, _)| record.counted(own.code, channel, m))
        })
        .collect();
    let (events, exposure): (Vec<f64>, Vec<f64>) =
        counts.iter().zip(&measured).filter_map(|(c, m)| Some((c.cases as f64, m.as_ref().ok()?.1))).unzip();
    let prior = fit_negative_binomial(&events, &exposure).map(|fit| fit.prior);
    let national = events.iter().sum::<f64>() / exposure.iter().sum::<f64>();
    let row = |((own, measured), counted): ((&Authority<'a>, _), &Counted)| {
        let (months, believed) = match measured {
            Ok((months, exposure)) => {
                let believed = prior.and_then(|prior| believe(prior, national, counted.cases as f64, exposure, plan));
                (Some(months), believed.map_err(|refusal| refusal.to_string()))
            }
            Err(why) => (None, Err(why)),
        };
        let (children, serious_open) = (own.children, record.serious_open(own.code, channel));
        Row { authority_code: own.code, channel, months, counted: *counted, serious_open, children, believed }
    };
    record.authorities.iter().zip(measured).zip(&counts).map(row).collect()
}

/// The months that an authority's level is of, and its exposure in them, in 10,000 children and years.
fn exposed(authority: &Authority<'_>, plan: &Plan) -> Result<(RangeInclusive<Month>, f64), String> {
    let held = authority.held.clone().ok_or(NO_RECORD)?;
    let months = *held.start().max(&(held.end() - plan.level_months + 1))..=*held.end();
    let number = months.clone().count();
    if number < usize::try_from(plan.least_months).unwrap_or(usize::MAX) {
        return Err(too_short("are held", plan));
    }
    let children = authority.children.ok_or(NO_CHILDREN)?;
    Ok((months, children / PER * number as f64 / 12.0))
}

fn believe(prior: RateBelief, national: f64, cases: f64, exposure: f64, plan: &Plan) -> Result<Believed, Refusal> {
    let belief = prior.updated(cases, exposure)?;
    Ok(Believed {
        rate: cases / exposure,
        national_rate: national,
        level: belief.mean(),
        interval: belief.interval(Level::P95)?,
        above_excess: belief.exceeds(plan.excess, national)?,
        method: match belief {
            RateBelief::Gamma { .. } => "gamma-poisson",
            RateBelief::National { .. } => "national-rate",
        },
    })
}

fn table(rows: &[Row<'_>], plan: &Plan) -> Result<RecordBatch, String> {
    let rows = Rows(rows);
    let known = |row: &Row<'_>, n: usize| row.months.as_ref().map(|_| n);
    let believed = |get: fn(&Believed) -> f64| -> ArrayRef { rows.numbers(|row| row.believed.as_ref().ok().map(get)) };
    let columns = vec![
        rows.texts(|row| Some(row.authority_code)),
        rows.texts(|row| Some(row.channel)),
        rows.days(|row| row.months.as_ref().map(|months| days(*months.start()).0)),
        rows.days(|row| row.months.as_ref().map(|months| days(*months.end()).1)),
        rows.wholes(|row| row.months.as_ref().map(|months| months.clone().count())),
        rows.wholes(|row| known(row, row.counted.signals)),
        rows.wholes(|row| known(row, row.counted.cases)),
        rows.wholes(|row| Some(row.serious_open)),
        rows.numbers(|row| row.children),
        believed(|b| b.rate),
        believed(|b| b.national_rate),
        believed(|b| b.level),
        believed(|b| b.interval.low),
        believed(|b| b.interval.high),
        believed(|b| b.above_excess),
        rows.numbers(|row| row.believed.is_ok().then_some(plan.excess)),
        rows.texts(|_| Some(plan.edition.as_str())),
        rows.texts(|row| row.believed.as_ref().ok().map(|b| b.method)),
        rows.texts(|row| row.believed.as_ref().err().map(String::as_str)),
    ];
    batch(schema(), columns)
}
