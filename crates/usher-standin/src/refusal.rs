//! The forms in which the server says no.
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::library::{bare, failed, typed};

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A status and nothing else: what the authorization rules say.
    Bare(StatusCode),
    /// What the exception handler writes: plain text, the same for all.
    Failed(StatusCode),
    /// What the framework writes for a status.
    Problem(StatusCode),
    /// Fields that were missing or wrong.
    Invalid(Vec<(&'static str, String)>),
    /// A sentence as a JSON string.
    Said(StatusCode, &'static str),
}

/// What a handler gives.
pub(crate) type Answer = Result<Response, Refusal>;

impl Refusal {
    /// 404 as the framework writes it.
    pub(crate) const NOT_FOUND: Self = Self::Problem(StatusCode::NOT_FOUND);
    /// 400 of the exception handler: an argument that makes no sense.
    pub(crate) const ARGUMENT: Self = Self::Failed(StatusCode::BAD_REQUEST);

    /// A required field that is missing.
    pub(crate) fn required(field: &'static str) -> Self {
        Self::Invalid(vec![(field, format!("The {field} field is required."))])
    }

    pub(crate) fn into_response(self, trace: &str) -> Response {
        match self {
            Self::Bare(status) => bare(status),
            Self::Failed(status) => failed(status),
            Self::Problem(status) => problem(status, None, trace),
            Self::Invalid(fields) => {
                let errors = fields
                    .into_iter()
                    .map(|(field, why)| (field.to_owned(), json!([why])))
                    .collect();
                problem(StatusCode::BAD_REQUEST, Some(errors), trace)
            }
            Self::Said(status, sentence) => typed(
                status,
                "application/json; charset=utf-8",
                json!(sentence).to_string(),
            ),
        }
    }
}

fn problem(status: StatusCode, errors: Option<Map<String, Value>>, trace: &str) -> Response {
    let section = match status.as_u16() {
        400 => "15.5.1",
        401 => "15.5.2",
        403 => "15.5.4",
        404 => "15.5.5",
        415 => "15.5.16",
        _ => "15.6.1",
    };
    let mut body = Map::new();
    body.insert(
        "type".into(),
        json!(format!(
            "https://tools.ietf.org/html/rfc9110#section-{section}"
        )),
    );
    let title = if errors.is_some() {
        "One or more validation errors occurred."
    } else {
        status.canonical_reason().unwrap_or_default()
    };
    body.insert("title".into(), json!(title));
    body.insert("status".into(), json!(status.as_u16()));
    if let Some(errors) = errors {
        body.insert("errors".into(), Value::Object(errors));
    }
    body.insert("traceId".into(), json!(trace));
    typed(
        status,
        "application/json; charset=utf-8",
        Value::Object(body).to_string(),
    )
}
