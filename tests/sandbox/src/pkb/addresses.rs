//! Where each part of Patients Know Best is found, under the one origin that the sandbox serves.

use axum::http::HeaderMap;
use serde::Serialize;

use crate::gateway;

/// The addresses that a client is configured with.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PkbAddresses {
    /// Scheme, host and port; what the paths of the documentation begin after.
    pub base_url: String,
    /// Where a patient is sent to approve.
    pub authorize_url: String,
    /// Where codes and refresh tokens are exchanged.
    pub token_url: String,
    /// Where a system client gets its tokens.
    pub system_token_url: String,
    /// Where a patient who was invited registers.
    pub join_url: String,
    /// The Facade endpoint.
    pub fhir_url: String,
}

impl PkbAddresses {
    pub(crate) const AUTHORIZE: &str = "/apiAuthorize.action";
    pub(crate) const TOKEN: &str = "/apiToken.action";
    pub(crate) const SYSTEM_TOKEN: &str = "/api/oauth/token";
    pub(crate) const JOIN: &str = "/join/";
    pub(crate) const FHIR: &str = "/fhir";
    pub(crate) const MESSAGING: &str = "/phr-fhir";
    pub(crate) const REST: &str = "/json";

    pub(crate) fn at(origin: &str) -> Self {
        let at = |path| format!("{origin}{path}");
        Self {
            base_url: origin.to_owned(),
            authorize_url: at(Self::AUTHORIZE),
            token_url: at(Self::TOKEN),
            system_token_url: at(Self::SYSTEM_TOKEN),
            join_url: at(Self::JOIN),
            fhir_url: at(Self::FHIR),
        }
    }

    /// The same as whoever made this request reaches them.
    pub(crate) fn reached(&self, headers: &HeaderMap) -> Self {
        gateway::origin(headers).map_or_else(|| self.clone(), |origin| Self::at(&origin))
    }
}
