//! The figures that statistics are made of, as a Rust model reads them from the view `stg_figure`.

use std::collections::HashMap;

use arrow::array::RecordBatch;
use lais_stats::{Fraction, Measure, Polarity};
use rayon::prelude::*;

use crate::columns::Table;

/// The view.
pub(crate) const VIEW: &str = "stg_figure";

/// The headline figure of one indicator, authority and period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure<'a> {
    pub(crate) indicator_id: &'a str,
    pub(crate) authority_code: &'a str,
    /// Its place among [`Figures::authorities`].
    pub(crate) authority: usize,
    /// Days since 1 January 1970.
    pub(crate) period_end: i32,
    /// None where the indicator does not say what kind of number it is.
    pub(crate) measure: Option<Measure>,
    /// What numerator over denominator is multiplied by.
    pub(crate) per: Option<f64>,
    pub(crate) polarity: Polarity,
    /// Whether every authority is held to a standard in it.
    pub(crate) has_standard: bool,
    pub(crate) value: Option<f64>,
    pub(crate) numerator: Option<f64>,
    pub(crate) denominator: Option<f64>,
    pub(crate) status: &'a str,
    pub(crate) origin: Origin<'a>,
}

/// The row of a file that a figure is from: a shared service's figure is one row for several authorities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Origin<'a> {
    pub(crate) source_id: &'a str,
    pub(crate) row: i64,
    pub(crate) shared: bool,
}

impl<'a> Origin<'a> {
    /// The origins of a table's rows.
    ///
    /// # Errors
    /// Where a column is not there or of another kind.
    pub(crate) fn of(table: Table<'a>) -> Result<impl Fn(usize) -> Self, String> {
        let source = table.texts("source_id")?;
        let (row, shared) = (table.wholes("source_row")?, table.truths("shared_service")?);
        Ok(move |i| Self {
            source_id: source(i).unwrap_or_default(),
            row: row(i).unwrap_or_default(),
            shared: shared(i).unwrap_or_default(),
        })
    }
}

/// Of the figures of one indicator and period, the place of the one that stands for the same children: its own for all but
/// the authorities of a shared service, where it is the first that counts, or the first where none does.
pub(crate) fn firsts<'a>(figures: impl Iterator<Item = (Origin<'a>, bool)>) -> Vec<usize> {
    let figures: Vec<(Origin<'a>, bool)> = figures.collect();
    let mut first: HashMap<Origin<'_>, usize> = HashMap::new();
    for (i, (origin, counts)) in figures.iter().enumerate().filter(|(_, (origin, _))| origin.shared) {
        let seen = first.entry(*origin).or_insert(i);
        if *counts && !figures[*seen].1 {
            *seen = i;
        }
    }
    let of = |(i, (origin, _)): (usize, &(Origin<'a>, bool))| first.get(origin).copied().unwrap_or(i);
    figures.iter().enumerate().map(of).collect()
}

impl Figure<'_> {
    /// Its counts, where the figure is observed and both are published.
    ///
    /// A suppressed count is never worked out from the figure and the other count.
    pub(crate) fn fraction(&self) -> Option<Fraction> {
        self.value?;
        Some(Fraction { numerator: self.numerator?, denominator: self.denominator.filter(|n| *n > 0.0)? })
    }
}

/// Why a figure with this status is missing, in words that follow "cannot be judged".
pub(crate) fn reason(status: &str) -> String {
    match status {
        "suppressed" => "it is suppressed, so that nobody can be recognised",
        "low" => "it rounds to zero and is not zero",
        "not-applicable" => "there is nothing of the kind here",
        "not-available" => "the publisher does not have it",
        "unreliable" => "it was withheld, because the data were poor",
        other => other,
    }
    .to_owned()
}

/// The figures of the view, in order of indicator, period and authority.
pub(crate) struct Figures<'a> {
    /// The codes of all authorities that have a row, in order; a figure's `authority` counts on them.
    pub(crate) authorities: Vec<&'a str>,
    pub(crate) all: Vec<Figure<'a>>,
}

impl<'a> Figures<'a> {
    /// # Errors
    /// Where a column is not there or of another kind.
    pub(crate) fn read(batch: &'a RecordBatch) -> Result<Self, String> {
        let table = Table::new(VIEW, batch);
        let (indicators, authorities) = (table.texts("indicator_id")?, table.texts("authority_code")?);
        let (measure, polarity, status) = (table.texts("measure")?, table.texts("polarity")?, table.texts("status")?);
        let (value, numerator) = (table.numbers("value")?, table.numbers("numerator")?);
        let (denominator, multiplier) = (table.numbers("denominator")?, table.wholes("multiplier")?);
        let (period, origin) = (table.days("period_end")?, Origin::of(table)?);
        let has_standard = table.truths("has_standard")?;
        let rows = 0..batch.num_rows();
        let (indicators, places) = in_order(rows.clone().map(|i| indicators(i).unwrap_or_default()));
        let (authorities, of_authorities) = in_order(rows.clone().map(|i| authorities(i).unwrap_or_default()));
        // Numbers in the place of names: a million of them are sorted in no time.
        let period = |i: usize| period(i).unwrap_or_default();
        let mut order: Vec<usize> = rows.collect();
        order.par_sort_unstable_by_key(|i| (places[*i], period(*i), of_authorities[*i], *i));
        let figure = |i: usize| Figure {
            indicator_id: indicators[places[i]],
            authority_code: authorities[of_authorities[i]],
            authority: of_authorities[i],
            period_end: period(i),
            measure: measure(i).and_then(Measure::from_id),
            per: multiplier(i).map(|per| per as f64),
            polarity: polarity(i).and_then(Polarity::from_id).unwrap_or_default(),
            has_standard: has_standard(i).unwrap_or_default(),
            value: value(i),
            numerator: numerator(i),
            denominator: denominator(i),
            status: status(i).unwrap_or_default(),
            origin: origin(i),
        };
        let all = order.into_par_iter().map(figure).collect();
        Ok(Self { authorities, all })
    }
}

/// The different names among some, in order, and of each its place there.
fn in_order<'a>(names: impl Iterator<Item = &'a str>) -> (Vec<&'a str>, Vec<usize>) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut first_seen = |name: &'a str| {
        let next = seen.len();
        *seen.entry(name).or_insert(next)
    };
    let mut places: Vec<usize> = names.map(&mut first_seen).collect();
    let mut different: Vec<(&str, usize)> = seen.into_iter().collect();
    different.sort_unstable();
    let mut place_of = vec![0; different.len()];
    for (place, (_, seen)) in different.iter().enumerate() {
        place_of[*seen] = place;
    }
    places.iter_mut().for_each(|place| *place = place_of[*place]);
    (different.into_iter().map(|(name, _)| name).collect(), places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_shared_service_the_first_that_counts_stands_for_all() {
        let own = |row| Origin { source_id: "s", row, shared: false };
        let shared = |row| Origin { source_id: "s", row, shared: true };
        let figures = [
            (own(1), true),
            (shared(2), false),
            (shared(2), true),
            (shared(2), true),
            (own(2), false),
            (shared(3), false),
            (shared(3), false),
        ];
        assert_eq!(firsts(figures.into_iter()), [0, 2, 2, 2, 4, 5, 5]);
    }
}
