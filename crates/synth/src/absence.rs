//! Absence from school of three groups of children, by phase of education.

use crate::children_in_need::with_gap;
use crate::figure::{Figure, Symbol, plain};
use crate::layout::{Cell, Filter, Layout, Line, Time};
use crate::model::Model;
use crate::options::LAST;
use crate::table::Table;
use crate::world::{Gap, World};

/// The three groups, which do not overlap.
pub(crate) const GROUPS: [&str; 3] = ["CINO at 31 March", "CLA 12 months at 31 March", "CPPO at 31 March"];

/// The label of the year in which schools were closed.
const CLOSED: i16 = 2020;

/// Sessions that a pupil could attend in a year.
const SESSIONS: f64 = 353.0;

const MEASURES: [&str; 12] = [
    "t_pupils",
    "t_sess_possible",
    "t_sess_overall",
    "pt_overall",
    "t_sess_authorised",
    "pt_sess_authorised",
    "t_sess_unauthorised",
    "pt_sess_unauthorised",
    "t_pupils_pa_10_exact",
    "pt_pupils_pa_10_exact",
    "t_pupils_pa_50_exact",
    "pt_pupils_pa_50_exact",
];

/// Amounts of a line: pupils, sessions possible, missed, authorised, unauthorised, pupils absent a tenth, half.
const AMOUNTS: usize = 7;

/// A phase as printed, how many pupils of each group are in it, the share of sessions missed by children in
/// need, how much of that is unauthorised, and the shares of pupils who miss a tenth and half.
struct Phase {
    name: &'static str,
    pupils: [f64; 3],
    missed: f64,
    unauthorised: f64,
    tenth: f64,
    half: f64,
}

const PHASES: [Phase; 4] = [
    Phase {
        name: "State-funded secondary",
        pupils: [0.371, 0.49, 0.36],
        missed: 0.255,
        unauthorised: 0.57,
        tenth: 0.61,
        half: 0.20,
    },
    Phase {
        name: "State-funded primary",
        pupils: [0.421, 0.34, 0.55],
        missed: 0.108,
        unauthorised: 0.41,
        tenth: 0.34,
        half: 0.032,
    },
    Phase {
        name: "State-funded alternative provision school",
        pupils: [0.019, 0.014, 0.02],
        missed: 0.51,
        unauthorised: 0.52,
        tenth: 0.92,
        half: 0.54,
    },
    Phase {
        name: "Special",
        pupils: [0.189, 0.156, 0.07],
        missed: 0.142,
        unauthorised: 0.23,
        tenth: 0.38,
        half: 0.075,
    },
];

/// How much of what children in need miss each group misses.
const OF_GROUP: [f64; 3] = [0.93, 0.44, 1.14];

/// How many of those who miss a tenth miss half, against children in need.
const HALF_OF_GROUP: [f64; 3] = [1.0, 1.25, 1.1];

const MISSED: Model = Model::rate("absence", 1.0, 0.11).quality(-0.02).deprivation(0.02).drift(0.04);
const AT_SCHOOL: Model = Model::share("in-need-at-school", 0.30, 0.16);

/// The table.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let filters = ["absence_terms", "social_care_group", "phase_type_grouping"];
    let path = "dfe-outcomes/absence_la.csv".to_owned();
    let mut layout = Layout::new(path, world.newest(LAST, 7), &filters, &MEASURES);
    (layout.time, layout.name_first) = (Time::Academic, true);
    let phases = || std::iter::once("Total").chain(PHASES.iter().map(|phase| phase.name));
    for (place, (group, phase)) in
        GROUPS.iter().flat_map(|group| phases().map(move |phase| (*group, phase))).enumerate()
    {
        let at = place * AMOUNTS;
        let share = |i: usize, of: usize| [Cell::Count(at + i), Cell::Percent(at + i, at + of, 1)];
        let cells = [Cell::Count(at), Cell::Count(at + 1)]
            .into_iter()
            .chain([(2, 1), (3, 1), (4, 1), (5, 0), (6, 0)].into_iter().flat_map(|(i, of)| share(i, of)));
        layout
            .lines
            .push(Line { filters: ["six half terms", group, phase].map(Filter::Is).to_vec(), cells: cells.collect() });
        layout.guard.counts.extend([at, at + 5, at + 6]);
        layout.guard.follows.push((at, (at + 1..at + AMOUNTS).collect()));
    }
    for group in 0..GROUPS.len() {
        let total = group * (PHASES.len() + 1) * AMOUNTS;
        for i in [0, 5, 6] {
            layout.guard.sums.push((total + i, (1..=PHASES.len()).map(|phase| total + phase * AMOUNTS + i).collect()));
        }
    }
    vec![Table::new(layout, draw)]
}

fn draw(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let missed = world.series(authority, &MISSED);
    let at_school = world.series(authority, &AT_SCHOOL);
    let of_label = |label: &i16| {
        let place = world.place(*label);
        let core = world.core(authority, *label);
        let mut dice = world.dice("absence", authority, *label);
        let pupils = [
            dice.binomial(core.in_need, at_school[place]),
            dice.binomial(core.year_long, 0.58),
            dice.binomial(core.plans, 0.60),
        ];
        let mut record: Vec<f64> = Vec::new();
        for (group, pupils) in pupils.into_iter().enumerate() {
            let phases = dice.split(pupils, [0, 1, 2, 3].map(|i: usize| PHASES[i].pupils[group]));
            let level = missed[place] * OF_GROUP[group] * of_year(*label);
            let lines: Vec<[f64; AMOUNTS]> = PHASES
                .iter()
                .zip(phases)
                .map(|(phase, pupils)| {
                    // Absence is a few children's above all, so that small groups vary widely.
                    let rate = (phase.missed * level * (0.5 * dice.normal() / (pupils + 1.0).sqrt()).exp()).min(0.95);
                    let possible = (pupils * SESSIONS * (1.0 + 0.03 * dice.normal())).round();
                    let overall = (possible * rate).round();
                    let unauthorised =
                        (overall * phase.unauthorised * (1.0 + 0.05 * dice.normal()).clamp(0.5, 1.4)).round();
                    let tenth = dice.binomial(pupils, (phase.tenth * level).min(0.97));
                    let half = dice.binomial(tenth, (phase.half / phase.tenth * HALF_OF_GROUP[group]).min(0.8));
                    [pupils, possible, overall, overall - unauthorised, unauthorised, tenth, half]
                })
                .collect();
            record.extend((0..AMOUNTS).map(|i| lines.iter().map(|line| line[i]).sum::<f64>()));
            record.extend(lines.into_iter().flatten());
        }
        finish(world, authority, *label, record)
    };
    labels.iter().map(of_label).collect()
}

/// Puts symbols where there is no figure: in the year of closed schools, and where there is no pupil.
fn finish(world: &World, authority: usize, label: i16, record: Vec<f64>) -> Vec<Figure> {
    let mut figures = plain(record);
    if label == CLOSED {
        return figures.iter().map(|_| Figure::none(Symbol::X)).collect();
    }
    for line in figures.chunks_mut(AMOUNTS).filter(|line| line[0].value == 0.0) {
        line[1..].iter_mut().for_each(|figure| *figure = Figure::none(Symbol::Z));
    }
    with_gap(world, Gap::Outcomes, authority, label, figures)
}

/// Absence rose after the pandemic and has hardly fallen since.
fn of_year(label: i16) -> f64 {
    match label {
        ..=2019 => 0.66,
        2020 | 2021 => 0.78,
        2022 => 0.93,
        _ => 1.0,
    }
}
