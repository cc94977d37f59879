//! Labels that would lie on one another, pushed apart.

/// Where the tops of boxes go that want their middles at `wanted`, in the order given from top to bottom.
///
/// Each box is moved as little as it must so that none overlaps the next and all lie between `top` and
/// `bottom`, as far as they fit; the order is kept. (Least squares under an order: the boxes' tops, less
/// the heights above them, are pooled where they fall back.)
pub(crate) fn spread(boxes: &[(f64, f64)], top: f64, bottom: f64) -> Vec<f64> {
    // A pool is a run of touching boxes: the sum of what they want, and how many they are.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    let mut above = 0.0;
    for (wanted, height) in boxes {
        let mut pool = (wanted - height / 2.0 - above, 1);
        while let Some(last) = pools.pop() {
            if last.0 / last.1 as f64 <= pool.0 / pool.1 as f64 {
                pools.push(last);
                break;
            }
            pool = (last.0 + pool.0, last.1 + pool.1);
        }
        pools.push(pool);
        above += height;
    }
    let latest = (bottom - above).max(top);
    let starts = pools.into_iter().flat_map(|(sum, n)| std::iter::repeat_n((sum / n as f64).clamp(top, latest), n));
    let mut above = 0.0;
    starts
        .zip(boxes)
        .map(|(start, (_, height))| {
            let place = start + above;
            above += height;
            place
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_with_room_stay_where_they_want_to_be() {
        assert_eq!(spread(&[(50.0, 10.0), (100.0, 20.0)], 0.0, 200.0), [45.0, 90.0]);
    }

    #[test]
    fn labels_on_one_place_are_stacked_about_it() {
        assert_eq!(spread(&[(50.0, 10.0), (50.0, 10.0), (50.0, 10.0)], 0.0, 200.0), [35.0, 45.0, 55.0]);
    }

    #[test]
    fn labels_at_an_edge_are_pushed_inside() {
        assert_eq!(spread(&[(0.0, 10.0), (0.0, 10.0)], 0.0, 200.0), [0.0, 10.0]);
        assert_eq!(spread(&[(199.0, 10.0), (200.0, 10.0)], 0.0, 200.0), [180.0, 190.0]);
    }

    proptest! {
        #[test]
        fn no_label_overlaps_the_next_and_all_lie_inside(mut wanted in proptest::collection::vec(0.0..300.0f64, 0..9)) {
            wanted.sort_by(f64::total_cmp);
            let boxes: Vec<_> = wanted.iter().map(|w| (*w, 30.0)).collect();
            let tops = spread(&boxes, 10.0, 290.0);
            prop_assert_eq!(tops.len(), boxes.len());
            for pair in tops.windows(2) {
                prop_assert!(pair[1] - pair[0] >= 30.0 - 1e-9);
            }
            prop_assert!(tops.iter().all(|t| *t >= 10.0 - 1e-9 && *t <= 260.0 + 1e-9));
        }
    }
}
