//! How a code is exchanged, and what the answer says.

use digime_sandbox::PkbSettings;
use serde_json::json;

use crate::support::{Pkb, VERIFIER, challenge};

#[tokio::test]
async fn an_exchanged_code_gives_what_the_platform_documents() {
    let pkb = Pkb::start().await;
    let code = pkb.code("Bobby").await;
    let answer = pkb.exchange(&code).post().await.assert_ok(200);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.json["token_type"], "Bearer");
    assert_eq!(answer.json["expires_in"], 600);
    assert_eq!(answer.json["scope"], "PATIENT");
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    for token in ["access_token", "refresh_token"] {
        let token = answer.json[token].as_str().unwrap();
        assert!(token.len() == 32 && token.bytes().all(url_safe), "{token}");
    }
}

#[tokio::test]
async fn no_scope_is_told_when_none_was_asked_for() {
    let pkb = Pkb::start().await;
    let answer = pkb.approve("Bobby").without("scope").post().await;
    let code = answer.returned("code").unwrap();
    let answer = pkb.exchange(&code).post().await.assert_ok(200);
    assert_eq!(answer.json.get("scope"), None);
}

#[tokio::test]
async fn a_code_is_good_once() {
    let pkb = Pkb::start().await;
    let code = pkb.code("Bobby").await;
    let tokens = pkb.exchange(&code).post().await.pkb_tokens();
    let again = pkb.exchange(&code).post().await;
    again.assert_token_refused(400, "invalid_grant", "used already");
    let answer = pkb.call(&tokens.access, "/json/users/self").get().await;
    answer.assert_ok(200);
}

#[tokio::test]
async fn an_unknown_or_old_code_is_refused() {
    let settings = PkbSettings {
        code_seconds: 0,
        ..PkbSettings::default()
    };
    let pkb = Pkb::start_with(settings).await;
    for code in [pkb.code("Bobby").await, "unknown".to_owned()] {
        let answer = pkb.exchange(&code).post().await;
        answer.assert_token_refused(400, "invalid_grant", "code");
    }
}

#[tokio::test]
async fn a_code_is_bound_to_its_redirect_uri_to_the_letter() {
    let pkb = Pkb::start().await;
    for (uri, error) in [
        ("http://localhost:8082/return", "invalid_grant"),
        ("http://localhost:8081/return?", "invalid_grant"),
        ("", "invalid_request"),
    ] {
        let code = pkb.code("Bobby").await;
        let answer = pkb.exchange(&code).with("redirect_uri", uri).post().await;
        answer.assert_token_refused(400, error, "redirect_uri");
        // Whoever holds a stolen code gets a single guess.
        let answer = pkb.exchange(&code).post().await;
        answer.assert_token_refused(400, "invalid_grant", "used already");
    }
}

#[tokio::test]
async fn a_challenged_code_needs_its_verifier() {
    let pkb = Pkb::start().await;
    for (verifier, status) in [("", 400), (&*"x".repeat(43), 400), (VERIFIER, 200)] {
        let answer = pkb
            .approve("Bobby")
            .with("code_challenge", &challenge())
            .with("code_challenge_method", "S256")
            .post()
            .await;
        let code = answer.returned("code").unwrap();
        let answer = pkb
            .exchange(&code)
            .with("code_verifier", verifier)
            .post()
            .await;
        if status == 400 {
            answer.assert_token_refused(400, "invalid_grant", "code_verifier");
        } else {
            answer.assert_ok(status);
        }
    }
}

#[tokio::test]
async fn a_malformed_request_is_refused_and_spends_nothing() {
    let pkb = Pkb::start().await;
    let code = pkb.code("Bobby").await;
    for (request, error, description) in [
        (
            pkb.exchange(&code).without("grant_type"),
            "invalid_request",
            "grant_type",
        ),
        (
            pkb.exchange(&code).with("grant_type", "password"),
            "unsupported_grant_type",
            "grant_type",
        ),
        (
            pkb.exchange(&code).without("code"),
            "invalid_request",
            "code",
        ),
        (
            pkb.exchange(&code).without("client_id"),
            "invalid_request",
            "client_id",
        ),
        (
            pkb.exchange(&code).and("code", &code),
            "invalid_request",
            "twice",
        ),
        (
            pkb.exchange(&code)
                .header("content-type", "application/json"),
            "invalid_request",
            "Content-Type",
        ),
    ] {
        request
            .post()
            .await
            .assert_token_refused(400, error, description);
    }
    pkb.exchange(&code).post().await.assert_ok(200);
}

#[tokio::test]
async fn modes_change_what_the_answer_says() {
    let pkb = Pkb::start().await;
    let modes = json!({
        "expiresInAsString": true, "omitScope": true, "omitRefreshToken": true, "accessTokenSeconds": 7,
    });
    pkb.set_modes(&modes).await.assert_ok(200);
    let code = pkb.code("Bobby").await;
    let answer = pkb.exchange(&code).post().await.assert_ok(200);
    let mut members: Vec<_> = answer.json.as_object().unwrap().keys().collect();
    members.sort_unstable();
    assert_eq!(members, ["access_token", "expires_in", "token_type"]);
    assert_eq!(answer.json["expires_in"], "7");
}

#[tokio::test]
async fn errors_can_be_pages() {
    let pkb = Pkb::start().await;
    pkb.set_modes(&json!({ "htmlErrors": true }))
        .await
        .assert_ok(200);
    for answer in [
        pkb.exchange("unknown").post().await.assert_ok(400),
        pkb.call("unknown", "/json/users/self")
            .get()
            .await
            .assert_ok(401),
        pkb.call("unknown", "/fhir/Patient/x")
            .get()
            .await
            .assert_ok(401),
    ] {
        assert!(
            answer.headers["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
        assert!(answer.text.contains("<html"), "{}", answer.text);
    }
    let code = pkb.code("Bobby").await;
    pkb.exchange(&code).post().await.assert_ok(200).pkb_tokens();
}
