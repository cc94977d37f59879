//! Probabilities by rolling origin: for the inspections of a year from those whose outcome was known when it began.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lais_framework::Grade;
use lais_lake::days_since_epoch;
use lais_stats::{Penalty, logistic_regression};

use super::events::Event;
use super::signals::Forecast;

/// Fewer earlier inspections than these give no probability.
pub(super) const LEAST_HISTORY: usize = 30;
/// Inspections at the base rate that are added to those of each last grade.
const PSEUDO: f64 = 2.0;

/// An event that can have the outcome, and whether it had it.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    /// Its place among all events.
    pub(super) at: usize,
    pub(super) event: &'a Event,
    pub(super) outcome: bool,
}

/// The probability of each case, where there was enough history; and why there is none where all lack one.
pub(super) fn probabilities(cases: &[Case<'_>], forecast: &Forecast) -> Vec<Result<f64, String>> {
    let mut fits: BTreeMap<i16, Fit> = BTreeMap::new();
    let of_case = |case: &Case<'_>| {
        let year = case.event.year();
        let fit = fits.entry(year).or_insert_with(|| Fit::of(&known_by(cases, year), forecast));
        fit.probability(case, forecast)
    };
    cases.iter().map(of_case).collect()
}

/// The cases whose outcome was published before a year began.
fn known_by<'a>(cases: &[Case<'a>], year: i16) -> Vec<Case<'a>> {
    let begins = Date::new(year, 1, 1).map_or(i32::MIN, days_since_epoch);
    cases.iter().filter(|case| case.event.published_on.is_some_and(|day| day < begins)).copied().collect()
}

/// What is learnt from history.
enum Fit {
    Rate(f64),
    ByGrade(BTreeMap<Grade, f64>, f64),
    Regression(lais_stats::Logistic),
    None(String),
}

impl Fit {
    fn of(history: &[Case<'_>], forecast: &Forecast) -> Self {
        let columns: &[Vec<Option<f64>>] = match forecast {
            Forecast::Regression(columns) => columns,
            Forecast::BaseRate | Forecast::LastGrade => &[],
        };
        let with_all = |case: &&Case<'_>| columns.iter().all(|column| column[case.at].is_some());
        let history: Vec<&Case<'_>> = history.iter().filter(with_all).collect();
        let events = history.iter().filter(|case| case.outcome).count();
        if history.len() < LEAST_HISTORY || events == 0 || events == history.len() {
            return Self::None(format!("fewer than {LEAST_HISTORY} earlier inspections with both outcomes"));
        }
        let rate = events as f64 / history.len() as f64;
        match forecast {
            Forecast::BaseRate => Self::Rate(rate),
            Forecast::LastGrade => Self::ByGrade(by_grade(&history, rate), rate),
            Forecast::Regression(columns) => {
                let outcome: Vec<bool> = history.iter().map(|case| case.outcome).collect();
                let covariates: Vec<Vec<f64>> = columns
                    .iter()
                    .map(|column| history.iter().map(|case| column[case.at].unwrap_or_default()).collect())
                    .collect();
                let slices: Vec<&[f64]> = covariates.iter().map(Vec::as_slice).collect();
                match logistic_regression(&outcome, &slices, Penalty::Firth) {
                    Ok(fit) => Self::Regression(fit),
                    Err(refusal) => Self::None(refusal.to_string()),
                }
            }
        }
    }

    fn probability(&self, case: &Case<'_>, forecast: &Forecast) -> Result<f64, String> {
        match (self, forecast) {
            (Self::Rate(rate), _) => Ok(*rate),
            (Self::ByGrade(rates, rate), _) => Ok(*rates.get(&case.event.last.grade).unwrap_or(rate)),
            (Self::Regression(fit), Forecast::Regression(columns)) => {
                let values: Option<Vec<f64>> = columns.iter().map(|column| column[case.at]).collect();
                let values = values.ok_or("there was no figure")?;
                fit.probability(&values).map_err(|refusal| refusal.to_string())
            }
            (Self::Regression(_), _) => Err("there is no covariate".to_owned()),
            (Self::None(why), _) => Err(why.clone()),
        }
    }
}

/// The share with the outcome by last grade, drawn towards the base rate.
fn by_grade(history: &[&Case<'_>], rate: f64) -> BTreeMap<Grade, f64> {
    let mut counts: BTreeMap<Grade, (f64, f64)> = BTreeMap::new();
    for case in history {
        let (events, all) = counts.entry(case.event.last.grade).or_default();
        *events += f64::from(u8::from(case.outcome));
        *all += 1.0;
    }
    counts.into_iter().map(|(grade, (events, all))| (grade, (events + PSEUDO * rate) / (all + PSEUDO))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::events::Last;
    use super::*;

    fn event(year: i16, published: &str, grade: Grade) -> Event {
        Event {
            authority_code: "A".to_owned(),
            name: "A".to_owned(),
            started_on: days_since_epoch(Date::new(year, 6, 1).unwrap()),
            published_on: Some(days_since_epoch(published.parse().unwrap())),
            last: Last { grade, published_on: 0 },
            printed: Some(grade),
            grade,
        }
    }

    /// Thirty inspections known before 2020, a third with the outcome, all of which had been inadequate; and one of 2020.
    fn history() -> Vec<Event> {
        let grade = |i: usize| if i < 10 { Grade::Inadequate } else { Grade::Good };
        let mut events: Vec<Event> = (0..30).map(|i| event(2018, "2019-12-31", grade(i))).collect();
        events.push(event(2020, "2020-08-01", Grade::Inadequate));
        events.push(event(2020, "2020-08-01", Grade::RequiresImprovement));
        events
    }

    fn cases(events: &[Event]) -> Vec<Case<'_>> {
        let one = |(at, event): (usize, _)| Case { at, event, outcome: event.last.grade == Grade::Inadequate };
        events.iter().enumerate().map(one).collect()
    }

    #[test]
    fn a_probability_comes_from_what_was_published_before_the_year_began() {
        let events = history();
        let found = probabilities(&cases(&events), &Forecast::BaseRate);
        assert!(found[0].is_err(), "nothing was known before 2018");
        assert_eq!(found[30], Ok(1.0 / 3.0));
        let mut late = history();
        late[0].published_on = Some(days_since_epoch(Date::constant(2020, 1, 1)));
        assert!(probabilities(&cases(&late), &Forecast::BaseRate)[30].is_err(), "29 are too few");
    }

    #[test]
    fn last_grades_share_is_drawn_towards_the_base_rate_by_two_inspections() {
        let events = history();
        let found = probabilities(&cases(&events), &Forecast::LastGrade);
        assert_eq!(found[30], Ok((10.0 + 2.0 / 3.0) / 12.0));
        assert_eq!(found[31], Ok(1.0 / 3.0), "a grade that nobody had");
    }

    #[test]
    fn a_regression_needs_the_figure() {
        let events = history();
        let mut score: Vec<Option<f64>> = (0..32).map(|i| Some(f64::from(i % 7))).collect();
        score[31] = None;
        let found = probabilities(&cases(&events), &Forecast::Regression(vec![score]));
        assert!(found[30].as_ref().is_ok_and(|p| *p > 0.0 && *p < 1.0));
        assert_eq!(found[31], Err("there was no figure".to_owned()));
    }
}
