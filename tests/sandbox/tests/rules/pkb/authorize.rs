//! How somebody is asked to approve, and what goes back to the application.

use digime_sandbox::PkbSettings;
use serde_json::json;

use crate::support::{Pkb, REDIRECT_URI};

/// The client has registered this one too.
async fn with_redirect_uri(uri: &str) -> Pkb {
    let settings = PkbSettings {
        redirect_uris: vec![uri.to_owned()],
        ..PkbSettings::default()
    };
    Pkb::start_with(settings).await
}

#[tokio::test]
async fn the_page_names_the_client_and_who_can_log_in() {
    let pkb = Pkb::start().await;
    let page = pkb.authorize().get().await.assert_ok(200);
    let known = [
        "Patients Know Best sandbox",
        "nothing here is real",
        &pkb.announced().client_id,
        "bobby.barton@example.com",
        "Approve",
        "Deny",
    ];
    for text in known {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(!page.text.contains(&pkb.announced().client_secret));
}

#[tokio::test]
async fn the_page_keeps_the_request_and_runs_nothing_of_it() {
    let pkb = Pkb::start().await;
    let state = "\"><script>alert(1)</script>";
    let page = pkb.authorize().with("state", state).get().await;
    assert!(!page.text.contains("<script>"), "{}", page.text);
    assert!(page.text.contains("name=\"state\""), "{}", page.text);
}

#[tokio::test]
async fn whoever_approves_goes_back_with_a_code_and_the_state() {
    let pkb = Pkb::start().await;
    let answer = pkb.approve("Bobby").post().await.assert_ok(303);
    assert!(answer.location().as_str().starts_with(REDIRECT_URI));
    assert_eq!(answer.returned("state").unwrap(), "a&b=c d/é?");
    assert!(!answer.returned("code").unwrap().is_empty());
    assert_eq!(answer.returned("error"), None);
}

#[tokio::test]
async fn no_state_comes_back_when_none_was_sent() {
    let pkb = Pkb::start().await;
    let answer = pkb.approve("Bobby").without("state").post().await;
    assert_eq!(answer.returned("state"), None);
}

#[tokio::test]
async fn whoever_denies_goes_back_with_an_error_and_the_state() {
    let pkb = Pkb::start().await;
    let answer = pkb.authorize().with("decision", "deny").post().await;
    assert_eq!(
        answer.assert_ok(303).returned("error").unwrap(),
        "access_denied"
    );
    let answer = pkb.authorize().with("decision", "deny").post().await;
    assert!(answer.returned("error_description").is_some());
    assert_eq!(answer.returned("state").unwrap(), "a&b=c d/é?");
    assert_eq!(answer.returned("code"), None);
}

#[tokio::test]
async fn in_the_mode_page_whoever_denies_never_goes_back() {
    let pkb = Pkb::start().await;
    pkb.set_modes(&json!({ "denial": "page" }))
        .await
        .assert_ok(200);
    let answer = pkb.authorize().with("decision", "deny").post().await;
    let answer = answer.assert_ok(200);
    assert!(answer.text.contains("You denied"), "{}", answer.text);
    assert!(!answer.headers.contains_key("location"));
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again() {
    let pkb = Pkb::start().await;
    for wrong in [
        ("login", "nobody@example.com"),
        ("password", "wrong"),
        ("password", ""),
    ] {
        let answer = pkb.approve("Bobby").with(wrong.0, wrong.1).post().await;
        let answer = answer.assert_ok(403);
        assert!(
            answer.text.contains("nobody with this login"),
            "{}",
            answer.text
        );
        assert!(answer.text.contains("name=\"state\""), "{}", answer.text);
    }
}

#[tokio::test]
async fn only_the_type_of_user_that_was_asked_for_can_approve() {
    let pkb = Pkb::start().await;
    for (name, scope, admitted) in [
        ("Bobby", "PATIENT", true),
        ("Bobby", "CLINICIAN", false),
        ("Clara", "CLINICIAN", true),
        ("Clara", "PATIENT", false),
        ("Clara", "TEAMCOORD", false),
    ] {
        let answer = pkb.approve(name).with("scope", scope).post().await;
        answer.assert_ok(if admitted { 303 } else { 403 });
    }
    for name in ["Bobby", "Clara"] {
        let answer = pkb.approve(name).without("scope").post().await;
        answer.assert_ok(303);
    }
}

#[tokio::test]
async fn a_bad_request_shows_a_page_and_nothing_goes_back() {
    let pkb = Pkb::start().await;
    let wrong = [
        pkb.authorize().with("client_id", "unknown"),
        pkb.authorize().without("client_id"),
        pkb.authorize().with("response_type", "token"),
        pkb.authorize().without("response_type"),
        pkb.authorize().with("scope", "SITE"),
        pkb.authorize().with("scope", "patient"),
        pkb.authorize()
            .with("redirect_uri", "https://evil.example/return"),
        pkb.authorize().and("state", "another"),
        pkb.authorize()
            .with("code_challenge", "short")
            .with("code_challenge_method", "S256"),
        pkb.authorize().with("code_challenge", &"a".repeat(43)),
        pkb.authorize().with("code_challenge_method", "S256"),
    ];
    for request in wrong {
        let answer = request.get().await.assert_ok(400);
        assert!(
            answer.text.contains("cannot be answered"),
            "{}",
            answer.text
        );
        assert!(!answer.headers.contains_key("location"));
    }
    let answer = pkb
        .approve("Bobby")
        .with("client_id", "unknown")
        .post()
        .await;
    answer.assert_ok(400);
    pkb.approve("Bobby")
        .without("decision")
        .post()
        .await
        .assert_ok(400);
}

#[tokio::test]
async fn a_redirect_uri_may_have_more_query_parameters_than_the_registered_one() {
    let pkb = with_redirect_uri("https://app.example/return?kept=1").await;
    for (sent, back) in [
        (
            "https://app.example/return?kept=1",
            "https://app.example/return?kept=1&code=",
        ),
        (
            "https://app.example/return?kept=1&more=2",
            "https://app.example/return?kept=1&more=2&code=",
        ),
        (
            "http://localhost:9/return?attempt=7",
            "http://localhost:9/return?attempt=7&code=",
        ),
    ] {
        let answer = pkb.approve("Bobby").with("redirect_uri", sent).post().await;
        let location = answer.assert_ok(303).location();
        assert!(location.as_str().starts_with(back), "{location}");
    }
}

#[tokio::test]
async fn a_redirect_uri_that_only_resembles_a_registered_one_is_refused() {
    let pkb = with_redirect_uri("https://app.example/return?kept=1").await;
    for sent in [
        "https://app.example/return",
        "https://app.example/return?kept=12",
        "https://app.example/return?kept=2&kept=1",
        "https://app.example:444/return?kept=1",
        "http://app.example/return?kept=1",
        "http://localhost/returned",
        "http://localhost/return/more",
        "http://localhost/other?http://localhost/return?",
        "http://localhost.evil.example/return",
        "http://localhost@evil.example/return",
        "http://localhost/return#fragment",
        "http://localhost/return?a=b#fragment",
    ] {
        let answer = pkb.authorize().with("redirect_uri", sent).get().await;
        assert_eq!(answer.status, 400, "{sent}");
    }
}

#[tokio::test]
async fn an_app_on_a_phone_is_gone_back_to_by_its_own_scheme() {
    let pkb = with_redirect_uri("myapp://cb").await;
    let answer = pkb
        .approve("Bobby")
        .with("redirect_uri", "myapp://cb")
        .post()
        .await;
    let location = answer.assert_ok(303).location();
    assert!(
        location.as_str().starts_with("myapp://cb?code="),
        "{location}"
    );
}

#[tokio::test]
async fn a_redirect_uri_is_needed_when_several_are_registered() {
    let pkb = Pkb::start().await;
    let answer = pkb.authorize().without("redirect_uri").get().await;
    assert!(answer.assert_ok(400).text.contains("no redirect_uri"));
}

#[tokio::test]
async fn the_only_registered_redirect_uri_need_not_be_sent() {
    let only = "https://app.example/only";
    let file = json!({ "redirectUris": [only] });
    let pkb = Pkb::start_from(&file, PkbSettings::default()).await;
    let code = async || {
        let request = pkb.approve("Bobby").without("redirect_uri");
        let answer = request.post().await.assert_ok(303);
        assert!(answer.location().as_str().starts_with(only));
        answer.returned("code").unwrap()
    };
    let exchange = pkb.exchange(&code().await).without("redirect_uri");
    exchange.post().await.assert_ok(200);
    let exchange = pkb.exchange(&code().await).with("redirect_uri", only);
    exchange.post().await.assert_ok(200);
    let exchange = pkb.exchange(&code().await);
    let answer = exchange.post().await;
    answer.assert_token_refused(400, "invalid_grant", "redirect_uri");
}
