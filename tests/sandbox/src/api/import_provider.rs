//! `POST permission-access/import/h:accountId/{standard}/{version}`: FHIR is pushed through an account to its provider.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::api::account_id::account_id;
use crate::api::body::JsonObject;
use crate::clock;
use crate::contract::Access;
use crate::error::ApiError;
use crate::fhir;
use crate::signed::SignedForUser;
use crate::state::{Account, Kind, Platform, Pushed};

pub async fn import(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
    Path((standard, version)): Path<(String, String)>,
    headers: HeaderMap,
    JsonObject { value: body, bytes }: JsonObject,
) -> Result<Response, ApiError> {
    caller.must_be(Access::Push)?;
    if standard != "fhir" || !matches!(version.as_str(), "stu3" | "3.0.2") {
        return Err(ApiError::validation(
            "The standard must be fhir and its version stu3 or 3.0.2",
        ));
    }
    let account_id = account_id(&headers)?.to_owned();
    let mut memory = platform.memory();
    let account = memory
        .account(&caller.grant.user_id, &account_id)
        .filter(|account| account.kind == Account::PUSH)
        .ok_or_else(|| ApiError::not_found("The user has no account of this id that takes data"))?;
    if !account.access_token_status.authorized {
        return Err(ApiError::service_authorization());
    }
    fhir::check(&body).map_err(|violation| ApiError::validation(violation.to_string()))?;
    let kind = Kind::Provider {
        account_id,
        standard,
        version,
    };
    let pushed = Pushed::new(
        kind,
        &caller.grant,
        "application/json".to_owned(),
        bytes,
        clock::now_ms(),
    );
    memory.pushed.push(pushed);
    drop(memory);
    let status = if body["resourceType"] == "Bundle" {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(fhir::answer(body))).into_response())
}
