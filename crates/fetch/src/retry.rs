//! Trying again: how often, how long between, and what the server asked for.

use std::time::{Duration, SystemTime};

use backon::{ExponentialBuilder, Retryable as _};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::client::Client;
use crate::error::{FetchError, Result};
use crate::watch::Event;

/// Does something until it goes well, cannot go well, or was tried often enough.
///
/// A wait is the usual one or what the server asked for, whichever is longer, but never longer than
/// [`crate::Patience::longest_wait`] for the server's sake.
pub(crate) async fn again<T, F, Fut>(client: &Client<'_>, what: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T>>,
{
    let patience = client.options().patience;
    let mut backoff = ExponentialBuilder::new()
        .with_jitter()
        .with_min_delay(patience.first_wait)
        .with_max_delay(patience.longest_wait)
        .with_max_times(patience.tries.saturating_sub(1));
    if let Some(seed) = client.options().seed {
        backoff = backoff.with_jitter_seed(seed);
    }
    let longest = patience.longest_wait;
    let clock = client.clock();
    what.retry(backoff)
        .sleep(move |wait| clock.sleep(wait))
        .when(FetchError::is_worth_another_try)
        .adjust(|error: &FetchError, wait| {
            wait.map(|wait| error.retry_after().map_or(wait, |asked| wait.max(asked.min(longest))))
        })
        .notify(|error, wait| {
            let asked = error.retry_after().filter(|asked| *asked > longest);
            client.tell(Event::Waiting { why: &error.to_string(), wait, asked });
        })
        .await
}

/// How long a `Retry-After` asks to wait, in seconds or until a day and time.
///
/// The moment is held against the server's own clock where it tells it, as ours may be wrong.
pub(crate) fn asked_for(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are as long as can be.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let theirs = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    Some(until.duration_since(theirs.unwrap_or(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(retry_after: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        let now = httpdate::parse_http_date("Sat, 31 Jan 2026 09:00:00 GMT").unwrap();
        asked_for(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_days_are_understood_and_nonsense_is_passed_over() {
        assert_eq!(asked("7", None), Some(7));
        assert_eq!(asked("0", None), Some(0));
        assert_eq!(asked("99999999999999999999999", None), Some(u64::from(u32::MAX)));
        assert_eq!(asked("Sat, 31 Jan 2026 09:00:30 GMT", None), Some(30));
        // A moment that has passed is no wait.
        assert_eq!(asked("Sat, 31 Jan 2026 08:00:00 GMT", None), Some(0));
        // Our clock is an hour behind the server's.
        assert_eq!(asked("Sat, 31 Jan 2026 10:00:05 GMT", Some("Sat, 31 Jan 2026 10:00:00 GMT")), Some(5));
        for nonsense in ["soon", "-3", "1.5", ""] {
            assert_eq!(asked(nonsense, None), None, "{nonsense}");
        }
    }
}
