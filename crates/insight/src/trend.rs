//! The model `trend`: how each authority's figure moved over the five latest years.
//!
//! The method is in `docs/methods.md`, "Recent trend". The test by itself takes sampling for the only noise there is, so
//! that the dispersion of all authorities' series of an indicator is pooled first.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;
use lais_lake::{Class, RustModel, date_of};
use lais_stats::{
    Estimate, FivePoints, Fraction, Level, MannKendall, Measure, RecentTrend, Refusal, TrendDispersion, TrendMarker,
    estimate_trend, mann_kendall, proportion_trend, rate, trend_dispersion,
};

use rayon::prelude::*;

use crate::columns::{Rows, batch, schema_of};
use crate::figures::{Figure, Figures, VIEW};

pub(crate) const MODEL: RustModel = RustModel {
    name: "trend",
    class: Class::Public,
    inputs: &[VIEW],
    key: &["indicator_id", "authority_code"],
    code: env!("LAIS_CODE"),
    schema,
    run,
};

/// The years that the test takes.
const YEARS: usize = 5;

/// The two-sided probability below which a series without limits moved: that of Fingertips' marker.
const P_OF_TREND: f64 = 0.002;

fn schema() -> SchemaRef {
    schema_of(
        "indicator_id:text authority_code:text period_end:day points:whole change:number slope:number \
         trend_marker:text trend_adjusted:text chi2:number chi2_adjusted:number dispersion:number p_value:number \
         method:text why:text",
    )
}

/// The trend of one authority's series of one indicator.
struct Row<'a> {
    indicator_id: &'a str,
    authority_code: &'a str,
    period_end: i32,
    points: usize,
    change: Option<f64>,
    tested: Result<Tested, Refusal>,
    dispersion: Option<TrendDispersion>,
}

/// What a series was tested by.
enum Tested {
    Proportion(RecentTrend),
    Estimate(RecentTrend),
    Long(MannKendall),
}

fn run(inputs: &[RecordBatch], _as_at: Date) -> Result<Vec<RecordBatch>, String> {
    let [figures_of_view] = inputs else { return Err("it reads one table".to_owned()) };
    let figures = Figures::read(figures_of_view)?;
    let indicators: Vec<_> = figures.all.chunk_by(|a, b| a.indicator_id == b.indicator_id).collect();
    let rows: Vec<Row<'_>> = indicators.into_par_iter().flat_map_iter(of_indicator).collect();
    Ok(vec![table(&rows)?])
}

/// The trends of an indicator, its figures in order of period and authority.
fn of_indicator<'a>(figures: &[Figure<'a>]) -> Vec<Row<'a>> {
    let Some(last) = figures.iter().rfind(|figure| figure.value.is_some()) else { return Vec::new() };
    let mut series: Vec<Figure<'a>> = figures.to_vec();
    series.sort_unstable_by_key(|figure| (figure.authority, figure.period_end));
    let of_authorities = series.chunk_by(|a, b| a.authority == b.authority);
    let mut rows: Vec<Row<'a>> = of_authorities.filter_map(|series| of_series(series, last.period_end)).collect();
    let tested: Vec<RecentTrend> = rows.iter().filter_map(|row| row.recent().copied()).collect();
    let dispersion = trend_dispersion(&tested).ok();
    for row in &mut rows {
        row.dispersion = dispersion.filter(|_| row.recent().is_some());
    }
    rows
}

/// The trend of one series, oldest figure first; none where no year of the five has a figure.
fn of_series<'a>(series: &[Figure<'a>], period_end: i32) -> Option<Row<'a>> {
    let first = series.first()?;
    let month = months(period_end);
    // The five years, oldest first, whatever the authority has of them.
    let at = |years: i32| series.iter().find(|figure| months(figure.period_end) == month - 12 * years);
    let five: Vec<Option<&Figure<'a>>> = (0..YEARS as i32).rev().map(at).collect();
    let observed = |figure: Option<&Figure<'_>>| figure.and_then(|figure| figure.value);
    let points = five.iter().filter(|figure| observed(**figure).is_some()).count();
    let change = observed(five[YEARS - 1]).zip(observed(five[YEARS - 2])).map(|(now, before)| now - before);
    (points > 0).then(|| Row {
        indicator_id: first.indicator_id,
        authority_code: first.authority_code,
        period_end,
        points,
        change,
        tested: tested(first.measure, &five, series, period_end),
        dispersion: None,
    })
}

fn tested(
    measure: Option<Measure>,
    five: &[Option<&Figure<'_>>],
    series: &[Figure<'_>],
    period_end: i32,
) -> Result<Tested, Refusal> {
    let years: Vec<i32> = (0..YEARS as i32).collect();
    match measure {
        Some(Measure::Proportion) => {
            let points: Vec<_> = five.iter().map(|figure| figure.and_then(Figure::fraction)).collect();
            has_counts(five, &points)?;
            proportion_trend(&FivePoints::latest(&years, &points)?).map(Tested::Proportion)
        }
        Some(Measure::Rate | Measure::Ratio) => {
            let points: Vec<_> = five.iter().map(|figure| figure.and_then(estimate)).collect();
            has_counts(five, &points)?;
            estimate_trend(&FivePoints::latest(&years, &points)?).map(Tested::Estimate)
        }
        Some(Measure::Mean | Measure::Quantile) => {
            let values = latest_run(series, period_end);
            let years: Vec<i32> = (0..values.len() as i32).collect();
            mann_kendall(&years, &values).map(Tested::Long)
        }
        Some(Measure::Amount) | None => Err(Refusal::Undefined("nothing says what kind of number it is")),
    }
}

/// Refuses five figures of which some have no counts, which is another reason than a missing figure.
fn has_counts<T>(five: &[Option<&Figure<'_>>], points: &[Option<T>]) -> Result<(), Refusal> {
    let lacks_counts = |(figure, point): (&Option<&Figure<'_>>, &Option<T>)| {
        figure.is_some_and(|figure| figure.value.is_some()) && point.is_none()
    };
    match five.iter().zip(points).any(lacks_counts) {
        true => Err(Refusal::Undefined("a year's numerator or denominator is not published")),
        false => Ok(()),
    }
}

/// A rate with its interval, from its counts.
fn estimate(figure: &Figure<'_>) -> Option<Estimate> {
    let Fraction { numerator, denominator } = figure.fraction()?;
    let rate = rate(numerator, denominator, figure.per?, Level::P95).ok()?;
    Some(Estimate { value: rate.value, limits: Some(rate.interval) })
}

/// The values of the years without a gap that end with the latest, oldest first.
fn latest_run(series: &[Figure<'_>], period_end: i32) -> Vec<Option<f64>> {
    let mut month = months(period_end);
    let mut values = Vec::new();
    for figure in series.iter().rev().filter(|figure| figure.value.is_some()) {
        if months(figure.period_end) != month {
            break;
        }
        values.push(figure.value);
        month -= 12;
    }
    values.reverse();
    values
}

/// The month in which a day lies, counted on from year 0: years apart are 12 of them apart.
fn months(day: i32) -> i32 {
    let date = date_of(day);
    i32::from(date.year()) * 12 + i32::from(date.month())
}

impl Row<'_> {
    fn recent(&self) -> Option<&RecentTrend> {
        match &self.tested {
            Ok(Tested::Proportion(trend) | Tested::Estimate(trend)) => Some(trend),
            _ => None,
        }
    }

    fn long(&self) -> Option<&MannKendall> {
        if let Ok(Tested::Long(trend)) = &self.tested { Some(trend) } else { None }
    }

    fn slope(&self) -> Option<f64> {
        self.recent().map(|trend| trend.slope).or_else(|| self.long().map(|trend| trend.slope))
    }

    fn adjusted(&self) -> Option<TrendMarker> {
        let recent = self.recent().zip(self.dispersion).map(|(trend, by)| trend.adjusted(by).marker);
        recent.or_else(|| self.long().map(long_marker))
    }
}

/// What a series was tested by, by name.
const fn method(tested: &Result<Tested, Refusal>) -> Option<&'static str> {
    match tested {
        Ok(Tested::Proportion(_)) => Some("fingertips-proportion"),
        Ok(Tested::Estimate(_)) => Some("fingertips-value"),
        Ok(Tested::Long(_)) => Some("mann-kendall"),
        Err(_) => None,
    }
}

/// The direction of a series without limits.
fn long_marker(trend: &MannKendall) -> TrendMarker {
    match trend.s {
        s if trend.corrected_p_value >= P_OF_TREND || s == 0 => TrendMarker::NoChange,
        s if s > 0 => TrendMarker::Increasing,
        _ => TrendMarker::Decreasing,
    }
}

fn table(rows: &[Row<'_>]) -> Result<RecordBatch, String> {
    let why: Vec<Option<String>> = rows.iter().map(|row| row.tested.as_ref().err().map(ToString::to_string)).collect();
    let rows = Rows(rows);
    let columns = vec![
        rows.texts(|row| Some(row.indicator_id)),
        rows.texts(|row| Some(row.authority_code)),
        rows.days(|row| Some(row.period_end)),
        rows.wholes(|row| Some(row.points)),
        rows.numbers(|row| row.change),
        rows.numbers(Row::slope),
        rows.texts(|row| row.recent().map(|trend| trend.marker().id())),
        rows.texts(|row| row.adjusted().map(TrendMarker::id)),
        rows.numbers(|row| row.recent().map(|trend| trend.chi_squared)),
        rows.numbers(|row| row.recent().zip(row.dispersion).map(|(trend, by)| trend.adjusted(by).chi_squared)),
        rows.numbers(|row| row.dispersion.map(TrendDispersion::factor)),
        rows.numbers(|row| row.long().map(|trend| trend.corrected_p_value)),
        rows.texts(|row| method(&row.tested)),
        Rows(&why).texts(|why| why.as_deref()),
    ];
    batch(schema(), columns)
}
