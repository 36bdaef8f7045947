//! A transport of the application's own, which the binding has carry each request: beside the call's steps, for as long as somebody waits.

use std::io::Write as _;
use std::time::Duration;

use bytes::Bytes;
use digime_sdk::binding::{BrokenOff, Client, Config, Dialect, Reply, RequestBody, Step, Value};
use digime_sdk::transport::Sent;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::library::list_of;
use crate::scripted::TestClock;
use crate::skin::{
    FETCH, JSON, answer, asking, client, failure, going_on, head, header, start, text_at, value,
};

#[tokio::test]
async fn a_request_is_handed_over_signed_and_what_is_answered_is_the_calls() {
    let call = start(
        &client(&TestClock::new()),
        "readAccounts",
        asking(&json!({})),
    );
    let going_on = going_on(&call);
    let exchange = call.exchange().await.unwrap();
    assert_eq!(exchange.path(), FETCH);
    assert_eq!(exchange.method(), "GET");
    assert_eq!(
        exchange.url(),
        "http://platform.invalid/v1.7/permission-access/accounts"
    );
    assert_eq!(exchange.body(), None);
    assert_eq!(exchange.chunk().await, Ok(None));
    assert!(
        header(&exchange, "authorization")
            .unwrap()
            .starts_with("Bearer ey")
    );
    assert_eq!(header(&exchange, "accept-encoding"), Some("gzip"));
    answer(&exchange, 200, &[JSON], r#"[{"id":"an account"}]"#).await;
    let Step::Done(done) = going_on.await.unwrap() else {
        panic!("it failed")
    };
    let Some(Value::Array(accounts)) = done.get("accounts") else {
        panic!("{done:?}")
    };
    assert!(
        matches!(&accounts[..], [Value::Json(account)] if account.text() == r#"{"id":"an account"}"#)
    );
    // Nothing is left that anybody would carry.
    exchange.over().await;
    assert!(call.exchange().await.is_none());
}

#[tokio::test]
async fn requests_go_on_while_a_function_of_the_application_is_at_work() {
    let options = value(json!({
        "sessionKey": "session-1",
        "contractId": "test-contract-id",
        "privateKey": crate::sandbox::CONTRACT_KEY,
        "userAccessToken": {
            "accessToken": { "value": "access-1", "expiry": 4_102_444_800_u64 },
            "refreshToken": { "value": "refresh-1", "expiry": 4_102_444_800_u64 },
        },
    }));
    let Value::Object(mut members) = options else {
        panic!()
    };
    let hook = "onFileError".to_owned();
    members.push((hook.clone(), Value::Function(hook)));
    let call = start(
        &client(&TestClock::new()),
        "readAllFiles",
        Value::Object(members),
    );
    let next = tokio::spawn({
        let call = call.clone();
        async move { call.next(None).await }
    });
    let listing = call.exchange().await.unwrap();
    let list = list_of("completed", &[("a", 1), ("b", 1)]);
    answer(&listing, 200, &[JSON], &list.to_string()).await;
    let files = [
        call.exchange().await.unwrap(),
        call.exchange().await.unwrap(),
    ];
    answer(&files[0], 404, &[], "").await;
    assert!(matches!(next.await.unwrap(), Step::Invoke { .. }));
    // While the function does not answer, the other file is asked for once more.
    files[1].fail(Some("ECONNRESET"), Sent::Maybe);
    let again = call.exchange().await.unwrap();
    assert_eq!(again.url(), files[1].url());
    call.close();
    again.over().await;
}

#[tokio::test]
async fn what_was_decoded_is_not_decoded_again() {
    let call = start(
        &client(&TestClock::new()),
        "readAccounts",
        asking(&json!({})),
    );
    let going_on = going_on(&call);
    let exchange = call.exchange().await.unwrap();
    let headers = [JSON, ("content-encoding", "gzip"), ("content-length", "31")];
    answer(&exchange, 200, &headers, "[]").await;
    assert!(matches!(going_on.await.unwrap(), Step::Done(_)));
}

/// The start of a push of a stream, and its first request.
async fn pushing() -> (
    std::sync::Arc<digime_sdk::binding::Call>,
    digime_sdk::binding::Exchange,
) {
    let descriptor = json!({ "mimeType": "text/plain", "accounts": [{ "accountId": "a" }] });
    let asked = asking(&json!({ "data": { "fileName": "a", "fileDescriptor": descriptor } }));
    let Value::Object(mut members) = asked else {
        panic!()
    };
    let data = members.iter_mut().find(|(name, _)| name == "data");
    let Some((_, Value::Object(data))) = data else {
        panic!()
    };
    data.push((
        "fileData".to_owned(),
        Value::Stream("data.fileData".to_owned()),
    ));
    let call = start(
        &client(&TestClock::new()),
        "pushData",
        Value::Object(members),
    );
    let stepping = tokio::spawn({
        let call = call.clone();
        async move { call.next(None).await }
    });
    let exchange = call.exchange().await.unwrap();
    stepping.abort();
    let _ = stepping.await;
    (call, exchange)
}

#[tokio::test]
async fn a_stream_is_read_as_the_transport_takes_it_and_has_to_be_taken_whole() {
    for whole in [true, false] {
        let (call, exchange) = pushing().await;
        assert_eq!(
            exchange.body(),
            Some(RequestBody {
                length: None,
                may_be_read_ahead: true
            })
        );
        let stepping = tokio::spawn({
            let call = call.clone();
            async move {
                let mut step = call.next(None).await;
                let mut chunks = 0;
                while let Step::Read { .. } = step {
                    chunks += 1;
                    let chunk = Bytes::from(vec![0; 100_000]);
                    let chunk = if chunks <= 3 {
                        Value::Bytes(chunk)
                    } else {
                        Value::Null
                    };
                    step = call.next(Some(Reply::Value(chunk))).await;
                }
                step
            }
        });
        assert!(exchange.chunk().await.unwrap().is_some());
        if whole {
            while exchange.chunk().await.unwrap().is_some() {}
        }
        answer(&exchange, 200, &[JSON], "{}").await;
        match stepping.await.unwrap() {
            Step::Done(_) => assert!(whole),
            step => {
                assert!(!whole, "{step:?}");
                let error = failure(step);
                assert!(text_at(&error, &["message"]).contains("before the whole body was sent"));
                // What would have been sent does not keep the call, however long the exchange is kept.
                assert!(call.exchange().await.is_none());
                assert_eq!(exchange.chunk().await, Err(BrokenOff));
            }
        }
    }
}

#[tokio::test]
async fn a_body_that_was_taken_has_not_been_sent_for_certain() {
    let options = value(json!({
        "contractDetails":
            { "contractId": "test-contract-id", "privateKey": crate::sandbox::CONTRACT_KEY },
        "callback": "https://app.example/back",
        "state": "s",
        "sessionOptions": {},
    }));
    let call = start(&client(&TestClock::new()), "getAuthorizeUrl", options);
    let going_on = going_on(&call);
    let exchange = call.exchange().await.unwrap();
    while exchange.chunk().await.unwrap().is_some() {}
    exchange.fail(Some("ECONNREFUSED"), Sent::Maybe);
    let error = failure(going_on.await.unwrap());
    assert_eq!(text_at(&error, &["fields", "cause"]), "ECONNREFUSED");
    assert_eq!(text_at(&error, &["fields", "sent"]), "maybe");
}

#[tokio::test]
async fn a_body_that_comes_as_it_was_sent_is_decoded_once_and_has_the_length_that_is_told() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(br#"[{"id":"an account"}]"#).unwrap();
    let coded = Bytes::from(gzip.finish().unwrap());
    let length = coded.len().to_string();
    let cut = coded.slice(..coded.len() - 9);
    for (body, length, failed) in [
        (&coded, &length[..], None),
        (&cut, &length[..], Some("ECONNRESET")),
        (&cut, &cut.len().to_string()[..], Some("EPROTO")),
    ] {
        let call = start(
            &client(&TestClock::new()),
            "readAccounts",
            asking(&json!({})),
        );
        let going_on = going_on(&call);
        while let Some(exchange) = call.exchange().await {
            assert_eq!(exchange.idle(), Some(Duration::from_mins(1)));
            let headers = [["content-encoding", "gzip"], ["content-length", length]];
            let head = json!({ "status": 200, "headers": headers, "raw": true });
            exchange.answer(&value(head));
            assert!(exchange.give(Value::Bytes(body.clone())).await);
            exchange.end();
        }
        match (going_on.await.unwrap(), failed) {
            (Step::Done(done), None) => assert!(done.get("accounts").is_some()),
            (step, failed) => {
                let error = failure(step);
                assert_eq!(Some(text_at(&error, &["fields", "cause"])), failed);
            }
        }
    }
}

#[tokio::test]
async fn a_transport_that_says_nothing_is_given_up_when_the_time_is_over() {
    for slow in ["head", "body"] {
        let clock = TestClock::new();
        let options = asking(&json!({ "timeouts": { "call": 5000 } }));
        let call = start(&client(&clock), "readAccounts", options);
        let going_on = going_on(&call);
        let exchange = call.exchange().await.unwrap();
        if slow == "body" {
            exchange.answer(&head(200, &[JSON]));
            exchange.give(Value::Bytes(Bytes::from("["))).await;
        }
        clock.advance(Duration::from_secs(6));
        let error = failure(going_on.await.unwrap());
        assert_eq!(text_at(&error, &["class"]), "TimeoutError");
        assert_eq!(text_at(&error, &["fields", "phase"]), "call");
        exchange.over().await;
        // Whatever it says then, nobody hears it.
        answer(&exchange, 200, &[JSON], "[]").await;
    }
}

#[tokio::test]
async fn a_call_that_is_closed_lets_go_of_its_request() {
    let call = start(
        &client(&TestClock::new()),
        "readAccounts",
        asking(&json!({})),
    );
    let going_on = going_on(&call);
    let exchange = call.exchange().await.unwrap();
    call.close();
    exchange.over().await;
    assert!(matches!(going_on.await.unwrap(), Step::Closed));
    assert!(call.exchange().await.is_none());
}

#[test]
fn what_makes_connections_is_refused_beside_it_and_so_is_what_is_no_function() {
    let function = || Value::Function("fetch".to_owned());
    let pem = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
    let own = json!({ "cert": pem, "key": "k" });
    for (path, member, dialect, name) in [
        (
            "config.ca",
            Some(("ca", json!(pem))),
            Dialect::JavaScript,
            "fetch",
        ),
        (
            "config.clientCertificate",
            Some(("clientCertificate", own)),
            Dialect::JavaScript,
            "fetch",
        ),
        (
            "config.proxy",
            Some(("proxy", json!("http://proxy.invalid"))),
            Dialect::JavaScript,
            "fetch",
        ),
        (
            "config.proxy",
            Some(("proxy", json!(false))),
            Dialect::JavaScript,
            "fetch",
        ),
        ("config.fetch", None, Dialect::JavaScript, "fetch"),
        ("config.transport", None, Dialect::Python, "transport"),
    ] {
        for (platform, mut config) in [
            ("digime", json!({ "applicationId": "a" })),
            (
                "pkb",
                json!({ "clientId": "c", "redirectUri": "https://a/b", "environment": "sandbox" }),
            ),
        ] {
            if let Some((name, odd)) = &member {
                config[name] = odd.clone();
            }
            let Value::Object(mut members) = value(config) else {
                panic!()
            };
            let given = if member.is_some() {
                function()
            } else {
                Value::Integer(5)
            };
            members.push((name.to_owned(), given));
            let opened =
                Config::read(platform, Value::Object(members), dialect).and_then(Client::open);
            let error = opened.unwrap_err().to_value(dialect);
            assert_eq!(text_at(&error, &["class"]), "TypeValidationError");
            assert_eq!(text_at(&error, &["fields", "path"]), path, "{platform}");
        }
    }
}
