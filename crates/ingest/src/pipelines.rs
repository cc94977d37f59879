//! All pipelines of a build: those embedded in the program and those of the user's folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::pipeline::Pipeline;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../pipelines");

/// A pipeline and the file it was read from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The declaration.
    pub pipeline: Pipeline,
    /// Its text, for keys of what depends on it.
    pub text: String,
    /// Where it was read.
    pub origin: String,
    /// Where the pipeline of the same id was read that it takes the place of.
    pub replaces: Option<String>,
}

/// Reads the embedded pipelines and those in folders; a folder's wins over a built-in of the same id.
///
/// # Errors
/// A message for each file that is not a pipeline, naming file and line.
pub fn load(folders: &[PathBuf]) -> Result<Vec<Loaded>, Vec<String>> {
    let mut faults = Vec::new();
    let mut loaded: BTreeMap<String, Loaded> = BTreeMap::new();
    for file in EMBEDDED.files().filter(|file| file.path().extension().is_some_and(|e| e == "toml")) {
        let origin = format!("pipelines/{}", file.path().display());
        add(&mut loaded, &mut faults, origin, file.contents_utf8().unwrap_or_default().to_owned());
    }
    for folder in folders {
        let mut own = BTreeMap::new();
        match toml_files(folder) {
            Err(fault) => faults.push(fault),
            Ok(files) => {
                for path in files {
                    match std::fs::read_to_string(&path) {
                        Err(error) => faults.push(format!("{}: cannot be read: {error}", path.display())),
                        Ok(text) => add(&mut own, &mut faults, path.display().to_string(), text),
                    }
                }
            }
        }
        for (id, mut mine) in own {
            mine.pipeline.is_users = true;
            mine.replaces = loaded.get(&id).map(|before: &Loaded| before.origin.clone());
            loaded.insert(id, mine);
        }
    }
    let loaded: Vec<Loaded> = loaded.into_values().collect();
    faults.extend(between(&loaded));
    if faults.is_empty() { Ok(loaded) } else { Err(faults) }
}

fn add(loaded: &mut BTreeMap<String, Loaded>, faults: &mut Vec<String>, origin: String, text: String) {
    match Pipeline::parse(&text) {
        Err(fault) => faults.push(format!("{origin}: {fault}")),
        Ok(pipeline) => {
            if let Some(before) = loaded.get(&pipeline.id) {
                faults.push(format!("{origin}: the id {} is also that of {}", pipeline.id, before.origin));
            }
            loaded.insert(pipeline.id.clone(), Loaded { pipeline, text, origin, replaces: None });
        }
    }
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries =
        std::fs::read_dir(folder).map_err(|e| format!("cannot read the pipelines folder {}: {e}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    Ok(files)
}

/// What is wrong between pipelines: one indicator defined twice, or a series that is not there.
fn between(loaded: &[Loaded]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut homes: BTreeMap<&str, &str> = BTreeMap::new();
    for Loaded { pipeline, origin, .. } in loaded {
        for indicator in pipeline.indicators.iter().filter(|indicator| indicator.same_as.is_none()) {
            if let Some(other) = homes.insert(&indicator.id, origin) {
                faults.push(format!("{origin}: indicator {} is also defined in {other}", indicator.id));
            }
        }
    }
    for Loaded { pipeline, origin, .. } in loaded {
        for indicator in &pipeline.indicators {
            let Some(home) = &indicator.same_as else { continue };
            let there = loaded.iter().any(|other| {
                other.pipeline.id == *home
                    && other.pipeline.indicators.iter().any(|i| i.id == indicator.id && i.same_as.is_none())
            });
            if !there {
                faults.push(format!(
                    "{origin}: indicator {} is said to be that of {home}, which does not define it",
                    indicator.id
                ));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_pipeline_can_be_read() {
        let loaded = load(&[]).unwrap();
        assert!(loaded.len() >= 20, "{}", loaded.len());
    }

    #[test]
    fn at_least_forty_indicators_are_mapped_to_a_criterion_over_the_four_judgements() {
        let loaded = load(&[]).unwrap();
        let mut headings = BTreeMap::new();
        for criterion in loaded.iter().flat_map(|l| {
            let pipeline = &l.pipeline;
            pipeline
                .indicators
                .iter()
                .filter(|i| i.same_as.is_none())
                .filter_map(|i| pipeline.describe(&i.description()).criterion)
        }) {
            let heading = lais_framework::criteria().iter().find(|c| c.id == criterion).unwrap().heading.id();
            *headings.entry(heading).or_insert(0) += 1;
        }
        assert_eq!(headings.len(), 4, "{headings:?}");
        assert!(headings.values().sum::<i32>() >= 40, "{headings:?}");
    }

    #[test]
    fn a_folders_pipeline_wins_over_the_built_in_of_its_id() {
        let folder = tempfile::tempdir().unwrap();
        let text = EMBEDDED.get_file("dfe-cin-referrals.toml").unwrap().contents_utf8().unwrap();
        let own = text.replacen("title = \"", "title = \"Own: ", 1);
        std::fs::write(folder.path().join("mine.toml"), own).unwrap();
        let loaded = load(&[folder.path().to_path_buf()]).unwrap();
        let found = loaded.iter().find(|l| l.pipeline.id == "dfe-cin-referrals").unwrap();
        assert!(found.pipeline.title.starts_with("Own: "), "{}", found.pipeline.title);
        assert_eq!(found.replaces.as_deref(), Some("pipelines/dfe-cin-referrals.toml"));
    }

    #[test]
    fn a_broken_pipeline_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mine.toml"), "id = 'x'\nreader = 'ees'\n").unwrap();
        let faults = load(&[folder.path().to_path_buf()]).unwrap_err().join("\n");
        assert!(faults.contains("mine.toml") && faults.contains("line 2"), "{faults}");
    }
}
