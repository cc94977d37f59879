//! Bands of areas by rank: Public Health England's rule, and SQL's `NTILE`.

use crate::Refusal;

/// The band of each value by Public Health England's rule, 1 to `bands`; missing values have none.
///
/// Values are ranked from the lowest, or from the highest where `highest_first`; ties share the least rank, so that equal
/// values are never in different bands. With `N` values present, band `= bands + 1 - ceil((N + 1 - rank) bands / N)`,
/// counted in whole numbers, so that rounding moves none. No value has a band where there are fewer than `bands`.
///
/// # Errors
/// [`Refusal`] for a value that is not finite, or no bands.
///
/// Source: `phe_quantile` of PHEindicatormethods 2.1.0.
pub fn phe_quantile_bands(
    values: &[Option<f64>],
    bands: usize,
    highest_first: bool,
) -> Result<Vec<Option<usize>>, Refusal> {
    let placed = placed(values, bands, highest_first)?;
    let present = placed.len();
    let mut result = vec![None; values.len()];
    if present < bands {
        return Ok(result);
    }
    let mut better = 0;
    for (i, (at, value)) in placed.iter().enumerate() {
        if i > 0 && placed[i - 1].1 != *value {
            better = i;
        }
        // With rank = better + 1, present + 1 - rank is what is at least as far on.
        result[*at] =
            Some(bands + 1 - (u128_of(present - better) * u128_of(bands)).div_ceil(u128_of(present)) as usize);
    }
    Ok(result)
}

/// The tile of each value as SQL's `NTILE` gives it, 1 to `tiles`; missing values have none.
///
/// Values in order, from the lowest or from the highest, are cut into tiles whose sizes differ by at most one, the larger
/// first. Equal values may be in different tiles: they are taken in the order given, where SQL takes them in any. With
/// fewer values than tiles each has its own. Kept to reproduce others' figures; [`phe_quantile_bands`] splits no ties.
///
/// # Errors
/// [`Refusal`] for a value that is not finite, or no tiles.
///
/// Source: ISO/IEC 9075-2, `NTILE`; quintiles and quartiles of FingertipsNext.
pub fn ntile(values: &[Option<f64>], tiles: usize, highest_first: bool) -> Result<Vec<Option<usize>>, Refusal> {
    let placed = placed(values, tiles, highest_first)?;
    let (size, larger) = (placed.len() / tiles, placed.len() % tiles);
    let mut result = vec![None; values.len()];
    for (i, (at, _)) in placed.iter().enumerate() {
        let in_larger = larger * (size + 1);
        let tile = if i < in_larger { i / (size + 1) } else { larger + (i - in_larger) / size };
        result[*at] = Some(tile + 1);
    }
    Ok(result)
}

/// The values present, with their places in the list, in order; ties stay in the order given.
fn placed(values: &[Option<f64>], bands: usize, highest_first: bool) -> Result<Vec<(usize, f64)>, Refusal> {
    if bands == 0 {
        return Err(Refusal::Zero("the number of bands"));
    }
    // Adding 0 makes of a negative zero a positive one, which total_cmp would tell apart.
    let mut placed: Vec<(usize, f64)> = values.iter().enumerate().filter_map(|(i, v)| Some((i, (*v)? + 0.0))).collect();
    if placed.iter().any(|(_, value)| !value.is_finite()) {
        return Err(Refusal::NotFinite);
    }
    placed.sort_by(|(_, one), (_, other)| if highest_first { other.total_cmp(one) } else { one.total_cmp(other) });
    Ok(placed)
}

fn u128_of(count: usize) -> u128 {
    count as u128
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    fn bands(values: &[f64], q: usize, highest_first: bool) -> Vec<usize> {
        phe_quantile_bands(&some(values), q, highest_first).unwrap().into_iter().flatten().collect()
    }

    #[test]
    fn ten_values_fall_two_by_two_into_fifths() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(bands(&values, 5, false), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!(bands(&values, 5, true), [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
        // With seven in quarters: ceil((8 - rank) * 4 / 7) is 4 4 3 3 2 2 1.
        assert_eq!(bands(&values[..7], 4, false), [1, 1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn equal_values_share_a_band_whatever_their_number() {
        assert_eq!(bands(&[0.0, -0.0, 0.0, 0.0, 5.0], 5, false), [1, 1, 1, 1, 5]);
        assert_eq!(bands(&[3.0, 7.0, 7.0, 7.0], 4, true), [4, 1, 1, 1]);
        assert_eq!(bands(&[2.0; 6], 3, false), [1; 6]);
    }

    #[test]
    fn a_missing_value_has_no_band_and_is_not_counted() {
        let values = [Some(2.0), None, Some(1.0)];
        assert_eq!(phe_quantile_bands(&values, 2, false), Ok(vec![Some(2), None, Some(1)]));
        assert_eq!(phe_quantile_bands(&values, 3, false), Ok(vec![None; 3]));
        assert_eq!(ntile(&values, 2, false), Ok(vec![Some(2), None, Some(1)]));
    }

    #[test]
    fn rounding_moves_nothing_across_a_band() {
        // (28 + 1 - 8) * 20 / 28 is 15, which floating point makes a little more.
        let values: Vec<f64> = (1..=28).map(f64::from).collect();
        assert_eq!(bands(&values, 20, false)[7], 6);
    }

    #[test]
    fn tiles_are_cut_by_number_and_split_ties_in_the_order_given() {
        let tiles = |values: &[f64], k, highest_first| -> Vec<usize> {
            ntile(&some(values), k, highest_first).unwrap().into_iter().flatten().collect()
        };
        assert_eq!(tiles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], 3, false), [1, 1, 1, 2, 2, 2, 3, 3]);
        assert_eq!(tiles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 3, true), [3, 3, 2, 2, 1, 1, 1]);
        assert_eq!(tiles(&[5.0, 5.0, 5.0, 5.0], 2, false), [1, 1, 2, 2]);
        assert_eq!(tiles(&[5.0, 5.0, 5.0, 5.0], 2, true), [1, 1, 2, 2]);
        assert_eq!(tiles(&[9.0, 8.0], 5, false), [2, 1]);
        assert_eq!(ntile(&[], 5, false), Ok(vec![]));
    }

    #[test]
    fn a_negative_zero_is_a_zero() {
        assert_eq!(ntile(&some(&[0.0, -0.0]), 2, false).unwrap(), [Some(1), Some(2)]);
        assert_eq!(ntile(&some(&[-0.0, 0.0]), 2, true).unwrap(), [Some(1), Some(2)]);
    }

    #[test]
    fn no_bands_and_no_numbers_are_refused() {
        assert_eq!(phe_quantile_bands(&[Some(1.0)], 0, false), Err(Refusal::Zero("the number of bands")));
        assert_eq!(ntile(&[Some(1.0)], 0, false), Err(Refusal::Zero("the number of bands")));
        assert_eq!(phe_quantile_bands(&[Some(f64::NAN)], 1, false), Err(Refusal::NotFinite));
        assert_eq!(ntile(&[Some(f64::INFINITY)], 1, false), Err(Refusal::NotFinite));
    }

    proptest! {
        #[test]
        fn bands_follow_the_published_formula(
            values in proptest::collection::vec(0u8..30, 1..200), q in 2usize..=10, highest_first: bool,
        ) {
            let given: Vec<_> = values.iter().map(|v| Some(f64::from(*v))).collect();
            let got = phe_quantile_bands(&given, q, highest_first)?;
            let n = values.len() as f64;
            for (value, got) in values.iter().zip(got) {
                let better = values.iter().filter(|v| if highest_first { *v > value } else { *v < value }).count();
                let (q, rank) = (q as f64, better as f64 + 1.0);
                let want = ((q + 1.0) - ((n + 1.0 - rank) / (n / q)).ceil()).floor().max(1.0);
                prop_assert_eq!(got, (n >= q).then_some(want as usize));
            }
        }

        #[test]
        fn tiles_differ_in_size_by_at_most_one(values in proptest::collection::vec(0.0..1.0f64, 0..80), k in 1usize..12) {
            let got = ntile(&some(&values), k, false)?;
            let sizes: Vec<_> = (1..=k).map(|tile| got.iter().filter(|t| **t == Some(tile)).count()).collect();
            prop_assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]) && sizes[0] - sizes[k - 1] <= 1);
        }
    }
}
