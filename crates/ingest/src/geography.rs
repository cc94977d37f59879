//! Which area a row is about, from all that it prints of one.

use jiff::civil::Date;

use crate::ees::{self, HeldLevel, PrintedLevel};
use crate::register::{Authority, Region, Register};

/// The level of an area, as tables hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Level {
    National,
    Region,
    Authority,
}

impl Level {
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Region => "region",
            Self::Authority => "authority",
        }
    }
}

/// An area that a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) level: Level,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) published_code: String,
    /// Whether the row speaks of several authorities at once that share a service.
    pub(crate) shared: bool,
    /// The first day of an authority that only a name told of: an earlier row of that name may mean another.
    pub(crate) named_since: Option<Date>,
}

/// What becomes of a row by its geography.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Placed {
    /// It is about these areas: one, or each authority of a shared service.
    Areas(Vec<Area>),
    /// It is left out by a named rule.
    OutOfScope { rule: &'static str, why: String },
    /// It needs a person.
    Quarantined { rule: &'static str, column: &'static str, value: String, message: String },
}

/// What a row prints of its area.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Printed<'a> {
    pub(crate) level: &'a str,
    pub(crate) country_code: &'a str,
    pub(crate) country_name: &'a str,
    pub(crate) region_code: &'a str,
    pub(crate) region_name: &'a str,
    pub(crate) old_la_code: &'a str,
    pub(crate) new_la_code: &'a str,
    pub(crate) la_name: &'a str,
}

/// Finds the areas that a row is about.
pub(crate) fn place(register: &Register, printed: Printed<'_>) -> Placed {
    let level = match ees::level(printed.level) {
        PrintedLevel::Held(level) => level,
        PrintedLevel::NotHeld => {
            return Placed::OutOfScope {
                rule: "level-not-held",
                why: "rows of other levels than national, regional and local authority are not held".to_owned(),
            };
        }
        PrintedLevel::Unknown => {
            return Placed::Quarantined {
                rule: "unknown-level",
                column: "geographic_level",
                value: printed.level.to_owned(),
                message: "a level is National, Regional or Local authority; correct the row".to_owned(),
            };
        }
    };
    let (codes, is_named) = match level {
        HeldLevel::National => ([printed.country_code, ""], register.region_by_name(printed.country_name).is_some()),
        HeldLevel::Regional => ([printed.region_code, ""], register.region_by_name(printed.region_name).is_some()),
        HeldLevel::LocalAuthority => {
            ([printed.old_la_code, printed.new_la_code], !register.by_name(printed.la_name).is_empty())
        }
    };
    let has_code = codes.iter().any(|code| !ees::code(code).is_empty());
    if !has_code && !is_named && codes.iter().any(|code| ees::is_no_code(code)) {
        return Placed::OutOfScope {
            rule: "place-not-known",
            why: "the publisher prints that the place is unknown (x) or has no code (z)".to_owned(),
        };
    }
    let printed = Printed {
        country_code: ees::code(printed.country_code),
        region_code: ees::code(printed.region_code),
        old_la_code: ees::code(printed.old_la_code),
        new_la_code: ees::code(printed.new_la_code),
        ..printed
    };
    match level {
        HeldLevel::National => national(register, printed),
        HeldLevel::Regional => regional(register, printed),
        HeldLevel::LocalAuthority if has_code => authority(register, printed),
        HeldLevel::LocalAuthority => named(register, printed),
    }
}

fn national(register: &Register, printed: Printed<'_>) -> Placed {
    let named = register.region_by_name(printed.country_name);
    let found = if printed.country_code.is_empty() { named } else { register.region(printed.country_code) };
    match found {
        Some(country) if country.level == "country" => {
            if !printed.country_name.is_empty() && named != Some(country) {
                return Placed::Quarantined {
                    rule: "name-contradicts-code",
                    column: "country_name",
                    value: printed.country_name.to_owned(),
                    message: format!(
                        "the code {} is that of {}; correct code or name",
                        printed.country_code, country.region_name
                    ),
                };
            }
            Placed::Areas(vec![of_region(country, Level::National, printed.country_code)])
        }
        _ => Placed::Quarantined {
            rule: "unknown-country",
            column: "country_code",
            value: printed.country_code.to_owned(),
            message: "a national row bears the country's code or name; it is not in the register".to_owned(),
        },
    }
}

fn regional(register: &Register, printed: Printed<'_>) -> Placed {
    let by_name = register.region_by_name(printed.region_name);
    let found = if printed.region_code.is_empty() { by_name } else { register.region(printed.region_code) };
    let contradicted = found.zip(by_name).is_some_and(|(code, name)| code.region_code != name.region_code);
    match found {
        Some(_) if contradicted => Placed::Quarantined {
            rule: "name-contradicts-code",
            column: "region_name",
            value: printed.region_name.to_owned(),
            message: format!("the code {} is another region's; correct code or name", printed.region_code),
        },
        Some(region) if region.level != "country" => {
            Placed::Areas(vec![of_region(region, Level::Region, printed.region_code)])
        }
        _ => Placed::Quarantined {
            rule: "unknown-region",
            column: "region_code",
            value: printed.region_code.to_owned(),
            message:
                "the region's code is not in the register; correct it, or add the region to a register of your own"
                    .to_owned(),
        },
    }
}

fn of_region(region: &Region, level: Level, published: &str) -> Area {
    let published = if published.is_empty() { &region.region_code } else { published };
    Area {
        level,
        code: region.region_code.clone(),
        name: region.region_name.clone(),
        published_code: published.to_owned(),
        shared: false,
        named_since: None,
    }
}

/// A row of one authority, or of several that share a service (`940 / 941`).
fn authority(register: &Register, printed: Printed<'_>) -> Placed {
    let (column, code) = if printed.new_la_code.is_empty() {
        ("old_la_code", printed.old_la_code)
    } else {
        ("new_la_code", printed.new_la_code)
    };
    let mut found: Vec<&Authority> = Vec::new();
    for part in code.split('/').map(str::trim) {
        let by_code = if column == "new_la_code" { register.by_code(part) } else { register.by_dfe_code(part) };
        let Some(authority) = by_code else {
            return Placed::Quarantined {
                rule: "unknown-authority",
                column,
                value: code.to_owned(),
                message: format!(
                    "{part:?} is no authority's code in the register (the row is named {:?}); correct it, or bring a register that has it",
                    printed.la_name
                ),
            };
        };
        found.push(authority);
    }
    if let Some(contradiction) = contradiction(register, printed, &found) {
        return contradiction;
    }
    let shared = found.len() > 1;
    let areas = found.into_iter().map(|authority| Area {
        level: Level::Authority,
        code: authority.authority_code.clone(),
        name: authority.name.clone(),
        published_code: code.to_owned(),
        shared,
        named_since: None,
    });
    Placed::Areas(areas.collect())
}

/// A row that has an authority's name and no code, or the names of several that share a service.
fn named(register: &Register, printed: Printed<'_>) -> Placed {
    let is_one = !register.by_name(printed.la_name).is_empty();
    let names: Vec<&str> = if is_one { vec![printed.la_name] } else { printed.la_name.split('/').collect() };
    let mut areas = Vec::new();
    for name in &names {
        let found = register.by_name(name);
        let [authority] = found.as_slice() else {
            let (rule, what) = if found.is_empty() {
                ("unknown-authority", "is no authority's name in the register".to_owned())
            } else {
                let codes: Vec<_> = found.iter().map(|a| format!("{} ({})", a.name, a.authority_code)).collect();
                ("ambiguous-name", format!("is the name of {}", codes.join(" and ")))
            };
            return Placed::Quarantined {
                rule,
                column: "la_name",
                value: printed.la_name.to_owned(),
                message: format!("the row has no code, and {:?} {what}; add the authority's code", name.trim()),
            };
        };
        areas.push(Area {
            level: Level::Authority,
            code: authority.authority_code.clone(),
            name: authority.name.clone(),
            published_code: authority.authority_code.clone(),
            shared: names.len() > 1,
            named_since: authority.valid_from,
        });
    }
    Placed::Areas(areas)
}

/// A row whose codes or name mean different authorities is trusted in none of them.
fn contradiction(register: &Register, printed: Printed<'_>, found: &[&Authority]) -> Option<Placed> {
    if !printed.new_la_code.is_empty() && !printed.old_la_code.is_empty() {
        let mut old = printed.old_la_code.split('/').map(|part| register.by_dfe_code(part.trim()));
        if !old.all(|authority| authority.is_some_and(|authority| found.contains(&authority))) {
            return Some(Placed::Quarantined {
                rule: "codes-contradict",
                column: "old_la_code",
                value: printed.old_la_code.to_owned(),
                message: format!("it is not the three-digit code of {}; correct one of the two", printed.new_la_code),
            });
        }
    }
    if printed.la_name.is_empty() {
        return None;
    }
    let named = register.by_name(printed.la_name);
    if named.is_empty() {
        // A new spelling shares a word with the authority; the name of another place does not.
        return (!found.iter().any(|authority| register.shares_a_word(authority, printed.la_name))).then(|| Placed::Quarantined {
            rule: "unknown-name",
            column: "la_name",
            value: printed.la_name.to_owned(),
            message: format!(
                "the name is nobody's in the register and has no word in common with the authority of {}; correct it",
                if printed.new_la_code.is_empty() { printed.old_la_code } else { printed.new_la_code }
            ),
        });
    }
    // Two authorities have been called Dorset: the old county has the name only by its code.
    let same_words = found
        .iter()
        .any(|a| crate::register::normal_name(&a.name).starts_with(&crate::register::normal_name(printed.la_name)));
    if same_words || named.iter().any(|authority| found.contains(authority)) {
        return None;
    }
    Some(Placed::Quarantined {
        rule: "name-contradicts-code",
        column: "la_name",
        value: printed.la_name.to_owned(),
        message: format!("the code {} is another authority's; correct code or name", printed.new_la_code),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn la(old: &'static str, new: &'static str, name: &'static str) -> Placed {
        let register = Register::embedded().unwrap();
        let printed = Printed {
            level: "Local authority",
            old_la_code: old,
            new_la_code: new,
            la_name: name,
            ..Printed::default()
        };
        place(&register, printed)
    }

    fn codes(placed: Placed) -> Vec<(String, bool)> {
        match placed {
            Placed::Areas(areas) => areas.into_iter().map(|a| (a.code, a.shared)).collect(),
            other => unreachable!("{other:?}"),
        }
    }

    fn rule(placed: &Placed) -> &'static str {
        match placed {
            Placed::Areas(_) => "kept",
            Placed::OutOfScope { rule, .. } | Placed::Quarantined { rule, .. } => rule,
        }
    }

    #[test]
    fn a_recoded_council_keeps_one_code_in_every_year() {
        let one = vec![("E08000038".to_owned(), false)];
        assert_eq!(codes(la("370", "E08000016", "Barnsley")), one);
        assert_eq!(codes(la("370", "E08000038", "Barnsley")), one);
        assert_eq!(codes(la("370", "", "Barnsley")), one);
    }

    #[test]
    fn a_shared_service_becomes_a_row_of_each_authority_and_says_so() {
        let placed = la("940 / 941", "E06000061 / E06000062", "North Northamptonshire / West Northamptonshire");
        assert_eq!(codes(placed), [("E06000061".to_owned(), true), ("E06000062".to_owned(), true)]);
    }

    #[test]
    fn both_dorsets_are_told_apart_by_their_codes() {
        assert_eq!(codes(la("835", "E10000009", "Dorset")), [("E10000009".to_owned(), false)]);
        assert_eq!(codes(la("838", "E06000059", "Dorset")), [("E06000059".to_owned(), false)]);
    }

    #[test]
    fn a_name_alone_is_enough_where_one_authority_has_it() {
        assert_eq!(codes(la("", "", "Barnsley")), [("E08000038".to_owned(), false)]);
        assert_eq!(codes(la("", "z", "Telford & Wrekin")), [("E06000020".to_owned(), false)]);
        let shared = codes(la("", "", "North Northamptonshire / West Northamptonshire"));
        assert_eq!(shared, [("E06000061".to_owned(), true), ("E06000062".to_owned(), true)]);
        assert_eq!(rule(&la("", "", "Narnia")), "unknown-authority");
        assert_eq!(rule(&la("", "", "")), "unknown-authority");
    }

    #[test]
    fn a_name_that_two_authorities_bear_is_no_ones_without_a_code() {
        use crate::register::RegisterTable;
        let authorities = "authority_code,dfe_code,name,kind,region_code,comparison_region_code,ofsted_region,valid_from,\
                           valid_to,successor_codes\nX1,1,North Moor,unitary-authority,R,R,R,,,\nX2,2,South Moor,unitary-authority,R,R,R,,,\n";
        let texts = [
            (RegisterTable::Authority, authorities),
            (RegisterTable::CodeHistory, "published_code,authority_code,valid_from,valid_to,why\n"),
            (RegisterTable::Alias, "alias,authority_code\nMoor,X1\nMoor,X2\n"),
            (RegisterTable::Region, "region_code,region_name,level,aliases\nR,Region,region,\n"),
        ];
        let register =
            Register::parse(&texts.into_iter().map(|(table, text)| (table, text.to_owned())).collect()).unwrap();
        let named = |la_name, new_la_code| {
            place(&register, Printed { level: "Local authority", la_name, new_la_code, ..Printed::default() })
        };
        assert_eq!(rule(&named("Moor", "")), "ambiguous-name");
        assert_eq!(codes(named("Moor", "X2")), [("X2".to_owned(), false)]);
        assert_eq!(codes(named("South Moor", "")), [("X2".to_owned(), false)]);
    }

    #[test]
    fn country_and_region_are_known_by_name_where_the_code_is_blank_and_levels_in_any_case() {
        let register = Register::embedded().unwrap();
        let england = Printed { level: "NATIONAL", country_name: "England", ..Printed::default() };
        assert_eq!(codes(place(&register, england)), [("E92000001".to_owned(), false)]);
        let region = Printed { level: "regional", region_name: "Yorkshire and the Humber", ..Printed::default() };
        assert_eq!(codes(place(&register, region)), [("E12000003".to_owned(), false)]);
    }

    #[test]
    fn what_contradicts_itself_or_is_unknown_goes_to_a_person() {
        assert_eq!(rule(&la("999", "E99999999", "Narnia")), "unknown-authority");
        assert_eq!(rule(&la("330", "E08000016", "Barnsley")), "codes-contradict");
        assert_eq!(rule(&la("330", "E08000025", "Barnsley")), "name-contradicts-code");
        assert_eq!(rule(&la("999", "E08000025", "Birmingham")), "codes-contradict");
        assert_eq!(rule(&la("330", "E08000025", "Narnia")), "unknown-name");
        assert_eq!(rule(&la("941", "E06000062", "North Northamptonshire")), "name-contradicts-code");
        assert_eq!(rule(&la("330", "E08000025", "Birmingham City Council")), "kept");
        let register = Register::embedded().unwrap();
        let at = |level, region_code| place(&register, Printed { level, region_code, ..Printed::default() });
        assert_eq!(rule(&at("Regional", "E12000099")), "unknown-region");
        assert_eq!(rule(&at("Planet", "")), "unknown-level");
        assert_eq!(rule(&at("School", "")), "level-not-held");
        assert_eq!(rule(&at("Regional", "x")), "place-not-known");
        assert_eq!(rule(&la("z", "x", "Not available")), "place-not-known");
        assert_eq!(rule(&at("National", "")), "unknown-country");
        let wales =
            Printed { level: "National", country_code: "E92000001", country_name: "Wales", ..Printed::default() };
        assert_eq!(rule(&place(&register, wales)), "name-contradicts-code");
    }
}
