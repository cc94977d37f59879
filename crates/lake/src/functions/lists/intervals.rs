//! Intervals of proportions, counts, rates, ratios and differences.

use lais_stats::{
    Interval, Level, Refusal, clopper_pearson, indirectly_standardised, mean_of_summary, newcombe_difference,
    poisson_exact, rate, rate_ratio, rate_ratio_p, wilson,
};

use super::{Kind, Scalar, number};

const X: (&str, Kind) = ("x", Kind::Number);
const N: (&str, Kind) = ("n", Kind::Number);
const PER: (&str, Kind) = ("per", Kind::Number);
const LEVEL: (&str, Kind) = ("level", Kind::Number);
const PROPORTION: &[(&str, Kind)] = &[X, N, LEVEL];
const COUNT: &[(&str, Kind)] = &[X, LEVEL];
const RATE: &[(&str, Kind)] = &[X, N, PER, LEVEL];
const TWO: &[(&str, Kind)] = &[("x1", Kind::Number), ("n1", Kind::Number), ("x2", Kind::Number), ("n2", Kind::Number)];
const TWO_AT_LEVEL: &[(&str, Kind)] =
    &[("x1", Kind::Number), ("n1", Kind::Number), ("x2", Kind::Number), ("n2", Kind::Number), LEVEL];
const RATIO: &[(&str, Kind)] = &[("observed", Kind::Number), ("expected", Kind::Number), LEVEL];
const SUMMARY: &[(&str, Kind)] = &[("mean", Kind::Number), ("sd", Kind::Number), N, LEVEL];

pub(super) static SCALARS: &[Scalar] = &[
    number(
        "wilson_low",
        PROPORTION,
        "The lower end of the Wilson score interval of the proportion x of n, as a fraction.",
        "SELECT wilson_low(24, 98, 0.95)",
        |row| low(wilson(row[0], row[1], Level::new(row[2])?)?),
    ),
    number(
        "wilson_high",
        PROPORTION,
        "The upper end of the Wilson score interval of the proportion x of n, as a fraction.",
        "SELECT wilson_high(24, 98, 0.95)",
        |row| high(wilson(row[0], row[1], Level::new(row[2])?)?),
    ),
    number(
        "clopper_pearson_low",
        PROPORTION,
        "The lower end of the exact (Clopper-Pearson) interval of the proportion x of n, as a fraction.",
        "SELECT clopper_pearson_low(24, 98, 0.95)",
        |row| low(clopper_pearson(row[0], row[1], Level::new(row[2])?)?),
    ),
    number(
        "clopper_pearson_high",
        PROPORTION,
        "The upper end of the exact (Clopper-Pearson) interval of the proportion x of n, as a fraction.",
        "SELECT clopper_pearson_high(24, 98, 0.95)",
        |row| high(clopper_pearson(row[0], row[1], Level::new(row[2])?)?),
    ),
    number(
        "newcombe_low",
        TWO_AT_LEVEL,
        "The lower end of Newcombe's interval of the difference of two proportions, the second less the first, as a fraction.",
        "SELECT newcombe_low(48, 80, 56, 70, 0.95)",
        |row| low(newcombe(row)?),
    ),
    number(
        "newcombe_high",
        TWO_AT_LEVEL,
        "The upper end of Newcombe's interval of the difference of two proportions, the second less the first, as a fraction.",
        "SELECT newcombe_high(48, 80, 56, 70, 0.95)",
        |row| high(newcombe(row)?),
    ),
    number(
        "poisson_low",
        COUNT,
        "The lower end of the exact interval of a count of x events.",
        "SELECT poisson_low(4, 0.95)",
        |row| low(poisson_exact(row[0], Level::new(row[1])?)?),
    ),
    number(
        "poisson_high",
        COUNT,
        "The upper end of the exact interval of a count of x events.",
        "SELECT poisson_high(4, 0.95)",
        |row| high(poisson_exact(row[0], Level::new(row[1])?)?),
    ),
    number(
        "byar_low",
        RATE,
        "The lower end of the interval of the rate of x events in a population of n, per so many: exact below ten events, Byar's from there on.",
        "SELECT byar_low(65, 12000, 10000, 0.95)",
        |row| low(of_rate(row)?),
    ),
    number(
        "byar_high",
        RATE,
        "The upper end of the interval of the rate of x events in a population of n, per so many: exact below ten events, Byar's from there on.",
        "SELECT byar_high(65, 12000, 10000, 0.95)",
        |row| high(of_rate(row)?),
    ),
    number(
        "rate_ratio",
        TWO,
        "The ratio of the second rate, x2 of n2, to the first.",
        "SELECT rate_ratio(40, 1000, 90, 1500)",
        |row| rate_ratio(row[0], row[1], row[2], row[3], Level::P95)?.ratio.ok_or(WITHOUT_BOUND),
    ),
    number(
        "rate_ratio_low",
        TWO_AT_LEVEL,
        "The lower end of the interval of the ratio of the second rate to the first; exact where either has fewer than ten events.",
        "SELECT rate_ratio_low(40, 1000, 90, 1500, 0.95)",
        |row| Ok(rate_ratio(row[0], row[1], row[2], row[3], Level::new(row[4])?)?.low),
    ),
    number(
        "rate_ratio_high",
        TWO_AT_LEVEL,
        "The upper end of the interval of the ratio of the second rate to the first; nothing where the first counted no event, and it is without bound.",
        "SELECT rate_ratio_high(40, 1000, 90, 1500, 0.95)",
        |row| rate_ratio(row[0], row[1], row[2], row[3], Level::new(row[4])?)?.high.ok_or(WITHOUT_BOUND),
    ),
    number(
        "rate_ratio_p",
        TWO,
        "The two-sided probability that two rates differ as much or more by chance alone.",
        "SELECT rate_ratio_p(40, 1000, 90, 1500)",
        |row| rate_ratio_p(row[0], row[1], row[2], row[3]),
    ),
    number(
        "isr_low",
        RATIO,
        "The lower end of the interval of an indirectly standardised ratio, observed over expected events.",
        "SELECT isr_low(18, 12.5, 0.95)",
        |row| low(indirectly_standardised(row[0], row[1], Level::new(row[2])?)?.interval),
    ),
    number(
        "isr_high",
        RATIO,
        "The upper end of the interval of an indirectly standardised ratio, observed over expected events.",
        "SELECT isr_high(18, 12.5, 0.95)",
        |row| high(indirectly_standardised(row[0], row[1], Level::new(row[2])?)?.interval),
    ),
    number(
        "mean_low",
        SUMMARY,
        "The lower end of the interval of a mean of n values of which the standard deviation was published, by Student's distribution.",
        "SELECT mean_low(12.5, 4.0, 60, 0.95)",
        |row| low(mean_of_summary(row[0], row[1], row[2], Level::new(row[3])?)?.interval),
    ),
    number(
        "mean_high",
        SUMMARY,
        "The upper end of the interval of a mean of n values of which the standard deviation was published, by Student's distribution.",
        "SELECT mean_high(12.5, 4.0, 60, 0.95)",
        |row| high(mean_of_summary(row[0], row[1], row[2], Level::new(row[3])?)?.interval),
    ),
];

const WITHOUT_BOUND: Refusal = Refusal::Undefined("the first counted no event");

fn low(interval: Interval) -> Result<f64, Refusal> {
    Ok(interval.low)
}

fn high(interval: Interval) -> Result<f64, Refusal> {
    Ok(interval.high)
}

fn of_rate(row: &[f64]) -> Result<Interval, Refusal> {
    Ok(rate(row[0], row[1], row[2], Level::new(row[3])?)?.interval)
}

fn newcombe(row: &[f64]) -> Result<Interval, Refusal> {
    Ok(newcombe_difference(row[0], row[1], row[2], row[3], Level::new(row[4])?)?.interval)
}
