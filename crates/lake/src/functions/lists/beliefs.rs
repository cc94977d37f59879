//! What is believed when chance is allowed for, and what a prediction was worth.

use lais_stats::{
    Level, RateBelief, Refusal, StandardisedRate, Stratum, auc, brier_score, directly_standardised, random_effects,
    shrunken_mean,
};

use super::{Aggregate, Kind, Scalar, number};

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
];

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
        name: "auc",
        columns: &["outcome", "score"],
        parameters: &[],
        description: "The area under the curve: how likely a row with outcome 1 has a higher score than one with outcome 0, ties counting half.",
        example: "SELECT auc(outcome, score) FROM (VALUES (1.0, 0.9), (0.0, 0.4), (1.0, 0.4)) AS t (outcome, score)",
        call: |columns, _| auc(&outcomes(&columns[0])?, &columns[1]),
    },
    Aggregate {
        name: "brier",
        columns: &["outcome", "p"],
        parameters: &[],
        description: "The mean square of probabilities less outcomes (1 or 0): 0 is perfect.",
        example: "SELECT brier(outcome, p) FROM (VALUES (1.0, 0.9), (0.0, 0.4), (1.0, 0.4)) AS t (outcome, p)",
        call: |columns, _| brier_score(&outcomes(&columns[0])?, &columns[1]),
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

fn posterior(row: &[f64]) -> Result<RateBelief, Refusal> {
    RateBelief::gamma(row[2], row[3])?.updated(row[0], row[1])
}

fn outcomes(column: &[f64]) -> Result<Vec<bool>, Refusal> {
    let as_outcome = |value: &f64| match *value {
        0.0 => Ok(false),
        1.0 => Ok(true),
        _ => Err(Refusal::Unknown("an outcome is 0 or 1")),
    };
    column.iter().map(as_outcome).collect()
}

fn standardised(columns: &[Vec<f64>], per: f64, level: Level) -> Result<StandardisedRate, Refusal> {
    let strata: Vec<Stratum> = (0..columns[0].len())
        .map(|i| Stratum { events: columns[0][i], population: columns[1][i], standard: columns[2][i] })
        .collect();
    directly_standardised(&strata, per, level)
}
