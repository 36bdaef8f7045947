//! How Customer tells what it has done: the resource as it is stored now, and where.

use axum::http::header::{ETAG, HeaderName, LAST_MODIFIED, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};

use crate::clock;
use crate::gateway;
use crate::pkb::addresses::CustomerAddresses;
use crate::pkb::customer::interaction::Done;
use crate::pkb::r4::Shown;
use crate::pkb::state::Pkb;
use crate::pkb::upstream::Stored;

/// Where Customer is for whoever made this request.
pub fn endpoint(pkb: &Pkb, headers: &HeaderMap) -> String {
    let reached = gateway::origin(headers);
    reached.map_or_else(
        || pkb.customer_addresses.customer_url.clone(),
        |origin| format!("{origin}{}", CustomerAddresses::FHIR),
    )
}

/// The address of a version of a resource.
pub fn location(endpoint: &str, stored: &Stored) -> String {
    let resource = &stored.resource;
    let (kind, id, version) = (&resource.kind, resource.id(), stored.version);
    format!("{endpoint}/{kind}/{id}/_history/{version}")
}

pub fn etag(stored: &Stored) -> String {
    format!("W/\"{}\"", stored.version)
}

pub fn answer(endpoint: &str, done: Done) -> Response {
    if let Some(found) = done.found {
        return Shown(found).into_response();
    }
    let Some(stored) = done.stored else {
        return done.status.into_response();
    };
    let mut headers: Vec<(HeaderName, String)> = vec![
        (ETAG, etag(&stored)),
        (LAST_MODIFIED, clock::readable(stored.updated_ms)),
    ];
    if done.status == StatusCode::CREATED {
        headers.push((LOCATION, location(endpoint, &stored)));
    }
    let resource = Shown(&stored.resource.document).into_response();
    (done.status, AppendHeaders(headers), resource).into_response()
}
