//! Statistical neighbours: for each authority the ten that are most like it, in two vintages of the model.

use jiff::civil::{Date, date};

use crate::country::Authority;
use crate::csv_text::Csv;
use crate::dice::Dice;
use crate::options::LAST;
use crate::world::World;

/// How many neighbours an authority has.
const NUMBER: usize = 10;

/// The day of the older set.
const OLDER: Date = date(2021, 4, 1);

/// The words for closeness and how far each reaches, in typical distances; the newer set leaves a blank
/// after one of them.
type Words = [(f64, &'static str); 5];

const NEWER_WORDS: Words = [
    (0.35, "Extremely close"),
    (1.0, "Very close"),
    (1.45, "Close "),
    (2.1, "Somewhat close"),
    (f64::MAX, "Not close"),
];
const OLDER_WORDS: Words =
    [(0.35, "Extremely Close"), (1.0, "Very Close"), (1.45, "Close"), (2.1, "Somewhat Close"), (f64::MAX, "Not Close")];

/// The two files, by path.
pub(crate) fn files(world: &World) -> Vec<(String, Csv)> {
    vec![
        ("dfe-reference/sn_model_2025_wide.csv".to_owned(), newer(world)),
        ("dfe-reference/New_Statistical_Neighbour_Groupings_April_2021.csv".to_owned(), older(world)),
    ]
}

/// What the model compares, by authority.
type Context = Vec<[f64; 5]>;

/// Deprivation, density, diversity, size and income; the older set knows them less well.
fn context(world: &World, noise: f64) -> Context {
    let of = |i: usize| {
        let profile = &world.profiles[i];
        let mut dice =
            Dice::named(world.options.seed, &["context", &world.country.authorities[i].code, &noise.to_string()]);
        let size = profile.population.last().map_or(0.0, |children| (children.max(1.0) / 60_000.0).ln());
        let income = -0.8 * profile.deprivation + 0.5 * dice.normal();
        [profile.deprivation, profile.density, profile.diversity, 0.35 * size, 0.5 * income]
            .map(|x| x + noise * dice.normal())
    };
    (0..world.profiles.len()).map(of).collect()
}

/// The nearest of `among` to an authority, with their distances.
fn nearest(context: &Context, authority: usize, among: &[usize]) -> Vec<(f64, usize)> {
    let distance = |other: usize| {
        let squares = context[authority].iter().zip(&context[other]).map(|(a, b)| (a - b) * (a - b));
        squares.sum::<f64>().sqrt()
    };
    let mut others: Vec<(f64, usize)> =
        among.iter().filter(|other| **other != authority).map(|other| (distance(*other), *other)).collect();
    others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    others.truncate(NUMBER);
    others
}

/// The median of the distances to the fifth neighbour, in which closeness is measured: in a country of few
/// authorities the nearest are further away.
fn typical(context: &Context, among: &[usize]) -> f64 {
    let mut distances: Vec<f64> =
        among.iter().filter_map(|i| nearest(context, *i, among).get(4).map(|(distance, _)| *distance)).collect();
    distances.sort_by(f64::total_cmp);
    distances.get(distances.len() / 2).copied().unwrap_or(1.0)
}

/// The number, the word for each neighbour, and so on.
fn pairs(world: &World, nearest: &[(f64, usize)], unit: f64, words: &Words) -> Vec<String> {
    let word =
        |distance: f64| words.iter().find(|(reach, _)| distance < reach * unit).map_or(words[4].1, |(_, word)| word);
    let cell =
        |(distance, other): &(f64, usize)| [world.country.authorities[*other].dfe.clone(), word(*distance).to_owned()];
    nearest.iter().flat_map(cell).collect()
}

/// The numbers of regions in alphabetical order.
fn indicator(world: &World, authority: &Authority) -> usize {
    let mut names: Vec<&str> = world.country.regions.iter().filter(|r| !r.is_part).map(|r| r.name).collect();
    names.sort_unstable();
    names.iter().position(|name| *name == world.country.regions[authority.region].name).map_or(0, |place| place + 1)
}

fn living(world: &World, on: Date) -> Vec<usize> {
    (0..world.country.authorities.len()).filter(|i| world.country.authorities[*i].lived_on(on)).collect()
}

fn newer(world: &World) -> Csv {
    let mut csv = Csv::new(true);
    let mut header = ["old_la_code", "la_name", "region_ind", "region_name"].map(str::to_owned).to_vec();
    header.extend((1..=NUMBER).flat_map(|n| [format!("SN_{n}"), format!("SN_{n}P")]));
    csv.row(header.iter().map(String::as_str));
    let context = context(world, 0.0);
    let mut living = living(world, date(LAST, 5, 31));
    living.sort_by_key(|i| &world.country.authorities[*i].name);
    let unit = typical(&context, &living);
    for i in &living {
        let a = &world.country.authorities[*i];
        let region = world.country.regions[a.region].name.to_owned();
        let mut row = vec![a.dfe.clone(), a.name.clone(), indicator(world, a).to_string(), region];
        row.extend(pairs(world, &nearest(&context, *i, &living), unit, &NEWER_WORDS));
        csv.row(row.iter().map(String::as_str));
    }
    csv
}

fn older(world: &World) -> Csv {
    let mut csv = Csv::new(true);
    let mut header = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"].map(str::to_owned).to_vec();
    header.extend((1..=NUMBER).flat_map(|n| [format!("SN{n}"), "SNP".to_owned()]));
    // Every row ends in a comma.
    header.push(String::new());
    csv.row(header.iter().map(String::as_str));
    let context = context(world, 0.25);
    let mut living = living(world, OLDER);
    living.sort_by_key(|i| &world.country.authorities[*i].dfe);
    let unit = typical(&context, &living);
    let row = |i: usize, name: String| {
        let a = &world.country.authorities[i];
        let mut row =
            vec![a.dfe.clone(), name, a.dfe.clone(), indicator(world, a).to_string(), region_in_older(world, a)];
        row.extend(pairs(world, &nearest(&context, i, &living), unit, &OLDER_WORDS));
        row.push(String::new());
        row
    };
    for i in &living {
        csv.row(row(*i, world.country.authorities[*i].name.clone()).iter().map(String::as_str));
    }
    let split = world.country.split;
    if !living.contains(&split) {
        let blank = vec![""; header.len()];
        let mut heading = blank.clone();
        heading[1] = "Old SNs:";
        [blank.clone(), heading, blank].into_iter().for_each(|row| csv.row(row));
        let name = format!("{} (Pre LG)", world.country.authorities[split].name);
        csv.row(row(split, name).iter().map(String::as_str));
    }
    csv
}

/// The parts of the capital stand in brackets.
fn region_in_older(world: &World, authority: &Authority) -> String {
    let region = &world.country.regions[authority.comparison];
    match region.name.split_once(' ') {
        Some((part, capital)) if region.is_part => format!("{capital} ({part})"),
        _ => region.name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::default_world;

    #[test]
    fn nobody_is_a_neighbour_of_itself_and_the_nearest_comes_first() {
        let world = default_world();
        let context = context(&world, 0.0);
        let living = living(&world, date(LAST, 5, 31));
        for i in &living {
            let nearest = nearest(&context, *i, &living);
            assert_eq!(nearest.len(), NUMBER);
            assert!(nearest.iter().all(|(_, other)| other != i));
            assert!(nearest.is_sorted_by(|a, b| a.0 <= b.0));
        }
    }

    #[test]
    fn the_older_set_names_the_split_authority_below_a_heading_of_its_own() {
        let world = default_world();
        let text = String::from_utf8(older(&world).bytes()).unwrap();
        let (above, below) = text.split_once("Old SNs:").unwrap();
        let split = &world.country.authorities[world.country.split].dfe;
        assert!(!above.contains(&format!("\n{split},")) && below.contains(&format!("\n{split},")));
    }
}
