//! The figures that are examined, as the table `examined` has them.

use arrow::array::RecordBatch;
use lais_stats::{Fraction, Measure, Polarity, Transform, reliability};

use crate::columns::Table;
use crate::figures::Origin;

/// The table.
pub(crate) const TABLE: &str = "examined";

/// The latest figure of one authority and indicator, and how it lies in the country.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Examined<'a> {
    pub(crate) indicator_id: &'a str,
    pub(crate) authority_code: &'a str,
    pub(crate) period_end: i32,
    pub(crate) title: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) decimals: usize,
    pub(crate) measure: Option<Measure>,
    pub(crate) polarity: Polarity,
    /// The standard that every authority is held to, with where it is laid down.
    pub(crate) standard: Option<&'a str>,
    pub(crate) criterion_id: Option<&'a str>,
    pub(crate) value: Option<f64>,
    pub(crate) counts: Option<Fraction>,
    /// What figures are compared with, in the published unit.
    pub(crate) target: Option<f64>,
    /// The same as numerator over denominator.
    pub(crate) target_fraction: Option<f64>,
    pub(crate) tau2: Option<f64>,
    /// The share of the variance between authorities that is not chance.
    pub(crate) reliability: Option<f64>,
    /// The distance from the target, adjusted where it can be; where there is a standard, where it cannot.
    pub(crate) z: Option<f64>,
    /// The same of the two figures before, the later first.
    pub(crate) z_before: [Option<f64>; 2],
    /// Whether a sampling error is known.
    pub(crate) sampling_error: bool,
    pub(crate) quartile_band: Option<&'a str>,
    pub(crate) label: Option<&'a str>,
    pub(crate) why: Option<&'a str>,
    pub(crate) origin: Origin<'a>,
}

/// The examined figures, in order of indicator and authority.
///
/// # Errors
/// Where a column is not there.
pub(crate) fn examined(batch: &RecordBatch) -> Result<Vec<Examined<'_>>, String> {
    let table = Table::new(TABLE, batch);
    let (indicator, authority) = (table.texts("indicator_id")?, table.texts("authority_code")?);
    let (title, unit, period) = (table.texts("title")?, table.texts("unit")?, table.days("period_end")?);
    let standard = table.texts("standard")?;
    let (measure, polarity, decimals) = (table.texts("measure")?, table.texts("polarity")?, table.wholes("decimals")?);
    let (band, label, why) = (table.texts("quartile_band")?, table.texts("label")?, table.texts("why")?);
    let (value, numerator, denominator) =
        (table.numbers("value")?, table.numbers("numerator")?, table.numbers("denominator")?);
    let (target, target_fraction) = (table.numbers("target")?, table.numbers("target_fraction")?);
    let (tau2, reliability, criterion) =
        (table.numbers("tau2")?, table.numbers("reliability")?, table.texts("criterion_id")?);
    let (z, z_adjusted) = (table.numbers("z")?, table.numbers("z_adjusted")?);
    let (z_before, z_two_before) = (table.numbers("z_before")?, table.numbers("z_two_before")?);
    let origin = Origin::of(table)?;
    let mut all: Vec<Examined<'_>> = (0..batch.num_rows())
        .map(|i| Examined {
            indicator_id: indicator(i).unwrap_or_default(),
            authority_code: authority(i).unwrap_or_default(),
            period_end: period(i).unwrap_or_default(),
            title: title(i).unwrap_or_default(),
            unit: unit(i).unwrap_or_default(),
            decimals: decimals(i).and_then(|places| usize::try_from(places).ok()).unwrap_or_default(),
            measure: measure(i).and_then(Measure::from_id),
            polarity: polarity(i).and_then(Polarity::from_id).unwrap_or_default(),
            standard: standard(i),
            criterion_id: criterion(i),
            value: value(i),
            counts: value(i)
                .and(numerator(i))
                .zip(denominator(i))
                .map(|(numerator, denominator)| Fraction { numerator, denominator }),
            target: target(i),
            target_fraction: target_fraction(i),
            tau2: tau2(i),
            reliability: reliability(i),
            z: if standard(i).is_some() { z(i).or(z_adjusted(i)) } else { z_adjusted(i).or(z(i)) },
            z_before: [z_before(i), z_two_before(i)],
            sampling_error: z(i).is_some(),
            quartile_band: band(i),
            label: label(i),
            why: why(i),
            origin: origin(i),
        })
        .collect();
    all.sort_by_key(|figure| (figure.indicator_id, figure.authority_code));
    Ok(all)
}

impl Examined<'_> {
    /// The distance towards what is worse: above 0 is worse; none where no end is.
    pub(crate) fn towards_worse(&self, z: f64) -> Option<f64> {
        match self.polarity {
            Polarity::LowIsBetter => Some(z),
            Polarity::HighIsBetter => Some(-z),
            Polarity::None => None,
        }
    }

    /// The share of the figure's variance that is not chance, `τ²/(τ² + s²)`: as the indicator's, of its own counts alone.
    pub(crate) fn own_reliability(&self) -> Option<f64> {
        let (counts, transform) = (self.counts?, Transform::of(self.measure?)?);
        let s = transform.scored(counts.numerator, counts.denominator, self.target_fraction?).ok()?.s;
        reliability(self.tau2?, &[s]).ok()
    }

    /// Whether none of those who could be were counted, or all.
    pub(crate) fn none_or_all(&self) -> bool {
        self.counts.is_some_and(|counts| {
            let all = self.measure == Some(Measure::Proportion) && counts.numerator == counts.denominator;
            counts.numerator == 0.0 || all
        })
    }

    /// On which side of the target the figure lies.
    pub(crate) fn side(&self) -> &'static str {
        // In the very middle is neither side.
        let Some(z) = self.z.filter(|z| *z != 0.0) else { return "none" };
        match (self.towards_worse(z), z > 0.0) {
            (Some(worse), _) if worse > 0.0 => "worse",
            (Some(_), _) => "better",
            (None, true) => "higher",
            (None, false) => "lower",
        }
    }

    /// A number in the figure's unit, as it is said.
    pub(crate) fn said(&self, value: Option<f64>) -> String {
        let Some(value) = value else { return "no figure".to_owned() };
        let number = format!("{value:.*}", self.decimals);
        match self.unit {
            "percent" => format!("{number}%"),
            "rate-per-1000" => format!("{number} per 1,000"),
            "rate-per-10000" => format!("{number} per 10,000"),
            "rate-per-100000" => format!("{number} per 100,000"),
            "cases-per-worker" => format!("{number} cases a worker"),
            "days" | "months" => format!("{number} {}", self.unit),
            _ => number,
        }
    }
}
