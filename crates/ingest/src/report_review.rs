//! What a person must look at before a report is believed, as the review list has it.

use lais_framework::Kind;
use lais_report::{Doubt, Report};

use crate::accounts::Accounts;
use crate::period::Period;
use crate::register::{Authority, Register};
use crate::report::{ANY_DAY, days};
use crate::report_record::ReviewRecord;
use crate::settle::asked_for;

/// One reason for a person to look, as the review list has it.
pub(crate) struct Question {
    field: &'static str,
    pub(crate) reason: String,
    advice: String,
    /// The fields of which one has to be decided; none where having looked is an answer.
    decide: Vec<&'static str>,
}

impl Question {
    /// From a sentence of a reason, a colon, and what to do about it.
    fn of(doubt: &Doubt) -> Self {
        let sentence = doubt.to_string();
        let (reason, advice) = sentence.rsplit_once(": ").unwrap_or((&sentence, "look at the report"));
        Self { field: doubt.id(), reason: reason.to_owned(), advice: advice.to_owned(), decide: asked_for(doubt) }
    }

    /// A decision that cannot be.
    pub(crate) fn of_refusal(reason: &str) -> Self {
        Self {
            field: "decision-refused",
            reason: format!("what was decided of it cannot be: {reason}"),
            advice: "correct the decision".to_owned(),
            decide: Vec::new(),
        }
    }

    /// Whose a report is has to be decided.
    fn of_authority(field: &'static str, reason: String, advice: &str) -> Self {
        Self { field, reason, advice: advice.to_owned(), decide: vec!["authority_code"] }
    }
}

/// Everything that a person must look at before the report is believed.
pub(crate) fn questions(
    report: &Report,
    authority: &Result<&Authority, String>,
    register: &Register,
    file_name: &str,
) -> Vec<Question> {
    let doubts = report.confidence.doubts().iter();
    let mut questions: Vec<Question> = doubts.map(Question::of).collect();
    // A title without a name is a doubt of the reader already.
    if report.authority.is_some() || questions.is_empty() {
        questions.extend(about_authority(authority, report, register, file_name));
    }
    questions
}

/// A doubt about whose a report is: its name is nobody's, or its folder is another's.
pub(crate) fn about_authority(
    authority: &Result<&Authority, String>,
    report: &Report,
    register: &Register,
    file_name: &str,
) -> Option<Question> {
    match authority {
        Ok(authority) => contradicted_by_folder(authority, report, register, file_name),
        Err(reason) => Some(Question::of_authority(
            "unknown-authority",
            reason.clone(),
            "say whose it is; a spelling that returns belongs into the register's aliases",
        )),
    }
}

/// A doubt where the folder a report lies in is named after another authority.
///
/// Ofsted's files lie in folders such as `80418_norfolk`; a report that was put into the wrong one, or whose title
/// was misread, would be somebody else's.
fn contradicted_by_folder(
    authority: &Authority,
    report: &Report,
    register: &Register,
    file_name: &str,
) -> Option<Question> {
    let folder = file_name.rsplit('/').nth(1)?;
    let digits = folder.find(|c: char| !c.is_ascii_digit()).unwrap_or(folder.len());
    let (number, name) = folder.split_at(digits);
    let own_number = register.ofsted_urn(&authority.authority_code);
    // Ofsted's numbers have five digits or more; a year is none.
    let is_others_number = number.len() > 4 && own_number.is_some_and(|own| own != number);
    let named = register.by_title(name.trim_start_matches(['_', '-', ' ']), days(report).next().unwrap_or(ANY_DAY));
    let is_others_name =
        !named.is_empty() && !named.iter().any(|other| other.authority_code == authority.authority_code);
    (is_others_number || is_others_name).then(|| {
        let reason = "and the folder it lies in is called after another authority";
        let reason = format!("the title names {}, {reason}", authority.name);
        Question::of_authority("folder-contradicts", reason, "check whose report it is")
    })
}

/// What a person must look at: first what was read, then each question.
pub(crate) fn reviews(
    report: &Report,
    authority_code: Option<String>,
    vintage: &Period,
    questions: &[Question],
    (document, accounts): (&str, &Accounts),
) -> Vec<ReviewRecord> {
    let read = ReviewRecord {
        source_id: accounts.source_id.clone(),
        release: accounts.release.clone(),
        file_name: accounts.file_name.clone(),
        ordinal: 0,
        authority_code,
        kind: report.kind().map(Kind::id),
        started_on: report.started_on.as_ref().map(|day| day.value),
        published_on: report.published.as_ref().map(|published| published.date),
        received_on: vintage.published_on,
        field: "what-was-read",
        value: Some(format!("{}; {} statements", facts(report), report.statements.len())),
        page: None,
        reason: "what the program read; it is in no table of facts".to_owned(),
        advice: "hold it against the report".to_owned(),
        document: Some(document.to_owned()),
        decide: None,
    };
    let ask = |(i, question): (usize, &Question)| ReviewRecord {
        ordinal: i + 1,
        field: question.field,
        value: None,
        reason: question.reason.clone(),
        advice: question.advice.clone(),
        decide: (!question.decide.is_empty()).then(|| question.decide.join(" ")),
        ..read.clone()
    };
    let asked: Vec<ReviewRecord> = questions.iter().enumerate().map(ask).collect();
    std::iter::once(read).chain(asked).collect()
}

/// The facts that were read of a report, in one line: what whoever decides on it has seen.
pub(crate) fn facts(report: &Report) -> String {
    let mut parts = Vec::new();
    parts.extend(report.authority.as_ref().map(|printed| format!("title {:?}", printed.value)));
    parts.extend(report.kind().map(|kind| format!("kind {}", kind.id())));
    parts.extend(report.started_on.as_ref().map(|day| format!("from {}", day.value)));
    parts.extend(report.ended_on.as_ref().map(|day| format!("to {}", day.value)));
    parts.extend(report.published.as_ref().map(|published| format!("published {}", published.date)));
    parts.extend(report.judgements.iter().filter_map(|said| {
        let given = match (said.grade, said.missing) {
            (Some(grade), _) => grade.id(),
            // That a kind of report gives no grade at all is said by its kind.
            (None, Some(_)) if report.kind().is_some_and(|kind| !kind.is_graded()) => return None,
            (None, Some(missing)) => missing.id(),
            (None, None) => "not found",
        };
        Some(format!("{} {given}", said.aspect.id()))
    }));
    parts.extend(report.area_send_outcome.as_ref().map(|outcome| format!("outcome {}", outcome.value.id())));
    parts.extend(report.focus.as_ref().map(|focus| match focus.topics.as_slice() {
        [] => "no topic".to_owned(),
        topics => format!("topics {}", topics.join(" ")),
    }));
    parts.extend(report.priority_action.map(|there_is| match there_is {
        true => "areas for priority action".to_owned(),
        false => "no area for priority action".to_owned(),
    }));
    parts.join("; ")
}
