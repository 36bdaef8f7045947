//! `POST permission-access/import`: a file is added to the user's library.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::api::body::OctetStream;
use crate::clock;
use crate::contract::{Access, Contract};
use crate::error::ApiError;
use crate::jwt::Unverified;
use crate::signed::SignedForUser;
use crate::state::{Kind, Platform, Pushed};

pub async fn import(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
    headers: HeaderMap,
    OctetStream(content): OctetStream,
) -> Result<Json<Value>, ApiError> {
    caller.must_be(Access::Push)?;
    let file_descriptor = file_descriptor(&headers, &caller.contract)?;
    let mime_type = text(&file_descriptor["mimeType"])
        .ok_or_else(|| refused("metadata.mimeType must be a string that is not empty"))?
        .to_owned();
    check_accounts_and_labels(&file_descriptor)?;
    let pushed = Pushed::new(
        Kind::Library { file_descriptor },
        &caller.grant,
        mime_type,
        content,
        clock::now_ms(),
    );
    platform.memory().pushed.push(pushed);
    Ok(Json(json!({ "status": "delivered" })))
}

/// The metadata that the header's token carries, if the contract signed it.
fn file_descriptor(headers: &HeaderMap, contract: &Contract) -> Result<Value, ApiError> {
    let token = headers
        .get("FileDescriptor")
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| refused("is missing"))?;
    let mut claims = Unverified::parse(token)
        .and_then(|unverified| unverified.verify(&contract.verifying))
        .map_err(|error| refused(&error.to_string()))?;
    claims
        .remove("metadata")
        .filter(Value::is_object)
        .ok_or_else(|| refused("must claim metadata, an object"))
}

fn check_accounts_and_labels(metadata: &Value) -> Result<(), ApiError> {
    let accounts = metadata["accounts"]
        .as_array()
        .ok_or_else(|| refused("metadata.accounts must be an array"))?;
    if !accounts
        .iter()
        .all(|account| text(&account["accountId"]).is_some())
    {
        return Err(refused(
            "metadata.accounts must be objects with an accountId",
        ));
    }
    for member in ["reference", "tags"] {
        let valid = match metadata.get(member) {
            None => true,
            Some(Value::Array(texts)) => texts.iter().all(Value::is_string),
            Some(_) => false,
        };
        if !valid {
            return Err(refused(&format!(
                "metadata.{member} must be an array of strings"
            )));
        }
    }
    Ok(())
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

fn refused(reason: &str) -> ApiError {
    ApiError::validation(format!("The header FileDescriptor {reason}"))
}
