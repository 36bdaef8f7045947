//! A platform whose answers a test writes down, and a world whose time it tells.

use std::sync::Arc;

use digime_conformance::{Run, Scenario};
use digime_sdk::World;
use digime_sdk::digime::{Beside, ContractDetails, ReadAccountsOptions, Token, UserAccessToken};
use digime_sdk::digime::{Client, Config};
use digime_sdk::world::Clock;
use serde_json::Value;

pub use crate::clock::TestClock;
use crate::sandbox::CONTRACT_KEY;

/// A platform that answers as scripted, and fails the test if it is asked anything else.
pub struct Platform {
    run: Run,
}

impl Platform {
    pub async fn start(http: Value) -> Self {
        Self {
            run: Run::start(&Scenario::scripted("test/scripted", &http))
                .await
                .unwrap(),
        }
    }

    pub fn config(&self) -> Config {
        let mut config = Config::new("test-application-id".parse().unwrap());
        config.base_url = Some(format!("{}/v1.7/", self.run.origin));
        config.cloud_base_url = Some(format!("{}/cloud/v1/", self.run.origin));
        config
    }

    /// How often it was asked this so far.
    pub async fn asked(&self, on: &str) -> usize {
        self.run.asked(on).await
    }

    /// Checks that all was asked, and nothing else, with good signatures and no nonce twice.
    pub async fn finish(self) {
        let failures = self.run.finish(Vec::new()).await;
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

pub fn contract() -> ContractDetails {
    ContractDetails::new(
        "test-contract-id".parse().unwrap(),
        CONTRACT_KEY.parse().unwrap(),
    )
}

pub fn token(access: &str, refresh: &str) -> UserAccessToken {
    let token = |value: &str| Token {
        value: value.into(),
        expiry: 4_102_444_800,
    };
    UserAccessToken {
        access_token: token(access),
        refresh_token: token(refresh),
        user: None,
        consentid: None,
        beside: Beside::default(),
    }
}

pub fn read_accounts() -> ReadAccountsOptions {
    ReadAccountsOptions::builder()
        .contract_details(contract())
        .user_access_token(token("access-1", "refresh-1"))
        .build()
}

/// A client in a world that has this clock.
pub fn client_at(config: Config, clock: &Arc<TestClock>) -> Client {
    let world = World {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        ..World::real().unwrap()
    };
    Client::in_world(config, world).unwrap()
}
