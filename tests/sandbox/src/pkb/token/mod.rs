//! `POST apiToken.action`: a code or a refresh token is exchanged for tokens.

mod client;
mod code;
mod error;
mod form;
mod refresh;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub use client::{basic, in_body};
pub use error::TokenError;
pub use form::{client_credentials, form};

use crate::pkb::state::{Issued, Modes, Pkb};

/// What every answer that may hold a token says of itself (RFC 6749 section 5.1).
pub const NOT_KEPT: [(axum::http::HeaderName, &str); 2] =
    [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];

pub async fn token(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, TokenError> {
    let form = form(&headers, &body)?;
    let modes = pkb.memory().modes;
    client::authenticate(&pkb.config, modes.client_authentication, &headers, &form)?;
    let issued = match form.get("grant_type") {
        Some("authorization_code") => code::exchange(&pkb, &form)?,
        Some("refresh_token") => refresh::refresh(&pkb, &form)?,
        Some(_) => {
            return Err(TokenError::unsupported_grant_type(
                "grant_type must be authorization_code or refresh_token",
            ));
        }
        None => return Err(TokenError::invalid_request("grant_type is missing")),
    };
    Ok(answer(modes, &issued))
}

fn answer(modes: Modes, issued: &Issued) -> Response {
    let mut told = json!({
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
    });
    if modes.expires_in_as_string {
        told["expires_in"] = issued.expires_in.to_string().into();
    }
    if let Some(refresh_token) = &issued.refresh_token
        && !modes.omit_refresh_token
    {
        told["refresh_token"] = refresh_token.as_str().into();
    }
    if let Some(scope) = issued.scope
        && !modes.omit_scope
    {
        told["scope"] = scope.name().into();
    }
    (NOT_KEPT, Json(told)).into_response()
}
