//! An overall grade where none was printed: from the judgements, by the rule that comes closest where both are there.

use lais_framework::Grade;
use serde::Serialize;

/// The four judgements of an inspection; that on care leavers was made from 2023 on, and in SIF inspections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Judgements {
    pub(super) leaders: Option<Grade>,
    pub(super) help_and_protection: Option<Grade>,
    pub(super) in_care: Option<Grade>,
    pub(super) care_leavers: Option<Grade>,
}

/// Fewer judgements than these make no overall grade.
const LEAST: usize = 3;

impl Judgements {
    /// Those that were made, best first.
    fn made(&self) -> Option<Vec<Grade>> {
        let all = [self.leaders, self.help_and_protection, self.in_care, self.care_leavers];
        let mut made: Vec<Grade> = all.into_iter().flatten().collect();
        made.sort_unstable();
        (made.len() >= LEAST).then_some(made)
    }

    /// The overall grade by the rule in use.
    pub(super) fn overall(&self) -> Option<Grade> {
        Rule::IN_USE.grade(self)
    }
}

/// A way to an overall grade from judgements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// Inadequate where any judgement is, else the second worst of them.
    SecondWorstOrInadequate,
    SecondWorst,
    Leaders,
    /// The worse of leaders and help and protection.
    LeadersOrHelp,
    Worst,
}

impl Rule {
    const ALL: [Self; 5] =
        [Self::SecondWorstOrInadequate, Self::SecondWorst, Self::Leaders, Self::LeadersOrHelp, Self::Worst];

    /// The one that reproduces most printed grades: it is chosen on the record that it is judged on, which matters
    /// little where so few choices differ in so few inspections.
    const IN_USE: Self = Self::SecondWorstOrInadequate;

    const fn words(self) -> &'static str {
        match self {
            Self::SecondWorstOrInadequate => "inadequate where any judgement is, else the second worst judgement",
            Self::SecondWorst => "the second worst judgement",
            Self::Leaders => "the judgement on leaders",
            Self::LeadersOrHelp => "the worse of the judgements on leaders and on help and protection",
            Self::Worst => "the worst judgement",
        }
    }

    fn grade(self, judgements: &Judgements) -> Option<Grade> {
        let made = judgements.made()?;
        let (worst, second) = (made[made.len() - 1], made[made.len() - 2]);
        match self {
            Self::SecondWorstOrInadequate if worst == Grade::Inadequate => Some(worst),
            Self::SecondWorstOrInadequate | Self::SecondWorst => Some(second),
            Self::Leaders => judgements.leaders,
            Self::LeadersOrHelp => Some(judgements.leaders?.max(judgements.help_and_protection?)),
            Self::Worst => Some(worst),
        }
    }
}

/// How well a rule reproduces overall grades that were printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleAgreement {
    /// The rule in words.
    pub rule: &'static str,
    /// Whether it is the one in use.
    pub in_use: bool,
    /// Inspections with a printed overall grade for which it says the same about less than good.
    pub reproduces: usize,
    /// Those for which it gives the very grade.
    pub same_grade: usize,
    /// Inspections with a printed overall grade.
    pub of: usize,
}

/// Holds every rule against inspections of which the overall grade was printed.
pub(super) fn agreement(printed: &[(Grade, Judgements)]) -> Vec<RuleAgreement> {
    let count = |rule: Rule, same: fn(Grade, Grade) -> bool| {
        printed.iter().filter(|(overall, of)| rule.grade(of).is_some_and(|grade| same(grade, *overall))).count()
    };
    let of_rule = |rule: Rule| RuleAgreement {
        rule: rule.words(),
        in_use: rule == Rule::IN_USE,
        reproduces: count(rule, |one, other| is_less_than_good(one) == is_less_than_good(other)),
        same_grade: count(rule, |one, other| one == other),
        of: printed.len(),
    };
    Rule::ALL.into_iter().map(of_rule).collect()
}

/// Whether a grade is below good.
pub(super) fn is_less_than_good(grade: Grade) -> bool {
    grade > Grade::Good
}

/// A grade as a number: the greater, the worse, from 1 to 4.
pub(super) fn ordinal(grade: Grade) -> i32 {
    match grade {
        Grade::Outstanding => 1,
        Grade::Good => 2,
        Grade::RequiresImprovement => 3,
        Grade::Inadequate => 4,
    }
}

#[cfg(test)]
mod tests {
    use Grade::{Good, Inadequate, Outstanding, RequiresImprovement};

    use super::*;

    fn judged(leaders: Grade, help: Grade, care: Grade, leavers: Option<Grade>) -> Judgements {
        Judgements {
            leaders: Some(leaders),
            help_and_protection: Some(help),
            in_care: Some(care),
            care_leavers: leavers,
        }
    }

    #[test]
    fn one_judgement_below_good_leaves_an_overall_good_unless_it_is_inadequate() {
        assert_eq!(judged(Good, Good, Good, Some(RequiresImprovement)).overall(), Some(Good));
        assert_eq!(judged(Good, Inadequate, Good, Some(Good)).overall(), Some(Inadequate));
        assert_eq!(judged(Good, RequiresImprovement, RequiresImprovement, None).overall(), Some(RequiresImprovement));
        assert_eq!(judged(Outstanding, Good, Outstanding, Some(Outstanding)).overall(), Some(Outstanding));
    }

    #[test]
    fn two_judgements_make_no_overall_grade() {
        let two = Judgements { leaders: Some(Good), in_care: Some(Good), ..Judgements::default() };
        assert_eq!(two.overall(), None);
    }

    #[test]
    fn rules_are_held_against_printed_grades() {
        let printed = [
            (Good, judged(Good, Good, RequiresImprovement, None)),
            (RequiresImprovement, judged(Good, RequiresImprovement, RequiresImprovement, None)),
            (Inadequate, judged(RequiresImprovement, Inadequate, Good, None)),
        ];
        let found = agreement(&printed);
        let of = |words: &str| found.iter().find(|rule| rule.rule == words).map(|r| (r.reproduces, r.same_grade, r.of));
        assert_eq!(of("inadequate where any judgement is, else the second worst judgement"), Some((3, 3, 3)));
        assert_eq!(of("the second worst judgement"), Some((3, 2, 3)));
        assert_eq!(of("the judgement on leaders"), Some((2, 1, 3)));
        assert_eq!(of("the worst judgement"), Some((2, 2, 3)));
        assert_eq!(found.iter().filter(|rule| rule.in_use).count(), 1);
    }
}
