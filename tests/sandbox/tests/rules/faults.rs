//! How calls are made to go wrong.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use rsa::RsaPublicKey;
use rsa::pss::{Signature, VerifyingKey};
use rsa::signature::Verifier;
use serde_json::{Value, json};
use sha2::Sha512;

use crate::support::{Answer, Sandbox, key};

const ACCOUNTS: &str = "GET /v1.7/permission-access/accounts";

async fn plan(sandbox: &Sandbox, plan: &Value) {
    let request = sandbox
        .http
        .post(sandbox.at("/_sandbox/faults"))
        .header("content-type", "application/json")
        .body(plan.to_string());
    Answer::of(request).await.assert_ok(204);
}

#[tokio::test]
async fn another_answer_comes_so_often_as_it_was_asked_for() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let body = json!({ "error": { "code": "X", "message": "down", "reference": "1" } });
    let fault = json!({ "status": 503, "headers": { "retry-after": "1" }, "body": body });
    plan(
        &sandbox,
        &json!({ "route": ACCOUNTS, "fault": fault, "count": 2 }),
    )
    .await;
    for _ in 0..2 {
        let answer = sandbox.accounts(&tokens.access).send().await.assert_ok(503);
        assert_eq!(answer.headers["retry-after"], "1");
        assert_eq!(answer.json, body);
    }
    sandbox.accounts(&tokens.access).send().await.assert_ok(200);
    let counts = sandbox.control(Method::GET, "requests").await;
    let count = json!({ "route": ACCOUNTS, "status": 503, "count": 2 });
    assert!(counts.as_array().unwrap().contains(&count), "{counts}");
}

#[tokio::test]
async fn another_answer_may_be_text_or_empty() {
    let sandbox = Sandbox::start().await;
    for (body, text) in [(json!("<html>"), "<html>"), (Value::Null, "")] {
        let fault = json!({ "status": 502, "body": body });
        plan(&sandbox, &json!({ "route": ACCOUNTS, "fault": fault })).await;
        let answer = sandbox.accounts("any").send().await.assert_ok(502);
        assert_eq!(answer.text, text);
    }
}

#[tokio::test]
async fn an_answer_comes_late() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    plan(
        &sandbox,
        &json!({ "route": ACCOUNTS, "fault": { "delayMs": 200 } }),
    )
    .await;
    let begin = Instant::now();
    sandbox.accounts(&tokens.access).send().await.assert_ok(200);
    assert!(begin.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_connection_is_reset_without_an_answer() {
    let sandbox = Sandbox::start().await;
    plan(&sandbox, &json!({ "route": "GET /", "fault": "reset" })).await;
    let error = sandbox.http.get(sandbox.at("/")).send().await.unwrap_err();
    assert!(error.is_request(), "{error:?}");
    let page = sandbox.http.get(sandbox.at("/")).send().await.unwrap();
    assert_eq!(page.status(), 200);
}

#[tokio::test]
async fn an_answer_breaks_off_after_so_many_bytes() {
    let sandbox = Sandbox::start().await;
    plan(
        &sandbox,
        &json!({ "route": "GET /", "fault": { "truncateAfter": 10 } }),
    )
    .await;
    let mut response = sandbox.http.get(sandbox.at("/")).send().await.unwrap();
    assert!(response.content_length().unwrap() > 10);
    assert_eq!(response.chunk().await.unwrap().unwrap().len(), 10);
    assert!(response.chunk().await.is_err());
}

#[tokio::test]
async fn a_token_is_signed_by_another_key_than_it_names() {
    let sandbox = Sandbox::start().await;
    let verifies = |answer: &Answer| {
        let token = answer.json["token"].as_str().unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let signature = Signature::try_from(signature.as_slice()).unwrap();
        VerifyingKey::<Sha512>::new(RsaPublicKey::from(key()))
            .verify(signed.as_bytes(), &signature)
            .is_ok()
    };
    let route = "POST /v1.7/oauth/authorize";
    plan(
        &sandbox,
        &json!({ "route": route, "fault": "wrong-signature" }),
    )
    .await;
    assert!(!verifies(&sandbox.authorize().send().await.assert_ok(201)));
    assert!(verifies(&sandbox.authorize().send().await.assert_ok(201)));
}

#[tokio::test]
async fn faults_can_be_cleared() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let fault = json!({ "route": ACCOUNTS, "fault": "reset", "count": 3 });
    plan(&sandbox, &fault).await;
    let cleared = sandbox.control(Method::DELETE, "faults").await;
    assert_eq!(cleared, json!({ "cleared": 3 }));
    sandbox.accounts(&tokens.access).send().await.assert_ok(200);
}

#[tokio::test]
async fn a_fault_that_is_not_known_is_refused() {
    let sandbox = Sandbox::start().await;
    for fault in [json!("sulk"), json!({ "delay": 1 }), json!({ "status": 1 })] {
        let body = json!({ "route": ACCOUNTS, "fault": fault });
        let request = sandbox
            .http
            .post(sandbox.at("/_sandbox/faults"))
            .header("content-type", "application/json")
            .body(body.to_string());
        Answer::of(request).await.assert_ok(422);
    }
}
