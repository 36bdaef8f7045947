//! The pages that a person sees: which is where, and how one is sent.

mod authorize;
mod code;
mod confirmation;
mod consent;
mod front;
mod logo;
mod onboard;
mod problem;
mod pushed;
mod reauthorize;
mod revoke;
mod user_reauth;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

pub use problem::Problem;
pub use revoke::PATH as REVOKE;
use serde::Deserialize;

use crate::state::Platform;

/// Which button of a page was pressed.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    Accept,
    Decline,
}

pub fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/", get(front::front))
        .route(authorize::PATH, get(authorize::ask).post(authorize::answer))
        .route(onboard::PATH, get(onboard::ask).post(onboard::answer))
        .route(
            reauthorize::PATH,
            get(reauthorize::ask).post(reauthorize::answer),
        )
        .route(revoke::PATH, get(revoke::ask).post(revoke::answer))
        .route(
            user_reauth::PATH,
            get(user_reauth::ask).post(user_reauth::answer),
        )
        .route("/pushed", get(pushed::list))
        .route("/pushed/{id}/content", get(pushed::content))
        .route("/sources/{id}/logo.svg", get(logo::logo))
}

pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
