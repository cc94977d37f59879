//! What a pipeline names: where to ask and for what.

use url::Url;

use crate::address;
use crate::error::{FetchError, Result};

/// What one source names to be fetched.
#[derive(Clone, Debug)]
pub struct Target {
    /// The source; its files go into a folder of this name.
    pub source_id: String,
    /// What it names.
    pub what: What,
}

/// A thing to be fetched.
#[derive(Clone, Debug)]
pub enum What {
    /// A data set of the public API of Explore Education Statistics.
    EesDataSet {
        /// The API's base.
        api: Url,
        /// Which data set.
        data_set: DataSet,
        /// `latest`, a version such as `2.1`, or the latest of some such as `2.*`.
        version: String,
        /// The file's name here; the data set's title where there is none.
        file_name: Option<String>,
    },
    /// A file of the data catalogue of Explore Education Statistics, which also holds what the API does not.
    EesCatalogue {
        /// The base of the service's content API, which lists the files of a publication's latest release.
        content: Url,
        /// The base of the service, which gives the files.
        site: Url,
        /// The publication's slug, as in the address of its page.
        publication: String,
        /// A pattern of the file's name, with `*` and `?`.
        file_name: String,
        /// How many may fit.
        take: Take,
    },
    /// The attachments of a page of GOV.UK.
    GovUk {
        /// The base of the site.
        site: Url,
        /// The base of the addresses that attachments have.
        files: Url,
        /// The page's path.
        page: String,
        /// A pattern of the file's name, with `*` and `?`.
        file_name: String,
        /// How many may fit.
        take: Take,
    },
    /// The reports on the pages of providers on Ofsted's site.
    OfstedReports {
        /// The base of the site.
        site: Url,
        /// The base of the addresses that reports have.
        files: Url,
        /// The providers, by unique reference number.
        urns: Vec<u32>,
        /// A pattern of the report's name, with `*` and `?`.
        file_name: String,
    },
    /// A plain address.
    Url {
        /// The address.
        url: Url,
        /// The file's name here; the server's where there is none.
        file_name: Option<String>,
    },
}

/// Which data set is meant.
#[derive(Clone, Debug)]
pub enum DataSet {
    /// By its id.
    Id(String),
    /// By names, each of which must be exact apart from upper and lower case.
    Named {
        /// The publication's slug or title.
        publication: String,
        /// The data set's title.
        title: String,
    },
}

/// How many files a pattern may mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Take {
    /// One; several are refused, as it is not known which is meant.
    #[default]
    One,
    /// All, each a file of its own.
    All,
}

impl What {
    /// The public API of Explore Education Statistics.
    pub const EES_API: &str = "https://api.education.gov.uk/statistics/v1";
    /// The content API of Explore Education Statistics.
    pub const EES_CONTENT: &str = "https://content.explore-education-statistics.service.gov.uk/api";
    /// Explore Education Statistics.
    pub const EES_SITE: &str = "https://explore-education-statistics.service.gov.uk";
    /// GOV.UK.
    pub const GOV_UK: &str = "https://www.gov.uk";
    /// Where attachments of GOV.UK lie.
    pub const GOV_UK_FILES: &str = "https://assets.publishing.service.gov.uk";
    /// Ofsted's reports.
    pub const OFSTED: &str = "https://reports.ofsted.gov.uk";
    /// Where Ofsted's reports lie.
    pub const OFSTED_FILES: &str = "https://files.ofsted.gov.uk/v1/file";

    /// The words for it in the lock, which stay the same while what is asked for does.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::EesDataSet { data_set, version, .. } => {
                let named = match data_set {
                    DataSet::Id(id) => format!("data set {id}"),
                    DataSet::Named { publication, title } => format!("data set {title:?} of {publication}"),
                };
                if version == LATEST { named } else { format!("{named}, version {version}") }
            }
            Self::EesCatalogue { publication, file_name, .. } => format!("file {file_name} of {publication}"),
            Self::GovUk { page, file_name, .. } => format!("file {file_name} on {page}"),
            Self::OfstedReports { file_name, .. } => format!("reports {file_name}"),
            Self::Url { url, .. } => url.to_string(),
        }
    }

    /// The addresses that are asked first; what is asked after them depends on the answers.
    #[must_use]
    pub fn asks_first(&self) -> Vec<Url> {
        match self {
            Self::EesDataSet { api, data_set: DataSet::Id(id), .. } => vec![below(api, &["data-sets", id, "versions"])],
            Self::EesDataSet { api, .. } => vec![below(api, &["publications"])],
            Self::EesCatalogue { content, publication, .. } => vec![below(content, &["publications", publication])],
            Self::GovUk { site, page, .. } => vec![content_of(site, page)],
            Self::OfstedReports { site, urns, .. } => urns.iter().map(|urn| provider(site, *urn)).collect(),
            Self::Url { url, .. } => vec![url.clone()],
        }
    }
}

/// The version that is asked for where none is named.
pub(crate) const LATEST: &str = "latest";

/// The answer of the content API about a page.
pub(crate) fn content_of(site: &Url, page: &str) -> Url {
    let parts: Vec<&str> = ["api", "content"].into_iter().chain(page.split('/').filter(|p| !p.is_empty())).collect();
    below(site, &parts)
}

/// The page of a local authority's children's services; they are providers of type 44.
pub(crate) fn provider(site: &Url, urn: u32) -> Url {
    below(site, &["provider", "44", &urn.to_string()])
}

/// An address below a base, each part written so that it stays one part.
pub(crate) fn below(base: &Url, parts: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(parts.iter().filter(|part| !matches!(**part, "." | "..")));
    }
    url
}

/// An address as it is written.
///
/// # Errors
/// [`FetchError::Address`] where it is none, or one that is not asked.
pub fn parse_address(text: &str) -> Result<Url> {
    let wrong = |why: String| FetchError::Address { url: text.to_owned(), why };
    let url: Url = text.parse().map_err(|e: url::ParseError| wrong(e.to_string()))?;
    address::check(&url)?;
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_base_is_an_address_that_is_asked() {
        for base in [
            What::EES_API,
            What::EES_CONTENT,
            What::EES_SITE,
            What::GOV_UK,
            What::GOV_UK_FILES,
            What::OFSTED,
            What::OFSTED_FILES,
        ] {
            assert!(parse_address(base).is_ok_and(|url| url.scheme() == "https"), "{base}");
        }
    }

    #[test]
    fn a_part_of_a_path_stays_one_part() {
        let base = parse_address("https://example.org/v1/").unwrap();
        assert_eq!(
            below(&base, &["data-sets", "a/../b?c#d", "csv"]).as_str(),
            "https://example.org/v1/data-sets/a%2F..%2Fb%3Fc%23d/csv"
        );
        assert_eq!(below(&base, &["..", "x"]).as_str(), "https://example.org/v1/x");
        let page = content_of(&parse_address(What::GOV_UK).unwrap(), "/government/statistical-data-sets/a-b");
        assert_eq!(page.as_str(), "https://www.gov.uk/api/content/government/statistical-data-sets/a-b");
    }
}
