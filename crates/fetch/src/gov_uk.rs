//! The attachments of a page of GOV.UK, as its content API lists them.

use serde::Deserialize;
use url::Url;

use crate::client::Client;
use crate::error::Result;
use crate::item::Found;
use crate::paging;
use crate::pick::{self, Choice};
use crate::target::{Take, content_of};
use crate::{html, name};

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    details: Details,
}

#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    attachments: Vec<Attachment>,
    /// Older pages have their attachments as pieces of HTML alone.
    #[serde(default)]
    documents: Vec<String>,
}

#[derive(Deserialize)]
struct Attachment {
    url: Option<String>,
    filename: Option<String>,
}

/// The attachments of a page whose names fit.
pub(crate) async fn find(
    client: &Client<'_>,
    key: &str,
    site: &Url,
    files: &Url,
    page: &str,
    pattern: &str,
    take: Take,
) -> Result<Vec<Found>> {
    let Page { details } = paging::json(client, &content_of(site, page)).await?;
    let attached = details.attachments.into_iter().filter_map(|file| Some((file.url?, file.filename)));
    let linked = details.documents.iter().flat_map(|piece| html::links(piece)).map(|link| (link.href, None));
    let mut choices: Vec<Choice> = Vec::new();
    for (address, named) in attached.chain(linked) {
        let Some(choice) = choice(site, files, &address, named.as_deref()) else { continue };
        if choices.iter().all(|other| other.url != choice.url) {
            choices.push(choice);
        }
    }
    pick::pick(choices, key, pattern, take, page)
}

/// An attachment that lies where attachments lie; other links of a page lead elsewhere.
fn choice(site: &Url, files: &Url, address: &str, named: Option<&str>) -> Option<Choice> {
    let url = site.join(address).ok()?;
    if url.origin() != files.origin() && url.origin() != site.origin() {
        return None;
    }
    let name = named.and_then(name::safe).or_else(|| name::of_address(&url))?;
    // An attachment that is a page of its own has no file.
    name.contains('.').then_some(Choice { name, url, version: None })
}
