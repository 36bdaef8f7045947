//! Who is calling: the bearer that every signed call carries, verified before anything else is looked at.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use serde_json::{Map, Value};

use crate::clock;
use crate::contract::{Access, Contract};
use crate::error::ApiError;
use crate::jwt::Unverified;
use crate::state::{Grant, Memory, Platform};

/// A call that a registered contract signed, not seen before.
pub struct Signed {
    pub contract: Arc<Contract>,
    pub claims: Claims,
}

/// A signed call on behalf of a user.
pub struct SignedForUser {
    pub contract: Arc<Contract>,
    pub grant: Arc<Grant>,
    pub claims: Claims,
}

/// What the bearer claims.
pub struct Claims(Map<String, Value>);

impl Claims {
    /// A claim that must be there. The refusal does not repeat the value, which may be a secret.
    pub fn text(&self, name: &str) -> Result<&str, ApiError> {
        self.optional_text(name)?
            .ok_or_else(|| ApiError::invalid_request(format!("The claim {name} is missing")))
    }

    /// A claim that may be left out.
    pub fn optional_text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ApiError::invalid_request(format!(
                "The claim {name} must be a string"
            ))),
        }
    }

    /// A claim that can have one value only.
    pub fn exactly(&self, name: &str, value: &str) -> Result<(), ApiError> {
        if self.text(name)? == value {
            Ok(())
        } else {
            Err(ApiError::invalid_request(format!(
                "The claim {name} must be {value}"
            )))
        }
    }

    fn check_timestamp(&self, platform: &Platform) -> Result<(), ApiError> {
        let timestamp = self
            .0
            .get("timestamp")
            .and_then(Value::as_u64)
            .ok_or_else(|| {
                ApiError::invalid_request(
                    "The claim timestamp must be a whole number of milliseconds",
                )
            })?;
        if clock::now_ms().abs_diff(timestamp) > platform.config.lifetimes.clock_skew_ms() {
            return Err(ApiError::invalid_request(
                "The claim timestamp is too far from the platform's clock",
            ));
        }
        Ok(())
    }

    fn spend_nonce(&self, memory: &mut Memory) -> Result<(), ApiError> {
        let nonce = self.text("nonce")?;
        if nonce.len() != 32 || !nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(ApiError::invalid_request(
                "The claim nonce must be 32 letters and digits",
            ));
        }
        if !memory.nonces.insert(nonce.to_owned()) {
            return Err(ApiError::invalid_request("The claim nonce was used before"));
        }
        Ok(())
    }
}

impl FromRequestParts<Arc<Platform>> for Signed {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        platform: &Arc<Platform>,
    ) -> Result<Self, ApiError> {
        let bearer = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .ok_or_else(|| {
                ApiError::not_acceptable("The header Authorization must be a bearer token")
            })?;
        let unverified =
            Unverified::parse(bearer).map_err(|error| ApiError::invalid_jwt(&error))?;
        let contract = unverified
            .client_id()
            .and_then(|client_id| platform.config.contract(client_id))
            .ok_or_else(ApiError::invalid_client)?;
        let claims = unverified
            .verify(&contract.verifying)
            .map_err(|error| ApiError::invalid_jwt(&error))?;
        let claims = Claims(claims);
        claims.check_timestamp(platform)?;
        claims.spend_nonce(&mut platform.memory())?;
        Ok(Self {
            contract: Arc::clone(contract),
            claims,
        })
    }
}

impl FromRequestParts<Arc<Platform>> for SignedForUser {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        platform: &Arc<Platform>,
    ) -> Result<Self, ApiError> {
        let Signed { contract, claims } = Signed::from_request_parts(parts, platform).await?;
        let access_token = claims.text("access_token")?;
        let grant = platform
            .memory()
            .tokens
            .grant(access_token, clock::now_ms())
            .filter(|grant| grant.contract_id == contract.id)
            .cloned()
            .ok_or_else(|| ApiError::invalid_token("access_token"))?;
        Ok(Self {
            contract,
            grant,
            claims,
        })
    }
}

impl SignedForUser {
    /// Refuses a contract that is not for this.
    pub fn must_be(&self, access: Access) -> Result<(), ApiError> {
        if self.contract.access == access {
            Ok(())
        } else {
            Err(ApiError::insufficient_scope())
        }
    }
}
