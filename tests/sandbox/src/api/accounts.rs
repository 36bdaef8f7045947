//! `GET permission-access/accounts`: the user's accounts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::signed::SignedForUser;
use crate::state::{Account, Platform};

pub async fn accounts(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
) -> Json<Vec<Account>> {
    let mut memory = platform.memory();
    Json(
        memory
            .users
            .entry(caller.grant.user_id.clone())
            .or_default()
            .accounts
            .clone(),
    )
}
