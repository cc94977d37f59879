//! Indexes on disk: whole or absent, current or refused.

use std::fs;
use std::path::{Path, PathBuf};

use lais_search::{Class, Identity, Index, OpenError, Query, SearchError};

use crate::sample::{identity, ids, passages};

struct Built {
    _home: tempfile::TempDir,
    dir: PathBuf,
}

fn built() -> Built {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("search").join("public");
    Index::build(&dir, &identity(Class::Public), passages()).unwrap();
    Built { _home: home, dir }
}

fn open(dir: &Path) -> Result<Index, OpenError> {
    Index::open(dir, &identity(Class::Public))
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn an_index_that_was_built_answers_as_one_in_memory_does() {
    let built = built();
    let index = open(&built.dir).unwrap();
    assert_eq!((index.passages(), index.identity()), (5, &identity(Class::Public)));
    for text in ["thresholds", "CLA", "\"social workers\"", "", "thresh*", "care -leavers"] {
        let query = Query::text(text);
        assert_eq!(index.search(&query).unwrap(), crate::sample::index().search(&query).unwrap(), "{text}");
    }
}

#[test]
fn what_was_built_is_counted_and_nothing_is_left_beside_it() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("public");
    let built = Index::build(&dir, &identity(Class::Public), passages()).unwrap();
    let on_disk: u64 = files(&dir).iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert_eq!((built.passages, built.undated, built.bytes), (5, 1, on_disk));
    assert_eq!(files(home.path()), std::slice::from_ref(&dir));
    assert!(files(&dir).iter().all(|file| fs::metadata(file).unwrap().permissions().readonly()));
}

#[test]
fn two_builds_of_the_same_passages_answer_the_same() {
    let (one, other) = (built(), built());
    let (one, other) = (open(&one.dir).unwrap(), open(&other.dir).unwrap());
    for text in ["children", "care OR plans", "thresholds -timely"] {
        let query = Query::text(text);
        let (one, other) = (one.search(&query).unwrap(), other.search(&query).unwrap());
        assert_eq!(ids(&one), ids(&other));
        assert_eq!(one, other);
    }
}

#[test]
fn an_index_of_nothing_is_built_and_opened() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("public");
    Index::build(&dir, &identity(Class::Public), Vec::new()).unwrap();
    assert_eq!(open(&dir).unwrap().search(&Query::text("care")).unwrap().total, 0);
}

#[test]
fn where_there_is_no_index_that_is_said() {
    let home = tempfile::tempdir().unwrap();
    for dir in [home.path().join("nowhere"), home.path().to_owned()] {
        assert!(matches!(open(&dir), Err(OpenError::Absent(_))), "{}", dir.display());
    }
}

#[test]
fn an_index_of_another_snapshot_or_class_is_stale() {
    let built = built();
    let other = Identity { snapshot: "snapshot-two".to_owned(), class: Class::Public };
    match Index::open(&built.dir, &other) {
        Err(OpenError::Stale { what, found, expected, .. }) => {
            assert_eq!((what, found.as_str(), expected.as_str()), ("snapshot", "snapshot-one", "snapshot-two"));
        }
        other => unreachable!("{other:?}"),
    }
    let error = Index::open(&built.dir, &identity(Class::Official)).unwrap_err();
    assert!(matches!(error, OpenError::Stale { what: "class", .. }), "{error}");
}

/// A copy of an index's folder, of which files can be damaged.
fn copied(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in files(dir) {
        fs::copy(&file, copy.path().join(file.file_name().unwrap())).unwrap();
    }
    copy
}

#[test]
fn a_file_that_is_missing_cut_short_or_changed_is_named() {
    let whole = built();
    assert!(files(&whole.dir).len() > 5);
    for file in files(&whole.dir) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&file).unwrap();
        let last = bytes.len() - 1;
        let changed = |at: usize| {
            let mut changed = bytes.clone();
            changed[at] ^= 0x40;
            changed
        };
        let damages = [
            ("missing", None),
            ("cut", Some(bytes[..last].to_vec())),
            ("emptied", Some(Vec::new())),
            ("longer", Some([bytes.as_slice(), b"x"].concat())),
            ("first", Some(changed(0))),
            ("middle", Some(changed(last / 2))),
            ("last", Some(changed(last))),
        ];
        for (damage, bytes) in damages {
            let copy = copied(&whole.dir);
            let path = copy.path().join(&name);
            fs::remove_file(&path).unwrap();
            if let Some(bytes) = bytes {
                fs::write(&path, bytes).unwrap();
            }
            match open(copy.path()) {
                Err(OpenError::Damaged { why, .. }) => assert!(why.contains(&name), "{name} {damage}: {why}"),
                other => unreachable!("{name} {damage}: {other:?}"),
            }
        }
    }
}

#[test]
fn files_that_do_not_belong_to_the_index_are_not_used() {
    let built = built();
    fs::write(built.dir.join(".managed.json"), "nonsense").unwrap();
    fs::write(built.dir.join("stray.term"), "nonsense").unwrap();
    assert_eq!(open(&built.dir).unwrap().search(&Query::text("thresholds")).unwrap().total, 2);
}

#[test]
fn what_the_system_does_not_let_be_read_is_not_taken_for_absent() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("manifest.json")).unwrap();
    assert!(matches!(open(home.path()), Err(OpenError::Unreadable { .. })));
}

#[test]
fn an_index_can_be_asked_by_many_at_once() {
    let index = crate::sample::index();
    let expected = index.search(&Query::text("thresholds")).unwrap();
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..4).map(|_| scope.spawn(|| index.search(&Query::text("thresholds")).unwrap())).collect();
        for answer in asked {
            assert_eq!(answer.join().unwrap(), expected);
        }
    });
}

#[test]
fn a_folder_in_which_something_lies_is_not_built_into() {
    let built = built();
    let before = files(&built.dir);
    let error = Index::build(&built.dir, &identity(Class::Public), passages()).unwrap_err();
    assert!(matches!(error, SearchError::Occupied(_)), "{error}");
    assert_eq!(files(&built.dir), before);
    let empty = tempfile::tempdir().unwrap();
    Index::build(empty.path(), &identity(Class::Public), passages()).unwrap();
    open(empty.path()).unwrap();
}

#[test]
fn a_build_that_is_refused_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut twice = passages();
    twice.extend(passages());
    Index::build(&home.path().join("public"), &identity(Class::Public), twice).unwrap_err();
    assert!(files(home.path()).is_empty());
}

#[test]
fn a_search_goes_on_when_its_files_are_taken_away() {
    let built = built();
    let index = open(&built.dir).unwrap();
    fs::remove_dir_all(&built.dir).unwrap();
    assert_eq!(index.search(&Query::text("thresholds")).unwrap().total, 2);
}
