//! How an answer is dressed: its kind, its snapshot, its tag.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The header that says which snapshot an answer is from.
pub(crate) const SNAPSHOT: HeaderName = HeaderName::from_static("x-lais-snapshot");

/// A body with its kind and the snapshot it is from.
pub(crate) struct Answer {
    pub(crate) kind: &'static str,
    pub(crate) body: Vec<u8>,
    pub(crate) snapshot: String,
}

impl Answer {
    /// The response, or that the asker has it already.
    ///
    /// The tag is of the bytes: the same answer has the same tag in whatever snapshot.
    pub(crate) fn to(self, request: &HeaderMap) -> Response {
        let tag = format!("\"{}\"", &lais_lake::sha256_hex(&self.body)[..32]);
        let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let is_known = known.is_some_and(|known| known.split(',').any(|one| matches(one.trim(), &tag)));
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Body::from(self.body).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
            response
        };
        let headers = response.headers_mut();
        for (name, value) in [(header::ETAG, tag), (SNAPSHOT, self.snapshot)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        headers.insert(header::VARY, HeaderValue::from_static("Accept"));
        response
    }
}

/// Whether a tag that the asker holds is this one.
fn matches(held: &str, tag: &str) -> bool {
    held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(tag: &str) -> StatusCode {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(tag).unwrap());
        let answer = Answer { kind: "text/plain", body: b"a".to_vec(), snapshot: "s".to_owned() };
        answer.to(&headers).status()
    }

    #[test]
    fn who_holds_the_answer_is_told_so() {
        let answer = Answer { kind: "text/plain", body: b"a".to_vec(), snapshot: "s".to_owned() };
        let first = answer.to(&HeaderMap::new());
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!((first.status(), &first.headers()[SNAPSHOT]), (StatusCode::OK, &HeaderValue::from_static("s")));
        for held in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            assert_eq!(asked(&held), StatusCode::NOT_MODIFIED, "{held}");
        }
        assert_eq!(asked("\"other\""), StatusCode::OK);
    }
}
