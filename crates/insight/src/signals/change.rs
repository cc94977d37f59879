//! The change of signals: whether an authority has more of them than it used to, by a chart month by month.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;
use lais_stats::{
    CountModel, CusumDesign, CusumThreshold, EwmaPoint, RateBelief, Refusal, count_dispersion, cusum_threshold,
    cusum_with_reset, ewma, fit_negative_binomial,
};

use super::level::PER;
use super::plan::Plan;
use super::record::{Authority, Month, Record, days};
use super::{NO_CHILDREN, NO_RECORD, too_short};
use crate::columns::{Rows, batch, schema_of};

/// Expected counts are rounded to powers of this, so that authorities share thresholds.
const STEP: f64 = 1.1;

pub(super) fn schema() -> SchemaRef {
    schema_of(
        "authority_code:text channel:text period_end:day cases:whole expected:number baseline_months:whole cusum:number \
         threshold:number alarm:truth ewma:number ewma_limit:number dispersion:number average_run_length:number \
         false_alarms_a_year:number edition:text method:text why:text",
    )
}

/// Thresholds that were simulated already, by the bits of the dispersion and the expected count's power of [`STEP`].
type Thresholds = BTreeMap<(u64, i32), Result<CusumThreshold, Refusal>>;

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
    ewma: EwmaPoint,
    design: Design,
    threshold: CusumThreshold,
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
    let (mut rows, mut thresholds) = (Vec::new(), Thresholds::new());
    for channel in Record::channels() {
        rows.extend(of_channel(&record, channel, &mut thresholds, &plan));
    }
    rows.sort_by_key(|row| (row.authority_code, row.channel, row.month));
    table(&rows, &plan).map(|batch| vec![batch])
}

fn of_channel<'a>(
    record: &Record<'a>,
    channel: &'static str,
    thresholds: &mut Thresholds,
    plan: &Plan,
) -> Vec<Row<'a>> {
    let watched: Vec<Result<Watched, String>> =
        record.authorities.iter().map(|own| Watched::new(record, own, channel, plan)).collect();
    let charts = Charts::new(&watched, plan).map_err(|refusal| refusal.to_string());
    let mut rows = Vec::new();
    for (own, watched) in record.authorities.iter().zip(&watched) {
        let mut chart = || {
            let (watched, charts) = (watched.as_ref()?, charts.as_ref()?);
            let counts = record.by_month(own.code, channel, &watched.monitored);
            let charted = charts.of(watched, &counts, thresholds, plan).map_err(|refusal| refusal.to_string());
            Ok::<_, &String>(charted.map(|charted| watched.monitored.clone().zip(charted)))
        };
        let row = |month, charted| Row { authority_code: own.code, channel, month, charted };
        match chart().map_err(String::clone).flatten() {
            Ok(charted) => rows.extend(charted.map(|(month, charted)| row(month, Ok(charted)))),
            Err(why) => rows.push(row(record.latest, Err(why))),
        }
    }
    rows
}

impl Watched {
    fn new(record: &Record<'_>, own: &Authority<'_>, channel: &str, plan: &Plan) -> Result<Self, String> {
        let held = own.held.clone().ok_or(NO_RECORD)?;
        let monitored = held.end() - plan.change_months + 1..=*held.end();
        let last = monitored.start() - 1;
        let baseline = *held.start().max(&(last - plan.baseline_months + 1))..=last;
        if baseline.clone().count() < usize::try_from(plan.least_months).unwrap_or(usize::MAX) {
            return Err(too_short("are held before those that are looked at", plan));
        }
        let monthly = own.children.ok_or(NO_CHILDREN)? / PER / 12.0;
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
    fn new(watched: &[Result<Watched, String>], plan: &Plan) -> Result<Self, Refusal> {
        let (events, exposure): (Vec<f64>, Vec<f64>) = watched.iter().flatten().map(Watched::events).unzip();
        let prior = fit_negative_binomial(&events, &exposure)?.prior;
        let series: Vec<&[f64]> = watched.iter().flatten().map(|watched| watched.before.as_slice()).collect();
        let dispersion = match count_dispersion(&series) {
            Ok(found) if found.p_value < plan.dispersion_p => found.dispersion,
            // Where there are too few events to tell they are taken for Poisson counts.
            Ok(_) | Err(_) => 0.0,
        };
        let model = match dispersion > 0.0 {
            true => CountModel::NegativeBinomial { dispersion },
            false => CountModel::Poisson,
        };
        Ok(Self { prior, design: Design { chart: CusumDesign::new(model, plan.rate_ratio)?, dispersion } })
    }

    /// The chart of an authority, month by month.
    fn of(
        &self,
        watched: &Watched,
        counts: &[f64],
        thresholds: &mut Thresholds,
        plan: &Plan,
    ) -> Result<Vec<Charted>, Refusal> {
        let (events, exposure) = watched.events();
        let belief = self.prior.updated(events, exposure)?;
        let step = (belief.mean() * watched.monthly).log(STEP).round() as i32;
        let expected = STEP.powi(step);
        let threshold = (*thresholds
            .entry((self.design.dispersion.to_bits(), step))
            .or_insert_with(|| threshold(self.design.chart, expected, plan)))?;
        let expectations = vec![expected; counts.len()];
        let run = cusum_with_reset(counts, &expectations, self.design.chart, threshold.threshold)?;
        let averages = ewma(counts, &expectations, plan.ewma_weight, plan.ewma_width)?;
        let charted = |(place, (cusum, ewma)): (usize, (f64, EwmaPoint))| Charted {
            cases: counts[place] as usize,
            expected,
            baseline_months: watched.before.len(),
            cusum,
            alarm: run.alarms.contains(&place),
            ewma,
            design: self.design,
            threshold,
        };
        Ok(run.path.iter().copied().zip(averages).enumerate().map(charted).collect())
    }
}

/// The threshold at which all charts of an authority together raise a false alarm no more often than is planned.
fn threshold(design: CusumDesign, expected: f64, plan: &Plan) -> Result<CusumThreshold, Refusal> {
    let charts = Record::channels().len() as f64;
    let run_length = f64::from(plan.years_without_alarm) * 12.0 * charts;
    cusum_threshold(design, &[expected], run_length, plan.series, plan.seed)
}

fn table(rows: &[Row<'_>], plan: &Plan) -> Result<RecordBatch, String> {
    // So many false alarms a year all charts together would raise.
    let mut last: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for row in rows {
        if let Ok(charted) = &row.charted {
            last.insert((row.authority_code, row.channel), 12.0 / charted.threshold.average_run_length);
        }
    }
    let false_alarms: f64 = last.values().sum();
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
        number(|c| c.threshold.threshold),
        rows.truths(|row| row.charted.as_ref().ok().map(|c| c.alarm)),
        number(|c| c.ewma.value),
        number(|c| c.ewma.limit),
        number(|c| c.design.dispersion),
        number(|c| c.threshold.average_run_length),
        rows.numbers(|row| row.charted.is_ok().then_some(false_alarms)),
        rows.texts(|_| Some(plan.edition.as_str())),
        rows.texts(|row| row.charted.as_ref().ok().map(|c| method(c.design))),
        rows.texts(|row| row.charted.as_ref().err().map(String::as_str)),
    ];
    batch(schema(), columns)
}

fn method(design: Design) -> &'static str {
    match design.dispersion > 0.0 {
        true => "cusum-negative-binomial",
        false => "cusum-poisson",
    }
}
