//! Builds this crate again when a model or check changes; the embedding macro cannot see new files.

fn main() {
    println!("cargo::rerun-if-changed=../../sql");
    for folder in ["staging", "marts", "checks"] {
        println!("cargo::rerun-if-changed=../../sql/{folder}");
    }
}
