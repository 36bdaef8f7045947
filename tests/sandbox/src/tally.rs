//! Counts every request by route and outcome, so that tests can tell how often a client refreshed.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::X_ERROR_CODE;
use crate::state::{Outcome, Platform};

/// What `oauth/token` was asked for: the handler leaves it on its response.
#[derive(Clone)]
pub struct GrantType(pub String);

pub async fn tally(
    State(platform): State<Arc<Platform>>,
    request: Request,
    next: Next,
) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let path = matched
        .map_or_else(|| request.uri().path(), MatchedPath::as_str)
        .to_owned();
    let route = format!("{} {path}", request.method());
    let response = next.run(request).await;
    if !path.starts_with("/_sandbox/") {
        let code = response
            .headers()
            .get(X_ERROR_CODE)
            .and_then(|code| code.to_str().ok());
        platform.memory().requests.add(Outcome {
            route,
            grant: response
                .extensions()
                .get::<GrantType>()
                .map(|grant| grant.0.clone()),
            status: response.status(),
            error: code.map(str::to_owned),
        });
    }
    response
}
