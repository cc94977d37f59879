//! The invariants of ARCHITECTURE.md, each held by a test.

use std::collections::{BTreeMap, BTreeSet};

use crate::sandbox::root;

/// The floors of the house, top first: a crate may depend on crates of lower floors only.
const FLOORS: [&[&str]; 8] = [
    &["lais"],
    &["lais-server"],
    &["lais-pack"],
    &["lais-insight"],
    &["lais-ingest", "lais-synth", "lais-fetch"],
    &["lais-lake", "lais-search"],
    &["lais-report"],
    &["lais-framework", "lais-stats", "lais-chart", "lais-sheet"],
];

fn manifests() -> BTreeMap<String, toml::Table> {
    let crates = std::fs::read_dir(root().join("crates")).unwrap().flatten();
    crates
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path().join("Cargo.toml")).unwrap();
            let manifest: toml::Table = text.parse().unwrap();
            (manifest["package"]["name"].as_str().unwrap().to_owned(), manifest)
        })
        .collect()
}

fn dependencies(manifest: &toml::Table) -> BTreeSet<String> {
    let of = |section: &str| manifest.get(section).and_then(|d| d.as_table()).cloned().unwrap_or_default();
    of("dependencies").keys().cloned().collect()
}

fn floor(name: &str) -> usize {
    FLOORS
        .iter()
        .position(|floor| floor.contains(&name))
        .unwrap_or_else(|| unreachable!("{name} is on no floor: add it to ARCHITECTURE.md and here"))
}

#[test]
fn a_crate_depends_only_on_crates_below_it() {
    for (name, manifest) in manifests() {
        for dependency in dependencies(&manifest).iter().filter(|d| d.starts_with("lais")) {
            assert!(floor(dependency) > floor(&name), "{name} depends on {dependency}, which is not below it");
        }
    }
}

#[test]
fn the_ground_floor_does_no_input_or_output_and_knows_no_engine() {
    // The chart crate draws into memory with a face that it carries.
    let drawing = ["plotters", "resvg", "ttf-parser", "epaint_default_fonts"];
    // The sheet crate reads workbooks that somebody else has read into memory.
    let unpacking = ["calamine", "cfb", "quick-xml", "zip"];
    // The stats crate computes: special functions, draws from a seed, and both cores for them.
    let computing = ["libm", "rand", "rand_chacha", "rand_distr", "rayon", "statrs"];
    for name in FLOORS[FLOORS.len() - 1] {
        let mut allowed = vec!["serde", "toml", "thiserror", "jiff"];
        allowed.extend(computing.iter().filter(|_| *name == "lais-stats"));
        allowed.extend(drawing.iter().filter(|_| *name == "lais-chart"));
        allowed.extend(unpacking.iter().filter(|_| *name == "lais-sheet"));
        let used = dependencies(&manifests()[*name]);
        assert!(used.iter().all(|used| allowed.contains(&used.as_str())), "{name} uses {used:?}");
    }
}

#[test]
fn polars_lives_in_ingest_and_the_session_factory_in_the_lake() {
    for (name, manifest) in manifests() {
        assert_eq!(dependencies(&manifest).contains("polars"), name == "lais-ingest", "{name}");
    }
    let outside: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| !path.ends_with("lake/src/engine.rs") && text.contains("SessionContext::new"))
        .map(|(path, _)| path)
        .collect();
    assert!(outside.is_empty(), "sessions are made elsewhere than in the factory: {outside:?}");
}

#[test]
fn search_knows_no_engine_of_tables_and_no_crate_of_ours() {
    let used = dependencies(&manifests()["lais-search"]);
    let barred = ["datafusion", "arrow", "parquet", "polars", "tokio"];
    assert!(!used.iter().any(|used| used.starts_with("lais") || barred.contains(&used.as_str())), "{used:?}");
}

#[test]
fn other_machines_are_asked_by_fetch_alone() {
    for (name, manifest) in manifests() {
        for client in ["reqwest", "rustls", "hyper", "ureq"] {
            assert!(name == "lais-fetch" || !dependencies(&manifest).contains(client), "{name} uses {client}");
        }
    }
}

#[test]
fn there_is_one_version_of_each_crate_on_a_boundary() {
    let lock: toml::Table = std::fs::read_to_string(root().join("Cargo.lock")).unwrap().parse().unwrap();
    for name in ["arrow", "parquet", "datafusion", "object_store", "tokio", "sqlparser", "polars"] {
        let versions: Vec<_> =
            lock["package"].as_array().unwrap().iter().filter(|p| p["name"].as_str() == Some(name)).collect();
        assert_eq!(versions.len(), 1, "{name}");
    }
    let axums = lock["package"].as_array().unwrap().iter().filter(|p| p["name"].as_str() == Some("axum")).count();
    assert!(axums <= 1, "axum");
}

#[test]
fn sql_lives_in_files() {
    let named = |text: &str| text.matches("-- grain:").count();
    for (path, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap();
        assert!(path.contains("lake/src/model.rs") || named(code) == 0, "{path} holds a model");
    }
}

#[test]
fn every_crate_says_what_it_is_and_what_it_must_never_know() {
    for name in manifests().keys() {
        let folder = name.strip_prefix("lais-").unwrap_or(name);
        let file = if name == "lais" { "main.rs" } else { "lib.rs" };
        let text = std::fs::read_to_string(root().join("crates").join(folder).join("src").join(file)).unwrap();
        let doc: Vec<_> = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
        let doc = doc.concat();
        assert!(doc.contains("must never"), "{name}: {doc}");
    }
}

#[test]
fn the_map_names_every_crate() {
    let map = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for name in manifests().keys() {
        let folder = name.strip_prefix("lais-").unwrap_or(name);
        assert!(map.contains(&format!("crates/{folder}")), "{name}");
    }
}

/// Every Rust file of the crates, with its path from the root.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("crates")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}
