//! What the bearer of every signed call must be.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Sandbox, make_key, nonce, now_ms};

#[tokio::test]
async fn a_call_without_a_bearer_is_refused() {
    let sandbox = Sandbox::start().await;
    let url = sandbox.at("/v1.7/permission-access/accounts");
    let answer = Answer::of(sandbox.http.get(url)).await;
    answer.assert_refused(406, "ValidationErrors", "Authorization");
}

#[tokio::test]
async fn a_bearer_that_is_no_jwt_is_refused() {
    let sandbox = Sandbox::start().await;
    let url = sandbox.at("/v1.7/oauth/authorize");
    let answer = Answer::of(sandbox.http.post(url).bearer_auth("not-a-jwt")).await;
    answer.assert_refused(401, "InvalidJWT", "not a JSON Web Token");
}

#[tokio::test]
async fn a_jwt_of_another_algorithm_is_refused() {
    let sandbox = Sandbox::start().await;
    let answer = sandbox.authorize().algorithm("RS256").send().await;
    answer.assert_refused(401, "InvalidJWT", "PS512");
}

#[tokio::test]
async fn a_signature_of_a_key_that_is_not_the_contracts_is_refused() {
    let sandbox = Sandbox::start().await;
    let answer = sandbox.authorize().signed_by(make_key()).send().await;
    answer.assert_refused(401, "InvalidJWT", "does not verify");
}

#[tokio::test]
async fn a_client_id_that_names_no_contract_is_refused() {
    let sandbox = Sandbox::start().await;
    for client_id in ["app_unknown", "other_push-contract", "push-contract", "app"] {
        let answer = sandbox
            .authorize()
            .claims(json!({ "client_id": client_id }))
            .send()
            .await;
        answer.assert_refused(401, "InvalidClient", "client_id");
    }
}

#[tokio::test]
async fn a_timestamp_outside_the_allowed_skew_is_refused() {
    let sandbox = Sandbox::start().await;
    for timestamp in [now_ms() - 310_000, now_ms() + 310_000] {
        let answer = sandbox
            .authorize()
            .claims(json!({ "timestamp": timestamp }))
            .send()
            .await;
        answer.assert_refused(400, "InvalidRequest", "timestamp");
    }
}

#[tokio::test]
async fn a_timestamp_within_the_allowed_skew_is_taken() {
    let sandbox = Sandbox::start().await;
    for timestamp in [now_ms() - 290_000, now_ms() + 290_000] {
        sandbox
            .authorize()
            .claims(json!({ "timestamp": timestamp }))
            .send()
            .await
            .assert_ok(201);
    }
}

#[tokio::test]
async fn a_missing_timestamp_or_one_in_text_is_refused() {
    let sandbox = Sandbox::start().await;
    for timestamp in [json!(null), json!(now_ms().to_string())] {
        let answer = sandbox
            .authorize()
            .claims(json!({ "timestamp": timestamp }))
            .send()
            .await;
        answer.assert_refused(400, "InvalidRequest", "timestamp");
    }
}

#[tokio::test]
async fn a_nonce_must_be_32_letters_and_digits() {
    let sandbox = Sandbox::start().await;
    for nonce in [
        json!(null),
        json!(""),
        json!("short"),
        json!("-".repeat(32)),
        json!("a".repeat(33)),
    ] {
        let answer = sandbox
            .authorize()
            .claims(json!({ "nonce": nonce }))
            .send()
            .await;
        answer.assert_refused(400, "InvalidRequest", "nonce");
    }
}

#[tokio::test]
async fn a_nonce_of_16_bytes_in_hex_is_taken() {
    let sandbox = Sandbox::start().await;
    let nonce = "0123456789abcdef0123456789abcdef";
    sandbox
        .authorize()
        .claims(json!({ "nonce": nonce }))
        .send()
        .await
        .assert_ok(201);
}

#[tokio::test]
async fn a_nonce_is_good_once() {
    let sandbox = Sandbox::start().await;
    let nonce = json!({ "nonce": nonce() });
    sandbox
        .authorize()
        .claims(nonce.clone())
        .send()
        .await
        .assert_ok(201);
    let answer = sandbox.authorize().claims(nonce).send().await;
    answer.assert_refused(400, "InvalidRequest", "nonce was used before");
}

#[tokio::test]
async fn a_forged_call_does_not_spend_the_nonce() {
    let sandbox = Sandbox::start().await;
    let nonce = json!({ "nonce": nonce() });
    sandbox
        .authorize()
        .claims(nonce.clone())
        .signed_by(make_key())
        .send()
        .await
        .assert_ok(401);
    sandbox
        .authorize()
        .claims(nonce)
        .send()
        .await
        .assert_ok(201);
}

#[tokio::test]
async fn an_unknown_path_or_method_is_refused_in_the_platforms_shape() {
    let sandbox = Sandbox::start().await;
    for (method, path) in [(Method::GET, "no/such/call"), (Method::PUT, "oauth/token")] {
        sandbox
            .call(method, path)
            .send()
            .await
            .assert_refused(404, "NotFound", "no such call");
    }
}

#[tokio::test]
async fn every_refusal_has_a_reference_of_its_own() {
    let sandbox = Sandbox::start().await;
    let first = sandbox.post("no/such/call").send().await;
    let second = sandbox.post("no/such/call").send().await;
    assert_ne!(
        first.headers["x-error-reference"],
        second.headers["x-error-reference"]
    );
}
