//! The Aggregated endpoint, FHIR R4: what all sources know of a patient, to be read alone.

mod address;
mod dress;
mod included;
mod metadata;
mod needed;
mod patient;
mod read;
mod search;
mod seeds;
mod shown;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

pub use needed::is_aggregated;

use crate::pkb::state::Pkb;

pub fn routes() -> Router<Arc<Pkb>> {
    Router::new()
        .route("/fhir/metadata", get(metadata::metadata))
        .route("/fhir/{type}", get(search::search))
        .route("/fhir/{type}/{id}", get(read::read))
}
