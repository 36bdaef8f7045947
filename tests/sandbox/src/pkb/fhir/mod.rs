//! The Facade endpoint, FHIR STU3: which call is where, and what all its calls share.

mod consents;
pub mod identified;
mod invitation_tokens;
mod last_data_point;
mod metadata;
mod observation;
mod observations;
mod outcome;
mod patient;
mod purview;
mod search;
mod searchset;
mod status_query;

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde_json::Value;

pub use outcome::Outcome;

use crate::pkb::caller::Caller;
use crate::pkb::people::{self, Person};
use crate::pkb::response_code::ResponseCode;
use crate::pkb::state::Pkb;

pub fn routes() -> Router<Arc<Pkb>> {
    Router::new()
        .route("/fhir/metadata", get(metadata::metadata))
        .route("/fhir/Consent/$purview", any(purview::purview))
        .route("/fhir/Consent/%24purview", any(purview::purview))
        .route("/fhir/Consent", get(consents::search))
        .route("/fhir/Observation", get(observations::search))
        .merge(last_data_point_routes())
        .route(
            "/fhir/Organization/$generate-invitation-tokens",
            post(invitation_tokens::invitation_tokens),
        )
        .route(
            "/fhir/Organization/%24generate-invitation-tokens",
            post(invitation_tokens::invitation_tokens),
        )
        .route("/fhir/Patient", get(patient::search))
        .route("/fhir/Patient/{id}", get(patient::read))
        .route(
            "/fhir/Patient/$status-query",
            post(status_query::status_query),
        )
        .route(
            "/fhir/Patient/%24status-query",
            post(status_query::status_query),
        )
}

/// The documentation does not say for sure whether the operation is one of the type or of a patient.
fn last_data_point_routes() -> Router<Arc<Pkb>> {
    let last_data_point = || any(last_data_point::last_data_point);
    Router::new()
        .route("/fhir/Patient/$date-of-last-data-point", last_data_point())
        .route(
            "/fhir/Patient/%24date-of-last-data-point",
            last_data_point(),
        )
        .route(
            "/fhir/Patient/{id}/$date-of-last-data-point",
            last_data_point(),
        )
}

/// A resource as it is sent.
pub struct Resource(pub Value);

impl IntoResponse for Resource {
    fn into_response(self) -> Response {
        let json = HeaderValue::from_static("application/fhir+json");
        ([(CONTENT_TYPE, json)], self.0.to_string()).into_response()
    }
}

/// Who is calling; the system client must say for which organisation.
fn caller(pkb: &Pkb, headers: &HeaderMap) -> Result<Caller, Outcome> {
    let caller = Caller::of(pkb, headers)?;
    if let Caller::System = caller {
        let organisation = headers
            .get("x-org-public-id")
            .ok_or_else(|| Outcome::required("The header X-Org-Public-Id is missing"))?;
        if organisation.as_bytes() != pkb.config.system.org_public_id.as_bytes() {
            return Err(ResponseCode::NoAssociation.into());
        }
    }
    Ok(caller)
}

/// The patient of this public id, if the caller may see the record.
fn patient_for(caller: Caller, public_id: &str) -> Result<&'static Person, Outcome> {
    let person = people::patient(public_id)
        .ok_or_else(|| Outcome::not_found("There is no patient of this id"))?;
    if caller.sees(person) {
        Ok(person)
    } else {
        Err(ResponseCode::NoConsent.into())
    }
}
