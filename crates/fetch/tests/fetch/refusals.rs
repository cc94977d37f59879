//! What is not taken: redirects, sizes, pages, names.

use lais_fetch::{Outcome, Target, What};

use crate::bench::{Bench, plain};
use crate::resuming::pack;
use crate::server::{Reply, Server};

const CSV: &str = "a,b\n1,2\n";

#[test]
fn a_circle_of_redirects_is_left_after_a_few() {
    let server = Server::start(|_, _| Reply::to("/a.csv"));
    let bench = Bench::new();
    let failed = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
    assert!(failed.message.contains("more than 5 redirects"), "{}", failed.message);
    assert_eq!(server.count(), 6);
}

#[test]
fn a_redirect_to_another_host_is_followed_and_the_lock_names_both() {
    let other = Server::start(|_, _| Reply::ok(CSV));
    let there = other.url("/elsewhere/a.csv");
    let location = there.to_string();
    let server = Server::start(move |_, _| Reply::to(&location));
    let bench = Bench::new();
    bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    let lock = bench.lock();
    assert_eq!(lock.files()[0].url, server.url("/a.csv").to_string());
    assert_eq!(lock.files()[0].final_url, there.to_string());
}

#[test]
fn a_redirect_to_plain_http_elsewhere_or_to_no_web_address_is_refused_before_it_is_asked() {
    for location in ["http://www.gov.uk/a.csv", "file:///etc/passwd", "ftp://127.0.0.1/a.csv", "https://a:b@127.0.0.1/"]
    {
        let server = Server::start(move |_, _| Reply::to(location));
        let failed = Bench::new().expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
        assert!(failed.message.contains("is not followed"), "{}", failed.message);
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn plain_http_elsewhere_is_not_asked_at_all() {
    let target = plain("http://www.gov.uk/a.csv".parse().unwrap(), "a.csv");
    let failed = Bench::new().expect(&target, Outcome::Failed);
    assert!(failed.message.contains("write https"), "{}", failed.message);
}

#[test]
fn a_body_beyond_the_limit_is_not_taken_whether_it_says_so_or_not() {
    let server = Server::start(|request, _| match request.path.as_str() {
        "/said" => Reply::ok(CSV).saying_length(1_000_000).cut_after(0),
        _ => Reply::ok(vec![b'a'; 5000]).without_length(),
    });
    for path in ["/said", "/unsaid"] {
        let mut bench = Bench::new();
        bench.options.limits.file_bytes = 1000;
        let failed = bench.expect(&plain(server.url(path), "a.csv"), Outcome::Failed);
        assert!(failed.message.contains("more than 1000 bytes"), "{}", failed.message);
        assert!(bench.all().is_empty(), "{:?}", bench.all());
    }
    assert_eq!(server.count(), 2, "what is too large is not asked for again");
}

#[test]
fn a_small_file_that_unpacks_to_a_huge_one_is_not_taken() {
    let packed = pack(&vec![b'a'; 100_000]);
    assert!(packed.len() < 1000);
    let server = Server::start(move |_, _| Reply::ok(&packed).with("Content-Encoding", "gzip"));
    let mut bench = Bench::new();
    bench.options.limits.file_bytes = 50_000;
    let failed = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
    assert!(failed.message.contains("more than 50000 bytes"), "{}", failed.message);
    assert!(bench.all().is_empty(), "{:?}", bench.all());
}

#[test]
fn a_packed_file_that_is_damaged_or_packed_in_another_way_is_not_taken() {
    let server = Server::start(|request, _| match request.path.as_str() {
        "/damaged" => Reply::ok(b"\x1f\x8bnonsense").with("Content-Encoding", "gzip"),
        "/half" => Reply::ok(&pack(CSV.as_bytes())[..15]).with("Content-Encoding", "gzip"),
        _ => Reply::ok(CSV).with("Content-Encoding", "br"),
    });
    for (path, said) in [("/damaged", "is damaged"), ("/half", "is damaged"), ("/other", "is packed as br")] {
        let bench = Bench::new();
        let failed = bench.expect(&plain(server.url(path), "a.csv"), Outcome::Failed);
        assert!(failed.message.contains(said), "{path}: {}", failed.message);
        assert!(bench.all().is_empty(), "{path}: {:?}", bench.all());
    }
}

#[test]
fn a_web_page_where_a_workbook_was_promised_is_refused() {
    let server = Server::start(|_, _| Reply::ok("<!DOCTYPE html><html><body>Sorry</body></html>"));
    for (name, promised) in
        [("a.xlsx", "a workbook"), ("a.ods", "a workbook"), ("a.csv", "a CSV file"), ("a.pdf", "a PDF")]
    {
        let bench = Bench::new();
        let failed = bench.expect(&plain(server.url("/a"), name), Outcome::Failed);
        assert!(failed.message.contains(promised) && failed.message.contains("is a web page"), "{}", failed.message);
        assert!(bench.all().is_empty(), "{:?}", bench.all());
    }
}

#[test]
fn a_name_that_the_server_gives_stays_in_the_folder() {
    for (given, name) in [
        ("attachment; filename=\"../../../../tmp/evil.csv\"", "evil.csv"),
        ("attachment; filename*=UTF-8''..%2F..%2F.hidden.csv", "hidden.csv"),
        ("attachment; filename=\"C:\\\\x\\\\b.csv\"", "b.csv"),
        ("attachment; filename=\"..\"", "end.csv"),
        ("inline", "end.csv"),
    ] {
        let server = Server::start(move |_, _| Reply::ok(CSV).with("Content-Disposition", given));
        let bench = Bench::new();
        let url = server.url("/path/end.csv?x=/../y.csv");
        let target = Target { source_id: "source".to_owned(), what: What::Url { url, file_name: None } };
        let report = bench.expect(&target, Outcome::Fetched);
        assert_eq!(report.path.as_deref(), Some(format!("source/{name}").as_str()), "{given}");
        assert_eq!(bench.all(), [format!("source/{name}")], "{given}");
    }
}

#[test]
fn a_name_that_a_pipeline_gives_stays_in_the_folder_too() {
    let server = Server::start(|_, _| Reply::ok(CSV));
    for (given, path) in
        [("../../a.csv", "source/a.csv"), ("/etc/b.csv", "source/etc/b.csv"), (".c.csv", "source/c.csv")]
    {
        let bench = Bench::new();
        let report = bench.expect(&plain(server.url("/x"), given), Outcome::Fetched);
        assert_eq!((report.path.as_deref(), bench.all()), (Some(path), vec![path.to_owned()]), "{given}");
    }
}

#[test]
fn two_things_that_would_have_one_name_are_not_laid_over_each_other() {
    let server = Server::start(|request, _| Reply::ok(format!("a,b\n{},1\n", request.path)));
    let bench = Bench::new();
    let report = bench.fetch(&[plain(server.url("/1"), "a.csv"), plain(server.url("/2"), "a.csv")]);
    assert_eq!(report.files[0].outcome, Outcome::Fetched);
    assert_eq!(report.files[1].outcome, Outcome::Failed);
    assert!(report.files[1].message.contains("source/a.csv would also be the name of"), "{}", report.files[1].message);
    assert_eq!(bench.bytes("source/a.csv"), b"a,b\n/1,1\n");
    assert!(!report.is_complete());
}

#[test]
fn a_304_that_was_not_asked_for_is_no_file() {
    let server = Server::start(|_, _| Reply::new(304, ""));
    let failed = Bench::new().expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
    assert!(failed.message.contains("304"), "{}", failed.message);
}
