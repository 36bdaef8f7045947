//! How a session is asked for, and how it comes on.

use digime_sandbox::{Lifetimes, Pace};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Contract, Reader, Sandbox, agent, names, now_ms};

#[tokio::test]
async fn a_session_is_told_with_its_end_in_milliseconds() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let answer = reader.trigger(&json!({})).send().await.assert_ok(202);
    let expiry = answer.json["session"]["expiry"].as_u64().unwrap();
    assert!(expiry.abs_diff(now_ms() + 15 * 60 * 1000) < 60_000);
}

#[tokio::test]
async fn a_session_is_pending_then_running_then_completed() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let session = reader.session(&json!({})).await;
    let pending = reader.list(&session).await.assert_ok(200).json;
    assert_eq!(pending, json!({ "status": { "state": "pending" } }));

    let running = reader.list(&session).await.json;
    assert_eq!(running["status"]["state"], "running");
    assert_eq!(names(&running).len(), 2);

    for _ in 0..2 {
        let completed = reader.list(&session).await.json;
        assert_eq!(completed["status"]["state"], "completed");
        assert_eq!(names(&completed).len(), 4);
        assert_eq!(completed["fileList"][0], running["fileList"][0]);
    }
}

#[tokio::test]
async fn every_account_has_its_own_state() {
    let sandbox = Sandbox::start().await;
    let first = Reader::of(&sandbox, "16").await;
    let reader = Reader::linked(&sandbox, "40", Some(&first.tokens.access)).await;
    reader.list(&reader.session).await;
    let running = reader.list(&reader.session).await.json;
    let states = |list: &Value| -> Vec<String> {
        let details = list["status"]["details"].as_object().unwrap();
        let state = |(id, detail): (&String, &Value)| {
            format!("{} {}", &id[..2], detail["state"].as_str().unwrap())
        };
        details.iter().map(state).collect()
    };
    assert_eq!(states(&running), ["19 running", "40 running"]);
    let completed = reader.list(&reader.session).await.json;
    assert_eq!(states(&completed), ["19 completed", "40 completed"]);
}

#[tokio::test]
async fn a_source_that_asks_for_a_log_in_makes_the_session_partial() {
    let sandbox = Sandbox::start().await;
    let first = Reader::of(&sandbox, "16").await;
    let reader = Reader::linked(&sandbox, "32", Some(&first.tokens.access)).await;
    let list = reader.complete(&reader.session).await;
    assert_eq!(list["status"]["state"], "partial");
    let details = list["status"]["details"].as_object().unwrap();
    let failed: Vec<&Value> = details
        .values()
        .filter(|detail| detail["state"] == "partial")
        .collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["error"]["code"], "ServiceAuthorizationError");
    assert_eq!(failed[0]["error"]["statusCode"], 511);
    assert_eq!(failed[0]["error"]["reauth"], true);
    assert_eq!(names(&list).len(), 4);
}

#[tokio::test]
async fn the_pace_of_sessions_can_be_set() {
    let pace = Pace {
        pending_polls: 0,
        running_polls: 3,
    };
    let sandbox = Sandbox::start_paced(Lifetimes::default(), pace).await;
    let reader = Reader::of(&sandbox, "16").await;
    for (state, files) in [
        ("running", 1),
        ("running", 2),
        ("running", 3),
        ("completed", 4),
    ] {
        let list = reader.list(&reader.session).await.json;
        assert_eq!(list["status"]["state"], state);
        assert_eq!(names(&list).len(), files);
    }
}

#[tokio::test]
async fn without_fetching_the_library_is_there_at_once() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let session = reader.session(&json!({ "sourceFetch": false })).await;
    let list = reader.list(&session).await.json;
    assert_eq!(list["status"], json!({ "state": "completed" }));
    assert_eq!(names(&list).len(), 4);
}

#[tokio::test]
async fn a_scope_narrows_a_session_to_its_services() {
    let sandbox = Sandbox::start().await;
    let first = Reader::of(&sandbox, "16").await;
    let reader = Reader::linked(&sandbox, "40", Some(&first.tokens.access)).await;
    let object_types = json!([{ "id": 1 }]);
    let scope = json!({ "serviceGroups": [
        { "id": 4, "serviceTypes": [{ "id": 40, "serviceObjectTypes": object_types }] },
    ] });
    let session = reader.session(&json!({ "scope": scope })).await;
    let list = reader.complete(&session).await;
    assert_eq!(names(&list).len(), 3);
    assert_eq!(list["fileList"][0]["serviceName"], "Stappenteller");
}

#[tokio::test]
async fn a_filter_names_the_accounts_to_fetch_from() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let filter = json!({ "sourceFetchFilter": { "account": { "id": [] } } });
    let list = reader.complete(&reader.session(&filter).await).await;
    assert_eq!(list["status"], json!({ "state": "completed" }));
}

#[tokio::test]
async fn what_a_session_is_asked_for_must_be_well_formed() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    for (options, member) in [
        (
            json!({ "limits": { "duration": { "sourceFetch": "1" } } }),
            "limits.duration.sourceFetch",
        ),
        (
            json!({ "limits": { "duration": { "sourceFetch": -1 } } }),
            "limits.duration.sourceFetch",
        ),
        (json!({ "sourceFetch": "no" }), "sourceFetch"),
        (json!({ "sourceFetchFilter": {} }), "sourceFetchFilter"),
        (
            json!({ "scope": { "timeRanges": [{}] } }),
            "scope.timeRanges[0]",
        ),
        (
            json!({ "scope": { "timeRanges": [{ "last": "x" }] } }),
            "scope.timeRanges[0]",
        ),
        (
            json!({ "scope": { "timeRanges": [{ "from": 2, "to": 1 }] } }),
            "scope.timeRanges[0]",
        ),
        (
            json!({ "scope": { "serviceGroups": [{ "id": 1, "serviceTypes": [] }] } }),
            "scope.serviceGroups[0]",
        ),
        (
            json!({ "scope": { "criteria": [{}] } }),
            "scope.criteria[0]",
        ),
    ] {
        let answer = reader.trigger(&options).send().await;
        answer.assert_refused(400, "ValidationErrors", member);
        let mut body = agent();
        body["actions"] = json!({ "pull": options });
        let answer = sandbox.authorize().json(&body).send().await;
        answer.assert_refused(400, "ValidationErrors", &format!("actions.pull.{member}"));
    }
}

#[tokio::test]
async fn a_session_must_name_the_sdk() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let answer = reader.trigger(&json!({ "agent": {} })).send().await;
    answer.assert_refused(400, "SDKInvalid", "agent.sdk");
}

#[tokio::test]
async fn a_contract_that_pushes_has_no_sessions_to_read() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.tokens().await;
    for (method, path) in [
        (Method::POST, "permission-access/trigger"),
        (Method::GET, "permission-access/query/1"),
        (Method::GET, "permission-access/query/1/a.json"),
    ] {
        let call = sandbox.call(method, path);
        let call = call
            .claims(json!({ "access_token": tokens.access }))
            .json(&agent());
        call.send()
            .await
            .assert_refused(401, "InsufficientScope", "privileges");
    }
}

#[tokio::test]
async fn a_session_is_unknown_to_other_users_and_before_the_consent() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let stranger = Reader::of(&sandbox, "16").await;
    let asked = sandbox.authorize().of(Contract::Read).send().await;
    let unanswered = asked.json["session"]["key"].as_str().unwrap();
    for session in [&stranger.session, unanswered, "unknown"] {
        let answer = reader.list(session).await;
        answer.assert_refused(404, "SessionInvalid", "unknown");
    }
}

#[tokio::test]
async fn a_session_ends() {
    let lifetimes = Lifetimes {
        session_seconds: 0,
        ..Lifetimes::default()
    };
    let sandbox = Sandbox::start_with(lifetimes).await;
    let reader = Reader::of(&sandbox, "16").await;
    let answer = reader.list(&reader.session).await;
    answer.assert_refused(404, "SessionInvalid", "has expired");
}

#[tokio::test]
async fn sessions_can_be_expired() {
    let sandbox = Sandbox::start().await;
    let reader = Reader::of(&sandbox, "16").await;
    let expired = sandbox.control(Method::POST, "expire-sessions").await;
    assert_eq!(expired, json!({ "expired": 1 }));
    let answer = reader.list(&reader.session).await;
    answer.assert_refused(404, "SessionInvalid", "has expired");
    reader.session(&json!({})).await;
}
