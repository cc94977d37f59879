//! What is believed when chance is allowed for.

use lais_stats::{
    Belief, Level, MarshallFamily, Polarity, RankBelief, RankDraws, RankedArea, RateBelief, Refusal, StandardisedRate,
    Stratum, directly_standardised, marshall, random_effects, rank_beliefs, shrunken_mean,
};

use super::{Aggregate, Call, Kind, Row, Scalar, Value, complete, number};

const EVENTS: (&str, Kind) = ("events", Kind::Number);
const EXPOSURE: (&str, Kind) = ("exposure", Kind::Number);
const SHAPE: (&str, Kind) = ("shape", Kind::Number);
const INVERSE_SCALE: (&str, Kind) = ("inverse_scale", Kind::Number);
const LEVEL: (&str, Kind) = ("level", Kind::Number);

pub(super) static SCALARS: &[Scalar] = &[
    number(
        "gamma_poisson_mean",
        &[EVENTS, EXPOSURE, SHAPE, INVERSE_SCALE],
        "The believed rate of an area after so many events in an exposure, from a gamma distribution of all areas' rates: (shape + events) / (inverse scale + exposure).",
        "SELECT gamma_poisson_mean(3, 12.5, 4.0, 20.0)",
        |row| Ok(posterior(row)?.mean()),
    ),
    number(
        "gamma_poisson_low",
        &[EVENTS, EXPOSURE, SHAPE, INVERSE_SCALE, LEVEL],
        "The lower end of the interval in which an area's rate is believed to lie.",
        "SELECT gamma_poisson_low(3, 12.5, 4.0, 20.0, 0.95)",
        |row| Ok(posterior(row)?.interval(Level::new(row[4])?)?.low),
    ),
    number(
        "gamma_poisson_high",
        &[EVENTS, EXPOSURE, SHAPE, INVERSE_SCALE, LEVEL],
        "The upper end of the interval in which an area's rate is believed to lie.",
        "SELECT gamma_poisson_high(3, 12.5, 4.0, 20.0, 0.95)",
        |row| Ok(posterior(row)?.interval(Level::new(row[4])?)?.high),
    ),
    number(
        "shrunken_mean",
        &[("y", Kind::Number), ("variance", Kind::Number), ("mean", Kind::Number), ("tau2", Kind::Number)],
        "An estimate drawn towards the mean of all areas, the more the less sure it is: mean + tau2 / (tau2 + variance) (y - mean).",
        "SELECT shrunken_mean(0.31, 0.002, 0.25, 0.001)",
        |row| shrunken_mean(row[0], row[1], row[2], row[3]),
    ),
    Scalar {
        name: "marshall",
        arguments: &[("x", Kind::List), ("n", Kind::List)],
        gives: Kind::List,
        description: "The rate of each area, x events of n people, drawn towards the rate of all by Marshall's moments.",
        example: "SELECT marshall([3, 9, 1], [100.0, 120.0, 80.0])",
        call: Call::Row(|row| {
            let (x, n) = (complete(&row.lists[0])?, complete(&row.lists[1])?);
            let estimate = marshall(&x, &n, MarshallFamily::Poisson)?.estimate;
            Ok(Value::List(estimate.into_iter().map(Some).collect()))
        }),
    },
    Scalar {
        name: "rank_low",
        arguments: RANKED,
        gives: Kind::List,
        description: "The least rank that each area may have, 1 the best: of 95 per cent of 2,000 draws from normal beliefs with these means and standard deviations, in the order of the lists. The draws are the same each time.",
        example: "SELECT rank_low([10.0, 12.5, 19.0], [1.0, 2.0, 1.5], 'low-is-better')",
        call: Call::Row(|row| ranks(row, |rank| rank.low as f64)),
    },
    Scalar {
        name: "rank_high",
        arguments: RANKED,
        gives: Kind::List,
        description: "The greatest rank that each area may have, as rank_low.",
        example: "SELECT rank_high([10.0, 12.5, 19.0], [1.0, 2.0, 1.5], 'low-is-better')",
        call: Call::Row(|row| ranks(row, |rank| rank.high as f64)),
    },
];

const RANKED: &[(&str, Kind)] = &[("means", Kind::List), ("sds", Kind::List), ("polarity", Kind::Text)];

/// The seed of drawn ranks; a query that is asked again has the same answer.
const SEED: u64 = 1;

pub(super) static AGGREGATES: &[Aggregate] = &[
    Aggregate {
        name: "dl_mean",
        columns: &["y", "variance"],
        parameters: &[],
        description: "The mean of estimates by DerSimonian and Laird's random effects.",
        example: "SELECT dl_mean(y, v) FROM (VALUES (0.1, 0.01), (0.4, 0.02), (0.2, 0.015)) AS t (y, v)",
        call: |columns, _| Ok(random_effects(&columns[0], &columns[1])?.mu),
    },
    Aggregate {
        name: "dl_tau2",
        columns: &["y", "variance"],
        parameters: &[],
        description: "The variance of true values between areas by DerSimonian and Laird, never below 0.",
        example: "SELECT dl_tau2(y, v) FROM (VALUES (0.1, 0.01), (0.4, 0.02), (0.2, 0.015)) AS t (y, v)",
        call: |columns, _| Ok(random_effects(&columns[0], &columns[1])?.tau2),
    },
    Aggregate {
        name: "marshall_mean",
        columns: &["x", "n"],
        parameters: &[],
        description: "The mean of areas' rates by Marshall's moments, which is the pooled rate: all events of all people.",
        example: "SELECT marshall_mean(x, n) FROM (VALUES (3, 100.0), (9, 120.0), (1, 80.0)) AS t (x, n)",
        call: |columns, _| Ok(marshall(&columns[0], &columns[1], MarshallFamily::Poisson)?.mean),
    },
    Aggregate {
        name: "marshall_variance",
        columns: &["x", "n"],
        parameters: &[],
        description: "The variance of true rates between areas by Marshall's moments, never below 0.",
        example: "SELECT marshall_variance(x, n) FROM (VALUES (3, 100.0), (9, 120.0), (1, 80.0)) AS t (x, n)",
        call: |columns, _| Ok(marshall(&columns[0], &columns[1], MarshallFamily::Poisson)?.variance),
    },
    Aggregate {
        name: "dsr",
        columns: &["events", "population", "standard"],
        parameters: &["per"],
        description: "The directly standardised rate per so many, a row a band of the population; nothing below ten events.",
        example: "SELECT dsr(events, population, standard, 1000) FROM (VALUES (12, 800, 60), (30, 900, 40)) AS t (events, population, standard)",
        call: |columns, parameters| Ok(standardised(columns, parameters[0], Level::P95)?.value),
    },
    Aggregate {
        name: "dsr_low",
        columns: &["events", "population", "standard"],
        parameters: &["per", "level"],
        description: "The lower end of the interval of a directly standardised rate, by Dobson and others.",
        example: "SELECT dsr_low(events, population, standard, 1000, 0.95) FROM (VALUES (12, 800, 60), (30, 900, 40)) AS t (events, population, standard)",
        call: |columns, parameters| Ok(standardised(columns, parameters[0], Level::new(parameters[1])?)?.interval.low),
    },
    Aggregate {
        name: "dsr_high",
        columns: &["events", "population", "standard"],
        parameters: &["per", "level"],
        description: "The upper end of the interval of a directly standardised rate, by Dobson and others.",
        example: "SELECT dsr_high(events, population, standard, 1000, 0.95) FROM (VALUES (12, 800, 60), (30, 900, 40)) AS t (events, population, standard)",
        call: |columns, parameters| Ok(standardised(columns, parameters[0], Level::new(parameters[1])?)?.interval.high),
    },
];

/// Something of the rank of each area; of one without a mean or a deviation nothing.
fn ranks(row: &Row<'_>, told: fn(RankBelief) -> f64) -> Result<Value, Refusal> {
    let (means, sds) = (&row.lists[0], &row.lists[1]);
    if means.len() != sds.len() {
        return Err(Refusal::LengthsDiffer("means and standard deviations"));
    }
    let polarity = Polarity::from_id(row.texts[0]).unwrap_or_default();
    let belief = |(mean, sd): (&Option<f64>, &Option<f64>)| Some(Belief::Normal { mean: (*mean)?, sd: (*sd)? });
    let areas = means.iter().zip(sds).map(belief).zip(0..).map(|(belief, key)| RankedArea { key, belief });
    let ranks = rank_beliefs(&areas.collect::<Vec<_>>(), polarity, RankDraws::usual(SEED))?;
    Ok(Value::List(ranks.into_iter().map(|rank| rank.map(told)).collect()))
}

fn posterior(row: &[f64]) -> Result<RateBelief, Refusal> {
    RateBelief::gamma(row[2], row[3])?.updated(row[0], row[1])
}

fn standardised(columns: &[Vec<f64>], per: f64, level: Level) -> Result<StandardisedRate, Refusal> {
    let strata: Vec<Stratum> = (0..columns[0].len())
        .map(|i| Stratum { events: columns[0][i], population: columns[1][i], standard: columns[2][i] })
        .collect();
    directly_standardised(&strata, per, level)
}
