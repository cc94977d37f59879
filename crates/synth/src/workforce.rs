//! The children's social work workforce at 30 September, in two layouts: indicators, and the older headline
//! measures for the earlier years.

use crate::figure::{Figure, Symbol, plain};
use crate::layout::Cell::{self, Amount, Cover, Percent};
use crate::layout::{Layout, Line, Presence};
use crate::model::Model;
use crate::options::LAST;
use crate::table::Table;
use crate::world::{Gap, World};

/// The last label of the older layout.
const OLDER_UNTIL: i16 = 2022;

/// Working days of a full-time worker in a year.
const WORKING_DAYS: f64 = 253.0;

const IN_POST: Model = Model::rate("in-post", 29.5, 0.16).deprivation(0.13).quality(0.03).trend(0.02);
const VACANT: Model = Model::share("vacant", 0.138, 0.46).quality(-0.22).deprivation(0.06).peak(0.32).drift(0.22);
const AGENCY: Model = Model::rate("agency-for-vacancy", 0.90, 0.34).quality(-0.05).drift(0.18);
const LEAVING: Model = Model::share("leaving", 0.122, 0.22).quality(-0.10).peak(0.5).drift(0.18);
const STARTING: Model = Model::share("starting", 0.165, 0.22).drift(0.22);
const COVERING: Model = Model::share("covering", 0.90, 1.3).drift(0.5);
const HOLDING: Model = Model::share("holding", 0.55, 0.22);
const CASELOAD: Model = Model::rate("caseload", 15.6, 0.10).quality(-0.035).trend(-0.013).drift(0.06);
const SICK: Model = Model::rate("sick", 3.5, 0.28).quality(-0.05).drift(0.2);

/// Amounts of a record, by place.
const POST: usize = 0;
const POST_HEADS: usize = 1;
const STARTERS: usize = 2;
const STARTER_HEADS: usize = 3;
const LEAVERS: usize = 4;
const LEAVER_HEADS: usize = 5;
pub(crate) const AGENTS: usize = 6;
const AGENT_HEADS: usize = 7;
const COVERS: usize = 8;
const VACANCIES: usize = 9;
const HOLDERS: usize = 10;
const CASES: usize = 11;
const DAYS: usize = 12;
/// Wholes that are no column: posts with agency workers or vacancies, and working days.
pub(crate) const WITH_AGENTS: usize = 13;
const WITH_AGENT_HEADS: usize = 14;
const WITH_VACANCIES: usize = 15;
const DAYS_DUE: usize = 16;

const INDICATORS: [(&str, Cell); 22] = [
    ("inpost_fte", Amount(POST, 1)),
    ("inpost_headcount", Amount(POST_HEADS, 0)),
    ("starters_fte", Amount(STARTERS, 1)),
    ("starters_headcount", Amount(STARTER_HEADS, 0)),
    ("leavers_fte", Amount(LEAVERS, 1)),
    ("leavers_headcount", Amount(LEAVER_HEADS, 0)),
    ("turnover_rate_fte", Percent(LEAVERS, POST, 1)),
    ("turnover_rate_headcount", Percent(LEAVER_HEADS, POST_HEADS, 1)),
    ("agency_fte", Amount(AGENTS, 1)),
    ("agency_headcount", Amount(AGENT_HEADS, 0)),
    ("agency_rate_fte", Percent(AGENTS, WITH_AGENTS, 1)),
    ("agency_rate_headcount", Percent(AGENT_HEADS, WITH_AGENT_HEADS, 1)),
    ("agency_cover_fte", Amount(COVERS, 1)),
    ("agency_cover_rate_fte", Percent(COVERS, AGENTS, 1)),
    ("vacancy_fte", Amount(VACANCIES, 1)),
    ("vacancy_rate_fte", Percent(VACANCIES, WITH_VACANCIES, 1)),
    ("vacancy_agency_cover_rate_fte", Cover(COVERS, VACANCIES, Some(Symbol::U))),
    ("case_holders_fte", Amount(HOLDERS, 1)),
    ("cases", Amount(CASES, 0)),
    ("caseload_fte", Cell::Mean(CASES, HOLDERS, 1)),
    ("working_days_lost_fte", Amount(DAYS, 1)),
    ("absence_rate_fte", Percent(DAYS, DAYS_DUE, 1)),
];

const HEADLINES: [(&str, Cell); 20] = [
    ("social_worker_fte", Amount(POST, 1)),
    ("leaver_fte", Amount(LEAVERS, 1)),
    ("turnover_rate_fte_%", Percent(LEAVERS, POST, 1)),
    ("working_days_lost_fte", Amount(DAYS, 1)),
    ("absence_rate_fte_%", Percent(DAYS, DAYS_DUE, 1)),
    ("agency_fte", Amount(AGENTS, 1)),
    ("agency_worker_rate_fte_%", Percent(AGENTS, WITH_AGENTS, 1)),
    ("agency_cover_fte", Amount(COVERS, 1)),
    ("agency_cover_rate_fte_%", Percent(COVERS, AGENTS, 1)),
    ("vacancy_fte", Amount(VACANCIES, 1)),
    ("vacancy_rate_fte_%", Percent(VACANCIES, WITH_VACANCIES, 1)),
    ("vacancy_agency_cover_rate_fte_%", Cover(COVERS, VACANCIES, None)),
    ("case_holders_fte", Amount(HOLDERS, 1)),
    ("cases", Amount(CASES, 0)),
    ("caseload_fte", Cell::Mean(CASES, HOLDERS, 1)),
    ("social_worker_headcount", Amount(POST_HEADS, 0)),
    ("leaver_headcount", Amount(LEAVER_HEADS, 0)),
    ("turnover_rate_headcount_%", Percent(LEAVER_HEADS, POST_HEADS, 1)),
    ("agency_headcount", Amount(AGENT_HEADS, 0)),
    ("agency_worker_rate_headcount_%", Percent(AGENT_HEADS, WITH_AGENT_HEADS, 1)),
];

/// The tables.
pub(crate) fn tables(world: &World) -> Vec<Table> {
    let labels = world.newest(LAST, 9);
    let first = labels.last().copied().unwrap_or(LAST);
    let older_until = OLDER_UNTIL.max(first);
    let older: Vec<i16> = labels.iter().copied().filter(|label| *label <= older_until).collect();
    let layout = |name: String, labels: Vec<i16>, columns: &[(&'static str, Cell)]| {
        let measures: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let mut layout = Layout::new(format!("dfe-social-work-workforce/{name}.csv"), labels, &[], &measures);
        layout.lines = vec![Line { filters: Vec::new(), cells: columns.iter().map(|(_, cell)| *cell).collect() }];
        (layout.presence, layout.small) = (Presence::Lived(9, 30), Some(Symbol::Low));
        layout
    };
    let mut indicators = layout(format!("csww_indicators_{first}_to_{LAST}"), labels, &INDICATORS);
    indicators.joins_shared = true;
    let mut headlines = layout(format!("csww_headline_measures_{first}_to_{older_until}"), older, &HEADLINES);
    headlines.has_mark = true;
    vec![Table::new(indicators, draw), Table::new(headlines, draw)]
}

/// A share of authorities in one year, for the special cases below.
fn is_nth(world: &World, authority: usize, nth: usize) -> bool {
    world.ordinary.binary_search(&authority).is_ok_and(|place| place % 40 == nth)
}

/// The amounts that are named above.
pub(crate) fn draw(world: &World, authority: usize, labels: &[i16]) -> Vec<Vec<Figure>> {
    let models = [&IN_POST, &VACANT, &AGENCY, &LEAVING, &STARTING, &COVERING, &HOLDING, &CASELOAD, &SICK];
    let series = models.map(|model| world.series(authority, model));
    let of_label = |label: &i16| {
        if authority == world.country.tiny {
            return tiny(world, authority, *label);
        }
        let value = |i: usize| series[i][world.place(*label)];
        let mut dice = world.dice("workforce", authority, *label);
        // Full-time equivalents are printed to a tenth.
        let mut fte = |mean: f64| f64::round(dice.poisson(mean) * 10.0 + 9.0 * (dice.uniform() - 0.5)).max(0.0) / 10.0;
        let post = fte(value(0) * world.core(authority, *label).population / 10_000.0);
        let leavers = fte(post * value(3)).min(post);
        let starters = fte(post * value(4));
        let vacancies = fte(post * value(1) / (1.0 - value(1)));
        let mut agents = fte(vacancies * value(2));
        if is_nth(world, authority, 9) && *label == LAST - 1 {
            agents = 0.0;
        } else if is_nth(world, authority, 11) && *label == LAST {
            // One agency worker for a couple of hours a week: less than a twentieth of a post.
            agents = 0.04;
        }
        let covers = covers(agents, vacancies, value(5));
        let holders = ((post + agents) * value(6) * 10.0).round() / 10.0;
        let cases = (holders * value(7)).round();
        let days = (post * WORKING_DAYS * value(8) / 100.0 * 10.0).round() / 10.0;
        let heads =
            [(post, 1.055), (starters, 1.03), (leavers, 1.05), (agents, 1.03)].map(|(fte, more)| f64::ceil(fte * more));
        let mut record = plain([
            post,
            heads[0],
            starters,
            heads[1],
            leavers,
            heads[2],
            agents,
            heads[3],
            covers,
            vacancies,
            holders,
            cases,
            days,
            post + agents,
            heads[0] + heads[3],
            post + vacancies,
            post * WORKING_DAYS,
        ]);
        if let Some(symbol) = world.gap(Gap::Workforce, authority, *label) {
            [AGENTS, COVERS, WITH_AGENTS].into_iter().for_each(|i| record[i] = record[i].behind(symbol));
        }
        record
    };
    labels.iter().map(of_label).collect()
}

/// Agency workers who cover a vacancy: mostly all of them, and seldom more than there are vacancies.
fn covers(agents: f64, vacancies: f64, share: f64) -> f64 {
    let covering = if share > 0.92 { agents } else { (agents * share * 100.0).round() / 100.0 };
    // Some authorities count cover for those who are away too.
    if share > 0.985 { covering } else { covering.min(vacancies) }
}

/// The very small authority has one or two social workers, and hides how often they are ill.
fn tiny(world: &World, authority: usize, label: i16) -> Vec<Figure> {
    let mut dice = world.dice("workforce", authority, label);
    let early = label < LAST - 4;
    let post = if early { 2.0 } else { 0.0 };
    let agents = 1.0 + dice.below(2) as f64;
    let vacancies = if early { 0.0 } else { agents };
    let holders = if early { 2.0 } else { 1.0 };
    let cases = 6.0 + dice.below(20) as f64;
    let sick = if early { Symbol::C } else { Symbol::Z };
    let covers = agents.min(vacancies);
    let mut record = plain([
        post,
        post,
        0.0,
        0.0,
        0.0,
        0.0,
        agents,
        agents,
        covers,
        vacancies,
        holders,
        cases,
        3.0,
        post + agents,
        post + agents,
        post + vacancies,
        post * WORKING_DAYS,
    ]);
    record[DAYS] = record[DAYS].behind(sick);
    record
}
