//! Going on where an earlier try left off, and only where that is safe.

use std::sync::Mutex;
use std::time::Duration;

use lais_fetch::Outcome;
use proptest::prelude::*;

use crate::bench::{Bench, plain};
use crate::server::{Reply, Server, file};

/// A body whose every byte tells where it is.
fn body(length: usize) -> Vec<u8> {
    (0..length).map(|n| b"abcdefghijklmnopqrstuvwxyz0123456789,\n"[(n * 7 + n / 38) % 38]).collect()
}

#[test]
fn a_file_that_broke_off_is_gone_on_with_from_its_last_byte() {
    let whole = body(1000);
    let served = whole.clone();
    let server = Server::start(move |request, number| match number {
        0 => file(request, &served, "\"v1\"").cut_after(400),
        _ => file(request, &served, "\"v1\""),
    });
    let bench = Bench::new();
    let report = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    assert!(report.resumed && bench.bytes("source/a.csv") == whole);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].header("range"), Some("bytes=400-"));
    assert_eq!(requests[1].header("if-range"), Some("\"v1\""));
    assert_eq!(bench.all(), ["source/a.csv"]);
}

#[test]
fn a_connection_that_is_broken_half_way_is_no_loss() {
    let whole = body(1000);
    let served = whole.clone();
    let server = Server::start(move |request, number| match number {
        0 => file(request, &served, "\"v1\"").cut_after(300).reset(),
        _ => file(request, &served, "\"v1\""),
    });
    let bench = Bench::new();
    bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    assert_eq!(bench.bytes("source/a.csv"), whole);
}

#[test]
fn a_part_that_an_earlier_run_left_is_resumed_byte_for_byte() {
    let whole = body(5000);
    let served = whole.clone();
    let server = Server::start(move |request, number| match number {
        0 => file(request, &served, "\"v1\"").cut_after(1234),
        _ => file(request, &served, "\"v1\""),
    });
    let (bench, target) = (Bench::trying(1), plain(server.url("/a.csv"), "a.csv"));
    let failed = bench.expect(&target, Outcome::Failed);
    assert!(failed.message.contains("broke off after 1234 bytes of 5000"), "{}", failed.message);
    assert_eq!(bench.all(), ["source/.a.csv.part", "source/.a.csv.part.json"]);
    assert_eq!(bench.bytes("source/.a.csv.part"), whole[..1234]);
    let report = bench.expect(&target, Outcome::Fetched);
    assert!(report.resumed && bench.bytes("source/a.csv") == whole);
    assert_eq!(server.requests()[1].header("range"), Some("bytes=1234-"));
    assert_eq!(bench.all(), ["source/a.csv"]);
}

#[test]
fn a_server_that_does_not_know_ranges_sends_it_all_again() {
    let whole = body(800);
    let served = whole.clone();
    let server = Server::start(move |_, number| {
        let reply = Reply::ok(&served).with("ETag", "\"v1\"");
        if number == 0 { reply.cut_after(500) } else { reply }
    });
    let bench = Bench::new();
    let report = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    assert!(!report.resumed && bench.bytes("source/a.csv") == whole);
}

#[test]
fn a_file_that_changed_between_two_parts_is_never_a_mixture() {
    let (old, new) = (body(900), body(901).into_iter().rev().collect::<Vec<u8>>());
    let served = new.clone();
    let server = Server::start(move |request, number| match number {
        0 => file(request, &old, "\"v1\"").cut_after(450),
        _ => file(request, &served, "\"v2\""),
    });
    let bench = Bench::new();
    bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    assert_eq!(bench.bytes("source/a.csv"), new);
    assert_eq!(bench.lock().files()[0].etag.as_deref(), Some("\"v2\""));
}

#[test]
fn a_server_that_does_not_know_if_range_is_seen_through_by_its_etag() {
    let (old, new) = (body(900), body(900).into_iter().rev().collect::<Vec<u8>>());
    let served = new.clone();
    let server = Server::start(move |request, number| match (number, request.from()) {
        (0, _) => file(request, &old, "\"v1\"").cut_after(450),
        // It sends the range of what it now has, whatever the condition.
        (_, Some(from)) => Reply::new(206, &served[from..])
            .with("Content-Range", &format!("bytes {from}-899/900"))
            .with("ETag", "\"v2\""),
        _ => file(request, &served, "\"v2\""),
    });
    let bench = Bench::new();
    bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    assert_eq!(bench.bytes("source/a.csv"), new);
    assert_eq!(server.requests()[2].header("range"), None);
    assert!(bench.told().iter().any(|line| line.contains("has changed since it was begun")), "{:?}", bench.told());
}

#[test]
fn a_range_that_is_another_than_was_asked_for_is_not_taken() {
    let whole = body(900);
    for wrong in ["bytes 0-899/900", "bytes 451-899/900", "bytes 450-898/901", "nonsense"] {
        let served = whole.clone();
        let server = Server::start(move |request, number| match (number, request.from()) {
            (0, _) => file(request, &served, "\"v1\"").cut_after(450),
            (_, Some(from)) => Reply::new(206, &served[from..]).with("Content-Range", wrong).with("ETag", "\"v1\""),
            _ => file(request, &served, "\"v1\""),
        });
        let bench = Bench::new();
        bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
        assert_eq!(bench.bytes("source/a.csv"), whole, "{wrong}");
        assert_eq!(server.count(), 3, "{wrong}");
    }
}

#[test]
fn where_no_validator_was_given_it_begins_anew() {
    for validator in [None, Some("W/\"weak\"")] {
        let whole = body(700);
        let served = whole.clone();
        let server = Server::start(move |_, number| {
            let reply = validator.map_or(Reply::ok(&served), |tag| Reply::ok(&served).with("ETag", tag));
            if number == 0 { reply.cut_after(200) } else { reply }
        });
        let bench = Bench::new();
        bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
        assert_eq!(server.requests()[1].header("range"), None);
        assert_eq!(bench.bytes("source/a.csv"), whole);
    }
}

#[test]
fn a_part_that_is_longer_than_the_file_is_thrown_away() {
    let whole = body(300);
    let served = whole.clone();
    let server = Server::start(move |request, number| match (number, request.from()) {
        (0, _) => Reply::ok(body(900)).with("ETag", "\"v1\"").cut_after(600),
        (_, Some(_)) => Reply::new(416, "").with("Content-Range", "bytes */300"),
        _ => file(request, &served, "\"v1\""),
    });
    let bench = Bench::new();
    bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    assert_eq!(bench.bytes("source/a.csv"), whole);
}

#[test]
fn a_server_that_says_nothing_for_too_long_is_left_and_what_came_is_kept() {
    let whole = body(600);
    let served = whole.clone();
    let server = Server::start(move |request, _| match request.from() {
        None => file(request, &served, "\"v1\"").dripping(200, Duration::from_millis(500)),
        Some(_) => file(request, &served, "\"v1\""),
    });
    let mut bench = Bench::new();
    bench.options.patience.idle = Duration::from_millis(60);
    let report = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    assert!(report.resumed && bench.bytes("source/a.csv") == whole);
    assert_eq!(server.requests().last().unwrap().from(), Some(200));
    assert!(bench.told().iter().any(|line| line.contains("sent nothing more in time")), "{:?}", bench.told());
}

#[test]
fn a_server_that_drips_is_left_when_the_time_for_one_try_is_up() {
    let served = body(600);
    let server =
        Server::start(move |request, _| file(request, &served, "\"v1\"").dripping(1, Duration::from_millis(10)));
    let mut bench = Bench::trying(1);
    bench.options.patience.total = Duration::from_millis(80);
    let failed = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
    assert!(failed.message.contains("in time"), "{}", failed.message);
    assert!(!bench.path("source/a.csv").exists());
}

#[test]
fn a_packed_file_is_gone_on_with_as_it_was_packed_and_lies_here_unpacked() {
    let whole = body(20_000);
    let packed = pack(&whole);
    let half = packed.len() / 2;
    let server = Server::start(move |request, number| {
        let reply = file(request, &packed, "\"v1\"").with("Content-Encoding", "gzip");
        if number == 0 { reply.cut_after(half) } else { reply }
    });
    let bench = Bench::new();
    let report = bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    assert!(report.resumed && bench.bytes("source/a.csv") == whole);
    assert_eq!(report.bytes, Some(20_000));
    assert_eq!(bench.all(), ["source/a.csv"]);
}

pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Wherever and however often a connection ends, and whether or not the server knows ranges, the bytes are those
    /// of the file.
    #[test]
    fn wherever_it_breaks_off_the_bytes_are_those_of_the_file(
        length in 1usize..4000,
        cuts in proptest::collection::vec((0usize..4000, proptest::bool::ANY), 0..4),
    ) {
        let whole = body(length);
        let (served, cuts) = (whole.clone(), Mutex::new(cuts));
        let server = Server::start(move |request, _| match cuts.lock().unwrap().pop() {
            Some((cut, true)) => file(request, &served, "\"v1\"").cut_after(cut),
            Some((cut, false)) => Reply::ok(&served).with("ETag", "\"v1\"").cut_after(cut),
            None => file(request, &served, "\"v1\""),
        });
        let bench = Bench::new();
        bench.expect(&plain(server.url("/a.bin"), "a.bin"), Outcome::Fetched);
        prop_assert_eq!(bench.bytes("source/a.bin"), whole);
        prop_assert_eq!(bench.all(), ["source/a.bin"]);
    }
}
