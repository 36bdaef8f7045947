//! The platform's public keys (RFC 7517): where they may be fetched from, and how long they are kept.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use http::Method;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use crate::request::{Request, send};
use crate::{Client, Error};

/// How long a key set serves before it is fetched again.
const LIFETIME: Duration = Duration::from_mins(15);
/// How soon a key set may be fetched again because it lacks a key: a forged key id must not make a request each.
const COOL_DOWN: Duration = Duration::from_secs(30);

/// The key sets fetched so far, by address.
#[derive(Default)]
pub(crate) struct KeySets(Mutex<HashMap<Url, KeySet>>);

struct KeySet {
    keys: HashMap<String, DecodingKey>,
    fetched: SystemTime,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

/// The platform adds `pem` to what RFC 7517 has; either form is enough.
#[derive(Deserialize)]
struct Jwk {
    kid: Option<String>,
    pem: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl Jwk {
    fn decoding_key(&self) -> Option<DecodingKey> {
        match self {
            Self { pem: Some(pem), .. } => DecodingKey::from_rsa_pem(pem.as_bytes()).ok(),
            Self {
                n: Some(n),
                e: Some(e),
                ..
            } => DecodingKey::from_rsa_components(n, e).ok(),
            _ => None,
        }
    }
}

impl KeySets {
    /// The key `kid` of the set at `jku` (RFC 7515 section 4.1.2), which must be an address of the platform.
    pub(crate) async fn key(
        &self,
        client: &Client,
        jku: &str,
        kid: &str,
    ) -> Result<DecodingKey, Error> {
        let address = Url::parse(jku)
            .ok()
            .filter(|url| client.settings().trusts(url))
            .ok_or_else(|| {
                Error::token_verification(
                    "the token names a key set (jku) outside the platform; it was not fetched",
                )
            })?;
        // Held while fetching, so that calls that need the same key set at once fetch it once.
        let mut sets = self.0.lock().await;
        let now = client.world().clock.now();
        let age = |set: &KeySet| now.duration_since(set.fetched).unwrap_or_default();
        let usable = sets.get(&address).is_some_and(|set| {
            let limit = if set.keys.contains_key(kid) {
                LIFETIME
            } else {
                COOL_DOWN
            };
            age(set) < limit
        });
        if !usable {
            match fetch(client, &address).await {
                Ok(keys) => {
                    sets.insert(address.clone(), KeySet { keys, fetched: now });
                }
                // A code or refresh token has been spent for the token in hand: an old key set serves rather than lose it.
                Err(_)
                    if sets
                        .get(&address)
                        .is_some_and(|set| set.keys.contains_key(kid)) => {}
                Err(error) => return Err(error),
            }
        }
        sets.get(&address)
            .and_then(|set| set.keys.get(kid))
            .cloned()
            .ok_or_else(|| {
                Error::token_verification("the platform's key set has no key with the token's kid")
            })
    }
}

async fn fetch(client: &Client, address: &Url) -> Result<HashMap<String, DecodingKey>, Error> {
    let response = send(
        client,
        Request::to_address(Method::GET, address.clone(), "the platform's key set").accept_json(),
    )
    .await?;
    let jwks: Jwks = response
        .json()
        .map_err(|_| Error::sdk("Server returned non-JWKS response"))?;
    Ok(jwks
        .keys
        .iter()
        .filter_map(|key| Some((key.kid.clone()?, key.decoding_key()?)))
        .collect())
}
