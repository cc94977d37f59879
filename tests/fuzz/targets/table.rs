//! A table of text: every layout that a built-in pipeline knows, by its columns.
#![no_main]

#[path = "../src/file.rs"]
mod file;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| file::read("file.csv", bytes));
