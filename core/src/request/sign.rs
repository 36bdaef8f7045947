//! Which token a request carries: one of its own for each attempt.

use http::HeaderValue;
use serde::Serialize;
use serde_json::Value;

use crate::digime::Contract;
use crate::jwt::sign::{Header, sign};
use crate::{Client, Error, Secret};

/// How long a token for the cloud storage is good for, in seconds.
const CLOUD_TOKEN_LIFETIME: u64 = 60;

/// Who makes a request, and what they claim.
pub(super) enum Credential {
    /// The contract at the API, alone or for a user; `claims` are those of the call.
    Api {
        contract: Contract,
        claims: Value,
        access_token: Option<Secret<String>>,
    },
    /// The contract at the cloud storage.
    Cloud { contract: Contract },
}

/// The claims of every request to the API (the platform's "basic" and "data" ones), and the call's own.
#[derive(Serialize)]
struct ApiClaims<'a> {
    client_id: String,
    nonce: String,
    timestamp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(flatten)]
    own: &'a Value,
}

#[derive(Serialize)]
struct CloudClaims<'a> {
    sub: &'a str,
    iss: &'a str,
    aud: &'static str,
    iat: u64,
    exp: u64,
}

impl Credential {
    /// The value of the `Authorization` header.
    pub(super) fn authorization(&self, client: &Client) -> Result<HeaderValue, Error> {
        let token = self.token(client)?;
        let mut value = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| Error::sdk("a signed token fits in no header"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn token(&self, client: &Client) -> Result<String, Error> {
        let application_id = &client.settings().application_id;
        match self {
            Self::Api {
                contract,
                claims,
                access_token,
            } => {
                let claims = ApiClaims {
                    client_id: format!("{application_id}_{}", contract.id()),
                    nonce: client.world().alphanumeric(32)?,
                    timestamp: client.world().now_ms(),
                    access_token: access_token.as_ref().map(|token| token.expose().as_str()),
                    own: claims,
                };
                sign(contract.key(), &Header::JWT, &claims)
            }
            Self::Cloud { contract } => {
                let iat = client.world().now_ms() / 1000;
                let exp = iat + CLOUD_TOKEN_LIFETIME;
                let claims = CloudClaims {
                    sub: application_id,
                    iss: contract.id(),
                    aud: "cloud",
                    iat,
                    exp,
                };
                let header = Header::access_token(format!("{}_{application_id}_0", contract.id()));
                sign(contract.key(), &header, &claims)
            }
        }
    }
}
