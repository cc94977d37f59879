//! Puts a hash of the code of Rust models into the program (see `code_hash.rs`), and builds this
//! crate again when a model or check is added, which the embedding macro cannot see.

include!("../stats/code_hash.rs");

fn main() {
    hash_code(&[
        "src",
        "risk.toml",
        "sentences.toml",
        "signals.toml",
        "../stats/src",
        "../framework/src",
        "../framework/data",
    ]);
    for folder in ["staging", "marts", "checks"] {
        println!("cargo::rerun-if-changed=../../sql/{folder}");
    }
}
