//! Figures of an authority and a year that more than one file prints or counts from.

use crate::model::Model;
use crate::world::World;

const REFERRALS: Model = Model::rate("referrals", 530.0, 0.30).deprivation(0.16).quality(-0.05).trend(-0.003);
const STARTED: Model = Model::rate("need-started", 330.0, 0.18).deprivation(0.18).trend(-0.004);
const IN_NEED: Model = Model::rate("in-need", 335.0, 0.15).deprivation(0.17).trend(0.001);
const SECTION_47: Model = Model::rate("section-47", 192.0, 0.26).deprivation(0.20).quality(-0.06).trend(0.015);
const CONFERENCES: Model = Model::rate("conferences", 60.0, 0.22).deprivation(0.24).quality(-0.03).trend(-0.012);
const PLANS_STARTED: Model = Model::rate("plans-started", 51.0, 0.22).deprivation(0.24).quality(-0.04).trend(-0.012);
const PLANS: Model = Model::rate("plans", 40.5, 0.22).deprivation(0.24).quality(-0.05).trend(-0.012);
const LOOKED_AFTER: Model =
    Model::rate("looked-after", 67.5, 0.20).deprivation(0.32).quality(-0.04).trend(-0.003).drift(0.03);
const CARE_STARTED: Model = Model::rate("care-started", 27.5, 0.20).deprivation(0.26).quality(-0.03).drift(0.09);
const LEAVERS_17: Model = Model::share("leavers-17", 0.183, 0.18);
const LEAVERS_19: Model = Model::share("leavers-19", 0.465, 0.22);
const YEAR_LONG: Model = Model::share("year-long", 0.715, 0.10).quality(0.02);

/// Counts of one authority in the year to 31 March; the population is of the mid-year before.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Core {
    pub(crate) population: f64,
    pub(crate) referrals: f64,
    /// Episodes of need that started and ended in the year, and that are open at its end.
    pub(crate) started: f64,
    pub(crate) ended: f64,
    pub(crate) in_need: f64,
    pub(crate) section_47: f64,
    pub(crate) conferences: f64,
    pub(crate) plans_started: f64,
    pub(crate) plans: f64,
    /// Children looked after at the end of the year, who started and who ceased.
    pub(crate) cla: f64,
    pub(crate) cla_started: f64,
    pub(crate) cla_ceased: f64,
    /// Those looked after for a year and more at its end.
    pub(crate) year_long: f64,
    /// Care leavers aged 17 and 18, and aged 19 to 21.
    pub(crate) leavers: [f64; 2],
}

/// The years of an authority, from the first of which anything is known.
pub(crate) fn years(world: &World, authority: usize) -> Vec<Core> {
    let series = |model: &Model| world.series(authority, model);
    let rates = [
        &REFERRALS,
        &STARTED,
        &IN_NEED,
        &SECTION_47,
        &CONFERENCES,
        &PLANS_STARTED,
        &PLANS,
        &LOOKED_AFTER,
        &CARE_STARTED,
    ]
    .map(series);
    let [young, old, long] = [&LEAVERS_17, &LEAVERS_19, &YEAR_LONG].map(series);
    let has_care = authority != world.country.tiny;
    let mut before: Option<Core> = None;
    let mut years = Vec::new();
    for (place, label) in world.labels().enumerate() {
        let population = world.profiles[authority].population[place.saturating_sub(1)];
        let mut dice = world.dice("core", authority, label);
        let [referrals, started, in_need, section_47, conferences, plans_started, plans, cla, cla_started] =
            std::array::from_fn(|i| dice.poisson(rates[i][place] * unusual_year(label, i) * population / 10_000.0));
        let mut core = Core {
            population,
            referrals,
            started,
            in_need,
            section_47,
            conferences,
            plans_started,
            plans,
            ..Core::default()
        };
        core.conferences = conferences.min(section_47);
        core.plans_started = plans_started.min(core.conferences + 5.0);
        core.ended = ended(started, in_need, before.map(|b| b.in_need), 0.5);
        if has_care {
            (core.cla, core.cla_started) = (cla, cla_started);
            core.cla_ceased = ended(cla_started, cla, before.map(|b| b.cla), 0.6);
            core.year_long = dice.binomial(cla, long[place]);
            core.leavers = [dice.poisson(cla * young[place]), dice.poisson(cla * old[place])];
        }
        before = Some(core);
        years.push(core);
    }
    years
}

/// What ended is what was there and what started, less what is there now.
///
/// A stock and a flow that were drawn apart can contradict each other by more than can be true; then a share of
/// what started is taken.
fn ended(started: f64, now: f64, before: Option<f64>, least: f64) -> f64 {
    let left = before.map_or(started, |before| started + before - now);
    left.clamp((started * least).round(), (started * 1.5).round())
}

/// Fewer children were referred in the year of the pandemic.
fn unusual_year(label: i16, rate: usize) -> f64 {
    match (label, rate) {
        (2021, 0 | 1) => 0.90,
        (2021, 8) => 0.92,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use crate::world::tests::default_world;

    #[test]
    fn counts_are_whole_and_parts_are_no_larger_than_wholes() {
        let world = default_world();
        for core in world.cores.iter().flatten() {
            let counts = [core.referrals, core.started, core.ended, core.in_need, core.cla, core.cla_ceased];
            assert!(counts.iter().all(|count| *count >= 0.0 && count.fract() == 0.0), "{core:?}");
            assert!(core.year_long <= core.cla && core.conferences <= core.section_47);
        }
    }

    #[test]
    fn the_very_small_authority_looks_after_no_children() {
        let world = default_world();
        assert!(world.cores[world.country.tiny].iter().all(|core| core.cla == 0.0 && core.population > 200.0));
    }
}
