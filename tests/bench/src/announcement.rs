//! What a client must know to work against the bench's platform: the one line that the server prints, and every client reads.

use std::collections::BTreeMap;

use digime_sdk::digime::{NonEmptyString, UserAccessToken};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::tls::AUTHORITY_PEM;
use crate::{BenchError, CONTRACT_PEM};

/// Where the platform is, and an application, a contract and a user that it takes.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// Where it is.
    #[serde(flatten)]
    pub place: Place,
    /// Where else it is, by the version of HTTP that is spoken there: what is there stands for what is above, for who works from afar.
    #[serde(skip_deserializing)]
    pub far: BTreeMap<&'static str, Place>,
    /// The application's id.
    pub application_id: NonEmptyString,
    /// The contract's id.
    pub contract_id: NonEmptyString,
    /// The contract's private key, as digi.me hands it out.
    pub private_key: NonEmptyString,
    /// A token of a user who consented, which never expires.
    pub user_access_token: UserAccessToken,
}

/// Where both platforms are, and how they are reached.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Where the API is.
    pub base_url: String,
    /// Where the cloud storage is.
    pub cloud_base_url: String,
    /// Where the pages are. Nothing answers there.
    pub onboard_url: String,
    /// Where Patients Know Best is.
    pub pkb_base_url: String,
    /// Where the keys are that the platform signs with.
    pub key_set_url: String,
    /// The authority that vouches for it, in PEM, where TLS is spoken: from afar.
    pub ca: Option<NonEmptyString>,
    /// Whether HTTP/2 is spoken.
    pub http2: bool,
}

impl Announcement {
    /// Of a platform in this place.
    pub fn new(place: Place) -> Result<Self, BenchError> {
        let token = json!({ "value": "t".repeat(64), "expiry": 4_102_444_800_u64 });
        let user_access_token = json!({ "accessToken": token, "refreshToken": token });
        Ok(Self {
            place,
            far: BTreeMap::new(),
            application_id: "bench-application".parse()?,
            contract_id: "bench-contract".parse()?,
            private_key: CONTRACT_PEM.parse()?,
            user_access_token: serde_json::from_value(user_access_token)?,
        })
    }
}

impl Place {
    /// On this machine, without TLS.
    #[must_use]
    pub fn near(origin: &str) -> Self {
        Self {
            base_url: format!("{origin}/v1.7/"),
            cloud_base_url: format!("{origin}/cloud/v1/"),
            onboard_url: format!("{origin}/apps/saas/"),
            pkb_base_url: format!("{origin}/"),
            key_set_url: format!("{origin}/v1.7/jwks/oauth"),
            ca: None,
            http2: false,
        }
    }

    /// Far away, over TLS.
    pub fn far(origin: &str, http2: bool) -> Result<Self, BenchError> {
        Ok(Self {
            ca: Some(AUTHORITY_PEM.parse()?),
            http2,
            ..Self::near(origin)
        })
    }
}
