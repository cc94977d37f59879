//! Fetching through the built program, from servers on this machine that stand in for the publishers'.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::country::albia;
use crate::sandbox::{Said, Sandbox};

const HEADER: &str = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,visits_percent";

/// The file of a release, with the figure that it tells.
fn file(figure: &str) -> String {
    format!(
        "{HEADER}\n2025,Reporting year,Local authority,X92000001,Albia,X12000001,Northfell,9001,X06000001,Aldermoor,{figure}\n"
    )
}

/// A server of one catalogue: release 1 or 2, of which it can be told to send but half.
struct Publisher {
    base: String,
    release: Arc<AtomicUsize>,
    stalls: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<String>>>,
    is_done: Arc<AtomicBool>,
    listening: Option<std::thread::JoinHandle<()>>,
}

impl Publisher {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (release, stalls) = (Arc::new(AtomicUsize::new(1)), Arc::new(AtomicBool::new(false)));
        let (asked, is_done) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (now, stalling, seen, done) =
            (Arc::clone(&release), Arc::clone(&stalls), Arc::clone(&asked), Arc::clone(&is_done));
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if done.load(Ordering::SeqCst) {
                    return;
                }
                let (release, stalls, seen) =
                    (now.load(Ordering::SeqCst), stalling.load(Ordering::SeqCst), Arc::clone(&seen));
                std::thread::spawn(move || answer(stream, release, stalls, &seen));
            }
        });
        Self { base, release, stalls, asked, is_done, listening: Some(listening) }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Ends it: afterwards nobody listens at its address.
    fn stop(&mut self) {
        self.is_done.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.base.trim_start_matches("http://"));
        let _ = self.listening.take().map(std::thread::JoinHandle::join);
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.stop();
    }
}

fn answer(mut stream: TcpStream, release: usize, stalls: bool, seen: &Mutex<Vec<String>>) {
    let (mut text, mut byte) = (Vec::new(), [0; 1]);
    while !text.ends_with(b"\r\n\r\n") {
        if !matches!(stream.read(&mut byte), Ok(1)) {
            return;
        }
        text.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&text).to_ascii_lowercase();
    seen.lock().unwrap().push(text.clone());
    let path = text.split(' ').nth(1).unwrap_or_default();
    let (head, body) = match path.split('?').next().unwrap_or_default() {
        "/api/publications/visits" => ("200 OK".to_owned(), "{\"id\":\"v\"}".to_owned()),
        "/api/data-set-files" => (
            "200 OK".to_owned(),
            format!(
                "{{\"paging\":{{\"page\":1,\"totalPages\":1,\"totalResults\":1}},\"results\":[{{\"id\":\"d{release}\",\"fileId\":\"f{release}\",\"filename\":\"visits_2013_to_202{release}.csv\",\"release\":{{\"slug\":\"202{release}\"}}}}]}}"
            ),
        ),
        "/data-catalogue/data-set/d1/csv" => ranged(&text, &file("88.5")),
        "/data-catalogue/data-set/d2/csv" => ranged(&text, &file("91.5")),
        _ => ("404 Not Found".to_owned(), String::new()),
    };
    let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    let is_half = stalls && path.contains("/csv");
    let sent = if is_half { &body[..body.len() / 2] } else { body.as_str() };
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(sent.as_bytes()));
    if is_half {
        // Until the program is gone.
        let _ = stream.read(&mut byte);
    }
}

/// The file, or what follows the byte that is asked for.
fn ranged(request: &str, whole: &str) -> (String, String) {
    let from = request.split("range: bytes=").nth(1).and_then(|rest| rest.split('-').next()?.parse::<usize>().ok());
    match from {
        None => ("200 OK\r\nETag: \"e\"".to_owned(), whole.to_owned()),
        Some(from) => (
            format!(
                "206 Partial Content\r\nETag: \"e\"\r\nContent-Range: bytes {from}-{}/{}",
                whole.len() - 1,
                whole.len()
            ),
            whole[from..].to_owned(),
        ),
    }
}

/// A pipeline that names the publisher's file.
fn describe(sandbox: &Sandbox, publisher: &Publisher) {
    let base = &publisher.base;
    std::fs::create_dir_all(sandbox.path("mine")).unwrap();
    let text = format!(
        "id = 'own-visits'\ntitle = 'Visits'\npublisher = 'Albia'\nlicence = 'OGL-UK-3.0'\nreader = 'ees-csv'\n[[fetch]]\nkind = 'ees-catalogue'\npublication = 'visits'\nfile_name = 'visits_*.csv'\nbase = '{base}/api'\nfiles = '{base}'\n[recognise]\ncolumns = ['visits_percent']\n[time.'Reporting year']\nends = '03-31'\n[publication]\nusual_lag_days = 30\n[[indicators]]\nid = 'visits-on-time'\ntitle = 'Visits on time'\ncolumn = 'visits_percent'\nunit = 'percent'\npolarity = 'high-is-better'\ncriterion = 'cc-decisions'\n"
    );
    std::fs::write(sandbox.path("mine/visits.toml"), text).unwrap();
}

/// Fetches the one source into `sources`, next to what is there, with one try a request.
fn fetch(sandbox: &Sandbox, more: &[&str]) -> Said {
    let mut arguments = vec!["fetch", "own-visits", "--into", "sources", "--pipelines", "mine", "--tries", "1"];
    arguments.extend(more);
    sandbox.lais(&arguments)
}

fn figures(sandbox: &Sandbox) -> Vec<Vec<String>> {
    sandbox.lais(&["build", "--sources", "sources", "--pipelines", "mine"]).code(0);
    sandbox.rows("SELECT value FROM observation WHERE indicator_id = 'visits-on-time'")
}

#[test]
fn a_source_is_fetched_and_built_and_a_new_release_takes_its_place() {
    let (albia, publisher) = (albia(), Publisher::start());
    describe(&albia, &publisher);
    let said = fetch(&albia, &["--format", "csv"]).code(0);
    let row = &said.rows()[0];
    assert_eq!(
        (row[0].as_str(), row[1].as_str(), row[2].as_str()),
        ("own-visits", "fetched", "own-visits/visits_2013_to_2021.csv")
    );
    said.says(&["files: 1 fetched"]);
    assert_eq!(figures(&albia), [["88.5"]]);
    fetch(&albia, &[]).code(0).says(&["files: 1 unchanged"]);
    publisher.release.store(2, Ordering::SeqCst);
    fetch(&albia, &[]).code(0).says(&["files: 1 changed", "kept as .earlier/own-visits/visits_2013_to_2021."]);
    // One figure and not two: the old release is kept where no build reads it.
    assert_eq!(figures(&albia), [["91.5"]]);
}

#[test]
fn a_lock_brings_the_same_bytes_again_or_says_that_they_are_others() {
    let (albia, publisher) = (albia(), Publisher::start());
    describe(&albia, &publisher);
    fetch(&albia, &["--locked"]).code(1).says(&["is not in the lock", "without --locked"]);
    fetch(&albia, &[]).code(0);
    let path = albia.path("sources/own-visits/visits_2013_to_2021.csv");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    publisher.release.store(2, Ordering::SeqCst);
    fetch(&albia, &["--locked"]).code(0).says(&["files: 1 fetched"]);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    let lock = albia.path("sources/sources.lock");
    let text = std::fs::read_to_string(&lock).unwrap();
    let hash = text.split("sha256 = \"").nth(1).unwrap()[..64].to_owned();
    let other = "0".repeat(64);
    std::fs::write(&lock, text.replace(&hash, &other)).unwrap();
    fetch(&albia, &["--locked"]).code(1).says(&[&hash, &other, "Fetch without --locked", "files: 1 failed"]);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_plan_asks_nothing_and_says_what_would_be_asked() {
    let (sandbox, publisher) = (Sandbox::new(), Publisher::start());
    describe(&sandbox, &publisher);
    let said = fetch(&sandbox, &["--dry-run", "--format", "csv"]).code(0);
    assert_eq!(said.rows()[0][1], "planned");
    assert!(said.rows()[0][7].ends_with("/api/publications/visits"), "{:?}", said.rows());
    assert!(publisher.asked().is_empty(), "{:?}", publisher.asked());
    // What the built-in pipelines name is planned too, and asked of nobody.
    let all = sandbox.lais(&["fetch", "--into", "sources", "--dry-run", "--format", "csv"]).code(0).rows();
    assert!(all.len() >= 18 && all.iter().all(|row| row[1] == "planned" && row[7].starts_with("https://")), "{all:?}");
}

#[test]
fn without_a_network_what_is_there_is_kept_and_what_is_not_there_fails() {
    let (albia, mut publisher) = (albia(), Publisher::start());
    describe(&albia, &publisher);
    fetch(&albia, &[]).code(0);
    let host = publisher.base.trim_start_matches("http://").to_owned();
    publisher.stop();
    fetch(&albia, &[]).code(0).says(&[
        "files: 1 kept",
        &format!("not reached: {host}"),
        "the file of 2026-01-31 is kept",
    ]);
    std::fs::remove_dir_all(albia.path("sources/own-visits")).unwrap();
    fetch(&albia, &[]).code(1).says(&["files: 1 failed", &host, "cannot be reached"]);
}

#[test]
fn a_source_that_is_not_there_or_says_no_place_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.lais(&["fetch", "nonsense", "--into", "sources"]).code(1).says(&["nonsense", "lais pipeline check"]);
    sandbox.lais(&["fetch", "signals", "--into", "sources"]).code(1).says(&["signals", "no [[fetch]]"]);
    assert_eq!(sandbox.lais(&["fetch"]).code, 2);
}

#[test]
fn a_fetch_that_was_killed_half_way_is_gone_on_with() {
    let (sandbox, publisher) = (Sandbox::new(), Publisher::start());
    describe(&sandbox, &publisher);
    publisher.stalls.store(true, Ordering::SeqCst);
    let arguments = ["fetch", "own-visits", "--into", "sources", "--pipelines", "mine"];
    let mut running = sandbox.command(&arguments).spawn().unwrap();
    let part = sandbox.path("sources/own-visits/.visits_2013_to_2021.csv.part");
    let half = file("88.5").len() / 2;
    // It is killed as soon as half of the file is there.
    while std::fs::metadata(&part).map_or(0, |meta| meta.len()) < half as u64 {
        assert!(running.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    running.kill().unwrap();
    running.wait().unwrap();
    publisher.stalls.store(false, Ordering::SeqCst);
    fetch(&sandbox, &[]).code(0).says(&["files: 1 fetched", "(gone on with)"]);
    let fetched = std::fs::read_to_string(sandbox.path("sources/own-visits/visits_2013_to_2021.csv")).unwrap();
    assert_eq!(fetched, file("88.5"));
    let last = publisher.asked().last().unwrap().clone();
    assert!(last.contains(&format!("range: bytes={half}-")) && last.contains("if-range: \"e\""), "{last}");
    assert!(!part.exists());
}
