//! The consent page: a person is told who asks for what, chooses a source, and accepts or declines.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::contract::Access;
use crate::pages::{Problem, page};
use crate::sources::{Source, SourceType};
use crate::state::{Approval, AuthorizationRequest, Platform, ReferenceKind};
use crate::{clock, random};

const MALFORMED: &str = "A part of it is missing or is not what it should be.";
const CODE_NOT_OPEN: &str = "Its code is unknown, has expired or was used already.";
const UNKNOWN_STORAGE: &str = "It names a storage that the application did not refer to.";
const NOTHING_TO_CHOOSE: &str = "It asks a contract that reads data to push it.";

/// What the link carries; what else it may carry changes nothing here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    code: String,
    #[serde(default)]
    source_type: SourceType,
    service: Option<u32>,
    storage_ref: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    code: String,
    source_type: SourceType,
    source: Option<u32>,
    decision: Decision,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    Accept,
    Decline,
}

#[derive(Template)]
#[template(path = "consent.html")]
struct Consent<'a> {
    application_id: &'a str,
    contract_id: &'a str,
    access: Access,
    source_type: SourceType,
    code: &'a str,
    sources: Vec<&'a Source>,
    chosen: Option<&'a Source>,
    /// The person accepted without choosing.
    incomplete: bool,
}

impl<'a> Consent<'a> {
    /// The page with the source of this id chosen, if it is one of those offered.
    fn new(
        platform: &'a Platform,
        request: &'a AuthorizationRequest,
        code: &'a str,
        source_type: SourceType,
        chosen: Option<u32>,
    ) -> Result<Self, Problem> {
        let contract = &request.contract;
        let sources = platform
            .config
            .sources
            .offered(contract.access, source_type);
        if sources.is_empty() {
            return Err(Problem::unusable_link(NOTHING_TO_CHOOSE));
        }
        Ok(Self {
            application_id: &platform.config.application_id,
            contract_id: &contract.id,
            access: contract.access,
            source_type,
            code,
            chosen: sources
                .iter()
                .copied()
                .find(|source| Some(source.id) == chosen),
            sources,
            incomplete: false,
        })
    }

    fn is_checked(&self, source: &Source) -> bool {
        match self.chosen {
            Some(chosen) => chosen.id == source.id,
            None => self.sources.len() == 1,
        }
    }
}

/// Shows the page.
pub async fn ask(
    State(platform): State<Arc<Platform>>,
    link: Result<Query<Link>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(link) = link.map_err(|_| Problem::unusable_link(MALFORMED))?;
    let request = open_request(&platform, &link.code)?;
    if let Some(storage_ref) = &link.storage_ref {
        check_storage(&platform, &request, storage_ref)?;
    }
    let consent = Consent::new(
        &platform,
        &request,
        &link.code,
        link.source_type,
        link.service,
    )?;
    Ok(page(StatusCode::OK, &consent))
}

/// Takes the answer and sends the person back to the application.
pub async fn answer(
    State(platform): State<Arc<Platform>>,
    answer: Result<Form<Answer>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(answer) = answer.map_err(|_| Problem::unusable_link(MALFORMED))?;
    let request = open_request(&platform, &answer.code)?;
    let Decision::Accept = answer.decision else {
        spend(&platform, &answer.code)?;
        let cancelled = [
            ("success", "false"),
            ("errorCode", "USER_CANCEL"),
            ("state", &request.state),
        ];
        return Ok(back(&request, &cancelled));
    };
    let mut consent = Consent::new(
        &platform,
        &request,
        &answer.code,
        answer.source_type,
        answer.source,
    )?;
    let Some(source) = consent.chosen else {
        consent.incomplete = true;
        return Ok(page(StatusCode::BAD_REQUEST, &consent));
    };
    spend(&platform, &answer.code)?;
    Ok(accept(&platform, &request, source, answer.source_type))
}

/// The person becomes a user, gets the account, and takes a code back to the application.
fn accept(
    platform: &Platform,
    request: &AuthorizationRequest,
    source: &Source,
    source_type: SourceType,
) -> Response {
    let now = clock::now_ms();
    let user_id = request.user_id.clone().unwrap_or_else(random::token);
    let mut memory = platform.memory();
    let user = memory.users.entry(user_id.clone()).or_default();
    let account = user.connect(source, source_type, &platform.addresses, now);
    let account_reference = account.reference.clone();
    let approval = Approval {
        contract_id: request.contract.id.clone(),
        code_challenge: request.code_challenge.clone(),
        user_id,
    };
    let code = memory
        .approved
        .issue(approval, now + platform.config.lifetimes.code_ms());
    back(
        request,
        &[
            ("success", "true"),
            ("state", &request.state),
            ("code", &code),
            ("accountReference", &account_reference),
        ],
    )
}

fn open_request(platform: &Platform, code: &str) -> Result<AuthorizationRequest, Problem> {
    let memory = platform.memory();
    let request = memory.requested.look(code, clock::now_ms());
    request
        .cloned()
        .ok_or_else(|| Problem::unusable_link(CODE_NOT_OPEN))
}

fn spend(platform: &Platform, code: &str) -> Result<(), Problem> {
    let spent = platform.memory().requested.spend(code, clock::now_ms());
    spent
        .map(drop)
        .ok_or_else(|| Problem::unusable_link(CODE_NOT_OPEN))
}

fn check_storage(
    platform: &Platform,
    request: &AuthorizationRequest,
    storage_ref: &str,
) -> Result<(), Problem> {
    let memory = platform.memory();
    memory
        .references
        .get(storage_ref)
        .filter(|reference| {
            reference.kind == ReferenceKind::CloudId && reference.contract_id == request.contract.id
        })
        .map(drop)
        .ok_or_else(|| Problem::unusable_link(UNKNOWN_STORAGE))
}

/// Sends the person back to the application, with these parameters after those that the address has.
fn back(request: &AuthorizationRequest, parameters: &[(&str, &str)]) -> Response {
    let mut url = request.redirect_uri.clone();
    url.query_pairs_mut().extend_pairs(parameters);
    Redirect::to(url.as_str()).into_response()
}
