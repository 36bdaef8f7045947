//! `/apps/saas/onboard`: a user of an application adds an account.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::response::Response;

use crate::pages::consent::{Answer, Consent, Link};
use crate::pages::{Decision, Problem, code};
use crate::state::Platform;

pub const PATH: &str = "/apps/saas/onboard";

/// Shows the page.
pub async fn ask(
    State(platform): State<Arc<Platform>>,
    link: Result<Query<Link>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(link) = link?;
    let visit = code::look(&platform.memory().visits, &link.code)?;
    Ok(Consent::new(&platform, &visit.contract, PATH, &link)?.shown())
}

/// Takes the answer and sends the person back to the application.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    answer: Result<Form<Answer>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(answer) = answer?;
    let (link, decision) = answer.split();
    let visit = code::look(&platform.memory().visits, &link.code)?;
    if decision == Decision::Decline {
        let declined = code::spend(&mut platform.memory().visits, &link.code)?;
        return Ok(declined.callback.cancel());
    }
    let consent = Consent::new(&platform, &visit.contract, PATH, &link)?;
    let Some(source) = consent.chosen else {
        return Ok(consent.asked_again());
    };
    let visit = code::spend(&mut platform.memory().visits, &link.code)?;
    let reference = platform.connect(&visit.user_id, source, link.source_type, link.is_sample());
    platform.start_session(&visit.contract.id, &visit.user_id, visit.session);
    Ok(visit.callback.succeed(&[("accountReference", &reference)]))
}
