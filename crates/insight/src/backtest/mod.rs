//! The backtest: what the signals were worth, had they been read before each inspection of the record.
//!
//! Every prediction rests on what was public on its day alone (`replay`); nothing is fitted on a year that is judged
//! (`rolling`); every signal is held against the last grade on the same inspections and the same draws (`metrics`).
//! The method is in `docs/methods.md`, "Backtest".

mod decision;
mod events;
mod judgements;
mod metrics;
mod read;
mod replay;
mod report;
mod rolling;
mod signals;
mod threats;
mod trial;

#[cfg(test)]
mod tests;

use datafusion::prelude::SessionContext;
use lais_framework::Grade;
use lais_lake::{LakeError, date_of};

pub use decision::DecisionPoint;
pub use events::{LeftOut, Outcome};
pub use judgements::RuleAgreement;
pub use metrics::{OrdinalResult, SignalResult};
pub use report::{About, NOT_SHOWN, Report, StratumResult, Tried, Verdict, WithBuilt};
pub use signals::Group;

use decision::curves;
use events::{Event, FIRST_YEAR, Record};
use metrics::{ordinals, results};
use replay::{Indicator, Known, LEAD_DAYS, OLDEST_YEARS, indicators, replay};
use report::{tried, verdicts};
use signals::{BASE_RATE, LAST_GRADE, Signal, signals};
use threats::threats;
use trial::Trial;

/// How a backtest is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The year from which inspections are judged; earlier ones are learnt from.
    pub from: i16,
    /// The seed of the bootstrap.
    pub seed: u64,
    /// Its draws, 100 or more.
    pub draws: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { from: FIRST_YEAR, seed: 1, draws: 2000 }
    }
}

/// Why there is no backtest.
#[derive(Debug, thiserror::Error)]
pub enum BacktestError {
    /// The session cannot answer.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// There is nothing to judge signals on.
    #[error("{0}")]
    Cannot(String),
}

/// Judges every signal on the re-inspections of a snapshot.
///
/// The session has the facts of a snapshot (`observation`, `indicator`, `source`, `authority`) and its `inspection`. The
/// same facts, seed and draws give the same report, on any number of threads.
///
/// # Errors
/// Where the session cannot answer, there is no re-inspection to judge, or fewer than 100 draws are asked for.
pub async fn backtest(session: &SessionContext, options: Options) -> Result<Report, BacktestError> {
    if options.draws < 100 {
        return Err(BacktestError::Cannot("fewer than 100 draws say nothing of the ends of an interval".to_owned()));
    }
    let record = Record::read(session).await?;
    let is_judged = |event: &&Event| event.printed.is_some() && event.year() >= options.from;
    if !record.events.iter().any(|event| is_judged(&event)) {
        return Err(BacktestError::Cannot(format!(
            "no re-inspection with an overall grade began in {} or later; the lake must hold the history of inspections",
            options.from
        )));
    }
    let indicators = indicators(session).await?;
    let known = replay(session, &record.events, &indicators).await?;
    Ok(judge(&record, &known, &indicators, options))
}

fn judge(record: &Record, known: &[Known], indicators: &[Indicator], options: Options) -> Report {
    let events = &record.events;
    let signals = signals(events, known, indicators);
    let trial = |outcome| Trial::new(events, signals.iter(), outcome, options, |event| event.printed.is_some());
    let trials = Outcome::ALL.map(trial);
    let of_signals: Vec<SignalResult> = trials.iter().flat_map(results).collect();
    let decision_curves = trials.iter().flat_map(curves).collect();
    let verdicts = verdicts(&of_signals, options.draws);
    let tried = tried(&of_signals, &verdicts);
    let about = about(record, known, indicators, options);
    let many = || signals.iter().filter(|signal| signal.group != Group::Indicator);
    let strata = strata(events, many().filter(|s| s.group == Group::Composite || s.id == LAST_GRADE), options);
    let ordered = many().filter(|s| s.group == Group::Composite || s.id == LAST_GRADE);
    let ordered = Trial::new(events, ordered, Outcome::LessThanGood, options, |event| event.printed.is_some());
    let built = Outcome::ALL.map(|outcome| Trial::new(events, many(), outcome, options, |_| true));
    let with_built_outcomes = WithBuilt {
        rules: record.rules.clone(),
        built: events.iter().filter(|e| e.printed.is_none() && e.year() >= options.from).count(),
        signals: built.iter().flat_map(results).collect(),
    };
    let threats = threats(record, indicators, &about, &tried, with_built_outcomes.built);
    let ordinal = ordinals(&ordered);
    Report {
        about,
        signals: of_signals,
        verdicts,
        tried,
        decision_curves,
        ordinal,
        strata,
        with_built_outcomes,
        threats,
    }
}

/// The last grade and composites by calendar year and by pathway.
fn strata<'a>(
    events: &'a [Event],
    signals: impl Iterator<Item = &'a Signal> + Clone,
    options: Options,
) -> Vec<StratumResult> {
    let whole = Trial::new(events, signals, Outcome::LessThanGood, options, |event| event.printed.is_some());
    let mut years: Vec<i16> = whole.cases.iter().map(|case| case.event.year()).collect();
    years.dedup();
    let of_part = |by: &'static str, stratum: String, keep: &dyn Fn(&Event) -> bool| -> Vec<StratumResult> {
        let part = results(&whole.only(keep));
        part.into_iter().map(|result| StratumResult::of(by, &stratum, result)).collect()
    };
    let mut strata = vec![];
    for year in years {
        strata.extend(of_part("year", year.to_string(), &|event| event.year() == year));
    }
    let pathways: [(&str, &[Grade]); 3] = [
        ("outstanding or good", &[Grade::Outstanding, Grade::Good]),
        ("requires-improvement", &[Grade::RequiresImprovement]),
        ("inadequate", &[Grade::Inadequate]),
    ];
    for (pathway, grades) in pathways {
        strata.extend(of_part("pathway", pathway.to_owned(), &|event| grades.contains(&event.last.grade)));
    }
    strata
}

fn about(record: &Record, known: &[Known], indicators: &[Indicator], options: Options) -> About {
    let judged = || {
        let both = record.events.iter().zip(known);
        both.filter(|(event, _)| event.printed.is_some() && event.year() >= options.from)
    };
    let sum = |count: fn(&Known) -> usize| judged().map(|(_, known)| count(known)).sum();
    let days = || judged().map(|(event, _)| event.started_on);
    About {
        from: options.from,
        seed: options.seed,
        draws: options.draws,
        lead_days: LEAD_DAYS,
        oldest_years: OLDEST_YEARS,
        n: judged().count(),
        first: days().min().map(|day| date_of(day).to_string()),
        last: days().max().map(|day| date_of(day).to_string()),
        left_out: record.left_out.clone(),
        indicators: indicators.len(),
        figures: sum(|known| known.figures),
        figures_assumed: sum(|known| known.assumed),
        figures_later_revised: sum(|known| known.later_revised),
        deprivation: "Deprivation is the income deprivation affecting children index (IDACI), as the services are \
                      children's; the latest edition counts, but only those that were public on the day and are held. An \
                      inspection before the first edition that is held has none. The share of children in families of low \
                      income (child-poverty) stands beside it, as it is held for more years.",
    }
}
