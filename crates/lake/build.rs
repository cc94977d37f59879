//! Puts a hash of the code that runs models into the program; see `code_hash.rs`.

include!("../stats/code_hash.rs");

fn main() {
    hash_code(&["src", "../stats/src", "../../Cargo.lock"]);
}
