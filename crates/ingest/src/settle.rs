//! A report with what a person decided of it: settled as a whole, or not, with a sentence on what is in the way.

use std::collections::BTreeMap;

use jiff::civil::Date;
use lais_framework::{Kind, MissingGrade};
use lais_report::{
    Aspect, Confidence, Doubt, Focus, Judgement, Printed, Publication, PublicationSource, Recognition, Report,
};

use crate::decision::{Decided, Decision};
use crate::register::Register;

/// Puts decisions into what was read of a report, the earlier first, and believes it then.
///
/// Of several on one field the last holds. Whose it is, what it is and its days come before what depends on them.
/// Gives what was decided, in words. What was read and nobody decided otherwise stands: it was printed for the person
/// who decided, but for what was not found, which somebody has to give.
///
/// # Errors
/// A sentence on the decision that cannot be, or on what is still not known.
pub(crate) fn settle(
    report: &Report,
    decisions: &[&Decision],
    register: &Register,
) -> Result<(Report, String), String> {
    let last: BTreeMap<&str, &Decision> =
        decisions.iter().map(|decision| (decision.field.as_str(), *decision)).collect();
    let mut held: Vec<&Decision> = last.into_values().collect();
    held.sort_by_key(|decision| turn(&decision.what));
    let mut settled = report.clone();
    for decision in &held {
        put(&mut settled, decision)?;
    }
    hold_to_the_day(&mut settled)?;
    whole(&settled, &held, register)?;
    settled.confidence = Confidence::Certain;
    let day = held.iter().filter_map(|decision| decision.decided_on).max();
    let day = day.map_or_else(String::new, |day| format!(" on {day}"));
    let said: Vec<String> = held.iter().map(|decision| decision.what.to_string()).collect();
    Ok((settled, format!("settled by a person{day}: {}", said.join(", "))))
}

/// When a decision's turn comes: what others depend on comes first.
fn turn(what: &Decided) -> u8 {
    match what {
        Decided::Unreadable => 0,
        Decided::Authority(_) | Decided::Kind(_) => 1,
        Decided::StartedOn(_) | Decided::EndedOn(_) | Decided::PublishedOn(_) => 2,
        _ => 3,
    }
}

/// A fact that no page says.
fn decided<T>(value: T) -> Printed<T> {
    Printed { value, page: 0, words: String::new() }
}

fn put(report: &mut Report, decision: &Decision) -> Result<(), String> {
    let kind = report.kind().ok_or("its layout is not known, so that nothing was read that could be decided")?;
    let has_none = |what: &str| Err(format!("a report of kind {} has no {what}", kind.id()));
    match &decision.what {
        Decided::Unreadable => {
            return Err(format!("row {} of {} cannot be read, and is in the quarantine", decision.row, decision.file));
        }
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
            let aspect = of_board(kind, *aspect);
            let judgement = report.judgements.iter_mut().find(|judgement| judgement.aspect == aspect);
            match judgement.filter(|_| why_not_judged(aspect, kind, day).is_none()) {
                Some(judgement) => (judgement.grade, judgement.missing) = (Some(*grade), None),
                None => return Err(not_judged(kind, aspect)),
            }
        }
        Decided::Outcome(outcome) if kind == Kind::AreaSend => report.area_send_outcome = Some(decided(*outcome)),
        Decided::Outcome(_) => return has_none("outcome"),
        Decided::FocusTopics(topics) if kind == Kind::FocusedVisit => match &mut report.focus {
            Some(focus) => focus.topics.clone_from(topics),
            None => report.focus = Some(Focus { scope: decided(String::new()), topics: topics.clone() }),
        },
        Decided::FocusTopics(_) => return has_none("focus_topics"),
        Decided::PriorityAction(there_is) if report.priority_action.is_some() => {
            report.priority_action = Some(*there_is);
        }
        Decided::PriorityAction(_) => return has_none("priority_action"),
    }
    Ok(())
}

/// A review of the board alone has one grade, the board's, which its record calls the overall one.
fn of_board(kind: Kind, aspect: Aspect) -> Aspect {
    if (kind, aspect) == (Kind::LscbReview, Aspect::Overall) { Aspect::Lscb } else { aspect }
}

fn not_judged(kind: Kind, aspect: Aspect) -> String {
    format!("a report of kind {} and that day gives no judgement of {}", kind.id(), aspect.title())
}

/// Why an event of this kind and day gives no judgement of an aspect; nothing where it gives one.
fn why_not_judged(aspect: Aspect, kind: Kind, day: Option<Date>) -> Option<MissingGrade> {
    let of_single_inspection = matches!(kind, Kind::Sif | Kind::SifReinspection);
    let is_judged = match aspect.judgement() {
        Some(_) if kind == Kind::LscbReview => false,
        Some(judgement) => return judgement.absence(Some(kind), day),
        None if aspect == Aspect::Lscb => of_single_inspection || kind == Kind::LscbReview,
        None => of_single_inspection,
    };
    (!is_judged).then_some(MissingGrade::NotInThisFramework)
}

/// Holds the grades against the day that was decided, which may be of another edition of the framework.
fn hold_to_the_day(report: &mut Report) -> Result<(), String> {
    let Some(kind) = report.kind() else { return Ok(()) };
    let day = report.started_on.as_ref().map(|day| day.value);
    for judgement in &mut report.judgements {
        let Judgement { aspect, grade, missing, .. } = judgement;
        match (why_not_judged(*aspect, kind, day), *grade) {
            (Some(_), Some(_)) => return Err(not_judged(kind, *aspect)),
            // That there was none on another day does not answer what there was on this.
            (None, None) if *missing == Some(MissingGrade::NotInThisFramework) => *missing = None,
            (Some(why), None) if missing.is_none() => *missing = Some(why),
            _ => {}
        }
    }
    Ok(())
}

/// What every record needs, in an order that can be; and what was not found is given by somebody.
fn whole(report: &Report, held: &[&Decision], register: &Register) -> Result<(), String> {
    let of = |day: &Option<Printed<Date>>| day.as_ref().map(|day| day.value);
    let days = [of(&report.started_on), of(&report.ended_on), report.published.as_ref().map(|day| day.date)];
    let [Some(started), Some(ended), Some(published)] = days else {
        return Err("its days are not all known: decide started_on, ended_on and published_on too".to_owned());
    };
    if started > ended || ended > published {
        return Err(format!("{started}, {ended} and {published} are no first day, last day and day of publication"));
    }
    let Some(authority) = &report.authority else {
        return Err("whose it is is not known: decide authority_code too".to_owned());
    };
    if let Some(authority) = register.by_code(&authority.value).filter(|authority| !authority.existed_on(started)) {
        return Err(format!("{} did not exist on {started}", authority.name));
    }
    let unknown = report.judgements.iter().find(|judgement| judgement.grade.is_none() && judgement.missing.is_none());
    if let Some(judgement) = unknown {
        return Err(format!("the judgement of {} is not known: decide it too", judgement.aspect.title()));
    }
    let is_decided = |field: &&str| held.iter().any(|decision| decision.field == *field);
    let open = report
        .confidence
        .doubts()
        .iter()
        .map(asked_for)
        .find(|asked| !asked.is_empty() && !asked.iter().any(is_decided));
    open.map_or(Ok(()), |asked| Err(format!("{} is not known: decide it too", asked.join(" or "))))
}

/// The fields of which one has to be decided to answer a doubt; none where having looked is an answer.
pub(crate) fn asked_for(doubt: &Doubt) -> Vec<&'static str> {
    match doubt {
        Doubt::SeveralStays { .. } | Doubt::DaysImpossible { .. } => vec!["ended_on", "started_on"],
        Doubt::NoFieldwork => vec!["started_on"],
        Doubt::NoPublication => vec!["published_on"],
        Doubt::NoTopic | Doubt::NoScope => vec!["focus_topics"],
        Doubt::NoOutcome => vec!["outcome"],
        Doubt::PriorityActionUnclear => vec!["priority_action"],
        Doubt::NoAuthority | Doubt::SeveralAuthorities => vec!["authority_code"],
        Doubt::GradeNotFound(aspect) | Doubt::GradesDisagree { aspect, .. } => vec![aspect.id()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use lais_framework::Grade;
    use lais_report::AreaSendOutcome;

    use super::*;
    use crate::decision::Document;

    /// A report of a kind that has its days, and whose grades are given but for that of leaders.
    fn waiting(kind: Kind) -> Report {
        let judged = |aspect| why_not_judged(aspect, kind, Some(date(2024, 3, 4))).is_none();
        let grade = |aspect| (judged(aspect) && aspect != Aspect::Leaders).then_some(Grade::Good);
        let missing = |aspect| (!judged(aspect)).then_some(MissingGrade::NotJudged);
        let said = |aspect| Judgement { aspect, grade: grade(aspect), missing: missing(aspect), places: Vec::new() };
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
        let document = Document::new("0123456789abcdef", "0123456789");
        let decision = |(row, what): (u32, Decided)| Decision {
            document: document.clone(),
            field: what.to_string().split(' ').next().unwrap().to_owned(),
            what,
            decided_on: Some(date(2026, 1, 2)),
            file: "decisions.csv".to_owned(),
            row,
        };
        let decisions: Vec<Decision> = (2..).zip(what).map(decision).collect();
        settle(report, &decisions.iter().collect::<Vec<_>>(), &Register::embedded().unwrap())
    }

    #[test]
    fn a_fact_that_is_not_known_has_to_be_decided_before_the_rest_is_confirmed() {
        let report = waiting(Kind::Standard);
        let refused = settled(&report, vec![Decided::Confirmed]).unwrap_err();
        assert_eq!(refused, "the judgement of leaders is not known: decide it too");
        let (report, said) = settled(&report, vec![Decided::Grade(Aspect::Leaders, Grade::Inadequate)]).unwrap();
        assert_eq!(report.judgement(Aspect::Leaders).unwrap().grade, Some(Grade::Inadequate));
        assert_eq!(
            (report.confidence, said.as_str()),
            (Confidence::Certain, "settled by a person on 2026-01-02: leaders inadequate")
        );
        let nameless = Report { authority: None, published: None, ..waiting(Kind::FocusedVisit) };
        assert!(settled(&nameless, vec![Decided::Confirmed]).unwrap_err().contains("decide started_on, ended_on and"));
        let days = vec![Decided::PublishedOn(date(2024, 4, 1))];
        assert!(settled(&nameless, days.clone()).unwrap_err().contains("decide authority_code too"));
        let whose = |code: &str| [days.clone(), vec![Decided::Authority(code.to_owned())]].concat();
        assert_eq!(settled(&nameless, whose("E09000007")).unwrap().0.authority.unwrap().value, "E09000007");
        assert_eq!(settled(&nameless, whose("E06000028")).unwrap_err(), "Bournemouth did not exist on 2024-03-04");
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
        let visit = Report { priority_action: Some(true), ..waiting(Kind::FocusedVisit) };
        let area = waiting(Kind::AreaSend);
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

    #[test]
    fn what_was_not_found_is_given_by_a_decision_and_not_by_confirming() {
        let doubtful = |kind, doubt| Report { confidence: Confidence::Review(vec![doubt]), ..waiting(kind) };
        let visit = doubtful(Kind::FocusedVisit, Doubt::NoTopic);
        assert_eq!(settled(&visit, vec![Decided::Confirmed]).unwrap_err(), "focus_topics is not known: decide it too");
        assert!(settled(&visit, vec![Decided::FocusTopics(vec!["front-door"])]).is_ok());
        let area = doubtful(Kind::AreaSend, Doubt::NoOutcome);
        assert_eq!(settled(&area, vec![Decided::Confirmed]).unwrap_err(), "outcome is not known: decide it too");
        let unclear =
            Report { priority_action: Some(false), ..doubtful(Kind::FocusedVisit, Doubt::PriorityActionUnclear) };
        assert!(settled(&unclear, vec![Decided::Confirmed]).unwrap_err().starts_with("priority_action"));
        assert!(settled(&unclear, vec![Decided::PriorityAction(true)]).is_ok());
        let days = "5 to 9 May and 2 June 2024".to_owned();
        let stays = doubtful(Kind::FocusedVisit, Doubt::SeveralStays { words: days });
        assert!(settled(&stays, vec![Decided::Confirmed]).unwrap_err().starts_with("ended_on or started_on"));
        assert!(settled(&stays, vec![Decided::StartedOn(date(2024, 3, 11))]).is_ok());
        let several = doubtful(Kind::FocusedVisit, Doubt::SeveralAuthorities);
        assert!(settled(&several, vec![Decided::Confirmed]).unwrap_err().starts_with("authority_code"));
    }

    #[test]
    fn grades_are_held_against_the_day_that_is_decided_whatever_the_order_of_rows() {
        let report = waiting(Kind::Standard);
        let leaders = Decided::Grade(Aspect::Leaders, Grade::Good);
        let moved = |year| {
            let day = |day| date(year, 5, day);
            vec![Decided::PublishedOn(day(30)), Decided::EndedOn(day(15)), Decided::StartedOn(day(4)), leaders.clone()]
        };
        let refused = settled(&report, moved(2026)).unwrap_err();
        assert!(refused.contains("gives no judgement of overall effectiveness"), "{refused}");
        let without = |aspect| {
            let mut report = waiting(Kind::Standard);
            let judgement = report.judgements.iter_mut().find(|judgement| judgement.aspect == aspect).unwrap();
            (judgement.grade, judgement.missing) = (None, Some(MissingGrade::NotInThisFramework));
            report
        };
        let later = settled(&without(Aspect::Overall), moved(2026)).unwrap().0;
        assert_eq!(later.judgement(Aspect::Overall).unwrap().missing, Some(MissingGrade::NotInThisFramework));
        let refused = settled(&without(Aspect::CareLeavers), moved(2023)).unwrap_err();
        assert_eq!(refused, "the judgement of care leavers is not known: decide it too");
    }

    #[test]
    fn of_two_decisions_on_a_field_the_later_holds_even_over_one_that_cannot_be() {
        let decisions = vec![
            Decided::Kind(Kind::Sif),
            Decided::Kind(Kind::Short),
            Decided::Grade(Aspect::Leaders, Grade::Good),
            Decided::Grade(Aspect::Leaders, Grade::Inadequate),
        ];
        let (report, said) = settled(&waiting(Kind::Standard), decisions).unwrap();
        assert_eq!((report.kind(), said.matches("leaders").count()), (Some(Kind::Short), 1));
        assert_eq!(report.judgement(Aspect::Leaders).unwrap().grade, Some(Grade::Inadequate));
    }

    #[test]
    fn a_row_that_cannot_be_read_keeps_the_others_from_settling_the_document() {
        let all = vec![Decided::Grade(Aspect::Leaders, Grade::Good), Decided::Unreadable];
        let refused = settled(&waiting(Kind::Standard), all).unwrap_err();
        assert_eq!(refused, "row 3 of decisions.csv cannot be read, and is in the quarantine");
    }

    #[test]
    fn the_one_grade_of_a_review_of_the_board_may_be_called_either_name() {
        for aspect in [Aspect::Overall, Aspect::Lscb] {
            let decision = vec![Decided::Grade(aspect, Grade::Inadequate)];
            let report = settled(&waiting(Kind::LscbReview), decision).unwrap().0;
            assert_eq!(report.judgement(Aspect::Lscb).unwrap().grade, Some(Grade::Inadequate));
            assert_eq!(report.judgement(Aspect::Overall).unwrap().grade, None);
        }
    }
}
