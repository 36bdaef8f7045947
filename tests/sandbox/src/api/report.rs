//! `GET export/medmij/report`: which `MedMij` accounts a user has, and what was sent through them, as XML.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::error::ApiError;
use crate::signed::SignedForUser;
use crate::sources::MEDMIJ;
use crate::state::{Account, Kind, Platform, Pushed};

/// A bound in seconds may be left out.
#[derive(Deserialize)]
pub struct Range {
    format: String,
    from: Option<u64>,
    to: Option<u64>,
}

impl Range {
    fn holds(&self, milliseconds: u64) -> bool {
        let seconds = milliseconds / 1000;
        self.from.is_none_or(|from| from <= seconds) && self.to.is_none_or(|to| seconds <= to)
    }
}

#[derive(Template)]
#[template(path = "report.xml")]
struct Report<'a> {
    user_id: &'a str,
    range: &'a Range,
    accounts: Vec<&'a Account>,
    sent: Vec<Sent<'a>>,
}

struct Sent<'a> {
    account_id: &'a str,
    at: u64,
    size: usize,
}

impl<'a> Sent<'a> {
    fn of(pushed: &'a Pushed) -> Option<Self> {
        let Kind::Provider { account_id, .. } = &pushed.kind else {
            return None;
        };
        Some(Self {
            account_id,
            at: pushed.received_at / 1000,
            size: pushed.size,
        })
    }
}

pub async fn report(
    State(platform): State<Arc<Platform>>,
    caller: SignedForUser,
    range: Result<Query<Range>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(range) =
        range.map_err(|_| ApiError::validation("from and to must be whole seconds"))?;
    if range.format != "xml" {
        return Err(ApiError::validation("format must be xml"));
    }
    let user_id = &caller.grant.user_id;
    let memory = platform.memory();
    let accounts = memory.users.get(user_id).map(|user| &user.accounts);
    let report = Report {
        user_id,
        range: &range,
        accounts: accounts
            .into_iter()
            .flatten()
            .filter(|account| account.service_type_reference == MEDMIJ)
            .collect(),
        sent: memory
            .pushed
            .iter()
            .filter(|pushed| pushed.user_id == *user_id && range.holds(pushed.received_at))
            .filter_map(Sent::of)
            .collect(),
    };
    let report = report
        .render()
        .map_err(|_| ApiError::internal("The report cannot be written"))?;
    Ok(([(CONTENT_TYPE, "application/xml")], report).into_response())
}
