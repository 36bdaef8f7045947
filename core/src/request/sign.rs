//! Who a request says that it is from: with a token of its own for each attempt at digi.me, with what the platform gave elsewhere.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use serde::Serialize;
use serde_json::Value;

use crate::digime::Contract;
use crate::jwt::sign::{Header, sign};
use crate::{Error, Secret, World};

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
    /// Whoever has this token (RFC 6750 section 2.1).
    Bearer(Secret<String>),
    /// A client by its id and secret (RFC 6749 section 2.3.1).
    Basic {
        client_id: String,
        client_secret: Secret<String>,
    },
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
    pub(super) fn authorization(&self, world: &World) -> Result<HeaderValue, Error> {
        let value = match self {
            Self::Basic {
                client_id,
                client_secret,
            } => basic(client_id, client_secret),
            Self::Bearer(token) => format!("Bearer {}", token.expose()),
            Self::Api {
                contract,
                claims,
                access_token,
            } => format!(
                "Bearer {}",
                api_token(contract, claims, access_token.as_ref(), world)?
            ),
            Self::Cloud { contract } => format!("Bearer {}", cloud_token(contract, world)?),
        };
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| Error::sdk("the token has characters that fit in no header"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

fn api_token(
    contract: &Contract,
    own: &Value,
    access_token: Option<&Secret<String>>,
    world: &World,
) -> Result<String, Error> {
    let claims = ApiClaims {
        client_id: format!("{}_{}", contract.application_id(), contract.id()),
        nonce: world.alphanumeric(32)?,
        timestamp: world.now_ms(),
        access_token: access_token.map(|token| token.expose().as_str()),
        own,
    };
    sign(contract.key(), &Header::JWT, &claims)
}

fn cloud_token(contract: &Contract, world: &World) -> Result<String, Error> {
    let (application_id, contract_id) = (contract.application_id(), contract.id());
    let iat = world.now_ms() / 1000;
    let claims = CloudClaims {
        sub: application_id,
        iss: contract_id,
        aud: "cloud",
        iat,
        exp: iat + CLOUD_TOKEN_LIFETIME,
    };
    let header = Header::access_token(format!("{contract_id}_{application_id}_0"));
    sign(contract.key(), &header, &claims)
}

/// RFC 6749 section 2.3.1: both are form-encoded first.
fn basic(client_id: &str, client_secret: &Secret<String>) -> String {
    let encode =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let both = format!("{}:{}", encode(client_id), encode(client_secret.expose()));
    format!("Basic {}", STANDARD.encode(both))
}
