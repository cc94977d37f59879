//! Data sets of the public API of Explore Education Statistics.
//!
//! The API names data sets by ids, which pipelines need not know: a publication and a title lead to the id. A version
//! never changes once it is published, so the same version is the same bytes. The service gives the CSV file that the
//! data set was made of, always packed by gzip.

use serde::Deserialize;
use url::Url;

use crate::client::Client;
use crate::error::{FetchError, Result};
use crate::item::Item;
use crate::paging::{self, Entry};
use crate::target::{DataSet, LATEST, below};
use crate::{name, pick};

/// The most entries that the API gives on a page of publications.
const PUBLICATIONS: u64 = 40;
/// The most that it gives on a page of data sets or versions.
const OTHERS: u64 = 20;

#[derive(Deserialize)]
struct Publication {
    id: String,
    title: String,
    slug: String,
}

#[derive(Deserialize)]
struct Summary {
    id: String,
    title: String,
}

#[derive(Deserialize)]
struct Version {
    version: String,
    status: String,
}

impl Entry for Publication {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Entry for Summary {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Entry for Version {
    fn id(&self) -> &str {
        &self.version
    }
}

/// The CSV file of a data set in the version that is meant.
pub(crate) async fn find(
    client: &Client<'_>,
    key: &str,
    api: &Url,
    data_set: &DataSet,
    version: &str,
    file_name: Option<&str>,
) -> Result<Item> {
    let (id, title) = match data_set {
        DataSet::Id(id) => (id.clone(), id.clone()),
        DataSet::Named { publication, title } => (id_of(client, api, publication, title).await?, title.clone()),
    };
    let list = below(api, &["data-sets", &id, "versions"]);
    let versions: Vec<Version> = paging::all(client, &list, OTHERS).await?;
    let chosen = choose(&versions, version).ok_or_else(|| {
        let all: Vec<String> = versions.iter().map(|v| format!("{} ({})", v.version, v.status)).collect();
        FetchError::NoSuch {
            what: format!("data set {title:?} has no published version {version}"),
            near: pick::near(version, &all),
        }
    })?;
    let mut url = below(api, &["data-sets", &id, "csv"]);
    url.query_pairs_mut().append_pair("dataSetVersion", &chosen);
    let name = file_name.map_or_else(|| name::safe(&format!("{title}.csv")), |name| Some(name.to_owned()));
    Ok(Item { asked: key.to_owned(), url, name, version: Some(chosen) })
}

/// The id of a data set, by the names of it and of its publication.
async fn id_of(client: &Client<'_>, api: &Url, publication: &str, title: &str) -> Result<String> {
    let publications: Vec<Publication> = paging::all(client, &below(api, &["publications"]), PUBLICATIONS).await?;
    let is_meant = |p: &&Publication| pick::is_same(&p.slug, publication) || pick::is_same(&p.title, publication);
    let found: Vec<&Publication> = publications.iter().filter(is_meant).collect();
    let [home] = found.as_slice() else {
        let all: Vec<String> = publications.iter().map(|p| p.slug.clone()).collect();
        let what = format!("the API has {} publication(s) called {publication:?}", found.len());
        return Err(FetchError::NoSuch { what, near: pick::near(publication, &all) });
    };
    let list = below(api, &["publications", &home.id, "data-sets"]);
    let sets: Vec<Summary> = paging::all(client, &list, OTHERS).await?;
    let found: Vec<&Summary> = sets.iter().filter(|set| pick::is_same(&set.title, title)).collect();
    match found.as_slice() {
        [set] => Ok(set.id.clone()),
        _ => {
            let all: Vec<String> = sets.iter().map(|set| set.title.clone()).collect();
            let what = format!("publication {publication:?} has {} data set(s) called {title:?}", found.len());
            Err(FetchError::NoSuch { what, near: pick::near(title, &all) })
        }
    }
}

/// The highest version that is meant and was not withdrawn.
fn choose(versions: &[Version], wanted: &str) -> Option<String> {
    let usable = versions.iter().filter(|v| !v.status.eq_ignore_ascii_case("withdrawn"));
    let fitting = usable.filter_map(|v| Some((numbers(&v.version)?, &v.version))).filter(|(n, _)| is_meant(n, wanted));
    fitting.max_by_key(|(numbers, _)| *numbers).map(|(_, version)| version.clone())
}

/// Major, minor and patch; what is not said is 0.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let mut numbers = [0; 3];
    let parts: Vec<&str> = version.split('.').collect();
    if parts.len() > 3 {
        return None;
    }
    for (number, part) in numbers.iter_mut().zip(parts) {
        *number = part.parse().ok()?;
    }
    Some(numbers)
}

/// Whether a version is meant by `latest`, by a pattern such as `2.*`, or by itself.
fn is_meant(numbers: &[u64; 3], wanted: &str) -> bool {
    if wanted == LATEST {
        return true;
    }
    let parts: Vec<&str> = wanted.split('.').collect();
    for (place, number) in numbers.iter().enumerate() {
        match parts.get(place) {
            Some(&"*") => return true,
            Some(part) if part.parse() == Ok(*number) => {}
            None if *number == 0 => {}
            _ => return false,
        }
    }
    parts.len() <= numbers.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions() -> Vec<Version> {
        [
            ("10.0", "Withdrawn"),
            ("2.0", "Published"),
            ("2.10", "Published"),
            ("2.9.1", "Deprecated"),
            ("1.0", "Published"),
        ]
        .into_iter()
        .map(|(version, status)| Version { version: version.to_owned(), status: status.to_owned() })
        .collect()
    }

    #[test]
    fn versions_are_ordered_by_number_and_a_withdrawn_one_is_not_taken() {
        let chosen = |wanted: &str| choose(&versions(), wanted);
        assert_eq!(chosen("latest").as_deref(), Some("2.10"));
        assert_eq!(chosen("*").as_deref(), Some("2.10"));
        assert_eq!(chosen("2.*").as_deref(), Some("2.10"));
        assert_eq!(chosen("2.9.*").as_deref(), Some("2.9.1"));
        assert_eq!(chosen("1.*").as_deref(), Some("1.0"));
        assert_eq!(chosen("2").as_deref(), Some("2.0"));
        assert_eq!(chosen("2.9.1").as_deref(), Some("2.9.1"));
        for not in ["10.0", "3.*", "2.9", "2.1", "", "x", "2.0.0.0"] {
            assert_eq!(chosen(not), None, "{not}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_version_that_is_named_in_full_means_itself_alone(major in 0u64..50, minor in 0u64..50, patch in 0u64..50) {
            let wanted = format!("{major}.{minor}.{patch}");
            proptest::prop_assert!(is_meant(&[major, minor, patch], &wanted));
            proptest::prop_assert!(!is_meant(&[major, minor, patch + 1], &wanted));
            proptest::prop_assert!(!is_meant(&[major + 1, minor, patch], &wanted));
        }
    }
}
