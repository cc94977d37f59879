//! The inspections that signals are judged on, each signal's score and probability of every one of them.

use std::collections::BTreeMap;

use lais_stats::{Refusal, Resamples};

use super::events::{Event, Outcome};
use super::rolling::{Case, probabilities};
use super::signals::{Score, Signal};
use super::{BASE_RATE, LAST_GRADE, Options};

/// Signals and the inspections that they are judged on.
pub(super) struct Trial<'a> {
    pub(super) outcome: Outcome,
    pub(super) cases: Vec<Case<'a>>,
    pub(super) scored: Vec<Scored<'a>>,
    draws: u32,
    seed: u64,
}

/// What a signal said of each case.
pub(super) struct Scored<'a> {
    pub(super) signal: &'a Signal,
    pub(super) score: Vec<Option<f64>>,
    pub(super) probability: Vec<Result<f64, String>>,
}

impl<'a> Trial<'a> {
    /// A trial of an outcome on those events that `counts` lets in.
    ///
    /// Probabilities are learnt from all of them; those that began in the year asked for or later are judged.
    pub(super) fn new(
        events: &'a [Event],
        signals: impl Iterator<Item = &'a Signal>,
        outcome: Outcome,
        options: Options,
        counts: impl Fn(&Event) -> bool,
    ) -> Self {
        let known = events.iter().enumerate().filter(|(_, event)| counts(event));
        let all: Vec<Case<'a>> =
            known.filter_map(|(at, event)| Some(Case { at, event, outcome: event.outcome(outcome)? })).collect();
        let judged: Vec<usize> = (0..all.len()).filter(|i| all[*i].event.year() >= options.from).collect();
        let of_signal = |signal: &'a Signal| {
            let made = probabilities(&all, &signal.forecast);
            let probability: Vec<Result<f64, String>> = judged.iter().map(|i| made[*i].clone()).collect();
            let score = match &signal.score {
                Score::Itself(score) => judged.iter().map(|i| score[all[*i].at]).collect(),
                Score::Probability => probability.iter().map(|p| p.as_ref().ok().copied()).collect(),
            };
            Scored { signal, score, probability }
        };
        let scored = signals.map(of_signal).collect();
        let cases = judged.iter().map(|i| all[*i]).collect();
        Self { outcome, cases, scored, draws: options.draws, seed: options.seed }
    }

    pub(super) fn outcomes(&self) -> Vec<bool> {
        self.cases.iter().map(|case| case.outcome).collect()
    }

    /// Resamples of the authorities of the cases.
    pub(super) fn resamples(&self) -> Result<Resamples, Refusal> {
        let mut number = BTreeMap::new();
        for case in &self.cases {
            let next = number.len() as u64;
            number.entry(case.event.authority_code.as_str()).or_insert(next);
        }
        // By the code and not by who came first, so that draws do not depend on the order of inspections.
        for (place, number) in number.values_mut().enumerate() {
            *number = place as u64;
        }
        let keys: Vec<u64> = self.cases.iter().map(|case| number[case.event.authority_code.as_str()]).collect();
        Resamples::new(&keys, self.draws, self.seed)
    }

    /// The same signals on some of the cases alone.
    pub(super) fn only(&self, keep: impl Fn(&Event) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.cases.len()).filter(|i| keep(self.cases[*i].event)).collect();
        let scored = self.scored.iter().map(|scored| Scored {
            signal: scored.signal,
            score: kept.iter().map(|i| scored.score[*i]).collect(),
            probability: kept.iter().map(|i| scored.probability[*i].clone()).collect(),
        });
        Self {
            outcome: self.outcome,
            cases: kept.iter().map(|i| self.cases[*i]).collect(),
            scored: scored.collect(),
            draws: self.draws,
            seed: self.seed,
        }
    }

    fn named(&self, id: &str) -> Option<&Scored<'a>> {
        self.scored.iter().find(|scored| scored.signal.id == id)
    }

    /// What every signal is held against.
    pub(super) fn last_grade(&self) -> Option<&Scored<'a>> {
        self.named(LAST_GRADE)
    }

    /// What every probability is held against.
    pub(super) fn base_rate(&self) -> Option<&Scored<'a>> {
        self.named(BASE_RATE)
    }
}
