//! `GET permission-access/revoke/h:accountId`: where a user takes back what a `MedMij` source has permitted.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::api::account_id::account_id;
use crate::clock;
use crate::error::ApiError;
use crate::pages;
use crate::signed::SignedForUser;
use crate::sources::MEDMIJ;
use crate::state::{Platform, Revocation};

pub async fn revoke(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let account_id = account_id(&headers)?;
    let redirect_uri = headers
        .get("redirectUri")
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| ApiError::validation("The header redirectUri is missing"))?;
    let redirect_uri = caller.contract.callback(redirect_uri)?;
    let mut memory = platform.memory();
    let account = memory
        .account(&caller.grant.user_id, account_id)
        .ok_or_else(ApiError::account_not_found)?;
    if account.service_type_reference != MEDMIJ {
        return Err(ApiError::validation(
            "Only the permission of a MedMij account can be taken back",
        ));
    }
    let revocation = Revocation {
        contract: Arc::clone(&caller.contract),
        user_id: caller.grant.user_id.clone(),
        account_id: account_id.to_owned(),
        redirect_uri,
    };
    let expires_at = clock::now_ms() + platform.config.lifetimes.code_ms();
    let code = memory.revocations.issue(revocation, expires_at);
    let location = format!("{}{}?code={code}", platform.addresses.origin, pages::REVOKE);
    Ok(Json(json!({ "location": location })))
}
