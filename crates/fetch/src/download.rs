//! Bringing one file, on from where an earlier try left off where that is safe.

use std::path::{Path, PathBuf};

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, LAST_MODIFIED, RANGE,
};
use url::Url;

use crate::client::{self, Answer, Client};
use crate::error::{FetchError, Result};
use crate::name;
use crate::part::{Part, Said};
use crate::watch::Event;

/// A file to bring.
pub(crate) struct Download<'a> {
    pub(crate) url: &'a Url,
    /// The folder that it will lie in.
    pub(crate) folder: &'a Path,
    /// The name under which its parts are kept.
    pub(crate) name: &'a str,
    /// What is said of it on the way.
    pub(crate) shown: &'a str,
    /// The validators of the same file as it lies here: `ETag` and `Last-Modified`.
    pub(crate) held: Option<(Option<&'a str>, Option<&'a str>)>,
}

/// What came.
pub(crate) enum Came {
    /// The file here is still the one there.
    NotModified,
    /// All bytes.
    Whole(Box<Whole>),
}

/// A file as it came.
pub(crate) struct Whole {
    pub(crate) part: Part,
    pub(crate) bytes_at: PathBuf,
    pub(crate) final_url: Url,
    pub(crate) said: Said,
    /// The name that the server gives it.
    pub(crate) named: Option<String>,
    /// How many bytes were there already when the last try began.
    pub(crate) resumed_from: u64,
}

impl Download<'_> {
    /// Brings the file, over as many tries as are borne.
    pub(crate) async fn run(&self, client: &Client<'_>) -> Result<Came> {
        client.again(self.url, || self.once(client)).await
    }

    /// One try.
    async fn once(&self, client: &Client<'_>) -> Result<Came> {
        let mut part = Part::open(self.folder, self.name, self.url.as_str())?;
        let headers = self.headers(&part);
        let Answer { url, mut response } = client.send(self.url, &headers).await?;
        let (status, from) = (response.status().as_u16(), part.bytes());
        let said = self.said(response.headers(), status);
        match status {
            304 if headers.contains_key(IF_NONE_MATCH) || headers.contains_key(IF_MODIFIED_SINCE) => {
                return Ok(Came::NotModified);
            }
            206 if from > 0 => match misfit(&part, &said, response.headers()) {
                None => part.go_on()?,
                Some(reason) => return self.anew(part, reason),
            },
            200 => part.begin(said)?,
            // The bytes that are there are as many as the file has, or more: it is not known whether they are its own.
            416 if from > 0 => return self.anew(part, "there are no bytes after those that came".to_owned()),
            other => {
                let said = " where bytes were to come".to_owned();
                return Err(FetchError::Status { url: url.to_string(), status: other, said, retry_after: None });
            }
        }
        let (total, limit) = (part.said().total, client.options().limits.file_bytes);
        let from = part.bytes();
        client.tell(Event::Begun { name: self.shown, from, of: total });
        if total.is_some_and(|total| total > limit) {
            return self.too_large(part, limit);
        }
        let named = response.headers().get(CONTENT_DISPOSITION).and_then(|text| text.to_str().ok());
        let named = named.and_then(name::of_disposition);
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    part.add(&chunk)?;
                    client.tell(Event::Came { bytes: chunk.len() as u64 });
                    if part.bytes() > limit {
                        return self.too_large(part, limit);
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    part.close()?;
                    return Err(client::broke_off(&url, &error, part.bytes(), total));
                }
            }
        }
        let bytes_at = part.close()?.to_path_buf();
        if let Some(total) = total.filter(|total| *total != part.bytes()) {
            return self.wrong_length(part, total);
        }
        let said = part.said().clone();
        Ok(Came::Whole(Box::new(Whole { part, bytes_at, final_url: url, said, named, resumed_from: from })))
    }

    fn headers(&self, part: &Part) -> HeaderMap {
        let mut headers = HeaderMap::new();
        // Bytes as they lie there, so that they can be gone on with; some servers pack them all the same.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let mut put = |name: HeaderName, text: Option<&str>| {
            if let Some(value) = text.and_then(|text| HeaderValue::from_str(text).ok()) {
                headers.insert(name, value);
            }
        };
        if let Some(validator) = part.said().validator().filter(|_| part.bytes() > 0) {
            put(RANGE, Some(&format!("bytes={}-", part.bytes())));
            put(IF_RANGE, Some(validator));
        } else if let Some((etag, last_modified)) = self.held {
            put(IF_NONE_MATCH, etag);
            put(IF_MODIFIED_SINCE, last_modified.filter(|_| etag.is_none()));
        }
        headers
    }

    /// What the server says of the file as a whole.
    fn said(&self, headers: &HeaderMap, status: u16) -> Said {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let total = match status {
            206 => range(headers).and_then(|(_, total)| total),
            _ => text(CONTENT_LENGTH).and_then(|length| length.trim().parse().ok()),
        };
        Said {
            url: self.url.to_string(),
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
            encoding: client::encoding(headers),
            total,
        }
    }

    fn anew(&self, mut part: Part, reason: String) -> Result<Came> {
        part.drop_it()?;
        Err(FetchError::PartIsOld { url: self.url.to_string(), reason })
    }

    fn too_large(&self, mut part: Part, limit: u64) -> Result<Came> {
        part.drop_it()?;
        Err(FetchError::TooLarge { url: self.url.to_string(), limit })
    }

    /// More bytes than were promised are of no use; fewer can be gone on with.
    fn wrong_length(&self, mut part: Part, total: u64) -> Result<Came> {
        let got = part.bytes();
        if got > total {
            part.drop_it()?;
        }
        let (url, of) = (self.url.to_string(), format!(" of {total}"));
        Err(FetchError::BrokenOff { url, got, of, reason: "its length is not what it said".to_owned() })
    }
}

/// Why a range does not go on where the part ends, if it does not.
fn misfit(part: &Part, now: &Said, headers: &HeaderMap) -> Option<String> {
    let before = part.said();
    let Some((start, total)) = range(headers) else { return Some("it does not say which bytes it sends".to_owned()) };
    if start != part.bytes() {
        return Some(format!("it sends bytes from {start} on, where those from {} on were asked for", part.bytes()));
    }
    if before.total.is_some() && total.is_some() && before.total != total {
        return Some("its length is another".to_owned());
    }
    // A server that does not know If-Range sends a range of whatever it has.
    if now.etag.is_some() && now.etag != before.etag {
        return Some("its ETag is another".to_owned());
    }
    if now.last_modified.is_some() && before.last_modified.is_some() && now.last_modified != before.last_modified {
        return Some("it was modified".to_owned());
    }
    (now.encoding != before.encoding).then(|| "it is packed in another way".to_owned())
}

/// The first byte of a `Content-Range`, and how many bytes there are in all.
fn range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (span, total) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
    let start = span.split_once('-')?.0.trim().parse().ok()?;
    Some((start, total.trim().parse().ok()))
}
