//! The calls under `/_sandbox/pkb/`, which the platform does not have: what a test looks at and turns.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::clock;
use crate::pkb::last_change;
use crate::pkb::parameters::Parameters;
use crate::pkb::people::{self, PEOPLE};
use crate::pkb::state::{Modes, Pkb, Tally};
use crate::pkb::upstream::origin_of;

/// Why a control is not turned: a status and what is wrong.
type Refusal = (StatusCode, String);

pub fn routes() -> Router<Arc<Pkb>> {
    Router::new()
        .route(
            "/_sandbox/pkb/expire-access-tokens",
            post(expire_access_tokens),
        )
        .route("/_sandbox/pkb/expire-sessions", post(expire_sessions))
        .route("/_sandbox/pkb/freeze", post(freeze))
        .route("/_sandbox/pkb/unfreeze", post(unfreeze))
        .route("/_sandbox/pkb/modes", get(modes).put(set_modes))
        .route("/_sandbox/pkb/customer", get(customer))
        .route("/_sandbox/pkb/last-change", post(set_last_change))
        .route("/_sandbox/pkb/tally", get(tally))
}

async fn modes(State(pkb): State<Arc<Pkb>>) -> Json<Modes> {
    Json(pkb.memory().modes)
}

/// Sets the modes that are given, and tells all.
async fn set_modes(
    State(pkb): State<Arc<Pkb>>,
    Json(given): Json<Map<String, Value>>,
) -> Result<Json<Modes>, Refusal> {
    let mut memory = pkb.memory();
    memory.modes = memory
        .modes
        .with(given)
        .map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    Ok(Json(memory.modes))
}

async fn tally(State(pkb): State<Arc<Pkb>>) -> Json<Tally> {
    Json(pkb.memory().tally)
}

/// What Customer keeps, and what became of each on its way to Aggregated, of which Customer says nothing.
async fn customer(State(pkb): State<Arc<Pkb>>) -> Json<Value> {
    let memory = pkb.memory();
    let told = memory.upstream.all().iter().map(|stored| {
        let resource = &stored.resource;
        let origin = origin_of(&memory, resource);
        json!({
            "reference": format!("{}/{}", resource.kind, resource.id()),
            "versionId": stored.version.to_string(),
            "sourceOrganisation": origin.organisation,
            "fate": origin.fate,
        })
    });
    Json(told.collect())
}

/// The system clients' tokens too.
async fn expire_access_tokens(State(pkb): State<Arc<Pkb>>) -> Json<Value> {
    let now = clock::now_ms();
    let mut memory = pkb.memory();
    let good = memory
        .system_tokens
        .values_mut()
        .filter(|ends_at| now < **ends_at);
    let system = good.map(|ends_at| *ends_at = now).count();
    let customer = memory
        .customer_tokens
        .values_mut()
        .filter(|ends_at| now < **ends_at);
    let customer = customer.map(|ends_at| *ends_at = now).count();
    let expired = memory.sessions.expire_access_tokens(now) + system + customer;
    Json(json!({ "expired": expired }))
}

async fn expire_sessions(State(pkb): State<Arc<Pkb>>) -> Json<Value> {
    let expired = pkb.memory().sessions.expire(clock::now_ms());
    Json(json!({ "expired": expired }))
}

async fn freeze(State(pkb): State<Arc<Pkb>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let public_id = public_id(&body)?;
    pkb.memory().frozen.insert(public_id);
    Ok(Json(json!({ "publicId": public_id, "frozen": true })))
}

async fn unfreeze(State(pkb): State<Arc<Pkb>>, body: Bytes) -> Result<Json<Value>, Refusal> {
    let public_id = public_id(&body)?;
    pkb.memory().frozen.remove(public_id);
    Ok(Json(json!({ "publicId": public_id, "frozen": false })))
}

/// When the data of a patient last changed, until it changes again; null for one of whom there is none.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LastChange {
    public_id: String,
    time: Option<String>,
}

async fn set_last_change(
    State(pkb): State<Arc<Pkb>>,
    Json(given): Json<LastChange>,
) -> Result<StatusCode, Refusal> {
    let patient = people::patient(&given.public_id).ok_or_else(nobody)?;
    last_change::set(&mut pkb.memory(), patient, given.time);
    Ok(StatusCode::NO_CONTENT)
}

fn nobody() -> Refusal {
    let text = "publicId names nobody in the sandbox";
    (StatusCode::NOT_FOUND, text.to_owned())
}

/// Whom a body names, be it JSON or a form.
fn public_id(body: &[u8]) -> Result<&'static str, Refusal> {
    let named = match serde_json::from_slice::<Value>(body) {
        Ok(json) => json["publicId"].as_str().map(str::to_owned),
        Err(_) => Parameters::parse(body)
            .ok()
            .and_then(|form| form.get("publicId").map(str::to_owned)),
    };
    let person = PEOPLE
        .iter()
        .find(|person| named.as_deref() == Some(person.public_id));
    person.map(|person| person.public_id).ok_or_else(nobody)
}
