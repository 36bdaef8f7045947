//! How calls to Patients Know Best are made to go wrong, before and after they are done.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use serde_json::json;

use crate::support::Pkb;

const TOKEN: &str = "POST /apiToken.action";

#[tokio::test]
async fn an_answer_is_lost_after_the_refresh_was_done() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    pkb.plan_fault(&json!({ "route": TOKEN, "fault": "lose-answer" }))
        .await;
    let error = pkb
        .refresh(&tokens.refresh)
        .form()
        .send()
        .await
        .unwrap_err();
    assert!(error.is_request(), "{error:?}");
    assert_eq!(pkb.tally().await["refreshes"], 1);
    let again = pkb.refresh(&tokens.refresh).post().await;
    again.assert_token_refused(400, "invalid_grant", "used already");
}

#[tokio::test]
async fn a_connection_is_reset_before_the_refresh_is_done() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    pkb.plan_fault(&json!({ "route": TOKEN, "fault": "reset" }))
        .await;
    pkb.refresh(&tokens.refresh)
        .form()
        .send()
        .await
        .unwrap_err();
    assert_eq!(pkb.tally().await["refreshes"], 0);
    pkb.refresh(&tokens.refresh).post().await.assert_ok(200);
}

#[tokio::test]
async fn an_answer_comes_late_after_the_refresh_was_done() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    let plan = |delay_ms: u32| json!({ "route": TOKEN, "fault": { "delayAnswerMs": delay_ms } });
    pkb.plan_fault(&plan(200)).await;
    let begin = Instant::now();
    let late = pkb.refresh(&tokens.refresh).post().await.assert_ok(200);
    assert!(begin.elapsed() >= Duration::from_millis(200));

    pkb.plan_fault(&plan(60_000)).await;
    let never_awaited = pin!(pkb.refresh(&late.pkb_tokens().refresh).post());
    let done = pin!(async {
        while pkb.tally().await["refreshes"] == 1 {
            tokio::task::yield_now().await;
        }
    });
    assert!(matches!(
        select(never_awaited, done).await,
        Either::Right(_)
    ));
}

#[tokio::test]
async fn another_answer_comes_instead_of_a_call() {
    let pkb = Pkb::start().await;
    let tokens = pkb.tokens("Bobby").await;
    for (route, path) in [
        ("GET /fhir/Consent/$purview", "/fhir/Consent/%24purview"),
        ("GET /fhir/Patient/{id}", "/fhir/Patient/any"),
        ("GET /json/users/self", "/json/users/self"),
    ] {
        pkb.plan_fault(&json!({ "route": route, "fault": { "status": 503 } }))
            .await;
        pkb.call(&tokens.access, path).get().await.assert_ok(503);
    }
    assert_eq!(pkb.tally().await["calls"], 0);
}
