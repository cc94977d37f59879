//! Children in need: episodes (table b1) and referrals (c1), the latter in an earlier vintage too.

use crate::figure::{Figure, plain};
use crate::layout::Cell::{self, Count, Percent};
use crate::layout::Layout;
use crate::model::Model;
use crate::options::LAST;
use crate::table::Table;
use crate::world::{Gap, World};

const AWAITING: Model = Model::share("awaiting-assessment", 0.026, 0.75).quality(-0.35).drift(0.3);
const REREFERRED: Model = Model::share("rereferred", 0.208, 0.24).deprivation(0.04).quality(-0.12);
const NO_ACTION: Model = Model::share("no-action", 0.048, 1.15).quality(-0.05).drift(0.3);
const NOT_IN_NEED: Model = Model::share("not-in-need", 0.30, 0.42).quality(-0.03).drift(0.15);

const EPISODES: [(&str, Cell); 8] = [
    ("Anypoint_episodes", Count(0)),
    ("Anypoint_child", Count(1)),
    ("Started_episodes", Count(2)),
    ("Started_child", Count(3)),
    ("Ended_episodes", Count(4)),
    ("Ended_child", Count(5)),
    ("At31_episodes", Count(6)),
    ("awaiting_assessment", Count(7)),
];

const REFERRALS: [(&str, Cell); 10] = [
    ("referral_count", Count(0)),
    ("rereferral_count", Count(1)),
    ("rereferral_percent", Percent(1, 0, 1)),
    ("no_further_action_count", Count(2)),
    ("no_further_action_percent", Percent(2, 0, 1)),
    ("not_in_need_count", Count(3)),
    ("not_in_need_percent", Percent(3, 0, 1)),
    ("referral_child_count", Count(4)),
    ("rereferral_child_count", Count(5)),
    ("rereferral_child_percent", Percent(5, 4, 1)),
];

/// The tables.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let first = world.start + 1;
    let all = world.newest(LAST, usize::MAX);
    let path = |name: &str, last: i16| format!("dfe-children-in-need/{name}_{first}_to_{last}.csv");
    let mut episodes =
        Layout::single(path("b1_children_in_need", LAST), all.clone(), ("category", "Children in Need"), &EPISODES);
    // Every episode of the year either ended or is open at its end.
    episodes.guard.sums = vec![(0, vec![4, 6])];
    let referrals = |last: i16| {
        let path = path("c1_children_in_need_referrals_and_rereferrals", last);
        let labels = world.newest(last, usize::MAX);
        Layout::single(path, labels, ("category", "Referrals and Re-referrals"), &REFERRALS)
    };
    vec![
        Table::new(episodes, draw_episodes),
        Table::new(referrals(LAST), draw_referrals),
        Table::new(referrals(LAST - 1), draw_earlier_referrals),
    ]
}

/// The labels with what an authority did not send in put out of sight.
pub(crate) fn with_gap(world: &World, family: Gap, authority: usize, label: i16, record: Vec<Figure>) -> Vec<Figure> {
    match world.gap(family, authority, label) {
        Some(symbol) => record.into_iter().map(|figure| figure.behind(symbol)).collect(),
        None => record,
    }
}

fn draw_episodes(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let awaiting = world.series(authority, &AWAITING);
    let of_label = |label: &i16| {
        let core = world.core(authority, *label);
        let mut dice = world.dice("episodes", authority, *label);
        let any = core.in_need + core.ended;
        let waiting = dice.binomial(core.in_need, awaiting[world.place(*label)]);
        let children = [any, core.started, core.ended].map(|episodes| dice.binomial(episodes, 0.937));
        let record =
            plain([any, children[0], core.started, children[1], core.ended, children[2], core.in_need, waiting]);
        with_gap(world, Gap::ChildrenInNeed, authority, *label, record)
    };
    labels.iter().map(of_label).collect()
}

/// Referrals, those that follow another, those without action or need, and the children they are about.
pub(crate) fn draw_referrals(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let series = [&REREFERRED, &NO_ACTION, &NOT_IN_NEED].map(|model| world.series(authority, model));
    let of_label = |label: &i16| {
        let referrals = world.core(authority, *label).referrals;
        let mut dice = world.dice("referrals", authority, *label);
        let [again, no_action, not_in_need] = [0, 1, 2].map(|i: usize| series[i][world.place(*label)]);
        let again = dice.binomial(referrals, again);
        let none = dice.binomial(referrals, no_action);
        let not = dice.binomial(referrals - none, not_in_need);
        let children = dice.binomial(referrals, 0.885);
        let children_again = dice.binomial(again, 0.83).min(children);
        let record = plain([referrals, again, none, not, children, children_again]);
        let record = with_gap(world, Gap::Referrals, authority, *label, record);
        with_gap(world, Gap::ChildrenInNeed, authority, *label, record)
    };
    labels.iter().map(of_label).collect()
}

/// What was first published for the newest year of the earlier vintage: one authority in eight corrected its
/// referrals a year later.
fn draw_earlier_referrals(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let mut records = draw_referrals(world, authority, labels);
    let is_revised = world.ordinary.binary_search(&authority).is_ok_and(|place| place % 8 == 2);
    if let Some(newest) = records.first_mut().filter(|_| is_revised) {
        for i in [0, 1, 4, 5] {
            newest[i].value = (newest[i].value * 0.97).floor();
        }
    }
    records
}
