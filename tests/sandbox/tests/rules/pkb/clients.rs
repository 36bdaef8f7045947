//! How a client shows at the token endpoint who it is.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::support::Pkb;

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

#[tokio::test]
async fn without_authentication_the_client_id_must_be_known() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let answer = pkb
        .refresh(&tokens.refresh)
        .with("client_id", "unknown")
        .post()
        .await;
    answer.assert_token_refused(401, "invalid_client", "no such client");
    pkb.refresh(&tokens.refresh).post().await.assert_ok(200);
}

#[tokio::test]
async fn in_the_mode_body_the_form_must_have_the_secret() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let secret = &pkb.announced().client_secret;
    pkb.set_modes(&json!({ "clientAuthentication": "body" }))
        .await
        .assert_ok(200);
    let id = &pkb.announced().client_id;
    for request in [
        pkb.refresh(&tokens.refresh),
        pkb.refresh(&tokens.refresh).with("client_secret", "wrong"),
        pkb.refresh(&tokens.refresh)
            .header("authorization", &basic(id, secret)),
    ] {
        request
            .post()
            .await
            .assert_token_refused(401, "invalid_client", "secret");
    }
    let request = pkb.refresh(&tokens.refresh).with("client_secret", secret);
    request.post().await.assert_ok(200);
}

#[tokio::test]
async fn in_the_mode_basic_the_header_must_have_id_and_secret() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    pkb.set_modes(&json!({ "clientAuthentication": "basic" }))
        .await
        .assert_ok(200);
    let (id, secret) = (&pkb.announced().client_id, &pkb.announced().client_secret);
    for request in [
        pkb.refresh(&tokens.refresh),
        pkb.refresh(&tokens.refresh).with("client_secret", secret),
        pkb.refresh(&tokens.refresh)
            .header("authorization", &basic(id, "wrong")),
        pkb.refresh(&tokens.refresh)
            .header("authorization", &basic("unknown", secret)),
        pkb.refresh(&tokens.refresh)
            .header("authorization", "Basic ???"),
        pkb.refresh(&tokens.refresh)
            .with("client_id", "unknown")
            .header("authorization", &basic(id, secret)),
    ] {
        let answer = request.post().await;
        answer.assert_token_refused(401, "invalid_client", "");
        assert!(
            answer.headers["www-authenticate"]
                .to_str()
                .unwrap()
                .starts_with("Basic")
        );
    }
    let request = pkb.refresh(&tokens.refresh).without("client_id");
    let request = request.header("authorization", &basic(id, secret));
    request.post().await.assert_ok(200);
}
