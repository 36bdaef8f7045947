//! One interaction with one type of resources.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use crate::pkb::caller::Caller;
use crate::pkb::customer::answer::{answer, endpoint};
use crate::pkb::customer::interaction::Interaction;
use crate::pkb::fhir::Outcome;
use crate::pkb::fhir::identified::said_to_be_fhir;
use crate::pkb::r4::{Resource, parse_resource};
use crate::pkb::state::Pkb;
use crate::pkb::subject::uuid;
use crate::random;

type OfOne = Path<(String, String)>;

pub async fn search(
    State(pkb): State<Arc<Pkb>>,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Outcome> {
    let query = query.unwrap_or_default();
    perform(&pkb, &headers, || {
        Ok(Interaction {
            query,
            ..about(Method::GET, kind)
        })
    })
}

pub async fn create(
    State(pkb): State<Arc<Pkb>>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Outcome> {
    perform(&pkb, &headers, || {
        let if_none_exist = headers.get("if-none-exist").map(|search| search.to_str());
        let if_none_exist = if_none_exist
            .transpose()
            .map_err(|_| Outcome::invalid("If-None-Exist must be a search"))?;
        Ok(Interaction {
            resource: Some(resource(&headers, &body)?),
            if_none_exist: if_none_exist.map(str::to_owned),
            ..about(Method::POST, kind)
        })
    })
}

pub async fn read(
    State(pkb): State<Arc<Pkb>>,
    Path((kind, id)): OfOne,
    headers: HeaderMap,
) -> Result<Response, Outcome> {
    perform(&pkb, &headers, || {
        Ok(Interaction {
            id: Some(id),
            ..about(Method::GET, kind)
        })
    })
}

/// Of a resource the last version is kept.
pub async fn read_version(
    State(pkb): State<Arc<Pkb>>,
    Path((kind, id, version)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Outcome> {
    Caller::is_customer(&pkb, &headers)?;
    let last = pkb
        .memory()
        .upstream
        .get(&kind, &id)
        .map(|stored| stored.version.to_string());
    if last.as_ref() != Some(&version) {
        return Err(Outcome::not_found("There is no such version, or no longer"));
    }
    read(State(pkb), Path((kind, id)), headers).await
}

pub async fn update(
    State(pkb): State<Arc<Pkb>>,
    Path((kind, id)): OfOne,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Outcome> {
    perform(&pkb, &headers, || {
        Ok(Interaction {
            id: Some(id),
            resource: Some(resource(&headers, &body)?),
            ..about(Method::PUT, kind)
        })
    })
}

pub async fn delete(
    State(pkb): State<Arc<Pkb>>,
    Path((kind, id)): OfOne,
    headers: HeaderMap,
) -> Result<Response, Outcome> {
    perform(&pkb, &headers, || {
        Ok(Interaction {
            id: Some(id),
            ..about(Method::DELETE, kind)
        })
    })
}

/// Who may call is looked at before what is asked for.
fn perform(
    pkb: &Pkb,
    headers: &HeaderMap,
    asked: impl FnOnce() -> Result<Interaction, Outcome>,
) -> Result<Response, Outcome> {
    Caller::is_customer(pkb, headers)?;
    let interaction = asked()?;
    let method = interaction.method.clone();
    let endpoint = endpoint(pkb, headers);
    let mut memory = pkb.memory();
    let done = interaction.perform(&mut memory.upstream, &endpoint, &uuid(&random::token()))?;
    memory.tally.stored += u64::from(done.is_write(&method));
    Ok(answer(&endpoint, done))
}

fn about(method: Method, kind: String) -> Interaction {
    Interaction {
        method,
        kind,
        id: None,
        query: String::new(),
        resource: None,
        if_none_exist: None,
    }
}

/// The resource that a body is.
fn resource(headers: &HeaderMap, body: &[u8]) -> Result<Resource, Outcome> {
    said_to_be_fhir(headers)?;
    parse_resource(body)
}
