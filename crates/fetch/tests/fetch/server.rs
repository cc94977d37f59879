//! A server on this machine that does what a test says, byte by byte.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Path and query.
    pub(crate) path: String,
    headers: BTreeMap<String, String>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(&name.to_ascii_lowercase()).map(String::as_str)
    }

    /// The first byte of a range that was asked for.
    pub(crate) fn from(&self) -> Option<usize> {
        self.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
    }
}

/// An answer, and how it is spoilt.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    length: Option<usize>,
    has_length: bool,
    cut: Option<usize>,
    reset: bool,
    pause: Option<(usize, Duration)>,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.as_ref().to_vec(),
            length: None,
            has_length: true,
            cut: None,
            reset: false,
            pause: None,
        }
    }

    pub(crate) fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::new(200, body)
    }

    pub(crate) fn json(body: impl AsRef<str>) -> Self {
        Self::ok(body.as_ref()).with("Content-Type", "application/json; charset=utf-8")
    }

    pub(crate) fn to(location: &str) -> Self {
        Self::new(302, "").with("Location", location)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Says another length than the body's.
    pub(crate) fn saying_length(mut self, length: usize) -> Self {
        self.length = Some(length);
        self
    }

    /// Says no length; the body ends where the connection does.
    pub(crate) fn without_length(mut self) -> Self {
        self.has_length = false;
        self
    }

    /// Ends the connection after so many bytes of the body.
    pub(crate) fn cut_after(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    /// Breaks the connection instead of ending it.
    pub(crate) fn reset(mut self) -> Self {
        self.reset = true;
        self
    }

    /// Sends the body in pieces of so many bytes with a pause after each.
    pub(crate) fn dripping(mut self, bytes: usize, pause: Duration) -> Self {
        self.pause = Some((bytes, pause));
        self
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Said\r\nConnection: close\r\n", self.status);
        if self.has_length && self.status != 304 {
            head.push_str(&format!("Content-Length: {}\r\n", self.length.unwrap_or(self.body.len())));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head + "\r\n"
    }
}

/// A file as a good server gives it: with an `ETag`, whole or from a byte on, or not at all where it is known.
pub(crate) fn file(request: &Request, body: &[u8], etag: &str) -> Reply {
    if request.header("if-none-match") == Some(etag) {
        return Reply::new(304, "").with("ETag", etag);
    }
    let is_same = request.header("if-range").is_none_or(|known| known == etag);
    match request.from().filter(|from| is_same && *from < body.len()) {
        Some(from) => Reply::new(206, &body[from..])
            .with("Content-Range", &format!("bytes {from}-{}/{}", body.len() - 1, body.len()))
            .with("ETag", etag),
        None => Reply::ok(body).with("ETag", etag),
    }
}

/// The server.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    is_done: Arc<AtomicBool>,
    listening: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Begins; the answer to each request depends on it and on how many came before it.
    pub(crate) fn start(answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, is_done) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (seen, done, answer) = (Arc::clone(&requests), Arc::clone(&is_done), Arc::new(answer));
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &seen, &*answer));
            }
        });
        Self { address, requests, is_done, listening: Some(listening) }
    }

    /// An address on it.
    pub(crate) fn url(&self, path: &str) -> url::Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    /// What was asked so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How often it was asked.
    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_done.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        // Once this has ended nobody listens any more.
        let _ = self.listening.take().map(std::thread::JoinHandle::join);
    }
}

fn serve(mut stream: TcpStream, seen: &Mutex<Vec<Request>>, answer: &dyn Fn(&Request, usize) -> Reply) {
    let Some(request) = read(&mut stream) else { return };
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        seen.len() - 1
    };
    let reply = answer(&request, number);
    let body = &reply.body[..reply.cut.unwrap_or(reply.body.len()).min(reply.body.len())];
    let sent = stream.write_all(reply.head().as_bytes()).and_then(|()| send(&mut stream, body, reply.pause));
    if sent.is_ok() && reply.reset {
        // A connection that is closed while a byte that came was not read is broken and not ended.
        std::thread::sleep(Duration::from_millis(20));
        return;
    }
    let mut last = [0; 1];
    let _ = stream.read_exact(&mut last);
}

fn send(stream: &mut TcpStream, body: &[u8], pause: Option<(usize, Duration)>) -> std::io::Result<()> {
    let Some((bytes, pause)) = pause else { return stream.write_all(body) };
    for piece in body.chunks(bytes) {
        stream.write_all(piece)?;
        stream.flush()?;
        std::thread::sleep(pause);
    }
    Ok(())
}

/// Reads a request but for its last byte.
fn read(stream: &mut TcpStream) -> Option<Request> {
    let (mut text, mut byte) = (Vec::new(), [0; 1]);
    while !text.ends_with(b"\r\n\r") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        text.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut lines = text.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Some(Request { path, headers })
}
