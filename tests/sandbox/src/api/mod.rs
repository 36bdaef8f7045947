//! The API under `/v1.7/`: which call is where.

mod accounts;
mod agent;
mod authorize;
mod body;
mod import_library;
mod import_provider;
mod jwks;
mod reference;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::state::Platform;

pub fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/v1.7/jwks/oauth", get(jwks::jwks))
        .route("/v1.7/oauth/authorize", post(authorize::authorize))
        .route("/v1.7/oauth/token", post(token::token))
        .route("/v1.7/permission-access/accounts", get(accounts::accounts))
        .route(
            "/v1.7/permission-access/import",
            post(import_library::import),
        )
        // The account is named by a header; the path really holds this text.
        .route(
            "/v1.7/permission-access/import/h:accountId/{standard}/{version}",
            post(import_provider::import),
        )
        .route("/v1.7/reference", post(reference::reference))
}
