//! How the body of a request for tokens is admitted.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::pkb::parameters::Parameters;
use crate::pkb::token::TokenError;

const FORM: &str = "application/x-www-form-urlencoded";

/// That a client asks for a token of its own.
pub fn client_credentials(form: &Parameters) -> Result<(), TokenError> {
    match form.get("grant_type") {
        Some("client_credentials") => Ok(()),
        Some(_) => Err(TokenError::unsupported_grant_type(
            "grant_type must be client_credentials",
        )),
        None => Err(TokenError::invalid_request("grant_type is missing")),
    }
}

/// The parameters of a form.
pub fn form<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<Parameters<'a>, TokenError> {
    let sent = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = sent.and_then(|sent| sent.split(';').next()).map(str::trim);
    if !essence.is_some_and(|essence| essence.eq_ignore_ascii_case(FORM)) {
        return Err(TokenError::invalid_request(
            "The header Content-Type must be application/x-www-form-urlencoded",
        ));
    }
    Parameters::parse(body).map_err(|_| TokenError::invalid_request("A parameter is there twice"))
}
