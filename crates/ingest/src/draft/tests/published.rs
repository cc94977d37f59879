//! Drafts of the published files, held against the pipelines that people wrote for them.

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::civil::Date;

use super::*;

/// The published files of the family beside the repository, or none with a message.
fn files() -> Vec<PathBuf> {
    let data = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../../shared/data");
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

/// Texts as numbers, since a file has a million cells of few areas and columns.
#[derive(Default)]
struct Texts(HashMap<String, usize>);

impl Texts {
    fn key(&mut self, text: &str) -> usize {
        let next = self.0.len();
        *self.0.entry(text.to_owned()).or_insert(next)
    }
}

/// A cell: its row and column, area, end of period, the bits of its value, and its status.
type Fact = (u32, usize, usize, Date, Option<u64>, i32);

/// What a pipeline makes of the cells of a file, in order; what it computes from them is in no cell.
fn facts(pipeline: &Pipeline, all: &[Pipeline], table: &RawTable, texts: &mut Texts) -> Vec<Fact> {
    let mut accounts = Accounts::new("p", "r", "f");
    let reshaped = series::reshape(all, pipeline, &Register::embedded().unwrap(), table, &mut accounts).unwrap();
    assert!(accounts.quarantine.is_empty(), "{:?}", &accounts.quarantine[..1]);
    let frame = &reshaped.frame;
    let keys = |name: &str| -> Vec<i32> {
        frame.column(name).unwrap().as_materialized_series().i32().unwrap().into_no_null_iter().collect()
    };
    let (area, period, measure, status) = (keys("area"), keys("period"), keys("measure"), keys("status"));
    let values = frame.column("value").unwrap().as_materialized_series().clone();
    let rows = frame.column(crate::table::SOURCE_ROW).unwrap().as_materialized_series().clone();
    let areas: Vec<usize> = reshaped.areas.iter().map(|area| texts.key(&area.code)).collect();
    let columns: Vec<usize> = reshaped.columns.iter().map(|column| texts.key(column)).collect();
    let printed: Vec<bool> = reshaped.columns.iter().map(|column| table.column(column).is_some()).collect();
    let cells = rows.u32().unwrap().into_no_null_iter().zip(values.f64().unwrap().iter()).enumerate();
    let mut facts: Vec<Fact> = cells
        .filter(|(i, _)| printed[measure[*i] as usize])
        .map(|(i, (row, value))| {
            let end = reshaped.periods[period[i] as usize].end;
            (row, columns[measure[i] as usize], areas[area[i] as usize], end, value.map(f64::to_bits), status[i])
        })
        .collect();
    facts.sort_unstable();
    facts
}

#[test]
fn a_draft_reads_every_published_file_as_its_own_pipeline_does() {
    let loaded = crate::pipelines::load(&[]).unwrap();
    let pipelines: Vec<Pipeline> = loaded.iter().map(|l| l.pipeline.clone()).collect();
    let mut texts = Texts::default();
    let (mut drafts, mut inputs) = (pipelines.clone(), Vec::new());
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let input = input::read(&Found { name, path }).unwrap();
        let drafted = from_input(&input, &pipelines).unwrap();
        let draft = Pipeline::parse(&drafted.toml).unwrap();
        let table = table::read_csv(&input).unwrap();
        let opened = Opened::Csv(table);
        let Ok(Recognised::As(own, _)) = recognise::recognise(&input, &opened, &pipelines) else { unreachable!() };
        let Opened::Csv(table) = &opened else { unreachable!() };
        let (by_draft, by_own) =
            (facts(&draft, std::slice::from_ref(&draft), table, &mut texts), facts(own, &pipelines, table, &mut texts));
        assert!(
            !by_own.is_empty() && by_draft == by_own,
            "{}: {} and {} facts",
            input.name,
            by_draft.len(),
            by_own.len()
        );
        drafts.push(Pipeline { is_users: true, ..draft.clone() });
        inputs.push((input, draft.id));
    }
    // Among all drafts and all built-in pipelines, each file belongs to its own draft.
    for (input, id) in &inputs {
        let opened = Opened::Csv(table::read_csv(input).unwrap());
        match recognise::recognise(input, &opened, &drafts).unwrap() {
            Recognised::As(found, _) => assert_eq!(found.id, *id),
            Recognised::No(why, _) => unreachable!("{}: {why}", input.name),
        }
    }
    assert!(inputs.is_empty() || inputs.len() == 19, "{}", inputs.len());
}
