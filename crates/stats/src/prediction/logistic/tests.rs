use proptest::prelude::*;

use super::*;

const GRADE: [f64; 12] = [1.0, 2.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0, 4.0, 3.0, 2.0];
const YEARS: [f64; 12] = [0.5, 3.1, 2.2, 4.0, 3.3, 1.9, 5.2, 2.8, 4.4, 0.7, 3.9, 2.6];

fn outcome() -> Vec<bool> {
    [0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 1].map(|y| y == 1).to_vec()
}

fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-9 * want.abs(), "{got} for {want}");
}

fn agrees(got: &Logistic, estimates: &[f64], errors: &[f64], log_likelihood: f64) {
    assert_eq!((got.coefficients.len() + 1, got.standard_errors.len()), (estimates.len(), errors.len()));
    close(got.intercept, estimates[0]);
    got.coefficients.iter().zip(&estimates[1..]).for_each(|(got, want)| close(*got, *want));
    got.standard_errors.iter().zip(errors).for_each(|(got, want)| close(*got, *want));
    close(got.log_likelihood, log_likelihood);
}

/// Scoring without step halving in mpmath 1.3 at 40 digits, on the covariates as they are.
#[test]
fn fits_agree_with_an_independent_one() {
    let fit = |penalty| logistic_regression(&outcome(), &[&GRADE, &YEARS], penalty).unwrap();
    agrees(
        &fit(Penalty::Firth),
        &[-1.940_866_805_377_747_5, 1.048_242_110_684_013, -0.254_218_793_946_421_6],
        &[2.019_011_328_872_048_6, 0.748_811_934_242_227_9, 0.566_129_915_148_501_3],
        -6.116_576_516_858_186,
    );
    agrees(
        &fit(Penalty::None),
        &[-2.677_189_041_446_684, 1.791_010_837_441_821_2, -0.623_333_798_646_062_7],
        &[2.238_526_221_910_684, 1.124_106_159_760_842_4, 0.842_426_229_534_836_8],
        -5.819_307_917_624_566,
    );
    agrees(
        &fit(Penalty::Ridge(0.7)),
        &[-2.015_032_440_121_831, 1.093_414_518_961_989_6, -0.267_078_645_042_963_5],
        &[1.888_625_338_220_794_7, 0.635_100_574_319_329_1, 0.507_286_558_695_128],
        -6.077_815_890_548_069,
    );
    assert_eq!(Penalty::default(), Penalty::Firth);
}

#[test]
fn where_a_covariate_separates_the_outcomes_a_penalty_keeps_coefficients_finite() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let y = [false, false, false, false, true, true, true, true];
    agrees(
        &logistic_regression(&y, &[&x], Penalty::Firth).unwrap(),
        &[-4.647_349_769_978_893, 1.032_744_393_328_642_8],
        &[3.198_079_849_011_885, 0.672_664_781_062_241_8],
        -1.520_078_566_810_889,
    );
    agrees(
        &logistic_regression(&y, &[&x], Penalty::Ridge(0.5)).unwrap(),
        &[-6.776_665_936_529_207, 1.505_925_763_673_157],
        &[4.002_924_467_378_288, 0.846_507_860_650_659_7],
        -1.026_635_996_978_212_6,
    );
    assert_eq!(logistic_regression(&y, &[&x], Penalty::None), Err(NOT_CONVERGED));
    assert_eq!(logistic_regression(&y, &[&x], Penalty::Ridge(0.0)), Err(NOT_CONVERGED));
}

#[test]
fn where_all_outcomes_are_alike_only_firths_penalty_has_an_answer() {
    let fit = logistic_regression(&[false; 5], &[], Penalty::Firth).unwrap();
    agrees(&fit, &[(0.5_f64 / 5.5).ln()], &[1.618_079_669_911_781], -0.435_056_884_948_148_8);
    assert_eq!(logistic_regression(&[false; 5], &[], Penalty::None), Err(ONE_CLASS));
    assert_eq!(logistic_regression(&[true; 5], &[], Penalty::Ridge(1.0)), Err(ONE_CLASS));
    let fit = logistic_regression(&[true, false, false, false], &[], Penalty::None).unwrap();
    close(fit.intercept, (1.0_f64 / 3.0).ln());
}

#[test]
fn a_heavy_ridge_leaves_the_intercept_alone() {
    let fit = logistic_regression(&outcome(), &[&GRADE], Penalty::Ridge(1e9)).unwrap();
    assert!(fit.coefficients[0].abs() < 1e-7);
    assert!(fit.intercept.abs() < 1e-6, "half of the outcomes came: {}", fit.intercept);
}

#[test]
fn a_probability_is_that_of_the_log_odds() {
    let fit = Logistic { intercept: -1.0, coefficients: vec![2.0, 0.5], standard_errors: vec![], log_likelihood: 0.0 };
    close(fit.probability(&[1.0, 2.0]).unwrap(), 1.0 / (1.0 + (-2.0_f64).exp()));
    close(fit.probability(&[-1.0, 0.0]).unwrap(), 1.0 / (1.0 + 3.0_f64.exp()));
    assert_eq!(fit.probability(&[1e300, 0.0]), Ok(1.0));
    assert_eq!(fit.probability(&[-1e300, 0.0]), Ok(0.0));
    assert_eq!(fit.probability(&[1.0]), Err(Refusal::LengthsDiffer("covariates and coefficients")));
    assert_eq!(fit.probability(&[f64::NAN, 1.0]), Err(Refusal::NotFinite));
    let opposed = Logistic { coefficients: vec![1e200, -1e200], ..fit };
    assert_eq!(opposed.probability(&[1e200, 1e200]), Err(Refusal::NotFinite));
}

#[test]
fn what_cannot_be_regressed_is_refused() {
    let regress = |x: &[&[f64]]| logistic_regression(&outcome(), x, Penalty::Firth).unwrap_err();
    assert_eq!(logistic_regression(&[], &[], Penalty::Firth), Err(Refusal::Empty));
    assert_eq!(regress(&[&GRADE[..11]]), Refusal::LengthsDiffer("outcomes and values of a covariate"));
    assert_eq!(regress(&[&[2.5; 12]]), Refusal::Undefined("a covariate does not vary"));
    assert_eq!(regress(&[&[0.0; 12]]), Refusal::Undefined("a covariate does not vary"));
    assert_eq!(regress(&[&GRADE, &GRADE.map(|g| 3.0 - 2.0 * g)]), Refusal::Undefined("the covariates are collinear"));
    assert_eq!(regress(&[&GRADE[..]; 6]), Refusal::Undefined("there are more than five covariates"));
    assert_eq!(regress(&[&GRADE[..]; 5]), Refusal::Undefined("the covariates are collinear"));
    let mut bad = GRADE;
    bad[3] = f64::NAN;
    assert_eq!(regress(&[&bad]), Refusal::NotFinite);
    bad[3] = 1e300;
    assert_eq!(regress(&[&bad]), Refusal::NotFinite);
    let negative = logistic_regression(&outcome(), &[&GRADE], Penalty::Ridge(-1.0));
    assert_eq!(negative, Err(Refusal::Negative("the penalty")));
}

#[test]
fn logistic_functions_do_not_overflow() {
    assert_eq!((sigmoid(800.0), sigmoid(-800.0), sigmoid(0.0)), (1.0, 0.0, 0.5));
    assert_eq!((softplus(800.0), softplus(-800.0), softplus(0.0)), (800.0, 0.0, 2.0_f64.ln()));
    close(softplus(2.0), (1.0 + 2.0_f64.exp()).ln());
    close(softplus(-2.0), (1.0 + (-2.0_f64).exp()).ln());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn firths_estimate_does_not_depend_on_the_unit_of_a_covariate(
        rows in proptest::collection::vec((any::<bool>(), -3.0..3.0f64), 4..40), scale in 0.01..100.0f64, shift in -5.0..5.0f64,
    ) {
        let (y, x): (Vec<bool>, Vec<f64>) = rows.into_iter().unzip();
        let moved: Vec<f64> = x.iter().map(|x| shift + scale * x).collect();
        let there = logistic_regression(&y, &[&x], Penalty::Firth);
        let back = logistic_regression(&y, &[&moved], Penalty::Firth);
        if let (Ok(there), Ok(back)) = (there, back) {
            let size = 1.0 + there.coefficients[0].abs();
            prop_assert!((there.coefficients[0] - scale * back.coefficients[0]).abs() < 1e-6 * size);
            prop_assert!((there.log_likelihood - back.log_likelihood).abs() < 1e-6);
        }
    }

    #[test]
    fn a_fit_without_penalty_has_as_many_outcomes_as_came(
        rows in proptest::collection::vec((any::<bool>(), -3.0..3.0f64), 4..40),
    ) {
        let (y, x): (Vec<bool>, Vec<f64>) = rows.into_iter().unzip();
        if let Ok(fit) = logistic_regression(&y, &[&x], Penalty::None) {
            let expected: f64 = x.iter().map(|x| fit.probability(&[*x]).unwrap()).sum();
            prop_assert!((expected - count(&y) as f64).abs() < 1e-7);
        }
    }

    #[test]
    fn no_input_makes_a_panic(rows in proptest::collection::vec((any::<bool>(), any::<f64>(), -1e3..1e3f64), 0..12)) {
        let y: Vec<bool> = rows.iter().map(|row| row.0).collect();
        let x: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let z: Vec<f64> = rows.iter().map(|row| row.2).collect();
        for penalty in [Penalty::Firth, Penalty::Ridge(1.0), Penalty::None] {
            for covariates in [&[&x[..], &z[..]][..], &[&z[..]][..]] {
                if let Ok(fit) = logistic_regression(&y, covariates, penalty) {
                    prop_assert!(fit.standard_errors.iter().all(|se| se.is_finite()));
                }
            }
        }
    }
}
