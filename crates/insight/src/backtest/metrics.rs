//! How well a signal foretold an outcome.

use lais_stats::{
    Level, Refusal, Resamples, auc, brier_score, calibration_in_the_large, calibration_slope, delong, log_loss,
    ranking_at_k, somers_d,
};
use serde::Serialize;

use super::LAST_GRADE;
use super::events::Outcome;
use super::judgements::ordinal;
use super::signals::Group;
use super::trial::{Scored, Trial};

/// How well a signal foretold an outcome; what cannot be had is nothing, and `why` says why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignalResult {
    /// The signal's id.
    pub signal: String,
    /// What it is, in words.
    pub title: String,
    /// What sort of signal it is.
    pub group: Group,
    /// What was foretold.
    pub outcome: Outcome,
    /// Inspections of which the signal said something.
    pub n: usize,
    /// Those that had the outcome.
    pub events: usize,
    /// The area under the ROC curve, ties counted half.
    pub auc: Option<f64>,
    /// The lower end of its 95 per cent interval, by a bootstrap of authorities.
    pub auc_low: Option<f64>,
    /// The upper end.
    pub auc_high: Option<f64>,
    /// The lower end by DeLong's variance, which takes every inspection for independent: a check on the bootstrap.
    pub delong_low: Option<f64>,
    /// The upper end.
    pub delong_high: Option<f64>,
    /// The area of the last grade on the same inspections.
    pub last_grade_auc: Option<f64>,
    /// The area less that of the last grade on the same inspections.
    pub difference: Option<f64>,
    /// The lower end of its 95 per cent interval, on paired draws.
    pub difference_low: Option<f64>,
    /// The upper end.
    pub difference_high: Option<f64>,
    /// Inspections of which there is a probability, fitted on earlier years.
    pub n_probability: usize,
    /// The Brier score of those.
    pub brier: Option<f64>,
    /// The share of the base rate's Brier score, on the same inspections, that is saved.
    pub brier_skill: Option<f64>,
    /// The mean of `-ln(probability of what came)`.
    pub log_loss: Option<f64>,
    /// The log odds to add for probabilities to be right on the whole.
    pub calibration_in_the_large: Option<f64>,
    /// 1 is right, below 1 the probabilities are too extreme.
    pub calibration_slope: Option<f64>,
    /// A tenth of the inspections.
    pub k: Option<usize>,
    /// The share of the `k` worst by the signal that had the outcome; expected where scores are tied.
    pub precision_at_k: Option<f64>,
    /// The share of all that had it that are among them.
    pub recall_at_k: Option<f64>,
    /// Precision over the share of all that had it.
    pub lift_at_k: Option<f64>,
    /// Why something is missing.
    pub why: Option<String>,
}

/// How well a signal orders the four grades.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrdinalResult {
    /// The signal's id.
    pub signal: String,
    /// Inspections of which the signal said something.
    pub n: usize,
    /// Somers' D of the signal given the grade, from -1 to 1.
    pub somers_d: Option<f64>,
    /// Why it is missing.
    pub why: Option<String>,
}

/// Reasons for what is missing, each once.
#[derive(Default)]
struct Reasons(Vec<String>);

impl Reasons {
    /// The value, or nothing and the reason kept.
    fn ok<T, E: ToString>(&mut self, what: &str, result: Result<T, E>) -> Option<T> {
        result
            .map_err(|reason| {
                let reason = format!("{what}: {}", reason.to_string());
                if !self.0.contains(&reason) {
                    self.0.push(reason);
                }
            })
            .ok()
    }

    fn words(self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join("; "))
    }
}

/// Of fewer inspections with the outcome, or without, an area says nothing.
const LEAST_OF_EITHER: usize = 5;

/// The area under the ROC curve, of enough inspections.
fn area(outcome: &[bool], score: &[f64]) -> Result<f64, Refusal> {
    let events = outcome.iter().filter(|had| **had).count();
    if !outcome.is_empty() && events.min(outcome.len() - events) < LEAST_OF_EITHER {
        return Err(Refusal::TooFew { what: "inspections with the outcome, or without", least: LEAST_OF_EITHER });
    }
    auc(outcome, score)
}

/// The results of every signal of a trial.
pub(super) fn results(trial: &Trial<'_>) -> Vec<SignalResult> {
    let resamples = trial.resamples();
    let resamples = resamples.as_ref().map_err(ToString::to_string);
    trial.scored.iter().map(|scored| result(trial, scored, resamples.clone())).collect()
}

fn result(trial: &Trial<'_>, scored: &Scored<'_>, resamples: Result<&Resamples, String>) -> SignalResult {
    let mut reasons = Reasons::default();
    let (outcome, score) = held(&trial.outcomes(), &scored.score);
    let mut result = SignalResult {
        signal: scored.signal.id.clone(),
        title: scored.signal.title.clone(),
        group: scored.signal.group,
        outcome: trial.outcome,
        n: outcome.len(),
        events: outcome.iter().filter(|had| **had).count(),
        auc: reasons.ok("area", area(&outcome, &score)),
        auc_low: None,
        auc_high: None,
        delong_low: None,
        delong_high: None,
        last_grade_auc: None,
        difference: None,
        difference_low: None,
        difference_high: None,
        n_probability: 0,
        brier: None,
        brier_skill: None,
        log_loss: None,
        calibration_in_the_large: None,
        calibration_slope: None,
        k: None,
        precision_at_k: None,
        recall_at_k: None,
        lift_at_k: None,
        why: None,
    };
    if result.auc.is_some() {
        let by_delong = delong(&outcome, &score).and_then(|found| found.interval(Level::P95));
        let by_delong = reasons.ok("DeLong's interval", by_delong);
        (result.delong_low, result.delong_high) = by_delong.map(|interval| (interval.low, interval.high)).unzip();
        intervals(&mut result, &mut reasons, trial, scored, resamples);
        first_tenth(&mut result, &mut reasons, &outcome, &score);
    }
    probabilities(&mut result, &mut reasons, trial, scored);
    result.why = reasons.words();
    result
}

/// The outcomes and scores of the cases that have a score.
fn held(outcome: &[bool], score: &[Option<f64>]) -> (Vec<bool>, Vec<f64>) {
    outcome.iter().zip(score).filter_map(|(outcome, score)| Some((*outcome, (*score)?))).unzip()
}

/// The interval of the area, and the difference from the last grade with its own.
fn intervals(
    result: &mut SignalResult,
    reasons: &mut Reasons,
    trial: &Trial<'_>,
    scored: &Scored<'_>,
    resamples: Result<&Resamples, String>,
) {
    let outcome = trial.outcomes();
    let Some(resamples) = reasons.ok("interval", resamples) else { return };
    let found = reasons.ok("interval", resamples.auc(&outcome, &scored.score, Level::P95));
    (result.auc_low, result.auc_high) = found.map(|b| (b.interval.low, b.interval.high)).unzip();
    let Some(last) = trial.last_grade().filter(|_| scored.signal.id != LAST_GRADE) else { return };
    let same: Vec<Option<f64>> = last.score.iter().zip(&scored.score).map(|(last, own)| own.and(*last)).collect();
    let (same_outcome, same_score) = held(&outcome, &same);
    result.last_grade_auc = auc(&same_outcome, &same_score).ok();
    result.difference = result.auc.zip(result.last_grade_auc).map(|(own, last)| own - last);
    let found = reasons.ok("difference", resamples.auc_difference(&outcome, &scored.score, &last.score, Level::P95));
    (result.difference_low, result.difference_high) = found.map(|b| (b.interval.low, b.interval.high)).unzip();
}

/// What comes of visiting the tenth that the signal finds worst.
fn first_tenth(result: &mut SignalResult, reasons: &mut Reasons, outcome: &[bool], score: &[f64]) {
    let k = (outcome.len() + 5) / 10;
    let Some(found) = reasons.ok("the worst tenth", ranking_at_k(outcome, score, k)) else { return };
    result.k = Some(k);
    result.precision_at_k = Some(found.precision);
    (result.recall_at_k, result.lift_at_k) = (found.recall, found.lift);
}

/// A signal's probabilities, over the cases of which the base rate has one too.
pub(super) struct Forecasts {
    pub(super) outcome: Vec<bool>,
    pub(super) p: Vec<f64>,
    /// The base rate's.
    pub(super) base: Vec<f64>,
}

impl Forecasts {
    pub(super) fn of(trial: &Trial<'_>, scored: &Scored<'_>) -> Self {
        let mut all = Self { outcome: vec![], p: vec![], base: vec![] };
        let reference = trial.base_rate().map_or(&[] as &[_], |base| base.probability.as_slice());
        for ((case, own), rate) in trial.cases.iter().zip(&scored.probability).zip(reference) {
            if let (Ok(own), Ok(rate)) = (own, rate) {
                all.outcome.push(case.outcome);
                all.p.push(*own);
                all.base.push(*rate);
            }
        }
        all
    }
}

/// The scores of the probabilities.
fn probabilities(result: &mut SignalResult, reasons: &mut Reasons, trial: &Trial<'_>, scored: &Scored<'_>) {
    let Forecasts { outcome, p, base } = Forecasts::of(trial, scored);
    result.n_probability = p.len();
    if p.is_empty() {
        let why = scored.probability.iter().zip(&scored.score).filter(|(_, score)| score.is_some());
        let why = why.filter_map(|(p, _)| p.as_ref().err()).next();
        reasons.ok("probabilities", Err::<(), _>(why.map_or("there was no figure", String::as_str)));
        return;
    }
    result.brier = reasons.ok("Brier score", brier_score(&outcome, &p));
    let of_base = brier_score(&outcome, &base).ok().filter(|score| *score > 0.0);
    result.brier_skill = result.brier.zip(of_base).map(|(own, base)| 1.0 - own / base);
    result.log_loss = reasons.ok("log loss", log_loss(&outcome, &p));
    result.calibration_in_the_large = reasons.ok("calibration", calibration_in_the_large(&outcome, &p));
    result.calibration_slope = reasons.ok("calibration slope", calibration_slope(&outcome, &p)).map(|line| line.slope);
}

/// How well the signals of a trial order the grades themselves.
pub(super) fn ordinals(trial: &Trial<'_>) -> Vec<OrdinalResult> {
    let of_signal = |scored: &Scored<'_>| {
        let both = trial.cases.iter().zip(&scored.score);
        let (grades, scores): (Vec<i32>, Vec<f64>) =
            both.filter_map(|(case, score)| Some((ordinal(case.event.grade), (*score)?))).unzip();
        let mut reasons = Reasons::default();
        OrdinalResult {
            signal: scored.signal.id.clone(),
            n: grades.len(),
            somers_d: reasons.ok("order of grades", somers_d(&grades, &scores)),
            why: reasons.words(),
        }
    };
    trial.scored.iter().map(of_signal).collect()
}
