// Included by the build scripts of crates whose results are remembered between builds of a lake.
//
// A key of what a result depends on must hold the code that made it, or a mended fault would go on
// answering from memory. Raising a number by hand is forgotten; hashing the sources is not.

/// Sets `LAIS_CODE` to a hash of every file below the folders, and asks to be run again when one changes.
fn hash_code(folders: &[&str]) {
    use std::hash::Hasher as _;
    let mut files: Vec<std::path::PathBuf> = folders.iter().map(std::path::PathBuf::from).collect();
    let mut hasher = std::hash::DefaultHasher::new();
    let mut i = 0;
    while i < files.len() {
        if files[i].is_dir() {
            let entries = std::fs::read_dir(&files[i]).expect("a folder of sources can be read");
            let mut below: Vec<_> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
            below.sort();
            files.extend(below);
        } else {
            hasher.write(&std::fs::read(&files[i]).expect("a source can be read"));
        }
        i += 1;
    }
    for folder in folders {
        println!("cargo::rerun-if-changed={folder}");
    }
    println!("cargo::rustc-env=LAIS_CODE={:016x}", hasher.finish());
}
