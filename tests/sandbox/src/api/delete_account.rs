//! `DELETE permission-access/service/h:accountId`: an account is taken out of the user's library.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::api::account_id::account_id;
use crate::error::ApiError;
use crate::signed::SignedForUser;
use crate::state::Platform;

pub async fn delete(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let account_id = account_id(&headers)?;
    let mut memory = platform.memory();
    memory
        .account(&caller.grant.user_id, account_id)
        .ok_or_else(ApiError::account_not_found)?;
    let user = memory
        .users
        .entry(caller.grant.user_id.clone())
        .or_default();
    user.accounts.retain(|account| account.id != account_id);
    Ok(Json(json!({})))
}
