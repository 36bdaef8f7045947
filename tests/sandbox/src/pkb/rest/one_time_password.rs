//! A one-time password for the caller. Where the platform gives them is not published: this path is the sandbox's own.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::pkb::caller::Caller;
use crate::pkb::rest::RestError;
use crate::pkb::state::Pkb;
use crate::random;

pub async fn one_time_password(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
) -> Result<Json<Value>, RestError> {
    Caller::of(&pkb, &headers)?.person()?;
    let password = random::token();
    let mut memory = pkb.memory();
    memory.one_time_passwords.insert(password.clone());
    Ok(Json(json!({ "password": password })))
}
