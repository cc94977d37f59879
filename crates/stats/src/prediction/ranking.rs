//! What comes of visiting the first few of a ranking.

use super::{ascending, check_scores, count};
use crate::Refusal;

/// What is found among the `k` rows of greatest score, in expectation where ties at the cut are broken at random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankingAtK {
    /// The number of rows with the outcome among the first `k`.
    pub found: f64,
    /// The share of the first `k` with the outcome.
    pub precision: f64,
    /// The share of all rows with the outcome that are among the first `k`; none where no row has the outcome.
    pub recall: Option<f64>,
    /// Precision over the share of all rows with the outcome; none where no row has it.
    pub lift: Option<f64>,
}

/// Precision, recall and lift of the `k` rows of greatest score.
///
/// Where the cut falls among rows of equal score, as many of them as there is room for are taken at random, and the
/// expected value is given.
///
/// # Errors
/// [`Refusal`] for no rows, lists of different length, a score that is not finite, or `k` not between 1 and the number
/// of rows.
///
/// Source: McSherry and Najork 2008, "Computing information retrieval performance measures efficiently in the presence of
/// tied scores", ECIR.
pub fn ranking_at_k(outcome: &[bool], score: &[f64], k: usize) -> Result<RankingAtK, Refusal> {
    check_scores(outcome, score)?;
    if !(1..=outcome.len()).contains(&k) {
        return Err(Refusal::Undefined("the number to take lies between 1 and the number of rows"));
    }
    let mut order = ascending(score);
    order.reverse();
    let (mut found, mut room) = (0.0, k);
    for tie in order.chunk_by(|a, b| score[*a] == score[*b]) {
        let taken = room.min(tie.len());
        let with = tie.iter().filter(|i| outcome[**i]).count();
        found += (with * taken) as f64 / tie.len() as f64;
        room -= taken;
    }
    let precision = found / k as f64;
    let with = count(outcome) as f64;
    let over = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    Ok(RankingAtK { found, precision, recall: over(found, with), lift: over(precision, with / outcome.len() as f64) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SCORE: [f64; 6] = [0.9, 0.5, 0.5, 0.5, 0.2, 0.1];
    const OUTCOME: [bool; 6] = [true, true, false, false, true, false];

    #[test]
    fn the_first_rows_are_counted() {
        let got = ranking_at_k(&OUTCOME, &SCORE, 1).unwrap();
        assert_eq!(got, RankingAtK { found: 1.0, precision: 1.0, recall: Some(1.0 / 3.0), lift: Some(2.0) });
        let got = ranking_at_k(&OUTCOME, &SCORE, 6).unwrap();
        assert_eq!(got, RankingAtK { found: 3.0, precision: 0.5, recall: Some(1.0), lift: Some(1.0) });
    }

    #[test]
    fn of_ties_at_the_cut_the_expected_value_is_taken() {
        let got = ranking_at_k(&OUTCOME, &SCORE, 3).unwrap();
        // Of three tied rows, one of them with the outcome, there is room for two.
        assert_eq!(got.found, 1.0 + 2.0 / 3.0);
        assert_eq!(got.precision, got.found / 3.0);
        assert_eq!(got.recall, Some(got.found / 3.0));
        assert_eq!(got.lift, Some(got.precision / 0.5));
        assert_eq!(ranking_at_k(&OUTCOME, &SCORE, 4).unwrap().found, 2.0);
    }

    #[test]
    fn without_the_outcome_there_is_neither_recall_nor_lift() {
        let got = ranking_at_k(&[false, false], &[1.0, 2.0], 1).unwrap();
        assert_eq!(got, RankingAtK { found: 0.0, precision: 0.0, recall: None, lift: None });
    }

    #[test]
    fn no_rows_can_be_taken_of_none_and_no_more_than_there_are() {
        let refused = Refusal::Undefined("the number to take lies between 1 and the number of rows");
        assert_eq!(ranking_at_k(&OUTCOME, &SCORE, 0), Err(refused));
        assert_eq!(ranking_at_k(&OUTCOME, &SCORE, 7), Err(refused));
        assert_eq!(ranking_at_k(&[], &[], 1), Err(Refusal::Empty));
        assert_eq!(ranking_at_k(&[true], &[f64::NAN], 1), Err(Refusal::NotFinite));
    }

    proptest! {
        #[test]
        fn taking_one_more_never_finds_less_and_at_most_one_more(
            rows in proptest::collection::vec((any::<bool>(), 0u8..4), 2..30),
        ) {
            let (outcome, score): (Vec<bool>, Vec<f64>) = rows.iter().map(|(y, s)| (*y, f64::from(*s))).unzip();
            let found: Vec<f64> = (1..=rows.len()).map(|k| ranking_at_k(&outcome, &score, k).unwrap().found).collect();
            prop_assert!(found.windows(2).all(|pair| (-1e-12..=1.0 + 1e-12).contains(&(pair[1] - pair[0]))));
        }
    }
}
