//! Health, convictions and substance misuse of children looked after for a year and more.

use crate::care::{COUNTED, or_nothing};
use crate::figure::{Figure, Symbol, plain};
use crate::layout::{Cell, Filter, Layout, Line, Order, Pair};
use crate::model::Model;
use crate::options::LAST;
use crate::table::Table;
use crate::world::World;

const DEVELOPMENT: &str = "Development assessments: Children looked after ages 0 to 4 years";
const CONVICTED: &str = "Convictions: Children looked after Ages 10 to 17 years";
const HEALTH: &str = "Health assessments: Children looked after all ages";
const SCORES: &str = "Ages 5 to 16 years with SDQ score";
const MISUSE: &str = "Substance misuse: Children looked after all ages";

/// Where the totals are among the amounts.
const TOTALS: [usize; 4] = [1, 3, 7, 12];
const SCORE_SUM: usize = 16;

const LINES: [Pair; 17] = [
    (DEVELOPMENT, "Development assessments up to date", 0, 1),
    (DEVELOPMENT, "Total ages 0 to 4 years", 1, 1),
    (CONVICTED, "Convicted or subject to youth cautions, or youth conditional cautions during the year", 2, 3),
    (CONVICTED, "Total ages 10 to 17 years", 3, 3),
    (HEALTH, "Had their annual health assessment", 4, 7),
    (HEALTH, "Had their immunisations up to date", 5, 7),
    (HEALTH, "Had their teeth checked by a dentist", 6, 7),
    (HEALTH, "Total all ages", 7, 7),
    (SCORES, "SDQ score is a cause for concern", 8, 11),
    (SCORES, "SDQ score is borderline", 9, 11),
    (SCORES, "SDQ score is normal", 10, 11),
    (SCORES, "SDQ score was received", 11, 12),
    (SCORES, "Total ages 5 to 16 years", 12, 12),
    (MISUSE, "Identified as having a substance misuse problem", 13, 7),
    (MISUSE, "Offered intervention but refused it", 14, 13),
    (MISUSE, "Received an intervention for their substance misuse problem", 15, 13),
    (MISUSE, "Total all ages", 7, 7),
];

const DEVELOPED: Model = Model::share("developed", 0.95, 0.90).quality(0.25).drift(0.3);
const OFFENDING: Model = Model::share("offending", 0.021, 0.30).deprivation(0.05).trend(-0.04);
const ASSESSED: Model = Model::share("health-assessed", 0.925, 0.52).quality(0.20).drift(0.25);
const IMMUNISED: Model = Model::share("immunised", 0.85, 0.45).quality(0.12).drift(0.2);
const DENTIST: Model = Model::share("dentist", 0.825, 0.45).quality(0.12).drift(0.25);
const RECEIVED: Model = Model::share("scores-received", 0.82, 0.75).quality(0.15).drift(0.35);
const CONCERN: Model = Model::share("scores-concern", 0.43, 0.18);
const USING: Model = Model::share("substances", 0.034, 0.45);

/// The table.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let path = "dfe-children-looked-after/la_conviction_health_outcome_cla.csv".to_owned();
    let mut layout = Layout::pairs(path, world.newest(LAST, 5), COUNTED, &LINES);
    // The average score stands in the column of counts, in a block of its own at the end.
    layout.lines.push(Line {
        filters: vec![Filter::Is(SCORES), Filter::Is("SDQ average score")],
        cells: vec![Cell::Mean(SCORE_SUM, 11, 1), Cell::Always(Symbol::Z)],
    });
    layout.order = Order::Blocks(vec![2, 2, 4, 5, 4, 1]);
    layout.guard.sums = vec![(11, vec![8, 9, 10])];
    layout.guard.follows = vec![(11, vec![SCORE_SUM])];
    vec![Table::new(layout, draw)]
}

fn draw(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let models = [&DEVELOPED, &OFFENDING, &ASSESSED, &IMMUNISED, &DENTIST, &RECEIVED, &CONCERN, &USING]
        .map(|m| world.series(authority, m));
    let of_label = |label: &i16| {
        let share = |i: usize| models[i][world.place(*label)];
        let mut dice = world.dice("health", authority, *label);
        let all = world.core(authority, *label).year_long;
        // A child can be of two of these ages at once only at 10 to 16, so that each is drawn apart.
        let [infants, scored, teens] = [0.109, 0.738, 0.70].map(|age| dice.binomial(all, age));
        let received = dice.binomial(scored, share(5));
        let concern = share(6);
        let scores = dice.split(received, [concern, 0.13, (0.87 - concern).max(0.05)]);
        let using = dice.binomial(all, share(7));
        let helped = dice.split(using, [0.44, 0.41, 0.15]);
        let score = (14.9 + 11.0 * (concern - 0.43) + 0.8 * dice.normal()) * received;
        let record = [
            dice.binomial(infants, share(0)),
            infants,
            dice.binomial(teens, share(1)),
            teens,
            dice.binomial(all, share(2)),
            dice.binomial(all, share(3)),
            dice.binomial(all, share(4)),
            all,
            scores[0],
            scores[1],
            scores[2],
            received,
            scored,
            using,
            helped[0],
            helped[1],
            score,
        ];
        or_nothing(world, authority, &TOTALS, plain(record))
    };
    labels.iter().map(of_label).collect()
}
