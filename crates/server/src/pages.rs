//! The pages: the list of authorities, and each one's pack.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::answer::Answer;
use crate::comparison::one_authority;
use crate::held::Shelf;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    snapshot: &'a str,
    as_at: String,
    country: &'a str,
    is_england: bool,
    authorities: Vec<(String, String)>,
}

/// The list of authorities.
pub(crate) async fn home(State(shelf): State<Arc<Shelf>>, headers: HeaderMap) -> Result<Response, Problem> {
    let held = shelf.current().await?;
    let page = Home {
        snapshot: &held.id,
        as_at: held.evidence.as_at().strftime("%-d %B %Y").to_string(),
        country: held.evidence.country(),
        is_england: held.evidence.is_england(),
        authorities: held.evidence.authorities(),
    };
    let body = page.render().map_err(|e| Problem::ours(&e))?.into_bytes();
    Ok(Answer { kind: "text/html; charset=utf-8", body, snapshot: held.id.clone() }.to(&headers))
}

/// An authority's pack: `/v1/packs/{code}.html` or `.json`.
pub(crate) async fn pack(
    State(shelf): State<Arc<Shelf>>,
    file: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(file) = file.map_err(|e| Problem::bad_request("file", e.body_text()))?;
    let (code, form) = file.rsplit_once('.').unwrap_or((file.as_str(), "html"));
    if !matches!(form, "html" | "json") {
        let detail = format!("a pack is made as .html and .json, not as .{form}");
        return Err(Problem::not_found(Some("file"), detail));
    }
    let held = shelf.current().await?;
    let authority = one_authority(&held, code).await?;
    let pack = held.evidence.pack(&authority.authority_code)?;
    let (kind, body) = match form {
        "html" => ("text/html; charset=utf-8", pack.html()?),
        _ => ("application/json", pack.json()?),
    };
    Ok(Answer { kind, body: body.into_bytes(), snapshot: held.id.clone() }.to(&headers))
}
