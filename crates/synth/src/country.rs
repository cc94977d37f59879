//! The fictional country: its regions, its authorities, and how they changed.

use jiff::civil::{Date, date};

use crate::dice::Dice;
use crate::name::Names;
use crate::options::{LAST, Options};

/// The country's code and name.
pub(crate) const COUNTRY: (&str, &str) = ("X92000001", "Valmarch");

/// The day from which the recoded authority bears its new code.
pub(crate) const RECODED: Date = date(LAST - 1, 4, 1);

/// Regions as printed: nine, then the two parts of the capital. Name, the inspectorate's region, and how
/// many of a hundred authorities are in it.
const REGIONS: [(&str, &str, f64); 11] = [
    ("Norvane", "Norvane and the Karrows", 8.0),
    ("Ostmarl", "Ostmarl", 16.0),
    ("The Karrows", "Norvane and the Karrows", 10.0),
    ("Middlevane", "Middlevane", 6.0),
    ("Westmarl", "Westmarl", 9.0),
    ("Estovar", "Estovar", 7.0),
    ("Caldenor", "Caldenor", 0.0),
    ("Sudmarl", "Sudmarl", 12.0),
    ("Sorvane", "Sorvane", 10.0),
    ("Inner Caldenor", "Caldenor", 9.0),
    ("Outer Caldenor", "Caldenor", 13.0),
];

/// Where the capital, its inner part, the split authority, the recoded one and the shared service are.
const CAPITAL: usize = 6;
const INNER: usize = 9;
const SPLIT: usize = 1;
const RECODED_IN: usize = 8;
const SHARED_IN: usize = 3;

/// A region, or one of the two parts of the capital.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) code: String,
    pub(crate) name: &'static str,
    pub(crate) ofsted: &'static str,
    pub(crate) is_part: bool,
}

/// The kind of an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Unitary,
    Metropolitan,
    Borough,
    County,
}

impl Kind {
    /// The first three characters of its codes, as E06, E08, E09 and E10 are England's.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Unitary => "X06",
            Self::Metropolitan => "X08",
            Self::Borough => "X09",
            Self::County => "X10",
        }
    }

    /// Its word in the register.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Unitary => "unitary-authority",
            Self::Metropolitan => "metropolitan-district",
            Self::Borough => "capital-borough",
            Self::County => "county-council",
        }
    }
}

/// One authority.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The code that stands for it.
    pub(crate) code: String,
    /// The code it had until it was recoded.
    pub(crate) old_code: Option<String>,
    pub(crate) dfe: String,
    /// Its place among the regions, and that of the part of the capital where it is in one.
    pub(crate) region: usize,
    pub(crate) comparison: usize,
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
    pub(crate) successors: Vec<usize>,
}

impl Authority {
    /// Whether it was there on a day.
    pub(crate) fn lived_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// The code in force on a day.
    pub(crate) fn code_on(&self, day: Date) -> &str {
        self.old_code.as_deref().filter(|_| day < RECODED).unwrap_or(&self.code)
    }
}

/// The fictional country.
#[derive(Clone, Debug)]
pub(crate) struct Country {
    pub(crate) regions: Vec<Region>,
    pub(crate) authorities: Vec<Authority>,
    /// The authority that was split; the last of the list.
    pub(crate) split: usize,
    /// The one that got a new code and nothing else.
    pub(crate) recoded: usize,
    /// The very small one.
    pub(crate) tiny: usize,
    /// Two that share a service.
    pub(crate) shared: [usize; 2],
}

impl Country {
    /// A country by these options.
    pub(crate) fn new(options: &Options) -> Self {
        let mut builder = Builder::new(options);
        let mut country =
            Self { regions: regions(), authorities: Vec::new(), split: 0, recoded: 0, tiny: 0, shared: [0, 0] };
        for (comparison, number) in shares(options.number()).into_iter().enumerate() {
            for i in 0..number {
                let place = country.authorities.len();
                let authority = match (comparison, i) {
                    (SPLIT, 0 | 1) => builder.successor(i, options),
                    (RECODED_IN, 0) => {
                        country.recoded = place;
                        builder.recoded()
                    }
                    (RECODED_IN, 1) => {
                        country.tiny = place;
                        builder.tiny()
                    }
                    (SHARED_IN, 0 | 1) => {
                        country.shared[i] = place;
                        builder.sharing(i)
                    }
                    _ => builder.any(comparison),
                };
                country.authorities.push(authority);
            }
        }
        country.split = country.authorities.len();
        let successors = country.successors_of(&builder);
        country.authorities.push(builder.split(successors, options));
        country
    }

    fn successors_of(&self, builder: &Builder) -> Vec<usize> {
        let named = |i: &usize| self.authorities[*i].name.ends_with(&format!(" {}", builder.split_name));
        (0..self.authorities.len()).filter(named).collect()
    }

    /// Authorities that have no part in any change or special case, in order.
    pub(crate) fn ordinary(&self) -> Vec<usize> {
        let special = |i: &usize| {
            *i == self.split
                || *i == self.recoded
                || *i == self.tiny
                || self.shared.contains(i)
                || self.authorities[self.split].successors.contains(i)
        };
        (0..self.authorities.len()).filter(|i| !special(i)).collect()
    }

    /// The regions that a row of an authority counts in: its own, and the part of the capital.
    pub(crate) fn regions_of(&self, authority: usize) -> [usize; 2] {
        let authority = &self.authorities[authority];
        [authority.region, authority.comparison]
    }
}

/// The day on which the split took effect: in the middle of the series.
pub(crate) fn split_on(options: &Options) -> Date {
    date(LAST - i16::try_from(options.years / 2).unwrap_or(1), 4, 1)
}

fn regions() -> Vec<Region> {
    let code = |i: usize| match i.checked_sub(INNER) {
        Some(part) => format!("X1300000{}", part + 1),
        None => format!("X1200000{}", i + 1),
    };
    let made = REGIONS.iter().enumerate();
    made.map(|(i, (name, ofsted, _))| Region { code: code(i), name, ofsted, is_part: i >= INNER }).collect()
}

/// How many authorities are in each area of comparison: two at least, none in the capital as a whole.
fn shares(number: usize) -> [usize; 11] {
    let total: f64 = REGIONS.iter().map(|(_, _, share)| share).sum();
    let mut shares =
        REGIONS.map(|(_, _, share)| if share > 0.0 { 2.max((number as f64 * share / total) as usize) } else { 0 });
    // What rounding left over or took too much is settled from the largest on.
    let mut order: Vec<usize> = (0..REGIONS.len()).filter(|i| *i != CAPITAL).collect();
    order.sort_by(|a, b| REGIONS[*b].2.total_cmp(&REGIONS[*a].2));
    for i in order.into_iter().cycle() {
        match shares.iter().sum::<usize>().cmp(&number) {
            std::cmp::Ordering::Equal => break,
            std::cmp::Ordering::Less => shares[i] += 1,
            std::cmp::Ordering::Greater => shares[i] -= usize::from(shares[i] > 3),
        }
    }
    shares
}

/// What is given out while a country is made: names, codes and numbers.
struct Builder {
    names: Names,
    dice: Dice,
    codes: [usize; 4],
    dfe: usize,
    split_name: String,
}

impl Builder {
    fn new(options: &Options) -> Self {
        let mut names = Names::new(options.seed);
        let split_name = names.word();
        Self { names, dice: Dice::named(options.seed, &["kinds"]), codes: [0; 4], dfe: 9000, split_name }
    }

    fn code(&mut self, kind: Kind) -> String {
        let next = &mut self.codes[kind as usize];
        *next += 1;
        format!("{}{next:06}", kind.prefix())
    }

    fn make(&mut self, name: String, kind: Kind, comparison: usize, from: Option<Date>) -> Authority {
        self.dfe += 1;
        // Real numbers have three digits. From 9001 up there are four, and five beyond the 999th authority; two
        // are kept for the shared service.
        while matches!(self.dfe, 9031 | 9032) {
            self.dfe += 1;
        }
        Authority {
            name,
            kind,
            code: self.code(kind),
            old_code: None,
            dfe: self.dfe.to_string(),
            region: if comparison >= INNER { CAPITAL } else { comparison },
            comparison,
            from,
            to: None,
            successors: Vec::new(),
        }
    }

    fn any(&mut self, comparison: usize) -> Authority {
        let roll = self.dice.uniform();
        let kind = match roll {
            _ if comparison >= INNER => Kind::Borough,
            roll if roll < 0.32 => Kind::Metropolitan,
            roll if roll < 0.52 => Kind::County,
            _ => Kind::Unitary,
        };
        let mut name = self.names.word();
        match kind {
            Kind::County => name += "shire",
            _ if self.dice.chance(0.12) => name = format!("{name} and {}", self.names.word()),
            _ if self.dice.chance(0.08) => name = format!("{name}-on-the-{}", self.names.word()),
            _ => {}
        }
        let from = match kind {
            Kind::Borough => date(1965, 4, 1),
            Kind::Unitary => date(1998, 4, 1),
            Kind::Metropolitan | Kind::County => date(1974, 4, 1),
        };
        self.make(name, kind, comparison, Some(from))
    }

    fn successor(&mut self, i: usize, options: &Options) -> Authority {
        let name = format!("{} {}", ["North", "South"][i.min(1)], self.split_name);
        self.make(name, Kind::Unitary, SPLIT, Some(split_on(options)))
    }

    fn split(&mut self, successors: Vec<usize>, options: &Options) -> Authority {
        let name = format!("{}shire", self.split_name);
        let mut authority = self.make(name, Kind::County, SPLIT, Some(date(1974, 4, 1)));
        authority.to = split_on(options).yesterday().ok();
        authority.successors = successors;
        authority
    }

    fn recoded(&mut self) -> Authority {
        let name = format!("{}shire", self.names.word());
        let old_code = self.code(Kind::County);
        let mut authority = self.make(name, Kind::Unitary, RECODED_IN, Some(date(1974, 4, 1)));
        authority.old_code = Some(old_code);
        authority
    }

    fn tiny(&mut self) -> Authority {
        let name = format!("{} Islands", self.names.word());
        self.make(name, Kind::Unitary, RECODED_IN, None)
    }

    fn sharing(&mut self, i: usize) -> Authority {
        let name = self.names.word();
        let mut authority = self.make(name, Kind::Unitary, SHARED_IN, Some(date(1998, 4, 1)));
        authority.dfe = (9031 + i).to_string();
        authority
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn country(scale: usize) -> Country {
        Country::new(&Options { scale, ..Options::default() })
    }

    #[test]
    fn names_codes_and_numbers_are_unique_at_scale_ten() {
        let country = country(10);
        let number = country.authorities.len();
        assert_eq!(number, 401);
        let unique = |of: fn(&Authority) -> &str| country.authorities.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!((unique(|a| &a.name), unique(|a| &a.code), unique(|a| &a.dfe)), (number, number, number));
    }

    #[test]
    fn every_code_lies_outside_the_ranges_of_the_office_for_national_statistics() {
        let country = country(3);
        let old = country.authorities.iter().filter_map(|a| a.old_code.as_ref());
        let codes = country.authorities.iter().map(|a| &a.code).chain(old);
        for code in codes.chain(country.regions.iter().map(|r| &r.code)) {
            assert!(
                code.len() == 9 && code.starts_with('X') && code[1..].bytes().all(|b| b.is_ascii_digit()),
                "{code}"
            );
        }
        assert!(country.authorities.iter().all(|a| a.dfe.len() == 4 && a.dfe.starts_with('9')));
    }

    #[test]
    fn even_the_smallest_country_has_two_authorities_in_every_area_of_comparison() {
        let country = Country::new(&Options { authorities: crate::options::FEWEST, ..Options::default() });
        for (i, region) in country.regions.iter().enumerate() {
            let lived = |day| {
                let of_it = country.authorities.iter().enumerate().filter(|(a, _)| country.regions_of(*a).contains(&i));
                of_it.filter(|(_, a)| a.lived_on(day)).count()
            };
            assert!(lived(date(2016, 3, 31)) >= 2 && lived(date(2025, 3, 31)) >= 2, "{}", region.name);
        }
    }

    #[test]
    fn one_was_split_in_two_and_one_got_a_new_code() {
        let country = country(1);
        let split = &country.authorities[country.split];
        let day = split.to.unwrap();
        assert_eq!(split.successors.len(), 2);
        for i in &split.successors {
            assert_eq!(country.authorities[*i].from, day.tomorrow().ok());
            assert!(!country.authorities[*i].lived_on(day));
        }
        let recoded = &country.authorities[country.recoded];
        assert_ne!(recoded.code_on(date(2024, 3, 31)), recoded.code_on(date(2024, 4, 1)));
    }
}
