//! Where a source can be fetched: what its pipeline says of it, and what is wrong with that.
//!
//! Only the declaration is here; nothing in this crate asks a server.

use serde::Deserialize;

use crate::pipeline::Pipeline;

/// Where files of a source can be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetch {
    /// What is asked.
    pub kind: FetchKind,
    /// The publication's slug, or for a data set also its title.
    #[serde(default)]
    pub publication: Option<String>,
    /// The data set's title.
    #[serde(default)]
    pub data_set: Option<String>,
    /// The data set's id, instead of publication and title.
    #[serde(default)]
    pub id: Option<String>,
    /// `latest`, a version such as `2.1`, or the latest of some such as `2.*`.
    #[serde(default)]
    pub version: Option<String>,
    /// The path of a page.
    #[serde(default)]
    pub page: Option<String>,
    /// A pattern of the file's name where there are several, and its name here where there is one.
    #[serde(default)]
    pub file_name: Option<String>,
    /// How many files may fit the pattern.
    #[serde(default)]
    pub take: Option<TakeFiles>,
    /// A plain address.
    #[serde(default)]
    pub url: Option<String>,
    /// Providers by unique reference number.
    #[serde(default)]
    pub urns: Vec<u32>,
    /// Another base than the publisher's.
    #[serde(default)]
    pub base: Option<String>,
    /// Another base of the files themselves than the publisher's.
    #[serde(default)]
    pub files: Option<String>,
}

/// What is asked for files of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FetchKind {
    /// The public API of Explore Education Statistics.
    EesDataSet,
    /// The data catalogue of Explore Education Statistics, which also holds what the API does not.
    EesCatalogue,
    /// A page of GOV.UK.
    GovUk,
    /// Pages of providers on Ofsted's reports site.
    OfstedReports,
    /// A plain address.
    Url,
}

impl FetchKind {
    fn id(self) -> &'static str {
        match self {
            Self::EesDataSet => "ees-data-set",
            Self::EesCatalogue => "ees-catalogue",
            Self::GovUk => "gov-uk",
            Self::OfstedReports => "ofsted-reports",
            Self::Url => "url",
        }
    }

    /// The keys that it cannot do without, and those that it may have beside them.
    fn keys(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::EesDataSet => (&[], &["publication", "data_set", "id", "version", "file_name", "base"]),
            Self::EesCatalogue => (&["publication", "file_name"], &["take", "base", "files"]),
            Self::GovUk => (&["page", "file_name"], &["take", "base", "files"]),
            Self::OfstedReports => (&["urns"], &["file_name", "base", "files"]),
            Self::Url => (&["url"], &["file_name"]),
        }
    }
}

/// How many files may fit a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TakeFiles {
    /// One; several are refused.
    One,
    /// All.
    All,
}

impl Fetch {
    /// The keys that are there.
    fn there(&self) -> Vec<&'static str> {
        let texts = [
            ("publication", self.publication.is_some()),
            ("data_set", self.data_set.is_some()),
            ("id", self.id.is_some()),
            ("version", self.version.is_some()),
            ("page", self.page.is_some()),
            ("file_name", self.file_name.is_some()),
            ("take", self.take.is_some()),
            ("url", self.url.is_some()),
            ("urns", !self.urns.is_empty()),
            ("base", self.base.is_some()),
            ("files", self.files.is_some()),
        ];
        texts.into_iter().filter(|(_, is_there)| *is_there).map(|(key, _)| key).collect()
    }

    /// What is wrong with it beyond its form.
    fn faults(&self) -> Vec<String> {
        let (needed, allowed) = self.kind.keys();
        let (there, kind) = (self.there(), self.kind.id());
        let mut faults = Vec::new();
        for key in needed.iter().filter(|key| !there.contains(key)) {
            faults.push(format!("[[fetch]] of kind {kind} needs {key}"));
        }
        for key in there.iter().filter(|key| !needed.contains(key) && !allowed.contains(key)) {
            faults.push(format!("[[fetch]] of kind {kind} has no use for {key}"));
        }
        if self.kind == FetchKind::EesDataSet {
            let named = (self.publication.is_some(), self.data_set.is_some());
            if !matches!((self.id.is_some(), named), (true, (false, false)) | (false, (true, true))) {
                faults.push(format!("[[fetch]] of kind {kind} needs publication and data_set, or id alone"));
            }
        }
        if let Some(id) = self.id.as_ref().filter(|id| !is_uuid(id)) {
            faults.push(format!("[[fetch]] id {id:?} is no id of a data set, which is a UUID"));
        }
        if let Some(page) = self.page.as_ref().filter(|page| !page.starts_with('/')) {
            faults.push(format!(
                "[[fetch]] page {page:?} is no path of a page; write what follows www.gov.uk, from the slash on"
            ));
        }
        for address in [&self.url, &self.base, &self.files].into_iter().flatten() {
            if !is_address(address) {
                faults.push(format!("[[fetch]] {address:?} is no https address"));
            }
        }
        faults
    }
}

impl Pipeline {
    /// What is wrong with what it says of fetching.
    pub(crate) fn fetch_faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self.fetch.iter().flat_map(Fetch::faults).collect();
        for (at, fetch) in self.fetch.iter().enumerate() {
            if self.fetch[..at].contains(fetch) {
                faults.push("one [[fetch]] is there twice".to_owned());
            }
        }
        if self.class == lais_lake::Class::Restricted && !self.fetch.is_empty() {
            faults.push("what was told in confidence is not fetched; take [[fetch]] out".to_owned());
        }
        faults
    }
}

/// Whether a text has the form of a UUID.
fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a text begins as an address that is asked: https, or http on this machine.
fn is_address(text: &str) -> bool {
    ["https://", "http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "id = 'a-b'\ntitle = 'T'\npublisher = 'P'\nlicence = 'OGL-UK-3.0'\nreader = 'ees-csv'\n[publication]\nusual_lag_days = 1\n";

    fn read(fetch: &str) -> Result<Vec<Fetch>, String> {
        Pipeline::parse(&format!("{LEAST}[[fetch]]\n{fetch}")).map(|pipeline| pipeline.fetch)
    }

    #[test]
    fn each_kind_is_read_with_what_it_needs() {
        for fetch in [
            "kind = 'ees-data-set'\npublication = 'p'\ndata_set = 'D'\nversion = '2.*'\n",
            "kind = 'ees-data-set'\nid = '0a1b2c3d-0000-0000-0000-0123456789ab'\n",
            "kind = 'ees-catalogue'\npublication = 'p'\nfile_name = 'a_*.csv'\n",
            "kind = 'gov-uk'\npage = '/government/p'\nfile_name = '*.ods'\ntake = 'all'\n",
            "kind = 'ofsted-reports'\nurns = [80429, 80430]\n",
            "kind = 'url'\nurl = 'https://example.org/a.csv'\n",
            "kind = 'url'\nurl = 'http://127.0.0.1:9/a.csv'\nfile_name = 'b.csv'\n",
        ] {
            assert_eq!(read(fetch).unwrap().len(), 1, "{fetch}");
        }
    }

    #[test]
    fn what_is_missing_or_of_no_use_is_named() {
        for (fetch, said) in [
            ("kind = 'gov-uk'\npage = '/p'\n", "needs file_name"),
            ("kind = 'gov-uk'\npage = 'p'\nfile_name = '*'\n", "no path of a page"),
            ("kind = 'url'\nurl = 'https://a'\npublication = 'p'\n", "no use for publication"),
            ("kind = 'url'\nurl = 'http://example.org/a'\n", "no https address"),
            ("kind = 'ees-data-set'\npublication = 'p'\n", "publication and data_set, or id alone"),
            ("kind = 'ees-data-set'\nid = 'abc'\n", "which is a UUID"),
            ("kind = 'ofsted-reports'\n", "needs urns"),
            ("kind = 'ftp'\n", "line 9"),
            ("kind = 'url'\nurl = 'https://a'\nfilename = 'x'\n", "line 11"),
            ("kind = 'url'\nurl = 'https://a'\n[[fetch]]\nkind = 'url'\nurl = 'https://a'\n", "there twice"),
        ] {
            let error = read(fetch).unwrap_err();
            assert!(error.contains(said), "{fetch}: {error}");
        }
    }

    #[test]
    fn what_was_told_in_confidence_is_not_fetched() {
        let signals = std::fs::read_to_string("../../pipelines/signals.toml").unwrap();
        assert!(Pipeline::parse(&signals).is_ok());
        let error = Pipeline::parse(&format!("{signals}\n[[fetch]]\nkind = 'url'\nurl = 'https://a'\n")).unwrap_err();
        assert!(error.contains("in confidence"), "{error}");
    }
}
