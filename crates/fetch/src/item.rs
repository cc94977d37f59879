//! The files that a target means today.

use url::Url;

use crate::client::Client;
use crate::error::{FetchError, Result};
use crate::target::{Target, What};
use crate::{catalogue, ees, gov_uk, ofsted};

/// A file to fetch.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The words for it in the lock.
    pub(crate) asked: String,
    pub(crate) url: Url,
    /// Where it goes, below the source's folder; the server says where there is none.
    pub(crate) name: Option<String>,
    /// The publisher's name of the version; the same version is the same bytes.
    pub(crate) version: Option<String>,
}

/// Something that was found out about a target.
#[derive(Debug)]
pub(crate) enum Found {
    /// A file.
    Item(Item),
    /// All files under these words were listed.
    Listed(String),
    /// It could not be found out what these words mean.
    Missing { asked: String, error: FetchError },
}

/// Finds out which files a target means.
pub(crate) async fn find(client: &Client<'_>, target: &Target) -> Vec<Found> {
    let key = target.what.key();
    let found: Result<Vec<Found>> = match &target.what {
        What::EesDataSet { api, data_set, version, file_name } => {
            ees::find(client, &key, api, data_set, version, file_name.as_deref()).await.map(one)
        }
        What::EesCatalogue { content, site, publication, file_name, take } => {
            catalogue::find(client, &key, content, site, publication, file_name, *take).await
        }
        What::GovUk { site, files, page, file_name, take } => {
            gov_uk::find(client, &key, site, files, page, file_name, *take).await
        }
        What::OfstedReports { site, files, urns, file_name } => {
            Ok(ofsted::find(client, &key, site, files, urns, file_name).await)
        }
        What::Url { url, file_name } => {
            Ok(one(Item { asked: key.clone(), url: url.clone(), name: file_name.clone(), version: None }))
        }
    };
    found.unwrap_or_else(|error| vec![Found::Missing { asked: key, error }])
}

fn one(item: Item) -> Vec<Found> {
    vec![Found::Item(item)]
}
