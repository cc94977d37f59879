//! Inspections and visits of every authority since the framework began, with grades that follow the quality
//! of practice.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use lais_framework::Grade;

use crate::dice::Dice;
use crate::options::LAST;
use crate::world::{World, after};

/// The day up to which the workbook tells.
pub(crate) const AS_AT: Date = date(LAST, 3, 31);

/// The first day of the year whose visits are listed.
pub(crate) const YEAR_FROM: Date = date(LAST - 1, 4, 1);

/// Care leavers have a judgement of their own from this day.
const CARE_LEAVERS_FROM: Date = date(2023, 1, 1);

/// The day from which there were inspections, and that of the one that found an authority inadequate.
const BEGAN: Date = date(2018, 5, 1);
const POOR_FROM: Date = date(2023, 5, 15);

/// Days on which no inspection began, because of the pandemic.
const PAUSE: (Date, Date) = (date(2020, 3, 16), date(2021, 5, 4));

/// Themes of visits, with how often they are chosen.
const THEMES: [(&str, f64); 6] = [
    ("Front door", 0.16),
    ("Children in need/subject to a plan", 0.28),
    ("Vulnerable adolescents", 0.07),
    ("Children in care", 0.19),
    ("Achieving permanence", 0.08),
    ("Care leavers", 0.22),
];

/// The kind of an inspection or visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Standard,
    Short,
    Focused,
    Monitoring,
}

impl Kind {
    /// As the workbook prints it.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Standard => "ILACS Standard Inspection",
            Self::Short => "ILACS Short Inspection",
            Self::Focused => "ILACS Focused Visit",
            Self::Monitoring => "LA Monitoring visit",
        }
    }
}

/// An inspection or visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) authority: usize,
    pub(crate) kind: Kind,
    pub(crate) on: Date,
    pub(crate) published: Date,
    /// Overall, leaders, help and protection, children in care, care leavers; a visit gives none.
    pub(crate) grades: [Option<Grade>; 5],
    pub(crate) theme: Option<&'static str>,
}

/// Every event, by authority and day.
pub(crate) fn events(world: &World) -> Vec<Event> {
    (0..world.country.authorities.len()).flat_map(|i| of_authority(world, i)).collect()
}

fn of_authority(world: &World, authority: usize) -> Vec<Event> {
    let mut dice = Dice::named(world.options.seed, &["inspections", &world.country.authorities[authority].code]);
    let mut events = inspections(world, authority, &mut dice);
    events.extend(visits(world, authority, &events, &mut dice));
    events.sort_by_key(|event| event.on);
    events
}

/// Whether an authority is the one that was found inadequate, so that every country has monitoring visits.
fn is_poor(world: &World, authority: usize) -> bool {
    world.ordinary.get(6) == Some(&authority)
}

fn inspections(world: &World, authority: usize, dice: &mut Dice) -> Vec<Event> {
    let own = &world.country.authorities[authority];
    let begins = own.from.map_or(BEGAN, |from| from.saturating_add(9.months()).max(BEGAN));
    let ends = own.to.map_or(AS_AT, |to| to.saturating_sub(2.months()));
    let within = usize::try_from((ends - begins).get_days()).unwrap_or_default().clamp(1, 1050);
    let mut on = after(begins, dice.below(within));
    if is_poor(world, authority) {
        on = POOR_FROM;
    }
    let mut kind = if dice.chance(0.4) { Kind::Short } else { Kind::Standard };
    let mut events = Vec::new();
    loop {
        let day = monday(if (PAUSE.0..PAUSE.1).contains(&on) { on.saturating_add(420.days()) } else { on });
        if day > ends {
            return events;
        }
        let grades = grades(world, authority, day, dice);
        let published = after(day, 40 + dice.below(9));
        events.push(Event { authority, kind, on: day, published, grades, theme: None });
        let overall = grades[0].unwrap_or(Grade::Good);
        kind = if overall <= Grade::Good { Kind::Short } else { Kind::Standard };
        let years = if overall == Grade::Inadequate { 2 } else { 3 };
        on = after(day.saturating_add(years.years()), dice.below(270));
    }
}

/// Visits in the year that the workbook lists: to an inadequate authority until it is inspected again, to
/// others between inspections.
fn visits(world: &World, authority: usize, inspections: &[Event], dice: &mut Dice) -> Vec<Event> {
    let latest = inspections.iter().rev().find(|event| event.on < YEAR_FROM);
    let next = inspections.iter().find(|event| event.on >= YEAR_FROM).map(|event| event.on);
    let until = next.map_or(AS_AT, |next| next.saturating_sub(2.months()));
    let days = usize::try_from((until - YEAR_FROM).get_days()).unwrap_or_default();
    let is_inadequate = latest.and_then(|event| event.grades[0]) == Some(Grade::Inadequate);
    let (kind, number) = match is_inadequate {
        _ if !world.country.authorities[authority].lived_on(AS_AT) => return Vec::new(),
        true => (Kind::Monitoring, (days + 60) / 150),
        false if next.is_none() && dice.chance(0.34) => (Kind::Focused, 1),
        false => return Vec::new(),
    };
    let step = (days / number.max(1)).max(1);
    let visit = |nth: usize| {
        // Visits begin on a Tuesday; their letters are out within six weeks.
        let on = monday(after(YEAR_FROM, nth * step + dice.below(step))).tomorrow().unwrap_or(AS_AT);
        let on = on.clamp(YEAR_FROM, AS_AT);
        let published = after(on, 29 + dice.below(8));
        Event { authority, kind, on, published, grades: [None; 5], theme: Some(theme(dice)) }
    };
    (0..number).map(visit).collect()
}

fn theme(dice: &mut Dice) -> &'static str {
    let mut left = dice.uniform();
    for (theme, share) in THEMES {
        left -= share;
        if left < 0.0 {
            return theme;
        }
    }
    THEMES[0].0
}

/// The Monday of a day's week.
fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().since(Weekday::Monday)).days())
}

/// The grades of an inspection on a day.
fn grades(world: &World, authority: usize, on: Date, dice: &mut Dice) -> [Option<Grade>; 5] {
    let label = (on.year() + i16::from(on.month() > 3)).clamp(world.start, LAST);
    let quality = world.profiles[authority].quality[world.place(label)];
    let seen = 0.9 * quality + 0.5 * dice.normal();
    let [leaders, help, care, leavers] = std::array::from_fn(|_| graded(seen + 0.15 + 0.5 * dice.normal()));
    let judged = [leaders, help, care, leavers];
    let is_inadequate = [leaders, help, care].contains(&Grade::Inadequate);
    let overall = match is_inadequate {
        _ if is_poor(world, authority) && on.year() == POOR_FROM.year() => Grade::Inadequate,
        true if dice.chance(0.75) => Grade::Inadequate,
        true => Grade::RequiresImprovement,
        // The overall grade is never better than that of leaders by more than the others carry.
        false => median(judged).max(if leaders == Grade::RequiresImprovement { leaders } else { Grade::Outstanding }),
    };
    let leavers = (on >= CARE_LEAVERS_FROM).then_some(leavers);
    [Some(overall), Some(leaders), Some(help), Some(care), leavers]
}

fn median(mut grades: [Grade; 4]) -> Grade {
    grades.sort();
    grades[2]
}

fn graded(score: f64) -> Grade {
    match score {
        score if score > 1.05 => Grade::Outstanding,
        score if score > -0.65 => Grade::Good,
        score if score > -1.65 => Grade::RequiresImprovement,
        _ => Grade::Inadequate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::world::tests::default_world;

    #[test]
    fn care_leavers_have_a_grade_of_their_own_from_2023_and_visits_give_none() {
        for event in events(&default_world()) {
            let is_visit = matches!(event.kind, Kind::Focused | Kind::Monitoring);
            assert_eq!(event.grades[4].is_some(), !is_visit && event.on >= CARE_LEAVERS_FROM, "{event:?}");
            assert_eq!(event.grades[0].is_some(), event.theme.is_none(), "{event:?}");
            assert!(event.on <= AS_AT && event.published > event.on);
        }
    }

    #[test]
    fn every_authority_that_is_there_was_inspected_at_least_once_and_the_split_one_before_it_went() {
        let world = default_world();
        let split = &world.country.authorities[world.country.split];
        let events = events(&world);
        let of = |i: usize| events.iter().filter(move |event| event.authority == i);
        assert!(of(world.country.split).count() > 0);
        assert!(of(world.country.split).all(|event| split.lived_on(event.on)));
        let seen = world.ordinary.iter().filter(|i| of(**i).count() > 0).count();
        assert_eq!(seen, world.ordinary.len());
    }

    #[test]
    fn an_inadequate_authority_is_visited_until_it_is_inspected_again() {
        let world = default_world();
        let events = events(&world);
        let visited: Vec<&Event> = events.iter().filter(|event| event.kind == Kind::Monitoring).collect();
        assert!(visited.iter().any(|event| event.authority == world.ordinary[6]));
        for visit in visited {
            let before =
                events.iter().rev().find(|e| e.authority == visit.authority && e.on < visit.on && e.theme.is_none());
            assert_eq!(before.unwrap().grades[0], Some(Grade::Inadequate), "{visit:?}");
        }
    }

    #[test]
    fn better_practice_gets_better_grades() {
        let world = World::new(Options { scale: 5, ..Options::default() });
        let mean = |grade: Grade| {
            let of: Vec<f64> = events(&world)
                .iter()
                .filter(|event| event.grades[0] == Some(grade))
                .map(|event| *world.profiles[event.authority].quality.last().unwrap())
                .collect();
            of.iter().sum::<f64>() / of.len() as f64
        };
        let means = Grade::ALL.map(mean);
        assert!(means.windows(2).all(|pair| pair[0] > pair[1]), "{means:?}");
    }
}
