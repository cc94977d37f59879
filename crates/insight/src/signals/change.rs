//! The change of signals: whether an authority has more of them than it used to, by a chart month by month.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;
use lais_stats::{
    CountModel, CusumDesign, CusumThreshold, RateBelief, Refusal, count_dispersion, cusum, cusum_alarm_chance,
    cusum_threshold, cusum_with_reset, fit_negative_binomial,
};

use super::plan::Plan;
use super::record::{Authority, Month, Record, days};
use super::{EVERY_CASE, NO_CASE, NO_RECORD, latest};
use crate::columns::{Rows, batch, schema_of};

/// Expected counts are rounded up to powers of this, so that authorities share thresholds.
const STEP: f64 = 1.05;

pub(super) fn schema() -> SchemaRef {
    schema_of(
        "authority_code:text channel:text period_end:day cases:whole expected:number baseline_months:whole cusum:number \
         threshold:number alarm:truth last_alarm:day dispersion:number average_run_length:number \
         chance_if_doubled:number chance_if_unchanged:number alarms_by_chance:number edition:text method:text why:text",
    )
}

/// A simulated chart, by the bits of the dispersion and the expected count's power of [`STEP`].
type Simulated = BTreeMap<(u64, i32), Result<Alarms, Refusal>>;

/// When a chart raises an alarm, and how likely it is to.
#[derive(Clone, Copy)]
struct Alarms {
    threshold: CusumThreshold,
    /// The chance of an alarm in the months that are looked at, with the rate that is looked for in all of them.
    if_changed: f64,
    /// The same with nothing wrong.
    if_unchanged: f64,
}

/// A month of an authority and channel, or the last whole one where nothing can be said.
struct Row<'a> {
    authority_code: &'a str,
    channel: &'static str,
    month: Month,
    charted: Result<Charted, String>,
}

/// A month of a chart.
struct Charted {
    cases: usize,
    expected: f64,
    baseline_months: usize,
    cusum: f64,
    alarm: bool,
    last_alarm: Option<Month>,
    design: Design,
    alarms: Alarms,
}

/// How the counts of a channel vary.
#[derive(Clone, Copy)]
struct Design {
    chart: CusumDesign,
    /// Above 0 where they vary more than Poisson counts.
    dispersion: f64,
}

/// An authority and channel that can be watched.
struct Watched {
    /// The months that are looked at.
    monitored: RangeInclusive<Month>,
    /// Its exposure in one of them, in 10,000 children and years.
    monthly: f64,
    /// The cases of each month before them.
    before: Vec<f64>,
}

pub(super) fn run(inputs: &[RecordBatch], as_at: Date) -> Result<Vec<RecordBatch>, String> {
    let plan = Plan::built_in()?;
    let record = Record::read(inputs, as_at)?;
    let (mut rows, mut simulated) = (Vec::new(), Simulated::new());
    for channel in Record::channels() {
        rows.extend(of_channel(&record, channel, &mut simulated, &plan));
    }
    rows.sort_by_key(|row| (row.authority_code, row.channel, row.month));
    table(&rows, &plan).map(|batch| vec![batch])
}

fn of_channel<'a>(record: &Record<'a>, channel: &'static str, simulated: &mut Simulated, plan: &Plan) -> Vec<Row<'a>> {
    let watched: Vec<Result<Watched, String>> =
        record.authorities.iter().map(|own| Watched::new(record, own, channel, plan)).collect();
    let charts = Charts::new(&watched, plan);
    let mut rows = Vec::new();
    for (own, watched) in record.authorities.iter().zip(watched) {
        let mut chart = |watched: Watched| {
            let counts = record.by_month(own.code, channel, &watched.monitored);
            charts.as_ref().map_err(String::clone)?.of(&watched, &counts, simulated, plan)
        };
        let row = |month, charted| Row { authority_code: own.code, channel, month, charted };
        match watched.and_then(&mut chart) {
            Ok(charted) => rows.extend(charted.into_iter().map(|(month, charted)| row(month, Ok(charted)))),
            Err(why) => {
                let last = record.held(own, channel).map_or(record.latest, |held| *held.end());
                rows.push(row(last, Err(why)));
            }
        }
    }
    rows
}

impl Watched {
    fn new(record: &Record<'_>, own: &Authority<'_>, channel: &str, plan: &Plan) -> Result<Self, String> {
        let monthly = own.exposure()? / 12.0;
        let held = record.held(own, channel).ok_or(NO_RECORD)?;
        let monitored = held.end() - plan.change_months + 1..=*held.end();
        let which = "are held before those that are looked at";
        let baseline = latest(*held.start(), monitored.start() - 1, plan.baseline_months, which, plan)?;
        Ok(Self { monitored, monthly, before: record.by_month(own.code, channel, &baseline) })
    }

    /// The cases of the months before, and the exposure in them.
    fn events(&self) -> (f64, f64) {
        (self.before.iter().sum(), self.monthly * self.before.len() as f64)
    }
}

/// What the months before say of all authorities' charts of one channel.
struct Charts {
    prior: RateBelief,
    design: Design,
}

impl Charts {
    fn new(watched: &[Result<Watched, String>], plan: &Plan) -> Result<Self, String> {
        let (events, exposure): (Vec<f64>, Vec<f64>) = watched.iter().flatten().map(Watched::events).unzip();
        if events.iter().all(|events| *events == 0.0) {
            return Err(NO_CASE.to_owned());
        }
        let prior = fit_negative_binomial(&events, &exposure).map_err(|refusal| refusal.to_string())?.prior;
        let series: Vec<&[f64]> = watched.iter().flatten().map(|watched| watched.before.as_slice()).collect();
        let telling = events.iter().filter(|events| **events >= 2.0).count();
        let dispersion = match count_dispersion(&series) {
            Ok(found) if telling >= plan.dispersion_areas && found.p_value < plan.dispersion_p => found.dispersion,
            // Where there are too few events to tell they are taken for Poisson counts.
            Ok(_) | Err(_) => 0.0,
        };
        let model = match dispersion > 0.0 {
            true => CountModel::NegativeBinomial { dispersion },
            false => CountModel::Poisson,
        };
        let chart = CusumDesign::new(model, plan.rate_ratio).map_err(|refusal| refusal.to_string())?;
        Ok(Self { prior, design: Design { chart, dispersion } })
    }

    /// The chart of an authority, month by month.
    fn of(
        &self,
        watched: &Watched,
        counts: &[f64],
        simulated: &mut Simulated,
        plan: &Plan,
    ) -> Result<Vec<(Month, Charted)>, String> {
        let refuse = |refusal: Refusal| refusal.to_string();
        let (events, exposure) = watched.events();
        let level = self.prior.updated(events, exposure).map_err(refuse)?.mean();
        let step = (level * watched.monthly).log(STEP).ceil() as i32;
        let (expected, chart) = (STEP.powi(step), self.design.chart);
        let key = (self.design.dispersion.to_bits(), step);
        let alarms = (*simulated.entry(key).or_insert_with(|| Alarms::of(chart, step, plan))).map_err(refuse)?;
        let one_case = cusum(&[1.0], &[expected], chart).map_err(refuse)?;
        if one_case.iter().any(|sum| *sum >= alarms.threshold.threshold) {
            return Err(EVERY_CASE.to_owned());
        }
        let expectations = vec![expected; counts.len()];
        let run = cusum_with_reset(counts, &expectations, chart, alarms.threshold.threshold).map_err(refuse)?;
        let mut last_alarm = None;
        let charted = |(place, month): (usize, Month)| {
            let alarm = run.alarms.contains(&place);
            last_alarm = if alarm { Some(month) } else { last_alarm };
            let charted = Charted {
                cases: counts[place] as usize,
                expected,
                baseline_months: watched.before.len(),
                cusum: run.path[place],
                alarm,
                last_alarm,
                design: self.design,
                alarms,
            };
            (month, charted)
        };
        Ok(watched.monitored.clone().enumerate().map(charted).collect())
    }
}

impl Alarms {
    /// By simulation: all charts of an authority together are to raise a false alarm no more often than is planned.
    fn of(chart: CusumDesign, step: i32, plan: &Plan) -> Result<Self, Refusal> {
        // Each design has draws of its own, so that their errors do not go together.
        let (expected, seed) = (STEP.powi(step), plan.seed.wrapping_add_signed(i64::from(step)));
        let run_length = f64::from(plan.years_without_alarm) * 12.0 * Record::channels().len() as f64;
        let threshold = cusum_threshold(chart, &[expected], run_length, plan.threshold_series, seed)?;
        let months = u32::try_from(plan.change_months).unwrap_or(0);
        let chance =
            |factor| cusum_alarm_chance(chart, expected, factor, months, threshold.threshold, plan.chance_series, seed);
        Ok(Self { threshold, if_changed: chance(plan.rate_ratio)?, if_unchanged: chance(1.0)? })
    }
}

fn table(rows: &[Row<'_>], plan: &Plan) -> Result<RecordBatch, String> {
    // So many charts would have an alarm in their months with nothing wrong anywhere.
    let charts: BTreeMap<(&str, &str), f64> = rows
        .iter()
        .filter_map(|row| Some(((row.authority_code, row.channel), row.charted.as_ref().ok()?.alarms.if_unchanged)))
        .collect();
    let by_chance: f64 = charts.values().sum();
    let rows = Rows(rows);
    let number = |get: fn(&Charted) -> f64| rows.numbers(move |row| row.charted.as_ref().ok().map(get));
    let columns = vec![
        rows.texts(|row| Some(row.authority_code)),
        rows.texts(|row| Some(row.channel)),
        rows.days(|row| Some(days(row.month).1)),
        rows.wholes(|row| row.charted.as_ref().ok().map(|c| c.cases)),
        number(|c| c.expected),
        rows.wholes(|row| row.charted.as_ref().ok().map(|c| c.baseline_months)),
        number(|c| c.cusum),
        number(|c| c.alarms.threshold.threshold),
        rows.truths(|row| row.charted.as_ref().ok().map(|c| c.alarm)),
        rows.days(|row| row.charted.as_ref().ok()?.last_alarm.map(|month| days(month).1)),
        number(|c| c.design.dispersion),
        number(|c| c.alarms.threshold.average_run_length),
        number(|c| c.alarms.if_changed),
        number(|c| c.alarms.if_unchanged),
        rows.numbers(|row| row.charted.is_ok().then_some(by_chance)),
        rows.texts(|_| Some(plan.edition.as_str())),
        rows.texts(|row| row.charted.as_ref().ok().map(|c| method(c.design))),
        rows.texts(|row| row.charted.as_ref().err().map(String::as_str)),
    ];
    batch(schema(), columns)
}

fn method(design: Design) -> &'static str {
    if design.dispersion > 0.0 { "cusum-negative-binomial" } else { "cusum-poisson" }
}
