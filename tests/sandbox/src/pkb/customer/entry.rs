//! An entry of a Bundle that asks for something, and the entry that answers it.

use axum::http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::pkb::customer::answer::{etag, location};
use crate::pkb::customer::interaction::{Done, Interaction};
use crate::pkb::fhir::Outcome;
use crate::pkb::r4::{parse_resource, raw};

/// A Bundle, of which the rest is read past.
#[derive(Deserialize)]
pub struct Asked {
    pub r#type: String,
    #[serde(default)]
    pub entry: Vec<AskedEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskedEntry {
    pub full_url: Option<String>,
    resource: Option<Box<RawValue>>,
    request: Option<AskedRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AskedRequest {
    method: String,
    url: String,
    if_none_exist: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    resource_type: &'static str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entry: Vec<AnsweredEntry>,
}

#[derive(Serialize)]
pub struct AnsweredEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Box<RawValue>>,
    response: Response,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Value>,
}

impl AskedEntry {
    /// What it asks for.
    pub fn interaction(&self) -> Result<Interaction, Outcome> {
        let request = self
            .request
            .as_ref()
            .ok_or_else(|| Outcome::required("An entry must have a request"))?;
        let (path, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let (kind, id) = match path.split_once('/') {
            Some((kind, id)) => (kind, Some(id.to_owned())),
            None => (path, None),
        };
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Outcome::invalid("The method of a request is none"))?;
        let resource = self.resource.as_ref();
        Ok(Interaction {
            method,
            kind: kind.to_owned(),
            id,
            query: query.to_owned(),
            resource: resource
                .map(|resource| parse_resource(resource.get().as_bytes()))
                .transpose()?,
            if_none_exist: request.if_none_exist.clone(),
        })
    }
}

impl Answered {
    pub fn new(r#type: &'static str, entry: Vec<AnsweredEntry>) -> Self {
        Self {
            resource_type: "Bundle",
            r#type,
            entry,
        }
    }
}

impl AnsweredEntry {
    pub fn of(endpoint: &str, done: &Done) -> Self {
        let stored = done.stored.as_deref();
        let document = stored.map(|stored| &stored.resource.document);
        let found = done.found.as_ref().map(raw);
        Self {
            resource: document.map(raw).or(found),
            response: Response {
                status: done.status.as_str().to_owned(),
                location: stored.map(|stored| location(endpoint, stored)),
                etag: stored.map(etag),
                last_modified: stored.map(|stored| stored.last_updated.clone()),
                outcome: None,
            },
        }
    }

    pub fn failed(outcome: &Outcome) -> Self {
        Self {
            resource: None,
            response: Response {
                status: outcome.status().as_str().to_owned(),
                outcome: Some(outcome.told()),
                ..Response::default()
            },
        }
    }
}
