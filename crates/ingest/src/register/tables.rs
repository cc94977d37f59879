//! The five tables of the register, a type a row, and how they are read.

use std::collections::BTreeMap;

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

impl Authority {
    /// Whether it existed on a day.
    #[must_use]
    pub fn existed_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
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

/// The number by which Ofsted knows an authority.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfstedUrn {
    /// The unique reference number, which stands in the addresses of its reports.
    pub ofsted_urn: String,
    /// The authority it means.
    pub authority_code: String,
    /// Where it was published.
    pub source: String,
}

/// Which of the register's five tables a header belongs to.
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
    /// Ofsted's numbers.
    OfstedUrn,
}

impl RegisterTable {
    /// The table that has exactly this header, in any order.
    #[must_use]
    pub fn of_header(header: &[String]) -> Option<Self> {
        let all = [Self::Authority, Self::CodeHistory, Self::Alias, Self::Region, Self::OfstedUrn];
        all.into_iter().find(|table| {
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
            Self::OfstedUrn => &["ofsted_urn", "authority_code", "source"],
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
            Self::OfstedUrn => "register-ofsted-urn",
        }
    }
}

/// The rows of a table that may be absent.
pub(super) fn rows_if_there<T: serde::de::DeserializeOwned>(
    texts: &BTreeMap<RegisterTable, String>,
    table: RegisterTable,
) -> Result<Vec<T>, String> {
    if texts.contains_key(&table) { rows(texts, table) } else { Ok(Vec::new()) }
}

/// The rows of a table.
///
/// # Errors
/// A message that names the table and its line.
pub(super) fn rows<T: serde::de::DeserializeOwned>(
    texts: &BTreeMap<RegisterTable, String>,
    table: RegisterTable,
) -> Result<Vec<T>, String> {
    let text = texts
        .get(&table)
        .ok_or_else(|| format!("the register has no table with the columns {}", table.columns().join(", ")))?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|e| format!("the register's {table:?} table: {e}"))
}
