//! Everything that was pushed, for a person to see that it arrived.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::clock;
use crate::fhir;
use crate::pages::{Problem, page};
use crate::state::{Kind, Platform, Pushed};

#[derive(Template)]
#[template(path = "pushed.html")]
struct List<'a> {
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    pushed: &'a Pushed,
    received: String,
    went_to: String,
    what_is: &'static str,
    what: String,
}

impl<'a> Row<'a> {
    fn new(pushed: &'a Pushed) -> Self {
        let (went_to, what_is, what) = match &pushed.kind {
            Kind::Library { file_descriptor } => (
                "library".to_owned(),
                "File descriptor",
                format!("{file_descriptor:#}"),
            ),
            Kind::Provider {
                account_id,
                standard,
                version,
            } => (
                format!("account {account_id}, {standard} {version}"),
                "FHIR resources",
                fhir::resource_types(pushed.json.as_ref().unwrap_or(&Value::Null)).join(", "),
            ),
        };
        Self {
            received: clock::readable(pushed.received_at),
            went_to,
            what_is,
            what,
            pushed,
        }
    }
}

pub async fn list(State(platform): State<Arc<Platform>>) -> Response {
    let memory = platform.memory();
    let rows = memory.pushed.iter().rev().map(Row::new).collect();
    page(StatusCode::OK, &List { rows })
}

/// Sent as a download, because a pushed page must not run under the sandbox's origin.
pub async fn content(
    State(platform): State<Arc<Platform>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let memory = platform.memory();
    let pushed = memory
        .pushed
        .iter()
        .find(|pushed| pushed.id == id)
        .ok_or_else(Problem::not_found)?;
    let mime_type = HeaderValue::from_str(&pushed.mime_type)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (CONTENT_TYPE, mime_type),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, pushed.content.clone()).into_response())
}
