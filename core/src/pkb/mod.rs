//! Patients Know Best: a file for each call, named after it, beside the shapes and steps that several of them share.

mod access;
mod actor;
mod api_response;
mod callback_url;
mod client;
mod config;
mod endpoints;
mod failure;
mod hooks;
mod link;
mod link_making;
mod linking;
mod national_id;
mod operation_outcome;
mod parameters;
mod purview;
mod redirect_uri;
mod refresh;
mod search_pages;
mod settings;
mod store_choice;
mod system_token;
mod token_endpoint;

/// What the bindings call this platform.
pub(crate) const PLATFORM: &str = "pkb";

pub use api_response::{ApiResponse, ResponseContent};
pub use client::Client;
pub use config::{ClientAuthentication, Config, Endpoints, Environment, HttpMethod, SystemClient};
pub use hooks::TokensChanged;
pub use link::{IssuedToken, Link};
pub use national_id::NationalId;
pub use parameters::Parameters;
pub use search_pages::{Page, SearchPages};
pub use store_choice::Store;

crate::operation::operations! {
    complete_link: CompleteLink,
    fhir_read: FhirRead,
    fhir_search: FhirSearch,
    find_links: FindLinks,
    get_access_token: GetAccessToken,
    get_current_user: GetCurrentUser,
    get_link: GetLink,
    get_link_url: GetLinkUrl,
    get_public_id: GetPublicId,
    get_system_token: GetSystemToken,
    request: Request,
    rotate_keys: RotateKeys,
    unlink: Unlink,
}
