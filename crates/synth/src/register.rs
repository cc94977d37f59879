//! The register of authorities and regions: four small files.

use jiff::civil::Date;

use crate::country::{Authority, COUNTRY, RECODED};
use crate::csv_text::Csv;
use crate::options::LAST;
use crate::world::World;

/// The files of the register, by path.
pub(crate) fn files(world: &World) -> Vec<(String, Csv)> {
    let file = |name: &str, csv: Csv| (format!("register/{name}.csv"), csv);
    vec![
        file("authority", authorities(world)),
        file("authority_alias", aliases(world)),
        file("authority_code_history", codes(world)),
        file("region", regions(world)),
    ]
}

/// Every authority in order of code.
fn by_code(world: &World) -> Vec<&Authority> {
    let mut authorities: Vec<&Authority> = world.country.authorities.iter().collect();
    authorities.sort_by_key(|authority| &authority.code);
    authorities
}

fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Csv {
    let mut csv = Csv::new(false);
    csv.row(header);
    for row in rows {
        csv.row(row.iter().map(String::as_str));
    }
    csv
}

fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn authorities(world: &World) -> Csv {
    let header = [
        "authority_code",
        "dfe_code",
        "name",
        "kind",
        "region_code",
        "comparison_region_code",
        "ofsted_region",
        "valid_from",
        "valid_to",
        "successor_codes",
    ];
    let regions = &world.country.regions;
    let row = |a: &Authority| {
        let successors: Vec<&str> = a.successors.iter().map(|i| world.country.authorities[*i].code.as_str()).collect();
        [
            a.code.clone(),
            a.dfe.clone(),
            a.name.clone(),
            a.kind.word().to_owned(),
            regions[a.region].code.clone(),
            regions[a.comparison].code.clone(),
            regions[a.region].ofsted.to_owned(),
            day(a.from),
            day(a.to),
            successors.join(" "),
        ]
    };
    table(header, by_code(world).into_iter().map(row))
}

fn codes(world: &World) -> Csv {
    let row = |code: &str, a: &Authority, from: Option<Date>, to: Option<Date>, why: &str| {
        [code.to_owned(), a.code.clone(), day(from), day(to), why.to_owned()]
    };
    let split_from = world.country.authorities[world.country.split].to.and_then(|day| day.tomorrow().ok());
    let rows = by_code(world).into_iter().flat_map(|a| {
        let from = a.from.filter(|from| Some(*from) == split_from);
        match &a.old_code {
            Some(old) => vec![
                row(
                    old,
                    a,
                    None,
                    RECODED.yesterday().ok(),
                    "code until it became a unitary authority over the same area",
                ),
                row(&a.code, a, Some(RECODED), None, "became a unitary authority over the same area"),
            ],
            None if from.is_some() => vec![row(&a.code, a, from, None, "created by the split of a county")],
            None if a.to.is_some() => vec![row(&a.code, a, None, a.to, "abolished when it was split in two")],
            None => vec![row(&a.code, a, None, None, "only code since there are nine-character codes")],
        }
    });
    let mut rows: Vec<[String; 5]> = rows.collect();
    rows.sort();
    table(["published_code", "authority_code", "valid_from", "valid_to", "why"], rows)
}

/// Other spellings, of which self-evaluations use the first.
fn aliases(world: &World) -> Csv {
    let country = &world.country;
    let split = &country.authorities[country.split];
    let tiny = &country.authorities[country.tiny];
    let row = |alias: String, a: &Authority| [alias, a.code.clone()];
    let shared = country.shared.iter().map(|i| &country.authorities[*i]);
    let mut rows = vec![
        row(format!("Council of the {}", tiny.name), tiny),
        row(format!("{} (until {})", split.name, split.to.map_or(LAST, Date::year)), split),
        row(recoded_alias(world), &country.authorities[country.recoded]),
    ];
    rows.extend(shared.map(|a| row(format!("{} UA", a.name), a)));
    rows.sort();
    table(["alias", "authority_code"], rows)
}

/// How the recoded authority calls itself in its self-evaluation.
pub(crate) fn recoded_alias(world: &World) -> String {
    format!("{} County Council", world.country.authorities[world.country.recoded].name)
}

fn regions(world: &World) -> Csv {
    let row = |code: &str, name: &str, level: &str, aliases: String| {
        [code.to_owned(), name.to_owned(), level.to_owned(), aliases]
    };
    let of_region = |r: &crate::country::Region| {
        let level = if r.is_part { "sub-region" } else { "region" };
        let aliases = match r.name.split_once(' ') {
            Some((part, capital)) if r.is_part => format!("{capital} ({part})"),
            _ => format!("{} region (statistical)", r.name),
        };
        row(&r.code, r.name, level, aliases)
    };
    let mut rows: Vec<[String; 4]> = world.country.regions.iter().map(of_region).collect();
    rows.push(row(COUNTRY.0, COUNTRY.1, "country", String::new()));
    table(["region_code", "region_name", "level", "aliases"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::default_world;

    fn text(name: &str) -> String {
        let files = files(&default_world());
        let (_, csv) = files.into_iter().find(|(path, _)| path.ends_with(name)).unwrap();
        String::from_utf8(csv.bytes()).unwrap()
    }

    #[test]
    fn the_split_authority_names_its_two_successors() {
        let world = default_world();
        let split = &world.country.authorities[world.country.split];
        let register = text("authority.csv");
        let row = register.lines().find(|line| line.starts_with(&split.code)).unwrap();
        assert!(row.contains("2021-03-31") && row.rsplit(',').next().unwrap().split(' ').count() == 2, "{row}");
    }

    #[test]
    fn the_recoded_authority_has_two_codes_that_mean_one() {
        let world = default_world();
        let code = &world.country.authorities[world.country.recoded].code;
        assert_eq!(text("code_history.csv").lines().filter(|line| line.contains(&format!(",{code},"))).count(), 2);
    }
}
