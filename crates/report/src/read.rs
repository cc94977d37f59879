//! From pages to a report: what each part finds, compared and weighed.

use std::collections::BTreeSet;

use jiff::civil::Date;
use lais_framework::{Grade, Kind, MissingGrade};

use crate::body::Body;
use crate::doubt::Doubt;
use crate::grades::{Place, Reading, Readings};
use crate::report::{Aspect, Confidence, Focus, Hint, Judgement, Printed, Recognition, Report};
use crate::statements::Findings;
use crate::text::{Page, PdfText, TextLayer, Unreadable};
use crate::{facts, focus, grades, lexicon, publication, recognise, statements};

/// Reads a report's PDF.
///
/// # Errors
///
/// Says why the file gives no text, in a sentence for the user.
pub fn read(bytes: &[u8], hint: &Hint) -> Result<Report, Unreadable> {
    Ok(read_pages(&PdfText.pages(bytes)?, hint))
}

/// Reads a report from its pages of text, however they were got.
#[must_use]
pub fn read_pages(pages: &[Page], hint: &Hint) -> Report {
    let body = Body::new(pages);
    let (recognition, in_title) = recognise::recognise(&body);
    let Recognition::Report(printed) = recognition else {
        return unread(recognition, &body, hint);
    };
    let mut doubts = Vec::new();
    if !in_title {
        doubts.push(Doubt::KindNotInTitle);
    }
    let printed_day = publication::printed_publication(&body);
    let near = printed_day.as_ref().map(|day| day.value).or(hint.file_name_date);
    let fieldwork = facts::fieldwork(&body, printed.value, near, &mut doubts);
    let (first, last) = (fieldwork.as_ref().map(|f| f.first), fieldwork.as_ref().map(|f| f.last));
    let published = publication::publication(printed_day, hint, last, &mut doubts);
    if publication::year_is_witnessed(published.as_ref(), hint, fieldwork.as_ref()) {
        doubts.retain(|doubt| !matches!(doubt, Doubt::YearNotPrinted { .. }));
    }
    let kind = kind(printed.value, fieldwork.as_ref(), &mut doubts);
    let day = first.or_else(|| published.as_ref().map(|p| p.date));
    let judgements = judgements(kind, day, grades::read(&body), &mut doubts);
    let authority = facts::authority(&body, kind, &mut doubts);
    let focus = focus_of(&body, kind, &mut doubts);
    let area_send_outcome = outcome(&body, kind, &mut doubts);
    let findings = statements::read(&body, kind, focus.as_ref().map_or(&[], |focus| &focus.topics));
    let priority_action = priority_action(kind, &findings, &body, &mut doubts);
    doubts.extend(completeness(&body, &findings));
    let day_of = |date: Date| fieldwork.as_ref().map(|f| Printed { value: date, page: f.page, words: f.words.clone() });
    Report {
        framework: Some(recognise::framework(kind)),
        recognition: Recognition::Report(Printed { value: kind, ..printed }),
        authority,
        started_on: first.and_then(day_of),
        ended_on: last.and_then(day_of),
        published,
        lead_inspector_role: facts::lead_inspector_role(&body, kind),
        judgements,
        focus,
        priority_action,
        area_send_outcome,
        statements: findings.statements,
        left_out: findings.left_out,
        confidence: confidence(doubts),
    }
}

fn confidence(doubts: Vec<Doubt>) -> Confidence {
    let mut unlike: Vec<Doubt> = Vec::new();
    for doubt in doubts {
        if !unlike.contains(&doubt) {
            unlike.push(doubt);
        }
    }
    if unlike.is_empty() { Confidence::Certain } else { Confidence::Review(unlike) }
}

/// What is no report, or one of a layout that is not known; of the latter the day tells a person which it is.
fn unread(recognition: Recognition, body: &Body, hint: &Hint) -> Report {
    let is_report = recognition == Recognition::UnknownReport;
    let day = || publication::publication(publication::printed_publication(body), hint, None, &mut Vec::new());
    Report {
        framework: None,
        authority: None,
        started_on: None,
        ended_on: None,
        published: is_report.then(day).flatten(),
        lead_inspector_role: None,
        judgements: Vec::new(),
        focus: None,
        priority_action: None,
        area_send_outcome: None,
        statements: Vec::new(),
        left_out: Vec::new(),
        confidence: confidence(if is_report { vec![Doubt::UnknownLayout] } else { Vec::new() }),
        recognition,
    }
}

/// The kind with what the title does not say: whether an ILACS inspection was a short one.
///
/// Of 263 inspections in Ofsted's own list, every short one but one (on islands) took Monday to Friday, and every
/// standard one but one (interrupted) that and the week after.
fn kind(kind: Kind, fieldwork: Option<&facts::Fieldwork>, doubts: &mut Vec<Doubt>) -> Kind {
    match kind {
        Kind::Standard => {
            let Some(fieldwork) = fieldwork else { return kind };
            let (first, last) = fieldwork.first_stay;
            let days = i64::from((last - first).get_days()) + 1;
            if !matches!(days, 4..=5 | 11..=12) {
                doubts.push(Doubt::UnusualLength { days });
            }
            if days <= 7 { Kind::Short } else { Kind::Standard }
        }
        // The layout of each has not been seen.
        Kind::MonitoringVisit
        | Kind::ChildProtection
        | Kind::SlacSafeguarding
        | Kind::SlacLookedAfter
        | Kind::YouthJustice => {
            doubts.push(Doubt::UncheckedLayout(kind));
            kind
        }
        other => other,
    }
}

// ---- judgements

/// What is expected of an aspect in a report of a kind and day.
enum Expected {
    Grade,
    Missing(MissingGrade),
}

fn expected(kind: Kind, aspect: Aspect, day: Option<Date>) -> Expected {
    use Aspect::{Lscb, Overall};
    use Expected::{Grade, Missing};
    let not_in_framework = Missing(MissingGrade::NotInThisFramework);
    match kind {
        Kind::Standard | Kind::Short => match aspect.judgement() {
            Some(judgement) => judgement.absence(Some(kind), day).map_or(Grade, Missing),
            None => not_in_framework,
        },
        // The review of the board has a report of its own where there is none beside.
        Kind::Sif | Kind::SifReinspection if aspect == Lscb => Missing(MissingGrade::NotJudged),
        Kind::Sif | Kind::SifReinspection => Grade,
        Kind::LscbReview if aspect == Lscb => Grade,
        Kind::TargetedLookedAfter | Kind::ChildProtection if aspect == Overall => Grade,
        Kind::TargetedLookedAfter | Kind::ChildProtection => not_in_framework,
        _ => Missing(MissingGrade::NotJudged),
    }
}

fn judgements(kind: Kind, day: Option<Date>, readings: Readings, doubts: &mut Vec<Doubt>) -> Vec<Judgement> {
    if let Some(why) = kind.why_ungraded() {
        return Aspect::ALL.map(|aspect| absent(aspect, why)).to_vec();
    }
    let ilacs = matches!(kind, Kind::Standard | Kind::Short);
    if readings.unclear {
        doubts.push(Doubt::TableUnclear);
    }
    let joined = readings.all.iter().any(|reading| reading.with_care_leavers);
    let alone = readings.all.iter().any(|reading| reading.aspect == Aspect::CareLeavers);
    let is_apart =
        day.is_some() && Aspect::CareLeavers.judgement().is_some_and(|own| own.absence(Some(kind), day).is_none());
    if ilacs && joined && (alone || is_apart) {
        doubts.push(Doubt::NotTheFrameworkOfTheDay { what: "care leavers are judged together with children in care" });
    }
    let mut judgements = Vec::new();
    for aspect in Aspect::ALL {
        let read = readings.all.iter().any(|reading| reading.aspect == aspect);
        judgements.push(if readings.not_judged.contains(&aspect) && !read {
            absent(aspect, MissingGrade::NotJudged)
        } else {
            judgement(aspect, kind, day, joined && !alone, &readings.all, doubts)
        });
    }
    judgements
}

fn absent(aspect: Aspect, missing: MissingGrade) -> Judgement {
    Judgement { aspect, grade: None, missing: Some(missing), places: Vec::new() }
}

fn judgement(
    aspect: Aspect,
    kind: Kind,
    day: Option<Date>,
    joined: bool,
    readings: &[Reading],
    doubts: &mut Vec<Doubt>,
) -> Judgement {
    let own: Vec<&Reading> = readings.iter().filter(|reading| reading.aspect == aspect).collect();
    let places: Vec<Printed<Grade>> = own.iter().map(|reading| reading.printed.clone()).collect();
    let first = places.first().cloned();
    let grade = first.as_ref().map(|printed| printed.value);
    if let (Some(first), Some(other)) = (&first, places.iter().find(|place| Some(place.value) != grade)) {
        doubts.push(Doubt::GradesDisagree {
            aspect,
            first: first.value,
            first_page: first.page,
            second: other.value,
            second_page: other.page,
        });
    }
    match (grade, expected(kind, aspect, day)) {
        (Some(_), Expected::Grade) => {
            if !borne_out(aspect, kind, &own, readings) {
                doubts.push(Doubt::GradeInOnePlace(aspect));
            }
            Judgement { aspect, grade, missing: None, places }
        }
        // A board is reviewed beside most inspections, not all.
        (Some(_), Expected::Missing(MissingGrade::NotJudged)) => {
            if !borne_out(aspect, kind, &own, readings) {
                doubts.push(Doubt::GradeInOnePlace(aspect));
            }
            Judgement { aspect, grade, missing: None, places }
        }
        (Some(_), Expected::Missing(missing)) => {
            if matches!(kind, Kind::TargetedLookedAfter | Kind::ChildProtection) {
                return absent(aspect, missing);
            }
            doubts.push(Doubt::NotTheFrameworkOfTheDay { what: "there is a judgement that should not be there" });
            Judgement { aspect, grade, missing: None, places }
        }
        (None, Expected::Missing(missing)) => absent(aspect, missing),
        (None, Expected::Grade) if aspect == Aspect::CareLeavers && joined => {
            absent(aspect, MissingGrade::NotInThisFramework)
        }
        (None, Expected::Grade) => {
            doubts.push(Doubt::GradeNotFound(aspect));
            Judgement { aspect, grade: None, missing: None, places }
        }
    }
}

/// Whether two kinds of place print the judgement; for overall effectiveness of ILACS, which the table alone prints,
/// whether every other row of that table is borne out by a heading.
fn borne_out(aspect: Aspect, kind: Kind, own: &[&Reading], all: &[Reading]) -> bool {
    let kinds: BTreeSet<Place> = own.iter().map(|reading| reading.place).collect();
    let pages: BTreeSet<u32> = own.iter().map(|reading| reading.printed.page).collect();
    if kinds.len() > 1 || pages.len() > 1 {
        return true;
    }
    if aspect == Aspect::Lscb {
        return own.iter().any(|reading| reading.opens_section);
    }
    if aspect != Aspect::Overall {
        return false;
    }
    match kind {
        Kind::Standard | Kind::Short => table_is_borne_out(all),
        Kind::Sif | Kind::SifReinspection => own.iter().all(|reading| follows_from_parts(reading.printed.value, all)),
        _ => false,
    }
}

/// Whether every row of the cover's table but that of overall effectiveness agrees with its section's heading.
fn table_is_borne_out(all: &[Reading]) -> bool {
    let rows: Vec<&Reading> = all.iter().filter(|r| r.place == Place::Table && r.aspect != Aspect::Overall).collect();
    let agrees = |row: &&Reading| {
        all.iter().any(|r| r.place == Place::Heading && r.aspect == row.aspect && r.printed.value == row.printed.value)
    };
    rows.len() >= 3 && rows.iter().all(agrees)
}

/// Whether an overall judgement is one that the three key judgements of the single inspection framework allow:
/// inadequate where one of them is, and only then; else no better than the best and no worse than the worst.
fn follows_from_parts(overall: Grade, all: &[Reading]) -> bool {
    let key = [Aspect::HelpAndProtection, Aspect::InCare, Aspect::Leaders];
    let parts: Vec<Grade> = key
        .iter()
        .filter_map(|aspect| all.iter().find(|reading| reading.aspect == *aspect))
        .map(|reading| reading.printed.value)
        .collect();
    let (Some(best), Some(worst)) = (parts.iter().min(), parts.iter().max()) else { return false };
    let inadequate = (overall == Grade::Inadequate) == (*worst == Grade::Inadequate);
    parts.len() == key.len() && inadequate && (best..=worst).contains(&&overall)
}

// ---- what is no grade

fn focus_of(body: &Body, kind: Kind, doubts: &mut Vec<Doubt>) -> Option<Focus> {
    if kind != Kind::FocusedVisit {
        return None;
    }
    let Some(scope) = focus::scope(body) else {
        // The visits of 2020 and 2021 looked at the whole of the service and name no topic.
        if !focus::is_whole_service(body) {
            doubts.push(Doubt::NoScope);
        }
        return None;
    };
    let topics = lexicon::topics_of_scope(&scope.value);
    if topics.is_empty() {
        doubts.push(Doubt::NoTopic);
    }
    Some(Focus { scope, topics })
}

fn outcome(body: &Body, kind: Kind, doubts: &mut Vec<Doubt>) -> Option<Printed<crate::report::AreaSendOutcome>> {
    if kind != Kind::AreaSend {
        return None;
    }
    let outcomes = focus::area_send_outcome(body);
    match &outcomes[..] {
        [one] if focus::consequence_agrees(body, one.value) => Some(one.clone()),
        _ => {
            doubts.push(Doubt::NoOutcome);
            None
        }
    }
}

fn priority_action(kind: Kind, findings: &Findings, body: &Body, doubts: &mut Vec<Doubt>) -> Option<bool> {
    if !matches!(
        kind,
        Kind::FocusedVisit | Kind::MonitoringVisit | Kind::Jtai | Kind::AreaSend | Kind::Sif | Kind::SifReinspection
    ) {
        return None;
    }
    let stated = body.rows.iter().zip(body.rows.iter().skip(1)).any(|(row, next)| {
        let two = format!("{} {}", row.plain, next.plain);
        statements::says_priority_action(&two)
    });
    if stated && !findings.priority_heading {
        doubts.push(Doubt::PriorityActionUnclear);
    }
    Some(findings.priority_heading)
}

fn completeness(body: &Body, findings: &Findings) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = body.empty.iter().map(|page| Doubt::PageWithoutText(*page)).collect();
    if findings.statements.is_empty() {
        doubts.push(Doubt::NoStatements);
    }
    doubts
}
