//! Explore Education Statistics: the public API and the data catalogue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lais_fetch::{DataSet, Outcome, Take, Target, What};

use crate::bench::Bench;
use crate::resuming::pack;
use crate::server::{Reply, Request, Server};

const ID: &str = "00000000-0000-0000-0000-0000000000d1";

/// Entries of a list, in pages of so many, as the API gives them.
fn page(request: &Request, entries: &[String], size: usize, said: usize) -> Reply {
    let number: usize =
        request.path.split("page=").nth(1).and_then(|rest| rest.split('&').next()).unwrap().parse().unwrap();
    let here: Vec<&str> = entries.iter().skip((number - 1) * size).take(size).map(String::as_str).collect();
    Reply::json(format!(
        "{{\"paging\":{{\"page\":{number},\"pageSize\":{size},\"totalPages\":{},\"totalResults\":{said}}},\"results\":[{}]}}",
        said.div_ceil(size),
        here.join(",")
    ))
}

fn publications() -> Vec<String> {
    let other = |n: usize| {
        format!(
            "{{\"id\":\"p{n}\",\"title\":\"Publication {n}\",\"slug\":\"publication-{n}\",\"summary\":\"\",\"lastPublished\":\"2026-01-01T09:30:00+00:00\"}}"
        )
    };
    let mut all: Vec<String> = (0..5).map(other).collect();
    all.insert(4, "{\"id\":\"home\",\"title\":\"Children in Albia\",\"slug\":\"children-in-albia\"}".to_owned());
    all
}

fn data_sets() -> Vec<String> {
    ["Referrals", "Referrals by age", "Plans"]
        .iter()
        .enumerate()
        .map(|(n, title)| {
            let id = if n == 0 { ID.to_owned() } else { format!("other-{n}") };
            format!("{{\"id\":\"{id}\",\"title\":\"{title}\",\"summary\":\"\",\"status\":\"Published\"}}")
        })
        .collect()
}

fn versions(latest: usize) -> Vec<String> {
    (0..=latest)
        .rev()
        .map(|n| format!("{{\"version\":\"1.{n}\",\"type\":\"Minor\",\"status\":\"Published\",\"totalResults\":1}}"))
        .collect()
}

/// An API with six publications on three pages, whose data set has the version that the counter says.
fn api() -> (Server, Arc<AtomicUsize>) {
    let latest = Arc::new(AtomicUsize::new(2));
    let now = Arc::clone(&latest);
    let server = Server::start(move |request, _| {
        let path = request.path.split('?').next().unwrap().to_owned();
        let latest = now.load(Ordering::SeqCst);
        if path == "/v1/publications" {
            return page(request, &publications(), 2, 6);
        }
        if path == "/v1/publications/home/data-sets" {
            return page(request, &data_sets(), 2, 3);
        }
        if path == format!("/v1/data-sets/{ID}/versions") {
            return page(request, &versions(latest), 2, latest + 1);
        }
        if path == format!("/v1/data-sets/{ID}/csv") {
            let version = request.path.split("dataSetVersion=").nth(1).unwrap();
            // The service packs it whatever was asked for.
            return Reply::ok(pack(format!("version\n{version}\n").as_bytes()))
                .with("Content-Encoding", "gzip")
                .with("Content-Disposition", &format!("attachment; filename={ID}_v{version}.csv"));
        }
        Reply::new(404, "{\"title\":\"Not found\"}").with("Content-Type", "application/json")
    });
    (server, latest)
}

fn named(server: &Server, publication: &str, title: &str, version: &str) -> Target {
    let data_set = DataSet::Named { publication: publication.to_owned(), title: title.to_owned() };
    target(server, data_set, version)
}

fn target(server: &Server, data_set: DataSet, version: &str) -> Target {
    let (api, version) = (server.url("/v1"), version.to_owned());
    Target { source_id: "source".to_owned(), what: What::EesDataSet { api, data_set, version, file_name: None } }
}

#[test]
fn a_data_set_is_found_by_its_names_over_all_pages_and_its_latest_version_fetched() {
    let (server, _) = api();
    for publication in ["children-in-albia", "Children in Albia", "CHILDREN IN ALBIA"] {
        let bench = Bench::new();
        let report = bench.expect(&named(&server, publication, "referrals", "latest"), Outcome::Fetched);
        assert_eq!(report.path.as_deref(), Some("source/referrals.csv"));
        assert_eq!(bench.bytes("source/referrals.csv"), b"version\n1.2\n");
        assert_eq!(report.version.as_deref(), Some("1.2"));
        let lock = bench.lock();
        assert_eq!(lock.files()[0].url, server.url(&format!("/v1/data-sets/{ID}/csv?dataSetVersion=1.2")).to_string());
    }
}

#[test]
fn the_version_that_is_asked_for_is_the_one_that_comes() {
    let (server, _) = api();
    let bench = Bench::new();
    let by_id = || DataSet::Id(ID.to_owned());
    bench.expect(&target(&server, by_id(), "1.0"), Outcome::Fetched);
    assert_eq!(bench.bytes(&format!("source/{ID}.csv")), b"version\n1.0\n");
    let failed = Bench::new().expect(&target(&server, by_id(), "2.*"), Outcome::Failed);
    assert!(
        failed.message.contains("no published version 2.*") && failed.message.contains("1.2"),
        "{}",
        failed.message
    );
}

#[test]
fn a_version_that_is_here_is_not_fetched_again_and_a_new_one_is() {
    let (server, latest) = api();
    let (bench, target) = (Bench::new(), named(&server, "children-in-albia", "Referrals", "latest"));
    bench.expect(&target, Outcome::Fetched);
    bench.expect(&target, Outcome::Unchanged);
    let csvs = |server: &Server| server.requests().iter().filter(|r| r.path.contains("/csv")).count();
    assert_eq!(csvs(&server), 1, "a version never changes, so it is not asked for twice");
    latest.store(3, Ordering::SeqCst);
    let report = bench.expect(&target, Outcome::Changed);
    assert_eq!((report.version.as_deref(), csvs(&server)), (Some("1.3"), 2));
    assert_eq!(bench.bytes("source/Referrals.csv"), b"version\n1.3\n");
    assert_eq!(bench.all().len(), 2);
}

#[test]
fn a_title_that_is_not_there_is_refused_with_the_nearest() {
    let (server, _) = api();
    let failed = Bench::new().expect(&named(&server, "children-in-albia", "Referral", "latest"), Outcome::Failed);
    assert!(failed.message.contains("nearest: \"Referrals\", \"Referrals by age\""), "{}", failed.message);
    let failed = Bench::new().expect(&named(&server, "children-of-albia", "Referrals", "latest"), Outcome::Failed);
    assert!(failed.message.contains("nearest: \"children-in-albia\""), "{}", failed.message);
}

#[test]
fn a_list_that_is_not_as_long_as_it_says_is_refused() {
    for (said, entries, reason) in [
        (7, 6, "says that it has 7 entries, and 6 came"),
        (2, 6, "says that it has 2 entries, and 3 came"),
        (1_000_000, 6, "says that it has 1000000 entries, and 6 came"),
    ] {
        let server = Server::start(move |request, _| {
            let all = versions(entries - 1);
            // Each page has three entries, whatever is said.
            page(request, &all, 3, said)
        });
        let failed = Bench::new().expect(&target(&server, DataSet::Id(ID.to_owned()), "latest"), Outcome::Failed);
        assert!(failed.message.contains(reason), "{}", failed.message);
        assert!(server.count() <= 3, "{}", server.count());
    }
}

#[test]
fn a_list_with_an_entry_twice_or_the_wrong_page_is_refused() {
    let twice = Server::start(|request, _| page(request, &[versions(1), versions(1)].concat(), 2, 4));
    let wrong = Server::start(|_, _| {
        Reply::json(
            "{\"paging\":{\"page\":1,\"totalPages\":2,\"totalResults\":2},\"results\":[{\"version\":\"1.0\",\"status\":\"Published\"}]}",
        )
    });
    let endless = Server::start(|request, _| {
        let number: usize = request.path.split("page=").nth(1).unwrap().split('&').next().unwrap().parse().unwrap();
        Reply::json(format!(
            "{{\"paging\":{{\"page\":{number},\"totalPages\":{},\"totalResults\":9}},\"results\":[{{\"version\":\"{number}.0\",\"status\":\"Published\"}}]}}",
            number + 1
        ))
    });
    for (server, reason) in [(twice, "in the list twice"), (wrong, "page 1 came"), (endless, "more than 6 pages")] {
        let mut bench = Bench::new();
        bench.options.limits.pages = 6;
        let failed = bench.expect(&target(&server, DataSet::Id(ID.to_owned()), "latest"), Outcome::Failed);
        assert!(failed.message.contains(reason), "{}", failed.message);
    }
}

#[test]
fn an_answer_that_is_no_list_says_so_with_its_address() {
    for (body, reason) in [("<html>", "expected value"), ("{}", "missing field"), ("\u{0}", "expected value")] {
        let server = Server::start(move |_, _| Reply::json(body));
        let failed = Bench::new().expect(&target(&server, DataSet::Id(ID.to_owned()), "latest"), Outcome::Failed);
        assert!(failed.message.contains(reason) && failed.message.contains("/versions"), "{}", failed.message);
    }
}

#[test]
fn an_answer_beyond_what_is_read_is_refused() {
    let server = Server::start(|_, _| Reply::json(format!("{{\"x\":\"{}\"}}", "y".repeat(5000))));
    let mut bench = Bench::new();
    bench.options.limits.answer_bytes = 1000;
    let failed = bench.expect(&target(&server, DataSet::Id(ID.to_owned()), "latest"), Outcome::Failed);
    assert!(failed.message.contains("more than 1000 bytes"), "{}", failed.message);
}

/// A catalogue whose files have another id in each release.
fn catalogue() -> (Server, Arc<AtomicUsize>) {
    let year = Arc::new(AtomicUsize::new(2025));
    let now = Arc::clone(&year);
    let server = Server::start(move |request, _| {
        let year = now.load(Ordering::SeqCst);
        let path = request.path.split('?').next().unwrap();
        match path {
            "/api/publications/children-in-albia" => {
                Reply::json("{\"id\":\"home\",\"title\":\"Children in Albia\",\"latestRelease\":{\"slug\":\"x\"}}")
            }
            "/api/data-set-files" => {
                assert!(request.path.contains("publicationId=home") && request.path.contains("latestOnly=true"));
                let entry = |id: String, name: String| {
                    format!(
                        "{{\"id\":\"{id}\",\"fileId\":\"f-{id}\",\"filename\":\"{name}\",\"title\":\"t\",\"release\":{{\"id\":\"r\",\"slug\":\"{year}\"}}}}"
                    )
                };
                let all = [
                    entry(format!("b1-{year}"), format!("b1_children_2013_to_{year}.csv")),
                    entry(format!("b2-{year}"), format!("b2_children_2013_to_{year}.csv")),
                    entry(format!("c1-{year}"), format!("c1_referrals_2013_to_{year}.csv")),
                ];
                page(request, &all, 2, 3)
            }
            other => match other.strip_prefix("/data-catalogue/data-set/").and_then(|rest| rest.strip_suffix("/csv")) {
                Some(id) => Reply::ok(format!("id\n{id}\n")),
                None => Reply::new(404, ""),
            },
        }
    });
    (server, year)
}

fn of_catalogue(server: &Server, pattern: &str) -> Target {
    let what = What::EesCatalogue {
        content: server.url("/api"),
        site: server.url(""),
        publication: "children-in-albia".to_owned(),
        file_name: pattern.to_owned(),
        take: Take::One,
    };
    Target { source_id: "source".to_owned(), what }
}

#[test]
fn a_file_of_the_catalogue_is_found_by_its_name_and_a_new_release_takes_its_place_under_its_new_name() {
    let (server, year) = catalogue();
    let (bench, target) = (Bench::new(), of_catalogue(&server, "b1_children_2013_to_*.csv"));
    bench.expect(&target, Outcome::Fetched);
    assert_eq!(bench.bytes("source/b1_children_2013_to_2025.csv"), b"id\nb1-2025\n");
    bench.expect(&target, Outcome::Unchanged);
    year.store(2026, Ordering::SeqCst);
    let report = bench.expect(&target, Outcome::Changed);
    assert_eq!(report.version.as_deref(), Some("2026, file f-b1-2026"));
    // A build that reads the folder finds one of them: two would be every figure twice.
    let seen: Vec<String> = bench.all().into_iter().filter(|name| !name.starts_with('.')).collect();
    assert_eq!(seen, ["source/b1_children_2013_to_2026.csv"]);
    assert_eq!(bench.all().len(), 2);
    assert_eq!(server.requests().iter().filter(|r| r.path.ends_with("/csv")).count(), 2);
}

#[test]
fn a_pattern_that_fits_several_files_of_the_catalogue_or_none_is_refused() {
    let (server, _) = catalogue();
    let failed = Bench::new().expect(&of_catalogue(&server, "b?_children*.csv"), Outcome::Failed);
    assert!(failed.message.contains("2 files") && failed.message.contains("one is meant"), "{}", failed.message);
    let failed = Bench::new().expect(&of_catalogue(&server, "b3_children*.csv"), Outcome::Failed);
    assert!(failed.message.contains("nearest: \"b"), "{}", failed.message);
}
