//! Says on every answer of the API and the storage what the platform has to say about the version of the SDK, as a test has asked for.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::addresses::Addresses;
use crate::state::Platform;

const STATUS: HeaderName = HeaderName::from_static("x-digi-sdk-status");
const MESSAGE: HeaderName = HeaderName::from_static("x-digi-sdk-status-message");

pub async fn notice(
    State(platform): State<Arc<Platform>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_told = [Addresses::API, Addresses::CLOUD]
        .iter()
        .any(|begin| path.starts_with(begin));
    let mut response = next.run(request).await;
    if !is_told {
        return response;
    }
    let notice = platform.memory().notice.clone();
    for (name, said) in [(STATUS, notice.status), (MESSAGE, notice.message)] {
        if let Some(value) = said.and_then(|said| HeaderValue::try_from(said).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
