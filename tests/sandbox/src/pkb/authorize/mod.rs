//! `/apiAuthorize.action`: somebody logs in, and approves or denies that an application acts for them.

mod page;
mod request;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use crate::callback::back;
use crate::clock;
use crate::pkb::authorize::page::{Page, Refused};
use crate::pkb::authorize::request::Request;
use crate::pkb::parameters::Parameters;
use crate::pkb::people::{self, Person};
use crate::pkb::problem::Problem;
use crate::pkb::state::{Approval, Denial, Pkb};

/// Shows the page.
pub async fn ask(
    State(pkb): State<Arc<Pkb>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let parameters = Parameters::parse(query.as_bytes())?;
    let request = Request::check(&pkb.config, &parameters)?;
    Ok(Page::new(&pkb.config, &request).shown())
}

/// Takes the answer, which carries all that the page was asked for.
pub async fn answer(State(pkb): State<Arc<Pkb>>, body: Bytes) -> Result<Response, Problem> {
    let form = Parameters::parse(&body)?;
    let request = Request::check(&pkb.config, &form)?;
    match form.get("decision") {
        Some("approve") => {}
        Some("deny") => return Ok(denied(&pkb, &request)),
        _ => return Err(Problem::incomplete_answer()),
    }
    let person = form
        .get("login")
        .zip(form.get("password"))
        .and_then(|(login, password)| people::log_in(login, password));
    let Some(person) = person else {
        return Ok(Page::new(&pkb.config, &request).shown_again(Refused::Login));
    };
    if !request.scope.is_none_or(|scope| scope.admits(person)) {
        return Ok(Page::new(&pkb.config, &request).shown_again(Refused::UserType));
    }
    Ok(approved(&pkb, &request, person))
}

fn approved(pkb: &Pkb, request: &Request, person: &'static Person) -> Response {
    let approval = Approval {
        person,
        scope: request.scope,
        redirect_uri: request.redirect_uri.to_owned(),
        redirect_uri_was_sent: request.redirect_uri_was_sent,
        code_challenge: request.code_challenge.map(str::to_owned),
    };
    let expires_at = clock::now_ms() + pkb.config.settings.code_ms();
    let code = pkb.memory().approved.issue(approval, expires_at);
    back_with(request, &[("code", &code)])
}

fn denied(pkb: &Pkb, request: &Request) -> Response {
    let denial = pkb.memory().modes.denial;
    match denial {
        Denial::Redirect => back_with(
            request,
            &[
                ("error", "access_denied"),
                ("error_description", "The user denied the request"),
            ],
        ),
        Denial::Page => Problem::denied().shown(),
    }
}

fn back_with(request: &Request, told: &[(&str, &str)]) -> Response {
    let mut told = told.to_vec();
    told.extend(request.state.map(|state| ("state", state)));
    back(&request.callback, &told)
}
