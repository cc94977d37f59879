//! What may make a backtest wrong, said with its numbers.

use super::events::Record;
use super::replay::{Indicator, LEAD_DAYS};
use super::report::{About, Tried};
use lais_lake::date_of;

/// What holds of any backtest of inspections.
const ALWAYS: [&str; 7] = [
    "Inspectors see the indicators (criterion contamination): a signal may foretell a grade because it was read when the \
     grade was given. Areas are too high.",
    "Inspections that intelligence brought forward (verification bias): who is inspected when is not chance, and an \
     authority that gave no concern may not have been looked at. Inadequate authorities are re-inspected on schedule, which \
     makes every baseline of history look better: see the pathways.",
    "A prediction may destroy itself: a focused visit or support between two inspections may mend what a signal rightly \
     told of. Areas are too low.",
    "The framework changed in 2018 (ILACS follows SIF), in 2023 (care leavers are judged) and in 2026 (no overall grade): \
     good is not the same good in all years.",
    "Inspectors differ: two teams may grade one service differently, and no signal can foretell that.",
    "A grade is not an outcome for children. What foretells grades need not tell where children are worse off.",
    "An area over several years also counts differences between years: that fewer inspections end below good now than in \
     2019 helps a signal that moved with the years, and a regression that is fitted anew each year. See the years.",
];

pub(super) fn threats(
    record: &Record,
    indicators: &[Indicator],
    about: &About,
    tried: &[Tried],
    built: usize,
) -> Vec<String> {
    let mut threats: Vec<String> = ALWAYS.iter().map(|threat| (*threat).to_owned()).collect();
    threats.push(format!(
        "Of {} figures that predictions rest on, {} stand as later revised: the vintage that was public on the day is not \
         held, so that periods are those of the day and values are not. What was corrected later looks better known than it \
         was.",
        about.figures, about.figures_later_revised
    ));
    threats.push(format!(
        "Of {} figures {} have an assumed day of publication, the end of the period and the publisher's usual lag. A figure \
         that came out more than {LEAD_DAYS} days later than assumed was not public when it is used here.",
        about.figures, about.figures_assumed
    ));
    threats.extend(first_public(indicators));
    threats.push(about.deprivation.to_owned());
    for tried in tried {
        threats.push(format!(
            "For {}, {} single indicators were tried; if none were better than the last grade, at most about {:.1} would \
             exceed it by chance (2.5 in 100), and {} did. Indicators are not independent of each other.",
            tried.outcome.id(),
            tried.tried,
            tried.expected_by_chance,
            tried.added
        ));
    }
    let composites = "Composites, and baselines other than the last grade, are tried for two outcomes each, so that of forty \
                      such comparisons one would exceed by chance too.";
    threats.push(composites.to_owned());
    let left: Vec<String> = record.left_out.iter().map(|left| format!("{} ({})", left.n, left.why)).collect();
    if !left.is_empty() {
        threats.push(format!("Inspections since 2018 that are left out: {}.", left.join("; ")));
    }
    if built > 0 {
        threats.push(format!(
            "{built} more have no printed overall grade: they are judged apart, with a grade made from their judgements."
        ));
    }
    threats
}

/// Since when there are figures: a signal that began late is judged on other inspections than one that began early.
fn first_public(indicators: &[Indicator]) -> Option<String> {
    let mut years: std::collections::BTreeMap<i16, usize> = std::collections::BTreeMap::new();
    for day in indicators.iter().filter_map(|indicator| indicator.first_public) {
        *years.entry(date_of(day).year()).or_default() += 1;
    }
    let years: Vec<String> = years.into_iter().map(|(year, n)| format!("{n} since {year}")).collect();
    (!years.is_empty()).then(|| {
        format!(
            "Indicators that exist only since: of {}, first public {}. Composites are of those that were public on the day, \
             so that they are not the same measure in all years.",
            indicators.len(),
            years.join(", ")
        )
    })
}
