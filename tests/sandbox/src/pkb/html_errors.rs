//! The mode in which errors are answered as pages, as web applications do.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::pkb::problem::Problem;
use crate::pkb::state::Pkb;

pub async fn html_errors(State(pkb): State<Arc<Pkb>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if failed && pkb.memory().modes.html_errors {
        Problem::of(status).shown()
    } else {
        response
    }
}
