//! `Consent/$purview`: whom the consents are given to that the caller acts under.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::pkb::fhir::{Outcome, Resource, caller};
use crate::pkb::people::Role;
use crate::pkb::state::Pkb;

pub async fn purview(
    State(pkb): State<Arc<Pkb>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Outcome> {
    let allowed = pkb.memory().modes.purview_method.method();
    if method != allowed {
        let text = "$purview answers to another method";
        let refusal = Outcome::not_supported(StatusCode::METHOD_NOT_ALLOWED, text);
        return Ok(([(ALLOW, allowed.as_str())], refusal).into_response());
    }
    let person = caller(&pkb, &headers)?.person()?;
    if !body.is_empty() && !is_parameters(&body) {
        return Err(Outcome::invalid(
            "The body must be a Parameters resource, or none",
        ));
    }
    let reference = match person.role {
        Role::Patient(_) => format!("Patient/{}", person.public_id),
        // Consent is given to the team, never to one of its members.
        Role::Clinician(_) => format!("Organization/{}", pkb.config.system.org_public_id),
    };
    pkb.memory().tally.purviews += 1;
    let told = json!({
        "resourceType": "Parameters",
        "parameter": [{ "name": "purview", "valueReference": { "reference": reference } }],
    });
    Ok(Resource(told).into_response())
}

fn is_parameters(body: &[u8]) -> bool {
    serde_json::from_slice(body).is_ok_and(|body: Value| body["resourceType"] == "Parameters")
}
