//! Where the platform's keys are asked for before one of its tokens has said so, which saves a journey.

use std::sync::Arc;
use std::time::Duration;

use digime_sdk::ErrorKind;
use digime_sdk::binding::{self, Call, Exchange, Step, Value};
use digime_sdk::digime::{Client, Config};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::platform_tokens::{fresh_tokens, platform_keys};
use crate::sandbox::CONTRACT_KEY;
use crate::scripted::TestClock;
use crate::skin::{JSON, answer, carried, failure, going_on, start, text_at, value};

const KEY_SET: &str = "http://keys.invalid/jwks";

fn config() -> Config {
    Config::new("test-application-id".parse().unwrap())
}

fn client(config: Config) -> binding::Client {
    let client = Client::in_world(config, carried(&TestClock::new())).unwrap();
    binding::Client::DigiMe(client)
}

/// Elsewhere than the platform's own address.
fn elsewhere(key_set_url: Option<&str>) -> binding::Client {
    let mut config = config();
    config.base_url = Some("http://platform.invalid/v1.7/".to_owned());
    config.key_set_url = key_set_url.map(str::to_owned);
    client(config)
}

/// A code that is being exchanged.
fn exchanging(client: &binding::Client, code: &str) -> (Arc<Call>, JoinHandle<Step>) {
    let options = value(json!({
        "contractDetails": { "contractId": "test-contract-id", "privateKey": CONTRACT_KEY },
        "codeVerifier": "verifier",
        "authorizationCode": code,
    }));
    let call = start(client, "exchangeCodeForToken", options);
    let going = going_on(&call);
    (call, going)
}

/// The next two requests, that for a token first.
async fn two(call: &Call) -> [Exchange; 2] {
    let (one, other) = (
        call.exchange().await.unwrap(),
        call.exchange().await.unwrap(),
    );
    if one.method() == "POST" {
        [one, other]
    } else {
        [other, one]
    }
}

async fn give_tokens(token: &Exchange) {
    answer(token, 200, &[JSON], &fresh_tokens("keys.invalid")).await;
}

async fn give_keys(keys: &Exchange) {
    answer(keys, 200, &[JSON], &platform_keys()).await;
}

#[tokio::test]
async fn the_key_set_at_the_configured_address_is_asked_for_beside_the_first_token_and_not_after_it()
 {
    let client = elsewhere(Some(KEY_SET));
    let (call, going) = exchanging(&client, "code-1");
    let [token, keys] = two(&call).await;
    assert_eq!(token.url(), "http://platform.invalid/v1.7/oauth/token");
    assert_eq!((keys.method(), keys.url()), ("GET", KEY_SET));
    give_tokens(&token).await;
    give_keys(&keys).await;
    assert!(matches!(going.await.unwrap(), Step::Done(_)));
    // It serves the next as well.
    let (call, going) = exchanging(&client, "code-2");
    give_tokens(&call.exchange().await.unwrap()).await;
    assert!(matches!(going.await.unwrap(), Step::Done(_)));
    assert!(call.exchange().await.is_none());
}

#[tokio::test]
async fn at_the_platforms_own_address_its_key_set_is_known_without_being_named() {
    let (call, going) = exchanging(&client(config()), "code-1");
    let [token, keys] = two(&call).await;
    assert_eq!(token.url(), "https://api.digi.me/v1.7/oauth/token");
    assert_eq!(keys.url(), "https://api.digi.me/v1.7/jwks/oauth");
    call.close();
    going.abort();
}

#[tokio::test]
async fn anywhere_else_no_key_set_is_asked_for_that_no_token_has_named() {
    let (call, going) = exchanging(&elsewhere(None), "code-1");
    let token = call.exchange().await.unwrap();
    answer(&token, 200, &[JSON], &fresh_tokens("platform.invalid")).await;
    let keys = call.exchange().await.unwrap();
    assert_eq!(keys.url(), "http://platform.invalid/jwks");
    give_keys(&keys).await;
    assert!(matches!(going.await.unwrap(), Step::Done(_)));
}

#[tokio::test]
async fn a_configured_address_that_has_no_key_set_hinders_no_token_that_names_another() {
    let (call, going) = exchanging(&elsewhere(Some("http://platform.invalid/wrong")), "code-1");
    let [token, wrong] = two(&call).await;
    answer(&wrong, 404, &[], "").await;
    answer(&token, 200, &[JSON], &fresh_tokens("platform.invalid")).await;
    let keys = call.exchange().await.unwrap();
    assert_eq!(keys.url(), "http://platform.invalid/jwks");
    give_keys(&keys).await;
    assert!(matches!(going.await.unwrap(), Step::Done(_)));
}

#[tokio::test]
async fn a_configured_key_set_vouches_for_its_own_address_and_for_no_other_of_its_origin() {
    let (call, going) = exchanging(&elsewhere(Some("http://keys.invalid/others")), "code-1");
    let [token, keys] = two(&call).await;
    give_keys(&keys).await;
    give_tokens(&token).await;
    let error = failure(going.await.unwrap());
    assert!(text_at(&error, &["message"]).contains("(jku)"));
}

#[tokio::test]
async fn who_needs_the_early_key_set_no_more_lets_it_go_and_is_not_held_up_by_it() {
    let client = elsewhere(Some(KEY_SET));
    // Another vouches for the token.
    let (call, going) = exchanging(&client, "code-1");
    let [token, late] = two(&call).await;
    answer(&token, 200, &[JSON], &fresh_tokens("platform.invalid")).await;
    give_keys(&call.exchange().await.unwrap()).await;
    assert!(matches!(going.await.unwrap(), Step::Done(_)));
    late.over().await;
    // There is none.
    let (call, going) = exchanging(&client, "code-2");
    let [token, late] = two(&call).await;
    answer(&token, 400, &[JSON], r#"{"error":{"code":"Refused"}}"#).await;
    failure(going.await.unwrap());
    late.over().await;
    // Nobody waits for it.
    let (call, going) = exchanging(&client, "code-3");
    let [token, late] = two(&call).await;
    call.close();
    answer(&token, 200, &[JSON], &fresh_tokens("platform.invalid")).await;
    assert!(matches!(going.await.unwrap(), Step::Closed));
    late.over().await;
    assert!(closed_in_time(&client).await);
}

#[tokio::test]
async fn keys_that_are_fetched_for_later_calls_hold_up_no_client_that_is_closed() {
    let clock = TestClock::new();
    let mut config = config();
    config.base_url = Some("http://platform.invalid/v1.7/".to_owned());
    config.key_set_url = Some(KEY_SET.to_owned());
    let client = binding::Client::DigiMe(Client::in_world(config, carried(&clock)).unwrap());
    let (call, going) = exchanging(&client, "code-1");
    let [token, keys] = two(&call).await;
    give_keys(&keys).await;
    give_tokens(&token).await;
    assert!(matches!(going.await.unwrap(), Step::Done(_)));
    clock.advance(Duration::from_mins(15));
    let (call, going) = exchanging(&client, "code-2");
    let [token, late] = two(&call).await;
    give_tokens(&token).await;
    // Those that are there serve after a second.
    while !going.is_finished() {
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(1));
    }
    assert!(!late.is_over());
    assert!(closed_in_time(&client).await);
    late.over().await;
}

async fn closed_in_time(client: &binding::Client) -> bool {
    let closing = start(client, "close", value(json!({})));
    let Step::Done(Value::Object(closed)) = closing.next(None).await else {
        return false;
    };
    matches!(&closed[..], [(name, Value::Bool(true))] if name == "finished")
}

#[tokio::test]
async fn an_address_of_keys_that_is_none_is_refused_by_its_name() {
    for odd in ["keys.example/jwks", "ftp://keys.example/jwks", ""] {
        let mut config = config();
        config.key_set_url = Some(odd.to_owned());
        let error = Client::new(config).unwrap_err();
        let ErrorKind::TypeValidation { path, .. } = error.kind() else {
            panic!("{error}");
        };
        assert_eq!(path.to_string(), "config.keySetUrl");
    }
}
