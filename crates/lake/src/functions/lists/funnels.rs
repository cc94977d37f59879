//! Funnels, standardised distances and what they are called.

use lais_stats::{
    Adjustment, AreaFigures, Comparison, ComparisonSettings, Difference, Polarity, Refusal, Target, Transform,
    adjusted_probabilities, adjusted_z, binomial_funnel_limit, compare_areas, concern_probability, phe_quantile_bands,
    poisson_funnel_limit,
};

use super::{Aggregate, Call, Kind, Row, Scalar, Value, number};

const X: (&str, Kind) = ("x", Kind::Number);
const N: (&str, Kind) = ("n", Kind::Number);
const FAMILY: (&str, Kind) = ("family", Kind::Text);
const TARGET: (&str, Kind) = ("target", Kind::Number);

pub(super) static SCALARS: &[Scalar] = &[
    Scalar {
        name: "funnel_limit",
        arguments: &[FAMILY, TARGET, N, ("p", Kind::Number)],
        gives: Kind::Number,
        description: "The exact interpolated control limit around a target for a denominator of n with probability p below it, family 'binomial' (proportions) or 'poisson' (rates, by person); it may lie below 0.",
        example: "SELECT funnel_limit('binomial', 0.2, 150, 0.975)",
        call: Call::Row(funnel_limit),
    },
    Scalar {
        name: "funnel_z",
        arguments: &[FAMILY, X, N, TARGET],
        gives: Kind::Number,
        description: "The distance of x of n from a target in standard errors, on the arcsine scale for family 'binomial', the square-root scale for 'poisson'; exact by mid-p where fewer than 5 are expected.",
        example: "SELECT funnel_z('binomial', 45, 150, 0.2)",
        call: Call::Row(funnel_z),
    },
    number(
        "adjusted_z",
        &[("z", Kind::Number), ("s", Kind::Number), ("tau2", Kind::Number)],
        "A distance z of standard error s with the variance tau2 between areas allowed for.",
        "SELECT adjusted_z(3.2, 0.04, 0.0009)",
        |row| adjusted_z(row[0], row[1], row[2]),
    ),
    Scalar {
        name: "z_label",
        arguments: &[("z", Kind::Number)],
        gives: Kind::Text,
        description: "What a distance is called: as expected (below 1.96), worth a question (to 3.09), clearly different.",
        example: "SELECT z_label(2.4)",
        call: Call::Row(|row| Difference::of(row.numbers[0]).map(|d| Value::Text(d.text())).ok_or(Refusal::NotFinite)),
    },
    Scalar {
        name: "concern_p",
        arguments: &[("z", Kind::Number), ("polarity", Kind::Text)],
        gives: Kind::Number,
        description: "The one-sided probability of a distance as far towards the worse end; nothing without polarity.",
        example: "SELECT concern_p(2.4, 'low-is-better')",
        call: Call::Row(|row| {
            let polarity = Polarity::from_id(row.texts[0]).unwrap_or_default();
            concern_probability(row.numbers[0], polarity)?
                .map(Value::Number)
                .ok_or(Refusal::Undefined("without polarity no end is worse"))
        }),
    },
    Scalar {
        name: "bh_adjust",
        arguments: &[("p", Kind::List)],
        gives: Kind::List,
        description: "A list of probabilities adjusted for their number by Benjamini and Hochberg's rule, in the same order; missing ones stay missing and are not counted.",
        example: "SELECT bh_adjust([0.001, 0.02, 0.5])",
        call: Call::Row(|row| adjusted_probabilities(&row.lists[0], Adjustment::BenjaminiHochberg).map(Value::List)),
    },
    Scalar {
        name: "phe_bands",
        arguments: &[("values", Kind::List), ("bands", Kind::Number), ("polarity", Kind::Text)],
        gives: Kind::List,
        description: "The quantile band of each value of a list by the rule of PHEindicatormethods, 1 best; ties share a band.",
        example: "SELECT phe_bands([3.0, 1.0, 2.0, 2.0, 5.0], 5, 'low-is-better')",
        call: Call::Row(phe_bands),
    },
];

pub(super) static AGGREGATES: &[Aggregate] = &[
    Aggregate {
        name: "phi_proportion",
        columns: &["x", "n"],
        parameters: &[],
        description: "How much more areas' proportions differ than chance explains: the mean square of their winsorised distances from the pooled one (20 areas at least).",
        example: "SELECT phi_proportion(numerator, denominator) FROM headline WHERE indicator_id = 'rereferral-rate' AND geography_level = 'authority' AND period_end = '2025-03-31'",
        call: |columns, _| Ok(compared(columns, Transform::Arcsine)?.dispersion?.phi),
    },
    Aggregate {
        name: "tau2_proportion",
        columns: &["x", "n"],
        parameters: &[],
        description: "The variance between areas' proportions beyond chance, on the arcsine scale (20 areas at least).",
        example: "SELECT tau2_proportion(numerator, denominator) FROM headline WHERE indicator_id = 'rereferral-rate' AND geography_level = 'authority' AND period_end = '2025-03-31'",
        call: |columns, _| Ok(compared(columns, Transform::Arcsine)?.dispersion?.tau2),
    },
    Aggregate {
        name: "phi_rate",
        columns: &["x", "n"],
        parameters: &[],
        description: "How much more areas' rates differ than chance explains: the mean square of their winsorised distances from the pooled one (20 areas at least).",
        example: "SELECT phi_rate(numerator, denominator) FROM headline WHERE indicator_id = 'children-looked-after-rate' AND geography_level = 'authority' AND period_end = '2025-03-31'",
        call: |columns, _| Ok(compared(columns, Transform::SquareRoot)?.dispersion?.phi),
    },
    Aggregate {
        name: "tau2_rate",
        columns: &["x", "n"],
        parameters: &[],
        description: "The variance between areas' rates beyond chance, on the square-root scale (20 areas at least).",
        example: "SELECT tau2_rate(numerator, denominator) FROM headline WHERE indicator_id = 'children-looked-after-rate' AND geography_level = 'authority' AND period_end = '2025-03-31'",
        call: |columns, _| Ok(compared(columns, Transform::SquareRoot)?.dispersion?.tau2),
    },
];

const UNKNOWN_FAMILY: Refusal = Refusal::Unknown("the family is neither 'binomial' nor 'poisson'");

fn funnel_limit(row: &Row<'_>) -> Result<Value, Refusal> {
    let [target, n, p] = row.numbers[..] else { return Err(Refusal::Empty) };
    match row.texts[0] {
        "binomial" => binomial_funnel_limit(target, n, p).map(Value::Number),
        // The ratio to what is expected, in the unit of the target again.
        "poisson" => poisson_funnel_limit(n * target, p).map(|ratio| Value::Number(ratio * target)),
        _ => Err(UNKNOWN_FAMILY),
    }
}

fn funnel_z(row: &Row<'_>) -> Result<Value, Refusal> {
    let [x, n, target] = row.numbers[..] else { return Err(Refusal::Empty) };
    let transform = match row.texts[0] {
        "binomial" => Transform::Arcsine,
        "poisson" => Transform::SquareRoot,
        _ => return Err(UNKNOWN_FAMILY),
    };
    let area = AreaFigures { observed: Some(x), denominator: Some(n), included: true };
    let found = compare_areas(&[area], transform, Target::Given(target), &ComparisonSettings::default())?;
    let place = found.areas.into_iter().next().flatten();
    place.map(|area| Value::Number(area.z)).ok_or(Refusal::Zero("the denominator"))
}

fn phe_bands(row: &Row<'_>) -> Result<Value, Refusal> {
    let bands = row.numbers[0];
    if !(1.0..=1000.0).contains(&bands) || bands.fract() != 0.0 {
        return Err(Refusal::Unknown("the number of bands is a whole number from 1 to 1,000"));
    }
    let highest_first = Polarity::from_id(row.texts[0]) == Some(Polarity::HighIsBetter);
    let found = phe_quantile_bands(&row.lists[0], bands as usize, highest_first)?;
    Ok(Value::List(found.into_iter().map(|band| band.map(|band| band as f64)).collect()))
}

/// The comparison of a group's areas with what they have together.
fn compared(columns: &[Vec<f64>], transform: Transform) -> Result<Comparison, Refusal> {
    let areas: Vec<AreaFigures> = columns[0]
        .iter()
        .zip(&columns[1])
        .map(|(x, n)| AreaFigures { observed: Some(*x), denominator: Some(*n), included: true })
        .collect();
    compare_areas(&areas, transform, Target::Pooled, &ComparisonSettings::default())
}
