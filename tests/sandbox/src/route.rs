//! What a call is named: its method and its path as the router knows it, after its surface, if that is at an address of its own.

use axum::extract::{MatchedPath, Request};

/// A surface that is at an address of its own, where paths are the same as elsewhere.
#[derive(Clone, Copy)]
pub struct Surface(pub &'static str);

/// The name of a call, with the path as it was sent if the router knows none; `None` for the sandbox's own, which the
/// platforms do not have.
pub fn name(request: &Request) -> Option<String> {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| request.uri().path(), MatchedPath::as_str);
    let surface = request.extensions().get::<Surface>();
    let surface = surface.map_or(String::new(), |surface| format!("{} ", surface.0));
    // An operation of FHIR has one name, however its dollar sign is sent.
    (!path.starts_with("/_sandbox/"))
        .then(|| format!("{surface}{} {}", request.method(), path.replace("%24", "$")))
}
