//! Writes a country.

use std::path::Path;

use crate::csv_text::Csv;
use crate::error::SynthError;
use crate::evaluation;
use crate::options::Options;
use crate::output::{Folder, Summary};
use crate::table::{self, Table};
use crate::world::World;
use crate::{
    absence, attainment, care, care_leavers, ceased, children_in_need, factors, health, population, protection,
    workforce,
};
use crate::{neighbour, readme, register, signal, workbook};

/// The families of tables in the layout of explore education statistics.
pub(crate) const TABLES: [fn(&World) -> Vec<Table>; 11] = [
    children_in_need::tables,
    factors::tables,
    protection::tables,
    care::tables,
    ceased::tables,
    care_leavers::tables,
    health::tables,
    workforce::tables,
    absence::tables,
    attainment::tables,
    population::tables,
];

/// Writes a country's files into a folder that is empty, new, or was written by this function before.
///
/// `progress` is told each file's path as it is begun. The same options write the same bytes.
///
/// # Errors
/// [`SynthError`] for options that give no country, a folder that holds something else, and a file that
/// cannot be written; it names the path.
pub fn write(options: &Options, out: &Path, progress: &mut dyn FnMut(&str)) -> Result<Summary, SynthError> {
    options.check()?;
    let mut folder = Folder::open(out)?;
    let world = World::new(*options);
    folder.summary.authorities = options.number();
    for (path, csv) in register::files(&world).into_iter().chain(neighbour::files(&world)) {
        progress(&path);
        sheet(&mut folder, &path, csv)?;
    }
    for table in TABLES.iter().flat_map(|tables| tables(&world)) {
        let path = &table.layout.path;
        progress(path);
        let written = table::write(&world, &table);
        folder.write(path, written.rows, &written.bytes)?;
        if let Some((row, what)) = written.fault {
            folder.note(path, row, what);
        }
    }
    progress(workbook::PATH);
    let (bytes, rows) = workbook::bytes(&world)?;
    folder.write(workbook::PATH, rows, &bytes)?;
    for document in evaluation::documents(&world) {
        progress(&document.path);
        folder.write(&document.path, 1, document.text.as_bytes())?;
    }
    progress(signal::PATH);
    let (csv, faults) = signal::file(&world);
    sheet(&mut folder, signal::PATH, csv)?;
    for row in faults {
        folder.note(signal::PATH, row, "summary holds free text".to_owned());
    }
    progress(readme::PATH);
    let text = readme::text(&world, &folder.summary);
    folder.write(readme::PATH, 1, text.as_bytes())?;
    Ok(folder.summary)
}

fn sheet(folder: &mut Folder<'_>, path: &str, csv: Csv) -> Result<(), SynthError> {
    let rows = csv.rows.saturating_sub(1);
    folder.write(path, rows, &csv.bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::*;

    fn written(options: Options) -> (BTreeMap<String, Vec<u8>>, Summary) {
        let folder = tempfile::tempdir().unwrap();
        let summary = write(&options, folder.path(), &mut |_| {}).unwrap();
        let read = |file: &crate::WrittenFile| {
            (file.path.display().to_string(), fs::read(folder.path().join(&file.path)).unwrap())
        };
        (summary.files.iter().map(read).collect(), summary)
    }

    #[test]
    fn the_same_options_write_the_same_bytes_at_any_time() {
        let first = written(Options::default());
        // The times in an archive have a grain of two seconds.
        std::thread::sleep(std::time::Duration::from_millis(2100));
        let second = written(Options::default());
        assert_eq!(first.1, second.1);
        for (path, bytes) in &first.0 {
            assert!(second.0[path] == *bytes, "{path} differs");
        }
    }

    #[test]
    fn another_seed_writes_other_bytes() {
        let options = Options { seed: 1, ..Options::default() };
        let other = written(Options { seed: 2, ..options });
        for (path, bytes) in written(options).0.iter().filter(|(path, _)| path.starts_with("dfe")) {
            assert!(other.0[path] != *bytes, "{path} is the same");
        }
    }

    #[test]
    fn every_number_of_years_and_the_smallest_country_can_be_written() {
        for years in [3, 13] {
            let (files, summary) =
                written(Options { authorities: crate::options::FEWEST, years, ..Options::default() });
            assert!(files.len() > 40 && summary.faults.len() == 6, "{:?}", summary.faults);
        }
    }

    #[test]
    fn every_row_of_a_sheet_has_as_many_cells_as_its_header() {
        for (path, bytes) in written(Options::default()).0.iter().filter(|(path, _)| path.ends_with(".csv")) {
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            assert!(reader.records().all(|record| record.is_ok()), "{path}");
        }
    }

    #[test]
    fn a_folder_that_holds_something_else_is_refused_and_one_written_here_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("country");
        let options = Options { authorities: 24, years: 3, ..Options::default() };
        write(&Options { years: 4, ..options }, &path, &mut |_| {}).unwrap();
        let again = write(&options, &path, &mut |_| {}).unwrap();
        let ons = fs::read_dir(path.join("ons")).unwrap().count();
        assert_eq!((ons, again.authorities), (1, 24), "files of the first run stay");
        fs::write(folder.path().join("mine.txt"), "mine").unwrap();
        let refused = write(&options, folder.path(), &mut |_| {}).unwrap_err().to_string();
        assert!(refused.contains("is not empty and was not written by synth"), "{refused}");
    }
}
