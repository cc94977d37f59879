//! `/v1/authorities/{code}/comparison`: one authority's indicators against comparators.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::json::WriterBuilder;
use arrow::json::writer::{JsonArray, JsonFormat, LineDelimited};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use datafusion::common::{ParamValues, ScalarValue};
use lais_insight::Named;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::held::{Held, Shelf};
use crate::problem::Problem;

/// Answers with rows, or with the reason for which there are none.
pub(crate) async fn of_authority(
    State(shelf): State<Arc<Shelf>>,
    code: Result<Path<String>, PathRejection>,
    asked: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(code) = code.map_err(|e| Problem::bad_request("code", e.body_text()))?;
    let Query(asked) = asked.map_err(|e| Problem::bad_request("indicator", e.body_text()))?;
    let indicator = match asked.as_slice() {
        [] => "",
        [(name, id)] if name == "indicator" && !id.is_empty() => id.as_str(),
        _ => {
            let detail = "there is one parameter, once: `indicator`, an id, of which every period is given";
            return Err(Problem::bad_request("indicator", detail));
        }
    };
    let form = Form::of(&headers)?;
    let held = shelf.current().await?;
    let authority = one_authority(&held, &code).await?;
    let rows = Rows::ask(&held, include_str!("../../../sql/api/comparison.sql"), &authority, indicator).await?;
    if rows.is_empty() && !indicator.is_empty() && !is_indicator(&held, indicator).await? {
        let detail = format!("no indicator has the id {indicator:?}");
        return Err(Problem::not_found(Some("indicator"), detail));
    }
    let snapshot = held.id.clone();
    let body = match form {
        Form::Csv => rows.csv()?,
        Form::Ndjson => rows.written::<LineDelimited>()?,
        Form::Json => {
            let sql = include_str!("../../../sql/api/source.sql");
            let sources = Rows::ask(&held, sql, &authority, indicator).await?;
            let empty_because = rows.is_empty().then(|| match indicator {
                "" => format!("the snapshot has no figure of {authority} that can be compared"),
                id => format!(
                    "{id} is not compared between authorities, or the snapshot has no row of it for {authority}"
                ),
            });
            let document = Document {
                snapshot: &held.id,
                as_at: held.evidence.as_at().to_string(),
                authority_code: &authority.authority_code,
                name: &authority.name,
                attribution: "Sources and their licences are in `sources`; published statistics are under the Open Government Licence v3.0.",
                empty_because,
                rows: &raw(rows.written::<JsonArray>()?)?,
                sources: &raw(sources.written::<JsonArray>()?)?,
            };
            serde_json::to_vec(&document).map_err(|e| Problem::ours(&e))?
        }
    };
    Ok(Answer { kind: form.kind(), body, snapshot }.to(&headers))
}

/// What is said in JSON.
#[derive(Serialize)]
struct Document<'a> {
    snapshot: &'a str,
    as_at: String,
    authority_code: &'a str,
    name: &'a str,
    rows: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    empty_because: Option<String>,
    sources: &'a RawValue,
    attribution: &'a str,
}

fn raw(bytes: Vec<u8>) -> Result<Box<RawValue>, Problem> {
    let text = String::from_utf8(bytes).map_err(|e| Problem::ours(&e))?;
    RawValue::from_string(text).map_err(|e| Problem::ours(&e))
}

/// The form of an answer that `Accept` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Csv,
    Ndjson,
}

impl Form {
    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let Some(accept) = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()) else {
            return Ok(Self::Json);
        };
        let mut best: Option<(f32, Self)> = None;
        for range in accept.split(',') {
            let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
            let form = match parts.next().unwrap_or_default().as_str() {
                "application/json" | "application/*" | "*/*" | "text/html" => Self::Json,
                "text/csv" | "text/*" => Self::Csv,
                "application/x-ndjson" | "application/ndjson" => Self::Ndjson,
                _ => continue,
            };
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.trim().parse().ok()).unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, form));
            }
        }
        best.map(|(_, form)| form).ok_or_else(|| {
            Problem::not_acceptable("Accept is none of application/json, text/csv and application/x-ndjson")
        })
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// The one authority that a code of any vintage or a name means.
pub(crate) async fn one_authority(held: &Held, code: &str) -> Result<Named, Problem> {
    let found = lais_insight::find_authority(&held.session, code).await?;
    found.map_err(|not_one| Problem::not_found(Some("code"), not_one.to_string()))
}

async fn is_indicator(held: &Held, id: &str) -> Result<bool, Problem> {
    let sql = include_str!("../../../sql/api/indicator.sql");
    let nobody = Named { authority_code: String::new(), name: String::new() };
    Ok(!Rows::ask(held, sql, &nobody, id).await?.is_empty())
}

/// Rows of a SELECT, to be written in some form.
struct Rows {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Rows {
    async fn ask(held: &Held, sql: &str, authority: &Named, indicator: &str) -> Result<Self, Problem> {
        let text = |text: &str| ScalarValue::Utf8(Some(text.to_owned()));
        let parameters = vec![
            ("authority_code", text(&authority.authority_code)),
            ("indicator_id", text(indicator)),
            ("snapshot", text(&held.id)),
        ];
        let frame = held.session.sql(sql).await?.with_param_values(ParamValues::from(parameters))?;
        Ok(Self { schema: Arc::new(frame.schema().as_arrow().clone()), batches: frame.collect().await? })
    }

    fn is_empty(&self) -> bool {
        self.batches.iter().all(|batch| batch.num_rows() == 0)
    }

    fn written<F: JsonFormat>(&self) -> Result<Vec<u8>, Problem> {
        // Missing values are named as null, so that every object has every column.
        let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, F>(Vec::new());
        for batch in &self.batches {
            writer.write(batch).map_err(|e| Problem::ours(&e))?;
        }
        writer.finish().map_err(|e| Problem::ours(&e))?;
        Ok(writer.into_inner())
    }

    fn csv(&self) -> Result<Vec<u8>, Problem> {
        let mut body = Vec::new();
        let mut writer = arrow::csv::WriterBuilder::new().with_header(true).build(&mut body);
        // Also where there is no row, so that a reader finds the columns.
        for batch in std::iter::once(&RecordBatch::new_empty(self.schema.clone())).chain(&self.batches) {
            writer.write(batch).map_err(|e| Problem::ours(&e))?;
        }
        drop(writer);
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn form(accept: &'static str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        Form::of(&headers).ok()
    }

    #[test]
    fn the_form_that_is_most_wanted_is_given() {
        assert_eq!(form("text/csv"), Some(Form::Csv));
        assert_eq!(form("image/png, application/x-ndjson, */*;q=0.5"), Some(Form::Ndjson));
        assert_eq!(form("text/html,application/xhtml+xml"), Some(Form::Json));
        assert_eq!(form("text/csv;q=0.1, Application/JSON"), Some(Form::Json));
        assert_eq!(form("application/json;q=0, text/csv; q=0"), None);
        assert_eq!(form("image/png"), None);
        assert_eq!(Form::of(&HeaderMap::new()).ok(), Some(Form::Json));
    }
}
