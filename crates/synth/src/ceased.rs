//! Children who ceased to be looked after in the year, by age, gender and reason.
//!
//! The file is a vintage older than its siblings: it ends a year earlier, and its columns are called
//! differently.

use crate::care::or_nothing;
use crate::figure::{Figure, Symbol, plain};
use crate::layout::{Layout, Pair};
use crate::model::Model;
use crate::options::LAST;
use crate::table::Table;
use crate::world::World;

const AGE: &str = "Age on ceasing";
const GENDER: &str = "Gender";
const REASON: &str = "Reason episode ceased";

/// Where each group's total is among the amounts; all three are the same number.
const TOTAL: usize = 0;
const AGES: std::ops::Range<usize> = 1..8;
const GENDERS: std::ops::Range<usize> = 8..10;
const REASONS: std::ops::Range<usize> = 10..26;

/// The first label in which those who stayed with their carers at 18 are counted.
const STAYED_FROM: i16 = 2021;
const STAYED: usize = 13;

const CEASED: [Pair; 28] = [
    (AGE, "1 to 4 years", 1, TOTAL),
    (AGE, "10 to 15 years", 2, TOTAL),
    (AGE, "16 years", 3, TOTAL),
    (AGE, "17 years", 4, TOTAL),
    (AGE, "18 years and over", 5, TOTAL),
    (AGE, "5 to 9 years", 6, TOTAL),
    (AGE, "Total", TOTAL, TOTAL),
    (AGE, "Under 1 year", 7, TOTAL),
    (GENDER, "Female", 8, TOTAL),
    (GENDER, "Male", 9, TOTAL),
    (GENDER, "Total", TOTAL, TOTAL),
    (REASON, "Accommodation on remand ended", 10, TOTAL),
    (REASON, "Adopted", 11, TOTAL),
    (REASON, "Age assessment determined child aged 18 or over", 12, TOTAL),
    (REASON, "Aged 18 (or over) and remained with current carers", STAYED, TOTAL),
    (REASON, "Care ceased for any other reason", 14, TOTAL),
    (REASON, "Care taken by another local authority", 15, TOTAL),
    (REASON, "Child moved abroad", 16, TOTAL),
    (REASON, "Died", 17, TOTAL),
    (REASON, "Left care to live with parents, relatives or other person with no parental responsibility", 18, TOTAL),
    (REASON, "Moved into independent living (with no formalised support)", 19, TOTAL),
    (REASON, "Moved into independent living (with supportive accommodation)", 20, TOTAL),
    (REASON, "Residence order or child arrangement order granted", 21, TOTAL),
    (
        REASON,
        "Returned home to live with parents or other person with parental responsibility which was not part of the \
         care planning process",
        22,
        TOTAL,
    ),
    (
        REASON,
        "Returned home to live with parents or other person with parental responsibility which was part of the care \
         planning process",
        23,
        TOTAL,
    ),
    (REASON, "Sentenced to custody", 24, TOTAL),
    (REASON, "Special guardianship orders", 25, TOTAL),
    (REASON, "Total", TOTAL, TOTAL),
];

const ADOPTED: Model = Model::share("adopted", 0.093, 0.30).quality(0.08);
const GUARDIANSHIP: Model = Model::share("guardianship", 0.116, 0.28);
const HOME: Model = Model::share("home-planned", 0.17, 0.30);

/// The table.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let labels = world.newest(LAST - 1, 5);
    let path = "dfe-children-looked-after/la_children_who_ceased_during_the_year.csv".to_owned();
    let columns = ["cla_group", "characteristic", "number", "percentage"];
    let mut layout = Layout::pairs(path, labels, columns, &CEASED);
    layout.guard.sums = [AGES, GENDERS, REASONS].map(|parts| (TOTAL, parts.collect())).to_vec();
    vec![Table::new(layout, draw)]
}

fn draw(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let series = [&ADOPTED, &GUARDIANSHIP, &HOME].map(|model| world.series(authority, model));
    let of_label = |label: &i16| {
        let [adopted, guardianship, home] = [0, 1, 2].map(|i: usize| series[i][world.place(*label)]);
        let mut dice = world.dice("ceased", authority, *label);
        let total = world.core(authority, *label).cla_ceased;
        let ages = dice.split(total, [0.188, 0.144, 0.062, 0.058, 0.389, 0.110, 0.049]);
        let genders = dice.split(total, [0.39, 0.61]);
        let stayed = if *label < STAYED_FROM { 0.0 } else { 0.16 };
        let reasons = [
            0.0045,
            adopted,
            0.011,
            stayed,
            0.079,
            0.01,
            0.002,
            0.0018,
            0.062,
            0.033,
            0.126,
            0.034,
            0.033,
            home,
            0.0066,
            guardianship,
        ];
        let reasons = dice.split(total, reasons);
        let mut record = plain(std::iter::once(total).chain(ages).chain(genders).chain(reasons));
        if *label < STAYED_FROM {
            record[STAYED] = Figure::none(Symbol::Z);
        }
        or_nothing(world, authority, &[TOTAL], record)
    };
    labels.iter().map(of_label).collect()
}
