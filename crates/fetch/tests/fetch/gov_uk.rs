//! Attachments of a page of GOV.UK.

use lais_fetch::{Outcome, Take, Target, What};

use crate::bench::Bench;
use crate::server::{Reply, Server};

const PAGE: &str = "/government/statistical-data-sets/outcomes";

/// A workbook as far as a fetch looks at it.
fn workbook(words: &str) -> Vec<u8> {
    format!("PK\u{3}\u{4} {words} PK\u{5}\u{6}").into_bytes()
}

fn server(details: &'static str) -> Server {
    Server::start(move |request, _| {
        if request.path == format!("/api/content{PAGE}") {
            return Reply::json(format!("{{\"base_path\":\"{PAGE}\",\"title\":\"t\",\"details\":{details}}}"));
        }
        match request.path.strip_prefix("/media/") {
            Some(path) => Reply::ok(workbook(path)).with("ETag", "\"m\""),
            None => Reply::new(404, ""),
        }
    })
}

fn target(server: &Server, pattern: &str, take: Take) -> Target {
    let (site, files) = (server.url(""), server.url(""));
    let (page, file_name) = (PAGE.to_owned(), pattern.to_owned());
    Target { source_id: "source".to_owned(), what: What::GovUk { site, files, page, file_name, take } }
}

const ATTACHMENTS: &str = r#"{"body":"<p>","attachments":[
    {"id":"1","title":"March 2025","attachment_type":"file","content_type":"application/vnd.oasis.opendocument.spreadsheet","filename":"Outcomes_as_at_31_March_2025.ods","url":"/media/aa/Outcomes_as_at_31_March_2025.ods","file_size":10},
    {"id":"2","title":"March 2024","attachment_type":"file","filename":"Outcomes_as_at_31_March_2024.ods","url":"/media/bb/Outcomes_as_at_31_March_2024.ods"},
    {"id":"3","title":"Method","attachment_type":"html","url":"/government/outcomes/method"},
    {"id":"4","title":"Elsewhere","attachment_type":"external","url":"https://example.org/Outcomes_as_at_31_March_2023.ods"}]}"#;

#[test]
fn the_attachment_that_fits_is_fetched() {
    let server = server(ATTACHMENTS);
    let bench = Bench::new();
    bench.expect(&target(&server, "outcomes_*_2025.ods", Take::One), Outcome::Fetched);
    assert_eq!(bench.bytes("source/Outcomes_as_at_31_March_2025.ods"), workbook("aa/Outcomes_as_at_31_March_2025.ods"));
}

#[test]
fn several_are_taken_where_several_are_meant_and_nothing_that_lies_elsewhere() {
    let server = server(ATTACHMENTS);
    let bench = Bench::new();
    let report = bench.fetch(&[target(&server, "Outcomes_*.ods", Take::All)]);
    assert_eq!((report.files.len(), report.count(Outcome::Fetched)), (2, 2), "{:?}", report.files);
    let failed = Bench::new().expect(&target(&server, "Outcomes_*.ods", Take::One), Outcome::Failed);
    assert!(failed.message.contains("2 files"), "{}", failed.message);
}

#[test]
fn an_older_page_whose_attachments_are_html_is_read_too() {
    let server = server(
        r#"{"documents":["<section><a href=\"/media/cc/Outcomes%20old.ods\">Old</a> <a href=\"/help\">Help</a></section>"]}"#,
    );
    let bench = Bench::new();
    bench.expect(&target(&server, "*.ods", Take::One), Outcome::Fetched);
    assert_eq!(bench.bytes("source/Outcomes old.ods"), workbook("cc/Outcomes%20old.ods"));
}

#[test]
fn a_page_without_an_attachment_that_fits_names_those_that_are_there() {
    let server = server(ATTACHMENTS);
    let failed = Bench::new().expect(&target(&server, "Results*.ods", Take::One), Outcome::Failed);
    assert!(failed.message.contains("Outcomes_as_at_31_March_2025.ods"), "{}", failed.message);
    let failed =
        Bench::new().expect(&target(&Server::start(|_, _| Reply::json("{}")), "*", Take::One), Outcome::Failed);
    assert!(failed.message.contains("nothing is there"), "{}", failed.message);
}

#[test]
fn an_attachment_that_the_page_no_longer_lists_is_left_as_it_is() {
    let both = ATTACHMENTS;
    let server = Server::start(move |request, number| {
        if request.path.starts_with("/api/content") {
            let details = if number == 0 {
                both
            } else {
                r#"{"attachments":[{"filename":"Outcomes_as_at_31_March_2025.ods","url":"/media/aa/Outcomes_as_at_31_March_2025.ods"}]}"#
            };
            return Reply::json(format!("{{\"details\":{details}}}"));
        }
        Reply::ok(workbook(&request.path))
    });
    let (bench, target) = (Bench::new(), target(&server, "Outcomes_*.ods", Take::All));
    bench.fetch(std::slice::from_ref(&target));
    let report = bench.fetch(std::slice::from_ref(&target));
    assert_eq!((report.count(Outcome::Unchanged), report.count(Outcome::Kept)), (1, 1), "{:?}", report.files);
    assert!(report.is_complete() && bench.path("source/Outcomes_as_at_31_March_2024.ods").exists());
}
