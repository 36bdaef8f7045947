//! Secrets: no debug output shows one.

use digime_sdk::Error;
use digime_sdk::binding::Value;
use digime_sdk::digime::{ExchangeCodeForTokenOptions, RefreshTokenOptions, Session};
use serde_json::json;

use crate::library::read_file_with;
use crate::push::receipt;
use crate::scripted::{Platform, TestClock, client_at, contract, read_accounts, token};

#[tokio::test]
async fn the_debug_output_of_options_values_and_clients_shows_no_key_token_code_or_content() {
    let exchange = ExchangeCodeForTokenOptions::builder()
        .contract_details(contract())
        .code_verifier("canary-verifier".parse().unwrap())
        .authorization_code("canary-code".parse().unwrap())
        .build();
    let refresh = RefreshTokenOptions::builder()
        .contract_details(contract())
        .user_access_token(token("canary-a", "canary-r"))
        .build();
    let platform = Platform::start(json!([])).await;
    let client = client_at(platform.config(), &TestClock::new());
    let shown = format!(
        "{exchange:?} {refresh:?} {:?} {client:?} {:?} {:?} {:?} {:?}",
        contract(),
        Session {
            key: "canary-session".into(),
            expiry: 1
        },
        read_file_with("a.json", "canary-key"),
        receipt("canary-content"),
        Value::from("canary-value"),
    );
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!shown.contains("MII"), "{shown}");
    assert!(shown.contains("[redacted]"));
}

#[tokio::test]
async fn the_error_of_a_failed_request_shows_neither_its_token_nor_the_body_of_the_answer() {
    let failure = json!({ "status": 403, "text": "canary-body" });
    let platform = Platform::start(
        json!([{ "on": "GET /v1.7/permission-access/accounts", "response": failure }]),
    )
    .await;
    let client = client_at(platform.config(), &TestClock::new());
    let error: Error = client.read_accounts(read_accounts()).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("canary") && !shown.contains("access-1") && !shown.contains("Bearer"),
        "{shown}"
    );
    platform.finish().await;
}
