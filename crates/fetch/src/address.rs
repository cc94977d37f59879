//! Which addresses are asked and which redirects are followed.
//!
//! Everything is asked over https. Plain http reaches this machine alone, for servers that stand in for the real ones.

use url::{Host, Url};

use crate::error::{FetchError, Result};

/// Whether an address is one of this machine's own.
pub(crate) fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The host, with its port where that is not the usual one.
pub(crate) fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or("no host");
    url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

/// Refuses an address that may not be asked.
pub(crate) fn check(url: &Url) -> Result<()> {
    let refuse = |why: &str| Err(FetchError::Address { url: url.to_string(), why: why.to_owned() });
    match url.scheme() {
        "https" => {}
        "http" if is_here(url) => {}
        "http" => return refuse("it is plain http, which anyone on the way could change; write https"),
        _ => return refuse("only https is asked"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("it holds a user name or a password");
    }
    match url.host() {
        None => refuse("it names no host"),
        Some(_) => Ok(()),
    }
}

/// Where a redirect leads, if it is followed.
///
/// # Errors
/// [`FetchError::Redirect`] where it leads from https to http, or to this machine from elsewhere.
pub(crate) fn follow(from: &Url, location: &str) -> Result<Url> {
    let refuse = |to: &str, why: &str| {
        Err(FetchError::Redirect { from: from.to_string(), to: to.to_owned(), why: why.to_owned() })
    };
    let Ok(to) = from.join(location) else { return refuse(location, "it is no address") };
    if from.scheme() == "https" && to.scheme() == "http" {
        return refuse(to.as_str(), "it would leave https for http");
    }
    if is_here(&to) && !is_here(from) {
        return refuse(to.as_str(), "it leads from elsewhere to this machine");
    }
    match check(&to) {
        Ok(()) => Ok(to),
        Err(FetchError::Address { why, .. }) => refuse(to.as_str(), &why),
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn https_is_asked_anywhere_and_http_on_this_machine_alone() {
        for fine in ["https://www.gov.uk/a", "http://127.0.0.1:8080/a", "http://localhost/a", "http://[::1]:1/a"] {
            assert!(check(&url(fine)).is_ok(), "{fine}");
        }
        for not in ["http://www.gov.uk/a", "ftp://127.0.0.1/a", "file:///etc/passwd", "https://a:b@www.gov.uk/"] {
            assert!(check(&url(not)).is_err(), "{not}");
        }
        // A name that only looks like this machine.
        assert!(check(&url("http://127.0.0.1.example.org/")).is_err());
        assert!(check(&url("http://localhost.example.org/")).is_err());
    }

    #[test]
    fn a_redirect_never_leaves_https_and_never_comes_here_from_elsewhere() {
        let from = url("https://www.gov.uk/a/b");
        assert_eq!(follow(&from, "../c").unwrap().as_str(), "https://www.gov.uk/c");
        assert_eq!(follow(&from, "https://assets.example.org/x").unwrap().host_str(), Some("assets.example.org"));
        for to in ["http://www.gov.uk/c", "https://127.0.0.1/c", "https://localhost/c", "ftp://www.gov.uk/c"] {
            assert!(matches!(follow(&from, to), Err(FetchError::Redirect { .. })), "{to}");
        }
        assert!(follow(&url("https://127.0.0.1:1/a"), "http://127.0.0.1:1/b").is_err());
        let here = url("http://127.0.0.1:1/a");
        assert!(follow(&here, "http://127.0.0.1:2/b").is_ok());
        assert!(follow(&here, "https://www.gov.uk/b").is_ok());
        assert!(follow(&here, "http://www.gov.uk/b").is_err());
    }
}
