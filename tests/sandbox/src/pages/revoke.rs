//! `/apps/saas/revoke`: a user takes back the permission that a source has given through an account.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::callback::back;
use crate::pages::confirmation::Confirmation;
use crate::pages::{Decision, Problem, code};
use crate::state::Platform;

pub const PATH: &str = "/apps/saas/revoke";

const UNKNOWN_ACCOUNT: &str = "Its account was deleted.";

#[derive(Deserialize)]
pub struct Link {
    code: String,
}

#[derive(Deserialize)]
pub struct Answer {
    code: String,
    decision: Decision,
}

/// Shows the page.
pub async fn ask(
    State(platform): State<Arc<Platform>>,
    link: Result<Query<Link>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Link { code }) = link?;
    let revocation = code::look(&platform.memory().revocations, &code)?;
    let account = platform
        .memory()
        .account(&revocation.user_id, &revocation.account_id)
        .cloned()
        .ok_or_else(|| Problem::unusable_link(UNKNOWN_ACCOUNT))?;
    let page = Confirmation {
        account: Some(&account),
        question: "Take back your permission?",
        explanation: "Nothing is fetched from the account or sent to it until you log in again.",
        yes: "Take back",
        action: PATH,
        ..Confirmation::of(&platform, &revocation.contract, &code)
    };
    Ok(page.shown())
}

/// Takes the answer and sends the person back to the application.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    answer: Result<Form<Answer>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(Answer { code, decision }) = answer?;
    let mut memory = platform.memory();
    let revocation = code::spend(&mut memory.revocations, &code)?;
    if decision == Decision::Decline {
        let failed = [("result", "failed"), ("error_message", "USER_CANCEL")];
        return Ok(back(&revocation.redirect_uri, &failed));
    }
    memory
        .account(&revocation.user_id, &revocation.account_id)
        .ok_or_else(|| Problem::unusable_link(UNKNOWN_ACCOUNT))?
        .access_token_status
        .authorized = false;
    Ok(back(&revocation.redirect_uri, &[("result", "success")]))
}
