//! The score as it would have been from the figures of another day, for the backtest.

use std::collections::HashMap;

use lais_stats::Difference;

use super::plan::Plan;
use super::score::Believed;
use crate::attention::Examined;
use crate::figures::{Figure, Figures};
use crate::funnel::{Group, Row, compare_alone};

/// By authority its score, where it has one, from the observed figures of a day.
///
/// As in `risk`, each indicator stands with its latest period, but for those that ended before the day `oldest` (since 1
/// January 1970); `criterion_of` says what an indicator speaks to.
///
/// # Errors
/// Where the file of weights is none.
pub(crate) fn scores_on_a_day<'a>(
    figures: &Figures<'_>,
    oldest: i32,
    criterion_of: impl Fn(&str) -> Option<&'a str>,
) -> Result<HashMap<String, f64>, String> {
    let plan = Plan::built_in()?;
    let mut latest = Vec::new();
    for of_indicator in figures.all.chunk_by(|a, b| a.indicator_id == b.indicator_id) {
        let of_periods = of_indicator.chunk_by(|a, b| a.period_end == b.period_end);
        latest.extend(of_periods.rev().find(|of_period| of_period[0].period_end >= oldest));
    }
    let compared = latest.into_iter().filter_map(|of_period| {
        let criterion_id = criterion_of(of_period[0].indicator_id)?;
        Some((compare_alone(of_period, figures.authorities.len()), criterion_id))
    });
    let compared: Vec<(Group<'_>, &str)> = compared.collect();
    let all: Vec<Examined<'_>> =
        compared.iter().flat_map(|(group, criterion_id)| examined(group, criterion_id)).collect();
    let believed = Believed::new(&all, &plan);
    // Where nothing can be scored, nobody has a score.
    let scores = believed.composites(&plan).unwrap_or_default();
    let scored = believed.authorities.iter().zip(scores);
    Ok(scored.filter_map(|(code, score)| Some(((*code).to_owned(), score.ok()?.score))).collect())
}

/// What a score asks of the figures of one indicator and period.
fn examined<'a>(group: &'a Group<'a>, criterion_id: &'a str) -> Vec<Examined<'a>> {
    let one = |(figure, row): (&Figure<'a>, &Row)| Examined {
        indicator_id: figure.indicator_id,
        authority_code: figure.authority_code,
        period_end: figure.period_end,
        measure: figure.measure,
        polarity: figure.polarity,
        criterion_id: Some(criterion_id),
        value: figure.value,
        counts: figure.fraction(),
        target_fraction: group.country.target,
        reliability: group.country.dispersion.map(|dispersion| dispersion.reliability),
        label: row.label.map(Difference::text),
        origin: figure.origin,
        ..Examined::default()
    };
    group.figures.iter().zip(&group.rows).map(one).collect()
}
