//! The page on which somebody is told who asks, logs in, and approves or denies.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::pages::page;
use crate::pkb::addresses::PkbAddresses;
use crate::pkb::authorize::request::Request;
use crate::pkb::config::PkbConfig;
use crate::pkb::people::{PEOPLE, Person};
use crate::pkb::scope::Scope;

#[derive(Template)]
#[template(path = "pkb/authorize.html")]
pub struct Page<'a> {
    client_id: &'a str,
    action: &'static str,
    request: &'a Request<'a>,
    people: &'static [Person],
    refused: Option<Refused>,
}

/// Why the page is shown again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Login,
    UserType,
}

impl<'a> Page<'a> {
    pub fn new(config: &'a PkbConfig, request: &'a Request) -> Self {
        Self {
            client_id: &config.client_id,
            action: PkbAddresses::AUTHORIZE,
            request,
            people: &PEOPLE,
            refused: None,
        }
    }

    pub fn shown(&self) -> Response {
        page(StatusCode::OK, self)
    }

    pub fn shown_again(mut self, refused: Refused) -> Response {
        self.refused = Some(refused);
        page(StatusCode::FORBIDDEN, &self)
    }
}
