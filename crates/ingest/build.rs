//! Puts a hash of the code that reads files into the program (see `code_hash.rs`), and builds this
//! crate again when a pipeline is added, which the embedding macro cannot see.

include!("../stats/code_hash.rs");

fn main() {
    hash_code(&[
        "src",
        "../stats/src",
        "../sheet/src",
        "../framework/src",
        "../framework/data",
        "../report/src",
        "../report/data",
        "../../Cargo.lock",
    ]);
    println!("cargo::rerun-if-changed=../../pipelines");
}
