//! `Patient/$date-of-last-data-point`: when a patient's data last changed, told to the patient and to systems.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::pkb::caller::Caller;
use crate::pkb::fhir::identified::{Identifier, identifiers};
use crate::pkb::fhir::{Outcome, Resource, caller};
use crate::pkb::last_change::last_change;
use crate::pkb::people::{self, Person};
use crate::pkb::response_code::ResponseCode;
use crate::pkb::state::{LastDataPoint, Memory, Pkb};

const MOST: usize = 100;

pub async fn last_data_point(
    State(pkb): State<Arc<Pkb>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Outcome> {
    let caller = caller(&pkb, &headers)?;
    let memory = pkb.memory();
    let allowed = match caller {
        Caller::System => Method::POST,
        Caller::Person(_) => memory.modes.last_data_point_method.method(),
    };
    if method != allowed {
        let text = "$date-of-last-data-point answers to another method";
        let refusal = Outcome::not_supported(StatusCode::METHOD_NOT_ALLOWED, text);
        return Ok(([(ALLOW, allowed.as_str())], refusal).into_response());
    }
    let told: Vec<Value> = match caller {
        Caller::Person(person) if person.patient().is_some() => {
            of_caller(&memory, person).into_iter().collect()
        }
        Caller::Person(_) => return Err(ResponseCode::UserTypeNotPerm.into()),
        Caller::System => {
            let asked = identifiers(&headers, &body, MOST)?;
            asked
                .iter()
                .filter_map(|identifier| result(&memory, identifier))
                .collect()
        }
    };
    let mut parameters = json!({ "resourceType": "Parameters" });
    if !told.is_empty() {
        parameters["parameter"] = told.into();
    }
    Ok(Resource(parameters).into_response())
}

/// What patients are told of themselves: nothing, where there is nothing yet.
fn of_caller(memory: &Memory, person: &'static Person) -> Option<Value> {
    let time = last_change(memory, person)?;
    match memory.modes.last_data_point {
        LastDataPoint::Bare => {
            let mut whose = json!({ "name": "patientIdentifier" });
            whose["valueIdentifier"] =
                json!({ "system": people::public_id_system(), "value": person.public_id });
            whose["lastRecordUpdate"] = time.into();
            Some(json!({ "name": "lastDataPointsResult", "part": [whose] }))
        }
        LastDataPoint::Documented | LastDataPoint::OfFhir => Some(part("valueInstant", &time)),
        LastDataPoint::DateTime => Some(part("valueDateTime", &time)),
    }
}

fn part(member: &str, time: &str) -> Value {
    json!({ "name": "lastRecordUpdate", member: time })
}

/// Of whom the organisation has nothing to do with, nothing is said.
fn result(memory: &Memory, identifier: &Identifier) -> Option<Value> {
    let person = people::patient_identified(&identifier.system, &identifier.value)?;
    if !Caller::System.sees(person) {
        return None;
    }
    let mut whose = identifier.part();
    let time = last_change(memory, person);
    let parts = match (memory.modes.last_data_point, time) {
        (LastDataPoint::Documented | LastDataPoint::Bare, Some(time)) => {
            whose["lastRecordUpdate"] = time.into();
            json!([whose])
        }
        (LastDataPoint::OfFhir, Some(time)) => json!([whose, part("valueInstant", &time)]),
        (LastDataPoint::DateTime, Some(time)) => json!([whose, part("valueDateTime", &time)]),
        (_, None) => json!([whose]),
    };
    Some(json!({ "name": "lastDataPointsResult", "part": parts }))
}
