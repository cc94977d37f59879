//! Inspection reports: what the reader of PDFs gives becomes records, findings, or things to review.

use jiff::civil::Date;
use lais_framework::{Judgement, Kind, MissingGrade};
use lais_report::{AreaSendOutcome, Aspect, Hint, Recognition, Report};
use serde::Serialize;

use crate::accounts::Accounts;
use crate::input::{Input, Refused};
use crate::inspection::{InspectionRecord, JudgementRecord, Told};
use crate::period::Period;
use crate::pipeline::{Evidence, slug};
use crate::register::{Authority, Register};

/// The tens of precedence of reports: after official statistics, before scraped tables.
const PRECEDENCE: i64 = 21;

/// A row of `finding_record`: a statement of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FindingRecord {
    source_id: String,
    release: String,
    source_table: &'static str,
    source_part: &'static str,
    source_row: u32,
    authority_code: String,
    ordinal: u32,
    section: String,
    statement: &'static str,
    text: String,
    page: u32,
    criterion_id: Option<String>,
    focus_topic_id: Option<String>,
    lexicon: Option<String>,
    matched_terms: Option<String>,
}

/// A row of `review_record`: something that a person must look at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ReviewRecord {
    source_id: String,
    release: String,
    file_name: String,
    ordinal: usize,
    authority_code: Option<String>,
    kind: Option<&'static str>,
    started_on: Option<Date>,
    published_on: Option<Date>,
    received_on: Date,
    field: String,
    value: Option<String>,
    page: Option<u32>,
    reason: String,
    advice: String,
}

/// What a report became.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) told: Told,
    pub(crate) findings: Vec<FindingRecord>,
    pub(crate) reviews: Vec<ReviewRecord>,
}

/// Reads a PDF as a report.
///
/// # Errors
/// [`Refused`] where no text can be read of it.
pub(crate) fn open(input: &Input) -> Result<Report, Refused> {
    lais_report::read(&input.bytes, &Hint::from_file_name(file_name(&input.name)))
        .map_err(|unreadable| Refused { file: input.name.clone(), reason: unreadable.to_string() })
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Whether a PDF is a report of inspectors, of whatever kind.
pub(crate) fn is_report(report: &Report) -> bool {
    report.recognition != Recognition::NotAReport
}

/// A report is a release of its own, called by the authority, the kind and the day.
///
/// # Errors
/// A sentence where no day is known of it.
pub(crate) fn vintage(report: &Report, register: &Register, input: &Input) -> Result<Period, String> {
    let published = report.published.as_ref().map(|published| published.date);
    let fieldwork = report.ended_on.as_ref().or(report.started_on.as_ref()).map(|printed| printed.value);
    let day = published.or(fieldwork).ok_or(
        "it prints no day, and its name holds none; put the day of publication into its name, such as `12 july 2024`",
    )?;
    let whose = authority(report, register).ok().map_or("unknown", |found| found.authority_code.as_str());
    let kind = report.kind().map_or("report", Kind::id);
    // The hash tells apart two documents of one day, such as an inspection and a review beside it.
    let label = format!("{}-{kind}-{day}-{}", slug(whose), &input.sha256[..6]);
    Ok(Period { end: day, start: day, label, published_on: day, published_on_assumed: published.is_none() })
}

/// The authority whose name the title prints, as it was on the day.
fn authority<'r>(report: &Report, register: &'r Register) -> Result<&'r Authority, String> {
    let printed = report.authority.as_ref().ok_or("the report does not say whose it is")?;
    let day = [report.started_on.as_ref().map(|d| d.value), report.published.as_ref().map(|p| p.date)];
    let day = day.into_iter().flatten().next().unwrap_or(Date::constant(2018, 1, 1));
    match register.by_title(&printed.value, day).as_slice() {
        [one] => Ok(one),
        [] => Err(format!("no authority of the register is called {:?}", printed.value)),
        _ => Err(format!("more than one authority was called {:?} on {day}", printed.value)),
    }
}

/// Makes a report records and findings where it was read with certainty, else things to review.
pub(crate) fn read(report: &Report, register: &Register, vintage: &Period, accounts: &mut Accounts) -> Read {
    let mut read = Read::default();
    let mut doubts: Vec<(String, String, String)> = report
        .confidence
        .doubts()
        .iter()
        .map(|doubt| {
            let sentence = doubt.to_string();
            let (reason, advice) = sentence.rsplit_once(": ").unwrap_or((&sentence, "look at the report"));
            (doubt.id().to_owned(), reason.to_owned(), advice.to_owned())
        })
        .collect();
    let found = authority(report, register);
    doubts.extend(contradiction_of_folder(&found, register, accounts, vintage.published_on));
    if let Err(reason) = &found
        && report.authority.is_some()
    {
        let advice = "add the spelling to the register's aliases".to_owned();
        doubts.push(("unknown-authority".to_owned(), reason.clone(), advice));
    }
    match (found, report.kind()) {
        (Ok(authority), Some(kind)) if doubts.is_empty() => {
            accounts.keep(1);
            keep(&mut read, report, kind, authority, accounts);
        }
        (found, kind) => {
            let code = found.ok().map(|authority| authority.authority_code.clone());
            let reasons: Vec<&str> = doubts.iter().map(|(_, reason, _)| reason.as_str()).collect();
            let message = format!("{}; see lais status --review", reasons.join("; "));
            accounts.quarantine_row(1, "", "", "in-review", &message);
            read.reviews = reviews(report, kind, code, vintage, &doubts, accounts);
        }
    }
    read
}

/// A doubt where the folder a report lies in is named after another authority.
///
/// Ofsted's files lie in folders such as `80418_norfolk`; a report that was put into the wrong one, or whose title
/// was misread, would be somebody else's.
fn contradiction_of_folder(
    found: &Result<&Authority, String>,
    register: &Register,
    accounts: &Accounts,
    day: Date,
) -> Option<(String, String, String)> {
    let authority = found.as_ref().ok()?;
    let mut folders = accounts.file_name.rsplit('/').skip(1);
    let folder = folders.next()?.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_' || c == ' ');
    let named = register.by_title(folder, day);
    let is_other = !named.is_empty() && !named.iter().any(|other| other.authority_code == authority.authority_code);
    is_other.then(|| {
        let reason = format!("the title names {}, and the folder it lies in is another authority's", authority.name);
        ("folder-contradicts".to_owned(), reason, "check whose report it is".to_owned())
    })
}

fn keep(read: &mut Read, report: &Report, kind: Kind, authority: &Authority, accounts: &Accounts) {
    let mut record = InspectionRecord {
        source_id: accounts.source_id.clone(),
        release: accounts.release.clone(),
        source_row: 1,
        precedence: PRECEDENCE,
        evidence: Evidence::InspectionReport.id(),
        published_code: report.authority.as_ref().map_or_else(String::new, |printed| printed.value.clone()),
        authority_code: authority.authority_code.clone(),
        kind: Some(kind.id()),
        framework: report.framework.unwrap_or(kind.framework()).to_owned(),
        started_on: report.started_on.as_ref().map(|day| day.value),
        ended_on: report.ended_on.as_ref().map(|day| day.value),
        published_on: report.published.as_ref().map(|published| published.date),
        outcome: report.area_send_outcome.as_ref().map(|outcome| outcome_id(outcome.value).to_owned()),
        focus_topics: report.focus.as_ref().map(|focus| focus.topics.join(" ")).filter(|topics| !topics.is_empty()),
        priority_action: report.priority_action,
        ..InspectionRecord::default()
    };
    for (aspect, judgement) in ASPECTS {
        let said = report.judgement(aspect);
        let grade = said.and_then(|said| said.grade).map(lais_framework::Grade::id);
        let missing = said.and_then(|said| said.missing).map(MissingGrade::id);
        let absent = || judgement.absence(Some(kind), record.started_on).map(MissingGrade::id);
        record.judge(judgement, grade, if grade.is_some() { None } else { missing.or_else(absent) });
    }
    if let Some(adoption) = report.judgement(Aspect::Adoption).and_then(|said| said.grade) {
        read.told.judgements.push(JudgementRecord {
            source_id: record.source_id.clone(),
            release: record.release.clone(),
            source_table: String::new(),
            source_part: String::new(),
            source_row: 1,
            authority_code: record.authority_code.clone(),
            judgement_id: "adoption".to_owned(),
            grade: Some(adoption.id()),
            missing: None,
        });
    }
    read.told.inspections.extend(board_review(report, kind, &record));
    read.findings = findings(report, &record);
    read.told.inspections.push(record);
}

/// The review of the safeguarding children board that a report of the single inspection framework prints beside its
/// own judgements.
fn board_review(report: &Report, kind: Kind, record: &InspectionRecord) -> Option<InspectionRecord> {
    if !matches!(kind, Kind::Sif | Kind::SifReinspection) {
        return None;
    }
    let grade = report.judgement(Aspect::Lscb).and_then(|said| said.grade)?;
    let mut board = InspectionRecord {
        source_part: "lscb".to_owned(),
        kind: Some(Kind::LscbReview.id()),
        ..record.clone()
    };
    for judgement in Judgement::ALL {
        let absent = judgement.absence(Some(Kind::LscbReview), record.started_on).map(MissingGrade::id);
        let is_overall = judgement == Judgement::Overall;
        board.judge(judgement, is_overall.then(|| grade.id()), if is_overall { None } else { absent });
    }
    Some(board)
}

const ASPECTS: [(Aspect, Judgement); 5] = [
    (Aspect::Overall, Judgement::Overall),
    (Aspect::Leaders, Judgement::Leaders),
    (Aspect::HelpAndProtection, Judgement::HelpAndProtection),
    (Aspect::InCare, Judgement::InCare),
    (Aspect::CareLeavers, Judgement::CareLeavers),
];

const fn outcome_id(outcome: AreaSendOutcome) -> &'static str {
    match outcome {
        AreaSendOutcome::TypicallyPositive => "typically-positive",
        AreaSendOutcome::Inconsistent => "inconsistent",
        AreaSendOutcome::WidespreadFailings => "widespread-or-systemic-failings",
    }
}

fn findings(report: &Report, record: &InspectionRecord) -> Vec<FindingRecord> {
    let finding = |statement: &lais_report::Statement| FindingRecord {
        source_id: record.source_id.clone(),
        release: record.release.clone(),
        source_table: "",
        source_part: "",
        source_row: 1,
        authority_code: record.authority_code.clone(),
        ordinal: statement.ordinal,
        section: statement.section.clone(),
        statement: statement.kind.id(),
        text: statement.text.clone(),
        page: statement.page,
        criterion_id: statement.mapping.criterion.clone(),
        focus_topic_id: statement.mapping.topic.clone(),
        lexicon: Some(statement.mapping.lexicon.clone()),
        matched_terms: statement.mapping.shown(),
    };
    report.statements.iter().map(finding).collect()
}

/// What a person must look at: first what was read, then each doubt.
fn reviews(
    report: &Report,
    kind: Option<Kind>,
    authority_code: Option<String>,
    vintage: &Period,
    doubts: &[(String, String, String)],
    accounts: &Accounts,
) -> Vec<ReviewRecord> {
    let blank = ReviewRecord {
        source_id: accounts.source_id.clone(),
        release: accounts.release.clone(),
        file_name: accounts.file_name.clone(),
        ordinal: 0,
        authority_code,
        kind: kind.map(Kind::id),
        started_on: report.started_on.as_ref().map(|day| day.value),
        published_on: report.published.as_ref().map(|published| published.date),
        received_on: vintage.published_on,
        field: "what-was-read".to_owned(),
        value: Some(summary(report)),
        page: None,
        reason: "what the program read; it is in no table of facts".to_owned(),
        advice: "hold it against the report".to_owned(),
    };
    let doubt = |(i, (field, reason, advice)): (usize, &(String, String, String))| ReviewRecord {
        ordinal: i + 1,
        field: field.clone(),
        value: None,
        reason: reason.clone(),
        advice: advice.clone(),
        ..blank.clone()
    };
    let doubts: Vec<ReviewRecord> = doubts.iter().enumerate().map(doubt).collect();
    std::iter::once(blank.clone()).chain(doubts).collect()
}

/// What was read of a report, in one line.
fn summary(report: &Report) -> String {
    let mut parts = Vec::new();
    parts.extend(report.authority.as_ref().map(|printed| format!("title {:?}", printed.value)));
    parts.extend(report.started_on.as_ref().map(|day| format!("from {}", day.value)));
    parts.extend(report.ended_on.as_ref().map(|day| format!("to {}", day.value)));
    let graded = report.judgements.iter().filter_map(|said| Some(format!("{} {}", said.aspect.id(), said.grade?.id())));
    parts.extend(graded);
    parts.push(format!("{} statements", report.statements.len()));
    parts.join("; ")
}
