//! Reports on the pages of providers.

use lais_fetch::{Outcome, Target, What};

use crate::bench::Bench;
use crate::server::{Reply, Server};

/// A page with links to reports in the form of Ofsted's site, and to what is none.
fn page(files: &str) -> String {
    let report = |number: u32, words: &str| {
        format!(
            "<li><a class=\"publication-link\" href=\"{files}/v1/file/{number}\">Report<span class=\"nonvisual\"> {words}</span></a></li>"
        )
    };
    [
        "<!DOCTYPE html><html><body><a href=\"/\">Home</a><ol>".to_owned(),
        report(501, "Children's services inspection, PDF - 23 July 2024"),
        report(502, "Children's services focused visit, PDF - 27 January 2026"),
        report(503, "Children's services focused visit, PDF - 27 January 2026"),
        "<a class=\"publication-link\" href=\"https://example.org/v1/file/9\"><span class=\"nonvisual\">Other, PDF</span></a>".to_owned(),
        "<a href=\"/v1/file/504\">not a report</a></ol>".to_owned(),
    ]
    .concat()
}

fn server() -> Server {
    Server::start(|request, _| match request.path.as_str() {
        "/provider/44/80001" => Reply::ok(page("")).with("Content-Type", "text/html"),
        "/provider/44/80002" => Reply::ok("<html><body>Search</body></html>"),
        "/v1/file/502" => Reply::ok("<!DOCTYPE html><html>Cookies</html>"),
        path if path.starts_with("/v1/file/") => Reply::ok(format!("%PDF-1.7\n{path}\n%%EOF\n")).with("ETag", "\"r\""),
        _ => Reply::new(404, ""),
    })
}

fn target(server: &Server, urns: &[u32], pattern: &str) -> Target {
    let what = What::OfstedReports {
        site: server.url(""),
        files: server.url("/v1/file"),
        urns: urns.to_vec(),
        file_name: pattern.to_owned(),
    };
    Target { source_id: "source".to_owned(), what }
}

#[test]
fn the_reports_of_a_provider_lie_in_a_folder_of_its_number() {
    let server = server();
    let bench = Bench::new();
    let report = bench.fetch(&[target(&server, &[80001], "*inspection*")]);
    assert_eq!(report.count(Outcome::Fetched), 1, "{:?}", report.files);
    let path = "source/80001/Children's services inspection - 23 July 2024.pdf";
    assert_eq!(bench.bytes(path), b"%PDF-1.7\n/v1/file/501\n%%EOF\n");
    let again = bench.fetch(&[target(&server, &[80001], "*inspection*")]);
    assert_eq!(again.files.len(), 1);
}

#[test]
fn a_report_that_is_a_web_page_is_refused_and_the_others_come() {
    let server = server();
    let bench = Bench::new();
    let report = bench.fetch(&[target(&server, &[80001], "*")]);
    assert_eq!((report.count(Outcome::Fetched), report.count(Outcome::Failed)), (2, 1), "{:?}", report.files);
    let failed = report.files.iter().find(|file| file.outcome == Outcome::Failed).unwrap();
    assert!(failed.message.contains("a PDF document and is a web page"), "{}", failed.message);
    // Two visits of one day are told apart by their numbers.
    assert!(bench.path("source/80001/Children's services focused visit - 27 January 2026 (503).pdf").exists());
}

#[test]
fn one_provider_that_cannot_be_had_does_not_stand_in_the_way_of_another() {
    let server = server();
    let bench = Bench::new();
    let report = bench.fetch(&[target(&server, &[80002, 80003, 80001], "*inspection*")]);
    let failed: Vec<&str> =
        report.files.iter().filter(|f| f.outcome == Outcome::Failed).map(|f| f.message.as_str()).collect();
    assert_eq!((failed.len(), report.count(Outcome::Fetched)), (2, 1), "{:?}", report.files);
    assert!(failed[0].contains("no link of class"), "{}", failed[0]);
    assert!(failed[1].contains("answered 404"), "{}", failed[1]);
}
