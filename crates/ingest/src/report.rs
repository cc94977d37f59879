//! Inspection reports: what the reader of PDFs gives becomes records and findings, or things to review.
//!
//! A report is kept or reviewed as a whole: a grade that is in doubt makes its neighbours doubtful too.

use jiff::civil::{Date, date};
use lais_framework::{Grade, Judgement, Kind, MissingGrade};
use lais_lake::sha256_hex;
use lais_report::{Aspect, Hint, PdfText, Recognition, Report, Statement, TextLayer, lexicon_version};

use crate::accounts::Accounts;
use crate::decision::{Decision, Document};
use crate::event::Evidence;
use crate::input::{Input, Refused};
use crate::inspection_record::{InspectionRecord, JudgementRecord, Told};
use crate::period::Period;
use crate::pipeline::slug;
use crate::register::{Authority, Register};
use crate::report_record::{FindingRecord, ReviewRecord};
use crate::report_review::{Question, about_authority, facts, questions, reviews};
use crate::settle::settle;

/// The preference of reports: after official statistics, before scraped tables.
const PRECEDENCE: i64 = 21;

/// The day for a name that two councils bore, where the report prints no day at all.
pub(crate) const ANY_DAY: Date = date(2018, 1, 1);

/// A PDF that was read.
#[derive(Clone, Debug)]
pub(crate) struct Pdf {
    pub(crate) report: Box<Report>,
    /// The text of its first page, for telling what it is where it is no report.
    pub(crate) beginning: String,
    /// The hash of its file.
    sha256: String,
    /// What a person decided of it, in words, or why that cannot be; nothing where nobody decided anything.
    settled: Option<Result<String, String>>,
    /// Whether whose it is was among that.
    whose_is_decided: bool,
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
pub(crate) fn open(input: &Input) -> Result<Pdf, Refused> {
    let pages = PdfText
        .pages(&input.bytes)
        .map_err(|unreadable| Refused { file: input.name.clone(), reason: unreadable.to_string() })?;
    let name = input.name.rsplit('/').next().unwrap_or_default();
    let lines = pages.first().map(|page| page.lines.iter().map(lais_report::Line::text).collect::<Vec<_>>());
    Ok(Pdf {
        report: Box::new(lais_report::read_pages(&pages, &Hint::from_file_name(name))),
        beginning: lines.unwrap_or_default().join("\n"),
        sha256: input.sha256.clone(),
        settled: None,
        whose_is_decided: false,
    })
}

impl Pdf {
    /// Whether it is a report of inspectors, of whatever kind.
    pub(crate) fn is_report(&self) -> bool {
        self.report.recognition != Recognition::NotAReport
    }

    /// The document, with the reading of it that this is.
    fn document(&self, register: &Register) -> Document {
        let whose = authority(&self.report, register).map_or("", |found| found.authority_code.as_str());
        Document::new(&self.sha256, &sha256_hex(format!("{whose}\n{}", facts(&self.report)).as_bytes()))
    }

    /// The same with what a person decided of it, in one decision or more.
    pub(crate) fn settled(&self, decisions: &[&Decision], register: &Register) -> Self {
        let document = self.document(register);
        let of_this_reading: Vec<&Decision> =
            decisions.iter().copied().filter(|decision| decision.document == document).collect();
        let settled = match of_this_reading.as_slice() {
            [] => Err("it is read otherwise now than when it was decided; look at it again".to_owned()),
            decisions => settle(&self.report, decisions, register),
        };
        let (report, settled) = match settled {
            Ok((report, said)) => (Box::new(report), Ok(said)),
            Err(reason) => (self.report.clone(), Err(reason)),
        };
        let whose_is_decided = of_this_reading.iter().any(|decision| decision.field == "authority_code");
        Self { report, settled: Some(settled), whose_is_decided, ..self.clone() }
    }
}

/// A report is a release of its own, called by the authority, the kind and the day.
///
/// # Errors
/// A sentence where no day is known of it.
pub(crate) fn vintage(report: &Report, register: &Register, input: &Input) -> Result<Period, String> {
    let published = report.published.as_ref().map(|published| published.date);
    let day = published.or_else(|| days(report).next()).ok_or(
        "it prints no day, and its name holds none; put the day of publication into its name, such as `12 july 2024`",
    )?;
    let whose = authority(report, register).map_or("unknown", |found| found.authority_code.as_str());
    let kind = report.kind().map_or("report", Kind::id);
    // The hash tells apart two documents of one day, such as an inspection and a review beside it.
    let label = format!("{}-{kind}-{day}-{}", slug(whose), &input.sha256[..6]);
    Ok(Period { end: day, start: day, label, published_on: day, published_on_assumed: published.is_none() })
}

/// The days that a report gives: of its end, of its beginning, of its publication.
pub(crate) fn days(report: &Report) -> impl Iterator<Item = Date> {
    let fieldwork = [&report.ended_on, &report.started_on].map(|day| day.as_ref().map(|printed| printed.value));
    fieldwork.into_iter().chain([report.published.as_ref().map(|published| published.date)]).flatten()
}

/// The authority whose name the title prints, as it was on the day.
fn authority<'r>(report: &Report, register: &'r Register) -> Result<&'r Authority, String> {
    let printed = report.authority.as_ref().ok_or("the report does not say whose it is")?;
    let day = days(report).next().unwrap_or(ANY_DAY);
    // No title is a code; a person writes one.
    if let Some(decided) = register.by_code(&printed.value) {
        return Ok(decided);
    }
    match register.by_title(&printed.value, day).as_slice() {
        [one] => Ok(one),
        [] => Err(format!("no authority of the register is called {:?}", printed.value)),
        _ => Err(format!("more than one authority was called {:?} on {day}", printed.value)),
    }
}

/// Makes a report records and findings where it was read with certainty, else things to review.
pub(crate) fn read(pdf: &Pdf, register: &Register, vintage: &Period, accounts: &mut Accounts) -> Read {
    let report = &*pdf.report;
    let mut read = Read::default();
    let authority = authority(report, register);
    let questions = match &pdf.settled {
        // What a folder's name says against it is no doubt of the reader's, and is answered by that one field.
        Some(Ok(_)) if pdf.whose_is_decided => Vec::new(),
        Some(Ok(_)) => about_authority(&authority, report, register, &accounts.file_name).into_iter().collect(),
        Some(Err(reason)) => {
            let refused = Question::of_refusal(reason);
            std::iter::once(refused).chain(questions(report, &authority, register, &accounts.file_name)).collect()
        }
        None => questions(report, &authority, register, &accounts.file_name),
    };
    match (&authority, report.kind()) {
        (Ok(authority), Some(kind)) if questions.is_empty() => {
            accounts.keep(1);
            keep(&mut read, report, kind, authority, accounts);
            let said = [printed_otherwise(report), pdf.settled.clone().and_then(Result::ok)];
            let said: Vec<String> = said.into_iter().flatten().collect();
            let remarks = (!said.is_empty()).then(|| said.join("; "));
            read.told.inspections.iter_mut().for_each(|record| record.remarks.clone_from(&remarks));
        }
        _ => {
            let reasons: Vec<&str> = questions.iter().map(|question| question.reason.as_str()).collect();
            let message = format!("{}; `lais status --review` says what to do", reasons.join("; "));
            accounts.quarantine_row(1, "", "", "in-review", &message);
            let code = authority.ok().map(|authority| authority.authority_code.clone());
            let document = pdf.document(register).to_string();
            read.reviews = reviews(report, code, vintage, &questions, (&document, accounts));
        }
    }
    read
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
        outcome: report.area_send_outcome.as_ref().map(|outcome| outcome.value.id().to_owned()),
        focus_topics: report.focus.as_ref().map(|focus| focus.topics.join(" ")).filter(|topics| !topics.is_empty()),
        priority_action: report.priority_action,
        ..InspectionRecord::default()
    };
    for aspect in Aspect::ALL {
        let Some(judgement) = aspect.judgement() else { continue };
        // A review of the board alone has one grade, the board's.
        let aspect = if (kind, aspect) == (Kind::LscbReview, Aspect::Overall) { Aspect::Lscb } else { aspect };
        let (grade, missing) = given(report, aspect);
        let absent = || judgement.absence(Some(kind), record.started_on).map(MissingGrade::id);
        record.judge(judgement, grade, if grade.is_some() { None } else { missing.or_else(absent) });
    }
    read.told.judgements.extend(adoption(report, &record));
    read.told.inspections.extend(board_review(report, kind, &record));
    read.findings = report.statements.iter().map(|statement| finding(statement, &record)).collect();
    read.told.inspections.push(record);
}

/// The grades that the report calls otherwise: until 2013 requires improvement was called adequate.
fn printed_otherwise(report: &Report) -> Option<String> {
    let is_adequate =
        |words: &str| words.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|word| word == "adequate");
    let called = report.judgements.iter().filter(|said| said.places.iter().any(|place| is_adequate(&place.words)));
    let called: Vec<&str> = called.map(|said| said.aspect.id()).collect();
    (!called.is_empty()).then(|| format!("{} printed as adequate", called.join(", ")))
}

/// The grade of an aspect, or why there is none.
fn given(report: &Report, aspect: Aspect) -> (Option<&'static str>, Option<&'static str>) {
    report
        .judgement(aspect)
        .map_or((None, None), |said| (said.grade.map(Grade::id), said.missing.map(MissingGrade::id)))
}

/// The judgement of adoption, which has no column of its own.
fn adoption(report: &Report, record: &InspectionRecord) -> Option<JudgementRecord> {
    let grade = report.judgement(Aspect::Adoption)?.grade?;
    Some(JudgementRecord {
        source_id: record.source_id.clone(),
        release: record.release.clone(),
        source_table: record.source_table.clone(),
        source_part: record.source_part.clone(),
        source_row: record.source_row,
        authority_code: record.authority_code.clone(),
        judgement_id: Aspect::Adoption.id().to_owned(),
        grade: Some(grade.id()),
        missing: None,
    })
}

/// The review of the safeguarding children board that a report of the single inspection framework prints beside its
/// own judgements.
fn board_review(report: &Report, kind: Kind, record: &InspectionRecord) -> Option<InspectionRecord> {
    if !matches!(kind, Kind::Sif | Kind::SifReinspection) {
        return None;
    }
    let grade = report.judgement(Aspect::Lscb)?.grade?;
    let mut board = InspectionRecord {
        source_part: Aspect::Lscb.id().to_owned(),
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

fn finding(statement: &Statement, record: &InspectionRecord) -> FindingRecord {
    FindingRecord {
        source_id: record.source_id.clone(),
        release: record.release.clone(),
        source_table: "",
        source_part: "",
        source_row: record.source_row,
        authority_code: record.authority_code.clone(),
        ordinal: statement.ordinal,
        section: statement.section.clone(),
        statement: statement.kind.id(),
        text: statement.text.clone(),
        page: statement.page,
        criterion_id: statement.mapping.criterion,
        focus_topic_id: statement.mapping.topic,
        lexicon: lexicon_version(),
        matched_terms: statement.mapping.shown(),
    }
}
