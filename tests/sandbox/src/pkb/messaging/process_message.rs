//! `Patient/$process-message`: a bare Patient, who is in the organisation from then on.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::pkb::fhir::identified::{said_to_be_fhir, system_calls};
use crate::pkb::fhir::{Outcome, Resource};
use crate::pkb::messaging::joining::Joining;
use crate::pkb::state::{Pkb, ProcessMessageAnswer};

pub async fn process_message(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Outcome> {
    system_calls(&pkb, &headers)?;
    said_to_be_fhir(&headers)?;
    let patient = serde_json::from_slice(&body)
        .map_err(|_| Outcome::invalid("The body must be a Patient, and no more"))?;
    let joining = Joining::of(&patient)?;
    let mut memory = pkb.memory();
    memory.tally.joins += 1;
    memory.tally.mails += u64::from(joining.has_email);
    for identifier in joining.identifiers {
        memory.joined.add(identifier, &joining.teams);
    }
    Ok(match memory.modes.process_message_answer {
        ProcessMessageAnswer::None => StatusCode::OK.into_response(),
        ProcessMessageAnswer::Patient => (StatusCode::CREATED, Resource(patient)).into_response(),
    })
}
