//! Care leavers, by age: whether their accommodation is suitable, and what they are doing.

use crate::care::or_nothing;
use crate::figure::{Figure, Symbol, plain};
use crate::layout::{Layout, Pair};
use crate::model::Model;
use crate::options::LAST;
use crate::table::Table;
use crate::world::World;

const AGES: [&str; 2] = ["17 to 18 years", "19 to 21 years"];

/// The first label in which apprenticeships are shown apart.
const APPRENTICES_FROM: i16 = 2022;

/// What accommodation is, with its place among an age's amounts.
const ACCOMMODATION: [(&str, usize); 4] = [
    ("Accommodation considered suitable", 1),
    ("Accommodation considered unsuitable", 2),
    ("No information", 3),
    ("Suitability total", 0),
];

/// What care leavers do, with its place among an age's amounts.
const ACTIVITY: [(&str, usize); 12] = [
    ("Education other than higher education", 4),
    ("Higher education i.e. studies beyond A level", 5),
    ("In an apprenticeship", 6),
    ("In training or employment", 7),
    ("In training or employment (excl. apprenticeship)", 8),
    ("Not in education, training or employment, owing to illness or disability", 9),
    ("Not in education, training or employment, owing to other reasons", 10),
    ("Not in education, training or employment, owing to pregnancy or parenting", 11),
    ("Total", 0),
    ("Total in education, employment or training", 1),
    ("Total information not known", 3),
    ("Total not in education, employment or training", 2),
];

/// Amounts an age has in the file of activity, and in that of accommodation.
const ACTIVITIES: usize = 12;
const ACCOMMODATIONS: usize = 4;

const SUITABLE: Model = Model::share("suitable", 0.93, 0.35).quality(0.15);
const UNKNOWN: Model = Model::share("leavers-unknown", 0.05, 0.50).quality(-0.20);
const OCCUPIED: Model = Model::share("occupied", 0.575, 0.18).quality(0.06).deprivation(-0.03);
const OCCUPIED_17: Model = Model::share("occupied-17", 0.68, 0.22).quality(0.06).deprivation(-0.03);

/// The tables.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let layout = |name: &str, breakdowns: &[(&'static str, usize)], amounts: usize| {
        let path = format!("dfe-children-looked-after/{name}.csv");
        let columns = ["care_leaver_age", "breakdown", "care_leaver_count", "care_leaver_percent"];
        let pairs: Vec<Pair> = AGES
            .iter()
            .enumerate()
            .flat_map(|(age, words)| {
                breakdowns.iter().map(move |(what, i)| (*words, *what, age * amounts + i, age * amounts))
            })
            .collect();
        Layout::pairs(path, world.newest(LAST, 5), columns, &pairs)
    };
    let mut accommodation = layout("la_care_leavers_accommodation_suitability", &ACCOMMODATION, ACCOMMODATIONS);
    accommodation.guard.sums = [0, ACCOMMODATIONS].map(|age| (age, vec![age + 1, age + 2, age + 3])).to_vec();
    let mut activity = layout("la_care_leavers_activity", &ACTIVITY, ACTIVITIES);
    activity.has_mark = true;
    let sums = |age: usize| {
        let of = |parts: &[usize]| parts.iter().map(|i| age + i).collect::<Vec<_>>();
        [(age, of(&[1, 2, 3])), (age + 1, of(&[4, 5, 6, 7, 8])), (age + 2, of(&[9, 10, 11]))]
    };
    activity.guard.sums = [0, ACTIVITIES].into_iter().flat_map(sums).collect();
    vec![Table::new(accommodation, draw_accommodation), Table::new(activity, draw_activity)]
}

fn draw_accommodation(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let series = [&SUITABLE, &UNKNOWN].map(|model| world.series(authority, model));
    let of_label = |label: &i16| {
        let [suitable, unknown] = [0, 1].map(|i: usize| series[i][world.place(*label)]);
        let mut record = Vec::new();
        for (age, total) in world.core(authority, *label).leavers.into_iter().enumerate() {
            let mut dice = world.dice(["accommodation-17", "accommodation-19"][age], authority, *label);
            let unknown = dice.binomial(total, unknown);
            // More of the younger live where they should.
            let suitable =
                dice.binomial(total - unknown, if age == 0 { 0.3 + 0.7 * suitable } else { 0.2 + 0.8 * suitable });
            record.extend([total, suitable, total - unknown - suitable, unknown]);
        }
        leaving(world, authority, record)
    };
    labels.iter().map(of_label).collect()
}

fn draw_activity(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let series = [&OCCUPIED_17, &OCCUPIED, &UNKNOWN].map(|model| world.series(authority, model));
    let of_label = |label: &i16| {
        let [young, old, unknown] = [0, 1, 2].map(|i: usize| series[i][world.place(*label)]);
        let mut record = Vec::new();
        for (age, counted) in world.core(authority, *label).leavers.into_iter().enumerate() {
            let mut dice = world.dice(["activity-17", "activity-19"][age], authority, *label);
            // Young people abroad have an activity and no accommodation, so that this total is a little larger.
            let total = counted + dice.binomial(counted, 0.005);
            let unknown = dice.binomial(total, unknown);
            let occupied = dice.binomial(total - unknown, [young, old][age]);
            let idle = total - unknown - occupied;
            let doing = [[0.756, 0.045, 0.029, 0.17], [0.387, 0.115, 0.036, 0.462]][age];
            let [school, university, apprentice, work] = dice.split(occupied, doing);
            let [ill, other, parent] = dice.split(idle, [[0.116, 0.826, 0.058], [0.222, 0.673, 0.105]][age]);
            let work = if *label < APPRENTICES_FROM { [0.0, apprentice + work, 0.0] } else { [apprentice, 0.0, work] };
            let of_age =
                [total, occupied, idle, unknown, school, university, work[0], work[1], work[2], ill, other, parent];
            record.extend(of_age);
        }
        let mut record = leaving(world, authority, record);
        for age in [0, ACTIVITIES] {
            let gone: &[usize] = if *label < APPRENTICES_FROM { &[6, 8] } else { &[7] };
            gone.iter().for_each(|i| record[age + i] = Figure::none(Symbol::Z));
        }
        record
    };
    labels.iter().map(of_label).collect()
}

/// All counts of an authority without care leavers are 0.
fn leaving(world: &World, authority: usize, record: Vec<f64>) -> Vec<Figure> {
    let all: Vec<usize> = (0..record.len()).collect();
    or_nothing(world, authority, &all, plain(record))
}
