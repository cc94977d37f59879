//! Files of the data catalogue of Explore Education Statistics.
//!
//! Most data sets are not in the public API. The catalogue has all of them, each under an id that is another in every
//! release, so a publication and a file's name lead to the id. The list is that of the service's own pages.

use serde::Deserialize;
use url::Url;

use crate::client::Client;
use crate::error::Result;
use crate::item::Found;
use crate::paging::{self, Entry};
use crate::pick::{self, Choice};
use crate::target::{Take, below};

/// The most entries that the list gives on a page.
const PAGE: u64 = 40;

#[derive(Deserialize)]
struct Publication {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataSetFile {
    /// The id in the address of the file.
    id: String,
    /// The id of the bytes: another where the file was replaced within a release.
    file_id: String,
    filename: String,
    release: Release,
}

#[derive(Deserialize)]
struct Release {
    slug: String,
}

impl Entry for DataSetFile {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The files of a publication's latest release whose names fit.
pub(crate) async fn find(
    client: &Client<'_>,
    key: &str,
    content: &Url,
    site: &Url,
    publication: &str,
    pattern: &str,
    take: Take,
) -> Result<Vec<Found>> {
    let home: Publication = paging::json(client, &below(content, &["publications", publication])).await?;
    let mut list = below(content, &["data-set-files"]);
    list.query_pairs_mut().append_pair("publicationId", &home.id).append_pair("latestOnly", "true");
    let files: Vec<DataSetFile> = paging::all(client, &list, PAGE).await?;
    let choices = files.into_iter().filter_map(|file| {
        let name = crate::name::safe(&file.filename)?;
        let url = below(site, &["data-catalogue", "data-set", &file.id, "csv"]);
        Some(Choice { name, url, version: Some(format!("{}, file {}", file.release.slug, file.file_id)) })
    });
    pick::pick(choices.collect(), key, pattern, take, &format!("the latest release of {publication}"))
}
