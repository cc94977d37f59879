//! A PDF, read as a report.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = lais_report::read(bytes, &lais_report::Hint::default());
});
