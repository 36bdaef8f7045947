//! `/apps/saas/user-reauth`: a user renews their consent, and the application gets a code for new tokens.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::pages::confirmation::Confirmation;
use crate::pages::{Decision, Problem, code};
use crate::state::{Approval, Platform};

pub const PATH: &str = "/apps/saas/user-reauth";

const WITHOUT_CHALLENGE: &str = "The application asked for it without a code challenge.";

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
    let visit = code::look(&platform.memory().visits, &code)?;
    if visit.code_challenge.is_none() {
        return Err(Problem::unusable_link(WITHOUT_CHALLENGE));
    }
    let page = Confirmation {
        question: "Do you still agree?",
        explanation: "The application keeps its access to what you have connected, as you once agreed.",
        yes: "Renew",
        action: PATH,
        ..Confirmation::of(&platform, &visit.contract, &code)
    };
    Ok(page.shown())
}

/// Takes the answer and sends the person back to the application.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    answer: Result<Form<Answer>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(Answer { code, decision }) = answer?;
    let visit = code::spend(&mut platform.memory().visits, &code)?;
    let Some(code_challenge) = visit.code_challenge else {
        return Err(Problem::unusable_link(WITHOUT_CHALLENGE));
    };
    if decision == Decision::Decline {
        return Ok(visit.callback.cancel());
    }
    platform.start_session(&visit.contract.id, &visit.user_id, visit.session);
    let code = platform.approve(Approval {
        contract_id: visit.contract.id.clone(),
        code_challenge,
        user_id: visit.user_id,
    });
    Ok(visit.callback.succeed(&[("code", &code)]))
}
