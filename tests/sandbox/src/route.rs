//! What a call is named: its method, and its path as the router knows it.

use axum::extract::{MatchedPath, Request};

/// The name of a call, with the path as it was sent if the router knows none; `None` for the sandbox's own, which the
/// platforms do not have.
pub fn name(request: &Request) -> Option<String> {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| request.uri().path(), MatchedPath::as_str);
    // An operation of FHIR has one name, however its dollar sign is sent.
    (!path.starts_with("/_sandbox/"))
        .then(|| format!("{} {}", request.method(), path.replace("%24", "$")))
}
