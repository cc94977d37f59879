//! The level of signals: each authority's rate, drawn to the country's the more the fewer there are.

use std::ops::RangeInclusive;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;
use lais_stats::{Interval, Level, RateBelief, Refusal, fit_negative_binomial, poisson_count};

use super::plan::Plan;
use super::record::{Authority, Counted, Month, Record, days};
use super::{NO_CASE, NO_RECORD, latest};
use crate::columns::{Rows, batch, schema_of};

pub(super) fn schema() -> SchemaRef {
    schema_of(
        "authority_code:text channel:text period_start:day period_end:day months:whole signals:whole cases:whole \
         serious_open:whole children:number rate:number rate_low:number rate_high:number national_rate:number \
         level:number level_low:number level_high:number above_excess:number excess:number edition:text method:text \
         why:text",
    )
}

/// An authority and channel.
struct Row<'a> {
    authority_code: &'a str,
    channel: &'static str,
    serious_open: usize,
    children: Option<f64>,
    measured: Result<Measured, String>,
    believed: Result<Believed, String>,
}

/// What was counted, and in what exposure.
#[derive(Clone)]
struct Measured {
    months: RangeInclusive<Month>,
    counted: Counted,
    /// In 10,000 children and years.
    exposure: f64,
}

/// What is believed of an authority's rate, per 10,000 children a year.
struct Believed {
    rate: f64,
    /// What chance alone could have made of it.
    rate_interval: Interval,
    national_rate: f64,
    level: f64,
    /// None where authorities do not differ by more than chance: the likelihood is then no measure of how sure it is.
    spread: Option<(Interval, f64)>,
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
    let measured: Vec<Result<Measured, String>> =
        record.authorities.iter().map(|own| measure(record, own, channel, plan)).collect();
    let (cases, exposure): (Vec<f64>, Vec<f64>) =
        measured.iter().flatten().map(|own| (own.counted.cases as f64, own.exposure)).unzip();
    let national = cases.iter().sum::<f64>() / exposure.iter().sum::<f64>();
    let prior = match cases.iter().any(|cases| *cases > 0.0) {
        true => fit_negative_binomial(&cases, &exposure).map(|fit| fit.prior).map_err(|refusal| refusal.to_string()),
        false => Err(NO_CASE.to_owned()),
    };
    let row = |(own, measured): (&Authority<'a>, Result<Measured, String>)| {
        let believe = |measured: Measured| {
            believe(prior.clone()?, national, &measured, plan).map_err(|refusal| refusal.to_string())
        };
        Row {
            authority_code: own.code,
            channel,
            serious_open: record.serious_open(own.code, channel),
            children: own.children,
            believed: measured.clone().and_then(believe),
            measured,
        }
    };
    record.authorities.iter().zip(measured).map(row).collect()
}

fn measure(record: &Record<'_>, own: &Authority<'_>, channel: &str, plan: &Plan) -> Result<Measured, String> {
    let yearly = own.exposure()?;
    let held = record.held(own, channel).ok_or(NO_RECORD)?;
    let months = latest(*held.start(), *held.end(), plan.level_months, "are held", plan)?;
    let number = months.clone().count();
    let counted = record.counted(own.code, channel, &months);
    Ok(Measured { months, counted, exposure: yearly * number as f64 / 12.0 })
}

fn believe(prior: RateBelief, national: f64, own: &Measured, plan: &Plan) -> Result<Believed, Refusal> {
    let cases = own.counted.cases as f64;
    let belief = prior.updated(cases, own.exposure)?;
    let spread = match belief {
        RateBelief::Gamma { .. } => Some((belief.interval(Level::P95)?, belief.exceeds(plan.excess, national)?)),
        RateBelief::National { .. } => None,
    };
    Ok(Believed {
        rate: cases / own.exposure,
        rate_interval: poisson_count(cases, Level::P95)?.scaled(1.0 / own.exposure),
        national_rate: national,
        level: belief.mean(),
        spread,
    })
}

fn table(rows: &[Row<'_>], plan: &Plan) -> Result<RecordBatch, String> {
    let rows = Rows(rows);
    let day =
        |get: fn(&RangeInclusive<Month>) -> i32| rows.days(move |row| Some(get(&row.measured.as_ref().ok()?.months)));
    let whole = |get: fn(&Measured) -> usize| rows.wholes(move |row| row.measured.as_ref().ok().map(get));
    let believed =
        |get: fn(&Believed) -> Option<f64>| -> ArrayRef { rows.numbers(move |row| get(row.believed.as_ref().ok()?)) };
    let columns = vec![
        rows.texts(|row| Some(row.authority_code)),
        rows.texts(|row| Some(row.channel)),
        day(|months| days(*months.start()).0),
        day(|months| days(*months.end()).1),
        whole(|own| own.months.clone().count()),
        whole(|own| own.counted.signals),
        whole(|own| own.counted.cases),
        rows.wholes(|row| Some(row.serious_open)),
        rows.numbers(|row| row.children),
        believed(|b| Some(b.rate)),
        believed(|b| Some(b.rate_interval.low)),
        believed(|b| Some(b.rate_interval.high)),
        believed(|b| Some(b.national_rate)),
        believed(|b| Some(b.level)),
        believed(|b| b.spread.map(|(interval, _)| interval.low)),
        believed(|b| b.spread.map(|(interval, _)| interval.high)),
        believed(|b| b.spread.map(|(_, above)| above)),
        rows.numbers(|row| row.believed.as_ref().ok()?.spread.map(|_| plan.excess)),
        rows.texts(|_| Some(plan.edition.as_str())),
        rows.texts(|row| row.believed.as_ref().ok().map(method)),
        rows.texts(|row| row.believed.as_ref().err().map(String::as_str)),
    ];
    batch(schema(), columns)
}

fn method(believed: &Believed) -> &'static str {
    if believed.spread.is_some() { "gamma-poisson" } else { "national-rate" }
}
