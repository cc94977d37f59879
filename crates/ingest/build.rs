//! Builds this crate again when a pipeline changes; the embedding macro cannot see new files.

fn main() {
    println!("cargo::rerun-if-changed=../../pipelines");
}
