//! Errors as problem details (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// What is wrong with a request, or with us.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    /// A short name of the kind of problem.
    title: &'static str,
    status: u16,
    /// What is wrong and what to do.
    detail: String,
    /// The parameter that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'static str>,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { title, status: status.as_u16(), detail: detail.into(), parameter: None }
    }

    pub(crate) fn bad_request(parameter: &'static str, detail: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::BAD_REQUEST, "Bad request", detail);
        Self { parameter: Some(parameter), ..problem }
    }

    pub(crate) fn not_found(parameter: Option<&'static str>, detail: impl Into<String>) -> Self {
        Self { parameter, ..Self::new(StatusCode::NOT_FOUND, "Not found", detail) }
    }

    pub(crate) fn not_acceptable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "Not acceptable", detail)
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", "everything here can only be read: use GET")
    }

    pub(crate) fn misdirected() -> Self {
        let detail = "this server answers to localhost, 127.0.0.1 and [::1] only; ask for it by one of these names";
        Self::new(StatusCode::MISDIRECTED_REQUEST, "Misdirected request", detail)
    }

    pub(crate) fn too_slow() -> Self {
        let detail = "the answer took too long; ask for less, such as one indicator";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Service unavailable", detail)
    }

    /// A fault of ours: told to the log, not to whoever asks.
    pub(crate) fn ours(error: &dyn std::fmt::Display) -> Self {
        tracing::error!("a request failed: {error}");
        let detail = "the fault is the server's; its log says more";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        (status, [(header::CONTENT_TYPE, kind)], body).into_response()
    }
}

impl From<crate::ServerError> for Problem {
    fn from(error: crate::ServerError) -> Self {
        Self::ours(&error)
    }
}

impl From<lais_lake::LakeError> for Problem {
    fn from(error: lais_lake::LakeError) -> Self {
        Self::ours(&error)
    }
}

impl From<datafusion::error::DataFusionError> for Problem {
    fn from(error: datafusion::error::DataFusionError) -> Self {
        Self::ours(&error)
    }
}

impl From<lais_pack::PackError> for Problem {
    fn from(error: lais_pack::PackError) -> Self {
        Self::ours(&error)
    }
}
