//! One file as a build reads it, in a lake that is swept now and then.

use std::cell::RefCell;
use std::path::PathBuf;

use lais_ingest::{Trial, load};
use lais_lake::Lake;

/// A lake is begun anew after so many files, before it fills the disk.
const SWEPT_AFTER: usize = 5000;

thread_local! {
    static TRIAL: RefCell<Option<(usize, Trial)>> = const { RefCell::new(None) };
}

/// Reads the bytes as a build reads a file of this name.
pub fn read(name: &str, bytes: &[u8]) {
    TRIAL.with_borrow_mut(|trial| {
        let (files, reader) = trial.get_or_insert_with(|| (0, begin()));
        reader.read(name, bytes).expect("the lake can be written");
        *files += 1;
        if *files > SWEPT_AFTER {
            *trial = None;
        }
    });
}

fn begin() -> Trial {
    let folder: PathBuf = std::env::temp_dir().join(format!("lais-fuzz-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let writer = Lake::at(&folder).writer().expect("a lake can be opened");
    Trial::new(writer, load(&[]).expect("the built-in pipelines are valid")).expect("a lake can be written")
}
