//! How a request to the cloud storage is signed: by the contract, with an access token that it makes itself.

use serde::Serialize;

use crate::digime::Contract;
use crate::http::{Credential, Request};
use crate::jwt::sign::{Header, sign};
use crate::{Error, World};

/// How long a token for the cloud storage is good for, in seconds.
const LIFETIME: u64 = 60;

struct CloudCredential(Contract);

#[derive(Serialize)]
struct Claims<'a> {
    sub: &'a str,
    iss: &'a str,
    aud: &'static str,
    iat: u64,
    exp: u64,
}

impl Request {
    /// Signed by the contract for the cloud storage.
    pub(in crate::digime) fn signed_for_cloud(self, contract: &Contract) -> Self {
        self.with_credential(CloudCredential(contract.clone()))
    }
}

impl Credential for CloudCredential {
    fn authorization(&self, world: &World) -> Result<String, Error> {
        let contract = &self.0;
        let (application_id, contract_id) = (contract.application_id(), contract.id());
        let iat = world.now_ms() / 1000;
        let claims = Claims {
            sub: application_id,
            iss: contract_id,
            aud: "cloud",
            iat,
            exp: iat + LIFETIME,
        };
        let header = Header::access_token(format!("{contract_id}_{application_id}_0"));
        let token = sign(contract.key(), &header, &claims)?;
        Ok(format!("Bearer {token}"))
    }
}
