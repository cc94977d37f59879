//! What was public of every indicator on the day of each prediction.
//!
//! Which vintage of a figure holds on a day is said once, by the models `stg_vintage` and `headline`: the replay runs
//! those models, for every day between which and the next something became public, and reads what they give.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;
use datafusion::prelude::{DataFrame, SessionContext, col, lit};
use jiff::ToSpan as _;
use lais_lake::{Engine, LakeError, Model, date_of, days_since_epoch, run_in_memory};
use lais_stats::Polarity;

use super::BacktestError;
use super::events::Event;
use super::read::Answer;
use crate::figures::{Figures, VIEW};
use crate::models;
use crate::risk::scores_on_a_day;

/// A figure must have been public so many days before an inspection began to foretell it.
pub(super) const LEAD_DAYS: i32 = 30;
/// A figure of a period that ended longer ago than this is not used.
pub(super) const OLDEST_YEARS: i32 = 3;
/// What the places' own circumstances are taken from, the greater the worse: deprivation of children, as the services are
/// theirs; and the share of children in families of low income, which is held for more years.
pub(super) const CIRCUMSTANCES: [&str; 2] = ["deprivation-idaci-score", "lait-childpov"];

/// An indicator that is tried as a signal.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Indicator {
    pub(super) indicator_id: String,
    pub(super) title: String,
    pub(super) polarity: Polarity,
    pub(super) criterion_id: String,
    /// The day on which a figure of it first became public.
    pub(super) first_public: Option<i32>,
}

/// What was public of one event's authority on the day of its prediction.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Known {
    /// By indicator: which share of authorities was better, ties counted half: from 0, the best, to 1, the worst.
    pub(super) share: Vec<Option<f64>>,
    /// By indicator: whether any authority had a figure.
    pub(super) available: Vec<bool>,
    /// The score of the review groups, by the figures of the day.
    pub(super) score: Option<f64>,
    /// By circumstance the latest figure, however old: editions come years apart.
    pub(super) circumstances: [Option<f64>; CIRCUMSTANCES.len()],
    /// Figures that it rests on.
    pub(super) figures: usize,
    /// Those of which the day of publication is assumed.
    pub(super) assumed: usize,
    /// Those of which the vintage that was public is not held, so that they stand as later revised.
    pub(super) later_revised: usize,
}

/// The indicators that are tried, in order of their ids.
pub(super) async fn indicators(session: &SessionContext) -> Result<Vec<Indicator>, BacktestError> {
    let rows = Answer::of(session, include_str!("../../../../sql/backtest/indicator.sql")).await?;
    let (ids, titles, polarities) = (rows.names("indicator_id")?, rows.names("title")?, rows.names("polarity")?);
    let (criteria, first) = (rows.names("criterion_id")?, rows.days("first_public")?);
    let one = |i: usize| Indicator {
        indicator_id: ids[i].clone(),
        title: titles[i].clone(),
        polarity: Polarity::from_id(&polarities[i]).unwrap_or_default(),
        criterion_id: criteria[i].clone(),
        first_public: first[i],
    };
    Ok((0..ids.len()).map(one).collect())
}

/// The last day by whose end a figure must have been public.
pub(super) fn cut_off(event: &Event) -> i32 {
    event.started_on - LEAD_DAYS
}

/// The first day on which a period may end for its figure to be used.
fn oldest(cut_off: i32) -> i32 {
    date_of(cut_off).checked_sub(OLDEST_YEARS.years()).map_or(i32::MIN, days_since_epoch)
}

/// What was public of each event's authority.
pub(super) async fn replay(
    session: &SessionContext,
    events: &[Event],
    indicators: &[Indicator],
) -> Result<Vec<Known>, BacktestError> {
    let bench = Bench::new(session).await?;
    let mut known = vec![Known::default(); events.len()];
    // Between two days on which something became public the models answer alike.
    let mut by_state: BTreeMap<Option<i32>, Vec<usize>> = BTreeMap::new();
    for (i, event) in events.iter().enumerate() {
        let next = bench.clock.partition_point(|day| *day <= cut_off(event));
        by_state.entry(next.checked_sub(1).map(|at| bench.clock[at])).or_default().push(i);
    }
    for (day, of_day) in by_state {
        let Some(day) = day else {
            for i in of_day {
                known[i] = Known::nothing(indicators.len());
            }
            continue;
        };
        let first = of_day.iter().map(|i| oldest(cut_off(&events[*i]))).min().unwrap_or(day);
        bench.run(day, first).await?;
        let public = Public::of(&bench.ask(include_str!("../../../../sql/backtest/figure.sql")).await?, indicators)?;
        let scored = bench.ask(include_str!("../../../../sql/backtest/scored.sql")).await?;
        let figures = Figures::read(scored.batch()).map_err(BacktestError::Cannot)?;
        // What is too old is so by each event's own day.
        let mut scores: BTreeMap<i32, HashMap<String, f64>> = BTreeMap::new();
        for i in of_day {
            known[i] = public.known(&events[i], indicators.len());
            let oldest = oldest(cut_off(&events[i]));
            let of_age = match scores.entry(oldest) {
                Entry::Occupied(held) => held.into_mut(),
                Entry::Vacant(none) => none.insert(
                    scores_on_a_day(&figures, oldest, |id| criterion_of(indicators, id))
                        .map_err(BacktestError::Cannot)?,
                ),
            };
            known[i].score = of_age.get(events[i].authority_code.as_str()).copied();
        }
    }
    Ok(known)
}

fn criterion_of<'a>(indicators: &'a [Indicator], id: &str) -> Option<&'a str> {
    let at = indicators.binary_search_by(|indicator| indicator.indicator_id.as_str().cmp(id)).ok()?;
    Some(&indicators[at].criterion_id)
}

/// A session of its own with the facts that figures are made of.
struct Bench {
    session: SessionContext,
    models: Vec<Model>,
    facts: BTreeSet<String>,
    /// Every observation; the models see those of periods that are asked for.
    all: DataFrame,
    /// The days on which something became public, in their order.
    clock: Vec<i32>,
}

impl Bench {
    async fn new(session: &SessionContext) -> Result<Self, BacktestError> {
        let bench = Engine::Embedded.session();
        let facts = [
            ("observation", include_str!("../../../../sql/backtest/observation.sql")),
            ("source", include_str!("../../../../sql/backtest/source.sql")),
            ("indicator", include_str!("../../../../sql/backtest/described.sql")),
        ];
        for (name, sql) in facts {
            let rows = Answer::of(session, sql).await?.batch().clone();
            let table = MemTable::try_new(rows.schema(), vec![vec![rows]]).map_err(LakeError::from)?;
            bench.register_table(name, Arc::new(table)).map_err(LakeError::from)?;
        }
        let all = bench.table("observation").await.map_err(LakeError::from)?;
        let clock = Answer::of(&bench, include_str!("../../../../sql/backtest/clock.sql")).await?;
        let clock = clock.days("published_on")?.into_iter().flatten().collect();
        let models = models()?.into_iter().filter(|model| matches!(model.name(), "stg_vintage" | "headline" | VIEW));
        let facts = facts.iter().map(|(name, _)| (*name).to_owned()).collect();
        Ok(Self { session: bench, models: models.collect(), facts, all, clock })
    }

    /// Runs the models for a day, on figures of periods that end on another day or later.
    async fn run(&self, day: i32, oldest: i32) -> Result<(), BacktestError> {
        for made in self.models.iter().map(Model::name).chain(["observation"]) {
            self.session.deregister_table(made).map_err(LakeError::from)?;
        }
        // What holds of a period does not depend on other periods, and there are many that nobody asks for.
        let is_recent = col("period_end").gt_eq(lit(ScalarValue::Date32(Some(oldest))));
        let is_circumstance = col("indicator_id").in_list(CIRCUMSTANCES.map(lit).to_vec(), false);
        let recent = self.all.clone().filter(is_recent.or(is_circumstance));
        let recent = recent.map_err(LakeError::from)?.into_view();
        self.session.register_table("observation", recent).map_err(LakeError::from)?;
        Ok(run_in_memory(&self.session, &self.facts, &self.models, date_of(day)).await?)
    }

    /// Asks what the models made.
    async fn ask(&self, sql: &str) -> Result<Answer, BacktestError> {
        Answer::of(&self.session, sql).await
    }
}

/// The figures that were public on a day.
struct Public {
    /// By indicator its periods, the latest first.
    periods: Vec<Vec<Period>>,
    /// The same by circumstance.
    circumstances: [Vec<Period>; CIRCUMSTANCES.len()],
}

/// The figures of one indicator and period, by authority.
struct Period {
    end: i32,
    figures: HashMap<String, Figure>,
}

#[derive(Clone, Copy)]
struct Figure {
    /// The figure turned so that the greater is the worse, and what share of authorities is better.
    worse: f64,
    share: f64,
    assumed: bool,
    vintage_published_on: Option<i32>,
}

impl Public {
    fn of(rows: &Answer, indicators: &[Indicator]) -> Result<Self, BacktestError> {
        let (ids, codes, ends) = (rows.names("indicator_id")?, rows.names("authority_code")?, rows.days("period_end")?);
        let (values, assumed) = (rows.numbers("value")?, rows.truths("published_on_assumed")?);
        let vintages = rows.days("vintage_published_on")?;
        let mut public =
            Self { periods: indicators.iter().map(|_| vec![]).collect(), circumstances: Default::default() };
        let all: Vec<usize> = (0..ids.len()).collect();
        for of_period in all.chunk_by(|a, b| ids[*a] == ids[*b] && ends[*a] == ends[*b]) {
            let (id, Some(end)) = (&ids[of_period[0]], ends[of_period[0]]) else { continue };
            let at = indicators.binary_search_by(|indicator| indicator.indicator_id.cmp(id)).ok();
            let circumstance = CIRCUMSTANCES.iter().position(|circumstance| circumstance == id);
            let (periods, sign) = match (at, circumstance) {
                (Some(at), _) if indicators[at].polarity == Polarity::HighIsBetter => (&mut public.periods[at], -1.0),
                (Some(at), _) => (&mut public.periods[at], 1.0),
                (None, Some(at)) => (&mut public.circumstances[at], 1.0),
                (None, None) => continue,
            };
            let worse: Vec<f64> = of_period.iter().map(|i| sign * values[*i].unwrap_or_default()).collect();
            let figures = of_period.iter().zip(&worse).zip(shares(&worse)).map(|((i, worse), share)| {
                let figure = Figure { worse: *worse, share, assumed: assumed[*i], vintage_published_on: vintages[*i] };
                (codes[*i].clone(), figure)
            });
            // Rows come with the earliest period first.
            periods.insert(0, Period { end, figures: figures.collect() });
        }
        Ok(public)
    }

    fn known(&self, event: &Event, indicators: usize) -> Known {
        let (cut_off, code) = (cut_off(event), event.authority_code.as_str());
        let oldest = oldest(cut_off);
        let mut known = Known::nothing(indicators);
        for (at, periods) in self.periods.iter().enumerate() {
            known.available[at] = periods.iter().any(|period| period.end >= oldest);
            let Some(figure) = latest(periods, code, oldest) else { continue };
            known.share[at] = Some(figure.share);
            known.figures += 1;
            known.assumed += usize::from(figure.assumed);
            known.later_revised += usize::from(figure.vintage_published_on.is_some_and(|day| day > cut_off));
        }
        for (own, periods) in known.circumstances.iter_mut().zip(&self.circumstances) {
            *own = latest(periods, code, i32::MIN).map(|figure| figure.worse);
        }
        known
    }
}

/// The figure of an authority's latest period that is not too old.
fn latest(periods: &[Period], code: &str, oldest: i32) -> Option<Figure> {
    let recent = periods.iter().take_while(|period| period.end >= oldest);
    recent.filter_map(|period| period.figures.get(code)).next().copied()
}

impl Known {
    fn nothing(indicators: usize) -> Self {
        Self { share: vec![None; indicators], available: vec![false; indicators], ..Self::default() }
    }
}

/// By value the share of values below it, ties counted half: `(mean rank - 1/2) / n`.
fn shares(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut shares = vec![0.0; values.len()];
    let mut below = 0;
    for tie in order.chunk_by(|a, b| values[*a] == values[*b]) {
        for i in tie {
            shares[*i] = (below as f64 + tie.len() as f64 / 2.0) / values.len() as f64;
        }
        below += tie.len();
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_counts_ties_half() {
        assert_eq!(shares(&[3.0, 1.0, 3.0, 2.0]), [0.75, 0.125, 0.75, 0.375]);
        assert_eq!(shares(&[5.0, 5.0]), [0.5, 0.5]);
        assert_eq!(shares(&[]), Vec::<f64>::new());
    }

    #[test]
    fn three_years_are_counted_by_the_calendar() {
        let day = |text: &str| days_since_epoch(text.parse().unwrap());
        assert_eq!(oldest(day("2024-02-29")), day("2021-02-28"));
        assert_eq!(oldest(day("2023-03-31")), day("2020-03-31"));
    }
}
