//! Where each code and name of a register leads, and the refusal of a register that contradicts itself.

use std::collections::HashSet;

use super::Register;
use super::names::{normal_name, telling_words};

impl Register {
    /// Fills the register's indexes.
    ///
    /// # Errors
    /// A message that names what is wrong: a code that is none, that means two authorities, or that has no row.
    pub(super) fn index(&mut self) -> Result<(), String> {
        self.refuse_what_is_no_code()?;
        self.index_regions();
        self.index_authorities()?;
        self.index_codes()?;
        self.index_aliases()?;
        self.index_ofsted_urns()?;
        self.words = vec![HashSet::new(); self.authorities.len()];
        for (name, authorities) in &self.by_name {
            for i in authorities {
                self.words[*i].extend(telling_words(name));
            }
        }
        Ok(())
    }

    /// Refuses codes of other characters than letters and digits: they become names of files and keys.
    fn refuse_what_is_no_code(&self) -> Result<(), String> {
        let authorities =
            self.authorities.iter().flat_map(|a| [("authority_code", &a.authority_code), ("dfe_code", &a.dfe_code)]);
        let codes = self.codes.iter().map(|c| ("published_code", &c.published_code));
        let regions = self.regions.iter().map(|r| ("region_code", &r.region_code));
        let urns = self.ofsted_urns.iter().map(|u| ("ofsted_urn", &u.ofsted_urn));
        for (column, code) in authorities.chain(codes).chain(regions).chain(urns) {
            if code.is_empty() || code.len() > 12 || !code.chars().all(|c| c.is_ascii_alphanumeric()) {
                return Err(format!("{column} {code:?} is no code: write at most 12 letters and digits"));
            }
        }
        Ok(())
    }

    fn index_regions(&mut self) {
        for (i, region) in self.regions.iter().enumerate() {
            self.region_by_code.insert(region.region_code.clone(), i);
            let names = region.aliases.split(';').chain([region.region_name.as_str()]).map(normal_name);
            // No name is no region's.
            for name in names.filter(|name| !name.is_empty()) {
                self.region_by_name.insert(name, i);
            }
        }
    }

    fn index_authorities(&mut self) -> Result<(), String> {
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
        Ok(())
    }

    fn index_codes(&mut self) -> Result<(), String> {
        for code in &self.codes {
            let i = *self.by_code.get(&code.authority_code).ok_or_else(|| {
                format!("the register's code {} means {}, which has no row", code.published_code, code.authority_code)
            })?;
            if self.by_code.insert(code.published_code.clone(), i).is_some_and(|before| before != i) {
                return Err(format!("the register's code {} means two authorities", code.published_code));
            }
        }
        Ok(())
    }

    fn index_aliases(&mut self) -> Result<(), String> {
        for alias in &self.aliases {
            let i = *self.by_code.get(&alias.authority_code).ok_or_else(|| {
                format!("the register's alias {:?} means {}, which has no row", alias.alias, alias.authority_code)
            })?;
            let named = self.by_name.entry(normal_name(&alias.alias)).or_default();
            if !named.contains(&i) {
                named.push(i);
            }
        }
        Ok(())
    }

    fn index_ofsted_urns(&mut self) -> Result<(), String> {
        let mut numbers = HashSet::new();
        for (i, urn) in self.ofsted_urns.iter().enumerate() {
            let number = &urn.ofsted_urn;
            if !self.by_code.contains_key(&urn.authority_code) {
                let authority = &urn.authority_code;
                return Err(format!("the register's Ofsted number {number} means {authority}, which has no row"));
            }
            let is_second = self.urn_by_code.insert(urn.authority_code.clone(), i).is_some();
            if is_second || !numbers.insert(number.as_str()) {
                return Err(format!("the register has two rows for the Ofsted number {number} or its authority"));
            }
        }
        Ok(())
    }
}
