//! Without a network.

use std::net::TcpListener;

use lais_fetch::{Outcome, Target, What};

use crate::bench::{Bench, plain};
use crate::server::{Reply, Server};

/// An address at which nobody listens.
fn nobody(path: &str) -> url::Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}{path}", listener.local_addr().unwrap()).parse().unwrap()
}

#[test]
fn hosts_that_cannot_be_reached_are_named_once_and_not_tried_for_every_file() {
    let (one, bench) = (nobody("/a.csv"), Bench::trying(3));
    let mut two = one.clone();
    two.set_path("/b.csv");
    let report = bench.fetch(&[plain(one.clone(), "a.csv"), plain(two, "b.csv")]);
    assert_eq!(report.count(Outcome::Failed), 2);
    let host = format!("127.0.0.1:{}", one.port().unwrap());
    assert_eq!(report.unreachable.iter().collect::<Vec<_>>(), [&host]);
    assert!(report.files[0].message.contains(&host) && report.files[0].message.contains("cannot be reached"));
    assert_eq!(bench.clock.waits().len(), 2, "the second file is not tried again and again");
}

#[test]
fn a_host_whose_name_leads_nowhere_is_named() {
    // A part of a name that is longer than there can be is refused before any server of names is asked.
    let host = format!("{}.invalid", "x".repeat(70));
    let target = plain(format!("https://{host}/a.csv").parse().unwrap(), "a.csv");
    let bench = Bench::trying(1);
    let report = bench.fetch(&[target]);
    assert_eq!(report.files[0].outcome, Outcome::Failed);
    assert_eq!(report.unreachable.iter().collect::<Vec<_>>(), [&host], "{:?}", report.files);
}

#[test]
fn what_is_here_is_kept_and_is_no_failure() {
    let server = Server::start(|_, _| Reply::ok("a,b\n1,2\n").with("ETag", "\"v1\""));
    let (bench, target) = (Bench::trying(2), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    let lock = bench.lock_text();
    drop(server);
    let report = bench.fetch(std::slice::from_ref(&target));
    assert_eq!(report.files[0].outcome, Outcome::Kept, "{:?}", report.files);
    assert!(report.files[0].message.contains("the file of 2026-01-31 is kept"), "{}", report.files[0].message);
    assert!(report.is_complete() && report.unreachable.len() == 1);
    assert_eq!((bench.bytes("source/a.csv"), bench.lock_text()), (b"a,b\n1,2\n".to_vec(), lock));
    // A file that was changed here is not the one that was fetched.
    std::fs::write(bench.path("source/a.csv"), "edited\n").unwrap();
    assert!(!bench.fetch(std::slice::from_ref(&target)).is_complete());
}

#[test]
fn what_was_found_by_a_list_is_kept_where_the_list_cannot_be_asked() {
    let list = "{\"details\":{\"attachments\":[{\"url\":\"/media/1/a.csv\",\"filename\":\"a.csv\"},{\"url\":\"/media/2/b.csv\",\"filename\":\"b.csv\"}]}}";
    let server = Server::start(move |request, _| match request.path.as_str() {
        "/api/content/page" => Reply::json(list),
        path => Reply::ok(format!("a\n{path}\n")),
    });
    let base = server.url("");
    let what = What::GovUk {
        site: base.clone(),
        files: base,
        page: "/page".to_owned(),
        file_name: "*.csv".to_owned(),
        take: lais_fetch::Take::All,
    };
    let (bench, target) = (Bench::trying(1), Target { source_id: "source".to_owned(), what });
    assert_eq!(bench.fetch(std::slice::from_ref(&target)).count(Outcome::Fetched), 2);
    drop(server);
    let report = bench.fetch(std::slice::from_ref(&target));
    assert_eq!((report.count(Outcome::Kept), report.is_complete()), (2, true), "{:?}", report.files);
}

#[test]
fn a_source_that_answers_that_there_is_no_such_thing_is_a_failure_though_a_file_is_here() {
    let server = Server::start(|_, number| if number == 0 { Reply::ok("a\n1\n") } else { Reply::new(404, "") });
    let (bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    bench.expect(&target, Outcome::Failed);
    assert_eq!(bench.bytes("source/a.csv"), b"a\n1\n");
}
