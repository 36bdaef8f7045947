//! What a call is named: its method, and its path as the router knows it.

use axum::extract::{MatchedPath, Request};

/// The name of a call, with the path as it was sent if the router knows none; `None` for the sandbox's own, which the platform does not have.
pub fn name(request: &Request) -> Option<String> {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| request.uri().path(), MatchedPath::as_str);
    (!path.starts_with("/_sandbox/")).then(|| format!("{} {path}", request.method()))
}
