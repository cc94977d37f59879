//! Intervals by a bootstrap that resamples clusters: an authority with all its inspections, not one inspection.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rayon::prelude::*;

use super::ascending;
use super::auc::ONE_CLASS;
use crate::refusal::{at_least, finite, same_length};
use crate::{Interval, Level, Refusal, quantile7};

/// Resamples of the clusters that rows belong to, drawn once and shared by every signal that is tried.
///
/// Signals judged on the same resamples can be compared draw by draw.
#[derive(Clone, Debug)]
pub struct Resamples {
    /// The cluster of each row.
    cluster: Vec<u32>,
    clusters: usize,
    draws: usize,
    /// How often each cluster is in each draw, draw by draw.
    times: Vec<u32>,
}

/// How often each row is in one draw.
#[derive(Clone, Copy, Debug)]
pub struct RowWeights<'a> {
    cluster: &'a [u32],
    times: &'a [u32],
}

impl RowWeights<'_> {
    /// How often the row is in the draw; 0 for a row that there is not.
    #[must_use]
    pub fn of(&self, row: usize) -> u32 {
        self.cluster.get(row).map_or(0, |cluster| self.times[*cluster as usize])
    }
}

/// A statistic with its percentile interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BootstrapInterval {
    /// The statistic of the rows as they are.
    pub estimate: f64,
    /// The interval between two percentiles of the draws.
    pub interval: Interval,
    /// The standard deviation of the draws.
    pub standard_error: f64,
    /// The number of draws that have the statistic.
    pub draws: usize,
    /// The number of draws that do not, as where only one outcome is drawn; they are left out.
    pub undefined: usize,
}

/// Fewer clusters than these say nothing of what other clusters would be like.
const LEAST_CLUSTERS: usize = 10;
/// Fewer draws than these say nothing of the ends of an interval.
const LEAST_DRAWS: usize = 100;
/// The most numbers to hold.
const MOST_HELD: usize = 100_000_000;

impl Resamples {
    /// Draws clusters with replacement, as many as there are, `draws` times; 2000 draws are usual.
    ///
    /// `keys` names the cluster of each row, such as a number made from an authority's code. Each draw has a stream of
    /// random numbers of its own: the draws are the same for any number of threads and for any order of the rows.
    ///
    /// # Errors
    /// [`Refusal`] for fewer than ten clusters, fewer than 100 draws, or more than can be held in memory.
    ///
    /// Source: Field and Welsh 2007, "Bootstrapping clustered data", Journal of the Royal Statistical Society B 69:369;
    /// Davison and Hinkley 1997, Bootstrap Methods and their Application, section 3.8.
    pub fn new(keys: &[u64], draws: u32, seed: u64) -> Result<Self, Refusal> {
        let mut names = keys.to_vec();
        names.sort_unstable();
        names.dedup();
        let clusters = names.len();
        at_least(clusters, LEAST_CLUSTERS, "clusters")?;
        let draws = draws as usize;
        at_least(draws, LEAST_DRAWS, "draws")?;
        let number = u32::try_from(clusters).ok().filter(|_| clusters.saturating_mul(draws) <= MOST_HELD);
        let number = number.ok_or(Refusal::Undefined("there are too many clusters or draws to hold"))?;
        let mut times = vec![0; clusters * draws];
        times.par_chunks_mut(clusters).enumerate().for_each(|(draw, times)| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(draw as u64);
            for _ in 0..clusters {
                times[random.random_range(0..number) as usize] += 1;
            }
        });
        let cluster = keys.iter().map(|key| names.partition_point(|name| name < key) as u32).collect();
        Ok(Self { cluster, clusters, draws, times })
    }

    /// The interval of any statistic of weighted rows.
    ///
    /// `statistic` gives the statistic where each row counts as often as [`RowWeights::of`] says, or nothing where it is
    /// not defined. The ends of the interval are the type-7 quantiles of the draws in which it is.
    ///
    /// # Errors
    /// [`Refusal`] where the statistic is not defined for the rows as they are, where more than 5 per cent of draws have
    /// none, or for a value that is not finite.
    ///
    /// Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13 (percentile interval).
    pub fn interval(
        &self,
        level: Level,
        statistic: impl Fn(RowWeights<'_>) -> Option<f64> + Sync,
    ) -> Result<BootstrapInterval, Refusal> {
        let once = vec![1; self.clusters];
        let as_they_are = RowWeights { cluster: &self.cluster, times: &once };
        let estimate =
            finite(statistic(as_they_are).ok_or(Refusal::Undefined("the statistic is not defined for these rows"))?)?;
        let draw = |times| statistic(RowWeights { cluster: &self.cluster, times });
        let drawn: Vec<f64> = self.times.par_chunks(self.clusters).filter_map(draw).collect();
        let undefined = self.draws - drawn.len();
        if undefined * 20 > self.draws {
            return Err(Refusal::Undefined("more than 5 per cent of draws leave the statistic undefined"));
        }
        let low = quantile7(&drawn, level.tail())?;
        let high = quantile7(&drawn, 1.0 - level.tail())?;
        let standard_error = finite(standard_deviation(&drawn))?;
        let draws = drawn.len();
        Ok(BootstrapInterval { estimate, interval: Interval { low, high }, standard_error, draws, undefined })
    }

    /// The interval of the area under the ROC curve of a signal, over the rows that have it.
    ///
    /// # Errors
    /// As [`Resamples::interval`], and for lists of different length or a score that is not finite.
    ///
    /// Source: as [`Resamples::interval`]; the area of a draw is that of the rows as often as they are drawn.
    pub fn auc(&self, outcome: &[bool], score: &[Option<f64>], level: Level) -> Result<BootstrapInterval, Refusal> {
        let sorted = self.sorted(outcome, score, |_| true)?;
        sorted.check()?;
        self.interval(level, |weights| sorted.auc(weights.times))
    }

    /// The interval of the area of one signal less that of another, on the same draws, over the rows that have both.
    ///
    /// The first is shown to be better where the whole interval is above 0.
    ///
    /// # Errors
    /// As [`Resamples::auc`] for either signal.
    ///
    /// Source: as [`Resamples::interval`], on paired draws.
    pub fn auc_difference(
        &self,
        outcome: &[bool],
        first: &[Option<f64>],
        second: &[Option<f64>],
        level: Level,
    ) -> Result<BootstrapInterval, Refusal> {
        same_length(first.len(), second.len(), "the scores of two signals")?;
        let one = self.sorted(outcome, first, |row| second[row].is_some())?;
        let other = self.sorted(outcome, second, |row| first[row].is_some())?;
        one.check()?;
        self.interval(level, |weights| Some(one.auc(weights.times)? - other.auc(weights.times)?))
    }

    fn sorted(
        &self,
        outcome: &[bool],
        score: &[Option<f64>],
        also: impl Fn(usize) -> bool,
    ) -> Result<SortedRows, Refusal> {
        same_length(outcome.len(), self.cluster.len(), "outcomes and rows")?;
        same_length(outcome.len(), score.len(), "outcomes and scores")?;
        let (mut rows, mut scores) = (vec![], vec![]);
        for (row, score) in score.iter().enumerate() {
            if let Some(score) = score.filter(|_| also(row)) {
                rows.push(row);
                scores.push(finite(score)?);
            }
        }
        let order = ascending(&scores);
        let one = |(at, i): (usize, &usize)| SortedRow {
            cluster: self.cluster[rows[*i]],
            outcome: outcome[rows[*i]],
            ends_tie: order.get(at + 1).is_none_or(|next| scores[*next] != scores[*i]),
        };
        Ok(SortedRows(order.iter().enumerate().map(one).collect()))
    }
}

/// Rows from the least score to the greatest.
struct SortedRows(Vec<SortedRow>);

struct SortedRow {
    cluster: u32,
    outcome: bool,
    /// Whether the next row has another score.
    ends_tie: bool,
}

impl SortedRows {
    /// Refuses no rows, and rows of one outcome.
    fn check(&self) -> Result<(), Refusal> {
        let first = self.0.first().ok_or(Refusal::Empty)?.outcome;
        if self.0.iter().all(|row| row.outcome == first) { Err(ONE_CLASS) } else { Ok(()) }
    }

    /// The area of the rows, each as often as its cluster; nothing where only one outcome is left.
    fn auc(&self, times: &[u32]) -> Option<f64> {
        let (mut twice, mut all_with, mut below) = (0_u64, 0_u64, 0_u64);
        let mut here = [0_u64; 2];
        for row in &self.0 {
            here[usize::from(row.outcome)] += u64::from(times[row.cluster as usize]);
            if row.ends_tie {
                let [without, with] = here;
                twice += with * (2 * below + without);
                all_with += with;
                below += without;
                here = [0; 2];
            }
        }
        (all_with > 0 && below > 0).then(|| twice as f64 / 2.0 / all_with as f64 / below as f64)
    }
}

fn standard_deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests;
