//! The front page: what the sandbox is, and what a client must be told to use either platform.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::addresses::Addresses;
use crate::config::Pace;
use crate::contract::Contract;
use crate::pages::page;
use crate::pkb::{PEOPLE, Person, Pkb};
use crate::sources::Source;
use crate::state::Platform;

#[derive(Template)]
#[template(path = "front.html")]
struct Front<'a> {
    addresses: &'a Addresses,
    application_id: &'a str,
    contracts: [(&'static str, &'a Contract); 2],
    pace: Pace,
    sources: &'a [Source],
    pushed: usize,
    pkb: &'a Pkb,
    people: &'static [Person],
}

pub async fn front(State(platform): State<Arc<Platform>>) -> Response {
    let config = &platform.config;
    page(
        StatusCode::OK,
        &Front {
            addresses: &platform.addresses,
            application_id: &config.application_id,
            contracts: [("Push", &config.push), ("Read", &config.read)],
            pace: config.pace,
            sources: config.sources.listed(),
            pushed: platform.memory().pushed.len(),
            pkb: &platform.pkb,
            people: &PEOPLE,
        },
    )
}
