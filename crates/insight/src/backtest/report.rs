//! What a backtest says.

use serde::Serialize;

use super::LAST_GRADE;
use super::decision::DecisionPoint;
use super::events::{LeftOut, Outcome};
use super::judgements::RuleAgreement;
use super::metrics::{OrdinalResult, SignalResult};
use super::signals::Group;

/// What is said of a signal whose interval is not above that of the last grade.
pub const NOT_SHOWN: &str = "not shown to add to the last grade";

/// What the signals were worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// What was done.
    pub about: About,
    /// How well each signal foretold each outcome, on printed overall grades.
    pub signals: Vec<SignalResult>,
    /// What that comes to, a sentence a signal and outcome.
    pub verdicts: Vec<Verdict>,
    /// How many single indicators were tried, and how many of them exceed by chance.
    pub tried: Vec<Tried>,
    /// What visiting by baselines and composites would have been worth.
    pub decision_curves: Vec<DecisionPoint>,
    /// How well signals order the four grades.
    pub ordinal: Vec<OrdinalResult>,
    /// The areas by calendar year and by pathway.
    pub strata: Vec<StratumResult>,
    /// The same with inspections whose overall grade is made of their judgements.
    pub with_built_outcomes: WithBuilt,
    /// What may make all this wrong.
    pub threats: Vec<String>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct About {
    /// The year from which inspections are judged.
    pub from: i16,
    /// The seed of the bootstrap.
    pub seed: u64,
    /// Its draws.
    pub draws: u32,
    /// So many days before an inspection began a figure must have been public.
    pub lead_days: i32,
    /// A figure of a period that ended longer ago was not used.
    pub oldest_years: i32,
    /// Re-inspections that were judged.
    pub n: usize,
    /// The first day of the first of them, and of the last.
    pub first: Option<String>,
    /// The first day of the last of them.
    pub last: Option<String>,
    /// Inspections that were not foretold, and why.
    pub left_out: Vec<LeftOut>,
    /// Indicators that were tried.
    pub indicators: usize,
    /// Figures that predictions rest on, one an inspection and indicator.
    pub figures: usize,
    /// Those of which the day of publication is assumed.
    pub figures_assumed: usize,
    /// Those that stand as later revised.
    pub figures_later_revised: usize,
    /// Where deprivation is from.
    pub deprivation: &'static str,
}

/// What a signal's result comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The signal's id.
    pub signal: String,
    /// What was foretold.
    pub outcome: Outcome,
    /// Whether the whole interval of the difference is above zero.
    pub adds: bool,
    /// The verdict in words.
    pub verdict: String,
    /// The area less that of the last grade on the same inspections.
    pub difference: Option<f64>,
    /// The lower end of its interval.
    pub difference_low: Option<f64>,
    /// The upper end.
    pub difference_high: Option<f64>,
    /// Inspections that both say something of.
    pub n: usize,
    /// Where the lower end lies so near 0 that another seed may put it on the other side.
    pub note: Option<&'static str>,
}

/// Single indicators that were tried for one outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    /// What was foretold.
    pub outcome: Outcome,
    /// Indicators of which an interval of the difference could be had.
    pub tried: usize,
    /// How many of so many exceed by chance at most, if none is better than the last grade.
    pub expected_by_chance: f64,
    /// How many did.
    pub added: usize,
}

/// The area of a signal in a part of the inspections.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StratumResult {
    /// `year` or `pathway`.
    pub by: &'static str,
    /// The year, or the last grade.
    pub stratum: String,
    /// The signal's id.
    pub signal: String,
    /// What was foretold.
    pub outcome: Outcome,
    /// Inspections of which the signal said something.
    pub n: usize,
    /// Those that had the outcome.
    pub events: usize,
    /// The area under the ROC curve.
    pub auc: Option<f64>,
    /// The lower end of its interval.
    pub auc_low: Option<f64>,
    /// The upper end.
    pub auc_high: Option<f64>,
    /// Why something is missing.
    pub why: Option<String>,
}

/// Results with inspections whose overall grade is made of their judgements.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WithBuilt {
    /// How overall grades were made, and what came of other ways.
    pub rules: Vec<RuleAgreement>,
    /// Inspections of which no overall grade was printed.
    pub built: usize,
    /// Baselines and composites.
    pub signals: Vec<SignalResult>,
}

impl StratumResult {
    pub(super) fn of(by: &'static str, stratum: &str, result: SignalResult) -> Self {
        let SignalResult { signal, outcome, n, events, auc, auc_low, auc_high, .. } = result;
        // Of all that a result can lack a stratum has the area and its interval alone.
        let concerns = |reason: &&str| reason.starts_with("area") || reason.starts_with("interval");
        let why = result.why.unwrap_or_default();
        let why: Vec<&str> = why.split("; ").filter(concerns).collect();
        let why = (!why.is_empty()).then(|| why.join("; "));
        Self { by, stratum: stratum.to_owned(), signal, outcome, n, events, auc, auc_low, auc_high, why }
    }
}

/// What is said where the draws do not settle a verdict.
const NEAR: &str = "the lower end is so near 0 that another seed may put it on the other side";

/// What each result comes to; the last grade itself is the measure.
pub(super) fn verdicts(results: &[SignalResult], draws: u32) -> Vec<Verdict> {
    results.iter().filter(|result| result.signal != LAST_GRADE).map(|result| verdict(result, draws)).collect()
}

/// About twice the standard error that the lower end of a normal interval has from so many draws.
fn play(low: f64, high: f64, draws: u32) -> f64 {
    let standard_deviation = (high - low) / (2.0 * 1.96);
    // The density of the standard normal distribution at its 2.5th percentile is 0.0584.
    2.0 * (BY_CHANCE * (1.0 - BY_CHANCE) / f64::from(draws)).sqrt() * standard_deviation / 0.0584
}

fn verdict(result: &SignalResult, draws: u32) -> Verdict {
    let interval = result.difference_low.zip(result.difference_high);
    let adds = interval.is_some_and(|(low, _)| low > 0.0);
    let found = match (result.difference, interval) {
        (Some(difference), Some((low, high))) => {
            format!("area {difference:+.3} ({low:+.3} to {high:+.3}) on {} inspections", result.n)
        }
        _ => format!("no interval on {} inspections", result.n),
    };
    let verdict = match adds {
        true => format!("adds to the last grade: {found}"),
        false => NOT_SHOWN.to_owned(),
    };
    Verdict {
        signal: result.signal.clone(),
        outcome: result.outcome,
        adds,
        verdict,
        difference: result.difference,
        difference_low: result.difference_low,
        difference_high: result.difference_high,
        n: result.n,
        note: interval.filter(|(low, high)| low.abs() < play(*low, *high, draws)).map(|_| NEAR),
    }
}

/// The share of intervals that lie above zero by chance where there is no difference.
const BY_CHANCE: f64 = 0.025;

/// How many single indicators were tried for each outcome.
pub(super) fn tried(results: &[SignalResult], verdicts: &[Verdict]) -> Vec<Tried> {
    let of_outcome = |outcome: Outcome| {
        let of_it = |signal: &str| {
            let same = |result: &&SignalResult| result.signal == signal && result.outcome == outcome;
            results.iter().find(same).is_some_and(|result| result.group == Group::Indicator)
        };
        let of_it: Vec<&Verdict> = verdicts
            .iter()
            .filter(|v| v.outcome == outcome && v.difference_low.is_some() && of_it(&v.signal))
            .collect();
        Tried {
            outcome,
            tried: of_it.len(),
            expected_by_chance: of_it.len() as f64 * BY_CHANCE,
            added: of_it.iter().filter(|v| v.adds).count(),
        }
    };
    Outcome::ALL.into_iter().map(of_outcome).collect()
}

impl Report {
    /// The result of a signal for an outcome.
    #[must_use]
    pub fn result(&self, signal: &str, outcome: Outcome) -> Option<&SignalResult> {
        self.signals.iter().find(|result| result.signal == signal && result.outcome == outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_end_moves_less_with_more_draws() {
        // The lower ends of 200 simulated intervals, of 2,000 draws each from a normal distribution of standard deviation
        // 0.057, had a standard deviation of 0.0032.
        assert!((play(-0.1, 0.1234, 2000) - 0.0068).abs() < 0.0003);
        assert!(play(-0.1, 0.1, 8000) < 0.51 * play(-0.1, 0.1, 2000));
    }
}
