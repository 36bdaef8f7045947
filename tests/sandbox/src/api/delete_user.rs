//! `DELETE user`: the user, their library, storage and tokens are gone.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::signed::SignedForUser;
use crate::state::Platform;

pub async fn delete(State(platform): State<Arc<Platform>>, caller: SignedForUser) -> StatusCode {
    let user_id = &caller.grant.user_id;
    let mut memory = platform.memory();
    memory.users.remove(user_id);
    memory.tokens.forget(user_id);
    memory.sessions.forget(user_id);
    memory.storages.forget(user_id);
    StatusCode::NO_CONTENT
}
