//! Child protection: enquiries and conferences (table c4), repeat plans (d3) and how long plans last (d5).

use crate::children_in_need::with_gap;
use crate::figure::{Figure, plain};
use crate::layout::Cell::{self, Count, Mean, Percent};
use crate::layout::Layout;
use crate::model::Model;
use crate::options::LAST;
use crate::table::{Plant, Table};
use crate::world::{Gap, World};

const LATE: Model = Model::share("conference-late", 0.165, 0.55).quality(-0.28).drift(0.25);
const REPEATED: Model = Model::share("plan-repeated", 0.24, 0.22).quality(-0.06).trend(0.02).drift(0.14);
const LONG: Model = Model::share("plan-long", 0.165, 0.28).quality(-0.14).drift(0.15);

const CONFERENCES: [(&str, Cell); 11] = [
    ("Section47", Count(0)),
    ("Section47_child", Count(1)),
    ("ICPC", Count(2)),
    ("ICPC_child", Count(3)),
    ("Duration_0-10_days", Count(4)),
    ("Duration_11-15_days", Count(5)),
    ("Duration_16-20_days", Count(6)),
    ("Duration_21+_days", Count(7)),
    ("Duration_25th_Percentile", Mean(8, 2, 0)),
    ("Duration_median", Mean(9, 2, 0)),
    ("Duration_75th_Percentile", Mean(10, 2, 0)),
];

const REPEATS: [(&str, Cell); 3] =
    [("CPP_start", Count(0)), ("CPP_subsequent", Count(1)), ("CPP_subsequent_percent", Percent(1, 0, 1))];

const DURATIONS: [(&str, Cell); 11] = [
    ("CPP_At31", Count(0)),
    ("3_months_or_less", Count(1)),
    ("3_months_or_less_percent", Percent(1, 0, 1)),
    ("more_than_3_months_6_months", Count(2)),
    ("more_than_3_months_6_months_percent", Percent(2, 0, 1)),
    ("more_than_6_months_less_than_1_year", Count(3)),
    ("more_than_6_months_less_than_1_year_percent", Percent(3, 0, 1)),
    ("1_year_less_than_2_years", Count(4)),
    ("1_year_less_than_2_years_percent", Percent(4, 0, 1)),
    ("2_years_or_more", Count(5)),
    ("2_years_or_more_percent", Percent(5, 0, 1)),
];

/// The tables.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let first = world.start + 1;
    let layout = |name: &str, category: &'static str, columns: &[(&'static str, Cell)]| {
        let path = format!("dfe-children-in-need/{name}_{first}_to_{LAST}.csv");
        Layout::single(path, world.newest(LAST, usize::MAX), ("category", category), columns)
    };
    let enquiries = "Section 47s and Initial Child Protection Conferences";
    let mut conferences = layout("c4_children_in_need_section_47s_and_icpcs", enquiries, &CONFERENCES);
    conferences.guard.sums = vec![(2, vec![4, 5, 6, 7])];
    let repeated = "Child Protection Plans which are a second or subsequent plan";
    let repeats = layout("d3_cpps_subsequent_plan", repeated, &REPEATS);
    let mut durations = layout("d5_cpps_at31march_by_duration", "Child Protection Plans by length of time", &DURATIONS);
    durations.guard.sums = vec![(0, vec![1, 2, 3, 4, 5])];
    durations.shuffled = true;
    vec![
        Table::new(conferences, draw_conferences),
        Table { plant: Some(Plant::UnknownAuthority), ..Table::new(repeats, draw_repeats) },
        Table::new(durations, draw_durations),
    ]
}

fn draw_conferences(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let late = world.series(authority, &LATE);
    let of_label = |label: &i16| {
        let core = world.core(authority, *label);
        let mut dice = world.dice("conferences", authority, *label);
        let late = late[world.place(*label)];
        let shares = [0.088, 0.912 - late, late * 0.47, late * 0.53];
        let number = core.conferences;
        let [soon, in_time, late, very_late] = dice.split(number, shares);
        let children = [dice.binomial(core.section_47, 0.848), dice.binomial(number, 0.986)];
        let days = [0.25, 0.5, 0.75].map(|share| days(share, [soon, in_time, late, very_late]) * number);
        let record = plain([
            core.section_47,
            children[0],
            number,
            children[1],
            soon,
            in_time,
            late,
            very_late,
            days[0],
            days[1],
            days[2],
        ]);
        with_gap(world, Gap::ChildrenInNeed, authority, *label, record)
    };
    labels.iter().map(of_label).collect()
}

/// The days within which a share of conferences took place, from how many took up to 10, 15, 20 and more.
fn days(share: f64, counts: [f64; 4]) -> f64 {
    let mut left = share * counts.iter().sum::<f64>();
    for (count, (from, to)) in counts.iter().zip([(4.0, 10.0), (11.0, 15.0), (16.0, 20.0), (21.0, 38.0)]) {
        if left <= *count && *count > 0.0 {
            // Most are held in the last days that are allowed, so that a square root fits better than a line.
            return f64::round(from + (to - from) * (left / count).sqrt());
        }
        left -= count;
    }
    0.0
}

/// Plans that started, and those that are a second or later one.
pub(crate) fn draw_repeats(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let repeated = world.series(authority, &REPEATED);
    let of_label = |label: &i16| {
        let started = world.core(authority, *label).plans_started;
        // Brothers and sisters share a plan's history, so that counts spread wider than those of single children.
        let families = (started / 1.9).round();
        let again = world.dice("repeats", authority, *label).binomial(families, repeated[world.place(*label)]);
        let record = plain([started, (again * started / families.max(1.0)).round().min(started)]);
        with_gap(world, Gap::ChildrenInNeed, authority, *label, record)
    };
    labels.iter().map(of_label).collect()
}

fn draw_durations(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let long = world.series(authority, &LONG);
    let of_label = |label: &i16| {
        let plans = world.core(authority, *label).plans;
        let long = long[world.place(*label)];
        let short = 1.0 - long;
        let shares = [short * 0.38, short * 0.306, short * 0.314, long * 0.865, long * 0.135];
        let parts = world.dice("durations", authority, *label).split(plans, shares);
        let record = plain(std::iter::once(plans).chain(parts));
        with_gap(world, Gap::ChildrenInNeed, authority, *label, record)
    };
    labels.iter().map(of_label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_conferences_took_no_more_than_the_median_of_days() {
        assert_eq!(days(0.5, [9.0, 73.0, 9.0, 9.0]), 14.0);
        assert_eq!(days(0.5, [0.0, 0.0, 0.0, 8.0]), 33.0);
        assert_eq!(days(0.5, [0.0; 4]), 0.0);
    }
}
