//! The pack: one authority's evidence as one typed value.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use crate::comparison;
use crate::document::{self, SelfEvaluationState};
use crate::evidence::Evidence;
use crate::figure::{Figure, Figures, Shown};
use crate::gap::{self, Gap};
use crate::judgement::{self, Judgement};
use crate::listed::Listed;
use crate::table::Table;
use crate::trend::{self, TrendView};
use crate::{PackError, words};

/// The pre-inspection analysis of one authority.
#[derive(Clone, Debug, Serialize)]
pub struct Pack {
    /// The day for which it stands.
    pub as_at: Date,
    /// The snapshot it was made from.
    pub snapshot: String,
    /// The country whose authorities are compared.
    pub country: String,
    /// Whether it is England, and not one whose register came with the sources.
    pub is_england: bool,
    /// The authority.
    pub authority: AuthorityFacts,
    /// Its inspections and visits, the latest first.
    pub judgements: Vec<Judgement>,
    /// The lists of inspections and visits that are held.
    pub listed: Listed,
    /// Counts that say how large it is, by topic.
    pub context: Vec<ContextTable>,
    /// Its statistical neighbours, nearest first.
    pub neighbours: Vec<NeighbourLine>,
    /// The set of neighbours in force on the day.
    pub neighbour_set: Option<String>,
    /// Its indicators against comparators, by criterion in the framework's order.
    pub criteria: Vec<CriterionTable>,
    /// Indicators over time.
    pub trends: Vec<TrendView>,
    /// Its self-evaluation.
    pub self_evaluation: SelfEvaluationState,
    /// What is missing, and why.
    pub gaps: Vec<Gap>,
    /// Every figure above, in the order of its number.
    pub figures: Vec<Figure>,
    /// The sources of the figures.
    pub sources: Vec<SourceLine>,
}

/// What the register says of an authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuthorityFacts {
    /// The stable code.
    pub authority_code: String,
    /// The Department for Education's number.
    pub dfe_code: String,
    /// The name.
    pub name: String,
    /// What kind of council it is, in words.
    pub kind: String,
    /// Its region.
    pub region: String,
    /// Ofsted's region.
    pub ofsted_region: String,
    /// Its first day.
    pub valid_from: Option<Date>,
    /// Its last day, where it is no more.
    pub valid_to: Option<Date>,
    /// The names of those that took its area.
    pub successors: Vec<String>,
    /// The names of those whose area it took.
    pub predecessors: Vec<String>,
}

/// Counts of one topic.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContextTable {
    /// The topic; empty for counts of none.
    pub topic: String,
    /// The counts.
    pub lines: Vec<ContextLine>,
}

/// A count that says how large an authority is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContextLine {
    /// The indicator.
    pub indicator_id: String,
    /// What is counted.
    pub title: String,
    /// The unit in words.
    pub unit: String,
    /// The last day of the latest period.
    pub period_end: Date,
    /// The count.
    pub value: Shown,
    /// The count of the period before.
    pub before: Shown,
}

/// A statistical neighbour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeighbourLine {
    /// Its stable code.
    pub authority_code: String,
    /// Its name.
    pub name: String,
    /// How close it is, in the publisher's words.
    pub closeness: String,
}

/// The indicators that speak to one criterion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriterionTable {
    /// The criterion; nothing for indicators that speak to none.
    pub criterion_id: Option<String>,
    /// Its words.
    pub title: String,
    /// The paragraph that states it.
    pub paragraph: String,
    /// The indicators.
    pub lines: Vec<Line>,
}

/// One indicator against its comparators.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The indicator.
    pub indicator_id: String,
    /// What is measured.
    pub title: String,
    /// The unit in words.
    pub unit: String,
    /// Which way is better, in words.
    pub polarity: String,
    /// The last day of the latest period.
    pub period_end: Date,
    /// The authority's figure.
    pub value: Shown,
    /// The country's published figure.
    pub country: Shown,
    /// The region's published figure.
    pub region: Shown,
    /// The mean of the statistical neighbours.
    pub neighbours: Shown,
    /// How many neighbours had a figure.
    pub neighbour_n: i64,
    /// Whether the figure is one for authorities that share a service, printed once for all of them.
    pub is_shared: bool,
    /// The region or sub-region whose figure it is, where that is not the authority's region.
    pub region_name: Option<String>,
    /// Rank and quartile band.
    pub rank: Shown,
    /// The last figure that was observed before, where the latest is missing.
    pub last_observed: Option<Shown>,
}

/// A source of figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceLine {
    /// The source.
    pub source_id: String,
    /// The release.
    pub release: String,
    /// What the publisher calls it.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// Under which licence.
    pub licence: String,
    /// The file, relative to the folder of sources.
    pub file_name: String,
    /// The day of publication.
    pub published_on: Option<Date>,
    /// Whether that day is assumed.
    pub published_on_assumed: bool,
}

impl Evidence {
    /// The pack of an authority.
    ///
    /// # Errors
    /// [`PackError::NoAuthority`] where the register has no such code, [`PackError::Chart`] where its
    /// chart cannot be drawn.
    pub fn pack(&self, code: &str) -> Result<Pack, PackError> {
        let authority = self.authority(code)?;
        let mut figures = Figures::new(&self.snapshot);
        let judgements = judgement::all(self, code, &mut figures);
        let context = comparison::context(self, code, &mut figures);
        let criteria = comparison::criteria(self, code, &mut figures);
        let trends = trend::headline(self, code, &mut figures)?;
        let self_evaluation = document::latest(self, code, &mut figures);
        let mut gaps = gap::all(&context, &criteria, &self.country.1);
        gaps.splice(0..0, gap::inspections(&self.listed, self.as_at));
        gaps.splice(0..0, gap::boundaries(&self.boundary_changes, code));
        let neighbours = (0..self.neighbours.len())
            .filter(|row| self.neighbours.text(*row, "authority_code") == Some(code))
            .map(|row| NeighbourLine {
                name: self.name_of(self.neighbours.text(row, "neighbour_code").unwrap_or_default()),
                authority_code: self.neighbours.words(row, "neighbour_code"),
                closeness: words::plain(self.neighbours.text(row, "closeness").unwrap_or_default()),
            });
        Ok(Pack {
            as_at: self.as_at,
            snapshot: self.snapshot.clone(),
            country: self.country.1.clone(),
            is_england: self.is_england(),
            authority,
            judgements,
            listed: self.listed.clone(),
            context,
            neighbours: neighbours.collect(),
            neighbour_set: self.neighbours.text(0, "set_id").map(str::to_owned),
            criteria,
            trends,
            self_evaluation,
            gaps,
            sources: self.sources_of(&figures.list),
            figures: figures.list,
        })
    }

    fn authority(&self, code: &str) -> Result<AuthorityFacts, PackError> {
        let table = &self.authorities;
        let row = self.authority_row(code).ok_or_else(|| PackError::NoAuthority(code.to_owned()))?;
        let successors =
            |row: usize| table.words(row, "successor_codes").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let predecessors = (0..table.len()).filter(|other| successors(*other).iter().any(|next| next == code));
        Ok(AuthorityFacts {
            authority_code: code.to_owned(),
            dfe_code: table.words(row, "dfe_code"),
            name: table.words(row, "name"),
            kind: words::plain(table.text(row, "kind").unwrap_or_default()),
            region: table.words(row, "region_name"),
            ofsted_region: table.words(row, "ofsted_region"),
            valid_from: table.day(row, "valid_from"),
            valid_to: table.day(row, "valid_to"),
            successors: successors(row).iter().map(|next| self.name_of(next)).collect(),
            predecessors: predecessors.map(|other| table.words(other, "name")).collect(),
        })
    }

    /// The sources that figures name.
    fn sources_of(&self, figures: &[Figure]) -> Vec<SourceLine> {
        let places = figures.iter().flat_map(|figure| &figure.places);
        let named: BTreeSet<(&str, &str)> = places.map(|p| (p.source_id.as_str(), p.release.as_str())).collect();
        let line = |table: &Table, row| SourceLine {
            source_id: table.words(row, "source_id"),
            release: table.words(row, "release"),
            title: table.words(row, "title"),
            publisher: table.words(row, "publisher"),
            licence: table.words(row, "licence"),
            file_name: table.words(row, "file_name"),
            published_on: table.day(row, "published_on"),
            published_on_assumed: table.is(row, "published_on_assumed"),
        };
        (0..self.sources.len())
            .map(|row| line(&self.sources, row))
            .filter(|source| named.contains(&(source.source_id.as_str(), source.release.as_str())))
            .collect()
    }
}
