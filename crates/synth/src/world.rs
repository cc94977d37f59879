//! The country with what drives its figures: who lives there, how deprived it is, how good practice is.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::core::{self, Core};
use crate::country::{Country, Kind};
use crate::dice::Dice;
use crate::figure::Symbol;
use crate::model::{Link, Model};
use crate::options::{LAST, Options};

/// How much of last year's quality of practice is still there a year later.
const PERSISTENCE: f64 = 0.85;

/// What is behind an authority's figures and printed nowhere.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// Deprivation, in standard deviations; high is more deprived.
    pub(crate) deprivation: f64,
    /// How densely people live, in standard deviations.
    pub(crate) density: f64,
    /// How many backgrounds they come from, in standard deviations.
    pub(crate) diversity: f64,
    /// Quality of practice by year, in standard deviations; high is better.
    pub(crate) quality: Vec<f64>,
    /// Children aged 0 to 17 at mid-year.
    pub(crate) population: Vec<f64>,
}

/// The country and all that is true of it.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) country: Country,
    /// Authorities that are no special case, in order.
    pub(crate) ordinary: Vec<usize>,
    pub(crate) profiles: Vec<Profile>,
    /// The label of the first year of which anything is known: one before the first of the children in need
    /// data, whose rates need the population of the mid-year before.
    pub(crate) start: i16,
    /// Figures that several files share, by authority and year from `start`.
    pub(crate) cores: Vec<Vec<Core>>,
}

impl World {
    /// The world of these options.
    pub(crate) fn new(options: Options) -> Self {
        let country = Country::new(&options);
        let start = options.first() - 1;
        let ordinary = country.ordinary();
        let mut world = Self { options, country, ordinary, profiles: Vec::new(), start, cores: Vec::new() };
        world.profiles = (0..world.country.authorities.len()).map(|i| world.profile(i)).collect();
        let split = world.country.split;
        for i in world.country.authorities[split].successors.clone() {
            let children = world.profiles[i].population.clone();
            let before = world.profiles[split].population.iter_mut();
            before.zip(children).for_each(|(sum, own)| *sum += own);
        }
        world.cores = (0..world.country.authorities.len()).map(|i| core::years(&world, i)).collect();
        world
    }

    /// The years of which anything is known, oldest first.
    pub(crate) fn labels(&self) -> std::ops::RangeInclusive<i16> {
        self.start..=LAST
    }

    /// The place of a year in series.
    pub(crate) fn place(&self, label: i16) -> usize {
        usize::try_from(label - self.start).unwrap_or_default()
    }

    /// The years of a file that has at most `most` of them up to `last`, newest first.
    pub(crate) fn newest(&self, last: i16, most: usize) -> Vec<i16> {
        (self.start + 1..=last).rev().take(most).collect()
    }

    /// The stream of chance of one authority with this name.
    pub(crate) fn dice(&self, name: &str, authority: usize, label: i16) -> Dice {
        let code = &self.country.authorities[authority].code;
        Dice::named(self.options.seed, &[name, code, &label.to_string()])
    }

    /// What several files say of an authority in a year.
    pub(crate) fn core(&self, authority: usize, label: i16) -> &Core {
        &self.cores[authority][self.place(label)]
    }

    /// The values of a rate or share in one authority by year, from `start`.
    pub(crate) fn series(&self, authority: usize, model: &Model) -> Vec<f64> {
        let profile = &self.profiles[authority];
        let mut dice =
            Dice::named(self.options.seed, &["series", model.name, &self.country.authorities[authority].code]);
        let own = dice.normal() * model.spread;
        let mut drift = dice.normal() * model.drift;
        let labels = self.labels();
        labels
            .zip(&profile.quality)
            .map(|(label, quality)| {
                drift = 0.7 * drift + 0.714 * dice.normal() * model.drift;
                let years = f64::from(label - LAST);
                let moved =
                    model.deprivation * profile.deprivation + model.quality * quality + model.peak * strain(label);
                // A mean of rates that spread on the log scale is above their median.
                let level = if model.link == Link::Log { -model.spread * model.spread / 4.0 } else { 0.0 };
                model.value(level + model.trend * years + moved + own + drift)
            })
            .collect()
    }

    /// What an authority did not send in, as publishers mark it: one in forty has a gap in each family.
    pub(crate) fn gap(&self, family: Gap, authority: usize, label: i16) -> Option<Symbol> {
        let place = self.ordinary.binary_search(&authority).ok()?;
        let (nth, label_of_gap, symbol) = match family {
            Gap::ChildrenInNeed => (3, LAST - 2, Symbol::X),
            Gap::Referrals => (5, LAST - 1, Symbol::U),
            Gap::Outcomes => (3, LAST - 1, Symbol::X),
            Gap::Workforce => (7, LAST - 2, Symbol::X),
        };
        (place % 40 == nth && label == label_of_gap).then_some(symbol)
    }

    fn profile(&self, i: usize) -> Profile {
        let authority = &self.country.authorities[i];
        let mut dice = Dice::named(self.options.seed, &["profile", &authority.code]);
        let mut of_region =
            Dice::named(self.options.seed, &["region", &self.country.regions[authority.comparison].code]);
        let density = dense(authority.kind) + 0.6 * dice.normal();
        let deprivation = 0.45 * of_region.normal() + 0.45 * density + 0.75 * dice.normal();
        let diversity = 0.6 * of_region.normal() + 0.5 * density + 0.6 * dice.normal();
        // Good practice is a little harder where need is great.
        let mean = -0.2 * deprivation;
        let mut quality = mean + dice.normal();
        let step = (1.0 - PERSISTENCE * PERSISTENCE).sqrt();
        let labels = self.labels().count();
        let quality = (0..labels)
            .map(|_| {
                quality = mean + PERSISTENCE * (quality - mean) + step * dice.normal();
                quality
            })
            .collect();
        let growth = 0.002 + 0.006 * dice.normal();
        let children = if i == self.country.tiny { 320.0 } else { children(authority.kind, &mut dice) };
        let of_year = |label: i16| (children * (growth * f64::from(label - LAST)).exp()).round();
        // The authority that was split begins at nothing: the two that follow it are added up.
        let population = match i == self.country.split {
            true => vec![0.0; labels],
            false => self.labels().map(of_year).collect(),
        };
        Profile { deprivation, density, diversity, quality, population }
    }
}

/// How short of workers the country was: most of all after the pandemic.
const fn strain(label: i16) -> f64 {
    match label {
        ..=2020 => 0.35,
        2021 => 0.6,
        2022 => 1.0,
        2023 => 0.85,
        2024 => 0.4,
        _ => 0.0,
    }
}

/// What can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// The whole return of children in need.
    ChildrenInNeed,
    /// Referrals that could not be relied on.
    Referrals,
    /// Pupils' results.
    Outcomes,
    /// Agency workers.
    Workforce,
}

const fn dense(kind: Kind) -> f64 {
    match kind {
        Kind::Borough => 1.2,
        Kind::Metropolitan => 0.5,
        Kind::Unitary => -0.1,
        Kind::County => -1.1,
    }
}

/// How many children live in an authority of a kind: England-like, rounded.
fn children(kind: Kind, dice: &mut Dice) -> f64 {
    let (median, spread, least) = match kind {
        Kind::Borough => (61_000.0, 0.30, 22_000.0),
        Kind::Metropolitan => (67_000.0, 0.40, 33_000.0),
        Kind::Unitary => (43_000.0, 0.38, 8_500.0),
        Kind::County => (140_000.0, 0.42, 65_000.0),
    };
    f64::max(least, median * (spread * dice.normal()).exp())
}

/// The day so many days after another.
pub(crate) fn after(day: Date, days: usize) -> Date {
    day.saturating_add(i64::try_from(days).unwrap_or_default().days())
}

/// The day on which a label's year of children's data ends.
pub(crate) const fn year_end(label: i16) -> Date {
    date(label, 3, 31)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The world of the default options, for tests.
    pub(crate) fn default_world() -> World {
        World::new(Options::default())
    }

    #[test]
    fn a_series_is_the_same_whenever_it_is_asked_for() {
        let world = default_world();
        let model = Model::rate("anything", 50.0, 0.3).deprivation(0.2);
        assert_eq!(world.series(3, &model), world.series(3, &model));
        assert_ne!(world.series(3, &model), world.series(4, &model));
    }

    #[test]
    fn the_children_of_the_split_authority_are_those_of_its_successors() {
        let world = default_world();
        let split = &world.country.authorities[world.country.split];
        let sum: f64 = split.successors.iter().map(|i| world.profiles[*i].population[0]).sum();
        assert_eq!(world.profiles[world.country.split].population[0], sum);
    }

    #[test]
    fn deprived_authorities_look_after_more_children() {
        let world = World::new(Options { scale: 4, ..Options::default() });
        let rate = |i: usize| world.core(i, LAST).cla / world.core(i, LAST).population;
        let mut order = world.ordinary.clone();
        order.sort_by(|a, b| world.profiles[*a].deprivation.total_cmp(&world.profiles[*b].deprivation));
        let mean = |of: &[usize]| of.iter().map(|i| rate(*i)).sum::<f64>() / of.len() as f64;
        let third = order.len() / 3;
        assert!(mean(&order[2 * third..]) > 1.3 * mean(&order[..third]));
    }
}
