//! The figures of one indicator and period, compared.

use lais_stats::{
    AreaComparison, AreaFigures, Comparison, ComparisonSettings, CountMethod, Difference, Dispersion, Fraction,
    Interval, Level, Measure, Refusal, Target, TargetBasis, Transform, compare_areas, rate, wilson,
};

use super::neighbours::{Near, Neighbours, Pooled};
use super::values;
use crate::figures::{Figure, firsts, reason};

/// Too few children for a part in what the country looks like: City of London and the Isles of Scilly.
pub(crate) const TOO_SMALL: [&str; 2] = ["E09000001", "E06000053"];

/// The denominator below which no figure is called different.
pub(super) const LEAST_DENOMINATOR: f64 = 5.0;

/// The figures of one indicator and period, and what is known of them.
pub(crate) struct Group<'a> {
    pub(crate) figures: &'a [Figure<'a>],
    pub(crate) country: Country,
    pub(crate) rows: Vec<Row>,
}

/// What is known of the country.
#[derive(Clone, Debug, Default)]
pub(crate) struct Country {
    /// How many figures were counted.
    pub(super) areas: usize,
    /// What figures are compared with, as numerator over denominator; for means and quantiles in the published unit.
    pub(crate) target: Option<f64>,
    /// The same in the published unit.
    pub(super) published_target: Option<f64>,
    pub(super) target_rule: Option<&'static str>,
    pub(crate) dispersion: Option<Dispersion>,
    pub(super) method: Option<&'static str>,
    pub(super) why: Option<String>,
}

/// What is known of one figure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(super) interval: Option<Interval>,
    pub(super) interval_method: Option<&'static str>,
    pub(super) z: Option<f64>,
    pub(super) z_adjusted: Option<f64>,
    /// At 95 and 99.8 per cent.
    pub(super) limits: Option<[Interval; 2]>,
    /// The same with the variance between authorities.
    pub(super) adjusted: Option<[Interval; 2]>,
    pub(crate) label: Option<Difference>,
    pub(super) near: Near,
    pub(super) pooled: Option<f64>,
    pub(super) pooled_interval: Option<Interval>,
    pub(super) z_neighbours: Option<f64>,
    /// Why there is no label.
    pub(super) why: Option<String>,
}

/// Compares the figures of one indicator and period, which are in order of authority.
pub(super) fn compare<'a>(figures: &'a [Figure<'a>], neighbours: &Neighbours) -> Group<'a> {
    let near = Nearest::new(figures, neighbours);
    let measure = figures.first().and_then(|figure| figure.measure);
    let per = figures.first().and_then(|figure| figure.per);
    let (country, rows) = match (measure, measure.and_then(Transform::of), per) {
        (_, Some(transform), Some(per)) => {
            let has_standard = figures.first().is_some_and(|figure| figure.has_standard);
            Counted { transform, per, has_standard }.compare(figures, &near)
        }
        (Some(Measure::Mean | Measure::Quantile), ..) => values::compare(figures),
        _ => {
            let why = Some("nothing says what kind of number it is".to_owned());
            let rows = figures.iter().map(|_| Row { why: why.clone(), ..Row::default() }).collect();
            (Country { why, ..Country::default() }, rows)
        }
    };
    let mut rows = rows;
    for (i, row) in rows.iter_mut().enumerate() {
        row.near = Near::of(near.of(i).filter_map(|j| figures[j].value).collect());
    }
    Group { figures, country, rows }
}

/// Which figures of a group are those of a figure's neighbours.
struct Nearest<'a> {
    figures: &'a [Figure<'a>],
    neighbours: &'a Neighbours,
    /// Where in the group an authority's figure is.
    places: Vec<Option<usize>>,
}

impl<'a> Nearest<'a> {
    fn new(figures: &'a [Figure<'a>], neighbours: &'a Neighbours) -> Self {
        let mut places = vec![None; neighbours.authorities()];
        for (i, figure) in figures.iter().enumerate() {
            places[figure.authority] = Some(i);
        }
        Self { figures, neighbours, places }
    }

    fn of(&self, i: usize) -> impl Iterator<Item = usize> {
        self.neighbours.of(self.figures[i].authority).iter().filter_map(|authority| self.places[*authority])
    }
}

/// Which figures have a part in what the country looks like: all but those of too few children, a shared service's once.
pub(super) fn counted(figures: &[Figure<'_>]) -> Vec<bool> {
    let is_large = |figure: &Figure<'_>| !TOO_SMALL.contains(&figure.authority_code);
    let firsts = firsts(figures.iter().map(|figure| (figure.origin, is_large(figure))));
    firsts.into_iter().enumerate().map(|(i, first)| i == first && is_large(&figures[i])).collect()
}

/// An indicator whose figures are quotients of counts.
struct Counted {
    /// The scale that they are compared on, which says whether they are proportions.
    transform: Transform,
    per: f64,
    /// Whether every authority is held to a standard: how much they usually differ is then no excuse for any.
    has_standard: bool,
}

impl Counted {
    fn compare(&self, figures: &[Figure<'_>], near: &Nearest<'_>) -> (Country, Vec<Row>) {
        let counts: Vec<Result<Fraction, String>> = figures.iter().map(|figure| self.counts(figure)).collect();
        let of = |i: usize| counts[i].as_ref().ok().copied();
        let areas: Vec<AreaFigures> = (counted(figures).into_iter().enumerate())
            .map(|(i, included)| AreaFigures {
                observed: of(i).map(|counts| counts.numerator),
                denominator: of(i).map(|counts| counts.denominator),
                included,
            })
            .collect();
        let settings = ComparisonSettings { multiplier: self.per, ..ComparisonSettings::default() };
        let found = compare_areas(&areas, self.transform, Target::PooledUnlessOneIsLarge, &settings);
        let mut rows: Vec<Row> = (0..figures.len()).map(|i| self.row(i, &counts[i], &found)).collect();
        let country = match &found {
            Ok(found) => self.country(found),
            Err(refusal) => Country { why: Some(refusal.to_string()), ..Country::default() },
        };
        let large = |j: &usize| !TOO_SMALL.contains(&figures[*j].authority_code);
        for (i, row) in rows.iter_mut().enumerate() {
            row.not_labelled_if_too_small(figures[i].authority_code);
            let pool = Pooled::of(near.of(i).filter(large).filter_map(of));
            self.beside_neighbours(row, of(i), pool, &country);
        }
        (country, rows)
    }

    fn is_proportion(&self) -> bool {
        self.transform == Transform::Arcsine
    }

    /// The counts of a figure, or why it has none to compute with.
    fn counts(&self, figure: &Figure<'_>) -> Result<Fraction, String> {
        if figure.value.is_none() {
            return Err(reason(figure.status));
        }
        let counts = figure.fraction().ok_or_else(|| "its numerator or denominator is not published".to_owned())?;
        if self.is_proportion() && counts.numerator > counts.denominator {
            return Err(Refusal::NumeratorAboveDenominator.to_string());
        }
        Ok(counts)
    }

    fn interval(&self, counts: Fraction) -> Option<(Interval, &'static str)> {
        let Fraction { numerator: x, denominator: n } = counts;
        if self.is_proportion() {
            return wilson(x, n, Level::P95).ok().map(|interval| (interval.scaled(self.per), "wilson"));
        }
        let method = match CountMethod::of(x) {
            CountMethod::Exact => "poisson-exact",
            CountMethod::Byar => "byar",
        };
        rate(x, n, self.per, Level::P95).ok().map(|rate| (rate.interval, method))
    }

    fn row(&self, i: usize, counts: &Result<Fraction, String>, found: &Result<Comparison, Refusal>) -> Row {
        let counts = match counts {
            Ok(counts) => *counts,
            Err(why) => return Row { why: Some(why.clone()), ..Row::default() },
        };
        let (interval, interval_method) = self.interval(counts).unzip();
        let mut row = Row { interval, interval_method, ..Row::default() };
        match found {
            Err(refusal) => row.why = Some(refusal.to_string()),
            Ok(found) => row.place(counts, found.areas[i].as_ref(), found.dispersion.err(), self.has_standard),
        }
        row
    }

    fn country(&self, found: &Comparison) -> Country {
        Country {
            areas: found.used,
            target: Some(found.target / self.per),
            published_target: Some(found.target),
            target_rule: Some(match found.basis {
                TargetBasis::Median => "median",
                TargetBasis::Pooled | TargetBasis::Given => "pooled",
            }),
            dispersion: found.dispersion.ok(),
            method: Some(match (self.is_proportion(), self.has_standard) {
                (true, false) => "arcsine-z",
                (true, true) => "arcsine-z; standard",
                (false, false) => "square-root-z",
                (false, true) => "square-root-z; standard",
            }),
            why: found.dispersion.err().map(|refusal| refusal.to_string()),
        }
    }

    /// Puts an authority beside its neighbours' counts together.
    fn beside_neighbours(&self, row: &mut Row, own: Option<Fraction>, pool: Option<Pooled>, country: &Country) {
        let Some(pool) = pool else { return };
        row.pooled = Some(self.per * pool.counts.numerator / pool.counts.denominator);
        row.pooled_interval = self.interval(pool.counts).map(|(interval, _)| interval);
        let (Some(own), Some(target), Some(dispersion)) = (own, country.target, country.dispersion) else { return };
        row.z_neighbours = pool.distance(own, self.transform, target, dispersion.tau2).ok();
    }
}

impl Row {
    /// Takes the label of an authority of too few children to be compared with the country.
    pub(super) fn not_labelled_if_too_small(&mut self, authority_code: &str) {
        if self.label.is_some() && TOO_SMALL.contains(&authority_code) {
            self.label = None;
            self.why = Some("it has too few children to be compared with the country".to_owned());
        }
    }

    /// Puts an authority beside the country; where a standard is to be kept, chance alone is allowed for.
    fn place(&mut self, counts: Fraction, area: Option<&AreaComparison>, too_few: Option<Refusal>, has_standard: bool) {
        let Some(area) = area else {
            self.why = Some("there is nothing to count in".to_owned());
            return;
        };
        self.z = Some(area.z);
        self.z_adjusted = area.z_adjusted;
        self.limits = Some([area.limits_95, area.limits_998]);
        self.adjusted = area.adjusted_95.zip(area.adjusted_998).map(|(inner, outer)| [inner, outer]);
        if counts.denominator < LEAST_DENOMINATOR {
            self.why = Some(format!("a denominator below {LEAST_DENOMINATOR}"));
            return;
        }
        self.label = if has_standard { Difference::of(area.z) } else { Some(area.difference) };
        self.why = too_few.map(|refusal| format!("{refusal}: chance alone is allowed for"));
    }
}
