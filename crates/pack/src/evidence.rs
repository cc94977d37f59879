//! What packs are made from: the tables of a session, read once for every authority.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use datafusion::prelude::SessionContext;
use jiff::civil::Date;

use crate::PackError;
use crate::figure::Place;
use crate::listed::Listed;
use crate::table::{Indexed, Table};

/// What a snapshot holds for packs, as it stands on a day.
#[derive(Debug)]
pub struct Evidence {
    pub(crate) snapshot: String,
    pub(crate) as_at: Date,
    pub(crate) comparison: Indexed,
    pub(crate) headline: Indexed,
    pub(crate) indicators: BTreeMap<String, Indicator>,
    pub(crate) authorities: Table,
    pub(crate) regions: BTreeMap<String, String>,
    pub(crate) country: (String, String),
    pub(crate) neighbours: Table,
    pub(crate) inspections: Table,
    pub(crate) inspection_sources: HashMap<String, Vec<(Place, Option<String>)>>,
    pub(crate) self_evaluations: Table,
    pub(crate) sources: Table,
    pub(crate) boundary_changes: Table,
    pub(crate) listed: Listed,
    /// The last day of the latest period for which any authority has a row, by indicator.
    pub(crate) latest: HashMap<String, Date>,
    /// The same of the period before that.
    pub(crate) before: HashMap<String, Date>,
}

/// A described indicator.
#[derive(Clone, Debug)]
pub(crate) struct Indicator {
    pub(crate) title: String,
    pub(crate) topic: String,
    pub(crate) unit: String,
    pub(crate) polarity: String,
    pub(crate) decimals: usize,
    pub(crate) criterion_id: Option<String>,
    pub(crate) comparable: bool,
    /// The columns that its figures are computed from, where none prints them.
    pub(crate) computed_from: Option<String>,
}

/// England's code at the Office for National Statistics.
const ENGLAND: &str = "E92000001";

impl Evidence {
    /// Gathers what packs need from a session over the tables of a snapshot, as they stand on `as_at`.
    ///
    /// # Errors
    /// [`PackError::Ask`] where a table cannot be asked.
    pub async fn gather(session: &SessionContext, snapshot: &str, as_at: Date) -> Result<Self, PackError> {
        macro_rules! ask {
            ($name:literal) => {
                Table::ask(session, $name, include_str!(concat!("../../../sql/pack/", $name, ".sql")), as_at).await?
            };
        }
        let comparison = Indexed::new(ask!("comparison"), "indicator_id", "authority_code");
        let headline = Indexed::new(ask!("headline"), "indicator_id", "geography_code");
        let regions = ask!("region");
        let (latest, before) = last_two(&headline.table);
        Ok(Self {
            snapshot: snapshot.to_owned(),
            as_at,
            latest,
            before,
            comparison,
            headline,
            indicators: indicators(&ask!("indicator")),
            authorities: ask!("authority"),
            country: country(&regions),
            regions: (0..regions.len())
                .map(|row| (regions.words(row, "region_code"), regions.words(row, "region_name")))
                .collect(),
            neighbours: ask!("neighbour"),
            inspections: ask!("inspection"),
            inspection_sources: inspection_sources(&ask!("inspection_source")),
            self_evaluations: ask!("self_evaluation"),
            sources: ask!("source"),
            boundary_changes: ask!("boundary_change"),
            listed: Listed::new(&ask!("listed"), as_at),
        })
    }

    /// The codes of every authority that exists on the day, by name.
    #[must_use]
    pub fn authorities(&self) -> Vec<(String, String)> {
        let rows = 0..self.authorities.len();
        let bound = |row, column| self.authorities.day(row, column);
        let here = rows.filter(|row| {
            bound(*row, "valid_from").is_none_or(|first| first <= self.as_at)
                && bound(*row, "valid_to").is_none_or(|last| last >= self.as_at)
        });
        here.map(|row| (self.authorities.words(row, "authority_code"), self.authorities.words(row, "name"))).collect()
    }

    /// The name of the country whose authorities these are.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.country.1
    }

    /// Whether the country is England, and not one whose register came with the sources.
    #[must_use]
    pub fn is_england(&self) -> bool {
        self.country.0 == ENGLAND
    }

    /// The day for which it stands.
    #[must_use]
    pub fn as_at(&self) -> Date {
        self.as_at
    }

    /// The snapshot it was gathered from.
    #[must_use]
    pub fn snapshot(&self) -> &str {
        &self.snapshot
    }

    /// The name of an authority or a region.
    pub(crate) fn name_of(&self, code: &str) -> String {
        self.authority_row(code)
            .map(|row| self.authorities.words(row, "name"))
            .or_else(|| self.regions.get(code).cloned())
            .unwrap_or_else(|| code.to_owned())
    }

    /// The row of an authority in the register.
    pub(crate) fn authority_row(&self, code: &str) -> Option<usize> {
        (0..self.authorities.len()).find(|row| self.authorities.text(*row, "authority_code") == Some(code))
    }

    /// The region of an authority.
    pub(crate) fn region_of(&self, code: &str) -> Option<&str> {
        self.authorities.text(self.authority_row(code)?, "region_code")
    }

    /// Why an area has no row for a period that ends on a day.
    pub(crate) fn absence(&self, area: &str, day: Date) -> &'static str {
        let bound = |column| self.authorities.day(self.authority_row(area)?, column);
        match (bound("valid_from"), bound("valid_to")) {
            (Some(first), _) if day < first => "before this authority began",
            (_, Some(last)) if day > last => "after this authority ended",
            _ => "no row in the files that are held",
        }
    }

    /// The row of `headline` of an indicator, area and day.
    pub(crate) fn headline_on(&self, indicator: &str, area: &str, day: Date) -> Option<usize> {
        self.headline.on(indicator, area, "period_end", day)
    }

    /// The day of the file that a row of `headline` was read from, where it is later than the day of the pack.
    pub(crate) fn as_later_revised(&self, row: usize) -> Option<Date> {
        self.headline.table.day(row, "vintage_published_on").filter(|day| *day > self.as_at)
    }

    /// Where a row of `headline` was read.
    pub(crate) fn place(&self, row: usize) -> Place {
        let table = &self.headline.table;
        Place {
            source_id: table.words(row, "source_id"),
            release: table.words(row, "release"),
            sheet: None,
            column: table.text(row, "source_column").map(str::to_owned),
            rows: table.integer(row, "source_row").into_iter().collect(),
        }
    }

    /// Where rows of `headline` were read, those of one file and column together.
    pub(crate) fn places(&self, rows: impl Iterator<Item = usize>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for row in rows {
            let place = self.place(row);
            let same = |p: &&mut Place| {
                (&p.source_id, &p.release, &p.column) == (&place.source_id, &place.release, &place.column)
            };
            match places.iter_mut().find(same) {
                Some(known) => known.rows.extend(place.rows),
                None => places.push(place),
            }
        }
        places
    }
}

fn indicators(table: &Table) -> BTreeMap<String, Indicator> {
    let indicator = |row| Indicator {
        title: table.words(row, "title"),
        topic: table.words(row, "topic"),
        unit: table.words(row, "unit"),
        polarity: table.words(row, "polarity"),
        decimals: table.integer(row, "decimals").and_then(|d| usize::try_from(d).ok()).unwrap_or(1).min(6),
        criterion_id: table.text(row, "criterion_id").map(str::to_owned),
        comparable: table.is(row, "comparable"),
        computed_from: table.text(row, "computed_from").map(str::to_owned),
    };
    (0..table.len()).map(|row| (table.words(row, "indicator_id"), indicator(row))).collect()
}

/// Code and name of the country whose authorities these are.
fn country(regions: &Table) -> (String, String) {
    let row = (0..regions.len()).find(|row| regions.text(*row, "level") == Some("country"));
    row.map_or_else(Default::default, |row| (regions.words(row, "region_code"), regions.words(row, "region_name")))
}

/// The last days of the two latest periods of each indicator for which any authority has a row.
fn last_two(headline: &Table) -> (HashMap<String, Date>, HashMap<String, Date>) {
    let mut days: HashMap<&str, BTreeSet<Date>> = HashMap::new();
    for row in (0..headline.len()).filter(|row| headline.text(*row, "geography_level") == Some("authority")) {
        if let (Some(indicator), Some(day)) = (headline.text(row, "indicator_id"), headline.day(row, "period_end")) {
            days.entry(indicator).or_default().insert(day);
        }
    }
    let nth = |n: usize| {
        let of = days.iter().filter_map(|(indicator, days)| Some(((*indicator).to_owned(), *days.iter().nth_back(n)?)));
        of.collect()
    };
    (nth(0), nth(1))
}

fn inspection_sources(table: &Table) -> HashMap<String, Vec<(Place, Option<String>)>> {
    let mut sources: HashMap<String, Vec<(Place, Option<String>)>> = HashMap::new();
    for row in 0..table.len() {
        let place = Place {
            source_id: table.words(row, "source_id"),
            release: table.words(row, "release"),
            sheet: table.text(row, "source_table").map(str::to_owned),
            column: None,
            rows: table.integer(row, "source_row").into_iter().collect(),
        };
        let difference = table.text(row, "difference").map(str::to_owned);
        sources.entry(table.words(row, "event_id")).or_default().push((place, difference));
    }
    sources
}
