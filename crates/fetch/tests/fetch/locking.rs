//! The lock, what is fetched again, and what is never lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lais_fetch::{Outcome, Target, plan};

use crate::bench::{Bench, plain};
use crate::server::{Reply, Server, file};

/// A server whose file has the version that the counter says.
fn versions() -> (Server, Arc<AtomicUsize>) {
    let version = Arc::new(AtomicUsize::new(1));
    let now = Arc::clone(&version);
    let server = Server::start(move |request, _| {
        let version = now.load(Ordering::SeqCst);
        file(request, format!("a,b\n{version},2\n").as_bytes(), &format!("\"v{version}\""))
    });
    (server, version)
}

fn locked(bench: &mut Bench, target: &Target, outcome: Outcome) -> lais_fetch::FileReport {
    bench.options.locked = true;
    let report = bench.expect(target, outcome);
    bench.options.locked = false;
    report
}

#[test]
fn a_file_that_did_not_change_is_not_sent_again() {
    let (server, _) = versions();
    let (bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    let lock = bench.lock_text();
    bench.expect(&target, Outcome::Unchanged);
    assert_eq!(server.requests()[1].header("if-none-match"), Some("\"v1\""));
    assert_eq!(bench.lock_text(), lock);
    assert_eq!(bench.bytes("source/a.csv"), b"a,b\n1,2\n");
}

#[test]
fn the_same_bytes_sent_again_on_another_day_leave_the_lock_as_it_is() {
    let server = Server::start(|_, _| Reply::ok("a\n1\n"));
    let (mut bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    let lock = bench.lock_text();
    bench.options.today = "2026-02-28".parse().unwrap();
    bench.expect(&target, Outcome::Unchanged);
    assert_eq!((bench.lock_text(), server.count()), (lock, 2));
    assert_eq!(bench.all(), ["source/a.csv"]);
}

#[test]
fn what_a_killed_fetch_left_half_written_is_taken_away() {
    let server = Server::start(|_, _| Reply::ok("a\n1\n"));
    let (bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    std::fs::write(bench.path("source/.tmp-fetch-x"), "half").unwrap();
    bench.expect(&target, Outcome::Unchanged);
    assert_eq!(bench.all(), ["source/a.csv"]);
}

#[test]
fn two_fetches_do_not_work_in_one_folder() {
    let server = Server::start(|_, _| Reply::ok("a\n1\n"));
    let bench = Bench::new();
    let file = std::fs::File::create(bench.path(".fetch.lock")).unwrap();
    file.try_lock().unwrap();
    let error = bench.try_fetch(&[plain(server.url("/a.csv"), "a.csv")]).unwrap_err().to_string();
    assert!(error.contains("another fetch is at work in"), "{error}");
    assert_eq!(server.count(), 0);
}

#[test]
fn where_there_is_no_etag_the_day_of_change_is_asked_for() {
    let day = "Fri, 30 Jan 2026 09:30:00 GMT";
    let server = Server::start(move |request, _| match request.header("if-modified-since") {
        Some(known) if known == day => Reply::new(304, ""),
        _ => Reply::ok("a\n1\n").with("Last-Modified", day),
    });
    let (bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    bench.expect(&target, Outcome::Unchanged);
    assert_eq!(server.count(), 2);
}

#[test]
fn the_lock_says_what_each_file_was() {
    let (server, _) = versions();
    let bench = Bench::new();
    bench.expect(&plain(server.url("/a.csv"), "a.csv"), Outcome::Fetched);
    let lock = bench.lock();
    let file = &lock.files()[0];
    assert_eq!((file.source_id.as_str(), file.path.as_str(), file.bytes), ("source", "source/a.csv", 8));
    // printf 'a,b\n1,2\n' | sha256sum
    assert_eq!(file.sha256, "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470");
    assert_eq!((file.etag.as_deref(), file.fetched_on.to_string().as_str()), (Some("\"v1\""), "2026-01-31"));
}

#[test]
fn a_new_version_takes_the_place_of_the_old_one_which_is_kept_out_of_the_way() {
    let (server, version) = versions();
    let (bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    let old = bench.expect(&target, Outcome::Fetched).sha256.unwrap();
    version.store(2, Ordering::SeqCst);
    let report = bench.expect(&target, Outcome::Changed);
    let aside = format!(".earlier/source/a.{}.csv", &old[..12]);
    assert!(report.message.contains(&aside), "{}", report.message);
    assert_eq!(bench.all(), [aside.clone(), "source/a.csv".to_owned()]);
    assert_eq!((bench.bytes(&aside), bench.bytes("source/a.csv")), (b"a,b\n1,2\n".to_vec(), b"a,b\n2,2\n".to_vec()));
    assert_eq!(bench.lock().files().len(), 1);
}

#[test]
fn a_changed_checksum_under_a_lock_fails_with_both_and_touches_nothing() {
    let (server, version) = versions();
    let (mut bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    let lock = bench.lock_text();
    version.store(2, Ordering::SeqCst);
    std::fs::write(bench.path("source/a.csv"), "edited\n").unwrap();
    let failed = locked(&mut bench, &target, Outcome::Failed);
    let was = bench.lock().files()[0].sha256.clone();
    // printf 'a,b\n2,2\n' | sha256sum
    let now = "440c532f4dfce1411298f567a88e48db9758b587bf4bee412ada45daed01a9b3";
    for part in [was.as_str(), now, "Fetch without --locked"] {
        assert!(failed.message.contains(part), "{part}: {}", failed.message);
    }
    assert_eq!((bench.bytes("source/a.csv"), bench.lock_text()), (b"edited\n".to_vec(), lock));
    assert_eq!(bench.all(), ["source/a.csv"]);
}

#[test]
fn a_locked_fetch_brings_the_same_bytes_to_another_folder() {
    let (server, _) = versions();
    let (one, mut two) = (Bench::new(), Bench::new());
    let target = plain(server.url("/a.csv"), "a.csv");
    one.expect(&target, Outcome::Fetched);
    std::fs::copy(one.path("sources.lock"), two.path("sources.lock")).unwrap();
    locked(&mut two, &target, Outcome::Fetched);
    assert_eq!(two.bytes("source/a.csv"), one.bytes("source/a.csv"));
    assert_eq!(two.lock_text(), one.lock_text());
    // What is here as the lock says is not even asked for.
    locked(&mut two, &target, Outcome::Unchanged);
    assert_eq!(server.count(), 2);
}

#[test]
fn what_the_lock_does_not_name_is_not_fetched_under_it() {
    let (server, _) = versions();
    let mut bench = Bench::new();
    let failed = locked(&mut bench, &plain(server.url("/a.csv"), "a.csv"), Outcome::Failed);
    assert!(failed.message.contains("is not in the lock; fetch without --locked"), "{}", failed.message);
    assert_eq!(server.count(), 0);
}

#[test]
fn a_file_that_was_edited_here_is_kept_before_it_is_replaced() {
    let (server, _) = versions();
    let (bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    std::fs::write(bench.path("source/a.csv"), "edited by hand\n").unwrap();
    let report = bench.expect(&target, Outcome::Fetched);
    assert!(report.message.contains(".earlier/source/a."), "{}", report.message);
    assert_eq!(server.requests()[1].header("if-none-match"), None);
    let kept: Vec<String> = bench.all().into_iter().filter(|name| name.starts_with(".earlier")).collect();
    assert_eq!((kept.len(), bench.bytes(&kept[0])), (1, b"edited by hand\n".to_vec()));
    assert_eq!(bench.bytes("source/a.csv"), b"a,b\n1,2\n");
}

#[test]
fn a_file_that_was_deleted_here_comes_again() {
    let (server, _) = versions();
    let (bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    std::fs::remove_file(bench.path("source/a.csv")).unwrap();
    bench.expect(&target, Outcome::Fetched);
    assert_eq!(bench.bytes("source/a.csv"), b"a,b\n1,2\n");
}

#[test]
fn a_refused_new_version_leaves_the_old_one_and_the_lock_as_they_are() {
    let server = Server::start(|_, number| match number {
        0 => Reply::ok("a,b\n1,2\n").with("ETag", "\"v1\""),
        _ => Reply::ok("<html>Sorry</html>").with("ETag", "\"v2\""),
    });
    let (bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    bench.expect(&target, Outcome::Fetched);
    let lock = bench.lock_text();
    bench.expect(&target, Outcome::Failed);
    assert_eq!((bench.bytes("source/a.csv"), bench.lock_text()), (b"a,b\n1,2\n".to_vec(), lock));
    assert_eq!(bench.all(), ["source/a.csv"]);
}

#[test]
fn another_address_under_the_same_name_takes_the_place_of_the_one_that_is_no_longer_named() {
    let server = Server::start(|request, _| Reply::ok(format!("a\n{}\n", request.path)));
    let bench = Bench::new();
    bench.expect(&plain(server.url("/2025"), "a.csv"), Outcome::Fetched);
    let report = bench.expect(&plain(server.url("/2026"), "a.csv"), Outcome::Fetched);
    assert!(report.message.contains(".earlier/source/a."), "{}", report.message);
    assert_eq!((bench.bytes("source/a.csv"), bench.lock().files().len()), (b"a\n/2026\n".to_vec(), 1));
}

#[test]
fn a_file_that_is_no_longer_named_is_left_and_said() {
    let server = Server::start(|_, _| Reply::ok("a\n1\n"));
    let bench = Bench::new();
    bench.expect(&plain(server.url("/2025"), "old.csv"), Outcome::Fetched);
    let report = bench.fetch(&[plain(server.url("/2026"), "new.csv")]);
    assert_eq!((report.count(Outcome::Fetched), report.count(Outcome::Kept)), (1, 1), "{:?}", report.files);
    assert!(
        report.files[1].message.contains("no longer names it") && report.files[1].message.contains("a build reads it")
    );
    // A source that is not fetched now says nothing of its files.
    let other = Target { source_id: "another".to_owned(), ..plain(server.url("/x"), "x.csv") };
    assert_eq!(bench.fetch(&[other]).files.len(), 1);
}

#[test]
fn a_plan_says_what_would_be_asked_and_asks_nothing() {
    let (server, _) = versions();
    let (bench, target) = (Bench::new(), plain(server.url("/a.csv"), "a.csv"));
    let report = plan(std::slice::from_ref(&target), &bench.options).unwrap();
    assert_eq!(report.files[0].outcome, Outcome::Planned);
    assert_eq!(report.files[0].url, Some(server.url("/a.csv").to_string()));
    bench.expect(&target, Outcome::Fetched);
    let report = plan(std::slice::from_ref(&target), &bench.options).unwrap();
    assert_eq!(report.files[0].path.as_deref(), Some("source/a.csv"));
    assert!(report.files[0].message.contains("in the lock since 2026-01-31"), "{:?}", report.files);
    assert_eq!(server.count(), 1);
}
