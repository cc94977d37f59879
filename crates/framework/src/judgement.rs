//! Which judgements an inspection of each kind gives, and since when.

use jiff::civil::{Date, date};

use crate::{Kind, MissingGrade};

/// A judgement that the record keeps in a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Judgement {
    /// Overall effectiveness.
    Overall,
    /// The impact of leaders on social work practice; under the single inspection framework leadership,
    /// management and governance.
    Leaders,
    /// Children who need help and protection.
    HelpAndProtection,
    /// Children in care; until 2022 together with care leavers, under the single inspection framework together
    /// with permanence.
    InCare,
    /// Care leavers.
    CareLeavers,
}

/// Care leavers have a judgement of their own in ILACS inspections that begin from this day.
///
/// Source: Ofsted, notes to the inspection outcomes workbook as at 31 March 2025.
const CARE_LEAVERS_FROM: Date = date(2023, 1, 1);

/// ILACS gives no overall effectiveness in inspections that begin from this day.
///
/// Source: reports on inspections from April 2026, which print none.
const NO_OVERALL_FROM: Date = date(2026, 4, 1);

impl Judgement {
    /// Every judgement, overall effectiveness first.
    pub const ALL: [Self; 5] = [Self::Overall, Self::Leaders, Self::HelpAndProtection, Self::InCare, Self::CareLeavers];

    /// The snake-case name of its column.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Leaders => "leaders",
            Self::HelpAndProtection => "help_and_protection",
            Self::InCare => "in_care",
            Self::CareLeavers => "care_leavers",
        }
    }

    /// Why an inspection of this kind that began on this day gives no such grade; nothing where it gives one.
    ///
    /// Of a kind that is not known nothing is said.
    #[must_use]
    pub fn absence(self, kind: Option<Kind>, began: Option<Date>) -> Option<MissingGrade> {
        let kind = kind?;
        if let Some(why) = kind.why_ungraded() {
            return Some(why);
        }
        let exists = match kind {
            Kind::Standard | Kind::Short => match self {
                Self::CareLeavers => began.is_none_or(|day| day >= CARE_LEAVERS_FROM),
                Self::Overall => began.is_none_or(|day| day < NO_OVERALL_FROM),
                _ => true,
            },
            Kind::Sif | Kind::SifReinspection => true,
            // The older inspections of the record, and those of youth justice, are kept by their one overall grade.
            _ => self == Self::Overall,
        };
        (!exists).then_some(MissingGrade::NotInThisFramework)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absent(judgement: Judgement, kind: Kind, year: i16, month: i8) -> Option<MissingGrade> {
        judgement.absence(Some(kind), Some(date(year, month, 1)))
    }

    #[test]
    fn care_leavers_are_judged_apart_from_2023_and_under_the_single_inspection_framework() {
        use MissingGrade::NotInThisFramework;
        assert_eq!(absent(Judgement::CareLeavers, Kind::Short, 2022, 12), Some(NotInThisFramework));
        assert_eq!(absent(Judgement::CareLeavers, Kind::Short, 2023, 1), None);
        assert_eq!(absent(Judgement::CareLeavers, Kind::Sif, 2014, 1), None);
    }

    #[test]
    fn there_is_no_overall_grade_from_april_2026() {
        assert_eq!(absent(Judgement::Overall, Kind::Standard, 2026, 3), None);
        assert_eq!(absent(Judgement::Overall, Kind::Standard, 2026, 4), Some(MissingGrade::NotInThisFramework));
        assert_eq!(absent(Judgement::Leaders, Kind::Standard, 2026, 4), None);
    }

    #[test]
    fn a_visit_is_not_judged_and_an_older_inspection_has_one_grade() {
        for judgement in Judgement::ALL {
            assert_eq!(absent(judgement, Kind::FocusedVisit, 2024, 1), Some(MissingGrade::NotJudged));
            assert_eq!(absent(judgement, Kind::AreaSend, 2024, 1), Some(MissingGrade::NotInThisFramework));
        }
        assert_eq!(absent(Judgement::Overall, Kind::ChildProtection, 2013, 1), None);
        assert_eq!(absent(Judgement::Leaders, Kind::ChildProtection, 2013, 1), Some(MissingGrade::NotInThisFramework));
    }
}
