//! How a client shows who it is.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::{Engine, engine::general_purpose::STANDARD};
use url::form_urlencoded;

use crate::pkb::config::PkbConfig;
use crate::pkb::parameters::Parameters;
use crate::pkb::state::ClientAuthentication;
use crate::pkb::token::TokenError;

/// Refuses whoever is not the user client.
pub fn authenticate(
    config: &PkbConfig,
    mode: ClientAuthentication,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<(), TokenError> {
    let client_id = form.get("client_id");
    if let ClientAuthentication::Basic = mode {
        let (id, secret) = basic(headers).ok_or_else(|| {
            TokenError::invalid_client(
                "The header Authorization must be Basic, with client id and secret",
            )
        })?;
        if client_id.is_some_and(|client_id| client_id != id) {
            return Err(TokenError::invalid_client(
                "client_id is not that of the header Authorization",
            ));
        }
        return known(id == config.client_id && secret == config.client_secret);
    }
    let client_id = client_id.ok_or_else(|| TokenError::invalid_request("client_id is missing"))?;
    known(client_id == config.client_id)?;
    match mode {
        ClientAuthentication::Body => {
            let secret = form
                .get("client_secret")
                .ok_or_else(|| TokenError::invalid_client("client_secret is missing"))?;
            known(secret == config.client_secret)
        }
        ClientAuthentication::None | ClientAuthentication::Basic => Ok(()),
    }
}

fn known(known: bool) -> Result<(), TokenError> {
    known.then_some(()).ok_or_else(|| {
        TokenError::invalid_client("There is no such client, or its secret is another")
    })
}

/// Client id and secret of the header `Authorization`, each encoded as in a form (RFC 6749 section 2.3.1).
pub fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    let (id, secret) = credentials.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

/// Client id and secret of a form.
pub fn in_body(form: &Parameters) -> Option<(String, String)> {
    let (id, secret) = form.get("client_id").zip(form.get("client_secret"))?;
    Some((id.to_owned(), secret.to_owned()))
}

fn decoded(text: &str) -> String {
    form_urlencoded::parse(text.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}
