//! Patients Know Best: its calls, and the rooms of what they stand on.

mod actor;
mod api_response;
pub(crate) mod calls;
mod client;
mod config;
pub(crate) mod failure;
mod fhir;
mod keeping;
mod linking;
mod manners;
mod meaning;
mod query_parameters;
mod settings;
mod surfaces;
mod tokens;
mod watching;

/// What the bindings call this platform.
#[cfg(feature = "__binding")]
pub(crate) const PLATFORM: &str = "pkb";

pub use crate::connections::{
    ConnectionChange, EncryptionKey, Finding, Imported, KeptAlive, LinkCounts, Many, NotImported,
    NotKeptAlive, OnConflict, Readiness, Store, UnreadableRecord,
};
pub use crate::http::{DelayFunction, RetryAttempt, RetryOptions, TimeoutOptions};
pub use api_response::{ApiResponse, ResponseContent};
pub use calls::*;
pub use client::Client;
pub use config::{ClientAuthentication, Config, Environment, HttpMethod, SystemClient};
pub use failure::{Failure, FhirFailure, FhirIssue, LinkConflict, Refusal};
pub use fhir::{
    FhirOutcome, FoundResource, FoundResources, NationalId, Page, PatientIdentifier, SearchMode,
    SearchPages,
};
pub use linking::{IssuedToken, Link, LinkTokens};
pub use manners::PerPatient;
pub use query_parameters::QueryParameters;
pub use surfaces::{
    Endpoints, FhirSurface, OneTimePassword, RestEndpoint, Surface, SurfaceEndpoint,
};
pub use tokens::hooks::{LinkEvent, TokensChanged};
pub use watching::{RecordChange, Watch};
