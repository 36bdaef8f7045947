//! What the operations about patients are sent: a `Parameters` of identifiers, of which a system asks.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::pkb::caller::Caller;
use crate::pkb::fhir::{Outcome, caller};
use crate::pkb::people::{Registrant, is_searched, registrant};
use crate::pkb::response_code::ResponseCode;
use crate::pkb::state::{Memory, Pkb};

/// An identifier as it was sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    pub system: String,
    pub value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Parameters {
    resource_type: String,
    #[serde(default)]
    parameter: Vec<Parameter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Parameter {
    name: String,
    value_identifier: Identifier,
}

impl Identifier {
    /// Whom it names. Those whom the organisation has taken in are known to it.
    pub fn registrant(&self, memory: &Memory) -> Option<Registrant> {
        let known = registrant(&self.system, &self.value);
        if !memory.joined.teams(&self.system, &self.value).is_empty() {
            return Some(known.unwrap_or(Registrant::NEW).joined());
        }
        known
    }

    /// The part of an answer that says whom it is about.
    pub fn part(&self) -> Value {
        json!({ "name": "patientIdentifier", "valueIdentifier": { "system": self.system, "value": self.value } })
    }
}

/// That a system calls: no user may make these calls.
pub fn system_calls(pkb: &Pkb, headers: &HeaderMap) -> Result<(), Outcome> {
    match caller(pkb, headers)? {
        Caller::System => Ok(()),
        Caller::Person(_) => Err(ResponseCode::UserTypeNotPerm.into()),
    }
}

/// That a body is said to be FHIR, of which the platform reads one format.
pub fn said_to_be_fhir(headers: &HeaderMap) -> Result<(), Outcome> {
    let said = headers
        .get(CONTENT_TYPE)
        .and_then(|said| said.to_str().ok());
    let kind = said
        .and_then(|said| said.split(';').next())
        .map(str::trim_ascii);
    if kind == Some("application/fhir+json") {
        return Ok(());
    }
    let text = "The body must be application/fhir+json";
    Err(Outcome::not_supported(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        text,
    ))
}

/// The identifiers of a body that may have so many.
pub fn identifiers(
    headers: &HeaderMap,
    body: &[u8],
    most: usize,
) -> Result<Vec<Identifier>, Outcome> {
    said_to_be_fhir(headers)?;
    let parameters: Parameters = serde_json::from_slice(body).map_err(|_| {
        Outcome::invalid("The body must be a Parameters resource of patientIdentifiers, each with a valueIdentifier")
    })?;
    let fits = parameters.resource_type == "Parameters"
        && (1..=most).contains(&parameters.parameter.len())
        && parameters
            .parameter
            .iter()
            .all(|parameter| parameter.name == "patientIdentifier");
    if !fits {
        return Err(Outcome::invalid(
            "The body must be a Parameters resource of at least one patientIdentifier, and not of too many",
        ));
    }
    let parameters = parameters.parameter.into_iter();
    Ok(parameters
        .map(|parameter| parameter.value_identifier)
        .collect())
}

/// The same where each must be of a system that records are found by: one that is not, and the whole request is refused.
pub fn searched_identifiers(
    headers: &HeaderMap,
    body: &[u8],
    most: usize,
) -> Result<Vec<Identifier>, Outcome> {
    let identifiers = identifiers(headers, body, most)?;
    if identifiers
        .iter()
        .all(|identifier| is_searched(&identifier.system))
    {
        Ok(identifiers)
    } else {
        Err(Outcome::invalid(
            "Patients are found by NHS, CHI and Health & Care numbers alone",
        ))
    }
}
