//! A report with what a person decided of it: settled as a whole, or not, with a sentence on what is in the way.

use jiff::civil::Date;
use lais_framework::{Judgement, Kind};
use lais_report::{Aspect, Confidence, Focus, Printed, Publication, PublicationSource, Recognition, Report};

use crate::decision::{Decided, Decision};

/// Puts decisions into what was read of a report, the earlier first, and believes it then.
///
/// Gives what was decided, in words. What a decision contradicts is left as it was read, and in doubt.
///
/// # Errors
/// A sentence on the decision that cannot be, or on what is still not known.
pub(crate) fn settle(report: &Report, decisions: &[&Decision]) -> Result<(Report, String), String> {
    let mut settled = report.clone();
    for decision in decisions {
        put(&mut settled, &decision.what)?;
    }
    whole(&settled)?;
    settled.confidence = Confidence::Certain;
    let last = decisions.iter().map(|decision| decision.decided_on).max();
    let said: Vec<&str> = decisions.iter().map(|decision| decision.said.as_str()).collect();
    let day = last.map_or_else(String::new, |day| format!(" on {day}"));
    Ok((settled, format!("settled by a person{day}: {}", said.join(", "))))
}

/// A fact that no page says.
fn decided<T>(value: T) -> Printed<T> {
    Printed { value, page: 0, words: String::new() }
}

fn put(report: &mut Report, what: &Decided) -> Result<(), String> {
    let kind = report.kind().ok_or("its layout is not known, so that nothing was read that could be decided")?;
    match what {
        Decided::Confirmed => {}
        Decided::Authority(code) => report.authority = Some(decided(code.clone())),
        Decided::Kind(other) => {
            // The grades of another framework were not looked for.
            let alike = [[Kind::Standard, Kind::Short], [Kind::Sif, Kind::SifReinspection]];
            if *other != kind && !alike.iter().any(|pair| pair.contains(other) && pair.contains(&kind)) {
                return Err(format!("it was read as {} and not as {}, which has other facts", kind.id(), other.id()));
            }
            report.recognition = Recognition::Report(decided(*other));
        }
        Decided::StartedOn(day) => report.started_on = Some(decided(*day)),
        Decided::EndedOn(day) => report.ended_on = Some(decided(*day)),
        Decided::PublishedOn(day) => {
            report.published = Some(Publication { date: *day, source: PublicationSource::Printed, printed: None });
        }
        Decided::Grade(aspect, grade) => {
            let day = report.started_on.as_ref().map(|day| day.value);
            let judgement = report.judgements.iter_mut().find(|judgement| judgement.aspect == *aspect);
            match judgement.filter(|_| is_judged(*aspect, kind, day)) {
                Some(judgement) => (judgement.grade, judgement.missing) = (Some(*grade), None),
                None => {
                    return Err(format!(
                        "a report of kind {} and that day gives no judgement of {}",
                        kind.id(),
                        aspect.title()
                    ));
                }
            }
        }
        Decided::Outcome(outcome) if kind == Kind::AreaSend => report.area_send_outcome = Some(decided(*outcome)),
        Decided::FocusTopics(topics) if kind == Kind::FocusedVisit => match &mut report.focus {
            Some(focus) => focus.topics.clone_from(topics),
            None => report.focus = Some(Focus { scope: decided(String::new()), topics: topics.clone() }),
        },
        Decided::PriorityAction(there_is) => report.priority_action = Some(*there_is),
        Decided::Outcome(_) | Decided::FocusTopics(_) => {
            return Err(format!("a report of kind {} has no {}", kind.id(), field(what)));
        }
    }
    Ok(())
}

fn field(what: &Decided) -> &'static str {
    if matches!(what, Decided::Outcome(_)) { "outcome" } else { "focus_topics" }
}

/// Whether an event of this kind and day gives a judgement of this aspect.
fn is_judged(aspect: Aspect, kind: Kind, day: Option<Date>) -> bool {
    let of_single_inspection = matches!(kind, Kind::Sif | Kind::SifReinspection);
    match aspect.judgement() {
        Some(judgement) => Judgement::absence(judgement, Some(kind), day).is_none(),
        None if aspect == Aspect::Lscb => of_single_inspection || kind == Kind::LscbReview,
        None => of_single_inspection,
    }
}

/// What every record needs, in an order that can be.
fn whole(report: &Report) -> Result<(), String> {
    let of = |day: &Option<Printed<Date>>| day.as_ref().map(|day| day.value);
    let days = [of(&report.started_on), of(&report.ended_on), report.published.as_ref().map(|day| day.date)];
    let [Some(started), Some(ended), Some(published)] = days else {
        return Err("its days are not all known: decide started_on, ended_on and published_on too".to_owned());
    };
    if started > ended || ended > published {
        return Err(format!("{started}, {ended} and {published} are no first day, last day and day of publication"));
    }
    let unknown = report.judgements.iter().find(|judgement| judgement.grade.is_none() && judgement.missing.is_none());
    match unknown {
        Some(judgement) => Err(format!("the judgement of {} is not known: decide it too", judgement.aspect.title())),
        None if report.authority.is_none() => Err("whose it is is not known: decide authority_code too".to_owned()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use lais_framework::{Grade, MissingGrade};
    use lais_report::{AreaSendOutcome, Doubt, Judgement as Said};

    use super::*;
    use crate::decision::decisions;

    /// A report of a kind that has its days, and whose grades are given but for that of leaders.
    fn waiting(kind: Kind) -> Report {
        let judged = |aspect| is_judged(aspect, kind, Some(date(2024, 3, 4)));
        let grade = |aspect| (judged(aspect) && aspect != Aspect::Leaders).then_some(Grade::Good);
        let missing = |aspect| (!judged(aspect)).then_some(MissingGrade::NotJudged);
        let said = |aspect| Said { aspect, grade: grade(aspect), missing: missing(aspect), places: Vec::new() };
        Report {
            recognition: Recognition::Report(decided(kind)),
            framework: Some(kind.framework()),
            authority: Some(decided("Northmarsh".to_owned())),
            started_on: Some(decided(date(2024, 3, 4))),
            ended_on: Some(decided(date(2024, 3, 15))),
            published: Some(Publication { date: date(2024, 5, 1), source: PublicationSource::FileName, printed: None }),
            lead_inspector_role: None,
            judgements: Aspect::ALL.map(said).to_vec(),
            focus: None,
            priority_action: None,
            area_send_outcome: None,
            statements: Vec::new(),
            left_out: Vec::new(),
            confidence: Confidence::Review(vec![Doubt::NoStatements]),
        }
    }

    fn settled(report: &Report, what: Vec<Decided>) -> Result<(Report, String), String> {
        let decisions = decisions(what);
        settle(report, &decisions.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_fact_that_is_not_known_has_to_be_decided_before_the_rest_is_confirmed() {
        let report = waiting(Kind::Standard);
        let refused = settled(&report, vec![Decided::Confirmed]).unwrap_err();
        assert_eq!(refused, "the judgement of leaders is not known: decide it too");
        let (report, said) = settled(&report, vec![Decided::Grade(Aspect::Leaders, Grade::Inadequate)]).unwrap();
        assert_eq!(report.judgement(Aspect::Leaders).unwrap().grade, Some(Grade::Inadequate));
        assert_eq!((report.confidence, said.as_str()), (Confidence::Certain, "settled by a person on 2026-01-02: it"));
        let nameless = Report { authority: None, published: None, ..waiting(Kind::FocusedVisit) };
        assert!(settled(&nameless, vec![Decided::Confirmed]).unwrap_err().contains("decide started_on, ended_on and"));
        let days = vec![Decided::PublishedOn(date(2024, 4, 1))];
        assert!(settled(&nameless, days.clone()).unwrap_err().contains("decide authority_code too"));
        let all = [days, vec![Decided::Authority("X1".to_owned())]].concat();
        assert_eq!(settled(&nameless, all).unwrap().0.authority.unwrap().value, "X1");
    }

    #[test]
    fn a_judgement_that_reports_of_the_kind_and_day_do_not_make_cannot_be_decided() {
        for (kind, aspect) in [
            (Kind::FocusedVisit, Aspect::Overall),
            (Kind::AreaSend, Aspect::Leaders),
            (Kind::Standard, Aspect::Adoption),
            (Kind::Standard, Aspect::Lscb),
        ] {
            let decision = vec![Decided::Grade(aspect, Grade::Good)];
            let refused = settled(&waiting(kind), decision).unwrap_err();
            assert!(refused.contains("gives no judgement of"), "{kind:?} {aspect:?}: {refused}");
        }
        let later = vec![Decided::StartedOn(date(2026, 4, 13)), Decided::Grade(Aspect::Overall, Grade::Good)];
        assert!(settled(&waiting(Kind::Short), later).unwrap_err().contains("overall effectiveness"));
    }

    #[test]
    fn a_visit_has_topics_and_an_area_inspection_an_outcome_and_neither_the_others() {
        let (visit, area) = (waiting(Kind::FocusedVisit), waiting(Kind::AreaSend));
        let topics = Decided::FocusTopics(vec!["front-door"]);
        let outcome = Decided::Outcome(AreaSendOutcome::Inconsistent);
        let focus = settled(&visit, vec![topics.clone(), Decided::PriorityAction(false)]).unwrap().0;
        assert_eq!((focus.focus.unwrap().topics, focus.priority_action), (vec!["front-door"], Some(false)));
        let given = settled(&area, vec![outcome.clone()]).unwrap().0.area_send_outcome.unwrap();
        assert_eq!(given.value, AreaSendOutcome::Inconsistent);
        assert_eq!(settled(&visit, vec![outcome]).unwrap_err(), "a report of kind focused-visit has no outcome");
        assert_eq!(settled(&area, vec![topics]).unwrap_err(), "a report of kind area-send has no focus_topics");
    }

    #[test]
    fn of_a_layout_that_is_not_known_nothing_can_be_decided() {
        let unknown = Report { recognition: Recognition::UnknownReport, ..waiting(Kind::Standard) };
        assert!(settled(&unknown, vec![Decided::Confirmed]).unwrap_err().starts_with("its layout is not known"));
        let other = vec![Decided::Kind(Kind::Sif)];
        assert!(settled(&waiting(Kind::Standard), other).unwrap_err().contains("which has other facts"));
        let short = vec![Decided::Kind(Kind::Short), Decided::Grade(Aspect::Leaders, Grade::Good)];
        assert_eq!(settled(&waiting(Kind::Standard), short).unwrap().0.kind(), Some(Kind::Short));
    }
}
