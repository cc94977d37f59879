//! Requests: one at a time, redirects by our own rules, answers that are only read.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Response, StatusCode};
use url::Url;

use crate::address;
use crate::clock::Clock;
use crate::error::{FetchError, Result};
use crate::options::Options;
use crate::retry;
use crate::watch::{Event, Watch};

const USER_AGENT: &str = concat!("lais/", env!("CARGO_PKG_VERSION"), " (published statistics)");
/// How much of a refusal is read for its reason.
const REASON: u64 = 64 * 1024;

/// Asks servers.
pub(crate) struct Client<'a> {
    outside: reqwest::Client,
    /// For this machine's own addresses, which no proxy stands before.
    here: reqwest::Client,
    options: &'a Options,
    clock: Arc<dyn Clock>,
    watch: &'a dyn Watch,
    /// Hosts that could not be reached; they are not tried for every file anew.
    lost: Mutex<BTreeSet<String>>,
}

/// An answer with the address that redirects led to.
pub(crate) struct Answer {
    pub(crate) url: Url,
    pub(crate) response: Response,
}

impl<'a> Client<'a> {
    pub(crate) fn new(options: &'a Options, clock: Arc<dyn Clock>, watch: &'a dyn Watch) -> Result<Self> {
        // An error says that there is one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let build = |proxied: bool| {
            let builder = reqwest::Client::builder()
                .user_agent(USER_AGENT)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .connect_timeout(options.patience.connect)
                .read_timeout(options.patience.idle)
                .timeout(options.patience.total);
            let builder = if proxied { builder } else { builder.no_proxy() };
            builder.build().map_err(|e| FetchError::Setup(chain(&e)))
        };
        let (outside, here) = (build(true)?, build(false)?);
        Ok(Self { outside, here, options, clock, watch, lost: Mutex::default() })
    }

    pub(crate) fn options(&self) -> &Options {
        self.options
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    pub(crate) fn tell(&self, event: Event<'_>) {
        self.watch.tell(event);
    }

    /// The hosts that could not be reached.
    pub(crate) fn lost(&self) -> BTreeSet<String> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Does something with a host until it goes well, unless the host could not be reached before.
    pub(crate) async fn again<T, F, Fut>(&self, url: &Url, what: F) -> Result<T>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let host = address::host(url);
        if self.lost().contains(&host) {
            return Err(FetchError::Unreachable { host, reason: "it could not be reached just before".to_owned() });
        }
        let done = retry::again(self, what).await;
        if let Err(FetchError::Unreachable { host, .. }) = &done {
            self.lost.lock().unwrap_or_else(PoisonError::into_inner).insert(host.clone());
        }
        done
    }

    /// One try of one request, redirects followed.
    ///
    /// # Errors
    /// Any; a status that is no success, 304 or 416 is one too.
    pub(crate) async fn send(&self, url: &Url, headers: &HeaderMap) -> Result<Answer> {
        let mut url = url.clone();
        address::check(&url)?;
        for _ in 0..=self.options.limits.redirects {
            let client = if address::is_here(&url) { &self.here } else { &self.outside };
            let sent = client.get(url.clone()).headers(headers.clone()).send().await;
            let response = sent.map_err(|e| failed(&url, &e))?;
            let status = response.status();
            let location = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            match location {
                Some(to) if status.is_redirection() && status != StatusCode::NOT_MODIFIED => {
                    url = address::follow(&url, to)?;
                }
                _ if status.is_success() || matches!(status.as_u16(), 304 | 416) => {
                    return Ok(Answer { url, response });
                }
                _ => return Err(self.refusal(&url, response).await),
            }
        }
        let why = format!("there were more than {} redirects", self.options.limits.redirects);
        Err(FetchError::Redirect { from: url.to_string(), to: "yet another address".to_owned(), why })
    }

    /// A list or a page as text.
    pub(crate) async fn text(&self, url: &Url, accept: &'static str) -> Result<String> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let limit = self.options.limits.answer_bytes;
        let (headers, limit) = (&headers, limit);
        self.again(url, move || async move {
            let answer = self.send(url, headers).await?;
            let encoding = encoding(answer.response.headers());
            let bytes = read(&answer.url, answer.response, limit).await?;
            decode(&answer.url, bytes, encoding.as_deref(), limit)
        })
        .await
    }

    /// A refusal with what the server says about it.
    async fn refusal(&self, url: &Url, response: Response) -> FetchError {
        let status = response.status();
        let retry_after = retry::asked_for(response.headers(), self.clock.now());
        let is_json = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.contains("json"));
        let mut said = status.canonical_reason().map(|reason| format!(" {reason}")).unwrap_or_default();
        if is_json
            && let Ok(bytes) = read(url, response, REASON).await
            && let Ok(problem) = serde_json::from_slice::<serde_json::Value>(&bytes)
            && let Some(title) = problem.get("title").and_then(serde_json::Value::as_str)
        {
            said = format!("{said}: {}", title.chars().filter(|c| !c.is_control()).take(200).collect::<String>());
        }
        FetchError::Status { url: url.to_string(), status: status.as_u16(), said, retry_after }
    }
}

/// The bytes of an answer, up to a limit.
async fn read(url: &Url, mut response: Response, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| broke_off(url, &e, bytes.len() as u64, None))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > limit {
            return Err(FetchError::TooLarge { url: url.to_string(), limit });
        }
    }
    Ok(bytes)
}

fn decode(url: &Url, bytes: Vec<u8>, encoding: Option<&str>, limit: u64) -> Result<String> {
    let wrong = |why: String| FetchError::Answer { url: url.to_string(), why };
    let bytes = match encoding {
        None => bytes,
        Some("gzip") => {
            let mut plain = Vec::new();
            let mut reader = flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(limit + 1);
            reader.read_to_end(&mut plain).map_err(|e| wrong(format!("it cannot be unpacked: {e}")))?;
            if plain.len() as u64 > limit {
                return Err(FetchError::TooLarge { url: url.to_string(), limit });
            }
            plain
        }
        Some(other) => return Err(wrong(format!("it is packed as {other}, which was not asked for"))),
    };
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8".to_owned()))
}

/// How an answer is packed, in lower case; nothing where it is not.
pub(crate) fn encoding(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_ENCODING)?.to_str().ok()?.trim().to_ascii_lowercase();
    (!text.is_empty() && text != "identity").then(|| text.replace("x-gzip", "gzip"))
}

/// Why no answer came.
fn failed(url: &Url, error: &reqwest::Error) -> FetchError {
    let (host, reason) = (address::host(url), chain(error));
    if reason.contains("certificate") {
        return FetchError::Untrusted { host, reason };
    }
    if error.is_connect() {
        return FetchError::Unreachable { host, reason };
    }
    broke_off(url, error, 0, None)
}

/// Why an answer ended before its end.
pub(crate) fn broke_off(url: &Url, error: &reqwest::Error, got: u64, total: Option<u64>) -> FetchError {
    if error.is_timeout() {
        return FetchError::TooSlow { url: url.to_string() };
    }
    let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
    FetchError::BrokenOff { url: url.to_string(), got, of, reason: chain(error) }
}

/// An error's causes, innermost last, without the address that every message names already.
fn chain(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let text = cause.to_string();
        if causes.last() != Some(&text) {
            causes.push(text);
        }
        next = cause.source();
    }
    if causes.is_empty() { error.to_string() } else { causes.join(": ") }
}
