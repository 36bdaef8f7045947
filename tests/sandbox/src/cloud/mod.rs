//! The cloud under `/cloud/v1/`, where an application keeps files for its users: which call is where.

mod bearer;
mod delete;
mod error;
mod place;
mod read;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

pub use bearer::key_id;
pub use error::CloudError;

use crate::state::Platform;

pub fn routes() -> Router<Arc<Platform>> {
    let calls = || get(read::read).post(upload::upload).delete(delete::delete);
    Router::new()
        .route(
            "/cloud/v1/clouds/{storageId}/files/apps/{applicationId}/",
            calls(),
        )
        .route(
            "/cloud/v1/clouds/{storageId}/files/apps/{applicationId}/{*path}",
            calls(),
        )
}
