//! `otp.action`: a page of the platform's is opened with a one-time password, once.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;

use crate::pkb::parameters::Parameters;
use crate::pkb::problem::Problem;
use crate::pkb::state::Pkb;

pub async fn sign_in(
    State(pkb): State<Arc<Pkb>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let parameters = Parameters::parse(query.as_bytes())?;
    let page = parameters.get("redirect_uri").unwrap_or_default();
    if !page.starts_with('/') || page.starts_with("//") {
        return Err(Problem::refused("It names no page within the platform."));
    }
    let password = parameters.get("otpToken").unwrap_or_default();
    if pkb.memory().one_time_passwords.remove(password) {
        Ok(Problem::signed_in().shown())
    } else {
        Err(Problem::refused(
            "The one-time password is not one, or was used before.",
        ))
    }
}
