//! Series: trends and control charts, of lists in the order of time (`array_agg(value ORDER BY period_end)`).

use lais_stats::{
    CountModel, CusumDesign, Estimate, FivePoints, Footing, Fraction, Interval, MannKendall, Refusal, XmrOptions,
    XmrPhase, cusum, estimate_trend, ewma, mann_kendall, proportion_trend, xmr,
};

use super::{Call, Kind, Row, Scalar, Value, complete};

const X: (&str, Kind) = ("x", Kind::List);
const N: (&str, Kind) = ("n", Kind::List);
const VALUES: (&str, Kind) = ("values", Kind::List);
const LOW: (&str, Kind) = ("low", Kind::List);
const HIGH: (&str, Kind) = ("high", Kind::List);
const COUNTS: (&str, Kind) = ("counts", Kind::List);
const EXPECTED: (&str, Kind) = ("expected", Kind::List);

pub(super) static SCALARS: &[Scalar] = &[
    of_row(
        "trend_chi2",
        &[X, N],
        Kind::Number,
        "The chi-squared of the recent trend of five proportions, lists of x and of n oldest first (Cochran and Armitage).",
        "SELECT trend_chi2([30, 28, 25, 24, 20], [100, 100, 100, 100, 100])",
        |row| Ok(Value::Number(proportion_trend(&fractions(row)?)?.chi_squared)),
    ),
    of_row(
        "trend_marker",
        &[X, N],
        Kind::Text,
        "The recent trend of five proportions by Fingertips' rule: increasing, decreasing or no-change.",
        "SELECT trend_marker([300, 280, 250, 240, 200], [1000, 1000, 1000, 1000, 1000])",
        |row| Ok(Value::Text(proportion_trend(&fractions(row)?)?.marker().id())),
    ),
    of_row(
        "trend_chi2_value",
        &[VALUES, LOW, HIGH],
        Kind::Number,
        "The chi-squared of the recent trend of five values with 95 per cent limits, oldest first.",
        "SELECT trend_chi2_value([5.0, 5.5, 6.0, 6.2, 7.0], [4.5, 5.0, 5.5, 5.7, 6.5], [5.5, 6.0, 6.5, 6.7, 7.5])",
        |row| Ok(Value::Number(estimate_trend(&estimates(row)?)?.chi_squared)),
    ),
    of_row(
        "trend_marker_value",
        &[VALUES, LOW, HIGH],
        Kind::Text,
        "The recent trend of five values with 95 per cent limits by Fingertips' rule.",
        "SELECT trend_marker_value([5.0, 5.5, 6.0, 6.2, 7.0], [4.5, 5.0, 5.5, 5.7, 6.5], [5.5, 6.0, 6.5, 6.7, 7.5])",
        |row| Ok(Value::Text(estimate_trend(&estimates(row)?)?.marker().id())),
    ),
    of_row(
        "theil_sen_slope",
        &[VALUES],
        Kind::Number,
        "The median slope between all pairs of a series of eight years or more, oldest first.",
        "SELECT theil_sen_slope([3, 4, 4, 5, 7, 7, 8, 9])",
        |row| Ok(Value::Number(long_trend(row)?.slope)),
    ),
    of_row(
        "mann_kendall_p",
        &[VALUES],
        Kind::Number,
        "The two-sided probability that a series of eight years or more has no trend, corrected for ties and autocorrelation.",
        "SELECT mann_kendall_p([3, 4, 4, 5, 7, 7, 8, 9])",
        |row| Ok(Value::Number(long_trend(row)?.corrected_p_value)),
    ),
    of_row(
        "xmr_mean",
        &[VALUES],
        Kind::Number,
        "The mean of an XmR chart of eight points or more.",
        "SELECT xmr_mean([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 7, 6, 5])",
        |row| Ok(Value::Number(chart(row)?.mean)),
    ),
    of_row(
        "xmr_low",
        &[VALUES],
        Kind::Number,
        "The lower limit of an XmR chart of eight points or more (thirteen for firm limits): the mean less 2.66 times the average moving range.",
        "SELECT xmr_low([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 7, 6, 5])",
        |row| Ok(Value::Number(limits(row)?.low)),
    ),
    of_row(
        "xmr_high",
        &[VALUES],
        Kind::Number,
        "The upper limit of an XmR chart of eight points or more (thirteen for firm limits): the mean and 2.66 times the average moving range.",
        "SELECT xmr_high([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 7, 6, 5])",
        |row| Ok(Value::Number(limits(row)?.high)),
    ),
    of_row(
        "xmr_causes",
        &[VALUES],
        Kind::Texts,
        "For each point of an XmR chart the first rule of Making Data Count that it falls under, upwards or downwards: above-limits, rising, two-of-three-above, shift-above and their opposites; nothing for common cause.",
        "SELECT xmr_causes([5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 7, 6, 19])",
        |row| {
            Footing::of(row.lists[0].len())?;
            let points = xmr(&row.lists[0], &XmrOptions { screen: true, ..XmrOptions::default() })?.points;
            Ok(Value::Texts(points.into_iter().map(|point| Some(point.special_cause?.id())).collect()))
        },
    ),
    of_row(
        "cusum",
        &[COUNTS, EXPECTED, ("rate_ratio", Kind::Number)],
        Kind::List,
        "The likelihood-ratio Poisson CUSUM of counts against expected counts, looking for a rate that is so many times as high; without reset.",
        "SELECT cusum([2, 1, 4, 6, 7], [2.0, 2.0, 2.0, 2.0, 2.0], 2)",
        |row| {
            let (counts, expected) = (complete(&row.lists[0])?, complete(&row.lists[1])?);
            let sums = cusum(&counts, &expected, CusumDesign::new(CountModel::Poisson, row.numbers[0])?)?;
            Ok(Value::List(sums.into_iter().map(Some).collect()))
        },
    ),
    of_row(
        "ewma",
        &[COUNTS, EXPECTED, ("lambda", Kind::Number)],
        Kind::List,
        "The exponentially weighted moving average of Pearson residuals of counts against expected counts.",
        "SELECT ewma([2, 1, 4, 6, 7], [2.0, 2.0, 2.0, 2.0, 2.0], 0.2)",
        |row| {
            let points = ewma(&complete(&row.lists[0])?, &complete(&row.lists[1])?, row.numbers[0], 3.0)?;
            Ok(Value::List(points.into_iter().map(|point| Some(point.value)).collect()))
        },
    ),
];

const fn of_row(
    name: &'static str,
    arguments: &'static [(&'static str, Kind)],
    gives: Kind,
    description: &'static str,
    example: &'static str,
    call: fn(&Row<'_>) -> Result<Value, Refusal>,
) -> Scalar {
    Scalar { name, arguments, gives, description, example, call: Call::Row(call) }
}

/// Years that follow each other: a list in order says no more of time.
fn years(points: usize) -> Vec<i32> {
    (0..).take(points).collect()
}

fn fractions(row: &Row<'_>) -> Result<FivePoints<Fraction>, Refusal> {
    let [x, n] = &row.lists[..] else { return Err(Refusal::Empty) };
    same_length(x, n)?;
    let fraction = |(x, n): (&Option<f64>, &Option<f64>)| Some(Fraction { numerator: (*x)?, denominator: (*n)? });
    let points: Vec<_> = x.iter().zip(n).map(fraction).collect();
    FivePoints::latest(&years(points.len()), &points)
}

fn estimates(row: &Row<'_>) -> Result<FivePoints<Estimate>, Refusal> {
    let [values, low, high] = &row.lists[..] else { return Err(Refusal::Empty) };
    same_length(values, low)?;
    same_length(values, high)?;
    let estimate = |i: usize| {
        let limits = low[i].zip(high[i]).map(|(low, high)| Interval { low, high });
        values[i].map(|value| Estimate { value, limits })
    };
    let points: Vec<_> = (0..values.len()).map(estimate).collect();
    FivePoints::latest(&years(points.len()), &points)
}

fn same_length(one: &[Option<f64>], other: &[Option<f64>]) -> Result<(), Refusal> {
    if one.len() == other.len() { Ok(()) } else { Err(Refusal::LengthsDiffer("lists of one series")) }
}

fn long_trend(row: &Row<'_>) -> Result<MannKendall, Refusal> {
    mann_kendall(&years(row.lists[0].len()), &row.lists[0])
}

fn chart(row: &Row<'_>) -> Result<XmrPhase, Refusal> {
    Footing::of(row.lists[0].len())?;
    let chart = xmr(&row.lists[0], &XmrOptions { screen: true, ..XmrOptions::default() })?;
    chart.phases.into_iter().next().ok_or(Refusal::Empty)
}

fn limits(row: &Row<'_>) -> Result<Interval, Refusal> {
    chart(row)?.limits.ok_or(Refusal::Undefined("no moving range is left"))
}
