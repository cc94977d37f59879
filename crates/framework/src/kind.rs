//! The kinds of inspection and visit that the record knows.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::MissingGrade;

/// A kind of inspection, visit or review of a local authority's children's services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// ILACS standard inspection (paragraph 20).
    Standard,
    /// ILACS short inspection (paragraph 17).
    Short,
    /// ILACS focused visit (paragraphs 103 to 107).
    FocusedVisit,
    /// Monitoring visit to an inadequate authority (paragraphs 112 to 139).
    MonitoringVisit,
    /// Joint targeted area inspection (paragraph 25).
    Jtai,
    /// Area inspection of special educational needs and disability provision.
    AreaSend,
    /// Single inspection framework, 2013 to 2018.
    Sif,
    /// Re-inspection under the single inspection framework.
    SifReinspection,
    /// Review of the local safeguarding children board beside a SIF inspection.
    LscbReview,
    /// Safeguarding half of a safeguarding and looked after children inspection, 2009 to 2012.
    SlacSafeguarding,
    /// Looked after half of a safeguarding and looked after children inspection, 2009 to 2012.
    SlacLookedAfter,
    /// Inspection of child protection arrangements, 2012 to 2013.
    ChildProtection,
    /// Targeted inspection of services for looked after children, 2013.
    TargetedLookedAfter,
    /// Inspection of youth justice services by HM Inspectorate of Probation.
    YouthJustice,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Standard,
        Self::Short,
        Self::FocusedVisit,
        Self::MonitoringVisit,
        Self::Jtai,
        Self::AreaSend,
        Self::Sif,
        Self::SifReinspection,
        Self::LscbReview,
        Self::SlacSafeguarding,
        Self::SlacLookedAfter,
        Self::ChildProtection,
        Self::TargetedLookedAfter,
        Self::YouthJustice,
    ];

    /// The kebab-case id that tables hold.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Short => "short",
            Self::FocusedVisit => "focused-visit",
            Self::MonitoringVisit => "monitoring-visit",
            Self::Jtai => "jtai",
            Self::AreaSend => "area-send",
            Self::Sif => "sif",
            Self::SifReinspection => "sif-reinspection",
            Self::LscbReview => "lscb-review",
            Self::SlacSafeguarding => "slac-safeguarding",
            Self::SlacLookedAfter => "slac-looked-after",
            Self::ChildProtection => "child-protection",
            Self::TargetedLookedAfter => "targeted-looked-after",
            Self::YouthJustice => "youth-justice",
        }
    }

    /// What it is called, in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Standard => "Standard inspection",
            Self::Short => "Short inspection",
            Self::FocusedVisit => "Focused visit",
            Self::MonitoringVisit => "Monitoring visit",
            Self::Jtai => "Joint targeted area inspection",
            Self::AreaSend => "Area SEND inspection",
            Self::Sif => "Single inspection",
            Self::SifReinspection => "Single inspection, re-inspection",
            Self::LscbReview => "Review of the safeguarding children board",
            Self::SlacSafeguarding => "Safeguarding inspection",
            Self::SlacLookedAfter => "Looked after children inspection",
            Self::ChildProtection => "Child protection inspection",
            Self::TargetedLookedAfter => "Targeted looked after children inspection",
            Self::YouthJustice => "Youth justice inspection",
        }
    }

    /// The kind with this id, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The id of the framework under which events of this kind are made.
    #[must_use]
    pub const fn framework(self) -> &'static str {
        match self {
            Self::Standard | Self::Short | Self::FocusedVisit | Self::MonitoringVisit => "ilacs",
            Self::Jtai => "jtai",
            Self::AreaSend => "area-send",
            Self::Sif | Self::SifReinspection | Self::LscbReview => "sif",
            Self::SlacSafeguarding | Self::SlacLookedAfter => "slac",
            Self::ChildProtection => "child-protection",
            Self::TargetedLookedAfter => "targeted-looked-after",
            Self::YouthJustice => "youth-justice",
        }
    }

    /// The first day on which an event of this kind could begin, where the framework began within the record.
    ///
    /// Source: Ofsted's inspection history workbook, whose first ILACS inspection began on 29 January 2018.
    #[must_use]
    pub const fn since(self) -> Option<Date> {
        match self {
            Self::Standard | Self::Short | Self::FocusedVisit => Some(date(2018, 1, 1)),
            Self::Sif | Self::LscbReview => Some(date(2013, 11, 1)),
            _ => None,
        }
    }

    /// Whether an event of this kind gives grades.
    #[must_use]
    pub const fn is_graded(self) -> bool {
        self.why_ungraded().is_none()
    }

    /// Why an event of this kind gives no grades; nothing where it gives some.
    ///
    /// A visit looks at what inspections judge and does not judge it (paragraphs 103 and 203). Joint inspections of an
    /// area are of frameworks that have no such judgements: one writes a letter, the other gives one of three outcomes.
    #[must_use]
    pub const fn why_ungraded(self) -> Option<MissingGrade> {
        match self {
            Self::FocusedVisit | Self::MonitoringVisit => Some(MissingGrade::NotJudged),
            Self::Jtai | Self::AreaSend => Some(MissingGrade::NotInThisFramework),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_id(kind.id()), Some(kind));
        }
        assert_eq!(Kind::from_id("inspection"), None);
    }
}
