//! Drafts of the published files, held against the pipelines that people wrote for them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;

/// The published files of the family beside the repository, or none with a message.
fn files() -> Vec<PathBuf> {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.exists() {
        eprintln!("skipped: ../shared/data is not beside this clone");
        return Vec::new();
    }
    let folders =
        ["dfe-children-in-need", "dfe-children-looked-after", "dfe-social-work-workforce", "dfe-outcomes", "ons"];
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(data.join(folder)).unwrap().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .filter(|path| {
            let head = std::fs::read(path).unwrap();
            String::from_utf8_lossy(&head[..200]).contains("time_identifier")
        })
        .collect();
    files.sort();
    files
}

/// What a pipeline makes of a file: area, end of period, row, column, value and status of each cell.
fn facts(
    pipeline: &Pipeline,
    all: &[Pipeline],
    table: &RawTable,
) -> BTreeSet<(String, String, u32, String, String, i32)> {
    let mut accounts = Accounts::new("p", "r", "f");
    let reshaped = series::reshape(all, pipeline, &Register::embedded().unwrap(), table, &mut accounts).unwrap();
    assert!(accounts.quarantine.is_empty(), "{:?}", &accounts.quarantine[..1]);
    let frame = &reshaped.frame;
    let keys = |name: &str| -> Vec<i32> {
        frame.column(name).unwrap().as_materialized_series().i32().unwrap().into_no_null_iter().collect()
    };
    let (area, period, measure, status) = (keys("area"), keys("period"), keys("measure"), keys("status"));
    let values: Vec<Option<f64>> =
        frame.column("value").unwrap().as_materialized_series().f64().unwrap().iter().collect();
    let rows = frame.column(crate::table::SOURCE_ROW).unwrap().as_materialized_series().clone();
    let rows: Vec<u32> = rows.u32().unwrap().into_no_null_iter().collect();
    let facts: BTreeSet<_> = (0..rows.len())
        .map(|i| {
            let area = reshaped.areas[area[i] as usize].code.clone();
            let end = reshaped.periods[period[i] as usize].end.to_string();
            let column = reshaped.columns[measure[i] as usize].clone();
            (area, end, rows[i], column, format!("{:?}", values[i]), status[i])
        })
        .collect();
    assert_eq!(facts.len(), rows.len());
    facts
}

#[test]
fn a_draft_reads_every_published_file_as_its_own_pipeline_does() {
    let loaded = crate::pipelines::load(&[]).unwrap();
    let pipelines: Vec<Pipeline> = loaded.iter().map(|l| l.pipeline.clone()).collect();
    let (mut drafts, mut inputs) = (pipelines.clone(), Vec::new());
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let input = input::read(&Found { name, path }).unwrap();
        let drafted = from_input(&input, &pipelines).unwrap();
        let draft = Pipeline::parse(&drafted.toml).unwrap();
        let table = table::read_csv(&input).unwrap();
        let opened = Opened::Csv(table);
        let Ok(Recognised::As(own)) = recognise::recognise(&input, &opened, &pipelines) else { unreachable!() };
        let Opened::Csv(table) = &opened else { unreachable!() };
        let (by_draft, by_own) = (facts(&draft, std::slice::from_ref(&draft), table), facts(own, &pipelines, table));
        assert!(by_draft == by_own, "{}: {} and {} facts", input.name, by_draft.len(), by_own.len());
        drafts.push(Pipeline { is_users: true, ..draft.clone() });
        inputs.push((input, draft.id));
    }
    // Among all drafts and all built-in pipelines, each file belongs to its own draft.
    for (input, id) in &inputs {
        let opened = Opened::Csv(table::read_csv(input).unwrap());
        match recognise::recognise(input, &opened, &drafts).unwrap() {
            Recognised::As(found) => assert_eq!(found.id, *id),
            Recognised::No(why, _) => unreachable!("{}: {why}", input.name),
        }
    }
    assert!(inputs.is_empty() || inputs.len() == 19, "{}", inputs.len());
}
