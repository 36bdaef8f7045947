//! Where each part of Patients Know Best is found: most under the origin that the sandbox serves, three at addresses of their own.

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

/// What the customer system client is configured with: each is at an origin of its own.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerAddresses {
    /// Where it gets its tokens.
    pub token_url: String,
    /// The Aggregated endpoint.
    pub aggregated_url: String,
    /// The Customer endpoint.
    pub customer_url: String,
}

impl CustomerAddresses {
    pub(crate) const TOKEN: &str = "/auth/realms/pkb/protocol/openid-connect/token";
    pub(crate) const FHIR: &str = "/fhir";

    pub(crate) fn at(token: &str, aggregated: &str, customer: &str) -> Self {
        Self {
            token_url: format!("{token}{}", Self::TOKEN),
            aggregated_url: format!("{aggregated}{}", Self::FHIR),
            customer_url: format!("{customer}{}", Self::FHIR),
        }
    }
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
