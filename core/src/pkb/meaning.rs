//! What an answer of PKB's means: a success, a token that has expired, a session that is over, or a refusal.

use std::fmt::Display;

use http::StatusCode;
use serde_json::Value as Json;

use super::fhir::operation_outcome::{code, issues, outcome};
use super::{Client, Failure, FhirFailure, Refusal, Surface};
use crate::http::{Response, failed_response};
use crate::{Document, Error};

/// What an answer means.
pub(super) enum Meaning {
    Success(Response),
    /// A new access token may cure it.
    TokenExpired(Error),
    /// No token will: PKB's code says so.
    SessionOver(String),
    Refused(Error),
}

/// The codes that say that the session is over.
const SESSION_OVER: [&str; 2] = ["API_SESSION_EXPIRED", SESSION_INVALID];
pub(super) const SESSION_INVALID: &str = "API_SESSION_INVALID";

/// Whether a code says that the session is over.
pub(super) fn ends_session(code: &str) -> bool {
    SESSION_OVER.contains(&code)
}

/// Reads an answer to a call with an access token.
pub(super) fn meaning(client: &Client, response: Response, label: &str) -> Meaning {
    if response.status.is_success() {
        return Meaning::Success(response);
    }
    let code = code(&response);
    match code.as_deref() {
        Some(code) if ends_session(code) => Meaning::SessionOver(code.to_owned()),
        Some("ACC_TOKEN_EXPIRED") => Meaning::TokenExpired(refusal(client, &response, code, label)),
        // Where PKB says nothing, HTTP says that other credentials may do.
        None if response.status == StatusCode::UNAUTHORIZED => {
            Meaning::TokenExpired(refusal(client, &response, code, label))
        }
        _ => Meaning::Refused(refusal(client, &response, code, label)),
    }
}

/// Whether PKB refuses the token that is not a patient's, and not what was asked with it.
pub(super) fn refuses_token(response: &Response) -> bool {
    let is_about_it = |code: &str| {
        ends_session(code) || matches!(code, "ACC_TOKEN_EXPIRED" | "BAD_AUTHENTICATION")
    };
    response.status == StatusCode::UNAUTHORIZED
        || response.status.is_client_error()
            && code(response).is_some_and(|code| is_about_it(&code))
}

/// The answer to a call with a token that is not a patient's, if it is a success.
pub(super) fn check(client: &Client, response: Response, label: &str) -> Result<Response, Error> {
    if response.status.is_success() {
        return Ok(response);
    }
    let code = code(&response);
    Err(refusal(client, &response, code, label))
}

/// The error of a success that does not say what it should; `said` is what it says, or lacks, and what to do.
pub(super) fn makes_no_sense(response: &Response, said: impl Display) -> Error {
    let (request, status) = (&response.asked, response.status.as_u16());
    Failure::Refused(Refusal {
        status_code: Some(status),
        ..Refusal::new(format!("{request}: PKB's answer (status {status}) {said}"))
    })
    .into()
}

fn refusal(client: &Client, response: &Response, code: Option<String>, label: &str) -> Error {
    said(client, response, code, label).retrying_after(response.retry_after)
}

fn said(client: &Client, response: &Response, code: Option<String>, label: &str) -> Error {
    let status_code = response.status.as_u16();
    let said = match &code {
        Some(code) => {
            let code = response.asked.said(code);
            format!("{label}: PKB refused it with {code} (status {status_code})")
        }
        None => format!("{label}: PKB refused it with status {status_code}"),
    };
    let is_of_fhir = || {
        let address = response.asked.address();
        let surface =
            address.and_then(|address| client.settings().endpoints.apis.surface_of(address));
        surface.is_some_and(Surface::is_of_fhir)
    };
    let outcome = outcome(response);
    // PKB tries to send an outcome, and does not always.
    if outcome.is_some() || (code.is_some() && is_of_fhir()) {
        let failure = FhirFailure {
            message: said,
            status_code,
            pkb_code: code,
            issues: outcome.as_ref().map(issues).unwrap_or_default(),
            operation_outcome: outcome.unwrap_or_else(|| Document::from(Json::Null)),
        };
        return Failure::Fhir(Box::new(failure)).into();
    }
    match code {
        Some(code) => Failure::Refused(Refusal {
            message: said,
            pkb_code: Some(code),
            status_code: Some(status_code),
        })
        .into(),
        None => failed_response(response),
    }
}
