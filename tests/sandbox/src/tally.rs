//! Counts every request by route and outcome, so that tests can tell how often a client refreshed.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::error::X_ERROR_CODE;
use crate::route;
use crate::state::{Outcome, Platform};

/// What `oauth/token` was asked for: the handler leaves it on its response.
#[derive(Clone)]
pub struct GrantType(pub String);

pub async fn tally(
    State(platform): State<Arc<Platform>>,
    request: Request,
    next: Next,
) -> Response {
    let route = route::name(&request);
    let response = next.run(request).await;
    if let Some(route) = route {
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
