//! The routes, and what holds for all of them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::held::Shelf;
use crate::problem::Problem;
use crate::{comparison, pages};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What every answer says to a browser: run nothing, load nothing from elsewhere, guess no kind.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "private, no-cache"),
];

pub(crate) fn router(shelf: Arc<Shelf>) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(healthz))
        .route("/", get(pages::home))
        .route("/v1/authorities/{code}/comparison", get(comparison::of_authority))
        .route("/v1/packs/{file}", get(pages::pack))
        .with_state(shelf)
        .fallback(no_such_path)
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(middleware::from_fn(in_time))
        .layer(CatchPanicLayer::custom(|_| Problem::ours(&"a handler panicked").into_response()))
        .layer(middleware::from_fn(asked_by_a_name_of_this_machine));
    for (name, value) in HEADERS {
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value)));
    }
    router
}

/// That the process is alive; it says nothing of the lake.
async fn healthz() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], r#"{"status":"ok"}"#).into_response()
}

/// Gives an answer up that takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    tokio::time::timeout(PATIENCE, next.run(request)).await.unwrap_or_else(|_| Problem::too_slow().into_response())
}

async fn no_such_path(request: Request) -> Problem {
    Problem::not_found(None, format!("there is nothing at {}", request.uri().path()))
}

/// Refuses a request by another name: a page elsewhere could give its own name this machine's address, and
/// read in a browser here what is meant for this machine alone.
async fn asked_by_a_name_of_this_machine(request: Request, next: Next) -> Response {
    let by_header = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = request.uri().authority().map(axum::http::uri::Authority::as_str).or(by_header);
    match host.is_some_and(is_local) {
        true => next.run(request).await,
        false => Problem::misdirected().into_response(),
    }
}

/// Whether a host, with or without a port, is a name of this machine for itself.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let is_address = bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    is_address || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_for_itself_are_local() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.0.0.2", "[::1]:8080", "[::1]"] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "",
            "example.org",
            "localhost.example.org:80",
            "192.168.0.1",
            "0.0.0.0:80",
            "[::]:80",
            "127.0.0.1.example.org",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }
}
