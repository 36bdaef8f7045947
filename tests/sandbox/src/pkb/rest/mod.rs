//! The REST API under `/json/`: which call is where, and how it refuses.

mod error;
mod measurements;
mod one_time_password;
mod users_self;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub use error::RestError;

use crate::pkb::state::Pkb;

pub fn routes() -> Router<Arc<Pkb>> {
    Router::new()
        .route("/json/users/self", get(users_self::users_self))
        .route("/json/v1/measurements", post(measurements::write))
        .route("/json/v2-beta/measurements", get(measurements::list))
        .route(
            "/json/v2-beta/measurements/apiRefs",
            get(measurements::kinds),
        )
        .route(
            "/json/_sandbox/one-time-password",
            post(one_time_password::one_time_password),
        )
}
