//! What a source row says of inspections and visits, as the tables of facts hold it.

use jiff::civil::Date;
use lais_framework::Judgement;
use serde::Serialize;

/// A row of `inspection_record`: what one source row says of one event at one authority.
///
/// A judgement without a grade and without a reason is one of which the source says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct InspectionRecord {
    pub(crate) source_id: String,
    pub(crate) release: String,
    pub(crate) source_table: String,
    pub(crate) source_part: String,
    pub(crate) source_row: u32,
    pub(crate) precedence: i64,
    pub(crate) evidence: &'static str,
    pub(crate) published_code: String,
    pub(crate) authority_code: String,
    pub(crate) shared_service: bool,
    pub(crate) kind: Option<&'static str>,
    pub(crate) framework: String,
    pub(crate) started_on: Option<Date>,
    pub(crate) ended_on: Option<Date>,
    pub(crate) published_on: Option<Date>,
    pub(crate) overall: Option<&'static str>,
    pub(crate) overall_missing: Option<&'static str>,
    pub(crate) leaders: Option<&'static str>,
    pub(crate) leaders_missing: Option<&'static str>,
    pub(crate) help_and_protection: Option<&'static str>,
    pub(crate) help_and_protection_missing: Option<&'static str>,
    pub(crate) in_care: Option<&'static str>,
    pub(crate) in_care_missing: Option<&'static str>,
    pub(crate) care_leavers: Option<&'static str>,
    pub(crate) care_leavers_missing: Option<&'static str>,
    pub(crate) outcome: Option<String>,
    pub(crate) focus_topics: Option<String>,
    pub(crate) priority_action: Option<bool>,
    /// What is printed where a day or a grade was expected and none could be read.
    pub(crate) remarks: Option<String>,
}

impl InspectionRecord {
    /// Sets a judgement, or the reason that there is none.
    pub(crate) fn judge(&mut self, judgement: Judgement, grade: Option<&'static str>, missing: Option<&'static str>) {
        let (place, reason) = match judgement {
            Judgement::Overall => (&mut self.overall, &mut self.overall_missing),
            Judgement::Leaders => (&mut self.leaders, &mut self.leaders_missing),
            Judgement::HelpAndProtection => (&mut self.help_and_protection, &mut self.help_and_protection_missing),
            Judgement::InCare => (&mut self.in_care, &mut self.in_care_missing),
            Judgement::CareLeavers => (&mut self.care_leavers, &mut self.care_leavers_missing),
        };
        (*place, *reason) = (grade, missing);
    }

    /// Whether any of the five judgements has a grade.
    pub(crate) fn has_a_grade(&self) -> bool {
        [self.overall, self.leaders, self.help_and_protection, self.in_care, self.care_leavers]
            .iter()
            .any(Option::is_some)
    }
}

/// A row of `judgement_record`: a judgement that has no column of its own in `inspection`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct JudgementRecord {
    pub(crate) source_id: String,
    pub(crate) release: String,
    pub(crate) source_table: String,
    pub(crate) source_part: String,
    pub(crate) source_row: u32,
    pub(crate) authority_code: String,
    pub(crate) judgement_id: String,
    pub(crate) grade: Option<&'static str>,
    pub(crate) missing: Option<&'static str>,
}

/// What a table of inspections became.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) inspections: Vec<InspectionRecord>,
    pub(crate) judgements: Vec<JudgementRecord>,
}
