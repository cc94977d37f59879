//! Whether a concern survives a change of what it was found by.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use lais_stats::{
    AreaFigures, ComparisonSettings, Fraction, Polarity, Target, Transform, adjusted_z, compare_areas,
    concern_probability, phe_quantile_bands,
};

use super::examined::Examined;
use super::sentences::Thresholds;
use crate::columns::Table;
use crate::funnel::{Pooled, Sets, TOO_SMALL};

/// What a concern survives; none where there is nothing to try it by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Survives {
    /// Whether it is in the worst quarter by the rule of the Local Authority Interactive Tool and by that of
    /// PHEindicatormethods.
    pub(super) quartile_rule: Option<bool>,
    /// Whether it is beyond the neighbours' pooled figure by every set of neighbours that is held.
    pub(super) neighbour_set: Option<bool>,
    /// Whether it would be on the list with one child fewer, or more, on the side of concern.
    pub(super) one_child: Option<bool>,
    /// Whether it holds on the mean of the last three years with any one of them left out.
    pub(super) leave_one_year_out: Option<bool>,
}

/// What concerns are tried by.
pub(super) struct Trials<'a> {
    /// All sets of neighbours, by id.
    sets: BTreeMap<&'a str, Sets<'a>>,
    /// How far a concern must still be on its side.
    survives: f64,
    /// The q value up to which a concern is on the list.
    false_discovery_rate: f64,
    /// The p values of all tests, in ascending order.
    p: Vec<f64>,
}

impl<'a> Trials<'a> {
    /// Reads `stg_neighbour_sets`.
    pub(super) fn new(batch: &'a RecordBatch, by: &Thresholds, tested: &[f64]) -> Result<Self, String> {
        let id = Table::new("stg_neighbour_sets", batch).texts("set_id")?;
        let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for i in 0..batch.num_rows() {
            rows.entry(id(i).unwrap_or_default()).or_default().push(i);
        }
        let sets = rows.into_iter().map(|(id, rows)| Ok((id, Sets::read_rows(batch, &rows)?)));
        let mut p = tested.to_vec();
        p.sort_unstable_by(f64::total_cmp);
        let sets = sets.collect::<Result<_, String>>()?;
        Ok(Self { sets, survives: by.survives, false_discovery_rate: by.false_discovery_rate, p })
    }

    /// Tries the concern of the figure at `place` among all figures of its indicator, in order of authority.
    pub(super) fn of(&self, figures: &[Examined<'_>], place: usize) -> Survives {
        let figure = &figures[place];
        Survives {
            quartile_rule: quartile_rule(figures, place),
            neighbour_set: self.neighbour_set(figures, figure),
            one_child: self.one_child(figure),
            leave_one_year_out: self.leave_one_year_out(figure),
        }
    }

    fn neighbour_set(&self, figures: &[Examined<'_>], figure: &Examined<'_>) -> Option<bool> {
        let counts_of = |code: &str| {
            let place = figures.binary_search_by_key(&code, |f| f.authority_code).ok();
            place.filter(|_| !TOO_SMALL.contains(&code)).and_then(|i| figures[i].counts)
        };
        let (own, transform) = (figure.counts?, Transform::of(figure.measure?)?);
        let beyond = |sets: &Sets<'_>| {
            let pool = Pooled::of(sets.of(figure.authority_code).filter_map(counts_of))?;
            let z = pool.distance(own, transform, figure.target_fraction?, allowed_for(figure)?).ok()?;
            Some(figure.towards_worse(z)? >= self.survives)
        };
        let found: Vec<bool> = self.sets.values().filter_map(beyond).collect();
        (found.len() > 1).then(|| found.into_iter().all(|beyond| beyond))
    }

    /// One child moved to the side that is better, in the numerator alone.
    fn one_child(&self, figure: &Examined<'_>) -> Option<bool> {
        let (counts, transform) = (figure.counts?, Transform::of(figure.measure?)?);
        let step = match figure.polarity {
            Polarity::LowIsBetter => -1.0,
            Polarity::HighIsBetter => 1.0,
            Polarity::None => return None,
        };
        // Full-time equivalents are no children.
        if counts.numerator.fract() != 0.0 || (transform == Transform::Arcsine && counts.denominator.fract() != 0.0) {
            return None;
        }
        let numerator = (counts.numerator + step).max(0.0);
        let numerator = if transform == Transform::Arcsine { numerator.min(counts.denominator) } else { numerator };
        let tau2 = allowed_for(figure).unwrap_or(0.0);
        let z = distance(Fraction { numerator, ..counts }, transform, figure.target_fraction?, tau2)?;
        let before = concern_probability(figure.z?, figure.polarity).ok()??;
        Some(self.would_be_listed(before, concern_probability(z, figure.polarity).ok()??))
    }

    /// Whether a concern would be on the list with a greater p value in the place of its own, all others as they are.
    ///
    /// It is where for some p value `t` not below the new one `m t / k` is within the rate, with `k` the number of tests
    /// up to `t`: Benjamini and Hochberg's rule, without adjusting all of them again.
    fn would_be_listed(&self, before: f64, now: f64) -> bool {
        let tests = self.p.len() as f64;
        let within = |t: f64, rank: usize| tests * t <= self.false_discovery_rate * rank as f64;
        // Its own former value is no longer among those up to `now`.
        let up_to_now = self.p.partition_point(|p| *p <= now) - usize::from(before <= now) + 1;
        within(now, up_to_now)
            || (self.p.partition_point(|p| *p <= now)..self.p.len()).any(|i| within(self.p[i], i + 1))
    }

    fn leave_one_year_out(&self, figure: &Examined<'_>) -> Option<bool> {
        let years = [figure.z?, figure.z_before[0]?, figure.z_before[1]?];
        let worse = years.map(|z| figure.towards_worse(z).unwrap_or(0.0));
        let total: f64 = worse.iter().sum();
        Some(worse.iter().all(|left_out| (total - left_out) / 2.0 >= self.survives))
    }
}

/// The variance between authorities that is allowed for: none where a standard is to be kept.
fn allowed_for(figure: &Examined<'_>) -> Option<f64> {
    if figure.standard.is_some() { Some(0.0) } else { figure.tau2 }
}

/// Whether a figure is in the worst quarter by both rules.
fn quartile_rule(figures: &[Examined<'_>], place: usize) -> Option<bool> {
    let values: Vec<Option<f64>> = figures.iter().map(|figure| figure.value).collect();
    let is_worst_by_tool = figures[place].quartile_band? == "D";
    // Band 4 is the worst: the highest values first where high is better.
    let highest_first = figures[place].polarity == Polarity::HighIsBetter;
    let band = phe_quantile_bands(&values, 4, highest_first).ok()?[place]?;
    Some(is_worst_by_tool && band == 4)
}

/// The distance of counts from a given target, with a variance between authorities that is given too.
fn distance(counts: Fraction, transform: Transform, target: f64, tau2: f64) -> Option<f64> {
    let area = AreaFigures { observed: Some(counts.numerator), denominator: Some(counts.denominator), included: true };
    let alone = compare_areas(&[area], transform, Target::Given(target), &ComparisonSettings::default()).ok()?;
    let found = alone.areas.into_iter().next()??;
    adjusted_z(found.z, found.s, tau2).ok()
}

#[cfg(test)]
mod tests {
    use lais_stats::{Adjustment, adjusted_probabilities};
    use proptest::prelude::*;

    use super::*;

    fn trials(p: &[f64]) -> Trials<'static> {
        let mut p = p.to_vec();
        p.sort_unstable_by(f64::total_cmp);
        Trials { sets: BTreeMap::new(), survives: 1.96, false_discovery_rate: 0.1, p }
    }

    proptest! {
        #[test]
        fn a_moved_probability_is_listed_as_if_all_were_adjusted_again(
            mut p in proptest::collection::vec(0.0..0.2f64, 1..30), place in 0usize..30, more in 0.0..0.2f64,
        ) {
            let place = place % p.len();
            let (trials, before) = (trials(&p), p[place]);
            p[place] = before + more;
            let all: Vec<Option<f64>> = p.iter().copied().map(Some).collect();
            let q = adjusted_probabilities(&all, Adjustment::BenjaminiHochberg).unwrap()[place].unwrap();
            // A q value at the bound may fall on either side by rounding.
            prop_assume!((q - 0.1).abs() > 1e-12);
            prop_assert_eq!(trials.would_be_listed(before, p[place]), q <= 0.1);
        }
    }
}
