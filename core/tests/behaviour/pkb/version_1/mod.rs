//! What version 1 of the SDK has left in stores: it serves, it changes, and version 1 can work beside it.

mod left;
mod platform;
mod side_by_side;
mod stored;

use std::sync::Arc;

use digime_sdk::Secret;
use digime_sdk::pkb::{
    Client, Config, Endpoints, Environment, GetAccessTokenOptions, SurfaceEndpoint,
};

pub use self::platform::Platform;
pub use self::stored::{PLATFORM, Stored, clock};
use super::sandbox::at;
use crate::clock::TestClock;

/// 32 bytes 0x01, and 32 bytes 0x02.
pub const PREVIOUS_KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
pub const CURRENT_KEY: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
/// As records name it.
pub const CURRENT_KEY_ID: &str = "ejAxMmptxFZf";

/// A client of this version, with both keys.
fn client(stored: &Stored, platform: &Platform, clock: &Arc<TestClock>) -> Client {
    client_with(stored, platform, clock, &[CURRENT_KEY, PREVIOUS_KEY])
}

/// A client that seals with the first key, and opens with all.
pub fn client_with(
    stored: &Stored,
    platform: &Platform,
    clock: &Arc<TestClock>,
    keys: &[&str],
) -> Client {
    let endpoints = Endpoints::builder()
        // Whose links they are; nothing listens there.
        .base_url("http://127.0.0.1:8301")
        .token_url(format!("{}/token", platform.origin))
        .facade(
            SurfaceEndpoint::builder()
                .url(format!("{}/fhir/", platform.origin))
                .build(),
        )
        .build();
    let mut config = Config::builder()
        .client_id("store-v1".parse().unwrap())
        .redirect_uri("http://127.0.0.1/return".parse().unwrap())
        .environment(Environment::Sandbox)
        .endpoints(endpoints)
        .store(stored.store())
        .encryption_key(Secret::from(keys[0]))
        .build();
    config.store_schema = stored.schema();
    let previous = keys[1..]
        .iter()
        .map(|key| digime_sdk::pkb::EncryptionKey::from(*key));
    config.previous_encryption_keys = Some(previous.collect());
    at(config, clock)
}

pub async fn token_of(client: &Client, user: &str) -> Result<String, digime_sdk::Error> {
    let options = GetAccessTokenOptions::builder().app_user_id(user.parse().unwrap());
    let issued = client.get_access_token(options.build()).await?;
    Ok(issued.access_token.expose().clone())
}
