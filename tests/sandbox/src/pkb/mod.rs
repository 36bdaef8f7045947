//! Patients Know Best, offline: the module map, and where its parts are.

mod addresses;
mod aggregated;
mod announcement;
mod authorize;
mod caller;
mod config;
mod control;
mod customer;
mod customer_token;
mod date_bound;
mod fhir;
mod html_errors;
mod join;
mod joined;
mod last_change;
mod measurements;
mod messaging;
mod moment;
mod parameters;
mod people;
mod privacy;
mod problem;
mod r4;
mod redirect_uri;
mod response_code;
mod rest;
mod scope;
mod sign_in;
mod state;
mod subject;
mod system_token;
mod teams;
mod token;
mod upstream;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub use addresses::{CustomerAddresses, PkbAddresses};
pub use announcement::{
    AnnouncedCustomerClient, AnnouncedPerson, AnnouncedPkb, AnnouncedSystemClient, PersonKind,
};
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

/// Where the customer system client gets its tokens.
pub fn customer_token_routes<S>(pkb: Arc<Pkb>) -> Router<S> {
    let html_errors = middleware::from_fn_with_state(Arc::clone(&pkb), html_errors::html_errors);
    Router::new()
        .route(CustomerAddresses::TOKEN, post(customer_token::token))
        .route_layer(html_errors)
        .with_state(pkb)
}

/// The Aggregated endpoint.
pub fn aggregated_routes<S: Clone + Send + Sync + 'static>(pkb: Arc<Pkb>) -> Router<S> {
    r4_routes(aggregated::routes(), pkb)
}

/// The Customer endpoint.
pub fn customer_routes<S: Clone + Send + Sync + 'static>(pkb: Arc<Pkb>) -> Router<S> {
    r4_routes(customer::routes(), pkb)
}

fn r4_routes<S: Clone + Send + Sync + 'static>(
    routes: Router<Arc<Pkb>>,
    pkb: Arc<Pkb>,
) -> Router<S> {
    let html_errors = middleware::from_fn_with_state(Arc::clone(&pkb), html_errors::html_errors);
    routes
        .route_layer(html_errors)
        .with_state(pkb)
        .fallback(unknown_r4)
        .method_not_allowed_fallback(not_allowed_r4)
}

async fn unknown_r4() -> fhir::Outcome {
    let text = "There is no such resource or interaction";
    fhir::Outcome::not_supported(StatusCode::NOT_FOUND, text)
}

async fn not_allowed_r4() -> fhir::Outcome {
    let text = "There is no such interaction";
    fhir::Outcome::not_supported(StatusCode::METHOD_NOT_ALLOWED, text)
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
