//! What a client must know to work against the bench's platform: the one line that the server prints, and every client reads.

use digime_sdk::digime::{NonEmptyString, UserAccessToken};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{BenchError, CONTRACT_PEM};

/// Where the platform is, and an application, a contract and a user that it takes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// Where the API is.
    pub base_url: String,
    /// Where the cloud storage is.
    pub cloud_base_url: String,
    /// Where the pages are. Nothing answers there.
    pub onboard_url: String,
    /// The application's id.
    pub application_id: NonEmptyString,
    /// The contract's id.
    pub contract_id: NonEmptyString,
    /// The contract's private key, as digi.me hands it out.
    pub private_key: NonEmptyString,
    /// A token of a user who consented, which never expires.
    pub user_access_token: UserAccessToken,
}

impl Announcement {
    /// Of a platform at this origin.
    pub fn new(origin: &str) -> Result<Self, BenchError> {
        let token = json!({ "value": "t".repeat(64), "expiry": 4_102_444_800_u64 });
        let user_access_token = json!({ "accessToken": token, "refreshToken": token });
        Ok(Self {
            base_url: format!("{origin}/v1.7/"),
            cloud_base_url: format!("{origin}/cloud/v1/"),
            onboard_url: format!("{origin}/apps/saas/"),
            application_id: "bench-application".parse()?,
            contract_id: "bench-contract".parse()?,
            private_key: CONTRACT_PEM.parse()?,
            user_access_token: serde_json::from_value(user_access_token)?,
        })
    }
}
