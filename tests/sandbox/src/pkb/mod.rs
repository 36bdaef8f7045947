//! Patients Know Best, offline: the module map, and where its parts are.

mod addresses;
mod announcement;
mod authorize;
mod caller;
mod config;
mod control;
mod fhir;
mod html_errors;
mod join;
mod measurements;
mod messaging;
mod moment;
mod parameters;
mod people;
mod problem;
mod redirect_uri;
mod response_code;
mod rest;
mod scope;
mod sign_in;
mod state;
mod system_token;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub use addresses::PkbAddresses;
pub use announcement::{AnnouncedPerson, AnnouncedPkb, AnnouncedSystemClient, PersonKind};
pub use config::{PkbConfig, PkbFile, PkbSettings};
pub use people::{PEOPLE, Person};
pub use state::Pkb;

pub fn routes<S>(pkb: Arc<Pkb>) -> Router<S> {
    let html_errors = middleware::from_fn_with_state(Arc::clone(&pkb), html_errors::html_errors);
    Router::new()
        .route(PkbAddresses::TOKEN, post(token::token))
        .route(PkbAddresses::SYSTEM_TOKEN, post(system_token::token))
        .merge(fhir::routes())
        .merge(messaging::routes())
        .merge(rest::routes())
        .route_layer(html_errors)
        .route(
            PkbAddresses::AUTHORIZE,
            get(authorize::ask).post(authorize::answer),
        )
        .route(PkbAddresses::JOIN, get(join::join))
        .route("/join/{team}", get(join::join))
        .route("/otp.action", get(sign_in::sign_in))
        .merge(control::routes())
        .with_state(pkb)
}

/// The answer to a call that there is not; `None` if its path is not of Patients Know Best.
pub fn unknown(path: &str) -> Option<Response> {
    let is_below = |base: &str| {
        path.strip_prefix(base)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    if is_below(PkbAddresses::FHIR) || is_below(PkbAddresses::MESSAGING) {
        let text = "There is no such resource or interaction";
        Some(fhir::Outcome::not_supported(StatusCode::NOT_FOUND, text).into_response())
    } else if is_below(PkbAddresses::REST) {
        Some(rest::RestError::NotFound.into_response())
    } else {
        None
    }
}
