//! `/apps/saas/reauthorize`: a user logs in again at the source of an account.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::pages::confirmation::Confirmation;
use crate::pages::{Decision, Problem, code};
use crate::state::{Account, Platform, ReferenceKind, Visit};

pub const PATH: &str = "/apps/saas/reauthorize";

const UNKNOWN_ACCOUNT: &str = "It names an account that is not one of this person's.";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    code: String,
    account_ref: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    code: String,
    account_ref: String,
    decision: Decision,
}

/// Shows the page.
pub async fn ask(
    State(platform): State<Arc<Platform>>,
    link: Result<Query<Link>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Link { code, account_ref }) = link?;
    let visit = code::look(&platform.memory().visits, &code)?;
    let account = with_account(&platform, &visit, &account_ref, |account| account.clone())?;
    let page = Confirmation {
        account: Some(&account),
        question: "Log in again",
        explanation: "The source wants to know that it is still you. The sandbox asks for no password.",
        yes: "Log in",
        action: PATH,
        account_ref: Some(&account_ref),
        ..Confirmation::of(&platform, &visit.contract, &code)
    };
    Ok(page.shown())
}

/// Takes the answer and sends the person back to the application.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    answer: Result<Form<Answer>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(answer) = answer?;
    let visit = code::spend(&mut platform.memory().visits, &answer.code)?;
    if answer.decision == Decision::Decline {
        return Ok(visit.callback.cancel());
    }
    let reference = with_account(&platform, &visit, &answer.account_ref, |account| {
        account.access_token_status.authorized = true;
        account.reference.clone()
    })?;
    platform.start_session(&visit.contract.id, &visit.user_id, visit.session);
    Ok(visit.callback.succeed(&[("accountReference", &reference)]))
}

/// Does something with the account that a reference stands for.
fn with_account<T>(
    platform: &Platform,
    visit: &Visit,
    account_ref: &str,
    act: impl FnOnce(&mut Account) -> T,
) -> Result<T, Problem> {
    let mut memory = platform.memory();
    let account_id = memory
        .references
        .get(account_ref, ReferenceKind::AccountId, &visit.contract.id)
        .map(str::to_owned);
    account_id
        .and_then(|id| memory.account(&visit.user_id, &id))
        .map(act)
        .ok_or_else(|| Problem::unusable_link(UNKNOWN_ACCOUNT))
}
