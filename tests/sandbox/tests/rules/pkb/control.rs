//! What a test looks at and turns.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Pkb};

#[tokio::test]
async fn everything_that_was_done_is_counted() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    pkb.exchange("unknown").post().await.assert_ok(400);
    pkb.refresh(&tokens.refresh).post().await.assert_ok(200);
    pkb.call(&tokens.access, "/fhir/Consent/$purview")
        .get()
        .await
        .assert_ok(200);
    pkb.call(&tokens.access, "/json/users/self")
        .get()
        .await
        .assert_ok(200);
    let weight = json!({ "apiRef": "weight", "values": [{ "apiRef": "weight", "value": "80" }] });
    let write = pkb.call(&tokens.access, "/json/v1/measurements");
    write.post_json(&weight).await.assert_ok(200);
    pkb.refresh(&tokens.refresh).post().await.assert_ok(400);
    pkb.call(&tokens.access, "/json/users/self")
        .get()
        .await
        .assert_ok(401);
    pkb.system_token().post().await.assert_ok(200);
    let tally = json!({
        "exchanges": 1, "refreshes": 1, "reuses": 1, "systemTokens": 1, "customerTokens": 0, "purviews": 1, "invitations": 0, "joins": 0, "mails": 0, "calls": 4, "writes": 1, "stored": 0,
    });
    assert_eq!(pkb.tally().await, tally);
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_exact_however_many_come_at_once() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let refreshed = join_all((0..200).map(|_| pkb.refresh(&tokens.refresh).post())).await;
    let succeeded = refreshed.iter().filter(|answer| answer.status == 200);
    assert_eq!(succeeded.count(), 1);
    let calls = (0..200).map(|_| pkb.call(&tokens.access, "/json/users/self").get());
    join_all(calls).await;
    let tally = pkb.tally().await;
    assert_eq!(
        (&tally["refreshes"], &tally["reuses"]),
        (&json!(1), &json!(199))
    );
    assert_eq!(tally["calls"], 200);
}

#[tokio::test]
async fn access_tokens_can_be_expired_and_are_then_refreshed() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    assert_eq!(
        pkb.control("expire-access-tokens").await,
        json!({ "expired": 1 })
    );
    assert_eq!(
        pkb.control("expire-access-tokens").await,
        json!({ "expired": 0 })
    );
    let answer = pkb.call(&tokens.access, "/json/users/self").get().await;
    answer.assert_code(401, "ACC_TOKEN_EXPIRED");
    let fresh = pkb.refresh(&tokens.refresh).post().await.pkb_tokens();
    pkb.call(&fresh.access, "/json/users/self")
        .get()
        .await
        .assert_ok(200);
}

#[tokio::test]
async fn modes_are_shown_and_changed_one_by_one() {
    let pkb = Pkb::start().await;
    let mut modes = json!({
        "expiresInAsString": false,
        "omitScope": false,
        "omitRefreshToken": false,
        "htmlErrors": false,
        "purviewMethod": "GET",
        "invitationExpiry": "valueDatetime",
        "processMessageAnswer": "none",
        "lastDataPointMethod": "POST",
        "lastDataPoint": "documented",
        "clientAuthentication": "none",
        "denial": "redirect",
        "oldAccessToken": "lives",
        "customerAuthentication": "any",
        "customerDefaultOrganisation": false,
        "aggregatedWithoutPatient": "refused",
        "aggregatedPaging": "next",
        "aggregatedPageSize": 20,
        "aggregatedNeedsJoining": true,
        "accessTokenSeconds": 600,
        "sessionSeconds": 7_776_000,
    });
    assert_eq!(pkb.sandbox.control(Method::GET, "pkb/modes").await, modes);
    let changed = pkb
        .set_modes(&json!({ "purviewMethod": "POST" }))
        .await
        .assert_ok(200);
    modes["purviewMethod"] = json!("POST");
    assert_eq!(changed.json, modes);
    assert_eq!(pkb.sandbox.control(Method::GET, "pkb/modes").await, modes);
}

#[tokio::test]
async fn a_mode_that_is_not_known_is_refused_and_changes_nothing() {
    let pkb = Pkb::start().await;
    for modes in [
        json!({ "omitScope": true, "unknown": 1 }),
        json!({ "purviewMethod": "PUT" }),
        json!({ "omitScope": null }),
        json!({ "sessionSeconds": -1 }),
    ] {
        pkb.set_modes(&modes).await.assert_ok(422);
    }
    let modes = pkb.sandbox.control(Method::GET, "pkb/modes").await;
    assert_eq!(modes["omitScope"], false);
}

#[tokio::test]
async fn the_front_page_shows_who_can_log_in_but_no_secrets() {
    let pkb = Pkb::start().await;
    let page = Answer::of(pkb.sandbox.http.get(pkb.sandbox.at("/")))
        .await
        .assert_ok(200);
    for text in [
        "/apiToken.action",
        "morag.specimen@example.com",
        &pkb.announced().client_id,
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    let system = &pkb.announced().system;
    for secret in [&pkb.announced().client_secret, &system.client_secret] {
        assert!(!page.text.contains(secret.as_str()));
    }
}
