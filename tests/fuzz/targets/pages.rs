//! The text of a report's pages, parted by form feeds, without a PDF around it.
#![no_main]

use lais_report::{Hint, Page, Recognition, read_pages};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let pages: Vec<Page> = text.split('\u{c}').zip(1..).map(|(page, number)| Page::from_text(number, page)).collect();
    let report = read_pages(&pages, &Hint::from_file_name(text.lines().next().unwrap_or_default()));
    // What is no known kind of report says nothing.
    assert!(matches!(report.recognition, Recognition::Report(_)) || report.judgements.is_empty());
});
