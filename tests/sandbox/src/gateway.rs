//! What a gateway before the sandbox tells of the request that it passes on: at which origin it came in.

use axum::http::HeaderMap;
use axum::http::header::HOST;

/// The origin, if there is a gateway: it leaves the host as it is, and adds the scheme.
pub fn origin(headers: &HeaderMap) -> Option<String> {
    let scheme = headers.get("x-forwarded-proto")?.to_str().ok()?;
    let host = headers.get(HOST)?.to_str().ok()?;
    Some(format!("{scheme}://{host}"))
}
