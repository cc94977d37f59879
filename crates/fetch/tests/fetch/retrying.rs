//! When another try is made, and after how long.

use std::time::Duration;

use lais_fetch::Outcome;

use crate::bench::{Bench, plain};
use crate::server::{Reply, Server};

const CSV: &str = "a,b\n1,2\n";

#[test]
fn a_server_in_trouble_is_asked_again_after_growing_waits() {
    let server = Server::start(|_, number| if number < 3 { Reply::new(503, "") } else { Reply::ok(CSV) });
    let bench = Bench::new();
    bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    let waits: Vec<f64> = bench.clock.waits().iter().map(Duration::as_secs_f64).collect();
    assert_eq!(waits.len(), 3);
    for (wait, least) in waits.iter().zip([1.0, 2.0, 4.0]) {
        assert!((least..2.0 * least).contains(wait), "{waits:?}");
    }
}

#[test]
fn one_seed_makes_the_same_waits_and_another_seed_others() {
    let waits = |seed| {
        let server = Server::start(|_, _| Reply::new(500, ""));
        let mut bench = Bench::new();
        bench.options.seed = Some(seed);
        bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
        bench.clock.waits()
    };
    assert_eq!(waits(1), waits(1));
    assert_ne!(waits(1), waits(2));
}

#[test]
fn tries_are_bounded_and_so_is_each_wait() {
    let server = Server::start(|_, _| Reply::new(500, ""));
    let mut bench = Bench::trying(12);
    bench.options.patience.longest_wait = Duration::from_secs(10);
    let failed = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
    assert!(failed.message.contains("answered 500"), "{}", failed.message);
    assert_eq!((server.count(), bench.clock.waits().len()), (12, 11));
    assert!(bench.clock.waits().iter().all(|wait| *wait < Duration::from_secs(20)), "{:?}", bench.clock.waits());
}

#[test]
fn what_is_not_there_is_not_asked_for_again() {
    for status in [400, 401, 403, 404, 410] {
        let server = Server::start(move |_, _| {
            Reply::new(status, "{\"title\":\"Not here\",\"status\":0}").with("Content-Type", "application/problem+json")
        });
        let bench = Bench::new();
        let failed = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
        assert!(
            failed.message.contains(&status.to_string()) && failed.message.ends_with(": Not here"),
            "{}",
            failed.message
        );
        assert_eq!((server.count(), bench.clock.waits().len()), (1, 0), "{status}");
    }
}

#[test]
fn a_server_that_asks_to_wait_is_waited_for() {
    for (asked, seconds) in [("17", 17), ("Sat, 31 Jan 2026 09:00:42 GMT", 42)] {
        let server = Server::start(move |_, number| match number {
            0 => Reply::new(429, "").with("Retry-After", asked),
            _ => Reply::ok(CSV),
        });
        let bench = Bench::new();
        bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
        assert_eq!(bench.clock.waits(), [Duration::from_secs(seconds)], "{asked}");
    }
}

#[test]
fn a_server_that_asks_for_less_than_the_usual_wait_gets_the_usual_wait() {
    let server = Server::start(|_, number| match number {
        0 => Reply::new(503, "").with("Retry-After", "0"),
        _ => Reply::ok(CSV),
    });
    let bench = Bench::new();
    bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    assert!(bench.clock.waits()[0] >= Duration::from_secs(1), "{:?}", bench.clock.waits());
}

#[test]
fn an_absurd_wait_is_cut_short_and_that_is_said() {
    for asked in ["999999999", "99999999999999999999999999", "Sun, 31 Jan 2100 09:00:00 GMT"] {
        let server = Server::start(move |_, number| match number {
            0 => Reply::new(429, "").with("Retry-After", asked),
            _ => Reply::ok(CSV),
        });
        let bench = Bench::new();
        bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
        assert_eq!(bench.clock.waits(), [Duration::from_secs(60)], "{asked}");
        assert!(bench.told().iter().any(|line| line.starts_with("asked to wait")), "{:?}", bench.told());
    }
}

#[test]
fn a_length_that_the_file_does_not_have_is_seen() {
    let server = Server::start(|_, _| Reply::ok(CSV).saying_length(4000));
    let bench = Bench::trying(2);
    let failed = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
    assert!(failed.message.contains(&format!("broke off after {} bytes of 4000", CSV.len())), "{}", failed.message);
    assert!(!bench.path("source/a.csv").exists());
    assert_eq!(server.count(), 2);
}

#[test]
fn a_length_shorter_than_a_workbook_is_seen_by_its_end() {
    let server = Server::start(|_, _| Reply::ok(b"PK\x03\x04 sheets PK\x05\x06 directory").saying_length(10));
    let failed = Bench::new().expect(&plain(server.url("/a.xlsx"), "a.xlsx"), Outcome::Failed);
    assert!(failed.message.contains("is cut short"), "{}", failed.message);
}
