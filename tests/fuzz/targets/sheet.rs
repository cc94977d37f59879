//! A workbook of any kind, read within its limits.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = lais_sheet::read(bytes);
});
