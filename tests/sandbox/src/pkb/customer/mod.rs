//! The Customer endpoint, FHIR R4: the customer system client stores and reads what it has, strict on syntax alone.

mod answer;
mod bundle;
mod entry;
mod interaction;
mod metadata;
mod single;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::pkb::state::Pkb;

pub fn routes() -> Router<Arc<Pkb>> {
    Router::new()
        .route("/fhir", post(bundle::bundle))
        .route("/fhir/", post(bundle::bundle))
        .route("/fhir/metadata", get(metadata::metadata))
        .route("/fhir/{type}", get(single::search).post(single::create))
        .route(
            "/fhir/{type}/{id}",
            get(single::read).put(single::update).delete(single::delete),
        )
        .route(
            "/fhir/{type}/{id}/_history/{version}",
            get(single::read_version),
        )
}
