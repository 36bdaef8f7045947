//! The Messaging endpoint, FHIR STU3, which takes patients into the organisation and reads nothing.

mod joining;
mod process_message;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;

use crate::pkb::state::Pkb;

pub fn routes() -> Router<Arc<Pkb>> {
    let process_message = || post(process_message::process_message);
    Router::new()
        .route("/phr-fhir/Patient/$process-message", process_message())
        .route("/phr-fhir/Patient/%24process-message", process_message())
}
