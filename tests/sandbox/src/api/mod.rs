//! The API under `/v1.7/`: which call is where.

mod account_id;
mod accounts;
mod agent;
mod authorize;
mod body;
mod code_challenge;
mod contract;
mod create_storage;
mod delete_account;
mod delete_user;
mod discovery;
mod file;
mod import_library;
mod import_provider;
mod jwks;
mod pull_session;
mod query;
mod reference;
mod report;
mod revoke;
mod sample_data_sets;
mod token;
mod token_reference;
mod trigger;
mod user_storage;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};

use crate::state::Platform;

pub fn routes() -> Router<Arc<Platform>> {
    // Where a path names an account, it really holds the text h:accountId: a header tells which.
    Router::new()
        .route("/v1.7/jwks/oauth", get(jwks::jwks))
        .route("/v1.7/oauth/authorize", post(authorize::authorize))
        .route("/v1.7/oauth/token", post(token::token))
        .route(
            "/v1.7/oauth/token/reference",
            post(token_reference::reference),
        )
        .merge(discovery::routes())
        .route("/v1.7/export/medmij/report", get(report::report))
        .route("/v1.7/permission-access/accounts", get(accounts::accounts))
        .route("/v1.7/permission-access/contract", get(contract::contract))
        .route(
            "/v1.7/permission-access/import",
            post(import_library::import),
        )
        .route(
            "/v1.7/permission-access/import/h:accountId/{standard}/{version}",
            post(import_provider::import),
        )
        .route(
            "/v1.7/permission-access/query/{sessionKey}",
            get(query::query),
        )
        .route(
            "/v1.7/permission-access/query/{sessionKey}/{fileName}",
            get(file::read).head(file::head),
        )
        .route(
            "/v1.7/permission-access/revoke/h:accountId",
            get(revoke::revoke),
        )
        .route(
            "/v1.7/permission-access/sample/datasets/{sourceId}",
            get(sample_data_sets::sample_data_sets),
        )
        .route(
            "/v1.7/permission-access/service/h:accountId",
            delete(delete_account::delete),
        )
        .route("/v1.7/permission-access/trigger", post(trigger::trigger))
        .route("/v1.7/reference", post(reference::reference))
        .route(
            "/v1.7/storage",
            get(user_storage::storage).post(create_storage::create),
        )
        .route("/v1.7/user", delete(delete_user::delete))
}
