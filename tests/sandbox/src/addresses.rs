//! Where each half of the platform is found, under the one origin that the sandbox serves.

use axum::http::HeaderMap;
use serde::Serialize;

use crate::gateway;

/// The addresses that a client is configured with.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Addresses {
    /// Scheme, host and port.
    pub origin: String,
    /// The API.
    pub base_url: String,
    /// The pages that a person clicks through.
    pub onboard_url: String,
    /// Storage.
    pub cloud_base_url: String,
}

impl Addresses {
    pub(crate) const API: &str = "/v1.7/";
    pub(crate) const CLOUD: &str = "/cloud/v1/";

    pub(crate) fn at(origin: String) -> Self {
        Self {
            base_url: format!("{origin}{}", Self::API),
            onboard_url: format!("{origin}/apps/saas/"),
            cloud_base_url: format!("{origin}{}", Self::CLOUD),
            origin,
        }
    }

    /// The same as whoever made this request reaches them.
    pub(crate) fn reached(&self, headers: &HeaderMap) -> Self {
        gateway::origin(headers).map_or_else(|| self.clone(), Self::at)
    }

    /// The logo of a source.
    pub(crate) fn logo(&self, source_id: u32) -> String {
        format!("{}/sources/{source_id}/logo.svg", self.origin)
    }

    /// The key set that the platform's tokens name.
    pub(crate) fn jku(&self) -> String {
        format!("{}jwks/oauth", self.base_url)
    }
}
