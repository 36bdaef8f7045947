//! An application of digi.me's on a stage: its contract, its user's token, and what of them is secret.

use std::cell::RefCell;
use std::time::Duration;

use digime_sdk::digime::{
    Beside, Client, Config, ContractDetails, FileLimits, ReadFileOptions, RetryOptions, Token,
    UserAccessToken,
};
use digime_sdk::{NonEmptyString, Secret};

use crate::script::Answer;
use crate::stage::Stage;

pub const CONTRACT_KEY: &str = include_str!("../../tests/conformance/keys/contract.pkcs1.pem");
pub const PLATFORM_KEY: &str = include_str!("../../tests/conformance/keys/platform.pkcs1.pem");
pub const ORIGIN: &str = "https://api.digime.invalid";
pub const APPLICATION: &str = "fuzzed-application";

/// What must not be seen.
pub const ACCESS: &str = "SECRET-access-token-4711";
pub const REFRESH: &str = "SECRET-refresh-token-4711";
pub const SESSION: &str = "SECRET-session-key-4711";
pub const SECRETS: [&str; 3] = [ACCESS, REFRESH, SESSION];

/// The limit of a file's size.
pub const SIZE: u64 = 64 * 1024;

pub fn config() -> Config {
    let mut config = Config::new(APPLICATION.parse().unwrap());
    config.base_url = Some(format!("{ORIGIN}/v1.7/"));
    config.cloud_base_url = Some("https://cloud.digime.invalid/v1/".to_owned());
    config.onboard_url = Some("https://pages.digime.invalid/apps/".to_owned());
    config.file_limits = Some(FileLimits {
        size: Some(SIZE),
        ratio: None,
    });
    config.retry_options = Some(RetryOptions {
        limit: Some(1),
        ..RetryOptions::default()
    });
    config
}

pub fn client(stage: &Stage) -> Client {
    Client::in_world(config(), stage.world()).unwrap()
}

pub fn contract() -> ContractDetails {
    ContractDetails::new("fuzzed-contract".parse().unwrap(), key())
}

pub fn key() -> NonEmptyString {
    CONTRACT_KEY.parse().unwrap()
}

pub fn token() -> UserAccessToken {
    let token = |value: &str| Token {
        value: value.into(),
        expiry: 4_102_444_800,
    };
    UserAccessToken {
        access_token: token(ACCESS),
        refresh_token: token(REFRESH),
        user: None,
        consentid: None,
        beside: Beside::default(),
    }
}

pub fn read_file() -> ReadFileOptions {
    ReadFileOptions::builder()
        .session_key(Secret::from(SESSION.parse::<NonEmptyString>().unwrap()))
        .file_name("file.json".parse().unwrap())
        .contract_id("fuzzed-contract".parse().unwrap())
        .private_key(key().into())
        .user_access_token(token())
        .build()
}

/// Does work with a client that has parsed its key already, for calls that leave nothing behind in a client for longer than an hour.
pub fn with_client<T>(
    answers: impl IntoIterator<Item = Answer>,
    work: impl FnOnce(&Stage, &Client) -> T,
) -> T {
    thread_local! {
        static KEPT: RefCell<Option<(Stage, Client)>> = const { RefCell::new(None) };
    }
    KEPT.with_borrow_mut(|kept| {
        let (stage, client) = kept.get_or_insert_with(|| {
            let stage = Stage::default();
            let client = client(&stage);
            (stage, client)
        });
        // What a client remembers of the tokens of a call it has forgotten by then.
        stage.pass(Duration::from_hours(1));
        stage.sent();
        stage.will_answer(answers);
        work(stage, client)
    })
}
