//! The reports on the pages of providers on Ofsted's site.

use std::collections::BTreeMap;

use url::Url;

use crate::client::Client;
use crate::error::{FetchError, Result};
use crate::html::{self, Link};
use crate::item::{Found, Item};
use crate::target::provider;
use crate::{lock, name, pick};

/// The class that links to reports have.
const REPORT: &str = "publication-link";

/// The reports of each provider whose names fit, each in a folder of its provider.
pub(crate) async fn find(
    client: &Client<'_>,
    key: &str,
    site: &Url,
    files: &Url,
    urns: &[u32],
    pattern: &str,
) -> Vec<Found> {
    let mut found = Vec::new();
    for urn in urns {
        let asked = lock::one_of_several(key, &urn.to_string());
        match of_provider(client, &asked, &provider(site, *urn), files, *urn, pattern).await {
            Ok(items) => {
                found.extend(items.into_iter().map(Found::Item));
                found.push(Found::Listed(asked));
            }
            Err(error) => found.push(Found::Missing { asked, error }),
        }
    }
    found
}

async fn of_provider(
    client: &Client<'_>,
    asked: &str,
    page: &Url,
    files: &Url,
    urn: u32,
    pattern: &str,
) -> Result<Vec<Item>> {
    let text = client.text(page, "text/html").await?;
    let links = html::links(&text);
    let reports: Vec<(String, Url)> = links
        .iter()
        .filter(|link| link.classes.iter().any(|class| class == REPORT))
        .filter_map(|link| Some((title(link)?, page.join(&link.href).ok().filter(|url| is_below(files, url))?)))
        .collect();
    if reports.is_empty() {
        // A page without a report is a page that changed, sooner than an authority that was never inspected.
        let why = format!("it has no link of class {REPORT:?} to {files}");
        return Err(FetchError::Answer { url: page.to_string(), why });
    }
    let fitting: Vec<(String, Url)> = reports.into_iter().filter(|(title, _)| pick::fits(pattern, title)).collect();
    Ok(named(fitting, urn)
        .into_iter()
        .map(|(name, url)| {
            let asked = lock::one_of_several(asked, &name);
            // The service's address of a report is of that report alone.
            Item { asked, url, name: Some(format!("{urn}/{name}")), version: None }
        })
        .collect())
}

/// What a report is called, as a name of a file.
fn title(link: &Link) -> Option<String> {
    let text = if link.nonvisual.is_empty() { &link.text } else { &link.nonvisual };
    let text = text.replace(", PDF", "").replace(", pdf", "");
    name::safe(&format!("{}.pdf", text.replace('/', "-")))
}

/// Names that are each there once: where two reports have one name, the number of the file tells them apart.
fn named(reports: Vec<(String, Url)>, urn: u32) -> Vec<(String, Url)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut distinct: Vec<(String, Url)> = Vec::new();
    for (name, url) in reports {
        if distinct.iter().all(|(_, other)| *other != url) {
            *counts.entry(name.to_lowercase()).or_default() += 1;
            distinct.push((name, url));
        }
    }
    let number = |url: &Url| name::of_address(url).unwrap_or_else(|| urn.to_string());
    let apart = |(name, url): (String, Url)| match counts.get(&name.to_lowercase()) {
        Some(1) | None => (name, url),
        Some(_) => (name::with(&name, &format!(" ({})", number(&url))), url),
    };
    distinct.into_iter().map(apart).collect()
}

/// Whether an address lies below a base.
fn is_below(base: &Url, url: &Url) -> bool {
    let start = base.path().trim_end_matches('/');
    url.origin() == base.origin() && url.path().strip_prefix(start).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_below_the_file_service_is_a_report() {
        let base: Url = "https://files.example.org/v1/file".parse().unwrap();
        let is = |text: &str| is_below(&base, &text.parse().unwrap());
        assert!(is("https://files.example.org/v1/file/501"));
        for not in [
            "https://files.example.org/v1/files/1",
            "https://elsewhere.org/v1/file/1",
            "http://files.example.org/v1/file/1",
        ] {
            assert!(!is(not), "{not}");
        }
    }

    #[test]
    fn reports_of_one_name_are_told_apart_and_one_report_is_there_once() {
        let url = |n: u32| format!("https://files.example.org/v1/file/{n}").parse::<Url>().unwrap();
        let all = [("Visit.pdf", 1), ("visit.pdf", 2), ("Other.pdf", 3), ("Other.pdf", 3)];
        let names: Vec<String> = named(all.map(|(name, n)| (name.to_owned(), url(n))).to_vec(), 9)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["Visit (1).pdf", "visit (2).pdf", "Other.pdf"]);
    }
}
