//! Attainment of three groups of children at key stages 2 and 4.

use crate::absence::GROUPS;
use crate::children_in_need::with_gap;
use crate::figure::{Figure, Symbol, plain};
use crate::layout::{Cell, Filter, Layout, Line, Order, Time};
use crate::model::Model;
use crate::options::LAST;
use crate::table::Table;
use crate::world::{Gap, World};

/// Subjects at key stage 2, with the share of children in need who meet the standard.
const SUBJECTS: [(&str, f64); 6] =
    [("read", 0.45), ("writta", 0.40), ("mat", 0.41), ("rwm", 0.30), ("gps", 0.42), ("scita", 0.48)];

/// Subjects with a progress score, and the mean score of children in need.
const PROGRESS: [(&str, f64); 3] = [("read", -2.2), ("writta", -2.2), ("mat", -2.6)];

/// Standard deviations of one pupil's progress.
const PROGRESS_2: f64 = 6.45;
const PROGRESS_8: f64 = 1.29;

/// Amounts of a group at key stage 2: two a subject, then two a progress score.
const KEY_STAGE_2: usize = 18;
const KEY_STAGE_4: usize = 8;

const KEY_STAGE_4_MEASURES: [&str; 16] = [
    "t_pupils",
    "t_att8",
    "avg_att8",
    "t_l2basics_95",
    "pt_l2basics_95",
    "t_l2basics_94",
    "pt_l2basics_94",
    "t_ebacc_e_ptq_ee",
    "pt_ebacc_e_ptq_ee",
    "t_ebaccaps",
    "avg_ebaccaps",
    "t_inp8calc",
    "t_p8score",
    "avg_p8score",
    "p8score_CI_low",
    "p8score_CI_upp",
];

const LEARNING: Model = Model::share("learning", 0.5, 0.20).deprivation(-0.08).quality(0.03).drift(0.08);

/// The tables.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    vec![Table::new(key_stage_2(world), draw_2), Table::new(key_stage_4(world), draw_4)]
}

fn layout(world: &World, name: &str, measures: &[&'static str]) -> Layout {
    let path = format!("dfe-outcomes/{name}_la.csv");
    let mut layout = Layout::new(path, world.newest(LAST, 7), &["social_care_group", "version"], measures);
    (layout.time, layout.name_first, layout.has_mark) = (Time::Academic, true, true);
    layout.order = Order::LineFirst;
    layout
}

fn key_stage_2(world: &World) -> Layout {
    let mut layout = layout(world, "ks2", &KEY_STAGE_2_MEASURES);
    for (group, name) in GROUPS.iter().enumerate() {
        let at = group * KEY_STAGE_2;
        let mut cells = Vec::new();
        for subject in 0..SUBJECTS.len() {
            let (eligible, met) = (at + 2 * subject, at + 2 * subject + 1);
            cells.extend([Cell::Count(eligible), Cell::Count(met), Cell::Percent(met, eligible, 0)]);
            layout.guard.counts.extend([eligible, met]);
            layout.guard.follows.push((eligible, vec![met]));
        }
        for score in 0..PROGRESS.len() {
            let (eligible, sum) = (at + 12 + 2 * score, at + 13 + 2 * score);
            cells.extend([Cell::Count(eligible), Cell::Amount(sum, 8), Cell::Mean(sum, eligible, 2)]);
            cells.extend([-PROGRESS_2, PROGRESS_2].map(|side| Cell::Bound(sum, eligible, side)));
            layout.guard.counts.push(eligible);
            layout.guard.follows.push((eligible, vec![sum]));
        }
        layout.lines.push(Line { filters: vec![Filter::Is(name), Filter::Version], cells });
    }
    layout
}

fn key_stage_4(world: &World) -> Layout {
    let mut layout = layout(world, "ks4", &KEY_STAGE_4_MEASURES);
    for (group, name) in GROUPS.iter().enumerate() {
        let at = group * KEY_STAGE_4;
        let mut cells = vec![Cell::Count(at), Cell::Amount(at + 1, 2), Cell::Mean(at + 1, at, 1)];
        for i in [2, 3, 4] {
            cells.extend([Cell::Count(at + i), Cell::Percent(at + i, at, 1)]);
        }
        cells.extend([Cell::Amount(at + 5, 2), Cell::Mean(at + 5, at, 2)]);
        cells.extend([Cell::Count(at + 6), Cell::Amount(at + 7, 3), Cell::Mean(at + 7, at + 6, 2)]);
        cells.extend([-PROGRESS_8, PROGRESS_8].map(|side| Cell::Bound(at + 7, at + 6, side)));
        layout.guard.counts.extend([at, at + 2, at + 3, at + 4, at + 6]);
        layout.guard.follows.push((at, (at + 1..at + KEY_STAGE_4).collect()));
        layout.guard.follows.push((at + 6, vec![at + 7]));
        layout.lines.push(Line { filters: vec![Filter::Is(name), Filter::Version], cells });
    }
    layout
}

fn draw_2(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let learning = world.series(authority, &LEARNING);
    let of_label = |label: &i16| {
        let mut dice = world.dice("key-stage-2", authority, *label);
        let ability = learning[world.place(*label)] - 0.5;
        let mut record: Vec<Figure> = Vec::new();
        for (group, share) in [(0, 0.0262), (1, 0.053), (2, 0.049)] {
            let all = dice.binomial(stock(world, authority, *label, group), share);
            // Children looked after for a year do a little better.
            let better = if group == 1 { 0.05 } else { 0.0 };
            for (i, (_, standard)) in SUBJECTS.iter().enumerate() {
                let eligible = if i % 2 == 0 { all } else { all - dice.binomial(all, 0.008) };
                let met = dice.binomial(eligible, standard + better + ability);
                record.extend(of_eligible(eligible, met));
            }
            for (_, mean) in &PROGRESS {
                let eligible = dice.binomial(all, 0.92);
                let mean = mean + 25.0 * better + 6.0 * ability;
                let sum = mean * eligible + PROGRESS_2 * eligible.sqrt() * dice.normal();
                let digits: f64 = if *label == 2023 { 1e6 } else { 1e2 };
                let scores = of_eligible(eligible, (sum * digits).round() / digits);
                let published = matches!(*label, 2019 | 2022 | 2023);
                record.extend(scores.map(|figure| if published { figure } else { Figure::none(Symbol::X) }));
            }
        }
        if matches!(*label, 2020 | 2021) {
            record.iter_mut().for_each(|figure| *figure = Figure::none(Symbol::X));
        }
        with_gap(world, Gap::Outcomes, authority, *label, record)
    };
    labels.iter().map(of_label).collect()
}

/// A number of pupils and what is counted of them, which does not apply to none.
fn of_eligible(eligible: f64, counted: f64) -> [Figure; 2] {
    [Figure::from(eligible), if eligible > 0.0 { Figure::from(counted) } else { Figure::none(Symbol::Z) }]
}

fn draw_4(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let learning = world.series(authority, &LEARNING);
    let of_label = |label: &i16| {
        let mut dice = world.dice("key-stage-4", authority, *label);
        let ability = learning[world.place(*label)] - 0.5;
        let grading = grading(*label);
        let mut record = Vec::new();
        for (group, share, score) in [(0, 0.0325, 18.0), (1, 0.104, 18.2), (2, 0.040, 15.5)] {
            let pupils = dice.binomial(stock(world, authority, *label, group), share);
            let points =
                (score * grading * (1.0 + 1.3 * ability) + 14.0 / (pupils + 1.0).sqrt() * dice.normal()).max(3.0);
            let attainment = (points * pupils * 8.0).round() / 8.0;
            let pass = dice.binomial(pupils, (0.19 * grading + 0.7 * ability).clamp(0.02, 0.6));
            let strong = dice.binomial(pass, 0.54);
            let entered = dice.binomial(pupils, (0.118 + 0.4 * ability).clamp(0.01, 0.5));
            let slots = (attainment * 0.083 * 100.0).round() / 100.0;
            let measured = dice.binomial(pupils, 0.86);
            let progress = -1.58 + 3.0 * ability + PROGRESS_8 / (measured + 1.0).sqrt() * dice.normal();
            let progress = (progress * measured * 1000.0).round() / 1000.0;
            let mut line = plain([pupils, attainment, strong, pass, entered, slots, measured, progress]);
            if pupils == 0.0 {
                line[1..].iter_mut().for_each(|figure| *figure = Figure::none(Symbol::Z));
            }
            for i in unpublished(*label, group) {
                line[*i] = Figure::none(Symbol::X);
            }
            record.extend(line);
        }
        with_gap(world, Gap::Outcomes, authority, *label, record)
    };
    labels.iter().map(of_label).collect()
}

/// How many children of an authority are in a group.
fn stock(world: &World, authority: usize, label: i16, group: usize) -> f64 {
    let core = world.core(authority, label);
    [core.in_need, core.year_long, core.plans][group]
}

/// Grades were higher in the years without examinations.
fn grading(label: i16) -> f64 {
    match label {
        2020 => 1.18,
        2021 => 1.26,
        2022 => 1.14,
        _ => 1.0,
    }
}

/// Amounts that are not published for a group in a year.
fn unpublished(label: i16, group: usize) -> &'static [usize] {
    match (matches!(label, 2020 | 2021 | 2025), group) {
        (true, 0) => &[6, 7],
        (true, 1) => &[4, 5, 6, 7],
        (true, _) => &[2, 3, 4, 5, 6, 7],
        (false, 0) => &[],
        (false, 1) => &[4, 5],
        (false, _) => &[2, 3, 4, 5],
    }
}

const KEY_STAGE_2_MEASURES: [&str; 33] = [
    "t_read_eligible_pupils",
    "t_read_met_expected_standard",
    "pt_read_met_expected_standard",
    "t_writta_eligible_pupils",
    "t_writta_met_expected_standard",
    "pt_writta_met_expected_standard",
    "t_mat_eligible_pupils",
    "t_mat_met_expected_standard",
    "pt_mat_met_expected_standard",
    "t_rwm_eligible_pupils",
    "t_rwm_met_expected_standard",
    "pt_rwm_met_expected_standard",
    "t_gps_eligible_pupils",
    "t_gps_met_expected_standard",
    "pt_gps_met_expected_standard",
    "t_scita_eligible_pupils",
    "t_scita_met_expected_standard",
    "pt_scita_met_expected_standard",
    "t_read_progress_eligible_pupils",
    "t_read_progress_score",
    "avg_read_progress_score",
    "avg_read_progress_score_lower_CI",
    "avg_read_progress_score_upper_CI",
    "t_writta_progress_eligible_pupils",
    "t_writta_progress_score",
    "avg_writta_progress_score",
    "avg_writta_progress_score_lower_CI",
    "avg_writta_progress_score_upper_CI",
    "t_mat_progress_eligible_pupils",
    "t_mat_progress_score",
    "avg_mat_progress_score",
    "avg_mat_progress_score_lower_CI",
    "avg_mat_progress_score_upper_CI",
];
