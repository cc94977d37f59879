//! Many tests, many bands and many areas.

use lais_stats::{Adjustment, adjusted_probabilities, nearest_neighbours, phe_quantile_bands};

use crate::harness::{all_near, each_case, near, same};

#[test]
fn golden_adjusted_probabilities() {
    each_case("fdr.json", |case| {
        let p = case.maybes("input/p");
        for (name, adjustment) in [
            ("bh", Adjustment::BenjaminiHochberg),
            ("by", Adjustment::BenjaminiYekutieli),
            ("holm", Adjustment::Holm),
            ("bonferroni", Adjustment::Bonferroni),
        ] {
            let got = adjusted_probabilities(&p, adjustment).map_err(|e| e.to_string())?;
            all_near(name, &got, &case.maybes(&format!("expected/{name}")), 1e-9)?;
        }
        Ok(())
    });
}

#[test]
fn golden_quantile_bands() {
    each_case("quantile_bands.json", |case| {
        let bands = case.number("input/nquantiles") as usize;
        let got = phe_quantile_bands(&case.maybes("input/values"), bands, case.truth("input/invert"));
        let got: Vec<_> =
            got.map_err(|e| e.to_string())?.into_iter().map(|band| band.map(|band| band as f64)).collect();
        same("bands", &got, &case.maybes("expected/quantile"))
    });
}

#[test]
fn golden_neighbours() {
    each_case("stat_neighbours.json", |case| {
        let list = |path: &str| case.at(path).as_array().cloned().unwrap_or_default();
        let numbers = |row: &serde_json::Value| -> Vec<f64> {
            row.as_array().into_iter().flatten().filter_map(serde_json::Value::as_f64).collect()
        };
        let areas: Vec<_> = list("input/matrix").iter().map(|row| Some(numbers(row))).collect();
        let count = case.number("input/k") as usize;
        let got = nearest_neighbours(&areas, &case.numbers("input/weights"), count).map_err(|e| e.to_string())?;
        let (places, distances) = (list("expected/neighbours_0based"), list("expected/distances"));
        same("areas", &places.len(), &areas.len().min(20))?;
        for ((got, places), distances) in got.nearest.iter().zip(&places).zip(&distances) {
            let got = got.as_ref().ok_or("no neighbours")?;
            let at: Vec<f64> = got.iter().map(|neighbour| neighbour.area as f64).collect();
            same("neighbours", &at, &numbers(places))?;
            for (got, want) in got.iter().zip(numbers(distances)) {
                near("a distance", got.distance, want, 1e-9)?;
            }
        }
        Ok(())
    });
}
