//! A Parquet file.
#![no_main]

#[path = "../src/file.rs"]
mod file;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| file::read("file.parquet", bytes));
