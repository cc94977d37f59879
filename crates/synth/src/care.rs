//! Children looked after: numbers and rates, stability, new placements, and those who ceased to be looked after.

use crate::figure::{Figure, Symbol, plain};
use crate::layout::Cell::{Amount, Count, Rate};
use crate::layout::{Filter, Layout, Line, Pair, Presence};
use crate::model::Model;
use crate::options::LAST;
use crate::table::{Plant, Table};
use crate::world::World;

/// The columns of a file of counts and percentages.
pub(crate) const COUNTED: [&str; 4] = ["characteristic", "breakdown", "children_count", "children_percent"];

const ON_31_MARCH: &str = "CLA on 31 March";
const TWO_YEARS: &str = "CLA 2 years on 31 March";
const LONG: &str = "Children looked after continuously for at least 2.5 years on 31 March aged under 16 years";
const LOCATION: &str = "Location of new placements during the year";
const CHANGE: &str = "Reason for placement change during the year";

const THREE_PLACEMENTS: Model = Model::share("three-placements", 0.102, 0.16).quality(-0.13).drift(0.14);
const THREE_IN_TWO_YEARS: Model = Model::share("three-in-two-years", 0.227, 0.16).quality(-0.09).drift(0.08);
const SAME_CARER: Model = Model::share("same-carer", 0.685, 0.16).quality(0.10).drift(0.10);

const STABILITY: [Pair; 6] = [
    (LONG, "Living with the same carer for at least 2 years", 5, 4),
    (LONG, "Total children", 4, 4),
    (TWO_YEARS, "Total children", 2, 2),
    (TWO_YEARS, "With 3 or more placements during the previous 2 years", 3, 2),
    (ON_31_MARCH, "Total children", 0, 0),
    (ON_31_MARCH, "With 3 or more placements during the year", 1, 0),
];

const PLACEMENTS: [Pair; 19] = [
    (LOCATION, "Distance not known or not recorded", 0, 5),
    (LOCATION, "Placed inside LA boundary less than 20 miles from home", 1, 5),
    (LOCATION, "Placed inside LA boundary more than 20 miles from home", 2, 5),
    (LOCATION, "Placed outside LA boundary less than 20 miles from home", 3, 5),
    (LOCATION, "Placed outside LA boundary more than 20 miles from home", 4, 5),
    (LOCATION, "Total new placements", 5, 5),
    (CHANGE, "Allegation (s47)", 6, 18),
    (CHANGE, "Approval removed", 7, 18),
    (CHANGE, "Carer requests placement end other than due to child's behaviour", 8, 18),
    (CHANGE, "Carer requests placement ends due to child's behaviour", 9, 18),
    (CHANGE, "Change in the status of a placement only", 10, 18),
    (CHANGE, "Change to/implementation of care plan", 11, 18),
    (CHANGE, "Child requests placement to end", 12, 18),
    (CHANGE, "Custody arrangement", 13, 18),
    (CHANGE, "Other", 14, 18),
    (CHANGE, "Resignation or closure of provision", 15, 18),
    (CHANGE, "Responsible/area authority requests placement ends", 16, 18),
    (CHANGE, "Standards of care concern", 17, 18),
    (CHANGE, "Total placements changing", 18, 18),
];

const NEW_PLACEMENTS: Model = Model::rate("new-placements", 1.12, 0.18).quality(-0.04);
const CHANGES: Model = Model::share("placement-changes", 0.65, 0.12);
const FAR_OUTSIDE: Model = Model::share("far-outside", 0.175, 0.40).quality(-0.08);

/// The tables.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let labels = || world.newest(LAST, 5);
    let path = |name: &str| format!("dfe-children-looked-after/{name}.csv");
    let stability = ["cla_group", "placement_stability", COUNTED[2], COUNTED[3]];
    let mut stability = Layout::pairs(path("la_cla_placement_stability"), labels(), stability, &STABILITY);
    stability.has_mark = true;
    let mut placements = Layout::pairs(path("la_cla_during_year_new_placements"), labels(), COUNTED, &PLACEMENTS);
    placements.guard.sums = vec![(5, (0..5).collect()), (18, (6..18).collect())];
    vec![
        Table::new(number(path("cla_number_and_rate_per_10k_children"), labels()), draw_number),
        Table { plant: Some(Plant::Unreadable), ..Table::new(stability, draw_stability) },
        Table::new(placements, draw_placements),
    ]
}

fn number(path: String, labels: Vec<i16>) -> Layout {
    let measures = ["population_estimate", "children_count", "rate_per_10000"];
    let mut layout = Layout::new(path, labels, &["population_type"], &measures);
    let line = |(words, i): (&'static str, usize)| Line {
        filters: vec![Filter::Is(words)],
        cells: vec![Amount(0, 0), Count(i), Rate(i, 0)],
    };
    layout.lines = [
        ("Children ceasing to be looked after each year", 1),
        ("Children looked after on 31 March each year", 2),
        ("Children starting to be looked after each year", 3),
    ]
    .map(line)
    .to_vec();
    layout.guard.counts = vec![1, 2, 3];
    (layout.has_mark, layout.presence, layout.population) = (true, Presence::Ever, Some(0));
    (layout.name_first, layout.by_code) = (true, true);
    layout
}

/// An authority that looks after no child has totals of 0, to the rest of which nothing applies.
pub(crate) fn or_nothing(world: &World, authority: usize, totals: &[usize], record: Vec<Figure>) -> Vec<Figure> {
    if authority != world.country.tiny {
        return record;
    }
    let of = |(i, figure)| if totals.contains(&i) { figure } else { Figure::none(Symbol::Z) };
    record.into_iter().enumerate().map(of).collect()
}

fn draw_number(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let of_label = |label: &i16| {
        let core = world.core(authority, *label);
        let record = plain([core.population, core.cla_ceased, core.cla, core.cla_started]);
        or_nothing(world, authority, &[0], record)
    };
    labels.iter().map(of_label).collect()
}

/// Children looked after and those with three placements, then the same over longer spans.
pub(crate) fn draw_stability(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let series = [&THREE_PLACEMENTS, &THREE_IN_TWO_YEARS, &SAME_CARER].map(|model| world.series(authority, model));
    let of_label = |label: &i16| {
        let cla = world.core(authority, *label).cla;
        let [three, three_in_two, same] = [0, 1, 2].map(|i: usize| series[i][world.place(*label)]);
        let mut dice = world.dice("stability", authority, *label);
        let two_years = dice.binomial(cla, 0.727);
        let long = dice.binomial(two_years, 0.483);
        let record = [
            cla,
            dice.binomial(cla, three),
            two_years,
            dice.binomial(two_years, three_in_two),
            long,
            dice.binomial(long, same),
        ];
        or_nothing(world, authority, &[0, 2, 4], plain(record))
    };
    labels.iter().map(of_label).collect()
}

fn draw_placements(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let series = [&NEW_PLACEMENTS, &CHANGES, &FAR_OUTSIDE].map(|model| world.series(authority, model));
    // Where an authority is small and dense, most homes outside it are near.
    let near_outside = 0.20 + 0.08 * world.profiles[authority].density;
    let of_label = |label: &i16| {
        let [new, changes, far] = [0, 1, 2].map(|i: usize| series[i][world.place(*label)]);
        let mut dice = world.dice("placements", authority, *label);
        let total = dice.poisson(world.core(authority, *label).cla * new);
        let near = near_outside.clamp(0.03, 0.4);
        let far_inside = if world.profiles[authority].density < -0.6 { 0.11 } else { 0.004 };
        let inside = 1.0 - near - far - far_inside - 0.11;
        let places = dice.split(total, [0.11, inside.max(0.1), far_inside, near, far]);
        let changed = dice.binomial(total, changes);
        let reasons = [0.0065, 0.004, 0.072, 0.085, 0.175, 0.34, 0.032, 0.0025, 0.245, 0.0068, 0.017, 0.010];
        let reasons = dice.split(changed, reasons);
        let record = places.into_iter().chain([total]).chain(reasons).chain([changed]);
        or_nothing(world, authority, &[5, 18], plain(record))
    };
    labels.iter().map(of_label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::default_world;

    #[test]
    fn the_number_looked_after_is_the_whole_of_which_stability_is_a_part() {
        let world = default_world();
        let labels = world.newest(LAST, 5);
        for i in &world.ordinary {
            let (number, stability) = (draw_number(&world, *i, &labels), draw_stability(&world, *i, &labels));
            for (number, stability) in number.iter().zip(stability) {
                assert_eq!(number[2], stability[0]);
                assert!(stability[1].value <= stability[0].value && stability[4].value <= stability[2].value);
            }
        }
    }
}
