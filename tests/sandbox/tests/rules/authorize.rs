//! What `oauth/authorize` and `reference` demand.

use digime_sandbox::Lifetimes;
use serde_json::{Value, json};

use crate::support::{Contract, Sandbox, agent, claims, now_ms};

#[tokio::test]
async fn a_right_request_gets_a_code_and_a_session() {
    let sandbox = Sandbox::start().await;
    let answer = sandbox.authorize().send().await.assert_ok(201);
    assert!(claims(&answer.json["token"])["preauthorization_code"].is_string());
    assert!(answer.json["session"]["key"].is_string());
    assert!(answer.json["session"]["expiry"].as_u64().unwrap() > now_ms());
}

#[tokio::test]
async fn every_claim_must_be_there() {
    let sandbox = Sandbox::start().await;
    for claim in [
        "code_challenge",
        "code_challenge_method",
        "redirect_uri",
        "response_mode",
        "response_type",
        "state",
    ] {
        let answer = sandbox
            .authorize()
            .claims(json!({ claim: null }))
            .send()
            .await;
        answer.assert_refused(400, "InvalidRequest", claim);
    }
}

#[tokio::test]
async fn only_the_code_flow_with_s256_in_the_query_is_offered() {
    let sandbox = Sandbox::start().await;
    for (claim, value) in [
        ("code_challenge_method", "plain"),
        ("response_mode", "fragment"),
        ("response_type", "token"),
    ] {
        let answer = sandbox
            .authorize()
            .claims(json!({ claim: value }))
            .send()
            .await;
        answer.assert_refused(400, "InvalidRequest", claim);
    }
}

#[tokio::test]
async fn a_code_challenge_must_be_a_digest() {
    let sandbox = Sandbox::start().await;
    for challenge in ["", "abc", &"a".repeat(44), &"=".repeat(43)] {
        let answer = sandbox
            .authorize()
            .claims(json!({ "code_challenge": challenge }))
            .send()
            .await;
        answer.assert_refused(400, "InvalidRequest", "code_challenge");
    }
}

#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_is_refused() {
    let sandbox = Sandbox::start().await;
    for uri in [
        "https://evil.example/return",
        "http://localhost:8081/return/",
        "http://localhost:8081/return?more=1",
        "https://localhost:8081/return",
        "http://localhost.evil.example/return",
        "http://user@localhost/return",
        "http://LOCALHOST/return",
        "https://app.example/return",
        "https://app.example:444/return?kept=1",
        "",
    ] {
        let answer = sandbox
            .authorize()
            .claims(json!({ "redirect_uri": uri }))
            .send()
            .await;
        answer.assert_refused(400, "InvalidRedirectUri", "registered are http");
    }
}

#[tokio::test]
async fn the_port_of_a_loopback_redirect_uri_is_not_compared() {
    let sandbox = Sandbox::start().await;
    for uri in [
        "http://127.0.0.1/return",
        "http://127.0.0.1:1/return",
        "http://localhost:65535/return",
        "https://app.example/return?kept=1",
    ] {
        sandbox
            .authorize()
            .claims(json!({ "redirect_uri": uri }))
            .send()
            .await
            .assert_ok(201);
    }
}

#[tokio::test]
async fn a_body_that_names_no_sdk_is_refused() {
    let sandbox = Sandbox::start().await;
    for body in [
        json!({}),
        json!({ "agent": { "sdk": { "name": "nodejs" } } }),
        json!({ "agent": { "sdk": { "name": "", "version": "1" } } }),
        json!({ "agent": { "sdk": { "name": "nodejs", "version": 16 } } }),
    ] {
        let answer = sandbox.authorize().json(&body).send().await;
        answer.assert_refused(400, "SDKInvalid", "agent.sdk");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let sandbox = Sandbox::start().await;
    for body in ["", "[]", "{"] {
        let answer = sandbox.authorize().body(body).send().await;
        answer.assert_refused(400, "ValidationErrors", "JSON object");
    }
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let sandbox = Sandbox::start().await;
    let answer = sandbox
        .authorize()
        .header("content-type", "text/plain")
        .send()
        .await;
    answer.assert_refused(406, "ValidationErrors", "Content-Type");
}

#[tokio::test]
async fn an_access_token_that_is_not_good_is_refused() {
    let sandbox = Sandbox::start().await;
    let answer = sandbox
        .authorize()
        .claims(json!({ "access_token": "unknown" }))
        .send()
        .await;
    answer.assert_refused(401, "InvalidToken", "access_token");

    let lifetimes = Lifetimes {
        access_token_seconds: 0,
        ..Lifetimes::default()
    };
    let sandbox = Sandbox::start_with(lifetimes).await;
    let expired = sandbox.tokens().await.access;
    let answer = sandbox
        .authorize()
        .claims(json!({ "access_token": expired }))
        .send()
        .await;
    answer.assert_refused(401, "InvalidToken", "access_token");
}

#[tokio::test]
async fn an_access_token_links_the_same_user_to_another_contract() {
    let sandbox = Sandbox::start().await;
    let first = sandbox.tokens().await;
    let answer = sandbox
        .authorize()
        .of(Contract::Read)
        .claims(json!({ "access_token": first.access }))
        .send()
        .await;
    let code = claims(&answer.json["token"])["preauthorization_code"].clone();
    let form = [
        ("code", code.as_str().unwrap()),
        ("sourceType", "pull"),
        ("source", "40"),
        ("decision", "accept"),
    ];
    let code = sandbox.decide(&form).await.returned("code").unwrap();
    let second = sandbox
        .exchange(&code)
        .of(Contract::Read)
        .send()
        .await
        .tokens();
    assert_eq!(second.claims["sub"], first.claims["sub"]);
    assert_eq!(second.claims["identifier"], first.claims["identifier"]);
    assert_ne!(second.claims["consentid"], first.claims["consentid"]);
    let accounts = sandbox
        .accounts(&second.access)
        .of(Contract::Read)
        .send()
        .await;
    assert_eq!(accounts.json.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn without_an_access_token_a_new_user_is_made() {
    let sandbox = Sandbox::start().await;
    let (first, second) = (sandbox.tokens().await, sandbox.tokens().await);
    assert_ne!(first.claims["sub"], second.claims["sub"]);
}

#[tokio::test]
async fn a_reference_stands_for_a_storage_or_an_account() {
    let sandbox = Sandbox::start().await;
    for kind in ["cloudId", "accountId"] {
        let body = json!({ "type": kind, "value": "1" });
        let answer = sandbox
            .post("reference")
            .json(&body)
            .send()
            .await
            .assert_ok(201);
        assert!(answer.json["id"].is_string());
    }
    for body in [
        agent(),
        json!({ "type": "cloudId" }),
        json!({ "type": "x", "value": "1" }),
    ] {
        let answer = sandbox.post("reference").json(&body).send().await;
        answer.assert_refused(400, "ValidationErrors", "must be");
    }
}

#[tokio::test]
async fn a_link_may_name_only_a_storage_that_the_contract_referred_to() {
    let sandbox = Sandbox::start().await;
    let refer = async |contract, kind: &str| -> Value {
        let body = json!({ "type": kind, "value": "1" });
        sandbox
            .post("reference")
            .of(contract)
            .json(&body)
            .send()
            .await
            .json
    };
    let code = sandbox.preauthorize(Contract::Push).await;
    for (contract, kind, status) in [
        (Contract::Push, "cloudId", 200),
        (Contract::Push, "accountId", 400),
        (Contract::Read, "cloudId", 400),
    ] {
        let reference = refer(contract, kind).await;
        let query = format!("storageRef={}", reference["id"].as_str().unwrap());
        sandbox.ask(&code, &query).await.assert_ok(status);
    }
}
