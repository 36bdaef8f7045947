//! The calls under `discovery/`: what the platform offers, to be searched.

mod categories;
mod countries;
mod directory;
mod platforms;
mod query;
mod sources;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;

use crate::state::Platform;

pub fn routes() -> Router<Arc<Platform>> {
    Router::new()
        .route("/v1.7/discovery/categories", post(categories::categories))
        .route("/v1.7/discovery/countries", post(countries::countries))
        .route("/v1.7/discovery/platforms", post(platforms::platforms))
        .route("/v1.7/discovery/sources", post(sources::sources))
}
