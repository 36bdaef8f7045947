//! `/apps/saas/authorize`: somebody agrees that an application reads or pushes data, and becomes a user by it.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::response::Response;

use crate::pages::consent::{Answer, Consent, Link};
use crate::pages::{Decision, Problem, code};
use crate::random;
use crate::sources::Source;
use crate::state::{Approval, AuthorizationRequest, Platform, ReferenceKind};

pub const PATH: &str = "/apps/saas/authorize";

const UNKNOWN_STORAGE: &str = "It names a storage that the application did not refer to.";
const UNAVAILABLE_STORAGE: &str = "It names a storage that cannot become this person's.";

/// Shows the page.
pub async fn ask(
    State(platform): State<Arc<Platform>>,
    link: Result<Query<Link>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(link) = link?;
    let request = code::look(&platform.memory().requested, &link.code)?;
    storage_id(&platform, &request, &link)?;
    Ok(Consent::new(&platform, &request.contract, PATH, &link)?.shown())
}

/// Takes the answer and sends the person back to the application.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    answer: Result<Form<Answer>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(answer) = answer?;
    let (link, decision) = answer.split();
    let request = code::look(&platform.memory().requested, &link.code)?;
    if decision == Decision::Decline {
        let declined = code::spend(&mut platform.memory().requested, &link.code)?;
        return Ok(declined.callback.cancel());
    }
    let consent = Consent::new(&platform, &request.contract, PATH, &link)?;
    let Some(source) = consent.chosen else {
        return Ok(consent.asked_again());
    };
    let user_id = request.user_id.clone().unwrap_or_else(random::token);
    if let Some(id) = storage_id(&platform, &request, &link)?
        && !platform.memory().storages.give(&id, &user_id)
    {
        return Err(Problem::unusable_link(UNAVAILABLE_STORAGE));
    }
    let request = code::spend(&mut platform.memory().requested, &link.code)?;
    Ok(accept(&platform, request, user_id, source, &link))
}

/// The person becomes a user, gets the account, and takes a code back to the application.
fn accept(
    platform: &Platform,
    request: AuthorizationRequest,
    user_id: String,
    source: &Source,
    link: &Link,
) -> Response {
    let account_reference = platform.connect(&user_id, source, link.source_type, link.is_sample());
    platform.start_session(&request.contract.id, &user_id, request.session);
    let code = platform.approve(Approval {
        contract_id: request.contract.id.clone(),
        code_challenge: request.code_challenge,
        user_id,
    });
    request
        .callback
        .succeed(&[("code", &code), ("accountReference", &account_reference)])
}

/// The storage that the link refers to, if it does.
fn storage_id(
    platform: &Platform,
    request: &AuthorizationRequest,
    link: &Link,
) -> Result<Option<String>, Problem> {
    let Some(storage_ref) = &link.storage_ref else {
        return Ok(None);
    };
    let memory = platform.memory();
    memory
        .references
        .get(storage_ref, ReferenceKind::CloudId, &request.contract.id)
        .map(|id| Some(id.to_owned()))
        .ok_or_else(|| Problem::unusable_link(UNKNOWN_STORAGE))
}
