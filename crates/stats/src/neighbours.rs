//! Statistical neighbours: the areas most alike on chosen characteristics.

use crate::refusal::{at_least, finite, not_negative, same_length};
use crate::{Refusal, quantile7};

/// An area that is like another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Its place in the list of areas, from 0.
    pub area: usize,
    /// Its distance, in weighted standard deviations.
    pub distance: f64,
}

/// The neighbours of every area.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    /// Each area's neighbours, the nearest first; `None` for an area without characteristics.
    pub nearest: Vec<Option<Vec<Neighbour>>>,
    /// The 90th percentile (type 7) of all areas' distance to their nearest neighbour.
    pub far: f64,
}

impl Neighbours {
    /// Whether an area has no close neighbours: its nearest is farther than those of nine areas in ten.
    #[must_use]
    pub fn has_no_close_neighbours(&self, area: usize) -> bool {
        let nearest = self.nearest.get(area).and_then(|nearest| nearest.as_ref()?.first());
        nearest.is_some_and(|nearest| nearest.distance > self.far)
    }
}

/// The `count` nearest neighbours of every area by weighted Euclidean distance on standardised characteristics.
///
/// `areas` holds each area's characteristics, in the same order and in any units; `None` for one of which a
/// characteristic is missing or that is left out because it is too small: it has no neighbours and is nobody's. Each
/// characteristic is standardised with its mean and its standard deviation (divisor n - 1) over the other areas, and the
/// distance is `sqrt(sum of w (z_i - z_j)^2)`. Of equal distances the area that is earlier in the list comes first. Being
/// a neighbour is not mutual.
///
/// # Errors
/// [`Refusal`] for fewer than `count + 1` areas (or two), a count of 0, areas or weights that differ in number of
/// characteristics, weights that are negative or all 0, and a characteristic that is the same in every area.
///
/// Source: Benton et al. 2007, "Children's Services Statistical Neighbour Benchmarking Model" (NFER).
pub fn nearest_neighbours(areas: &[Option<Vec<f64>>], weights: &[f64], count: usize) -> Result<Neighbours, Refusal> {
    if count == 0 {
        return Err(Refusal::Zero("the number of neighbours"));
    }
    for weight in weights {
        not_negative(*weight, "a weight")?;
    }
    if weights.iter().all(|weight| *weight == 0.0) {
        return Err(Refusal::Undefined("no characteristic has weight"));
    }
    let present: Vec<(usize, &[f64])> =
        areas.iter().enumerate().filter_map(|(i, area)| Some((i, area.as_deref()?))).collect();
    at_least(present.len(), count.saturating_add(1), "areas")?;
    let placed = standardised(&present, weights)?;

    let mut nearest = vec![None; areas.len()];
    let mut first = Vec::with_capacity(present.len());
    for (one, (area, _)) in present.iter().enumerate() {
        let others = present.iter().enumerate().filter(|(other, _)| *other != one);
        let mut all = others
            .map(|(other, (area, _))| Ok(Neighbour { area: *area, distance: distance(&placed[one], &placed[other])? }))
            .collect::<Result<Vec<_>, Refusal>>()?;
        all.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        all.truncate(count);
        first.extend(all.first().map(|neighbour| neighbour.distance));
        nearest[*area] = Some(all);
    }
    Ok(Neighbours { nearest, far: quantile7(&first, 0.9)? })
}

/// Each area's characteristics, standardised and multiplied by the root of their weight.
fn standardised(areas: &[(usize, &[f64])], weights: &[f64]) -> Result<Vec<Vec<f64>>, Refusal> {
    for (_, area) in areas {
        same_length(area.len(), weights.len(), "characteristics and weights")?;
        for value in *area {
            finite(*value)?;
        }
    }
    let mut placed = vec![Vec::with_capacity(weights.len()); areas.len()];
    let n = areas.len() as f64;
    for (k, weight) in weights.iter().enumerate() {
        let mean = areas.iter().map(|(_, area)| area[k]).sum::<f64>() / n;
        let squares = areas.iter().map(|(_, area)| (area[k] - mean).powi(2)).sum::<f64>();
        let spread = finite((squares / (n - 1.0)).sqrt())?;
        if areas.iter().all(|(_, area)| area[k] == areas[0].1[k]) || spread == 0.0 {
            return Err(Refusal::Undefined("a characteristic is the same in every area"));
        }
        for (placed, (_, area)) in placed.iter_mut().zip(areas) {
            placed.push((area[k] - mean) / spread * weight.sqrt());
        }
    }
    Ok(placed)
}

fn distance(one: &[f64], other: &[f64]) -> Result<f64, Refusal> {
    finite(one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_a_line(values: &[f64]) -> Vec<Option<Vec<f64>>> {
        values.iter().map(|value| Some(vec![*value])).collect()
    }

    fn places(neighbours: &Neighbours, area: usize) -> Vec<usize> {
        neighbours.nearest[area].as_ref().unwrap().iter().map(|neighbour| neighbour.area).collect()
    }

    #[test]
    fn distances_are_weighted_and_standardised_with_n_less_one() {
        // Mean 2, deviation (n - 1) of 1, 2, 3 is 1; of 10, 40, 10 it is sqrt(300).
        let areas = [Some(vec![1.0, 10.0]), Some(vec![2.0, 40.0]), Some(vec![3.0, 10.0])];
        let got = nearest_neighbours(&areas, &[4.0, 0.5], 2).unwrap();
        assert_eq!(places(&got, 0), [1, 2]);
        let first = got.nearest[0].as_ref().unwrap();
        // sqrt(4 + 0.5 * 900 / 300) and sqrt(4 * 4).
        assert!((first[0].distance - 5.5_f64.sqrt()).abs() < 1e-14);
        assert!((first[1].distance - 4.0).abs() < 1e-14);
    }

    #[test]
    fn of_equal_distances_the_earlier_area_comes_first() {
        let got = nearest_neighbours(&on_a_line(&[5.0, 1.0, 3.0, 1.0, 5.0]), &[1.0], 4).unwrap();
        assert_eq!(places(&got, 2), [0, 1, 3, 4]);
        assert_eq!(places(&got, 0), [4, 2, 1, 3]);
    }

    #[test]
    fn being_a_neighbour_is_not_mutual() {
        let got = nearest_neighbours(&on_a_line(&[0.0, 1.0, 3.0]), &[2.0], 1).unwrap();
        assert_eq!((places(&got, 2), places(&got, 1)), (vec![1], vec![0]));
    }

    #[test]
    fn an_area_without_characteristics_has_no_neighbours_and_is_nobodys() {
        let whole = nearest_neighbours(&on_a_line(&[0.0, 1.0, 3.0]), &[2.0], 2).unwrap();
        let mut areas = on_a_line(&[0.0, 1.0, 3.0]);
        areas.insert(1, None);
        let got = nearest_neighbours(&areas, &[2.0], 2).unwrap();
        assert_eq!(got.nearest[1], None);
        assert!(!got.has_no_close_neighbours(1) && !got.has_no_close_neighbours(9));
        assert_eq!(places(&got, 3), [2, 0]);
        assert_eq!(got.far, whole.far);
    }

    #[test]
    fn the_area_farthest_from_its_nearest_has_no_close_neighbours() {
        // Nearest distances in units of the deviation: 1 1 1 1 1 1 1 1 1 20; the 90th percentile is 2.9.
        let areas = on_a_line(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 28.0]);
        let got = nearest_neighbours(&areas, &[1.0], 1).unwrap();
        let unit = got.nearest[0].as_ref().unwrap()[0].distance;
        assert!((got.far / unit - 2.9).abs() < 1e-12);
        let alone: Vec<_> = (0..10).filter(|area| got.has_no_close_neighbours(*area)).collect();
        assert_eq!(alone, [9]);
        // Where all are equally far from their nearest, none is farther.
        let alike = nearest_neighbours(&on_a_line(&[1.0, 2.0, 1.0, 2.0]), &[1.0], 1).unwrap();
        assert_eq!((alike.far, alike.has_no_close_neighbours(0)), (0.0, false));
    }

    #[test]
    fn what_has_no_neighbours_is_refused() {
        let refused =
            |areas: &[Option<Vec<f64>>], weights: &[f64], count| nearest_neighbours(areas, weights, count).unwrap_err();
        let areas = on_a_line(&[0.0, 1.0, 3.0]);
        assert_eq!(refused(&areas, &[1.0], 3), Refusal::TooFew { what: "areas", least: 4 });
        assert!(nearest_neighbours(&areas, &[1.0], 2).is_ok());
        assert_eq!(refused(&areas, &[1.0], usize::MAX), Refusal::TooFew { what: "areas", least: usize::MAX });
        assert_eq!(refused(&areas, &[1.0], 0), Refusal::Zero("the number of neighbours"));
        assert_eq!(refused(&[None], &[1.0], 1), Refusal::Empty);
        assert_eq!(refused(&areas, &[1.0, 1.0], 1), Refusal::LengthsDiffer("characteristics and weights"));
        assert_eq!(refused(&areas, &[-1.0], 1), Refusal::Negative("a weight"));
        assert_eq!(refused(&areas, &[f64::NAN], 1), Refusal::NotFinite);
        assert!(refused(&areas, &[0.0], 1).to_string().contains("weight"));
        assert!(refused(&areas, &[], 1).to_string().contains("weight"));
        assert!(refused(&on_a_line(&[0.1; 3]), &[1.0], 1).to_string().contains("same"));
        assert_eq!(refused(&on_a_line(&[0.0, f64::NAN]), &[1.0], 1), Refusal::NotFinite);
        assert_eq!(refused(&on_a_line(&[-1e300, 1e300]), &[1.0], 1), Refusal::NotFinite);
        assert!(refused(&on_a_line(&[0.0, 1e-200]), &[1.0], 1).to_string().contains("same"));
        assert_eq!(refused(&on_a_line(&[0.0, 1.0]), &[f64::MAX], 1), Refusal::NotFinite);
    }
}
