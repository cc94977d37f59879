//! What is to be foretold: re-inspections, each with the last grade before it.

use std::collections::BTreeMap;

use datafusion::prelude::SessionContext;
use jiff::civil::Date;
use lais_framework::{Grade, Kind};
use lais_lake::{date_of, days_since_epoch};
use serde::Serialize;

use super::BacktestError;
use super::judgements::{Judgements, RuleAgreement, agreement, is_less_than_good, ordinal};
use super::read::Answer;

/// The first year of the framework whose inspections are foretold.
pub(super) const FIRST_YEAR: i16 = 2018;

/// A re-inspection.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub(super) authority_code: String,
    pub(super) name: String,
    /// Days since 1 January 1970, as all days here.
    pub(super) started_on: i32,
    pub(super) published_on: Option<i32>,
    pub(super) last: Last,
    /// The overall grade that was printed.
    pub(super) printed: Option<Grade>,
    /// That grade, or the one that the judgements make where none was printed.
    pub(super) grade: Grade,
}

/// The last grade before a re-inspection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Last {
    pub(super) grade: Grade,
    pub(super) published_on: i32,
}

/// What is foretold of a re-inspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The overall grade is below good.
    LessThanGood,
    /// The same, where the last grade was good or outstanding; others are not in it.
    Declined,
}

impl Outcome {
    /// Both.
    pub const ALL: [Self; 2] = [Self::LessThanGood, Self::Declined];

    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::LessThanGood => "less-than-good",
            Self::Declined => "declined",
        }
    }
}

impl Event {
    pub(super) fn year(&self) -> i16 {
        date_of(self.started_on).year()
    }

    /// Whether it came about; nothing where it could not.
    pub(super) fn outcome(&self, outcome: Outcome) -> Option<bool> {
        let could = outcome == Outcome::LessThanGood || !is_less_than_good(self.last.grade);
        could.then(|| is_less_than_good(self.grade))
    }

    /// The last grade as a score: the greater, the worse.
    pub(super) fn last_score(&self) -> f64 {
        f64::from(ordinal(self.last.grade))
    }

    pub(super) fn years_since_last(&self) -> f64 {
        f64::from(self.started_on - self.last.published_on) / 365.25
    }
}

/// Inspections that are not foretold, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Why.
    pub why: &'static str,
    /// How many.
    pub n: usize,
}

/// Every re-inspection of the record, in order of its first day.
pub(super) struct Record {
    pub(super) events: Vec<Event>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) rules: Vec<RuleAgreement>,
}

/// One graded inspection as the record has it.
struct Inspection {
    authority_code: String,
    name: String,
    council_ended: bool,
    kind: Option<Kind>,
    started_on: Option<i32>,
    published_on: Option<i32>,
    printed: Option<Grade>,
    judgements: Judgements,
}

impl Inspection {
    /// The printed overall grade, else the one that the judgements make.
    fn grade(&self) -> Option<Grade> {
        self.printed.or_else(|| self.judgements.overall())
    }
}

impl Record {
    pub(super) async fn read(session: &SessionContext) -> Result<Self, BacktestError> {
        Ok(Self::of(&inspections(session).await?))
    }

    fn of(inspections: &[Inspection]) -> Self {
        let mut of_authority: BTreeMap<&str, Vec<&Inspection>> = BTreeMap::new();
        for inspection in inspections {
            of_authority.entry(&inspection.authority_code).or_default().push(inspection);
        }
        let began = days_since_epoch(Date::constant(FIRST_YEAR, 1, 1));
        let (mut events, mut left_out) = (vec![], BTreeMap::new());
        for inspection in inspections.iter().filter(|i| matches!(i.kind, Some(Kind::Standard | Kind::Short))) {
            match event(inspection, &of_authority[inspection.authority_code.as_str()], began) {
                Ok(event) => events.extend(event),
                Err(why) => *left_out.entry(why).or_insert(0) += 1,
            }
        }
        let printed: Vec<_> = inspections
            .iter()
            .filter(|i| !i.council_ended && i.started_on.is_some_and(|day| day >= began))
            .filter_map(|i| Some((i, i.printed?)))
            .filter(|(i, _)| event(i, &of_authority[i.authority_code.as_str()], began).is_ok_and(|e| e.is_some()))
            .map(|(i, overall)| (overall, i.judgements))
            .collect();
        let left_out = left_out.into_iter().map(|(why, n)| LeftOut { why, n }).collect();
        Self { events, left_out, rules: agreement(&printed) }
    }
}

/// The event that an inspection is, none where it is of another time, or why it is left out.
fn event(inspection: &Inspection, of_authority: &[&Inspection], began: i32) -> Result<Option<Event>, &'static str> {
    let started_on = inspection.started_on.ok_or("the day on which it began is not known")?;
    if started_on < began {
        return Ok(None);
    }
    if inspection.council_ended {
        return Err("the council has ended since");
    }
    let before = of_authority.iter().filter_map(|earlier| {
        Some(Last { grade: earlier.grade()?, published_on: earlier.published_on.filter(|day| *day < started_on)? })
    });
    // Of two reports of one day the worse grade, whichever comes first in the record.
    let last = before.max_by_key(|last| (last.published_on, last.grade));
    Ok(Some(Event {
        authority_code: inspection.authority_code.clone(),
        name: inspection.name.clone(),
        started_on,
        published_on: inspection.published_on,
        last: last.ok_or("no earlier grade of the same authority is in the record")?,
        printed: inspection.printed,
        grade: inspection.grade().ok_or("it has neither an overall grade nor judgements that make one")?,
    }))
}

async fn inspections(session: &SessionContext) -> Result<Vec<Inspection>, BacktestError> {
    let rows = Answer::of(session, include_str!("../../../../sql/backtest/inspection.sql")).await?;
    let grades = |name| -> Result<Vec<Option<Grade>>, BacktestError> {
        Ok(rows.texts(name)?.into_iter().map(|grade| Grade::read(&grade?)).collect())
    };
    let (codes, names, kinds) = (rows.names("authority_code")?, rows.names("name")?, rows.names("kind")?);
    let (ended, started, published) = (rows.days("valid_to")?, rows.days("started_on")?, rows.days("published_on")?);
    let (overall, leaders, help) = (grades("overall")?, grades("leaders")?, grades("help_and_protection")?);
    let (care, leavers) = (grades("in_care")?, grades("care_leavers")?);
    let one = |i: usize| Inspection {
        authority_code: codes[i].clone(),
        name: names[i].clone(),
        council_ended: ended[i].is_some(),
        kind: Kind::from_id(&kinds[i]),
        started_on: started[i],
        published_on: published[i],
        printed: overall[i],
        judgements: Judgements {
            leaders: leaders[i],
            help_and_protection: help[i],
            in_care: care[i],
            care_leavers: leavers[i],
        },
    };
    Ok((0..codes.len()).map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i32 {
        days_since_epoch(text.parse().unwrap())
    }

    fn inspection(code: &str, kind: Kind, started: &str, published: &str, overall: Option<Grade>) -> Inspection {
        Inspection {
            authority_code: code.to_owned(),
            name: code.to_owned(),
            council_ended: false,
            kind: Some(kind),
            started_on: Some(day(started)),
            published_on: Some(day(published)),
            printed: overall,
            judgements: Judgements::default(),
        }
    }

    #[test]
    fn the_last_grade_is_the_latest_that_was_published_before_the_first_day() {
        let record = Record::of(&[
            inspection("A", Kind::Sif, "2014-01-01", "2014-03-01", Some(Grade::Inadequate)),
            inspection("A", Kind::SifReinspection, "2016-01-01", "2016-03-01", Some(Grade::RequiresImprovement)),
            inspection("A", Kind::Standard, "2018-06-01", "2018-08-01", Some(Grade::Good)),
            // It began on the day on which the one before was published, and so did not know it.
            inspection("A", Kind::Short, "2018-08-01", "2018-09-01", Some(Grade::Outstanding)),
        ]);
        let last: Vec<Grade> = record.events.iter().map(|event| event.last.grade).collect();
        assert_eq!(last, [Grade::RequiresImprovement, Grade::RequiresImprovement]);
        assert_eq!(record.events[0].last.published_on, day("2016-03-01"));
    }

    #[test]
    fn what_cannot_be_foretold_is_left_out_with_its_reason() {
        let mut ended = inspection("B", Kind::Standard, "2019-01-01", "2019-03-01", Some(Grade::Good));
        ended.council_ended = true;
        let record = Record::of(&[
            inspection("A", Kind::Standard, "2018-06-01", "2018-08-01", Some(Grade::Good)),
            inspection("A", Kind::Short, "2020-06-01", "2020-08-01", None),
            inspection("C", Kind::Standard, "2017-12-31", "2018-02-01", Some(Grade::Good)),
            ended,
        ]);
        assert!(record.events.is_empty());
        assert_eq!(record.left_out.iter().map(|left| left.n).collect::<Vec<_>>(), [1, 1, 1]);
    }

    #[test]
    fn only_who_was_good_can_decline() {
        let record = Record::of(&[
            inspection("A", Kind::Sif, "2014-01-01", "2014-03-01", Some(Grade::Outstanding)),
            inspection("A", Kind::Standard, "2018-06-01", "2018-08-01", Some(Grade::Good)),
            inspection("A", Kind::Standard, "2020-06-01", "2020-08-01", Some(Grade::RequiresImprovement)),
            inspection("A", Kind::Standard, "2022-06-01", "2022-08-01", Some(Grade::Inadequate)),
        ]);
        let outcomes = |outcome| record.events.iter().map(|event| event.outcome(outcome)).collect::<Vec<_>>();
        assert_eq!(outcomes(Outcome::Declined), [Some(false), Some(true), None]);
        assert_eq!(outcomes(Outcome::LessThanGood), [Some(false), Some(true), Some(true)]);
        assert!((record.events[0].years_since_last() - 4.251).abs() < 0.001);
    }

    #[test]
    fn an_overall_grade_that_was_not_printed_is_made_of_the_judgements() {
        let mut later = inspection("A", Kind::Standard, "2026-06-01", "2026-08-01", None);
        later.judgements = Judgements {
            leaders: Some(Grade::Good),
            help_and_protection: Some(Grade::Inadequate),
            in_care: Some(Grade::Good),
            care_leavers: Some(Grade::Good),
        };
        let first = inspection("A", Kind::Sif, "2014-01-01", "2014-03-01", Some(Grade::Good));
        let record = Record::of(&[first, later]);
        assert_eq!((record.events[0].printed, record.events[0].grade), (None, Grade::Inadequate));
    }
}
