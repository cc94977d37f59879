use proptest::prelude::*;

use super::*;

const YEARS: [i32; 5] = [2019, 2020, 2021, 2022, 2023];

fn proportions(numerators: [f64; 5], denominators: [f64; 5]) -> Result<RecentTrend, Refusal> {
    let points: [_; 5] =
        std::array::from_fn(|i| Some(Fraction { numerator: numerators[i], denominator: denominators[i] }));
    proportion_trend(&FivePoints::latest(&YEARS, &points)?)
}

fn estimates(values: [f64; 5], low: [f64; 5], high: [f64; 5]) -> Result<RecentTrend, Refusal> {
    let limits = |i: usize| Some(Interval { low: low[i], high: high[i] });
    let points: [_; 5] = std::array::from_fn(|i| Some(Estimate { value: values[i], limits: limits(i) }));
    estimate_trend(&FivePoints::latest(&YEARS, &points)?)
}

fn near(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-13 * want.abs(), "{got} for {want}");
}

/// Whole numbers of low and high around each value.
fn about(values: [f64; 5], half: f64) -> Result<RecentTrend, Refusal> {
    estimates(values, values.map(|v| v - half), values.map(|v| v + half))
}

/// Expected values by mpmath at 40 digits, in the form of the published sums; the data are the example of
/// `PHEindicatormethods::assign_trend_markers`.
#[test]
fn proportions_agree_with_the_published_sums() {
    let trend =
        proportions([1367.0, 1332.0, 1199.0, 1023.0, 994.0], [44_701.0, 44_064.0, 42_811.0, 41_527.0, 40_299.0]);
    let trend = trend.unwrap();
    near(trend.chi_squared, 47.896_676_707_589_12);
    near(trend.residual_chi_squared, 4.721_500_648_359_606);
    near(trend.slope, -0.065_249_640_778_983_5);
    let without = [
        -0.075_907_051_935_236_47,
        -0.060_680_022_915_592_524,
        -0.065_249_640_778_983_5,
        -0.058_405_618_045_987_61,
        -0.074_566_100_666_407_53,
    ];
    for (got, want) in trend.leave_one_out_slopes.iter().zip(without) {
        near(*got, want);
    }
    // scipy 1.17, stats.chi2.sf(47.896677, 1)
    assert!((trend.p_value - 4.492_824e-12).abs() < 1e-17);
    assert!(trend.signs_agree() && !trend.corrected_logits);
    assert_eq!(trend.marker(), TrendMarker::Decreasing);
}

#[test]
fn values_with_limits_agree_with_the_published_sums() {
    let trend = estimates(
        [30.6, 30.2, 28.0, 24.6, 24.67],
        [28.98, 28.63, 26.44, 23.15, 23.16],
        [32.25, 31.9, 29.64, 26.19, 26.25],
    )
    .unwrap();
    near(trend.chi_squared, 46.765_315_792_063_16);
    // The widths of the intervals, differences of rounded numbers, hold twelve digits.
    assert!((trend.residual_chi_squared - 4.758_089_545_752_213).abs() < 1e-11);
    near(trend.slope, -1.751_566_222_662_95);
    let without = [
        -1.990_168_975_156_495_2,
        -1.628_262_972_855_671_3,
        -1.747_841_871_790_733_5,
        -1.569_783_334_770_943_5,
        -2.048_019_190_594_055_9,
    ];
    for (got, want) in trend.leave_one_out_slopes.iter().zip(without) {
        near(*got, want);
    }
    assert!((trend.p_value - 8.0018e-12).abs() < 1e-16);
    assert_eq!(trend.marker(), TrendMarker::Decreasing);
}

#[test]
fn a_count_of_none_or_of_all_has_its_direction_from_corrected_logits() {
    let from_zero = proportions([0.0, 2.0, 5.0, 9.0, 14.0], [50.0, 60.0, 55.0, 58.0, 61.0]).unwrap();
    assert!(from_zero.corrected_logits);
    near(from_zero.chi_squared, 20.421_716_103_636_887);
    near(from_zero.slope, 0.835_913_406_184_989_2);
    near(from_zero.leave_one_out_slopes[4], 0.982_882_971_594_009_7);
    assert_eq!(from_zero.marker(), TrendMarker::Increasing);

    let to_all = proportions([40.0, 44.0, 50.0, 49.0, 60.0], [50.0, 60.0, 55.0, 58.0, 60.0]).unwrap();
    assert!(to_all.corrected_logits);
    near(to_all.chi_squared, 12.915_402_997_229_097);
    near(to_all.residual_chi_squared, 7.387_435_337_157_769);
    near(to_all.slope, 0.755_027_971_999_794);
    near(to_all.leave_one_out_slopes[4], 0.212_735_889_783_463_04);
}

#[test]
fn a_trend_is_strictly_above_the_critical_value() {
    assert!((chi_squared_upper(CRITICAL, 1.0) - 0.002).abs() < 1e-15);
    assert_eq!(TrendMarker::of(CRITICAL, 1.0, true), TrendMarker::NoChange);
    assert_eq!(TrendMarker::of(CRITICAL.next_up(), 1.0, true), TrendMarker::Increasing);
    assert_eq!(TrendMarker::of(CRITICAL.next_up(), -1.0, true), TrendMarker::Decreasing);
    assert_eq!(TrendMarker::of(CRITICAL.next_up(), 0.0, true), TrendMarker::NoChange);
    assert_eq!(TrendMarker::of(100.0, 1.0, false), TrendMarker::NoChange);
}

#[test]
fn one_outlier_makes_no_trend_however_large_chi_squared_is() {
    // Without the last point the series falls; with it, it rises far beyond chance.
    let trend = about([10.0, 9.0, 8.0, 7.0, 40.0], 1.0).unwrap();
    assert!(trend.chi_squared > 100.0 && trend.slope > 0.0 && trend.leave_one_out_slopes[4] < 0.0);
    assert!(!trend.signs_agree());
    assert_eq!(trend.marker(), TrendMarker::NoChange);
}

#[test]
fn a_slope_of_zero_counts_as_positive() {
    let flat = proportions([20.0; 5], [100.0; 5]).unwrap();
    assert_eq!((flat.slope, flat.leave_one_out_slopes, flat.chi_squared, flat.p_value), (0.0, [0.0; 5], 0.0, 1.0));
    assert!(flat.signs_agree());
    assert_eq!((flat.residual_chi_squared, flat.marker()), (0.0, TrendMarker::NoChange));
    // Level but for the last point: the slope without it is exactly 0, which agrees with a rise and not with a fall.
    assert_eq!(about([10.1, 10.1, 10.1, 10.1, 60.1], 1.0).unwrap().marker(), TrendMarker::Increasing);
    assert_eq!(about([60.1, 60.1, 60.1, 60.1, 10.1], 1.0).unwrap().marker(), TrendMarker::NoChange);
}

#[test]
fn the_line_has_the_weights_of_its_points() {
    // By hand: weights 1 1 1 1 4 (the last interval half as wide), times about their mean of 30/8.
    let trend =
        estimates([0.0, 1.0, 2.0, 3.0, 10.0], [-1.96, -0.96, 0.04, 1.04, 9.02], [1.96, 2.96, 3.96, 4.96, 10.98]);
    let trend = trend.unwrap();
    // Sxx = 130 - 900/8 = 17.5; Sxy = (0 + 2 + 6 + 12 + 200) - 30 * 46/8 = 47.5; slope 19/7.
    assert!((trend.slope - 19.0 / 7.0).abs() < 1e-13);
    assert!((trend.chi_squared - 47.5 * 47.5 / 17.5).abs() < 1e-11);
    // Syy = 0 + 1 + 4 + 9 + 400 - 46^2/8 = 149.5, of which the trend takes 47.5^2/17.5.
    assert!((trend.residual_chi_squared - (149.5 - 47.5 * 47.5 / 17.5)).abs() < 1e-11);
}

#[test]
fn dispersion_is_pooled_over_areas_and_never_below_one() {
    let of = |residual| RecentTrend { residual_chi_squared: residual, ..proportions([20.0; 5], [100.0; 5]).unwrap() };
    let pooled = trend_dispersion(&[of(3.0), of(12.0), of(30.0)]).unwrap();
    assert_eq!((pooled.factor(), pooled.areas()), (5.0, 3));
    assert_eq!(trend_dispersion(&[of(1.0), of(2.0)]).unwrap().factor(), 1.0);
    assert_eq!(trend_dispersion(&[]), Err(Refusal::Empty));
    assert_eq!(trend_dispersion(&[of(f64::NAN)]), Err(Refusal::NotFinite));
    assert_eq!(trend_dispersion(&[of(-1.0)]), Err(Refusal::Negative("a residual")));
    assert!(trend_dispersion(&[of(f64::MAX), of(f64::MAX)]).is_err());
}

#[test]
fn a_trend_of_noisy_series_has_to_be_larger() {
    let trend = about([10.0, 11.5, 12.0, 13.5, 14.0], 1.0).unwrap();
    assert_eq!(trend.marker(), TrendMarker::Increasing);
    let dispersion = |factor| TrendDispersion { factor, areas: 150 };
    assert_eq!(trend.adjusted(dispersion(1.0)).marker, TrendMarker::Increasing);
    let adjusted = trend.adjusted(dispersion(5.0));
    assert_eq!(adjusted.marker, TrendMarker::NoChange);
    assert_eq!(adjusted.chi_squared, trend.chi_squared / 5.0);
    assert!((adjusted.p_value - chi_squared_upper(adjusted.chi_squared, 1.0)).abs() < 1e-15);
    assert!(adjusted.p_value > 0.002);
    // No dispersion makes a trend of what an outlier makes.
    assert_eq!(
        about([10.0, 9.0, 8.0, 7.0, 40.0], 1.0).unwrap().adjusted(dispersion(1.0)).marker,
        TrendMarker::NoChange
    );
}

#[test]
fn the_latest_five_points_are_taken_and_no_gap_among_them() {
    let points: Vec<_> = [None, Some(1), Some(2), Some(3), Some(4), Some(5)].into();
    let five = FivePoints::latest(&[2010, 2019, 2020, 2021, 2022, 2023], &points).unwrap();
    assert_eq!((five.first_year(), five.points), (2019, [1, 2, 3, 4, 5]));
    let gap = Err(Refusal::Undefined("the years are not consecutive"));
    assert_eq!(FivePoints::latest(&[2010, 2018, 2020, 2021, 2022, 2023], &points), gap);
    assert_eq!(FivePoints::latest(&[2010, 2023, 2022, 2021, 2020, 2019], &points), gap);
    let missing: Vec<_> = [Some(1), Some(2), None, Some(4), Some(5)].into();
    assert_eq!(FivePoints::latest(&YEARS, &missing), Err(Refusal::Missing("a year's value")));
    assert_eq!(FivePoints::latest(&YEARS[..4], &missing[..4]), Err(Refusal::TooFew { what: "points", least: 5 }));
    assert_eq!(FivePoints::latest(&YEARS, &missing[..4]), Err(Refusal::LengthsDiffer("years and points")));
    assert_eq!(FivePoints::<f64>::latest(&[], &[]), Err(Refusal::Empty));
}

#[test]
fn what_cannot_be_tested_is_refused_and_never_called_no_change() {
    let n = [100.0; 5];
    let none = Err(Refusal::Undefined("every count is 0, or every count is the whole denominator"));
    assert_eq!(proportions([0.0; 5], n), none);
    assert_eq!(proportions(n, n), none);
    assert_eq!(proportions([1.0, 2.0, 3.0, 4.0, 101.0], n), Err(Refusal::NumeratorAboveDenominator));
    assert_eq!(proportions([1.0; 5], [9.0, 9.0, 9.0, 9.0, 0.0]), Err(Refusal::Zero("a denominator")));
    assert!(proportions([1e307, 2e307, 1e307, 1e307, 3e307], [1.7e308; 5]).is_err());

    let values = [10.0, 11.0, 12.0, 13.0, 14.0];
    let bare: [_; 5] = std::array::from_fn(|i| Some(Estimate { value: values[i], limits: None }));
    let bare = FivePoints::latest(&YEARS, &bare).unwrap();
    assert_eq!(estimate_trend(&bare), Err(Refusal::Missing("a confidence limit")));
    assert_eq!(about(values, 0.0), Err(Refusal::Zero("the width of an interval")));
    assert_eq!(about(values, -1.0), Err(Refusal::Undefined("a lower limit is above its upper limit")));
    assert_eq!(about(values, f64::NAN), Err(Refusal::NotFinite));
    assert_eq!(about([10.0, f64::INFINITY, 12.0, 13.0, 14.0], 1.0), Err(Refusal::NotFinite));
    assert_eq!(
        estimates([10.0, 10.0, 10.0, 10.0, 0.0155], [9.0; 5], [11.0; 5]),
        Err(Refusal::Undefined("a value lies outside its own limits"))
    );
    assert!(about(values.map(|v| v * 1e-200), 1e-200).is_err());
}

#[test]
fn a_marker_is_read_by_polarity() {
    use Polarity::{HighIsBetter, LowIsBetter, None};
    use TrendMarker::{Decreasing, Increasing, NoChange};
    let words = |marker: TrendMarker, polarity| marker.reading(polarity).text();
    assert_eq!(words(Increasing, HighIsBetter), "increasing and getting better");
    assert_eq!(words(Increasing, LowIsBetter), "increasing and getting worse");
    assert_eq!(words(Decreasing, HighIsBetter), "decreasing and getting worse");
    assert_eq!(words(Decreasing, LowIsBetter), "decreasing and getting better");
    assert_eq!((words(Increasing, None), words(Decreasing, None)), ("increasing", "decreasing"));
    for polarity in [HighIsBetter, LowIsBetter, None] {
        assert_eq!(words(NoChange, polarity), "no significant change");
    }
    assert_eq!([Increasing, Decreasing, NoChange].map(TrendMarker::id), ["increasing", "decreasing", "no-change"]);
}

proptest! {
    #[test]
    fn whatever_comes_in_nothing_comes_out_that_is_no_number(
        numbers in proptest::array::uniform5(proptest::num::f64::ANY),
        others in proptest::array::uniform5(proptest::num::f64::ANY),
        third in proptest::array::uniform5(proptest::num::f64::ANY),
    ) {
        for trend in [proportions(numbers, others), estimates(numbers, others, third)].into_iter().flatten() {
            let all = [trend.slope, trend.chi_squared, trend.p_value, trend.residual_chi_squared];
            prop_assert!(all.iter().chain(&trend.leave_one_out_slopes).all(|n| n.is_finite()));
        }
    }

    #[test]
    fn a_series_turned_round_has_the_trend_turned_round(
        counts in proptest::array::uniform5(1u32..99), denominators in proptest::array::uniform5(100u32..1000),
    ) {
        let of = |mut list: [f64; 5], turned: bool| { if turned { list.reverse(); } list };
        let run = |turned| {
            proportions(of(counts.map(f64::from), turned), of(denominators.map(f64::from), turned)).unwrap()
        };
        let (one, other) = (run(false), run(true));
        prop_assert!((one.slope + other.slope).abs() < 1e-10);
        prop_assert!((one.chi_squared - other.chi_squared).abs() < 1e-8 * (1.0 + one.chi_squared));
        prop_assert!((one.residual_chi_squared - other.residual_chi_squared).abs() < 1e-8 * (1.0 + one.residual_chi_squared));
    }
}
