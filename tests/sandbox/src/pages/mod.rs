//! The pages that a person sees: which is where, and how one is sent.

mod authorize;
mod front;
mod logo;
mod problem;
mod pushed;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

pub use problem::Problem;

use crate::state::Platform;

pub fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/", get(front::front))
        .route(
            "/apps/saas/authorize",
            get(authorize::ask).post(authorize::answer),
        )
        .route("/pushed", get(pushed::list))
        .route("/pushed/{id}/content", get(pushed::content))
        .route("/sources/{id}/logo.svg", get(logo::logo))
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
