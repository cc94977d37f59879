//! Lists that come in pages, and what they say of their own length.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::client::Client;
use crate::error::{FetchError, Result};

const JSON: &str = "application/json";

#[derive(Deserialize)]
struct Page<T> {
    paging: Paging,
    results: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paging {
    page: u64,
    total_pages: u64,
    total_results: u64,
}

/// Something of a list that is there once.
pub(crate) trait Entry {
    /// What tells it from the others.
    fn id(&self) -> &str;
}

/// One answer of an API.
pub(crate) async fn json<T: DeserializeOwned>(client: &Client<'_>, url: &Url) -> Result<T> {
    let text = client.text(url, JSON).await?;
    serde_json::from_str(&text).map_err(|e| FetchError::Answer { url: url.to_string(), why: e.to_string() })
}

/// All of a list, page after page.
///
/// A list that has not as many entries as it says, or one twice, is refused: it changed meanwhile, or is not whole, and
/// what it lacks could be the latest.
pub(crate) async fn all<T: DeserializeOwned + Entry>(client: &Client<'_>, list: &Url, size: u64) -> Result<Vec<T>> {
    let wrong = |why: String| FetchError::Answer { url: list.to_string(), why };
    let mut entries: Vec<T> = Vec::new();
    for number in 1..=client.options().limits.pages {
        let mut url = list.clone();
        url.query_pairs_mut().append_pair("page", &number.to_string()).append_pair("pageSize", &size.to_string());
        let Page { paging, results } = json::<Page<T>>(client, &url).await?;
        if paging.page != number {
            return Err(wrong(format!("page {number} was asked for and page {} came", paging.page)));
        }
        let is_last = results.is_empty() || number >= paging.total_pages;
        entries.extend(results);
        if is_last {
            let mut seen = std::collections::HashSet::new();
            if let Some(twice) = entries.iter().find(|entry| !seen.insert(entry.id())) {
                return Err(wrong(format!("{:?} is in the list twice; fetch again", twice.id())));
            }
            let (said, came) = (paging.total_results, entries.len() as u64);
            return if said == came {
                Ok(entries)
            } else {
                Err(wrong(format!("the list says that it has {said} entries, and {came} came; fetch again")))
            };
        }
    }
    Err(wrong(format!("it has more than {} pages", client.options().limits.pages)))
}
