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
            let time = time(&memory, person);
            time.map(|time| json!({ "name": "lastRecordUpdate", "valueInstant": time }))
                .into_iter()
                .collect()
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
    let told = json!({ "resourceType": "Parameters", "parameter": told });
    Ok(Resource(told).into_response())
}

/// Of whom the organisation has nothing to do with, nothing is said.
fn result(memory: &Memory, identifier: &Identifier) -> Option<Value> {
    let person = people::patient_identified(&identifier.system, &identifier.value)?;
    if !Caller::System.sees(person) {
        return None;
    }
    let mut whose = identifier.part();
    let time = time(memory, person);
    let parts = match memory.modes.last_data_point {
        LastDataPoint::Documented => {
            if let Some(time) = time {
                whose["lastRecordUpdate"] = time.into();
            }
            json!([whose])
        }
        LastDataPoint::OfFhir => match time {
            Some(time) => json!([whose, { "name": "lastRecordUpdate", "valueInstant": time }]),
            None => json!([whose]),
        },
    };
    Some(json!({ "name": "lastDataPointsResult", "part": parts }))
}

/// With four digits of a second, as the documentation prints it.
fn time(memory: &Memory, person: &Person) -> Option<String> {
    let measurements = memory.measurements.of(person);
    let entered = measurements
        .iter()
        .map(|measurement| &measurement.reading.entered_at);
    let last = entered.max()?;
    Some(last.replace("+00:00", ".2112Z"))
}
