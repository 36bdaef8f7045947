//! What tests and demonstrations can look at and turn.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Contract, Sandbox, agent, authorize_claims};

#[tokio::test]
async fn access_tokens_can_be_expired_and_are_then_refreshed() {
    let sandbox = Sandbox::start().await;
    let (first, second) = (sandbox.tokens().await, sandbox.tokens().await);
    let expired = sandbox.control(Method::POST, "expire-access-tokens").await;
    assert_eq!(expired, json!({ "expired": 2 }));
    for tokens in [first, second] {
        let answer = sandbox.accounts(&tokens.access).send().await;
        answer.assert_refused(401, "InvalidToken", "access_token");
        let fresh = sandbox.refresh(&tokens.refresh).send().await.tokens();
        sandbox.accounts(&fresh.access).send().await.assert_ok(200);
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_grant_and_outcome() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    sandbox.refresh(&tokens.refresh).send().await;
    sandbox.refresh(&tokens.refresh).send().await;
    sandbox.refresh(&tokens.refresh).send().await;
    let counts = sandbox.control(Method::GET, "requests").await;
    let route = "POST /v1.7/oauth/token";
    for count in [
        json!({ "route": route, "grant": "authorization_code", "status": 200, "count": 1 }),
        json!({ "route": route, "grant": "refresh_token", "status": 200, "count": 1 }),
        json!({ "route": route, "grant": "refresh_token", "status": 401, "error": "InvalidToken", "count": 2 }),
    ] {
        assert!(
            counts.as_array().unwrap().contains(&count),
            "{count} is not in {counts}"
        );
    }
}

#[tokio::test]
async fn codes_refreshes_and_refresh_tokens_that_are_presented_again_are_counted() {
    let sandbox = Sandbox::start().await;
    let begun = sandbox.control(Method::GET, "tally").await;
    assert_eq!(
        begun,
        json!({ "exchanges": 0, "refreshes": 0, "reuses": 0 })
    );
    let tokens = sandbox.tokens().await;
    sandbox.refresh("unknown").send().await;
    sandbox.refresh(&tokens.refresh).send().await.assert_ok(200);
    let strange = sandbox.refresh(&tokens.refresh).of(Contract::Read);
    strange.send().await;
    sandbox.refresh(&tokens.refresh).send().await;
    sandbox.refresh(&tokens.refresh).send().await;
    let counted = sandbox.control(Method::GET, "tally").await;
    assert_eq!(
        counted,
        json!({ "exchanges": 1, "refreshes": 1, "reuses": 2 })
    );
}

#[tokio::test]
async fn the_front_page_shows_contracts_but_no_keys() {
    let sandbox = Sandbox::start().await;
    let page = Answer::of(sandbox.http.get(sandbox.at("/")))
        .await
        .assert_ok(200);
    for text in ["push-contract", "read-contract", "/v1.7/", "/apps/saas/"] {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(!page.text.contains("PRIVATE KEY"));
}

#[tokio::test]
async fn what_one_person_pushed_is_listed_by_itself() {
    let sandbox = Sandbox::start().await;
    for _ in 0..2 {
        let call = sandbox
            .post("permission-access/import")
            .claims(json!({ "access_token": sandbox.tokens().await.access }))
            .header("content-type", "application/octet-stream")
            .file_descriptor(&json!({ "mimeType": "text/plain", "accounts": [] }))
            .body("a letter");
        call.send().await.assert_ok(200);
    }
    let all = sandbox.control(Method::GET, "pushed").await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let first = &all[0];
    let path = format!("pushed?userId={}", first["userId"].as_str().unwrap());
    assert_eq!(sandbox.control(Method::GET, &path).await, json!([first]));
}

#[tokio::test]
async fn what_was_pushed_is_listed_and_can_be_downloaded() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    let call = sandbox
        .post("permission-access/import")
        .claims(json!({ "access_token": tokens.access }))
        .header("content-type", "application/octet-stream")
        .file_descriptor(&json!({ "mimeType": "text/html", "accounts": [] }))
        .body("<script>alert(1)</script>");
    call.send().await.assert_ok(200);
    let page = Answer::of(sandbox.http.get(sandbox.at("/pushed")))
        .await
        .assert_ok(200);
    let id = sandbox.control(Method::GET, "pushed").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/pushed/{id}/content");
    assert!(page.text.contains(&path));
    let content = Answer::of(sandbox.http.get(sandbox.at(&path)))
        .await
        .assert_ok(200);
    assert_eq!(content.text, "<script>alert(1)</script>");
    assert_eq!(content.headers["content-disposition"], "attachment");
}

#[tokio::test]
async fn what_the_last_call_of_a_route_said_that_it_comes_from_can_be_looked_at() {
    let sandbox = Sandbox::start().await;
    let begun = sandbox.control(Method::GET, "agents").await;
    assert_eq!(begun, json!({}));
    let mut body = agent();
    body["agent"]["consumer"] = json!({ "objectVersions": { "service": {} } });
    let call = sandbox.post("oauth/authorize").claims(authorize_claims());
    let call = call.json(&body).send().await;
    call.assert_ok(201);
    let agents = sandbox.control(Method::GET, "agents").await;
    assert_eq!(agents, json!({ "POST /v1.7/oauth/authorize": body["agent"] }));
}

#[tokio::test]
async fn every_answer_of_the_platform_s_says_of_the_sdk_what_a_test_has_asked_for() {
    let sandbox = Sandbox::start().await;
    let say = async |notice: Value| {
        let told = sandbox.http.put(sandbox.at("/_sandbox/notice"));
        Answer::of(told.json(&notice)).await.status
    };
    let said = async || {
        let answer = sandbox.post("discovery/sources").send().await;
        ["x-digi-sdk-status", "x-digi-sdk-status-message"]
            .map(|name| answer.headers.get(name).cloned())
    };
    assert_eq!(said().await, [None, None]);
    assert_eq!(say(json!({ "status": "old" })).await, 204);
    assert_eq!(said().await, [Some("old".parse().unwrap()), None]);
    assert_eq!(say(json!({ "message": "two\nlines" })).await, 422);
    assert_eq!(say(json!({})).await, 204);
    assert_eq!(said().await, [None, None]);
}
