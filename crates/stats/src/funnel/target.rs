//! What areas are compared with.

use super::{Transform, ordered_sum};
use crate::refusal::{at_least, finite};
use crate::{Refusal, quantile7};

/// What areas are to be compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// What the included areas have together: the sum of their numerators over the sum of their denominators, which is
    /// not the mean of their values. For means, the mean weighted by `1 / standard error^2`.
    Pooled,
    /// A value that is given, in the unit of the published figure: a policy standard, or 1 for a standardised ratio.
    Given(f64),
    /// The median of the included areas' values (type 7).
    Median,
    /// Pooled, but the median where one included area holds more than a tenth of all denominators (of all weight, for
    /// means), since it would then be compared with itself. A median of none or of all, from which no distance can be
    /// taken, gives way to the pooled target again.
    PooledUnlessOneIsLarge,
}

/// What areas were compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetBasis {
    /// What the included areas have together.
    Pooled,
    /// A value that was given.
    Given,
    /// The median of the included areas' values.
    Median,
}

/// The share of all denominators above which one area is large.
const LARGE: f64 = 0.1;

impl Target {
    /// The target of areas that report `(observed, denominator)`, in the unit of the one over the other, and its basis.
    ///
    /// Every denominator must be above 0.
    pub(super) fn of(self, areas: &[(f64, f64)], transform: Transform) -> Result<(f64, TargetBasis), Refusal> {
        if let Self::Given(value) = self {
            return Ok((finite(value)?, TargetBasis::Given));
        }
        at_least(areas.len(), 1, "areas")?;
        let weight = |(_, n): &(f64, f64)| if transform == Transform::Identity { 1.0 / (n * n) } else { *n };
        let value = |(x, n): &(f64, f64)| if transform == Transform::Identity { *x } else { x / n };
        let whole = ordered_sum(areas.iter().map(weight));
        let one_is_large = || areas.iter().map(weight).any(|part| part > LARGE * whole);
        if self == Self::Median || (self == Self::PooledUnlessOneIsLarge && one_is_large()) {
            let values: Vec<f64> = areas.iter().map(value).collect();
            let median = quantile7(&values, 0.5)?;
            let no_distance = match transform {
                Transform::Identity => false,
                Transform::Arcsine => median == 0.0 || median == 1.0,
                _ => median == 0.0,
            };
            if self == Self::Median || !no_distance {
                return Ok((median, TargetBasis::Median));
            }
        }
        let sum = ordered_sum(areas.iter().map(|area| match transform {
            Transform::Identity => area.0 * weight(area),
            _ => area.0,
        }));
        Ok((finite(sum / whole)?, TargetBasis::Pooled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREAS: [(f64, f64); 3] = [(1.0, 10.0), (9.0, 30.0), (10.0, 40.0)];

    #[test]
    fn the_pooled_target_is_no_mean_of_percentages() {
        assert_eq!(Target::Pooled.of(&AREAS, Transform::Arcsine), Ok((0.25, TargetBasis::Pooled)));
        assert_eq!(Target::Median.of(&AREAS[..2], Transform::SquareRoot), Ok((0.2, TargetBasis::Median)));
        assert_eq!(Target::Given(0.4).of(&[], Transform::Arcsine), Ok((0.4, TargetBasis::Given)));
    }

    #[test]
    fn means_are_pooled_by_their_precision() {
        // Weights 4 and 1.
        let means = [(10.0, 0.5), (20.0, 1.0)];
        assert_eq!(Target::Pooled.of(&means, Transform::Identity), Ok((12.0, TargetBasis::Pooled)));
        assert_eq!(Target::Median.of(&means, Transform::Identity), Ok((15.0, TargetBasis::Median)));
        let large = Target::PooledUnlessOneIsLarge.of(&means, Transform::Identity);
        assert_eq!(large, Ok((15.0, TargetBasis::Median)));
    }

    #[test]
    fn the_median_is_used_where_one_area_holds_more_than_a_tenth() {
        let alike = [(3.0, 10.0); 10];
        let basis = |areas: &[(f64, f64)]| Target::PooledUnlessOneIsLarge.of(areas, Transform::Arcsine).unwrap().1;
        assert_eq!(basis(&alike), TargetBasis::Pooled);
        let mut one_large = alike;
        one_large[4].1 = 10.1;
        assert_eq!(basis(&one_large), TargetBasis::Median);
        assert_eq!(Target::Pooled.of(&one_large, Transform::Arcsine).unwrap().1, TargetBasis::Pooled);
    }

    #[test]
    fn a_median_that_no_distance_can_be_taken_from_gives_way() {
        let target = |areas: &[(f64, f64)], transform| Target::PooledUnlessOneIsLarge.of(areas, transform).unwrap();
        let mostly_none = [(0.0, 10.0), (0.0, 10.0), (5.0, 80.0)];
        assert_eq!(target(&mostly_none, Transform::Arcsine), (0.05, TargetBasis::Pooled));
        assert_eq!(target(&mostly_none, Transform::SquareRoot), (0.05, TargetBasis::Pooled));
        let mostly_all = [(10.0, 10.0), (10.0, 10.0), (75.0, 80.0)];
        assert_eq!(target(&mostly_all, Transform::Arcsine), (0.95, TargetBasis::Pooled));
        assert_eq!(target(&mostly_all, Transform::SquareRoot), (1.0, TargetBasis::Median));
        assert_eq!(Target::Median.of(&mostly_none, Transform::Arcsine), Ok((0.0, TargetBasis::Median)));
    }

    #[test]
    fn of_means_a_median_of_0_is_a_target_as_any_other() {
        let areas = [(-1.0, 1.0), (0.0, 0.1), (4.0, 1.0)];
        let found = Target::PooledUnlessOneIsLarge.of(&areas, Transform::Identity).unwrap();
        assert_eq!(found, (0.0, TargetBasis::Median));
    }

    #[test]
    fn no_area_has_no_target() {
        assert_eq!(Target::Pooled.of(&[], Transform::Arcsine), Err(Refusal::Empty));
        assert_eq!(Target::Median.of(&[], Transform::Arcsine), Err(Refusal::Empty));
        assert_eq!(Target::Given(f64::NAN).of(&AREAS, Transform::Arcsine), Err(Refusal::NotFinite));
        assert_eq!(
            Target::Pooled.of(&[(1e308, 1e-300), (1e308, 1e-300)], Transform::SquareRoot),
            Err(Refusal::NotFinite)
        );
    }
}
