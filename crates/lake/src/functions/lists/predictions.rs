//! What a prediction was worth, of rows with an outcome of 1 or 0.

use lais_stats::{
    RankingAtK, Refusal, auc, brier_score, calibration_in_the_large, calibration_slope, log_loss, net_benefit,
    ranking_at_k, somers_d,
};

use super::Aggregate;

pub(super) static AGGREGATES: &[Aggregate] = &[
    Aggregate {
        name: "auc",
        columns: &["outcome", "score"],
        parameters: &[],
        description: "The area under the curve: how likely a row with outcome 1 has a higher score than one with outcome 0, ties counting half.",
        example: "SELECT auc(outcome, score) FROM (VALUES (1.0, 0.9), (0.0, 0.4), (1.0, 0.4)) AS t (outcome, score)",
        call: |columns, _| auc(&outcomes(&columns[0])?, &columns[1]),
    },
    Aggregate {
        name: "somers_d",
        columns: &["outcome", "score"],
        parameters: &[],
        description: "Somers' D of scores against outcomes that are whole numbers in order, such as grades: right pairs less wrong ones, of all pairs with different outcomes.",
        example: "SELECT somers_d(outcome, score) FROM (VALUES (1, 0.2), (2, 0.4), (3, 0.3), (4, 0.9)) AS t (outcome, score)",
        call: |columns, _| somers_d(&grades(&columns[0])?, &columns[1]),
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
        name: "log_loss",
        columns: &["outcome", "p"],
        parameters: &[],
        description: "The mean of the negative logarithms of the probabilities of what came about: 0 is perfect.",
        example: "SELECT log_loss(outcome, p) FROM (VALUES (1.0, 0.9), (0.0, 0.4), (1.0, 0.4)) AS t (outcome, p)",
        call: |columns, _| log_loss(&outcomes(&columns[0])?, &columns[1]),
    },
    Aggregate {
        name: "calibration_in_the_large",
        columns: &["outcome", "p"],
        parameters: &[],
        description: "The log odds to add to every probability for them to be right on the whole: above 0 they are too low.",
        example: "SELECT calibration_in_the_large(outcome, p) FROM (VALUES (1.0, 0.7), (0.0, 0.4), (1.0, 0.4), (0.0, 0.6)) AS t (outcome, p)",
        call: |columns, _| calibration_in_the_large(&outcomes(&columns[0])?, &columns[1]),
    },
    Aggregate {
        name: "calibration_slope",
        columns: &["outcome", "p"],
        parameters: &[],
        description: "The slope of outcomes on the log odds of their probabilities: 1 is right, below 1 the probabilities are too extreme.",
        example: "SELECT calibration_slope(outcome, p) FROM (VALUES (1.0, 0.7), (0.0, 0.4), (1.0, 0.4), (0.0, 0.6)) AS t (outcome, p)",
        call: |columns, _| Ok(calibration_slope(&outcomes(&columns[0])?, &columns[1])?.slope),
    },
    Aggregate {
        name: "precision_at_k",
        columns: &["outcome", "score"],
        parameters: &["k"],
        description: "The share with outcome 1 among the k rows of greatest score; of rows that tie at the cut as many as there is room for, in expectation.",
        example: "SELECT precision_at_k(outcome, score, 2) FROM (VALUES (1.0, 0.9), (0.0, 0.4), (1.0, 0.4)) AS t (outcome, score)",
        call: |columns, parameters| Ok(at_k(columns, parameters[0])?.precision),
    },
    Aggregate {
        name: "recall_at_k",
        columns: &["outcome", "score"],
        parameters: &["k"],
        description: "The share of all rows with outcome 1 that are among the k of greatest score.",
        example: "SELECT recall_at_k(outcome, score, 2) FROM (VALUES (1.0, 0.9), (0.0, 0.4), (1.0, 0.4)) AS t (outcome, score)",
        call: |columns, parameters| {
            at_k(columns, parameters[0])?.recall.ok_or(Refusal::Undefined("no row has the outcome"))
        },
    },
    Aggregate {
        name: "net_benefit",
        columns: &["outcome", "p"],
        parameters: &["threshold"],
        description: "The net benefit of acting where the probability is at least the threshold t: right less wrong rows, these weighted by t / (1 - t), of all.",
        example: "SELECT net_benefit(outcome, p, 0.3) FROM (VALUES (1.0, 0.9), (0.0, 0.4), (1.0, 0.4)) AS t (outcome, p)",
        call: |columns, parameters| Ok(net_benefit(&outcomes(&columns[0])?, &columns[1], parameters[0])?.model),
    },
];

fn outcomes(column: &[f64]) -> Result<Vec<bool>, Refusal> {
    let as_outcome = |value: &f64| match *value {
        0.0 => Ok(false),
        1.0 => Ok(true),
        _ => Err(Refusal::Unknown("an outcome is 0 or 1")),
    };
    column.iter().map(as_outcome).collect()
}

fn grades(column: &[f64]) -> Result<Vec<i32>, Refusal> {
    let is_grade = |value: &f64| value.fract() == 0.0 && value.abs() < 1e9;
    match column.iter().all(is_grade) {
        true => Ok(column.iter().map(|value| *value as i32).collect()),
        false => Err(Refusal::Unknown("an outcome is a whole number")),
    }
}

fn at_k(columns: &[Vec<f64>], k: f64) -> Result<RankingAtK, Refusal> {
    if k.fract() != 0.0 || !(1.0..1e9).contains(&k) {
        return Err(Refusal::Unknown("the number to take is a whole number from 1 on"));
    }
    ranking_at_k(&outcomes(&columns[0])?, &columns[1], k as usize)
}
