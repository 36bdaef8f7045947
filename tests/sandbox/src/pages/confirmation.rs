//! A page that asks one question and takes a yes or a no.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::contract::Contract;
use crate::pages::page;
use crate::state::{Account, Platform};

/// The question, and what its form is made of.
#[derive(Template)]
#[template(path = "confirmation.html")]
pub struct Confirmation<'a> {
    pub application_id: &'a str,
    pub contract_id: &'a str,
    pub account: Option<&'a Account>,
    pub question: &'static str,
    pub explanation: &'static str,
    /// What the button of the yes says.
    pub yes: &'static str,
    /// Where the form is sent.
    pub action: &'static str,
    pub code: &'a str,
    pub account_ref: Option<&'a str>,
}

impl<'a> Confirmation<'a> {
    /// What every such page has.
    pub fn of(platform: &'a Platform, contract: &'a Contract, code: &'a str) -> Self {
        Self {
            application_id: &platform.config.application_id,
            contract_id: &contract.id,
            account: None,
            question: "",
            explanation: "",
            yes: "",
            action: "",
            code,
            account_ref: None,
        }
    }

    pub fn shown(&self) -> Response {
        page(StatusCode::OK, self)
    }
}
