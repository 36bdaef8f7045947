//! How a refresh token is exchanged, and how long a session lasts.

use digime_sandbox::PkbSettings;
use serde_json::json;

use crate::support::Pkb;

#[tokio::test]
async fn a_refresh_gives_a_new_pair_and_the_old_access_token_lives() {
    let pkb = Pkb::start().await;
    let first = pkb.tokens("Bobby").await;
    let second = pkb
        .refresh(&first.refresh)
        .post()
        .await
        .assert_ok(200)
        .pkb_tokens();
    assert_ne!(first.access, second.access);
    assert_ne!(first.refresh, second.refresh);
    for access in [&first.access, &second.access] {
        pkb.call(access, "/json/users/self")
            .get()
            .await
            .assert_ok(200);
    }
    pkb.refresh(&second.refresh).post().await.assert_ok(200);
}

#[tokio::test]
async fn in_the_mode_dies_a_refresh_ends_the_old_access_token() {
    let pkb = Pkb::start().await;
    pkb.set_modes(&json!({ "oldAccessToken": "dies" }))
        .await
        .assert_ok(200);
    let first = pkb.tokens("Bobby").await;
    let second = pkb.refresh(&first.refresh).post().await.pkb_tokens();
    let answer = pkb.call(&first.access, "/json/users/self").get().await;
    answer.assert_code(401, "ACC_TOKEN_EXPIRED");
    pkb.call(&second.access, "/json/users/self")
        .get()
        .await
        .assert_ok(200);
}

#[tokio::test]
async fn a_second_use_of_a_refresh_token_ends_the_whole_session() {
    let pkb = Pkb::start().await;
    let first = pkb.tokens("Bobby").await;
    let other = pkb.tokens("Bobby").await;
    let second = pkb.refresh(&first.refresh).post().await.pkb_tokens();
    let third = pkb.refresh(&second.refresh).post().await.pkb_tokens();
    let again = pkb.refresh(&first.refresh).post().await;
    again.assert_token_refused(400, "invalid_grant", "used already");
    for access in [&first.access, &second.access, &third.access] {
        let answer = pkb.call(access, "/json/users/self").get().await;
        answer.assert_code(401, "API_SESSION_INVALID");
    }
    let answer = pkb.refresh(&third.refresh).post().await;
    answer.assert_token_refused(400, "invalid_grant", "invalid");
    pkb.call(&other.access, "/json/users/self")
        .get()
        .await
        .assert_ok(200);
}

#[tokio::test]
async fn an_unknown_refresh_token_is_refused() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    for unknown in ["unknown", &tokens.access] {
        let answer = pkb.refresh(unknown).post().await;
        answer.assert_token_refused(400, "invalid_grant", "unknown");
    }
    let answer = pkb.refresh("any").without("refresh_token").post().await;
    answer.assert_token_refused(400, "invalid_request", "refresh_token");
}

#[tokio::test]
async fn no_refresh_token_comes_with_an_access_token_that_would_outlive_the_session() {
    for (session_seconds, comes) in [(600, true), (599, false)] {
        let settings = PkbSettings {
            session_seconds,
            ..PkbSettings::default()
        };
        let pkb = Pkb::start_with(settings).await;
        let code = pkb.code("Bobby").await;
        let answer = pkb.exchange(&code).post().await.assert_ok(200);
        assert_eq!(answer.json.get("refresh_token").is_some(), comes);
    }
}

#[tokio::test]
async fn after_the_session_no_token_is_good() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    assert_eq!(
        pkb.control("expire-sessions").await,
        json!({ "expired": 1 })
    );
    let answer = pkb.call(&tokens.access, "/json/users/self").get().await;
    answer.assert_code(401, "API_SESSION_EXPIRED");
    let answer = pkb.refresh(&tokens.refresh).post().await;
    answer.assert_token_refused(400, "invalid_grant", "over");
    let again = pkb.refresh(&tokens.refresh).post().await;
    again.assert_token_refused(400, "invalid_grant", "used already");
    let answer = pkb.call(&tokens.access, "/json/users/self").get().await;
    answer.assert_code(401, "API_SESSION_EXPIRED");
}
