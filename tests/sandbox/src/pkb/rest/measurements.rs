//! `measurements`: what a patient has measured, listed and added to.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::pkb::caller::Caller;
use crate::pkb::measurements::{KINDS, Measurement, Part, Reading, kind};
use crate::pkb::moment;
use crate::pkb::rest::RestError;
use crate::pkb::state::Pkb;
use crate::{calendar, clock};

const SHAPE: &str = "The body must have an apiRef and its values, each with apiRef and value";

/// A measurement as it is sent: the shape that is listed, but for what only the platform knows.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    api_ref: String,
    /// A date or a time in UTC; the present, if it is left out.
    taken_date: Option<String>,
    values: Vec<SentValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentValue {
    api_ref: String,
    value: String,
}

/// What can be measured: it is told to everybody.
pub async fn kinds() -> Json<Value> {
    let kinds = KINDS.iter().map(|kind| {
        let units: Value = kind.parts.iter().map(|part| part.unit).collect();
        json!({
            "name": kind.name,
            "apiRef": kind.api_ref,
            "category": kind.category.display(),
            "units": units,
        })
    });
    Json(kinds.collect())
}

pub async fn list(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
) -> Result<Json<Value>, RestError> {
    let patient = Caller::of(&pkb, &headers)?.patient()?;
    let measurements = pkb.memory().measurements.of(patient);
    Ok(Json(measurements.iter().map(told).collect()))
}

/// Stores whatever is sent, once for each time that it is sent.
pub async fn write(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, RestError> {
    let patient = Caller::of(&pkb, &headers)?.patient()?;
    let sent: Sent = serde_json::from_slice(&body).map_err(|_| RestError::Invalid(SHAPE))?;
    let reading = reading(&sent)?;
    let mut memory = pkb.memory();
    memory.tally.writes += 1;
    let measurement = memory.measurements.add(patient, reading);
    Ok(Json(told(&measurement)))
}

fn reading(sent: &Sent) -> Result<Reading, RestError> {
    let kind = kind(&sent.api_ref).ok_or(RestError::Invalid("apiRef is not a known one"))?;
    let value = |part: &Part| {
        let mut values = sent.values.iter();
        let value = values.find(|value| value.api_ref == part.api_ref)?;
        value
            .value
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
    };
    let now = calendar::instant(clock::now_ms());
    let taken_at = match &sent.taken_date {
        None => now.clone(),
        Some(date) if moment::without_zone(date).is_some() => date.clone(),
        Some(_) => {
            return Err(RestError::Invalid(
                "takenDate must be a date, or a time in UTC",
            ));
        }
    };
    Ok(Reading {
        kind,
        values: kind
            .parts
            .iter()
            .map(value)
            .collect::<Option<_>>()
            .ok_or(RestError::Invalid(
                "values must have a number for each part of the measurement, as a text",
            ))?,
        taken_at,
        entered_at: now,
    })
}

fn told(measurement: &Measurement) -> Value {
    let reading = &measurement.reading;
    let values = reading.kind.parts.iter().zip(&reading.values);
    json!({
        "id": measurement.id,
        "apiRef": reading.kind.api_ref,
        "name": reading.kind.name,
        "takenDate": reading.taken_at,
        "enteredDate": reading.entered_at,
        "values": values.map(told_value).collect::<Value>(),
    })
}

fn told_value((part, value): (&Part, &f64)) -> Value {
    json!({ "apiRef": part.api_ref, "value": value.to_string(), "units": part.unit })
}
