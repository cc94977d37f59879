//! The register of authorities and regions: every code and name by which they are published.

mod index;
mod names;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;

use self::names::telling_words;
pub use self::names::{normal_name, shorter_name};
pub(crate) use self::tables::RegisterTable;
use self::tables::{Alias, CodeHistory, OfstedUrn, rows, rows_if_there};
pub use self::tables::{Authority, Region};

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
    /// Ofsted's numbers of councils.
    pub ofsted_urns: Vec<OfstedUrn>,
    /// The text it was read from, for keys of what depends on it.
    pub text: String,
    by_code: HashMap<String, usize>,
    by_dfe: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    words: Vec<HashSet<String>>,
    region_by_code: HashMap<String, usize>,
    region_by_name: HashMap<String, usize>,
    urn_by_code: HashMap<String, usize>,
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
            (RegisterTable::OfstedUrn, include_str!("../register/ofsted_urn.csv").to_owned()),
        ]))
    }

    /// A register from its tables' texts; the aliases and Ofsted's numbers may be absent.
    ///
    /// # Errors
    /// A message that names the table, the line and what is wrong: a table that is missing, a cell
    /// that cannot be read, a code or name that means two authorities, or one that is not there.
    pub fn parse(texts: &BTreeMap<RegisterTable, String>) -> Result<Self, String> {
        let authorities: Vec<Authority> = rows(texts, RegisterTable::Authority)?;
        let codes: Vec<CodeHistory> = rows(texts, RegisterTable::CodeHistory)?;
        let regions: Vec<Region> = rows(texts, RegisterTable::Region)?;
        let aliases: Vec<Alias> = rows_if_there(texts, RegisterTable::Alias)?;
        let ofsted_urns: Vec<OfstedUrn> = rows_if_there(texts, RegisterTable::OfstedUrn)?;
        let mut register = Self {
            authorities,
            codes,
            aliases,
            regions,
            ofsted_urns,
            text: texts.values().cloned().collect::<Vec<_>>().join("\n"),
            by_code: HashMap::new(),
            by_dfe: HashMap::new(),
            by_name: HashMap::new(),
            words: Vec::new(),
            region_by_code: HashMap::new(),
            region_by_name: HashMap::new(),
            urn_by_code: HashMap::new(),
        };
        register.index()?;
        Ok(register)
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

    /// Ofsted's number of the authority with this code.
    #[must_use]
    pub fn ofsted_urn(&self, authority_code: &str) -> Option<&str> {
        self.urn_by_code.get(authority_code).map(|i| self.ofsted_urns[*i].ofsted_urn.as_str())
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
            found.retain(|authority| authority.existed_on(day));
        }
        found
    }

    /// The authorities that a title means on a day: a name with or without what kind of council it is, such as
    /// `London Borough of Barnet` or `Norfolk County Council`.
    ///
    /// None that did not exist on the day, such as the county whose trust outlived it; and of a city beside a shire of
    /// its name (Nottingham) nobody where the title speaks of a county.
    #[must_use]
    pub fn by_title(&self, title: &str, day: Date) -> Vec<&Authority> {
        let title = normal_name(title);
        let is_county = title.split(' ').any(|word| word == "county");
        let mut name = title.as_str();
        loop {
            let mut found = self.by_name_on(name, day);
            if !found.is_empty() {
                let is_a_citys = is_county && !self.by_name(&format!("{name}shire")).is_empty();
                found.retain(|authority| authority.existed_on(day) && !is_a_citys);
                return found;
            }
            match shorter_name(name) {
                Some(shorter) => name = shorter,
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
