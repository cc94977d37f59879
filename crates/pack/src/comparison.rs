//! Indicators against comparators, and the counts that say how large an authority is.

use jiff::civil::Date;
use lais_framework::criteria as framework_criteria;

use crate::evidence::{Evidence, Indicator};
use crate::figure::{Figures, Shown, Told};
use crate::pack::{ContextLine, ContextTable, CriterionTable, Line};
use crate::words;

/// The count that all others are read beside.
const POPULATION: &str = "child-population";

/// The counts of an authority by topic, the population first: the latest and the one before.
pub(crate) fn context(evidence: &Evidence, code: &str, figures: &mut Figures) -> Vec<ContextTable> {
    let mut tables: Vec<ContextTable> = Vec::new();
    let mut counts: Vec<_> = evidence.indicators.iter().filter(|(_, indicator)| !indicator.comparable).collect();
    counts.sort_by_key(|(id, indicator)| (*id != POPULATION, &indicator.topic, &indicator.title));
    for (id, indicator) in counts {
        let Some(line) = count(evidence, code, figures, id, indicator) else { continue };
        match tables.last_mut().filter(|table| table.topic == indicator.topic) {
            Some(table) => table.lines.push(line),
            None => tables.push(ContextTable { topic: indicator.topic.clone(), lines: vec![line] }),
        }
    }
    tables
}

/// One count in its latest period; nothing where no authority has a row of it.
fn count(
    evidence: &Evidence,
    code: &str,
    figures: &mut Figures,
    id: &str,
    indicator: &Indicator,
) -> Option<ContextLine> {
    let period_end = *evidence.latest.get(id)?;
    let before = evidence.before.get(id);
    let mut of = Subject { evidence, figures, id, indicator };
    let value = of.published(code, period_end, "headline", "value");
    let before =
        before.map_or_else(|| Shown::reason("none is held"), |day| of.published(code, *day, "headline", "value"));
    Some(ContextLine {
        indicator_id: id.to_owned(),
        title: indicator.title.clone(),
        unit: words::unit(&indicator.unit).to_owned(),
        period_end,
        value,
        before,
    })
}

/// The comparable indicators of an authority by criterion, in the framework's order.
pub(crate) fn criteria(evidence: &Evidence, code: &str, figures: &mut Figures) -> Vec<CriterionTable> {
    let mut tables = Vec::new();
    let known = framework_criteria().iter().map(|c| (Some(c.id.as_str()), c.title.as_str(), c.paragraph.as_str()));
    for (criterion, title, paragraph) in known.chain([(None, "Indicators that speak to no criterion", "")]) {
        let speaks = |indicator: &Indicator| indicator.comparable && indicator.criterion_id.as_deref() == criterion;
        let speaking = evidence.indicators.iter().filter(|(_, indicator)| speaks(indicator));
        let lines: Vec<Line> =
            speaking.filter_map(|(id, indicator)| line(evidence, code, figures, id, indicator)).collect();
        if !lines.is_empty() {
            tables.push(CriterionTable {
                criterion_id: criterion.map(str::to_owned),
                title: title.to_owned(),
                paragraph: paragraph.to_owned(),
                lines,
            });
        }
    }
    tables
}

/// One indicator in its latest period; nothing where no authority has a row of it.
fn line(evidence: &Evidence, code: &str, figures: &mut Figures, id: &str, indicator: &Indicator) -> Option<Line> {
    let period_end = *evidence.latest.get(id)?;
    let mut of = Subject { evidence, figures, id, indicator };
    let value = of.published(code, period_end, "comparison", "value");
    let row = evidence.comparison.on(id, code, "period_end", period_end);
    let last_observed = if value.is_missing() { of.last_observed(code, period_end) } else { None };
    let (country, region, neighbours, rank) = match row {
        Some(row) => (of.country(row), of.region(row), of.neighbours(row, code), of.rank(row)),
        None => of.comparators_alone(code, period_end),
    };
    let own = evidence.headline_on(id, code, period_end);
    let compared = row.and_then(|row| evidence.comparison.table.text(row, "region_code"));
    let neighbour_n = row.and_then(|row| evidence.comparison.table.integer(row, "neighbour_n"));
    Some(Line {
        indicator_id: id.to_owned(),
        title: indicator.title.clone(),
        unit: words::unit(&indicator.unit).to_owned(),
        polarity: match indicator.polarity.as_str() {
            "high-is-better" => "high is better",
            "low-is-better" => "low is better",
            _ => "no better or worse",
        }
        .to_owned(),
        period_end,
        value,
        country,
        region,
        neighbours,
        neighbour_n: neighbour_n.unwrap_or(0),
        is_shared: own.is_some_and(|row| evidence.headline.table.is(row, "shared_service")),
        region_name: compared.filter(|area| evidence.region_of(code) != Some(*area)).map(|area| evidence.name_of(area)),
        rank,
        last_observed,
    })
}

/// One indicator whose figures are shown.
pub(crate) struct Subject<'a> {
    pub(crate) evidence: &'a Evidence,
    pub(crate) figures: &'a mut Figures,
    pub(crate) id: &'a str,
    pub(crate) indicator: &'a Indicator,
}

impl Subject<'_> {
    /// Country and region where the authority has no row of its own to be compared.
    fn comparators_alone(&mut self, code: &str, period_end: Date) -> (Shown, Shown, Shown, Shown) {
        let country = self.published(&self.evidence.country.0, period_end, "headline", "value");
        let region = match self.evidence.region_of(code) {
            Some(area) => self.published(area, period_end, "headline", "value"),
            None => self.none(),
        };
        (country, region, Shown::reason("not compared"), Shown::reason("not ranked"))
    }

    fn none(&self) -> Shown {
        Shown::reason("no figure")
    }

    fn number(&self, value: f64) -> String {
        words::number(value, self.indicator.decimals)
    }

    /// The published figure of an area, or the reason for which there is none.
    pub(crate) fn published(&mut self, area: &str, day: Date, table: &str, column: &str) -> Shown {
        match self.evidence.headline_on(self.id, area, day) {
            None => Shown::reason(self.evidence.absence(area, day)),
            Some(row) => self.cell(row, area, &[self.id, area, &day.to_string()], table, column),
        }
    }

    /// A row of `headline` as a figure under an id of its own.
    fn cell(&mut self, row: usize, area: &str, key: &[&str], table: &str, column: &str) -> Shown {
        let headline = &self.evidence.headline.table;
        let Some(value) = headline.number(row, "value") else {
            return Shown::reason(words::status(headline.text(row, "status").unwrap_or_default()));
        };
        let text = self.number(value);
        let told = Told {
            what: format!("{}: {}", self.indicator.title, self.evidence.name_of(area)),
            shown: text.clone(),
            method: self.indicator.computed_from.clone(),
            places: vec![self.evidence.place(row)],
            published_on: headline.day(row, "published_on"),
            published_on_assumed: headline.is(row, "published_on_assumed"),
            as_later_revised: self.evidence.as_later_revised(row),
        };
        let is_revised = told.as_later_revised.is_some();
        let number = self.figures.add(table, key, column, told);
        Shown { text, value: Some(value), figure: Some(number), is_revised }
    }

    /// The last figure observed before a day, told with its period.
    fn last_observed(&mut self, code: &str, before: Date) -> Option<Shown> {
        let table = &self.evidence.headline.table;
        let day = |row: usize| table.day(row, "period_end").filter(|day| *day < before);
        let observed = self.evidence.headline.rows(self.id, code).filter(|row| table.number(*row, "value").is_some());
        let (day, row) = observed.filter_map(|row| Some((day(row)?, row))).max()?;
        let mut shown = self.cell(row, code, &[self.id, code, &day.to_string()], "comparison", "value");
        shown.text = format!("last observed {} for {}", shown.text, words::day(day));
        Some(shown)
    }

    /// A published comparator of a row of `comparison`, whose cell stands in `headline`.
    fn comparator(&mut self, row: usize, area: &str, column: &'static str) -> Shown {
        let comparison = &self.evidence.comparison.table;
        let (Some(day), Some(code)) = (comparison.day(row, "period_end"), comparison.text(row, "authority_code"))
        else {
            return self.none();
        };
        match self.evidence.headline_on(self.id, area, day) {
            Some(cell) => self.cell(cell, area, &[self.id, code, &day.to_string()], "comparison", column),
            None => self.none(),
        }
    }

    fn country(&mut self, row: usize) -> Shown {
        let area = &self.evidence.country.0;
        self.comparator(row, area, "england")
    }

    /// The region's figure; where it has none, its reason.
    fn region(&mut self, row: usize) -> Shown {
        let comparison = &self.evidence.comparison.table;
        let compared = comparison.text(row, "region_code");
        match compared.or_else(|| self.evidence.region_of(comparison.text(row, "authority_code")?)) {
            Some(area) => self.comparator(row, area, "region"),
            None => self.none(),
        }
    }

    /// The mean of the neighbours that have a figure, with the rows of each.
    pub(crate) fn neighbours(&mut self, row: usize, code: &str) -> Shown {
        let comparison = &self.evidence.comparison.table;
        let (Some(mean), Some(day)) = (comparison.number(row, "neighbour_mean"), comparison.day(row, "period_end"))
        else {
            return Shown::reason("no neighbour has a figure");
        };
        let set = &self.evidence.neighbours;
        let of_it = (0..set.len()).filter(|row| set.text(*row, "authority_code") == Some(code));
        let codes: Vec<&str> = of_it.filter_map(|row| set.text(row, "neighbour_code")).collect();
        let headline = &self.evidence.headline.table;
        let cells = codes.iter().filter_map(|code| self.evidence.headline_on(self.id, code, day));
        let cells: Vec<usize> = cells.filter(|row| headline.number(*row, "value").is_some()).collect();
        let as_later_revised = cells.iter().filter_map(|row| self.evidence.as_later_revised(*row)).max();
        let text = self.number(mean);
        let told = Told {
            what: format!("{}: mean of statistical neighbours", self.indicator.title),
            shown: text.clone(),
            method: Some(format!(
                "mean of the {} of {} statistical neighbours (set {}) that have a figure",
                comparison.integer(row, "neighbour_n").unwrap_or(0),
                codes.len(),
                comparison.text(row, "neighbour_set").unwrap_or("unknown")
            )),
            places: self.evidence.places(cells.into_iter()),
            as_later_revised,
            ..Told::default()
        };
        let number = self.figures.add("comparison", &[self.id, code, &day.to_string()], "neighbour_mean", told);
        Shown { text, value: Some(mean), figure: Some(number), is_revised: as_later_revised.is_some() }
    }

    /// Rank and band together, with the rows of all that were ranked.
    fn rank(&mut self, row: usize) -> Shown {
        let comparison = &self.evidence.comparison.table;
        let (Some(rank), Some(of), Some(day), Some(code)) = (
            comparison.integer(row, "rank"),
            comparison.integer(row, "rank_of"),
            comparison.day(row, "period_end"),
            comparison.text(row, "authority_code"),
        ) else {
            return Shown::reason("not ranked");
        };
        let band = comparison.text(row, "quartile_band").map_or_else(String::new, |band| format!(", band {band}"));
        let text = format!("{rank} of {of}{band}");
        let ranked = self.evidence.comparison.seconds(self.id);
        let mut cells: Vec<usize> = ranked.filter_map(|other| self.evidence.headline_on(self.id, other, day)).collect();
        cells.retain(|row| self.evidence.headline.table.number(*row, "value").is_some());
        cells.sort_unstable();
        let as_later_revised = cells.iter().filter_map(|row| self.evidence.as_later_revised(*row)).max();
        let told = Told {
            what: format!("{}: rank and quartile band", self.indicator.title),
            shown: text.clone(),
            method: comparison.text(row, "method").map(str::to_owned),
            places: self.evidence.places(cells.into_iter()),
            as_later_revised,
            ..Told::default()
        };
        let number = self.figures.add("comparison", &[self.id, code, &day.to_string()], "rank", told);
        #[expect(clippy::cast_precision_loss, reason = "a rank is small")]
        let value = rank as f64;
        Shown { text, value: Some(value), figure: Some(number), is_revised: as_later_revised.is_some() }
    }
}
