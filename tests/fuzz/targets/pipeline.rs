//! The declaration of a source.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = lais_ingest::Pipeline::parse(text);
});
