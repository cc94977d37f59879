//! Factors identified at the end of assessment (table c3): counts only, and a child may have several.

use crate::children_in_need::with_gap;
use crate::figure::{Figure, Symbol};
use crate::layout::{Cell, Layout};
use crate::model::Model;
use crate::options::LAST;
use crate::table::Table;
use crate::world::{Gap, World};

/// The first label with abuse split by who abused, and the first with criminal exploitation.
const SPLIT_FROM: i16 = 2021;
const EXPLOITATION_FROM: i16 = 2022;

/// Columns in published order: the share of assessments in the country, how far authorities spread, and what
/// deprivation adds.
const FACTORS: [(&str, f64, f64, f64); 39] = [
    ("Alcohol_Misuse_child", 0.021, 0.35, 0.0),
    ("Alcohol_Misuse_parent", 0.145, 0.28, 0.03),
    ("Alcohol_Misuse_person", 0.023, 0.40, 0.0),
    ("Drug_Misuse_child", 0.048, 0.28, 0.0),
    ("Drug_Misuse_parent", 0.142, 0.30, 0.06),
    ("Drug_Misuse_person", 0.031, 0.38, 0.03),
    ("Domestic_Abuse_child", 0.113, 0.34, 0.0),
    ("Domestic_Abuse_parent", 0.32, 0.24, 0.06),
    ("Domestic_Abuse_person", 0.047, 0.50, 0.0),
    ("Mental_Health_child", 0.174, 0.30, -0.06),
    ("Mental_Health_parent", 0.336, 0.26, 0.0),
    ("Mental_Health_person", 0.043, 0.40, 0.0),
    ("Learning_Disability_child", 0.125, 0.32, 0.0),
    ("Learning_Disability_parent", 0.030, 0.32, 0.04),
    ("Learning_Disability_person", 0.015, 0.45, 0.0),
    ("Physical_Disability_child", 0.048, 0.36, 0.0),
    ("Physical_Disability_parent", 0.054, 0.32, 0.0),
    ("Physical_Disability_person", 0.010, 0.48, 0.0),
    ("Young_Carer", 0.036, 0.55, 0.0),
    ("Privately_fostered", 0.004, 0.55, 0.0),
    ("Unaccompanied_asylum_seeker", 0.008, 0.60, 0.0),
    ("Going_missing", 0.034, 0.32, 0.05),
    ("Child_sexual_exploitation", 0.025, 0.35, 0.0),
    ("Trafficking", 0.0045, 0.55, 0.0),
    ("Gangs", 0.018, 0.60, 0.10),
    ("Socially_unacceptable_behaviour", 0.071, 0.40, 0.05),
    ("Self_harm", 0.050, 0.45, -0.05),
    ("Neglect", 0.172, 0.38, 0.08),
    ("Emotional_Abuse", 0.192, 0.34, 0.0),
    ("Physical_Abuse_unknown", 0.150, 0.34, 0.0),
    ("Physical_Abuse_child_on_child", 0.030, 0.36, 0.0),
    ("Physical_Abuse_adult_on_child", 0.122, 0.28, 0.0),
    ("Sexual_Abuse_unknown", 0.062, 0.34, 0.0),
    ("Sexual_Abuse_child_on_child", 0.025, 0.34, 0.0),
    ("Sexual_Abuse_adult_on_child", 0.037, 0.32, 0.0),
    ("Female_Genital_Mutilation", 0.0016, 0.80, 0.0),
    ("Faith_linked_abuse", 0.0044, 0.70, 0.0),
    ("Child_criminal_exploitation", 0.032, 0.45, 0.05),
    ("Other", 0.155, 0.55, 0.0),
];

const ASSESSED: Model = Model::share("assessed", 0.80, 0.30);

/// The table.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let labels = world.newest(LAST, 8);
    let first = labels.last().copied().unwrap_or(LAST);
    let path = format!("dfe-children-in-need/c3_factors_identified_at_end_of_assessment_{first}_to_{LAST}.csv");
    let names = std::iter::once("Episodes_with_assessment_factor").chain(FACTORS.iter().map(|(name, ..)| *name));
    let columns: Vec<(&str, Cell)> = names.enumerate().map(|(i, name)| (name, Cell::Count(i))).collect();
    let filter = ("category", "Factors identified at the end of assessment");
    vec![Table::new(Layout::single(path, labels, filter, &columns), draw)]
}

fn draw(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let assessed = world.series(authority, &ASSESSED);
    let shares: Vec<Vec<f64>> = FACTORS
        .iter()
        .map(|(name, level, spread, deprivation)| {
            world.series(authority, &Model::share(name, *level, *spread).deprivation(*deprivation))
        })
        .collect();
    let of_label = |label: &i16| {
        let place = world.place(*label);
        let mut dice = world.dice("factors", authority, *label);
        let episodes = dice.binomial(world.core(authority, *label).referrals, assessed[place]);
        let counted = |((name, ..), share): (&(&str, f64, f64, f64), &Vec<f64>)| {
            let number = dice.binomial(episodes, share[place] * collected(name, *label));
            if is_collected(name, *label) { Figure::from(number) } else { Figure::none(Symbol::X) }
        };
        let counts: Vec<Figure> = FACTORS.iter().zip(&shares).map(counted).collect();
        let record = std::iter::once(Figure::from(episodes)).chain(counts).collect();
        with_gap(world, Gap::ChildrenInNeed, authority, *label, record)
    };
    labels.iter().map(of_label).collect()
}

fn is_collected(name: &str, label: i16) -> bool {
    let from = match name {
        "Child_criminal_exploitation" => EXPLOITATION_FROM,
        name if name.ends_with("_on_child") => SPLIT_FROM,
        _ => 0,
    };
    from <= label
}

/// How much of a factor is still counted in a year: abuse by nobody known runs out once it is split.
fn collected(name: &str, label: i16) -> f64 {
    if name.ends_with("_Abuse_unknown") && label >= SPLIT_FROM {
        [0.25, 0.06, 0.02, 0.005].get(usize::try_from(label - SPLIT_FROM).unwrap_or(9)).copied().unwrap_or(0.0)
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_not_available_before_it_was_collected_and_runs_out_once_it_is_split() {
        assert!(
            !is_collected("Physical_Abuse_adult_on_child", 2020) && is_collected("Physical_Abuse_adult_on_child", 2021)
        );
        assert!(!is_collected("Child_criminal_exploitation", 2021));
        assert!(collected("Sexual_Abuse_unknown", 2020) > collected("Sexual_Abuse_unknown", 2021));
        assert!(collected("Sexual_Abuse_unknown", 2025) == 0.0);
    }
}
