//! How a request to the API is signed: by the contract, with a token of its own for each attempt.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::digime::Contract;
use crate::http::{Credential, Request};
use crate::jwt::sign::{Header, sign};
use crate::{Error, Secret, World};

/// The contract, alone or for a user.
struct Signature {
    contract: Contract,
    /// Those of the call.
    claims: Arc<Value>,
    access_token: Option<Secret<String>>,
}

/// The claims that hold what is good for tokens, or is one.
const SECRET_CLAIMS: [&str; 4] = ["code", "code_verifier", "refresh_token", "access_token"];

/// The claims of every request to the API (the platform's "basic" and "data" ones), and the call's own.
#[derive(Serialize)]
struct Claims<'a> {
    client_id: String,
    nonce: String,
    timestamp: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(flatten)]
    own: &'a Value,
}

impl Request {
    /// Signed by the contract; `claims`, a JSON object, are added to those that every token has.
    pub(in crate::digime) fn signed(self, contract: &Contract, claims: Value) -> Self {
        self.with_credential(Signature {
            contract: contract.clone(),
            claims: Arc::new(claims),
            access_token: None,
        })
    }
}

impl Credential for Signature {
    fn authorization(&self, world: &World) -> Result<String, Error> {
        let contract = &self.contract;
        let claims = Claims {
            client_id: format!("{}_{}", contract.application_id(), contract.id()),
            nonce: world.alphanumeric(32)?,
            timestamp: world.now_ms(),
            access_token: self
                .access_token
                .as_ref()
                .map(|token| token.expose().as_str()),
            own: &self.claims,
        };
        let token = sign(contract.key(), &Header::JWT, &claims)?;
        Ok(format!("Bearer {token}"))
    }

    fn secrets(&self) -> Vec<Secret<String>> {
        let claims = SECRET_CLAIMS
            .iter()
            .filter_map(|name| self.claims.get(name)?.as_str());
        let claims = claims.map(Secret::from);
        claims.chain(self.access_token.clone()).collect()
    }

    fn acting_for(&self, access_token: &Secret<String>) -> Option<Arc<dyn Credential>> {
        Some(Arc::new(Self {
            contract: self.contract.clone(),
            claims: Arc::clone(&self.claims),
            access_token: Some(access_token.clone()),
        }))
    }
}
