//! The register of authorities and regions: every code and name by which they are published.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use serde::Deserialize;

/// One council that has or had children's services.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The nine-character code that stands for it in every year.
    pub authority_code: String,
    /// The three-digit code of the Department for Education.
    pub dfe_code: String,
    /// Its official name.
    pub name: String,
    /// London borough, metropolitan district, unitary authority or county council.
    pub kind: String,
    /// The ONS code of its region.
    pub region_code: String,
    /// The region it is compared with: Inner or Outer London for a London borough.
    pub comparison_region_code: String,
    /// Its region in Ofsted's eight.
    pub ofsted_region: String,
    /// First day.
    pub valid_from: Option<Date>,
    /// Last day, for one that was abolished.
    pub valid_to: Option<Date>,
    /// Codes of those that took its area, separated by spaces.
    pub successor_codes: String,
}

/// One code by which an authority was published.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeHistory {
    /// The code as printed.
    pub published_code: String,
    /// The authority it means.
    pub authority_code: String,
    /// First day it was in force.
    pub valid_from: Option<Date>,
    /// Last day it was in force.
    pub valid_to: Option<Date>,
    /// Why there was such a code.
    pub why: String,
}

/// Another spelling of an authority's name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The spelling.
    pub alias: String,
    /// The authority it means.
    pub authority_code: String,
}

/// A region, sub-region or country.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Its ONS code.
    pub region_code: String,
    /// Its name.
    pub region_name: String,
    /// `region`, `sub-region` or `country`.
    pub level: String,
    /// Other spellings, separated by semicolons.
    pub aliases: String,
}

/// Which of the register's four tables a header belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegisterTable {
    /// Councils.
    Authority,
    /// Codes.
    CodeHistory,
    /// Spellings.
    Alias,
    /// Regions.
    Region,
}

impl RegisterTable {
    /// The table that has exactly this header, in any order.
    #[must_use]
    pub fn of_header(header: &[String]) -> Option<Self> {
        [Self::Authority, Self::CodeHistory, Self::Alias, Self::Region].into_iter().find(|table| {
            let columns = table.columns();
            columns.len() == header.len() && columns.iter().all(|c| header.iter().any(|h| h == c))
        })
    }

    /// Its columns.
    #[must_use]
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Authority => &[
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
            ],
            Self::CodeHistory => &["published_code", "authority_code", "valid_from", "valid_to", "why"],
            Self::Alias => &["alias", "authority_code"],
            Self::Region => &["region_code", "region_name", "level", "aliases"],
        }
    }

    /// The id of its file as a source.
    #[must_use]
    pub const fn source_id(self) -> &'static str {
        match self {
            Self::Authority => "register-authority",
            Self::CodeHistory => "register-authority-code-history",
            Self::Alias => "register-authority-alias",
            Self::Region => "register-region",
        }
    }
}

/// All that is known of authorities and regions.
#[derive(Clone, Debug)]
pub struct Register {
    /// Councils in order of code.
    pub authorities: Vec<Authority>,
    /// Codes in order.
    pub codes: Vec<CodeHistory>,
    /// Other spellings of names.
    pub aliases: Vec<Alias>,
    /// Regions in order of code.
    pub regions: Vec<Region>,
    /// The text it was read from, for keys of what depends on it.
    pub text: String,
    by_code: HashMap<String, usize>,
    by_dfe: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    words: Vec<HashSet<String>>,
    region_by_code: HashMap<String, usize>,
    region_by_name: HashMap<String, usize>,
}

impl Register {
    /// England's authorities, as embedded in the program.
    ///
    /// # Errors
    /// Never for the embedded tables, which a test reads; a message otherwise.
    pub fn embedded() -> Result<Self, String> {
        Self::parse(&BTreeMap::from([
            (RegisterTable::Authority, include_str!("../register/authority.csv").to_owned()),
            (RegisterTable::CodeHistory, include_str!("../register/authority_code_history.csv").to_owned()),
            (RegisterTable::Alias, include_str!("../register/authority_alias.csv").to_owned()),
            (RegisterTable::Region, include_str!("../register/region.csv").to_owned()),
        ]))
    }

    /// A register from its tables' texts; the aliases may be absent.
    ///
    /// # Errors
    /// A message that names the table, the line and what is wrong: a table that is missing, a cell
    /// that cannot be read, a code or name that means two authorities, or one that is not there.
    pub fn parse(texts: &BTreeMap<RegisterTable, String>) -> Result<Self, String> {
        let authorities: Vec<Authority> = rows(texts, RegisterTable::Authority)?;
        let codes: Vec<CodeHistory> = rows(texts, RegisterTable::CodeHistory)?;
        let regions: Vec<Region> = rows(texts, RegisterTable::Region)?;
        let aliases: Vec<Alias> =
            if texts.contains_key(&RegisterTable::Alias) { rows(texts, RegisterTable::Alias)? } else { Vec::new() };
        let mut register = Self {
            authorities,
            codes,
            aliases,
            regions,
            text: texts.values().cloned().collect::<Vec<_>>().join("\n"),
            by_code: HashMap::new(),
            by_dfe: HashMap::new(),
            by_name: HashMap::new(),
            words: Vec::new(),
            region_by_code: HashMap::new(),
            region_by_name: HashMap::new(),
        };
        register.index()?;
        Ok(register)
    }

    /// Refuses codes of other characters than letters and digits: they become names of files and keys.
    fn refuse_what_is_no_code(&self) -> Result<(), String> {
        let authorities =
            self.authorities.iter().flat_map(|a| [("authority_code", &a.authority_code), ("dfe_code", &a.dfe_code)]);
        let codes = self.codes.iter().map(|c| ("published_code", &c.published_code));
        let regions = self.regions.iter().map(|r| ("region_code", &r.region_code));
        for (column, code) in authorities.chain(codes).chain(regions) {
            if code.is_empty() || code.len() > 12 || !code.chars().all(|c| c.is_ascii_alphanumeric()) {
                return Err(format!("{column} {code:?} is no code: write at most 12 letters and digits"));
            }
        }
        Ok(())
    }

    fn index(&mut self) -> Result<(), String> {
        self.refuse_what_is_no_code()?;
        for (i, region) in self.regions.iter().enumerate() {
            self.region_by_code.insert(region.region_code.clone(), i);
            let aliases = region.aliases.split(';').filter(|alias| !alias.trim().is_empty());
            for name in aliases.chain([region.region_name.as_str()]) {
                self.region_by_name.insert(normal_name(name), i);
            }
        }
        for (i, authority) in self.authorities.iter().enumerate() {
            for code in [&authority.region_code, &authority.comparison_region_code] {
                if !self.region_by_code.contains_key(code) {
                    return Err(format!("the register's {} is in region {code}, which has no row", authority.name));
                }
            }
            if self.by_code.insert(authority.authority_code.clone(), i).is_some()
                || self.by_dfe.insert(authority.dfe_code.clone(), i).is_some()
            {
                return Err(format!("the register has two rows for a code of {}", authority.name));
            }
            self.by_name.entry(normal_name(&authority.name)).or_default().push(i);
        }
        for code in &self.codes {
            let i = *self.by_code.get(&code.authority_code).ok_or_else(|| {
                format!("the register's code {} means {}, which has no row", code.published_code, code.authority_code)
            })?;
            if self.by_code.insert(code.published_code.clone(), i).is_some_and(|before| before != i) {
                return Err(format!("the register's code {} means two authorities", code.published_code));
            }
        }
        for alias in &self.aliases {
            let i = *self.by_code.get(&alias.authority_code).ok_or_else(|| {
                format!("the register's alias {:?} means {}, which has no row", alias.alias, alias.authority_code)
            })?;
            let named = self.by_name.entry(normal_name(&alias.alias)).or_default();
            if !named.contains(&i) {
                named.push(i);
            }
        }
        self.words = vec![HashSet::new(); self.authorities.len()];
        for (name, authorities) in &self.by_name {
            for i in authorities {
                self.words[*i].extend(telling_words(name));
            }
        }
        Ok(())
    }

    /// The authority with this nine-character code, of any vintage.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Authority> {
        self.by_code.get(code).map(|i| &self.authorities[*i])
    }

    /// The authority with this three-digit code.
    #[must_use]
    pub fn by_dfe_code(&self, code: &str) -> Option<&Authority> {
        self.by_dfe.get(code).map(|i| &self.authorities[*i])
    }

    /// The authorities that bear this name or spelling.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Vec<&Authority> {
        let found = self.by_name.get(&normal_name(name));
        found.into_iter().flatten().map(|i| &self.authorities[*i]).collect()
    }

    /// The authorities that bore this name or spelling on a day: where several ever did, those that existed then.
    #[must_use]
    pub fn by_name_on(&self, name: &str, day: Date) -> Vec<&Authority> {
        let mut found = self.by_name(name);
        if found.len() > 1 {
            let existed =
                |a: &&Authority| a.valid_from.is_none_or(|from| from <= day) && a.valid_to.is_none_or(|to| day <= to);
            found.retain(existed);
        }
        found
    }

    /// The authorities that a title means on a day: a name with or without what kind of council it is, such as
    /// `London Borough of Barnet` or `Norfolk County Council`.
    #[must_use]
    pub fn by_title(&self, title: &str, day: Date) -> Vec<&Authority> {
        let mut name = normal_name(title);
        loop {
            let found = self.by_name_on(&name, day);
            if !found.is_empty() {
                return found;
            }
            let shorter = BEFORE_A_NAME
                .iter()
                .find_map(|words| name.strip_prefix(words)?.strip_prefix(' '))
                .or_else(|| AFTER_A_NAME.iter().find_map(|words| name.strip_suffix(words)?.strip_suffix(' ')));
            match shorter {
                Some(shorter) => name = shorter.to_owned(),
                None => return Vec::new(),
            }
        }
    }

    /// Whether a printed name has a telling word in common with a name or spelling of an authority.
    #[must_use]
    pub fn shares_a_word(&self, authority: &Authority, printed: &str) -> bool {
        let Some(i) = self.by_code.get(&authority.authority_code) else { return false };
        telling_words(&normal_name(printed)).any(|word| self.words[*i].contains(&word))
    }

    /// The region, sub-region or country with this code.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.region_by_code.get(code).map(|i| &self.regions[*i])
    }

    /// The region, sub-region or country with this name or spelling.
    #[must_use]
    pub fn region_by_name(&self, name: &str) -> Option<&Region> {
        self.region_by_name.get(&normal_name(name)).map(|i| &self.regions[*i])
    }
}

/// What may stand before an authority's name in a title, longer words first.
const BEFORE_A_NAME: [&str; 11] = [
    "the council of the",
    "council of the",
    "metropolitan borough of",
    "london borough of",
    "royal borough of",
    "the city of",
    "city and county of",
    "city of",
    "borough of",
    "county of",
    "the",
];

/// What may stand after it: what kind of council it is, or that a trust of its name provides its services.
const AFTER_A_NAME: [&str; 25] = [
    "childrens services trust",
    "children and families trust",
    "childrens trust",
    "children first",
    "district metropolitan council",
    "metropolitan borough",
    "metropolitan district",
    "mbc",
    "metropolitan borough council",
    "metropolitan district council",
    "metropolitan council",
    "county council",
    "city council",
    "borough council",
    "district council",
    "unitary authority",
    "local authority",
    "childrens services",
    "local area partnership",
    "local area",
    "council",
    "borough",
    "county",
    "city",
    "district",
];

/// The words of a name that tell it from others.
fn telling_words(name: &str) -> impl Iterator<Item = String> {
    const COMMON: [&str; 14] = [
        "and", "of", "the", "upon", "on", "with", "city", "county", "council", "borough", "north", "south", "east",
        "west",
    ];
    name.split(' ').filter(|word| !COMMON.contains(word)).map(str::to_owned)
}

/// A name as names are compared: lower case, `&` as `and`, no punctuation, single spaces.
#[must_use]
pub fn normal_name(name: &str) -> String {
    let plain: String = name
        .replace('&', " and ")
        .replace('-', " ")
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn rows<T: serde::de::DeserializeOwned>(
    texts: &BTreeMap<RegisterTable, String>,
    table: RegisterTable,
) -> Result<Vec<T>, String> {
    let text = texts
        .get(&table)
        .ok_or_else(|| format!("the register has no table with the columns {}", table.columns().join(", ")))?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|e| format!("the register's {table:?} table: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_register_has_every_authority_and_resolves_codes_of_any_vintage() {
        let register = Register::embedded().unwrap();
        let current = register.authorities.iter().filter(|a| a.valid_to.is_none()).count();
        assert_eq!((current, register.authorities.len()), (153, 160));
        for (published, name) in [
            ("E08000016", "Barnsley"),
            ("E08000038", "Barnsley"),
            ("E10000002", "Buckinghamshire"),
            ("E06000060", "Buckinghamshire"),
            ("E06000048", "Northumberland"),
            ("E10000006", "Cumbria"),
        ] {
            assert_eq!(register.by_code(published).unwrap().name, name, "{published}");
        }
        assert_eq!(register.by_dfe_code("330").unwrap().name, "Birmingham");
    }

    #[test]
    fn names_are_compared_without_case_and_punctuation() {
        let register = Register::embedded().unwrap();
        for (printed, name) in [
            ("st helens", "St. Helens"),
            ("Telford & Wrekin", "Telford and Wrekin"),
            ("Kingston Upon Hull, City of", "Kingston upon Hull, City of"),
            ("London corporation", "City of London"),
            ("Durham", "County Durham"),
        ] {
            let found = register.by_name(printed);
            assert_eq!(found.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), [name], "{printed}");
        }
        assert!(register.by_name("Narnia").is_empty());
    }

    #[test]
    fn a_title_is_understood_with_whatever_kind_of_council_it_says() {
        let register = Register::embedded().unwrap();
        for (title, name) in [
            ("London Borough of Barnet", "Barnet"),
            ("Nottingham City", "Nottingham"),
            ("Kent County", "Kent"),
            ("Bristol City of", "Bristol, City of"),
            ("Kingston upon Hull City", "Kingston upon Hull, City of"),
            ("Wakefield District Metropolitan Council", "Wakefield"),
            ("Bradford Children and Families Trust", "Bradford"),
            ("Slough Children First", "Slough"),
            ("City of Bradford Metropolitan District Council", "Bradford"),
            ("Royal Borough of Windsor and Maidenhead", "Windsor and Maidenhead"),
            ("Norfolk County Council", "Norfolk"),
            ("Hull City Council", "Kingston upon Hull, City of"),
            ("City of London", "City of London"),
            ("The Council of the Isles of Scilly", "Isles of Scilly"),
            ("St Helens", "St. Helens"),
        ] {
            let found = register.by_title(title, jiff::civil::date(2024, 1, 1));
            assert_eq!(found.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), [name], "{title}");
        }
        assert!(register.by_title("Narnia Borough Council", jiff::civil::date(2024, 1, 1)).is_empty());
    }

    #[test]
    fn an_abolished_authority_names_its_successors_and_each_is_there() {
        let register = Register::embedded().unwrap();
        for authority in register.authorities.iter().filter(|a| a.valid_to.is_some()) {
            assert!(!authority.successor_codes.is_empty(), "{}", authority.name);
            for code in authority.successor_codes.split(' ') {
                let successor = register.by_code(code).unwrap();
                assert!(successor.valid_from >= authority.valid_to, "{} {}", authority.name, successor.name);
            }
        }
    }

    #[test]
    fn inner_and_outer_london_are_the_statistical_ones() {
        let register = Register::embedded().unwrap();
        let inner: Vec<_> = register.authorities.iter().filter(|a| a.comparison_region_code == "E13000001").collect();
        assert_eq!(inner.len(), 14);
        assert!(inner.iter().any(|a| a.name == "Newham") && inner.iter().all(|a| a.name != "Greenwich"));
    }

    #[test]
    fn a_register_that_contradicts_itself_is_refused_by_name() {
        let mut texts = BTreeMap::from([
            (RegisterTable::Region, "region_code,region_name,level,aliases\nR1,North,region,\n".to_owned()),
            (RegisterTable::CodeHistory, "published_code,authority_code,valid_from,valid_to,why\n".to_owned()),
        ]);
        assert!(Register::parse(&texts).unwrap_err().contains("authority_code, dfe_code"));
        texts.insert(
            RegisterTable::Authority,
            "authority_code,dfe_code,name,kind,region_code,comparison_region_code,ofsted_region,valid_from,valid_to,successor_codes\nA1,1,Aton,unitary-authority,R9,R9,North,,,\n".to_owned(),
        );
        assert!(Register::parse(&texts).unwrap_err().contains("Aton is in region R9"));
    }
}
