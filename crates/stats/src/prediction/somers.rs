//! Somers' D: how well a signal orders an outcome of several grades.

use super::ascending;
use crate::Refusal;
use crate::refusal::{at_least, finite, same_length};

/// Somers' D of a score for an ordinal outcome: of pairs with different outcomes, the share ordered rightly less the
/// share ordered wrongly, pairs of equal score counted as neither.
///
/// `outcome` is a grade as a number; what is of interest is its order alone. The result is from -1 to 1, above 0 where a
/// greater score goes with a greater outcome. With two grades it is `2 AUC - 1`.
///
/// # Errors
/// [`Refusal`] for no rows, lists of different length, a score that is not finite, or outcomes that are all alike.
///
/// Source: Somers 1962, American Sociological Review 27:799; Newson 2002, Stata Journal 2:45. It is `D(score | outcome)`,
/// scipy's `somersd(outcome, score)`.
pub fn somers_d(outcome: &[i32], score: &[f64]) -> Result<f64, Refusal> {
    same_length(outcome.len(), score.len(), "outcomes and scores")?;
    at_least(outcome.len(), 1, "rows")?;
    score.iter().try_for_each(|s| finite(*s).map(drop))?;
    let mut grades = outcome.to_vec();
    grades.sort_unstable();
    let equal: u64 = grades.chunk_by(|a, b| a == b).map(|grade| pairs(grade.len() as u64)).sum();
    let different = pairs(outcome.len() as u64) - equal;
    if different == 0 {
        return Err(super::auc::ONE_CLASS);
    }
    grades.dedup();
    let grade_of = |i: &usize| grades.partition_point(|g| *g < outcome[*i]);
    let mut below = Tree(vec![0; grades.len() + 1]);
    let (mut rightly, mut wrongly, mut inserted) = (0_u64, 0_u64, 0_u64);
    let order = ascending(score);
    for tie in order.chunk_by(|a, b| score[*a] == score[*b]) {
        for grade in tie.iter().map(grade_of) {
            rightly += below.before(grade);
            wrongly += inserted - below.before(grade + 1);
        }
        tie.iter().map(grade_of).for_each(|grade| below.add(grade));
        inserted += tie.len() as u64;
    }
    Ok((rightly as f64 - wrongly as f64) / different as f64)
}

fn pairs(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}

/// Counts by grade, of which sums of the first few are quick (a Fenwick tree).
struct Tree(Vec<u64>);

impl Tree {
    fn add(&mut self, grade: usize) {
        let mut i = grade + 1;
        while i < self.0.len() {
            self.0[i] += 1;
            i += i & i.wrapping_neg();
        }
    }

    /// How many have one of the first `grades` grades.
    fn before(&self, grades: usize) -> u64 {
        let (mut i, mut sum) = (grades, 0);
        while i > 0 {
            sum += self.0[i];
            i &= i - 1;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::prediction::auc::ONE_CLASS;

    /// scipy 1.17: `stats.somersd(outcome, score).statistic`.
    #[test]
    fn somers_d_agrees_with_scipy() {
        let outcome = [1, 2, 2, 3, 4, 1, 2, 3, 4, 4, 3, 2, -5];
        let score = [0.1, 0.5, 0.2, 0.5, 0.3, 0.3, 0.9, 0.5, 0.7, 0.2, 0.9, 0.1, 0.4];
        assert_eq!(somers_d(&outcome, &score), Ok(0.2));
    }

    #[test]
    fn the_ends_are_one_and_less_one() {
        assert_eq!(somers_d(&[1, 2, 3, 3], &[0.1, 0.2, 0.4, 0.3]), Ok(1.0));
        assert_eq!(somers_d(&[1, 2, 3, 3], &[0.9, 0.2, 0.1, -0.3]), Ok(-1.0));
        assert_eq!(somers_d(&[1, 2, 3, 3], &[0.5; 4]), Ok(0.0));
        assert_eq!(somers_d(&[i32::MIN, i32::MAX], &[0.0, 1.0]), Ok(1.0));
    }

    #[test]
    fn what_cannot_be_ordered_is_refused() {
        assert_eq!(somers_d(&[], &[]), Err(Refusal::Empty));
        assert_eq!(somers_d(&[1], &[]), Err(Refusal::LengthsDiffer("outcomes and scores")));
        assert_eq!(somers_d(&[1], &[1.0]), Err(ONE_CLASS));
        assert_eq!(somers_d(&[2, 2], &[1.0, 3.0]), Err(ONE_CLASS));
        assert_eq!(somers_d(&[1, 2], &[1.0, f64::INFINITY]), Err(Refusal::NotFinite));
    }

    proptest! {
        #[test]
        fn it_is_what_a_count_of_pairs_gives(rows in proptest::collection::vec((0i32..5, 0u8..8), 2..50)) {
            let (outcome, score): (Vec<i32>, Vec<f64>) = rows.iter().map(|(y, s)| (*y, f64::from(*s))).unzip();
            let (mut sum, mut different) = (0, 0);
            for (i, (y, s)) in rows.iter().enumerate() {
                for (other_y, other_s) in &rows[..i] {
                    different += i32::from(y != other_y);
                    sum += (y - other_y).signum() * (i32::from(*s) - i32::from(*other_s)).signum();
                }
            }
            prop_assume!(different > 0);
            prop_assert_eq!(somers_d(&outcome, &score), Ok(f64::from(sum) / f64::from(different)));
        }
    }
}
