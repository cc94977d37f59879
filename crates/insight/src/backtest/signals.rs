//! The signals: what each says of every event before it began.

use super::events::Event;
use super::replay::{Indicator, Known};

/// What sort of signal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// What anything must be held against.
    Baseline,
    /// Many indicators as one.
    Composite,
    /// One indicator.
    Indicator,
}

/// A signal with its score of every event, the greater the worse.
pub(super) struct Signal {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) group: Group,
    pub(super) score: Score,
    pub(super) forecast: Forecast,
}

/// What events are ordered by.
pub(super) enum Score {
    /// The signal itself, where it is known.
    Itself(Vec<Option<f64>>),
    /// The probability that a regression on earlier years gives.
    Probability,
}

/// How probabilities are made from what was known on the first of January of an event's year.
pub(super) enum Forecast {
    /// The share of earlier events with the outcome.
    BaseRate,
    /// The same of those with the same last grade.
    LastGrade,
    /// A regression on covariates, a list each.
    Regression(Vec<Vec<Option<f64>>>),
}

pub(super) const LAST_GRADE: &str = "last-grade";
pub(super) const BASE_RATE: &str = "base-rate";

/// The criterion that the workforce's indicators speak to.
const WORKFORCE: &str = "le-workforce";
/// Of the indicators that anybody has a figure of, an authority must have this share for a composite.
pub(super) const LEAST_SHARE: f64 = 0.6;
/// From here on a figure is in the worst quarter.
const WORST_QUARTER: f64 = 0.75;

/// Every signal: baselines, composites, then each indicator.
pub(super) fn signals(events: &[Event], known: &[Known], indicators: &[Indicator]) -> Vec<Signal> {
    let grades: Vec<Option<f64>> = events.iter().map(|event| Some(event.last_score())).collect();
    let years: Vec<Option<f64>> = events.iter().map(|event| Some(event.years_since_last())).collect();
    let mean = composite(known, |_| true, |shares| shares.iter().sum::<f64>() / shares.len() as f64);
    let worst = composite(known, |_| true, worst_quarter);
    let of_workforce = |i: usize| indicators[i].criterion_id == WORKFORCE;
    let workforce = composite(known, of_workforce, |shares| shares.iter().sum::<f64>() / shares.len() as f64);
    let circumstance = |at: usize| known.iter().map(|known| known.circumstances[at]).collect();
    let scores = known.iter().map(|known| known.score).collect();
    let constant = events.iter().map(|_| Some(0.0)).collect();
    let (baseline, many) = (Group::Baseline, Group::Composite);
    let with_mean = vec![grades.clone(), mean.clone()];
    let mut signals = vec![
        Signal::new(BASE_RATE, "The base rate, the same for all", baseline, constant).by(Forecast::BaseRate),
        Signal::new(LAST_GRADE, "The last grade", baseline, grades.clone()).by(Forecast::LastGrade),
        Signal::regression("last-grade-and-years", "The last grade, and years since", baseline, vec![grades, years]),
        Signal::new("deprivation", "Income deprivation affecting children (IDACI)", baseline, circumstance(0)),
        Signal::new("alphabetical", "The authority's name in the alphabet", baseline, alphabetical(events)),
        Signal::new("child-poverty", "Children in families of low income", baseline, circumstance(1)),
        Signal::new("indicator-mean", "Mean rank of all indicators", many, mean),
        Signal::new("worst-quarter-share", "Share of indicators in the worst quarter", many, worst),
        Signal::new("workforce-mean", "Mean rank of the workforce's indicators", many, workforce),
        Signal::new("risk-score", "The score of the review groups", many, scores),
        Signal::regression("last-grade-and-indicators", "The last grade, and the mean rank", many, with_mean),
    ];
    signals.extend(indicators.iter().enumerate().map(|(at, indicator)| {
        let shares = known.iter().map(|known| known.share[at]).collect();
        Signal::new(&indicator.indicator_id, &indicator.title, Group::Indicator, shares)
    }));
    signals
}

impl Signal {
    /// A signal that is a score, with probabilities by a regression on it.
    fn new(id: &str, title: &str, group: Group, score: Vec<Option<f64>>) -> Self {
        let forecast = Forecast::Regression(vec![score.clone()]);
        Self { id: id.to_owned(), title: title.to_owned(), group, score: Score::Itself(score), forecast }
    }

    /// A signal that is a regression on several scores.
    fn regression(id: &str, title: &str, group: Group, covariates: Vec<Vec<Option<f64>>>) -> Self {
        let forecast = Forecast::Regression(covariates);
        Self { id: id.to_owned(), title: title.to_owned(), group, score: Score::Probability, forecast }
    }

    fn by(mut self, forecast: Forecast) -> Self {
        self.forecast = forecast;
        self
    }
}

/// One number of an authority's shares, where it has enough of those that anybody has.
fn composite(known: &[Known], among: impl Fn(usize) -> bool, one: impl Fn(&[f64]) -> f64) -> Vec<Option<f64>> {
    let of_event = |known: &Known| {
        let chosen: Vec<usize> = (0..known.share.len()).filter(|i| known.available[*i] && among(*i)).collect();
        let shares: Vec<f64> = chosen.iter().filter_map(|i| known.share[*i]).collect();
        let enough = !shares.is_empty() && shares.len() as f64 >= LEAST_SHARE * chosen.len() as f64;
        enough.then(|| one(&shares))
    };
    known.iter().map(of_event).collect()
}

fn worst_quarter(shares: &[f64]) -> f64 {
    shares.iter().filter(|share| **share >= WORST_QUARTER).count() as f64 / shares.len() as f64
}

/// The place of each event's authority in the alphabet of all names.
fn alphabetical(events: &[Event]) -> Vec<Option<f64>> {
    let mut names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    events.iter().map(|event| names.binary_search(&event.name.as_str()).ok().map(|at| at as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(share: &[Option<f64>], available: &[bool]) -> Known {
        Known { share: share.to_vec(), available: available.to_vec(), ..Known::default() }
    }

    #[test]
    fn a_composite_asks_for_six_in_ten_of_what_anybody_has() {
        let six_of_ten = [vec![Some(0.5); 6], vec![None; 4], vec![None; 5]].concat();
        let available = [vec![true; 10], vec![false; 5]].concat();
        let enough = known(&six_of_ten, &available);
        let short = known(&[vec![Some(0.5); 5], vec![None; 10]].concat(), &available);
        let found = composite(&[enough, short, Known::default()], |_| true, |shares| shares[0]);
        assert_eq!(found, [Some(0.5), None, None]);
    }

    #[test]
    fn a_composite_of_some_indicators_asks_for_a_share_of_those_alone() {
        let one = known(&[Some(0.9), None, None], &[true, true, true]);
        assert_eq!(composite(std::slice::from_ref(&one), |i| i == 0, |shares| shares[0]), [Some(0.9)]);
        assert_eq!(composite(&[one], |_| true, |shares| shares[0]), [None]);
    }

    #[test]
    fn the_worst_quarter_begins_at_three_quarters() {
        assert!((worst_quarter(&[0.749, 0.75, 0.9, 0.1]) - 0.5).abs() < 1e-12);
    }
}
