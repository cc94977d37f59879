//! `lais serve`: the API and the pages, asked over a socket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::country::{albia, referrals};
use crate::sandbox::Sandbox;

/// A server of a lake, ended with the test.
struct Served {
    child: Child,
    address: String,
}

struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| unreachable!("{e}: {}", self.body))
    }

    fn header(&self, name: &str) -> &str {
        let line = self.headers.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_default().trim()
    }
}

impl Served {
    fn new(sandbox: &Sandbox) -> Self {
        let mut command = sandbox.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { child, address }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &format!("Host: {}\r\n", self.address))
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        let status = headers.split_whitespace().nth(1).unwrap().parse().unwrap();
        Answer { status, headers: headers.to_owned(), body: body.to_owned() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn a_comparison_is_answered_with_its_snapshot_and_sources() {
    let albia = albia();
    albia.build().code(0);
    let served = Served::new(&albia);
    assert_eq!((served.get("/healthz").status, served.get("/healthz").body.as_str()), (200, r#"{"status":"ok"}"#));
    let answer = served.get("/v1/authorities/X06000001/comparison");
    let told = answer.json();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-lais-snapshot"), told["snapshot"].as_str().unwrap());
    let row = told["rows"].as_array().unwrap().iter().find(|row| row["indicator_id"] == "rereferral-rate").unwrap();
    assert_eq!(
        (row["value"].as_f64(), row["neighbour_mean"].as_f64(), row["rank"].as_i64()),
        (Some(15.0), Some(22.5), Some(1))
    );
    // Wilson's interval at 95 per cent holds the value.
    assert!(row["ci_low"].as_f64().unwrap() < 15.0 && 15.0 < row["ci_high"].as_f64().unwrap());
    assert_eq!(row["ci_method"], "wilson");
    let id = format!("comparison/rereferral-rate~X06000001~2025-03-31/value@{}", told["snapshot"].as_str().unwrap());
    assert_eq!(row["figure_id"], id);
    assert_eq!(told["sources"][0]["source_id"], "dfe-cin-referrals");
    let periods = served.get("/v1/authorities/9001/comparison?indicator=rereferral-rate").json();
    assert_eq!(periods["rows"].as_array().unwrap().len(), 2);
    let headers = format!("Host: {}\r\nAccept: text/csv\r\n", served.address);
    let csv = served.ask("GET", "/v1/authorities/X06000001/comparison", &headers);
    assert!(csv.body.starts_with("figure_id,criterion_id,"), "{}", csv.body);
}

#[test]
fn an_error_names_the_parameter_and_an_empty_answer_says_why() {
    let albia = albia();
    let more = format!(
        "{}X06000005,9005,Elmstead,unitary-authority,X12000002,X12000002,Southmere,1974-04-01,,\n",
        crate::country::AUTHORITIES
    );
    albia.source("register/authority.csv", more);
    albia.build().code(0);
    let served = Served::new(&albia);
    for (path, status, word) in [
        ("/v1/authorities/Narnia/comparison", 404, "Narnia"),
        ("/v1/authorities/X06000001/comparison?indicator=nonsense", 404, "nonsense"),
        ("/v1/authorities/X06000001/comparison?colour=red", 400, "indicator"),
        ("/v1/authorities/X06000001/comparison?indicator=a&indicator=b", 400, "once"),
        ("/v1/authorities/%FF/comparison", 400, "UTF-8"),
        ("/v1/packs/%FF", 400, "UTF-8"),
        ("/v1/packs/X06000001.docx", 404, ".docx"),
        ("/nowhere", 404, "/nowhere"),
    ] {
        let answer = served.get(path);
        let problem = answer.json();
        assert_eq!((answer.status, problem["status"].as_u64()), (status, Some(u64::from(status))), "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{path}: {problem}");
    }
    let host = format!("Host: {}\r\n", served.address);
    assert_eq!(served.ask("POST", "/", &host).status, 405);
    let empty = served.get("/v1/authorities/X06000005/comparison").json();
    assert!(empty["empty_because"].as_str().unwrap().contains("Elmstead"), "{empty}");
    assert_eq!(empty["rows"], Value::Array(Vec::new()));
}

#[test]
fn packs_are_pages_and_the_list_leads_to_each() {
    let albia = albia();
    albia.build().code(0);
    albia.lais(&["pack", "Aldermoor"]).code(0);
    let served = Served::new(&albia);
    let home = served.get("/");
    assert_eq!(home.body.matches("/v1/packs/X0600").count(), 4);
    let page = served.get("/v1/packs/X06000001.html");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(page.body, std::fs::read_to_string(albia.path("packs/X06000001.html")).unwrap());
    let headers = format!("Host: {}\r\nIf-None-Match: {}\r\n", served.address, page.header("etag"));
    let again = served.ask("GET", "/v1/packs/X06000001.html", &headers);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

#[test]
fn a_new_snapshot_is_served_as_soon_as_it_is_published() {
    let albia = albia();
    albia.build().code(0);
    let served = Served::new(&albia);
    let value = || {
        served.get("/v1/authorities/X06000001/comparison?indicator=rereferral-rate").json()["rows"][1]["value"].as_f64()
    };
    assert_eq!(value(), Some(15.0));
    albia.source("referrals.csv", referrals().replace("100,15,15", "100,16,16"));
    albia.build().code(0);
    assert_eq!(value(), Some(16.0));
}

#[test]
fn it_is_for_this_machine_alone_and_shows_nothing_that_was_told_in_confidence() {
    let albia = albia();
    albia.source("signals.csv", "signal_id,authority_code,received_on,channel,reporter_role,theme,severity,status,case_ref,summary\nS-777,X06000001,2025-12-01,whistleblowing,social-worker,le-workforce,high,open,,\n");
    albia.build().code(0);
    albia.lais(&["serve", "--listen", "0.0.0.0:0"]).code(1).says(&["0.0.0.0", "127.0.0.1"]);
    assert_eq!(albia.lais(&["serve", "--listen", "nonsense"]).code, 2);
    let served = Served::new(&albia);
    assert_eq!(served.ask("GET", "/", "Host: elsewhere.example\r\n").status, 421);
    for path in ["/", "/v1/packs/X06000001.html", "/v1/packs/X06000001.json", "/v1/authorities/X06000001/comparison"] {
        let answer = served.get(path);
        assert!(
            answer.status == 200 && !answer.body.contains("S-777") && !answer.body.contains("signals.csv"),
            "{path}"
        );
    }
}

#[test]
fn without_a_snapshot_it_says_how_to_make_one() {
    Sandbox::new().lais(&["serve", "--listen", "127.0.0.1:0"]).code(1).says(&["lais build --sources"]);
}
