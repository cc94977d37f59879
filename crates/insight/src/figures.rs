//! The figures that statistics are made of, as a Rust model reads them from the view `stg_figure`.

use arrow::array::{Array, AsArray as _, RecordBatch};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type};
use lais_stats::{Fraction, Measure, Polarity};

/// The view.
pub(crate) const VIEW: &str = "stg_figure";

/// The headline figure of one indicator, authority and period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure<'a> {
    pub(crate) indicator_id: &'a str,
    pub(crate) authority_code: &'a str,
    /// Days since 1 January 1970.
    pub(crate) period_end: i32,
    /// None where the indicator does not say what kind of number it is.
    pub(crate) measure: Option<Measure>,
    /// What numerator over denominator is multiplied by.
    pub(crate) per: Option<f64>,
    pub(crate) polarity: Polarity,
    pub(crate) value: Option<f64>,
    pub(crate) numerator: Option<f64>,
    pub(crate) denominator: Option<f64>,
    pub(crate) status: &'a str,
    /// The row of a file that it is from: a shared service's figure is one row for several authorities.
    pub(crate) origin: (&'a str, i64),
    pub(crate) shared_service: bool,
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
///
/// # Errors
/// Where a column is not there.
pub(crate) fn figures(batch: &RecordBatch) -> Result<Vec<Figure<'_>>, String> {
    let column = |name: &str| batch.column_by_name(name).ok_or_else(|| format!("{VIEW} has no column {name}"));
    let text = |name| Ok::<_, String>(column(name)?.as_string::<i32>());
    let number = |name| Ok::<_, String>(column(name)?.as_primitive::<Float64Type>());
    let whole = |name| Ok::<_, String>(column(name)?.as_primitive::<Int64Type>());
    let (indicators, authorities) = (text("indicator_id")?, text("authority_code")?);
    let periods = column("period_end")?.as_primitive::<Date32Type>();
    let (measures, polarities, statuses) = (text("measure")?, text("polarity")?, text("status")?);
    let (values, numerators, denominators) = (number("value")?, number("numerator")?, number("denominator")?);
    let (multipliers, rows, sources) = (whole("multiplier")?, whole("source_row")?, text("source_id")?);
    let shared = column("shared_service")?.as_boolean();
    let get = |array: &arrow::array::Float64Array, i: usize| array.is_valid(i).then(|| array.value(i));
    let word = |array: &'_ arrow::array::StringArray, i: usize| array.is_valid(i).then(|| array.value(i).to_owned());
    let mut figures: Vec<Figure<'_>> = (0..batch.num_rows())
        .map(|i| Figure {
            indicator_id: indicators.value(i),
            authority_code: authorities.value(i),
            period_end: periods.value(i),
            measure: word(measures, i).and_then(|id| Measure::from_id(&id)),
            per: multipliers.is_valid(i).then(|| multipliers.value(i) as f64),
            polarity: word(polarities, i).and_then(|id| Polarity::from_id(&id)).unwrap_or_default(),
            value: get(values, i),
            numerator: get(numerators, i),
            denominator: get(denominators, i),
            status: if statuses.is_valid(i) { statuses.value(i) } else { "" },
            origin: (
                if sources.is_valid(i) { sources.value(i) } else { "" },
                if rows.is_valid(i) { rows.value(i) } else { 0 },
            ),
            shared_service: shared.is_valid(i) && shared.value(i),
        })
        .collect();
    figures.sort_by_key(|figure| (figure.indicator_id, figure.period_end, figure.authority_code));
    Ok(figures)
}
